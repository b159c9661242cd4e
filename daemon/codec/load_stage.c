#include "codec/language.h"
#include "codec/load.h"

void load_stage_names(struct loader *loader)
{
    static const struct binding bindings[] = {
        {"final", offsetof(struct stage, outcome), load_text},
    };
    const struct node *map = node_get(loader->root, TEXT("stages"));
    struct procedure *made = loader->made;
    struct text *names;
    uint32_t i = 0;

    loader->stages =
        take_entries(loader, map, STAGES_MAX, sizeof(struct stage), &made->stage_count);
    names = arena_take_zeroed(loader->arena, made->stage_count, sizeof(*names));
    made->stages = loader->stages;
    for (const struct node *at = entry_first(map); i < made->stage_count && names != NULL;
         at = at->next) {
        struct stage *stage = &loader->stages[i];

        stage->name = at->key;
        stage->label = load_label(loader, at, at->key);
        stage->final = node_get(at, TEXT("final")) != NULL;
        LOAD_FIELDS(loader, at, bindings, stage);
        names[i++] = at->key;
    }
    made->stage_names = (struct choices){.names = names, .count = i};
    if (made->stage_count == 0 && !made->layer && !(map != NULL && map->bad)) {
        tell(loader, WRONG_NO_STAGES, loader->root->key_mark, (struct text){0},
             (struct text){0});
    }
}

/* Where an event's rules stand: what may and must be there. */
enum shelf { SHELF_OPENS, SHELF_STAGE, SHELF_ANYTIME };

static void check_own(struct loader *loader, const struct node *node, struct text event)
{
    static const char *const keys[] = {"by",      "takes", "may_take", "keep",
                                       "assigns", "needs", "backdate", "documents"};

    for (uint32_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct node *wrong = node_get(node, text_of(keys[i]));

        if (wrong != NULL && !wrong->bad) {
            tell(loader, WRONG_OWN_KEY, wrong->key_mark, wrong->key, event);
        }
    }
}

/* What came to nothing elsewhere only has words here. */
static void check_untold(struct loader *loader, const struct node *node, struct text event)
{
    static const char *const keys[] = {"in", "notify", "zh", "en", "law"};

    for (struct node *at = node->first; at != NULL; at = at->next) {
        bool fine = at->bad;

        for (uint32_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
            fine = fine || text_is(at->key, keys[i]);
        }
        if (!fine) {
            tell(loader, WRONG_OWN_KEY, at->key_mark, at->key, event);
        }
    }
}

/* Out of a final stage only others of the kind are reached. */
static void check_final(struct loader *loader, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->to_count; i++) {
        uint16_t stage = rule->to[i].stage;

        if (stage != NO_INDEX && !loader->stages[stage].final) {
            tell(loader, WRONG_FINAL_LEAVES, rule->to[i].label.mark, loader->stages[stage].name,
                 (struct text){0});
        }
    }
}

static bool is_in_final(const struct loader *loader, const struct rule *rule)
{
    for (uint32_t i = 0; i < loader->made->stage_count; i++) {
        if ((rule->in >> i & 1) != 0 && loader->stages[i].final) {
            return true;
        }
    }
    return false;
}

static void load_shelved(struct loader *loader, const struct node *node, enum shelf shelf,
                         const struct event_name *event, struct rule *rule)
{
    const struct node *in = node_get(node, TEXT("in"));

    load_rule(loader, node, rule);
    if (node->bad) {
        return;
    }
    if (event->family == EVENT_UNTOLD) {
        check_untold(loader, node, event->name);
    }
    if (event->family == EVENT_CLOCK_END) {
        check_own(loader, node, event->name);
    }
    if (shelf != SHELF_ANYTIME && in != NULL) {
        tell(loader, WRONG_IN, in->key_mark, (struct text){0}, (struct text){0});
    }
    if (shelf == SHELF_OPENS && node_get(node, TEXT("to")) == NULL) {
        tell(loader, WRONG_OPENS_TO, node->key_mark, (struct text){0}, (struct text){0});
    }
    if (is_in_final(loader, rule)) {
        check_final(loader, rule);
    }
}

/* One rule, or named ones; the schema has told them apart. */
static bool holds_named(const struct node *node)
{
    return node->kind == NODE_MAP && !node->keyed && node->size > 0;
}

