#ifndef DUBAN_TESTS_TALE_H
#define DUBAN_TESTS_TALE_H

/* A small procedure, and a world that it is installed in. */
#include "codec/embedded.h"
#include "lib/check.h"
#include "world/world.h"

#include <string.h>

/* A case is filed, words are added to it, and it is closed; nobody else may act. */
static const char procedure_text[] =
    "procedure: tale\n"
    "version: 1\n"
    "zh: 故事\n"
    "en: a tale\n"
    "from: 2020-01-01\n"
    "roles: {officer: {zh: 承办人, en: officer}, head: {zh: 负责人, en: head}}\n"
    "chain: [officer, head]\n"
    "facts: {count: integer, note: text, again: integer}\n"
    "clocks:\n"
    "  decide:\n"
    "    owner: officer\n"
    "    length: 5d\n"
    "    ladder: {up: {at: +1wd, to: head, notice: told, every: 2wd}}\n"
    "opens: {opened: {by: [officer], start: [decide], to: work}}\n"
    "stages:\n"
    "  work:\n"
    "    zh: 办理\n"
    "    en: work\n"
    "    events:\n"
    "      added: {by: [officer], may_take: [count, note], set: {again: facts.again + 1}}\n"
    "      moved: {by: [officer], to: late}\n"
    "  late:\n"
    "    zh: 后期\n"
    "    en: late\n"
    "    events:\n"
    "      ended: {by: [officer], meet: [decide], to: done}\n"
    "      added: {by: [head]}\n"
    "  done: {zh: 办结, en: done, final: done}\n";
static const char agencies_text[] = "agencies:\n"
                                    "  gulou: {zh: 鼓楼, en: Gulou, calendar: cn}\n"
                                    "  tower: {zh: 钟楼, en: Tower, calendar: cn}\n";
static const char people_text[] =
    "people:\n"
    "  wang: {certified: true, roles: [{role: officer, agency: gulou}]}\n"
    "  li: {certified: true, roles: [{role: head, agency: gulou}]}\n";

/* 2026-03-02T09:00+08:00, a Monday. */
#define START_MS ((int64_t)1772413200000)
#define HOUR_MS  ((int64_t)3600000)

static uint8_t problem_memory[1 << 20];

static inline struct problem_list no_problems(struct arena *arena)
{
    struct problem_list problems;

    arena_init_over(arena, problem_memory, sizeof(problem_memory));
    problem_list_init(&problems, arena);
    return problems;
}

/* A world with the tale in it. */
static inline struct world opened(void)
{
    struct world world;
    struct arena arena;
    struct problem_list problems = no_problems(&arena);
    struct install_file files[] = {
        {.path = TEXT("calendars/cn.csv")},
        {.path = TEXT("agencies.yaml"), .bytes = text_of(agencies_text)},
        {.path = TEXT("people.yaml"), .bytes = text_of(people_text)},
        {.path = TEXT("procedures/tale.yaml"), .bytes = text_of(procedure_text)},
    };

    CHECK(embedded_find(files[0].path, &files[0].bytes));
    CHECK(world_open(&world, START_MS, NULL) == STATUS_OK);
    CHECK(world_install(&world, files, 4, &problems));
    return world;
}

/* An event of case K-1 by wang, at the present. */
static inline struct submission event_of(const struct world *world, const char *id,
                                         const char *type)
{
    return (struct submission){
        .id = text_of(id),
        .source = TEXT("test"),
        .agency = TEXT("gulou"),
        .case_id = TEXT("K-1"),
        .procedure = strcmp(type, "opened") == 0 ? TEXT("tale") : (struct text){0},
        .event = {.type = text_of(type),
                  .occurred_ms = world->now_ms,
                  .person = TEXT("wang"),
                  .role = TEXT("officer")},
    };
}

static inline struct receipt send(struct world *world, const char *id, const char *type)
{
    struct submission submission = event_of(world, id, type);
    struct receipt receipt;

    world_send(world, &submission, &receipt);
    return receipt;
}

#endif
