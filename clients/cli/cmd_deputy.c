#include "cli/asked.h"
#include "cli/commands.h"
#include "cli/out.h"
#include "cli/unreached.h"
#include "core/date.h"

#include <stdio.h>
#include <string.h>

static const struct message usage = {
    "deputy_usage",
    "say who acts for whom, when and why: duban deputy set PERSON DEPUTY --from DATE --to DATE "
    "--reason WORDS; or duban deputy end PERSON [DEPUTY] --reason WORDS",
    "请写明谁代谁、何时、何故：duban deputy set 本人 代理人 --from 日期 --to 日期 --reason "
    "理由；或 duban deputy end 本人 [代理人] --reason 理由"};
static const struct message bad_date = {"deputy_date",
                                        "--{0} wants a date like 2026-07-13, not `{1}`",
                                        "--{0} 应为 2026-07-13 这样的日期，而非“{1}”"};

static const struct option options[] = {
    {.name = "from", .value = "DATE", .en = "the first day", .zh = "起始日"},
    {.name = "to", .value = "DATE", .en = "the last day", .zh = "截止日"},
    {.name = "role",
     .value = "ROLE",
     .en = "in this role alone; absent: in all",
     .zh = "仅就此角色；不写则全部"},
    CONTROL_ACT_OPTIONS,
    CONTROL_RUN_OPTION,
};

static bool take(const struct arguments *arguments, const char *name,
                 char out[ASKED_NAME_BYTES])
{
    const char *value = argument_value(arguments, name);
    int32_t date;

    (void)snprintf(out, ASKED_NAME_BYTES, "%s", value == NULL ? "" : value);
    if (value == NULL || strcmp(name, "role") == 0 || date_parse(text_of(value), &date)) {
        return true;
    }
    (void)command_misused(arguments, &bad_date, (const char *[]){name, value});
    return false;
}

static void print(json_t *answer)
{
    bool changed = json_array_size(json_object_get(answer, "changed")) > 0;

    if (out_format() == OUT_JSON) {
        out_json(json_incref(answer));
        return;
    }
    if (changed) {
        printf("%s%" JSON_INTEGER_FORMAT "\n", words_pick("recorded  record ", "已记录  记录 "),
               json_integer_value(json_object_get(answer, "seq")));
    } else {
        printf("%s\n", words_pick("it is so already", "已是如此"));
    }
    unreached_note(answer);
}

static enum exit_code run(const struct arguments *arguments)
{
    Duban__V1__Act act = DUBAN__V1__ACT__INIT;
    Duban__V1__Depute depute = DUBAN__V1__DEPUTE__INIT;
    char room[5][ASKED_NAME_BYTES];
    bool ends = arguments->word_count > 0 && strcmp(arguments->words[0], "end") == 0;
    uint32_t names = arguments->word_count > 0 ? arguments->word_count - 1 : 0;
    json_t *answer;

    if (names < (ends ? 1U : 2U) || argument_value(arguments, "reason") == NULL ||
        (!ends && (argument_value(arguments, "from") == NULL ||
                   argument_value(arguments, "to") == NULL))) {
        return command_misused(arguments, &usage, NULL);
    }
    if (!take(arguments, "from", room[0]) || !take(arguments, "to", room[1]) ||
        !take(arguments, "role", room[2])) {
        return EXIT_USAGE;
    }
    (void)snprintf(room[3], sizeof(room[3]), "%s", arguments->words[1]);
    (void)snprintf(room[4], sizeof(room[4]), "%s", names > 1 ? arguments->words[2] : "");
    depute.from = room[0];
    depute.until = room[1];
    depute.role = room[2];
    depute.person = room[3];
    depute.deputy = room[4];
    depute.ends = ends;
    act.what_case = DUBAN__V1__ACT__WHAT_DEPUTE;
    act.depute = &depute;

    enum exit_code code = control_act(arguments, &act, &answer);

    if (code == EXIT_DONE) {
        print(answer);
        json_decref(answer);
    }
    return code;
}

static const char *const verbs[] = {"set", "end", NULL};
static const char *const usages[] = {
    "deputy set PERSON DEPUTY --from DATE --to DATE [--role ROLE] --reason WORDS",
    "deputy end PERSON [DEPUTY] [--role ROLE] --reason WORDS", NULL};
static const struct message examples = {
    "deputy_examples",
    "  duban deputy set sun zhou --from 2026-07-13 --to 2026-07-24 --reason \"annual leave\"\n"
    "  duban deputy end sun --reason \"he is back early\"\n",
    "  duban deputy set sun zhou --from 2026-07-13 --to 2026-07-24 --reason \"年休假\"\n"
    "  duban deputy end sun --reason \"提前返岗\"\n"};
static const struct message notes = {
    "deputy_notes",
    "While it lasts the deputy is told instead, and may act instead; it ends by itself. An "
    "install of\n"
    "people.yaml leaves it alone. duban people shows who acts for whom.\n",
    "期间内由代理人接收通知并可代为办理，期满自动结束。安装 people.yaml 不影响它。\n"
    "duban people 显示代理情况。\n"};

const struct command command_deputy = {
    .name = "deputy",
    .en = "somebody acts for somebody, from day to day",
    .zh = "指定或结束代理人",
    .verbs = verbs,
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 2,
    .run = run,
};
