#include "codec/csv.h"
#include "codec/installed_yaml.h"
#include "codec/wrong.h"

#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS_MAX = 64, ROWS_MAX = 100000 };

struct reading {
    struct csv csv;
    struct arena *arena;
    struct problem_list *problems;
    struct registry *registry;
    struct column *columns;
    struct registry_row *rows;
    struct mark *marks; /* of each row's key */
    uint32_t row_max;
    uint32_t from; /* the columns that say when a row is in force; COLUMNS_MAX: none */
    uint32_t to;
};

static void refuse(struct reading *reading, enum wrong wrong, struct mark mark,
                   struct text first, struct text second)
{
    wrong_tell(reading->problems, wrong, mark, first, second);
}

/* `max_fine:money`; without a type a text. */
static void read_column(struct reading *reading, const struct csv_field *field, uint32_t index)
{
    struct text word;
    struct text name = text_trim(text_cut(field->text, ':', &word));
    struct column *column = &reading->columns[index];
    bool typed = name.size < field->text.size && !text_empty(text_trim(word));

    column->name = name;
    column->type = VALUE_TEXT;
    if (text_empty(name) || (typed && !value_type_parse(text_trim(word), &column->type)) ||
        column->type == VALUE_SET) {
        refuse(reading, WRONG_COLUMN, field->mark, field->text, (struct text){0});
    } else if (index == 0 && column->type != VALUE_TEXT) {
        refuse(reading, WRONG_COLUMN_KEY, field->mark, (struct text){0}, (struct text){0});
    }
    for (uint32_t i = 0; i < index; i++) {
        if (text_equal(reading->columns[i].name, name)) {
            refuse(reading, WRONG_COLUMN_TWICE, field->mark, name, (struct text){0});
        }
    }
    if (column->type == VALUE_DATE && text_is(name, "from")) {
        reading->from = index;
    }
    if (column->type == VALUE_DATE && text_is(name, "to")) {
        reading->to = index;
    }
}

static bool read_head(struct reading *reading)
{
    struct csv_field fields[COLUMNS_MAX];
    struct csv_field comment;
    uint32_t count = 0;

    while (csv_comment(&reading->csv, &comment)) {
    }

    enum csv_result result = csv_next(&reading->csv, fields, COLUMNS_MAX, &count);

    if (result == CSV_BROKEN) {
        return false;
    }
    if (result == CSV_END) {
        struct mark mark = {.source = reading->csv.source, .line = 1, .column = 1};

        refuse(reading, WRONG_EMPTY_REGISTER, mark, (struct text){0}, (struct text){0});
        return false;
    }
    reading->columns = arena_take_zeroed(reading->arena, count, sizeof(struct column));
    if (reading->columns == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        read_column(reading, &fields[i], i);
    }
    reading->registry->columns = reading->columns;
    reading->registry->column_count = count;
    return true;
}

/* The values of a choice are those that stand in its column. */
static bool read_choice(struct reading *reading, struct column *column, struct text text,
                        struct value *value)
{
    struct text *names = NULL;

    for (uint32_t i = 0; i < column->choices.count; i++) {
        if (text_equal(column->choices.names[i], text)) {
            *value = (struct value){.type = VALUE_CHOICE, .known = true, .choice = i};
            return true;
        }
    }
    if (column->choices.count == CHOICES_MAX) {
        return false;
    }
    names = arena_take(reading->arena, (column->choices.count + 1) * sizeof(*names));
    if (names == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < column->choices.count; i++) {
        names[i] = column->choices.names[i];
    }
    names[column->choices.count] = text;
    *value =
        (struct value){.type = VALUE_CHOICE, .known = true, .choice = column->choices.count};
    column->choices.names = names;
    column->choices.count++;
    return true;
}

static void read_cell(struct reading *reading, const struct csv_field *field, uint32_t index,
                      struct value *value)
{
    struct column *column = &reading->columns[index];
    int64_t zone_ms = 0;
    bool good;

    *value = value_unknown(column->type);
    if (text_empty(field->text)) {
        return;
    }
    (void)zone_parse(TEXT("Asia/Shanghai"), &zone_ms);
    good = column->type == VALUE_CHOICE
               ? read_choice(reading, column, field->text, value)
               : column->type != VALUE_SET &&
                     value_parse(field->text, column->type, NULL, zone_ms, value);
    if (!good && !reading->arena->spent) {
        refuse(reading, WRONG_CELL, field->mark, field->text, value_type_word(column->type));
    }
}

static struct text count_text(uint32_t count, char room[16])
{
    return (struct text){room, (size_t)snprintf(room, 16, "%u", count)};
}

