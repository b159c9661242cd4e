#include "cli/commands.h"
#include "cli/control.h"
#include "cli/files.h"
#include "cli/out.h"
#include "cli/said_lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ARENA_BYTES ((size_t)1 << 30)
enum { ANSWER_MS = 30000, CASE_EVENTS_MAX = 256, NAME_BYTES = 256 };

static const struct message no_file = {
    "import_no_file", "say which file, and why: duban import FILE.jsonl --reason WORDS",
    "请写明文件和理由：duban import 文件.jsonl --reason 理由"};
static const struct message nothing_taken = {
    "import_nothing",
    "{0} lines are wrong, so nothing was imported. Mend them and import again",
    "有 {0} 行有误，因此全部未导入。请更正后重新导入"};
static const struct message too_many = {
    "import_too_many", "{0}: a case of more than 256 events; take the older ones together",
    "{0}：一个案件的事件超过 256 个；请合并较早的事件"};
static const struct message no_answer = {
    "import_no_answer",
    "no answer from {0}: {1}. What was taken is not taken twice: import the same file again",
    "{0} 没有应答：{1}。已导入的不会重复导入：请再次导入同一文件"};
static const struct message no_memory = {"import_no_memory", "out of memory", "内存不足"};

static const struct option options[] = {
    {.name = "dry-run", .en = "judge it all, and keep nothing", .zh = "只审查，不保留任何内容"},
    {.name = "agency",
     .value = "AGENCY",
     .en = "whose cases they are, where a line does not say (DUBAN_AGENCY)",
     .zh = "各行未写明时案件所属的机构（DUBAN_AGENCY）"},
    {.name = "source",
     .value = "NAME",
     .en = "which system they come from, where a line does not say (import)",
     .zh = "各行未写明时的来源系统（import）"},
    CONTROL_ACT_OPTIONS,
    CONTROL_RUN_OPTION,
};

/* An event of the file, and the one of the same case that comes after it. */
struct line {
    struct duban_event event;
    uint32_t line;
    uint32_t next; /* 0: it is the case's last */
    uint32_t last; /* of the case's first: its last so far */
};

struct importing {
    struct arena arena;
    struct source source;
    json_t *defaults;   /* owned */
    json_t *kept;       /* owned: what the events point into */
    json_t *firsts;     /* owned: by agency and case, the place of its first */
    struct line *lines; /* owned; from 1 */
    uint32_t count;
    uint32_t *order; /* owned: the cases' first lines, as they come */
    uint32_t case_count;
    struct duban *duban;
    char endpoint[CONTROL_ENDPOINT_BYTES];
    struct control_who who;
    const char *reason;
    bool dry;
    uint64_t taken;
    uint64_t known;
    uint64_t refused;
    uint64_t events; /* of those taken */
};

/* The line joins its case. */
static bool add(struct importing *importing, const struct duban_event *event, uint32_t line)
{
    char name[NAME_BYTES];
    uint32_t place = ++importing->count;

    (void)snprintf(name, sizeof(name), "%s/%s", event->agency, event->case_id);

    uint32_t first = (uint32_t)json_integer_value(json_object_get(importing->firsts, name));

    importing->lines[place] = (struct line){.event = *event, .line = line, .last = place};
    if (first == 0) {
        importing->order[importing->case_count++] = place;
        return json_object_set_new(importing->firsts, name, json_integer(place)) == 0;
    }
    importing->lines[importing->lines[first].last].next = place;
    importing->lines[first].last = place;
    return true;
}

static uint32_t count_lines(struct text bytes)
{
    uint32_t count = 2;

    for (size_t i = 0; i < bytes.size; i++) {
        count += bytes.bytes[i] == '\n';
    }
    return count;
}

/* Every line, before the first is taken. */
static bool read_lines(struct importing *importing)
{
    struct said_lines lines;
    struct duban_event event;
    uint32_t room = count_lines(importing->source.bytes);
    bool good = true;

    importing->lines = calloc(room, sizeof(*importing->lines));
    importing->order = calloc(room, sizeof(*importing->order));
    if (importing->lines == NULL || importing->order == NULL ||
        !said_lines_begin(&lines, importing->source.name.bytes, importing->source.bytes,
                          importing->defaults)) {
        complain(&no_memory, NULL);
        return false;
    }
    lines.kept = importing->kept;
    lines.shared = &importing->arena;
    while (good && said_lines_next(&lines, &event)) {
        good = add(importing, &event, lines.line);
    }
    if (lines.wrong > 0) {
        char wrong[16];

        (void)snprintf(wrong, sizeof(wrong), "%u", lines.wrong);
        complain(&nothing_taken, (const char *[]){wrong});
        good = false;
    }
    said_lines_end(&lines);
    return good;
}

