#include "codec/state.h"

#include "base/must.h"
#include "codec/pack.h"

#include <string.h>

enum item { ITEM_HEAD, ITEM_FACT, ITEM_INSTANCE, ITEM_STOP, ITEM_PARTICIPANT, ITEM_DEFECT };
enum { ITEM_COUNT = ITEM_DEFECT + 1 };

static struct part begin_item(struct packer *packer, enum item item)
{
    struct part part = pack_part(packer);

    pack_byte(packer, (uint8_t)item);
    return part;
}

static void pack_head(struct packer *packer, const struct case_state *state)
{
    struct part part = begin_item(packer, ITEM_HEAD);

    pack_number(packer, state->number);
    pack_text(packer, state->id);
    pack_text(packer, state->agency);
    pack_text(packer, state->unit);
    pack_byte(packer, (uint8_t)state->phase);
    pack_number(packer, state->stage);
    pack_byte(packer, (uint8_t)((state->on_hold ? 1 : 0) | (state->stranded ? 2 : 0)));
    pack_number(packer, state->revision);
    pack_signed(packer, state->opened_ms);
    pack_instant(packer, state->next_ms, state->opened_ms);
    if (!text_empty(state->opener) || state->defects_beyond > 0) {
        pack_text(packer, state->opener);
    }
    if (state->defects_beyond > 0) {
        pack_number(packer, state->defects_beyond);
    }
    pack_part_end(packer, part);
}

static void pack_fact(struct packer *packer, uint32_t fact, const struct fact_state *known)
{
    if (known->revision == 0 && !known->value.known) {
        return;
    }

    struct part part = begin_item(packer, ITEM_FACT);

    pack_number(packer, fact);
    pack_number(packer, known->revision);
    pack_value(packer, &known->value);
    pack_part_end(packer, part);
}

/*
 * What of an instance mostly stays as it began, or equals something above it. `differs` has a
 * bit for each that does not; then it is written. The kind is that of pack.h.
 */
#define INSTANCE_REST(X)                          \
    X(date, date, 0)                              \
    X(signed, principal, 0)                       \
    X(date, floor, DATE_NONE)                     \
    X(instant, ended_ms, INSTANT_NONE)            \
    X(flag, reported_late, false)                 \
    X(date, due.unrolled, instance->due.last_day) \
    X(date, due.safe_day, instance->due.last_day) \
    X(flag, due.paused, false)                    \
    X(flag, due.provisional, false)               \
    X(date, grace_day, instance->due.last_day)    \
    X(instant, end_ms, instance->due.due_ms)      \
    X(instant, next_ms, instance->end_ms)         \
    X(instant, cursor_ms, instance->armed_ms)     \
    X(instant, told_ms, instance->due.due_ms)     \
    X(number, fired, 0)                           \
    X(number, sent, instance->fired)              \
    X(number, acked, 0)                           \
    X(instant, acked_ms, 0)                       \
    X(instant, review_ms, INSTANT_NEVER)          \
    X(date, promised, DATE_NONE)

static uint64_t differs_in(const struct instance *instance)
{
    uint64_t differs = 0;

#define DIFFERS(kind, field, rest) differs = differs << 1 | (instance->field != (rest) ? 1 : 0);
    INSTANCE_REST(DIFFERS)
#undef DIFFERS
    return differs;
}

static void pack_rest(struct packer *packer, const struct instance *instance, int64_t near_ms)
{
#define PACK_date(field)    pack_date(packer, field)
#define PACK_signed(field)  pack_signed(packer, field)
#define PACK_number(field)  pack_number(packer, field)
#define PACK_flag(field)    pack_flag(packer, field)
#define PACK_instant(field) pack_instant(packer, field, near_ms)
#define PACK(kind, field, rest)       \
    if (instance->field != (rest)) {  \
        PACK_##kind(instance->field); \
    }
    INSTANCE_REST(PACK)
#undef PACK
}

