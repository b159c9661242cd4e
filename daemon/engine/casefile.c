#include "engine/casefile.h"

#include "base/must.h"
#include "codec/pack.h"
#include "engine/keys.h"

#include <string.h>

enum { HEAD_BYTES = 16, ENTRY_BYTES = 24, ENTRIES_PER_CHUNK = 32 };

_Static_assert(ENTRY_BYTES *ENTRIES_PER_CHUNK <= VALUE_BYTES_MAX, "a chunk is one value");

static uint32_t chunks_of(size_t state_bytes)
{
    return (uint32_t)((HEAD_BYTES + state_bytes + VALUE_BYTES_MAX - 1) / VALUE_BYTES_MAX);
}

static bool read_head(struct store *store, uint64_t number, struct case_file *file,
                      size_t *size, struct bytes *rest)
{
    struct key key = key_state(number, 0);
    struct unpacker unpacker;
    struct bytes value;

    if (!store_get(store, TABLE_CASES, &key, &value)) {
        return false;
    }
    unpack_init(&unpacker, value);
    file->number = number;
    file->procedure = unpack_u32(&unpacker);
    file->generation = unpack_u32(&unpacker);
    file->entries = unpack_u32(&unpacker);
    *size = unpack_u32(&unpacker);
    *rest = unpack_raw(&unpacker, value.size - HEAD_BYTES);
    MUST(!unpacker.broken);
    return true;
}

bool casefile_load(struct store *store, uint64_t number, uint8_t *room, struct case_file *file)
{
    size_t size;
    struct bytes value;

    if (!read_head(store, number, file, &size, &value)) {
        return false;
    }
    MUST(size <= STATE_ROOM_BYTES);

    size_t at = 0;

    for (uint32_t chunk = 1; at < size; chunk++) {
        MUST(value.size <= size - at);
        memcpy(room + at, value.at, value.size);
        at += value.size;
        if (at < size) {
            struct key key = key_state(number, chunk);

            MUST(store_get(store, TABLE_CASES, &key, &value));
        }
    }
    file->state = (struct bytes){.at = room, .size = size};
    return true;
}

void casefile_save(struct store *store, const struct case_file *file, size_t old_bytes)
{
    uint32_t chunk_count = chunks_of(file->state.size);
    uint32_t old_count = old_bytes == 0 ? 0 : chunks_of(old_bytes);
    size_t at = 0;

    for (uint32_t chunk = 0; chunk < chunk_count; chunk++) {
        uint8_t room[VALUE_BYTES_MAX];
        struct key key = key_state(file->number, chunk);
        struct packer packer;

        pack_init(&packer, room, sizeof(room));
        if (chunk == 0) {
            pack_u32(&packer, file->procedure);
            pack_u32(&packer, file->generation);
            pack_u32(&packer, file->entries);
            pack_u32(&packer, (uint32_t)file->state.size);
        }

        size_t left = file->state.size - at;
        size_t fits = sizeof(room) - packed(&packer).size;
        size_t size = left < fits ? left : fits;

        pack_raw(&packer, (struct bytes){.at = file->state.at + at, .size = size});
        at += size;
        store_put(store, TABLE_CASES, &key, packed(&packer));
    }
    for (uint32_t chunk = chunk_count; chunk < old_count; chunk++) {
        struct key key = key_state(file->number, chunk);

        store_delete(store, TABLE_CASES, &key);
    }
}

void casefile_add(struct store *store, struct case_file *file, const struct digest *digest,
                  uint64_t seq)
{
    static const struct digest none;
    uint8_t room[ENTRY_BYTES * ENTRIES_PER_CHUNK];
    struct key key = key_file(file->number, file->entries / ENTRIES_PER_CHUNK);
    struct packer packer;
    struct bytes value;

    pack_init(&packer, room, sizeof(room));
    if (file->entries % ENTRIES_PER_CHUNK != 0) {
        MUST(store_get(store, TABLE_CASES, &key, &value) || store_status(store) != STATUS_OK);
        if (store_status(store) != STATUS_OK) {
            return;
        }
        pack_raw(&packer, value);
    }
    digest = digest == NULL ? &none : digest;
    pack_raw(&packer, (struct bytes){.at = digest->bytes, .size = sizeof(digest->bytes)});
    pack_u64(&packer, seq);
    MUST(!packer.full);
    store_put(store, TABLE_CASES, &key, packed(&packer));
    file->entries++;
}

/* The chunk that holds an entry; it must be there. */
static struct bytes read_chunk(struct store *store, const struct case_file *file,
                               uint32_t entry)
{
    struct key key = key_file(file->number, entry / ENTRIES_PER_CHUNK);
    struct bytes value;

    MUST(store_get(store, TABLE_CASES, &key, &value));
    MUST(value.size >= (size_t)(entry % ENTRIES_PER_CHUNK + 1) * ENTRY_BYTES);
    return value;
}

static uint64_t read_place(struct bytes chunk, uint32_t entry)
{
    struct unpacker unpacker;
    const uint8_t *at = chunk.at + (size_t)(entry % ENTRIES_PER_CHUNK) * ENTRY_BYTES;

    unpack_init(&unpacker, (struct bytes){.at = at + sizeof(struct digest), .size = 8});
    return unpack_u64(&unpacker);
}

bool casefile_find(struct store *store, const struct case_file *file,
                   const struct digest *digest, uint32_t *entry, uint64_t *seq)
{
    struct bytes chunk = {0};

    while (*entry > 0) {
        (*entry)--;
        if (chunk.size == 0 || *entry % ENTRIES_PER_CHUNK == ENTRIES_PER_CHUNK - 1) {
            chunk = read_chunk(store, file, *entry);
        }

        const uint8_t *at = chunk.at + (size_t)(*entry % ENTRIES_PER_CHUNK) * ENTRY_BYTES;

        if (memcmp(at, digest->bytes, sizeof(digest->bytes)) == 0) {
            *seq = read_place(chunk, *entry);
            return true;
        }
    }
    return false;
}

uint64_t casefile_record(struct store *store, const struct case_file *file, uint32_t entry)
{
    MUST(entry < file->entries);
    return read_place(read_chunk(store, file, entry), entry);
}

uint32_t casefile_after(struct store *store, const struct case_file *file, uint32_t entry)
{
    uint64_t seq = casefile_record(store, file, entry);

    do {
        entry++;
    } while (entry < file->entries && casefile_record(store, file, entry) == seq);
    return entry;
}
