#ifndef DUBAN_CODEC_LAYERS_H
#define DUBAN_CODEC_LAYERS_H

/*
 * Law comes in layers. `layers: [law-2021@1, market@1]` are merged left to right, then the file
 * on top: maps merge by key; a list joins the list or single name below it, what was below
 * first; `chain`, and everything else, replaces. `drops` takes away what stands below, before
 * the file's own words come on top. A layer may have layers; each is merged once, where it is
 * met first. Every node keeps the mark of the line it came from.
 */
#include "codec/procedure_yaml.h"
#include "codec/tree.h"

#define LAYERS_MAX 16 /* all that one file stands on */

/*
 * Read a file and all it stands on, check each by the schema, and merge. The answer is the
 * whole, with what is wrong told and marked bad; NULL where it cannot be read, or the arena is
 * spent.
 */
struct node *layers_read(const struct source *file, const struct library *library,
                         struct arena *arena, struct problem_list *problems);

/* Lay `upper` over `lower`, both maps: lower becomes the whole; what upper brings is moved into
 * it. */
void layers_merge(struct node *lower, struct node *upper);

/* A copy of a node and all that is in it, in no parent; NULL when the arena is spent. */
struct node *layers_copy(const struct node *node, struct arena *arena);

/* A name for what a checked tree says: keys of known maps in any order, names in the order
 * written, no comments, marks or quotes. */
uint64_t layers_digest(const struct node *root);

#endif
