#include "engine/leases.h"

#include "base/must.h"

#include <stdlib.h>

enum { BUCKETS = 4096 };

_Static_assert(LEASES_MAX < NO_LEASE, "a place is never NO_LEASE");

bool leases_open(struct leases *leases)
{
    *leases = (struct leases){
        .all = calloc(LEASES_MAX, sizeof(struct lease)),
        .heap = calloc(LEASES_MAX, sizeof(uint16_t)),
        .buckets = calloc(BUCKETS, sizeof(uint16_t)),
    };
    if (leases->all == NULL || leases->heap == NULL || leases->buckets == NULL) {
        leases_close(leases);
        return false;
    }
    for (uint32_t i = 0; i < BUCKETS; i++) {
        leases->buckets[i] = NO_LEASE;
    }
    for (uint32_t i = 0; i < LEASES_MAX; i++) {
        leases->all[i].next = i + 1 < LEASES_MAX ? (uint16_t)(i + 1) : NO_LEASE;
    }
    return true;
}

void leases_close(struct leases *leases)
{
    free(leases->all);
    free(leases->heap);
    free(leases->buckets);
    *leases = (struct leases){0};
}

static uint16_t place_of(const struct leases *leases, const struct lease *lease)
{
    return (uint16_t)(lease - leases->all);
}

static uint16_t *bucket_of(const struct leases *leases, uint64_t token)
{
    return &leases->buckets[token % BUCKETS];
}

static void put(struct leases *leases, uint32_t at, uint16_t place)
{
    leases->heap[at] = place;
    leases->all[place].in_heap = (uint16_t)at;
}

static bool ends_before(const struct leases *leases, uint16_t a, uint16_t b)
{
    return leases->all[a].end_ms < leases->all[b].end_ms;
}

/* Let one that stands at a place of the heap find its own. */
static void settle(struct leases *leases, uint32_t at)
{
    uint16_t place = leases->heap[at];

    while (at > 0 && ends_before(leases, place, leases->heap[(at - 1) / 2])) {
        put(leases, at, leases->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    for (uint32_t child = 2 * at + 1; child < leases->count; child = 2 * at + 1) {
        if (child + 1 < leases->count &&
            ends_before(leases, leases->heap[child + 1], leases->heap[child])) {
            child++;
        }
        if (!ends_before(leases, leases->heap[child], place)) {
            break;
        }
        put(leases, at, leases->heap[child]);
        at = child;
    }
    put(leases, at, place);
}

struct lease *leases_add(struct leases *leases, uint64_t token, uint16_t worker,
                         int64_t term_ms, int64_t now_ms)
{
    uint16_t place = leases->first_free;
    uint16_t *bucket = bucket_of(leases, token);

    MUST(token != 0);
    if (place == NO_LEASE) {
        return NULL;
    }

    struct lease *lease = &leases->all[place];

    leases->first_free = lease->next;
    *lease = (struct lease){.token = token,
                            .end_ms = now_ms + term_ms,
                            .term_ms = term_ms,
                            .worker = worker,
                            .next = *bucket};
    *bucket = place;
    put(leases, leases->count++, place);
    settle(leases, lease->in_heap);
    return lease;
}

struct lease *leases_find(const struct leases *leases, uint64_t token)
{
    uint16_t place = *bucket_of(leases, token);

    while (token != 0 && place != NO_LEASE) {
        if (leases->all[place].token == token) {
            return &leases->all[place];
        }
        place = leases->all[place].next;
    }
    return NULL;
}

void leases_renew(struct leases *leases, struct lease *lease, int64_t now_ms)
{
    lease->end_ms = now_ms + lease->term_ms;
    settle(leases, lease->in_heap);
}

void leases_drop(struct leases *leases, struct lease *lease)
{
    uint16_t place = place_of(leases, lease);
    uint16_t *link = bucket_of(leases, lease->token);
    uint32_t at = lease->in_heap;
    uint16_t last = leases->heap[--leases->count];

    while (*link != place) {
        link = &leases->all[*link].next;
    }
    *link = lease->next;
    if (last != place) {
        put(leases, at, last);
        settle(leases, at);
    }
    *lease = (struct lease){.next = leases->first_free};
    leases->first_free = place;
}

struct lease *leases_first(const struct leases *leases)
{
    return leases->count == 0 ? NULL : &leases->all[leases->heap[0]];
}
