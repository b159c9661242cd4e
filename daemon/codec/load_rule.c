#include "codec/load.h"

static struct clock_act act_on(struct loader *loader, struct text clock, struct mark mark)
{
    return (struct clock_act){
        .clock = find_clock(loader, clock, mark), .ground = NO_INDEX, .mark = mark};
}

/* A name or a list of names. */
void load_acts(struct loader *loader, const struct node *node, const struct clock_act **acts,
               uint32_t *count)
{
    struct clock_act *made = take_items(loader, node, CLOCKS_MAX, sizeof(*made), count);
    uint32_t i = 0;

    for (const struct node *at = item_first(node); i < *count; at = item_next(node, at)) {
        made[i++] = act_on(loader, at->text, at->mark);
    }
    *acts = made;
}

/* `decide: appraisal`: a ground of that very clock. */
static void load_ground(struct loader *loader, const struct node *node, struct clock_act *act)
{
    const struct clock *clock = &loader->clocks[act->clock];
    struct ground own[GROUNDS_MAX];
    uint32_t count = 0;

    if (clock->pause_grounds == 0) {
        tell(loader, WRONG_NO_PAUSE, node->key_mark, clock->name, (struct text){0});
        return;
    }
    for (uint32_t i = 0; i < loader->made->ground_count; i++) {
        if ((clock->pause_grounds >> i & 1) == 0) {
            continue;
        }
        own[count++] = loader->grounds[i];
        if (text_equal(loader->grounds[i].name, node->text)) {
            act->ground = (uint16_t)i;
        }
    }
    if (act->ground == NO_INDEX) {
        tell_no_name(loader, WRONG_NO_GROUND, node->text, node->mark,
                     (struct named){own, count, sizeof(own[0])});
    }
}

static void load_grounded(struct loader *loader, const struct node *map,
                          const struct clock_act **acts, uint32_t *count)
{
    struct clock_act *made = take_entries(loader, map, CLOCKS_MAX, sizeof(*made), count);
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < *count; at = at->next) {
        struct clock_act *act = &made[i++];

        *act = act_on(loader, at->key, at->key_mark);
        if (act->clock != NO_INDEX && !at->bad) {
            load_ground(loader, at, act);
        }
    }
    *acts = made;
}

static void load_lengthened(struct loader *loader, const struct node *map,
                            const struct clock_act **acts, uint32_t *count)
{
    struct clock_act *made = take_entries(loader, map, CLOCKS_MAX, sizeof(*made), count);
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < *count; at = at->next) {
        struct clock_act *act = &made[i++];

        *act = act_on(loader, at->key, at->key_mark);
        if (act->clock != NO_INDEX && loader->clocks[act->clock].extend_count == 0) {
            tell(loader, WRONG_NO_EXTEND, at->key_mark, at->key, (struct text){0});
        }
        if (!at->bad) {
            act->value = load_guard(loader, at, (struct guard_wish){.type = VALUE_LENGTH});
        }
    }
    *acts = made;
}

/* `[a, b]`, or `{a: event.corrected_on}`: at a date (its whole day) or an instant. */
static void load_meets(struct loader *loader, const struct node *node,
                       const struct clock_act **acts, uint32_t *count)
{
    struct clock_act *made;
    uint32_t i = 0;

    if (node == NULL || node->bad || node->kind != NODE_MAP) {
        load_acts(loader, node, acts, count);
        return;
    }
    made = take_entries(loader, node, CLOCKS_MAX, sizeof(*made), count);
    for (const struct node *at = entry_first(node); i < *count; at = at->next) {
        struct clock_act *act = &made[i++];

        *act = act_on(loader, at->key, at->key_mark);
        if (at->bad) {
            continue;
        }
        act->value = load_guard(loader, at, (struct guard_wish){.any = true});
        if (act->value != NULL && act->value->type != VALUE_DATE &&
            act->value->type != VALUE_INSTANT) {
            tell(loader, WRONG_MEET, at->mark, value_type_word(act->value->type),
                 (struct text){0});
        }
    }
    *acts = made;
}

static void load_sets(struct loader *loader, const struct node *map, struct rule *rule)
{
    struct assignment *made =
        take_entries(loader, map, FACTS_MAX, sizeof(*made), &rule->set_count);
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < rule->set_count; at = at->next) {
        struct assignment *set = &made[i++];
        uint16_t fact = find_fact(loader, at->key, at->key_mark);

        *set = (struct assignment){.fact = fact, .mark = at->key_mark};
        refuse_private(loader, fact, at->key_mark);
        if (fact == NO_INDEX || at->bad || fact_mask_has(&loader->untyped, fact)) {
            continue;
        }
        set->value = load_guard(loader, at,
                                (struct guard_wish){.type = loader->facts[fact].type,
                                                    .choices = &loader->facts[fact].choices,
                                                    .assignment = true});
    }
    rule->sets = made;
}

