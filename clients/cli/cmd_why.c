#include "cli/asked.h"
#include "cli/commands.h"
#include "cli/out.h"

#include <stdio.h>
#include <string.h>

enum { ROOM_BYTES = 512 };

static const struct option options[] = {ASKED_AGENCY_OPTION, CONTROL_RUN_OPTION};

static void heading(const char *en, const char *zh)
{
    printf("\n%s\n", words_pick(en, zh));
}

/* " (law)", where there is one. */
static void print_law(const json_t *object)
{
    const char *law = asked_text(object, "law");

    if (law[0] != '\0') {
        printf("%s%s%s", words_pick(" (", "（"), law, words_pick(")", "）"));
    }
}

static void print_case(const json_t *found)
{
    char opened[ASKED_TIME_BYTES];

    printf("%s/%s  %s\n", asked_text(found, "agency"), asked_text(found, "case"),
           asked_words(found, "procedure"));
    printf("%s%s  (%s)  %s%s\n", words_pick("stage: ", "阶段："), asked_words(found, "stage"),
           asked_state(found), words_pick("opened ", "立案时间 "),
           asked_instant(found, "opened", opened));
    if (json_is_true(json_object_get(found, "on_hold"))) {
        printf("%s\n", words_pick("on hold: notices wait", "已挂起：通知暂缓"));
    }
}

/* "6 days left", "overdue". */
static void print_left(const json_t *limit)
{
    const json_t *left = json_object_get(limit, "left_ms");
    long long minutes = (long long)(json_integer_value(left) / 60000);

    if (left == NULL) {
        return;
    }
    if (minutes < 0) {
        printf("  %s", words_pick("OVERDUE", "逾期"));
    } else if (minutes >= 2880) {
        printf("  %lld %s", minutes / 1440, words_pick("days left", "天后到期"));
    } else {
        printf("  %lldh%02lldmin %s", minutes / 60, minutes % 60, words_pick("left", "后到期"));
    }
}

static void print_limits(const json_t *answer)
{
    const json_t *limits = json_object_get(answer, "limits");
    const json_t *none = json_object_get(answer, "no_limit");

    if (none != NULL) {
        heading("Nothing need run here:", "本阶段可不计期限：");
        printf("  %s", asked_text(none, words_pick("en", "zh")));
        print_law(none);
        printf("\n");
    }
    if (json_array_size(limits) == 0) {
        return;
    }
    heading("Limits:", "期限：");
    for (size_t i = 0; i < json_array_size(limits); i++) {
        const json_t *limit = json_array_get(limits, i);
        char name[ASKED_NAME_BYTES];
        char day[ASKED_TIME_BYTES];

        printf("  %s: %s  %s%s", asked_clock(limit, name), asked_words(limit, "state"),
               words_pick("last day ", "末日 "), asked_date(limit, "last_day", day));
        print_left(limit);
        printf("  %s%s", words_pick("owed by ", "责任人："), asked_words(limit, "owner"));
        print_law(limit);
        printf("\n");
    }
}

static const char *holds_words(const char *holds)
{
    return strcmp(holds, "yes") == 0     ? words_pick("holds", "已满足")
           : strcmp(holds, "no") == 0    ? words_pick("DOES NOT HOLD", "未满足")
           : strcmp(holds, "event") == 0 ? words_pick("by the event", "视事件而定")
                                         : words_pick("unknown", "未知");
}

static void print_need(const json_t *need)
{
    const json_t *conditions = json_object_get(need, "conditions");

    printf("      %s: %s", holds_words(asked_text(need, "holds")), asked_words(need, "need"));
    print_law(need);
    printf("\n");
    for (size_t i = 0; i < json_array_size(conditions); i++) {
        const json_t *condition = json_array_get(conditions, i);

        printf("          %s  %s\n", asked_text(condition, "condition"),
               holds_words(asked_text(condition, "holds")));
    }
}

/* "officer (wang, zhao), head of unit (sun)"; nobody named: anyone of the agency. */
static void print_by(const json_t *by)
{
    if (json_array_size(by) == 0) {
        printf("%s", words_pick("anyone of the agency", "本机构任何人"));
    }
    for (size_t i = 0; i < json_array_size(by); i++) {
        const json_t *role = json_array_get(by, i);
        char persons[ROOM_BYTES];

        (void)asked_join(json_object_get(role, "persons"), persons, sizeof(persons));
        printf("%s%s%s%s%s", i > 0 ? words_pick(", ", "、") : "", asked_words(role, "role"),
               persons[0] != '\0' ? words_pick(" (", "（") : "", persons,
               persons[0] != '\0' ? words_pick(")", "）") : "");
    }
}

static void print_event(const json_t *event)
{
    const json_t *needs = json_object_get(event, "needs");
    const json_t *to = json_object_get(event, "to");
    const char *rule = asked_words(event, "rule");
    char room[ROOM_BYTES];

    printf("  %s%s%s  [%s]%s", asked_words(event, "event"), rule[0] != '\0' ? ", " : "", rule,
           asked_text(event, "event"), words_pick(" by ", "，由 "));
    print_by(json_object_get(event, "by"));
    for (size_t i = 0; i < json_array_size(to); i++) {
        printf("%s%s", i > 0 ? " | " : " → ", asked_words(json_array_get(to, i), "stage"));
    }
    print_law(event);
    printf("\n");
    if (json_array_size(json_object_get(event, "takes")) > 0) {
        printf("      %s%s\n", words_pick("carries: ", "须载明："),
               asked_join(json_object_get(event, "takes"), room, sizeof(room)));
    }
    if (json_array_size(json_object_get(event, "documents")) > 0) {
        printf("      %s%s\n", words_pick("documents: ", "须附文书："),
               asked_join(json_object_get(event, "documents"), room, sizeof(room)));
    }
    for (size_t i = 0; i < json_array_size(needs); i++) {
        print_need(json_array_get(needs, i));
    }
}

