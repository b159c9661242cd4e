#include "base/must.h"
#include "model/oracle.h"
#include "model/oracle_standing.h"
#include "model/say.h"

#include <string.h>

/* Whether an event may pass: its rule, then all that the rule and the people must fulfil. */

const struct text *oracle_carried(const struct oracle_event *event, const char *name)
{
    for (uint32_t i = 0; event->event != NULL && i < event->event->fact_count; i++) {
        if (text_is(event->event->facts[i].name, name)) {
            return &event->event->facts[i].value;
        }
    }
    return NULL;
}

static uint16_t role_named(const struct procedure *procedure, struct text name)
{
    for (uint32_t i = 0; i < procedure->role_count; i++) {
        if (text_equal(procedure->roles[i].name, name)) {
            return (uint16_t)i;
        }
    }
    return NO_INDEX;
}

/* Who holds a role. */
static bool in_force(int32_t from, int32_t to, int32_t day)
{
    return (from == DATE_NONE || from <= day) && (to == DATE_NONE || day <= to);
}

static bool deputises(const struct oracle *oracle, struct text who, struct text for_whom,
                      struct text role, int32_t day)
{
    const struct installed *installed = oracle->world.installed;

    for (uint32_t i = 0; i < installed->deputy_count; i++) {
        const struct deputy *deputy = &installed->deputies[i];

        if (text_equal(installed->people[deputy->deputy].id, who) &&
            text_equal(installed->people[deputy->person].id, for_whom) &&
            (text_empty(deputy->role) || text_equal(deputy->role, role)) &&
            in_force(deputy->from, deputy->to, day)) {
            return true;
        }
    }
    return false;
}

/* A holder of the unit or the agency, or of the parent where the role is above; or a deputy. */
static bool holds_by_office(const struct oracle *oracle, uint16_t at_role, struct text who,
                            int32_t day)
{
    const struct installed *installed = oracle->world.installed;
    const struct role *role = &oracle->world.procedure->roles[at_role];

    for (uint32_t i = 0; i < installed->holding_count; i++) {
        const struct holding *holding = &installed->holdings[i];
        bool here = holding->agency == oracle->world.agency &&
                    (text_empty(holding->unit) || text_equal(holding->unit, oracle->now.unit));
        bool above = role->above && text_empty(holding->unit) &&
                     holding->agency == oracle_agency(oracle)->parent;

        if (!text_equal(holding->role, role->name) || !(here || above) ||
            !in_force(holding->from, holding->to, day)) {
            continue;
        }
        if (text_equal(installed->people[holding->person].id, who) ||
            deputises(oracle, who, installed->people[holding->person].id, role->name, day)) {
            return true;
        }
    }
    return false;
}

/* Assigned to the case, or in place of who is; where nobody is, by office. */
static bool holds(const struct oracle *oracle, uint16_t at_role, struct text who, int32_t day)
{
    const struct role *role = &oracle->world.procedure->roles[at_role];
    const struct oracle_case *state = &oracle->now;
    bool anybody = false;

    for (uint32_t i = 0; i < state->person_count; i++) {
        const struct oracle_person *person = &state->people[i];

        if (!person->assigned || person->role != at_role) {
            continue;
        }
        anybody = true;
        if (text_equal(person->person, who) ||
            deputises(oracle, who, person->person, role->name, day)) {
            return true;
        }
    }
    return !anybody && holds_by_office(oracle, at_role, who, day);
}

/* The same person in two roles that must be apart. */
static void judge_apart(struct oracle *oracle, uint16_t role, struct text who)
{
    const struct procedure *procedure = oracle->world.procedure;

    for (uint32_t i = 0; i < procedure->apart_count; i++) {
        uint64_t roles = procedure->aparts[i].roles;

        for (uint32_t p = 0; (roles >> role & 1) != 0 && p < oracle->next.person_count; p++) {
            const struct oracle_person *other = &oracle->next.people[p];

            if (other->role != role && (roles >> other->role & 1) != 0 &&
                text_equal(other->person, who)) {
                oracle_refuse(oracle, TEXT("apart"));
            }
        }
    }
}

/* From here on this person stands in the role. */
static void note_person(struct oracle *oracle, uint16_t role, struct text who, bool acted)
{
    struct oracle_case *state = &oracle->next;
    uint32_t i = 0;

    while (i < state->person_count &&
           !(state->people[i].role == role && text_equal(state->people[i].person, who))) {
        i++;
    }
    if (i == state->person_count) {
        MUST(state->person_count < ORACLE_PEOPLE);
        state->people[state->person_count++] =
            (struct oracle_person){.role = role, .person = who};
    }
    state->people[i].acted |= acted;
}