static void read_row(struct reading *reading, const struct csv_field *fields, uint32_t count)
{
    struct registry *registry = reading->registry;
    struct registry_row *row = &reading->rows[registry->row_count];
    uint32_t columns = registry->column_count;
    struct value *cells;
    char rooms[2][16];

    if (count != columns) {
        refuse(reading, WRONG_FIELDS, fields[0].mark, count_text(count, rooms[0]),
               count_text(columns, rooms[1]));
        return;
    }
    if (text_empty(fields[0].text)) {
        refuse(reading, WRONG_EMPTY_KEY, fields[0].mark, (struct text){0}, (struct text){0});
        return;
    }
    cells = arena_take_zeroed(reading->arena, columns, sizeof(*cells));
    if (cells == NULL) {
        return;
    }
    for (uint32_t i = 0; i < columns; i++) {
        read_cell(reading, &fields[i], i, &cells[i]);
    }
    *row = (struct registry_row){.cells = cells, .from = DATE_NONE, .to = DATE_NONE};
    if (reading->from < columns && cells[reading->from].known) {
        row->from = cells[reading->from].date;
    }
    if (reading->to < columns && cells[reading->to].known) {
        row->to = cells[reading->to].date;
    }
    if (row->to != DATE_NONE && row->to < row->from) {
        refuse(reading, WRONG_SPAN, fields[reading->to].mark, fields[reading->from].text,
               fields[reading->to].text);
    }
    reading->marks[registry->row_count++] = fields[0].mark;
}

struct sorted {
    const struct registry_row *row;
    struct mark mark;
};

static int compare_rows(const void *a, const void *b)
{
    const struct sorted *one = a;
    const struct sorted *other = b;
    int order = text_compare(one->row->cells[0].text, other->row->cells[0].text);

    if (order != 0) {
        return order;
    }
    if (one->row->from != other->row->from) {
        return one->row->from < other->row->from ? -1 : 1;
    }
    return one->mark.line < other->mark.line ? -1 : 1;
}

/* One key has one row on any day, or the law would depend on the order of lines. */
static void check_twice(struct reading *reading)
{
    uint32_t count = reading->registry->row_count;
    struct sorted *sorted = arena_take_zeroed(reading->arena, count, sizeof(*sorted));

    if (sorted == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        sorted[i] = (struct sorted){&reading->rows[i], reading->marks[i]};
    }
    qsort(sorted, count, sizeof(*sorted), compare_rows);
    for (uint32_t i = 1; i < count; i++) {
        const struct registry_row *before = sorted[i - 1].row;
        const struct registry_row *row = sorted[i].row;
        char room[16];

        if (text_equal(before->cells[0].text, row->cells[0].text) &&
            (before->to == DATE_NONE || row->from <= before->to)) {
            refuse(reading, WRONG_ROW_TWICE, sorted[i].mark, row->cells[0].text,
                   count_text(sorted[i - 1].mark.line, room));
        }
    }
}

static void read_rows(struct reading *reading)
{
    struct csv_field fields[COLUMNS_MAX];
    uint32_t count = 0;

    while (!reading->arena->spent &&
           csv_next(&reading->csv, fields, COLUMNS_MAX, &count) == CSV_ROW) {
        if (reading->registry->row_count == reading->row_max) {
            refuse(reading, WRONG_MANY, fields[0].mark, reading->registry->name,
                   TEXT("100000"));
            return;
        }
        read_row(reading, fields, count);
    }
    check_twice(reading);
}

_Static_assert(ROWS_MAX == 100000, "WRONG_MANY is told with it");

/* A file has at most as many rows as lines, and most have few. */
static uint32_t rows_at_most(struct text bytes)
{
    uint32_t count = 1;

    for (size_t i = 0; i < bytes.size && count < ROWS_MAX; i++) {
        count += bytes.bytes[i] == '\n';
    }
    return count;
}

/* "config/registers/violations.csv" is "violations". */
static struct text name_of(struct text path)
{
    size_t from = path.size;
    size_t to = path.size;

    while (from > 0 && path.bytes[from - 1] != '/') {
        from--;
        if (path.bytes[from] == '.') {
            to = from;
        }
    }
    return text_part(path, from, to - from);
}

bool registry_load(const struct source *source, struct arena *arena,
                   struct problem_list *problems, struct registry *registry)
{
    uint32_t errors = problems->error_count;
    struct reading reading = {.arena = arena,
                              .problems = problems,
                              .registry = registry,
                              .row_max = rows_at_most(source->bytes),
                              .from = COLUMNS_MAX,
                              .to = COLUMNS_MAX};

    *registry = (struct registry){.name = name_of(source->name)};
    if (!csv_begin(&reading.csv, source, arena, problems) || !read_head(&reading)) {
        return false;
    }
    reading.rows = arena_take_zeroed(arena, reading.row_max, sizeof(*reading.rows));
    reading.marks = arena_take_zeroed(arena, reading.row_max, sizeof(*reading.marks));
    if (reading.rows == NULL || reading.marks == NULL) {
        return false;
    }
    registry->rows = reading.rows;
    read_rows(&reading);
    return !arena->spent && problems->error_count == errors;
}
