#include "units.h"

#include <string.h>

#define ELLIPSIS "…" /* one unit, three bytes */

/* The bytes of the character that begins here, and its units. Texts were checked at the border;
 * a stray byte counts as a character, so that every loop ends. */
static size_t character(const char *at, uint32_t *units)
{
    unsigned char first = (unsigned char)*at;
    size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    size_t whole = 1;

    while (whole < size && ((unsigned char)at[whole] & 0xc0) == 0x80) {
        whole++;
    }
    *units = size == 4 && whole == 4 ? 2 : 1;
    return whole;
}

uint32_t units_count(const char *text)
{
    uint32_t count = 0;

    while (*text != '\0') {
        uint32_t units;

        text += character(text, &units);
        count += units;
    }
    return count;
}

uint32_t units_parts(uint32_t units)
{
    return units == 0             ? 0
           : units <= UNITS_ALONE ? 1
                                  : (units + UNITS_JOINED - 1) / UNITS_JOINED;
}

uint32_t units_room(uint32_t parts)
{
    return parts == 1 ? UNITS_ALONE : parts * UNITS_JOINED;
}

/* How many bytes of a text stand in so many units and bytes. */
static size_t bytes_within(const char *text, uint32_t units_max, size_t bytes_max)
{
    size_t bytes = 0;
    uint32_t count = 0;

    while (text[bytes] != '\0') {
        uint32_t units;
        size_t size = character(text + bytes, &units);

        if (count + units > units_max || bytes + size > bytes_max) {
            break;
        }
        count += units;
        bytes += size;
    }
    return bytes;
}

bool units_cut(const char *text, uint32_t units_max, char *out, size_t out_size)
{
    size_t bytes = bytes_within(text, units_max, out_size - 1);
    bool whole = text[bytes] == '\0';

    if (!whole) {
        bytes = bytes_within(text, units_max - 1, out_size - sizeof(ELLIPSIS));
    }
    for (size_t i = 0; i < bytes; i++) {
        out[i] = text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];
    }
    memcpy(out + bytes, whole ? "" : ELLIPSIS, whole ? 1 : sizeof(ELLIPSIS));
    return whole;
}
