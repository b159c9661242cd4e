#include "codec/tree.h"
#include "codec/wrong.h"

#include "base/must.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * libfyaml reads ahead as long as a bracket may still turn out to be a key, and pays some 500
 * bytes for each sign it has seen; so the signs are counted before it begins. No file of
 * TREE_NODES_MAX entries needs more, its texts' own commas included.
 */
enum { SIGNS_MAX = 3 * TREE_NODES_MAX };

struct reading {
    const struct source *source;
    struct text bytes; /* of the source, without a byte order mark */
    struct arena *arena;
    struct problem_list *problems;
    struct fy_diag *diag;
    struct fy_parser *parser;
    bool told; /* an error was told: read no further */
    struct node *root;
    struct node *open; /* the list or map that is being filled; NULL at the top */
    uint32_t depth;
    uint32_t node_count;
    bool key_waits; /* a key was read, its value comes next */
    struct text key;
    struct mark key_mark;
    uint32_t document_count;
};

static struct mark start_of(const struct reading *reading)
{
    return (struct mark){.source = reading->source, .line = 1, .column = 1};
}

static void refuse(struct reading *reading, enum wrong wrong, struct mark mark,
                   struct text argument)
{
    wrong_tell(reading->problems, wrong, mark, argument, (struct text){0});
    reading->told = true;
}

static void refuse_number(struct reading *reading, enum wrong wrong, struct mark mark,
                          uint64_t number)
{
    char digits[24];
    int size = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);

    refuse(reading, wrong, mark, (struct text){digits, (size_t)size});
}

static bool continues(char c)
{
    return ((uint8_t)c & 0xc0) == 0x80;
}

/* The mark of a byte of the file; columns are characters. */
static struct mark mark_of_byte(const struct reading *reading, size_t at)
{
    struct mark mark = start_of(reading);
    struct text bytes = reading->bytes;

    for (size_t i = 0; i < at; i++) {
        if (bytes.bytes[i] == '\n') {
            mark.line++;
            mark.column = 1;
        } else if (!continues(bytes.bytes[i])) {
            mark.column++;
        }
    }
    return mark;
}

/* The first byte of what is no character. */
static size_t wrong_byte(struct text text)
{
    size_t at = 0;
    size_t size = 0;

    do {
        at += size;
        size = 1;
        while (at + size < text.size && continues(text.bytes[at + size])) {
            size++;
        }
    } while (at < text.size && text_is_utf8(text_part(text, at, size)));
    return at;
}

static bool is_control(char c)
{
    uint8_t byte = (uint8_t)c;

    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f;
}

/* What libfyaml would pass over in silence (it ends at a NUL or a wrong byte as if the file
 * did) or pay too much for (on a line of many `%` it does not end). */
static void check_bytes(struct reading *reading)
{
    struct text bytes = reading->bytes;
    uint32_t signs = 0;

    if (bytes.size > TREE_BYTES_MAX) {
        refuse_number(reading, WRONG_SIZE, start_of(reading), TREE_BYTES_MAX);
        return;
    }
    for (size_t i = 0; i < bytes.size; i++) {
        if (is_control(bytes.bytes[i])) {
            refuse(reading, WRONG_CONTROL, mark_of_byte(reading, i), (struct text){0});
            return;
        }
        if (bytes.bytes[i] == '%' && (i == 0 || bytes.bytes[i - 1] == '\n')) {
            refuse(reading, WRONG_DIRECTIVE, mark_of_byte(reading, i), (struct text){0});
            return;
        }
        signs += strchr("[]{},&*!?", bytes.bytes[i]) != NULL;
        if (signs > SIGNS_MAX) {
            refuse_number(reading, WRONG_NODES, mark_of_byte(reading, i), TREE_NODES_MAX);
            return;
        }
    }
    if (!text_is_utf8(bytes)) {
        refuse(reading, WRONG_UTF8, mark_of_byte(reading, wrong_byte(bytes)), (struct text){0});
    }
}

/* What follows `word` in a text; false where it is not in it. */
static bool text_behind(struct text text, struct text word, struct text *behind)
{
    for (size_t i = 0; i + word.size <= text.size; i++) {
        if (text_starts(text_part(text, i, text.size), word)) {
            *behind = text_part(text, i + word.size, text.size);
            return true;
        }
    }
    return false;
}

/* libfyaml's own words: "<memory-@0x…>:3:1: error: flow sequence without a closing bracket".
 * The first error is the one; warnings are none. */
