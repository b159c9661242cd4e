#include "cli/date.h"
#include "cli/files.h"
#include "cli/out.h"
#include "codec/csv.h"

#include <stdio.h>
#include <string.h>

/* The columns of a batch: what is asked, by the words of its head. */
enum batch_column {
    COLUMN_ID,
    COLUMN_FROM,
    COLUMN_BEFORE,
    COLUMN_LENGTH,
    COLUMN_EXTEND,
    COLUMN_ROLL,
    COLUMN_PAUSES,
    COLUMN_ANCHOR,
    COLUMN_WORKDAYS,
    COLUMN_OFFSETS,
    COLUMN_COUNT
};

static const struct {
    struct text name;
    enum question_part part;
    bool several; /* joined by `;` */
} columns[COLUMN_COUNT] = {
    [COLUMN_ID] = {TEXT_INIT("id"), PART_FROM, false},
    [COLUMN_FROM] = {TEXT_INIT("from"), PART_FROM, false},
    [COLUMN_BEFORE] = {TEXT_INIT("before"), PART_BEFORE, false},
    [COLUMN_LENGTH] = {TEXT_INIT("length"), PART_LENGTH, false},
    [COLUMN_EXTEND] = {TEXT_INIT("extend"), PART_EXTEND, true},
    [COLUMN_ROLL] = {TEXT_INIT("roll"), PART_ROLL, false},
    [COLUMN_PAUSES] = {TEXT_INIT("pauses"), PART_PAUSE, true},
    [COLUMN_ANCHOR] = {TEXT_INIT("anchor"), PART_ANCHOR, false},
    [COLUMN_WORKDAYS] = {TEXT_INIT("workdays"), PART_WORKDAYS, false},
    [COLUMN_OFFSETS] = {TEXT_INIT("offsets"), PART_OFFSET, true},
};

enum { FIELD_MAX = 64, MOMENTS_BYTES = OFFSETS_MAX * 24, ARENA_BYTES = 256 * 1024 * 1024 };

static const struct message no_header = {
    "batch_header", "the file has no head: name the columns id,from,length,…",
    "文件没有表头：请写明列名 id,from,length 等"};
static const struct message column_missing = {
    "batch_column",
    "there is no column `{0}`; the columns are id, from, before, length, extend, "
    "roll, pauses, anchor, workdays, offsets",
    "缺少列“{0}”；可用的列有 "
    "id、from、before、length、extend、roll、pauses、anchor、workdays、offsets"};
static const struct message column_meant = {"batch_column_meant",
                                            "column `{0}` is not known; did you mean `{1}`?",
                                            "没有列“{0}”；是否想写“{1}”？"};
static const struct message column_twice = {"batch_column_twice", "column `{0}` stands twice",
                                            "列“{0}”重复"};
static const struct message wrong_count = {"batch_fields",
                                           "the row has another number of fields than the head",
                                           "这一行的字段数与表头不一致"};

struct batch {
    const struct office *office;
    struct source source;
    struct arena *arena;
    struct problem_list problems;
    struct csv csv;
    int32_t places[COLUMN_COUNT]; /* which field; -1 where the file has no such column */
    uint32_t field_count;
    struct out_table *table;
    uint32_t answered;
    uint32_t refused;
    struct question question;
};

/*
 * Of columns that are not asked for: a near miss would be silently left out, so it is refused.
 */
static void check_stranger(struct batch *batch, const struct csv_field *field)
{
    static const struct text answers[] = {TEXT_INIT("last_day"), TEXT_INIT("safe_day"),
                                          TEXT_INIT("due"),      TEXT_INIT("provisional"),
                                          TEXT_INIT("moments"),  TEXT_INIT("why"),
                                          TEXT_INIT("left")};
    struct text names[COLUMN_COUNT];

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        if (text_equal(field->text, answers[i])) {
            return;
        }
    }
    for (uint32_t i = 0; i < COLUMN_COUNT; i++) {
        names[i] = columns[i].name;
    }

    struct text nearest = nearest_word(field->text, names, COLUMN_COUNT);

    if (field->text.size > 2 && !text_empty(nearest)) {
        problem_add(&batch->problems, PROBLEM_ERROR, &column_meant, field->mark,
                    (struct text[]){field->text, nearest}, 2);
    }
}

