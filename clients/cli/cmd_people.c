#include "cli/asked.h"
#include "cli/commands.h"
#include "cli/out.h"
#include "cli/unreached.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_BYTES = 1024 };

static const struct option options[] = {CONTROL_RUN_OPTION};

static const struct out_column columns[] = {
    {.name = "person", .en = "PERSON", .zh = "人员"},
    {.name = "name", .en = "NAME", .zh = "姓名"},
    {.name = "roles", .en = "ROLES", .zh = "角色"},
    {.name = "channels", .en = "CHANNELS", .zh = "渠道"},
    {.name = "away", .en = "AWAY", .zh = "休假", .kind = OUT_FLAG},
    {.name = "deputy", .en = "DEPUTY NOW", .zh = "现代理人"},
    {.name = "acts_for", .en = "ACTS FOR NOW", .zh = "现代理"},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static bool is_now(const json_t *object)
{
    const json_t *now = json_object_get(object, "now");

    return now == NULL || json_is_true(now);
}

/* One name of each item that holds now, joined. */
static const char *join(const json_t *list, const char *name, const char *beside,
                        char out[WORDS_BYTES])
{
    size_t at = 0;

    out[0] = '\0';
    for (size_t i = 0; i < json_array_size(list) && at + 8 < WORDS_BYTES; i++) {
        const json_t *item = json_array_get(list, i);
        const char *more = beside == NULL ? "" : asked_text(item, beside);

        if (is_now(item)) {
            (void)snprintf(out + at, WORDS_BYTES - at, "%s%.100s%s%.60s", at > 0 ? ", " : "",
                           asked_text(item, name), more[0] != '\0' ? " " : "", more);
            at = strlen(out);
        }
    }
    return out;
}

static void print_table(const json_t *people)
{
    struct out_table *table = out_table_open(columns, COLUMNS);

    for (size_t i = 0; i < json_array_size(people); i++) {
        const json_t *person = json_array_get(people, i);
        char rooms[4][WORDS_BYTES];

        out_table_row(
            table, (const char *const[COLUMNS]){
                       asked_text(person, "person"), asked_text(person, "name"),
                       join(json_object_get(person, "roles"), "role", "agency", rooms[0]),
                       join(json_object_get(person, "channels"), "channel", NULL, rooms[1]),
                       json_is_true(json_object_get(person, "away")) ? "yes" : "no",
                       join(json_object_get(person, "deputies"), "deputy", "role", rooms[2]),
                       join(json_object_get(person, "acts_for"), "person", "role", rooms[3])});
    }
    out_table_print(table);
}

static void print_days(const json_t *item)
{
    const char *from = asked_text(item, "from");
    const char *to = asked_text(item, "to");

    if (from[0] != '\0' || to[0] != '\0') {
        printf("  %s..%s", from, to);
    }
}

static void print_deputies(const json_t *list, const char *name, const char *head)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *role = asked_text(item, "role");
        const char *reason = asked_text(item, "reason");

        printf("  %s%s %s%s%s", head, asked_text(item, name), asked_text(item, "name"),
               role[0] != '\0' ? "  " : "", role);
        print_days(item);
        printf("%s%s%s\n", is_now(item) ? words_pick("  now", "  现行") : "",
               reason[0] != '\0' ? "  " : "", reason);
    }
}

/* One person, with all there is. */
static void print_person(const json_t *person)
{
    const json_t *roles = json_object_get(person, "roles");
    const json_t *channels = json_object_get(person, "channels");
    const json_t *leave = json_object_get(person, "leave");

    printf(
        "%s  %s%s%s\n", asked_text(person, "person"), asked_text(person, "name"),
        json_is_true(json_object_get(person, "certified")) ? words_pick("  certified", "  持证")
                                                           : "",
        json_is_true(json_object_get(person, "away")) ? words_pick("  AWAY", "  休假中") : "");
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const json_t *role = json_array_get(roles, i);
        const char *unit = asked_text(role, "unit");

        printf("  %s%s  %s%s%s", words_pick("role      ", "角色  "), asked_text(role, "role"),
               asked_text(role, "agency"), unit[0] != '\0' ? "/" : "", unit);
        print_days(role);
        printf("\n");
    }
    for (size_t i = 0; i < json_array_size(channels); i++) {
        const json_t *channel = json_array_get(channels, i);

        printf("  %s%s  %s  %s\n", words_pick("channel   ", "渠道  "),
               asked_text(channel, "channel"), asked_text(channel, "address"),
               asked_text(channel, "hours"));
    }
    if (asked_text(person, "hours")[0] != '\0') {
        printf("  %s%s\n", words_pick("hours     ", "时段  "), asked_text(person, "hours"));
    }
    for (size_t i = 0; i < json_array_size(leave); i++) {
        printf("  %s", words_pick("leave   ", "休假"));
        print_days(json_array_get(leave, i));
        printf("\n");
    }
    print_deputies(json_object_get(person, "deputies"), "deputy",
                   words_pick("deputy    ", "代理人 "));
    print_deputies(json_object_get(person, "acts_for"), "person",
                   words_pick("acts for  ", "代理  "));
}

static void print(json_t *answer, bool one)
{
    const json_t *people = json_object_get(answer, "people");

    if (out_format() == OUT_JSON) {
        out_json(json_incref(answer));
        return;
    }
    if (one && out_format() == OUT_TABLE) {
        print_person(json_array_get(people, 0));
    } else {
        print_table(people);
    }
    unreached_note(answer);
}

static enum exit_code run(const struct arguments *arguments)
{
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__PeopleQuery people = DUBAN__V1__PEOPLE_QUERY__INIT;
    char person[ASKED_NAME_BYTES];
    json_t *answer;

    (void)snprintf(person, sizeof(person), "%s",
                   arguments->word_count > 0 ? arguments->words[0] : "");
    people.person = person;
    query.at_least_seq = CONTROL_ALL_THERE_IS;
    query.what_case = DUBAN__V1__QUERY__WHAT_PEOPLE;
    query.people = &people;

    enum exit_code code = control_query(arguments, &query, &answer);

    if (code == EXIT_DONE) {
        print(answer, person[0] != '\0');
        json_decref(answer);
    }
    return code;
}

static const char *const usages[] = {"people [PERSON] [-o json|csv]", NULL};
static const struct message examples = {"people_examples",
                                        "  duban people\n"
                                        "  duban people sun\n",
                                        "  duban people\n"
                                        "  duban people sun\n"};
static const struct message notes = {
    "people_notes",
    "Addresses are masked. Of all people together also what is missing: reminders and rungs "
    "that "
    "come\n"
    "to nobody, with where and how to mend it.\n",
    "地址已遮蔽。列出全部人员时，一并指出无人可通知的提醒与督办及其补救办法。\n"};

const struct command command_people = {
    .name = "people",
    .en = "who holds what, how they are reached, who is away, and who acts for them",
    .zh = "何人任何职、如何送达、何人休假、由谁代理",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
