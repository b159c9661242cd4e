#include "core/scope.h"
#include "lib/prove_life.h"

/*
 * What was proved holds. Small procedures are thrown together without sense, for it is the odd
 * ones that find a hole; the few that the prover takes are lived.
 */

enum {
    MODELS = 2000,
    LIVES = 6,
    TURNS = 40,
    CLOCKS = 5,
    STAGES = 5,
    EVENTS = 5,
    ROOM = 1 << 24
};
enum { HARM, COUNT, DAY, GIVE, TAG, FACTS };

static const struct role roles[] = {
    {.name = TEXT_INIT("officer"),
     .reach_sms = NO_INDEX,
     .reach_mail = NO_INDEX,
     .consent = NO_INDEX},
};
static const struct fact facts[FACTS] = {
    {.name = TEXT_INIT("harm"), .type = VALUE_FLAG},
    {.name = TEXT_INIT("count"), .type = VALUE_INTEGER},
    {.name = TEXT_INIT("day"), .type = VALUE_DATE},
    {.name = TEXT_INIT("give"), .type = VALUE_LENGTH},
    {.name = TEXT_INIT("tag"), .type = VALUE_TEXT},
};
static const struct notice notices[] = {{.name = TEXT_INIT("told")}};
static const struct ground grounds[] = {{.name = TEXT_INIT("test")}};
static const struct text stage_names[] = {TEXT_INIT("s0"), TEXT_INIT("s1"), TEXT_INIT("s2"),
                                          TEXT_INIT("s3"), TEXT_INIT("s4")};
static const struct text clock_names[] = {TEXT_INIT("c0"), TEXT_INIT("c1"), TEXT_INIT("c2"),
                                          TEXT_INIT("c3"), TEXT_INIT("c4")};
static const struct text event_names[] = {TEXT_INIT("e0"), TEXT_INIT("e1"), TEXT_INIT("e2"),
                                          TEXT_INIT("e3"), TEXT_INIT("e4")};

struct model {
    struct world world;
    struct rng rng;
    struct procedure procedure;
    struct clock clocks[CLOCKS];
    struct stage stages[STAGES];
    struct event_name events[1 + EVENTS + CLOCKS];
    uint32_t clock_count;
    uint32_t stage_count;
    bool opening; /* its rules are being made */
};

static uint8_t *memory;

static bool chance(struct model *model, int64_t percent)
{
    return rng_between(&model->rng, 1, 100) <= percent;
}

static uint16_t below(struct model *model, uint32_t count)
{
    return (uint16_t)rng_between(&model->rng, 0, (int64_t)count - 1);
}

static void *take(struct model *model, size_t count, size_t size)
{
    return arena_take_zeroed(&model->world.arena, count, size);
}

static const struct guard *compile(struct model *model, const char *text, enum value_type type)
{
    static struct rule any;
    struct guard_place place = {.procedure = &model->procedure, .rule = &any, .in_event = true};
    struct guard_wish wish = {.type = type, .any = type != VALUE_FLAG};

    any.takes = (struct fact_mask){{31, 0}};

    struct scope scope = procedure_scope(&place);
    const struct guard *made =
        guard_compile(text_of(text), (struct mark){.line = 1}, wish, &scope,
                      &model->world.arena, &model->world.problems);

    CHECK(made != NULL);
    return made;
}

