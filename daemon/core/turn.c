#include "core/turn.h"

#include "base/must.h"

#include <string.h>

#define TURN_MESSAGE(word, en_words, zh_words) \
    const struct message turn_##word = {.code = #word, .en = en_words, .zh = zh_words};
TURN_MESSAGES(TURN_MESSAGE)
#undef TURN_MESSAGE

#define TURN_MESSAGE(word, en_words, zh_words) &turn_##word,
static const struct message *const messages[] = {TURN_MESSAGES(TURN_MESSAGE)};
#undef TURN_MESSAGE

static const struct text effect_words[] = {
#define EFFECT_WORD(name, word) [name] = TEXT_INIT(word),
    EFFECT_KINDS(EFFECT_WORD)
#undef EFFECT_WORD
};

const struct message *const *step_messages(uint32_t *count)
{
    *count = sizeof(messages) / sizeof(messages[0]);
    return messages;
}

struct text effect_word(enum effect_kind kind)
{
    return effect_words[kind];
}

static struct reason *add_reason(struct turn *turn)
{
    struct outcome *outcome = turn->outcome;

    turn->told = NULL;
    outcome->verdict = VERDICT_REJECTED;
    if (outcome->reason_count < REASONS_MAX) {
        turn->told = &outcome->reasons[outcome->reason_count++];
        *turn->told = (struct reason){0};
    }
    return turn->told;
}

/* The daemon's own events are never refused: what cannot be done is not done, and told. */
static void tell_undone(struct turn *turn, const struct message *message, struct text argument)
{
    struct effect *effect = turn_effect(turn, EFFECT_NOTHING);

    effect->message = message;
    effect->text = argument;
    turn->told = NULL;
}

void turn_refuse(struct turn *turn, const struct message *message, const struct label *label,
                 struct text argument)
{
    if (turn->own) {
        tell_undone(turn, message, argument);
        return;
    }

    struct reason *reason = add_reason(turn);

    if (reason != NULL) {
        reason->code = text_of(message->code);
        reason->message = message;
        reason->label = label;
        reason->arguments[0] = argument;
    }
}

void turn_refuse_clock(struct turn *turn, const struct message *message, uint16_t clock)
{
    const struct clock *about = &turn->procedure->clocks[clock];

    turn_refuse(turn, message, &about->label, about->name);
}

void turn_argument(struct turn *turn, uint32_t index, struct text argument)
{
    MUST(index < PROBLEM_ARGUMENTS);
    if (turn->told != NULL) {
        turn->told->arguments[index] = argument;
    }
}

void turn_refuse_need(struct turn *turn, const struct need *need)
{
    if (turn->own) {
        tell_undone(turn, &turn_needs, need->name);
        return;
    }

    struct reason *reason = add_reason(turn);

    if (reason != NULL) {
        reason->code = need->name;
        reason->need = need;
        reason->label = &need->label;
        reason->guard = need->that;
    }
}

bool turn_refused(const struct turn *turn)
{
    return turn->outcome->reason_count > 0;
}

struct effect *turn_effect(struct turn *turn, enum effect_kind kind)
{
    struct outcome *outcome = turn->outcome;

    /* The last place is told over and over; an event that gets there is refused. */
    if (outcome->effect_count == EFFECTS_MAX) {
        outcome->effect_count--;
        turn->overflowed = true;
    }

    struct effect *effect = &outcome->effects[outcome->effect_count++];

    *effect = (struct effect){
        .kind = kind,
        .fact = NO_INDEX,
        .stage = NO_INDEX,
        .clock = NO_INDEX,
        .ground = NO_INDEX,
        .entry = NO_INDEX,
        .role = NO_INDEX,
        .notice = NO_INDEX,
        .at_ms = turn->at_ms,
        .last_day = DATE_NONE,
        .old_day = DATE_NONE,
    };
    return effect;
}

struct effect *turn_clock_effect(struct turn *turn, enum effect_kind kind,
                                 const struct instance *instance)
{
    struct effect *effect = turn_effect(turn, kind);

    effect->clock = instance->clock;
    effect->number = instance->number;
    effect->state = instance->state;
    effect->last_day = instance->due.last_day;
    effect->provisional = instance->due.provisional;
    return effect;
}

void turn_nothing(struct turn *turn, const struct message *message, uint16_t clock)
{
    struct effect *effect = turn_effect(turn, EFFECT_NOTHING);

    effect->clock = clock;
    effect->message = message;
    if (clock != NO_INDEX) {
        effect->text = turn->procedure->clocks[clock].name;
    }
}

