#include "core/turn.h"

#include <string.h>

/*
 * Old and new side by side, as a correction's effect keeps them: `100.00 → 1000.00`, what was
 * not known as `-`; of a clock its life: `running 2026-03-02T09:00:00+08:00.. until
 * 2026-03-12`. It is the record's, in nobody's language.
 */
enum { WRITTEN_BYTES = 4096, ARROW_BYTES = 8 };

struct written {
    char bytes[WRITTEN_BYTES];
    size_t size;
};

/* Cut where it does not fit: the states before and after have all of it. */
static void write(struct written *written, struct text text)
{
    size_t room = sizeof(written->bytes) - written->size;
    size_t size = text.size < room ? text.size : room;

    if (size > 0) {
        memcpy(written->bytes + written->size, text.bytes, size);
        written->size += size;
    }
}

static void write_instant(struct written *written, int64_t at_ms, int64_t zone_ms)
{
    char words[INSTANT_TEXT_SIZE];

    if (at_ms != INSTANT_NONE && at_ms != INSTANT_NEVER) {
        write(written, (struct text){words, instant_print(at_ms, zone_ms, words)});
    }
}

static void write_interval(struct written *written, struct interval interval, int64_t zone_ms)
{
    write_instant(written, interval.from_ms, zone_ms);
    write(written, TEXT(".."));
    write_instant(written, interval.to_ms, zone_ms);
}

static struct text keep(struct turn *turn, const struct written *written)
{
    const char *kept = arena_copy(turn->arena, written->bytes, written->size);

    return (struct text){.bytes = kept, .size = kept == NULL ? 0 : written->size};
}

struct text correct_fact_text(struct turn *turn, uint16_t fact, const struct value *value)
{
    struct written written = {.size = 0};
    const struct fact *known = &turn->procedure->facts[fact];

    if (known->private && value->known) {
        write(&written, TEXT("***"));
    } else if (value->known) {
        written.size = value_print(value, &known->choices, turn->track.office->zone_ms,
                                   written.bytes, sizeof(written.bytes));
    }
    return keep(turn, &written);
}

struct text correct_clock_text(struct turn *turn, const struct instance *instance)
{
    int64_t zone_ms = turn->track.office->zone_ms;
    struct interval life = {instance->started_ms, instance->ended_ms};
    struct written written = {.size = 0};
    char day[DATE_TEXT_SIZE];

    write(&written, instance_state_word(instance->state));
    write(&written, TEXT(" "));
    write_interval(&written, life, zone_ms);
    if (instance->due.last_day != DATE_NONE) {
        write(&written, TEXT(" until "));
        write(&written, (struct text){day, date_print(instance->due.last_day, day)});
    }
    for (uint32_t i = 0; i < turn->state->stop_count; i++) {
        const struct stop *stop = &turn->state->stops[i];

        if (stop->kind == STOP_PAUSE && stop->clock == instance->clock &&
            stop->number == instance->number) {
            write(&written, TEXT(" paused "));
            write_interval(&written, stop->interval, zone_ms);
        }
    }
    return keep(turn, &written);
}

struct text correct_side_by_side(struct turn *turn, struct text old, struct text new)
{
    static const struct text none = TEXT_INIT("-");
    size_t size = old.size + new.size + ARROW_BYTES;
    char *both = arena_take(turn->arena, size);
    struct text parts[] = {text_empty(old) ? none : old, TEXT(" → "),
                           text_empty(new) ? none : new};
    size_t at = 0;

    for (int i = 0; both != NULL && i < 3; i++) {
        memcpy(both + at, parts[i].bytes, parts[i].size);
        at += parts[i].size;
    }
    return (struct text){.bytes = both, .size = at};
}
