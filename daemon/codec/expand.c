#include "codec/language.h"
#include "codec/layers.h"
#include "codec/load.h"

/* Lay an entry's own words over a copy of what it refers to, in its place. */
static void lay_over(struct loader *loader, const struct node *base, struct node *own)
{
    struct node *copy = layers_copy(base, loader->arena);

    if (copy == NULL) {
        return;
    }
    copy->key = own->key;
    copy->key_mark = own->key_mark;
    copy->mark = own->mark;
    node_replace(own, copy);
    layers_merge(copy, own);
}

static void tell_no_plan(struct loader *loader, const struct node *wish,
                         const struct node *plans)
{
    struct text names[ENTRIES_MAX];
    uint32_t count = 0;

    for (const struct node *at = entry_first(plans); at != NULL && count < ENTRIES_MAX;
         at = at->next) {
        names[count++] = at->key;
    }
    tell_no_name(loader, WRONG_NO_PLAN, wish->text, wish->mark,
                 (struct named){names, count, sizeof(names[0])});
}

/* The plan's entries come first; the clock's own override them by name, or are added. */
static void expand_entries(struct loader *loader, struct node *clock, const struct node *plan,
                           const char *key)
{
    const struct node *base = node_get(plan, text_of(key));
    struct node *own = node_get(clock, text_of(key));

    if (base == NULL || base->bad) {
        return;
    }
    if (own == NULL) {
        struct node *copy = layers_copy(base, loader->arena);

        if (copy != NULL) {
            node_append(clock, copy);
        }
    } else if (!own->bad) {
        lay_over(loader, base, own);
    }
}

static void expand_plans(struct loader *loader, const struct node *root)
{
    const struct node *plans = node_get(root, TEXT("plans"));
    struct node *clocks = node_get(root, TEXT("clocks"));

    for (struct node *clock = clocks == NULL ? NULL : clocks->first; clock != NULL;
         clock = clock->next) {
        const struct node *wish = node_get(clock, TEXT("plan"));
        const struct node *plan = wish == NULL ? NULL : node_get(plans, wish->text);
        bool window = text_is(node_get_text(clock, TEXT("kind")), "window") ||
                      node_get(clock, TEXT("accrues")) != NULL;

        if (wish == NULL || wish->bad) {
            continue;
        }
        if (plan == NULL) {
            tell_no_plan(loader, wish, plans);
        } else if (!plan->bad) {
            expand_entries(loader, clock, plan, "remind");
            if (!window) { /* the end of a window is no breach; it has no rungs */
                expand_entries(loader, clock, plan, "ladder");
            }
        }
    }
}

static bool is_needs(const struct node *node, const struct node *root)
{
    return node->kind == NODE_MAP && text_is(node->key, "needs") && node->parent != root &&
           !node->bad && node->shape != NULL;
}

static void expand_needs(struct loader *loader, struct node *root)
{
    const struct node *top = node_get(root, TEXT("needs"));

    for (struct node *at = root; at != NULL; at = node_after(at, root)) {
        if (!is_needs(at, root) || !at->parent->keyed) {
            continue;
        }
        for (struct node *need = at->first, *next; need != NULL; need = next) {
            const struct node *base = node_get(top, need->key);

            next = need->next;
            if (need->bad || node_get(need, TEXT("that")) != NULL) {
                continue;
            }
            if (base == NULL) {
                tell(loader, WRONG_NO_NEED, need->key_mark, need->key, (struct text){0});
                need->bad = true;
            } else if (!base->bad) {
                lay_over(loader, base, need);
            }
        }
    }
}

static void tell_no_stage(struct loader *loader, const struct node *node,
                          const struct node *stages)
{
    struct text names[ENTRIES_MAX];
    uint32_t count = 0;

    for (const struct node *at = entry_first(stages); at != NULL && count < ENTRIES_MAX;
         at = at->next) {
        names[count++] = at->key;
    }
    tell_no_name(loader, WRONG_NO_STAGE, node->text, node->mark,
                 (struct named){names, count, sizeof(names[0])});
}

static void add_once(struct loader *loader, struct node *list, const struct node *stage)
{
    struct node *copy;

    for (const struct node *at = list->first; at != NULL; at = at->next) {
        if (text_equal(at->text, stage->text)) {
            return;
        }
    }
    copy = layers_copy(stage, loader->arena);
    if (copy != NULL) {
        node_append(list, copy);
    }
}

/* A group's stages are stages, and itself is none. */
static void check_groups(struct loader *loader, const struct node *groups,
                         const struct node *stages)
{
    for (struct node *group = groups == NULL ? NULL : groups->first; group != NULL;
         group = group->next) {
        if (node_get(stages, group->key) != NULL) {
            tell(loader, WRONG_GROUP_STAGE, group->key_mark, group->key, (struct text){0});
            group->bad = true;
        }
        for (struct node *at = group->first; at != NULL; at = at->next) {
            if (!at->bad && node_get(stages, at->text) == NULL) {
                tell_no_stage(loader, at, stages);
                at->bad = true;
            }
        }
    }
}

/* A list in which a group stands holds its stages instead, each once. */
static void open_groups(struct loader *loader, struct node *in, const struct node *groups)
{
    struct node *list = layers_copy(in, loader->arena);
    bool opened = false;

    if (list == NULL) {
        return;
    }
    list->kind = NODE_LIST;
    list->text = (struct text){0};
    while (list->first != NULL) {
        node_remove(list->first);
    }
    for (const struct node *at = item_first(in); at != NULL; at = item_next(in, at)) {
        const struct node *group = node_get(groups, at->text);

        opened = opened || group != NULL;
        if (group == NULL) {
            add_once(loader, list, at);
        }
        for (const struct node *of = group == NULL ? NULL : item_first(group); of != NULL;
             of = item_next(group, of)) {
            add_once(loader, list, of);
        }
    }
    if (opened) {
        node_replace(in, list);
    }
}

static void expand_groups(struct loader *loader, struct node *root)
{
    const struct node *groups = node_get(root, TEXT("groups"));
    struct node *anytime = node_get(root, TEXT("anytime"));

    check_groups(loader, groups, node_get(root, TEXT("stages")));
    if (groups == NULL || groups->bad || anytime == NULL) {
        return;
    }
    for (struct node *at = anytime; at != NULL; at = node_after(at, anytime)) {
        struct node *in = at->keyed ? node_get(at, TEXT("in")) : NULL;

        if (in != NULL && !in->bad && !at->bad) {
            open_groups(loader, in, groups);
        }
    }
}

void expand(struct loader *loader, struct node *root)
{
    expand_plans(loader, root);
    expand_needs(loader, root);
    expand_groups(loader, root);
}
