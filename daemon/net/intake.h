#ifndef DUBAN_NET_INTAKE_H
#define DUBAN_NET_INTAKE_H

/*
 * Who may come in while no batch has a place: into the waiting room, as long as it has room for
 * such a letter of such a peer (room.h); else it is answered `busy`. From the first `busy` on
 * every event of that connection is busy until the refused one comes again, so that the order
 * in which a publisher sent its events holds. On the loop's thread.
 */
#include "engine/batch.h"
#include "net/room.h"

struct intake {
    struct peers peers;
    struct room room;
    struct arena scratch;   /* one letter decoded, and the answer to it */
    uint8_t *scratch_bytes; /* owned */
    uint8_t *scratch_start;
    uint64_t refused; /* letters that were answered busy */
};

enum intake_verdict {
    INTAKE_TAKEN, /* it waits; moved */
    INTAKE_BUSY,  /* it is answered so, and the letter is the caller's still */
    INTAKE_HELD   /* no more connections can be remembered: it is to be tried again later */
};

/* False: out of memory. */
NODISCARD bool intake_open(struct intake *intake);
/* A zeroed one is fine. */
void intake_close(struct intake *intake);

/* Whether a letter may pass by, straight into a batch: nobody waits, and its peer was not
 * refused. */
bool intake_passes(const struct intake *intake, enum batch_door door,
                   const struct letter *letter);
/* now_ms is steady. *reply, of INTAKE_BUSY, lives until the next call. */
enum intake_verdict intake_admit(struct intake *intake, enum batch_door door,
                                 struct letter *letter, int64_t now_ms, struct bytes *reply);
/* Whether so few wait that a question may be answered beside the writer, too. */
bool intake_has_room_for_questions(const struct intake *intake);
/* Who comes next; NULL: nobody. intake_next when it was taken. */
struct seat *intake_first(struct intake *intake);
void intake_next(struct intake *intake);

#endif