static void on_diag(struct fy_diag *diag, void *user, const char *bytes, size_t size)
{
    struct reading *reading = user;
    struct text line = {bytes, size};
    struct mark mark = start_of(reading);
    struct text words;
    struct text place;
    int64_t number;

    (void)diag;
    if (reading->told || !text_behind(line, TEXT(" error: "), &words)) {
        return;
    }
    if (text_behind(line, TEXT(">:"), &place)) {
        if (text_to_integer(text_cut(place, ':', &place), &number)) {
            mark.line = (uint32_t)number;
        }
        if (text_to_integer(text_cut(place, ':', &place), &number)) {
            mark.column = (uint32_t)number;
        }
    }
    refuse(reading, WRONG_SYNTAX, mark, text_cut(words, '\n', &place));
}

static struct mark mark_of(const struct reading *reading, const struct fy_mark *mark)
{
    if (mark == NULL) {
        return reading->key_waits ? reading->key_mark : start_of(reading);
    }
    return (struct mark){.source = reading->source,
                         .line = (uint32_t)mark->line + 1,
                         .column = (uint32_t)mark->column + 1};
}

/* Of an anchor or a tag. */
static struct text text_of_token(struct fy_token *token)
{
    size_t size = 0;
    const char *bytes = token == NULL ? NULL : fy_token_get_text(token, &size);

    return bytes == NULL ? (struct text){0} : (struct text){bytes, size};
}

/* At a line's end in a quoted text: blanks around it go, one break is a space, n are n - 1. */
static size_t fold(struct text raw, size_t at, char *out, size_t *size)
{
    size_t breaks = 0;

    while (*size > 0 && (out[*size - 1] == ' ' || out[*size - 1] == '\t')) {
        (*size)--;
    }
    while (at < raw.size && strchr(" \t\r\n", raw.bytes[at]) != NULL) {
        breaks += raw.bytes[at] == '\n';
        at++;
    }
    if (breaks == 1) {
        out[(*size)++] = ' ';
    }
    while (breaks > 1) {
        out[(*size)++] = '\n';
        breaks--;
    }
    return at;
}

/* libfyaml 0.7.12 reads two doubled quotes in a row (`''''`) as three; so not by it. */
static struct text read_single_quoted(struct reading *reading, size_t from)
{
    struct text raw = text_part(reading->bytes, from, reading->bytes.size);
    size_t end = 0;
    size_t size = 0;

    while (end < raw.size &&
           (raw.bytes[end] != '\'' || (end + 1 < raw.size && raw.bytes[end + 1] == '\''))) {
        end += raw.bytes[end] == '\'' ? 2 : 1;
    }
    raw.size = end;

    char *out = end == 0 ? NULL : arena_take(reading->arena, raw.size);

    for (size_t at = 0; out != NULL && at < raw.size;) {
        char c = raw.bytes[at];

        if (c == '\n' || c == '\r') {
            at = fold(raw, at, out, &size);
        } else {
            out[size++] = c;
            at += c == '\'' ? 2 : 1;
        }
    }
    return (struct text){out, size};
}

/* Piece by piece: fy_token_get_text of 0.7.12 loses memory over texts of many pieces. */
static struct text read_pieces(struct reading *reading, struct fy_token *token)
{
    struct fy_token_iter *iter = fy_token_iter_create(token);
    const struct fy_iter_chunk *chunk = NULL;
    const struct fy_mark *start = fy_token_start_mark(token);
    const struct fy_mark *end = fy_token_end_mark(token);
    /* `\L` is two bytes there and three here; nothing grows more. */
    size_t room = start == NULL || end == NULL ? 0 : 2 * (end->input_pos - start->input_pos);
    char *out = room == 0 ? NULL : arena_take(reading->arena, room);
    size_t size = 0;
    int error = 0;

    while (iter != NULL && out != NULL &&
           (chunk = fy_token_iter_chunk_next(iter, chunk, &error)) != NULL) {
        size_t taken = chunk->len < room - size ? chunk->len : room - size;

        memcpy(out + size, chunk->str, taken);
        size += taken;
    }
    fy_token_iter_destroy(iter);
    return (struct text){out, size};
}

/* What a scalar says, copied. */
static struct text read_text(struct reading *reading, struct fy_token *token)
{
    if (token == NULL) {
        return (struct text){0};
    }
    if (fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED) {
        return read_single_quoted(reading, fy_token_start_mark(token)->input_pos);
    }
    return read_pieces(reading, token);
}

