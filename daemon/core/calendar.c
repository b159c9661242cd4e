#include "core/calendar.h"

#include "base/must.h"

#include <string.h>

/* The tables reach from 1970-01-01, which is date 0, to the end of 2199. */
enum {
    TABLE_YEARS = YEAR_LAST - YEAR_FIRST + 1,
    TABLE_DAYS = 84006,
    WORD_DAYS = 64,
    WORD_COUNT = TABLE_DAYS / WORD_DAYS + 1
};

_Static_assert(YEAR_FIRST == 1970, "date 0 is the first bit of the table");

struct calendar {
    struct text name;
    struct text version;
    struct calendar_row *rows; /* ordered by year, month, day; one for a date */
    uint32_t row_count;
    bool covered[TABLE_YEARS];
    int32_t new_years[TABLE_YEARS + 1];  /* each year's first date, and the first after */
    int32_t uncovered_from[TABLE_YEARS]; /* the first date from a year on that is not */
    uint64_t works[WORD_COUNT];          /* one bit a date */
    int32_t before[WORD_COUNT + 1];      /* working days before the word's first date */
};

static int compare_rows(const struct calendar_row *a, const struct calendar_row *b)
{
    int32_t key_a = (a->year * 12 + a->month) * 31 + a->day;
    int32_t key_b = (b->year * 12 + b->month) * 31 + b->day;

    return (key_a > key_b) - (key_a < key_b);
}

/* Files come nearly in order, and then this is one pass. */
static void sort_rows(struct calendar_row *rows, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct calendar_row row = rows[i];
        uint32_t at = i;

        while (at > 0 && compare_rows(&row, &rows[at - 1]) < 0) {
            rows[at] = rows[at - 1];
            at--;
        }
        rows[at] = row;
    }
}

static bool copy_text(struct arena *arena, struct text *text)
{
    if (text->size > 0) {
        text->bytes = arena_copy(arena, text->bytes, text->size);
    }
    return text->size == 0 || text->bytes != NULL;
}

/* Own rows first: where both have one for a date, the extended calendar's is left out. */
static bool merge_rows(struct calendar *calendar, struct arena *arena,
                       const struct calendar *extends, const struct calendar_row *own,
                       uint32_t own_count)
{
    uint32_t base_count = extends == NULL ? 0 : extends->row_count;
    struct calendar_row *rows =
        arena_take_zeroed(arena, (size_t)own_count + base_count + 1, sizeof(*rows));
    struct calendar_row *sorted =
        arena_take_zeroed(arena, (size_t)own_count + 1, sizeof(*rows));

    if (rows == NULL || sorted == NULL) {
        return false;
    }
    if (own_count > 0) {
        memcpy(sorted, own, own_count * sizeof(*own));
    }
    sort_rows(sorted, own_count);

    uint32_t i = 0;
    uint32_t j = 0;
    uint32_t count = 0;

    while (i < own_count || j < base_count) {
        int order = i == own_count    ? 1
                    : j == base_count ? -1
                                      : compare_rows(&sorted[i], &extends->rows[j]);

        rows[count] = order <= 0 ? sorted[i] : extends->rows[j];
        if (!copy_text(arena, &rows[count].name)) {
            return false;
        }
        i += order <= 0;
        j += order >= 0;
        count++;
    }
    calendar->rows = rows;
    calendar->row_count = count;
    return true;
}

