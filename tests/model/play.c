#include "model/play.h"

#include "base/must.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE_MS ((int64_t)8 * 3600000)

/* Everything of one life. */
struct game {
    const struct procedure *procedure;
    const struct world *world;
    uint32_t calendar;
    uint8_t *memory[3]; /* of a step, and of states by turns */
    struct arena arena;
    struct arena state_arena;
    int turn;
    struct case_state real;
    struct oracle oracle;
    struct oracle_effect effects[ORACLE_EFFECTS]; /* the core's, of this step */
    uint32_t effect_count;
    int64_t now_ms;
    struct coverage *coverage;
    char *words;
    size_t size;
    size_t at;
};

static struct game *game;

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(game->words + game->at, game->size - game->at, format, arguments);
    va_end(arguments);
    if (size > 0) {
        game->at += (size_t)size;
    }
    if (game->at >= game->size) {
        game->at = game->size - 1;
    }
}

/* Words. */
static const char *instant_words(int64_t at_ms)
{
    static char ring[8][INSTANT_TEXT_SIZE];
    static int turn;
    char *out = ring[turn = (turn + 1) % 8];

    if (at_ms == INSTANT_NEVER) {
        return "never";
    }
    if (at_ms == INSTANT_NONE) {
        return "none";
    }
    (void)instant_print(at_ms, ZONE_MS, out);
    return out;
}

static const char *date_words(int32_t date)
{
    static char ring[8][DATE_TEXT_SIZE];
    static int turn;
    char *out = ring[turn = (turn + 1) % 8];

    if (date == DATE_NONE) {
        return "none";
    }
    (void)date_print(date, out);
    return out;
}

static const char *length_words(struct length length)
{
    static char ring[4][LENGTH_TEXT_SIZE];
    static int turn;
    char *out = ring[turn = (turn + 1) % 4];

    (void)length_print(length, out);
    return out;
}

static const char *clock_words(uint16_t clock, uint16_t number)
{
    static char ring[4][64];
    static int turn;
    char *out = ring[turn = (turn + 1) % 4];

    if (clock == NO_INDEX) {
        return "-";
    }
    (void)snprintf(out, 64, "%.*s#%u", TEXT_ARGS(game->procedure->clocks[clock].name), number);
    return out;
}

void play_print_step(const struct life_step *step)
{
    static const char *const kinds[] = {"event", "pass", "down", "calendar"};
    const struct event *event = &step->event;

    printf("  now %s %s", instant_words(step->now_ms), kinds[step->kind]);
    if (step->kind == LIFE_CALENDAR) {
        printf(" %u", step->calendar);
    }
    if (step->kind == LIFE_EVENT) {
        printf("%s %.*s occurred %s by %.*s/%.*s", step->in_batch ? " (in batch)" : "",
               TEXT_ARGS(event->type), instant_words(event->occurred_ms),
               TEXT_ARGS(event->person), TEXT_ARGS(event->role));
        for (uint32_t i = 0; i < event->with_count; i++) {
            printf(" with %.*s", TEXT_ARGS(event->with[i]));
        }
        for (uint32_t i = 0; i < event->fact_count; i++) {
            printf(" %.*s=%.*s", TEXT_ARGS(event->facts[i].name),
                   TEXT_ARGS(event->facts[i].value));
        }
        for (uint32_t i = 0; i < event->document_count; i++) {
            printf(" [%.*s]", TEXT_ARGS(event->documents[i]));
        }
        if (!text_empty(event->unit)) {
            printf(" unit %.*s", TEXT_ARGS(event->unit));
        }
    }
    printf("\n");
}

/* The core's side. */
static struct step step_at(int64_t now_ms)
{
    const struct installed *installed = &game->world->installed[game->calendar];

    return (struct step){.procedure = game->procedure,
                         .installed = installed,
                         .agency = &installed->agencies[game->world->agency],
                         .before = &game->real,
                         .now_ms = now_ms};
}

static bool keeps(enum effect_kind kind)
{
    return kind == EFFECT_NOTICE || kind == EFFECT_REVIEW || kind == EFFECT_WITHDRAWN ||
           kind == EFFECT_STAGE || kind == EFFECT_CLOSED || kind == EFFECT_DEFECT ||
           kind == EFFECT_SKIPPED || kind == EFFECT_MOVED || kind == EFFECT_STRANDED;
}

