#include "cli/asked.h"
#include "cli/commands.h"
#include "cli/hold.h"

#include <stdio.h>

static const struct message usage = {
    "hold_usage",
    "say what, and why: duban {0} AGENCY/CASE --reason WORDS, or duban {0} CHANNEL --reason "
    "WORDS",
    "请指明对象与理由：duban {0} 机构/案号 --reason 理由，或 duban {0} 渠道 --reason 理由"};

static const struct option options[] = {
    CONTROL_ACT_OPTIONS,
    CONTROL_RUN_OPTION,
};

enum exit_code hold_send(const struct arguments *arguments, bool off)
{
    Duban__V1__Act act = DUBAN__V1__ACT__INIT;
    Duban__V1__Hold hold = DUBAN__V1__HOLD__INIT;
    const char *word = arguments->word_count > 0 ? arguments->words[0] : "";
    char names[2][ASKED_NAME_BYTES];

    if (word[0] == '\0' || argument_value(arguments, "reason") == NULL) {
        return command_misused(arguments, &usage, (const char *[]){arguments->command->name});
    }
    if (asked_split(word, names[0], names[1])) {
        hold.agency = names[0];
        hold.case_id = names[1];
    } else {
        (void)snprintf(names[0], sizeof(names[0]), "%s", word);
        hold.channel = names[0];
    }
    hold.off = off;
    act.what_case = DUBAN__V1__ACT__WHAT_HOLD;
    act.hold = &hold;
    return control_act_told(
        arguments, &act,
        off ? words_pick("released", "已放行") : words_pick("on hold", "已暂停"), NULL);
}

static enum exit_code run(const struct arguments *arguments)
{
    return hold_send(arguments, false);
}

static const char *const usages[] = {"hold AGENCY/CASE --reason WORDS [-o json]",
                                     "hold CHANNEL --reason WORDS", NULL};
static const struct message examples = {
    "hold_examples",
    "  duban hold sms --reason \"the gateway sends everything twice\"\n"
    "  duban hold gulou/K-7 --reason \"the party is in hospital\"\n",
    "  duban hold sms --reason \"短信网关重复发送\"\n"
    "  duban hold gulou/K-7 --reason \"当事人住院\"\n"};
static const struct message notes = {
    "hold_notes",
    "Nothing leaves over the channel, or about the case, until duban release; legal limits go "
    "on,\n"
    "and so do ladders: what is told later is told then. What is late on a held channel goes "
    "over\n"
    "its receiver's next one.\n",
    "在 duban release 之前，该渠道或该案不发出任何通知；法定期限与督办照常计算。\n"
    "在暂停渠道上逾时的通知改走接收人的下一渠道。\n"};

const struct command command_hold = {
    .name = "hold",
    .en = "let nothing leave over a channel, or about a case",
    .zh = "暂停某渠道或某案的通知",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
