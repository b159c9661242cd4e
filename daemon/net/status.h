#ifndef DUBAN_NET_STATUS_H
#define DUBAN_NET_STATUS_H

/* How the daemon is: whether it keeps up, how full it is, what time it goes by. */
#include "net/reading.h"

/* A moment that is due longer than this has not been kept up with. */
#define STATUS_LAG_MS ((int64_t)60000)

/* On a pool thread. */
NODISCARD enum status status_tell(struct reading_room *reading, const struct bulletin *bulletin,
                                  struct slice *slice);
NODISCARD enum status status_tell_workers(struct reading_room *reading, struct slice *slice);
NODISCARD enum status status_tell_time(const struct bulletin *bulletin, struct slice *slice);

#endif
