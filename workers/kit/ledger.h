#ifndef DUBAN_KIT_LEDGER_H
#define DUBAN_KIT_LEDGER_H

/*
 * What a worker remembers on disk, in a folder of its own that no other process uses: the keys
 * of what was sent, so that none is sent again, and the results that the daemon has not settled
 * yet, as the frames that tell them. Writes are gathered and become durable together, with
 * ledger_flush; the first failure sticks until then.
 *
 * Results belong to one store in one generation, for their tokens do. Keys belong to all time:
 * after a restore of the daemon they say what had left before it. They are forgotten when they
 * are older than any job.
 */
#include "base/bytes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define LEDGER_KEY_BYTES_MAX   255
#define LEDGER_STORE_BYTES     128
#define LEDGER_FRAME_BYTES_MAX 1024
#define LEDGER_KEEP_MS         ((int64_t)400 * 24 * 3600 * 1000)

struct ledger;

/* That a message was sent. */
struct ledger_sent {
    int64_t sent_at_ms; /* on the daemon's clock */
    uint8_t sha256[32];
    char provider_id[129];
};

/* Whose the tokens of the kept results are. */
struct ledger_owner {
    char store[LEDGER_STORE_BYTES]; /* empty: nobody's yet */
    uint32_t generation;
};

/* Make the folder where it is not there. Failures are logged. */
NODISCARD enum status ledger_open(struct ledger **ledger, const char *folder);
void ledger_close(struct ledger *ledger);

struct ledger_owner ledger_owner(const struct ledger *ledger);
/* Another store, or another generation of it: results kept so far are nobody's any more. */
void ledger_set_owner(struct ledger *ledger, const struct ledger_owner *owner);

/* Whether a key was sent, also when that is not durable yet. STATUS_NOT_FOUND: it was not;
 * STATUS_DISK: that cannot be told. */
NODISCARD enum status ledger_was_sent(struct ledger *ledger, const char *key,
                                      struct ledger_sent *sent);
/* `now_ms` is this machine's clock. */
void ledger_keep_sent(struct ledger *ledger, const char *key, const struct ledger_sent *sent,
                      int64_t now_ms);

void ledger_keep_result(struct ledger *ledger, uint64_t token, struct bytes frame);
void ledger_drop_result(struct ledger *ledger, uint64_t token);
/* The kept result of the smallest token from *token on. Its frame lives until the next call. */
bool ledger_next_result(struct ledger *ledger, uint64_t *token, struct bytes *frame);

/* Forget some of the keys that are older than any job; whether there may be more. */
bool ledger_sweep(struct ledger *ledger, int64_t now_ms);

/* Whether something was written that is not durable yet. */
bool ledger_is_dirty(const struct ledger *ledger);
NODISCARD enum status ledger_flush(struct ledger *ledger);

#endif
