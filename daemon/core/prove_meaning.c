#include "core/prove_parts.h"

#include "base/must.h"

/*
 * A condition is turned into options: what its being true (or false) says of the clocks told
 * apart and of facts that must then be set. Conditions on anything else say nothing. Where
 * there are too many options they are taken together, which says less, never more.
 */
struct meaning_room {
    struct option_list when_true[GUARD_NODES_MAX];
    struct option_list when_false[GUARD_NODES_MAX];
    struct fact_mask facts[GUARD_NODES_MAX]; /* named in the node and below */
};

static const uint32_t anything = ~(uint32_t)0;

struct meaning_room *meaning_room(struct arena *arena)
{
    return arena_take(arena, sizeof(struct meaning_room));
}

static struct option free_option(void)
{
    struct option option = {.facts = {{0}}};

    for (uint32_t i = 0; i < MEANING_CLOCKS; i++) {
        option.stands[i] = anything;
    }
    return option;
}

static void set_free(struct option_list *list)
{
    list->count = 1;
    list->items[0] = free_option();
}

static bool same_option(const struct option *a, const struct option *b)
{
    for (uint32_t i = 0; i < MEANING_CLOCKS; i++) {
        if (a->stands[i] != b->stands[i]) {
            return false;
        }
    }
    return mask_equal(&a->facts, &b->facts);
}

/* Both of them at once; false: that cannot be. */
static bool join(const struct option *a, const struct option *b, struct option *both)
{
    both->facts = mask_both(a->facts, b->facts);
    for (uint32_t i = 0; i < MEANING_CLOCKS; i++) {
        both->stands[i] = a->stands[i] & b->stands[i];
        if (both->stands[i] == 0) {
            return false;
        }
    }
    return true;
}

/* One that holds wherever either does. */
static void widen(struct option *option, const struct option *by)
{
    option->facts = mask_common(option->facts, by->facts);
    for (uint32_t i = 0; i < MEANING_CLOCKS; i++) {
        option->stands[i] |= by->stands[i];
    }
}

/* Two that differ in one clock alone are one, without loss. */
static bool merges(struct option *option, const struct option *by)
{
    uint32_t differ = 0;

    for (uint32_t i = 0; i < MEANING_CLOCKS; i++) {
        differ += option->stands[i] != by->stands[i];
    }
    if (differ > 1 || !mask_equal(&option->facts, &by->facts)) {
        return false;
    }
    widen(option, by);
    return true;
}

static void add_option(struct option_list *list, const struct option *option)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (same_option(&list->items[i], option) || merges(&list->items[i], option)) {
            return;
        }
    }
    if (list->count < MEANING_OPTIONS) {
        list->items[list->count++] = *option;
    } else {
        widen(&list->items[MEANING_OPTIONS - 1], option);
    }
}

static void either(const struct option_list *a, const struct option_list *b,
                   struct option_list *out)
{
    struct option_list all = *a;

    for (uint32_t i = 0; i < b->count; i++) {
        add_option(&all, &b->items[i]);
    }
    *out = all;
}

static void both_of(const struct option_list *a, const struct option_list *b,
                    struct option_list *out)
{
    struct option_list all = {.count = 0};
    struct option both;

    for (uint32_t i = 0; i < a->count; i++) {
        for (uint32_t j = 0; j < b->count; j++) {
            if (join(&a->items[i], &b->items[j], &both)) {
                add_option(&all, &both);
            }
        }
    }
    *out = all;
}

static uint32_t watched(const struct meaning *meaning, uint16_t clock)
{
    for (uint32_t i = 0; i < meaning->clock_count; i++) {
        if (meaning->clocks[i] == clock) {
            return i;
        }
    }
    return MEANING_CLOCKS;
}

/* The states in which a name of a clock is set at all; 0: nothing is known of that. */
static uint32_t set_stands(enum clock_field field)
{
    uint32_t never = STANDS_NEVER | STANDS_NEVER << STANDS_OTHER;

    switch (field) {
    case CLOCK_STARTED:
    case CLOCK_LAST_DAY:
        return anything & ~never;
    case CLOCK_ENDED:
        return STANDS_ENDED | STANDS_ENDED << STANDS_OTHER;
    case CLOCK_LIVE:
    case CLOCK_RUNNING:
    case CLOCK_PAUSED:
    case CLOCK_OVERDUE:
    case CLOCK_MET:
    case CLOCK_MET_LATE:
    case CLOCK_USED:
    case CLOCK_ELAPSED:
    case CLOCK_CAPPED:
    case CLOCK_AMOUNT:
        break;
    }
    return 0;
}

static void restrict_to(struct option_list *list, uint32_t watch, uint32_t stands)
{
    if (stands == 0) {
        list->count = 0;
    } else if (watch < MEANING_CLOCKS) {
        list->items[0].stands[watch] = stands;
    }
}