static void note_effects(const struct outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->effect_count; i++) {
        const struct effect *effect = &outcome->effects[i];

        game->coverage->effects[effect->kind]++;
        game->coverage->held += effect->held;
        game->coverage->officer += effect->to_officer;
        game->coverage->late += effect->late_ms > 0;
        game->coverage->provisional += effect->provisional;
        if (!keeps(effect->kind)) {
            continue;
        }
        MUST(game->effect_count < ORACLE_EFFECTS);
        game->effects[game->effect_count++] = (struct oracle_effect){
            .kind = effect->kind,
            .clock = effect->clock,
            .number = effect->number,
            .entry = effect->entry,
            .role = effect->role,
            .notice = effect->notice,
            .stage = effect->stage,
            .to_officer = effect->to_officer,
            .urgent = effect->urgent,
            .held = effect->held,
            .provisional = effect->provisional,
            .at_ms = effect->at_ms,
            .late_ms = effect->late_ms,
            .last_day = effect->last_day,
            .old_day = effect->old_day,
            .state = effect->state,
            .text = effect->text,
        };
    }
}

static struct arena *step_arena(void)
{
    arena_init_over(&game->arena, game->memory[2], STEP_ARENA_BYTES);
    return &game->arena;
}

/* What came of a step may lie in what it came from. */
static void keep(const struct case_state *after)
{
    struct case_state state;

    game->turn = 1 - game->turn;
    arena_init_over(&game->state_arena, game->memory[game->turn], STEP_ARENA_BYTES);
    MUST(state_copy(after, game->procedure, &game->state_arena, &state));
    game->real = state;
}

/* Comparing. */
static bool same_effect(const struct oracle_effect *a, const struct oracle_effect *b)
{
    if (a->kind != b->kind || a->clock != b->clock || a->entry != b->entry) {
        return false;
    }
    if (a->kind == EFFECT_STAGE) {
        return a->stage == b->stage;
    }
    if (a->kind == EFFECT_STRANDED) {
        return a->stage == b->stage && a->role == b->role && a->at_ms == b->at_ms &&
               a->late_ms == b->late_ms && a->held == b->held;
    }
    if (a->kind == EFFECT_DEFECT || a->kind == EFFECT_CLOSED) {
        return text_equal(a->text, b->text);
    }
    if (a->clock != NO_INDEX && a->number != b->number) {
        return false;
    }
    if (a->kind == EFFECT_SKIPPED || a->kind == EFFECT_WITHDRAWN) {
        return a->role == b->role;
    }
    if (a->kind == EFFECT_MOVED) {
        return a->role == b->role && a->last_day == b->last_day && a->old_day == b->old_day &&
               a->held == b->held;
    }
    return a->role == b->role && a->notice == b->notice && a->to_officer == b->to_officer &&
           a->urgent == b->urgent && a->held == b->held &&
           (a->kind == EFFECT_REVIEW || a->provisional == b->provisional) &&
           a->at_ms == b->at_ms && a->late_ms == b->late_ms &&
           (a->clock == NO_INDEX || a->last_day == b->last_day);
}

static void tell_effect(const char *who, const struct oracle_effect *effect)
{
    const struct procedure *procedure = game->procedure;

    tell("    %s %.*s", who, TEXT_ARGS(effect_word(effect->kind)));
    if (effect->kind == EFFECT_STAGE) {
        tell(" %.*s\n", TEXT_ARGS(procedure->stages[effect->stage].name));
        return;
    }
    if (!text_empty(effect->text)) {
        tell(" %.*s", TEXT_ARGS(effect->text));
    }
    tell(" %s", clock_words(effect->clock, effect->number));
    if (effect->entry != NO_INDEX) {
        tell(" %.*s", TEXT_ARGS(procedure->clocks[effect->clock].entries[effect->entry].name));
    }
    if (effect->role != NO_INDEX) {
        tell(" to %.*s", TEXT_ARGS(procedure->roles[effect->role].name));
    }
    tell(" at %s late %lld last %s%s%s%s%s\n", instant_words(effect->at_ms),
         (long long)effect->late_ms, date_words(effect->last_day),
         effect->to_officer ? " to_officer" : "", effect->urgent ? " urgent" : "",
         effect->held ? " held" : "", effect->provisional ? " provisional" : "");
}

