#include "cli/record.h"

#include "cli/asked.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_BYTES = 2048 };

static const struct message record_line = {"log_record", "{0}  #{1}  {2}{3}{4}",
                                           "{0}  #{1}  {2}{3}{4}"};

static const char *language_of(const json_t *object)
{
    return asked_text(object, words_pick("en", "zh"));
}

/* What became of a notice on its way: the step, and the state it led to where there is one. */
static void say_job(const json_t *record, char out[WORDS_BYTES])
{
    static const struct {
        const char *step;
        const char *state; /* NULL: any; "": the job is gone */
        const char *en;
        const char *zh;
    } steps[] = {
        {"lease", NULL, "handed to a worker", "已交工作进程"},
        {"defer", NULL, "put off: enough for one day", "推迟：当日已达上限"},
        {"begin", NULL, "being sent", "正在发送"},
        {"lose", "unknown", "the worker fell silent: it may have been sent",
         "工作进程失联：可能已发出"},
        {"lose", NULL, "the worker fell silent: goes anew", "工作进程失联：重新派发"},
        {"done", NULL, "sent", "已发出"},
        {"fail", "incident", "not sent: nobody was reached", "未发出：无人可达"},
        {"fail", NULL, "not sent: tried again", "未发出：将再试"},
        {"doubt", "unknown", "it may have been sent: a person decides",
         "可能已发出：须由人决定"},
        {"doubt", NULL, "it may have been sent: goes again", "可能已发出：将再发"},
        {"time", "", "given up: it would come too late", "放弃：已过时"},
        {"time", "incident", "nobody was reached", "无人可达"},
        {"time", NULL, "may leave now", "现可发出"},
        {"retry", NULL, "tried again, by an operator", "操作员令其再试"},
        {"resend", NULL, "sent again, by an operator", "操作员令其重发"},
        {"drop", NULL, "given up, by an operator", "操作员放弃"},
        {"delivered", NULL, "it arrived", "已送达"},
        {"bounced", "incident", "it came back: nobody was reached", "被退回：无人可达"},
        {"bounced", "ready", "it came back: the next channel is tried", "被退回：改用下一渠道"},
        {"bounced", NULL, "it came back", "被退回"},
    };
    const char *step = asked_text(record, "step");
    const char *state = asked_text(record, "state");

    (void)snprintf(out, WORDS_BYTES, "%s", step);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (strcmp(steps[i].step, step) == 0 &&
            (steps[i].state == NULL || strcmp(steps[i].state, state) == 0)) {
            (void)snprintf(out, WORDS_BYTES, "%s%.200s%s%.100s%s%s",
                           words_pick("notice to ", "通知"), asked_text(record, "receiver"),
                           words_pick(" over ", "，渠道 "), asked_text(record, "channel"),
                           words_pick(": ", "："), words_pick(steps[i].en, steps[i].zh));
            return;
        }
    }
}

/* What a record is about: an event with who says so, or what its kind is. */
static void say_subject(const json_t *record, char out[WORDS_BYTES])
{
    const json_t *event = json_object_get(record, "event");
    const char *kind = asked_text(record, "kind");
    char with[ASKED_NAME_BYTES];
    char due[ASKED_TIME_BYTES];

    if (event != NULL) {
        const char *person = asked_text(event, "person");

        (void)asked_join(json_object_get(event, "with"), with, sizeof(with));
        (void)snprintf(out, WORDS_BYTES, "%s%s%s%s%s%s", asked_words(event, "type"),
                       words_pick(" by ", "，"), person[0] != '\0' ? person : "",
                       person[0] != '\0' ? "/" : "", asked_words(event, "role"),
                       with[0] != '\0' ? words_pick(" with ", "，会同 ") : "");
        (void)snprintf(out + strlen(out), WORDS_BYTES - strlen(out), "%s%s", with,
                       strcmp(kind, "rest") == 0 ? words_pick(" (it had waited)", "（曾等待）")
                                                 : "");
    } else if (strcmp(kind, "moment") == 0) {
        (void)snprintf(out, WORDS_BYTES, "%s %s", words_pick("due", "到期"),
                       asked_instant(record, "due", due));
    } else if (strcmp(kind, "job") == 0) {
        say_job(record, out);
    } else if (strcmp(asked_text(record, "act"), "disclose") == 0) {
        (void)snprintf(
            out, WORDS_BYTES, "%s%s%s%s",
            words_pick("private words of a notice read by ", "查看通知中的隐私内容："),
            asked_text(record, "person"), words_pick(": ", "，理由："),
            asked_text(record, "reason"));
    } else if (strcmp(kind, "install") == 0) {
        (void)snprintf(out, WORDS_BYTES, "%s%s%.200s%s%.1000s",
                       words_pick("installed", "安装配置"),
                       asked_text(record, "person")[0] != '\0' ? words_pick(" by ", "，") : "",
                       asked_text(record, "person"),
                       asked_text(record, "reason")[0] != '\0' ? words_pick(": ", "：") : "",
                       asked_text(record, "reason"));
    } else if (strcmp(kind, "derived") == 0) {
        (void)snprintf(out, WORDS_BYTES, "%s",
                       words_pick("limits derived anew", "期限重新推算"));
    } else if (strcmp(kind, "import") == 0) {
        (void)snprintf(out, WORDS_BYTES, "%s%s%s%s",
                       words_pick("imported with its history", "连同经过一并导入"),
                       words_pick(" by ", "，"), asked_text(record, "person"),
                       asked_text(record, "reason")[0] != '\0' ? words_pick(": ", "：") : "");
        (void)snprintf(out + strlen(out), WORDS_BYTES - strlen(out), "%s",
                       asked_text(record, "reason"));
    } else {
        (void)snprintf(out, WORDS_BYTES, "%s", kind);
    }
}

