#include "engine/answer.h"
#include "engine/entry_words.h"
#include "engine/receipt.h"
#include "engine/tell.h"

#include "core/scope.h"
#include "core/why.h"

/* How far back refusals are looked for, and how many are told. */
enum { REFUSALS_LOOKED = 32, REFUSALS_TOLD = 3 };

struct telling {
    struct slice *slice;
    const struct found_case *found;
    struct json *json;
};

static struct text truth_word(enum truth truth)
{
    return truth == TRUTH_TRUE    ? TEXT("yes")
           : truth == TRUTH_FALSE ? TEXT("no")
                                  : TEXT("unknown");
}

/* Whether a name stands for what only the event will tell. */
static bool is_of_event(const struct symbol *symbol)
{
    switch ((enum symbol_kind)symbol->kind) {
    case SYMBOL_EVENT_FACT:
    case SYMBOL_OCCURRED:
    case SYMBOL_RECEIVED:
    case SYMBOL_PERSON:
    case SYMBOL_SENDER:
    case SYMBOL_ACTORS:
    case SYMBOL_CERTIFIED:
    case SYMBOL_OF_UNIT:
        return true;
    case SYMBOL_FACT:
    case SYMBOL_DEFINE:
    case SYMBOL_STAGE:
    case SYMBOL_AGENCY:
    case SYMBOL_UNIT:
    case SYMBOL_OPENED:
    case SYMBOL_CASE:
    case SYMBOL_OPENER:
    case SYMBOL_CLOCK:
    case SYMBOL_REGISTER:
        break;
    }
    return false;
}

/* Whether a condition asks the event: some name below its node does. Children stand before
 * their parents, so one walk back meets all of them. */
static bool asks_event(const struct guard *guard, uint16_t root)
{
    bool below[GUARD_NODES_MAX] = {false};

    below[root] = true;
    for (uint32_t at = root + 1U; at-- > 0;) {
        const struct guard_node *node = &guard->nodes[at];
        uint32_t children = below[at] ? guard_children(node) : 0;

        if (below[at] && node->operation == GUARD_NAME && is_of_event(&node->symbol)) {
            return true;
        }
        below[node->left] = below[node->left] || children > 0;
        below[node->right] = below[node->right] || children > 1;
    }
    return false;
}

/* Whether it holds; `event` where that depends on who acts and on what the event carries. */
static struct text leaf_word(const struct why_need *need, const struct guard_leaf *leaf)
{
    return asks_event(need->need->that, leaf->node) ? TEXT("event") : truth_word(leaf->truth);
}

/* The same of a need: one that fails by what the case already is fails whatever comes. */
static struct text need_word(const struct why_need *need)
{
    bool by_event = false;

    for (uint32_t i = 0; i < need->leaf_count; i++) {
        const struct guard_leaf *leaf = &need->leaves[i];
        bool own = !asks_event(need->need->that, leaf->node);

        if (own && leaf->decided && leaf->truth == TRUTH_FALSE && need->truth == TRUTH_FALSE) {
            return TEXT("no");
        }
        by_event = by_event || !own;
    }
    return by_event ? TEXT("event") : truth_word(need->truth);
}

static bool is_assigned(const struct case_state *state, uint16_t role)
{
    for (uint32_t i = 0; i < state->participant_count; i++) {
        if (state->participants[i].role == role && state->participants[i].assigned) {
            return true;
        }
    }
    return false;
}

/* Who holds a role in this case now: those assigned, else who holds the post; and whoever acts
 * for him. */
static void tell_persons(const struct telling *telling, uint16_t role)
{
    const struct installed *installed = telling->slice->sources->law->installed;
    const struct found_case *found = telling->found;
    const struct role *known = &found->procedure->roles[role];
    struct concerned concerned = {
        .installed = installed,
        .procedure = found->procedure,
        .state = &found->state,
        .agency = found->agency,
        .date = date_of_instant(telling->slice->sources->now_ms, found->agency->office.zone_ms),
    };
    struct receiver receivers[RECEIVED_MAX];
    uint32_t count = known->outside ? 0 : receivers_in(&concerned, role, receivers);
    bool told = !known->assigned || is_assigned(&found->state, role);

    json_open_list(telling->json, "persons");
    for (uint32_t i = 0; told && i < count; i++) {
        if (receivers[i].stead == STEAD_DEPUTY) {
            json_put(telling->json, NULL, receivers[i].in_stead_of);
        }
        json_put(telling->json, NULL, receivers[i].person);
    }
    json_close(telling->json);
}

static void tell_role(const struct telling *telling, uint16_t role)
{
    const struct role *known = &telling->found->procedure->roles[role];

    json_open(telling->json, NULL);
    account_put_words(telling->json, "role", known->name, &known->label,
                      telling->found->procedure);
    tell_persons(telling, role);
    json_close(telling->json);
}

