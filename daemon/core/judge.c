#include "core/turn.h"

bool turn_read(const struct turn *turn, const struct fact *fact, const struct carried *carried,
               struct value *value)
{
    if (carried->sealed) {
        *value = value_sealed(fact->type, carried->value);
        return fact->private && !carried->unfit;
    }
    return value_parse(carried->value, fact->type, &fact->choices, turn->track.office->zone_ms,
                       value);
}

void judge_carried(struct turn *turn)
{
    const struct procedure *procedure = turn->procedure;

    for (uint32_t i = 0; i < turn->event->fact_count; i++) {
        const struct carried *carried = &turn->event->facts[i];
        uint16_t index = procedure_fact(procedure, carried->name);

        if (index == NO_INDEX) {
            continue; /* whether it may be carried at all is the rule's to say */
        }

        const struct fact *fact = &procedure->facts[index];

        if (turn_read(turn, fact, carried, &turn->carried[index])) {
            fact_mask_add(&turn->carried_mask, index);
        } else if (!named_takes(turn, carried->name)) {
            /* A standing event's own names are no facts, even where a fact is called so. */
            turn_refuse(turn, &turn_bad_value, &fact->label, fact->name);
            turn_argument(turn, 1, value_type_word(fact->type));
        }
    }
}

/* The first rule whose `when` holds; an unknown one refuses the event. NULL: none. */
static const struct rule *choose(struct turn *turn, const struct offer *offer, bool anytime)
{
    for (uint32_t i = 0; offer != NULL && i < offer->rule_count; i++) {
        const struct rule *rule = &offer->rules[i];

        if (anytime && !rule_is_in(turn->procedure, rule, turn->state->stage)) {
            continue;
        }

        enum truth truth = rule->when == NULL ? TRUTH_TRUE : turn_judge(turn, rule->when);

        if (truth == TRUTH_UNKNOWN && !turn->own) {
            turn_refuse_unknown(turn, rule->when);
            return NULL;
        }
        if (truth == TRUTH_TRUE) {
            return rule;
        }
    }
    return NULL;
}

void judge_choose(struct turn *turn, const struct offer *stage, const struct offer *anytime)
{
    const struct rule *rule = choose(turn, stage, false);

    if (rule == NULL && !turn_refused(turn)) {
        rule = choose(turn, anytime, true);
    }
    turn->outcome->rule = rule;
}

/* Assigned in this role, or the deputy of somebody who is. *anybody: whether anybody is
 * assigned. */
static bool is_bound(const struct turn *turn, uint16_t role, struct text person, int32_t date,
                     bool *anybody)
{
    const struct case_state *state = turn->state;

    *anybody = false;
    for (uint32_t i = 0; i < state->participant_count; i++) {
        const struct participant *participant = &state->participants[i];

        if (participant->role != role || !participant->assigned) {
            continue;
        }
        *anybody = true;
        if (text_equal(participant->person, person) ||
            is_deputy(turn->step->installed, participant->person, person,
                      turn->procedure->roles[role].name, date)) {
            return true;
        }
    }
    return false;
}

uint16_t turn_agency(const struct turn *turn)
{
    return (uint16_t)(turn->step->agency - turn->step->installed->agencies);
}

struct post turn_post(const struct turn *turn, uint16_t role)
{
    return (struct post){
        .role = turn->procedure->roles[role].name,
        .unit = turn->state->unit,
        .agency = turn_agency(turn),
        .above = turn->procedure->roles[role].above,
    };
}

/* Assigned to the case; where nobody is, or the role is not bound, a holder of the post. */
static bool holds_role(const struct turn *turn, uint16_t role, struct text person)
{
    int32_t date = date_of_instant(turn->occurred_ms, turn->track.office->zone_ms);
    struct post post = turn_post(turn, role);
    bool anybody;

    if (text_empty(person)) {
        return false;
    }
    if (is_bound(turn, role, person, date, &anybody)) {
        return true;
    }
    return !anybody && post_held_by(turn->step->installed, &post, person, date);
}