static void pack_instance(struct packer *packer, const struct instance *instance,
                          int64_t near_ms)
{
    struct part part = begin_item(packer, ITEM_INSTANCE);

    pack_number(packer, differs_in(instance));
    pack_number(packer, instance->clock);
    pack_number(packer, instance->number);
    pack_byte(packer, (uint8_t)instance->state);
    pack_value(packer, &instance->per);
    pack_instant(packer, instance->started_ms, near_ms);
    pack_date(packer, instance->day0);
    pack_length(packer, instance->length);
    pack_number(packer, instance->revision);
    pack_date(packer, instance->due.last_day);
    pack_instant(packer, instance->due.due_ms, near_ms);
    pack_length(packer, instance->due.left);
    pack_instant(packer, instance->armed_ms, near_ms);
    pack_rest(packer, instance, near_ms);
    pack_part_end(packer, part);
}

static void pack_stop(struct packer *packer, const struct stop *stop, int64_t near_ms)
{
    struct part part = begin_item(packer, ITEM_STOP);

    pack_number(packer, stop->clock);
    pack_number(packer, stop->number);
    pack_byte(packer, (uint8_t)stop->kind);
    pack_number(packer, stop->ground);
    pack_flag(packer, stop->no_effect);
    pack_instant(packer, stop->interval.from_ms, near_ms);
    pack_instant(packer, stop->interval.to_ms, near_ms);
    pack_length(packer, stop->length);
    pack_number(packer, stop->extend);
    pack_number(packer, stop->revision);
    pack_part_end(packer, part);
}

static void pack_participant(struct packer *packer, const struct participant *participant)
{
    struct part part = begin_item(packer, ITEM_PARTICIPANT);

    pack_number(packer, participant->role);
    pack_byte(packer,
              (uint8_t)((participant->assigned ? 1 : 0) | (participant->was_assigned ? 2 : 0) |
                        (participant->acted ? 4 : 0)));
    pack_text(packer, participant->person);
    pack_part_end(packer, part);
}

static void pack_defect(struct packer *packer, const struct defect *defect, int64_t near_ms)
{
    struct part part = begin_item(packer, ITEM_DEFECT);

    pack_text(packer, defect->code);
    pack_text(packer, defect->law);
    pack_number(packer, defect->stage);
    pack_number(packer, defect->event);
    pack_number(packer, defect->revision);
    pack_instant(packer, defect->at_ms, near_ms);
    pack_part_end(packer, part);
}

void state_seal(uint8_t *room, size_t item_bytes)
{
    struct bytes items = {.at = room + STATE_FRONT_BYTES, .size = item_bytes};
    struct packer front;

    pack_init(&front, room, STATE_FRONT_BYTES);
    pack_byte(&front, STATE_VERSION);
    pack_u32(&front, crc32c(items));
    MUST(!front.full);
}

enum status state_encode(const struct procedure *procedure, const struct case_state *state,
                         uint8_t *room, size_t room_bytes, struct bytes *out)
{
    struct packer packer;
    int64_t near_ms = state->opened_ms;

    if (room_bytes < STATE_FRONT_BYTES) {
        return STATUS_LIMIT;
    }
    pack_init(&packer, room + STATE_FRONT_BYTES, room_bytes - STATE_FRONT_BYTES);
    pack_head(&packer, state);
    for (uint32_t i = 0; i < procedure->fact_count; i++) {
        pack_fact(&packer, i, &state->facts[i]);
    }
    for (uint32_t i = 0; i < state->instance_count; i++) {
        pack_instance(&packer, &state->instances[i], near_ms);
    }
    for (uint32_t i = 0; i < state->stop_count; i++) {
        pack_stop(&packer, &state->stops[i], near_ms);
    }
    for (uint32_t i = 0; i < state->participant_count; i++) {
        pack_participant(&packer, &state->participants[i]);
    }
    for (uint32_t i = 0; i < state->defect_count; i++) {
        pack_defect(&packer, &state->defects[i], near_ms);
    }
    if (packer.full) {
        return STATUS_LIMIT;
    }
    state_seal(room, packed(&packer).size);
    *out = (struct bytes){.at = room, .size = STATE_FRONT_BYTES + packed(&packer).size};
    return STATUS_OK;
}

/* The items of an encoded state, or nothing where its front is not right. */
static struct bytes items_of(struct bytes bytes)
{
    struct unpacker front;

