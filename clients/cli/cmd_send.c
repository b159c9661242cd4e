#include "base/clock.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/send.h"
#include "core/date.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)2 << 20)

static const struct message no_words = {
    "send_no_words", "say which case and what happened: duban send CASE EVENT --by PERSON/ROLE",
    "请写明案件和事件：duban send 案号 事件 --by 人员/角色"};
static const struct message batch_alone = {
    "send_batch_alone", "with --batch the cases and events stand in the file, not in words",
    "使用 --batch 时，案件和事件写在文件中，不写在命令行"};
static const struct message no_value = {"send_no_value",
                                        "`{0}` is no fact: write --set NAME=VALUE",
                                        "“{0}”不是事实：应写成 --set 名称=值"};

static const struct option options[] = {
    {.name = "set",
     .value = "NAME=VALUE",
     .repeats = true,
     .en = "a fact the event carries: minor=true, give=10d",
     .zh = "事件所载事实：minor=true、give=10d"},
    {.name = "document",
     .value = "KIND[=FILE]",
     .repeats = true,
     .en = "a document; of its file the SHA-256 goes along",
     .zh = "文书；给出文件则附其 SHA-256"},
    {.name = "by",
     .value = "PERSON/ROLE",
     .en = "who acted (DUBAN_BY); /party for one without a name",
     .zh = "谁办理（DUBAN_BY）；无姓名的外部角色写 /party"},
    {.name = "with",
     .value = "PERSON",
     .repeats = true,
     .en = "who acted too",
     .zh = "一同办理的人"},
    {.name = "at",
     .value = "TIME",
     .en = "when it occurred: 2026-03-02T10:00 (now)",
     .zh = "发生时间：2026-03-02T10:00（默认现在）"},
    {.name = "agency",
     .value = "AGENCY",
     .en = "whose case it is (DUBAN_AGENCY); also AGENCY/CASE",
     .zh = "案件所属机构（DUBAN_AGENCY）；也可写 机构/案号"},
    {.name = "procedure",
     .value = "NAME",
     .en = "opens a case under this procedure",
     .zh = "按此程序立案"},
    {.name = "unit",
     .value = "UNIT",
     .en = "the unit that handles the new case",
     .zh = "新案件的承办机构"},
    {.name = "wait",
     .value = "LENGTH",
     .en = "it may wait so long for its case or its stage: 2h, 3d",
     .zh = "可等待案件或阶段多久：2h、3d"},
    {.name = "id",
     .value = "ID",
     .en = "the event's id; made from what is said",
     .zh = "事件编号；默认由内容生成"},
    {.name = "source",
     .value = "NAME",
     .en = "which system says it (cli)",
     .zh = "来源系统（cli）"},
    {.name = "reason",
     .value = "WORDS",
     .en = "why; it stands in the file",
     .zh = "理由；记入案卷"},
    {.name = "batch",
     .value = "FILE",
     .en = "send every event of a file, one JSON object a line; - is stdin",
     .zh = "发送文件中的全部事件，每行一个 JSON 对象；- 为标准输入"},
    CONTROL_RUN_OPTION,
};

static void put(json_t *object, const char *key, const char *value)
{
    if (value != NULL) {
        (void)json_object_set_new(object, key, json_string(value));
    }
}

static const char *value_or(const struct arguments *arguments, const char *name,
                            const char *fallback)
{
    const char *value = argument_value(arguments, name);

    return value != NULL ? value : fallback;
}

/* What holds for every event of the command line. */
static json_t *read_common(const struct arguments *arguments)
{
    static const char *const same[] = {"procedure", "unit", "wait", "reason"};
    json_t *object = json_object();
    uint32_t at = 0;

    put(object, "agency", value_or(arguments, "agency", getenv("DUBAN_AGENCY")));
    put(object, "by", value_or(arguments, "by", getenv("DUBAN_BY")));
    put(object, "source", value_or(arguments, "source", "cli"));
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        put(object, same[i], argument_value(arguments, same[i]));
    }
    if (argument_given(arguments, "with")) {
        json_t *with = json_array();

        for (const char *person; (person = argument_next(arguments, "with", &at)) != NULL;) {
            (void)json_array_append_new(with, json_string(person));
        }
        (void)json_object_set_new(object, "with", with);
    }
    return object;
}

/* `gulou/K-1`, or the case alone. */
static void put_case(json_t *object, const char *words)
{
    const char *slash = strchr(words, '/');

    if (slash == NULL) {
        put(object, "case", words);
        return;
    }
    (void)json_object_set_new(object, "agency", json_stringn(words, (size_t)(slash - words)));
    put(object, "case", slash + 1);
}

/* `NAME=VALUE` of an option into the object; false: there is no `=`. */
static bool put_pair(json_t *object, const char *pair)
{
    const char *equal = strchr(pair, '=');

    return equal != NULL && equal != pair &&
           json_object_setn_new(object, pair, (size_t)(equal - pair), json_string(equal + 1)) ==
               0;
}

