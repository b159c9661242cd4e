#include "cli/spoken.h"

#include "cli/words.h"

static bool in_chinese(void)
{
    return words_language() == LANGUAGE_ZH;
}

struct text spoken_words(const struct label *label, struct text name)
{
    return label_words(label, name, in_chinese());
}

const char *spoken_comma(void)
{
    return words_pick(", ", "、");
}

void spoken_length(FILE *out, struct length length)
{
    static const struct {
        const char *one;
        const char *many;
        const char *zh;
    } units[] = {
        [LENGTH_MINUTES] = {"minute", "minutes", "分钟"},
        [LENGTH_HOURS] = {"hour", "hours", "小时"},
        [LENGTH_DAYS] = {"day", "days", "日"},
        [LENGTH_WORKDAYS] = {"working day", "working days", "个工作日"},
        [LENGTH_MONTHS] = {"month", "months", "个月"},
        [LENGTH_YEARS] = {"year", "years", "年"},
    };
    int32_t count = length.count < 0 ? -length.count : length.count;

    if (in_chinese()) {
        (void)fprintf(out, "%d%s", count, units[length.unit].zh);
    } else {
        (void)fprintf(out, "%d %s", count,
                      count == 1 ? units[length.unit].one : units[length.unit].many);
    }
}

void spoken_offset(FILE *out, const struct entry *entry)
{
    if (entry->at_due) {
        (void)fputs(words_pick("at the due instant", "到期之时"), out);
        return;
    }
    if (entry->offset.count == 0) {
        (void)fputs(words_pick("on the last day", "最后一日"), out);
        return;
    }
    if (in_chinese()) {
        (void)fputs(entry->offset.count < 0 ? "届满前" : "届满后", out);
    }
    spoken_length(out, entry->offset);
    if (!in_chinese()) {
        (void)fputs(entry->offset.count < 0 ? " before" : " after", out);
    }
}

struct text spoken_role(const struct procedure *procedure, uint16_t role)
{
    return spoken_words(&procedure->roles[role].label, procedure->roles[role].name);
}

struct text spoken_fact(const struct procedure *procedure, uint16_t fact)
{
    return spoken_words(&procedure->facts[fact].label, procedure->facts[fact].name);
}

struct text spoken_clock(const struct procedure *procedure, uint16_t clock)
{
    return spoken_words(&procedure->clocks[clock].label, procedure->clocks[clock].name);
}

struct text spoken_stage(const struct procedure *procedure, uint16_t stage)
{
    return spoken_words(&procedure->stages[stage].label, procedure->stages[stage].name);
}

struct text spoken_ground(const struct procedure *procedure, uint16_t ground)
{
    return spoken_words(&procedure->grounds[ground].label, procedure->grounds[ground].name);
}

const char *spoken_clock_end(enum clock_kind kind)
{
    switch (kind) {
    case CLOCK_DUTY:
        return words_pick("overdue", "逾期");
    case CLOCK_WINDOW:
        return words_pick("over", "届满");
    case CLOCK_ACCRUAL:
        return words_pick("at its cap", "达上限");
    }
    return "";
}

const char *spoken_clock_kind(enum clock_kind kind)
{
    switch (kind) {
    case CLOCK_DUTY:
        return words_pick("duty", "须完成");
    case CLOCK_WINDOW:
        return words_pick("window", "可行使");
    case CLOCK_ACCRUAL:
        return words_pick("accrual", "按日累计");
    }
    return "";
}

void spoken_event(FILE *out, const struct procedure *procedure, uint16_t event)
{
    const struct event_name *name = &procedure->events[event];
    bool labelled = !text_empty(name->label.zh) || !text_empty(name->label.en);

    if (name->family == EVENT_CLOCK_END && !labelled) {
        struct text clock = spoken_clock(procedure, name->clock);

        (void)fprintf(out, "%.*s%s%s", TEXT_ARGS(clock), words_pick(" ", ""),
                      spoken_clock_end(procedure->clocks[name->clock].kind));
        return;
    }

    struct text words = spoken_words(&name->label, name->name);

    (void)fprintf(out, "%.*s", TEXT_ARGS(words));
}

