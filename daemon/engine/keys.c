#include "engine/keys.h"

#include "base/must.h"
#include "codec/pack.h"

#include <string.h>

enum tag { TAG_NUMBER, TAG_WAITING, TAG_REFUSED };
enum piece { PIECE_STATE, PIECE_FILE };

#define NAME_BYTES_MAX (AGENCY_BYTES_MAX + 1 + CASE_ID_BYTES_MAX + 1)
_Static_assert(NAME_BYTES_MAX + 1 + 16 <= KEY_BYTES_MAX, "what waits hangs on its case's name");

static void begin(struct packer *packer, struct key *key)
{
    pack_init(packer, key->bytes, sizeof(key->bytes));
}

static void end(const struct packer *packer, struct key *key)
{
    MUST(!packer->full);
    key->size = packed(packer).size;
}

static void pack_plain(struct packer *packer, struct text text)
{
    pack_raw(packer, (struct bytes){.at = (const uint8_t *)text.bytes, .size = text.size});
}

/* No text of ours holds a NUL, so that it ends one. */
static void pack_name(struct packer *packer, struct text agency, struct text case_id,
                      enum tag tag)
{
    MUST(agency.size <= AGENCY_BYTES_MAX);
    MUST(case_id.size <= CASE_ID_BYTES_MAX);
    pack_plain(packer, agency);
    pack_byte(packer, 0);
    pack_plain(packer, case_id);
    pack_byte(packer, 0);
    pack_byte(packer, (uint8_t)tag);
}

struct key key_name(struct text agency, struct text case_id)
{
    struct key key;
    struct packer packer;

    begin(&packer, &key);
    pack_name(&packer, agency, case_id, TAG_NUMBER);
    end(&packer, &key);
    return key;
}

struct key key_waiting(struct text agency, struct text case_id, int64_t occurred_ms,
                       uint64_t seq)
{
    struct key key;
    struct packer packer;

    begin(&packer, &key);
    pack_name(&packer, agency, case_id, TAG_WAITING);
    pack_u64(&packer, (uint64_t)occurred_ms ^ (uint64_t)1 << 63);
    pack_u64(&packer, seq);
    end(&packer, &key);
    return key;
}

bool key_is_waiting(const struct key *key, struct text agency, struct text case_id,
                    uint64_t *seq)
{
    struct key own = key_waiting(agency, case_id, 0, 0);
    size_t name_bytes = own.size - 16;
    struct unpacker unpacker;

    if (key->size != own.size || memcmp(key->bytes, own.bytes, name_bytes) != 0) {
        return false;
    }
    unpack_init(&unpacker, (struct bytes){.at = key->bytes + own.size - 8, .size = 8});
    *seq = unpack_u64(&unpacker);
    return true;
}

struct key key_refused(struct text agency, struct text case_id, uint64_t source)
{
    struct key key;
    struct packer packer;

    begin(&packer, &key);
    pack_name(&packer, agency, case_id, TAG_REFUSED);
    pack_u64(&packer, source);
    end(&packer, &key);
    return key;
}

static struct key key_part(uint64_t number, enum piece piece, uint32_t chunk)
{
    struct key key;
    struct packer packer;

    begin(&packer, &key);
    pack_u64(&packer, number);
    pack_byte(&packer, (uint8_t)piece);
    pack_u32(&packer, chunk);
    end(&packer, &key);
    return key;
}

struct key key_state(uint64_t number, uint32_t chunk)
{
    return key_part(number, PIECE_STATE, chunk);
}

struct key key_file(uint64_t number, uint32_t chunk)
{
    return key_part(number, PIECE_FILE, chunk);
}

struct key key_moment(int64_t due_ms, enum moment_kind kind, uint64_t number)
{
    struct key key;
    struct packer packer;

    begin(&packer, &key);
    /* The order of bytes is that of numbers that are not negative; what was due before 1970 is
     * as late as it can be. */
    pack_u64(&packer, due_ms < 0 ? 0 : (uint64_t)due_ms);
    pack_byte(&packer, (uint8_t)kind);
    pack_u64(&packer, number);
    end(&packer, &key);
    return key;
}

void key_read_moment(const struct key *key, int64_t *due_ms, enum moment_kind *kind,
                     uint64_t *number)
{
    struct unpacker unpacker;

    unpack_init(&unpacker, (struct bytes){.at = key->bytes, .size = key->size});
    *due_ms = (int64_t)unpack_u64(&unpacker);
    *kind = (enum moment_kind)unpack_byte(&unpacker);
    *number = unpack_u64(&unpacker);
    MUST(unpack_end(&unpacker) == STATUS_OK);
}

struct key key_first_moment(void)
{
    return key_moment(0, MOMENT_CASE, 0);
}

/* What a key of `held` begins with: marks come first. */
enum held_tag { HELD_AGENCY, HELD_CASE, HELD_JOB, HELD_ROW };

static struct key key_tagged(enum held_tag tag, struct text agency)
{
    struct key key;
    struct packer packer;

    MUST(agency.size <= AGENCY_BYTES_MAX);
    begin(&packer, &key);
    pack_byte(&packer, (uint8_t)tag);
    if (agency.size > 0) {
        pack_plain(&packer, agency);
        pack_byte(&packer, 0);
    }
    end(&packer, &key);
    return key;
}

struct key key_released(struct text agency)
{
    return key_tagged(HELD_AGENCY, agency);
}

