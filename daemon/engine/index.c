#include "engine/index.h"

#include "base/must.h"
#include "codec/pack.h"

#include <string.h>

/* Where a limit ends at an hour its day is that of the legal zone, whatever is installed:
 * the place may not hang on anything but the state. */
#define ZONE_MS ((int64_t)8 * 3600000)

/* The duty that is due first, running or overdue; NULL: nothing is owed. */
static const struct instance *due_first(const struct case_state *state,
                                        const struct procedure *procedure)
{
    const struct instance *first = NULL;

    for (uint32_t i = 0; i < state->instance_count; i++) {
        const struct instance *instance = &state->instances[i];
        bool owed =
            (instance->state == INSTANCE_RUNNING || instance->state == INSTANCE_OVERDUE) &&
            procedure->clocks[instance->clock].kind == CLOCK_DUTY;

        if (owed && instance->due.due_ms != INSTANT_NEVER &&
            (first == NULL || instance->due.due_ms < first->due.due_ms)) {
            first = instance;
        }
    }
    return first;
}

int64_t index_due_ms(const struct case_state *state, const struct procedure *procedure)
{
    const struct instance *first = due_first(state, procedure);

    return first == NULL ? INSTANT_NEVER : first->due.due_ms;
}

struct index_place index_place_of(const struct case_state *state,
                                  const struct law_procedure *procedure)
{
    const struct instance *first = due_first(state, procedure->procedure);
    struct index_place place = {
        .agency = state->agency,
        .procedure = procedure->number,
        .stage = state->stage,
        .due = INDEX_NOT_DUE,
        .number = state->number,
    };

    if (first != NULL) {
        place.due = first->due.last_day != DATE_NONE
                        ? first->due.last_day
                        : date_of_instant(first->due.due_ms - 1, ZONE_MS);
    }
    return place;
}

struct key index_key(const struct index_place *place)
{
    struct key key;
    struct packer packer;

    pack_init(&packer, key.bytes, sizeof(key.bytes));
    pack_raw(&packer, (struct bytes){.at = (const uint8_t *)place->agency.bytes,
                                     .size = place->agency.size});
    pack_byte(&packer, 0); /* no text of ours holds one */
    pack_u32(&packer, place->procedure);
    pack_byte(&packer, (uint8_t)(place->stage >> 8));
    pack_byte(&packer, (uint8_t)place->stage);
    pack_u32(&packer, (uint32_t)place->due ^ (uint32_t)1 << 31);
    pack_u64(&packer, place->number);
    MUST(!packer.full);
    key.size = packed(&packer).size;
    return key;
}

void index_read(const struct key *key, struct index_place *place)
{
    const uint8_t *end = memchr(key->bytes, 0, key->size);
    struct unpacker unpacker;

    MUST(end != NULL);
    place->agency =
        (struct text){.bytes = (const char *)key->bytes, .size = (size_t)(end - key->bytes)};
    unpack_init(&unpacker, (struct bytes){.at = end + 1,
                                          .size = (size_t)(key->bytes + key->size - end) - 1});
    place->procedure = unpack_u32(&unpacker);
    place->stage = (uint16_t)(unpack_byte(&unpacker) << 8);
    place->stage = (uint16_t)(place->stage | unpack_byte(&unpacker));
    place->due = (int32_t)(unpack_u32(&unpacker) ^ (uint32_t)1 << 31);
    place->number = unpack_u64(&unpacker);
    MUST(unpack_end(&unpacker) == STATUS_OK);
}

void index_move(struct store *store, const struct case_state *before,
                const struct law_procedure *was, const struct case_state *after,
                const struct law_procedure *procedure)
{
    struct index_place to = index_place_of(after, procedure);
    struct key key;

    if (before != NULL) {
        struct index_place from = index_place_of(before, was);

        if (from.stage == to.stage && from.due == to.due && was->number == procedure->number) {
            return;
        }
        key = index_key(&from);
        store_delete(store, TABLE_STAGES, &key);
    }
    key = index_key(&to);
    store_put(store, TABLE_STAGES, &key, (struct bytes){0});
}
