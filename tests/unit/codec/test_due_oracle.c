/*
 * Dues, against time.md as the simplest of minds reads it. The oracle walks from day to day (from
 * minute to minute for exact lengths) over a table of days that it makes itself from the rows; of
 * the core it uses the structs and nothing that reckons. Cases are drawn to lie on the edges:
 * pauses that begin and end at midnight, on the last day and around it, month ends, years that
 * nobody has published.
 */
#include "codec/calendar_csv.h"
#include "codec/embedded.h"
#include "core/due.h"
#include "lib/check.h"
#include "lib/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_YEAR = 2012,
    LAST_YEAR = 2050,
    DAY_COUNT = 39 * 366,
    CASE_COUNT = 12500,
    EXACT_COUNT = 4000,
    ACCRUAL_COUNT = 6000,
    LINES_MAX = 4000
};

#define ZONE_MS   ((int64_t)8 * 3600000)
#define MINUTE_MS 60000

/* ---- the oracle's days ---- */

struct day {
    int32_t year;
    int32_t month;
    int32_t day;
    int32_t weekday; /* 0 is Monday */
    bool works;
    bool covered;
};

static struct day days[DAY_COUNT];
static int32_t day_count;
static int32_t first_date; /* that of days[0], as the core numbers dates */

static struct day *at_date(int32_t date)
{
    if (date < first_date || date >= first_date + day_count) {
        (void)fprintf(stderr, "the oracle's days do not reach %d\n", date);
        abort();
    }
    return &days[date - first_date];
}

