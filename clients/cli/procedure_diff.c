#include "base/must.h"
#include "cli/procedure.h"
#include "cli/spoken.h"
#include "cli/width.h"
#include "cli/words.h"

#include <stdio.h>
#include <string.h>

/*
 * Two outlines are walked side by side, by the paths of their rows. What stands in one alone
 * was added or removed; what stands in both with another value was changed; where entries are
 * judged in their order, another order is a change too.
 */

enum change { CHANGE_NONE, CHANGE_ADDED, CHANGE_REMOVED, CHANGE_VALUE };

enum { LIST_TEXT_MAX = 4096 };

static const struct message two_files = {"diff_two_files",
                                         "name two procedures: duban procedure diff OLD NEW",
                                         "请给出两个程序文件：duban procedure diff 旧 新"};
static const struct message same = {"diff_same", "{0} and {1} say the same",
                                    "{0} 与 {1} 内容相同"};
static const struct message no_room = {"diff_memory", "no memory left to compare",
                                       "内存不足，无法比较"};

/* Rows by path: an open-addressed table of their numbers. */
struct index {
    const struct outline *outline;
    uint32_t *slots; /* number + 1; 0 is empty */
    uint32_t mask;
};

struct comparison {
    struct outline outlines[2]; /* old, new */
    struct index indexes[2];
    bool *done;                             /* rows of the old that were met from the new */
    struct text heading[OUTLINE_DEPTH_MAX]; /* paths of the headings printed last */
    uint32_t heading_count;
    json_t *changes; /* NULL: text is printed */
    uint32_t count;
};

static uint32_t hash(struct text text)
{
    uint32_t value = 2166136261U;

    for (size_t i = 0; i < text.size; i++) {
        value = (value ^ (uint8_t)text.bytes[i]) * 16777619U;
    }
    return value;
}

static const struct outline_row *find(const struct index *index, struct text path)
{
    for (uint32_t at = hash(path);; at++) {
        uint32_t slot = index->slots[at & index->mask];

        if (slot == 0) {
            return NULL;
        }
        if (text_equal(index->outline->rows[slot - 1].path, path)) {
            return &index->outline->rows[slot - 1];
        }
    }
}

static bool index_make(struct index *index, const struct outline *outline, struct arena *arena)
{
    uint32_t size = 64;

    while (size < outline->count * 2) {
        size *= 2;
    }
    *index = (struct index){.outline = outline, .mask = size - 1};
    index->slots = arena_take_zeroed(arena, size, sizeof(*index->slots));
    if (index->slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < outline->count; i++) {
        uint32_t at = hash(outline->rows[i].path);

        while (index->slots[at & index->mask] != 0) {
            at++;
        }
        index->slots[at & index->mask] = i + 1;
    }
    return true;
}

static bool same_label(const struct label *a, const struct label *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return text_equal(a->zh, b->zh) && text_equal(a->en, b->en) && text_equal(a->law, b->law);
}

/* The row's own name as a heading says it. */
static void print_name(const struct outline_row *row)
{
    if (!text_empty(row->noun)) {
        printf("%.*s", TEXT_ARGS(row->noun));
        return;
    }
    printf("%.*s", TEXT_ARGS(row->key));

    struct text words =
        row->label == NULL ? (struct text){0} : spoken_words(row->label, (struct text){0});

    if (row->kind == OUTLINE_GROUP && text_empty(words)) {
        words = row->words;
    }
    printf("%s%.*s", words.size > 0 ? " " : "", TEXT_ARGS(words));
}

/* The groups a row stands in, those that were not printed for the row before it. */
static void print_headings(struct comparison *comparison, const struct index *index,
                           const struct outline_row *row)
{
    uint32_t depth = 0;

    for (size_t i = 0; i < row->path.size && depth < row->depth; i++) {
        const struct outline_row *group =
            row->path.bytes[i] == '/' ? find(index, text_part(row->path, 0, i)) : NULL;

        if (group == NULL) {
            continue;
        }
        if (depth >= comparison->heading_count ||
            !text_equal(comparison->heading[depth], group->path)) {
            printf("%s%*s", depth == 0 ? "\n" : "", (int)depth * 2 + 2, "");
            print_name(group);
            (void)putchar('\n');
            comparison->heading_count = depth; /* those deeper were of another group */
        }
        comparison->heading[depth++] = group->path;
        if (comparison->heading_count < depth) {
            comparison->heading_count = depth;
        }
    }
    comparison->heading_count = depth;
}

static const char *colour(const char *code)
{
    return words_in_colour(stdout) ? code : "";
}