    unpack_init(&front, bytes);

    uint8_t version = unpack_byte(&front);
    uint32_t sum = unpack_u32(&front);
    struct bytes items = {.at = front.at, .size = (size_t)(front.end - front.at)};

    if (front.broken || version != STATE_VERSION || crc32c(items) != sum) {
        return (struct bytes){0};
    }
    return items;
}

static enum case_phase unpack_phase(struct unpacker *unpacker)
{
    uint8_t phase = unpack_byte(unpacker);

    if (phase < CASE_OPEN || phase > CASE_CLOSED) {
        unpack_break(unpacker);
        return CASE_OPEN;
    }
    return (enum case_phase)phase;
}

static void unpack_flags(struct unpacker *unpacker, struct case_state *state)
{
    uint8_t bits = unpack_byte(unpacker);

    if (bits > 3) {
        unpack_break(unpacker);
    }
    state->on_hold = (bits & 1) != 0;
    state->stranded = (bits & 2) != 0;
}

static void unpack_head(struct unpacker *unpacker, const struct procedure *procedure,
                        struct case_state *state)
{
    state->number = unpack_number(unpacker);
    state->id = unpack_text(unpacker);
    state->agency = unpack_text(unpacker);
    state->unit = unpack_text(unpacker);
    state->phase = unpack_phase(unpacker);
    state->stage = (uint16_t)unpack_below(unpacker, procedure->stage_count - 1);
    unpack_flags(unpacker, state);
    state->revision = unpack_below(unpacker, UINT32_MAX);
    state->opened_ms = unpack_signed(unpacker);
    state->next_ms = unpack_instant(unpacker, state->opened_ms);
    if (unpack_more(unpacker)) {
        state->opener = unpack_text(unpacker);
    }
    if (unpack_more(unpacker)) {
        state->defects_beyond = unpack_below(unpacker, UINT32_MAX);
    }
}

/* What a value must be for that fact of the procedure. */
static void check_value(struct unpacker *unpacker, const struct fact *fact,
                        const struct value *value)
{
    uint32_t count = fact->choices.count;

    if (value->sealed && fact->private && value->type == fact->type) {
        return; /* what is in it was looked at when it was sealed */
    }
    if (value->sealed || value->type != fact->type ||
        (value->known && value->type == VALUE_CHOICE && value->choice >= count) ||
        (value->known && value->type == VALUE_SET && count < 64 && value->set >> count != 0)) {
        unpack_break(unpacker);
    }
}

static void unpack_fact(struct unpacker *unpacker, const struct procedure *procedure,
                        struct case_state *state)
{
    uint64_t index = unpack_number(unpacker);
    uint32_t revision = unpack_below(unpacker, UINT32_MAX);
    struct value value = unpack_value(unpacker);

    if (index >= procedure->fact_count) {
        unpack_break(unpacker);
        return;
    }
    check_value(unpacker, &procedure->facts[index], &value);
    state->facts[index] = (struct fact_state){.value = value, .revision = revision};
}

static enum instance_state unpack_instance_state(struct unpacker *unpacker)
{
    uint8_t state = unpack_byte(unpacker);

    if (state > INSTANCE_CANCELLED) {
        unpack_break(unpacker);
        return INSTANCE_CANCELLED;
    }
    return (enum instance_state)state;
}

static void unpack_rest(struct unpacker *unpacker, struct instance *instance, uint64_t differs,
                        int64_t near_ms)
{
    uint64_t bit = 1;

#define COUNT(kind, field, rest) bit <<= 1;
    INSTANCE_REST(COUNT)
#undef COUNT
    if (differs >= bit) {
        unpack_break(unpacker);
        return;
    }
#define UNPACK_date    unpack_date(unpacker)
#define UNPACK_signed  unpack_signed(unpacker)
#define UNPACK_number  unpack_number(unpacker)
#define UNPACK_flag    unpack_flag(unpacker)
#define UNPACK_instant unpack_instant(unpacker, near_ms)
#define UNPACK(kind, field, rest) \
    bit >>= 1;                    \
    instance->field = (differs & bit) != 0 ? UNPACK_##kind : (rest);
    INSTANCE_REST(UNPACK)
#undef UNPACK
}

