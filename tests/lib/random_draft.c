#include "lib/random_draft.h"

#include "base/must.h"

#include <stdarg.h>
#include <stdio.h>

bool draft_chance(struct draft *draft, int64_t percent)
{
    return rng_between(&draft->rng, 1, 100) <= percent;
}

uint32_t draft_below(struct draft *draft, uint32_t count)
{
    return (uint32_t)rng_between(&draft->rng, 0, (int64_t)count - 1);
}

bool draft_oddly(struct draft *draft)
{
    return draft->wish.wild && draft_chance(draft, 8);
}

__attribute__((format(printf, 2, 3))) void draft_put(struct draft *draft, const char *format,
                                                     ...)
{
    va_list arguments;

    va_start(arguments, format);

    int size = vsnprintf(draft->out + draft->at, draft->size - draft->at, format, arguments);

    va_end(arguments);
    MUST(size >= 0);
    MUST((size_t)size < draft->size - draft->at);
    draft->at += (size_t)size;
}

const char *draft_word(struct draft *draft, const char *const *words, uint32_t count)
{
    return words[draft_below(draft, count)];
}

const char *draft_role(struct draft *draft)
{
    static const char *const roles[] = {"officer", "unit_head", "leader"};

    return ANY(draft, roles);
}

const char *draft_length(struct draft *draft)
{
    static const char *const lengths[] = {"5d", "15d", "2wd", "7wd", "1mo", "90d", "1y", "36h"};

    return ANY(draft, lengths);
}

/* Guards. A leaf speaks of one fact or clock; of total ones each is known whatever the case is. */
void draft_leaf(struct draft *draft, char *out, size_t size, bool total)
{
    static const char *const plain[] = {
        "harm",
        "!facts.minor",
        "rounds >= 2",
        "rounds + 1 < 4",
        "fine > 1000.00",
        "fine + paid <= 5000.00",
        "kind == 'person'",
        "kind != 'organisation'",
        "kind in ['person', 'other']",
        "'light' in marks",
        "size(marks) > 1",
        "done_on < date('2026-03-01')",
        "give == 10d",
        "item_no == '第一号'",
        "workday(done_on)",
        "date(event.occurred) <= after(done_on, 5wd)",
        "before(done_on, 7wd) > date(event.occurred)",
        "done_on <= planned_on",
        "paid >= fine",
        "case.agency == 'gulou'",
        "case.unit != ''",
        "actors.certified",
        "size(actors) >= 2",
        "case.stage in ['s0', 'f0']", /* the last: always so, or never, where it stands */
    };
    static const char *const sure[] = {
        "has(harm) && harm",
        "!has(minor) || !minor",
        "has(rounds) && rounds >= 2",
        "has(fine) && has(paid) && paid >= fine",
        "has(kind) && kind == 'person'",
        "has(marks) && 'light' in marks",
        "has(done_on) && done_on < date('2026-03-01')",
        "has(item_no)",
        "case.agency == 'gulou'",
        "!(has(harm) && harm) && !has(paid)",
    };

    if (draft->defined && draft_chance(draft, 10)) {
        (void)snprintf(out, size, "%s", draft_chance(draft, 50) ? "light_case" : "!known_case");
        return;
    }

    uint32_t plain_count = sizeof(plain) / sizeof(plain[0]) - !draft->wish.wild;

    (void)snprintf(out, size, "%s",
                   total ? ANY(draft, sure) : draft_word(draft, plain, plain_count));
}

/* A leaf of a need or warning: no fact that any rule here takes, for it sees the case before. */
const char *draft_demand(struct draft *draft)
{
    static const char *const demands[] = {
        "!has(minor) || !minor",
        "actors.certified",
        "size(actors) >= 1",
        "case.agency == 'gulou'",
        "event.done_on <= date(event.occurred)",
        "date(event.received) >= date(event.occurred)",
        "has(event.done_on) && event.done_on > date('2020-01-01')",
    };

    return ANY(draft, demands);
}

static void put_clock_leaf(struct draft *draft, char *out, size_t size, bool total)
{
    static const char *const duty[] = {"live", "running", "overdue", "met_late", "met"};
    static const char *const window[] = {"live", "running", "used", "elapsed"};
    static const char *const fee[] = {"live", "running", "capped", "met", "amount > 100.00"};
    static const char *const dates[] = {"last_day", "started", "ended"};
    uint32_t i = draft_below(draft, draft->side_count);
    bool may_pause = draft->sides[i].pauses || draft->wish.wild;
    enum side_kind kind = draft->sides[i].kind;

    if (draft_chance(draft, 15)) {
        (void)snprintf(out, size, "has(clock.side%u.%s)", i, ANY(draft, dates));
    } else if (!total && draft_chance(draft, 15)) {
        (void)snprintf(out, size, "date(event.occurred) <= clock.side%u.last_day", i);
    } else if (may_pause && draft_chance(draft, 20)) {
        (void)snprintf(out, size, "clock.side%u.paused", i);
    } else {
        (void)snprintf(out, size, "clock.side%u.%s", i,
                       kind == SIDE_DUTY     ? ANY(draft, duty)
                       : kind == SIDE_WINDOW ? ANY(draft, window)
                                             : ANY(draft, fee));
    }
}

void draft_condition(struct draft *draft, char *out, bool total)
{
    char a[GUARD_SIZE / 4];
    char b[GUARD_SIZE / 4];

    draft_leaf(draft, a, sizeof(a), total);
    if (!draft->wish.wild) {
        (void)snprintf(b, sizeof(b), "has(seen_at)"); /* goes with every other leaf */
    } else if (draft->side_count > 0 && draft_chance(draft, 30)) {
        put_clock_leaf(draft, b, sizeof(b), total);
    } else {
        draft_leaf(draft, b, sizeof(b), total);
    }
    if (!draft->wish.wild && draft->side_count > 0 && draft_chance(draft, 20)) {
        put_clock_leaf(draft, a, sizeof(a), total);
    }
    switch (draft_below(draft, 4)) {
    case 0:
        (void)snprintf(out, GUARD_SIZE, "(%s) && (%s)", a, b);
        break;
    case 1:
        (void)snprintf(out, GUARD_SIZE, "(%s) || (%s)", a, b);
        break;
    default:
        (void)snprintf(out, GUARD_SIZE, "%s", a);
        break;
    }
}