static struct key key_released_one(enum held_tag tag, uint64_t number)
{
    struct key key;
    struct packer packer;

    begin(&packer, &key);
    pack_byte(&packer, (uint8_t)tag);
    pack_u64(&packer, number);
    end(&packer, &key);
    return key;
}

struct key key_released_case(uint64_t number)
{
    return key_released_one(HELD_CASE, number);
}

struct key key_released_job(uint64_t number)
{
    return key_released_one(HELD_JOB, number);
}

struct key key_held_of(struct text agency)
{
    return key_tagged(HELD_ROW, agency);
}

struct key key_held(struct text agency, enum moment_kind kind, uint64_t number)
{
    struct key key = key_held_of(agency);
    struct packer packer;

    pack_init(&packer, key.bytes + key.size, sizeof(key.bytes) - key.size);
    pack_byte(&packer, (uint8_t)kind);
    pack_u64(&packer, number);
    MUST(!packer.full);
    key.size += packed(&packer).size;
    return key;
}

bool key_is_held(const struct key *key)
{
    return key->bytes[0] == HELD_ROW;
}

bool key_read_released(const struct key *key, struct text *agency)
{
    /* Behind the tag stands the name with its NUL, or nothing for all. */
    *agency = (struct text){.bytes = (const char *)key->bytes + 1,
                            .size = key->size < 2 ? 0 : key->size - 2};
    return key->bytes[0] == HELD_AGENCY;
}

void key_read_held(const struct key *key, enum moment_kind *kind, uint64_t *number)
{
    enum { END_BYTES = 9 };
    struct unpacker unpacker;

    MUST(key->size > END_BYTES);
    unpack_init(&unpacker, (struct bytes){key->bytes + key->size - END_BYTES, END_BYTES});
    *kind = (enum moment_kind)unpack_byte(&unpacker);
    *number = unpack_u64(&unpacker);
}

struct key key_installed(struct text name)
{
    struct key key;
    struct packer packer;

    begin(&packer, &key);
    pack_plain(&packer, name);
    end(&packer, &key);
    return key;
}

struct key key_first(void)
{
    return (struct key){.size = 1};
}

struct key key_meta(struct text name)
{
    return key_installed(name);
}

/* A name up to its NUL. */
static struct text take_name(struct unpacker *unpacker)
{
    const char *at = (const char *)unpacker->at;
    size_t size = 0;

    while (!unpacker->broken && unpack_byte(unpacker) != 0) {
        size++;
    }
    return unpacker->broken ? (struct text){0} : (struct text){.bytes = at, .size = size};
}

static void take_named(struct unpacker *unpacker, struct row_parts *parts)
{
    static const enum row_kind kinds[] = {
        [TAG_NUMBER] = ROW_NAME, [TAG_WAITING] = ROW_WAITING, [TAG_REFUSED] = ROW_REFUSED};

    parts->agency = take_name(unpacker);
    parts->case_id = take_name(unpacker);

    uint8_t tag = unpack_byte(unpacker);

    parts->kind = !unpacker->broken && tag <= TAG_REFUSED ? kinds[tag] : ROW_OTHER;
    if (parts->kind == ROW_WAITING) {
        (void)unpack_u64(unpacker); /* when it occurred */
    }
    if (parts->kind != ROW_NAME) {
        parts->number = unpack_u64(unpacker);
    }
}

static void take_part(struct unpacker *unpacker, struct row_parts *parts)
{
    parts->number = unpack_u64(unpacker);

    uint8_t piece = unpack_byte(unpacker);

    parts->kind = piece == PIECE_STATE ? ROW_STATE : piece == PIECE_FILE ? ROW_FILE : ROW_OTHER;
    parts->chunk = unpack_u32(unpacker);
}

struct row_parts key_take_apart(enum table table, const struct key *key)
{
    struct row_parts parts = {.kind = ROW_OTHER};
    struct unpacker unpacker;

    unpack_init(&unpacker, (struct bytes){.at = key->bytes, .size = key->size});
    if (table == TABLE_NAMES) {
        take_named(&unpacker, &parts);
    } else if (table == TABLE_CASES) {
        take_part(&unpacker, &parts);
    } else if (table == TABLE_MOMENTS) {
        parts.kind = ROW_MOMENT;
        parts.due_ms = (int64_t)unpack_u64(&unpacker);
        (void)unpack_byte(&unpacker);
        parts.number = unpack_u64(&unpacker);
    } else if (table == TABLE_HELD) {
        parts.kind =
            unpack_byte(&unpacker) == HELD_ROW && key->size > 10 ? ROW_HELD : ROW_OTHER;
        parts.agency = take_name(&unpacker);
        (void)unpack_byte(&unpacker);
        parts.number = unpack_u64(&unpacker);
    } else if (table == TABLE_STAGES) {
        parts.agency = take_name(&unpacker);
        if (key->size - parts.agency.size > sizeof(uint64_t)) { /* the number is its end */
            unpacker.at = key->bytes + key->size - sizeof(uint64_t);
        }
        parts.number = unpack_u64(&unpacker);
        parts.kind = ROW_PLACE;
    } else if (table == TABLE_INSTALLED || table == TABLE_META) {
        return (struct row_parts){
            .kind = ROW_WORD, .agency = {.bytes = (const char *)key->bytes, .size = key->size}};
    }
    if (unpack_end(&unpacker) != STATUS_OK) {
        parts.kind = ROW_OTHER;
    }
    return parts;
}
