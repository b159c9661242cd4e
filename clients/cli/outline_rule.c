#include "cli/outline_draft.h"
#include "cli/spoken.h"
#include "cli/words.h"

static void draft_stages_of(struct draft *draft, const struct noun *noun, uint64_t stages)
{
    bool first = true;

    for (uint16_t i = 0; i < draft->procedure->stage_count; i++) {
        if ((stages >> i & 1) != 0) {
            draft_next(draft, first);
            draft_write_both(draft, draft->procedure->stages[i].name,
                             spoken_stage(draft->procedure, i));
            first = false;
        }
    }
    if (!first) {
        (void)draft_row(draft, OUTLINE_LIST, noun);
    }
}

static void draft_facts_of(struct draft *draft, const struct noun *noun,
                           const struct fact_mask *mask)
{
    bool first = true;

    for (uint16_t i = 0; i < draft->procedure->fact_count; i++) {
        if (fact_mask_has(mask, i)) {
            draft_next(draft, first);
            draft_write_both(draft, draft->procedure->facts[i].name,
                             spoken_fact(draft->procedure, i));
            first = false;
        }
    }
    if (!first) {
        (void)draft_row(draft, OUTLINE_LIST, noun);
    }
}

/* start, cancel: clocks alone. */
static void draft_acts(struct draft *draft, const struct noun *noun,
                       const struct clock_act *acts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        draft->mark = acts[i].mark.line > 0 ? acts[i].mark : draft->mark;
        draft_next(draft, i == 0);
        draft_write_both(draft, draft->procedure->clocks[acts[i].clock].name,
                         spoken_clock(draft->procedure, acts[i].clock));
    }
    if (count > 0) {
        (void)draft_row(draft, OUTLINE_LIST, noun);
    }
}

/* pause, resume, extend, meet: each clock with what belongs to it. */
static void draft_valued(struct draft *draft, const struct noun *noun,
                         const struct clock_act *acts, uint32_t count)
{
    const struct procedure *procedure = draft->procedure;

    if (count == 0) {
        return;
    }
    (void)draft_open(draft, noun);
    for (uint32_t i = 0; i < count; i++) {
        const struct clock_act *act = &acts[i];

        draft->mark = act->mark.line > 0 ? act->mark : draft->mark;
        if (act->ground != NO_INDEX) {
            draft_write_both(draft, procedure->grounds[act->ground].name,
                             spoken_ground(procedure, act->ground));
        } else if (act->value != NULL) {
            draft_write(draft, act->value->text);
        } else {
            draft_write_both(
                draft, TEXT("event.occurred"),
                text_of(words_pick("when the event occurred", "以事件发生之时为准")));
        }
        draft_row_named(draft, OUTLINE_TEXT, procedure->clocks[act->clock].name)->noun =
            spoken_clock(procedure, act->clock);
    }
    draft_close(draft);
}

static void draft_sets(struct draft *draft, const struct rule *rule)
{
    static const struct noun set = {"set", "sets", "记入"};

    if (rule->set_count == 0) {
        return;
    }
    (void)draft_open(draft, &set);
    for (uint32_t i = 0; i < rule->set_count; i++) {
        const struct assignment *assignment = &rule->sets[i];

        draft->mark = assignment->mark.line > 0 ? assignment->mark : draft->mark;
        draft_write(draft, assignment->value->text);
        draft_row_named(draft, OUTLINE_TEXT, draft->procedure->facts[assignment->fact].name)
            ->noun = spoken_fact(draft->procedure, assignment->fact);
    }
    draft_close(draft);
}

