#include "world/play_parts.h"

#include <string.h>

enum { PARTS_MAX = 24 };

struct text play_join(struct play *play, const char *separator, const struct text *texts,
                      uint32_t count)
{
    size_t gap = strlen(separator);
    size_t size = 0;
    size_t at = 0;

    for (uint32_t i = 0; i < count; i++) {
        size += texts[i].size + gap;
    }

    char *room = arena_take(play->arena, size + 1);

    for (uint32_t i = 0; room != NULL && i < count; i++) {
        if (i > 0) {
            memcpy(room + at, separator, gap);
            at += gap;
        }
        if (texts[i].size > 0) {
            memcpy(room + at, texts[i].bytes, texts[i].size);
        }
        at += texts[i].size;
    }
    return (struct text){.bytes = room, .size = room == NULL ? 0 : at};
}

/* `{key: value, …}`, of the pairs that have a value. */
static struct text braces(struct play *play, const struct text *keys, const struct text *values,
                          uint32_t count)
{
    struct text parts[PARTS_MAX];
    uint32_t used = 0;

    for (uint32_t i = 0; i < count && used < PARTS_MAX; i++) {
        struct text pair[] = {keys[i], values[i]};

        if (!text_empty(values[i])) {
            parts[used++] = play_join(play, ": ", pair, 2);
        }
    }

    struct text whole[] = {TEXT("{"), play_join(play, ", ", parts, used), TEXT("}")};

    return play_join(play, "", whole, 3);
}

static struct text print_instant(struct play *play, int64_t at_ms)
{
    char *room = arena_take(play->arena, INSTANT_TEXT_SIZE);

    if (room == NULL) {
        return (struct text){0};
    }

    size_t size = instant_print(at_ms, SCENARIO_ZONE_MS, room);

    /* As scenarios write them: without the zone, and without seconds where there are none. */
    if (size > 6) {
        size -= 6;
    }
    if (size == 19 && memcmp(room + 16, ":00", 3) == 0) {
        size = 16;
    }
    return (struct text){.bytes = room, .size = size};
}

struct text play_spoken_words(struct play *play, const struct spoken *spoken, bool departs)
{
    bool several = play->scenario->case_count > 1;
    const struct text keys[] = {TEXT("at"),     TEXT("clock"),       TEXT("instance"),
                                TEXT("entry"),  TEXT("notice"),      TEXT("to"),
                                TEXT("person"), TEXT("in_stead_of"), TEXT("case")};
    const struct text values[] = {
        print_instant(play, spoken->at_ms),
        spoken->clock,
        spoken->per,
        spoken->entry,
        text_empty(spoken->entry) ? spoken->notice : (struct text){0},
        spoken->to,
        departs ? spoken->person : (struct text){0},
        departs ? spoken->in_stead_of : (struct text){0},
        several && spoken->which != NO_INDEX ? play->scenario->cases[spoken->which].key
                                             : (struct text){0},
    };

    return braces(play, keys, values, sizeof(keys) / sizeof(keys[0]));
}

struct text play_row_words(struct play *play, const struct expected_row *row)
{
    struct text keys[PARTS_MAX];
    struct text values[PARTS_MAX];
    uint32_t count = row->field_count < PARTS_MAX ? row->field_count : PARTS_MAX;

    for (uint32_t i = 0; i < count; i++) {
        keys[i] = row->fields[i].key;
        values[i] = row->fields[i].value;
    }
    return braces(play, keys, values, count);
}

struct text play_instant_words(struct play *play, int64_t at_ms)
{
    if (at_ms == INSTANT_NEVER || at_ms == INSTANT_NONE) {
        return TEXT("none");
    }
    return print_instant(play, at_ms);
}

static struct text keep(struct play *play, struct text text)
{
    const char *copy = arena_copy(play->arena, text.bytes, text.size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : text.size};
}

const struct told *play_keep_reasons(struct play *play, const struct told *reasons,
                                     uint32_t count)
{
    struct told *kept = arena_take(play->arena, count * sizeof(*kept));

    for (uint32_t i = 0; kept != NULL && i < count; i++) {
        kept[i] = (struct told){keep(play, reasons[i].code), keep(play, reasons[i].zh),
                                keep(play, reasons[i].en), keep(play, reasons[i].law)};
    }
    return kept;
}