static const struct guard *condition(struct model *model)
{
    static const char *const plain[] = {"harm",
                                        "!harm",
                                        "has(harm)",
                                        "has(harm) && harm",
                                        "count > 2",
                                        "event.harm",
                                        "has(event.harm) && event.harm",
                                        "has(day) && has(count) && count < 3",
                                        "!(has(harm) && harm)",
                                        "case.stage == 's1'"};
    static const char *const clocked[] = {
        "clock.c%u.live",
        "clock.c%u.running",
        "!clock.c%u.live",
        "clock.c%u.running || clock.c%u.overdue",
        "clock.c%u.running && !clock.c%u.paused",
        "clock.c%u.live || clock.c%u.live",
        "clock.c%u.elapsed || clock.c%u.met",
        "!clock.c%u.running && clock.c%u.live",
        "has(clock.c%u.last_day)",
        "has(clock.c%u.ended) && !clock.c%u.live",
        "clock.c%u.running == clock.c%u.running",
    };
    char text[128];

    if (chance(model, 45)) {
        uint32_t count = sizeof(plain) / sizeof(plain[0]) - model->opening; /* no stage yet */

        return compile(model, plain[below(model, count)], VALUE_FLAG);
    }

    const char *form = clocked[below(model, sizeof(clocked) / sizeof(clocked[0]))];
    uint32_t a = below(model, model->clock_count);
    uint32_t b = below(model, model->clock_count);
    size_t at = 0;
    bool second = false;

    for (const char *c = form; *c != '\0'; c++) {
        if (c[0] == '%' && c[1] == 'u') {
            text[at++] = (char)('0' + (second ? b : a));
            second = true;
            c++;
        } else {
            text[at++] = *c;
        }
    }
    text[at] = '\0';
    return compile(model, text, VALUE_FLAG);
}

static void add_rung(struct model *model, struct clock *clock)
{
    struct entry *entry = take(model, 1, sizeof(*entry));
    uint8_t *to = take(model, 1, 1);

    *entry = (struct entry){
        .name = TEXT("late"),
        .rung = true,
        .offset = {1, LENGTH_WORKDAYS},
        .to = to,
        .to_count = 1,
        .repeats = true,
        .every = {5, LENGTH_WORKDAYS},
        .last_rung = true,
    };
    clock->entries = entry;
    clock->entry_count = 1;
    clock->slot_count = 1;
}

static void add_clocks(struct model *model)
{
    model->clock_count = 2 + below(model, CLOCKS - 1);
    model->procedure.clock_count = model->clock_count;
    for (uint32_t i = 0; i < model->clock_count; i++) {
        struct clock *clock = &model->clocks[i];

        *clock = (struct clock){
            .name = clock_names[i],
            .kind = chance(model, 50) ? CLOCK_DUTY : CLOCK_WINDOW,
            .due = DUE_LENGTH,
            .length = {.given = true,
                       .fact = chance(model, 10) ? GIVE : NO_INDEX,
                       .length = {1 + below(model, 10), LENGTH_DAYS}},
            .date_fact = NO_INDEX,
            .per = chance(model, 15) ? TAG : NO_INDEX,
            .pause_grounds = chance(model, 25),
            .pause_by = 1,
            .review = {30, LENGTH_DAYS},
        };
        if (clock->kind == CLOCK_DUTY) {
            add_rung(model, clock);
        }
    }
    for (uint32_t i = 0; i < model->clock_count; i++) {
        if (chance(model, 20)) {
            model->clocks[i].when = condition(model);
        }
    }
}

static const struct clock_act *acts(struct model *model, uint32_t count, bool meets)
{
    struct clock_act *list = take(model, count + 1, sizeof(*list));

    for (uint32_t i = 0; i < count; i++) {
        list[i] = (struct clock_act){.clock = below(model, model->clock_count)};
        if (meets && chance(model, 30)) {
            list[i].value =
                compile(model, chance(model, 50) ? "event.day" : "event.occurred", VALUE_DATE);
        }
    }
    return list;
}

/* Few of five bits. */
static uint64_t sparse(struct model *model)
{
    uint64_t a = rng_next(&model->rng);
    uint64_t b = rng_next(&model->rng);

    return a & b & 31;
}

static uint32_t few(struct model *model)
{
    return chance(model, 50) ? 0 : 1U + below(model, 2);
}

static void add_branches(struct model *model, struct rule *rule)
{
    uint32_t count = 1 + below(model, 3);
    struct branch *to = take(model, count, sizeof(*to));

    for (uint32_t i = 0; i < count; i++) {
        bool last = i + 1 == count;

        to[i] = (struct branch){.name = TEXT("way"),
                                .when = last && chance(model, 80) ? NULL : condition(model),
                                .stage = below(model, model->stage_count)};
    }
    rule->to = to;
    rule->to_count = count;
}