static void place_column(struct batch *batch, const struct csv_field *field, uint32_t place)
{
    for (uint32_t i = 0; i < COLUMN_COUNT; i++) {
        if (!text_equal(field->text, columns[i].name)) {
            continue;
        }
        if (batch->places[i] >= 0) {
            problem_error(&batch->problems, &column_twice, field->mark, field->text);
        }
        batch->places[i] = (int32_t)place;
        return;
    }
    check_stranger(batch, field);
}

static bool read_head(struct batch *batch)
{
    static const enum batch_column needed[] = {COLUMN_ID, COLUMN_LENGTH};
    struct csv_field fields[FIELD_MAX];
    struct csv_field comment;
    struct mark mark = {.source = &batch->source, .line = 1, .column = 1};

    while (csv_comment(&batch->csv, &comment)) {
        mark.line = comment.mark.line + 1;
    }

    enum csv_result result = csv_next(&batch->csv, fields, FIELD_MAX, &batch->field_count);

    if (result != CSV_ROW) {
        if (result == CSV_END) {
            problem_add(&batch->problems, PROBLEM_ERROR, &no_header, mark, NULL, 0);
        }
        return false;
    }
    for (uint32_t i = 0; i < COLUMN_COUNT; i++) {
        batch->places[i] = -1;
    }
    for (uint32_t i = 0; i < batch->field_count; i++) {
        place_column(batch, &fields[i], i);
    }
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (batch->places[needed[i]] < 0) {
            problem_error(&batch->problems, &column_missing, fields[0].mark,
                          columns[needed[i]].name);
        }
    }
    return batch->problems.error_count == 0;
}

static void refuse(struct batch *batch, const struct misreading *misreading, struct mark mark)
{
    problem_add(&batch->problems, PROBLEM_ERROR, misreading->message, mark, misreading->texts,
                2);
}

static bool take_field(struct batch *batch, uint32_t column, const struct csv_field *field)
{
    struct text rest = field->text;
    struct misreading misreading;

    while (!text_empty(rest)) {
        struct text word = columns[column].several ? text_cut(rest, ';', &rest) : rest;

        if (!columns[column].several) {
            rest = (struct text){0};
        }
        if (!question_take(&batch->question, columns[column].part, text_trim(word),
                           batch->office, &misreading)) {
            refuse(batch, &misreading, field->mark);
            return false;
        }
    }
    return true;
}

/* "2026-03-10T00:00": local, and seconds only where there are some. */
static size_t print_local(int64_t at_ms, const struct office *office, char *out)
{
    char text[INSTANT_TEXT_SIZE];
    size_t size =
        at_ms % 60000 == 0 ? sizeof("2026-03-10T00:00") - 1 : sizeof("2026-03-10T00:00:00") - 1;

    (void)instant_print(at_ms, office->zone_ms, text);
    memcpy(out, text, size);
    out[size] = '\0';
    return size;
}

static void print_moments(const struct batch *batch, const struct due *due,
                          char out[MOMENTS_BYTES])
{
    const struct question *question = &batch->question;
    size_t at = 0;

    out[0] = '\0';
    for (uint32_t i = 0; i < question->offset_count && !due->paused; i++) {
        if (i > 0) {
            out[at++] = ';';
        }
        at += print_local(
            question_moment(question, due, question->offsets[i], batch->office).at_ms,
            batch->office, out + at);
    }
}