/* Of those who took part it is not said in which role: any that the rule names will do. */
static bool holds_one_of(const struct oracle *oracle, uint64_t by, struct text who, int32_t day)
{
    const struct procedure *procedure = oracle->world.procedure;

    for (uint32_t i = 0; i < procedure->role_count; i++) {
        if ((by >> i & 1) != 0 && !procedure->roles[i].outside &&
            holds(oracle, (uint16_t)i, who, day)) {
            return true;
        }
    }
    return false;
}

void oracle_judge_people(struct oracle *oracle, uint64_t by)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct event *event = oracle->event->event;
    uint16_t role = oracle->event->role;
    int32_t day = oracle_date(oracle, event->occurred_ms);

    if (role == NO_INDEX ||
        (by != 0 ? (by >> role & 1) == 0 : procedure->roles[role].outside)) {
        oracle_refuse(oracle, TEXT("by"));
        return;
    }
    if (procedure->roles[role].outside) {
        return;
    }
    for (uint32_t at = 0; at <= event->with_count; at++) {
        struct text who = at == 0 ? event->person : event->with[at - 1];

        if (!holds(oracle, role, who, day) && !(at > 0 && holds_one_of(oracle, by, who, day))) {
            oracle_refuse(oracle, TEXT("not_holder"));
        }
        judge_apart(oracle, role, who);
    }
    for (uint32_t at = 0; at <= event->with_count; at++) {
        struct text who = at == 0 ? event->person : event->with[at - 1];

        if (!text_empty(who)) {
            note_person(oracle, role, who, true);
        }
    }
}

/* Whoever acts in this very event, in whatever role he says. */
static void judge_apart_from_actors(struct oracle *oracle, uint16_t role, struct text who)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct event *event = oracle->event->event;
    uint16_t acting = oracle->event->role;

    for (uint32_t i = 0; acting != NO_INDEX && acting != role && i < procedure->apart_count;
         i++) {
        uint64_t roles = procedure->aparts[i].roles;

        for (uint32_t at = 0; at <= event->with_count; at++) {
            struct text actor = at == 0 ? event->person : event->with[at - 1];

            if ((roles >> role & 1) != 0 && (roles >> acting & 1) != 0 &&
                text_equal(actor, who)) {
                oracle_refuse(oracle, TEXT("apart"));
            }
        }
    }
}

/* Persons about to be bound to a role, as a list. */
void oracle_judge_bound(struct oracle *oracle, uint16_t role, struct text persons)
{
    if (text_empty(text_trim(persons))) {
        oracle_refuse(oracle, TEXT("no_person"));
    }
    while (persons.size > 0) {
        struct text rest;
        struct text who = text_trim(text_cut(persons, ',', &rest));

        if (!holds_by_office(oracle, role, who,
                             oracle_date(oracle, oracle->event->occurred_ms))) {
            oracle_refuse(oracle, TEXT("not_holder"));
        }
        judge_apart(oracle, role, who);
        judge_apart_from_actors(oracle, role, who);
        note_person(oracle, role, who, false); /* the next role sees him; bound later */
        persons = rest;
    }
}

/* What is carried. */
static bool assigns(const struct oracle *oracle, const struct rule *rule, struct text name)
{
    uint16_t role = role_named(oracle->world.procedure, name);

    return rule != NULL && role != NO_INDEX && (rule->assigns >> role & 1) != 0;
}

static bool has_bit(const struct fact_mask *mask, uint32_t fact)
{
    return (mask->bits[fact / 64] >> (fact % 64) & 1) != 0;
}

static void judge_carried(struct oracle *oracle, const struct rule *rule)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct event *event = oracle->event->event;

    for (uint32_t i = 0; i < event->fact_count; i++) {
        uint32_t fact = 0;

        if (assigns(oracle, rule, event->facts[i].name) ||
            standing_carries(oracle, event->facts[i].name)) {
            continue;
        }
        while (fact < procedure->fact_count &&
               !text_equal(procedure->facts[fact].name, event->facts[i].name)) {
            fact++;
        }
        if (fact == procedure->fact_count || rule == NULL ||
            !(has_bit(&rule->takes, fact) || has_bit(&rule->may_take, fact))) {
            oracle_refuse(oracle, TEXT("not_taken"));
        }
    }
    for (uint32_t i = 0; rule != NULL && i < procedure->fact_count; i++) {
        bool there = false;

        for (uint32_t j = 0; j < event->fact_count; j++) {
            there |= text_equal(event->facts[j].name, procedure->facts[i].name);
        }
        if (has_bit(&rule->takes, i) && !there) {
            oracle_refuse(oracle, TEXT("takes"));
        }
    }
}