static void unpack_instance(struct unpacker *unpacker, const struct procedure *procedure,
                            struct case_state *state)
{
    struct instance *instance = &state->instances[state->instance_count++];
    int64_t near_ms = state->opened_ms;
    uint64_t differs = unpack_number(unpacker);

    if (procedure->clock_count == 0) {
        unpack_break(unpacker);
        return;
    }
    instance->clock = (uint16_t)unpack_below(unpacker, procedure->clock_count - 1);
    instance->number = (uint16_t)unpack_below(unpacker, UINT16_MAX);
    instance->state = unpack_instance_state(unpacker);
    instance->per = unpack_value(unpacker);
    instance->started_ms = unpack_instant(unpacker, near_ms);
    instance->day0 = unpack_date(unpacker);
    instance->length = unpack_length(unpacker);
    instance->revision = unpack_below(unpacker, UINT32_MAX);
    instance->due.last_day = unpack_date(unpacker);
    instance->due.due_ms = unpack_instant(unpacker, near_ms);
    instance->due.left = unpack_length(unpacker);
    instance->armed_ms = unpack_instant(unpacker, near_ms);
    unpack_rest(unpacker, instance, differs, near_ms);

    uint16_t per = procedure->clocks[instance->clock].per;

    if (per != NO_INDEX) {
        check_value(unpacker, &procedure->facts[per], &instance->per);
    } else if (instance->per.known) {
        unpack_break(unpacker);
    }
}

/* An index into something that has so many, or NO_INDEX. */
static uint16_t unpack_index(struct unpacker *unpacker, uint32_t count)
{
    uint32_t index = unpack_below(unpacker, NO_INDEX);

    if (index != NO_INDEX && index >= count) {
        unpack_break(unpacker);
        return 0;
    }
    return (uint16_t)index;
}

static void unpack_stop(struct unpacker *unpacker, const struct procedure *procedure,
                        struct case_state *state)
{
    struct stop *stop = &state->stops[state->stop_count++];
    int64_t near_ms = state->opened_ms;

    stop->clock = unpack_index(unpacker, procedure->clock_count);
    stop->number = (uint16_t)unpack_below(unpacker, UINT16_MAX);
    stop->kind = unpack_flag(unpacker) ? STOP_EXTENSION : STOP_PAUSE;
    stop->ground = unpack_index(unpacker, procedure->ground_count);
    stop->no_effect = unpack_flag(unpacker);
    stop->interval.from_ms = unpack_instant(unpacker, near_ms);
    stop->interval.to_ms = unpack_instant(unpacker, near_ms);
    stop->length = unpack_length(unpacker);
    stop->extend = unpack_index(unpacker, EXTENDS_MAX);
    stop->revision = unpack_below(unpacker, UINT32_MAX);
}

static void unpack_participant(struct unpacker *unpacker, const struct procedure *procedure,
                               struct case_state *state)
{
    struct participant *participant = &state->participants[state->participant_count++];

    participant->role = unpack_index(unpacker, procedure->role_count);

    uint8_t bits = unpack_byte(unpacker);

    if (bits > 7) {
        unpack_break(unpacker);
    }
    participant->assigned = (bits & 1) != 0;
    participant->was_assigned = (bits & 2) != 0;
    participant->acted = (bits & 4) != 0;
    participant->person = unpack_text(unpacker);
}

static void unpack_defect(struct unpacker *unpacker, const struct procedure *procedure,
                          struct case_state *state)
{
    struct defect *defect = &state->defects[state->defect_count++];

    defect->code = unpack_text(unpacker);
    defect->law = unpack_text(unpacker);
    defect->stage = unpack_index(unpacker, procedure->stage_count);
    defect->event = unpack_index(unpacker, procedure->event_count);
    defect->revision = unpack_below(unpacker, UINT32_MAX);
    defect->at_ms = unpack_instant(unpacker, state->opened_ms);
}

/* How many items of each kind there are; they must stand in the order of their kinds. */
static enum status count_items(struct bytes items, uint32_t counts[ITEM_COUNT])
{
    struct unpacker unpacker;
    uint8_t last = 0;