/* All but what was passed over, in order. */
static bool same_in_order(const struct oracle_effect *said, uint32_t count)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (said[i].kind == EFFECT_SKIPPED) {
            continue;
        }
        while (at < game->effect_count && game->effects[at].kind == EFFECT_SKIPPED) {
            at++;
        }
        if (at == game->effect_count || !same_effect(&said[i], &game->effects[at])) {
            return false;
        }
        at++;
    }
    while (at < game->effect_count && game->effects[at].kind == EFFECT_SKIPPED) {
        at++;
    }
    return at == game->effect_count;
}

static bool same_skipped(const struct oracle_effect *said, uint32_t count)
{
    uint32_t balance = 0;

    for (uint32_t i = 0; i < count; i++) {
        bool there = said[i].kind != EFFECT_SKIPPED;

        balance += !there;
        for (uint32_t j = 0; !there && j < game->effect_count; j++) {
            there = same_effect(&said[i], &game->effects[j]);
        }
        if (!there) {
            return false;
        }
    }
    for (uint32_t j = 0; j < game->effect_count; j++) {
        balance -= game->effects[j].kind == EFFECT_SKIPPED;
    }
    return balance == 0;
}

static bool compare_effects(void)
{
    static struct oracle_effect said[ORACLE_EFFECTS];
    uint32_t count = 0;
    bool same;

    for (uint32_t i = 0; i < game->oracle.effect_count; i++) {
        if (keeps(game->oracle.effects[i].kind)) {
            said[count++] = game->oracle.effects[i];
        }
    }
    same = same_in_order(said, count) && same_skipped(said, count);
    if (same) {
        return true;
    }
    tell("  effects differ\n");
    for (uint32_t i = 0; i < game->effect_count; i++) {
        tell_effect("core  ", &game->effects[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        tell_effect("oracle", &said[i]);
    }
    return false;
}

static bool compare_codes(const struct outcome *outcome)
{
    const struct oracle *oracle = &game->oracle;
    bool same = outcome->verdict == oracle->verdict;
    bool bad = false; /* what cannot be read may also be what is missing, or not */

    for (uint32_t j = 0; j < oracle->code_count; j++) {
        bad |= text_is(oracle->codes[j], "bad_value");
    }
    for (uint32_t i = 0; i < outcome->reason_count; i++) {
        bool there = false;

        for (uint32_t j = 0; j < oracle->code_count; j++) {
            there |= text_equal(outcome->reasons[i].code, oracle->codes[j]);
        }
        same &= there || (bad && text_is(outcome->reasons[i].code, "unknown"));
    }
    for (uint32_t j = 0; j < oracle->code_count; j++) {
        bool there = bad && text_is(oracle->codes[j], "unknown");

        for (uint32_t i = 0; i < outcome->reason_count; i++) {
            there |= text_equal(outcome->reasons[i].code, oracle->codes[j]);
        }
        same &= there;
    }
    if (same) {
        return true;
    }
    tell("  verdicts differ\n    core   %d:", (int)outcome->verdict);
    for (uint32_t i = 0; i < outcome->reason_count; i++) {
        tell(" %.*s(%.*s)", TEXT_ARGS(outcome->reasons[i].code),
             TEXT_ARGS(outcome->reasons[i].arguments[0]));
    }
    tell("\n    oracle %d:", (int)oracle->verdict);
    for (uint32_t j = 0; j < oracle->code_count; j++) {
        tell(" %.*s", TEXT_ARGS(oracle->codes[j]));
    }
    tell("\n");
    return false;
}

static void tell_instance(const char *who, enum instance_state state,
                          const struct walk_due *due, int64_t ended_ms, bool reported_late,
                          int32_t floor)
{
    tell("    %s %.*s unrolled %s last %s safe %s due %s left %s%s ended %s%s floor %s\n", who,
         TEXT_ARGS(instance_state_word(state)), date_words(due->unrolled),
         date_words(due->last_day), date_words(due->safe_day), instant_words(due->due_ms),
         length_words(due->left), due->provisional ? " provisional" : "",
         instant_words(ended_ms), reported_late ? " reported_late" : "", date_words(floor));
}

static bool compare_instance(uint32_t place)
{
    const struct oracle_instance *mine = &game->oracle.now.instances[place];
    const struct instance *its =
        state_instance_numbered(&game->real, mine->clock, mine->number);
    struct walk_due due = oracle_due(&game->oracle, &game->oracle.now, place);
    struct walk_due other;
    bool same;

    if (its == NULL) {
        tell("  %s is not there\n", clock_words(mine->clock, mine->number));
        return false;
    }
    other = (struct walk_due){.unrolled = its->due.unrolled,
                              .last_day = its->due.last_day,
                              .safe_day = its->due.safe_day,
                              .due_ms = its->due.due_ms,
                              .paused = its->due.paused,
                              .provisional = its->due.provisional,
                              .left = its->due.left};
    same = its->state == mine->state && other.unrolled == due.unrolled &&
           other.last_day == due.last_day && other.safe_day == due.safe_day &&
           other.due_ms == due.due_ms && other.paused == due.paused &&
           (due.paused || other.provisional == due.provisional) && its->floor == mine->floor &&
           its->ended_ms == mine->ended_ms && its->reported_late == mine->reported_late &&
           its->day0 == mine->day0 && its->started_ms == mine->started_ms &&
           (!due.paused || length_equal(due.left, other.left));
    game->coverage->states[its->state]++;
    game->coverage->provisional += its->due.provisional;
    game->coverage->floors += its->floor != DATE_NONE;
    game->coverage->reported_late += its->reported_late;
    if (!same) {
        tell("  %s differs\n", clock_words(mine->clock, mine->number));
        tell_instance("core  ", its->state, &other, its->ended_ms, its->reported_late,
                      its->floor);
        tell_instance("oracle", mine->state, &due, mine->ended_ms, mine->reported_late,
                      mine->floor);
        tell("    started %s %s, day 0 %s %s\n", instant_words(its->started_ms),
             instant_words(mine->started_ms), date_words(its->day0), date_words(mine->day0));
    }
    return same;
}

/* Live ones, and each clock's newest ended one. */
static bool compare_instances(void)
{
    const struct oracle_case *mine = &game->oracle.now;
    bool same = true;
    uint32_t live = 0;

    for (uint32_t i = 0; i < mine->instance_count; i++) {
        bool newest = !mine->instances[i].forgotten;

        for (uint32_t j = 0; j < mine->instance_count; j++) {
            newest &= mine->instances[j].clock != mine->instances[i].clock ||
                      mine->instances[j].number <= mine->instances[i].number ||
                      oracle_live(&mine->instances[j]);
        }
        live += oracle_live(&mine->instances[i]);
        if (oracle_live(&mine->instances[i]) || newest) {
            same &= compare_instance(i);
        }
    }
    for (uint32_t i = 0; i < game->real.instance_count; i++) {
        live -= instance_is_live(&game->real.instances[i]);
    }
    if (live != 0) {
        tell("  live instances differ by %d\n", (int)live);
        same = false;
    }
    return same;
}

static bool compare_facts(void)
{
    bool same = true;

    for (uint32_t i = 0; i < game->procedure->fact_count; i++) {
        const struct value *its = &game->real.facts[i].value;
        const struct value *mine = &game->oracle.now.facts[i];
        const struct fact *fact = &game->procedure->facts[i];
        char a[200];
        char b[200];

        if (oracle_same(its, mine)) {
            continue;
        }
        tell("  fact %.*s differs: core %.*s, oracle %.*s\n", TEXT_ARGS(fact->name),
             its->known ? (int)value_print(its, &fact->choices, ZONE_MS, a, sizeof(a)) : 0, a,
             mine->known ? (int)value_print(mine, &fact->choices, ZONE_MS, b, sizeof(b)) : 0,
             b);
        same = false;
    }
    return same;
}

static bool compare_people(void)
{
    bool same = true;

    for (uint32_t i = 0; i < game->oracle.now.person_count; i++) {
        const struct oracle_person *mine = &game->oracle.now.people[i];
        bool there = false;

        for (uint32_t j = 0; j < game->real.participant_count; j++) {
            const struct participant *its = &game->real.participants[j];

            there |= its->role == mine->role && text_equal(its->person, mine->person) &&
                     its->assigned == mine->assigned &&
                     its->was_assigned == mine->was_assigned && its->acted == mine->acted;
        }
        if (!there) {
            tell("  participant differs: oracle has %.*s as %.*s%s%s%s\n",
                 TEXT_ARGS(mine->person), TEXT_ARGS(game->procedure->roles[mine->role].name),
                 mine->assigned ? " assigned" : "", mine->was_assigned ? " was" : "",
                 mine->acted ? " acted" : "");
            same = false;
        }
    }
    if (game->real.participant_count != game->oracle.now.person_count) {
        tell("  participants: core %u, oracle %u\n", game->real.participant_count,
             game->oracle.now.person_count);
        same = false;
    }
    return same;
}

/* What is past due is due now. */
static int64_t at_least(int64_t at_ms, int64_t now_ms)
{
    return at_ms < now_ms ? now_ms : at_ms;
}

static bool compare_state(void)
{
    const struct case_state *its = &game->real;
    const struct oracle_case *mine = &game->oracle.now;
    bool same = true;

    if (its->phase != mine->phase) {
        tell("  phase: core %d, oracle %d\n", (int)its->phase, (int)mine->phase);
        return false;
    }
    game->coverage->phases[its->phase]++;
    if (its->phase == CASE_NEW) {
        return true;
    }
    if (its->stage != mine->stage) {
        tell("  stage: core %u, oracle %u\n", its->stage, mine->stage);
        same = false;
    }
    if (its->on_hold != mine->on_hold || its->opened_ms != mine->opened_ms ||
        its->revision != mine->revision || its->defect_count != mine->defect_count ||
        its->defects_beyond != mine->defects_beyond || its->stranded != mine->stranded) {
        tell("  core: hold %d opened %s revision %u defects %u; oracle: %d %s %u %u\n",
             its->on_hold, instant_words(its->opened_ms), its->revision, its->defect_count,
             mine->on_hold, instant_words(mine->opened_ms), mine->revision, mine->defect_count);
        same = false;
    }
    same &= compare_facts();
    same &= compare_people();
    same &= compare_instances();
    if (at_least(its->next_ms, game->now_ms) !=
        at_least(oracle_next(&game->oracle), game->now_ms)) {
        uint32_t place;
        uint16_t entry;
        bool any = oracle_next_entry(&game->oracle, &place, &entry);
        uint16_t clock = mine->instances[place].clock;

        tell("  next moment: core %s, oracle %s (%s %.*s)\n", instant_words(its->next_ms),
             instant_words(oracle_next(&game->oracle)),
             clock_words(clock, mine->instances[place].number),
             any ? (int)game->procedure->clocks[clock].entries[entry].name.size : 0,
             any ? game->procedure->clocks[clock].entries[entry].name.bytes : "");
        same = false;
    }
    return same;
}

/* Moves. */
static bool take(const struct event *event, int64_t now_ms)
{
    struct step step = step_at(now_ms);
    struct arena *arena = step_arena();
    struct outcome outcome;
    bool same = true;

    game->now_ms = now_ms;
    game->effect_count = 0;
    MUST(case_step(&step, event, arena, &outcome));
    oracle_take(&game->oracle, event, now_ms);
    game->coverage->events++;
    game->coverage->verdicts[outcome.verdict]++;
    game->coverage->families[event_family_of(event->type)]++;
    for (uint32_t i = 0; i < outcome.reason_count; i++) {
        for (uint32_t j = 0; j < 64; j++) {
            char *code = game->coverage->codes[j].code;

            if (code[0] == '\0') {
                (void)snprintf(code, 32, "%.*s", TEXT_ARGS(outcome.reasons[i].code));
            }
            if (text_is(outcome.reasons[i].code, code)) {
                game->coverage->codes[j].count++;
                break;
            }
        }
    }
    note_effects(&outcome);
    same &= compare_codes(&outcome);
    same &= compare_effects();
    keep(&outcome.after);
    return same && compare_state();
}

static bool fire_all(int64_t now_ms)
{
    uint32_t rounds = 0;

    game->now_ms = now_ms;
    game->effect_count = 0;
    while (game->real.phase != CASE_NEW && game->real.next_ms <= now_ms) {
        struct step step = step_at(now_ms);
        struct arena *arena = step_arena();
        struct outcome outcome;

        if (++rounds > 20000) {
            tell("  the core fires without end at %s\n", instant_words(now_ms));
            return false;
        }
        MUST(case_fire(&step, arena, &outcome));
        note_effects(&outcome);
        keep(&outcome.after);
        game->coverage->firings++;
    }
    oracle_fire(&game->oracle, now_ms);
    return (int)compare_effects() & (int)compare_state();
}

static bool pass(int64_t until_ms)
{
    for (uint32_t rounds = 0; rounds < 20000; rounds++) {
        int64_t at_ms = at_least(game->real.next_ms, game->now_ms);

        if (game->real.phase == CASE_NEW || game->real.next_ms == INSTANT_NEVER ||
            at_ms > until_ms) {
            game->now_ms = until_ms;
            return true;
        }
        if (!fire_all(at_ms)) {
            return false;
        }
    }
    tell("  time passes without end\n");
    return false;
}

static bool install(uint32_t calendar, int64_t now_ms)
{
    struct step step;
    struct arena *arena = step_arena();
    struct outcome outcome;
    bool changed;
    bool same;

    game->now_ms = now_ms;
    game->effect_count = 0;
    game->calendar = calendar;
    step = step_at(now_ms);
    oracle_derive(&game->oracle, step.installed, game->world->walks[calendar], now_ms);
    if (game->real.phase == CASE_NEW || game->real.phase == CASE_CLOSED) {
        return true;
    }
    MUST(case_derive(&step, arena, &outcome, &changed));
    game->coverage->derives += changed;
    if (changed) {
        note_effects(&outcome);
        keep(&outcome.after);
    }
    same = compare_effects();
    return (int)same & (int)compare_state();
}

static bool move(const struct life_step *step)
{
    switch (step->kind) {
    case LIFE_EVENT:
        if (!step->in_batch && !pass(step->now_ms - 1)) {
            return false;
        }
        return take(&step->event, step->now_ms) && fire_all(step->now_ms);
    case LIFE_PASS:
        return pass(step->now_ms);
    case LIFE_DOWN:
        return fire_all(step->now_ms);
    case LIFE_CALENDAR:
        return pass(step->now_ms) && install(step->calendar, step->now_ms) &&
               fire_all(step->now_ms);
    }
    return false;
}

static void begin(const struct life *life, const struct procedure *procedure)
{
    static uint8_t *memory;
    struct oracle_world world;

    if (memory == NULL) {
        memory = malloc(3 * STEP_ARENA_BYTES);
        game = calloc(1, sizeof(*game));
        MUST(memory != NULL);
        MUST(game != NULL);
    }
    game->procedure = procedure;
    game->world = world_get();
    game->calendar = life->calendar;
    game->memory[0] = memory;
    game->memory[1] = memory + STEP_ARENA_BYTES;
    game->memory[2] = memory + 2 * STEP_ARENA_BYTES;
    game->effect_count = 0;
    game->at = 0;
    world = (struct oracle_world){
        .procedure = procedure,
        .installed = &game->world->installed[life->calendar],
        .agency = game->world->agency,
        .walker = {.calendar = game->world->walks[life->calendar],
                   .zone_ms = ZONE_MS,
                   .moment_ms = OFFICE_MOMENT_MS},
    };
    oracle_begin(&game->oracle, &world);

    struct case_state blank = {.id = TEXT("K-1"),
                               .agency = TEXT("gulou"),
                               .phase = CASE_NEW,
                               .number = 1,
                               .next_ms = INSTANT_NEVER};

    keep(&blank);
    /* Some day between the end of 2025 and the autumn of 2026. */
    game->now_ms = date_midnight(date_of(2025, 11, 20), ZONE_MS) +
                   (int64_t)(life->seed % 300) * DAY_MS + 36000000;
}

/* Whether the core would take it as the case stands: most draws are refused, and teach little. */
static bool is_taken(const struct life_step *step)
{
    struct step now = step_at(step->now_ms);
    struct outcome outcome;

    return step->kind != LIFE_EVENT || (case_step(&now, &step->event, step_arena(), &outcome) &&
                                        outcome.verdict == VERDICT_APPLIED);
}

static void draw(struct rng *rng, struct life_step *step)
{
    int64_t tries = rng_between(rng, 0, 3) == 0 ? 1 : 8;

    do {
        life_draw(rng, game->procedure, &game->real, game->now_ms, step);
        tries--;
    } while (tries > 0 && !is_taken(step));
}

bool play(struct life *life, const struct procedure *procedure, uint64_t left_out,
          struct rng *rng, uint32_t step_max, struct coverage *coverage, char *words,
          size_t size)
{
    static struct coverage nowhere;

    begin(life, procedure);
    game->coverage = coverage != NULL ? coverage : &nowhere;
    game->words = words;
    game->size = size;
    words[0] = '\0';
    for (uint32_t i = 0; i < life->count; i++) {
        if ((left_out >> i & 1) == 0 && !move(&life->steps[i])) {
            return false;
        }
    }
    while (rng != NULL && life->count < step_max && life->count < LIFE_STEPS) {
        struct life_step *step = &life->steps[life->count++];

        draw(rng, step);
        if (!move(step)) {
            return false;
        }
    }
    return true;
}