/* A fact that must be a key of a register is one, on the day. */
static void judge_registers(struct oracle *oracle)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct installed *installed = oracle->world.installed;
    int32_t day = oracle_date(oracle, oracle->event->occurred_ms);

    for (uint32_t i = 0; i < procedure->fact_count; i++) {
        const struct value *value = &oracle->event->carried[i];
        bool found = false;

        if (!value->known || text_empty(procedure->facts[i].registry)) {
            continue;
        }
        for (uint32_t r = 0; r < installed->registry_count; r++) {
            const struct registry *registry = &installed->registries[r];

            for (uint32_t row = 0; row < registry->row_count; row++) {
                found |= text_equal(registry->name, procedure->facts[i].registry) &&
                         text_equal(registry->rows[row].cells[0].text, value->text) &&
                         in_force(registry->rows[row].from, registry->rows[row].to, day);
            }
        }
        if (!found) {
            oracle_refuse(oracle, TEXT("not_in_register"));
        }
    }
}

static void judge_time(struct oracle *oracle, const struct rule *rule)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct event *event = oracle->event->event;
    struct length allowed =
        rule != NULL && rule->backdate_given ? rule->backdate : procedure->backdate;
    int32_t day = oracle_date(oracle, event->occurred_ms);

    if (event->occurred_ms > oracle->event->now_ms + 120000) {
        oracle_refuse(oracle, TEXT("future"));
    }
    if (allowed.unit == LENGTH_HOURS || allowed.unit == LENGTH_MINUTES) {
        int64_t unit_ms = allowed.unit == LENGTH_HOURS ? 3600000 : 60000;

        if (oracle->event->now_ms - event->occurred_ms > allowed.count * unit_ms) {
            oracle_refuse(oracle, TEXT("backdate"));
        }
    } else if (oracle_date(oracle, oracle->event->now_ms) >
               walk_days(&oracle->world.walker, day, allowed, false)) {
        oracle_refuse(oracle, TEXT("backdate"));
    }
}

static void judge_rule(struct oracle *oracle, const struct rule *rule)
{
    const struct event *event = oracle->event->event;

    judge_carried(oracle, rule);
    judge_registers(oracle);
    judge_time(oracle, rule);
    for (uint32_t i = 0; rule != NULL && i < rule->document_count; i++) {
        bool there = false;

        for (uint32_t j = 0; j < event->document_count; j++) {
            there |= text_equal(event->documents[j], rule->documents[i]);
        }
        if (!there) {
            oracle_refuse(oracle, TEXT("documents"));
        }
    }
    for (uint32_t i = 0; rule != NULL && i < rule->need_count; i++) {
        struct said said = say(oracle, &oracle->now, rule->needs[i].that->text);

        if (!said_true(&said)) {
            oracle_refuse(oracle, rule->needs[i].name);
        }
    }
}

/* The first rule whose `when` is true. False: an unknown one stopped the search. */
static bool find_rule(struct oracle *oracle, const struct rule **found)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct stage *stage = &procedure->stages[oracle->now.stage];
    bool opens = oracle->now.phase == CASE_NEW;
    const struct offer *lists[] = {opens ? procedure->opens : stage->offers,
                                   procedure->anytime};
    uint32_t counts[] = {opens ? procedure->open_count : stage->offer_count,
                         opens ? 0 : procedure->anytime_count};

    *found = NULL;
    for (int list = 0; list < 2; list++) {
        for (uint32_t i = 0; i < counts[list]; i++) {
            const struct offer *offer = &lists[list][i];

            for (uint32_t r = 0; offer->event == oracle->event->type && r < offer->rule_count;
                 r++) {
                const struct rule *rule = &offer->rules[r];
                struct said said = {.kind = SAID_FLAG, .number = 1};

                if (list == 1 && !(rule->in == 0 ? !stage->final
                                                 : (rule->in >> oracle->now.stage & 1) != 0)) {
                    continue;
                }
                if (rule->when != NULL) {
                    said = say(oracle, &oracle->now, rule->when->text);
                }
                if (said_true(&said)) {
                    *found = rule;
                    return true;
                }
                if (!said_false(&said)) {
                    return false;
                }
            }
        }
    }
    return true;
}