static const char *verdict_words(const json_t *record)
{
    const char *verdict = asked_text(record, "verdict");

    return strcmp(verdict, "rejected") == 0  ? words_pick(": REFUSED", "：拒绝")
           : strcmp(verdict, "waiting") == 0 ? words_pick(": waiting", "：等待")
                                             : "";
}

static void print_lines(const json_t *list, bool reasons)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *law = asked_text(item, "law");

        if (reasons) {
            printf("      %s: %s%s%s%s\n", asked_text(item, "code"), language_of(item),
                   law[0] != '\0' ? words_pick(" (", "（") : "", law,
                   law[0] != '\0' ? words_pick(")", "）") : "");
        } else {
            printf("      %s\n", language_of(item));
        }
    }
}

/* By name whom it tells, and in whose stead. */
static void print_told(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *told = json_array_get(list, i);
        const char *stead = asked_text(told, "stead");
        const char *other = asked_text(told, "in_stead_of_name");
        const char *channel = asked_text(told, "channel");

        printf("      %s%s%s%s%s%s%s\n", words_pick("told: ", "告知："),
               asked_text(told, "name"),
               strcmp(stead, "deputy") == 0   ? words_pick(" for ", "，代")
               : strcmp(stead, "vacant") == 0 ? words_pick(", as nobody is ", "，因无人任")
               : strcmp(stead, "unreached") == 0 ? words_pick(", not reached: ", "，未达：")
                                                 : "",
               other, channel[0] != '\0' ? words_pick(" over ", "，渠道 ") : "", channel,
               channel[0] != '\0' ? "" : words_pick(" over nothing", "，无渠道"));
    }
}

static void print_documents(const json_t *event)
{
    const json_t *documents = json_object_get(event, "documents");

    for (size_t i = 0; i < json_array_size(documents); i++) {
        const json_t *document = json_array_get(documents, i);

        const char *sum = asked_text(document, "sha256");

        printf("      %s%s%s%.12s\n", words_pick("document: ", "文书："),
               asked_text(document, "kind"), sum[0] != '\0' ? "  " : "", sum);
    }
}

/* On what ground a correction stands, and who approved it: its effects do not say. */
static void print_approval(const json_t *event)
{
    const json_t *facts = json_object_get(event, "facts");

    if (strcmp(asked_text(event, "type"), "case.corrected") != 0) {
        return;
    }
    for (size_t i = 0; i < json_array_size(facts); i++) {
        const json_t *fact = json_array_get(facts, i);
        const char *name = asked_text(fact, "name");

        if (strcmp(name, "ground") == 0) {
            printf("      %s%s\n", words_pick("ground: ", "理由："), asked_text(fact, "value"));
        } else if (strcmp(name, "approver") == 0) {
            printf("      %s%s\n", words_pick("approved by: ", "批准人："),
                   asked_text(fact, "value"));
        }
    }
}

/* The history that an import brought along. */
static void print_imported(const json_t *events)
{
    for (size_t i = 0; i < json_array_size(events); i++) {
        json_t *event = json_array_get(events, i);
        json_t *record = json_pack("{sO}", "event", event);
        char at[ASKED_TIME_BYTES];
        char subject[WORDS_BYTES];

        say_subject(record, subject);
        printf("      %s  %s\n", asked_instant(event, "occurred", at), subject);
        print_documents(event);
        json_decref(record);
    }
}

void record_print(const json_t *record, bool named)
{
    const json_t *event = json_object_get(record, "event");
    const char *case_id = named ? asked_text(record, "case") : "";
    char at[ASKED_TIME_BYTES];
    char seq[24];
    char whose[2 * ASKED_NAME_BYTES] = "";
    char subject[WORDS_BYTES];

    say_subject(record, subject);
    (void)snprintf(seq, sizeof(seq), "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(record, "seq")));
    if (case_id[0] != '\0') {
        (void)snprintf(whose, sizeof(whose), "%.200s/%.200s  ", asked_text(record, "agency"),
                       case_id);
    }
    words_print(stdout, &record_line,
                (const char *[]){asked_instant(record, "at", at), seq, whose, subject,
                                 verdict_words(record)});
    print_lines(json_object_get(record, "reasons"), true);
    print_imported(json_object_get(record, "events"));
    print_approval(event);
    print_documents(event);
    if (asked_text(event, "note")[0] != '\0') {
        printf("      %s%s\n", words_pick("note: ", "备注："), asked_text(event, "note"));
    }
    print_lines(json_object_get(record, "effects"), false);
    print_told(json_object_get(record, "told"));
    if (json_object_get(record, "effects_more") != NULL) {
        printf("      %s%" JSON_INTEGER_FORMAT "\n",
               words_pick("… and so many more: ", "……另有："),
               json_integer_value(json_object_get(record, "effects_more")));
    }
}