void turn_defect(struct turn *turn, const struct need *need)
{
    struct case_state *state = turn->state;
    struct effect *effect = turn_effect(turn, EFFECT_DEFECT);

    effect->text = need->name;
    effect->label = &need->label;
    if (state->defect_count == DEFECTS_MAX) {
        state->defects_beyond++;
    } else {
        state->defects[state->defect_count++] = (struct defect){
            .code = need->name,
            .law = need->label.law,
            .stage = state->stage,
            .event = turn->event_index,
            .revision = state->revision,
            .at_ms = turn->occurred_ms,
        };
    }
    if (need->notify != NULL) {
        turn_notify(turn, need->notify);
    }
}

void turn_notify(struct turn *turn, const struct notify *notify)
{
    for (uint32_t i = 0; i < notify->to_count; i++) {
        struct effect *effect = turn_effect(turn, EFFECT_NOTICE);

        effect->role = notify->to[i];
        effect->notice = notify->notice;
        effect->held = turn->state->on_hold;
        effect->to_officer = !turn_reaches(turn, notify->to[i]);
    }
}

static bool fact_is_set(const struct turn *turn, uint16_t fact)
{
    return fact != NO_INDEX && turn->state->facts[fact].value.known;
}

bool turn_reaches(const struct turn *turn, uint16_t role)
{
    const struct role *receiver = &turn->procedure->roles[role];

    if (!receiver->outside) {
        return true;
    }
    if (receiver->consent != NO_INDEX && !(fact_is_set(turn, receiver->consent) &&
                                           turn->state->facts[receiver->consent].value.flag)) {
        return false;
    }
    return fact_is_set(turn, receiver->reach_sms) || fact_is_set(turn, receiver->reach_mail);
}

const struct value *turn_value(const struct turn *turn, uint16_t fact)
{
    return fact_mask_has(&turn->carried_mask, fact) ? &turn->carried[fact]
                                                    : &turn->state->facts[fact].value;
}

struct text turn_next_person(struct text *rest)
{
    return text_trim(text_cut(*rest, ',', rest));
}

static const struct carried *find_carried(const struct event *event, struct text name)
{
    for (uint32_t i = 0; i < event->fact_count; i++) {
        if (text_equal(event->facts[i].name, name)) {
            return &event->facts[i];
        }
    }
    return NULL;
}

bool turn_carries(const struct turn *turn, struct text name)
{
    return find_carried(turn->event, name) != NULL;
}

struct text turn_carried(const struct turn *turn, struct text name)
{
    const struct carried *carried = find_carried(turn->event, name);

    return carried == NULL ? (struct text){0} : carried->value;
}

bool turn_names(struct text persons, struct text person)
{
    while (!text_empty(persons)) {
        if (text_equal(turn_next_person(&persons), person)) {
            return true;
        }
    }
    return false;
}

/* The value that tells instances apart: carried, or the case's. Not known for a clock without
 * `per`. */
struct value turn_per(const struct turn *turn, uint16_t clock)
{
    uint16_t per = turn->procedure->clocks[clock].per;

    if (per == NO_INDEX) {
        return value_unknown(VALUE_TEXT);
    }
    return *turn_value(turn, per);
}

struct value turn_event_per(const struct turn *turn, uint16_t clock)
{
    uint16_t per = turn->procedure->clocks[clock].per;

    return per != NO_INDEX && fact_mask_has(&turn->carried_mask, per)
               ? turn->carried[per]
               : value_unknown(VALUE_TEXT);
}

struct instance *turn_instance(const struct turn *turn, uint16_t clock)
{
    struct value per = turn_per(turn, clock);

    if (turn->procedure->clocks[clock].recurs) { /* what is owed first is done first */
        for (uint32_t i = 0; i < turn->state->instance_count; i++) {
            struct instance *instance = &turn->state->instances[i];

            if (instance->clock == clock && instance_is_live(instance)) {
                return instance;
            }
        }
    }
    return state_instance(turn->state, clock, &per);
}

void turn_want(struct turn *turn, struct text name)
{
    if (text_empty(turn_carried(turn, name))) {
        turn_refuse(turn, &turn_takes, NULL, name);
    }
}

struct text turn_list(const struct turn *turn, const struct text *names, uint32_t count)
{
    size_t size = 0;

    for (uint32_t i = 0; i < count; i++) {
        size += names[i].size + 1;
    }

    char *list = arena_take(turn->arena, size);

    size = 0;
    for (uint32_t i = 0; list != NULL && i < count; i++) {
        memcpy(list + size, names[i].bytes, names[i].size);
        size += names[i].size;
        list[size++] = MESSAGE_LIST;
    }
    return (struct text){.bytes = list, .size = size > 0 ? size - 1 : 0};
}

struct text turn_length(struct turn *turn, struct length length)
{
    char words[LENGTH_TEXT_SIZE];
    size_t size = length_print(length, words);
    const char *kept = arena_copy(turn->arena, words, size);

    return (struct text){.bytes = kept, .size = kept == NULL ? 0 : size};
}
