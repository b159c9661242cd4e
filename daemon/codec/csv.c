#include "codec/csv.h"

#include "base/must.h"

static const struct message not_utf8 = {"csv_not_utf8",
                                        "the file is not UTF-8 text; save it as CSV UTF-8",
                                        "文件不是 UTF-8 文本；请另存为“CSV UTF-8”"};
static const struct message comment_below = {"csv_comment_below",
                                             "a comment may stand at the head of the file only",
                                             "注释行只能放在文件开头"};
static const struct message quote_inside = {
    "csv_quote_inside",
    "a quote stands inside a field that does not begin with one; quote the whole field and "
    "double the quote",
    "未加引号的字段中出现了引号；请给整个字段加引号，并把其中的引号写成两个"};
static const struct message quote_open = {
    "csv_quote_open", "the quoted field that begins here has no closing quote",
    "从这里开始的带引号字段没有结束引号"};
static const struct message after_quote = {
    "csv_after_quote", "after the closing quote a comma or the end of the line must follow",
    "结束引号之后只能是逗号或行尾"};
static const struct message stray_return = {
    "csv_stray_return", "a carriage return stands alone; lines end with LF or CRLF",
    "出现单独的回车符；行尾应为 LF 或 CRLF"};
static const struct message too_many_fields = {"csv_fields", "the row has more than {0} fields",
                                               "这一行超过 {0} 个字段"};

static bool at_end(const struct csv *csv)
{
    return csv->at == csv->source->bytes.size;
}

/* The byte at hand, or NUL at the end: the bytes have none of their own. */
static char here(const struct csv *csv)
{
    return at_end(csv) ? '\0' : csv->source->bytes.bytes[csv->at];
}

static char beyond(const struct csv *csv)
{
    return csv->at + 1 < csv->source->bytes.size ? csv->source->bytes.bytes[csv->at + 1] : '\0';
}

static struct mark mark_at(const struct csv *csv, size_t at)
{
    uint32_t column = 1;

    for (size_t i = csv->line_start; i < at; i++) {
        column += ((uint8_t)csv->source->bytes.bytes[i] & 0xc0) != 0x80;
    }
    return (struct mark){.source = csv->source, .line = csv->line, .column = column};
}

static void refuse(struct csv *csv, const struct message *message, size_t at)
{
    problem_add(csv->problems, PROBLEM_ERROR, message, mark_at(csv, at), NULL, 0);
}

static bool at_line_end(const struct csv *csv)
{
    return at_end(csv) || here(csv) == '\n' || (here(csv) == '\r' && beyond(csv) == '\n');
}

static void pass_line_end(struct csv *csv)
{
    if (here(csv) == '\r') {
        csv->at++;
    }
    if (here(csv) == '\n') {
        csv->at++;
        csv->line++;
        csv->line_start = csv->at;
    }
}

bool csv_begin(struct csv *csv, const struct source *source, struct arena *arena,
               struct problem_list *problems)
{
    *csv = (struct csv){.source = source, .arena = arena, .problems = problems, .line = 1};
    if (text_starts(source->bytes, TEXT("\xef\xbb\xbf"))) {
        csv->at = 3;
        csv->line_start = 3;
    }
    if (!text_is_utf8(source->bytes)) {
        problem_add(problems, PROBLEM_ERROR, &not_utf8, (struct mark){.source = source}, NULL,
                    0);
        return false;
    }
    return true;
}

bool csv_comment(struct csv *csv, struct csv_field *comment)
{
    while (!at_end(csv) && at_line_end(csv)) {
        pass_line_end(csv);
    }
    if (here(csv) != '#') {
        return false;
    }
    comment->mark = mark_at(csv, csv->at);
    csv->at++;

    size_t start = csv->at;

    while (!at_line_end(csv)) {
        csv->at++;
    }
    comment->text = text_trim(text_part(csv->source->bytes, start, csv->at - start));
    pass_line_end(csv);
    return true;
}

static bool read_plain(struct csv *csv, struct text *text)
{
    size_t start = csv->at;

    while (!at_line_end(csv) && here(csv) != ',') {
        if (here(csv) == '"' || here(csv) == '\r') {
            refuse(csv, here(csv) == '"' ? &quote_inside : &stray_return, csv->at);
            return false;
        }
        csv->at++;
    }
    *text = text_part(csv->source->bytes, start, csv->at - start);
    return true;
}

/* What stands between the quotes, each doubled quote made one. */
static struct text without_doubles(struct csv *csv, struct text raw, size_t doubled)
{
    if (doubled == 0) {
        return raw;
    }

    char *copy = arena_take(csv->arena, raw.size);
    size_t size = 0;

    if (copy == NULL) {
        return (struct text){0}; /* the arena says `spent`, and its owner looks */
    }
    for (size_t i = 0; i < raw.size; i++) {
        copy[size++] = raw.bytes[i];
        i += raw.bytes[i] == '"';
    }
    return (struct text){.bytes = copy, .size = size};
}

static bool read_quoted(struct csv *csv, struct text *text)
{
    struct mark mark = mark_at(csv, csv->at);
    size_t start = csv->at + 1;
    size_t doubled = 0;

    for (csv->at = start; here(csv) != '"' || beyond(csv) == '"'; csv->at++) {
        if (at_end(csv)) {
            problem_add(csv->problems, PROBLEM_ERROR, &quote_open, mark, NULL, 0);
            return false;
        }
        if (here(csv) == '"') {
            doubled++;
            csv->at++;
        } else if (here(csv) == '\n') {
            csv->line++;
            csv->line_start = csv->at + 1;
        }
    }
    *text =
        without_doubles(csv, text_part(csv->source->bytes, start, csv->at - start), doubled);
    csv->at++;
    if (!at_line_end(csv) && here(csv) != ',') {
        refuse(csv, &after_quote, csv->at);
        return false;
    }
    return true;
}

static bool read_field(struct csv *csv, struct csv_field *field)
{
    field->mark = mark_at(csv, csv->at);
    return here(csv) == '"' ? read_quoted(csv, &field->text) : read_plain(csv, &field->text);
}

static bool too_many(struct csv *csv, uint32_t field_max)
{
    char digits[4];
    size_t size = 0;

    MUST(field_max <= CSV_FIELDS_MAX);
    if (field_max >= 100) {
        digits[size++] = (char)('0' + field_max / 100);
    }
    if (field_max >= 10) {
        digits[size++] = (char)('0' + field_max / 10 % 10);
    }
    digits[size++] = (char)('0' + field_max % 10);
    problem_error(csv->problems, &too_many_fields, mark_at(csv, csv->at),
                  (struct text){.bytes = digits, .size = size});
    return false;
}

static bool read_row(struct csv *csv, struct csv_field *fields, uint32_t field_max,
                     uint32_t *field_count)
{
    *field_count = 0;
    for (;;) {
        if (*field_count == field_max) {
            return too_many(csv, field_max);
        }
        if (!read_field(csv, &fields[*field_count])) {
            return false;
        }
        *field_count += 1;
        if (here(csv) != ',') {
            pass_line_end(csv);
            return true;
        }
        csv->at++;
    }
}

enum csv_result csv_next(struct csv *csv, struct csv_field *fields, uint32_t field_max,
                         uint32_t *field_count)
{
    while (!at_end(csv) && at_line_end(csv)) {
        pass_line_end(csv);
    }
    if (at_end(csv)) {
        return CSV_END;
    }
    if (here(csv) == '#') {
        refuse(csv, &comment_below, csv->at);
        return CSV_BROKEN;
    }
    return read_row(csv, fields, field_max, field_count) ? CSV_ROW : CSV_BROKEN;
}
