#include "core/prove_parts.h"
#include "core/prove_words.h"

/* What follows from the kinds of cases there can be: nothing is out of reach, nobody sleeps,
 * and what begins can end. */

static bool is_reached(const struct prover *prover, uint16_t stage)
{
    return prover->places[stage].count > 0;
}

static uint64_t final_stages(const struct prover *prover)
{
    uint64_t stages = 0;

    for (uint16_t i = 0; i < prover->procedure->stage_count; i++) {
        stages |= (uint64_t)prover->procedure->stages[i].final << i;
    }
    return stages;
}

/* Stages from which one of `goal` can be reached, themselves among them. */
static uint64_t leading_to(const struct prover *prover, uint64_t goal)
{
    uint64_t found = goal;
    bool moved = true;

    while (moved) {
        moved = false;
        for (uint16_t i = 0; i < prover->procedure->stage_count; i++) {
            bool leads = (prover->places[i].to & found) != 0;

            if (leads && (found >> i & 1) == 0) {
                found |= (uint64_t)1 << i;
                moved = true;
            }
        }
    }
    return found;
}

void prove_reach(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;
    uint64_t way_out = leading_to(prover, final_stages(prover));

    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];

        if (!is_reached(prover, i)) {
            TELL(prover, PROBLEM_ERROR, &proof_unreachable_stage, stage->label.mark,
                 stage->name);
        } else if ((way_out >> i & 1) == 0) {
            TELL(prover, PROBLEM_ERROR, &proof_no_way_out, stage->label.mark, stage->name);
        }
    }
}

/* The last steps of a way: `a → s1, clock.x.elapsed → s2`. */
static struct text way_words(const struct prover *prover, const struct way *way,
                             struct words *words)
{
    enum { STEPS_TOLD = 5 };
    const struct way *steps[STEPS_TOLD];
    uint32_t count = 0;
    struct words name;

    words->size = 0;
    for (; way != NULL && count < STEPS_TOLD; way = way->before) {
        steps[count++] = way;
    }
    if (way != NULL) {
        words_add(words, TEXT("… "));
    }
    for (; count > 0; count--) {
        const struct way *step = steps[count - 1];

        words_add(words, prover_event_name(prover, step->event, step->ended, &name));
        words_add(words, TEXT(" → "));
        words_add(words, prover_stage_name(prover, step->stage));
        words_add(words, count > 1 ? TEXT(", ") : (struct text){0});
    }
    return words_text(words);
}

static void tell_asleep(struct prover *prover, uint16_t index, const struct way *way)
{
    const struct stage *stage = &prover->procedure->stages[index];
    struct words words;
    struct text path = way_words(prover, way, &words);

    if (way->ended != NO_INDEX && !way->taken) {
        TELL(prover, PROBLEM_ERROR, &proof_window_asleep, stage->label.mark, stage->name,
             prover->procedure->clocks[way->ended].name, path);
    } else {
        TELL(prover, PROBLEM_ERROR, &proof_asleep, stage->label.mark, stage->name, path);
    }
    if (prover->places[index].level >= PLACE_NARROWED) {
        TELL(prover, PROBLEM_NOTE, &proof_taken_together, stage->label.mark, stage->name);
    }
}

void prove_wake(struct prover *prover)
{
    for (uint16_t i = 0; i < prover->procedure->stage_count; i++) {
        if (prover->places[i].asleep != NULL) {
            tell_asleep(prover, i, prover->places[i].asleep);
        }
    }
}

/* Stages in which such a clock may be live. */
static uint64_t live_in(const struct prover *prover, uint16_t clock)
{
    uint64_t stages = 0;

    for (uint16_t i = 0; i < prover->procedure->stage_count; i++) {
        const struct place *place = &prover->places[i];

        for (uint32_t j = 0; j < place->count; j++) {
            if ((place->arrivals[j].sure.dead & clock_bit(clock)) == 0) {
                stages |= (uint64_t)1 << i;
            }
        }
    }
    return stages;
}

static uint64_t clocks_of(const struct clock_act *acts, uint32_t count)
{
    uint64_t clocks = 0;

    for (uint32_t i = 0; i < count; i++) {
        clocks |= clock_bit(acts[i].clock);
    }
    return clocks;
}

/* Clocks that some rule of a stage can end, or the entering of a stage it leads to. */
static uint64_t ended_in(const struct prover *prover, uint16_t stage)
{
    const struct procedure *procedure = prover->procedure;
    struct calling calling;
    uint64_t clocks = 0;

    for (uint32_t at = 0; calling_next(prover, stage, &at, &calling);) {
        for (uint32_t i = 0; i < calling.rule_count; i++) {
            const struct rule *rule = calling.rules[i];

            clocks |= clocks_of(rule->meets, rule->meet_count) |
                      clocks_of(rule->cancels, rule->cancel_count);
        }
    }
    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        if ((prover->places[stage].to >> i & 1) != 0) {
            clocks |=
                clocks_of(procedure->stages[i].cancels, procedure->stages[i].cancel_count);
        }
    }
    return clocks;
}

/* Clocks whose end some rule of a stage takes. */
static uint64_t taken_in(const struct prover *prover, uint16_t stage)
{
    struct calling calling;
    uint64_t clocks = 0;

    for (uint16_t i = 0; i < prover->procedure->clock_count; i++) {
        calling_of(prover, stage, prover->ends[i], i, &calling);
        if (calling.rule_count > 0) {
            clocks |= clock_bit(i);
        }
    }
    return clocks;
}

