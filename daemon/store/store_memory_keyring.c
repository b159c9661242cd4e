#include "store/store_memory.h"

#include <stdlib.h>
#include <string.h>

/* Keys are made from their numbers, so that two runs are the same to the byte; only what was
 * made and what was destroyed is kept. */
struct keyring {
    struct made {
        enum key_kind kind;
        uint64_t number;
        bool destroyed;
    } * made; /* owned */
    size_t count;
    size_t room;
    enum status status;
};

struct keyring *keyring_memory_open(void)
{
    return calloc(1, sizeof(struct keyring));
}

void keyring_close(struct keyring *keyring)
{
    if (keyring != NULL) {
        free(keyring->made);
        free(keyring);
    }
}

enum status keyring_status(const struct keyring *keyring)
{
    return keyring->status;
}

/* The newest come last, and are asked for most. */
static struct made *find(const struct keyring *keyring, enum key_kind kind, uint64_t number)
{
    for (size_t i = keyring->count; i > 0; i--) {
        struct made *made = &keyring->made[i - 1];

        if (made->kind == kind && made->number == number) {
            return made;
        }
    }
    return NULL;
}

static struct made *add(struct keyring *keyring, enum key_kind kind, uint64_t number)
{
    if (keyring->count == keyring->room) {
        size_t room = keyring->room == 0 ? 64 : keyring->room * 2;
        struct made *made = realloc(keyring->made, room * sizeof(*made));

        if (made == NULL) {
            keyring->status = STATUS_NO_MEMORY;
            return NULL;
        }
        keyring->made = made;
        keyring->room = room;
    }

    struct made *added = &keyring->made[keyring->count++];

    *added = (struct made){.kind = kind, .number = number};
    return added;
}

static void tell_key(enum key_kind kind, uint64_t number, struct seal_key *key)
{
    memset(key->bytes, kind == KEY_OF_CASE ? 'c' : 'd', sizeof(key->bytes));
    for (int i = 0; i < 8; i++) {
        key->bytes[i] = (uint8_t)(number >> 8 * i);
    }
}

enum status keyring_find(struct keyring *keyring, enum key_kind kind, uint64_t number,
                         struct seal_key *key)
{
    const struct made *made = find(keyring, kind, number);

    if (made == NULL || made->destroyed) {
        return keyring->status == STATUS_OK ? STATUS_NOT_FOUND : keyring->status;
    }
    tell_key(kind, number, key);
    return keyring->status;
}

enum status keyring_make(struct keyring *keyring, enum key_kind kind, uint64_t number,
                         struct seal_key *key)
{
    const struct made *made = find(keyring, kind, number);

    if (made == NULL) {
        made = add(keyring, kind, number);
    }
    if (keyring->status != STATUS_OK) {
        return keyring->status;
    }
    if (made->destroyed) {
        return STATUS_REFUSED;
    }
    tell_key(kind, number, key);
    return STATUS_OK;
}

enum status keyring_destroy(struct keyring *keyring, uint64_t number)
{
    struct made *made = find(keyring, KEY_OF_CASE, number);

    if (made == NULL) {
        made = add(keyring, KEY_OF_CASE, number);
    }
    if (made != NULL) {
        made->destroyed = true;
    }
    return keyring->status;
}

enum status keyring_destroy_days(struct keyring *keyring, uint64_t before)
{
    size_t kept = 0;

    for (size_t i = 0; i < keyring->count; i++) {
        if (keyring->made[i].kind == KEY_OF_CASE || keyring->made[i].number >= before) {
            keyring->made[kept++] = keyring->made[i];
        }
    }
    keyring->count = kept;
    return keyring->status;
}

void keyring_memory_fail(struct keyring *keyring, enum status status)
{
    keyring->status = status;
}