static bool holds_any(const struct turn *turn, uint64_t roles, struct text person)
{
    for (uint16_t role = 0; role < turn->procedure->role_count; role++) {
        if ((roles >> role & 1) != 0 && !turn->procedure->roles[role].outside &&
            holds_role(turn, role, person)) {
            return true;
        }
    }
    return false;
}

static void refuse_not_holder(struct turn *turn, uint16_t role, struct text person)
{
    const struct role *wanted = &turn->procedure->roles[role];

    turn_refuse(turn, &turn_not_holder, &wanted->label, person);
    turn_argument(turn, 1, wanted->name);
}

/* The same person in two roles of a group: an actor's other roles are what he did before. */
static void judge_apart(struct turn *turn, uint16_t role, struct text person)
{
    const struct case_state *state = turn->state;

    for (uint32_t i = 0; i < turn->procedure->apart_count; i++) {
        const struct apart *apart = &turn->procedure->aparts[i];

        if ((apart->roles >> role & 1) == 0) {
            continue;
        }
        for (uint32_t j = 0; j < state->participant_count; j++) {
            const struct participant *other = &state->participants[j];

            if (other->role != role && (apart->roles >> other->role & 1) != 0 &&
                text_equal(other->person, person)) {
                turn_refuse(turn, &turn_apart, &apart->label, person);
                turn_argument(turn, 1, apart->name);
                break;
            }
        }
    }
}

static bool may_act(const struct turn *turn, uint64_t by, uint16_t role)
{
    return by == 0 ? !turn->procedure->roles[role].outside : (by >> role & 1) != 0;
}

/* The roles that may act, as one argument. */
static struct text those_who_may(const struct turn *turn, uint64_t by)
{
    struct text names[ROLES_MAX];
    uint32_t count = 0;

    for (uint16_t role = 0; role < turn->procedure->role_count; role++) {
        if (may_act(turn, by, role)) {
            names[count++] = turn->procedure->roles[role].name;
        }
    }
    return turn_list(turn, names, count);
}

static void refuse_role(struct turn *turn, uint64_t by, const struct label *label)
{
    struct text role = turn->event->role;

    turn_refuse(turn, text_empty(role) ? &turn_no_actor : &turn_by, label, role);
    turn_argument(turn, 1, those_who_may(turn, by));
}

void judge_actors(struct turn *turn, uint64_t by, const struct label *label)
{
    const struct event *event = turn->event;
    uint16_t role = procedure_role(turn->procedure, event->role);
    bool outside = role != NO_INDEX && turn->procedure->roles[role].outside;

    if (role == NO_INDEX || !may_act(turn, by, role)) {
        refuse_role(turn, by, label);
        return;
    }
    if (outside) {
        return;
    }
    if (!holds_role(turn, role, event->person)) {
        refuse_not_holder(turn, role, event->person);
    }
    judge_apart(turn, role, event->person);
    for (uint32_t i = 0; i < event->with_count; i++) {
        if (!holds_role(turn, role, event->with[i]) && !holds_any(turn, by, event->with[i])) {
            refuse_not_holder(turn, role, event->with[i]);
        }
        judge_apart(turn, role, event->with[i]);
    }
}

/* What keeps two roles apart, or NULL. */
static const struct apart *apart_of(const struct turn *turn, uint16_t one, uint16_t other)
{
    for (uint32_t i = 0; i < turn->procedure->apart_count; i++) {
        const struct apart *apart = &turn->procedure->aparts[i];

        if (one != other && (apart->roles >> one & 1) != 0 &&
            (apart->roles >> other & 1) != 0) {
            return apart;
        }
    }
    return NULL;
}

static void refuse_together(struct turn *turn, const struct apart *apart, struct text person)
{
    turn_refuse(turn, &turn_apart, &apart->label, person);
    turn_argument(turn, 1, apart->name);
}

/* Whether somebody may be bound to a role beside what the same event makes him: an actor, or
 * bound to another role by a list that comes later. */
