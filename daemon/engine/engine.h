#ifndef DUBAN_ENGINE_ENGINE_H
#define DUBAN_ENGINE_ENGINE_H

/*
 * The writer: takes events and moments, one after another, through the law's step into the
 * store, with one record for each in the journal. It knows neither sockets nor threads nor the
 * hour: the wall clock is an argument. One thread, or a test, drives it:
 *
 *     engine_event …, engine_fire, engine_sweep, then engine_flush: only now may anything be
 *     shown. Now and then engine_checkpoint.
 *
 * Everything it does can be done again from the journal: engine_open replays what the state has
 * not seen, and compares.
 *
 * A failure of store or journal sticks there; the engine then does nothing more, and the next
 * flush or checkpoint says so. What is answered (receipts, records) lives until the next call.
 */
#include "engine/law.h"
#include "engine/receipt.h"
#include "store/journal.h"
#include "store/keyring.h"
#include "store/store.h"

#define WAITING_MAX          32 /* events that wait for one case */
#define WAIT_MS_MAX          (30 * DAY_MS)
#define REFUSED_RECORDED_MAX 64 /* of one source, one case and one day */

/* The number of the law's code: raised with any change of what is decided, so that records say
 * by which law they were made. Those of another number are applied as they were recorded. */
#define LAW_NUMBER 2

struct engine;

/* One record, as it was made: with the case before and after, which are NULL where it did not
 * touch one. Effects still have their labels. */
struct happening {
    uint64_t seq;
    const struct record *record;
    const struct procedure *procedure;
    const struct agency *agency;
    const struct case_state *before;   /* NULL for a case that was opened by it */
    const struct case_state *after;    /* NULL for one that was refused and not opened */
    const struct rule *rule;           /* the one taken, where there was one */
    const struct dispatch *dispatches; /* what it sends to other cases */
    uint32_t dispatch_count;
};

/* Told of every record right after it was appended; not of those that a replay meets. */
struct watch {
    void *context;
    void (*on_record)(void *context, const struct happening *happening);
    /*
     * Set: engine_open steps every record again, of whatever law, and tells of each that
     * would come out otherwise today (NULL: no record would be made), which is then applied as
     * it was recorded. This commits after every record, so it is for a store of its own.
     */
    void (*on_otherwise)(void *context, uint64_t seq, const struct record *recorded,
                         const struct record *today);
};

/* A place in the journal's chain, and how many cases there were. */
struct reached {
    uint64_t seq; /* 0: before the first record */
    uint8_t hash[JOURNAL_HASH_BYTES];
    int64_t now_ms; /* of that record */
    uint64_t case_count;
    uint64_t closed_count; /* of them */
    uint32_t generation;   /* of the store */
    uint64_t held_count;   /* moments that are on hold since it was restored */
    uint64_t swept; /* cases up to here were derived anew by then: no record says how far */
};

/* How far the state in a store has come. */
NODISCARD enum status engine_reached(struct store *store, struct reached *reached);

/*
 * Open over an empty or a known store. Store, journal and keyring are borrowed; a replay asks
 * for no key, so whoever wants no more may give NULL. STATUS_MALFORMED, logged, where the state
 * follows from another journal, or the journal does not lead to the same records again.
 */
NODISCARD enum status engine_open(struct engine **engine, struct store *store,
                                  struct journal *journal, struct keyring *keyring,
                                  const struct watch *watch);
/* NULL is fine. Nothing is flushed. */
void engine_close(struct engine *engine);

/* Judge an event. */
void engine_event(struct engine *engine, const struct submission *submission, int64_t wall_ms,
                  struct receipt *receipt);

/* When something falls due next; INSTANT_NEVER: nothing stands there. */
int64_t engine_next_ms(struct engine *engine);
/* Fire what is due by now, in order, `max` moments at most; how many. */
uint32_t engine_fire(struct engine *engine, int64_t wall_ms, uint32_t max);

/*
 * Install files (paths below config/) all together or not at all; what stands there already in
 * the same words is left out. False when something is wrong, which is among the problems; what
 * they point at lives until the next install. One that changes nothing makes no record. `act`
 * says who did it and why; NULL: the daemon itself.
 */
NODISCARD bool engine_install(struct engine *engine, const struct install_file *files,
                              uint32_t count, const struct act *act, int64_t wall_ms,
                              struct problem_list *problems);
/* Derive cases anew after an install, `max` of them at most; how many are still to come is
 * not known, but 0 means that all are done. */
uint32_t engine_sweep(struct engine *engine, int64_t wall_ms, uint32_t max);

/* Cases of one version taken over to another. */
struct migration {
    uint32_t from; /* numbers of both, as installed */
    uint32_t to;
    bool dry; /* only look */
    const struct act *act;
    void *context;
    /* Told of each case that is looked at; of one that cannot go, with every reason. */
    void (*on_case)(void *context, const struct case_state *before, const struct told *reasons,
                    uint32_t reason_count);
};

/*
 * Look at up to `max` cases behind the `after`-th and take over those of that version that are
 * not closed, with a record for each. The answer is the last one looked at: go on from there;
 * it is the last of all when it is `after` again. Begun anew it goes on with what is left.
 */