static void print_answer(struct batch *batch, struct text id, const struct due *due)
{
    char last_day[DATE_TEXT_SIZE] = "";
    char safe_day[DATE_TEXT_SIZE] = "";
    char due_at[INSTANT_TEXT_SIZE] = "";
    char moments[MOMENTS_BYTES];
    char *name = arena_take(batch->arena, id.size + 1);

    if (name == NULL) {
        return; /* told at the end: the arena is spent */
    }
    if (id.size > 0) {
        memcpy(name, id.bytes, id.size);
    }
    name[id.size] = '\0';
    if (due->last_day != DATE_NONE) {
        (void)date_print(due->last_day, last_day);
        (void)date_print(due->safe_day, safe_day);
    }
    if (!due->paused) {
        (void)print_local(due->due_ms, batch->office, due_at);
    }
    print_moments(batch, due, moments);
    out_table_row(batch->table, (const char *[]){name, last_day, safe_day, due_at,
                                                 due->provisional ? "yes" : "no", moments});
}

static bool answer_row(struct batch *batch, const struct csv_field *fields, uint32_t count)
{
    struct misreading misreading;
    struct due due;
    bool ignored;

    question_begin(&batch->question);
    if (count != batch->field_count) {
        problem_add(&batch->problems, PROBLEM_ERROR, &wrong_count, fields[0].mark, NULL, 0);
        return false;
    }
    for (uint32_t i = COLUMN_ID + 1; i < COLUMN_COUNT; i++) {
        if (batch->places[i] >= 0 && !take_field(batch, i, &fields[batch->places[i]])) {
            return false;
        }
    }
    if (!question_end(&batch->question, &misreading, &ignored) ||
        !question_answer(&batch->question, batch->office, &due, &misreading)) {
        refuse(batch, &misreading, fields[0].mark);
        return false;
    }
    if (ignored) {
        problem_add(&batch->problems, PROBLEM_NOTE, &question_ignored, fields[0].mark, NULL, 0);
    }
    print_answer(batch, fields[batch->places[COLUMN_ID]].text, &due);
    return true;
}

static enum exit_code answer_rows(struct batch *batch)
{
    static const struct out_column answers[] = {
        {.name = "id", .en = "ID", .zh = "编号"},
        {.name = "last_day", .en = "LAST DAY", .zh = "届满日"},
        {.name = "safe_day", .en = "SAFE DAY", .zh = "稳妥日"},
        {.name = "due", .en = "DUE", .zh = "到期"},
        {.name = "provisional", .en = "PROVISIONAL", .zh = "暂定"},
        {.name = "moments", .en = "MOMENTS", .zh = "提醒时刻"},
    };
    struct csv_field fields[FIELD_MAX];
    uint32_t count;
    enum csv_result result;

    batch->table = out_table_open(answers, sizeof(answers) / sizeof(answers[0]));
    while ((result = csv_next(&batch->csv, fields, FIELD_MAX, &count)) == CSV_ROW) {
        if (answer_row(batch, fields, count)) {
            batch->answered++;
        } else {
            batch->refused++;
        }
    }
    out_table_print(batch->table);
    if (result == CSV_BROKEN || batch->refused > 0) {
        return batch->answered > 0 ? EXIT_PARTLY : EXIT_REFUSED;
    }
    return EXIT_DONE;
}

enum exit_code date_answer_file(const char *path, const struct office *office)
{
    static struct batch batch; /* large, and there is one */
    struct arena arena;
    enum exit_code code = EXIT_REFUSED;

    arena_init_growing(&arena, ARENA_BYTES);
    batch = (struct batch){.office = office, .arena = &arena};
    problem_list_init(&batch.problems, &arena);
    if (file_read(path, &arena, &batch.source) &&
        csv_begin(&batch.csv, &batch.source, &arena, &batch.problems) && read_head(&batch)) {
        if (!out_chosen()) {
            (void)out_choose("csv");
        }
        code = answer_rows(&batch);
    }
    (void)fflush(stdout);
    words_print_problems(stderr, &batch.problems);
    if (arena.spent) {
        (void)fputs("duban: out of memory\n", stderr);
        code = EXIT_REFUSED;
    }
    arena_fini(&arena);
    return code;
}