/* A flag of a clock, or has() of one of its dates. */
static void mean_clock(const struct meaning *meaning, const struct guard_node *node, bool has,
                       struct option_list *when_true, struct option_list *when_false)
{
    uint16_t clock = node->symbol.index;
    enum clock_field field = (enum clock_field)node->symbol.field;
    uint32_t all = clock_stands(&meaning->prover->procedure->clocks[clock]);
    uint32_t watch = watched(meaning, clock);

    if (!has) {
        restrict_to(when_true, watch, all & clock_field_stands(field));
        restrict_to(when_false, watch, all & ~clock_field_stands(field));
    } else if (set_stands(field) != 0) {
        restrict_to(when_true, watch, all & set_stands(field));
        if (field == CLOCK_STARTED) {
            restrict_to(when_false, watch, all & ~set_stands(field));
        }
    }
}

static bool is_stage(const struct guard_node *node)
{
    return node->operation == GUARD_NAME && node->symbol.kind == SYMBOL_STAGE;
}

static bool in_list(const struct guard_node *list, uint32_t choice)
{
    for (uint32_t i = 0; i < list->list_count; i++) {
        if (list->list[i].type == VALUE_CHOICE && list->list[i].choice == choice) {
            return true;
        }
    }
    return false;
}

/* `case.stage == 'x'` and `case.stage in […]` are known by where one stands. */
static bool mean_stage(const struct meaning *meaning, const struct guard_node *nodes,
                       const struct guard_node *node, bool *truth)
{
    const struct guard_node *left = &nodes[node->left];
    const struct guard_node *right = &nodes[node->right];
    const struct guard_node *other = is_stage(left) ? right : left;
    bool equal;

    if (!is_stage(left) && !is_stage(right)) {
        return false;
    }
    if (node->operation == GUARD_IN) {
        if (right->operation != GUARD_LIST || right->type != VALUE_CHOICE) {
            return false;
        }
        *truth = in_list(right, meaning->stage);
        return true;
    }
    if (other->operation != GUARD_LITERAL || other->type != VALUE_CHOICE) {
        return false;
    }
    equal = other->literal.choice == meaning->stage;
    *truth = equal == (node->operation == GUARD_EQUAL);
    return node->operation == GUARD_EQUAL || node->operation == GUARD_UNEQUAL;
}

/* A date of a clock, or anything else that is asked for with has(). */
static void mean_has(struct meaning *meaning, const struct guard_node *nodes, uint32_t at)
{
    struct meaning_room *room = meaning->prover->room;
    const struct guard_node *name = &nodes[nodes[at].left];

    if (name->symbol.kind == SYMBOL_CLOCK) {
        mean_clock(meaning, name, true, &room->when_true[at], &room->when_false[at]);
    }
    if (room->when_true[at].count > 0) {
        room->when_true[at].items[0].facts = room->facts[at];
    }
}

/* A condition that is not made of others. */
static void mean_leaf(struct meaning *meaning, const struct guard_node *nodes, uint32_t at)
{
    struct meaning_room *room = meaning->prover->room;
    const struct guard_node *node = &nodes[at];
    struct option_list *when_true = &room->when_true[at];
    struct option_list *when_false = &room->when_false[at];
    bool truth;

    set_free(when_true);
    set_free(when_false);
    if (node->operation == GUARD_NAME && node->symbol.kind == SYMBOL_CLOCK) {
        mean_clock(meaning, node, false, when_true, when_false);
    } else if (node->operation == GUARD_HAS) {
        mean_has(meaning, nodes, at);
    } else if (node->operation == GUARD_LITERAL) {
        (node->literal.flag ? when_false : when_true)->count = 0;
    } else if (guard_children(node) > 1 && mean_stage(meaning, nodes, node, &truth)) {
        when_true->count = truth && meaning->stage != NO_INDEX;
        when_false->count = !truth && meaning->stage != NO_INDEX;
    } else {
        when_true->items[0].facts = room->facts[at];
        when_false->items[0].facts = room->facts[at];
    }
}

static bool is_condition(const struct guard_node *node)
{
    return node->type == VALUE_FLAG && node->operation != GUARD_LIST && !node->symbol.people;
}

/* Conditions made of conditions. */
static bool mean_made(struct meaning *meaning, const struct guard_node *nodes, uint32_t at)
{
    struct meaning_room *room = meaning->prover->room;
    const struct guard_node *node = &nodes[at];
    struct option_list *t = room->when_true;
    struct option_list *f = room->when_false;
    uint16_t a = node->left;
    uint16_t b = node->right;

    if (node->operation == GUARD_NOT || node->operation == GUARD_DEFINE) {
        bool turned = node->operation == GUARD_NOT;

        t[at] = turned ? f[a] : t[a];
        f[at] = turned ? t[a] : f[a];
    } else if (node->operation == GUARD_AND) {
        both_of(&t[a], &t[b], &t[at]);
        either(&f[a], &f[b], &f[at]);
    } else if (node->operation == GUARD_OR) {
        either(&t[a], &t[b], &t[at]);
        both_of(&f[a], &f[b], &f[at]);
    } else {
        return false;
    }
    return true;
}

