#include "cli/outline_draft.h"
#include "cli/spoken.h"
#include "cli/words.h"

static void draft_kind(struct draft *draft, const struct clock *clock)
{
    static const struct noun kind = {"kind", "kind", "性质"};
    static const char *const words[] = {
        [CLOCK_DUTY] = "duty", [CLOCK_WINDOW] = "window", [CLOCK_ACCRUAL] = "accrual"};

    draft_write_both(draft, text_of(words[clock->kind]),
                     text_of(spoken_clock_kind(clock->kind)));
    (void)draft_row(draft, OUTLINE_TEXT, &kind);
}

/* The fact that holds the date, or the dates of the year. */
static void draft_dates(struct draft *draft, const struct noun *noun, const struct clock *clock)
{
    if (clock->yearly_count == 0) {
        draft_fact(draft, noun, clock->date_fact);
        return;
    }
    if (draft->spent) {
        return;
    }
    for (uint32_t i = 0; i < clock->yearly_count; i++) {
        (void)fprintf(draft->value_out, "%s--%02d-%02d", i == 0 ? "" : ", ",
                      clock->yearly[i].month, clock->yearly[i].day);
    }
    spoken_date_source(draft->words_out, draft->procedure, clock);
    (void)draft_row(draft, OUTLINE_TEXT, noun);
}

static void draft_limit(struct draft *draft, const struct clock *clock)
{
    static const struct noun length = {"length", "length", "期间"};
    static const struct noun until = {"until", "until", "截止"};
    static const struct noun before = {"before", "before", "先于"};
    static const struct noun accrues = {"accrues", "accrues", "累计"};

    switch (clock->due) {
    case DUE_LENGTH:
        draft_source(draft, &length, &clock->length);
        break;
    case DUE_UNTIL:
        draft_dates(draft, &until, clock);
        break;
    case DUE_BEFORE:
        draft_dates(draft, &before, clock);
        draft_source(draft, &length, &clock->length);
        break;
    case DUE_ACCRUAL:
        if (!draft->spent) {
            (void)fprintf(draft->value_out, "%d%% of ", clock->percent);
            for (uint32_t i = 0; i < clock->accrues_count; i++) {
                (void)fprintf(draft->value_out, "%sfacts.%.*s", i == 0 ? "" : " + ",
                              TEXT_ARGS(draft->procedure->facts[clock->accrues_of[i]].name));
            }
            (void)fprintf(draft->value_out, ", cap %d%%", clock->cap);
            spoken_limit(draft->words_out, draft->procedure, clock);
            (void)draft_row(draft, OUTLINE_TEXT, &accrues);
        }
        break;
    }
}

static void draft_roll(struct draft *draft, const struct clock *clock)
{
    static const struct noun roll = {"roll", "roll", "顺延"};

    if (clock->roll_forward) {
        draft_write_both(
            draft, TEXT("forward"),
            text_of(words_pick("forward: a last day that is no working day moves to the next",
                               "末日为休息日的，顺延至其后首个工作日")));
    } else if (clock->roll_given) {
        draft_write_both(
            draft, TEXT("none"),
            text_of(words_pick("none: the last day stays where it falls", "末日不顺延")));
    } else {
        return;
    }
    (void)draft_row(draft, OUTLINE_TEXT, &roll);
}

static void draft_pause(struct draft *draft, const struct clock *clock)
{
    static const struct noun pause = {"pause", "pause", "中止"};
    static const struct noun grounds = {"grounds", "grounds", "事由"};
    static const struct noun by = {"by", "by", "批准"};
    static const struct noun review = {"review", "looked at again", "复核"};
    const struct procedure *procedure = draft->procedure;
    bool first = true;

    if (clock->pause_grounds == 0) {
        return;
    }
    (void)draft_open(draft, &pause);
    for (uint16_t i = 0; i < procedure->ground_count; i++) {
        if ((clock->pause_grounds >> i & 1) != 0) {
            draft_next(draft, first);
            draft_write_both(draft, procedure->grounds[i].name, spoken_ground(procedure, i));
            first = false;
        }
    }
    (void)draft_row(draft, OUTLINE_LIST, &grounds);
    (void)draft_roles(draft, &by, clock->pause_by);
    draft_length(draft, &review, clock->review);
    draft_close(draft);
}

