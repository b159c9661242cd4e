#include "engine/filter.h"

#include <string.h>

static const struct message filter_name = {
    "filter_name",
    "a filter knows no `{0}`; it knows agency, procedure, stage, state, case, due and overdue",
    "筛选条件没有“{0}”；可用 agency、procedure、stage、state、case、due、overdue"};
static const struct message filter_near = {"filter_near",
                                           "a filter knows no `{0}`; did you mean {1}?",
                                           "筛选条件没有“{0}”；是否指 {1}？"};
static const struct message filter_operator = {"filter_operator", "`{0}` takes {1} here",
                                               "“{0}”此处应为 {1}"};
static const struct message filter_value = {"filter_value", "a value is missing behind `{0}`",
                                            "“{0}”之后缺少取值"};
static const struct message filter_state = {"filter_state",
                                            "a case is open, ending or closed, not `{0}`",
                                            "案件状态为 open、ending 或 closed，没有“{0}”"};
static const struct message filter_when = {
    "filter_when", "`{0}` is neither a date (2026-05-31), nor `today`, nor a length (3wd, 10d)",
    "“{0}”既不是日期（2026-05-31）、today，也不是期间（3wd、10d）"};
static const struct message filter_twice = {"filter_twice", "`{0}` stands there twice",
                                            "“{0}”出现了两次"};
static const struct message filter_end = {"filter_end", "conditions are joined by &",
                                          "条件之间用 & 连接"};
static const struct message filter_long = {"filter_long", "a filter has at most 1024 bytes",
                                           "筛选条件最多 1024 字节"};

const struct message *const *filter_messages(uint32_t *count)
{
    static const struct message *const messages[] = {
        &filter_name, &filter_near,  &filter_operator, &filter_value, &filter_state,
        &filter_when, &filter_twice, &filter_end,      &filter_long,
    };

    *count = sizeof(messages) / sizeof(messages[0]);
    return messages;
}

const char *const filter_words[] = {"agency", "procedure", "stage",   "state",
                                    "case",   "due",       "overdue", NULL};

struct parsing {
    const struct source *source;
    struct text rest;
    struct filter *filter;
    struct problem_list *problems;
};

enum { ALL_PHASES = 1U << CASE_OPEN | 1U << CASE_ENDING | 1U << CASE_CLOSED };

/* Where the next word would begin. */
static struct text here(const struct parsing *parsing)
{
    const struct text *whole = &parsing->source->bytes;

    return parsing->rest.size > 0 ? parsing->rest
                                  : (struct text){.bytes = whole->bytes + whole->size};
}

/* Columns are counted in characters. */
static struct mark mark_of(const struct parsing *parsing, struct text at)
{
    struct mark mark = {.source = parsing->source, .line = 1, .column = 1};

    for (const char *c = parsing->source->bytes.bytes; c < at.bytes; c++) {
        mark.column += ((unsigned char)*c & 0xc0) != 0x80 ? 1 : 0;
    }
    return mark;
}

static bool fail(struct parsing *parsing, const struct message *message, struct text at,
                 struct text first, struct text second)
{
    struct text arguments[] = {first, second};

    problem_add(parsing->problems, PROBLEM_ERROR, message, mark_of(parsing, at), arguments, 2);
    return false;
}

static void skip_blanks(struct parsing *parsing)
{
    while (parsing->rest.size > 0 &&
           (parsing->rest.bytes[0] == ' ' || parsing->rest.bytes[0] == '\t')) {
        parsing->rest = text_part(parsing->rest, 1, parsing->rest.size);
    }
}

/* What stands before a blank, an operator or &. */
static struct text take_word(struct parsing *parsing, const char *stops)
{
    size_t size = 0;

    skip_blanks(parsing);
    while (size < parsing->rest.size && strchr(stops, parsing->rest.bytes[size]) == NULL) {
        size++;
    }

    struct text word = {.bytes = parsing->rest.bytes, .size = size};

    parsing->rest = text_part(parsing->rest, size, parsing->rest.size);
    skip_blanks(parsing);
    return word;
}

static struct text take_sign(struct parsing *parsing)
{
    static const char *const signs[] = {"<=", ">=", "!=", "<", ">", "="};

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        struct text sign = text_of(signs[i]);