static void place_words(const struct importing *importing, const struct line *line,
                        char out[NAME_BYTES])
{
    (void)snprintf(out, NAME_BYTES, "%s:%u: %.100s/%.100s", importing->source.name.bytes,
                   line->line, line->event.agency, line->event.case_id);
}

static void print_reasons(const json_t *reasons)
{
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);
        const char *law = json_string_value(json_object_get(reason, "law"));
        bool article = law != NULL && law[0] != '\0';

        printf("  %s: %s%s%s%s\n", json_string_value(json_object_get(reason, "code")),
               json_string_value(json_object_get(reason, words_pick("en", "zh"))),
               article ? words_pick(" (", "（") : "", article ? law : "",
               article ? words_pick(")", "）") : "");
    }
}

/* What became of a case: counted, and told where it was refused or programs listen. */
static void tell(struct importing *importing, const uint32_t *places, uint32_t count,
                 json_t *answer)
{
    const char *verdict = json_string_value(json_object_get(answer, "verdict"));
    const json_t *refused = json_object_get(answer, "refused");
    const struct line *line =
        &importing->lines[places[refused == NULL ? 0 : json_integer_value(refused)]];
    char place[NAME_BYTES];

    if (refused != NULL) {
        importing->refused++;
    } else if (verdict != NULL && verdict[0] == 'd') {
        importing->known++;
    } else {
        importing->taken++;
        importing->events += count;
    }
    if (out_format() == OUT_JSON) {
        (void)json_object_set_new(answer, "agency", json_string(line->event.agency));
        (void)json_object_set_new(answer, "case", json_string(line->event.case_id));
        (void)json_object_set_new(answer, "line", json_integer(line->line));
        (void)json_object_set_new(answer, "events", json_integer(count));
        out_json(json_incref(answer));
    } else if (refused != NULL) {
        place_words(importing, line, place);
        printf("%s: %s %s\n", place, words_pick("REFUSED at", "拒绝，止于"), line->event.type);
        print_reasons(json_object_get(answer, "reasons"));
    }
}

/* The events of one case, from its first on; false: there are too many. */
static bool gather(struct importing *importing, uint32_t first,
                   struct duban_event events[CASE_EVENTS_MAX], uint32_t places[CASE_EVENTS_MAX],
                   uint32_t *count)
{
    *count = 0;
    for (uint32_t at = first; at != 0; at = importing->lines[at].next) {
        if (*count == CASE_EVENTS_MAX) {
            char place[NAME_BYTES];

            place_words(importing, &importing->lines[first], place);
            complain_of(&too_many, place);
            return false;
        }
        places[*count] = at;
        events[(*count)++] = importing->lines[at].event;
    }
    return true;
}

/* False: the daemon is gone. */
static bool take_case(struct importing *importing, uint32_t first)
{
    static struct duban_event events[CASE_EVENTS_MAX];
    static uint32_t places[CASE_EVENTS_MAX];
    bool zh = words_language() == LANGUAGE_ZH;
    struct duban_act act = {.what = DUBAN_DO_IMPORT,
                            .reason = importing->reason,
                            .person = importing->who.person,
                            .role = importing->who.role,
                            .events = events,
                            .dry_run = importing->dry};
    uint32_t count;
    char *json;

    if (!gather(importing, first, events, places, &count)) {
        importing->refused++;
        return true;
    }
    act.event_count = count;

    enum duban_result result = duban_act(importing->duban, &act, ANSWER_MS, &json);
    json_t *answer = result == DUBAN_OK ? json_loads(json, 0, NULL) : NULL;

    free(json);
    if (result == DUBAN_REFUSED) {
        answer =
            json_pack("{ss si s[{ss ss ss}]}", "verdict", "rejected", "refused", 0, "reasons",
                      "code", "refused", "en", duban_error(0), "zh", duban_error(1));
    }
    if (answer == NULL) {
        complain(&no_answer, (const char *[]){importing->endpoint, duban_error(zh)});
        return false;
    }
    tell(importing, places, count, answer);
    json_decref(answer);
    return true;
}

