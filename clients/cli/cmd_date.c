#include "base/must.h"
#include "cli/calendars.h"
#include "cli/commands.h"
#include "cli/date.h"
#include "cli/days.h"
#include "cli/out.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ARENA_BYTES = 256 * 1024 * 1024 };

/* The parts of a question, as options. */
static const struct {
    const char *option;
    enum question_part part;
} parts[] = {
    {"from", PART_FROM},     {"before", PART_BEFORE}, {"length", PART_LENGTH},
    {"extend", PART_EXTEND}, {"roll", PART_ROLL},     {"pause", PART_PAUSE},
    {"anchor", PART_ANCHOR}, {"offset", PART_OFFSET},
};

static const struct message batch_alone = {
    "date_batch_alone", "--batch takes its questions from the file; it does not go with --{0}",
    "--batch 的问题全部来自文件，不能与 --{0} 并用"};
static const struct message note_provisional = {
    "date_provisional",
    "provisional: it asked about a year whose working days are not published yet",
    "暂定。推算涉及尚未公布放假安排的年份"};
static const struct message note_moment_provisional = {
    "date_moment_provisional",
    "{0} is provisional: it asked about a year whose working days are not published yet",
    "{0} 为暂定。推算涉及尚未公布放假安排的年份"};
static const struct message note_paused = {
    "date_paused", "paused: there is no due date while the pause lasts; left to count: {0}",
    "中止中，恢复前没有届满日；剩余 {0}"};

static const struct message note_no_effect = {
    "date_no_effect",
    "the pause from {0} has no effect: it begins when no days are left to be counted",
    "自 {0} 起的中止不起作用：当时已无剩余期限"};
static const struct message note_empty_pause = {
    "date_empty_pause",
    "the pause from {0} counts for nothing: it does not end after it begins",
    "自 {0} 起的中止不计：其结束不晚于开始"};

struct office date_office(const struct calendar *calendar)
{
    struct office office = {.calendar = calendar, .moment_ms = OFFICE_MOMENT_MS};

    MUST(zone_parse(TEXT("Asia/Shanghai"), &office.zone_ms));
    return office;
}

static enum exit_code refuse_question(const struct arguments *arguments,
                                      const struct misreading *misreading)
{
    char rooms[2][128];

    for (uint32_t i = 0; i < 2; i++) {
        (void)snprintf(rooms[i], sizeof(rooms[i]), "%.*s",
                       (int)(misreading->texts[i].size < 100 ? misreading->texts[i].size : 100),
                       misreading->texts[i].size == 0 ? "" : misreading->texts[i].bytes);
    }
    return command_misused(arguments, misreading->message,
                           (const char *[]){rooms[0], rooms[1]});
}

static bool read_question(const struct arguments *arguments, const struct office *office,
                          struct question *question, struct misreading *misreading)
{
    bool ignored;

    question_begin(question);
    question->workdays = argument_given(arguments, "workdays");
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        uint32_t at = 0;
        const char *word;

        while ((word = argument_next(arguments, parts[i].option, &at)) != NULL) {
            if (!question_take(question, parts[i].part, text_of(word), office, misreading)) {
                return false;
            }
        }
    }
    if (!question_end(question, misreading, &ignored)) {
        return false;
    }
    if (ignored) {
        words_note(&question_ignored, NULL);
    }
    return true;
}

static json_t *json_date(int32_t date)
{
    char text[DATE_TEXT_SIZE];

    (void)date_print(date, text);
    return date == DATE_NONE ? json_null() : json_string(text);
}

static json_t *json_instant(int64_t at_ms, const struct office *office)
{
    char text[INSTANT_TEXT_SIZE];

    (void)instant_print(at_ms, office->zone_ms, text);
    return at_ms == INSTANT_NEVER ? json_null() : json_string(text);
}

static json_t *json_of_text(struct text text)
{
    return text_empty(text) ? json_null() : json_stringn(text.bytes, text.size);
}