        if (text_starts(parsing->rest, sign)) {
            parsing->rest = text_part(parsing->rest, sign.size, parsing->rest.size);
            return sign;
        }
    }
    return (struct text){0};
}

/* The operator and value of a name that is or is not. */
static bool take_value(struct parsing *parsing, struct text name, const char *allowed,
                       struct text *sign, struct text *value)
{
    struct text at = here(parsing);

    *sign = take_sign(parsing);
    if (text_empty(*sign) || (strcmp(allowed, "=") == 0 && !text_is(*sign, "=")) ||
        (strcmp(allowed, "= !=") == 0 && !text_is(*sign, "=") && !text_is(*sign, "!=")) ||
        (strcmp(allowed, "< <= = >= >") == 0 && text_is(*sign, "!="))) {
        return fail(parsing, &filter_operator, at, name, text_of(allowed));
    }
    *value = take_word(parsing, " \t&");
    return text_empty(*value)
               ? fail(parsing, &filter_value, here(parsing), *sign, (struct text){0})
               : true;
}

static bool take_name(struct parsing *parsing, struct text name, struct filter_name *wanted)
{
    struct text sign;
    struct text value;

    if (!take_value(parsing, name, "= !=", &sign, &value)) {
        return false;
    }

    struct text *place = text_is(sign, "=") ? &wanted->name : &wanted->other;

    if (!text_empty(*place)) {
        return fail(parsing, &filter_twice, name, name, (struct text){0});
    }
    *place = value;
    return true;
}

static bool take_state(struct parsing *parsing, struct text name)
{
    static const struct {
        const char *word;
        enum case_phase phase;
    } states[] = {{"open", CASE_OPEN}, {"ending", CASE_ENDING}, {"closed", CASE_CLOSED}};
    struct text sign;
    struct text value;

    if (!take_value(parsing, name, "= !=", &sign, &value)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (text_is(value, states[i].word)) {
            uint32_t bit = 1U << states[i].phase;

            parsing->filter->phases &= text_is(sign, "=") ? bit : ~bit;
            return true;
        }
    }
    return fail(parsing, &filter_state, value, value, (struct text){0});
}

static bool take_case(struct parsing *parsing, struct text name)
{
    struct filter *filter = parsing->filter;
    struct text sign;
    struct text value;

    if (!take_value(parsing, name, "=", &sign, &value)) {
        return false;
    }
    if (!text_empty(filter->case_id) || filter->case_begins) {
        return fail(parsing, &filter_twice, name, name, (struct text){0});
    }
    filter->case_begins = value.bytes[value.size - 1] == '*';
    filter->case_id = text_part(value, 0, value.size - (filter->case_begins ? 1 : 0));
    return true;
}

static bool read_when(struct text value, struct filter_due *due)
{
    due->counted = true;
    if (text_is(value, "today")) {
        due->length = (struct length){.count = 0, .unit = LENGTH_DAYS};
        return true;
    }
    if (date_parse(value, &due->date)) {
        due->counted = false;
        return true;
    }
    return (length_parse(value, &due->length) || offset_parse(value, &due->length)) &&
           !length_is_exact(due->length);
}

static void add_due(struct filter *filter, struct filter_due due, enum filter_bound bound,
                    int32_t beside)
{
    due.bound = bound;
    due.beside = beside;
    filter->dues[filter->due_count++] = due;
}

static bool take_due(struct parsing *parsing, struct text name)
{
    struct filter *filter = parsing->filter;
    struct filter_due due = {0};
    struct text sign;
    struct text value;

    if (!take_value(parsing, name, "< <= = >= >", &sign, &value)) {
        return false;
    }
    if (!read_when(value, &due)) {
        return fail(parsing, &filter_when, value, value, (struct text){0});
    }
    if (filter->due_count + 2 > FILTER_DUES_MAX) {
        return fail(parsing, &filter_twice, name, name, (struct text){0});
    }
    if (text_is(sign, "<") || text_is(sign, "<=") || text_is(sign, "=")) {
        add_due(filter, due, FILTER_TO, text_is(sign, "<") ? -1 : 0);
    }
    if (text_is(sign, ">") || text_is(sign, ">=") || text_is(sign, "=")) {
        add_due(filter, due, FILTER_FROM, text_is(sign, ">") ? 1 : 0);
    }
    return true;
}