/* In a final stage a duty that outlives it must be met, or the case never closes. */
static void prove_closes(struct prover *prover, uint16_t clock, uint64_t ending_stages)
{
    const struct procedure *procedure = prover->procedure;
    uint64_t live = live_in(prover, clock);
    uint64_t way_out = leading_to(prover, ending_stages);

    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];

        if (stage->final && (stage->outlives & clock_bit(clock)) != 0 && (live >> i & 1) != 0 &&
            (way_out >> i & 1) == 0) {
            TELL(prover, PROBLEM_ERROR, &proof_never_closes, stage->label.mark,
                 procedure->clocks[clock].name, stage->name);
        }
    }
}

void prove_ends(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;
    uint64_t ended[STAGES_MAX];
    uint64_t taken[STAGES_MAX];
    uint64_t asked = clocks_asked(procedure);
    uint64_t final = final_stages(prover);

    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        ended[i] = ended_in(prover, i);
        taken[i] = taken_in(prover, i);
    }
    for (uint16_t clock = 0; clock < procedure->clock_count; clock++) {
        const struct clock *what = &procedure->clocks[clock];
        uint64_t live = live_in(prover, clock);
        uint64_t ends_in = 0;
        uint64_t taken_where = 0;

        for (uint16_t i = 0; i < procedure->stage_count; i++) {
            ends_in |= (ended[i] >> clock & 1) << i;
            taken_where |= (taken[i] >> clock & 1) << i;
        }
        if (live == 0) {
            TELL(prover, PROBLEM_WARNING, &proof_never_runs, what->label.mark, what->name);
        } else if (what->kind == CLOCK_DUTY && (live & ends_in) == 0) {
            TELL(prover, PROBLEM_ERROR, &proof_duty_unmet, what->label.mark, what->name);
        } else if (what->kind == CLOCK_DUTY) {
            prove_closes(prover, clock, ends_in);
        } else if (what->kind == CLOCK_WINDOW && !what->recurs && (live & taken_where) == 0 &&
                   (live & final) == 0 &&
                   /* there it ends the case */ (asked & clock_bit(clock)) == 0) {
            TELL(prover, PROBLEM_ERROR, &proof_window_untaken, what->label.mark, what->name);
        }
    }
}

static bool meets(const struct rule *rule, uint16_t clock)
{
    return (clocks_of(rule->meets, rule->meet_count) & clock_bit(clock)) != 0;
}

/* Whether a stage takes an event that meets the clock. */
static bool takes_report(const struct prover *prover, uint16_t stage, uint16_t event,
                         uint16_t clock)
{
    struct calling calling;

    calling_of(prover, stage, event, NO_INDEX, &calling);
    for (uint32_t i = 0; i < calling.rule_count; i++) {
        if (meets(calling.rules[i], clock)) {
            return true;
        }
    }
    return false;
}

/* The event that meets a clock in one stage and is refused in another, or NO_INDEX. */
static uint16_t lost_report(const struct prover *prover, uint16_t from, uint16_t to,
                            uint16_t clock)
{
    const struct procedure *procedure = prover->procedure;

    for (uint16_t event = 0; event < procedure->event_count; event++) {
        if (procedure->events[event].family != EVENT_CLOCK_END &&
            takes_report(prover, from, event, clock) &&
            !takes_report(prover, to, event, clock)) {
            return event;
        }
    }
    return NO_INDEX;
}

/* One rule of a clock's `overdue`, seen from one stage; true when it was told. */
static bool prove_overdue_rule(struct prover *prover, uint16_t stage, uint16_t clock,
                               const struct rule *rule)
{
    const struct procedure *procedure = prover->procedure;

    for (uint32_t i = 0; i < rule->to_count; i++) {
        uint16_t to = rule->to[i].stage;
        uint16_t event = to == stage ? NO_INDEX : lost_report(prover, stage, to, clock);

        if (event != NO_INDEX) {
            TELL(prover, PROBLEM_WARNING, &proof_late_report, rule->label.mark,
                 procedure->clocks[clock].name, procedure->stages[to].name,
                 procedure->events[event].name);
            return true;
        }
    }
    return false;
}

/* All rules of one clock's `overdue`; one of `anytime` is told once. */
static void prove_overdue_clock(struct prover *prover, uint16_t clock)
{
    const struct procedure *procedure = prover->procedure;
    uint64_t live = live_in(prover, clock);
    const struct rule *told = NULL;

    for (uint16_t stage = 0; stage < procedure->stage_count; stage++) {
        uint16_t event = prover->ends[clock];
        struct calling calling = {.rule_count = 0};

        if ((live >> stage & 1) != 0 && !procedure->stages[stage].final) {
            calling_of(prover, stage, event, clock, &calling);
        }

        uint32_t count = calling.rule_count;

        for (uint32_t i = 0; i < count; i++) {
            calling_of(prover, stage, event, clock, &calling); /* its room was used meanwhile */

            const struct rule *rule = calling.rules[i];

            if (rule != told && prove_overdue_rule(prover, stage, clock, rule)) {
                told = rule;
            }
        }
    }
}

void prove_overdue(struct prover *prover)
{
    for (uint16_t clock = 0; clock < prover->procedure->clock_count; clock++) {
        const struct clock *what = &prover->procedure->clocks[clock];

        if (what->kind == CLOCK_DUTY && what->grace.count == 0 &&
            prover->ends[clock] != NO_INDEX) {
            prove_overdue_clock(prover, clock);
        }
    }
}
