#include "codec/installed_yaml.h"
#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>

struct play {
    struct arena arena;
    struct source agencies;
    struct source people;
    struct source channels;
    struct source registry;
    const struct source *registers[1];
    const struct calendar *calendars[1];
    struct problem_list problems;
    const struct installed *installed;
    char told[1000];
};

static void list_problems(struct play *play)
{
    size_t at = 0;

    for (const struct problem *one = play->problems.first; one != NULL; one = one->next) {
        at += (size_t)snprintf(play->told + at, sizeof(play->told) - at, "%s%u:%u %s",
                               at > 0 ? "\n" : "", one->mark.line, one->mark.column,
                               one->message->code);
    }
}

static const char *channels = "channels:\n"
                              "  sms: {address: phone, attempts: 3, late: 2h}\n"
                              "  mail: {address: mail, idempotent: true, digest: 5min}\n";

/* NULL: no such file. */
static void load(struct play *play, const char *agencies, const char *people,
                 const char *registry)
{
    struct installed_files files = {.calendars = play->calendars, .calendar_count = 1};

    *play = (struct play){
        .agencies = {.name = TEXT("agencies.yaml"), .bytes = text_of(agencies)},
        .people = {.name = TEXT("people.yaml"), .bytes = text_of(people)},
        .channels = {.name = TEXT("channels.yaml"), .bytes = text_of(channels)},
        .registry = {.name = TEXT("config/registers/violations.csv"),
                     .bytes = text_of(registry)},
    };
    arena_init_growing(&play->arena, (size_t)16 << 20);
    problem_list_init(&play->problems, &play->arena);
    play->calendars[0] = calendar_build(&play->arena, TEXT("cn"), TEXT("1"), NULL, NULL, 0);
    play->registers[0] = &play->registry;
    files.agencies = agencies == NULL ? NULL : &play->agencies;
    files.people = people == NULL ? NULL : &play->people;
    files.channels = &play->channels;
    files.registers = play->registers;
    files.register_count = registry != NULL;
    play->installed = installed_load(&files, &play->arena, &play->problems);
    list_problems(play);
}

static void check_told(const char *agencies, const char *people, const char *registry,
                       const char *told)
{
    struct play play;

    load(&play, agencies, people, registry);
    CHECK_TEXT((const char *)play.told, told);
    CHECK(play.installed == NULL);
    arena_fini(&play.arena);
}

static void read_shipped(const char *name, char *bytes, size_t room)
{
    const char *root = getenv("SOURCE");
    char path[500];
    FILE *file;
    size_t size = 0;

    snprintf(path, sizeof(path), "%s/config/%s", root == NULL ? "." : root, name);
    file = fopen(path, "rb");
    if (CHECK(file != NULL)) {
        size = fread(bytes, 1, room - 1, file);
        fclose(file);
    }
    bytes[size] = '\0';
}

static void what_is_shipped_loads(void)
{
    static char bytes[3][20000];
    struct play play;

    read_shipped("agencies.yaml", bytes[0], sizeof(bytes[0]));
    read_shipped("people.yaml", bytes[1], sizeof(bytes[1]));
    read_shipped("registers/violations.csv", bytes[2], sizeof(bytes[2]));
    load(&play, bytes[0], bytes[1], bytes[2]);
    CHECK_TEXT((const char *)play.told, "");
    CHECK(play.installed != NULL);
    arena_fini(&play.arena);
}

static void an_agency_has_what_it_does_not_say(void)
{
    struct play play;

    load(&play,
         "agencies:\n"
         "  gulou: {zh: 鼓楼, parent: city, moments: \"10:30\", hours: \"07:00-21:00\", opens: "
         "minor}\n"
         "  city: {en: City}\n",
         NULL, NULL);
    if (play.installed == NULL) {
        CHECK_TEXT((const char *)play.told, "");
        return;
    }

    const struct agency *gulou = installed_agency(play.installed, TEXT("gulou"));
    const struct agency *city = installed_agency(play.installed, TEXT("city"));

    CHECK_INTEGER(gulou->parent, city - play.installed->agencies);
    CHECK_INTEGER(gulou->office.moment_ms, 10 * 3600000 + 30 * 60000);
    CHECK_INTEGER(gulou->hours.from_ms, 7 * 3600000);
    CHECK_INTEGER(gulou->hours.to_ms, 21 * 3600000);
    CHECK_INTEGER(gulou->open_count, 1);
    CHECK_INTEGER(city->parent, NO_AGENCY);
    CHECK_INTEGER(city->office.moment_ms, OFFICE_MOMENT_MS);
    CHECK_INTEGER(city->office.zone_ms, 8 * 3600000);
    CHECK_INTEGER(city->hours.to_ms, 20 * 3600000);
    CHECK(city->office.calendar == play.calendars[0]);
    arena_fini(&play.arena);
}