static void add_sets(struct model *model, struct rule *rule)
{
    struct assignment *sets = take(model, 1, sizeof(*sets));
    bool harm = chance(model, 50);

    *sets =
        (struct assignment){.fact = harm ? HARM : DAY,
                            .value = harm ? compile(model, "true", VALUE_FLAG)
                                          : compile(model, "date(event.occurred)", VALUE_DATE)};
    rule->sets = sets;
    rule->set_count = 1;
}

static void fill_rule(struct model *model, struct rule *rule, bool own, bool opens)
{
    rule->keep = true;
    if (!own) {
        rule->takes.bits[0] = sparse(model);
        rule->may_take.bits[0] = sparse(model) & ~rule->takes.bits[0];
    }
    rule->cancel_count = few(model);
    rule->cancels = acts(model, rule->cancel_count, false);
    rule->start_count = opens ? 1U + below(model, 3) : few(model);
    rule->starts = acts(model, rule->start_count, false);
    rule->meet_count = few(model);
    rule->meets = acts(model, rule->meet_count, !own);
    rule->pauses = acts(model, 1, false);
    rule->pause_count = !own && model->clocks[rule->pauses[0].clock].pause_grounds != 0;
    rule->resumes = acts(model, 1, false);
    rule->resume_count = !own && model->clocks[rule->resumes[0].clock].pause_grounds != 0;
    if (chance(model, 25)) {
        add_sets(model, rule);
    }
    if (opens || chance(model, 45)) {
        add_branches(model, rule);
    }
}

static const struct rule *make_rules(struct model *model, uint32_t count, bool own, bool opens)
{
    struct rule *rules = take(model, count, sizeof(*rules));

    for (uint32_t i = 0; i < count; i++) {
        fill_rule(model, &rules[i], own, opens);
        rules[i].when = i + 1 < count || chance(model, 15) ? condition(model) : NULL;
        rules[i].label.mark.line = 1;
    }
    return rules;
}

/* Offers of some events; each event at most once. */
static const struct offer *make_offers(struct model *model, int64_t percent, uint32_t *count)
{
    struct offer *offers = take(model, model->procedure.event_count, sizeof(*offers));

    *count = 0;
    for (uint32_t i = 1; i < model->procedure.event_count; i++) {
        bool own = model->events[i].family == EVENT_CLOCK_END;

        if (chance(model, own ? percent + 20 : percent)) {
            uint32_t rules = 1 + (chance(model, 25) ? 1 : 0);

            offers[(*count)++] = (struct offer){.event = (uint16_t)i,
                                                .rules = make_rules(model, rules, own, false),
                                                .rule_count = rules};
        }
    }
    return offers;
}

static void add_events(struct model *model)
{
    static const char *const ends[] = {"overdue", "elapsed"};
    struct procedure *procedure = &model->procedure;

    model->events[0] = (struct event_name){.name = TEXT("case.filed")};
    for (uint32_t i = 0; i < EVENTS; i++) {
        model->events[1 + i] = (struct event_name){.name = event_names[i]};
    }
    for (uint32_t i = 0; i < model->clock_count; i++) {
        char *name = take(model, 32, 1);

        (void)snprintf(name, 32, "clock.c%u.%s", i,
                       ends[model->clocks[i].kind == CLOCK_WINDOW]);
        model->events[1 + EVENTS + i] = (struct event_name){
            .name = text_of(name), .family = EVENT_CLOCK_END, .clock = (uint16_t)i};
    }
    procedure->event_count = 1 + EVENTS + model->clock_count;
}

