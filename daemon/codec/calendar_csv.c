#include "codec/calendar_csv.h"

#include "codec/csv.h"

enum { COLUMN_DATE, COLUMN_KIND, COLUMN_NAME, COLUMN_COUNT };

static const struct text columns[COLUMN_COUNT] = {TEXT_INIT("date"), TEXT_INIT("kind"),
                                                  TEXT_INIT("name")};
static const struct text kinds[] = {
    [DAY_HOLIDAY] = TEXT_INIT("holiday"), [DAY_WORKDAY] = TEXT_INIT("workday")};

static const struct message wrong_header = {"calendar_header",
                                            "a calendar begins with the line `date,kind,name`",
                                            "日历的第一行应为“date,kind,name”"};
static const struct message wrong_count = {
    "calendar_fields", "a row has three fields: date,kind,name (2026-10-10,workday,国庆节)",
    "每行应有三个字段：date,kind,name（如 2026-10-10,workday,国庆节）"};
static const struct message no_such_date = {
    "calendar_date",
    "there is no date `{0}`; write 2026-10-10, or --10-01 for every year that is not covered",
    "没有“{0}”这一天；应写成 2026-10-10，或以 --10-01 表示尚未公布安排的各年"};
static const struct message no_such_kind = {
    "calendar_kind", "the kind is `{0}`; write holiday (rests) or workday (make-up day)",
    "类别“{0}”无效；应为 holiday（放假）或 workday（调休上班）"};
static const struct message told_twice = {
    "calendar_twice", "the date {0} is told twice; it already stands in line {1}",
    "日期 {0} 重复；第 {1} 行已经写过"};
static const struct message head_twice = {
    "calendar_head_twice", "`# {0}:` stands twice in the head", "文件开头的“# {0}:”写了两次"};
static const struct message head_empty = {"calendar_head_empty", "`# {0}:` has no value",
                                          "文件开头的“# {0}:”没有值"};
static const struct message no_rows = {"calendar_empty", "the calendar has no rows",
                                       "日历没有任何日期"};
static const struct message too_many_rows = {
    "calendar_rows", "the calendar has more than 20000 rows", "日历超过 20000 行"};
static const struct message decides_nothing = {
    "calendar_uncovered",
    "{0} decides nothing: the year {1} is not covered, for there is no row for {1}-01-01; add "
    "that year's whole arrangement",
    "{0} 这一行不起作用：没有 {1}-01-01 这一行，{1} 年视为尚未公布；请补全该年的放假安排"};

struct reading {
    struct csv csv;
    struct problem_list *problems;
    struct calendar_row *rows; /* row_max of them */
    struct mark *marks;        /* where each row's date stands */
    uint32_t row_count;
    uint32_t row_max;
};

/* A file has at most as many rows as lines, and most have few. */
static uint32_t rows_at_most(struct text bytes)
{
    uint32_t count = 1;

    for (size_t i = 0; i < bytes.size && count < CALENDAR_ROWS_MAX; i++) {
        count += bytes.bytes[i] == '\n';
    }
    return count;
}

/*
 * `key: value` of a comment, if it is this key's; a head line without a key is just a comment.
 */
static void take_head(struct problem_list *problems, const struct csv_field *comment,
                      const char *key, struct text *value)
{
    struct text rest;
    struct text name = text_trim(text_cut(comment->text, ':', &rest));

    if (!text_is(name, key)) {
        return;
    }
    if (!text_empty(*value)) {
        problem_error(problems, &head_twice, comment->mark, name);
        return;
    }
    *value = text_trim(rest);
    if (text_empty(*value)) {
        problem_error(problems, &head_empty, comment->mark, name);
    }
}

static void read_head(struct reading *reading, struct calendar_file *file)
{
    struct csv_field comment;

    while (csv_comment(&reading->csv, &comment)) {
        struct text before = file->extends;

        take_head(reading->problems, &comment, "source", &file->origin);
        take_head(reading->problems, &comment, "version", &file->version);
        take_head(reading->problems, &comment, "extends", &file->extends);
        if (text_empty(before) && !text_empty(file->extends)) {
            file->extends_mark = comment.mark;
        }
    }
}