static void load_offer(struct loader *loader, const struct node *node, enum shelf shelf,
                       struct offer *offer)
{
    static const struct event_name nothing = {.family = EVENT_ORDINARY};
    bool named = holds_named(node);
    uint32_t count = 1;
    uint32_t i = 0;
    struct rule *rules = named ? take_entries(loader, node, ENTRIES_MAX, sizeof(*rules), &count)
                               : arena_take_zeroed(loader->arena, 1, sizeof(*rules));

    offer->event = event_of(loader, node);
    offer->mark = node->key_mark;
    if (rules == NULL) {
        return;
    }

    const struct event_name *event =
        offer->event == NO_INDEX ? &nothing : &loader->events[offer->event];

    if (shelf == SHELF_OPENS && event->family != EVENT_ORDINARY) {
        tell(loader, WRONG_OPENS, node->key_mark, node->key, (struct text){0});
    }
    if (!named) {
        load_shelved(loader, node, shelf, event, rules);
    }
    for (const struct node *at = named ? node->first : NULL; i < count && at != NULL;
         at = at->next) {
        rules[i].name = at->key;
        load_shelved(loader, at, shelf, event, &rules[i++]);
    }
    offer->rules = rules;
    offer->rule_count = count;
}

static const struct offer *load_offers(struct loader *loader, const struct node *map,
                                       enum shelf shelf, uint32_t *count)
{
    uint32_t max = shelf == SHELF_ANYTIME ? ANYTIME_MAX : OFFERS_MAX;
    struct offer *offers = take_entries(loader, map, max, sizeof(*offers), count);
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < *count; at = at->next) {
        load_offer(loader, at, shelf, &offers[i++]);
    }
    return offers;
}

static void load_stage(struct loader *loader, const struct node *node, struct stage *stage)
{
    static const struct binding bindings[] = {
        {"outlives", offsetof(struct stage, outlives), load_clock_mask},
    };
    const struct node *no_limit = node_get(node, TEXT("no_limit"));
    const struct node *enter = node_get(node, TEXT("enter"));
    const struct node *outlives = node_get(node, TEXT("outlives"));

    LOAD_FIELDS(loader, node, bindings, stage);
    if (outlives != NULL && !stage->final) {
        tell(loader, WRONG_OUTLIVES, outlives->key_mark, (struct text){0}, (struct text){0});
    }
    stage->no_limit = no_limit != NULL;
    if (no_limit != NULL && !no_limit->bad) {
        stage->no_limit_label = load_label(loader, no_limit, no_limit->key);
    }
    if (enter != NULL && !enter->bad) {
        load_acts(loader, node_get(enter, TEXT("start")), &stage->starts, &stage->start_count);
        load_acts(loader, node_get(enter, TEXT("cancel")), &stage->cancels,
                  &stage->cancel_count);
        load_notifies(loader, node_get(enter, TEXT("notify")), &stage->notifies,
                      &stage->notify_count);
    }
    stage->offers =
        load_offers(loader, node_get(node, TEXT("events")), SHELF_STAGE, &stage->offer_count);
    for (uint32_t i = 0; stage->final && i < stage->offer_count; i++) {
        for (uint32_t j = 0; j < stage->offers[i].rule_count; j++) {
            check_final(loader, &stage->offers[i].rules[j]);
        }
    }
}

void load_stages(struct loader *loader)
{
    const struct node *map = node_get(loader->root, TEXT("stages"));
    const struct node *opens = node_get(loader->root, TEXT("opens"));
    struct procedure *made = loader->made;
    uint32_t i = 0;

    made->opens = load_offers(loader, opens, SHELF_OPENS, &made->open_count);
    if (made->open_count == 0 && made->stage_count > 0 && !made->layer &&
        !(opens != NULL && opens->bad)) {
        tell(loader, WRONG_NO_OPENS, loader->root->key_mark, (struct text){0},
             (struct text){0});
    }
    for (const struct node *at = entry_first(map); i < made->stage_count; at = at->next) {
        struct stage *stage = &loader->stages[i++];

        if (!at->bad) {
            load_stage(loader, at, stage);
        }
    }
    made->anytime = load_offers(loader, node_get(loader->root, TEXT("anytime")), SHELF_ANYTIME,
                                &made->anytime_count);
}
