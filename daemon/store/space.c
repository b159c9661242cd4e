#include "store/store.h"

#define MIB ((uint64_t)1 << 20)

/* What is kept back, in hundredths; of a small one at least what a few turns may write. */
enum { SHORT_PERCENT = 10, LAST_PERCENT = 3 };
#define SHORT_BYTES_MIN (16 * MIB)
#define LAST_BYTES_MIN  (8 * MIB)

static uint64_t kept(uint64_t bytes_max, unsigned percent, uint64_t bytes_min)
{
    uint64_t bytes = bytes_max / 100 * percent;

    return bytes > bytes_min ? bytes : bytes_min;
}

enum space space_of(uint64_t used_bytes, uint64_t bytes_max)
{
    if (used_bytes + kept(bytes_max, LAST_PERCENT, LAST_BYTES_MIN) > bytes_max) {
        return SPACE_LAST;
    }
    return used_bytes + kept(bytes_max, SHORT_PERCENT, SHORT_BYTES_MIN) > bytes_max
               ? SPACE_SHORT
               : SPACE_ENOUGH;
}

struct text space_word(enum space space)
{
    static const struct text words[] = {
        [SPACE_ENOUGH] = TEXT_INIT("enough"),
        [SPACE_SHORT] = TEXT_INIT("short"),
        [SPACE_LAST] = TEXT_INIT("last"),
    };

    return words[space];
}