static bool take_condition(struct parsing *parsing)
{
    struct filter *filter = parsing->filter;
    struct text name = take_word(parsing, " \t&<>=!");

    if (text_is(name, "agency")) {
        return take_name(parsing, name, &filter->agency);
    }
    if (text_is(name, "procedure")) {
        return take_name(parsing, name, &filter->procedure);
    }
    if (text_is(name, "stage")) {
        return take_name(parsing, name, &filter->stage);
    }
    if (text_is(name, "state")) {
        return take_state(parsing, name);
    }
    if (text_is(name, "case")) {
        return take_case(parsing, name);
    }
    if (text_is(name, "due")) {
        return take_due(parsing, name);
    }
    if (text_is(name, "overdue")) {
        filter->overdue = true;
        return true;
    }

    struct text words[sizeof(filter_words) / sizeof(filter_words[0]) - 1];

    for (size_t i = 0; filter_words[i] != NULL; i++) {
        words[i] = text_of(filter_words[i]);
    }

    struct text near = nearest_word(name, words, sizeof(words) / sizeof(words[0]));

    return fail(parsing, text_empty(near) ? &filter_name : &filter_near,
                text_empty(name) ? here(parsing) : name, name, near);
}

bool filter_parse(const struct source *source, struct filter *filter,
                  struct problem_list *problems)
{
    struct parsing parsing = {
        .source = source, .rest = source->bytes, .filter = filter, .problems = problems};

    *filter = (struct filter){.phases = ALL_PHASES};
    if (source->bytes.size > FILTER_BYTES_MAX) {
        return fail(&parsing, &filter_long, source->bytes, (struct text){0}, (struct text){0});
    }
    skip_blanks(&parsing);
    while (parsing.rest.size > 0) {
        if (!take_condition(&parsing)) {
            return false;
        }
        if (parsing.rest.size == 0) {
            break;
        }
        if (parsing.rest.bytes[0] != '&') {
            return fail(&parsing, &filter_end, parsing.rest, (struct text){0},
                        (struct text){0});
        }
        do {
            parsing.rest = text_part(parsing.rest, 1, parsing.rest.size);
        } while (parsing.rest.size > 0 && parsing.rest.bytes[0] == '&');
        skip_blanks(&parsing);
        if (parsing.rest.size == 0) {
            return fail(&parsing, &filter_value, here(&parsing), TEXT("&"), (struct text){0});
        }
    }
    return true;
}

bool filter_name_is(const struct filter_name *wanted, struct text name)
{
    return (text_empty(wanted->name) || text_equal(wanted->name, name)) &&
           (text_empty(wanted->other) || !text_equal(wanted->other, name));
}

/* A length counted from today, forwards or back. */
static int32_t count_from(int32_t today, struct length length, const struct calendar *calendar)
{
    switch (length.unit) {
    case LENGTH_WORKDAYS:
        return calendar_advance(calendar, today, length.count);
    case LENGTH_MONTHS:
        return date_add_months(today, length.count);
    case LENGTH_YEARS:
        return date_add_months(today, length.count * 12);
    case LENGTH_DAYS:
    case LENGTH_HOURS:
    case LENGTH_MINUTES:
        break;
    }
    return today + length.count;
}

bool filter_due_dates(const struct filter *filter, const struct office *office, int64_t now_ms,
                      int32_t *from, int32_t *to)
{
    int32_t today = date_of_instant(now_ms, office->zone_ms);

    *from = INT32_MIN;
    *to = INT32_MAX - 1; /* what is not due at all never is */
    for (uint32_t i = 0; i < filter->due_count; i++) {
        const struct filter_due *due = &filter->dues[i];
        int32_t date =
            due->counted ? count_from(today, due->length, office->calendar) : due->date;

        date += due->beside;
        if (due->bound == FILTER_FROM && date > *from) {
            *from = date;
        }
        if (due->bound == FILTER_TO && date < *to) {
            *to = date;
        }
    }
    if (filter->overdue && *to > today) {
        *to = today;
    }
    return filter->due_count > 0 || filter->overdue;
}
