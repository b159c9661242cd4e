#include "store/keyring_file.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SLOT_BYTES = 64,
    PAGE_BYTES = 4096,
    CHUNK_SLOTS = 1024, /* drawn and flushed together */
    CHUNK_BYTES = CHUNK_SLOTS * SLOT_BYTES,
    DAYS_AT = PAGE_BYTES,
    CASES_AT = 2 * PAGE_BYTES
};

_Static_assert(KEYRING_DAYS *SLOT_BYTES == PAGE_BYTES, "the days fill a page");
_Static_assert(512 % SLOT_BYTES == 0, "a slot lies in one sector");

/* Places in the head and in a slot. */
enum { HEAD_CRC = 8, HEAD_CHECK = 16, HEAD_USED = 48 };
enum { SLOT_CRC = 4, SLOT_NUMBER = 8, SLOT_SALT = 16, SLOT_USED = 48 };

enum slot_kind { SLOT_EMPTY, SLOT_KEY, SLOT_DESTROYED };

struct slot {
    enum slot_kind kind;
    uint64_t number;
    uint8_t salt[SEAL_KEY_BYTES];
};

static const char magic[8] = {'D', 'U', 'B', 'A', 'N', 'K', '0', '1'};
static const char keyring_name[] = "private.keys";
static const char master_name[] = "master.key";

struct keyring {
    int fd; /* owned */
    struct seal_key master;
    uint8_t *chunk; /* owned: room for one */
    enum status status;
};

static void put_u32(uint8_t *at, uint32_t number)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(number >> 8 * i);
    }
}

static uint32_t get_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put_u64(uint8_t *at, uint64_t number)
{
    put_u32(at, (uint32_t)number);
    put_u32(at + 4, (uint32_t)(number >> 32));
}

static uint64_t get_u64(const uint8_t *at)
{
    return get_u32(at) | (uint64_t)get_u32(at + 4) << 32;
}

/* The sum of the first bytes of a head or a slot, as if that of the sum itself were zeros. */
static uint32_t sum_of(const uint8_t *at, size_t used, size_t crc_at)
{
    uint8_t copy[HEAD_USED];

    MUST(used <= sizeof(copy));
    memcpy(copy, at, used);
    put_u32(copy + crc_at, 0);
    return crc32c((struct bytes){copy, used});
}

static void encode_slot(const struct slot *slot, uint8_t out[SLOT_BYTES])
{
    memset(out, 0, SLOT_BYTES);
    put_u32(out, slot->kind);
    put_u64(out + SLOT_NUMBER, slot->number);
    memcpy(out + SLOT_SALT, slot->salt, SEAL_KEY_BYTES);
    put_u32(out + SLOT_CRC, sum_of(out, SLOT_USED, SLOT_CRC));
}

/* What is not whole is empty: a slot is used after its flush only, so at worst the disk lost
 * it, and then no reading brings it back. */
static struct slot decode_slot(const uint8_t in[SLOT_BYTES])
{
    struct slot slot = {.kind = SLOT_EMPTY};
    uint32_t kind = get_u32(in);

    if (kind != SLOT_EMPTY && kind <= SLOT_DESTROYED &&
        sum_of(in, SLOT_USED, SLOT_CRC) == get_u32(in + SLOT_CRC)) {
        slot.kind = (enum slot_kind)kind;
        slot.number = get_u64(in + SLOT_NUMBER);
        memcpy(slot.salt, in + SLOT_SALT, SEAL_KEY_BYTES);
    }
    return slot;
}

static enum status fail(struct keyring *keyring, const char *doing)
{
    log_error("keyring.failed doing=%s reason=\"%s\"", doing, strerror(errno));
    keyring->status = errno == ENOSPC || errno == EDQUOT ? STATUS_FULL : STATUS_DISK;
    return keyring->status;
}

/* Past the end there are zeros. */
static enum status read_at(struct keyring *keyring, uint8_t *room, size_t size, uint64_t at)
{
    size_t done = 0;

