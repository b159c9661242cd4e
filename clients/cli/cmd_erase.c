#include "cli/asked.h"
#include "cli/commands.h"

static const struct message usage = {
    "erase_usage", "say of which case, and why: duban erase AGENCY/CASE --reason WORDS",
    "请指明案件与理由：duban erase 机构/案号 --reason 理由"};

static const struct option options[] = {
    CONTROL_ACT_OPTIONS,
    CONTROL_RUN_OPTION,
};

static enum exit_code run(const struct arguments *arguments)
{
    Duban__V1__Act act = DUBAN__V1__ACT__INIT;
    Duban__V1__Erase erase = DUBAN__V1__ERASE__INIT;
    const char *word = arguments->word_count > 0 ? arguments->words[0] : "";
    char agency[ASKED_NAME_BYTES];
    char case_id[ASKED_NAME_BYTES];

    if (!asked_split(word, agency, case_id) || argument_value(arguments, "reason") == NULL) {
        return command_misused(arguments, &usage, NULL);
    }
    erase.agency = agency;
    erase.case_id = case_id;
    act.what_case = DUBAN__V1__ACT__WHAT_ERASE;
    act.erase = &erase;
    return control_act_told(arguments, &act, words_pick("erased", "已销毁"), NULL);
}

static const char *const usages[] = {"erase AGENCY/CASE --reason WORDS [--run DIR] [-o json]",
                                     NULL};
static const struct message examples = {
    "erase_examples",
    "  duban erase gulou/K-7 --reason \"kept for ten years, as the archive's rules ask\"\n",
    "  duban erase gulou/K-7 --reason \"档案保管期限十年届满\"\n"};
static const struct message notes = {
    "erase_notes",
    "The key of the case's private facts is destroyed: nobody reads them again, in the journal "
    "or "
    "in\n"
    "any copy of it. The chain verifies as before, and has() of them still answers. Backups "
    "that "
    "were\n"
    "taken before have the key until they are gone themselves.\n",
    "销毁该案隐私事实的密钥：日志及其任何副本中的内容均无法再读取；链校验不变，has() 仍可应答。"
    "\n此前的备份仍含有密钥，须一并清除。\n"};

const struct command command_erase = {
    .name = "erase",
    .en = "destroy what is private of a closed case, for good",
    .zh = "永久销毁已办结案件的隐私内容",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
