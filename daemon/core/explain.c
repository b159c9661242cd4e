#include "core/count.h"
#include "core/due.h"

/* The lines as they are found; those beyond the room are only counted. */
struct explanation {
    const struct office *office; /* borrowed */
    struct day_line *lines;      /* borrowed */
    uint32_t line_max;
    uint32_t count;
};

static void tell(struct explanation *explanation, int32_t date, enum day_mark mark, int32_t n,
                 uint32_t part)
{
    const struct calendar *calendar = explanation->office->calendar;

    if (explanation->count < explanation->line_max) {
        explanation->lines[explanation->count] = (struct day_line){
            .date = date,
            .mark = mark,
            .n = n,
            .part = part,
            .works = calendar_works(calendar, date),
            .covered = calendar_covers(calendar, date),
            .row = calendar_row_of(calendar, date),
        };
    }
    explanation->count++;
}

static bool paused_on(const struct derivation *derivation, const struct office *office,
                      uint32_t acting, int32_t date)
{
    for (uint32_t i = 0; i < acting; i++) {
        struct date_span out = count_paused(derivation, office, &derivation->pauses[i]);

        if (date >= out.first && date < out.after) {
            return true;
        }
    }
    return false;
}

/* One date that is not paused: whether it counts, as which day of which part. */
static void tell_running(struct explanation *explanation, struct counting *counting,
                         int32_t date, bool last)
{
    uint32_t part = counting->part;
    int32_t n = counting->part_days - counting->left + 1;
    bool counts = !counting->working || calendar_works(explanation->office->calendar, date);

    count_to(counting, date);
    if (!counts) {
        tell(explanation, date, DAY_RESTS, 0, part);
    } else {
        tell(explanation, date, last ? DAY_LAST : DAY_COUNTED, n, part);
    }
}

/* From the unrolled last day to the real one: the roll first, then the promised date. */
static void tell_roll(struct explanation *explanation, const struct derivation *derivation,
                      const struct due *due)
{
    const struct calendar *calendar = explanation->office->calendar;
    int32_t rolled =
        derivation->roll_forward ? calendar_forward(calendar, due->unrolled) : due->unrolled;

    for (int32_t date = due->unrolled + 1; date < due->last_day; date++) {
        tell(explanation, date, date < rolled ? DAY_ROLLED : DAY_HELD, 0, 0);
    }
    if (due->last_day > due->unrolled) {
        tell(explanation, due->last_day, DAY_LAST, 0, 0);
    }
}

static void explain_days(struct explanation *explanation, const struct derivation *derivation,
                         const struct due *due)
{
    const struct office *office = explanation->office;
    struct counting counting = count_begin(derivation, office);
    struct counting ahead = counting;
    uint32_t acting;
    bool open = count_through(&ahead, &acting);
    int32_t end = open ? ahead.at + 1 : due->unrolled;
    bool given = derivation->kind == DUE_UNTIL;
    bool only = !open && due->last_day == counting.at;

    tell(explanation, counting.at, only ? DAY_LAST : given ? DAY_GIVEN : DAY_START, 0, 0);
    for (int32_t date = counting.at + 1; date <= end; date++) {
        if (paused_on(derivation, office, acting, date)) {
            tell(explanation, date, DAY_PAUSED, 0, counting.part);
            counting.at = date;
        } else {
            tell_running(explanation, &counting, date, !open && date == due->last_day);
        }
    }
    if (!open) {
        tell_roll(explanation, derivation, due);
    }
}

static void explain_lead(struct explanation *explanation, const struct derivation *derivation,
                         const struct due *due)
{
    const struct calendar *calendar = explanation->office->calendar;
    bool working = derivation->length.unit == LENGTH_WORKDAYS;

    tell(explanation, due->unrolled, due->unrolled == due->last_day ? DAY_LAST : DAY_HELD, 0,
         0);
    for (int32_t date = due->unrolled + 1; date < derivation->date; date++) {
        int32_t n = working ? calendar_count(calendar, date, derivation->date - 1)
                            : derivation->date - date;
        bool counts = !working || calendar_works(calendar, date);

        tell(explanation, date, counts ? DAY_BETWEEN : DAY_RESTS, counts ? n : 0, 0);
    }
    tell(explanation, derivation->date, DAY_GIVEN, 0, 0);
}

uint32_t due_explain(const struct derivation *derivation, const struct office *office,
                     struct day_line *lines, uint32_t line_max)
{
    struct explanation explanation = {.office = office, .lines = lines, .line_max = line_max};
    struct due due;

    due_derive(derivation, office, &due);
    switch (derivation->kind) {
    case DUE_LENGTH:
        if (!length_is_exact(derivation->length)) {
            explain_days(&explanation, derivation, &due);
        }
        break;
    case DUE_UNTIL:
    case DUE_ACCRUAL:
        explain_days(&explanation, derivation, &due);
        break;
    case DUE_BEFORE:
        explain_lead(&explanation, derivation, &due);
        break;
    }
    return explanation.count;
}
