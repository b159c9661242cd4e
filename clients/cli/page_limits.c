#include "cli/page.h"

#include "cli/spoken.h"
#include "cli/words.h"

/* The limits of a procedure, and who is told of them when. */

/* --- what begins and ends a clock --------------------------------------------------------- */

static bool acts_on(const struct clock_act *acts, uint32_t count, uint32_t clock)
{
    for (uint32_t i = 0; i < count; i++) {
        if (acts[i].clock == clock) {
            return true;
        }
    }
    return false;
}

/* Events whose rules start, or meet, this clock: each once. */
static void write_events(struct page *page, const struct offer *offers, uint32_t count,
                         uint32_t clock, bool meets, uint64_t seen[EVENTS_MAX / 64])
{
    for (uint32_t i = 0; i < count; i++) {
        uint16_t event = offers[i].event;

        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            const struct rule *rule = &offers[i].rules[j];
            bool does = meets ? acts_on(rule->meets, rule->meet_count, clock)
                              : acts_on(rule->starts, rule->start_count, clock);

            if (does && (seen[event / 64] >> event % 64 & 1) == 0) {
                seen[event / 64] |= (uint64_t)1 << event % 64;
                (void)fputs(page_has(page) ? spoken_comma() : "", page->cell);
                spoken_event(page->cell, page->procedure, event);
            }
        }
    }
}

static void write_acts(struct page *page, uint32_t clock, bool meets)
{
    const struct procedure *procedure = page->procedure;
    uint64_t seen[EVENTS_MAX / 64] = {0};

    write_events(page, procedure->opens, procedure->open_count, clock, meets, seen);
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];

        write_events(page, stage->offers, stage->offer_count, clock, meets, seen);
        if (!meets && !stage->final && acts_on(stage->starts, stage->start_count, clock)) {
            (void)fprintf(page->cell, "%s%s%.*s", page_has(page) ? spoken_comma() : "",
                          words_pick("entering ", "进入"),
                          TEXT_ARGS(spoken_stage(procedure, (uint16_t)i)));
        }
    }
    write_events(page, procedure->anytime, procedure->anytime_count, clock, meets, seen);
    for (uint32_t i = 0; i < procedure->stage_count && !meets; i++) {
        const struct stage *stage = &procedure->stages[i];

        if (stage->final && acts_on(stage->starts, stage->start_count, clock)) {
            (void)fprintf(page->cell, "%s%s", page_has(page) ? spoken_comma() : "",
                          words_pick("the case's end", "办结"));
            break;
        }
    }
}

/* --- the table of limits ------------------------------------------------------------------ */

static void write_name(struct page *page, const struct clock *clock)
{
    (void)fprintf(page->cell, "**%.*s**", TEXT_ARGS(spoken_words(&clock->label, clock->name)));
    if (clock->kind == CLOCK_WINDOW) {
        (void)fputs(words_pick(" (a right, or time to pass)", "（权利或者等待期间）"),
                    page->cell);
    }
    if (clock->per != NO_INDEX) {
        page_break(page);
        (void)fprintf(page->cell, "%s%.*s%s", words_pick("one for each ", "按“"),
                      TEXT_ARGS(spoken_fact(page->procedure, clock->per)),
                      words_pick("", "”分别计算"));
    }
    if (clock->when != NULL) {
        page_break(page);
        (void)fputs(words_pick("only if: ", "仅当："), page->cell);
        spoken_guard(page->cell, page->procedure, clock->when);
    }
}

/* Whether its last day may rest: not of hours, working days, or what is counted back. */
static bool may_rest(const struct clock *clock)
{
    bool from_fact = clock->length.fact != NO_INDEX;
    struct length length = clock->length.length;

    return clock->due == DUE_UNTIL ||
           (clock->due == DUE_LENGTH &&
            (from_fact || (!length_is_exact(length) && length.unit != LENGTH_WORKDAYS)));
}

