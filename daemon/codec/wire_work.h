#ifndef DUBAN_CODEC_WIRE_WORK_H
#define DUBAN_CODEC_WIRE_WORK_H

/* What is said to workers. What they say is a request like others: wire.h. */
#include "codec/wire.h"
#include "codec/wording.h"

struct wire_welcome {
    uint64_t lease_ms;
    struct text store;
    uint32_t generation;
    const uint64_t *over; /* of the tokens it named: leases that are its own no more */
    uint32_t over_count;
    int64_t now_ms; /* the daemon's, and how fast it goes */
    uint32_t rate;
};

struct wire_job {
    uint64_t id;
    uint32_t attempt;
    uint64_t token;
    struct text key;
    struct text channel;
    struct text address;
    struct text receiver;
    bool english;
    struct text template;
    struct text version;
    const struct filling *values;
    uint32_t value_count;
    struct text brief;
    struct text subject;
    struct text body;
    int64_t useful_ms;
    uint32_t notices;
    bool resent;
};

/* Frames in the arena; empty when it is spent. */
struct bytes wire_encode_welcome(uint64_t number, const struct wire_welcome *welcome,
                                 struct arena *arena);
struct bytes wire_encode_go(uint64_t number, uint64_t token, struct arena *arena);
struct bytes wire_encode_settled(uint64_t number, uint64_t token, bool stale,
                                 struct arena *arena);
struct bytes wire_encode_job(const struct wire_job *job, struct arena *arena);
struct bytes wire_encode_withdraw(uint64_t token, struct arena *arena);
struct bytes wire_encode_stop(bool replaced, struct arena *arena);

#endif
