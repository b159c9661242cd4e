#include "core/prove_solve.h"

#include "base/must.h"

/*
 * Assignments are tried depth first, looking next at the variable that an undecided condition
 * stumbled over: what no condition needs is never looked at, and whatever is decided by a few
 * values is decided for all the others at once.
 */

/* One question may take this much; a good one takes some hundreds. */
enum { SOLVE_WORK_MAX = 1000000 };

struct solver *solver_room(struct arena *arena)
{
    return arena_take(arena, sizeof(struct solver));
}

void solve_begin(struct prover *prover, const struct scene *scene)
{
    struct solver *solver = prover->solver;

    solver->scene = *scene;
    solver->too_large = false;
    solver->goal_count = 0;
    solver->variable_count = 0;
}

void solve_want(struct prover *prover, const struct guard *guard, enum phase phase,
                uint32_t want)
{
    struct solver *solver = prover->solver;

    if (solver->goal_count == GOALS_MAX) {
        solver->too_large = true;
        return;
    }
    if (guard != NULL || (want & WANT_TRUE) == 0) {
        solver->goals[solver->goal_count++] =
            (struct goal){.guard = guard, .phase = phase, .want = want};
    }
}

static int64_t number_at(const struct variable *variable, uint32_t i)
{
    const struct value *literal = &variable->literals[i];

    return variable->type == VALUE_DATE ? literal->date : literal->number;
}

/* Numbers have gaps: between 2 and 3 there is none, and below the least none either. Texts have
 * not. */
static void leave_gaps_out(struct variable *variable)
{
    struct values allowed = {{variable->allowed.bits[0] & 1, 0}};
    uint32_t count = variable->literal_count;
    int64_t below = variable->least == INT64_MIN ? INT64_MIN : variable->least - 1;

    if (variable->type == VALUE_TEXT) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        int64_t at = number_at(variable, i);

        if (below < at && below + 1 < at) {
            values_add(&allowed, 1 + 2 * i);
        }
        if (at >= variable->least) {
            values_add(&allowed, 2 + 2 * i);
        }
        below = at > below ? at : below;
    }
    if (below < INT64_MAX) {
        values_add(&allowed, 1 + 2 * count);
    }
    variable->allowed = allowed;
}

static void compile(struct prover *prover, bool building)
{
    struct solver *solver = prover->solver;

    solver->building = building;
    solver->atom_count = 0;
    solver->ask_count = 0;
    for (uint32_t i = 0; i < solver->goal_count && !solver->too_large; i++) {
        if (solver->goals[i].guard != NULL) {
            goal_compile(prover, &solver->goals[i]);
        }
    }
}

/* Whether all that an atom asks is known: TRUTH_TRUE, or TRUTH_FALSE, or TRUTH_OPEN. */
static uint8_t all_known(const struct solver *solver, const struct atom *atom, uint16_t *open)
{
    uint8_t truth = TRUTH_TRUE;

    for (uint32_t i = 0; i < atom->ask_count; i++) {
        const struct ask *ask = &solver->asks[atom->first_ask + i];
        int16_t value = solver->variables[ask->variable].value;

        if (value == NOT_GIVEN) {
            if (truth == TRUTH_TRUE) {
                *open = ask->variable;
            }
            truth = TRUTH_OPEN;
        } else if (!values_have(&ask->known, (uint32_t)value)) {
            return TRUTH_FALSE;
        }
    }
    return truth;
}

static uint8_t value_truth(const struct solver *solver, const struct atom *atom, uint16_t *open)
{
    int16_t value = solver->variables[atom->variable].value;
    uint8_t known = all_known(solver, atom, open);

    if (known == TRUTH_FALSE) {
        return TRUTH_UNKNOWN;
    }
    if (known == TRUTH_OPEN) {
        return TRUTH_OPEN;
    }
    if (value == NOT_GIVEN) {
        *open = atom->variable;
        return TRUTH_OPEN;
    }
    return values_have(&atom->when_true, (uint32_t)value) ? TRUTH_TRUE : TRUTH_FALSE;
}

