#include "codec/load.h"

#include <stdio.h>

/* The events there are without being named. */
static const char *const standing[] = {
    "case.assigned",  "case.noted",         "clock.paused",   "clock.resumed",
    "clock.extended", "clock.acknowledged", "case.on_hold",   "case.off_hold",
    "case.corrected", "notice.delivered",   "notice.bounced", "case.untold",
};

static uint16_t add_event(struct loader *loader, struct text name, struct mark mark)
{
    uint32_t *count = &loader->made->event_count;
    struct node words = {.key = name, .key_mark = mark};

    if (*count == EVENTS_MAX || loader->events == NULL) {
        tell(loader, WRONG_MANY, mark, TEXT("events"), TEXT("256"));
        return NO_INDEX;
    }
    loader->events[*count] = (struct event_name){
        .name = name,
        .label = load_label(loader, &words, name),
        .family = event_family_of(name),
        .clock = NO_INDEX,
    };
    return (uint16_t)(*count)++;
}

_Static_assert(EVENTS_MAX == 256, "WRONG_MANY is told with it");

/* The standing events and the ends of all clocks have their numbers, whether a rule names them
 * or not. */
void load_events(struct loader *loader)
{
    loader->events = arena_take_zeroed(loader->arena, EVENTS_MAX, sizeof(struct event_name));
    loader->made->events = loader->events;
    for (size_t i = 0; i < sizeof(standing) / sizeof(standing[0]); i++) {
        (void)add_event(loader, text_of(standing[i]), loader->root->mark);
    }
    for (uint32_t i = 0; i < loader->made->clock_count; i++) {
        const struct clock *clock = &loader->clocks[i];
        char room[128];
        int size = snprintf(room, sizeof(room), "clock.%.*s.%.*s", TEXT_ARGS(clock->name),
                            TEXT_ARGS(clock_end_word(clock->kind)));
        const char *name = size < 0 || (size_t)size >= sizeof(room)
                               ? NULL
                               : arena_copy(loader->arena, room, (size_t)size);
        uint16_t event = name == NULL ? NO_INDEX
                                      : add_event(loader, (struct text){name, (size_t)size},
                                                  clock->label.mark);

        if (event != NO_INDEX) {
            loader->events[event].clock = (uint16_t)i;
        }
    }
}

/* `clock.…` is the daemon's: what is no end of a clock and no standing event is a slip. */
static uint16_t refuse_own(struct loader *loader, const struct node *node)
{
    struct text rest;
    struct text name = node->key;
    struct mark mark = node->key_mark;

    (void)text_cut(name, '.', &rest);
    name = text_cut(rest, '.', &rest);
    mark.column += 6;
    if (event_family_of(node->key) != EVENT_CLOCK_END) {
        tell_no_name(loader, WRONG_NO_OWN_EVENT, node->key, node->key_mark,
                     (struct named){loader->events, loader->made->event_count,
                                    sizeof(struct event_name)});
        return NO_INDEX;
    }

    uint16_t clock = find_clock(loader, name, mark);

    for (uint32_t i = 0; clock != NO_INDEX && i < loader->made->event_count; i++) {
        if (loader->events[i].clock == clock) {
            tell(loader, WRONG_OWN_KIND, node->key_mark, name, loader->events[i].name);
        }
    }
    return NO_INDEX;
}

uint16_t event_of(struct loader *loader, const struct node *node)
{
    uint16_t event = procedure_event(loader->made, node->key);

    if (event != NO_INDEX) {
        return event;
    }
    if (text_starts(node->key, TEXT("clock."))) {
        return refuse_own(loader, node);
    }
    return add_event(loader, node->key, node->key_mark);
}