uint64_t engine_migrate(struct engine *engine, const struct migration *migration,
                        uint64_t after, uint32_t max, int64_t wall_ms);
/* A case of an older system: its opening event and what followed, in the order they came in. */
struct import {
    const struct submission *submissions;
    uint32_t count;
    const struct act *act;
    bool dry; /* judge it all, and keep nothing */
};

/*
 * Take a case with its history of any age, all of it or nothing, in one record. Each event is
 * judged at its own instant; what fell due in between has its effect on the case and is told to
 * nobody, nor does a rule of the past open or tell other cases. What lies ahead is armed.
 * An import that was taken before is a duplicate. *refused: the event (from 0) that was
 * refused.
 */
void engine_import(struct engine *engine, const struct import *import, int64_t wall_ms,
                   struct receipt *receipt, uint32_t *refused);

/* Record what an operator did that changes no case: who, why, and of ACT_ACCEPT_TIME what the
 * wall clock said. */
void engine_act(struct engine *engine, enum act_kind kind, const struct act *act,
                int64_t accepted_ms, int64_t wall_ms);

/*
 * The store goes on from a backup: it gets a generation of its own, and whatever was due by now
 * is on hold, for the store as it was lost may have done it already. False: the generation is
 * not later than the one it has.
 */
NODISCARD bool engine_restore(struct engine *engine, uint32_t generation, const struct act *act,
                              int64_t wall_ms);
/*
 * Let go on what a restore put on hold: of a case, of an agency (case_id empty), or all (both
 * empty). It fires as what is late does. False, with *why: nothing of it is on hold.
 */
NODISCARD bool engine_release(struct engine *engine, struct text agency, struct text case_id,
                              const struct act *act, int64_t wall_ms,
                              const struct message **why);
/* What an operator holds: a channel, or a case with its agency. */
struct hold {
    struct text agency;
    struct text case_id;
    struct text channel;
    bool off; /* it is taken back */
};

/* Nothing leaves over it, or about it, until that is taken back. False, with *why: there is no
 * such thing, or it is so already. */
NODISCARD bool engine_hold(struct engine *engine, const struct hold *hold,
                           const struct act *act, int64_t wall_ms, const struct message **why);
/*
 * The words of a message that told a private fact of a case, by the record of the lease they
 * went with, read into the arena; who looked, and why, is recorded, and stands in the case's
 * file. False, with *why: there are none, or nobody reads them any more.
 */
NODISCARD bool engine_disclose(struct engine *engine, struct text agency, struct text case_id,
                               uint64_t lease, const struct act *act, int64_t wall_ms,
                               struct arena *arena, struct job_said *said,
                               const struct message **why);
/* Record that a copy of the store is begun: where to, by whom, and why. */
void engine_backup(struct engine *engine, struct text folder, const struct act *act,
                   int64_t wall_ms);
/* Which generation of the store this is: 1, until it is restored. After a restore numbers of
 * records are given out again, so what is named by one names the generation too. */
uint32_t engine_generation(const struct engine *engine);
/* How many moments are on hold. */
uint64_t engine_held(const struct engine *engine);

/* Make all records durable, or say why not. */
NODISCARD enum status engine_flush(struct engine *engine);
/* The same, and the state up to here. */
NODISCARD enum status engine_checkpoint(struct engine *engine);
/* Rows of the state that wait in memory for a checkpoint. */
uint64_t engine_unsaved(const struct engine *engine);

/* What the store may still be given: new cases are refused when it is short, and at last all
 * events, so that what falls due is still done. */
struct store_use engine_use(const struct engine *engine);
/* Look again what others left on the disk; now and then. */
void engine_look(struct engine *engine);

const struct law *engine_law(const struct engine *engine);
/* The same, held for readers on other threads until they release it. */
struct held_law *engine_hold_law(struct engine *engine);
/* The number of the last record. */
uint64_t engine_seq(const struct engine *engine);
/* The latest `now` of any record: it never goes back. */
int64_t engine_now(const struct engine *engine, int64_t wall_ms);

/* A case, read into the arena with its bytes; false where there is none. */
bool engine_case(struct engine *engine, struct text agency, struct text case_id,
                 struct arena *arena, struct case_state *state,
                 const struct procedure **procedure);
/*
 * Destroy the key of a closed case's private facts, once that is recorded and durable. False:
 * *why. A key comes to be destroyed again when its record is replayed, so a crash between the
 * two leaves none behind.
 */
NODISCARD bool engine_erase(struct engine *engine, struct text agency, struct text case_id,
                            const struct act *act, int64_t wall_ms, const struct message **why);
/* Read a private fact of a case, for whoever may: of that name, as state and records hold it.
 * False: its key was destroyed. */
bool engine_read_sealed(struct engine *engine, uint64_t number, struct text name,
                        struct text sealed, struct arena *arena, struct text *words);
/* How many events wait for a case. */
uint32_t engine_waiting(struct engine *engine, struct text agency, struct text case_id);
/* Read a record again. */
NODISCARD enum status engine_record(struct engine *engine, uint64_t seq, struct arena *arena,
                                    struct record *record);

/* The engine's own refusals, for tests and documentation. */
const struct message *const *engine_messages(uint32_t *count);

#endif