static void judge_together(struct turn *turn, uint16_t role, struct text person)
{
    const struct event *event = turn->event;
    uint16_t acting = procedure_role(turn->procedure, event->role);

    for (uint32_t i = 0; acting != NO_INDEX && i <= event->with_count; i++) {
        struct text actor = i == 0 ? event->person : event->with[i - 1];
        const struct apart *apart = apart_of(turn, role, acting);

        if (apart != NULL && text_equal(actor, person)) {
            refuse_together(turn, apart, person);
            break;
        }
    }
    for (uint32_t i = 0; i < event->fact_count; i++) {
        uint16_t other = procedure_role(turn->procedure, event->facts[i].name);
        const struct apart *apart =
            other != NO_INDEX && other > role ? apart_of(turn, role, other) : NULL;

        if (apart != NULL && turn_names(event->facts[i].value, person)) {
            refuse_together(turn, apart, person);
        }
    }
}

/* Persons that an event binds to a role must hold it, and stay apart like those who act. */
void judge_assigned(struct turn *turn, uint16_t role, struct text persons)
{
    struct post post = turn_post(turn, role);
    int32_t date = date_of_instant(turn->occurred_ms, turn->track.office->zone_ms);

    if (text_empty(persons)) {
        turn_refuse(turn, &turn_no_person, NULL, turn->procedure->roles[role].name);
    }
    while (!text_empty(persons)) {
        struct text person = turn_next_person(&persons);

        if (!post_held_by(turn->step->installed, &post, person, date)) {
            refuse_not_holder(turn, role, person);
        }
        judge_apart(turn, role, person);
        judge_together(turn, role, person);
    }
}

void judge_time(struct turn *turn, struct length backdate)
{
    const struct office *office = turn->track.office;
    int64_t now_ms = turn->received_ms; /* waiting makes nothing older */
    int64_t occurred_ms = turn->event->occurred_ms;
    bool too_old;

    if (occurred_ms > now_ms + FUTURE_MS) {
        turn_refuse(turn, &turn_future, NULL, turn->event->type);
        return;
    }
    if (length_is_exact(backdate)) {
        too_old = occurred_ms + length_ms(backdate) < now_ms;
    } else {
        int32_t occurred = date_of_instant(occurred_ms, office->zone_ms);
        int32_t today = date_of_instant(now_ms, office->zone_ms);

        too_old = occurred < today && date_after(occurred, backdate, office->calendar) < today;
    }
    if (too_old) {
        turn_refuse(turn, &turn_backdate, NULL, turn_length(turn, backdate));
    }
}

bool judge_needs(struct turn *turn, const struct need *needs, uint32_t count)
{
    bool all = true;

    for (uint32_t i = 0; i < count; i++) {
        if (turn_judge(turn, needs[i].that) != TRUTH_TRUE) {
            turn_refuse_need(turn, &needs[i]);
            all = false;
        }
    }
    return all;
}

static void judge_takes(struct turn *turn, const struct rule *rule)
{
    const struct procedure *procedure = turn->procedure;

    for (uint16_t i = 0; i < procedure->fact_count; i++) {
        if (fact_mask_has(&rule->takes, i) && !turn_carries(turn, procedure->facts[i].name)) {
            turn_refuse(turn, &turn_takes, &procedure->facts[i].label,
                        procedure->facts[i].name);
        }
    }
    for (uint32_t i = 0; i < turn->event->fact_count; i++) {
        struct text name = turn->event->facts[i].name;
        uint16_t fact = procedure_fact(procedure, name);

        if (fact != NO_INDEX &&
            (fact_mask_has(&rule->takes, fact) || fact_mask_has(&rule->may_take, fact))) {
            continue;
        }

        uint16_t role = procedure_role(procedure, name);
        bool assigned = role != NO_INDEX && (rule->assigns >> role & 1) != 0;

        if (!assigned && !named_takes(turn, name)) {
            turn_refuse(turn, &turn_not_taken, NULL, name);
        }
    }
}