/* A fact's words as a thing that is quoted. */
static void quote_fact(FILE *out, const struct procedure *procedure, uint16_t fact)
{
    struct text words = spoken_fact(procedure, fact);

    (void)fprintf(out, "%s%.*s%s", words_pick("`", "“"), TEXT_ARGS(words),
                  words_pick("`", "”"));
}

/* Of several amounts the sum. */
static void quote_principal(FILE *out, const struct procedure *procedure,
                            const struct clock *clock)
{
    for (uint32_t i = 0; i < clock->accrues_count; i++) {
        (void)fputs(i == 0 ? "" : words_pick(" and ", "、"), out);
        quote_fact(out, procedure, clock->accrues_of[i]);
    }
}

void spoken_date_source(FILE *out, const struct procedure *procedure, const struct clock *clock)
{
    if (clock->yearly_count == 0) {
        quote_fact(out, procedure, clock->date_fact);
        return;
    }
    for (uint32_t i = 0; i < clock->yearly_count; i++) {
        const struct yearly *yearly = &clock->yearly[i];

        (void)fputs(i == 0 ? words_pick("each ", "每年") : spoken_comma(), out);
        (void)fprintf(out, "%d%s%d%s", yearly->month, words_pick("-", "月"), yearly->day,
                      words_pick("", "日"));
    }
}

void spoken_source(FILE *out, const struct procedure *procedure,
                   const struct length_source *source)
{
    if (!source->given) {
        (void)fputs(words_pick("any length", "不限"), out);
        return;
    }
    if (source->fact == NO_INDEX) {
        spoken_length(out, source->length);
        return;
    }
    (void)fputs(words_pick("as ", "由"), out);
    quote_fact(out, procedure, source->fact);
    (void)fputs(words_pick(" says", "确定"), out);
}

void spoken_limit(FILE *out, const struct procedure *procedure, const struct clock *clock)
{
    switch (clock->due) {
    case DUE_LENGTH:
        spoken_source(out, procedure, &clock->length);
        break;
    case DUE_UNTIL:
        (void)fputs(words_pick("until ", "至"), out);
        spoken_date_source(out, procedure, clock);
        break;
    case DUE_BEFORE:
        if (in_chinese()) {
            spoken_date_source(out, procedure, clock);
            (void)fputs("前", out);
        }
        spoken_source(out, procedure, &clock->length);
        if (!in_chinese()) {
            (void)fputs(" before ", out);
            spoken_date_source(out, procedure, clock);
        }
        break;
    case DUE_ACCRUAL:
        (void)fputs(words_pick("each day ", "每日按"), out);
        if (in_chinese()) {
            quote_principal(out, procedure, clock);
            (void)fprintf(out, "的%d%%，至%d%%止", clock->percent, clock->cap);
        } else {
            (void)fprintf(out, "%d %% of ", clock->percent);
            quote_principal(out, procedure, clock);
            (void)fprintf(out, ", up to %d %%", clock->cap);
        }
        break;
    }
}

void spoken_roles(FILE *out, const struct procedure *procedure, uint64_t roles)
{
    const char *between = "";

    for (uint16_t i = 0; i < procedure->role_count; i++) {
        if ((roles >> i & 1) != 0) {
            (void)fprintf(out, "%s%.*s", between, TEXT_ARGS(spoken_role(procedure, i)));
            between = spoken_comma();
        }
    }
}

void spoken_receivers(FILE *out, const struct procedure *procedure, const uint8_t *roles,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        (void)fprintf(out, "%s%.*s", i > 0 ? spoken_comma() : "",
                      TEXT_ARGS(spoken_role(procedure, roles[i])));
    }
}

void spoken_facts(FILE *out, const struct procedure *procedure, const struct fact_mask *mask)
{
    const char *between = "";

    for (uint16_t i = 0; i < procedure->fact_count; i++) {
        if (fact_mask_has(mask, i)) {
            (void)fprintf(out, "%s%.*s", between, TEXT_ARGS(spoken_fact(procedure, i)));
            between = spoken_comma();
        }
    }
}