/* What does not hold but may pass leaves its mark; also what a refusal leaves. */
static void leave_defect(struct oracle *oracle, const struct need *need)
{
    struct oracle_case *state = &oracle->next;

    if (state->defect_count < ORACLE_DEFECTS) {
        state->defects[state->defect_count++] = need->name;
    } else {
        state->defects_beyond++;
    }
    oracle_effect(oracle, EFFECT_DEFECT)->text = need->name;
}

static void leave_refused(struct oracle *oracle, const struct rule *rule)
{
    oracle_copy(&oracle->next, &oracle->now);
    oracle->effect_count = 0;
    for (uint32_t i = 0; rule != NULL && oracle->now.phase != CASE_NEW && i < rule->need_count;
         i++) {
        const struct need *need = &rule->needs[i];

        for (uint32_t c = 0; need->defect && c < oracle->code_count; c++) {
            if (text_equal(oracle->codes[c], need->name)) {
                leave_defect(oracle, need);
            }
        }
    }
    oracle_copy(&oracle->now, &oracle->next);
}

static void warn(struct oracle *oracle, const struct rule *rule)
{
    for (uint32_t i = 0; rule != NULL && i < rule->warn_count; i++) {
        struct said said = say(oracle, &oracle->now, rule->warns[i].that->text);

        if (said_true(&said)) {
            continue;
        }
        leave_defect(oracle, &rule->warns[i]);
        if (rule->warns[i].notify != NULL) {
            oracle_notify(oracle, rule->warns[i].notify);
        }
    }
}

static void read_event(struct oracle *oracle, const struct event *event, int64_t now_ms,
                       struct oracle_event *out)
{
    const struct procedure *procedure = oracle->world.procedure;

    memset(out, 0, sizeof(*out));
    out->event = event;
    out->type = NO_INDEX;
    out->family = standing_family(event->type);
    out->occurred_ms = event->occurred_ms;
    out->start_ms = event->occurred_ms;
    out->now_ms = now_ms;
    out->armed_ms = now_ms;
    out->role = role_named(procedure, event->role);
    for (uint32_t i = 0; i < procedure->event_count; i++) {
        if (text_equal(procedure->events[i].name, event->type)) {
            out->type = (uint16_t)i;
        }
    }
    for (uint32_t i = 0; i < procedure->fact_count; i++) {
        const struct fact *fact = &procedure->facts[i];

        out->carried[i].type = fact->type;
        for (uint32_t j = 0; j < event->fact_count; j++) {
            if (text_equal(event->facts[j].name, fact->name)) {
                out->carried[i] = say_value(event->facts[j].value, fact->type, &fact->choices,
                                            oracle->world.walker.zone_ms);
            }
        }
    }
}

/* What cannot be read as what it is called is no event to judge. */
static bool bad_values(struct oracle *oracle)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct event *event = oracle->event->event;

    for (uint32_t i = 0; i < event->fact_count; i++) {
        for (uint32_t fact = 0; fact < procedure->fact_count; fact++) {
            if (text_equal(procedure->facts[fact].name, event->facts[i].name) &&
                !oracle->event->carried[fact].known) {
                return true;
            }
        }
    }
    return false;
}

static bool refused_at_the_door(struct oracle *oracle, const struct rule **rule)
{
    enum event_family family = oracle->event->family;
    bool refused_closed = false;

    *rule = NULL;
    if (bad_values(oracle)) {
        oracle_refuse(oracle, TEXT("bad_value"));
    }
    if (family == EVENT_CLOCK_END) {
        oracle_refuse(oracle, TEXT("daemons_own")); /* the daemon's own */
        return true;
    }
    if (oracle->now.phase == CASE_CLOSED && family != EVENT_NOTED &&
        family != EVENT_CORRECTED && family != EVENT_DELIVERED && family != EVENT_BOUNCED) {
        oracle_refuse(oracle, TEXT("closed"));
        refused_closed = true;
    }
    if (!refused_closed && !find_rule(oracle, rule)) {
        oracle_refuse(oracle, TEXT("unknown"));
    }
    if (oracle->code_count > 0) {
        return true;
    }
    if (*rule == NULL && (family == EVENT_ORDINARY || family == EVENT_CLOCK_END ||
                          oracle->now.phase == CASE_NEW)) {
        oracle->verdict = VERDICT_NO_RULE;
        oracle_refuse(oracle, TEXT("no_rule"));
        return true;
    }
    return false;
}

