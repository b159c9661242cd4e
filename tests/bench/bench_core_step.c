/*
 * What a step costs: nanoseconds (of the processor, as the machine may be busy) of one case_step and one case_fire, over the shipped example, and
 * the bytes that the heap grew by meanwhile, which must be none. One JSON line a figure.
 */
#include "codec/calendar_csv.h"
#include "codec/embedded.h"
#include "codec/procedure_yaml.h"
#include "core/step.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 15, TIMES = 20000, FILE_BYTES = 1 << 20 };

#define ZONE_MS   ((int64_t)8 * 3600000)
#define ARENA_MIB ((size_t)64 << 20)

static struct arena law;
static struct agency agency = {.id = TEXT_INIT("gulou"), .parent = NO_AGENCY};
static const struct person people[] = {
    {.id = TEXT_INIT("wang"),
     .certified = true,
     .certified_from = DATE_NONE,
     .certified_to = DATE_NONE},
    {.id = TEXT_INIT("zhao"),
     .certified = true,
     .certified_from = DATE_NONE,
     .certified_to = DATE_NONE},
};
static const struct holding holdings[] = {
    {.person = 0, .role = TEXT_INIT("officer"), .from = DATE_NONE, .to = DATE_NONE},
    {.person = 1, .role = TEXT_INIT("officer"), .from = DATE_NONE, .to = DATE_NONE},
};
static const struct installed installed = {
    .agencies = &agency,
    .agency_count = 1,
    .people = people,
    .person_count = 2,
    .holdings = holdings,
    .holding_count = 2,
};

static double now_ns(void)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static void stop(const char *why)
{
    (void)fprintf(stderr, "bench_core_step: %s\n", why);
    exit(1);
}

static const struct calendar *load_calendar(struct problem_list *problems)
{
    struct source source = {.name = TEXT("cn.csv")};
    struct calendar_file file;

    if (!embedded_find(TEXT("calendars/cn.csv"), &source.bytes) ||
        !calendar_csv_read(&source, &law, problems, &file)) {
        stop("no calendar");
    }
    return calendar_csv_build(&source, &file, TEXT("cn"), NULL, &law, problems);
}

static const struct procedure *load_procedure(const char *path, struct problem_list *problems)
{
    static char bytes[FILE_BYTES];
    static struct source source;
    struct library library = {0};
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        stop("run it where config/procedures/minor.yaml is, or name the file");
    }
    source =
        (struct source){.name = text_of(path),
                        .bytes = {.bytes = bytes, .size = fread(bytes, 1, FILE_BYTES, file)}};
    (void)fclose(file);
    return procedure_load(&source, &library, &law, problems);
}

static int64_t at(const char *words)
{
    int64_t at_ms = 0;

    if (!instant_parse(text_of(words), ZONE_MS, &at_ms)) {
        stop(words);
    }
    return at_ms;
}

static void apply(struct step *step, const struct event *event, struct arena *arena,
                  struct outcome *outcome)
{
    step->now_ms = event->occurred_ms;
    if (!case_step(step, event, arena, outcome) || outcome->verdict != VERDICT_APPLIED) {
        stop(outcome->reason_count > 0 ? outcome->reasons[0].code.bytes : "not applied");
    }
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a;
    double other = *(const double *)b;

    return (one > other) - (one < other);
}

/* The same step again and again; `event` NULL fires the case's next moment instead. */
static void measure(const char *name, const struct step *step, const struct event *event,
                    struct arena *arena)
{
    double rounds[ROUNDS];
    uint8_t *mark = arena_mark(arena);
    size_t heap = mallinfo2().uordblks;

    for (int round = 0; round < ROUNDS; round++) {
        double began = now_ns();

        for (int i = 0; i < TIMES; i++) {
            struct outcome outcome;
            bool done = event != NULL ? case_step(step, event, arena, &outcome)
                                      : case_fire(step, arena, &outcome);

            if (!done || outcome.verdict != VERDICT_APPLIED) {
                stop(name);
            }
            arena_rewind(arena, mark);
        }
        rounds[round] = (now_ns() - began) / TIMES;
    }
    heap = mallinfo2().uordblks - heap;
    qsort(rounds, ROUNDS, sizeof(double), by_size);
    (void)printf("{\"bench\":\"step\",\"name\":\"%s\",\"median_ns\":%.0f,\"best_ns\":%.0f,"
                 "\"goal_ns\":1000,\"limit_ns\":2000,\"heap_bytes\":%zu,\"limit_bytes\":0}\n",
                 name, rounds[ROUNDS / 2], rounds[0], heap);
}

int main(int argc, char **argv)
{
    static const struct text with[] = {TEXT_INIT("zhao")};
    static const struct text documents[] = {TEXT_INIT("责令改正通知书")};
    static const struct carried facts[] = {
        {.name = TEXT_INIT("minor"), .value = TEXT_INIT("true")},
        {.name = TEXT_INIT("give"), .value = TEXT_INIT("10d")},
    };
    struct event filed = {.type = TEXT("case.filed"),
                          .occurred_ms = at("2026-03-02T09:30"),
                          .person = TEXT("wang"),
                          .role = TEXT("officer")};
    struct event served = {.type = TEXT("order.served"),
                           .occurred_ms = at("2026-03-02T10:00"),
                           .person = TEXT("wang"),
                           .role = TEXT("officer"),
                           .with = with,
                           .with_count = 1,
                           .facts = facts,
                           .fact_count = 2,
                           .documents = documents,
                           .document_count = 1};
    struct problem_list problems;
    struct arena arena;
    void *memory = malloc(ARENA_MIB);
    static const struct case_state blank = {.phase = CASE_NEW, .id = TEXT_INIT("K-1")};
    struct outcome opened;
    struct outcome ordered;

    arena_init_growing(&law, PROCEDURE_BYTES_MAX);
    problem_list_init(&problems, &law);
    agency.office = (struct office){.calendar = load_calendar(&problems),
                                    .zone_ms = ZONE_MS,
                                    .moment_ms = OFFICE_MOMENT_MS};

    struct step step = {
        .procedure =
            load_procedure(argc > 1 ? argv[1] : "config/procedures/minor.yaml", &problems),
        .installed = &installed,
        .agency = &agency,
        .before = &blank,
    };

    if (step.procedure == NULL || memory == NULL) {
        stop(problems.first == NULL ? "no memory" : problems.first->message->en);
    }
    arena_init_over(&arena, memory, ARENA_MIB);
    apply(&step, &filed, &arena, &opened);
    step.before = &opened.after;
    apply(&step, &served, &arena, &ordered);
    measure("typical_event", &step, &served, &arena);
    step.before = &ordered.after;
    step.now_ms = ordered.after.next_ms;
    measure("moment", &step, NULL, &arena);
    free(memory);
    arena_fini(&law);
    return 0;
}
