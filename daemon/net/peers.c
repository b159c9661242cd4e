#include "net/peers.h"

#include "base/must.h"

#include <stdlib.h>

_Static_assert(PEERS_MAX < NO_PEER, "a place is told from none");

bool peers_open(struct peers *peers)
{
    *peers = (struct peers){.peers = calloc(PEERS_MAX, sizeof(struct peer)), .free = NO_PEER};
    if (peers->peers == NULL) {
        return false;
    }
    for (uint16_t i = PEERS_MAX; i-- > 0;) {
        peers->peers[i].next = peers->free;
        peers->free = i;
    }
    for (uint32_t i = 0; i < PEERS_BUCKET_MAX; i++) {
        peers->buckets[i] = NO_PEER;
    }
    return true;
}

void peers_close(struct peers *peers)
{
    for (uint32_t i = 0; peers->peers != NULL && i < PEERS_BUCKET_MAX; i++) {
        for (uint16_t at = peers->buckets[i]; at != NO_PEER; at = peers->peers[at].next) {
            (void)zmq_msg_close(&peers->peers[at].route);
        }
    }
    free(peers->peers);
    *peers = (struct peers){0};
}

static struct bytes bytes_of(const zmq_msg_t *message)
{
    zmq_msg_t *ours = (zmq_msg_t *)(uintptr_t)message; /* its getters are not const */

    return (struct bytes){.at = zmq_msg_data(ours), .size = zmq_msg_size(ours)};
}

static uint32_t bucket_of(uint32_t door, struct bytes route)
{
    return (crc32c(route) + door) % PEERS_BUCKET_MAX;
}

struct peer *peers_find(const struct peers *peers, uint32_t door, const zmq_msg_t *route)
{
    struct bytes wanted = bytes_of(route);
    uint16_t at = peers->buckets[bucket_of(door, wanted)];

    for (; at != NO_PEER; at = peers->peers[at].next) {
        struct peer *peer = &peers->peers[at];

        if (peer->door == door && bytes_equal(bytes_of(&peer->route), wanted)) {
            return peer;
        }
    }
    return NULL;
}

struct peer *peers_take(struct peers *peers, uint32_t door, const zmq_msg_t *route)
{
    struct peer *peer = peers_find(peers, door, route);
    uint16_t at = peers->free;
    uint16_t *bucket = &peers->buckets[bucket_of(door, bytes_of(route))];

    if (peer != NULL || at == NO_PEER) {
        return peer;
    }
    peer = &peers->peers[at];
    peers->free = peer->next;
    *peer = (struct peer){.door = door, .next = *bucket};
    (void)zmq_msg_init(&peer->route);
    (void)zmq_msg_copy(&peer->route, (zmq_msg_t *)(uintptr_t)route);
    *bucket = at;
    peers->count++;
    return peer;
}

void peers_refuse(struct peers *peers, struct peer *peer, const struct digest *refusal,
                  int64_t now_ms)
{
    peers->refused_count += !peer->refused;
    peer->refused = true;
    peer->refusal = *refusal;
    peer->refused_ms = now_ms;
}

bool peer_is_refused(const struct peer *peer, int64_t now_ms)
{
    return peer->refused && now_ms - peer->refused_ms < PEERS_REFUSAL_MS;
}

void peers_welcome(struct peers *peers, struct peer *peer)
{
    peers->refused_count -= peer->refused;
    peer->refused = false;
}

void peers_tidy(struct peers *peers, struct peer *peer)
{
    uint16_t at = (uint16_t)(peer - peers->peers);
    uint16_t *link = &peers->buckets[bucket_of(peer->door, bytes_of(&peer->route))];

    if (peer->refused || peer->waiting_count > 0) {
        return;
    }
    while (*link != at) {
        MUST(*link != NO_PEER);
        link = &peers->peers[*link].next;
    }
    *link = peer->next;
    (void)zmq_msg_close(&peer->route);
    peer->next = peers->free;
    peers->free = at;
    peers->count--;
}

void peers_sweep(struct peers *peers, int64_t now_ms)
{
    for (uint32_t i = 0; i < PEERS_BUCKET_MAX; i++) {
        uint16_t at = peers->buckets[i];

        while (at != NO_PEER) {
            struct peer *peer = &peers->peers[at];

            at = peer->next;
            if (peer->refused && !peer_is_refused(peer, now_ms)) {
                peers_welcome(peers, peer);
                peers_tidy(peers, peer);
            }
        }
    }
}