/* What a rule brings or sets it does not take away. */
static void load_unsets(struct loader *loader, const struct node *list, struct rule *rule)
{
    for (const struct node *at = item_first(list); at != NULL; at = item_next(list, at)) {
        uint16_t fact = find_fact(loader, at->text, at->mark);
        bool kept = fact != NO_INDEX && rule->keep &&
                    (fact_mask_has(&rule->takes, fact) || fact_mask_has(&rule->may_take, fact));

        for (uint32_t i = 0; i < rule->set_count && !kept; i++) {
            kept = fact != NO_INDEX && rule->sets[i].fact == fact;
        }
        if (kept) {
            tell(loader, WRONG_UNSET, at->mark, at->text, (struct text){0});
        } else if (fact != NO_INDEX) {
            fact_mask_add(&rule->unsets, fact);
        }
    }
}

static void load_branch(struct loader *loader, const struct node *node, struct branch *branch)
{
    static const struct binding bindings[] = {
        {"when", offsetof(struct branch, when), load_condition},
    };
    const struct node *stage = node_get(node, TEXT("stage"));

    branch->name = node->key;
    branch->label = load_label(loader, node, node->key);
    branch->stage = NO_INDEX;
    LOAD_FIELDS(loader, node, bindings, branch);
    if (stage != NULL && !stage->bad) {
        branch->stage = find_stage(loader, stage);
    }
}

static void load_to(struct loader *loader, const struct node *node, struct rule *rule)
{
    struct branch *made;
    uint32_t i = 0;

    if (node == NULL || node->bad) {
        return;
    }
    if (node->kind == NODE_SCALAR) {
        made = take_items(loader, node, 1, sizeof(*made), &rule->to_count);
        if (made != NULL) {
            made->stage = find_stage(loader, node);
            made->label.mark = node->mark;
        }
    } else {
        made = take_entries(loader, node, STAGES_MAX, sizeof(*made), &rule->to_count);
        for (const struct node *at = entry_first(node); i < rule->to_count; at = at->next) {
            load_branch(loader, at, &made[i++]);
        }
    }
    rule->to = made;
}

static void load_assigns(struct loader *loader, const struct node *node, void *field)
{
    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        uint16_t role = find_role(loader, at);

        if (role == NO_INDEX) {
            continue;
        }
        if (!loader->roles[role].assigned) {
            tell(loader, WRONG_ASSIGNS, at->mark, at->text, (struct text){0});
        }
        *(uint64_t *)field |= (uint64_t)1 << role;
    }
}

static void check_takes(struct loader *loader, const struct node *node, const struct rule *rule)
{
    const struct node *list = node_get(node, TEXT("may_take"));

    for (const struct node *at = item_first(list); at != NULL; at = item_next(list, at)) {
        uint16_t fact = procedure_fact(loader->made, at->text);

        if (fact != NO_INDEX && fact_mask_has(&rule->takes, fact)) {
            tell(loader, WRONG_TAKES, at->mark, at->text, (struct text){0});
        }
    }
}

/* First what it takes, for that is what its guards may call event.x. */
static void load_plain(struct loader *loader, const struct node *node, struct rule *rule)
{
    static const struct binding bindings[] = {
        {"takes", offsetof(struct rule, takes), load_facts},
        {"may_take", offsetof(struct rule, may_take), load_facts},
        {"when", offsetof(struct rule, when), load_condition},
        {"in", offsetof(struct rule, in), load_stage_mask},
        {"by", offsetof(struct rule, by), load_roles},
        {"keep", offsetof(struct rule, keep), load_flag},
        {"assigns", offsetof(struct rule, assigns), load_assigns},
        {"backdate", offsetof(struct rule, backdate), load_length},
    };
    const struct node *documents = node_get(node, TEXT("documents"));
    struct text_list list = {.count = 0};

    rule->keep = true;
    LOAD_FIELDS(loader, node, bindings, rule);
    rule->backdate_given = node_get(node, TEXT("backdate")) != NULL;
    if (documents != NULL && !documents->bad) {
        load_texts(loader, documents, &list);
    }
    rule->documents = list.texts;
    rule->document_count = list.count;
    check_takes(loader, node, rule);
}

void load_rule(struct loader *loader, const struct node *node, struct rule *rule)
{
    rule->label = load_label(loader, node, node->key);
    if (node->bad) {
        return;
    }
    loader->place.rule = rule;
    load_plain(loader, node, rule);
    load_needs(loader, node_get(node, TEXT("needs")), &rule->needs, &rule->need_count);
    load_needs(loader, node_get(node, TEXT("warns")), &rule->warns, &rule->warn_count);
    load_sets(loader, node_get(node, TEXT("set")), rule);
    load_unsets(loader, node_get(node, TEXT("unset")), rule);
    load_acts(loader, node_get(node, TEXT("cancel")), &rule->cancels, &rule->cancel_count);
    load_acts(loader, node_get(node, TEXT("start")), &rule->starts, &rule->start_count);
    load_grounded(loader, node_get(node, TEXT("resume")), &rule->resumes, &rule->resume_count);
    load_grounded(loader, node_get(node, TEXT("pause")), &rule->pauses, &rule->pause_count);
    load_lengthened(loader, node_get(node, TEXT("extend")), &rule->extends,
                    &rule->extend_count);
    load_meets(loader, node_get(node, TEXT("meet")), &rule->meets, &rule->meet_count);
    load_to(loader, node_get(node, TEXT("to")), rule);
    load_errands(loader, node, rule);
    load_notifies(loader, node_get(node, TEXT("notify")), &rule->notifies, &rule->notify_count);
    loader->place.rule = NULL;
}
