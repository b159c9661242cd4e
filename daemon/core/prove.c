#include "core/prove.h"

#include "core/prove_parts.h"
#include "core/prove_words.h"

#include <string.h>

bool prover_works(struct prover *prover, uint64_t units)
{
    prover->work += units;
    return prover->work <= prover->work_max;
}

/* The same need stands in many rules: what is wrong with it is told once. */
static bool is_told(const struct problem_list *problems, const struct message *message,
                    struct mark mark, const struct text *arguments, uint32_t count)
{
    for (const struct problem *p = problems->first; p != NULL; p = p->next) {
        bool same = p->message == message && p->mark.line == mark.line &&
                    p->mark.column == mark.column && p->mark.source == mark.source;

        for (uint32_t i = 0; same && i < count; i++) {
            same = text_equal(p->arguments[i], arguments[i]);
        }
        if (same) {
            return true;
        }
    }
    return false;
}

void prover_tell(struct prover *prover, enum severity severity, const struct message *message,
                 struct mark mark, const struct text *arguments, uint32_t count)
{
    if (!is_told(prover->problems, message, mark, arguments, count)) {
        problem_add(prover->problems, severity, message, mark, arguments, count);
    }
}

struct text prover_stage_name(const struct prover *prover, uint16_t stage)
{
    return stage == NO_INDEX ? TEXT("-") : prover->procedure->stages[stage].name;
}

void words_add(struct words *words, struct text text)
{
    size_t room = sizeof(words->bytes) - words->size;
    size_t size = text.size < room ? text.size : room;

    /* Cut before a character, not inside it. */
    while (size > 0 && size < text.size && ((uint8_t)text.bytes[size] & 0xc0) == 0x80) {
        size--;
    }
    if (size > 0) {
        memcpy(words->bytes + words->size, text.bytes, size);
        words->size += size;
    }
}

struct text words_text(const struct words *words)
{
    return (struct text){.bytes = words->bytes, .size = words->size};
}

/* `clock.x.overdue`, whether a rule names it or not. */
struct text prover_event_name(const struct prover *prover, uint16_t event, uint16_t ended,
                              struct words *words)
{
    if (event != NO_INDEX) {
        return prover->procedure->events[event].name;
    }

    const struct clock *clock = &prover->procedure->clocks[ended];

    words->size = 0;
    words_add(words, TEXT("clock."));
    words_add(words, clock->name);
    words_add(words, TEXT("."));
    words_add(words, clock_end_word(clock->kind));
    return words_text(words);
}

/* Room for the rules of one event in one stage. */
static uint32_t rules_of_a_calling(const struct procedure *procedure)
{
    uint32_t of_stage = 0;
    uint32_t anytime = 0;

    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];

        for (uint32_t j = 0; j < stage->offer_count; j++) {
            uint32_t count = stage->offers[j].rule_count;

            of_stage = count > of_stage ? count : of_stage;
        }
    }
    for (uint32_t i = 0; i < procedure->open_count; i++) {
        uint32_t count = procedure->opens[i].rule_count;

        of_stage = count > of_stage ? count : of_stage;
    }
    for (uint32_t i = 0; i < procedure->anytime_count; i++) {
        uint32_t count = procedure->anytime[i].rule_count;

        anytime = count > anytime ? count : anytime;
    }
    return of_stage + anytime + 1;
}

static struct fact_mask unset_by(const struct offer *offers, uint32_t count)
{
    struct fact_mask unset = {{0}};

    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            unset = mask_both(unset, offers[i].rules[j].unsets);
        }
    }
    return unset;
}

static struct fact_mask unset_somewhere(const struct procedure *procedure)
{
    struct fact_mask unset = unset_by(procedure->anytime, procedure->anytime_count);

    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        unset = mask_both(
            unset, unset_by(procedure->stages[i].offers, procedure->stages[i].offer_count));
    }
    return unset;
}

static void name_ends(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;

    for (uint32_t i = 0; i < CLOCKS_MAX; i++) {
        prover->ends[i] = NO_INDEX;
    }
    for (uint32_t i = 0; i < procedure->event_count; i++) {
        if (procedure->events[i].family == EVENT_CLOCK_END) {
            prover->ends[procedure->events[i].clock] = (uint16_t)i;
        }
    }
    prover->all_clocks = procedure->clock_count == 64
                             ? ~(uint64_t)0
                             : ((uint64_t)1 << procedure->clock_count) - 1;
    prover->unset_later = unset_somewhere(procedure);
}

static bool prover_begin(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;
    struct arena *arena = prover->arena;

    prover->places = arena_take_zeroed(arena, procedure->stage_count, sizeof(struct place));
    prover->rules =
        arena_take(arena, rules_of_a_calling(procedure) * sizeof(const struct rule *));
    prover->room = meaning_room(arena);
    prover->solver = solver_room(arena);
    if (arena->spent) {
        return false;
    }
    name_ends(prover);
    place_begin(prover);
    return true;
}

/* What follows from which cases there can be. */
static void prove_lives(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;

    if (!flow_run(prover)) {
        prover_tell(prover, PROBLEM_ERROR,
                    prover->arena->spent ? &proof_no_room : &proof_too_large,
                    procedure->label.mark, NULL, 0);
        return;
    }
    prove_reach(prover);
    prove_wake(prover);
    prove_ends(prover);
    prove_starts(prover);
    prove_choices(prover);
    prove_entries(prover);
    prove_overdue(prover);
}

void procedure_prove(const struct procedure *procedure, const struct prove_options *options,
                     struct arena *arena, struct problem_list *problems)
{
    struct prover prover = {
        .procedure = procedure,
        .options = options,
        .arena = arena,
        .problems = problems,
        .work_max = options->work_max == 0 ? PROVE_WORK_MAX : options->work_max,
    };

    prove_shape(&prover);
    prove_notices(&prover);
    prove_errands(&prover);
    if (options->strict) {
        prove_strict(&prover);
    }
    /* A layer opens no case; what is made of it is proved as a whole. */
    if (!procedure->layer) {
        if (prover_begin(&prover)) {
            prove_lives(&prover);
        } else {
            prover_tell(&prover, PROBLEM_ERROR, &proof_no_room, procedure->label.mark, NULL, 0);
        }
    }
    if (options->work != NULL) {
        *options->work = prover.work;
    }
}
