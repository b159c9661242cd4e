#include "core/prove.h"
#include "core/scope.h"
#include "lib/check.h"

#include <string.h>

/* Small procedures built by hand: what the loader makes of YAML is tested with it. */

enum { ROOM = 16 * 1024 * 1024, MANY = 12 };

struct model {
    struct arena arena;
    struct problem_list problems;
    struct role roles[1];
    struct fact facts[4];
    struct clock clocks[MANY];
    struct stage stages[MANY];
    struct offer offers[MANY]
                       [MANY]; /* by stage; the last row is `anytime`, the one before `opens` */
    uint32_t offer_counts[MANY];
    struct rule rules[MANY][MANY][4];
    struct event_name events[MANY * 2];
    struct procedure procedure;
};

enum { OPENS = MANY - 2, ANYTIME = MANY - 1 };
enum { FACT_HARM, FACT_KIND, FACT_COUNT, FACT_GIVE };

static uint8_t memory[ROOM];
static struct model model;
static const struct text kinds[] = {TEXT_INIT("person"), TEXT_INIT("other")};

static void begin(void)
{
    static const struct text names[] = {TEXT_INIT("harm"), TEXT_INIT("kind"),
                                        TEXT_INIT("count"), TEXT_INIT("give")};
    static const enum value_type types[] = {VALUE_FLAG, VALUE_CHOICE, VALUE_INTEGER,
                                            VALUE_LENGTH};

    memset(&model, 0, sizeof(model));
    arena_init_over(&model.arena, memory, sizeof(memory));
    problem_list_init(&model.problems, &model.arena);
    model.roles[0].name = TEXT("officer");
    for (uint32_t i = 0; i < 4; i++) {
        model.facts[i].name = names[i];
        model.facts[i].type = types[i];
        if (types[i] == VALUE_CHOICE) {
            model.facts[i].choices = (struct choices){.names = kinds, .count = 2};
        }
    }
    model.procedure = (struct procedure){
        .name = TEXT("p"),
        .roles = model.roles,
        .role_count = 1,
        .facts = model.facts,
        .fact_count = 4,
        .clocks = model.clocks,
        .stages = model.stages,
        .events = model.events,
        .opens = model.offers[OPENS],
        .anytime = model.offers[ANYTIME],
    };
}

static uint16_t add_clock(const char *name, enum clock_kind kind)
{
    uint16_t i = (uint16_t)model.procedure.clock_count++;

    model.clocks[i] = (struct clock){
        .name = text_of(name),
        .kind = kind,
        .due = DUE_LENGTH,
        .length = {.given = true,
                   .fact = NO_INDEX,
                   .length = {.count = 5, .unit = LENGTH_DAYS}},
        .per = NO_INDEX,
    };
    return i;
}

static uint16_t add_stage(const char *name)
{
    uint16_t i = (uint16_t)model.procedure.stage_count++;

    model.stages[i] = (struct stage){.name = text_of(name), .offers = model.offers[i]};
    return i;
}

static uint16_t add_final(const char *name)
{
    uint16_t i = add_stage(name);

    model.stages[i].final = true;
    model.stages[i].outcome = TEXT("over");
    return i;
}

static uint16_t event(const char *name)
{
    struct text text = text_of(name);
    uint16_t i = procedure_event(&model.procedure, text);

    if (i != NO_INDEX) {
        return i;
    }
    i = (uint16_t)model.procedure.event_count++;
    model.events[i] = (struct event_name){.name = text, .family = event_family_of(text)};
    if (model.events[i].family == EVENT_CLOCK_END) {
        struct text rest;

        (void)text_cut(text, '.', &rest);
        model.events[i].clock = procedure_clock(&model.procedure, text_cut(rest, '.', &rest));
    }
    return i;
}

/* A rule more for an event, in a stage, of `opens` or of `anytime`. */
static struct rule *add_rule(uint32_t where, const char *name)
{
    uint16_t index = event(name);
    uint32_t i = 0;

    while (i < model.offer_counts[where] && model.offers[where][i].event != index) {
        i++;
    }

    struct offer *offer = &model.offers[where][i];

    if (i == model.offer_counts[where]) {
        model.offer_counts[where]++;
        *offer = (struct offer){.event = index, .rules = model.rules[where][i]};
    }

    struct rule *rule = &model.rules[where][i][offer->rule_count++];

    rule->keep = true;
    rule->label.mark.line = 100 * (where + 1) + i * 10 + offer->rule_count;
    return rule;
}