    unpack_init(&unpacker, items);
    while (unpack_more(&unpacker)) {
        struct bytes item = unpack_bytes(&unpacker);

        if (item.size == 0 || item.at[0] >= ITEM_COUNT || item.at[0] < last) {
            return STATUS_MALFORMED;
        }
        last = item.at[0];
        counts[last]++;
    }
    if (counts[ITEM_HEAD] != 1 || counts[ITEM_FACT] > FACTS_MAX ||
        counts[ITEM_INSTANCE] > INSTANCES_MAX || counts[ITEM_STOP] > STOPS_MAX ||
        counts[ITEM_PARTICIPANT] > PARTICIPANTS_MAX || counts[ITEM_DEFECT] > DEFECTS_MAX) {
        return STATUS_MALFORMED;
    }
    return unpack_end(&unpacker);
}

static enum status make_room(const struct procedure *procedure, struct arena *arena,
                             const uint32_t counts[ITEM_COUNT], struct case_state *state)
{
    *state = (struct case_state){
        .facts = arena_take_zeroed(arena, procedure->fact_count, sizeof(*state->facts)),
        .instances = arena_take_zeroed(arena, counts[ITEM_INSTANCE], sizeof(*state->instances)),
        .stops = arena_take_zeroed(arena, counts[ITEM_STOP], sizeof(*state->stops)),
        .participants =
            arena_take_zeroed(arena, counts[ITEM_PARTICIPANT], sizeof(*state->participants)),
        .defects = arena_take_zeroed(arena, counts[ITEM_DEFECT], sizeof(*state->defects)),
    };
    if (arena->spent) {
        return STATUS_LIMIT;
    }
    for (uint32_t i = 0; i < procedure->fact_count; i++) {
        state->facts[i].value = value_unknown(procedure->facts[i].type);
    }
    return STATUS_OK;
}

static void (*const readers[ITEM_COUNT])(struct unpacker *unpacker,
                                         const struct procedure *procedure,
                                         struct case_state *state) = {
    [ITEM_HEAD] = unpack_head,
    [ITEM_FACT] = unpack_fact,
    [ITEM_INSTANCE] = unpack_instance,
    [ITEM_STOP] = unpack_stop,
    [ITEM_PARTICIPANT] = unpack_participant,
    [ITEM_DEFECT] = unpack_defect,
};

enum status state_decode(struct bytes bytes, const struct procedure *procedure,
                         struct arena *arena, struct case_state *state)
{
    struct bytes items = items_of(bytes);
    uint32_t counts[ITEM_COUNT] = {0};
    struct unpacker unpacker;

    if (count_items(items, counts) != STATUS_OK || procedure->stage_count == 0) {
        return STATUS_MALFORMED;
    }
    if (make_room(procedure, arena, counts, state) != STATUS_OK) {
        return STATUS_LIMIT;
    }
    unpack_init(&unpacker, items);
    while (unpack_more(&unpacker)) {
        struct unpacker item;

        unpack_init(&item, unpack_bytes(&unpacker));
        readers[unpack_byte(&item)](&item, procedure, state);
        if (unpack_end(&item) != STATUS_OK) {
            return STATUS_MALFORMED;
        }
    }
    return STATUS_OK;
}

enum status state_glimpse(struct bytes delta, const struct procedure *procedure,
                          struct arena *arena, struct case_state *state)
{
    static const uint32_t no_items[ITEM_COUNT];
    struct bytes items;
    struct unpacker unpacker;
    enum status status = state_delta_added(delta, arena, &items);

    if (status == STATUS_OK) {
        status = make_room(procedure, arena, no_items, state);
    }
    if (status != STATUS_OK) {
        return status;
    }
    unpack_init(&unpacker, items);
    while (unpack_more(&unpacker)) {
        struct unpacker item;

        unpack_init(&item, unpack_bytes(&unpacker));
        if (unpack_byte(&item) != ITEM_FACT) {
            continue;
        }
        unpack_fact(&item, procedure, state);
        if (unpack_end(&item) != STATUS_OK) {
            return STATUS_MALFORMED;
        }
    }
    return STATUS_OK;
}
