#include "model/world.h"

#include "base/must.h"
#include "codec/calendar_csv.h"
#include "codec/embedded.h"

#include <stdlib.h>
#include <string.h>

#define ZONE_MS ((int64_t)8 * 3600000)

const char *const world_people[] = {"wang", "zhao", "qian",  "sun",   "li",
                                    "zhou", "wu",   "zheng", "nobody"};
const uint32_t world_person_count = 9;

enum { WANG, ZHAO, QIAN, SUN, LI, ZHOU, WU, ZHENG, PEOPLE };
enum { CITY, GULOU, QINHUAI, AGENCIES };

static struct person people[PEOPLE];
static struct holding holdings[32];
static uint32_t holding_count;
static struct deputy deputies[3];
static struct agency agencies[WORLD_CALENDARS][AGENCIES];
static struct world world;

static void hold(uint16_t person, const char *role, uint16_t agency, const char *unit)
{
    holdings[holding_count++] = (struct holding){.person = person,
                                                 .role = text_of(role),
                                                 .agency = agency,
                                                 .unit = text_of(unit),
                                                 .from = DATE_NONE,
                                                 .to = DATE_NONE};
}

static void fill_people(void)
{
    for (uint32_t i = 0; i < PEOPLE; i++) {
        people[i] = (struct person){.id = text_of(world_people[i]),
                                    .name = text_of(world_people[i]),
                                    .certified = i != WU,
                                    .certified_from = DATE_NONE,
                                    .certified_to = DATE_NONE};
    }
    people[QIAN].certified_from = date_of(2026, 3, 1);
    people[ZHAO].certified_to = date_of(2026, 8, 31);
    hold(WANG, "officer", GULOU, "one");
    hold(ZHAO, "officer", GULOU, "one");
    hold(QIAN, "officer", GULOU, "two");
    hold(WU, "officer", GULOU, "");
    holdings[holding_count - 1].to = date_of(2026, 9, 30);
    hold(SUN, "unit_head", GULOU, "one");
    hold(ZHOU, "unit_head", GULOU, "two");
    hold(ZHOU, "unit_head", GULOU, "");
    holdings[holding_count - 1].from = date_of(2026, 6, 1);
    hold(LI, "leader", GULOU, "");
    hold(ZHENG, "leader", QINHUAI, "");
    hold(ZHENG, "supervisor", CITY, "");
    hold(WANG, "supervisor", GULOU, "");
    hold(LI, "host", GULOU, "");
    hold(ZHOU, "host", GULOU, "");
    hold(SUN, "host", GULOU, "one");
    deputies[0] = (struct deputy){.person = SUN,
                                  .deputy = QIAN,
                                  .role = TEXT("unit_head"),
                                  .from = date_of(2026, 2, 1),
                                  .to = date_of(2026, 12, 31)};
    deputies[1] = (struct deputy){
        .person = LI, .deputy = ZHAO, .from = date_of(2026, 1, 10), .to = DATE_NONE};
    deputies[2] = (struct deputy){
        .person = WANG, .deputy = WU, .from = DATE_NONE, .to = date_of(2026, 5, 31)};
}

/* A register of violations, as the random procedures expect it. */
static const struct registry *fill_register(void)
{
    static const struct text levels[] = {TEXT_INIT("light"), TEXT_INIT("heavy")};
    static struct column columns[3];
    static struct value cells[4][3];
    static struct registry_row rows[4];
    static struct registry registry;
    static const struct {
        const char *code;
        uint32_t level;
        int64_t fine;
    } drawn[4] = {{"A1", 0, 20000}, {"A2", 1, 5000}, {"A3", 0, 0}, {"A2", 0, 90000}};

    columns[0] = (struct column){.name = TEXT("code"), .type = VALUE_TEXT};
    columns[1] =
        (struct column){.name = TEXT("level"), .type = VALUE_CHOICE, .choices = {levels, 2}};
    columns[2] = (struct column){.name = TEXT("max_fine"), .type = VALUE_MONEY};
    for (uint32_t i = 0; i < 4; i++) {
        cells[i][0] = value_text(text_of(drawn[i].code));
        cells[i][1] =
            (struct value){.type = VALUE_CHOICE, .known = true, .choice = drawn[i].level};
        cells[i][2] = drawn[i].fine == 0 ? value_unknown(VALUE_MONEY)
                                         : value_number(VALUE_MONEY, drawn[i].fine);
        rows[i] = (struct registry_row){cells[i], DATE_NONE, DATE_NONE};
    }
    rows[1].to = date_of(2026, 6, 30);
    rows[3].from = date_of(2026, 7, 1);
    registry = (struct registry){TEXT("violations"), columns, 3, rows, 4};
    return &registry;
}

