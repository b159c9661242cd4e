#include "world/play_parts.h"

#define SCRATCH_BYTES ((size_t)1 << 20)

void spoken_append(struct spoken_list *list, struct spoken *spoken)
{
    spoken->next = NULL;
    if (list->last == NULL) {
        list->first = spoken;
    } else {
        list->last->next = spoken;
    }
    list->last = spoken;
}

static struct text keep(struct play *play, struct text text)
{
    const char *copy = arena_copy(play->arena, text.bytes, text.size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : text.size};
}

/* The value that tells the instance from the clock's others. */
static struct text keep_per(struct play *play, const struct happening *happening,
                            const struct effect *effect)
{
    const struct instance *instance =
        state_instance_numbered(happening->after, effect->clock, effect->number);
    uint16_t per = happening->procedure->clocks[effect->clock].per;
    char room[TEXT_MAX];

    if (instance == NULL || per == NO_INDEX || !instance->per.known) {
        return (struct text){0};
    }

    size_t size = value_print(&instance->per, &happening->procedure->facts[per].choices,
                              happening->agency->office.zone_ms, room, sizeof(room));

    return keep(play, (struct text){room, size});
}

static void name_entry(struct play *play, const struct happening *happening,
                       const struct effect *effect, struct spoken *spoken)
{
    const struct clock *clock = &happening->procedure->clocks[effect->clock];

    spoken->clock = keep(play, clock->name);
    spoken->clock_index = effect->clock;
    spoken->number = effect->number;
    spoken->per = keep_per(play, happening, effect);
    if (effect->kind == EFFECT_REVIEW) {
        spoken->entry = TEXT("review");
    } else if (effect->kind == EFFECT_MOVED) {
        spoken->entry = TEXT("moved");
    } else if (effect->kind == EFFECT_WITHDRAWN) {
        spoken->entry = TEXT("withdrawn");
    } else if (effect->entry != NO_INDEX) {
        spoken->entry = keep(play, clock->entries[effect->entry].name);
        spoken->rung = clock->entries[effect->entry].rung;
        spoken->reminder = !spoken->rung;
    }
}

static struct spoken *make(struct play *play, const struct happening *happening,
                           const struct effect *effect)
{
    const struct procedure *procedure = happening->procedure;
    struct spoken *spoken = arena_take_zeroed(play->arena, 1, sizeof(*spoken));

    if (spoken == NULL) {
        return NULL;
    }
    spoken->at_ms = effect->at_ms;
    spoken->clock_index = NO_INDEX;
    spoken->which = play_case_of(play, happening->after->agency, happening->after->id);
    if (effect->clock != NO_INDEX) {
        name_entry(play, happening, effect, spoken);
    }
    if (effect->kind == EFFECT_STRANDED) {
        spoken->entry = TEXT("stranded");
    }
    if (effect->notice != NO_INDEX) {
        spoken->notice = keep(play, procedure->notices[effect->notice].name);
    }
    if (effect->role != NO_INDEX) {
        spoken->to = keep(play, procedure->roles[effect->role].name);
    }
    return spoken;
}

/* What has not left is called back by some effects, and freed by the end of a hold. */
static void touch_ready(struct play *play, const struct happening *happening,
                        const struct effect *effect)
{
    const struct installed *installed = engine_law(play->world.engine)->installed;
    uint32_t which = play_case_of(play, happening->after->agency, happening->after->id);
    struct spoken_list kept = {0};
    struct spoken *next;

    for (struct spoken *spoken = play->ready.first; spoken != NULL; spoken = next) {
        next = spoken->next;
        if (spoken->which == which &&
            (delivery_is_recalled(spoken->clock_index, spoken->number, spoken->rung, effect) ||
             (spoken->reminder &&
              delivery_has_moved(happening, spoken->clock_index, spoken->number)))) {
            continue;
        }
        if (spoken->which == which && effect->kind == EFFECT_UNHELD && spoken->waits) {
            spoken->waits = false;
            spoken->at_ms = hours_permit(installed, happening->agency,
                                         installed_person(installed, spoken->person), NULL,
                                         happening->record->now_ms);
        }
        spoken_append(&kept, spoken);
    }
    play->ready = kept;
}

static void make_ready(struct play *play, const struct happening *happening)
{
    const struct installed *installed = engine_law(play->world.engine)->installed;
    struct arena scratch;
    uint32_t count;

    arena_init_growing(&scratch, SCRATCH_BYTES);

    const struct delivery *deliveries = deliveries_of(happening, installed, &scratch, &count);

    for (uint32_t i = 0; deliveries != NULL && i < count; i++) {
        struct spoken *spoken = make(play, happening, deliveries[i].effect);

        if (spoken != NULL) {
            spoken->at_ms = deliveries[i].leave_ms;
            spoken->person = keep(play, deliveries[i].person);
            spoken->in_stead_of = keep(play, deliveries[i].in_stead_of);
            spoken->waits = deliveries[i].waits;
            spoken_append(&play->ready, spoken);
        }
    }
    arena_fini(&scratch);
}

void play_let_leave(struct play *play, int64_t now_ms)
{
    struct spoken_list kept = {0};

    for (;;) {
        struct spoken *soonest = NULL;
        struct spoken *next;

        for (struct spoken *spoken = play->ready.first; spoken != NULL; spoken = spoken->next) {
            if (!spoken->waits && spoken->at_ms <= now_ms &&
                (soonest == NULL || spoken->at_ms < soonest->at_ms)) {
                soonest = spoken;
            }
        }
        if (soonest == NULL) {
            return;
        }
        kept = (struct spoken_list){0};
        for (struct spoken *spoken = play->ready.first; spoken != NULL; spoken = next) {
            next = spoken->next;
            if (spoken != soonest) {
                spoken_append(&kept, spoken);
            }
        }
        play->ready = kept;
        spoken_append(&play->left, soonest);
    }
}

void play_on_record(void *context, const struct happening *happening)
{
    struct play *play = context;
    bool speech = false;

    if (play->watch->on_record != NULL) {
        play->watch->on_record(play->watch->context, happening);
    }
    play_let_leave(play, happening->record->now_ms);
    if (happening->procedure == NULL || happening->after == NULL ||
        play_case_of(play, happening->after->agency, happening->after->id) == NO_INDEX) {
        return; /* a case that another one opened, and the story does not name */
    }
    for (uint32_t i = 0; i < happening->record->effect_count; i++) {
        const struct effect *effect = &happening->record->effects[i];

        touch_ready(play, happening, effect);
        if (effect_speaks(effect->kind)) {
            struct spoken *spoken = make(play, happening, effect);

            speech = true;
            if (spoken != NULL) {
                spoken_append(&play->sent, spoken);
            }
        }
    }
    if (speech) {
        make_ready(play, happening);
    }
}