/* As CEL absorbs errors; what is still open may become anything. */
static uint8_t joined(uint8_t a, uint8_t b, uint8_t decisive)
{
    if (a == decisive || b == decisive) {
        return decisive;
    }
    if (a == TRUTH_OPEN || b == TRUTH_OPEN) {
        return TRUTH_OPEN;
    }
    if (a == TRUTH_UNKNOWN || b == TRUTH_UNKNOWN) {
        return TRUTH_UNKNOWN;
    }
    return decisive == TRUTH_FALSE ? TRUTH_TRUE : TRUTH_FALSE;
}

static uint8_t equal(uint8_t a, uint8_t b, bool same)
{
    if (a == TRUTH_UNKNOWN || b == TRUTH_UNKNOWN) {
        return TRUTH_UNKNOWN;
    }
    if (a == TRUTH_OPEN || b == TRUTH_OPEN) {
        return TRUTH_OPEN;
    }
    return (a == b) == same ? TRUTH_TRUE : TRUTH_FALSE;
}

static void decide(struct solver *solver, struct atom *atom)
{
    const struct atom *left = &solver->atoms[atom->left];
    const struct atom *right = &solver->atoms[atom->right];

    switch (atom->kind) {
    case ATOM_CONSTANT:
        atom->truth = atom->constant ? TRUTH_TRUE : TRUTH_FALSE;
        return;
    case ATOM_VALUE:
        atom->truth = value_truth(solver, atom, &atom->open);
        return;
    case ATOM_HAS:
        atom->truth = all_known(solver, atom, &atom->open);
        return;
    case ATOM_NOT:
        atom->truth = left->truth == TRUTH_TRUE    ? TRUTH_FALSE
                      : left->truth == TRUTH_FALSE ? TRUTH_TRUE
                                                   : left->truth;
        break;
    case ATOM_AND:
        atom->truth = joined(left->truth, right->truth, TRUTH_FALSE);
        break;
    case ATOM_OR:
        atom->truth = joined(left->truth, right->truth, TRUTH_TRUE);
        break;
    case ATOM_SAME:
    case ATOM_OTHER:
        atom->truth = equal(left->truth, right->truth, atom->kind == ATOM_SAME);
        break;
    }
    atom->open = left->truth == TRUTH_OPEN ? left->open : right->open;
}

/* What the goals say of the assignment so far: false: it is none; true, and *open is NO_INDEX
 * when nothing more need be looked at, else the next variable. */
static bool goals_hold(struct solver *solver, uint16_t *open)
{
    *open = NO_INDEX;
    for (uint32_t i = 0; i < solver->atom_count; i++) {
        decide(solver, &solver->atoms[i]);
    }
    for (uint32_t i = 0; i < solver->goal_count; i++) {
        const struct goal *goal = &solver->goals[i];

        if (goal->guard == NULL) {
            return false; /* what is always true was wanted otherwise */
        }

        const struct atom *atom = &solver->atoms[goal->atom];

        if (atom->truth == TRUTH_OPEN) {
            *open = *open == NO_INDEX ? atom->open : *open;
        } else if ((goal->want >> atom->truth & 1) == 0) {
            return false;
        }
    }
    return true;
}

static uint64_t kinds_where(const struct sure *kinds, uint32_t count, uint16_t clock, bool live)
{
    uint64_t left = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint64_t against = live ? kinds[i].dead : kinds[i].live;

        if ((against >> clock & 1) == 0) {
            left |= (uint64_t)1 << i;
        }
    }
    return left;
}

_Static_assert(ARRIVALS_MAX <= 64, "kinds of cases are bits");