static void draft_extends(struct draft *draft, const struct clock *clock)
{
    static const struct noun extend = {"extend", "extend, in this order", "延长（依次）"};
    static const struct noun by = {"by", "by", "批准"};
    static const struct noun upto = {"upto", "at most", "最长"};
    static const struct noun needs = {"needs", "needs", "条件"};

    if (clock->extend_count == 0) {
        return;
    }
    draft_open(draft, &extend)->ordered = true;
    for (uint32_t i = 0; i < clock->extend_count; i++) {
        const struct extend *one = &clock->extends[i];

        (void)draft_open_named(draft, one->name, &one->label);
        (void)draft_roles(draft, &by, one->by);
        draft_source(draft, &upto, &one->upto);
        draft_needs(draft, &needs, one->needs, one->need_count);
        draft_close(draft);
    }
    draft_close(draft);
}

static void draft_at(struct draft *draft, const struct entry *entry)
{
    static const struct noun at = {"at", "at", "时间"};
    char raw[LENGTH_TEXT_SIZE];

    if (draft->spent) {
        return;
    }
    (void)length_print(entry->offset, raw);
    (void)fprintf(draft->value_out, "%s%s",
                  !entry->at_due && entry->offset.count > 0 ? "+" : "",
                  entry->at_due ? "due" : raw);
    spoken_offset(draft->words_out, entry);
    draft_row(draft, OUTLINE_TEXT, &at)->inline_value = true;
}

static void draft_entry(struct draft *draft, const struct entry *entry)
{
    static const struct noun to = {"to", "to", "发给"};
    static const struct noun notice = {"notice", "notice", "文稿"};
    static const struct noun when = {"when", "when", "条件"};
    static const struct noun every = {"every", "again every", "此后每"};
    static const struct noun any_day = {"any_day", "on any day", "休息日也发"};
    static const struct noun urgent = {"urgent", "urgent", "紧急"};
    const struct procedure *procedure = draft->procedure;

    (void)draft_open_named(draft, entry->name, &entry->label);
    draft_at(draft, entry);
    for (uint32_t i = 0; i < entry->to_count; i++) {
        draft_next(draft, i == 0);
        draft_write_both(draft, procedure->roles[entry->to[i]].name,
                         spoken_role(procedure, entry->to[i]));
    }
    (void)draft_row(draft, OUTLINE_LIST, &to);
    if (entry->notice < procedure->notice_count) {
        draft_text(draft, &notice, procedure->notices[entry->notice].name);
    }
    draft_guard(draft, &when, entry->when);
    if (entry->repeats) {
        draft_length(draft, &every, entry->every);
    }
    draft_flag(draft, &any_day, entry->any_day);
    draft_flag(draft, &urgent, entry->urgent);
    draft_close(draft);
}

/* Reminders, or rungs. */
static void draft_entries(struct draft *draft, const struct clock *clock, bool rungs)
{
    static const struct noun remind = {"remind", "reminders", "提醒"};
    static const struct noun ladder = {"ladder", "escalation", "逾期上报"};
    bool open = false;

    for (uint32_t i = 0; i < clock->entry_count; i++) {
        if (clock->entries[i].rung == rungs) {
            if (!open) {
                (void)draft_open(draft, rungs ? &ladder : &remind);
                open = true;
            }
            draft_entry(draft, &clock->entries[i]);
        }
    }
    if (open) {
        draft_close(draft);
    }
}

static void draft_clock(struct draft *draft, const struct clock *clock)
{
    static const struct noun owner = {"owner", "owner", "责任人"};
    static const struct noun when = {"when", "runs only when", "适用条件"};
    static const struct noun grace = {"grace", "time to report", "报送宽限"};
    static const struct noun per = {"per", "one for each", "分别计算"};
    static const struct noun recurs = {"recurs", "begins anew", "循环"};

    (void)draft_open_named(draft, clock->name, &clock->label);
    draft_kind(draft, clock);
    draft_role(draft, &owner, clock->owner);
    draft_guard(draft, &when, clock->when);
    draft_limit(draft, clock);
    draft_roll(draft, clock);
    draft_length(draft, &grace, clock->grace);
    draft_flag(draft, &recurs, clock->recurs);
    draft_fact(draft, &per, clock->per);
    draft_pause(draft, clock);
    draft_extends(draft, clock);
    draft_entries(draft, clock, false);
    draft_entries(draft, clock, true);
    draft_close(draft);
}

void draft_clocks(struct draft *draft)
{
    static const struct noun clocks = {"clocks", "Clocks", "期限"};

    if (draft->procedure->clock_count == 0) {
        return;
    }
    (void)draft_open(draft, &clocks);
    for (uint32_t i = 0; i < draft->procedure->clock_count; i++) {
        draft_clock(draft, &draft->procedure->clocks[i]);
    }
    draft_close(draft);
}
