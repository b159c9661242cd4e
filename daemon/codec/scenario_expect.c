#include "codec/scenario_parts.h"

/* What stands behind a key of `expect`. */
enum form {
    SCALAR,    /* one value */
    LIST,      /* names */
    VALUES,    /* name: value */
    LISTS,     /* name: [value, …] */
    ROWS,      /* name: {key: value} */
    NOTICES,   /* [{key: value}] */
    DEPARTURES /* the same, with persons */
};

static const struct text words[] = {
#define EXPECT_WORD(name, word, form) [name] = TEXT_INIT(word),
    EXPECT_KEYS(EXPECT_WORD)
#undef EXPECT_WORD
};

static const enum form forms[] = {
#define EXPECT_FORM(name, word, form) [name] = form,
    EXPECT_KEYS(EXPECT_FORM)
#undef EXPECT_FORM
};

static const char *const keys[] = {
#define EXPECT_KEY(name, word, form) word,
    EXPECT_KEYS(EXPECT_KEY)
#undef EXPECT_KEY
        NULL,
};

enum { EXPECT_COUNT = sizeof(words) / sizeof(words[0]) };

static const char *const clock_keys[] = {
    "state",       "last_day", "safe_day",      "due",      "remaining",
    "provisional", "amount",   "reported_late", "instance", NULL,
};
static const char *const sent_keys[] = {
    "at", "clock", "entry", "notice", "to", "instance", "number", "case", NULL,
};
static const char *const leaves_keys[] = {
    "at", "clock", "entry", "notice", "to", "person", "in_stead_of", "case", NULL,
};

struct text expect_word(enum expect_key key)
{
    return words[key];
}

static void *take_rows(struct script *script, const struct node *node)
{
    return arena_take_zeroed(script->arena, node->size, sizeof(struct expected_row));
}

/* The entries of a map, each a field. */
static void read_fields(struct script *script, const struct node *map, const char *const *known,
                        struct expected_row *row)
{
    struct expected_field *fields =
        arena_take_zeroed(script->arena, map->size, sizeof(*fields));

    if (fields == NULL || !script_is_map(script, map)) {
        return;
    }
    script_keys(script, map, known);
    for (const struct node *entry = map->first; entry != NULL; entry = entry->next) {
        fields[row->field_count++] = (struct expected_field){
            .key = entry->key, .value = script_text(script, entry), .mark = entry->mark};
    }
    row->fields = fields;
}

static void read_list(struct script *script, const struct node *node, struct expected *expected)
{
    struct expected_row *rows = take_rows(script, node);

    if (rows == NULL || !script_is_list(script, node)) {
        return;
    }
    for (const struct node *item = node->first; item != NULL; item = item->next) {
        rows[expected->row_count++] =
            (struct expected_row){.name = script_text(script, item), .mark = item->mark};
    }
    expected->rows = rows;
}

/* name: value, or name: [values]. */
static void read_values(struct script *script, const struct node *node,
                        struct expected *expected)
{
    struct expected_row *rows = take_rows(script, node);

    if (rows == NULL || !script_is_map(script, node)) {
        return;
    }
    for (const struct node *entry = node->first; entry != NULL; entry = entry->next) {
        struct expected_field *field = arena_take(script->arena, sizeof(*field));

        if (field == NULL) {
            return;
        }
        *field =
            (struct expected_field){.value = script_value(script, entry), .mark = entry->mark};
        rows[expected->row_count++] = (struct expected_row){
            .name = entry->key, .fields = field, .field_count = 1, .mark = entry->key_mark};
    }
    expected->rows = rows;
}

static void read_rows(struct script *script, const struct node *node, struct expected *expected)
{
    struct expected_row *rows = take_rows(script, node);

    if (rows == NULL || !script_is_map(script, node)) {
        return;
    }
    for (const struct node *entry = node->first; entry != NULL; entry = entry->next) {
        struct expected_row *row = &rows[expected->row_count++];

        row->name = entry->key;
        row->mark = entry->key_mark;
        read_fields(script, entry, clock_keys, row);
    }
    expected->rows = rows;
}

static void read_notices(struct script *script, const struct node *node,
                         const char *const *known, struct expected *expected)
{
    struct expected_row *rows = take_rows(script, node);

    if (rows == NULL || !script_is_list(script, node)) {
        return;
    }
    for (const struct node *item = node->first; item != NULL; item = item->next) {
        struct expected_row *row = &rows[expected->row_count++];

        row->mark = item->mark;
        read_fields(script, item, known, row);
    }
    expected->rows = rows;
}

static void read_one(struct script *script, const struct node *entry, struct expected *expected)
{
    switch (forms[expected->key]) {
    case SCALAR:
        expected->value = script_text(script, entry);
        break;
    case LIST:
        read_list(script, entry, expected);
        break;
    case VALUES:
    case LISTS:
        read_values(script, entry, expected);
        break;
    case ROWS:
        read_rows(script, entry, expected);
        break;
    case NOTICES:
        read_notices(script, entry, sent_keys, expected);
        break;
    case DEPARTURES:
        read_notices(script, entry, leaves_keys, expected);
        break;
    }
    if (expected->key == EXPECT_VERDICT && !text_is(expected->value, "applied") &&
        !text_is(expected->value, "rejected") && !text_is(expected->value, "waiting") &&
        !text_is(expected->value, "duplicate")) {
        script_wrong(script, &scenario_verdict, entry->mark, expected->value);
    }
}

/* What says what became of the event; all else leaves it to be applied. */
static bool judges(enum expect_key key)
{
    return key == EXPECT_VERDICT || key == EXPECT_CODES || key == EXPECT_LAW ||
           key == EXPECT_TEXT;
}

void script_expect(struct script *script, const struct node *map, struct scenario_step *step)
{
    struct expected *expects = arena_take_zeroed(script->arena, map->size, sizeof(*expects));

    if (expects == NULL || !script_is_map(script, map)) {
        return;
    }
    script_keys(script, map, keys);
    for (const struct node *entry = map->first; entry != NULL; entry = entry->next) {
        uint32_t key = 0;

        while (key < EXPECT_COUNT && !text_equal(words[key], entry->key)) {
            key++;
        }
        if (key < EXPECT_COUNT) {
            struct expected *expected = &expects[step->expect_count++];

            expected->key = (enum expect_key)key;
            expected->mark = entry->mark;
            read_one(script, entry, expected);
            step->judged = step->judged || judges(expected->key);
        }
    }
    step->expects = expects;
}
