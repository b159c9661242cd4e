#include "codec/load.h"

/* `migrates`: the new names must be there; whether the old ones were, a dry run tells. */

static bool is_there(struct loader *loader, enum renamed_kind kind, const struct node *node)
{
    switch (kind) {
    case RENAMED_STAGE:
        return find_stage(loader, node) != NO_INDEX;
    case RENAMED_CLOCK:
        return find_clock(loader, node->text, node->mark) != NO_INDEX;
    case RENAMED_FACT:
        return find_fact(loader, node->text, node->mark) != NO_INDEX;
    case RENAMED_ROLE:
        return find_role(loader, node) != NO_INDEX;
    case RENAMED_KINDS:
        break;
    }
    return false;
}

static void load_renamed(struct loader *loader, const struct node *map, enum renamed_kind kind)
{
    struct migrates *migrates = &loader->made->migrates;
    struct renamed *made =
        take_entries(loader, map, ENTRIES_MAX, sizeof(*made), &migrates->renamed_count[kind]);
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < migrates->renamed_count[kind];
         at = at->next) {
        made[i] = (struct renamed){.old = at->key, .mark = at->key_mark};
        if (!at->bad && is_there(loader, kind, at)) {
            made[i].name = at->text;
        }
        i++;
    }
    migrates->renamed[kind] = made;
}

void load_migrates(struct loader *loader)
{
    static const char *const keys[RENAMED_KINDS] = {
        [RENAMED_STAGE] = "stages",
        [RENAMED_CLOCK] = "clocks",
        [RENAMED_FACT] = "facts",
        [RENAMED_ROLE] = "roles",
    };
    const struct node *map = node_get(loader->root, TEXT("migrates"));
    const struct node *gone = node_get(map, TEXT("gone"));
    struct text_list list = {.count = 0};

    if (map == NULL || map->bad) {
        return;
    }
    for (int kind = 0; kind < RENAMED_KINDS; kind++) {
        load_renamed(loader, node_get(map, text_of(keys[kind])), (enum renamed_kind)kind);
    }
    if (gone != NULL && !gone->bad) {
        load_texts(loader, gone, &list);
    }
    loader->made->migrates.gone = list.texts;
    loader->made->migrates.gone_count = list.count;
}
