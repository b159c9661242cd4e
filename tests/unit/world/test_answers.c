#include "engine/answer.h"
#include "engine/filter.h"
#include "lib/check.h"
#include "lib/rng.h"
#include "lib/tale.h"
#include "store/snapshot.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 160, AGENCIES = 3, SEEDS = 400, NAMES_BYTES = 16384 };

static const char *const agencies[AGENCIES] = {"a", "ab", "b"};
static const char *const stages[] = {"work", "late", "done"};

static const char own_agencies[] = "agencies:\n"
                                   "  gulou: {zh: 鼓楼, en: Gulou, calendar: cn}\n"
                                   "  tower: {zh: 钟楼, en: Tower, calendar: cn}\n"
                                   "  a: {zh: 甲, en: A, calendar: cn}\n"
                                   "  ab: {zh: 乙, en: AB, calendar: cn}\n"
                                   "  b: {zh: 丙, en: B, calendar: cn}\n";
static const char own_people[] = "people:\n"
                                 "  wang:\n"
                                 "    certified: true\n"
                                 "    roles:\n"
                                 "      - {role: officer, agency: a}\n"
                                 "      - {role: officer, agency: ab}\n"
                                 "      - {role: officer, agency: b}\n";

/* What is known of a case in the plainest way. */
struct plain {
    char id[16];
    int agency;
    int procedure;
    int stage;
    int64_t opened_ms;
};

static struct plain cases[CASES];

static void install(struct world *world, const char *path, const char *text)
{
    struct install_file file = {.path = text_of(path), .bytes = text_of(text)};
    struct arena arena;
    struct problem_list problems = no_problems(&arena);

    CHECK(world_install(world, &file, 1, &problems));
}

/* The tale again, under another name. */
static const char *fable(void)
{
    static char text[sizeof(procedure_text) + 8];

    (void)snprintf(text, sizeof(text), "procedure: fable%s", strchr(procedure_text, '\n'));
    return text;
}

