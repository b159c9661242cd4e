#include "cli/procedure.h"
#include "codec/layers.h"

/* The node at a path of an outline, or NULL: what a plan or a default brought has none. */
static const struct node *find(const struct node *root, struct text path)
{
    const struct node *at = root;

    while (at != NULL && path.size > 0) {
        at = node_get(at, text_cut(path, '/', &path));
    }
    return at;
}

static bool same_mark(struct mark a, struct mark b)
{
    return a.source == b.source && a.line == b.line && a.column == b.column;
}

/*
 * The marks that the model has say where an entry begins; the merged tree says it of every
 * line. What stands in no tree was brought by a plan or a named need, and has another mark than
 * the entry above it that was written; or it is our default.
 */
void procedure_mark_origins(const struct loaded *loaded, struct arena *arena,
                            struct outline *outline)
{
    struct problem_list ignored; /* the file was loaded: there is nothing more to tell */
    struct mark written[OUTLINE_DEPTH_MAX + 1] = {{0}}; /* by depth: the model's mark of it */

    problem_list_init(&ignored, arena);

    const struct node *root = layers_read(loaded->source, &loaded->library, arena, &ignored);

    for (uint32_t i = 0; root != NULL && i < outline->count; i++) {
        struct outline_row *row = &outline->rows[i];
        const struct node *node = find(root, row->path);
        struct mark above = row->depth > 0 ? written[row->depth - 1] : row->mark;

        written[row->depth] = node != NULL ? row->mark : above;
        if (node != NULL) {
            row->mark = node->key_mark.line > 0 ? node->key_mark : node->mark;
        } else if (same_mark(row->mark, above)) {
            row->mark = (struct mark){0};
        }
    }
}