/* Flags compared with each other. */
static bool mean_compared(struct meaning *meaning, const struct guard_node *nodes, uint32_t at)
{
    struct meaning_room *room = meaning->prover->room;
    const struct guard_node *node = &nodes[at];
    struct option_list *t = room->when_true;
    struct option_list *f = room->when_false;
    struct option_list part;
    bool equal = node->operation == GUARD_EQUAL;

    if ((!equal && node->operation != GUARD_UNEQUAL) || !is_condition(&nodes[node->left]) ||
        !is_condition(&nodes[node->right])) {
        return false;
    }

    struct option_list *same = equal ? &t[at] : &f[at];
    struct option_list *other = equal ? &f[at] : &t[at];

    both_of(&t[node->left], &t[node->right], same);
    both_of(&f[node->left], &f[node->right], &part);
    either(same, &part, same);
    both_of(&t[node->left], &f[node->right], other);
    both_of(&f[node->left], &t[node->right], &part);
    either(other, &part, other);
    return true;
}

static void mean_node(struct meaning *meaning, const struct guard_node *nodes, uint32_t at)
{
    struct meaning_room *room = meaning->prover->room;
    const struct guard_node *node = &nodes[at];
    uint32_t children = guard_children(node);

    room->facts[at] = (struct fact_mask){{0}};
    if (node->operation == GUARD_NAME && node->symbol.kind == SYMBOL_FACT) {
        fact_mask_add(&room->facts[at], node->symbol.index);
    }
    if (children > 0) {
        room->facts[at] = mask_both(room->facts[at], room->facts[node->left]);
    }
    if (children > 1) {
        room->facts[at] = mask_both(room->facts[at], room->facts[node->right]);
    }
    if (!is_condition(node) || mean_made(meaning, nodes, at) ||
        mean_compared(meaning, nodes, at)) {
        return;
    }
    mean_leaf(meaning, nodes, at);
}

void meaning_begin(struct meaning *meaning, struct prover *prover, uint16_t stage)
{
    meaning->prover = prover;
    meaning->stage = stage;
    meaning->clock_count = 0;
    set_free(&meaning->options);
}

static void watch_clock(struct meaning *meaning, uint16_t clock)
{
    if (watched(meaning, clock) == MEANING_CLOCKS && meaning->clock_count < MEANING_CLOCKS) {
        uint32_t i = meaning->clock_count++;

        meaning->clocks[i] = clock;
        meaning->options.items[0].stands[i] =
            clock_stands(&meaning->prover->procedure->clocks[clock]);
    }
}

void meaning_watch(struct meaning *meaning, const struct guard *guard)
{
    MUST(meaning->options.count == 1);
    for (uint32_t i = 0; guard != NULL && i < guard->node_count; i++) {
        const struct guard_node *node = &guard->nodes[i];

        if (node->operation == GUARD_NAME && node->symbol.kind == SYMBOL_CLOCK) {
            watch_clock(meaning, node->symbol.index);
        }
    }
}

void meaning_stands(struct meaning *meaning, uint16_t clock, uint32_t stands)
{
    uint32_t watch = watched(meaning, clock);

    MUST(meaning->options.count == 1);
    if (watch < MEANING_CLOCKS) {
        meaning->options.items[0].stands[watch] &= stands;
    }
}

void meaning_take(struct meaning *meaning, const struct guard *guard, bool truth)
{
    struct meaning_room *room = meaning->prover->room;

    if (guard == NULL) {
        meaning->options.count = truth ? meaning->options.count : 0;
        return;
    }
    (void)prover_works(meaning->prover, (uint64_t)guard->node_count * 8);
    for (uint32_t i = 0; i < guard->node_count; i++) {
        mean_node(meaning, guard->nodes, i);
    }

    uint32_t root = guard->node_count - 1;

    both_of(&meaning->options, truth ? &room->when_true[root] : &room->when_false[root],
            &meaning->options);
}

struct sure meaning_sure(const struct meaning *meaning, const struct option *option)
{
    struct sure sure = {.facts = option->facts};

    for (uint32_t i = 0; i < meaning->clock_count; i++) {
        if ((option->stands[i] & ~STANDS_LIVES) == 0) {
            sure.live |= clock_bit(meaning->clocks[i]);
        } else if ((option->stands[i] & STANDS_LIVES) == 0) {
            sure.dead |= clock_bit(meaning->clocks[i]);
        }
    }
    return sure;
}