static void print_change(struct comparison *comparison, enum change change,
                         const struct outline_row *old, const struct outline_row *new)
{
    static const char *const signs[] = {
        [CHANGE_ADDED] = "+", [CHANGE_REMOVED] = "-", [CHANGE_VALUE] = "~"};
    static const char *const colours[] = {[CHANGE_ADDED] = "\033[32m",
                                          [CHANGE_REMOVED] = "\033[31m",
                                          [CHANGE_VALUE] = "\033[33m"};
    const struct outline_row *row = new != NULL ? new : old;

    MUST(row != NULL);
    print_headings(comparison, &comparison->indexes[new != NULL], row);
    printf("%s%s%s %*s", colour(colours[change]), signs[change], colour("\033[0m"),
           (int)row->depth * 2, "");
    print_name(row);
    if (row->kind == OUTLINE_GROUP) {
        (void)putchar('\n');
        comparison->heading[row->depth] = row->path;
        comparison->heading_count = row->depth + 1;
        return;
    }
    printf("%s", words_pick(": ", "："));
    if (change == CHANGE_VALUE && old != NULL) {
        printf("%.*s  →  ", TEXT_ARGS(old->words));
    }
    printf("%.*s\n", TEXT_ARGS(row->words));
}

static void add_json(struct comparison *comparison, enum change change, struct text path,
                     json_t *old, json_t *new)
{
    static const char *const words[] = {
        [CHANGE_ADDED] = "added", [CHANGE_REMOVED] = "removed", [CHANGE_VALUE] = "changed"};
    json_t *object = json_object();

    (void)json_object_set_new(object, "path", json_stringn(path.bytes, path.size));
    (void)json_object_set_new(object, "change", json_string(words[change]));
    if (old != NULL) {
        (void)json_object_set_new(object, "old", old);
    }
    if (new != NULL) {
        (void)json_object_set_new(object, "new", new);
    }
    (void)json_array_append_new(comparison->changes, object);
}

static void tell(struct comparison *comparison, enum change change,
                 const struct outline_row *old, const struct outline_row *new)
{
    comparison->count++;
    if (comparison->changes == NULL) {
        print_change(comparison, change, old, new);
        return;
    }

    const struct outline_row *row = new != NULL ? new : old;

    MUST(row != NULL);
    add_json(comparison, change, row->path, old == NULL ? NULL : procedure_value_json(old),
             new == NULL ? NULL : procedure_value_json(new));
}

/* A part of an entry that has no row of its own: its words, its law, the order in it. */
static void tell_part(struct comparison *comparison, const struct outline_row *new,
                      struct text key, struct text noun, struct text old_text,
                      struct text new_text)
{
    char path[LIST_TEXT_MAX];
    int size = snprintf(path, sizeof(path), "%.*s/%.*s", TEXT_ARGS(new->path), TEXT_ARGS(key));
    struct outline_row rows[2];

    if (text_equal(old_text, new_text) || size < 0 || (size_t)size >= sizeof(path)) {
        return;
    }
    for (int i = 0; i < 2; i++) {
        struct text value = i == 0 ? old_text : new_text;

        rows[i] = (struct outline_row){.kind = OUTLINE_TEXT,
                                       .depth = new->depth + 1,
                                       .path = {.bytes = path, .size = (size_t)size},
                                       .key = key,
                                       .noun = noun,
                                       .value = value,
                                       .words = value};
    }
    tell(comparison,
         text_empty(old_text)   ? CHANGE_ADDED
         : text_empty(new_text) ? CHANGE_REMOVED
                                : CHANGE_VALUE,
         text_empty(old_text) ? NULL : &rows[0], text_empty(new_text) ? NULL : &rows[1]);
}

/* Entries of a group that stand in both, in the order of one of them: "a, b, c". */
static struct text order_of(const struct comparison *comparison, int which,
                            const struct outline_row *group, char out[LIST_TEXT_MAX])
{
    const struct outline *outline = &comparison->outlines[which];
    size_t size = 0;

    for (const struct outline_row *row = group + 1;
         row < outline->rows + outline->count && row->depth > group->depth; row++) {
        if (row->depth == group->depth + 1 && row->kind == OUTLINE_GROUP &&
            find(&comparison->indexes[1 - which], row->path) != NULL &&
            size + row->key.size + 2 < LIST_TEXT_MAX) {
            size += (size_t)snprintf(out + size, LIST_TEXT_MAX - size, "%s%.*s",
                                     size > 0 ? ", " : "", TEXT_ARGS(row->key));
        }
    }
    return (struct text){.bytes = out, .size = size};
}