static const struct guard *guard(const char *text)
{
    static struct rule any; /* takes everything, so that every event.x is a name */
    struct guard_place place = {.procedure = &model.procedure, .rule = &any, .in_event = true};
    struct guard_wish wish = {.type = VALUE_FLAG};

    any.takes = (struct fact_mask){{15, 0}};

    struct scope scope = procedure_scope(&place);
    const struct guard *made = guard_compile(text_of(text), (struct mark){.line = 1}, wish,
                                             &scope, &model.arena, &model.problems);

    CHECK(made != NULL);
    return made;
}

static const struct clock_act *acts(uint32_t count, const uint16_t *clocks)
{
    struct clock_act *list = arena_take_zeroed(&model.arena, count, sizeof(*list));

    for (uint32_t i = 0; i < count; i++) {
        list[i].clock = clocks[i];
        list[i].ground = NO_INDEX;
    }
    return list;
}

static void starts(struct rule *rule, uint16_t clock)
{
    rule->starts = acts(1, &clock);
    rule->start_count = 1;
}

static void meets(struct rule *rule, uint16_t clock)
{
    rule->meets = acts(1, &clock);
    rule->meet_count = 1;
}

static void enters(uint16_t stage, uint16_t clock)
{
    model.stages[stage].starts = acts(1, &clock);
    model.stages[stage].start_count = 1;
}

static void branch(struct rule *rule, const char *when, uint16_t stage)
{
    struct branch *to = arena_take_zeroed(&model.arena, 8, sizeof(*to));

    if (rule->to_count > 0) {
        memcpy(to, rule->to, rule->to_count * sizeof(*to));
    }
    to[rule->to_count] = (struct branch){.name = text_of(when == NULL ? "rest" : when),
                                         .when = when == NULL ? NULL : guard(when),
                                         .stage = stage};
    rule->to = to;
    rule->to_count++;
}

static void prove(void)
{
    struct prove_options options = {0};

    model.procedure.open_count = model.offer_counts[OPENS];
    model.procedure.anytime_count = model.offer_counts[ANYTIME];
    for (uint32_t i = 0; i < model.procedure.stage_count; i++) {
        model.stages[i].offer_count = model.offer_counts[i];
    }
    procedure_prove(&model.procedure, &options, &model.arena, &model.problems);
}

static const struct problem *told(const char *code)
{
    for (const struct problem *p = model.problems.first; p != NULL; p = p->next) {
        if (strcmp(p->message->code, code) == 0) {
            return p;
        }
    }
    return NULL;
}

static bool clean(void)
{
    for (const struct problem *p = model.problems.first; p != NULL; p = p->next) {
        char words[512];

        (void)message_print(p->message->en, p->arguments, words, sizeof(words));
        check_text(text_of(words), (struct text){0}, p->message->code, __FILE__, __LINE__);
    }
    return model.problems.count == 0;
}

/* opens → work (a duty, met on the way out) → over */
struct simple {
    uint16_t duty;
    uint16_t work;
    uint16_t over;
    struct rule *opened;
    struct rule *done;
};

static struct simple simple(void)
{
    struct simple s;

    begin();
    s.duty = add_clock("duty", CLOCK_DUTY);
    s.work = add_stage("work");
    s.over = add_final("over");
    s.opened = add_rule(OPENS, "case.filed");
    starts(s.opened, s.duty);
    branch(s.opened, NULL, s.work);
    s.done = add_rule(s.work, "work.done");
    meets(s.done, s.duty);
    branch(s.done, NULL, s.over);
    return s;
}

static void a_plain_procedure_is_proved(void)
{
    (void)simple();
    prove();
    CHECK(clean());
}

static void a_stage_without_a_clock_is_asleep(void)
{
    struct simple s = simple();

    s.opened->start_count = 0;
    prove();
    CHECK(told("asleep") != NULL);
    CHECK_TEXT(told("asleep")->arguments[1], "case.filed → work");
    CHECK(told("duty_unmet") == NULL);
    CHECK(told("never_runs") != NULL);
}

static void a_stage_with_no_limit_may_sleep(void)
{
    struct simple s = simple();

    s.opened->start_count = 0;
    starts(add_rule(s.work, "work.begun"), s.duty);
    model.stages[s.work].no_limit = true;
    prove();
    CHECK(clean());
}

