#include "core/turn.h"

/* Events for other cases: which case each goes to, and what it hands over. */

static const struct need untold = {
    .name = TEXT_INIT("untold"),
    .label = {.zh = TEXT_INIT("未能送达其他案件"),
              .en = TEXT_INIT("another case was not told")},
};

/* Pieces put together in the step's arena. */
struct joint {
    char *bytes;
    size_t size;
    size_t room;
};

static void join(struct joint *joint, struct text text)
{
    for (size_t i = 0; joint->bytes != NULL && i < text.size && joint->size < joint->room;
         i++) {
        joint->bytes[joint->size++] = text.bytes[i];
    }
}

static struct joint joint_of(struct turn *turn, size_t room)
{
    return (struct joint){.bytes = arena_take(turn->arena, room), .room = room};
}

static struct text joined(const struct joint *joint)
{
    return (struct text){.bytes = joint->bytes, .size = joint->size};
}

static struct text digits(uint32_t number, char room[10])
{
    size_t at = 10;

    do {
        room[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return (struct text){.bytes = room + at, .size = 10 - at};
}

/* What is cut away still tells two long ids apart. */
static struct text sign(struct text text, char room[9])
{
    static const char hex[] = "0123456789abcdef";
    uint32_t hash = 2166136261U;

    for (size_t i = 0; i < text.size; i++) {
        hash = (hash ^ (uint8_t)text.bytes[i]) * 16777619U;
    }
    room[0] = '~';
    for (int i = 0; i < 8; i++) {
        room[1 + i] = hex[hash >> (28 - 4 * i) & 15];
    }
    return (struct text){.bytes = room, .size = 9};
}

/* The beginning of a text that fits, not cut inside a character. */
static struct text cut(struct text text, size_t room)
{
    if (text.size <= room) {
        return text;
    }
    while (room > 0 && ((uint8_t)text.bytes[room] & 0xc0) == 0x80) {
        room--;
    }
    return text_part(text, 0, room);
}

/*
 * The number of a case that this one opens: its own, `/`, the errand, `-` and the revision of
 * the act, which no case has twice; in another agency also where it comes from.
 */
static struct text opened_id(struct turn *turn, const struct errand *errand, struct text agency)
{
    const struct case_state *state = turn->state;
    bool away = !text_equal(agency, state->agency);
    char number[10];
    char signature[9];
    struct text revision = digits(state->revision, number);
    size_t tail = 2 + errand->name.size + revision.size + (away ? 1 + state->agency.size : 0);
    struct joint joint = joint_of(turn, CASE_ID_MAX);
    size_t left = tail < CASE_ID_MAX ? CASE_ID_MAX - tail : 0;

    if (state->id.size <= left) {
        join(&joint, state->id);
    } else {
        join(&joint, cut(state->id, left > 9 ? left - 9 : 0));
        join(&joint, sign(state->id, signature));
    }
    if (away) {
        join(&joint, TEXT("@"));
        join(&joint, state->agency);
    }
    join(&joint, TEXT("/"));
    join(&joint, errand->name);
    join(&joint, TEXT("-"));
    join(&joint, revision);
    return joined(&joint);
}

static struct text address_of(struct turn *turn, struct text agency, struct text case_id)
{
    struct joint joint = joint_of(turn, ADDRESS_MAX);

    join(&joint, agency);
    join(&joint, TEXT(":"));
    join(&joint, case_id);
    return joined(&joint);
}

/* `AGENCY:CASE`; without an agency's name before the colon it is a number in this agency. */
static void take_address(const struct turn *turn, struct text address,
                         struct dispatch *dispatch)
{
    struct text rest;
    struct text agency = text_cut(address, ':', &rest);

    dispatch->agency = turn->state->agency;
    dispatch->case_id = address;
    if (agency.size < address.size && installed_agency(turn->step->installed, agency) != NULL) {
        dispatch->agency = agency;
        dispatch->case_id = rest;
    }
}

/* A value in its text form, as an event carries it. */
static struct text printed(struct turn *turn, const struct value *value,
                           const struct choices *choices)
{
    enum { VALUE_BYTES = 4096 }; /* all names of a set */
    char room[VALUE_BYTES];

    if (value->type == VALUE_TEXT || value->sealed) {
        return value->text;
    }

    size_t size = value_print(value, choices, turn->track.office->zone_ms, room, sizeof(room));
    const char *copy = arena_copy(turn->arena, room, size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : size};
}

/* What is not known is not handed over. */
static void hand_over(struct turn *turn, const struct errand *errand, struct dispatch *dispatch)
{
    struct carried *facts = arena_take(turn->arena, errand->fact_count * sizeof(*facts));

    for (uint32_t i = 0; facts != NULL && i < errand->fact_count; i++) {
        const struct guard *guard = errand->facts[i].value;
        struct value value = turn_evaluate(turn, guard);

        if (value.known) {
            facts[dispatch->fact_count++] =
                (struct carried){.name = errand->facts[i].name,
                                 .value = printed(turn, &value, guard->choices),
                                 .sealed = value.sealed};
        }
    }
    dispatch->facts = facts;
}

/* People's event is refused where something is not known; where nobody can be asked, a defect
 * stays. */
static void refuse_unknown(struct turn *turn, const struct guard *guard)
{
    turn_refuse_unknown(turn, guard);
    if (turn->own) {
        turn_defect(turn, &untold);
    }
}

static bool take_text(struct turn *turn, const struct guard *guard, struct text *text)
{
    struct value value = turn_evaluate(turn, guard);

    if (value.known && !text_empty(value.text)) {
        *text = value.text;
        return true;
    }
    refuse_unknown(turn, guard);
    return false;
}

static bool find_case(struct turn *turn, const struct errand *errand, struct dispatch *dispatch)
{
    struct text address = {0};

    dispatch->agency = turn->state->agency;
    if (!errand->opens) {
        if (!take_text(turn, errand->to, &address)) {
            return false;
        }
        take_address(turn, address, dispatch);
        return true;
    }
    if (errand->agency != NULL && !take_text(turn, errand->agency, &dispatch->agency)) {
        return false;
    }
    dispatch->case_id = opened_id(turn, errand, dispatch->agency);
    return true;
}

/* Whether it is to be done at all. */
static bool is_wanted(struct turn *turn, const struct errand *errand)
{
    enum truth truth = errand->when == NULL ? TRUTH_TRUE : turn_judge(turn, errand->when);

    if (truth == TRUTH_UNKNOWN) {
        refuse_unknown(turn, errand->when);
    }
    return truth == TRUTH_TRUE;
}

static void keep_address(struct turn *turn, uint16_t fact, struct text address)
{
    struct fact_state *held = &turn->state->facts[fact];

    held->value = value_text(address);
    held->revision = turn->state->revision;
    turn_effect(turn, EFFECT_FACT)->fact = fact;
}

static void make_dispatch(struct turn *turn, const struct errand *errand)
{
    struct outcome *outcome = turn->outcome;
    struct dispatch dispatch = {.errand = errand, .occurred_ms = turn->start_ms};

    if (!is_wanted(turn, errand) || !find_case(turn, errand, &dispatch)) {
        return;
    }
    if (outcome->dispatch_count == DISPATCHES_MAX) {
        turn_refuse(turn, &turn_limit, NULL, TEXT("errands"));
        turn_defect(turn, &untold);
        return;
    }
    if (!turn->own) {
        dispatch.person = turn->event->person;
        dispatch.with = turn->event->with;
        dispatch.with_count = turn->event->with_count;
    }
    hand_over(turn, errand, &dispatch);

    struct text address = address_of(turn, dispatch.agency, dispatch.case_id);

    if (errand->opens && errand->kept != NO_INDEX) {
        keep_address(turn, errand->kept, address);
    }
    outcome->dispatches[outcome->dispatch_count++] = dispatch;
    turn_effect(turn, errand->opens ? EFFECT_OPENS : EFFECT_TELLS)->text = address;
}

void act_errands(struct turn *turn, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->errand_count; i++) {
        make_dispatch(turn, &rule->errands[i]);
    }
}

void act_untold(struct turn *turn)
{
    turn_defect(turn, &untold);
}