static void write_roll(struct page *page, const struct clock *clock)
{
    (void)fputs(!may_rest(clock)      ? "—"
                : clock->roll_forward ? words_pick("to the next working day", "遇休息日顺延")
                                      : words_pick("no", "不顺延"),
                page->cell);
}

static void write_pauses(struct page *page, const struct clock *clock)
{
    const struct procedure *procedure = page->procedure;

    for (uint16_t i = 0; i < procedure->ground_count; i++) {
        if ((clock->pause_grounds >> i & 1) != 0) {
            (void)fprintf(page->cell, "%s%.*s", page_has(page) ? spoken_comma() : "",
                          TEXT_ARGS(spoken_ground(procedure, i)));
        }
    }
    if (clock->pause_grounds != 0 && clock->pause_by != 0) {
        page_break(page);
        (void)fputs(words_pick("by ", "批准："), page->cell);
        spoken_roles(page->cell, procedure, clock->pause_by);
    }
}

static void write_extends(struct page *page, const struct clock *clock)
{
    for (uint32_t i = 0; i < clock->extend_count; i++) {
        const struct extend *extend = &clock->extends[i];

        page_break(page);
        (void)fprintf(page->cell, "%.*s%s",
                      TEXT_ARGS(spoken_words(&extend->label, extend->name)),
                      words_pick(": at most ", "：最长"));
        spoken_source(page->cell, page->procedure, &extend->upto);
        if (extend->by != 0) {
            (void)fputs(words_pick(", by ", "，批准："), page->cell);
            spoken_roles(page->cell, page->procedure, extend->by);
        }
        for (uint32_t j = 0; j < extend->need_count; j++) {
            const struct need *need = &extend->needs[j];

            (void)fprintf(page->cell, "%s%.*s", words_pick("; ", "；"),
                          TEXT_ARGS(spoken_words(&need->label, need->name)));
        }
    }
}

static void print_limit(struct page *page, uint32_t i)
{
    const struct clock *clock = &page->procedure->clocks[i];

    page_row(page);
    write_name(page, clock);
    page_cell(page);
    page_cell_text(page, clock->owner == NO_INDEX ? (struct text){0}
                                                  : spoken_role(page->procedure, clock->owner));
    spoken_limit(page->cell, page->procedure, clock);
    page_cell(page);
    write_acts(page, i, false);
    page_cell(page);
    write_acts(page, i, true);
    page_cell(page);
    write_roll(page, clock);
    page_cell(page);
    write_pauses(page, clock);
    page_cell(page);
    write_extends(page, clock);
    page_cell(page);
    if (clock->entry_count > 0) {
        (void)fprintf(page->cell, "%u", page_plan_of(page->procedure, i));
    }
    page_cell(page);
    page_cell_text(page, clock->label.law);
    page_row_end(page);
}

void page_limits(struct page *page)
{
    const char *const heads[] = {words_pick("limit", "期限"),
                                 words_pick("owed by", "责任人"),
                                 words_pick("length", "长度"),
                                 words_pick("begins with", "起算"),
                                 words_pick("ends with", "办结"),
                                 words_pick("rolls", "顺延"),
                                 words_pick("paused for", "中止"),
                                 words_pick("extended", "延长"),
                                 words_pick("plan", "提醒计划"),
                                 words_pick("article", "依据"),
                                 NULL};

    page_table(page, heads);
    for (uint32_t i = 0; i < page->procedure->clock_count; i++) {
        print_limit(page, i);
    }
}

/* --- plans -------------------------------------------------------------------------------- */

static bool same_entry(const struct entry *a, const struct entry *b)
{
    bool same = text_equal(a->name, b->name) && a->at_due == b->at_due &&
                a->offset.count == b->offset.count && a->offset.unit == b->offset.unit &&
                a->notice == b->notice && a->to_count == b->to_count &&
                (a->when == NULL) == (b->when == NULL) && a->any_day == b->any_day &&
                a->urgent == b->urgent && a->repeats == b->repeats &&
                a->every.count == b->every.count && a->every.unit == b->every.unit;

    for (uint32_t i = 0; same && i < a->to_count; i++) {
        same = a->to[i] == b->to[i];
    }
    return same && (a->when == NULL || text_equal(a->when->text, b->when->text));
}