static void judge_assigned(struct oracle *oracle, const struct rule *rule)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct event *event = oracle->event->event;

    for (uint32_t i = 0; rule != NULL && i < procedure->role_count; i++) {
        bool there = false;

        for (uint32_t j = 0; (rule->assigns >> i & 1) != 0 && j < event->fact_count; j++) {
            if (text_equal(event->facts[j].name, procedure->roles[i].name)) {
                there = true;
                oracle_judge_bound(oracle, (uint16_t)i, event->facts[j].value);
            }
        }
        if ((rule->assigns >> i & 1) != 0 && !there) {
            oracle_refuse(oracle, TEXT("no_person"));
        }
    }
}

static uint32_t extensions_of(const struct oracle *oracle, int place)
{
    uint32_t used = 0;

    for (uint32_t i = 0; i < oracle->now.stop_count; i++) {
        used += oracle->now.stops[i].instance == place && !oracle->now.stops[i].pause;
    }
    return used;
}

static bool among(const struct clock_act *acts, uint32_t count, uint16_t clock)
{
    bool there = false;

    for (uint32_t i = 0; i < count; i++) {
        there |= acts[i].clock == clock;
    }
    return there;
}

/* A refused event is told all that its extensions lacked, too. */
static void judge_extensions(struct oracle *oracle, const struct rule *rule)
{
    int asked = standing_extends(oracle);
    bool live = asked >= 0 && oracle_live(&oracle->now.instances[asked]);

    if (live) {
        oracle_judge_extension(oracle, oracle->now.instances[asked].clock,
                               extensions_of(oracle, asked));
    }
    for (uint32_t i = 0; rule != NULL && i < rule->extend_count; i++) {
        uint16_t clock = rule->extends[i].clock;
        int place = oracle_meant(oracle, clock);

        if (place >= 0 && oracle_live(&oracle->now.instances[place]) &&
            !among(rule->cancels, rule->cancel_count, clock)) {
            oracle_judge_extension(oracle, clock,
                                   extensions_of(oracle, place) + (place == asked ? 1 : 0));
        } else if (among(rule->starts, rule->start_count, clock)) {
            oracle_judge_extension(oracle, clock, 0);
        }
    }
}

void oracle_take(struct oracle *oracle, const struct event *event, int64_t now_ms)
{
    static struct oracle_event taken;
    const struct rule *rule;
    bool opening = oracle->now.phase == CASE_NEW;

    read_event(oracle, event, now_ms, &taken);
    oracle->event = &taken;
    oracle->effect_count = 0;
    oracle->code_count = 0;
    oracle->verdict = VERDICT_REJECTED;
    if (opening) {
        oracle->now.unit = event->unit;
    }
    oracle_copy(&oracle->next, &oracle->now);
    if (refused_at_the_door(oracle, &rule)) {
        return;
    }
    judge_rule(oracle, rule);
    if (standing_asks_who(oracle)) {
        oracle_judge_people(oracle, standing_by_roles(oracle, rule));
    }
    judge_assigned(oracle, rule);
    standing_judge_it(oracle);
    if (oracle->code_count > 0) {
        judge_extensions(oracle, rule);
        leave_refused(oracle, rule);
        return;
    }
    if (opening) {
        oracle->next.phase = CASE_OPEN;
        oracle->next.opened_ms = event->occurred_ms;
    }
    oracle->next.revision++;
    warn(oracle, rule);
    standing_act_it(oracle);
    if (rule != NULL) {
        oracle_act(oracle, rule);
    }
    oracle_close_if_done(oracle);
    if (oracle->code_count == 0 && oracle_asleep(oracle) && !oracle->next.stranded) {
        oracle_refuse(oracle, TEXT("stranded"));
    }
    oracle->next.stranded = oracle->next.stranded && oracle_asleep(oracle);
    if (oracle->code_count > 0) {
        leave_refused(oracle, rule);
        return;
    }
    oracle->verdict = VERDICT_APPLIED;
    oracle_copy(&oracle->now, &oracle->next);
}