static const struct calendar_row *find_row(const struct calendar *calendar, int32_t year,
                                           int32_t month, int32_t day)
{
    struct calendar_row wanted = {.year = year, .month = month, .day = day};
    uint32_t low = 0;
    uint32_t high = calendar->row_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare_rows(&calendar->rows[middle], &wanted);

        if (order == 0) {
            return &calendar->rows[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static void note_covered(struct calendar *calendar)
{
    int32_t uncovered_from = TABLE_DAYS;

    calendar->new_years[TABLE_YEARS] = TABLE_DAYS;
    for (int32_t year = TABLE_YEARS - 1; year >= 0; year--) {
        calendar->new_years[year] = date_of(YEAR_FIRST + year, 1, 1);
        calendar->covered[year] = find_row(calendar, YEAR_FIRST + year, 1, 1) != NULL;
        if (!calendar->covered[year]) {
            uncovered_from = calendar->new_years[year];
        }
        calendar->uncovered_from[year] = uncovered_from;
    }
}

static void set_day(struct calendar *calendar, int32_t date, bool works)
{
    uint64_t bit = (uint64_t)1 << (date % WORD_DAYS);
    uint64_t *word = &calendar->works[date / WORD_DAYS];

    *word = works ? *word | bit : *word & ~bit;
}

static void apply_row(struct calendar *calendar, const struct calendar_row *row)
{
    bool works = row->kind == DAY_WORKDAY;

    if (row->year != 0) {
        MUST(date_exists(row->year, row->month, row->day));
        if (calendar->covered[row->year - YEAR_FIRST]) {
            set_day(calendar, date_of(row->year, row->month, row->day), works);
        }
        return;
    }
    MUST(date_exists(2000, row->month, row->day));
    for (int32_t i = 0; i < TABLE_YEARS; i++) {
        if (!calendar->covered[i] && date_exists(YEAR_FIRST + i, row->month, row->day)) {
            set_day(calendar, date_of(YEAR_FIRST + i, row->month, row->day), works);
        }
    }
}

/* How many bits are set; by arithmetic, since the compiler's own would call a library. */
static int32_t count_bits(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555U;
    x = (x & 0x3333333333333333U) + (x >> 2 & 0x3333333333333333U);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fU;
    return (int32_t)(x * 0x0101010101010101U >> 56);
}

static void fill_tables(struct calendar *calendar)
{
    MUST(date_of(YEAR_LAST, 12, 31) == TABLE_DAYS - 1);
    note_covered(calendar);
    for (int32_t date = 0; date < TABLE_DAYS; date++) {
        set_day(calendar, date, date_weekday(date) < 5);
    }
    for (uint32_t i = 0; i < calendar->row_count; i++) {
        apply_row(calendar, &calendar->rows[i]);
    }
    for (int32_t i = 0; i < WORD_COUNT; i++) {
        calendar->before[i + 1] = calendar->before[i] + count_bits(calendar->works[i]);
    }
}

const struct calendar *calendar_build(struct arena *arena, struct text name,
                                      struct text version, const struct calendar *extends,
                                      const struct calendar_row *rows, uint32_t row_count)
{
    struct calendar *calendar = arena_take_zeroed(arena, 1, sizeof(*calendar));

    if (calendar == NULL) {
        return NULL;
    }
    calendar->name = name;
    calendar->version = version;
    if (!copy_text(arena, &calendar->name) || !copy_text(arena, &calendar->version) ||
        !merge_rows(calendar, arena, extends, rows, row_count)) {
        return NULL;
    }
    fill_tables(calendar);
    return calendar;
}

struct text calendar_name(const struct calendar *calendar)
{
    return calendar->name;
}

struct text calendar_version(const struct calendar *calendar)
{
    return calendar->version;
}

const struct calendar_row *calendar_rows(const struct calendar *calendar, uint32_t *count)
{
    *count = calendar->row_count;
    return calendar->rows;
}

static bool in_table(int32_t date)
{
    return date >= 0 && date < TABLE_DAYS;
}

/* Weekdays (Monday to Friday) from Monday 1969-12-29 up to but without a date. */
static int64_t weekdays_before(int64_t date)
{
    int64_t days = date + 3;
    int64_t weeks = divide_down(days, 7);
    int64_t of_week = days - weeks * 7;

    return weeks * 5 + (of_week < 5 ? of_week : 5);
}

/* The weekday that has `n` weekdays before it: the inverse. */
static int64_t weekday_at(int64_t n)
{
    int64_t weeks = divide_down(n, 5);

    return weeks * 7 + (n - weeks * 5) - 3;
}

/* Working days from date 0 up to but without `date`; negative before date 0. */
static int64_t rank_of(const struct calendar *calendar, int64_t date)
{
    if (date < 0) {
        return weekdays_before(date) - weekdays_before(0);
    }
    if (date >= TABLE_DAYS) {
        return calendar->before[WORD_COUNT] + weekdays_before(date) -
               weekdays_before(TABLE_DAYS);
    }

    uint64_t earlier = ((uint64_t)1 << (date % WORD_DAYS)) - 1;

    return calendar->before[date / WORD_DAYS] +
           count_bits(calendar->works[date / WORD_DAYS] & earlier);
}

/* The place of the bit in the word that has `rank` set bits below it. */
static int32_t find_in_word(uint64_t word, int32_t rank)
{
    int32_t place = 0;

    for (int32_t half = WORD_DAYS / 2; half >= 8; half /= 2) {
        int32_t low = count_bits(word & (((uint64_t)1 << half) - 1));

        if (low <= rank) {
            rank -= low;
            word >>= half;
            place += half;
        } else {
            word &= ((uint64_t)1 << half) - 1;
        }
    }
    while (rank > 0) {
        word &= word - 1; /* drop the lowest */
        rank--;
    }
    return place + count_bits((word & (~word + 1)) - 1);
}

/*
 * The working day in the table that has `rank` working days before it, looked for from `near`.
 */
static int32_t find_in_table(const struct calendar *calendar, int32_t near, int32_t rank)
{
    int32_t word = !in_table(near) ? 0 : near / WORD_DAYS;

    while (calendar->before[word] > rank) {
        word--;
    }
    while (calendar->before[word + 1] <= rank) {
        word++;
    }
    return word * WORD_DAYS +
           find_in_word(calendar->works[word], rank - calendar->before[word]);
}

static int32_t date_at_rank(const struct calendar *calendar, int32_t near, int64_t rank)
{
    int64_t total = calendar->before[WORD_COUNT];

    if (rank < 0) {
        return (int32_t)weekday_at(rank + weekdays_before(0));
    }
    if (rank >= total) {
        return (int32_t)weekday_at(rank - total + weekdays_before(TABLE_DAYS));
    }
    return find_in_table(calendar, near, (int32_t)rank);
}

/* Of a date in the table: guess by the mean year, then look. */
static int32_t year_index(const struct calendar *calendar, int32_t date)
{
    int32_t year = (int32_t)((int64_t)date * 400 / 146097);

    while (date < calendar->new_years[year]) {
        year--;
    }
    while (date >= calendar->new_years[year + 1]) {
        year++;
    }
    return year;
}

bool calendar_works(const struct calendar *calendar, int32_t date)
{
    if (!in_table(date)) {
        return date_weekday(date) < 5;
    }
    return (calendar->works[date / WORD_DAYS] >> (date % WORD_DAYS) & 1) != 0;
}

bool calendar_covers(const struct calendar *calendar, int32_t date)
{
    return in_table(date) && calendar->covered[year_index(calendar, date)];
}

const struct calendar_row *calendar_row_of(const struct calendar *calendar, int32_t date)
{
    struct civil civil = civil_of(date);

    if (!in_table(date)) {
        return NULL;
    }
    return find_row(calendar, calendar->covered[civil.year - YEAR_FIRST] ? civil.year : 0,
                    civil.month, civil.day);
}

int32_t calendar_count(const struct calendar *calendar, int32_t first, int32_t last)
{
    if (last < first) {
        return 0;
    }
    return (int32_t)(rank_of(calendar, (int64_t)last + 1) - rank_of(calendar, first));
}

int32_t calendar_advance(const struct calendar *calendar, int32_t date, int32_t n)
{
    if (n == 0) {
        return date;
    }
    return date_at_rank(calendar, date,
                        n > 0 ? rank_of(calendar, (int64_t)date + 1) + n - 1
                              : rank_of(calendar, date) + n);
}

int32_t calendar_forward(const struct calendar *calendar, int32_t date)
{
    return calendar_works(calendar, date)
               ? date /* as most do */
               : date_at_rank(calendar, date, rank_of(calendar, date));
}

int32_t calendar_backward(const struct calendar *calendar, int32_t date)
{
    return calendar_works(calendar, date)
               ? date
               : date_at_rank(calendar, date, rank_of(calendar, (int64_t)date + 1) - 1);
}

int32_t calendar_first_uncovered(const struct calendar *calendar, int32_t first, int32_t last)
{
    if (last < first) {
        return DATE_NONE;
    }
    if (!in_table(first)) {
        return first;
    }

    int32_t from = calendar->uncovered_from[year_index(calendar, first)];

    if (from < first) {
        from = first;
    }
    return from <= last ? from : DATE_NONE;
}
