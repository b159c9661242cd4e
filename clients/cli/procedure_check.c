#include "cli/procedure.h"
#include "cli/procedure_reach.h"
#include "cli/words.h"
#include "core/prove.h"
#include "engine/law.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
    uint32_t errors;
    uint32_t warnings;
    uint32_t notes;
    bool alone; /* some file stands in no configuration folder */
};

static const struct message no_file = {
    "check_no_file", "name the procedures to check: duban procedure check FILE…",
    "请给出要检查的程序文件：duban procedure check 文件…"};
static const struct message well = {"check_well", "{0}: well; {1}@{2}, {3}",
                                    "{0}：无误；{1} 第 {2} 版，{3}"};
static const struct message counted = {"check_counted",
                                       "errors: {0}, warnings: {1}, notes: {2}",
                                       "错误 {0} 处，警告 {1} 处，提示 {2} 处"};
static const struct message unchecked = {
    "check_unchecked",
    "of a file that stands in no procedures/ folder, registers and notices were not looked "
    "at: --config DIR names them",
    "有文件不在 procedures/ 目录中，未核对其名录和通知文稿：可用 --config 目录 指定"};

static int severity_order(const struct problem *a, const struct problem *b)
{
    return (int)a->severity - (int)b->severity;
}

/* By file, line and column; what stands at the same place stays in the order found. */
static int place_order(const void *left, const void *right)
{
    const struct problem *a = *(const struct problem *const *)left;
    const struct problem *b = *(const struct problem *const *)right;

    if (a->mark.source != b->mark.source) {
        if (a->mark.source == NULL || b->mark.source == NULL) {
            return a->mark.source == NULL ? 1 : -1;
        }
        return text_compare(a->mark.source->name, b->mark.source->name);
    }
    if (a->mark.line != b->mark.line) {
        return a->mark.line < b->mark.line ? -1 : 1;
    }
    if (a->mark.column != b->mark.column) {
        return a->mark.column < b->mark.column ? -1 : 1;
    }
    return severity_order(a, b);
}

/* Put the list in the order of the file; as one reads, one mends. */
static void order(struct problem_list *problems)
{
    struct problem *all[PROBLEMS_MAX];
    uint32_t count = 0;

    for (struct problem *p = problems->first; p != NULL; p = p->next) {
        all[count++] = p;
    }
    qsort(all, count, sizeof(struct problem *), place_order); // NOLINT
    for (uint32_t i = 0; i < count; i++) {
        all[i]->next = i + 1 < count ? all[i + 1] : NULL;
    }
    problems->first = count > 0 ? all[0] : NULL;
    problems->last = count > 0 ? all[count - 1] : NULL;
}

/* What was past the list's end is counted as what it is: errors, else warnings. */
static struct tally tally_of(const struct problem_list *problems)
{
    struct tally tally = {.errors = problems->error_count};
    uint32_t kept = 0;

    for (const struct problem *p = problems->first; p != NULL; p = p->next) {
        tally.warnings += p->severity == PROBLEM_WARNING;
        tally.notes += p->severity == PROBLEM_NOTE;
        kept++;
    }
    if (problems->count > kept &&
        tally.errors + tally.warnings + tally.notes < problems->count) {
        tally.warnings = problems->count - tally.errors - tally.notes;
    }
    return tally;
}

/* What is proved of a procedure, and those that its rules open or tell cases of. */
struct others {
    const struct loaded *loaded;
    struct arena *arena;
    const struct procedure **made;
    uint32_t count;
};

enum { OTHERS_MAX = 64 };

static void add_others(struct others *others, const struct procedure *of);

/* Every version of that name, each with those that it speaks of in turn. */
static void add_named(struct others *others, struct text wanted)
{
    const struct config *config = &others->loaded->config;
    uint32_t count = others->count;

    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(others->made[i]->name, wanted)) {
            return;
        }
    }
    for (uint32_t i = 0; i < config->procedure_count && others->count < OTHERS_MAX; i++) {
        struct problem_list unheard; /* told when that file is checked */
        struct text name;
        uint32_t version;

        problem_list_init(&unheard, others->arena);
        if (!procedure_head(config->procedures[i], others->arena, &name, &version) ||
            !text_equal(name, wanted)) {
            continue;
        }

        const struct procedure *made = procedure_load(
            config->procedures[i], &others->loaded->library, others->arena, &unheard);

        if (made != NULL) {
            others->made[others->count++] = made;
        }
    }
    for (uint32_t i = count; i < others->count; i++) {
        add_others(others, others->made[i]);
    }
}

