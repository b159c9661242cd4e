#include "engine/answer.h"
#include "engine/receipt.h"
#include "engine/tell.h"

struct text answer_phase(enum case_phase phase)
{
    static const struct text words[] = {
        [CASE_NEW] = TEXT_INIT("new"),
        [CASE_OPEN] = TEXT_INIT("open"),
        [CASE_ENDING] = TEXT_INIT("ending"),
        [CASE_CLOSED] = TEXT_INIT("closed"),
    };

    return words[phase];
}

static void tell_facts(struct json *json, const struct found_case *found)
{
    const struct procedure *procedure = found->procedure;
    char words[2 * TEXT_MAX];

    json_open_list(json, "facts");
    for (uint32_t i = 0; i < procedure->fact_count; i++) {
        const struct fact *fact = &procedure->facts[i];
        const struct value *value = &found->state.facts[i].value;

        if (!value->known) {
            continue;
        }
        json_open(json, NULL);
        account_put_words(json, "fact", fact->name, &fact->label, procedure);
        if (fact->private || value->sealed) {
            json_put(json, "value", ACCOUNT_MASK);
        } else {
            size_t size = value_print(value, &fact->choices, found->agency->office.zone_ms,
                                      words, sizeof(words));

            json_put(json, "value", (struct text){words, size});
        }
        json_close(json);
    }
    json_close(json);
}

void answer_tell_clock(struct json *json, const struct found_case *found,
                       const struct instance *instance)
{
    const struct procedure *procedure = found->procedure;
    const struct clock *clock = &procedure->clocks[instance->clock];
    int64_t zone_ms = found->agency->office.zone_ms;

    account_put_words(json, "clock", clock->name, &clock->label, procedure);
    json_put_number(json, "instance", instance->number);
    json_put(json, "state", instance_state_word(instance->state));
    json_put(json, "state_zh", tell_state(instance->state, true));
    json_put(json, "state_en", tell_state(instance->state, false));
    account_put_instant(json, "started", instance->started_ms, zone_ms);
    account_put_date(json, "last_day", instance->due.last_day);
    account_put_instant(json, "due", instance->due.due_ms, zone_ms);
    account_put_instant(json, "ended", instance->ended_ms, zone_ms);
    json_put_flag(json, "provisional", instance->due.provisional);
    if (clock->owner < procedure->role_count) {
        const struct role *owner = &procedure->roles[clock->owner];

        account_put_words(json, "owner", owner->name, &owner->label, procedure);
    }
    json_put_some(json, "law", clock->label.law);
}

static void tell_clocks(struct json *json, const struct found_case *found)
{
    json_open_list(json, "clocks");
    for (uint32_t i = 0; i < found->state.instance_count; i++) {
        json_open(json, NULL);
        answer_tell_clock(json, found, &found->state.instances[i]);
        json_close(json);
    }
    json_close(json);
}

static void tell_people(struct json *json, const struct found_case *found)
{
    json_open_list(json, "people");
    for (uint32_t i = 0; i < found->state.participant_count; i++) {
        const struct participant *participant = &found->state.participants[i];

        json_open(json, NULL);
        if (participant->role < found->procedure->role_count) {
            const struct role *role = &found->procedure->roles[participant->role];

            account_put_words(json, "role", role->name, &role->label, found->procedure);
        }
        json_put(json, "person", participant->person);
        json_put_flag(json, "assigned", participant->assigned);
        json_put_flag(json, "acted", participant->acted);
        json_close(json);
    }
    json_close(json);
}

static const struct label *label_among(const struct need *needs, uint32_t count,
                                       struct text code)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(needs[i].name, code)) {
            return &needs[i].label;
        }
    }
    return NULL;
}

static const struct label *label_in(const struct offer *offers, uint32_t count,
                                    struct text code)
{
    const struct label *label = NULL;

    for (uint32_t i = 0; i < count && label == NULL; i++) {
        for (uint32_t j = 0; j < offers[i].rule_count && label == NULL; j++) {
            const struct rule *rule = &offers[i].rules[j];

            label = label_among(rule->needs, rule->need_count, code);
            if (label == NULL) {
                label = label_among(rule->warns, rule->warn_count, code);
            }
        }
    }
    return label;
}

/* The words of a need by its name; a defect keeps the name alone. */
static const struct label *need_label(const struct procedure *procedure, struct text code)
{
    const struct label *label = label_among(procedure->needs, procedure->need_count, code);

    for (uint32_t i = 0; i < procedure->stage_count && label == NULL; i++) {
        label = label_in(procedure->stages[i].offers, procedure->stages[i].offer_count, code);
    }
    if (label == NULL) {
        label = label_in(procedure->anytime, procedure->anytime_count, code);
    }
    return label != NULL ? label : label_in(procedure->opens, procedure->open_count, code);
}

static void tell_defects(struct json *json, const struct found_case *found)
{
    json_open_list(json, "defects");
    for (uint32_t i = 0; i < found->state.defect_count; i++) {
        const struct defect *defect = &found->state.defects[i];

        json_open(json, NULL);
        account_put_words(json, "defect", defect->code,
                          need_label(found->procedure, defect->code), found->procedure);
        json_put_some(json, "law", defect->law);
        account_put_instant(json, "at", defect->at_ms, found->agency->office.zone_ms);
        json_close(json);
    }
    json_close(json);
}

void answer_tell_case(struct slice *slice, const struct found_case *found, const char *name)
{
    struct json *json = slice->json;
    const struct case_state *state = &found->state;
    const struct procedure *procedure = found->procedure;
    const struct stage *stage = &procedure->stages[state->stage];
    int64_t zone_ms = found->agency->office.zone_ms;

    json_open(json, name);
    json_put(json, "case", state->id);
    json_put(json, "agency", state->agency);
    json_put(json, "agency_zh", found->agency->zh);
    json_put(json, "agency_en", found->agency->en);
    json_put_some(json, "unit", state->unit);
    json_put_some(json, "opener", state->opener);
    account_put_words(json, "procedure", procedure->name, &procedure->label, procedure);
    json_put_number(json, "version", procedure->version);
    json_put(json, "state", answer_phase(state->phase));
    account_put_words(json, "stage", stage->name, &stage->label, procedure);
    if (stage->final) {
        account_put_words(json, "outcome", stage->outcome, NULL, procedure);
    }
    json_put_flag(json, "on_hold", state->on_hold);
    json_put_number(json, "revision", state->revision);
    account_put_instant(json, "opened", state->opened_ms, zone_ms);
    account_put_instant(json, "next_moment", state->next_ms, zone_ms);
    tell_people(json, found);
    tell_facts(json, found);
    tell_clocks(json, found);
    tell_defects(json, found);
    json_close(json);
}
