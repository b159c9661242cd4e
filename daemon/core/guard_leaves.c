#include "core/guard.h"

#include "base/must.h"

#include <string.h>

/* Is this child a reason of what its parent, itself a reason, has become? */
static bool is_reason(const struct guard_node *node, const struct value *value,
                      const struct value *child)
{
    bool joins = node->operation == GUARD_AND || node->operation == GUARD_OR;

    if (!value->known) {
        return !child->known;
    }
    if (joins && value->flag == (node->operation == GUARD_OR)) {
        return child->known && child->flag == value->flag;
    }
    return true;
}

/* From the root down, so that a part of something that did not matter is no reason either. */
static void mark_reasons(const struct guard *guard, const struct value *values,
                         bool reasons[GUARD_NODES_MAX])
{
    memset(reasons, 0, GUARD_NODES_MAX * sizeof(reasons[0]));
    reasons[guard->node_count - 1] = true;
    for (uint32_t i = guard->node_count; i-- > 0;) {
        const struct guard_node *node = &guard->nodes[i];
        uint32_t children = guard_children(node);

        if (reasons[i] && children > 0) {
            reasons[node->left] = is_reason(node, &values[i], &values[node->left]);
        }
        if (reasons[i] && children > 1) {
            reasons[node->right] = is_reason(node, &values[i], &values[node->right]);
        }
    }
}

static enum truth truth_of(const struct value *value)
{
    if (!value->known) {
        return TRUTH_UNKNOWN;
    }
    return value->flag ? TRUTH_TRUE : TRUTH_FALSE;
}

/* Nodes still to be looked at, the next in the text on top. */
struct walk {
    struct {
        uint16_t node;
        uint16_t depth;
    } left[GUARD_NODES_MAX];
    uint32_t count;
};

static void push(struct walk *walk, uint16_t node, uint16_t depth)
{
    MUST(walk->count < GUARD_NODES_MAX);
    walk->left[walk->count].node = node;
    walk->left[walk->count].depth = depth;
    walk->count++;
}

/* Go on below && || ! and names; false where this node is a leaf itself. */
static bool descend(struct walk *walk, const struct guard_node *node, uint16_t depth)
{
    if (node->operation == GUARD_AND || node->operation == GUARD_OR) {
        push(walk, node->right, depth);
        push(walk, node->left, depth);
        return true;
    }
    if (node->operation == GUARD_NOT) {
        push(walk, node->left, depth);
        return true;
    }
    return false;
}

uint32_t guard_leaves(const struct guard *guard, const struct value *values,
                      struct guard_leaf *leaves, uint32_t leaf_max)
{
    bool reasons[GUARD_NODES_MAX];
    struct walk walk = {.count = 0};
    uint32_t count = 0;

    if (guard->type != VALUE_FLAG) {
        return 0;
    }
    mark_reasons(guard, values, reasons);
    push(&walk, (uint16_t)(guard->node_count - 1), 0);
    while (walk.count > 0) {
        walk.count--;

        uint16_t i = walk.left[walk.count].node;
        uint16_t depth = walk.left[walk.count].depth;
        const struct guard_node *node = &guard->nodes[i];

        if (descend(&walk, node, depth)) {
            continue;
        }
        if (count < leaf_max) {
            leaves[count] = (struct guard_leaf){.node = i,
                                                .depth = depth,
                                                .truth = truth_of(&values[i]),
                                                .text = node->text,
                                                .decided = reasons[i]};
        }
        count++;
        if (node->operation == GUARD_DEFINE) {
            push(&walk, node->left, (uint16_t)(depth + 1));
        }
    }
    return count;
}

uint32_t guard_missing(const struct guard *guard, const struct value *values, uint16_t *nodes,
                       uint32_t node_max)
{
    bool reasons[GUARD_NODES_MAX];
    uint32_t count = 0;

    if (values[guard->node_count - 1].known) {
        return 0;
    }
    mark_reasons(guard, values, reasons);
    for (uint32_t i = 0; i < guard->node_count; i++) {
        const struct guard_node *node = &guard->nodes[i];
        bool name = node->operation == GUARD_NAME && !node->symbol.people;
        bool keyless = name && node->symbol.keyed && !values[node->left].known;

        /* Of a row whose key is missing only the key is told. */
        if (!name || keyless || !reasons[i] || values[i].known) {
            continue;
        }
        if (count < node_max) {
            nodes[count] = (uint16_t)i;
        }
        count++;
    }
    return count;
}