    while (done < size) {
        ssize_t got = pread(keyring->fd, room + done, size - done, (off_t)(at + done));

        if (got < 0 && errno != EINTR) {
            return fail(keyring, "read");
        }
        if (got == 0) {
            memset(room + done, 0, size - done);
            return STATUS_OK;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return STATUS_OK;
}

static enum status write_at(struct keyring *keyring, const uint8_t *bytes, size_t size,
                            uint64_t at)
{
    size_t done = 0;

    while (done < size) {
        ssize_t put = pwrite(keyring->fd, bytes + done, size - done, (off_t)(at + done));

        if (put < 0 && errno != EINTR) {
            return fail(keyring, "write");
        }
        done += put > 0 ? (size_t)put : 0;
    }
    return fdatasync(keyring->fd) == 0 ? STATUS_OK : fail(keyring, "flush");
}

static uint64_t place_of(enum key_kind kind, uint64_t number)
{
    if (kind == KEY_OF_DAY) {
        return DAYS_AT + number % KEYRING_DAYS * SLOT_BYTES;
    }
    MUST(number >= 1);
    return CASES_AT + (number - 1) * SLOT_BYTES;
}

static enum status read_slot(struct keyring *keyring, enum key_kind kind, uint64_t number,
                             struct slot *slot)
{
    uint8_t room[SLOT_BYTES];
    enum status status = keyring->status;

    if (status == STATUS_OK) {
        status = read_at(keyring, room, SLOT_BYTES, place_of(kind, number));
    }
    if (status == STATUS_OK) {
        *slot = decode_slot(room);
        if (slot->number != number) { /* of another day */
            slot->kind = SLOT_EMPTY;
        }
    }
    return status;
}

static enum status write_slot(struct keyring *keyring, enum key_kind kind,
                              const struct slot *slot)
{
    uint8_t room[SLOT_BYTES];

    encode_slot(slot, room);
    return write_at(keyring, room, SLOT_BYTES, place_of(kind, slot->number));
}

static struct seal_key key_of(const struct keyring *keyring, enum key_kind kind,
                              const struct slot *slot)
{
    uint8_t about[4 + 8 + SEAL_KEY_BYTES];

    put_u32(about, kind);
    put_u64(about + 4, slot->number);
    memcpy(about + 12, slot->salt, SEAL_KEY_BYTES);
    return seal_derive(&keyring->master, about, sizeof(about));
}

enum status keyring_find(struct keyring *keyring, enum key_kind kind, uint64_t number,
                         struct seal_key *key)
{
    struct slot slot;
    enum status status = read_slot(keyring, kind, number, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (slot.kind != SLOT_KEY) {
        return STATUS_NOT_FOUND;
    }
    *key = key_of(keyring, kind, &slot);
    return STATUS_OK;
}

/* Draw for every empty slot of the chunk that a case lies in. */
static enum status draw_chunk(struct keyring *keyring, uint64_t number)
{
    uint64_t first = (number - 1) / CHUNK_SLOTS * CHUNK_SLOTS + 1;
    uint64_t at = place_of(KEY_OF_CASE, first);
    enum status status = read_at(keyring, keyring->chunk, CHUNK_BYTES, at);

    for (uint64_t i = 0; i < CHUNK_SLOTS && status == STATUS_OK; i++) {
        uint8_t *room = keyring->chunk + i * SLOT_BYTES;

        if (decode_slot(room).kind == SLOT_EMPTY) {
            struct slot slot = {.kind = SLOT_KEY, .number = first + i};

            randombytes_buf(slot.salt, sizeof(slot.salt));
            encode_slot(&slot, room);
        }
    }
    return status == STATUS_OK ? write_at(keyring, keyring->chunk, CHUNK_BYTES, at) : status;
}

static enum status draw_day(struct keyring *keyring, uint64_t day)
{
    struct slot slot = {.kind = SLOT_KEY, .number = day};

    randombytes_buf(slot.salt, sizeof(slot.salt));
    return write_slot(keyring, KEY_OF_DAY, &slot);
}

enum status keyring_make(struct keyring *keyring, enum key_kind kind, uint64_t number,
                         struct seal_key *key)
{
    struct slot slot;
    enum status status = read_slot(keyring, kind, number, &slot);

    if (status == STATUS_OK && slot.kind == SLOT_EMPTY) {
        status = kind == KEY_OF_DAY ? draw_day(keyring, number) : draw_chunk(keyring, number);
        if (status == STATUS_OK) {
            status = read_slot(keyring, kind, number, &slot);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (slot.kind == SLOT_DESTROYED) {
        return STATUS_REFUSED;
    }
    MUST(slot.kind == SLOT_KEY);
    *key = key_of(keyring, kind, &slot);
    return STATUS_OK;
}

enum status keyring_destroy(struct keyring *keyring, uint64_t number)
{
    struct slot slot = {.kind = SLOT_DESTROYED, .number = number};

    return keyring->status == STATUS_OK ? write_slot(keyring, KEY_OF_CASE, &slot)
                                        : keyring->status;
}

enum status keyring_destroy_days(struct keyring *keyring, uint64_t before)
{
    static const uint8_t zeros[SLOT_BYTES];
    uint8_t days[PAGE_BYTES];
    enum status status = keyring->status;

    if (status == STATUS_OK) {
        status = read_at(keyring, days, sizeof(days), DAYS_AT);
    }
    for (uint64_t i = 0; i < KEYRING_DAYS && status == STATUS_OK; i++) {
        struct slot slot = decode_slot(days + i * SLOT_BYTES);

        if (slot.kind != SLOT_EMPTY && slot.number < before) {
            status = write_at(keyring, zeros, SLOT_BYTES, DAYS_AT + i * SLOT_BYTES);
        }
    }
    return status;
}

enum status keyring_status(const struct keyring *keyring)
{
    return keyring->status;
}

void keyring_close(struct keyring *keyring)
{
    if (keyring == NULL) {
        return;
    }
    if (keyring->fd >= 0) {
        (void)close(keyring->fd);
    }
    free(keyring->chunk);
    sodium_memzero(&keyring->master, sizeof(keyring->master));
    free(keyring);
}

/* The file is there whole, or not at all. */
static enum status make_master(const struct keyring *keyring, int folder_fd)
{
    static const char new_name[] = "master.key.new";
    int fd = openat(folder_fd, new_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool made = fd >= 0 && write(fd, keyring->master.bytes, SEAL_KEY_BYTES) == SEAL_KEY_BYTES &&
                fsync(fd) == 0 && renameat(folder_fd, new_name, folder_fd, master_name) == 0;

    if (!made) {
        log_error("keyring.failed doing=make file=%s reason=\"%s\"", master_name,
                  strerror(errno));
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return made ? folder_sync(folder_fd) : STATUS_DISK;
}

/* A key file is exactly the key; others may not read it. */
static enum status read_master(int at_fd, const char *path, struct seal_key *master)
{
    int fd = openat(at_fd, path, O_RDONLY | O_CLOEXEC);
    uint8_t bytes[SEAL_KEY_BYTES + 1];
    ssize_t size = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
    struct stat about;
    bool closed = fd >= 0 && fstat(fd, &about) == 0 && (about.st_mode & 0077) == 0;

    if (fd >= 0) {
        (void)close(fd);
    }
    if (fd < 0 && errno == ENOENT) {
        return STATUS_NOT_FOUND;
    }
    if (size != SEAL_KEY_BYTES || !closed) {
        log_error("keyring.refused master=\"%s\" do=\"give a file of %d random bytes that only "
                  "the daemon's user may read (mode 0400 or 0600)\"",
                  path, SEAL_KEY_BYTES);
        return STATUS_REFUSED;
    }
    memcpy(master->bytes, bytes, SEAL_KEY_BYTES);
    sodium_memzero(bytes, sizeof(bytes));
    return STATUS_OK;
}

static enum status find_master(struct keyring *keyring, const struct folder *folder,
                               const char *path, bool fresh)
{
    enum status status = path == NULL ? read_master(folder->fd, master_name, &keyring->master)
                                      : read_master(AT_FDCWD, path, &keyring->master);

    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    if (path != NULL || !fresh) {
        log_error("keyring.refused master=\"%s\" do=\"put back the master key this store was "
                  "made with\"",
                  path == NULL ? master_name : path);
        return STATUS_REFUSED;
    }
    randombytes_buf(keyring->master.bytes, SEAL_KEY_BYTES);
    return make_master(keyring, folder->fd);
}

static void make_head(const struct keyring *keyring, uint8_t page[PAGE_BYTES])
{
    struct seal_key check = seal_derive(&keyring->master, magic, sizeof(magic));

    memset(page, 0, PAGE_BYTES);
    memcpy(page, magic, sizeof(magic));
    memcpy(page + HEAD_CHECK, check.bytes, SEAL_KEY_BYTES);
    put_u32(page + HEAD_CRC, sum_of(page, HEAD_USED, HEAD_CRC));
}

/* Whatever an older store left in it gives way: no record of this one needs a key yet. */
static enum status begin(struct keyring *keyring, const struct folder *folder,
                         const uint8_t head[PAGE_BYTES])
{
    if (ftruncate(keyring->fd, 0) != 0) {
        return fail(keyring, "truncate");
    }

    enum status status = write_at(keyring, head, PAGE_BYTES, 0);

    return status == STATUS_OK ? folder_sync(folder->fd) : status;
}

static enum status open_head(struct keyring *keyring, const struct folder *folder, bool fresh)
{
    uint8_t wanted[PAGE_BYTES];
    uint8_t page[PAGE_BYTES];

    make_head(keyring, wanted);
    keyring->fd =
        openat(folder->fd, keyring_name, O_RDWR | O_CLOEXEC | (fresh ? O_CREAT : 0), 0600);
    if (keyring->fd < 0 && errno == ENOENT) {
        log_error(
            "keyring.refused file=%s do=\"put it back from the backup: without it nothing "
            "private in this journal can be read\"",
            keyring_name);
        return STATUS_REFUSED;
    }
    if (keyring->fd < 0) {
        return fail(keyring, "open");
    }

    if (fresh) {
        return begin(keyring, folder, wanted);
    }

    enum status status = read_at(keyring, page, sizeof(page), 0);

    if (status == STATUS_OK && memcmp(page, wanted, HEAD_USED) != 0) {
        log_error("keyring.refused file=%s do=\"give the master key this store was made with\"",
                  keyring_name);
        return STATUS_REFUSED;
    }
    return status;
}

enum status keyring_file_open(struct keyring **out, const struct folder *folder,
                              const char *master, bool fresh)
{
    struct keyring *keyring = calloc(1, sizeof(*keyring));

    *out = NULL;
    if (keyring == NULL) {
        return STATUS_NO_MEMORY;
    }
    keyring->fd = -1;
    keyring->chunk = malloc(CHUNK_BYTES);

    enum status status = keyring->chunk == NULL || !seal_ready() ? STATUS_NO_MEMORY : STATUS_OK;

    if (status == STATUS_OK) {
        status = find_master(keyring, folder, master, fresh);
    }
    if (status == STATUS_OK) {
        status = open_head(keyring, folder, fresh);
    }
    if (status != STATUS_OK) {
        keyring_close(keyring);
        return status;
    }
    *out = keyring;
    return STATUS_OK;
}