static void draft_to(struct draft *draft, const struct rule *rule)
{
    static const struct noun to = {"to", "leads to", "转入"};
    static const struct noun when = {"when", "when", "条件"};
    static const struct noun stage = {"stage", "stage", "阶段"};
    const struct procedure *procedure = draft->procedure;

    if (rule->to_count == 0) {
        return;
    }
    if (rule->to_count == 1 && text_empty(rule->to[0].name)) {
        draft_write_both(draft, procedure->stages[rule->to[0].stage].name,
                         spoken_stage(procedure, rule->to[0].stage));
        (void)draft_row(draft, OUTLINE_TEXT, &to);
        return;
    }
    draft_open(draft, &to)->ordered = true;
    for (uint32_t i = 0; i < rule->to_count; i++) {
        const struct branch *branch = &rule->to[i];

        (void)draft_open_named(draft, branch->name, &branch->label);
        draft_write_both(draft, procedure->stages[branch->stage].name,
                         spoken_stage(procedure, branch->stage));
        draft_row(draft, OUTLINE_TEXT, &stage)->inline_value = true;
        draft_guard(draft, &when, branch->when);
        draft_close(draft);
    }
    draft_close(draft);
}

static void draft_conditions(struct draft *draft, const struct rule *rule)
{
    static const struct noun in = {"in", "in", "适用阶段"};
    static const struct noun when = {"when", "when", "适用条件"};
    static const struct noun by = {"by", "who may", "行为人"};
    static const struct noun takes = {"takes", "must carry", "须载明"};
    static const struct noun may_take = {"may_take", "may carry", "可载明"};
    static const struct noun keep = {"keep", "facts are kept", "记入事实"};
    static const struct noun assigns = {"assigns", "assigns", "指定"};
    static const struct noun documents = {"documents", "documents", "文书"};
    static const struct noun needs = {"needs", "needs", "条件"};
    static const struct noun warns = {"warns", "defect unless", "瑕疵审查"};
    static const struct noun backdate = {"backdate", "report at most", "补报不晚于"};

    draft_stages_of(draft, &in, rule->in);
    draft_guard(draft, &when, rule->when);
    (void)draft_roles(draft, &by, rule->by);
    draft_facts_of(draft, &takes, &rule->takes);
    draft_facts_of(draft, &may_take, &rule->may_take);
    if (!rule->keep) {
        draft_write_both(draft, TEXT("false"),
                         text_of(words_pick("no, only recorded", "否，只存档")));
        (void)draft_row(draft, OUTLINE_FLAG, &keep);
    }
    (void)draft_roles(draft, &assigns, rule->assigns);
    for (uint32_t i = 0; i < rule->document_count; i++) {
        draft_next(draft, i == 0);
        draft_write(draft, rule->documents[i]);
    }
    if (rule->document_count > 0) {
        (void)draft_row(draft, OUTLINE_LIST, &documents);
    }
    draft_needs(draft, &needs, rule->needs, rule->need_count);
    draft_needs(draft, &warns, rule->warns, rule->warn_count);
    if (rule->backdate_given) {
        draft_length(draft, &backdate, rule->backdate);
    }
}

static void draft_rule(struct draft *draft, const struct rule *rule)
{
    static const struct noun cancel = {"cancel", "cancels", "撤销计时"};
    static const struct noun start = {"start", "starts", "起算"};
    static const struct noun resume = {"resume", "resumes", "恢复计时"};
    static const struct noun pause = {"pause", "pauses", "中止计时"};
    static const struct noun extend = {"extend", "extends", "延长"};
    static const struct noun meet = {"meet", "meets", "办结"};
    static const struct noun unset = {"unset", "not known any more", "不再已知"};

    draft_conditions(draft, rule);
    draft_sets(draft, rule);
    draft_facts_of(draft, &unset, &rule->unsets);
    draft_acts(draft, &cancel, rule->cancels, rule->cancel_count);
    draft_acts(draft, &start, rule->starts, rule->start_count);
    draft_valued(draft, &resume, rule->resumes, rule->resume_count);
    draft_valued(draft, &pause, rule->pauses, rule->pause_count);
    draft_valued(draft, &extend, rule->extends, rule->extend_count);
    draft_valued(draft, &meet, rule->meets, rule->meet_count);
    draft_to(draft, rule);
    draft_errands(draft, rule);
    draft_notifies(draft, rule->notifies, rule->notify_count);
}

/* An event is called by its only rule's words, else by its own; a clock's end that nobody gave
 * words has the clock's. */