static bool read_header(struct reading *reading)
{
    struct csv_field fields[COLUMN_COUNT];
    uint32_t count = 0;
    enum csv_result result = csv_next(&reading->csv, fields, COLUMN_COUNT, &count);

    if (result == CSV_BROKEN) {
        return false;
    }

    bool right = result == CSV_ROW && count == COLUMN_COUNT;

    for (uint32_t i = 0; right && i < COLUMN_COUNT; i++) {
        right = text_equal(fields[i].text, columns[i]);
    }
    if (!right) {
        struct mark mark = {.source = reading->csv.source, .line = 1, .column = 1};

        problem_add(reading->problems, PROBLEM_ERROR, &wrong_header,
                    count > 0 ? fields[0].mark : mark, NULL, 0);
    }
    return right;
}

/* "2026-10-10", or "--10-01" with the year 0; tried as a day of a leap year. */
static bool read_date(struct text text, struct calendar_row *row)
{
    char full[DATE_TEXT_SIZE] = "2000";
    bool yearly = text.size == 7 && text_starts(text, TEXT("--"));
    int32_t date;

    if (yearly) {
        for (size_t i = 1; i < text.size; i++) {
            full[3 + i] = text.bytes[i];
        }
    }
    if (!date_parse(yearly ? text_of(full) : text, &date)) {
        return false;
    }

    struct civil civil = civil_of(date);

    row->year = yearly ? 0 : civil.year;
    row->month = civil.month;
    row->day = civil.day;
    return true;
}

static bool read_kind(struct text text, enum day_kind *kind)
{
    for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (text_equal(text, kinds[i])) {
            *kind = (enum day_kind)i;
            return true;
        }
    }
    return false;
}

static void read_row(struct reading *reading, const struct csv_field *fields, uint32_t count)
{
    struct calendar_row row = {.line = fields[0].mark.line};

    if (count != COLUMN_COUNT) {
        problem_add(reading->problems, PROBLEM_ERROR, &wrong_count, fields[0].mark, NULL, 0);
        return;
    }
    if (!read_date(fields[COLUMN_DATE].text, &row)) {
        problem_error(reading->problems, &no_such_date, fields[COLUMN_DATE].mark,
                      fields[COLUMN_DATE].text);
        return;
    }
    if (!read_kind(fields[COLUMN_KIND].text, &row.kind)) {
        problem_error(reading->problems, &no_such_kind, fields[COLUMN_KIND].mark,
                      fields[COLUMN_KIND].text);
        return;
    }
    row.name = fields[COLUMN_NAME].text;
    reading->rows[reading->row_count] = row;
    reading->marks[reading->row_count] = fields[COLUMN_DATE].mark;
    reading->row_count++;
}

static void read_rows(struct reading *reading)
{
    struct csv_field fields[COLUMN_COUNT];
    uint32_t count = 0;

    while (csv_next(&reading->csv, fields, COLUMN_COUNT, &count) == CSV_ROW) {
        if (reading->row_count == reading->row_max) {
            problem_add(reading->problems, PROBLEM_ERROR, &too_many_rows, fields[0].mark, NULL,
                        0);
            return;
        }
        read_row(reading, fields, count);
    }
    if (reading->row_count == 0 && reading->problems->error_count == 0) {
        struct mark mark = {.source = reading->csv.source};

        problem_add(reading->problems, PROBLEM_ERROR, &no_rows, mark, NULL, 0);
    }
}

static struct text date_text(const struct calendar_row *row, char room[DATE_TEXT_SIZE])
{
    size_t size =
        date_print(date_of(row->year == 0 ? 2000 : row->year, row->month, row->day), room);

