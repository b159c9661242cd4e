#include "codec/load.h"

static void load_notify(struct loader *loader, const struct node *node, struct notify *notify)
{
    static const struct binding bindings[] = {{"to", 0, load_role_list}};
    const struct node *notice = node_get(node, TEXT("notice"));
    struct role_list list = {.count = 0};

    LOAD_FIELDS(loader, node, bindings, &list);
    *notify = (struct notify){
        .to = list.roles, .to_count = list.count, .notice = NO_INDEX, .mark = node->mark};
    if (notice != NULL && !notice->bad) {
        notify->notice = notice_of(loader, notice);
    }
}

void load_notifies(struct loader *loader, const struct node *node,
                   const struct notify **notifies, uint32_t *count)
{
    bool listed = node != NULL && node->kind == NODE_LIST;
    struct notify *made = NULL;
    uint32_t i = 0;

    if (node == NULL || node->bad) {
        return;
    }
    if (!listed) {
        made = arena_take_zeroed(loader->arena, 1, sizeof(*made));
        *count = made != NULL;
        if (made != NULL) {
            load_notify(loader, node, made);
        }
    } else {
        made = take_items(loader, node, ENTRIES_MAX, sizeof(*made), count);
        for (const struct node *at = item_first(node); i < *count; at = item_next(node, at)) {
            load_notify(loader, at, &made[i++]);
        }
    }
    *notifies = made;
}

/* The top needs stand in no rule; so they may speak of every fact as the event's, and are
 * judged again where a rule names them. */
static const struct rule takes_all = {.may_take = {{UINT64_MAX, UINT64_MAX}}};

_Static_assert(FACTS_MAX == 128, "takes_all has them all");

/* What the event brings is not yet a fact when needs are judged: read as one, it would be that
 * of before, which nobody means. */
static void check_reads(struct loader *loader, const struct guard *guard)
{
    const struct rule *rule = loader->place.rule;
    struct fact_mask told = {{0}};

    if (rule == NULL || rule == &takes_all || guard == NULL) {
        return;
    }
    for (uint32_t i = 0; i < guard->node_count; i++) {
        const struct symbol *symbol = &guard->nodes[i].symbol;
        uint16_t fact = symbol->index;

        if (guard->nodes[i].operation == GUARD_NAME && symbol->kind == SYMBOL_FACT &&
            !fact_mask_has(&told, fact) &&
            (fact_mask_has(&rule->takes, fact) || fact_mask_has(&rule->may_take, fact))) {
            tell(loader, WRONG_READS, guard->mark, loader->facts[fact].name, (struct text){0});
            fact_mask_add(&told, fact);
        }
    }
}

void load_needs(struct loader *loader, const struct node *map, const struct need **needs,
                uint32_t *count)
{
    static const struct binding bindings[] = {
        {"that", offsetof(struct need, that), load_condition},
        {"defect", offsetof(struct need, defect), load_flag},
    };
    struct need *made = take_entries(loader, map, ENTRIES_MAX, sizeof(*made), count);
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < *count; at = at->next) {
        struct need *need = &made[i++];
        const struct node *notify = node_get(at, TEXT("notify")); /* of a warning */
        uint32_t one = 0;

        need->name = at->key;
        need->label = load_label(loader, at, at->key);
        need->defect = text_is(map->key, "warns");
        LOAD_FIELDS(loader, at, bindings, need);
        check_reads(loader, need->that);
        if (!at->bad) {
            load_notifies(loader, notify, &need->notify, &one);
        }
    }
    *needs = made;
}

void load_top_needs(struct loader *loader)
{
    loader->place.rule = &takes_all;
    load_needs(loader, node_get(loader->root, TEXT("needs")), &loader->made->needs,
               &loader->made->need_count);
    loader->place.rule = NULL;
}
