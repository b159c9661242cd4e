#ifndef DUBAN_NET_ENDPOINT_H
#define DUBAN_NET_ENDPOINT_H

/*
 * Where a door is: an ipc socket below a folder of ours, guarded by the file's mode. TCP would
 * be open to whoever reaches the port, so it is refused as long as there are no keys.
 *
 * ZeroMQ removes whatever lies at the path it binds. So it is looked at first: a daemon that
 * answers there stays, what is no socket stays too, and only what a dead daemon left goes.
 */
#include "base/status.h"
#include "core/problem.h"

#include <sys/types.h>

#define ENDPOINT_BYTES 128

/* Whether it can be one; *why says in words what is wrong with it. Nothing is touched. */
NODISCARD enum status endpoint_check(const char *endpoint, const struct message **why);

/* Make its path free to bind. STATUS_REFUSED: somebody's else; STATUS_NETWORK; both logged. */
NODISCARD enum status endpoint_clear(const char *endpoint);
/* Take away what was bound: ZeroMQ would leave it. */
void endpoint_remove(const char *endpoint);
/* Who may connect, once it is bound. */
NODISCARD enum status endpoint_set_mode(const char *endpoint, mode_t mode);

/* The words, for documentation. */
const struct message *const *endpoint_messages(uint32_t *count);

#endif