static void add_stages(struct model *model)
{
    for (uint32_t i = 0; i < model->stage_count; i++) {
        struct stage *stage = &model->stages[i];

        stage->name = stage_names[i];
        stage->final = i + 1 == model->stage_count;
        stage->no_limit = !stage->final && chance(model, 45);
        stage->outlives = stage->final ? rng_next(&model->rng) & 31 : 0;
        stage->start_count = stage->final ? 0 : few(model);
        stage->starts = acts(model, stage->start_count, false);
        stage->cancel_count = chance(model, 20);
        stage->cancels = acts(model, stage->cancel_count, false);
        stage->offers = make_offers(model, stage->final ? 10 : 35, &stage->offer_count);
    }
}

static void throw_together(struct model *model, uint64_t seed)
{
    struct procedure *procedure = &model->procedure;
    struct offer *opens;

    memset(model, 0, sizeof(*model));
    model->rng = rng_seeded(seed);
    arena_init_over(&model->world.arena, memory, ROOM);
    problem_list_init(&model->world.problems, &model->world.arena);
    model->opening = true; /* a clock may be started by it */
    model->stage_count = 2 + below(model, STAGES - 1);
    *procedure = (struct procedure){
        .name = TEXT("odd"),
        .backdate = {7, LENGTH_DAYS},
        .roles = roles,
        .role_count = 1,
        .facts = facts,
        .fact_count = FACTS,
        .grounds = grounds,
        .ground_count = 1,
        .clocks = model->clocks,
        .stages = model->stages,
        .stage_count = model->stage_count,
        .stage_names = {.names = stage_names, .count = model->stage_count},
        .events = model->events,
        .notices = notices,
        .notice_count = 1,
    };
    add_clocks(model);
    model->opening = false;
    add_events(model);
    add_stages(model);
    model->opening = true;
    opens = take(model, 1, sizeof(*opens));
    *opens = (struct offer){.rules = make_rules(model, 1, false, true), .rule_count = 1};
    model->opening = false;
    procedure->opens = opens;
    procedure->open_count = 1;
    procedure->anytime = make_offers(model, 10, &procedure->anytime_count);
    model->world.procedure = procedure;
}

static void show_acts(const char *verb, const struct clock_act *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        printf(" %s c%u", verb, list[i].clock);
        if (list[i].value != NULL) {
            printf("=%.*s", TEXT_ARGS(list[i].value->text));
        }
    }
}

static void show_rule(const struct rule *rule)
{
    printf(" takes %llu may %llu", (unsigned long long)rule->takes.bits[0],
           (unsigned long long)rule->may_take.bits[0]);
    if (rule->when != NULL) {
        printf(" when(%.*s)", TEXT_ARGS(rule->when->text));
    }
    for (uint32_t i = 0; i < rule->set_count; i++) {
        printf(" set %u=%.*s", rule->sets[i].fact, TEXT_ARGS(rule->sets[i].value->text));
    }
    show_acts("cancel", rule->cancels, rule->cancel_count);
    show_acts("start", rule->starts, rule->start_count);
    show_acts("resume", rule->resumes, rule->resume_count);
    show_acts("pause", rule->pauses, rule->pause_count);
    show_acts("meet", rule->meets, rule->meet_count);
    for (uint32_t i = 0; i < rule->to_count; i++) {
        printf(" to s%u", rule->to[i].stage);
        if (rule->to[i].when != NULL) {
            printf("(%.*s)", TEXT_ARGS(rule->to[i].when->text));
        }
    }
    printf("\n");
}

static void show_offers(const struct model *model, const struct offer *offers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            printf("    %.*s:", TEXT_ARGS(model->events[offers[i].event].name));
            show_rule(&offers[i].rules[j]);
        }
    }
}

