#include "core/prove_solve.h"

#include "base/must.h"

const struct guard_node *site_node(const struct site *site)
{
    return &site->nodes[site->at];
}

const struct guard_node *site_left(const struct site *site)
{
    return &site->nodes[site_node(site)->left];
}

const struct guard_node *site_right(const struct site *site)
{
    return &site->nodes[site_node(site)->right];
}

bool site_is_condition(const struct guard_node *node)
{
    return node->type == VALUE_FLAG && node->operation != GUARD_LIST && !node->symbol.people;
}

struct atom *site_make_atom(struct site *site, enum atom_kind kind)
{
    struct solver *solver = site->solver;

    if (solver->atom_count == ATOMS_MAX) {
        solver->too_large = true;
        solver->atom_count--;
    }

    struct atom *atom = &solver->atoms[solver->atom_count];

    *atom = (struct atom){.kind = kind, .first_ask = solver->ask_count};
    site->solver->atom_of[site->at] = solver->atom_count++;
    return atom;
}

static void copy_asks(struct solver *solver, uint32_t first, uint32_t count, uint32_t *copied)
{
    if (solver->ask_count + count > ASKS_MAX) {
        solver->too_large = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        solver->asks[solver->ask_count++] = solver->asks[first + i];
    }
    *copied += count;
}

/* The atom asks what these terms ask. */
void site_ask_for(struct site *site, struct atom *atom, const struct term *term)
{
    copy_asks(site->solver, term->first_ask, term->ask_count, &atom->ask_count);
}

void site_constant_atom(struct site *site, bool truth)
{
    site_make_atom(site, ATOM_CONSTANT)->constant = truth;
}

struct atom *site_value_atom(struct site *site, uint16_t variable, struct values when_true)
{
    struct atom *atom = site_make_atom(site, ATOM_VALUE);

    atom->variable = variable;
    atom->when_true = when_true;
    return atom;
}

/* A question of its own: nothing is known of it but that the same words have the same answer.
 * */
void site_truth_atom(struct site *site, const uint64_t key[2])
{
    const struct guard_node *node = site_node(site);
    uint32_t children = guard_children(node);
    uint16_t variable = variable_of(site->solver, key, OF_TRUTH, VALUE_FLAG, node->text);
    struct atom *atom = site_value_atom(site, variable, values_between(2, 2));

    if (children > 0) {
        site_ask_for(site, atom, &site->solver->terms[node->left]);
    }
    if (children > 1) {
        site_ask_for(site, atom, &site->solver->terms[node->right]);
    }
}

static void name_atom(struct site *site)
{
    const struct guard_node *node = site_node(site);
    const struct term *term = &site->solver->terms[site->at];

    if (node->symbol.kind == SYMBOL_CLOCK) {
        uint32_t stands = clock_field_stands((enum clock_field)node->symbol.field);

        (void)site_value_atom(site, variable_of_clock(site->prover, node, site->phase),
                              (struct values){{stands, 0}});
        return;
    }
    if (term->literal) {
        site_constant_atom(site, term->value.flag);
        return;
    }
    site_ask_for(site, site_value_atom(site, term->variable, values_between(2, 2)), term);
}

static void join_atom(struct site *site, enum atom_kind kind)
{
    uint32_t left = site->solver->atom_of[site_node(site)->left];
    uint32_t right = guard_children(site_node(site)) > 1
                         ? site->solver->atom_of[site_node(site)->right]
                         : left;
    struct atom *atom = site_make_atom(site, kind);

    atom->left = left;
    atom->right = right;
}

static void atom_of_node(struct site *site)
{
    const struct guard_node *node = site_node(site);
    struct solver *solver = site->solver;

    if (node->operation >= GUARD_EQUAL && node->operation <= GUARD_MORE_EQUAL) {
        site_compare(site);
    } else if (node->operation == GUARD_LITERAL) {
        site_constant_atom(site, node->literal.flag);
    } else if (node->operation == GUARD_NAME) {
        name_atom(site);
    } else if (node->operation == GUARD_HAS) {
        struct atom *atom = site_make_atom(site, ATOM_HAS);

        site_ask_for(site, atom, &solver->terms[node->left]);
    } else if (node->operation == GUARD_NOT) {
        join_atom(site, ATOM_NOT);
    } else if (node->operation == GUARD_AND) {
        join_atom(site, ATOM_AND);
    } else if (node->operation == GUARD_OR) {
        join_atom(site, ATOM_OR);
    } else if (node->operation == GUARD_DEFINE) {
        solver->atom_of[site->at] = solver->atom_of[node->left];
    } else if (node->operation != GUARD_IN || site_right(site)->operation != GUARD_LIST ||
               !site_listed(site)) {
        site_truth_atom(site, solver->terms[site->at].key); /* workday(), `in` of people … */
    }
}