/* {"-3wd": "2026-…"}; null while paused. Those that are provisional are listed apart. */
static json_t *json_offsets(const struct question *question, const struct due *due,
                            const struct office *office, json_t *provisional)
{
    json_t *offsets = json_object();

    for (uint32_t i = 0; i < question->offset_count; i++) {
        char name[LENGTH_TEXT_SIZE + 1] = "+";
        struct length offset = question->offsets[i];
        bool plus = offset.count > 0;

        (void)length_print(offset, name + plus);
        if (due->paused) {
            MUST(json_object_set_new(offsets, name, json_null()) == 0);
            continue;
        }

        struct offset_moment moment = question_moment(question, due, offset, office);

        MUST(json_object_set_new(offsets, name, json_instant(moment.at_ms, office)) == 0);
        if (moment.provisional) {
            MUST(json_array_append_new(provisional, json_string(name)) == 0);
        }
    }
    return offsets;
}

static void print_json(const struct question *question, const struct due *due,
                       const struct office *office, bool explained)
{
    const struct derivation *derivation = &question->derivation;
    json_t *provisional = json_array();
    json_t *offsets = json_offsets(question, due, office, provisional);
    json_t *answer = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "start",
        question->from_given ? json_instant(derivation->started_ms, office) : json_null(),
        "before", json_date(derivation->date), "last_day", json_date(due->last_day), "safe_day",
        json_date(due->safe_day), "due", json_instant(due->due_ms, office), "provisional",
        (int)due->provisional, "calendar", json_of_text(calendar_name(office->calendar)),
        "calendar_version", json_of_text(calendar_version(office->calendar)), "offsets",
        offsets, "provisional_offsets", provisional);

    MUST(answer != NULL);
    if (due->paused) {
        char left[LENGTH_TEXT_SIZE];

        (void)length_print(due->left, left);
        MUST(json_object_set_new(answer, "left", json_string(left)) == 0);
    }
    if (explained) {
        MUST(json_object_set_new(answer, "days", date_days_json(question, office)) == 0);
    }
    out_json(answer);
}

static void add_date(struct out_table *table, const char *name, int32_t date,
                     const struct office *office)
{
    char words[DAY_WORDS_SIZE];

    if (date != DATE_NONE) {
        date_words(office->calendar, date, words);
        out_table_row(table, (const char *[]){name, words});
    }
}

/* "2026-02-28T00:00:00+08:00", or with the day's words where people read. */
static void add_instant(struct out_table *table, const char *name, int64_t at_ms,
                        const struct office *office, bool with_day)
{
    char text[INSTANT_TEXT_SIZE];
    char kind[DAY_WORDS_SIZE];
    char both[INSTANT_TEXT_SIZE + DAY_WORDS_SIZE + 8];
    int32_t date = date_of_instant(at_ms, office->zone_ms);

    (void)instant_print(at_ms, office->zone_ms, text);
    day_kind_words(office->calendar, date, kind);
    (void)snprintf(both, sizeof(both), "%s %s %s", text, weekday_words(date), kind);
    out_table_row(table, (const char *[]){name, with_day ? both : text});
}

static void print_table(const struct question *question, const struct due *due,
                        const struct office *office)
{
    static const struct out_column columns[] = {{.name = "what", .en = "WHAT", .zh = "项目"},
                                                {.name = "value", .en = "VALUE", .zh = "结果"}};
    struct out_table *table = out_table_open(columns, 2);
    char left[LENGTH_TEXT_SIZE];

    if (due->paused) {
        (void)length_print(due->left, left);
        out_table_row(table, (const char *[]){words_pick("paused, left", "中止，剩余"), left});
    } else {
        add_instant(table, words_pick("due", "到期"), due->due_ms, office, false);
    }
    add_date(table, words_pick("last day", "届满日"), due->last_day, office);
    add_date(table, words_pick("safe day", "稳妥日"), due->safe_day, office);
    for (uint32_t i = 0; i < question->offset_count && !due->paused; i++) {
        char name[LENGTH_TEXT_SIZE + 1] = "+";
        struct length offset = question->offsets[i];

        (void)length_print(offset, name + (offset.count > 0));
        add_instant(table, name, question_moment(question, due, offset, office).at_ms, office,
                    !length_is_exact(offset));
    }

    struct text name = calendar_name(office->calendar);
    struct text version = calendar_version(office->calendar);
    char calendar[256];

    (void)snprintf(calendar, sizeof(calendar), "%.*s %.*s", TEXT_ARGS(text_part(name, 0, 100)),
                   (int)text_part(version, 0, 100).size, version.size > 0 ? version.bytes : "");
    out_table_row(table, (const char *[]){words_pick("calendar", "日历"), calendar});
    out_table_print(table);
}

