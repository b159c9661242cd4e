#include "cli/commands.h"
#include "cli/control.h"
#include "cli/out.h"
#include "cli/said.h"
#include "core/date.h"

#include <stdio.h>

static const struct message no_verb = {
    "time_no_verb", "say what: duban time status, or duban time accept --reason WORDS",
    "请写明：duban time status，或 duban time accept --reason 理由"};
static const struct message no_reason = {
    "time_no_reason",
    "to accept the wall clock lets everything fire that it makes due; say why: --reason WORDS",
    "确认系统时钟后，凡因此到期的都将触发；请说明理由：--reason 理由"};

static const struct option options[] = {CONTROL_ACT_OPTIONS, CONTROL_RUN_OPTION};

static void print_instant(const char *label, const json_t *at_ms)
{
    char words[INSTANT_TEXT_SIZE] = "—";

    if (json_integer_value(at_ms) > 0) {
        (void)instant_print(json_integer_value(at_ms), SAID_ZONE_MS, words);
    }
    printf("%s%s\n", label, words);
}

static void print(const json_t *answer)
{
    if (json_is_true(json_object_get(answer, "guarded"))) {
        printf("%s\n",
               words_pick("GUARDED: the wall clock has jumped, and nothing fires. Set it "
                          "right, or accept it:\n  duban time accept --reason WORDS",
                          "时间被看守：系统时钟跳变，一切暂不触发。请校正时钟，或确认其正确："
                          "\n  duban time accept --reason 理由"));
    } else {
        printf("%s\n", words_pick("the wall clock is believed", "系统时钟可信"));
    }
    print_instant(words_pick("time gone by  ", "所用时间      "),
                  json_object_get(answer, "now_ms"));
    print_instant(words_pick("wall clock    ", "系统时钟      "),
                  json_object_get(answer, "wall_ms"));
    print_instant(words_pick("next moment   ", "下一时点      "),
                  json_object_get(answer, "next_ms"));
}

static enum exit_code ask(const struct arguments *arguments, json_t **answer)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__TimeQuery time = DUBAN__V1__TIME_QUERY__INIT;

    query.what_case = DUBAN__V1__QUERY__WHAT_TIME;
    query.time = &time;
    request.what_case = DUBAN__V1__REQUEST__WHAT_QUERY;
    request.query = &query;
    return control_ask(arguments, &request, answer);
}

static enum exit_code accept(const struct arguments *arguments, json_t **answer)
{
    Duban__V1__Act act = DUBAN__V1__ACT__INIT;
    Duban__V1__Accept accept_time = DUBAN__V1__ACCEPT__INIT;

    act.what_case = DUBAN__V1__ACT__WHAT_ACCEPT_TIME;
    act.accept_time = &accept_time;
    return control_act(arguments, &act, answer);
}

static enum exit_code run(const struct arguments *arguments)
{
    bool accepts = arguments->word_count > 0 && arguments->words[0][0] == 'a';
    json_t *answer;

    if (arguments->word_count == 0) {
        return command_misused(arguments, &no_verb, NULL);
    }
    if (accepts && argument_value(arguments, "reason") == NULL) {
        return command_misused(arguments, &no_reason, NULL);
    }

    enum exit_code code = accepts ? accept(arguments, &answer) : ask(arguments, &answer);

    if (code != EXIT_DONE) {
        return code;
    }
    if (!accepts && json_is_true(json_object_get(answer, "guarded"))) {
        code = EXIT_REFUSED;
    }
    if (out_format() == OUT_JSON) {
        out_json(answer);
    } else {
        print(answer);
        json_decref(answer);
    }
    return code;
}

static const char *const verbs[] = {"status", "accept", NULL};
static const char *const usages[] = {"time status [-o json]", "time accept --reason WORDS",
                                     NULL};
static const struct message notes = {
    "time_notes",
    "When the wall clock jumps by more than five minutes, nothing fires until it returns or "
    "is\n"
    "accepted; events go on being taken, by the time that the steady clock says.\n"
    "Exit of status: 0 believed, 1 guarded, 4 no daemon.\n",
    "系统时钟跳变超过五分钟时，在其恢复或被确认之前一切不触发；事件照常受理，按单调时钟计时。\n"
    "status 的退出码：0 可信，1 被看守，4 没有守护进程。\n"};

const struct command command_time = {
    .name = "time",
    .en = "does the daemon believe its clock; accept one that jumped and is right",
    .zh = "守护进程是否相信系统时钟；确认跳变后的时钟正确",
    .verbs = verbs,
    .usages = usages,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .run = run,
};