/* First what moves the case on, then what may be reported in any stage. */
static void print_events(const json_t *events, bool anytime)
{
    bool headed = false;

    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);

        if (json_is_true(json_object_get(event, "anytime")) != anytime) {
            continue;
        }
        if (!headed) {
            anytime ? heading("At any time:", "随时可报：")
                    : heading("It waits for one of:", "等待以下之一：");
            headed = true;
        }
        print_event(event);
    }
}

static const char *what_words(const json_t *fires)
{
    const char *what = asked_text(fires, "what");

    if (strcmp(what, "end") == 0) {
        return asked_words(fires, "ends");
    }
    if (strcmp(what, "review") == 0) {
        return words_pick("the long pause is told", "提醒长期中止");
    }
    return asked_words(fires, "entry");
}

static void print_next(const json_t *next)
{
    const json_t *fires = json_object_get(next, "fires");
    char at[ASKED_TIME_BYTES];

    heading("If nobody acts:", "若无人办理：");
    if (asked_instant(next, "at", at)[0] == '\0') {
        printf("  %s\n", words_pick("nothing happens", "不会发生任何事"));
        return;
    }
    for (size_t i = 0; i < json_array_size(fires); i++) {
        const json_t *moment = json_array_get(fires, i);
        const char *role = asked_words(moment, "role");
        char name[ASKED_NAME_BYTES];

        printf("  %s  %s: %s%s%s\n", at, asked_clock(moment, name), what_words(moment),
               role[0] != '\0' ? " → " : "", role);
    }
}

static void print_defects(const json_t *found)
{
    const json_t *defects = json_object_get(found, "defects");

    if (json_array_size(defects) > 0) {
        heading("Defects on its file:", "案卷瑕疵：");
    }
    for (size_t i = 0; i < json_array_size(defects); i++) {
        const json_t *defect = json_array_get(defects, i);
        char at[ASKED_TIME_BYTES];

        printf("  %s  %s", asked_instant(defect, "at", at), asked_words(defect, "defect"));
        print_law(defect);
        printf("\n");
    }
}

static void print_refusals(const json_t *refusals)
{
    if (json_array_size(refusals) > 0) {
        heading("Refused lately:", "近期被拒：");
    }
    for (size_t i = 0; i < json_array_size(refusals); i++) {
        const json_t *record = json_array_get(refusals, i);
        const json_t *event = json_object_get(record, "event");
        const json_t *reasons = json_object_get(record, "reasons");
        char at[ASKED_TIME_BYTES];

        printf("  %s  #%" JSON_INTEGER_FORMAT "  %s%s%s\n", asked_instant(record, "at", at),
               json_integer_value(json_object_get(record, "seq")), asked_words(event, "type"),
               words_pick(" by ", "，"), asked_text(event, "person"));
        for (size_t j = 0; j < json_array_size(reasons); j++) {
            const json_t *reason = json_array_get(reasons, j);

            printf("      %s", asked_text(reason, words_pick("en", "zh")));
            print_law(reason);
            printf("\n");
        }
    }
}

static void print(const json_t *answer)
{
    const json_t *found = json_object_get(answer, "case");
    const json_t *events = json_object_get(answer, "events");

    print_case(found);
    print_limits(answer);
    print_events(events, false);
    print_events(events, true);
    if (strcmp(asked_text(found, "state"), "closed") != 0) {
        print_next(json_object_get(answer, "next"));
    }
    print_defects(found);
    print_refusals(json_object_get(answer, "refusals"));
}

static enum exit_code run(const struct arguments *arguments)
{
    struct asked_case asked;
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    json_t *answer;

    if (!asked_case_read(arguments, &asked)) {
        return EXIT_USAGE;
    }
    query.at_least_seq = CONTROL_ALL_THERE_IS;
    query.what_case = DUBAN__V1__QUERY__WHAT_WHY;
    query.why = &asked.query;

    enum exit_code code = control_query(arguments, &query, &answer);

    if (code != EXIT_DONE) {
        return code;
    }
    if (out_format() == OUT_JSON) {
        out_json(json_incref(answer));
    } else {
        print(answer);
    }
    json_decref(answer);
    return code;
}

static const char *const usages[] = {"why CASE [-o json]", NULL};
static const struct message examples = {
    "why_examples", "  duban why K-2026-0117\n  duban why gulou/K-2026-0117 -o json\n",
    "  duban why K-2026-0117\n  duban why gulou/K-2026-0117 -o json\n"};

const struct command command_why = {
    .name = "why",
    .en = "why a case stands where it stands: what it waits for, who, by when",
    .zh = "案件为何停在此处：等待什么、由谁、何时到期",
    .usages = usages,
    .examples = &examples,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