static void add_offered(struct others *others, const struct offer *offers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            const struct rule *rule = &offers[i].rules[j];

            for (uint32_t k = 0; k < rule->errand_count; k++) {
                for (uint32_t l = 0; l < rule->errands[k].procedure_count; l++) {
                    add_named(others, rule->errands[k].procedures[l]);
                }
            }
        }
    }
}

static void add_others(struct others *others, const struct procedure *of)
{
    add_offered(others, of->opens, of->open_count);
    for (uint32_t i = 0; i < of->stage_count; i++) {
        add_offered(others, of->stages[i].offers, of->stages[i].offer_count);
    }
    add_offered(others, of->anytime, of->anytime_count);
}

static void prove(const struct loaded *loaded, bool strict, struct arena *arena,
                  struct problem_list *problems)
{
    struct prove_options options = {.strict = strict,
                                    .words = loaded->library.words,
                                    .word_count = loaded->library.word_count};
    struct others others = {
        .loaded = loaded,
        .arena = arena,
        .made = arena_take_zeroed(arena, OTHERS_MAX, sizeof(struct procedure *)),
    };

    if (others.made != NULL && loaded->config.procedure_count > 0) {
        others.made[others.count++] = loaded->procedure;
        add_others(&others, loaded->procedure);
        options.others = others.made;
        options.other_count = others.count;
    }
    procedure_prove(loaded->procedure, &options, arena, problems);
}

static const char *severity_code(enum severity severity)
{
    switch (severity) {
    case PROBLEM_ERROR:
        return "error";
    case PROBLEM_WARNING:
        return "warning";
    case PROBLEM_NOTE:
        return "note";
    }
    return "";
}

static void add_row(struct out_table *table, const struct problem *problem)
{
    char place[2][16];
    char file[1024];
    char words[4096];

    (void)snprintf(place[0], sizeof(place[0]), "%u", problem->mark.line);
    (void)snprintf(place[1], sizeof(place[1]), "%u", problem->mark.column);
    (void)snprintf(file, sizeof(file), "%.*s",
                   problem->mark.source == NULL ? 0 : (int)problem->mark.source->name.size,
                   problem->mark.source == NULL ? "" : problem->mark.source->name.bytes);
    (void)message_print(words_in(problem->message), problem->arguments, words, sizeof(words));

    bool placed = problem->mark.source != NULL && problem->mark.line > 0;

    out_table_row(table, (const char *[]){file, placed ? place[0] : "", placed ? place[1] : "",
                                          severity_code(problem->severity),
                                          problem->message->code, words});
}

static void print_well(const char *path, const struct procedure *procedure)
{
    char version[16];
    char parts[256];

    (void)snprintf(version, sizeof(version), "%u", procedure->version);
    (void)snprintf(parts, sizeof(parts), "%s%u%s%u", words_pick("stages ", "阶段 "),
                   procedure->stage_count, words_pick(", clocks ", "、期限 "),
                   procedure->clock_count);

    char name[256];

    (void)snprintf(name, sizeof(name), "%.*s", TEXT_ARGS(text_part(procedure->name, 0, 200)));
    words_print(stdout, &well, (const char *[]){path, name, version, parts});
}

/* One file; its problems go to the table where there is one, else to stdout at once. */
static bool check_file(const struct arguments *arguments, const char *path,
                       struct out_table *table, struct tally *total)
{
    struct arena arena;
    struct loaded loaded;
    bool read;

    arena_init_growing(&arena, PROCEDURE_BYTES_MAX * 2);
    read = procedure_load_file(arguments, path, &arena, &loaded);
    if (read && loaded.procedure != NULL) {
        prove(&loaded, argument_given(arguments, "strict"), &arena, &loaded.problems);
    }
    if (!read) {
        total->errors++;
        arena_fini(&arena);
        return false;
    }
    order(&loaded.problems);

    struct tally tally = tally_of(&loaded.problems);

    total->errors += tally.errors;
    total->warnings += tally.warnings;
    total->notes += tally.notes;
    total->alone = total->alone || loaded.config.folder == NULL;
    if (table != NULL) {
        for (const struct problem *p = loaded.problems.first; p != NULL; p = p->next) {
            add_row(table, p);
        }
    } else {
        words_print_problems(stdout, &loaded.problems);
        if (tally.errors == 0 && loaded.procedure != NULL) {
            print_well(path, loaded.procedure);
        }
    }
    arena_fini(&arena);
    return tally.errors == 0;
}