/* Whether some kind of case allows the value just given at this depth. */
static bool kinds_allow(struct solver *solver, uint32_t depth)
{
    const struct variable *variable = &solver->variables[solver->chosen[depth]];
    const struct scene *scene = &solver->scene;

    solver->before[depth + 1] = solver->before[depth];
    solver->after[depth + 1] = solver->after[depth];
    if (variable->kind != OF_CLOCK) {
        return true;
    }

    bool live = (STANDS_LIVES >> variable->value & 1) != 0;
    uint16_t clock = variable->clock;

    if (scene->before != NULL && !variable->touched) {
        solver->before[depth + 1] &=
            kinds_where(scene->before, scene->before_count, clock, live);
    }
    if (scene->after != NULL &&
        (variable->phase == AFTER || (variable->phase == BEFORE && !variable->acted))) {
        solver->after[depth + 1] &= kinds_where(scene->after, scene->after_count, clock, live);
    }
    return solver->before[depth + 1] != 0 && solver->after[depth + 1] != 0;
}

static uint64_t all_kinds(const struct sure *kinds, uint32_t count)
{
    return kinds == NULL ? 1 : count >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1;
}

/* Give the variable at this depth its next value; false: it has had all. */
static bool next_value(struct solver *solver, uint32_t depth)
{
    struct variable *variable = &solver->variables[solver->chosen[depth]];
    int16_t count = (int16_t)variable_values(variable);

    while (++variable->value < count) {
        if (values_have(&variable->allowed, (uint32_t)variable->value) &&
            kinds_allow(solver, depth)) {
            return true;
        }
    }
    variable->value = NOT_GIVEN;
    return false;
}

/* Go on from an assignment: give the next variable a value, or change the last that can be
 * changed. False: all have been tried. */
static bool go_on(struct solver *solver, uint32_t *depth, bool holds, uint16_t open)
{
    if (holds) {
        MUST(solver->variables[open].value == NOT_GIVEN);
        solver->chosen[*depth] = open;
        (*depth)++;
    }
    while (*depth > 0 && !next_value(solver, *depth - 1)) {
        (*depth)--;
    }
    return *depth > 0;
}

static enum found search(struct prover *prover)
{
    struct solver *solver = prover->solver;
    uint64_t units = solver->atom_count + 4;
    uint64_t work = 0;
    uint32_t depth = 0;
    uint16_t open;

    solver->before[0] = all_kinds(solver->scene.before, solver->scene.before_count);
    solver->after[0] = all_kinds(solver->scene.after, solver->scene.after_count);
    if (solver->before[0] == 0 || solver->after[0] == 0) {
        return FOUND_NONE;
    }
    while (prover_works(prover, units) && work <= SOLVE_WORK_MAX) {
        bool holds = goals_hold(solver, &open);

        if (holds && open == NO_INDEX) {
            return FOUND_ONE;
        }
        if (!go_on(solver, &depth, holds, open)) {
            return FOUND_NONE;
        }
        work += units;
    }
    return FOUND_TOO_LARGE;
}

enum found solve(struct prover *prover)
{
    struct solver *solver = prover->solver;

    compile(prover, false);
    compile(prover, true);
    if (solver->too_large) {
        return FOUND_TOO_LARGE;
    }
    for (uint32_t i = 0; i < solver->variable_count; i++) {
        if (solver->variables[i].kind == OF_ORDER) {
            leave_gaps_out(&solver->variables[i]);
        }
    }
    return search(prover);
}

static void add_literal(struct words *words, const struct variable *variable,
                        const struct value *value)
{
    char room[128];
    size_t size = value_print(value, NULL, 0, room, sizeof(room));
    bool quoted = variable->type == VALUE_TEXT;

    words_add(words, quoted ? TEXT("'") : (struct text){0});
    words_add(words, (struct text){.bytes = room, .size = size});
    words_add(words, quoted ? TEXT("'") : (struct text){0});
}