/* NULL where the arena is spent. */
static struct node *add_node(struct reading *reading, enum node_kind kind,
                             const struct fy_mark *mark)
{
    struct mark at = mark_of(reading, mark);

    if (++reading->node_count > TREE_NODES_MAX) {
        refuse_number(reading, WRONG_NODES, at, TREE_NODES_MAX);
        return NULL;
    }

    struct node *node = arena_take_zeroed(reading->arena, 1, sizeof(*node));

    if (node == NULL) {
        return NULL;
    }
    node->kind = kind;
    node->mark = at;
    node->key = reading->key;
    node->key_mark = reading->key_waits ? reading->key_mark : at;
    reading->key = (struct text){0};
    reading->key_waits = false;
    if (reading->open != NULL) {
        node_append(reading->open, node);
    } else {
        reading->root = node;
    }
    return node;
}

static bool awaits_key(const struct reading *reading)
{
    return reading->open != NULL && reading->open->kind == NODE_MAP && !reading->key_waits;
}

static void read_key(struct reading *reading, struct text text, struct mark mark, bool plain)
{
    if (plain && text_is(text, "<<")) {
        refuse(reading, WRONG_MERGE, mark, (struct text){0});
    } else if (text_empty(text) || text.size > TREE_KEY_MAX ||
               memchr(text.bytes, '\n', text.size) != NULL) {
        refuse(reading, WRONG_KEY, mark, (struct text){0});
    } else {
        reading->key = text;
        reading->key_mark = mark;
        reading->key_waits = true;
    }
}

static void read_scalar(struct reading *reading, const struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    enum fy_scalar_style style = fy_token_scalar_style(token);
    const struct fy_mark *mark = token == NULL ? NULL : fy_token_start_mark(token);
    struct text text = read_text(reading, token);

    if (awaits_key(reading)) {
        read_key(reading, text, mark_of(reading, mark), style == FYSS_PLAIN);
        return;
    }

    struct node *node = add_node(reading, NODE_SCALAR, mark);

    if (node == NULL) {
        return;
    }
    if (mark != NULL &&
        (style == FYSS_LITERAL || style == FYSS_FOLDED)) { /* begins with its line's indent */
        size_t at = mark->input_pos;
        struct text bytes = reading->bytes;

        while (at < bytes.size && bytes.bytes[at] == ' ') {
            at++;
            node->mark.column++;
        }
    }
    node->plain = style == FYSS_PLAIN;
    node->text = text;
}

static void open_node(struct reading *reading, enum node_kind kind, const struct fy_mark *mark)
{
    if (awaits_key(reading)) {
        refuse(reading, WRONG_KEY, mark_of(reading, mark), (struct text){0});
        return;
    }
    if (++reading->depth > TREE_DEPTH_MAX) {
        refuse_number(reading, WRONG_DEPTH, mark_of(reading, mark), TREE_DEPTH_MAX);
        return;
    }

    struct node *node = add_node(reading, kind, mark);

    if (node != NULL) {
        reading->open = node;
    }
}

struct sorted {
    const struct node *node;
};

/* By key, and of the same keys by their place. */
static int compare_keys(const void *a, const void *b)
{
    const struct node *one = ((const struct sorted *)a)->node;
    const struct node *other = ((const struct sorted *)b)->node;
    int order = text_compare(one->key, other->key);

    if (order != 0) {
        return order;
    }
    if (one->key_mark.line != other->key_mark.line) {
        return one->key_mark.line < other->key_mark.line ? -1 : 1;
    }
    return one->key_mark.column < other->key_mark.column ? -1 : 1;
}

static void tell_twice(struct reading *reading, const struct node *first,
                       const struct node *again)
{
    char line[16];
    int size = snprintf(line, sizeof(line), "%u", first->key_mark.line);

    wrong_tell(reading->problems, WRONG_TWICE, again->key_mark, again->key,
               (struct text){line, (size_t)size});
    reading->told = true;
}

/* Sorted, so that a map of thousands costs no square. */
static void check_twice(struct reading *reading, const struct node *map)
{
    struct sorted *entries = arena_take_zeroed(reading->arena, map->size, sizeof(*entries));
    uint32_t count = 0;

    if (entries == NULL) {
        return;
    }
    for (const struct node *at = map->first; at != NULL; at = at->next) {
        entries[count++].node = at;
    }
    qsort(entries, count, sizeof(*entries), compare_keys);
    for (uint32_t i = 1; i < count; i++) {
        if (text_equal(entries[i - 1].node->key, entries[i].node->key)) {
            tell_twice(reading, entries[i - 1].node, entries[i].node);
        }
    }
}