/* Nobody named: any role of the agency may. */
static void tell_by(const struct telling *telling, uint64_t by)
{
    json_open_list(telling->json, "by");
    for (uint16_t role = 0; role < telling->found->procedure->role_count; role++) {
        if ((by >> role & 1) != 0) {
            tell_role(telling, role);
        }
    }
    json_close(telling->json);
}

/* The conditions of a need, each as it is written with whether it holds. */
static void tell_leaves(const struct telling *telling, const struct why_need *need)
{
    json_open_list(telling->json, "conditions");
    for (uint32_t i = 0; i < need->leaf_count; i++) {
        json_open(telling->json, NULL);
        json_put(telling->json, "condition", need->leaves[i].text);
        json_put(telling->json, "holds", leaf_word(need, &need->leaves[i]));
        json_put_number(telling->json, "depth", need->leaves[i].depth);
        json_close(telling->json);
    }
    json_close(telling->json);
}

static void tell_needs(const struct telling *telling, const struct why_rule *rule)
{
    json_open_list(telling->json, "needs");
    for (uint32_t i = 0; i < rule->need_count; i++) {
        const struct why_need *need = &rule->needs[i];

        json_open(telling->json, NULL);
        account_put_words(telling->json, "need", need->need->name, &need->need->label,
                          telling->found->procedure);
        json_put_some(telling->json, "law", need->need->label.law);
        json_put(telling->json, "holds", need_word(need));
        tell_leaves(telling, need);
        json_close(telling->json);
    }
    json_close(telling->json);
}

static void tell_names(const struct telling *telling, const struct why_rule *rule)
{
    const struct procedure *procedure = telling->found->procedure;
    const struct rule *taken = rule->rule;

    json_open_list(telling->json, "takes");
    for (uint16_t fact = 0; fact < procedure->fact_count; fact++) {
        if (fact_mask_has(&taken->takes, fact)) {
            json_put(telling->json, NULL, procedure->facts[fact].name);
        }
    }
    json_close(telling->json);
    json_open_list(telling->json, "documents");
    for (uint32_t i = 0; i < taken->document_count; i++) {
        json_put(telling->json, NULL, taken->documents[i]);
    }
    json_close(telling->json);
    json_open_list(telling->json, "to");
    for (uint32_t i = 0; i < taken->to_count; i++) {
        const struct stage *stage = &procedure->stages[taken->to[i].stage];

        json_open(telling->json, NULL);
        account_put_words(telling->json, "stage", stage->name, &stage->label, procedure);
        json_close(telling->json);
    }
    json_close(telling->json);
}

/* Whether it would be taken as things stand: the worst of its needs. */
static struct text readiness(const struct why_rule *rule)
{
    struct text all = truth_word(rule->when);

    for (uint32_t i = 0; i < rule->need_count; i++) {
        struct text word = need_word(&rule->needs[i]);

        if (text_is(word, "no")) {
            return word;
        }
        all = text_is(word, "yes") ? all : word;
    }
    return all;
}

static void tell_rules(const struct telling *telling, const struct why *why)
{
    const struct procedure *procedure = telling->found->procedure;

    json_open_list(telling->json, "events");
    for (uint32_t i = 0; i < why->rule_count; i++) {
        const struct why_rule *rule = &why->rules[i];
        const struct event_name *event = &procedure->events[rule->event];

        json_open(telling->json, NULL);
        account_put_words(telling->json, "event", event->name, &event->label, procedure);
        if (!text_empty(rule->rule->name)) {
            account_put_words(telling->json, "rule", rule->rule->name, &rule->rule->label,
                              procedure);
        }
        json_put_some(telling->json, "law",
                      text_empty(rule->rule->label.law) ? event->label.law
                                                        : rule->rule->label.law);
        json_put_flag(telling->json, "anytime", rule->anytime);
        json_put(telling->json, "ready", readiness(rule));
        if (rule->rule->when != NULL) {
            json_put(telling->json, "when", rule->rule->when->text);
        }
        tell_by(telling, rule->rule->by);
        tell_names(telling, rule);
        tell_needs(telling, rule);
        json_close(telling->json);
    }
    json_close(telling->json);
}

static void tell_limits(const struct telling *telling, const struct why *why)
{
    int64_t now_ms = telling->slice->sources->now_ms;

    json_open_list(telling->json, "limits");
    for (uint32_t i = 0; i < why->clock_count; i++) {
        const struct instance *instance = why->clocks[i].instance;
        const struct clock *clock = &telling->found->procedure->clocks[instance->clock];

        json_open(telling->json, NULL);
        answer_tell_clock(telling->json, telling->found, instance);
        if (instance->due.due_ms != INSTANT_NEVER) {
            json_put_number(telling->json, "left_ms", instance->due.due_ms - now_ms);
        }
        if (clock->kind == CLOCK_ACCRUAL) {
            json_put_number(telling->json, "amount_fen", why->clocks[i].amount);
        }
        json_close(telling->json);
    }
    json_close(telling->json);
}

