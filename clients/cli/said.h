#ifndef DUBAN_CLI_SAID_H
#define DUBAN_CLI_SAID_H

/*
 * What somebody says happened, as a JSON object: a line of `duban send --batch` and of `duban
 * import`, and what the options of `duban send` become. The keys are those of a scenario's
 * step:
 *
 *   {"case": "K-1", "event": "order.served", "at": "2026-03-02T10:00", "by": "wang/officer",
 *    "with": ["zhao"], "set": {"minor": true, "give": "10d"},
 *    "documents": ["责令改正通知书", {"kind": "送达回证", "file": "proof.pdf"}]}
 *
 * docs/reference/events.md tells of each.
 */
#include "base/arena.h"
#include "core/problem.h"

#include <duban.h>
#include <jansson.h>
#include <stdbool.h>

/* China's zone: there is one. */
#define SAID_ZONE_MS ((int64_t)8 * 3600000)

/* What is wrong with it. */
struct said_wrong {
    const struct message *message;
    char texts[PROBLEM_ARGUMENTS][160];
};

/*
 * Read an event; its texts live in the arena, or in the object. `defaults` gives keys that the
 * object lacks; it may be NULL. Where there is no id, one is made from all that is said, so
 * that saying it again is the same event. Documents' files are read for their hash.
 */
bool said_read(json_t *object, const json_t *defaults, struct arena *arena,
               struct duban_event *event, struct said_wrong *wrong);

/* Print what is wrong, after its place ("FILE:LINE: ") or NULL. */
void said_complain(const char *place, const struct said_wrong *wrong);

#endif
