#ifndef DUBAN_CRASH_LIFE_H
#define DUBAN_CRASH_LIFE_H

/*
 * A small history of a store on a disk, as the daemon lives it (opened, flushed, saved, stopped,
 * killed, opened again), the ledger of what it acknowledged, and the judge of what is left.
 */
#include <stdbool.h>
#include <stdint.h>

#define LIFE_LINES 16

/* What was shown: by which record, and after how many acts of the disk. */
struct ledger {
    struct line {
        bool shown;
        uint64_t seq;
        uint64_t acts;
    } lines[LIFE_LINES];
    bool shows_early; /* planted: it shows before it flushes */
};

/* Live in the folder, until the first failure or the end. Does not return. */
_Noreturn void life_run(const char *folder, struct ledger *ledger);
/*
 * Open what is left, and see: all that was shown is there and known, what was not can be sent
 * again, no private word is lost, and the journal alone leads to the same state. Does not
 * return: 0 is well; else *why says what is not, `size` bytes of it.
 */
_Noreturn void life_judge(const char *folder, const struct ledger *ledger, char *why,
                          unsigned size);

#endif