static void judge_registers(struct turn *turn)
{
    int32_t date = date_of_instant(turn->occurred_ms, turn->track.office->zone_ms);

    for (uint16_t i = 0; i < turn->procedure->fact_count; i++) {
        const struct fact *fact = &turn->procedure->facts[i];

        if (text_empty(fact->registry) || !fact_mask_has(&turn->carried_mask, i)) {
            continue;
        }

        const struct registry *registry =
            installed_registry(turn->step->installed, fact->registry);

        if (registry == NULL || registry_find(registry, turn->carried[i].text, date) == NULL) {
            turn_refuse(turn, &turn_not_in_register, &fact->label, turn->carried[i].text);
            turn_argument(turn, 1, fact->registry);
        }
    }
}

static void judge_assigns(struct turn *turn, const struct rule *rule)
{
    for (uint16_t role = 0; role < turn->procedure->role_count; role++) {
        if ((rule->assigns >> role & 1) != 0) {
            judge_assigned(turn, role, turn_carried(turn, turn->procedure->roles[role].name));
        }
    }
}

static void judge_documents(struct turn *turn, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->document_count; i++) {
        bool there = false;

        for (uint32_t j = 0; j < turn->event->document_count && !there; j++) {
            there = text_equal(rule->documents[i], turn->event->documents[j]);
        }
        if (!there) {
            turn_refuse(turn, &turn_documents, &rule->label, rule->documents[i]);
        }
    }
}

/* The case before the event. A new one was blank, and yet its unit's. */
static bool recall(const struct turn *turn, struct case_state *before)
{
    if (turn->step->before->phase != CASE_NEW) {
        *before = *turn->step->before;
        return true;
    }
    if (!state_copy(turn->step->before, turn->procedure, turn->arena, before)) {
        return false;
    }
    before->agency = turn->state->agency;
    before->unit = turn->state->unit;
    return true;
}

bool judge_extension(struct turn *turn, const struct extend *extend)
{
    const struct case_state *seen = turn->seen;
    const struct case_state *reckoned = turn->track.state;
    struct case_state before;

    if (extend->need_count == 0) {
        return true;
    }
    if (!recall(turn, &before)) {
        return false; /* the arena is spent, and the step with it */
    }
    turn->seen = &before;
    turn->track.state = &before;

    bool all = judge_needs(turn, extend->needs, extend->need_count);

    turn->seen = seen;
    turn->track.state = reckoned;
    return all;
}

static void judge_next_extension(struct turn *turn, uint16_t index, uint32_t used)
{
    const struct clock *clock = &turn->procedure->clocks[index];

    if (used < clock->extend_count) {
        (void)judge_extension(turn, &clock->extends[used]);
    }
}

static bool acts_on(const struct clock_act *acts, uint32_t count, uint16_t clock)
{
    for (uint32_t i = 0; i < count; i++) {
        if (acts[i].clock == clock) {
            return true;
        }
    }
    return false;
}

/* What the rule itself starts, or starts anew, has used none. */
void judge_extensions(struct turn *turn, const struct rule *rule)
{
    const struct instance *asked =
        turn->family == EVENT_CLOCK_EXTENDED ? named_instance(turn) : NULL;

    if (asked != NULL && instance_is_live(asked)) {
        judge_next_extension(turn, asked->clock, verb_extensions_used(turn, asked));
    }
    for (uint32_t i = 0; i < rule->extend_count; i++) {
        uint16_t clock = rule->extends[i].clock;
        const struct instance *instance = turn_instance(turn, clock);
        bool goes_on = instance != NULL && instance_is_live(instance) &&
                       !acts_on(rule->cancels, rule->cancel_count, clock);

        if (goes_on) {
            judge_next_extension(turn, clock,
                                 verb_extensions_used(turn, instance) + (instance == asked));
        } else if (acts_on(rule->starts, rule->start_count, clock)) {
            judge_next_extension(turn, clock, 0);
        }
    }
}

void judge_rule(struct turn *turn, const struct rule *rule)
{
    if (text_empty(turn->event->sender)) { /* else that was judged where it came from */
        judge_time(turn, rule->backdate_given ? rule->backdate : turn->procedure->backdate);
    }
    judge_takes(turn, rule);
    judge_registers(turn);
    judge_assigns(turn, rule);
    judge_documents(turn, rule);
    (void)judge_needs(turn, rule->needs, rule->need_count);
}
