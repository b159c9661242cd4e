/*
 * A whole program over libduban: it opens a case, moves it on with two events under way at
 * once, is refused, and asks the daemon how it is.
 *
 *   cc example.c -o example $(pkg-config --cflags --libs duban)
 *   ./example RUN-FOLDER AGENCY CASE
 */
#include <duban.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t now_ms(void)
{
    return (int64_t)time(NULL) * 1000;
}

static void print(const struct duban_receipt *receipt)
{
    static const char *const verdicts[] = {"wrong", "applied", "duplicate", "waiting",
                                           "rejected"};

    printf("%s: %s, stage %s\n", receipt->id, verdicts[receipt->verdict], receipt->stage);
    for (size_t i = 0; i < receipt->reason_count; i++) {
        printf("  because %s: %s %s\n", receipt->reasons[i].code, receipt->reasons[i].en,
               receipt->reasons[i].law);
    }
}

/* One after another: send, and wait for the receipt. */
static int open_case(struct duban *duban, struct duban_event event)
{
    struct duban_receipt *receipt;

    event.id = "example-1";
    event.type = "case.filed";
    event.procedure = "minor";
    event.unit = "squad1";
    if (duban_send(duban, &event, 10000, &receipt) != DUBAN_OK) {
        (void)fprintf(stderr, "no receipt: %s\n", duban_error(0));
        return 1;
    }
    print(receipt);
    duban_receipt_free(receipt);
    return 0;
}

/* Many under way: publish, and take receipts when the descriptor says so. */
static int go_on(struct duban *duban, struct duban_event event)
{
    static const struct duban_fact facts[] = {{"minor", "true"}, {"give", "10d"}};
    static const struct duban_document order = {.kind = "责令改正通知书"};
    uint64_t ticket;

    event.id = "example-2"; /* refused: nobody came along, and no document either */
    event.type = "order.served";
    event.facts = facts;
    event.fact_count = 2;
    (void)duban_publish(duban, &event, &ticket);
    event.id = "example-3";
    event.with = (const char *const[]){"zhao"};
    event.with_count = 1;
    event.documents = &order;
    event.document_count = 1;
    (void)duban_publish(duban, &event, &ticket);
    while (duban_unanswered(duban) > 0) {
        struct pollfd item = {.fd = duban_fd(duban), .events = POLLIN};
        struct duban_receipt *receipt;

        if (poll(&item, 1, 10000) == 0) {
            (void)fputs("nothing comes\n", stderr);
            return 1;
        }
        while (duban_next(duban, 0, &receipt) == DUBAN_OK) {
            print(receipt);
            duban_receipt_free(receipt);
        }
    }
    return 0;
}

static int ask(const char *endpoint)
{
    static const struct duban_question status = {.what = DUBAN_ASK_STATUS};
    struct duban *duban;
    char *json;
    enum duban_result result = duban_open(&duban, endpoint, NULL);

    if (result == DUBAN_OK) {
        result = duban_ask(duban, &status, 10000, &json);
    }
    if (result == DUBAN_OK) {
        (void)fputs(json, stdout);
        free(json);
    } else {
        (void)fprintf(stderr, "no answer: %s\n", duban_error(0));
    }
    duban_close(duban);
    return result == DUBAN_OK ? 0 : 1;
}

/* What has happened since the beginning, three records of it; a follower would go on. */
static int follow(const char *endpoint)
{
    static const struct duban_wish wish = {.from_seq = 1};
    struct duban *duban;
    enum duban_result result = duban_open(&duban, endpoint, NULL);

    if (result == DUBAN_OK) {
        result = duban_follow(duban, &wish);
    }
    for (int i = 0; i < 3 && result == DUBAN_OK; i++) {
        struct duban_record *record;

        result = duban_next_record(duban, 10000, &record);
        if (result == DUBAN_OK) {
            printf("record %llu: %.60s\n", (unsigned long long)record->seq, record->json);
        }
        duban_record_free(record);
    }
    if (result != DUBAN_OK) {
        (void)fprintf(stderr, "no record: %s\n", duban_error(0));
    }
    duban_close(duban);
    return result == DUBAN_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    char events[256];
    char control[256];
    struct duban *duban;

    if (argc != 4) {
        (void)fputs("example RUN-FOLDER AGENCY CASE\n", stderr);
        return 2;
    }
    (void)snprintf(events, sizeof(events), "ipc://%s/events.sock", argv[1]);
    (void)snprintf(control, sizeof(control), "ipc://%s/control.sock", argv[1]);
    if (duban_open(&duban, events, NULL) != DUBAN_OK) {
        (void)fprintf(stderr, "%s\n", duban_error(0));
        return 1;
    }

    struct duban_event event = {.source = "example",
                                .agency = argv[2],
                                .case_id = argv[3],
                                .occurred_at_ms = now_ms(),
                                .person = "wang",
                                .role = "officer"};
    int failed = open_case(duban, event);

    if (failed == 0) {
        failed = go_on(duban, event);
    }
    duban_close(duban);
    if (failed == 0) {
        failed = ask(control);
    }
    return failed != 0 ? failed : follow(control);
}
