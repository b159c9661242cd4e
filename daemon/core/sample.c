#include "core/sample.h"

#include <string.h>

typedef int lot_order(const struct lot *a, const struct lot *b);

static int by_item(const struct lot *a, const struct lot *b)
{
    return text_compare(a->item, b->item);
}

static int by_rank(const struct lot *a, const struct lot *b)
{
    int order = memcmp(a->rank, b->rank, SHA256_BYTES);

    return order != 0 ? order : by_item(a, b);
}

static void swap(struct lot *a, struct lot *b)
{
    struct lot held = *a;

    *a = *b;
    *b = held;
}

/* Let a lot sink to where both below it are smaller. */
static void sink(struct lot *lots, uint32_t at, uint32_t count, lot_order *order)
{
    for (uint32_t below = 2 * at + 1; below < count; below = 2 * at + 1) {
        if (below + 1 < count && order(&lots[below], &lots[below + 1]) < 0) {
            below++;
        }
        if (order(&lots[at], &lots[below]) >= 0) {
            return;
        }
        swap(&lots[at], &lots[below]);
        at = below;
    }
}

/* A heap: as fast for any list, and in place. */
static void sort(struct lot *lots, uint32_t count, lot_order *order)
{
    for (uint32_t at = count / 2; at > 0; at--) {
        sink(lots, at - 1, count, order);
    }
    for (uint32_t end = count; end > 1; end--) {
        swap(&lots[0], &lots[end - 1]);
        sink(lots, 0, end - 1, order);
    }
}

void sample_draw(struct text seed, struct lot *lots, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct sha256 sha;

        sha256_init(&sha);
        sha256_add(&sha, seed);
        sha256_add(&sha, TEXT("\n"));
        sha256_add(&sha, lots[i].item);
        sha256_end(&sha, lots[i].rank);
    }
    sort(lots, count, by_rank);
}

void sample_digest(struct lot *lots, uint32_t count, uint8_t digest[SHA256_BYTES])
{
    struct sha256 sha;

    sort(lots, count, by_item);
    sha256_init(&sha);
    for (uint32_t i = 0; i < count; i++) {
        sha256_add(&sha, lots[i].item);
        sha256_add(&sha, TEXT("\n"));
    }
    sha256_end(&sha, digest);
}