    if (row->year == 0) { /* "2000-10-01" is told as "--10-01" */
        room[3] = '-';
        return (struct text){.bytes = room + 3, .size = size - 3};
    }
    return (struct text){.bytes = room, .size = size};
}

static struct text number_text(uint32_t number, char room[12])
{
    size_t at = 12;

    do {
        room[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return (struct text){.bytes = room + at, .size = 12 - at};
}

/* Every date of the years, and those of no year, has a place for the line that told it. */
enum { YEAR_PLACES = 12 * 31, PLACES = (YEAR_LAST - YEAR_FIRST + 2) * YEAR_PLACES };

static bool find_twice(struct reading *reading, struct arena *arena)
{
    uint32_t *lines = arena_take_zeroed(arena, PLACES, sizeof(*lines));

    if (lines == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < reading->row_count; i++) {
        const struct calendar_row *row = &reading->rows[i];
        int32_t year = row->year == 0 ? 0 : row->year - YEAR_FIRST + 1;
        int32_t place = year * YEAR_PLACES + (row->month - 1) * 31 + row->day - 1;

        if (lines[place] != 0) {
            char date[DATE_TEXT_SIZE];
            char line[12];
            struct text texts[] = {date_text(row, date), number_text(lines[place], line)};

            problem_add(reading->problems, PROBLEM_ERROR, &told_twice, reading->marks[i], texts,
                        2);
        }
        lines[place] = row->line;
    }
    return true;
}

bool calendar_csv_read(const struct source *source, struct arena *arena,
                       struct problem_list *problems, struct calendar_file *file)
{
    struct reading reading = {.problems = problems};
    struct calendar_file found = {0};
    uint32_t errors = problems->error_count;

    reading.row_max = rows_at_most(source->bytes);
    reading.rows = arena_take_zeroed(arena, reading.row_max, sizeof(*reading.rows));
    reading.marks = arena_take_zeroed(arena, reading.row_max, sizeof(*reading.marks));
    if (reading.rows == NULL || reading.marks == NULL ||
        !csv_begin(&reading.csv, source, arena, problems)) {
        return false;
    }
    read_head(&reading, &found);
    if (!read_header(&reading)) {
        return false;
    }
    read_rows(&reading);
    if (!find_twice(&reading, arena) || arena->spent || problems->error_count > errors) {
        return false;
    }
    found.rows = reading.rows;
    found.row_count = reading.row_count;
    *file = found;
    return true;
}

/* The extended calendar may be what covers a year, so this is known only once it is built. */
static bool rows_decide(const struct source *source, const struct calendar_file *file,
                        const struct calendar *calendar, struct problem_list *problems)
{
    bool all = true;

    for (uint32_t i = 0; i < file->row_count; i++) {
        const struct calendar_row *row = &file->rows[i];

        if (row->year != 0 && !calendar_covers(calendar, date_of(row->year, 1, 1))) {
            struct mark mark = {.source = source, .line = row->line, .column = 1};
            char date[DATE_TEXT_SIZE];
            char year[12];
            struct text texts[] = {date_text(row, date),
                                   number_text((uint32_t)row->year, year)};

            problem_add(problems, PROBLEM_ERROR, &decides_nothing, mark, texts, 2);
            all = false;
        }
    }
    return all;
}

const struct calendar *calendar_csv_build(const struct source *source,
                                          const struct calendar_file *file, struct text name,
                                          const struct calendar *extends, struct arena *arena,
                                          struct problem_list *problems)
{
    const struct calendar *calendar =
        calendar_build(arena, name, file->version, extends, file->rows, file->row_count);

    if (calendar == NULL || !rows_decide(source, file, calendar, problems)) {
        return NULL;
    }
    return calendar;
}

struct text calendar_csv_name(struct text path)
{
    struct text rest = path;
    struct text name = path;

    while (!text_empty(rest)) {
        name = text_cut(rest, '/', &rest);
    }
    if (name.size > 4 && text_is(text_part(name, name.size - 4, 4), ".csv")) {
        name.size -= 4;
    }
    return name;
}