static bool same_plan(const struct clock *a, const struct clock *b)
{
    bool same = a->entry_count == b->entry_count;

    for (uint32_t i = 0; same && i < a->entry_count; i++) {
        same = same_entry(&a->entries[i], &b->entries[i]);
    }
    return same;
}

/* The first clock with the same plan. */
static uint32_t first_with(const struct procedure *procedure, uint32_t clock)
{
    for (uint32_t i = 0; i < clock; i++) {
        if (same_plan(&procedure->clocks[i], &procedure->clocks[clock])) {
            return i;
        }
    }
    return clock;
}

uint32_t page_plan_of(const struct procedure *procedure, uint32_t clock)
{
    uint32_t first = first_with(procedure, clock);
    uint32_t number = 0;

    for (uint32_t i = 0; i <= first; i++) {
        number += procedure->clocks[i].entry_count > 0 && first_with(procedure, i) == i;
    }
    return number;
}

static void write_offset(struct page *page, const struct entry *entry)
{
    spoken_offset(page->cell, entry);
    if (entry->repeats) {
        (void)fputs(words_pick(", then every ", "，此后每"), page->cell);
        spoken_length(page->cell, entry->every);
        (void)fputs(words_pick("", "一次"), page->cell);
    }
    if (entry->any_day) {
        (void)fputs(words_pick(" (rest days too)", "（休息日也发）"), page->cell);
    }
    if (entry->urgent) {
        (void)fputs(words_pick(" (at once, at any hour)", "（随时即发）"), page->cell);
    }
    if (entry->when != NULL) {
        page_break(page);
        (void)fputs(words_pick("only if: ", "仅当："), page->cell);
        spoken_guard(page->cell, page->procedure, entry->when);
    }
}

/* Its words stand under a heading of its name. */
static void write_notice(struct page *page, struct text name)
{
    (void)fprintf(page->cell, "[%.*s](#%.*s)", TEXT_ARGS(name), TEXT_ARGS(name));
}

static void print_plan(struct page *page, uint32_t first)
{
    const char *const heads[] = {words_pick("when", "时点"), words_pick("to", "发给"),
                                 words_pick("words", "通知文稿"), NULL};
    const struct procedure *procedure = page->procedure;
    const struct clock *clock = &procedure->clocks[first];

    (void)fprintf(page->out, "\n### %s%u\n\n%s", words_pick("Plan ", "计划 "),
                  page_plan_of(procedure, first), words_pick("For: ", "适用："));
    for (uint32_t i = first; i < procedure->clock_count; i++) {
        if (procedure->clocks[i].entry_count > 0 && first_with(procedure, i) == first) {
            (void)fprintf(page->out, "%s%.*s", i == first ? "" : spoken_comma(),
                          TEXT_ARGS(spoken_clock(procedure, (uint16_t)i)));
        }
    }
    (void)fputs(words_pick(".\n\n", "。\n\n"), page->out);
    page_table(page, heads);
    for (uint32_t i = 0; i < clock->entry_count; i++) {
        const struct entry *entry = &clock->entries[i];

        page_row(page);
        write_offset(page, entry);
        page_cell(page);
        spoken_receivers(page->cell, procedure, entry->to, entry->to_count);
        page_cell(page);
        write_notice(page, procedure->notices[entry->notice].name);
        page_cell(page);
        page_row_end(page);
    }
}

void page_plans(struct page *page)
{
    for (uint32_t i = 0; i < page->procedure->clock_count; i++) {
        if (page->procedure->clocks[i].entry_count > 0 && first_with(page->procedure, i) == i) {
            print_plan(page, i);
        }
    }
}