/* `rounds + 1`: the same variable, a number further on. */
static bool shifted(struct site *site, struct term *term)
{
    const struct guard_node *node = site_node(site);
    const struct term *a = &site->solver->terms[node->left];
    const struct term *b = &site->solver->terms[node->right];
    bool minus = node->operation == GUARD_SUBTRACT;
    int64_t by;

    if (node->type != VALUE_INTEGER && node->type != VALUE_MONEY) {
        return false;
    }
    if (!minus && a->literal) {
        const struct term *swapped = a;

        a = b;
        b = swapped;
    }
    by = b->value.number;
    if (!a->named || !b->literal || site->nodes[node->left].type != node->type ||
        (minus && __builtin_sub_overflow((int64_t)0, by, &by)) ||
        __builtin_add_overflow(a->offset, by, &term->offset)) {
        return false;
    }
    term->named = true;
    term->variable = a->variable;
    return true;
}

/* What a node stands for that is made of others. */
static void composed_term(struct site *site, struct term *term)
{
    const struct guard_node *node = site_node(site);
    struct solver *solver = site->solver;
    uint32_t children = guard_children(node);

    key_begin(term->key, 400 + (uint64_t)node->operation);
    for (uint32_t i = 0; i < children; i++) {
        const struct term *child = &solver->terms[i == 0 ? node->left : node->right];

        key_mix(term->key, child->key[0]);
        key_mix(term->key, child->key[1]);
    }
    if (node->operation == GUARD_SIZE) {
        term->least = 0;
        if (solver->scene.quiet && site_left(site)->symbol.people) {
            term_of_literal(term, value_number(VALUE_INTEGER, 0));
        }
    } else if (node->operation == GUARD_ADD || node->operation == GUARD_SUBTRACT) {
        (void)shifted(site, term);
    }
}

static void list_term(struct site *site, struct term *term)
{
    const struct guard_node *node = site_node(site);

    key_begin(term->key, 500);
    for (uint32_t i = 0; i < node->list_count; i++) {
        struct term item = {0};

        term_of_literal(&item, node->list[i]);
        key_mix(term->key, item.key[0]);
    }
}

static void term_of_node(struct site *site)
{
    const struct guard_node *node = site_node(site);
    struct solver *solver = site->solver;
    struct term *term = &solver->terms[site->at];
    uint32_t children = guard_children(node);

    *term = (struct term){.first_ask = solver->ask_count, .least = INT64_MIN};
    if (node->operation == GUARD_DEFINE) {
        *term = solver->terms[node->left];
        return;
    }
    for (uint32_t i = 0; i < children; i++) {
        const struct term *child = &solver->terms[i == 0 ? node->left : node->right];

        copy_asks(solver, child->first_ask, child->ask_count, &term->ask_count);
    }
    if (node->operation == GUARD_LITERAL) {
        term_of_literal(term, node->literal);
    } else if (node->operation == GUARD_LIST) {
        list_term(site, term);
    } else if (node->operation == GUARD_NAME) {
        term_of_name(site->prover, site->nodes, site->at, site->phase);
    } else {
        composed_term(site, term);
    }
}

void goal_compile(struct prover *prover, struct goal *goal)
{
    struct site site = {
        .prover = prover,
        .solver = prover->solver,
        .nodes = goal->guard->nodes,
        .phase = goal->phase,
    };

    (void)prover_works(prover, goal->guard->node_count);
    for (site.at = 0; site.at < goal->guard->node_count; site.at++) {
        term_of_node(&site);
        if (site_is_condition(site_node(&site))) {
            atom_of_node(&site);
        }
    }
    goal->atom = prover->solver->atom_of[goal->guard->node_count - 1];
}