static void channels_have_what_they_do_not_say(void)
{
    struct play play;

    load(&play, NULL, NULL, NULL);
    CHECK_TEXT((const char *)play.told, "");
    CHECK_INTEGER(play.installed->channel_count, 2);

    const struct channel *sms = &play.installed->channels[0];
    const struct channel *mail = &play.installed->channels[1];

    CHECK_INTEGER(sms->attempts, 3);
    CHECK_INTEGER(sms->late_ms, 2 * 3600000);
    CHECK_INTEGER(sms->lease_ms, 2 * 60000);
    CHECK_INTEGER(sms->per_day, 0);
    CHECK(!sms->idempotent);
    CHECK_INTEGER(mail->attempts, 8);
    CHECK_INTEGER(mail->digest_ms, 5 * 60000);
    CHECK(mail->idempotent);
    arena_fini(&play.arena);
}

static void people_are_reached_as_they_wish_or_by_all_that_reach(void)
{
    struct play play;

    load(&play, NULL,
         "people:\n"
         "  wang: {phone: \"+8613800000001\", mail: wang@example.gov.cn}\n"
         "  zhao: {mail: zhao@example.gov.cn, language: en}\n"
         "  qian: {phone: \"13800000002\", mail: q@example.gov.cn, channels: [mail, sms]}\n"
         "  li: {name: 李}\n",
         NULL);
    CHECK_TEXT((const char *)play.told, "");

    const struct person *people = play.installed->people;

    CHECK_INTEGER(people[0].channel_count, 2);
    CHECK_INTEGER(people[0].channels[0], 0);
    CHECK(!people[0].english);
    CHECK_INTEGER(people[1].channel_count, 1);
    CHECK_INTEGER(people[1].channels[0], 1);
    CHECK(people[1].english);
    CHECK_INTEGER(people[2].channels[0], 1);
    CHECK_INTEGER(people[2].channels[1], 0);
    CHECK_INTEGER(people[3].channel_count, 0);
    CHECK(text_is(person_address(&people[0], &play.installed->channels[0]), "+8613800000001"));
    CHECK(text_empty(person_address(&people[3], &play.installed->channels[1])));
    arena_fini(&play.arena);
}

static void an_address_is_no_place_for_anything_else(void)
{
    check_told(NULL, "people:\n  wang: {mail: \"a@b\\nBcc: x@y\"}\n", NULL, "2:17 bad_address");
    check_told(NULL, "people:\n  wang: {mail: \"<a@b>\"}\n", NULL, "2:17 bad_address");
    check_told(NULL, "people:\n  wang: {mail: here}\n", NULL, "2:16 bad_address");
    check_told(NULL, "people:\n  wang: {phone: \"1380&to=9\"}\n", NULL, "2:18 bad_address");
    check_told(NULL, "people:\n  wang: {channels: [fax]}\n", NULL, "2:21 no_channel");
}

static void people_hold_roles_for_a_while(void)
{
    struct play play;
    int32_t july = date_of(2026, 7, 1);

    load(&play, "agencies: {a: {}}\n",
         "people:\n"
         "  wang:\n"
         "    name: 王\n"
         "    phone: \"13800000000\"\n"
         "    channels: [sms, mail]\n"
         "    certificate: {from: 2026-01-01, to: 2026-12-31}\n"
         "    roles: [{role: officer, agency: a, unit: u, to: 2026-06-30}]\n"
         "    deputies: [{to: li, from: 2026-03-01, until: 2026-03-31}]\n"
         "  li: {certified: true}\n",
         NULL);
    if (play.installed == NULL) {
        CHECK_TEXT((const char *)play.told, "");
        return;
    }

    const struct installed *installed = play.installed;
    const struct person *wang = installed_person(installed, TEXT("wang"));
    struct post post = {.role = TEXT("officer"), .unit = TEXT("u"), .agency = 0};

    CHECK_TEXT(wang->name, "王");
    CHECK(person_certified(wang, july));
    CHECK(!person_certified(wang, date_of(2027, 1, 1)));
    CHECK(person_certified(installed_person(installed, TEXT("li")), july));
    CHECK(post_held_by(installed, &post, TEXT("wang"), date_of(2026, 6, 30)));
    CHECK(!post_held_by(installed, &post, TEXT("wang"), july));
    CHECK(
        is_deputy(installed, TEXT("wang"), TEXT("li"), TEXT("officer"), date_of(2026, 3, 31)));
    CHECK(!is_deputy(installed, TEXT("wang"), TEXT("li"), TEXT("officer"), july));
    arena_fini(&play.arena);
}

