#include "engine/parts.h"

#include "base/must.h"
#include "codec/pack.h"

#include <string.h>

/* The row in which the state says how far it has come. To change it: raise the version, and
 * keep the old reader beside the new one. */
enum { META_VERSION = 3, META_BYTES_MAX = 128 };

static bool begin(struct store *store, struct unpacker *unpacker, struct reached *head)
{
    struct key key = key_meta(TEXT("engine"));
    struct bytes value;

    *head = (struct reached){.generation = 1};
    if (!store_get(store, TABLE_META, &key, &value)) {
        return false;
    }
    unpack_init(unpacker, value);
    if (unpack_byte(unpacker) != META_VERSION) {
        unpack_break(unpacker);
    }
    head->seq = unpack_number(unpacker);

    struct bytes hash = unpack_raw(unpacker, sizeof(head->hash));

    head->now_ms = unpack_signed(unpacker);
    head->case_count = unpack_number(unpacker);
    head->closed_count = unpack_number(unpacker);
    head->generation = unpack_below(unpacker, UINT32_MAX);
    head->held_count = unpack_number(unpacker);
    head->swept = unpack_number(unpacker);
    if (!unpacker->broken) {
        memcpy(head->hash, hash.at, sizeof(head->hash));
    }
    return true;
}

enum status engine_reached(struct store *store, struct reached *head)
{
    struct unpacker unpacker;

    if (!begin(store, &unpacker, head)) {
        return store_status(store);
    }
    return unpacker.broken ? STATUS_MALFORMED : STATUS_OK;
}

enum status meta_read(struct engine *engine, struct reached *head)
{
    struct unpacker unpacker;

    if (!begin(engine->store, &unpacker, head)) {
        engine->store_generation = 1;
        return store_status(engine->store);
    }
    engine->now_ms = head->now_ms;
    engine->case_count = head->case_count;
    engine->closed_count = head->closed_count;
    engine->swept = head->swept;
    engine->generation = unpack_below(&unpacker, UINT32_MAX);
    engine->procedures = unpack_below(&unpacker, UINT32_MAX);
    engine->store_generation = head->generation;
    engine->held_count = head->held_count;
    engine->hold_ms = unpack_signed(&unpacker);
    engine->releasing = engine->held_count > 0;
    queues_rewind(engine);
    return unpack_end(&unpacker);
}

enum status engine_save(struct engine *engine)
{
    struct key key = key_meta(TEXT("engine"));
    uint8_t hash[JOURNAL_HASH_BYTES];
    uint8_t room[META_BYTES_MAX];
    struct packer packer;
    enum status status = journal_hash(engine->journal, engine_seq(engine), hash);

    if (status != STATUS_OK) {
        return status;
    }
    pack_init(&packer, room, sizeof(room));
    pack_byte(&packer, META_VERSION);
    pack_number(&packer, engine_seq(engine));
    pack_raw(&packer, (struct bytes){.at = hash, .size = sizeof(hash)});
    pack_signed(&packer, engine->now_ms);
    pack_number(&packer, engine->case_count);
    pack_number(&packer, engine->closed_count);
    pack_number(&packer, engine->store_generation);
    pack_number(&packer, engine->held_count);
    pack_number(&packer, engine->swept);
    pack_number(&packer, engine->generation);
    pack_number(&packer, engine->procedures);
    pack_signed(&packer, engine->hold_ms);
    MUST(!packer.full);
    store_put(engine->store, TABLE_META, &key, packed(&packer));
    return store_commit(engine->store);
}