static void act(struct world *world, const struct plain *plain, const char *type, int step)
{
    char id[32];
    struct receipt receipt;

    (void)snprintf(id, sizeof(id), "%s-%d", plain->id, step);

    struct submission submission = event_of(world, id, type);

    submission.agency = text_of(agencies[plain->agency]);
    submission.case_id = text_of(plain->id);
    submission.procedure = step > 0                ? (struct text){0}
                           : plain->procedure == 0 ? TEXT("tale")
                                                   : TEXT("fable");
    world_send(world, &submission, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
}

/* Cases of two procedures in three agencies, left where chance leaves them, over ten days. */
static struct world peopled(struct rng *rng)
{
    static const char *const steps[] = {"opened", "moved", "ended"};
    struct world world = opened();

    install(&world, "agencies.yaml", own_agencies);
    install(&world, "people.yaml", own_people);
    install(&world, "procedures/fable.yaml", fable());
    for (int i = 0; i < CASES; i++) {
        struct plain *plain = &cases[i];

        *plain = (struct plain){.agency = (int)rng_between(rng, 0, AGENCIES - 1),
                                .procedure = (int)rng_between(rng, 0, 1),
                                .stage = (int)rng_between(rng, 0, 2),
                                .opened_ms = world.now_ms};
        (void)snprintf(plain->id, sizeof(plain->id), "K-%d", i);
        for (int step = 0; step <= plain->stage && step < 3; step++) {
            act(&world, plain, steps[step], step);
        }
        CHECK(world_pass(&world, world.now_ms + (int64_t)90 * 60000, true));
    }
    CHECK(engine_checkpoint(world.engine) == STATUS_OK);
    return world;
}

struct wanted {
    int agency; /* -1: any */
    int procedure;
    int stage;
    int due; /* days from today of `due<=`; INT32_MAX: any */
    bool overdue;
    const char *begins;
};

static void write_filter(const struct wanted *wanted, char out[256])
{
    size_t at = (size_t)snprintf(out, 256, "state%sclosed", wanted->stage == 2 ? "=" : "!=");

    if (wanted->agency >= 0) {
        at += (size_t)snprintf(out + at, 256 - at, " & agency=%s", agencies[wanted->agency]);
    }
    if (wanted->procedure >= 0) {
        at += (size_t)snprintf(out + at, 256 - at, " & procedure=%s",
                               wanted->procedure == 0 ? "tale" : "fable");
    }
    if (wanted->stage >= 0) {
        at += (size_t)snprintf(out + at, 256 - at, " & stage=%s", stages[wanted->stage]);
    }
    if (wanted->due != INT32_MAX) {
        at += (size_t)snprintf(out + at, 256 - at, " & due<=%dd", wanted->due);
    }
    if (wanted->overdue) {
        at += (size_t)snprintf(out + at, 256 - at, " & overdue");
    }
    if (wanted->begins != NULL) {
        (void)snprintf(out + at, 256 - at, " & case=%s*", wanted->begins);
    }
}

static bool is_wanted(const struct wanted *wanted, const struct plain *plain, int64_t now_ms)
{
    int64_t zone_ms = 8 * HOUR_MS;
    int32_t last_day = date_of_instant(plain->opened_ms, zone_ms) + 5;
    int32_t today = date_of_instant(now_ms, zone_ms);
    bool closed = plain->stage == 2;

    return closed == (wanted->stage == 2) &&
           (wanted->agency < 0 || plain->agency == wanted->agency) &&
           (wanted->procedure < 0 || plain->procedure == wanted->procedure) &&
           (wanted->stage < 0 || plain->stage == wanted->stage) &&
           (wanted->due == INT32_MAX || (!closed && last_day <= today + wanted->due)) &&
           (!wanted->overdue || (!closed && last_day < today)) &&
           (wanted->begins == NULL ||
            strncmp(plain->id, wanted->begins, strlen(wanted->begins)) == 0);
}

/* Everything a filter finds, page by page; how many. */
static int find_all(struct world *world, const char *filter, uint32_t limit, bool found[CASES])
{
    static char memory[ANSWER_BYTES_MAX];
    char after[2 * KEY_BYTES_MAX + 1] = "";
    struct snapshots *snapshots;
    struct sources sources = {.law = engine_law(world->engine), .now_ms = world->now_ms};
    int count = 0;
    bool complete = false;

    CHECK(snapshots_open(&snapshots, world->store, 1) == STATUS_OK);
    CHECK(journal_reader_open(&sources.reader, world->journal) == STATUS_OK);
    for (int page = 0; !complete && page <= CASES; page++) {
        struct wire_query query = {
            .filter = text_of(filter), .after = text_of(after), .limit = limit};
        struct answer_place place = {0};
        uint32_t told = 0;
        struct slice slice = {
            .sources = &sources, .query = &query, .place = &place, .more = true};

        while (slice.more) {
            struct json json;
            struct arena arena;

            arena_init_growing(&arena, (size_t)8 << 20);
            json_begin(&json, memory, sizeof(memory));
            slice.arena = &arena;
            slice.json = &json;
            CHECK(snapshot_take(snapshots, &sources.snapshot) == STATUS_OK);
            if (!CHECK(answer_find(&slice) == STATUS_OK)) {
                printf("%s: %s\n", filter, slice.why.en == NULL ? "" : slice.why.en);
                return -1;
            }
            snapshot_give(snapshots, sources.snapshot);

            struct text text = json_end(&json);
            json_t *answer = json_loadb(text.bytes, text.size, 0, NULL);
            const json_t *list = json_object_get(answer, "cases");

            for (size_t i = 0; i < json_array_size(list); i++) {
                const char *id =
                    json_string_value(json_object_get(json_array_get(list, i), "case"));
                long number = strtol(id + 2, NULL, 10);

                CHECK(number >= 0 && number < CASES);

                CHECK(!found[number]); /* none comes twice */
                found[number] = true;
                count++;
            }
            told += (uint32_t)json_array_size(list);
            CHECK(told <= limit);
            complete = json_is_true(json_object_get(answer, "complete"));
            (void)snprintf(after, sizeof(after), "%s",
                           slice.more || complete
                               ? ""
                               : json_string_value(json_object_get(answer, "after")));
            json_decref(answer);
            arena_fini(&arena);
        }
    }
    CHECK(complete);
    journal_reader_close(sources.reader);
    snapshots_close(snapshots);
    return count;
}

static struct wanted draw(struct rng *rng)
{
    static const char *const beginnings[] = {NULL, NULL, NULL, "K-1", "K-15", "K", "L"};

    return (struct wanted){
        .agency = (int)rng_between(rng, -1, AGENCIES - 1),
        .procedure = (int)rng_between(rng, -1, 1),
        .stage = (int)rng_between(rng, -1, 2),
        .due = rng_between(rng, 0, 1) == 0 ? INT32_MAX : (int)rng_between(rng, 0, 8),
        .overdue = rng_between(rng, 0, 4) == 0,
        .begins = beginnings[rng_between(rng, 0, 6)],
    };
}

/* Whatever is asked, by the index or by name, in pages of any size: what a look at every case
 * finds, each once. */
static void found_is_what_a_look_at_every_case_finds(void)
{
    struct rng rng = rng_seeded(20261129);
    struct world world = peopled(&rng);
    int sum = 0;

    for (int i = 0; i < SEEDS; i++) {
        struct wanted wanted = draw(&rng);
        bool found[CASES] = {false};
        char filter[256];

        write_filter(&wanted, filter);
        sum += find_all(&world, filter, (uint32_t)rng_between(&rng, 1, 60), found);
        for (int j = 0; j < CASES; j++) {
            if (!CHECK(found[j] == is_wanted(&wanted, &cases[j], world.now_ms))) {
                printf("%s: %s\n", filter, cases[j].id);
            }
        }
    }
    CHECK(sum > SEEDS); /* they did find something */
    world_close(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(found_is_what_a_look_at_every_case_finds),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
