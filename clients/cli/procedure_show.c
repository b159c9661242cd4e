#include "cli/procedure.h"
#include "cli/spoken.h"
#include "cli/width.h"
#include "cli/words.h"

#include <string.h>

enum {
    NOUN_WIDTH_EN = 22,
    NOUN_WIDTH_ZH = 14,
    NAME_WIDTH = 16,
    ORIGIN_COLUMN = 82,
    PLACE_MAX = 512
};

/* A line in hand: it is measured before its origin is put beside it. */
struct page {
    const struct outline *outline;
    bool origin;
    char *line; /* owned */
    size_t line_size;
    FILE *out;
};

static const struct message no_room = {"show_memory", "no memory left to show `{0}`",
                                       "内存不足，无法显示“{0}”"};

/* "minor.yaml:12", without the folders that all files share. */
static void place_words(struct mark mark, char out[PLACE_MAX])
{
    struct text name = mark.source == NULL ? (struct text){0} : mark.source->name;

    if (mark.source == NULL) {
        (void)snprintf(out, PLACE_MAX, "%s", words_pick("default", "默认"));
        return;
    }
    for (size_t i = name.size; i > 0; i--) {
        if (name.bytes[i - 1] == '/') {
            name = text_part(name, i, name.size);
            break;
        }
    }
    (void)snprintf(out, PLACE_MAX, "%.*s:%u", TEXT_ARGS(name), mark.line);
}

static void end_line(struct page *page, struct mark mark)
{
    (void)fflush(page->out);

    struct text line = {.bytes = page->line, .size = page->line_size};

    while (line.size > 0 && line.bytes[line.size - 1] == ' ') {
        line.size--;
    }
    if (page->origin && line.size > 0) {
        char place[PLACE_MAX];

        place_words(mark, place);
        width_print(stdout, line, ORIGIN_COLUMN);
        printf("# %s\n", place);
    } else {
        printf("%.*s\n", TEXT_ARGS(line));
    }
    (void)fseeko(page->out, 0, SEEK_SET);
}

/* The value of a group that stands beside its name, or NULL. */
static const struct outline_row *inline_of(const struct outline *outline, uint32_t i)
{
    bool has = i + 1 < outline->count && outline->rows[i + 1].inline_value &&
               outline->rows[i + 1].depth == outline->rows[i].depth + 1;

    return has ? &outline->rows[i + 1] : NULL;
}

/* What a named group is called; *law is what it rests on. */
static struct text words_of(const struct outline_row *row, struct text *law)
{
    struct text words =
        row->label == NULL ? (struct text){0} : spoken_words(row->label, (struct text){0});

    *law = row->label == NULL ? (struct text){0} : row->label->law;
    return text_empty(words) ? row->words : words;
}

static void print_group(struct page *page, uint32_t i)
{
    const struct outline_row *row = &page->outline->rows[i];
    const struct outline_row *beside = inline_of(page->outline, i);
    struct text law;
    struct text words = words_of(row, &law);

    if (!text_empty(row->noun)) {
        (void)fprintf(page->out, "%.*s", TEXT_ARGS(row->noun));
        return;
    }
    width_print(page->out, row->key, NAME_WIDTH);
    (void)fprintf(page->out, "%.*s", TEXT_ARGS(words));
    if (!text_empty(law)) {
        (void)fprintf(page->out, "%s%.*s%s", words_pick(" [", "〔"), TEXT_ARGS(law),
                      words_pick("]", "〕"));
    }
    if (beside != NULL) {
        (void)fprintf(page->out, "%s%.*s", words.size > 0 ? words_pick(": ", "：") : "",
                      TEXT_ARGS(beside->words));
    }
}

static void print_outline(struct page *page)
{
    const struct outline *outline = page->outline;

    for (uint32_t i = 0; i < outline->count; i++) {
        const struct outline_row *row = &outline->rows[i];

        if (row->inline_value) {
            continue;
        }
        if (row->kind == OUTLINE_GROUP && row->depth == 0) {
            (void)putchar('\n');
        }
        (void)fprintf(page->out, "%*s", (int)row->depth * 2, "");
        if (row->kind == OUTLINE_GROUP) {
            print_group(page, i);
        } else {
            width_print(page->out, text_empty(row->noun) ? row->key : row->noun,
                        words_language() == LANGUAGE_ZH ? NOUN_WIDTH_ZH : NOUN_WIDTH_EN);
            (void)fprintf(page->out, "%.*s", TEXT_ARGS(row->words));
        }
        end_line(page, row->mark);
    }
}

