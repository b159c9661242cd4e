#ifndef DUBAN_ENGINE_KEYS_H
#define DUBAN_ENGINE_KEYS_H

/* The one place where keys of the store are made. Big-endian, so they sort as numbers do. */
#include "base/text.h"
#include "store/store.h"

#define AGENCY_BYTES_MAX  32
#define CASE_ID_BYTES_MAX 64

/* names: agency, case id → number; behind it what waits for the case, by occurred then seq. */
struct key key_name(struct text agency, struct text case_id);
struct key key_waiting(struct text agency, struct text case_id, int64_t occurred_ms,
                       uint64_t seq);
/* Whether a key is of something that waits for this case; *seq is its record. */
bool key_is_waiting(const struct key *key, struct text agency, struct text case_id,
                    uint64_t *seq);
/* How many of a source's refused events of a case were recorded lately. */
struct key key_refused(struct text agency, struct text case_id, uint64_t source);

/* cases: the state in chunks, and the file (places of records) in chunks. */
struct key key_state(uint64_t number, uint32_t chunk);
struct key key_file(uint64_t number, uint32_t chunk);

/* moments: a case's next one; the end of something that waits; a job's next move. */
enum moment_kind { MOMENT_CASE, MOMENT_WAITING, MOMENT_JOB };
struct key key_moment(int64_t due_ms, enum moment_kind kind, uint64_t number);
/* Take it apart again. */
void key_read_moment(const struct key *key, int64_t *due_ms, enum moment_kind *kind,
                     uint64_t *number);
struct key key_first_moment(void);

/* held: marks of what was released (an agency's, empty: all; a case's; a job's), then what is
 * held. */
struct key key_released(struct text agency);
struct key key_released_case(uint64_t number);
struct key key_released_job(uint64_t number);
struct key key_held(struct text agency, enum moment_kind kind, uint64_t number);
/* How all that an agency has held begins; an empty one: of any. */
struct key key_held_of(struct text agency);
bool key_is_held(const struct key *key);
/* The agency of a mark, borrowed from the key; false: it is no agency's mark. */
bool key_read_released(const struct key *key, struct text *agency);
void key_read_held(const struct key *key, enum moment_kind *kind, uint64_t *number);
/* jobs: each by its number; and by its case, by the queue of its channel, by its receiver, by
 * the lease it is under. What each is of is read from its key again. */
struct key key_job(uint64_t number);
bool key_is_job(const struct key *key, uint64_t *number);
struct key key_job_of_case(uint64_t case_number, uint64_t number);
bool key_is_job_of_case(const struct key *key, uint64_t case_number, uint64_t *number);
struct key key_job_queue(struct text channel, int64_t useful_ms, uint64_t number);
bool key_is_job_queue(const struct key *key, struct text channel, uint64_t *number);
struct key key_job_receiver(struct text channel, struct text receiver, uint64_t number);
bool key_is_job_receiver(const struct key *key, struct text channel, struct text receiver,
                         uint64_t *number);
struct key key_job_lease(uint64_t token, uint64_t number);
bool key_is_job_lease(const struct key *key, uint64_t *token, uint64_t *number);
/* An operator's hold: of a channel, of what is said of a case. */
struct key key_job_channel_hold(struct text channel);
struct key key_job_case_hold(uint64_t case_number);
/* A channel's pace; a receiver's messages of a day. */
struct key key_job_pace(struct text channel);
struct key key_job_day(int32_t day, struct text channel, struct text receiver);
bool key_is_job_day(const struct key *key, int32_t *day);

/* installed: by what it is ("calendars/cn.csv", "procedures/minor@1"). */
struct key key_installed(struct text name);
struct key key_first(void);

struct key key_meta(struct text name);

/* What a key speaks of, for whoever has to name a row. Parts a kind has no use for are 0. */
enum row_kind {
    ROW_OTHER, /* of no table here */
    ROW_NAME,
    ROW_WAITING,
    ROW_REFUSED,
    ROW_STATE,
    ROW_FILE,
    ROW_MOMENT,
    ROW_PLACE, /* stages */
    ROW_HELD,
    ROW_WORD /* installed, meta: `agency` is the word */
};
struct row_parts {
    enum row_kind kind;
    struct text agency; /* borrowed from the key */
    struct text case_id;
    uint64_t number; /* of a case; of what waits its record */
    uint32_t chunk;
    int64_t due_ms;
};
/* Any bytes may be given. */
struct row_parts key_take_apart(enum table table, const struct key *key);

#endif
