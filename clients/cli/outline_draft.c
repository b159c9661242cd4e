#include "cli/outline_draft.h"

#include "base/must.h"
#include "cli/spoken.h"
#include "cli/words.h"

#include <stdlib.h>
#include <string.h>

void draft_begin(struct draft *draft, const struct procedure *procedure, struct arena *arena)
{
    *draft = (struct draft){.procedure = procedure, .arena = arena};
    draft->value_out = open_memstream(&draft->value, &draft->value_size);
    draft->words_out = open_memstream(&draft->words, &draft->words_size);
    draft->spent = draft->value_out == NULL || draft->words_out == NULL;
}

bool draft_end(struct draft *draft, struct outline *outline)
{
    MUST(draft->depth == 0);
    if (draft->value_out != NULL) {
        (void)fclose(draft->value_out);
    }
    if (draft->words_out != NULL) {
        (void)fclose(draft->words_out);
    }
    free(draft->value);
    free(draft->words);
    *outline = (struct outline){
        .procedure = draft->procedure, .rows = draft->rows, .count = draft->count};
    return !draft->spent;
}

static struct text join(struct draft *draft, struct text above, struct text key)
{
    size_t size = above.size + key.size + (above.size > 0);
    char *bytes = arena_take(draft->arena, size + 1);

    if (bytes == NULL) {
        draft->spent = true;
        return (struct text){0};
    }
    if (above.size > 0) {
        memcpy(bytes, above.bytes, above.size);
        bytes[above.size] = '/';
    }
    if (key.size > 0) {
        memcpy(bytes + size - key.size, key.bytes, key.size);
    }
    return (struct text){.bytes = bytes, .size = size};
}

/* A blank row for a key, below the group that is open. A spent draft writes into one that
 * nobody reads. */
static struct outline_row *add(struct draft *draft, struct text key)
{
    static struct outline_row nobodys;

    if (draft->count == draft->max && !draft->spent) {
        uint32_t max = draft->max * 2 + 512;
        struct outline_row *rows = arena_take_zeroed(draft->arena, max, sizeof(*rows));

        draft->spent = rows == NULL;
        if (rows != NULL && draft->count > 0) {
            memcpy(rows, draft->rows, draft->count * sizeof(*rows));
        }
        draft->rows = rows == NULL ? draft->rows : rows;
        draft->max = rows == NULL ? draft->max : max;
    }

    struct outline_row *row = draft->spent ? &nobodys : &draft->rows[draft->count++];
    struct text above = draft->depth > 0 ? draft->open[draft->depth - 1] : (struct text){0};

    *row = (struct outline_row){.depth = draft->depth,
                                .path = join(draft, above, key),
                                .key = key,
                                .mark = draft->mark};
    return row;
}

static struct outline_row *open_group(struct draft *draft, struct text key)
{
    struct outline_row *row = add(draft, key);

    MUST(draft->depth < OUTLINE_DEPTH_MAX);
    draft->marks[draft->depth] = draft->mark;
    draft->open[draft->depth++] = row->path;
    return row;
}

struct outline_row *draft_open(struct draft *draft, const struct noun *noun)
{
    struct outline_row *row = open_group(draft, text_of(noun->key));

    row->noun = text_of(words_pick(noun->en, noun->zh));
    return row;
}

struct outline_row *draft_open_named(struct draft *draft, struct text name,
                                     const struct label *label)
{
    if (label != NULL && label->mark.line > 0) {
        draft->mark = label->mark;
    }

    struct outline_row *row = open_group(draft, name);

    row->label = label;
    return row;
}

void draft_close(struct draft *draft)
{
    MUST(draft->depth > 0);
    draft->depth--;
    draft->mark = draft->marks[draft->depth];
}

/* What a stream has written, and the stream empty again. */
static struct text take(struct draft *draft, FILE *stream, char *const *bytes,
                        const size_t *size)
{
    (void)fflush(stream);

    struct text written = {.size = *size};

    written.bytes = arena_copy(draft->arena, *bytes, *size);
    draft->spent = draft->spent || written.bytes == NULL;
    (void)fseeko(stream, 0, SEEK_SET);
    return written.bytes == NULL ? (struct text){0} : written;
}

struct text draft_words_taken(struct draft *draft)
{
    return take(draft, draft->words_out, &draft->words, &draft->words_size);
}

struct outline_row *draft_row_named(struct draft *draft, enum outline_kind kind,
                                    struct text name)
{
    struct outline_row *row = add(draft, name);

