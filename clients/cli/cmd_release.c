#include "cli/asked.h"
#include "cli/commands.h"
#include "cli/hold.h"

#include <stdio.h>

static const struct message usage = {
    "release_usage",
    "say what goes on, and why: duban release --restored AGENCY/CASE | --agency A | --all "
    "--reason WORDS",
    "请指明放行的范围与理由：duban release --restored 机构/案号 | --agency 机构 | --all "
    "--reason "
    "理由"};

static const struct option options[] = {
    {.name = "restored",
     .en = "what a restore from a backup put on hold",
     .zh = "由备份恢复时暂停的事项"},
    {.name = "agency", .value = "AGENCY", .en = "all of an agency", .zh = "某机构的全部"},
    {.name = "all", .en = "all there is; the hold ends", .zh = "全部；暂停就此结束"},
    CONTROL_ACT_OPTIONS,
    CONTROL_RUN_OPTION,
};

/* AGENCY/CASE, an agency, or all: one of them. False: none, or several. */
static bool read_scope(const struct arguments *arguments, char agency[ASKED_NAME_BYTES],
                       char case_id[ASKED_NAME_BYTES])
{
    const char *named = argument_value(arguments, "agency");
    bool all = argument_given(arguments, "all");
    const char *word = arguments->word_count > 0 ? arguments->words[0] : NULL;

    if ((word != NULL) + (named != NULL) + all != 1) {
        return false;
    }
    if (word != NULL) {
        return asked_split(word, agency, case_id) && agency[0] != '\0' && case_id[0] != '\0';
    }
    case_id[0] = '\0';
    (void)snprintf(agency, ASKED_NAME_BYTES, "%s", named == NULL ? "" : named);
    return all || agency[0] != '\0';
}

static void tell_rest(const json_t *answer)
{
    printf("%s%" JSON_INTEGER_FORMAT "\n", words_pick("on hold   ", "仍暂停  "),
           json_integer_value(json_object_get(answer, "held")));
}

static enum exit_code run(const struct arguments *arguments)
{
    Duban__V1__Act act = DUBAN__V1__ACT__INIT;
    Duban__V1__Release release = DUBAN__V1__RELEASE__INIT;
    char agency[ASKED_NAME_BYTES];
    char case_id[ASKED_NAME_BYTES];

    if (!argument_given(arguments, "restored") && !argument_given(arguments, "all") &&
        !argument_given(arguments, "agency")) {
        return hold_send(arguments, true);
    }
    if (!argument_given(arguments, "restored") || argument_value(arguments, "reason") == NULL ||
        !read_scope(arguments, agency, case_id)) {
        return command_misused(arguments, &usage, NULL);
    }
    release.agency = agency;
    release.case_id = case_id;
    act.what_case = DUBAN__V1__ACT__WHAT_RELEASE;
    act.release = &release;
    return control_act_told(arguments, &act, words_pick("released", "已放行"), tell_rest);
}

static const char *const usages[] = {
    "release AGENCY/CASE|CHANNEL --reason WORDS",
    "release --restored AGENCY/CASE --reason WORDS [--run DIR] [-o json]",
    "release --restored --agency AGENCY --reason WORDS",
    "release --restored --all --reason WORDS", NULL};
static const struct message examples = {
    "release_examples",
    "  duban release sms --reason \"the gateway is mended\"\n"
    "  duban release --restored gulou/K-7 --reason \"its reminder never left: asked the "
    "gateway\"\n"
    "  duban release --restored --all --reason \"the rest was checked with the workers' "
    "ledgers\"\n",
    "  duban release sms --reason \"网关已修复\"\n"
    "  duban release --restored gulou/K-7 --reason \"提醒未发出：已向短信网关核实\"\n"
    "  duban release --restored --all --reason \"其余已按发送台账核对\"\n"};
static const struct message notes = {
    "release_notes",
    "What is released fires now, in order and a slice at a time, as what is late does. Of an "
    "agency\n"
    "and of all, moments are counted as on hold until they have fired.\n",
    "放行的事项立即依次分批触发，按迟到处理。按机构或全部放行时，触发之前仍计为暂停。\n"};

const struct command command_release = {
    .name = "release",
    .en = "let go on what an operator, or a restore, put on hold",
    .zh = "放行操作员暂停的，或由备份恢复时暂停的事项",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