static void compare_groups(struct comparison *comparison, const struct outline_row *old,
                           const struct outline_row *new)
{
    if (old->label != NULL && new->label != NULL && !same_label(old->label, new->label)) {
        tell_part(comparison, new, TEXT("zh"), text_of(words_pick("in Chinese", "中文名")),
                  old->label->zh, new->label->zh);
        tell_part(comparison, new, TEXT("en"), text_of(words_pick("in English", "英文名")),
                  old->label->en, new->label->en);
        tell_part(comparison, new, TEXT("law"), text_of(words_pick("law", "法律依据")),
                  old->label->law, new->label->law);
    }
    if (old->ordered && new->ordered) {
        char orders[2][LIST_TEXT_MAX];

        tell_part(comparison, new, TEXT("order"), text_of(words_pick("order", "顺序")),
                  order_of(comparison, 0, old, orders[0]),
                  order_of(comparison, 1, new, orders[1]));
    }
}

static void compare_rows(struct comparison *comparison, const struct outline_row *old,
                         const struct outline_row *new)
{
    if (old->kind == OUTLINE_GROUP && new->kind == OUTLINE_GROUP) {
        compare_groups(comparison, old, new);
    } else if (old->kind != new->kind || !text_equal(old->value, new->value)) {
        tell(comparison, CHANGE_VALUE, old, new);
    }
}

/* Tell of the old rows from *at on that are gone, up to one that is still waited for. */
static void tell_removed(struct comparison *comparison, uint32_t *at)
{
    const struct outline *old = &comparison->outlines[0];

    for (; *at < old->count; *at += 1) {
        const struct outline_row *row = &old->rows[*at];

        if (comparison->done[*at]) {
            continue;
        }
        if (find(&comparison->indexes[1], row->path) != NULL) {
            return;
        }
        tell(comparison, CHANGE_REMOVED, row, NULL);
    }
}

static void compare(struct comparison *comparison)
{
    const struct outline *old = &comparison->outlines[0];
    const struct outline *new = &comparison->outlines[1];
    uint32_t at = 0;

    tell_removed(comparison, &at);
    for (uint32_t i = 0; i < new->count; i++) {
        const struct outline_row *row = &new->rows[i];
        const struct outline_row *match = find(&comparison->indexes[0], row->path);

        if (match == NULL) {
            tell(comparison, CHANGE_ADDED, NULL, row);
        } else {
            comparison->done[match - old->rows] = true;
            compare_rows(comparison, match, row);
        }
        tell_removed(comparison, &at);
    }
}

static bool prepare(struct comparison *comparison, const struct loaded loaded[2],
                    struct arena *arena)
{
    for (int i = 0; i < 2; i++) {
        if (!outline_make(loaded[i].procedure, arena, &comparison->outlines[i]) ||
            !index_make(&comparison->indexes[i], &comparison->outlines[i], arena)) {
            return false;
        }
    }
    comparison->done =
        arena_take_zeroed(arena, comparison->outlines[0].count + 1, sizeof(bool));
    return comparison->done != NULL;
}

static void print_title(const struct loaded loaded[2])
{
    const struct procedure *old = loaded[0].procedure;
    const struct procedure *new = loaded[1].procedure;

    printf("%.*s@%u  →  %.*s@%u  %.*s\n", TEXT_ARGS(old->name), old->version,
           TEXT_ARGS(new->name), new->version,
           TEXT_ARGS(spoken_words(&new->label, (struct text){0})));
}

/* "minor@1" */
static json_t *version_json(const struct procedure *procedure)
{
    return json_sprintf("%.*s@%u", TEXT_ARGS(procedure->name), procedure->version);
}

enum exit_code procedure_diff(const struct arguments *arguments, struct arena *arena)
{
    struct loaded loaded[2];
    struct comparison comparison = {0};

    if (arguments->word_count != 3) {
        return command_misused(arguments, &two_files, NULL);
    }
    for (uint32_t i = 0; i < 2; i++) {
        if (!procedure_load_or_complain(arguments, arguments->words[i + 1], arena,
                                        &loaded[i])) {
            return EXIT_REFUSED;
        }
    }
    if (!prepare(&comparison, loaded, arena)) {
        complain(&no_room, NULL);
        return EXIT_REFUSED;
    }
    if (out_format() == OUT_JSON) {
        comparison.changes = json_array();
        compare(&comparison);

        json_t *object = json_object();

        (void)json_object_set_new(object, "old", version_json(loaded[0].procedure));
        (void)json_object_set_new(object, "new", version_json(loaded[1].procedure));
        (void)json_object_set_new(object, "changes", comparison.changes);
        out_json(object);
        return EXIT_DONE;
    }
    print_title(loaded);
    compare(&comparison);
    if (comparison.count == 0) {
        words_print(stdout, &same, (const char *[]){arguments->words[1], arguments->words[2]});
    }
    return EXIT_DONE;
}