static json_t *json_text(struct text text)
{
    return json_stringn(text.bytes == NULL ? "" : text.bytes, text.size);
}

static json_t *json_list(struct text value)
{
    json_t *list = json_array();
    struct text rest = value;

    while (rest.size > 0) {
        (void)json_array_append_new(list, json_text(text_cut(rest, '\n', &rest)));
    }
    return list;
}

json_t *procedure_value_json(const struct outline_row *row)
{
    int64_t number = 0;

    switch (row->kind) {
    case OUTLINE_GROUP:
        return json_object();
    case OUTLINE_TEXT:
        return json_text(row->value);
    case OUTLINE_LIST:
        return json_list(row->value);
    case OUTLINE_NUMBER:
        (void)text_to_integer(row->value, &number);
        return json_integer(number);
    case OUTLINE_FLAG:
        return json_boolean(text_is(row->value, "true"));
    }
    return json_null();
}

static void json_put(json_t *object, struct text key, json_t *value)
{
    (void)json_object_setn_new(object, key.bytes, key.size, value);
}

static void put_label(json_t *object, const struct outline_row *row, bool origin)
{
    if (row->label != NULL) {
        const struct label *label = row->label;

        if (!text_empty(label->zh)) {
            json_put(object, TEXT("zh"), json_text(label->zh));
        }
        if (!text_empty(label->en)) {
            json_put(object, TEXT("en"), json_text(label->en));
        }
        if (!text_empty(label->law)) {
            json_put(object, TEXT("law"), json_text(label->law));
        }
    }
    if (origin && row->mark.source != NULL) {
        json_t *place = json_object();

        json_put(place, TEXT("file"), json_text(row->mark.source->name));
        json_put(place, TEXT("line"), json_integer(row->mark.line));
        json_put(object, TEXT("origin"), place);
    }
}

static json_t *outline_json(const struct outline *outline, bool origin)
{
    json_t *open[OUTLINE_DEPTH_MAX + 1] = {json_object()};

    for (uint32_t i = 0; i < outline->count; i++) {
        const struct outline_row *row = &outline->rows[i];
        json_t *value = procedure_value_json(row);

        json_put(open[row->depth], row->key, value);
        if (row->kind == OUTLINE_GROUP) {
            put_label(value, row, origin && text_empty(row->noun));
            open[row->depth + 1] = value;
        }
    }
    return open[0];
}

static bool print_text(const struct outline *outline, bool origin)
{
    struct page page = {.outline = outline, .origin = origin};

    page.out = open_memstream(&page.line, &page.line_size);
    if (page.out == NULL) {
        return false;
    }
    print_outline(&page);
    (void)fclose(page.out);
    free(page.line);
    return true;
}

enum exit_code procedure_show(const struct arguments *arguments, struct arena *arena)
{
    struct loaded loaded;
    struct outline outline;
    bool origin = argument_given(arguments, "origin");

    if (arguments->word_count != 2) {
        return command_misused(arguments, &procedure_one_file, (const char *[]){"show"});
    }
    if (!procedure_load_or_complain(arguments, arguments->words[1], arena, &loaded)) {
        return EXIT_REFUSED;
    }
    if (!outline_make(loaded.procedure, arena, &outline)) {
        complain_of(&no_room, arguments->words[1]);
        return EXIT_REFUSED;
    }
    if (origin) {
        procedure_mark_origins(&loaded, arena, &outline);
    }
    if (out_format() == OUT_JSON) {
        out_json(outline_json(&outline, origin));
    } else if (!print_text(&outline, origin)) {
        complain_of(&no_room, arguments->words[1]);
        return EXIT_REFUSED;
    }
    return EXIT_DONE;
}
