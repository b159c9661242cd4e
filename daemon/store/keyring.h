#ifndef DUBAN_STORE_KEYRING_H
#define DUBAN_STORE_KEYRING_H

/*
 * The keys of what is sealed, outside the journal: a key destroyed here takes with it all that
 * it sealed, in every record and every copy of one, and no hash of the chain changes.
 *
 * One key for each case that has private facts; and one for each day, for events that wait for
 * a case not yet there, of which nobody knows yet what is private. A key is durable before it
 * is handed out, so no flushed record lacks its key; a key without a record does no harm.
 *
 * One thread. A failure of the disk sticks. Makers: keyring_file.c on a disk, and
 * store_memory_keyring.c, which keeps nothing secret.
 */
#include "base/status.h"
#include "codec/seal.h"

enum key_kind { KEY_OF_CASE, KEY_OF_DAY };

/* Days whose keys are kept at once; an older one gives way. */
#define KEYRING_DAYS 64

struct keyring;

/* Close and free. NULL is fine. */
void keyring_close(struct keyring *keyring);

/* The first failure, or STATUS_OK. */
enum status keyring_status(const struct keyring *keyring);

/* The key of a case, by its number from 1, or of a day. STATUS_NOT_FOUND: never made, or
 * destroyed. */
NODISCARD enum status keyring_find(struct keyring *keyring, enum key_kind kind, uint64_t number,
                                   struct seal_key *key);
/* The same, made where there is none yet. STATUS_REFUSED: destroyed, and it stays so. */
NODISCARD enum status keyring_make(struct keyring *keyring, enum key_kind kind, uint64_t number,
                                   struct seal_key *key);
/* Destroy a case's key, durably, or see to it that there will never be one. */
NODISCARD enum status keyring_destroy(struct keyring *keyring, uint64_t number);
/* Destroy the keys of all days before this one. */
NODISCARD enum status keyring_destroy_days(struct keyring *keyring, uint64_t before);

#endif