static void summarize(const struct importing *importing)
{
    if (out_format() == OUT_JSON) {
        out_json(json_pack("{si sI sI sI sI sb}", "cases", (int)importing->case_count,
                           "imported", (json_int_t)importing->taken, "known",
                           (json_int_t)importing->known, "refused",
                           (json_int_t)importing->refused, "events",
                           (json_int_t)importing->events, "dry_run", (int)importing->dry));
        return;
    }
    if (importing->dry) {
        printf("%s", words_pick("nothing was kept; ", "未保留任何内容；"));
    }
    printf("%s%u", words_pick("cases ", "案件 "), importing->case_count);
    printf("%s%" PRIu64, words_pick(": imported ", "：导入 "), importing->taken);
    printf("%s%" PRIu64, words_pick(" with events ", "，事件 "), importing->events);
    printf("%s%" PRIu64, words_pick(", imported before ", "，此前已导入 "), importing->known);
    printf("%s%" PRIu64 "\n", words_pick(", refused ", "，拒绝 "), importing->refused);
}

static enum exit_code take_all(const struct arguments *arguments, struct importing *importing)
{
    enum exit_code code = control_reach(arguments, "control", importing->endpoint);
    bool gone = false;

    if (code != EXIT_DONE) {
        return code;
    }
    if (duban_open(&importing->duban, importing->endpoint, NULL) != DUBAN_OK) {
        complain(&no_memory, NULL);
        return EXIT_REFUSED;
    }
    for (uint32_t i = 0; i < importing->case_count && !gone; i++) {
        gone = !take_case(importing, importing->order[i]);
    }
    summarize(importing);

    bool some = importing->taken + importing->known > 0;

    if (gone) {
        return some ? EXIT_PARTLY : EXIT_NO_DAEMON;
    }
    if (importing->refused > 0) {
        return some ? EXIT_PARTLY : EXIT_REFUSED;
    }
    return EXIT_DONE;
}

static json_t *read_defaults(const struct arguments *arguments)
{
    const char *agency = argument_value(arguments, "agency");
    const char *source = argument_value(arguments, "source");

    agency = agency != NULL ? agency : getenv("DUBAN_AGENCY");
    return json_pack("{ss* ss}", "agency", agency, "source",
                     source != NULL ? source : "import");
}

static enum exit_code run(const struct arguments *arguments)
{
    static struct importing importing;
    enum exit_code code = EXIT_USAGE;

    importing.reason = argument_value(arguments, "reason");
    importing.dry = argument_given(arguments, "dry-run");
    if (arguments->word_count != 1 || (importing.reason == NULL && !importing.dry)) {
        return command_misused(arguments, &no_file, NULL);
    }
    control_who(arguments, &importing.who);
    importing.defaults = read_defaults(arguments);
    importing.kept = json_array();
    importing.firsts = json_object();
    arena_init_growing(&importing.arena, ARENA_BYTES);
    if (file_read(arguments->words[0], &importing.arena, &importing.source) &&
        read_lines(&importing)) {
        code = take_all(arguments, &importing);
    }
    duban_close(importing.duban);
    json_decref(importing.firsts);
    json_decref(importing.kept);
    json_decref(importing.defaults);
    free(importing.lines);
    free(importing.order);
    arena_fini(&importing.arena);
    return code;
}

static const char *const usages[] = {"import FILE.jsonl --reason WORDS [--agency AGENCY]",
                                     "import FILE.jsonl --dry-run", NULL};
static const struct message examples = {
    "import_examples",
    "  duban import open.jsonl --dry-run --agency gulou\n"
    "  duban import open.jsonl --agency gulou --reason \"from the old system\"\n",
    "  duban import open.jsonl --dry-run --agency gulou\n"
    "  duban import open.jsonl --agency gulou --reason 从旧系统迁移\n"};
static const struct message notes = {
    "import_notes",
    "Each line is an event, as of duban send --batch; the lines of a case are its history, in\n"
    "order. A case is taken whole or not at all, its past is told to nobody, what lies ahead "
    "is\n"
    "armed. Exit: 0 all taken, 1 none, 2 a line is wrong, 3 some refused, 4 no daemon.\n",
    "每行一个事件，格式同 duban send --batch；同一案件的各行按顺序即其经过。每个案件要么全部\n"
    "导入，要么全不；过往不通知任何人，未到的期限照常生效。\n"
    "退出码：0 全部导入，1 全部被拒，2 有行写错，3 部分被拒，4 没有守护进程。\n"};

const struct command command_import = {
    .name = "import",
    .en = "take open cases of an older system, with their history of any age",
    .zh = "从旧系统导入未结案件及其全部经过",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
