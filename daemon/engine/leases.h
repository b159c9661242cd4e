#ifndef DUBAN_ENGINE_LEASES_H
#define DUBAN_ENGINE_LEASES_H

/*
 * The time of leases: which are live, whose they are, and which ends next. Found by token, kept
 * in a heap by their ends. Bounded; nothing of it is recorded.
 */
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define LEASES_MAX 8192
#define NO_LEASE   UINT16_MAX

struct lease {
    uint64_t token;   /* 0: this place is free */
    int64_t end_ms;   /* when it runs out, if nobody touches it */
    int64_t term_ms;  /* it is given so long each time */
    uint16_t worker;  /* its place in the roster */
    bool begun;       /* its provider may have been called */
    uint16_t next;    /* in its bucket, or among the free */
    uint16_t in_heap; /* its place there */
};

struct leases {
    struct lease *all;   /* owned: LEASES_MAX */
    uint16_t *heap;      /* owned: places in `all`, the next to end first */
    uint16_t *buckets;   /* owned */
    uint16_t first_free; /* NO_LEASE: full */
    uint32_t count;
};

/* False: out of memory. */
NODISCARD bool leases_open(struct leases *leases);
/* A zeroed one is fine. */
void leases_close(struct leases *leases);

/* NULL: it is full. */
struct lease *leases_add(struct leases *leases, uint64_t token, uint16_t worker,
                         int64_t term_ms, int64_t now_ms);
struct lease *leases_find(const struct leases *leases, uint64_t token);
/* Another term from now on. */
void leases_renew(struct leases *leases, struct lease *lease, int64_t now_ms);
void leases_drop(struct leases *leases, struct lease *lease);
/* The one that ends next; NULL: there is none. */
struct lease *leases_first(const struct leases *leases);

#endif