    row->kind = kind;
    if (!draft->spent) {
        row->value = take(draft, draft->value_out, &draft->value, &draft->value_size);
        row->words = take(draft, draft->words_out, &draft->words, &draft->words_size);
    }
    if (row->words.size == 0) {
        row->words = row->value;
    }
    return row;
}

struct outline_row *draft_row(struct draft *draft, enum outline_kind kind,
                              const struct noun *noun)
{
    struct outline_row *row = draft_row_named(draft, kind, text_of(noun->key));

    row->noun = text_of(words_pick(noun->en, noun->zh));
    return row;
}

void draft_write_both(struct draft *draft, struct text name, struct text words)
{
    if (!draft->spent) {
        (void)fprintf(draft->value_out, "%.*s", TEXT_ARGS(name));
        (void)fprintf(draft->words_out, "%.*s", TEXT_ARGS(words));
    }
}

void draft_write(struct draft *draft, struct text text)
{
    draft_write_both(draft, text, text);
}

void draft_next(struct draft *draft, bool first)
{
    if (!first) {
        draft_write_both(draft, TEXT("\n"), text_of(spoken_comma()));
    }
}

void draft_text(struct draft *draft, const struct noun *noun, struct text text)
{
    if (!text_empty(text)) {
        draft_write(draft, text);
        (void)draft_row(draft, OUTLINE_TEXT, noun);
    }
}

void draft_flag(struct draft *draft, const struct noun *noun, bool flag)
{
    if (flag) {
        draft_write_both(draft, TEXT("true"), text_of(words_pick("yes", "是")));
        (void)draft_row(draft, OUTLINE_FLAG, noun);
    }
}

void draft_number(struct draft *draft, const struct noun *noun, int64_t number)
{
    char digits[24];

    (void)snprintf(digits, sizeof(digits), "%lld", (long long)number);
    draft_write(draft, text_of(digits));
    (void)draft_row(draft, OUTLINE_NUMBER, noun);
}

static void write_length(struct draft *draft, struct length length)
{
    char raw[LENGTH_TEXT_SIZE];

    (void)length_print(length, raw);
    (void)fputs(raw, draft->value_out);
    spoken_length(draft->words_out, length);
}

void draft_length(struct draft *draft, const struct noun *noun, struct length length)
{
    if (!draft->spent && length.count != 0) {
        write_length(draft, length);
        (void)draft_row(draft, OUTLINE_TEXT, noun);
    }
}

void draft_source(struct draft *draft, const struct noun *noun,
                  const struct length_source *source)
{
    if (draft->spent || !source->given) {
        return;
    }
    if (source->fact == NO_INDEX) {
        write_length(draft, source->length);
    } else {
        (void)fprintf(draft->value_out, "facts.%.*s",
                      TEXT_ARGS(draft->procedure->facts[source->fact].name));
        spoken_source(draft->words_out, draft->procedure, source);
    }
    (void)draft_row(draft, OUTLINE_TEXT, noun);
}

void draft_guard(struct draft *draft, const struct noun *noun, const struct guard *guard)
{
    if (guard != NULL) {
        struct mark mark = draft->mark;

        draft->mark = guard->mark.line > 0 ? guard->mark : mark;
        draft_text(draft, noun, guard->text);
        draft->mark = mark;
    }
}

void draft_role(struct draft *draft, const struct noun *noun, uint16_t role)
{
    if (role != NO_INDEX) {
        draft_write_both(draft, draft->procedure->roles[role].name,
                         spoken_role(draft->procedure, role));
        (void)draft_row(draft, OUTLINE_TEXT, noun);
    }
}

struct outline_row *draft_roles(struct draft *draft, const struct noun *noun, uint64_t roles)
{
    bool first = true;

    for (uint16_t i = 0; i < draft->procedure->role_count; i++) {
        if ((roles >> i & 1) != 0) {
            draft_next(draft, first);
            draft_write_both(draft, draft->procedure->roles[i].name,
                             spoken_role(draft->procedure, i));
            first = false;
        }
    }
    return first ? NULL : draft_row(draft, OUTLINE_LIST, noun);
}

void draft_fact(struct draft *draft, const struct noun *noun, uint16_t fact)
{
    if (fact != NO_INDEX && !draft->spent) {
        (void)fprintf(draft->value_out, "facts.%.*s",
                      TEXT_ARGS(draft->procedure->facts[fact].name));
        (void)fprintf(draft->words_out, "%.*s", TEXT_ARGS(spoken_fact(draft->procedure, fact)));
        (void)draft_row(draft, OUTLINE_TEXT, noun);
    }
}