static int32_t month_days(int32_t year, int32_t month)
{
    if (month == 2) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* From 1 January 2012, a Sunday, 15340 days after 1970-01-01. */
static void walk_the_years(void)
{
    int32_t weekday = 6;

    first_date = 15340;
    day_count = 0;
    for (int32_t year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        for (int32_t month = 1; month <= 12; month++) {
            for (int32_t day = 1; day <= month_days(year, month); day++) {
                days[day_count++] = (struct day){year, month, day, weekday, weekday < 5, false};
                weekday = (weekday + 1) % 7;
            }
        }
    }
}

static const struct calendar_row *row_for(const struct calendar_row *rows, uint32_t count,
                                          const struct day *day, int32_t year)
{
    for (uint32_t i = 0; i < count; i++) {
        if (rows[i].year == year && rows[i].month == day->month && rows[i].day == day->day) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool has_new_year(const struct calendar_row *rows, uint32_t count, int32_t year)
{
    struct day new_year = {.month = 1, .day = 1};

    return row_for(rows, count, &new_year, year) != NULL;
}

static void make_days(const struct calendar_row *own, uint32_t own_count,
                      const struct calendar_row *base, uint32_t base_count)
{
    walk_the_years();
    for (int32_t i = 0; i < day_count; i++) {
        struct day *day = &days[i];

        day->covered = has_new_year(own, own_count, day->year) ||
                       has_new_year(base, base_count, day->year);

        int32_t year = day->covered ? day->year : 0;
        const struct calendar_row *row = row_for(own, own_count, day, year);

        if (row == NULL) {
            row = row_for(base, base_count, day, year);
        }
        if (row != NULL) {
            day->works = row->kind == DAY_WORKDAY;
        }
    }
}

static int32_t later_by_months(int32_t date, int32_t months)
{
    const struct day *from = at_date(date);
    int32_t year = from->year;
    int32_t month = from->month;
    int32_t found = date;

    for (int32_t i = 0; i < months; i++) {
        month++;
        if (month == 13) {
            month = 1;
            year++;
        }
    }

    int32_t day = from->day < month_days(year, month) ? from->day : month_days(year, month);

    while (at_date(found)->year != year || at_date(found)->month != month ||
           at_date(found)->day != day) {
        found++;
    }
    return found;
}

static int64_t midnight(int32_t date)
{
    return (int64_t)date * 86400000 - ZONE_MS;
}

/* ---- the oracle's clock ---- */

struct walk {
    bool acts[PAUSES_MAX]; /* pauses that have an effect */
    bool provisional;
};

static bool runs_at(const struct derivation *derivation, const struct walk *walk, int32_t date)
{
    for (uint32_t i = 0; i < derivation->pause_count; i++) {
        const struct interval *pause = &derivation->pauses[i];
        bool out = derivation->kind == DUE_ACCRUAL
                       ? pause->from_ms < midnight(date + 1) && pause->to_ms > midnight(date) &&
                             pause->from_ms < pause->to_ms
                       : pause->from_ms <= midnight(date) && midnight(date) < pause->to_ms;

        if (walk->acts[i] && out) {
            return false;
        }
    }
    return true;
}

/* Count day by day with the pauses that act, and answer the unrolled last day. An open
 * pause is not among them: it would have none. */
static int32_t walk_to_the_end(const struct derivation *derivation, struct walk *walk)
{
    int32_t date = derivation->kind == DUE_UNTIL ? derivation->date : derivation->day0;
    uint32_t first = derivation->kind == DUE_UNTIL ? 1 : 0;

    walk->provisional = false;
    for (uint32_t part = first; part <= derivation->extension_count; part++) {
        struct length length =
            part == 0 ? derivation->length : derivation->extensions[part - 1];
        int32_t left = length.count;

        if (length.unit == LENGTH_MONTHS || length.unit == LENGTH_YEARS) {
            int32_t months = length.unit == LENGTH_YEARS ? 12 * length.count : length.count;

            left = later_by_months(date, months) - date;
        }
        while (left > 0) {
            date++;
            if (!runs_at(derivation, walk, date)) {
                continue;
            }
            if (length.unit == LENGTH_WORKDAYS) {
                walk->provisional = walk->provisional || !at_date(date)->covered;
                left -= at_date(date)->works;
            } else {
                left--;
            }
        }
    }
    return date;
}

static bool has_days(const struct derivation *derivation)
{
    bool some = derivation->kind != DUE_UNTIL && derivation->length.count > 0;

    for (uint32_t i = 0; i < derivation->extension_count; i++) {
        some = some || derivation->extensions[i].count > 0;
    }
    return some;
}

/* What an open pause leaves: walk as if it were not, and count what comes from its first date. */
static void leave(const struct derivation *derivation, const struct walk *walk, uint32_t open,
                  struct due *due)
{
    struct length last = derivation->extension_count > 0
                             ? derivation->extensions[derivation->extension_count - 1]
                             : derivation->length;
    struct walk without = *walk;
    int32_t start = 1 + (derivation->kind == DUE_UNTIL ? derivation->date : derivation->day0);
    int32_t first = start;
    int32_t left = 0;

    /* The first date that it takes, or that one before it took which lasts until then. */
    while (derivation->kind == DUE_ACCRUAL
               ? midnight(first + 1) <= derivation->pauses[open].from_ms
               : midnight(first) < derivation->pauses[open].from_ms) {
        first++;
    }
    while (first > start && !runs_at(derivation, walk, first - 1)) {
        first--;
    }

    /* From there on nothing pauses any more. */
    struct interval cut[PAUSES_MAX];
    struct derivation bare = *derivation;

    for (uint32_t i = 0; i < derivation->pause_count; i++) {
        cut[i] = derivation->pauses[i];
        if (cut[i].to_ms > midnight(first)) {
            cut[i].to_ms = midnight(first);
        }
    }
    bare.pauses = cut;

    int32_t end = walk_to_the_end(&bare, &without);

    for (int32_t date = first; date <= end; date++) {
        left += last.unit != LENGTH_WORKDAYS || at_date(date)->works;
    }
    due->left.count = left;
    due->left.unit = last.unit == LENGTH_WORKDAYS ? LENGTH_WORKDAYS : LENGTH_DAYS;
}

/* A pause acts if it begins before 00:00 of the last day that the earlier ones leave. */
static bool find_acting(const struct derivation *derivation, struct walk *walk, struct due *due)
{
    for (uint32_t i = 0; i < derivation->pause_count; i++) {
        const struct interval *pause = &derivation->pauses[i];

        if (pause->to_ms <= pause->from_ms || !has_days(derivation)) {
            continue;
        }
        if (pause->from_ms >= midnight(walk_to_the_end(derivation, walk))) {
            continue;
        }
        if (pause->to_ms == INSTANT_NEVER) {
            due->paused = true;
            leave(derivation, walk, i, due);
            return false;
        }
        walk->acts[i] = true;
    }
    return true;
}

static void finish(const struct derivation *derivation, int32_t unrolled, struct due *due)
{
    int32_t date = unrolled;

    due->unrolled = unrolled;
    if (derivation->roll_forward && derivation->kind != DUE_BEFORE) {
        due->provisional = due->provisional || !at_date(date)->covered;
        while (!at_date(date)->works) {
            date++;
            due->provisional = due->provisional || !at_date(date)->covered;
        }
    }
    due->last_day = date > derivation->floor ? date : derivation->floor;
    due->due_ms = midnight(due->last_day + (derivation->kind != DUE_ACCRUAL));
    due->safe_day = unrolled;
    while (!at_date(due->safe_day)->works) {
        due->safe_day--;
    }
}

/* Minute by minute: one that is paused does not count. */
static void walk_minutes(const struct derivation *derivation, struct due *due)
{
    bool acts[PAUSES_MAX] = {false};
    uint32_t tried = 0;

    for (;;) {
        int64_t at = derivation->started_ms;
        int64_t left = 0;
        int64_t opened = INSTANT_NEVER;

        for (uint32_t part = 0; part <= derivation->extension_count; part++) {
            struct length length =
                part == 0 ? derivation->length : derivation->extensions[part - 1];

            left += (int64_t)length.count * (length.unit == LENGTH_HOURS ? 60 : 1);
        }
        while (left > 0) {
            bool runs = true;

            for (uint32_t i = 0; i < derivation->pause_count; i++) {
                const struct interval *pause = &derivation->pauses[i];

                if (acts[i] && pause->from_ms <= at && at < pause->to_ms) {
                    runs = false;
                    opened = pause->to_ms == INSTANT_NEVER ? at : opened;
                }
            }
            if (opened != INSTANT_NEVER) {
                due->paused = true;
                due->left = (struct length){(int32_t)left, LENGTH_MINUTES};
                return;
            }
            left -= runs;
            at += MINUTE_MS;
        }
        while (tried < derivation->pause_count &&
               (derivation->pauses[tried].to_ms <= derivation->pauses[tried].from_ms ||
                derivation->pauses[tried].from_ms >= at || at == derivation->started_ms)) {
            tried++;
        }
        if (tried == derivation->pause_count) {
            due->due_ms = at;
            return;
        }
        acts[tried++] = true;
    }
}

static int32_t walk_back(const struct derivation *derivation, bool *provisional)
{
    int32_t between = 0;
    int32_t date = derivation->date - 1;

    while (between < derivation->length.count) {
        if (derivation->length.unit == LENGTH_WORKDAYS) {
            *provisional = *provisional || !at_date(date)->covered;
            between += at_date(date)->works;
        } else {
            between++;
        }
        date--;
    }
    return date;
}

static struct due oracle_due(const struct derivation *derivation)
{
    struct walk walk = {0};
    struct due due = {.unrolled = DATE_NONE,
                      .last_day = DATE_NONE,
                      .safe_day = DATE_NONE,
                      .due_ms = INSTANT_NEVER,
                      .left = {.unit = LENGTH_DAYS}};

    if (derivation->kind == DUE_BEFORE) {
        finish(derivation, walk_back(derivation, &due.provisional), &due);
        return due;
    }
    if (derivation->kind == DUE_LENGTH && derivation->length.unit <= LENGTH_HOURS) {
        walk_minutes(derivation, &due);
        return due;
    }
    if (find_acting(derivation, &walk, &due)) {
        int32_t unrolled = walk_to_the_end(derivation, &walk);

        due.provisional = walk.provisional;
        finish(derivation, unrolled, &due);
    }
    return due;
}

static struct offset_moment oracle_moment(int32_t anchor, struct length offset, bool inside)
{
    struct offset_moment moment = {.date = anchor};
    int32_t step = offset.count < 0 ? -1 : 1;
    int32_t left = offset.count < 0 ? -offset.count : offset.count;

    while (left > 0) {
        moment.date += step;
        if (offset.unit == LENGTH_WORKDAYS) {
            moment.provisional = moment.provisional || !at_date(moment.date)->covered;
            left -= at_date(moment.date)->works;
        } else {
            left--;
        }
    }
    if (inside) {
        moment.provisional = moment.provisional || !at_date(moment.date)->covered;
        while (!at_date(moment.date)->works) {
            moment.date += offset.count > 0 ? 1 : -1;
            moment.provisional = moment.provisional || !at_date(moment.date)->covered;
        }
    }
    moment.at_ms = midnight(moment.date) + (int64_t)9 * 3600000;
    return moment;
}

/* ---- the cases ---- */

struct play {
    struct rng rng;
    struct office office;
    struct derivation derivation;
    struct interval pauses[PAUSES_MAX];
    struct length extensions[EXTENSIONS_MAX];
};

static int32_t draw(struct play *play, int32_t low, int32_t high)
{
    return (int32_t)rng_between(&play->rng, low, high);
}

static bool chance(struct play *play, int32_t percent)
{
    return draw(play, 1, 100) <= percent;
}

/* Half of the starts lie where something happens: month ends, feasts, the ends of what is covered. */
static int32_t draw_date(struct play *play)
{
    static const int32_t edges[][2] = {{2020, 12}, {2026, 11}, {2026, 12}, {2027, 1},
                                       {2024, 2},  {2026, 1},  {2026, 2},  {2026, 9},
                                       {2021, 1},  {2028, 2}};
    int32_t date = first_date + draw(play, 1000, day_count - 6000);

    if (chance(play, 50)) {
        int32_t edge = draw(play, 0, 9);

        date = first_date;
        while (at_date(date)->year != edges[edge][0] ||
               at_date(date)->month != edges[edge][1]) {
            date++;
        }
        date += chance(play, 40) ? draw(play, 26, 31) : draw(play, 0, 27);
    }
    return date;
}

static struct length draw_length(struct play *play)
{
    static const int32_t most[] = {
        [LENGTH_MINUTES] = 90,  [LENGTH_HOURS] = 40, [LENGTH_DAYS] = 120,
        [LENGTH_WORKDAYS] = 45, [LENGTH_MONTHS] = 7, [LENGTH_YEARS] = 2,
    };
    enum length_unit unit = (enum length_unit)draw(play, LENGTH_DAYS, LENGTH_YEARS);
    int32_t least = chance(play, 97) ? 1 : 0;

    if (chance(play, 50)) {
        unit = chance(play, 50) ? LENGTH_DAYS : LENGTH_WORKDAYS;
    }
    bool few = most[unit] > 8 && chance(play, 40);

    return (struct length){draw(play, least, few ? 8 : most[unit]), unit};
}

static void add_pause(struct play *play, int64_t from, int64_t to)
{
    struct derivation *derivation = &play->derivation;
    uint32_t at = derivation->pause_count++;

    while (at > 0 && play->pauses[at - 1].from_ms > from) {
        play->pauses[at] = play->pauses[at - 1];
        at--;
    }
    play->pauses[at] = (struct interval){from, to};
}

/* At a date: midnight, a minute beside it, or any time of the day. */
static int64_t draw_instant(struct play *play, int32_t date)
{
    static const int32_t minutes[] = {0, 0, 0, 1, -1, 1439};
    int32_t minute = chance(play, 50) ? minutes[draw(play, 0, 5)] : draw(play, 0, 1439);

    return midnight(date) + (int64_t)minute * MINUTE_MS;
}

static void draw_pauses(struct play *play)
{
    struct derivation *derivation = &play->derivation;
    int32_t start = derivation->kind == DUE_UNTIL ? derivation->date : derivation->day0;
    int32_t count = chance(play, 35) ? 0 : draw(play, 1, 4);

    for (int32_t i = 0; i < count; i++) {
        struct due due = oracle_due(derivation);
        int32_t from = start + draw(play, -4, 60);

        if (due.paused) {
            return;
        }
        if (chance(play, 40)) {
            from = due.unrolled + draw(play, -2, 2); /* where it begins to have no effect */
        } else if (chance(play, 20)) {
            from = due.last_day + draw(play, -1, 1);
        }

        int64_t from_ms = draw_instant(play, from);
        int32_t longest =
            chance(play, 5) ? 420 : 25; /* over a whole year that is not covered */
        int64_t to_ms =
            draw_instant(play, from + draw(play, chance(play, 8) ? -3 : 0, longest));

        add_pause(play, from_ms, chance(play, 8) ? INSTANT_NEVER : to_ms);
    }
}

static void draw_days(struct play *play)
{
    struct derivation *derivation = &play->derivation;
    int32_t kind = draw(play, 1, 100);

    *derivation = (struct derivation){
        .kind = kind <= 75   ? DUE_LENGTH
                : kind <= 90 ? DUE_BEFORE
                             : DUE_UNTIL,
        .floor = DATE_NONE,
        .pauses = play->pauses,
        .extensions = play->extensions,
        .length = draw_length(play),
        .roll_forward = chance(play, 50),
    };
    derivation->day0 = draw_date(play);
    derivation->date = derivation->kind == DUE_LENGTH ? DATE_NONE : draw_date(play);
    derivation->started_ms = draw_instant(play, derivation->day0);
    if (derivation->kind == DUE_BEFORE) {
        derivation->length.unit = chance(play, 50) ? LENGTH_DAYS : LENGTH_WORKDAYS;
        return;
    }
    for (int32_t i = chance(play, 50) ? 0 : draw(play, 1, 3); i > 0; i--) {
        play->extensions[derivation->extension_count++] = draw_length(play);
    }
    draw_pauses(play);
    if (chance(play, 10)) {
        struct due due = oracle_due(derivation);

        derivation->floor = (due.paused ? derivation->day0 : due.last_day) + draw(play, -9, 30);
    }
}

static void print_case(const struct play *play, int32_t number)
{
    const struct derivation *derivation = &play->derivation;
    char text[INSTANT_TEXT_SIZE];

    (void)date_print(derivation->day0, text);
    printf("  case %d: kind %d day0 %s", number, (int)derivation->kind, text);
    (void)length_print(derivation->length, text);
    printf(" length %s roll %d", text, derivation->roll_forward);
    for (uint32_t i = 0; i < derivation->extension_count; i++) {
        (void)length_print(derivation->extensions[i], text);
        printf(" +%s", text);
    }
    for (uint32_t i = 0; i < derivation->pause_count; i++) {
        (void)instant_print(derivation->pauses[i].from_ms, ZONE_MS, text);
        printf(" [%s", text);
        (void)instant_print(derivation->pauses[i].to_ms, ZONE_MS, text);
        printf(" %s)", text);
    }
    printf("\n");
}

static bool same_due(const struct due *due, const struct due *expected)
{
    bool same = CHECK(due->paused == expected->paused);

    same = CHECK_INTEGER(due->unrolled, expected->unrolled) && same;
    same = CHECK_INTEGER(due->last_day, expected->last_day) && same;
    same = CHECK_INTEGER(due->safe_day, expected->safe_day) && same;
    same = CHECK_INTEGER(due->due_ms, expected->due_ms) && same;
    if (due->paused) {
        return CHECK_INTEGER(due->left.count, expected->left.count) &&
               CHECK_INTEGER(due->left.unit, expected->left.unit) && same;
    }
    return CHECK(due->provisional == expected->provisional) && same;
}

static bool same_moments(struct play *play, const struct due *due)
{
    bool same = true;

    for (int i = 0; i < 3 && !due->paused; i++) {
        struct offset_rule rule = {.inside = chance(play, 50)};
        bool from_safe;
        struct offset_moment moment;
        struct offset_moment expected;

        rule.offset.count = draw(play, -12, 12);
        rule.offset.unit = chance(play, 50) ? LENGTH_DAYS : LENGTH_WORKDAYS;
        from_safe = chance(play, 50) && rule.offset.count <= 0;
        moment =
            due_moment_from(from_safe ? due->safe_day : due->last_day, &rule, &play->office);
        expected =
            oracle_moment(from_safe ? due->safe_day : due->last_day, rule.offset, rule.inside);
        same = CHECK_INTEGER(moment.at_ms, expected.at_ms) && same;
        same = CHECK_INTEGER(moment.date, expected.date) && same;
        same = CHECK(moment.provisional == expected.provisional) && same;
    }
    return same;
}

/* The explanation tells each date once, in order, and comes to the same last day. */
static bool explains_itself(const struct play *play, const struct due *due)
{
    static struct day_line lines[LINES_MAX];
    uint32_t count = due_explain(&play->derivation, &play->office, lines, LINES_MAX);
    uint32_t last = 0;
    bool good = CHECK(count >= 1 && count < LINES_MAX);

    for (uint32_t i = 0; i < count; i++) {
        good = (i == 0 || CHECK_INTEGER(lines[i].date, lines[i - 1].date + 1)) && good;
        good = CHECK(lines[i].works == at_date(lines[i].date)->works) && good;
        good = CHECK(lines[i].covered == at_date(lines[i].date)->covered) && good;
        if (lines[i].mark == DAY_LAST) {
            good = CHECK_INTEGER(lines[i].date, due->last_day) && good;
            last++;
        }
        if (lines[i].mark == DAY_ROLLED || lines[i].mark == DAY_RESTS) {
            good = CHECK(lines[i].mark == DAY_RESTS || lines[i].date > due->unrolled) && good;
            good = CHECK(!lines[i].works) && good;
        }
    }
    if (due->paused) {
        return CHECK(lines[count - 1].mark == DAY_PAUSED) && CHECK_INTEGER(last, 0) && good;
    }
    return (play->derivation.kind == DUE_BEFORE && play->derivation.floor != DATE_NONE) ||
           (CHECK_INTEGER(last, 1) && good);
}

static void play_days(struct play *play)
{
    int32_t failures = 0;

    for (int32_t i = 0; i < CASE_COUNT && failures < 5; i++) {
        struct due due;
        struct due expected;

        draw_days(play);
        due_derive(&play->derivation, &play->office, &due);
        expected = oracle_due(&play->derivation);
        if (!same_due(&due, &expected) || !same_moments(play, &due) ||
            !explains_itself(play, &due)) {
            print_case(play, i);
            failures++;
        }
    }
}

/* Room for the calendars of a test. */
static struct arena arena;

static const struct calendar *load(struct calendar_file *file)
{
    static struct source source;
    static struct problem_list problems;

    arena_init_growing(&arena, 64 * 1024 * 1024);
    problem_list_init(&problems, &arena);
    source.name = TEXT("cn.csv");
    CHECK(embedded_find(TEXT("calendars/cn.csv"), &source.bytes));
    CHECK(calendar_csv_read(&source, &arena, &problems, file));
    return calendar_csv_build(&source, file, TEXT("cn"), NULL, &arena, &problems);
}

static struct play begun(const struct calendar *calendar, uint64_t seed)
{
    return (struct play){
        .rng = rng_seeded(seed),
        .office = {.calendar = calendar, .zone_ms = ZONE_MS, .moment_ms = OFFICE_MOMENT_MS},
    };
}

static void the_shipped_calendar_agrees_with_a_day_by_day_walk(void)
{
    struct calendar_file file;
    const struct calendar *calendar = load(&file);
    static struct play play;

    make_days(NULL, 0, file.rows, file.row_count);
    play = begun(calendar, 20260302);
    play_days(&play);
    arena_fini(&arena);
}

static void a_region_of_its_own_agrees_too(void)
{
    static struct calendar_row own[200];
    struct calendar_file file;
    const struct calendar *base = load(&file);
    static struct play play;
    struct rng rng = rng_seeded(77);
    uint32_t count = 0;

    own[count++] = (struct calendar_row){.year = 2028, .month = 1, .day = 1};
    own[count++] = (struct calendar_row){.year = 0, .month = 12, .day = 26};
    own[count++] = (struct calendar_row){.year = 0, .month = 2, .day = 29, .kind = DAY_WORKDAY};
    for (int32_t month = 1; month <= 12; month++) {
        for (int32_t i = 0; i < 6; i++) {
            own[count++] = (struct calendar_row){
                .year = (int32_t)rng_between(&rng, 2025, 2029),
                .month = month,
                .day = i * 4 + (int32_t)rng_between(&rng, 2, 4),
                .kind = rng_next(&rng) % 2 == 0 ? DAY_HOLIDAY : DAY_WORKDAY,
            };
        }
    }
    make_days(own, count, file.rows, file.row_count);
    play = begun(calendar_build(&arena, TEXT("gx"), TEXT(""), base, own, count), 3);
    play_days(&play);
    arena_fini(&arena);
}

static void exact_lengths_agree_with_a_minute_by_minute_walk(void)
{
    struct calendar_file file;
    static struct play play;

    play = begun(load(&file), 8);
    for (int32_t i = 0; i < EXACT_COUNT; i++) {
        struct derivation *derivation = &play.derivation;
        struct due due;
        struct due expected;

        *derivation = (struct derivation){
            .kind = DUE_LENGTH,
            .floor = DATE_NONE,
            .pauses = play.pauses,
            .extensions = play.extensions,
            .started_ms = midnight(20500) + (int64_t)draw(&play, 0, 3000) * MINUTE_MS,
            .length = {draw(&play, 0, 30), chance(&play, 50) ? LENGTH_MINUTES : LENGTH_HOURS},
        };
        for (int32_t j = draw(&play, 0, 2); j > 0; j--) {
            play.extensions[derivation->extension_count++] = (struct length){
                draw(&play, 0, 40), chance(&play, 70) ? LENGTH_MINUTES : LENGTH_HOURS};
        }
        for (int32_t j = draw(&play, 0, 4); j > 0; j--) {
            struct due now = oracle_due(derivation);
            int64_t from =
                derivation->started_ms + (int64_t)draw(&play, -200, 2000) * MINUTE_MS;

            if (chance(&play, 40) && !now.paused) {
                from = now.due_ms + (int64_t)draw(&play, -1, 1) * MINUTE_MS;
            }
            add_pause(&play, from,
                      chance(&play, 8) ? INSTANT_NEVER
                                       : from + (int64_t)draw(&play, -60, 900) * MINUTE_MS);
        }
        due_derive(derivation, &play.office, &due);
        expected = oracle_due(derivation);
        if (!same_due(&due, &expected)) {
            print_case(&play, i);
            return;
        }
    }
    arena_fini(&arena);
}

static int32_t walked_accrual(const struct derivation *derivation, int32_t date)
{
    struct walk walk = {0};
    struct due unused = {0};
    int32_t count = 0;

    if (!find_acting(derivation, &walk, &unused)) {
        for (uint32_t i = 0; i < derivation->pause_count; i++) {
            walk.acts[i] = walk.acts[i] || derivation->pauses[i].to_ms == INSTANT_NEVER;
        }
    }
    for (int32_t at = derivation->day0 + 1; at <= date; at++) {
        count += runs_at(derivation, &walk, at);
    }
    return count;
}

static void accruals_agree_with_a_day_by_day_walk(void)
{
    struct calendar_file file;
    static struct play play;
    int32_t failures = 0;

    play = begun(load(&file), 11);
    make_days(NULL, 0, file.rows, file.row_count);
    for (int32_t i = 0; i < ACCRUAL_COUNT && failures < 5; i++) {
        struct derivation *derivation = &play.derivation;
        struct due due;
        struct due expected;

        *derivation = (struct derivation){
            .kind = DUE_ACCRUAL,
            .floor = DATE_NONE,
            .pauses = play.pauses,
            .day0 = draw_date(&play),
            .length = {draw(&play, 1, 40), LENGTH_DAYS},
        };
        draw_pauses(&play);
        due_derive(derivation, &play.office, &due);
        expected = oracle_due(derivation);

        int32_t date = derivation->day0 + draw(&play, 0, 90);
        bool good = same_due(&due, &expected) &&
                    CHECK_INTEGER(accrual_days(derivation, &play.office, date),
                                  walked_accrual(derivation, date)) &&
                    explains_itself(&play, &due);

        if (!good) {
            print_case(&play, i);
            failures++;
        }
    }
    arena_fini(&arena);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(the_shipped_calendar_agrees_with_a_day_by_day_walk),
        TEST(a_region_of_its_own_agrees_too),
        TEST(exact_lengths_agree_with_a_minute_by_minute_walk),
        TEST(accruals_agree_with_a_day_by_day_walk),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