static void put_documents(json_t *object, const struct arguments *arguments)
{
    json_t *documents = json_array();
    uint32_t at = 0;

    for (const char *given; (given = argument_next(arguments, "document", &at)) != NULL;) {
        const char *equal = strchr(given, '=');

        (void)json_array_append_new(
            documents, equal == NULL ? json_string(given)
                                     : json_pack("{so ss}", "kind",
                                                 json_stringn(given, (size_t)(equal - given)),
                                                 "file", equal + 1));
    }
    (void)json_object_set_new(object, "documents", documents);
}

static enum exit_code send_words(const struct arguments *arguments, json_t *object)
{
    struct arena arena;
    struct duban_event event;
    struct said_wrong wrong;
    char now[INSTANT_TEXT_SIZE];
    json_t *set = json_object();
    uint32_t at = 0;
    enum exit_code code = EXIT_USAGE;

    (void)instant_print(clock_wall_ms(), SAID_ZONE_MS, now);
    if (arguments->word_count > 1) {
        put_case(object, arguments->words[0]);
    }
    put(object, "event", arguments->words[arguments->word_count - 1]);
    put(object, "at", value_or(arguments, "at", now));
    put(object, "id", argument_value(arguments, "id"));
    put_documents(object, arguments);
    (void)json_object_set_new(object, "set", set);
    for (const char *pair; (pair = argument_next(arguments, "set", &at)) != NULL;) {
        if (!put_pair(set, pair)) {
            return command_misused(arguments, &no_value, (const char *[]){pair});
        }
    }
    arena_init_growing(&arena, ARENA_BYTES);
    if (said_read(object, NULL, &arena, &event, &wrong)) {
        code = send_one(arguments, &event);
    } else {
        said_complain(NULL, &wrong);
    }
    arena_fini(&arena);
    return code;
}

/* `duban send notice.bounced --set notice=KEY`: the key says which case. */
static bool is_report(const struct arguments *arguments)
{
    return arguments->word_count == 1 && strncmp(arguments->words[0], "notice.", 7) == 0;
}

static enum exit_code run(const struct arguments *arguments)
{
    const char *batch = argument_value(arguments, "batch");

    if (batch != NULL && arguments->word_count > 0) {
        return command_misused(arguments, &batch_alone, NULL);
    }
    if (batch == NULL && arguments->word_count != 2 && !is_report(arguments)) {
        return command_misused(arguments, &no_words, NULL);
    }

    json_t *object = read_common(arguments);
    enum exit_code code =
        batch != NULL ? send_batch(arguments, batch, object) : send_words(arguments, object);

    json_decref(object);
    return code;
}

static const char *const usages[] = {
    "send [AGENCY/]CASE EVENT --by PERSON/ROLE [--set NAME=VALUE]… [--document KIND=FILE]…",
    "send notice.delivered|notice.bounced --set notice=KEY [--set result=WORDS] [--at TIME]",
    "send --batch FILE.jsonl [--agency AGENCY] [--by PERSON/ROLE]", NULL};
static const struct message examples = {
    "send_examples",
    "  duban send gulou/K-1 case.filed --procedure minor --unit squad1 --by wang/officer\n"
    "  duban send gulou/K-1 order.served --by wang/officer --with zhao --set minor=true \\\n"
    "      --set give=10d --document 责令改正通知书=order.pdf\n"
    "  duban send notice.bounced --set notice=5f2c…-3a001-mail-0 --set result=\"550 no such "
    "user\"\n"
    "  duban send --batch events.jsonl --agency gulou\n",
    "  duban send gulou/K-1 case.filed --procedure minor --unit squad1 --by wang/officer\n"
    "  duban send gulou/K-1 order.served --by wang/officer --with zhao --set minor=true \\\n"
    "      --set give=10d --document 责令改正通知书=order.pdf\n"
    "  duban send notice.bounced --set notice=5f2c…-3a001-mail-0 --set result=\"550 "
    "无此用户\"\n"
    "  duban send --batch events.jsonl --agency gulou\n"};
static const struct message notes = {
    "send_notes",
    "Saying the same again does nothing twice: the answer is the first receipt again.\n"
    "Exit: 0 taken, 1 refused, 2 usage, 3 some of a file refused, 4 no daemon.\n",
    "原样重发不会重复办理，只会再次得到首次的回执。\n"
    "退出码：0 已受理，1 拒绝，2 用法有误，3 文件中部分被拒绝，4 没有守护进程。\n"};

const struct command command_send = {
    .name = "send",
    .en = "say that something happened in a case, and learn what became of it",
    .zh = "报告案件中发生的事件，并得到办理结果",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 2,
    .run = run,
};