static void name_offer(struct draft *draft, const struct offer *offer, bool named)
{
    const struct event_name *event = &draft->procedure->events[offer->event];
    const struct label *of_rule = &offer->rules[0].label;
    bool rule_speaks = !named && (!text_empty(of_rule->zh) || !text_empty(of_rule->en));
    bool silent = !rule_speaks && text_empty(event->label.zh) && text_empty(event->label.en);
    struct text words = {0};

    if (silent && event->family == EVENT_CLOCK_END && !draft->spent) {
        spoken_event(draft->words_out, draft->procedure, offer->event);
        words = draft_words_taken(draft);
    }

    struct outline_row *row = draft_open_named(draft, event->name, NULL);

    row->ordered = named;
    row->label = rule_speaks ? of_rule : &event->label;
    row->words = words;
}

static void draft_offer(struct draft *draft, const struct offer *offer)
{
    bool named = offer->rule_count != 1 || !text_empty(offer->rules[0].name);

    draft->mark = offer->mark.line > 0 ? offer->mark : draft->mark;

    name_offer(draft, offer, named);
    for (uint32_t i = 0; i < offer->rule_count; i++) {
        if (named) {
            (void)draft_open_named(draft, offer->rules[i].name, &offer->rules[i].label);
        }
        draft_rule(draft, &offer->rules[i]);
        if (named) {
            draft_close(draft);
        }
    }
    draft_close(draft);
}

void draft_offers(struct draft *draft, const struct noun *noun, const struct offer *offers,
                  uint32_t count)
{
    if (count == 0) {
        return;
    }
    (void)draft_open(draft, noun);
    for (uint32_t i = 0; i < count; i++) {
        draft_offer(draft, &offers[i]);
    }
    draft_close(draft);
}

static void draft_enter(struct draft *draft, const struct stage *stage)
{
    static const struct noun enter = {"enter", "on entering", "进入时"};
    static const struct noun start = {"start", "starts", "起算"};
    static const struct noun cancel = {"cancel", "cancels", "撤销计时"};

    if (stage->start_count + stage->cancel_count + stage->notify_count == 0) {
        return;
    }
    (void)draft_open(draft, &enter);
    draft_acts(draft, &start, stage->starts, stage->start_count);
    draft_acts(draft, &cancel, stage->cancels, stage->cancel_count);
    draft_notifies(draft, stage->notifies, stage->notify_count);
    draft_close(draft);
}

static void draft_outlives(struct draft *draft, const struct stage *stage)
{
    static const struct noun outlives = {"outlives", "still run", "仍须完成"};
    bool first = true;

    for (uint16_t i = 0; i < draft->procedure->clock_count; i++) {
        if ((stage->outlives >> i & 1) != 0) {
            draft_next(draft, first);
            draft_write_both(draft, draft->procedure->clocks[i].name,
                             spoken_clock(draft->procedure, i));
            first = false;
        }
    }
    if (!first) {
        (void)draft_row(draft, OUTLINE_LIST, &outlives);
    }
}

static void draft_no_limit(struct draft *draft, const struct stage *stage)
{
    static const struct noun no_limit = {"no_limit", "no limit runs", "不设期限"};
    const struct label *label = &stage->no_limit_label;
    bool chinese = words_language() == LANGUAGE_ZH;

    if (stage->no_limit) {
        draft_write_both(draft, label_words(label, TEXT("true"), true),
                         label_words(label, text_of(words_pick("yes", "是")), chinese));
        (void)draft_row(draft, OUTLINE_TEXT, &no_limit);
    }
}

void draft_stages(struct draft *draft)
{
    static const struct noun stages = {"stages", "Stages", "阶段"};
    static const struct noun final = {"final", "ends the case as", "办结"};
    static const struct noun events = {"events", "events", "事件"};
    const struct procedure *procedure = draft->procedure;

    if (procedure->stage_count == 0) {
        return;
    }
    (void)draft_open(draft, &stages);
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];

        (void)draft_open_named(draft, stage->name, &stage->label);
        draft_no_limit(draft, stage);
        if (stage->final) {
            draft_text(draft, &final, stage->outcome);
        }
        draft_outlives(draft, stage);
        draft_enter(draft, stage);
        draft_offers(draft, &events, stage->offers, stage->offer_count);
        draft_close(draft);
    }
    draft_close(draft);
}
