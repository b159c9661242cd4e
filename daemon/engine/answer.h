#ifndef DUBAN_ENGINE_ANSWER_H
#define DUBAN_ENGINE_ANSWER_H

/*
 * Questions about cases, answered from a snapshot beside the writer, a slice at a time: each
 * slice is one part of the answer, and the next goes on where it ended, perhaps from a later
 * snapshot. Nothing is kept between slices but a place. docs/reference/answers.md describes
 * what is answered.
 */
#include "codec/wire.h"
#include "engine/account.h"
#include "engine/casefile.h"
#include "store/journal.h"

/* A part is cut between two rows once it has so many bytes. */
#define ANSWER_PART_BYTES ((size_t)48 * 1024)
/* What a part may take: one row beyond that. */
#define ANSWER_BYTES_MAX ((size_t)256 * 1024)

#define ANSWER_LIMIT     100
#define ANSWER_LIMIT_MAX 10000

/* What a slice is answered from; the law is at least as new as the snapshot. */
struct sources {
    struct store *snapshot;
    struct journal_reader *reader;
    const struct law *law;
    int64_t now_ms;
    struct text store; /* its name, of which keys are made */
};

/* The jobs of a channel, counted. */
struct queue_count {
    uint32_t states[JOB_INCIDENT + 1];
    int64_t oldest_ms; /* of those that are ready; 0: there is none */
};

/* Where an answer stands. Zeroed at the beginning. */
struct answer_place {
    bool begun;
    uint64_t number; /* log: of the case; jobs, queues: of the next job */
    uint32_t entry;  /* log: entries of its file that were told; notices, people: how many */
    struct key key;  /* find: where to go on */
    uint32_t told;   /* find, jobs: so many so far */
    struct queue_count queues[CHANNELS_MAX + 1]; /* queues: the last of no channel */
};

struct slice {
    const struct sources *sources;
    const struct wire_query *query;
    struct answer_place *place;
    struct arena *arena; /* what is read and what errors point at; emptied after the slice */
    struct json *json;   /* the part is written here */
    bool more;           /* out: another slice is to follow */
    struct message why;  /* out: of a failure, in words of the arena */
};

/* STATUS_OK, or a failure with its words in slice->why. */
NODISCARD enum status answer_log(struct slice *slice);
NODISCARD enum status answer_why(struct slice *slice);
NODISCARD enum status answer_find(struct slice *slice);
NODISCARD enum status answer_notices(struct slice *slice);
NODISCARD enum status answer_jobs(struct slice *slice);
NODISCARD enum status answer_queues(struct slice *slice);
NODISCARD enum status answer_people(struct slice *slice);

/* A case as it was found. */
struct found_case {
    struct case_file file;
    const struct procedure *procedure;
    const struct agency *agency;
    struct case_state state;
};

/* The case a query names, in the agency it names or in whichever has it. */
NODISCARD enum status answer_find_case(struct slice *slice, struct found_case *found);
/* The case of a number. */
NODISCARD enum status answer_take_case(struct slice *slice, uint64_t number,
                                       struct found_case *found);
/* A case as it stands, as an object of this name: stage, people, facts, clocks, defects. */
void answer_tell_case(struct slice *slice, const struct found_case *found, const char *name);
/* `clock`, its instance, state and dates, into the object that is open. */
void answer_tell_clock(struct json *json, const struct found_case *found,
                       const struct instance *instance);
/* A record by its number, with the event it is about; texts lie in the arena. */
NODISCARD enum status answer_read_record(struct slice *slice, uint64_t seq,
                                         struct account *account, struct record *record);

/* open, ending, closed */
struct text answer_phase(enum case_phase phase);
struct text answer_number(struct arena *arena, uint64_t number);
struct text answer_instant(struct arena *arena, int64_t at_ms, int64_t zone_ms);
/* Fail with words about texts, {0}…, put into the arena. */
NODISCARD enum status answer_fail(struct slice *slice, enum status status,
                                  const struct message *message, const struct text *arguments,
                                  uint32_t count);

#endif