/* Calendars: what is published, and what might yet be. */
static uint32_t vary(struct rng *rng, uint32_t variant, struct calendar_row *rows,
                     uint32_t count)
{
    struct calendar_row *kept = rows;
    uint32_t kept_count = 0;

    if (variant == 0) {
        return count;
    }
    for (uint32_t i = 0; i < count; i++) { /* some days of 2026 are no longer what they were */
        if (rows[i].year == 2026 && variant >= 2 && rows[i].month > 1 &&
            rng_between(rng, 0, 9) < 3) {
            continue;
        }
        kept[kept_count++] = rows[i];
    }
    for (int32_t month = 1; month <= 12; month++) {
        int32_t day = (int32_t)rng_between(rng, 8, 20);

        if (variant != 2) { /* 2027 is published */
            rows[kept_count++] = (struct calendar_row){
                2027, month, month == 1 ? 1 : day, DAY_HOLIDAY, TEXT("drawn"), 0};
        }
        if (variant == 4 && date_weekday(date_of(2026, month, day)) < 5) {
            bool there = false;

            for (uint32_t i = 0; i < kept_count; i++) {
                there |= rows[i].year == 2026 && rows[i].month == month && rows[i].day == day;
            }
            if (!there) {
                rows[kept_count++] =
                    (struct calendar_row){2026, month, day, DAY_HOLIDAY, TEXT("drawn"), 0};
            }
        }
    }
    return kept_count;
}

static void fill_calendars(struct arena *arena)
{
    struct source source = {.name = TEXT("cn.csv")};
    struct problem_list problems;
    struct calendar_file file;
    struct rng rng = rng_seeded(7);

    problem_list_init(&problems, arena);
    MUST(embedded_find(TEXT("calendars/cn.csv"), &source.bytes));
    MUST(calendar_csv_read(&source, arena, &problems, &file));
    for (uint32_t i = 0; i < WORLD_CALENDARS; i++) {
        struct calendar_row *rows = calloc(file.row_count + 64, sizeof(*rows));
        uint32_t count;

        MUST(rows != NULL);
        memcpy(rows, file.rows, file.row_count * sizeof(*rows));
        count = vary(&rng, i, rows, file.row_count);
        world.walks[i] = calloc(1, sizeof(*world.walks[i]));
        MUST(world.walks[i] != NULL);
        walk_calendar_fill(world.walks[i], rows, count);
        for (uint32_t a = 0; a < AGENCIES; a++) {
            agencies[i][a].office.calendar =
                calendar_build(arena, TEXT("drawn"), TEXT("1"), NULL, rows, count);
            MUST(agencies[i][a].office.calendar != NULL);
        }
        free(rows);
    }
}

const struct world *world_get(void)
{
    static struct arena arena;
    static const char *const names[] = {"city", "gulou", "qinhuai"};
    const struct registry *registry;

    if (world.walks[0] != NULL) {
        return &world;
    }
    arena_init_growing(&arena, (size_t)256 * 1024 * 1024);
    fill_people();
    fill_calendars(&arena);
    registry = fill_register();
    world.agency = GULOU;
    for (uint32_t i = 0; i < WORLD_CALENDARS; i++) {
        for (uint32_t a = 0; a < AGENCIES; a++) {
            struct agency *agency = &agencies[i][a];

            agency->id = text_of(names[a]);
            agency->parent = a == CITY ? NO_AGENCY : CITY;
            agency->office.zone_ms = ZONE_MS;
            agency->office.moment_ms = OFFICE_MOMENT_MS;
            agency->hours = (struct hours){.from_ms = (int64_t)8 * 3600000,
                                           .to_ms = (int64_t)20 * 3600000};
        }
        world.installed[i] = (struct installed){.agencies = agencies[i],
                                                .agency_count = AGENCIES,
                                                .people = people,
                                                .person_count = PEOPLE,
                                                .holdings = holdings,
                                                .holding_count = holding_count,
                                                .deputies = deputies,
                                                .deputy_count = 3,
                                                .registries = registry,
                                                .registry_count = 1};
    }
    return &world;
}
