#include "cli/out.h"

#include "base/must.h"
#include "cli/words.h"

#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum out_format format = OUT_TABLE; /* set once, before anything is printed */
static bool chosen;

/* Cells of all rows in one growing array; a row is `count` cells. */
struct out_table {
    const struct out_column *columns; /* borrowed */
    uint32_t count;
    char **cells; /* owned, and each cell too */
    size_t cell_count;
    size_t cell_max;
};

bool out_choose(const char *word)
{
    static const char *const words[] = {
        [OUT_TABLE] = "table", [OUT_JSON] = "json", [OUT_CSV] = "csv"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(word, words[i]) == 0) {
            format = (enum out_format)i;
            chosen = true;
            return true;
        }
    }
    return false;
}

enum out_format out_format(void)
{
    return format;
}

bool out_chosen(void)
{
    return chosen;
}

/* Out of memory, a command has nothing better to do than to say so and end. */
static void *need(void *memory)
{
    if (memory == NULL) {
        (void)fputs("duban: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

struct out_table *out_table_open(const struct out_column *columns, uint32_t count)
{
    struct out_table *table = need(calloc(1, sizeof(*table)));

    table->columns = columns;
    table->count = count;
    return table;
}

void out_table_row(struct out_table *table, const char *const *cells)
{
    if (table->cell_count + table->count > table->cell_max) {
        table->cell_max = table->cell_max * 2 + (size_t)table->count * 16;
        table->cells = need(realloc(table->cells, table->cell_max * sizeof(*table->cells)));
    }
    for (uint32_t i = 0; i < table->count; i++) {
        const char *cell = cells[i] == NULL ? "" : cells[i];

        table->cells[table->cell_count++] = need(strdup(cell));
    }
}

static const char *cell_shown(enum out_kind kind, const char *cell)
{
    if (kind != OUT_FLAG || cell[0] == '\0') {
        return cell;
    }
    return strcmp(cell, "yes") == 0 ? words_pick("yes", "是") : words_pick("no", "否");
}

static void print_columns(const struct out_table *table)
{
    struct libscols_table *columns = need(scols_new_table());

    scols_table_enable_nowrap(columns, 1);
    scols_table_set_column_separator(columns, "  ");
    if (isatty(STDOUT_FILENO) != 1) {
        (void)scols_table_set_termforce(columns, SCOLS_TERMFORCE_NEVER);
    }
    for (uint32_t i = 0; i < table->count; i++) {
        const struct out_column *column = &table->columns[i];

        need(scols_table_new_column(columns, words_pick(column->en, column->zh), 0,
                                    column->kind == OUT_NUMBER ? SCOLS_FL_RIGHT : 0));
    }
    for (size_t i = 0; i < table->cell_count; i += table->count) {
        struct libscols_line *line = need(scols_table_new_line(columns, NULL));

        for (uint32_t j = 0; j < table->count; j++) {
            MUST(scols_line_set_data(
                     line, j, cell_shown(table->columns[j].kind, table->cells[i + j])) == 0);
        }
    }
    (void)scols_print_table(columns);
    scols_unref_table(columns);
}

static json_t *json_cell(enum out_kind kind, const char *cell)
{
    int64_t number;

    if (cell[0] == '\0') {
        return json_null();
    }
    if (kind == OUT_FLAG) {
        return json_boolean(strcmp(cell, "yes") == 0);
    }
    if (kind == OUT_NUMBER && text_to_integer(text_of(cell), &number)) {
        return json_integer(number);
    }
    return need(json_string(cell));
}

static void print_json_lines(const struct out_table *table)
{
    for (size_t i = 0; i < table->cell_count; i += table->count) {
        json_t *object = need(json_object());

        for (uint32_t j = 0; j < table->count; j++) {
            const struct out_column *column = &table->columns[j];

            MUST(json_object_set_new(object, column->name,
                                     json_cell(column->kind, table->cells[i + j])) == 0);
        }
        out_json(object);
    }
}

void out_json(json_t *object)
{
    char *text = need(json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER));

    printf("%s\n", text);
    free(text);
    json_decref(object);
}

void out_csv_field(struct text field)
{
    bool quoted = false;

    for (size_t i = 0; i < field.size; i++) {
        quoted = quoted || strchr(",\"\r\n", field.bytes[i]) != NULL;
    }
    if (!quoted) {
        printf("%.*s", TEXT_ARGS(field));
        return;
    }
    (void)putchar('"');
    for (size_t i = 0; i < field.size; i++) {
        if (field.bytes[i] == '"') {
            (void)putchar('"');
        }
        (void)putchar(field.bytes[i]);
    }
    (void)putchar('"');
}

void out_csv_row(const char *const *fields, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) {
            (void)putchar(',');
        }
        out_csv_field(text_of(fields[i]));
    }
    (void)putchar('\n');
}

static void print_csv(const struct out_table *table)
{
    for (uint32_t i = 0; i < table->count; i++) {
        printf("%s%s", i > 0 ? "," : "", table->columns[i].name);
    }
    (void)putchar('\n');
    for (size_t i = 0; i < table->cell_count; i += table->count) {
        out_csv_row((const char *const *)&table->cells[i], table->count);
    }
}

void out_table_print(struct out_table *table)
{
    switch (format) {
    case OUT_TABLE:
        print_columns(table);
        break;
    case OUT_JSON:
        print_json_lines(table);
        break;
    case OUT_CSV:
        print_csv(table);
        break;
    }
    for (size_t i = 0; i < table->cell_count; i++) {
        free(table->cells[i]);
    }
    free(table->cells);
    free(table);
}