/* For scripts: the due instant on a line, then each moment on its own. */
static void print_plain(const struct question *question, const struct due *due,
                        const struct office *office)
{
    char text[INSTANT_TEXT_SIZE];

    if (due->paused) {
        return;
    }
    (void)instant_print(due->due_ms, office->zone_ms, text);
    printf("%s\n", text);
    for (uint32_t i = 0; i < question->offset_count; i++) {
        struct offset_moment moment =
            question_moment(question, due, question->offsets[i], office);

        (void)instant_print(moment.at_ms, office->zone_ms, text);
        printf("%s\n", text);
    }
}

static void note_idle_pauses(const struct question *question, const struct due *due,
                             const struct office *office)
{
    const struct derivation *derivation = &question->derivation;

    for (uint32_t i = 0; i < derivation->pause_count; i++) {
        const struct interval *pause = &derivation->pauses[i];
        bool empty = pause->to_ms <= pause->from_ms;
        char from[INSTANT_TEXT_SIZE];

        if (empty || !due_pause_acts(due, office, pause->from_ms)) {
            (void)instant_print(pause->from_ms, office->zone_ms, from);
            words_note(empty ? &note_empty_pause : &note_no_effect, (const char *[]){from});
        }
    }
}

/* What must not be overlooked goes to stderr, whatever is printed. */
static void print_notes(const struct question *question, const struct due *due,
                        const struct office *office)
{
    char name[LENGTH_TEXT_SIZE + 1] = "+";

    note_idle_pauses(question, due, office);
    if (due->provisional) {
        words_note(&note_provisional, NULL);
    }
    if (due->paused) {
        (void)length_print(due->left, name);
        words_note(&note_paused, (const char *[]){name});
        return;
    }
    for (uint32_t i = 0; i < question->offset_count; i++) {
        struct length offset = question->offsets[i];

        if (question_moment(question, due, offset, office).provisional) {
            name[0] = '+';
            (void)length_print(offset, name + (offset.count > 0));
            words_note(&note_moment_provisional, (const char *[]){name});
        }
    }
}

static enum exit_code answer_one(const struct arguments *arguments, const struct office *office)
{
    static struct question question; /* large, and there is one */
    struct misreading misreading;
    struct due due;
    bool explained = argument_given(arguments, "explain");
    bool for_people =
        explained || argument_given(arguments, "output") || isatty(STDOUT_FILENO) == 1;

    if (!read_question(arguments, office, &question, &misreading) ||
        !question_answer(&question, office, &due, &misreading)) {
        return refuse_question(arguments, &misreading);
    }
    if (out_format() == OUT_JSON) {
        print_json(&question, &due, office, explained);
        return EXIT_DONE;
    }
    if (out_format() == OUT_CSV && explained) {
        date_print_days(&question, office);
    } else if (!for_people) {
        print_plain(&question, &due, office);
    } else {
        print_table(&question, &due, office);
        if (explained && !length_is_exact(question.derivation.length)) {
            (void)putchar('\n');
            date_print_days(&question, office);
        }
    }
    (void)fflush(stdout);
    print_notes(&question, &due, office);
    return EXIT_DONE;
}

static enum exit_code run(const struct arguments *arguments)
{
    const char *batch = argument_value(arguments, "batch");
    struct arena arena;
    enum exit_code code = EXIT_REFUSED;

    for (size_t i = 0; batch != NULL && i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (argument_given(arguments, parts[i].option)) {
            return command_misused(arguments, &batch_alone, (const char *[]){parts[i].option});
        }
    }
    arena_init_growing(&arena, ARENA_BYTES);