/* Gaps as they are met: a warning each, and where all is to be strict an error. */
struct gaps {
    struct out_table *table;
    struct tally *total;
    bool strict;
};

static void on_gap(void *context, const struct gap *gap)
{
    static const struct message line = {"check_gap", "people.yaml: {0}: {1} [{2}]",
                                        "people.yaml：{0}：{1} [{2}]"};
    struct gaps *gaps = context;
    const char *code = gap_message(gap)->code;
    const char *severity = severity_code(gaps->strict ? PROBLEM_ERROR : PROBLEM_WARNING);
    char words[GAP_WORDS_BYTES];

    (void)gap_print(gap, words_language() == LANGUAGE_ZH, words, sizeof(words));
    gaps->total->errors += gaps->strict ? 1 : 0;
    gaps->total->warnings += gaps->strict ? 0 : 1;
    if (gaps->table != NULL) {
        out_table_row(gaps->table,
                      (const char *[]){"people.yaml", "", "", severity, code, words});
    } else {
        words_print(stdout, &line,
                    (const char *[]){gaps->strict ? words_pick("error", "错误")
                                                  : words_pick("warning", "警告"),
                                     words, code});
    }
}

/* Whom the reminders and rungs of all procedures reach, where the folder says who there is. */
static bool check_reach(const struct arguments *arguments, const struct config *config,
                        struct out_table *table, struct tally *total)
{
    struct gaps gaps = {
        .table = table, .total = total, .strict = argument_given(arguments, "strict")};
    uint32_t errors = total->errors;
    struct problem_list problems;
    struct arena arena;

    if (config_find(config, TEXT("people.yaml")) == NULL) {
        return true;
    }
    arena_init_growing(&arena, LAW_BYTES_MAX);
    problem_list_init(&problems, &arena);
    if (!procedure_reach(config, &arena, &gaps, on_gap, &problems)) {
        total->errors += problems.error_count;
        words_print_problems(table == NULL ? stdout : stderr, &problems);
    }
    arena_fini(&arena);
    return total->errors == errors;
}

/* Every procedure of the folder that --config names. */
static bool check_folder(const struct arguments *arguments, struct out_table *table,
                         struct tally *total, struct arena *arena)
{
    struct config config;
    bool good = true;

    if (!config_read(argument_value(arguments, "config"), arena, &config)) {
        return false;
    }
    for (uint32_t i = 0; i < config.procedure_count; i++) {
        good = check_file(arguments, config.procedures[i]->name.bytes, table, total) && good;
    }
    return good && check_reach(arguments, &config, table, total);
}

static void print_total(const struct tally *total)
{
    char counts[3][16];

    (void)snprintf(counts[0], sizeof(counts[0]), "%u", total->errors);
    (void)snprintf(counts[1], sizeof(counts[1]), "%u", total->warnings);
    (void)snprintf(counts[2], sizeof(counts[2]), "%u", total->notes);
    words_print(stdout, &counted, (const char *[]){counts[0], counts[1], counts[2]});
}

enum exit_code procedure_check(const struct arguments *arguments, struct arena *arena)
{
    static const struct out_column columns[] = {
        {.name = "file", .en = "FILE", .zh = "文件"},
        {.name = "line", .en = "LINE", .zh = "行", .kind = OUT_NUMBER},
        {.name = "column", .en = "COLUMN", .zh = "列", .kind = OUT_NUMBER},
        {.name = "severity", .en = "SEVERITY", .zh = "程度"},
        {.name = "code", .en = "CODE", .zh = "代码"},
        {.name = "message", .en = "MESSAGE", .zh = "说明"},
    };
    struct out_table *table = NULL;
    struct tally total = {0};
    bool good = true;

    if (arguments->word_count < 2 && !argument_given(arguments, "config")) {
        return command_misused(arguments, &no_file, NULL);
    }
    if (out_format() != OUT_TABLE) {
        table = out_table_open(columns, sizeof(columns) / sizeof(columns[0]));
    }
    if (arguments->word_count < 2) {
        good = check_folder(arguments, table, &total, arena);
    }
    for (uint32_t i = 1; i < arguments->word_count; i++) {
        good = check_file(arguments, arguments->words[i], table, &total) && good;
    }
    if (table != NULL) {
        out_table_print(table);
    } else if (total.errors + total.warnings + total.notes > 0) {
        print_total(&total);
    }
    if (total.alone) {
        words_note(&unchecked, NULL);
    }
    return good ? EXIT_DONE : EXIT_REFUSED;
}