static void a_met_duty_leaves_the_stage_asleep(void)
{
    struct simple s = simple();

    meets(add_rule(s.work, "work.half"), s.duty);
    prove();
    CHECK(told("asleep") != NULL);
    CHECK_TEXT(told("asleep")->arguments[1], "case.filed → work, work.half → work");
}

/* Two windows side by side; the stage is left when both are over. */
static uint16_t pair(bool careful)
{
    struct simple s = simple();
    uint16_t a = add_clock("a", CLOCK_WINDOW);
    uint16_t b = add_clock("b", CLOCK_WINDOW);
    uint16_t wait = add_stage("wait");
    uint16_t both[] = {a, b};

    s.done->starts = acts(2, both);
    s.done->start_count = 2;
    s.done->to_count = 0;
    branch(s.done, NULL, wait);

    struct rule *ended = add_rule(wait, "clock.a.elapsed");

    branch(ended, "clock.b.running", wait);
    branch(ended, NULL, s.over);
    ended = add_rule(wait, "clock.b.elapsed");
    branch(ended, careful ? "clock.a.running" : "harm", wait);
    branch(ended, NULL, s.over);
    return wait;
}

static void two_windows_may_wait_for_each_other(void)
{
    (void)pair(true);
    prove();
    CHECK(clean());
}

static void a_wait_for_a_fact_may_sleep(void)
{
    (void)pair(false);
    prove();
    CHECK(told("asleep") != NULL);
    CHECK(told("not_total") != NULL);
}

static void a_window_nobody_takes_may_leave_one_asleep(void)
{
    struct simple s = simple();
    uint16_t window = add_clock("w", CLOCK_WINDOW);

    starts(s.opened, window);
    prove();
    CHECK(told("window_asleep") != NULL);
    CHECK(told("window_untaken") != NULL);
}

static void branches_must_leave_no_gap(void)
{
    struct simple s = simple();

    s.done->to_count = 0;
    branch(s.done, "harm", s.over);
    branch(s.done, "has(harm) && !harm && count > 3", s.over);
    prove();
    CHECK(told("branch_gap") != NULL);

    s = simple();
    fact_mask_add(&s.done->takes, FACT_HARM);
    s.done->to_count = 0;
    branch(s.done, "harm", s.over);
    branch(s.done, "!harm", s.over);
    prove();
    CHECK(clean());

    s = simple();
    fact_mask_add(&s.done->takes, FACT_COUNT);
    s.done->to_count = 0;
    branch(s.done, "count + 1 < 4", s.over);
    branch(s.done, "count == 3", s.over);
    branch(s.done, "count >= 4 && kind == 'person'", s.over);
    branch(s.done, "count > 3 && kind in ['other']", s.over);
    prove();
    CHECK(clean());
}

static void a_rule_behind_all_others_is_shadowed(void)
{
    struct simple s = simple();
    struct rule *first = add_rule(s.work, "work.seen");
    struct rule *second = add_rule(s.work, "work.seen");

    first->when = guard("count >= 3");
    second->when = guard("count > 3 && harm");
    prove();
    CHECK(told("rule_shadowed") != NULL);
    CHECK_INTEGER(told("rule_shadowed")->mark.line, second->label.mark.line);

    s = simple();
    first = add_rule(s.work, "work.seen");
    second = add_rule(s.work, "work.seen");
    first->when = guard("count > 3");
    second->when = guard("count >= 3 && harm");
    prove();
    CHECK(told("rule_shadowed") == NULL);
    CHECK(told("rule_gap") != NULL);
    CHECK_INTEGER(model.problems.count, 1);
}

static void a_condition_that_cannot_be_is_told(void)
{
    struct simple s = simple();

    add_rule(s.work, "work.seen")->when = guard("harm && !harm");
    prove();
    CHECK(told("rule_impossible") != NULL);

    s = simple();
    add_rule(s.work, "work.seen")->when = guard("clock.duty.paused || clock.duty.met");
    prove();
    CHECK(told("rule_never") != NULL);
}

static void what_the_daemon_asks_must_be_known(void)
{
    struct simple s = simple();

    add_rule(s.work, "clock.duty.overdue")->when = guard("harm");
    prove();
    CHECK(told("not_total") != NULL);
    CHECK_TEXT(told("not_total")->arguments[1], "!has(harm)");

    s = simple();
    add_rule(s.work, "clock.duty.overdue")->when = guard("has(harm) && harm");
    prove();
    CHECK(clean());

    s = simple();
    fact_mask_add(&s.opened->takes, FACT_HARM);
    add_rule(s.work, "clock.duty.overdue")->when = guard("harm");
    prove();
    CHECK(clean());
}

