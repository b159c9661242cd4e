#include "engine/keys.h"

#include "base/must.h"
#include "codec/pack.h"

#include <string.h>

/* Keys of jobs: a tag, then what they are found by, then the job's number. */
enum tag {
    TAG_CASE,
    TAG_DAY,
    TAG_JOB,
    TAG_LEASE,
    TAG_PACE,
    TAG_QUEUE,
    TAG_RECEIVER,
    TAG_CHANNEL_HOLD,
    TAG_CASE_HOLD
};

enum { NUMBER_BYTES = 8 };

static struct packer begin(struct key *key, enum tag tag)
{
    struct packer packer;

    pack_init(&packer, key->bytes, sizeof(key->bytes));
    pack_byte(&packer, (uint8_t)tag);
    return packer;
}

static struct key end(const struct packer *packer, struct key *key)
{
    MUST(!packer->full);
    key->size = packed(packer).size;
    return *key;
}

/* No name holds a NUL, so that it ends one. A receiver's name may be long; what is over is told
 * apart by a digest. */
static void pack_name(struct packer *packer, struct text name)
{
    enum { WHOLE_BYTES = 48 };
    struct bytes bytes = {.at = (const uint8_t *)name.bytes, .size = name.size};

    if (name.size > WHOLE_BYTES) {
        struct digest digest = digest_of(bytes);

        bytes.size = WHOLE_BYTES - sizeof(digest.bytes);
        pack_raw(packer, bytes);
        for (size_t i = 0; i < sizeof(digest.bytes); i++) {
            pack_byte(packer, digest.bytes[i] == 0 ? 1 : digest.bytes[i]);
        }
    } else if (name.size > 0) {
        pack_raw(packer, bytes);
    }
    pack_byte(packer, 0);
}

/* Whether a key is `own` but for the bytes behind its front; its last eight are a number. */
static bool has_front(const struct key *key, const struct key *own, size_t behind,
                      uint64_t *number)
{
    struct unpacker unpacker;

    if (key->size != own->size || memcmp(key->bytes, own->bytes, own->size - behind) != 0) {
        return false;
    }
    unpack_init(&unpacker, (struct bytes){.at = key->bytes + key->size - NUMBER_BYTES,
                                          .size = NUMBER_BYTES});
    *number = unpack_u64(&unpacker);
    return true;
}

struct key key_job(uint64_t number)
{
    struct key key;
    struct packer packer = begin(&key, TAG_JOB);

    pack_u64(&packer, number);
    return end(&packer, &key);
}

struct key key_job_of_case(uint64_t case_number, uint64_t number)
{
    struct key key;
    struct packer packer = begin(&key, TAG_CASE);

    pack_u64(&packer, case_number);
    pack_u64(&packer, number);
    return end(&packer, &key);
}

bool key_is_job_of_case(const struct key *key, uint64_t case_number, uint64_t *number)
{
    struct key own = key_job_of_case(case_number, 0);

    return has_front(key, &own, NUMBER_BYTES, number);
}

struct key key_job_queue(struct text channel, int64_t useful_ms, uint64_t number)
{
    struct key key;
    struct packer packer = begin(&key, TAG_QUEUE);

    pack_name(&packer, channel);
    pack_u64(&packer, (uint64_t)useful_ms);
    pack_u64(&packer, number);
    return end(&packer, &key);
}

bool key_is_job_queue(const struct key *key, struct text channel, uint64_t *number)
{
    struct key own = key_job_queue(channel, 0, 0);

    return has_front(key, &own, (size_t)2 * NUMBER_BYTES, number);
}

struct key key_job_receiver(struct text channel, struct text receiver, uint64_t number)
{
    struct key key;
    struct packer packer = begin(&key, TAG_RECEIVER);

    pack_name(&packer, channel);
    pack_name(&packer, receiver);
    pack_u64(&packer, number);
    return end(&packer, &key);
}

bool key_is_job_receiver(const struct key *key, struct text channel, struct text receiver,
                         uint64_t *number)
{
    struct key own = key_job_receiver(channel, receiver, 0);

    return has_front(key, &own, NUMBER_BYTES, number);
}

struct key key_job_lease(uint64_t token, uint64_t number)
{
    struct key key;
    struct packer packer = begin(&key, TAG_LEASE);

    pack_u64(&packer, token);
    pack_u64(&packer, number);
    return end(&packer, &key);
}

bool key_is_job_lease(const struct key *key, uint64_t *token, uint64_t *number)
{
    struct key own = key_job_lease(0, 0);
    struct unpacker unpacker;

    if (!has_front(key, &own, (size_t)2 * NUMBER_BYTES, number)) {
        return false;
    }
    unpack_init(&unpacker, (struct bytes){.at = key->bytes + 1, .size = NUMBER_BYTES});
    *token = unpack_u64(&unpacker);
    return true;
}

struct key key_job_channel_hold(struct text channel)
{
    struct key key;
    struct packer packer = begin(&key, TAG_CHANNEL_HOLD);

    pack_name(&packer, channel);
    return end(&packer, &key);
}

struct key key_job_case_hold(uint64_t case_number)
{
    struct key key;
    struct packer packer = begin(&key, TAG_CASE_HOLD);

    pack_u64(&packer, case_number);
    return end(&packer, &key);
}

bool key_is_job(const struct key *key, uint64_t *number)
{
    struct key own = key_job(0);

    return has_front(key, &own, NUMBER_BYTES, number);
}

struct key key_job_pace(struct text channel)
{
    struct key key;
    struct packer packer = begin(&key, TAG_PACE);

    pack_name(&packer, channel);
    return end(&packer, &key);
}

struct key key_job_day(int32_t day, struct text channel, struct text receiver)
{
    struct key key;
    struct packer packer = begin(&key, TAG_DAY);

    pack_u32(&packer, (uint32_t)day);
    pack_name(&packer, channel);
    pack_name(&packer, receiver);
    return end(&packer, &key);
}

bool key_is_job_day(const struct key *key, int32_t *day)
{
    struct unpacker unpacker;

    unpack_init(&unpacker, (struct bytes){.at = key->bytes, .size = key->size});
    if (unpack_byte(&unpacker) != TAG_DAY) {
        return false;
    }
    *day = (int32_t)unpack_u32(&unpacker);
    return true;
}
