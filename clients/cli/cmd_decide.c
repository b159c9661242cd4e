#include "cli/commands.h"
#include "cli/job_words.h"
#include "cli/out.h"

#include <stdio.h>
#include <string.h>

/* A person's word about messages: retry, resend, drop. */

static const struct message which = {
    "decide_which",
    "say which messages: duban {0} --job ID, or a filter (--state, --channel, --receiver, "
    "--case, --age)",
    "请指明哪些通知：duban {0} --job 编号，或筛选（--state、--channel、--receiver、--case、"
    "--age）"};
static const struct message why = {
    "decide_why", "say why: duban {0} … --reason WORDS; or look first: --dry-run",
    "请说明理由：duban {0} … --reason 理由；或先查看：--dry-run"};
static const struct message bad_expect = {"decide_expect", "--expect wants a number, not `{0}`",
                                          "--expect 应为数，而非“{0}”"};
static const struct message meant_line = {
    "decide_meant",
    "{0} meant; nothing was done. To do it: the same with --expect {0} --reason",
    "所指 {0} 条，尚未执行。执行：去掉 --dry-run，并加 --expect {0} --reason"};
static const struct message done_line = {"decide_done", "{0} of {1} done; record {2}",
                                         "已处理 {0}/{1} 条；记录 {2}"};

static const struct option options[] = {
    JOB_STATE_OPTION,
    JOB_FILTER_OPTIONS,
    {.name = "dry-run", .en = "only say which are meant", .zh = "只列出所指的通知，不执行"},
    {.name = "expect",
     .value = "N",
     .en = "so many are meant: wanted where it is not one",
     .zh = "所指条数；多于一条时必须写明"},
    CONTROL_ACT_OPTIONS,
    CONTROL_RUN_OPTION,
};

static Duban__V1__Decide__Step step_of(const struct arguments *arguments)
{
    const char *name = arguments->command->name;

    return strcmp(name, "retry") == 0    ? DUBAN__V1__DECIDE__STEP__RETRY
           : strcmp(name, "resend") == 0 ? DUBAN__V1__DECIDE__STEP__RESEND
                                         : DUBAN__V1__DECIDE__STEP__DROP;
}

static enum exit_code print(json_t *answer, bool dry)
{
    json_int_t count = json_integer_value(json_object_get(answer, "count"));
    json_int_t done = json_integer_value(json_object_get(answer, "done"));
    char numbers[3][24];

    (void)snprintf(numbers[0], sizeof(numbers[0]), "%" JSON_INTEGER_FORMAT, done);
    (void)snprintf(numbers[1], sizeof(numbers[1]), "%" JSON_INTEGER_FORMAT, count);
    (void)snprintf(numbers[2], sizeof(numbers[2]), "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(answer, "seq")));
    if (out_format() == OUT_JSON) {
        out_json(json_incref(answer));
    } else {
        job_print_all(json_object_get(answer, "jobs"));
        words_print(stdout, dry ? &meant_line : &done_line,
                    dry ? (const char *[]){numbers[1]}
                        : (const char *[]){numbers[0], numbers[1], numbers[2]});
    }
    return dry || done == count ? EXIT_DONE : done > 0 ? EXIT_PARTLY : EXIT_REFUSED;
}

static enum exit_code run(const struct arguments *arguments)
{
    Duban__V1__Act act = DUBAN__V1__ACT__INIT;
    Duban__V1__Decide decide = DUBAN__V1__DECIDE__INIT;
    const char *expect = argument_value(arguments, "expect");
    const char *name = arguments->command->name;
    bool dry = argument_given(arguments, "dry-run");
    struct job_meant meant;
    int64_t expected = 0;
    json_t *answer;

    if (!job_meant_read(arguments, "", &meant)) {
        return EXIT_USAGE;
    }
    if (!meant.any) {
        return command_misused(arguments, &which, (const char *[]){name});
    }
    if (!dry && argument_value(arguments, "reason") == NULL) {
        return command_misused(arguments, &why, (const char *[]){name});
    }
    if (expect != NULL &&
        (!text_to_integer(text_of(expect), &expected) || expected < 0 || expected > 10000)) {
        return command_misused(arguments, &bad_expect, (const char *[]){expect});
    }
    decide.filter = &meant.filter;
    decide.step = step_of(arguments);
    decide.expect = (uint32_t)expected;
    decide.dry_run = dry;
    act.what_case = DUBAN__V1__ACT__WHAT_DECIDE;
    act.decide = &decide;

    enum exit_code code = control_act(arguments, &act, &answer);

    if (code == EXIT_DONE) {
        code = print(answer, dry);
        json_decref(answer);
    }
    return code;
}

static const struct message notes = {"decide_notes",
                                     "What a worker holds is not touched. Several at once want "
                                     "--expect with their number, which "
                                     "a\n"
                                     "--dry-run tells. Exit: 0 all done, 1 none, 3 some.\n",
                                     "工作进程正持有的通知不受影响。一次处理多条须以 --expect "
                                     "写明条数，可先用 --dry-run 查看。\n"
                                     "退出码：0 全部完成，1 均未完成，3 部分完成。\n"};

#define DECIDE(word, usage_lines, example_lines, words_en, words_zh) \
    static const char *const usages_##word[] = usage_lines;          \
    const struct command command_##word = {                          \
        .name = #word,                                               \
        .en = (words_en),                                            \
        .zh = (words_zh),                                            \
        .usages = usages_##word,                                     \
        .examples = &(example_lines),                                \
        .notes = &notes,                                             \
        .options = options,                                          \
        .option_count = sizeof(options) / sizeof(options[0]),        \
        .run = run,                                                  \
    }

#define LINES(...)        \
    {                     \
        __VA_ARGS__, NULL \
    }

static const struct message examples_retry = {
    "retry_examples",
    "  duban retry --state incident --channel sms --dry-run\n"
    "  duban retry --state incident --channel sms --expect 12 --reason \"the gateway is "
    "back\"\n",
    "  duban retry --state incident --channel sms --dry-run\n"
    "  duban retry --state incident --channel sms --expect 12 --reason \"网关已恢复\"\n"};
static const struct message examples_resend = {
    "resend_examples", "  duban resend --job 61441 --reason \"he says that it never came\"\n",
    "  duban resend --job 61441 --reason \"本人称未收到\"\n"};
static const struct message examples_drop = {
    "drop_examples",
    "  duban drop --job 61441 --reason \"told by telephone\"\n"
    "  duban drop --state unknown --case gulou/K-7 --dry-run\n",
    "  duban drop --job 61441 --reason \"已电话告知\"\n"
    "  duban drop --state unknown --case gulou/K-7 --dry-run\n"};

DECIDE(retry,
       LINES("retry --job ID --reason WORDS", "retry FILTER… --dry-run",
             "retry FILTER… --expect N --reason WORDS"),
       examples_retry, "let messages go on now, under the key they have; an incident anew",
       "令通知现在继续（键不变）；未达的从头再来");
DECIDE(resend,
       LINES("resend --job ID --reason WORDS", "resend FILTER… --dry-run",
             "resend FILTER… --expect N --reason WORDS"),
       examples_resend, "send messages again although they may have been, or were, sent",
       "即使可能已发出或确已发出，仍再发一次");
DECIDE(drop,
       LINES("drop --job ID --reason WORDS", "drop FILTER… --dry-run",
             "drop FILTER… --expect N --reason WORDS"),
       examples_drop, "give messages up", "放弃通知");
