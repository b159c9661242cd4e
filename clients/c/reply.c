/* What has come: each answer goes to whoever waits for it. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

enum { PAUSE_MS_MIN = 5, PAUSE_MS_MAX = 1000 };

/* The answer is here: whoever waits for it may be the one that sleeps on the socket. */
static void park(struct duban *duban, struct unanswered *place)
{
    place->done = true;
    duban->parked++;
}

void forget(struct duban *duban, struct unanswered *place)
{
    duban->parked -= place->done ? 1 : 0;
    free(place->frame.bytes);
    free(place->answer);
    free(place->json);
    *place = (struct unanswered){0};
    duban->count--;
}

/* It is here: to whoever waits for this very one, else to whoever comes. */
static void deliver(struct duban *duban, struct unanswered *place, struct answer *answer)
{
    if (place->awaited) {
        park(duban, place);
        place->answer = answer;
        place->result = answer == NULL ? DUBAN_NO_MEMORY : DUBAN_OK;
        return;
    }
    if (answer != NULL) { /* else it is sent again: better late than lost */
        *duban->ready_end = answer;
        duban->ready_end = &answer->next;
        forget(duban, place);
    }
}

/* Not taken: from this one on all are sent again, after a pause that grows. */
static void wait_a_little(struct duban *duban, uint64_t number)
{
    uint32_t pause_ms = duban->pause_ms * 2;

    if (number < duban->unsent) {
        duban->unsent = number;
    }
    if (steady_ms() >= duban->resume_ms) {
        pause_ms = pause_ms < PAUSE_MS_MIN ? PAUSE_MS_MIN : pause_ms;
        duban->pause_ms = pause_ms > PAUSE_MS_MAX ? PAUSE_MS_MAX : pause_ms;
        duban->resume_ms = steady_ms() + duban->pause_ms;
    }
}

/* All receipts of a batch, or none: they share a place. */
static void take_receipts(struct duban *duban, struct unanswered *place,
                          Duban__V1__Receipt *const *receipts, size_t count)
{
    struct answer *first = NULL;
    struct answer **end = &first;

    for (size_t i = 0; i < count; i++) {
        *end = answer_of(receipts[i], place->number);
        if (*end == NULL) {
            while (first != NULL) {
                struct answer *next = first->next;

                free(first);
                first = next;
            }
            return;
        }
        end = &(*end)->next;
    }
    if (first != NULL) {
        *duban->ready_end = first;
        duban->ready_end = end;
    }
    forget(duban, place);
}

static bool is_busy(const Duban__V1__Receipt *receipt)
{
    return receipt->verdict == DUBAN__V1__RECEIPT__VERDICT__BUSY;
}

/* One part more of an answer's documents, each on a line. */
static void take_part(struct duban *duban, struct unanswered *place,
                      const Duban__V1__Answer *answer)
{
    size_t size = strlen(answer->json);
    char *json = realloc(place->json, place->json_bytes + size + 2);

    if (json == NULL) {
        park(duban, place);
        place->result = DUBAN_NO_MEMORY;
        return;
    }
    memcpy(json + place->json_bytes, answer->json, size);
    json[place->json_bytes + size] = '\n';
    json[place->json_bytes + size + 1] = '\0';
    place->json = json;
    place->json_bytes += size + 1;
    if (!answer->more) {
        park(duban, place);
    }
}

/* The words of an error go with it, for the thread that waits is another. */
static void take_error(struct duban *duban, struct unanswered *place,
                       const Duban__V1__Error *error)
{
    deliver(duban, place, answer_of_error(error, place->number));
    if (place->number != 0 && place->once && place->result == DUBAN_OK) {
        place->result =
            error->code == DUBAN__V1__ERROR__CODE__FORBIDDEN ? DUBAN_FORBIDDEN : DUBAN_REFUSED;
    }
}

void take_reply(struct duban *duban, const Duban__V1__Reply *reply)
{
    struct unanswered *place = &duban->window[reply->number % duban->window_size];
    bool busy =
        (reply->what_case == DUBAN__V1__REPLY__WHAT_RECEIPT && is_busy(reply->receipt)) ||
        (reply->what_case == DUBAN__V1__REPLY__WHAT_RECEIPTS &&
         reply->receipts->n_receipts > 0 && is_busy(reply->receipts->receipts[0])) ||
        (reply->what_case == DUBAN__V1__REPLY__WHAT_ERROR &&
         reply->error->code == DUBAN__V1__ERROR__CODE__BUSY);

    if (reply->number == 0 || place->number != reply->number || place->done) {
        return; /* it was answered already: it had been sent twice */
    }
    if (busy && !place->once) {
        wait_a_little(duban, place->number);
        return;
    }
    duban->pause_ms = 0;
    if (reply->what_case == DUBAN__V1__REPLY__WHAT_RECEIPT) {
        deliver(duban, place, answer_of(reply->receipt, place->number));
    } else if (reply->what_case == DUBAN__V1__REPLY__WHAT_RECEIPTS) {
        take_receipts(duban, place, reply->receipts->receipts, reply->receipts->n_receipts);
    } else if (reply->what_case == DUBAN__V1__REPLY__WHAT_ANSWER) {
        take_part(duban, place, reply->answer);
    } else if (reply->what_case == DUBAN__V1__REPLY__WHAT_ERROR) {
        take_error(duban, place, reply->error);
    }
}