static void a_register_is_typed_by_its_head(void)
{
    struct play play;
    const struct registry *registry;
    const struct registry_row *row;

    load(&play, NULL, NULL,
         "# a comment\n"
         "code,level:choice,max_fine:money,from:date,to:date\n"
         "A1,minor,100.00,2021-01-01,2021-12-31\n"
         "A1,grave,200.00,2022-01-01,\n"
         "B2,minor,,,\n");
    if (play.installed == NULL) {
        CHECK_TEXT((const char *)play.told, "");
        return;
    }
    registry = installed_registry(play.installed, TEXT("violations"));
    CHECK_INTEGER(registry->row_count, 3);
    CHECK_INTEGER(registry->columns[1].choices.count, 2);
    CHECK_TEXT(registry->columns[1].choices.names[1], "grave");
    row = registry_find(registry, TEXT("A1"), date_of(2021, 12, 31));
    CHECK_INTEGER(row->cells[2].number, 10000);
    row = registry_find(registry, TEXT("A1"), date_of(2022, 1, 1));
    CHECK_INTEGER(row->cells[2].number, 20000);
    CHECK(registry_find(registry, TEXT("A1"), date_of(2020, 1, 1)) == NULL);
    row = registry_find(registry, TEXT("B2"), date_of(2020, 1, 1));
    CHECK(!row->cells[2].known);
    arena_fini(&play.arena);
}

static void what_is_wrong_with_agencies_is_told(void)
{
    check_told("agencies: {a: {parent: b}}\n", NULL, NULL, "1:24 no_agency");
    check_told("agencies: {a: {parent: b}, b: {parent: a}}\n", NULL, NULL,
               "1:24 agency_loop\n1:40 agency_loop");
    check_told("agencies: {a: {calendar: us}}\n", NULL, NULL, "1:26 no_calendar");
    check_told("agencies: {a: {zone: Mars}}\n", NULL, NULL, "1:22 no_zone");
    check_told("agencies: {a: {hours: \"20:00-08:00\"}}\n", NULL, NULL, "1:24 scalar_hours");
    check_told("agencies: {a: {parnt: b}}\n", NULL, NULL, "1:16 schema_key");
}

static void what_is_wrong_with_people_is_told(void)
{
    static const char a[] = "agencies: {a: {}}\n";

    check_told(a, "people: {w: {roles: [{role: x, agency: b}]}}\n", NULL, "1:40 no_agency");
    check_told(a, "people: {w: {deputies: [{to: v, from: 2026-01-01, until: 2026-01-02}]}}\n",
               NULL, "1:30 no_person");
    check_told(a, "people: {w: {deputies: [{to: w, from: 2026-01-01, until: 2026-01-02}]}}\n",
               NULL, "1:30 deputy_self");
    check_told(a, "people: {w: {certificate: {from: 2026-02-01, to: 2026-01-01}}}\n", NULL,
               "1:27 span_backwards");
    check_told(a, "people: {w: {certified: yes}}\n", NULL, "1:25 scalar_flag");
}

static void what_is_wrong_with_registers_is_told(void)
{
    check_told(NULL, NULL, "", "1:1 register_empty");
    check_told(NULL, NULL, "code,fine:gold\nA,1\n", "1:6 register_column");
    check_told(NULL, NULL, "code:date,fine\n2021-01-01,1\n", "1:1 register_key");
    check_told(NULL, NULL, "code,a,a\nA,1,1\n", "1:8 register_column_twice");
    check_told(NULL, NULL, "code,a\nA\n", "2:1 register_fields");
    check_told(NULL, NULL, "code,a:money\nA,1.5\n", "2:3 register_cell");
    check_told(NULL, NULL, "code,a\n,1\n", "2:1 register_key_empty");
    check_told(NULL, NULL, "code,a\nA,1\nA,2\n", "3:1 register_twice");
    check_told(NULL, NULL, "code,from:date,to:date\nA,2021-02-01,2021-01-01\n",
               "2:14 span_backwards");
}

static void a_spent_arena_ends_the_loading(void)
{
    for (size_t budget = 0; budget < 200000; budget += 5000) {
        struct source agencies = {.name = TEXT("a"),
                                  .bytes = TEXT("agencies: {a: {parent: b}, b: {}}\n")};
        struct source people = {
            .name = TEXT("p"), .bytes = TEXT("people: {w: {roles: [{role: x, agency: a}]}}\n")};
        struct source registry = {.name = TEXT("r.csv"),
                                  .bytes = TEXT("code,l:choice\nA,x\nB,y\n")};
        const struct source *registers[] = {&registry};
        struct installed_files files = {.agencies = &agencies,
                                        .people = &people,
                                        .registers = registers,
                                        .register_count = 1};
        struct arena arena;
        struct problem_list problems;

        arena_init_growing(&arena, budget);
        problem_list_init(&problems, &arena);
        CHECK(installed_load(&files, &arena, &problems) == NULL);
        CHECK(arena.spent || problems.error_count == 2); /* there is no calendar */
        arena_fini(&arena);
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_is_shipped_loads),
        TEST(an_agency_has_what_it_does_not_say),
        TEST(channels_have_what_they_do_not_say),
        TEST(people_are_reached_as_they_wish_or_by_all_that_reach),
        TEST(an_address_is_no_place_for_anything_else),
        TEST(people_hold_roles_for_a_while),
        TEST(a_register_is_typed_by_its_head),
        TEST(what_is_wrong_with_agencies_is_told),
        TEST(what_is_wrong_with_people_is_told),
        TEST(what_is_wrong_with_registers_is_told),
        TEST(a_spent_arena_ends_the_loading),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
