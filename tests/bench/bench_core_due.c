/*
 * What a due costs: nanoseconds of one due_derive, over lengths and pauses as cases have them.
 * One JSON line a figure: the best and the middle of several rounds.
 */
#include "codec/calendar_csv.h"
#include "codec/embedded.h"
#include "core/due.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 21, TIMES = 200000, STARTS = 1024, PAUSES = 8 };

#define ZONE_MS ((int64_t)8 * 3600000)

struct shape {
    const char *name;
    struct length length;
    struct length extension; /* 0d for none */
    uint32_t pauses;
    bool roll_forward;
};

static const struct shape shapes[] = {
    {"90d", {90, LENGTH_DAYS}, {0, LENGTH_DAYS}, 0, true},
    {"90d_2_pauses", {90, LENGTH_DAYS}, {0, LENGTH_DAYS}, 2, true},
    {"90d_8_pauses_30d", {90, LENGTH_DAYS}, {30, LENGTH_DAYS}, 8, true},
    {"90wd", {90, LENGTH_WORKDAYS}, {0, LENGTH_DAYS}, 0, false},
    {"90wd_2_pauses", {90, LENGTH_WORKDAYS}, {0, LENGTH_DAYS}, 2, false},
    {"90wd_8_pauses_30wd", {90, LENGTH_WORKDAYS}, {30, LENGTH_WORKDAYS}, 8, false},
    {"6mo_2_pauses", {6, LENGTH_MONTHS}, {0, LENGTH_DAYS}, 2, true},
    {"8h_2_pauses", {8, LENGTH_HOURS}, {0, LENGTH_HOURS}, 2, false},
};

static struct interval pauses[STARTS][PAUSES];
static struct derivation derivations[STARTS];

static double now_ns(void)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

/* Starts all over the published years, so that neither caches nor branches know them by heart. */
static void draw(const struct shape *shape)
{
    uint32_t state = 1;

    for (uint32_t i = 0; i < STARTS; i++) {
        state = state * 1664525U + 1013904223U;

        int32_t day0 = date_of(2021, 1, 4) + (int32_t)(state >> 8) % 1700;
        int64_t step = length_is_exact(shape->length) ? 3600000 : 8 * DAY_MS;

        for (uint32_t j = 0; j < shape->pauses; j++) {
            int64_t from = date_midnight(day0, ZONE_MS) + 36000000 + (int64_t)(j + 1) * step;

            pauses[i][j] = (struct interval){from, from + step / 2};
        }
        derivations[i] = (struct derivation){
            .kind = DUE_LENGTH,
            .started_ms = date_midnight(day0, ZONE_MS) + 36000000,
            .day0 = day0,
            .length = shape->length,
            .roll_forward = shape->roll_forward,
            .floor = DATE_NONE,
            .pauses = pauses[i],
            .pause_count = shape->pauses,
            .extensions = &shape->extension,
            .extension_count = shape->extension.count > 0,
        };
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static void run(const struct shape *shape, const struct office *office)
{
    double rounds[ROUNDS];
    int64_t sum = 0;

    draw(shape);
    for (int round = 0; round < ROUNDS; round++) {
        double began = now_ns();

        for (int i = 0; i < TIMES; i++) {
            struct due due;

            due_derive(&derivations[i % STARTS], office, &due);
            sum += due.due_ms;
        }
        rounds[round] = (now_ns() - began) / TIMES;
    }
    qsort(rounds, ROUNDS, sizeof(rounds[0]), compare);
    printf("{\"bench\":\"due_derive\",\"shape\":\"%s\",\"best_ns\":%.1f,\"median_ns\":%.1f,"
           "\"limit_ns\":1000,"
           "\"sum\":%lld}\n",
           shape->name, rounds[0], rounds[ROUNDS / 2], (long long)(sum % 1000));
}

int main(void)
{
    struct source source = {.name = TEXT("cn.csv")};
    struct problem_list problems;
    struct calendar_file file;
    struct arena arena;

    arena_init_growing(&arena, (size_t)16 * 1024 * 1024);
    problem_list_init(&problems, &arena);
    if (!embedded_find(TEXT("calendars/cn.csv"), &source.bytes) ||
        !calendar_csv_read(&source, &arena, &problems, &file)) {
        return 1;
    }

    struct office office = {
        .calendar = calendar_csv_build(&source, &file, TEXT("cn"), NULL, &arena, &problems),
        .zone_ms = ZONE_MS,
        .moment_ms = OFFICE_MOMENT_MS,
    };

    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        run(&shapes[i], &office);
    }
    arena_fini(&arena);
    return 0;
}