static void order_words(struct words *words, const struct variable *variable, uint32_t value)
{
    uint32_t i = (value - 1) / 2;
    const struct value *literals = variable->literals;

    if (value % 2 == 0) {
        words_add(words, variable->words);
        words_add(words, TEXT(" == "));
        add_literal(words, variable, &literals[i]);
    } else if (i < variable->literal_count) {
        if (i > 0) {
            add_literal(words, variable, &literals[i - 1]);
            words_add(words, TEXT(" < "));
        }
        words_add(words, variable->words);
        words_add(words, TEXT(" < "));
        add_literal(words, variable, &literals[i]);
    } else if (i > 0) {
        words_add(words, variable->words);
        words_add(words, TEXT(" > "));
        add_literal(words, variable, &literals[i - 1]);
    } else {
        words_add(words, TEXT("has("));
        words_add(words, variable->words);
        words_add(words, TEXT(")"));
    }
}

/* A state of a clock as a guard would ask for it. */
static void clock_words(struct words *words, const struct variable *variable, uint32_t value)
{
    bool other = value >= STANDS_OTHER;
    bool plain = !other && value < INSTANCE_CANCELLED;

    words_add(words, plain || other ? (struct text){0} : TEXT("!"));
    words_add(words, TEXT("clock."));
    words_add(words, variable->words);
    words_add(words, TEXT("."));
    words_add(words, plain ? instance_state_word((enum instance_state)value) : TEXT("live"));
}

static void choice_words(struct words *words, const struct variable *variable, uint32_t value)
{
    words_add(words, variable->words);
    words_add(words, TEXT(" == '"));
    words_add(words, variable->choices->names[value - 1]);
    words_add(words, TEXT("'"));
}

static void pair_words(struct words *words, const struct variable *variable, uint32_t value)
{
    words_add(words, variable->words);
    words_add(words, value == 1 ? TEXT(" < ") : value == 2 ? TEXT(" == ") : TEXT(" > "));
    words_add(words, variable->other);
}

static void value_words(struct words *words, const struct variable *variable)
{
    uint32_t value = (uint32_t)variable->value;

    if (variable->kind == OF_CLOCK) {
        clock_words(words, variable, value);
        return;
    }
    if (value == 0 || variable->kind == OF_SET) {
        words_add(words, value == 0 ? TEXT("!has(") : TEXT("has("));
        words_add(words, variable->words);
        words_add(words, TEXT(")"));
        return;
    }
    switch (variable->kind) {
    case OF_FLAG:
        words_add(words, value == 1 ? TEXT("!") : (struct text){0});
        words_add(words, variable->words);
        break;
    case OF_TRUTH:
        words_add(words, value == 1 ? TEXT("!(") : (struct text){0});
        words_add(words, variable->words);
        words_add(words, value == 1 ? TEXT(")") : (struct text){0});
        break;
    case OF_CHOICE:
        choice_words(words, variable, value);
        break;
    case OF_ORDER:
        order_words(words, variable, value);
        break;
    case OF_EXACT:
        words_add(words, variable->words);
        if (value <= variable->literal_count) {
            words_add(words, TEXT(" == "));
            add_literal(words, variable, &variable->literals[value - 1]);
        } else {
            words_add(words, TEXT(" != …"));
        }
        break;
    case OF_PAIR:
        pair_words(words, variable, value);
        break;
    case OF_SET:
    case OF_CLOCK:
        break;
    }
}

struct text solve_words(struct prover *prover, struct words *words)
{
    const struct solver *solver = prover->solver;
    bool any = false;

    words->size = 0;
    for (uint32_t i = 0; i < solver->variable_count; i++) {
        const struct variable *variable = &solver->variables[i];

        if (variable->value == NOT_GIVEN) {
            continue;
        }
        if (any) {
            words_add(words, TEXT(" && "));
        }
        value_words(words, variable);
        any = true;
    }
    if (!any) {
        words_add(words, TEXT("true"));
    }
    return words_text(words);
}