static void what_enter_starts_must_have_its_facts(void)
{
    struct simple s = simple();

    s.opened->start_count = 0;
    enters(s.work, s.duty);
    model.clocks[s.duty].length.fact = FACT_GIVE;
    prove();
    CHECK(told("start_unset") != NULL);

    s = simple();
    s.opened->start_count = 0;
    enters(s.work, s.duty);
    model.clocks[s.duty].length.fact = FACT_GIVE;
    fact_mask_add(&s.opened->takes, FACT_GIVE);
    prove();
    CHECK(clean());
}

static void a_conditional_clock_wakes_where_its_condition_is_sure(void)
{
    struct simple s = simple();

    model.clocks[s.duty].when = guard("has(harm) && harm");
    prove();
    CHECK(told("asleep") != NULL);

    s = simple();
    model.clocks[s.duty].when = guard("has(harm) && harm");
    fact_mask_add(&s.opened->takes, FACT_HARM);
    s.opened->to_count = 0;
    branch(s.opened, "harm", s.work);
    branch(s.opened, NULL, s.over);
    prove();
    CHECK(clean());
}

static void a_duty_must_be_met_somewhere(void)
{
    struct simple s = simple();
    uint16_t other = add_clock("other", CLOCK_DUTY);

    starts(add_rule(s.work, "work.more"), other);
    prove();
    CHECK(told("duty_unmet") != NULL);

    model.stages[s.over].outlives = (uint64_t)1 << other;
    meets(add_rule(s.work, "work.less"), other);
    problem_list_init(&model.problems, &model.arena);
    prove();
    CHECK(told("never_closes") != NULL);
}

static void an_overdue_report_must_still_be_taken(void)
{
    struct simple s = simple();
    uint16_t late = add_stage("late");

    branch(add_rule(s.work, "clock.duty.overdue"), NULL, late);
    branch(add_rule(late, "late.done"), NULL, s.over);
    prove();
    CHECK(told("late_report") != NULL);
    CHECK_INTEGER(model.problems.error_count, 0);

    s = simple();
    late = add_stage("late");
    branch(add_rule(s.work, "clock.duty.overdue"), NULL, late);
    branch(add_rule(late, "late.done"), NULL, s.over);
    model.clocks[s.duty].grace = (struct length){1, LENGTH_WORKDAYS};
    prove();
    CHECK(clean());
}

static void ends_lead_only_to_ends(void)
{
    struct simple s = simple();
    uint16_t window = add_clock("w", CLOCK_WINDOW);

    enters(s.over, window);
    prove();
    CHECK(told("not_outliving") != NULL);

    s = simple();
    window = add_clock("w", CLOCK_WINDOW);
    enters(s.over, window);
    model.stages[s.over].outlives = (uint64_t)1 << window;
    branch(add_rule(s.over, "case.reopened"), NULL, s.work);
    prove();
    CHECK(told("final_leads_back") != NULL);
}

static void stages_are_reached_and_left(void)
{
    struct simple s = simple();
    uint16_t lost = add_stage("lost");

    model.stages[lost].no_limit = true;
    prove();
    CHECK(told("unreachable_stage") != NULL);

    s = simple();
    lost = add_stage("lost");
    model.stages[lost].no_limit = true;
    branch(add_rule(s.work, "work.lost"), NULL, lost);
    prove();
    CHECK(told("no_way_out") != NULL);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_plain_procedure_is_proved),
        TEST(a_stage_without_a_clock_is_asleep),
        TEST(a_stage_with_no_limit_may_sleep),
        TEST(a_met_duty_leaves_the_stage_asleep),
        TEST(two_windows_may_wait_for_each_other),
        TEST(a_wait_for_a_fact_may_sleep),
        TEST(a_window_nobody_takes_may_leave_one_asleep),
        TEST(branches_must_leave_no_gap),
        TEST(a_rule_behind_all_others_is_shadowed),
        TEST(a_condition_that_cannot_be_is_told),
        TEST(what_the_daemon_asks_must_be_known),
        TEST(what_enter_starts_must_have_its_facts),
        TEST(a_conditional_clock_wakes_where_its_condition_is_sure),
        TEST(a_duty_must_be_met_somewhere),
        TEST(an_overdue_report_must_still_be_taken),
        TEST(ends_lead_only_to_ends),
        TEST(stages_are_reached_and_left),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
