#include "codec/tree.h"

#include "base/must.h"

struct node *node_get(const struct node *map, struct text key)
{
    if (map == NULL || map->kind != NODE_MAP) {
        return NULL;
    }
    for (struct node *child = map->first; child != NULL; child = child->next) {
        if (text_equal(child->key, key)) {
            return child;
        }
    }
    return NULL;
}

struct text node_get_text(const struct node *map, struct text key)
{
    const struct node *node = node_get(map, key);

    return node == NULL || node->kind != NODE_SCALAR ? (struct text){0} : node->text;
}

bool node_empty(const struct node *node)
{
    return node->kind == NODE_SCALAR && node->plain &&
           (text_empty(node->text) || text_is(node->text, "~"));
}

struct node *node_beyond(const struct node *at, const struct node *root)
{
    while (at != root && at->next == NULL) {
        at = at->parent;
    }
    return at == root ? NULL : at->next;
}

struct node *node_after(const struct node *at, const struct node *root)
{
    return at->first != NULL ? at->first : node_beyond(at, root);
}

void node_append(struct node *parent, struct node *child)
{
    MUST(parent->kind != NODE_SCALAR);
    child->parent = parent;
    child->next = NULL;
    if (parent->last == NULL) {
        parent->first = child;
    } else {
        parent->last->next = child;
    }
    parent->last = child;
    parent->size++;
}

void node_prepend(struct node *parent, struct node *child)
{
    MUST(parent->kind != NODE_SCALAR);
    child->parent = parent;
    child->next = parent->first;
    parent->first = child;
    if (parent->last == NULL) {
        parent->last = child;
    }
    parent->size++;
}

/* The sibling before it, or NULL. */
static struct node *before(const struct node *child)
{
    struct node *at = child->parent->first;

    if (at == child) {
        return NULL;
    }
    while (at->next != child) {
        at = at->next;
    }
    return at;
}

void node_remove(struct node *child)
{
    struct node *parent = child->parent;
    struct node *previous = before(child);

    if (previous == NULL) {
        parent->first = child->next;
    } else {
        previous->next = child->next;
    }
    if (parent->last == child) {
        parent->last = previous;
    }
    parent->size--;
    child->parent = NULL;
    child->next = NULL;
}

void node_replace(struct node *there, struct node *instead)
{
    struct node *parent = there->parent;
    struct node *previous = before(there);

    instead->parent = parent;
    instead->next = there->next;
    if (previous == NULL) {
        parent->first = instead;
    } else {
        previous->next = instead;
    }
    if (parent->last == there) {
        parent->last = instead;
    }
    there->parent = NULL;
    there->next = NULL;
}