static void close_node(struct reading *reading)
{
    if (reading->open->kind == NODE_MAP && reading->open->size > TREE_WIDTH_MAX) {
        refuse_number(reading, WRONG_WIDTH, reading->open->mark, TREE_WIDTH_MAX);
    } else if (reading->open->kind == NODE_MAP && reading->open->size > 1) {
        check_twice(reading, reading->open);
    }
    reading->open = reading->open->parent;
    reading->depth--;
}

/* libfyaml's mark is of the name; the sign stands before it. */
static struct mark sign_mark(const struct reading *reading, const struct fy_mark *mark)
{
    struct mark sign = mark_of(reading, mark);

    sign.column -= sign.column > 1;
    return sign;
}

/* Anchors and tags stand at the same place of each kind of event. */
static void check_plainness(struct reading *reading, struct fy_token *anchor,
                            struct fy_token *tag)
{
    if (anchor != NULL) {
        refuse(reading, WRONG_ANCHOR, sign_mark(reading, fy_token_start_mark(anchor)),
               text_of_token(anchor));
    } else if (tag != NULL) {
        refuse(reading, WRONG_TAG, mark_of(reading, fy_token_start_mark(tag)),
               text_of_token(tag));
    }
}

static void read_event(struct reading *reading, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);

    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (++reading->document_count > 1) {
            refuse(reading, WRONG_DOCUMENTS, mark_of(reading, mark), (struct text){0});
        }
        break;
    case FYET_SCALAR:
        check_plainness(reading, event->scalar.anchor, event->scalar.tag);
        if (!reading->told) {
            read_scalar(reading, event);
        }
        break;
    case FYET_SEQUENCE_START:
        check_plainness(reading, event->sequence_start.anchor, event->sequence_start.tag);
        if (!reading->told) {
            open_node(reading, NODE_LIST, mark);
        }
        break;
    case FYET_MAPPING_START:
        check_plainness(reading, event->mapping_start.anchor, event->mapping_start.tag);
        if (!reading->told) {
            open_node(reading, NODE_MAP, mark);
        }
        break;
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        close_node(reading);
        break;
    case FYET_ALIAS:
        refuse(reading, WRONG_ALIAS, sign_mark(reading, mark),
               text_of_token(event->alias.anchor));
        break;
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
    case FYET_DOCUMENT_END:
        break;
    }
}

static void read_events(struct reading *reading)
{
    struct fy_event *event;

    while (!reading->told && !reading->arena->spent &&
           (event = fy_parser_parse(reading->parser)) != NULL) {
        read_event(reading, event);
        fy_parser_event_free(reading->parser, event);
    }
    if (!reading->told && fy_parser_get_stream_error(reading->parser)) {
        refuse(reading, WRONG_SYNTAX, start_of(reading), TEXT("it cannot be read"));
    }
}

/* The parser reads straight from the source's bytes. */
static void read_bytes(struct reading *reading)
{
    struct fy_diag_cfg diag_cfg;
    struct fy_parse_cfg cfg = {.flags = FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE};

    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    diag_cfg.output_fn = on_diag;
    diag_cfg.user = reading;
    diag_cfg.show_source = false;
    reading->diag = fy_diag_create(&diag_cfg);
    cfg.diag = reading->diag;
    reading->parser = reading->diag == NULL ? NULL : fy_parser_create(&cfg);
    if (reading->parser == NULL ||
        fy_parser_set_string(reading->parser, reading->bytes.bytes, reading->bytes.size) != 0) {
        reading->arena->spent =
            true; /* the machine's memory, not ours; the answer is the same */
    } else {
        read_events(reading);
    }
    fy_parser_destroy(reading->parser);
    fy_diag_unref(reading->diag);
}

struct node *tree_read(const struct source *source, struct arena *arena,
                       struct problem_list *problems)
{
    struct reading reading = {.source = source, .arena = arena, .problems = problems};
    struct text bom = TEXT("\xef\xbb\xbf");

    reading.bytes = text_starts(source->bytes, bom)
                        ? text_part(source->bytes, bom.size, source->bytes.size)
                        : source->bytes;
    check_bytes(&reading);
    if (!reading.told && !text_empty(reading.bytes)) {
        read_bytes(&reading);
    }
    if (!reading.told && !arena->spent && reading.root == NULL) {
        refuse(&reading, WRONG_EMPTY_FILE, start_of(&reading), (struct text){0});
    }
    return reading.told || arena->spent ? NULL : reading.root;
}