/* A model in a few lines, for whoever looks into a seed. */
static void show(const struct model *model)
{
    for (uint32_t i = 0; i < model->clock_count; i++) {
        const struct clock *clock = &model->clocks[i];

        printf("c%u %s%s%s%s", i, clock->kind == CLOCK_DUTY ? "duty" : "window",
               clock->per == NO_INDEX ? "" : " per",
               clock->length.fact == NO_INDEX ? "" : " give",
               clock->pause_grounds == 0 ? "" : " pauses");
        if (clock->when != NULL) {
            printf(" when(%.*s)", TEXT_ARGS(clock->when->text));
        }
        printf("\n");
    }
    printf("opens\n");
    show_offers(model, model->procedure.opens, model->procedure.open_count);
    for (uint32_t i = 0; i < model->stage_count; i++) {
        const struct stage *stage = &model->stages[i];

        printf("s%u%s%s outlives %llu", i, stage->final ? " final" : "",
               stage->no_limit ? " no_limit" : "", (unsigned long long)stage->outlives);
        show_acts("cancel", stage->cancels, stage->cancel_count);
        show_acts("start", stage->starts, stage->start_count);
        printf("\n");
        show_offers(model, stage->offers, stage->offer_count);
    }
    printf("anytime\n");
    show_offers(model, model->procedure.anytime, model->procedure.anytime_count);
    for (const struct problem *p = model->world.problems.first; p != NULL; p = p->next) {
        char words[512];

        (void)message_print(p->message->en, p->arguments, words, sizeof(words));
        printf("%s: %s\n", p->message->code, words);
    }
}

static uint64_t from_world(const char *name, uint64_t usual)
{
    const char *text = getenv(name);

    return text == NULL ? usual : strtoull(text, NULL, 10);
}

static void live_model(struct model *model, uint64_t seed, uint32_t *applied, uint32_t *fired)
{
    struct life life = {.world = &model->world, .rng = rng_seeded(seed)};

    world_set_up(&model->world, roles, 1);
    life.rooms[0] = malloc(STEP_ARENA_BYTES);
    life.rooms[1] = malloc(STEP_ARENA_BYTES);
    for (uint32_t i = 0; i < LIVES; i++) {
        arena_init_growing(&life.texts, VALUES_ROOM);
        life_live(&life, TURNS);
        arena_fini(&life.texts);
    }
    if (life.broken > 0) {
        printf("SEED=%llu MODELS=1 SHOW=1\n", (unsigned long long)seed);
    }
    *applied += life.applied;
    *fired += life.fired;
    free(life.rooms[0]);
    free(life.rooms[1]);
}

static void odd_procedures_that_are_proved_live(void)
{
    static struct model model;
    uint64_t first = from_world("SEED", 1);
    uint64_t count = from_world("MODELS", MODELS);
    uint32_t proved = 0;
    uint32_t applied = 0;
    uint32_t fired = 0;

    memory = malloc(ROOM);
    for (uint64_t seed = first; seed < first + count; seed++) {
        struct prove_options options = {0};

        throw_together(&model, seed);
        procedure_prove(&model.procedure, &options, &model.world.arena, &model.world.problems);
        if (getenv("SHOW") != NULL) {
            show(&model);
        }

        uint32_t hard = 0; /* what has no part in whether a case lives */

        for (const struct problem *p = model.world.problems.first; p != NULL; p = p->next) {
            bool soft = strcmp(p->message->code, "unreachable_stage") == 0 ||
                        strcmp(p->message->code, "no_way_out") == 0 ||
                        strcmp(p->message->code, "duty_unmet") == 0 ||
                        strcmp(p->message->code, "never_closes") == 0 ||
                        strcmp(p->message->code, "window_untaken") == 0 ||
                        strcmp(p->message->code, "rule_impossible") == 0 ||
                        strcmp(p->message->code, "rule_shadowed") == 0 ||
                        strcmp(p->message->code, "branch_impossible") == 0 ||
                        strcmp(p->message->code, "branch_shadowed") == 0 ||
                        strcmp(p->message->code, "not_outliving") == 0;

            hard += p->severity == PROBLEM_ERROR && !soft;
        }
        if (hard == 0) {
            proved++;
            live_model(&model, seed, &applied, &fired);
        }
    }
    printf("%u of %u proved, %u events applied, %u moments fired\n", proved, (unsigned)count,
           applied, fired);
    CHECK(proved > 0);
    CHECK(fired > 0);
    free(memory);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(odd_procedures_that_are_proved_live),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