static void tell_entry(struct json *json, const struct entry *entry,
                       const struct procedure *procedure)
{
    char words[ENTRY_WORDS_BYTES];
    size_t size = entry_words(entry, procedure, true, words);

    json_put(json, "entry", entry->name);
    json_put(json, "entry_zh", (struct text){words, size});
    size = entry_words(entry, procedure, false, words);
    json_put(json, "entry_en", (struct text){words, size});
}

/* What a limit is when nobody met it. */
static enum instance_state end_state(enum clock_kind kind)
{
    static const enum instance_state states[] = {
        [CLOCK_DUTY] = INSTANCE_OVERDUE,
        [CLOCK_WINDOW] = INSTANCE_ELAPSED,
        [CLOCK_ACCRUAL] = INSTANCE_CAPPED,
    };

    return states[kind];
}

/* Its end, an entry of it by name, or the review of a long pause. */
static void tell_moment(const struct telling *telling, const struct why_moment *moment)
{
    const struct procedure *procedure = telling->found->procedure;
    const struct clock *clock = &procedure->clocks[moment->clock];

    json_open(telling->json, NULL);
    account_put_words(telling->json, "clock", clock->name, &clock->label, procedure);
    json_put_number(telling->json, "instance", moment->number);
    if (moment->end) {
        json_put(telling->json, "what", TEXT("end"));
        json_put(telling->json, "ends", clock_end_word(clock->kind));
        json_put(telling->json, "ends_zh", tell_state(end_state(clock->kind), true));
        json_put(telling->json, "ends_en", tell_state(end_state(clock->kind), false));
    } else if (moment->entry == NO_INDEX) {
        json_put(telling->json, "what", TEXT("review"));
    } else {
        const struct entry *entry = &clock->entries[moment->entry];

        json_put(telling->json, "what", entry->rung ? TEXT("rung") : TEXT("reminder"));
        tell_entry(telling->json, entry, procedure);
    }
    if (moment->role != NO_INDEX) {
        const struct role *role = &procedure->roles[moment->role];

        account_put_words(telling->json, "role", role->name, &role->label, procedure);
        tell_persons(telling, moment->role);
    }
    json_close(telling->json);
}

static void tell_next(const struct telling *telling, const struct why *why)
{
    json_open(telling->json, "next");
    account_put_instant(telling->json, "at", why->next_ms,
                        telling->found->agency->office.zone_ms);
    json_open_list(telling->json, "fires");
    for (uint32_t i = 0; i < why->moment_count; i++) {
        tell_moment(telling, &why->moments[i]);
    }
    json_close(telling->json);
    json_close(telling->json);
}

/* What was refused lately, the last first. */
static enum status tell_refusals(const struct telling *telling)
{
    const struct case_file *file = &telling->found->file;
    uint32_t told = 0;
    enum status status = STATUS_OK;

    json_open_list(telling->json, "refusals");
    for (uint32_t i = 0; i < file->entries && i < REFUSALS_LOOKED && told < REFUSALS_TOLD &&
                         status == STATUS_OK;
         i++) {
        struct account account;
        struct record record;

        status = answer_read_record(
            telling->slice,
            casefile_record(telling->slice->sources->snapshot, file, file->entries - 1 - i),
            &account, &record);
        if (status == STATUS_OK && record.verdict == RECORD_REJECTED) {
            account.agency = telling->found->state.agency;
            account.case_id = telling->found->state.id;
            account_tell(&account, telling->slice->arena, telling->json);
            told++;
        }
    }
    json_close(telling->json);
    return status;
}

enum status answer_why(struct slice *slice)
{
    struct found_case found;
    struct telling telling = {.slice = slice, .found = &found, .json = slice->json};
    struct why why;
    enum status status = answer_find_case(slice, &found);

    if (status != STATUS_OK) {
        return status;
    }

    struct step step = {
        .procedure = found.procedure,
        .installed = slice->sources->law->installed,
        .agency = found.agency,
        .before = &found.state,
        .now_ms = slice->sources->now_ms,
    };

    if (!case_why(&step, slice->arena, &why)) {
        return STATUS_NO_MEMORY;
    }
    json_open(slice->json, NULL);
    answer_tell_case(slice, &found, "case");
    tell_rules(&telling, &why);
    tell_limits(&telling, &why);
    tell_next(&telling, &why);
    if (found.procedure->stages[found.state.stage].no_limit) {
        const struct stage *stage = &found.procedure->stages[found.state.stage];

        json_open(slice->json, "no_limit");
        json_put(slice->json, "zh", label_words(&stage->no_limit_label, TEXT(""), true));
        json_put(slice->json, "en", label_words(&stage->no_limit_label, TEXT(""), false));
        json_put_some(slice->json, "law", stage->no_limit_label.law);
        json_close(slice->json);
    }
    status = tell_refusals(&telling);
    if (status == STATUS_OK) {
        json_close(slice->json);
    }
    return status;
}