    const struct calendar *calendar =
        calendar_load_or_complain(argument_value(arguments, "calendar"), &arena);

    if (calendar != NULL) {
        struct office office = date_office(calendar);

        code =
            batch != NULL ? date_answer_file(batch, &office) : answer_one(arguments, &office);
    }
    arena_fini(&arena);
    return code;
}

static const struct option options[] = {
    {.name = "from",
     .value = "TIME",
     .en = "when the limit starts: 2026-02-13T10:00",
     .zh = "起算时间，如 2026-02-13T10:00"},
    {.name = "before",
     .value = "DATE",
     .en = "count back from this date instead",
     .zh = "自该日倒算"},
    {.name = "length",
     .value = "LENGTH",
     .en = "30min 8h 90d 7wd (working days) 2mo 1y",
     .zh = "期限：30min 8h 90d 7wd（工作日）2mo 1y"},
    {.name = "extend",
     .repeats = true,
     .value = "LENGTH",
     .en = "an extension; may repeat",
     .zh = "延长，可多次"},
    {.name = "roll",
     .value = "forward|none",
     .en = "what if the last day rests (default none)",
     .zh = "末日休息时是否顺延（默认 none）"},
    {.name = "pause",
     .repeats = true,
     .value = "A..B",
     .en = "not running from A to B; A.. while it lasts; may repeat",
     .zh = "自 A 至 B 中止；A.. 表示尚未恢复；可多次"},
    {.name = "offset",
     .repeats = true,
     .value = "OFFSET",
     .en = "a reminder -3wd, 0d, or a rung +2wd; may repeat",
     .zh = "提醒 -3wd、0d 或升级 +2wd，可多次"},
    {.name = "anchor",
     .value = "safe|last",
     .en = "what reminders count from (default last)",
     .zh = "提醒自何日起算：稳妥日或届满日（默认 last）"},
    {.name = "workdays", .en = "moments fall on working days only", .zh = "提醒只落在工作日"},
    {.name = "explain", .en = "tell of each date how it was counted", .zh = "逐日列出如何计算"},
    {.name = "batch",
     .value = "FILE",
     .en = "answer every row of a CSV (- is stdin)",
     .zh = "逐行解答 CSV 文件（- 为标准输入）"},
    {.name = "calendar",
     .value = "FILE",
     .en = "a calendar of your own (default: the one inside)",
     .zh = "自备日历文件（默认用内置日历）"},
};

static const char *const usages[] = {
    "date --from TIME --length LENGTH [--roll forward] [--pause A..B]… [--extend LENGTH]…",
    "date --before DATE --length LENGTH",
    "date --batch FILE.csv",
    NULL,
};

static const struct message examples = {
    "date_examples",
    "  duban date --from 2026-02-13T10:00 --length 5wd --explain\n"
    "  duban date --from 2026-03-02T10:00 --length 90d --roll forward \\\n"
    "      --pause 2026-03-10T10:00..2026-04-08T10:00 --extend 30d --offset -3wd\n"
    "  duban date --before 2026-03-20 --length 7wd\n"
    "  duban date --batch deadlines.csv > answers.csv\n",
    "  duban date --from 2026-02-13T10:00 --length 5wd --explain\n"
    "  duban date --from 2026-03-02T10:00 --length 90d --roll forward \\\n"
    "      --pause 2026-03-10T10:00..2026-04-08T10:00 --extend 30d --offset -3wd\n"
    "  duban date --before 2026-03-20 --length 7wd\n"
    "  duban date --batch deadlines.csv > answers.csv\n"};

static const struct message notes = {
    "date_notes",
    "To a pipe, the due instant is printed alone, then each offset's; to a terminal, or with\n"
    "-o table, all of the answer. An act before the due instant is in time.\n",
    "输出到管道时只打印到期时刻，其后逐行打印各偏移；输出到终端或加 -o table 时打印全部结果。\n"
    "到期时刻之前作出即为按期。\n"};

const struct command command_date = {
    .name = "date",
    .en = "reckon when a limit falls due",
    .zh = "推算期限何时届满",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .run = run,
};
