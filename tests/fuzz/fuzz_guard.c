#include "core/calendar.h"
#include "lib/guard_world.h"
#include "lib/rng.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MEMORY_BYTES = 4 << 20 };

/* What a compiled guard and its values must keep to. */
struct trial {
    const struct guard *guard;
    struct guard_wish wish;
    struct world *world;
    struct reading reading;
    struct arena *arena;
    struct value values[GUARD_NODES_MAX];
};

static const struct guard *compile(struct trial *trial, struct text text,
                                   struct guard_wish wish, struct problem_list *problems)
{
    struct scope scope = world_scope(trial->world);

    problem_list_init(problems, trial->arena);
    return guard_compile(text, (struct mark){.line = 1, .column = 1}, wish, &scope,
                         trial->arena, problems);
}

/* How many characters a line has. */
static uint32_t line_length(struct text text, uint32_t line)
{
    uint32_t length = 0;

    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] == '\n') {
            line--;
        } else if (line == 1) {
            length += ((uint8_t)text.bytes[i] & 0xc0) != 0x80;
        }
    }
    return length;
}

/* Each is told at a place that is there, one behind the other, with its words. */
static void check_problems(struct text text, const struct problem_list *problems)
{
    uint32_t line = 1;
    uint32_t column = 1;
    char words[4096];

    MUST(problems->count == problems->error_count);
    for (const struct problem *p = problems->first; p != NULL; p = p->next) {
        MUST(p->mark.line > line || (p->mark.line == line && p->mark.column >= column));
        line = p->mark.line;
        column = p->mark.column;
        MUST(column <= line_length(text, line) + 1);
        MUST(message_print(p->message->en, p->arguments, words, sizeof(words)) > 0);
        MUST(message_print(p->message->zh, p->arguments, words, sizeof(words)) > 0);
    }
}

static void check_nodes(const struct guard *guard)
{
    MUST(guard->node_count > 0);
    MUST(guard->node_count <= GUARD_NODES_MAX);
    for (uint32_t i = 0; i < guard->node_count; i++) {
        const struct guard_node *node = &guard->nodes[i];
        uint32_t children = guard_children(node);

        MUST(children < 1 || node->left < i);
        MUST(children < 2 || node->right < i);
        MUST(children > 0 || node->left == 0);
        MUST(node->list_count <= GUARD_LIST_MAX);
    }
}

static enum truth truth_of(const struct value *value)
{
    return !value->known ? TRUTH_UNKNOWN : value->flag ? TRUTH_TRUE : TRUTH_FALSE;
}

/* Kleene's logic another way: false < unknown < true, `&&` is the least and `||` the most. */
static int rank(const struct value *value)
{
    return !value->known ? 1 : value->flag ? 2 : 0;
}

static struct value of_rank(int rank)
{
    return rank == 1 ? value_unknown(VALUE_FLAG) : value_flag(rank == 2);
}

/* A joining node said again; false for other nodes. */
static bool say_again(const struct guard_node *node, const struct value *values,
                      struct value *value)
{
    bool joins = node->operation == GUARD_AND || node->operation == GUARD_OR;

    if (node->operation == GUARD_DEFINE) {
        *value = values[node->left];
        return true;
    }
    if (!joins && node->operation != GUARD_NOT) {
        return false;
    }

    int left = rank(&values[node->left]);
    int right = joins ? rank(&values[node->right]) : 0;
    int least = left < right ? left : right;
    int most = left > right ? left : right;

    if (joins) {
        *value = of_rank(node->operation == GUARD_AND ? least : most);
    } else {
        *value = of_rank(2 - left);
    }
    return true;
}

static void check_joins(const struct trial *trial)
{
    for (uint32_t i = 0; i < trial->guard->node_count; i++) {
        struct value value;

        if (say_again(&trial->guard->nodes[i], trial->values, &value)) {
            MUST(value_equal(&value, &trial->values[i]));
        }
    }
}

/* A leaf's text is a guard of its own that says the same; and what is no reason may be anything. */
static void check_leaves(struct trial *trial, struct rng *rng)
{
    const struct guard *guard = trial->guard;
    struct guard_leaf leaves[GUARD_NODES_MAX];
    struct value other[GUARD_NODES_MAX];
    bool given[GUARD_NODES_MAX] = {false};
    uint32_t count = guard_leaves(guard, trial->values, leaves, GUARD_NODES_MAX);
    const struct value *root = &trial->values[guard->node_count - 1];

    MUST((count > 0) == (guard->type == VALUE_FLAG));
    memcpy(other, trial->values, guard->node_count * sizeof(other[0]));
    for (uint32_t i = 0; i < count; i++) {
        struct problem_list problems;
        struct guard_wish wish = {.type = VALUE_FLAG,
                                  .assignment = trial->wish.assignment && leaves[i].depth == 0};
        const struct guard *leaf = compile(trial, leaves[i].text, wish, &problems);

        MUST(leaf != NULL);
        MUST(guard_judge(leaf, &trial->reading) == leaves[i].truth);
        MUST(leaves[i].truth == truth_of(&trial->values[leaves[i].node]));
        if (!leaves[i].decided) {
            other[leaves[i].node] = of_rank((int)rng_between(rng, 0, 2));
            given[leaves[i].node] = guard->nodes[leaves[i].node].operation != GUARD_DEFINE;
        }
    }
    for (uint32_t i = 0; root->known && i < guard->node_count; i++) {
        if (!given[i]) {
            (void)say_again(&guard->nodes[i], other, &other[i]);
        }
    }
    MUST(!root->known || value_equal(root, &other[guard->node_count - 1]));
}

static void check_missing(const struct trial *trial)
{
    uint16_t nodes[GUARD_NODES_MAX];
    uint32_t count = guard_missing(trial->guard, trial->values, nodes, GUARD_NODES_MAX);

    MUST(count == 0 || !trial->values[trial->guard->node_count - 1].known);
    for (uint32_t i = 0; i < count; i++) {
        MUST(trial->guard->nodes[nodes[i]].operation == GUARD_NAME);
        MUST(!trial->values[nodes[i]].known);
    }
}

static struct value some_value(struct rng *rng, enum value_type type,
                               const struct choices *choices)
{
    static const struct text texts[] = {TEXT_INIT("a"), TEXT_INIT("none"), TEXT_INIT("person"),
                                        TEXT_INIT("\xe5\xbc\xa0"), TEXT_INIT("first")};
    static const int64_t numbers[] = {0, 1, -1, 2, 100, 100000, INT64_MAX, INT64_MIN};
    struct value value = {.type = type, .known = true};
    int64_t draw = rng_between(rng, 0, 1000);

    switch (type) {
    case VALUE_FLAG:
        value.flag = draw % 2 == 0;
        break;
    case VALUE_INTEGER:
    case VALUE_MONEY:
    case VALUE_INSTANT:
        value.number = numbers[draw % 8];
        break;
    case VALUE_TEXT:
        value.text = texts[draw % 5];
        break;
    case VALUE_DATE:
        value.date = (int32_t)(draw * draw % 84006);
        break;
    case VALUE_LENGTH:
        value.length.count = (int32_t)(draw % 7 == 0 ? LENGTH_COUNT_MAX : draw % 40);
        value.length.unit = (enum length_unit)(draw % 6);
        break;
    case VALUE_CHOICE:
        value.choice = (uint32_t)draw % choices->count;
        break;
    case VALUE_SET:
        value.set = (uint64_t)draw % ((uint64_t)1 << choices->count);
        break;
    }
    return value;
}

/* Some names are set, others not; with `all` what is set stays, and the others are set too. */
static void fill(struct world *world, struct rng *rng, bool all)
{
    for (uint32_t i = 0; i < WORLD_NAMES; i++) {
        if (!world->values[i].known && (all || rng_between(rng, 0, 1) == 0)) {
            world->values[i] = some_value(rng, world_names[i].type, world_names[i].choices);
        }
    }
}

/* Without has() and zeros a result that is known stays, whatever else becomes known. */
static void check_growth(struct trial *trial, struct rng *rng)
{
    struct value values[GUARD_NODES_MAX];
    struct value before = trial->values[trial->guard->node_count - 1];

    for (uint32_t i = 0; i < trial->guard->node_count; i++) {
        const struct guard_node *node = &trial->guard->nodes[i];

        if (node->operation == GUARD_HAS || node->zero) {
            return;
        }
    }
    fill(trial->world, rng, true);

    struct value after = guard_evaluate(trial->guard, &trial->reading, values);

    MUST(!before.known || value_equal(&before, &after));
}

static struct guard_wish some_wish(uint8_t byte)
{
    enum value_type type = (enum value_type)(byte % (VALUE_SET + 1));

    return (struct guard_wish){
        .type = byte >= 128 ? VALUE_FLAG : type,
        .choices = type == VALUE_CHOICE ? &results : &marks,
        .assignment = byte % 4 == 3,
        .any = byte % 16 == 15,
    };
}

static void try_guard(struct trial *trial, struct text text, struct rng *rng)
{
    struct problem_list problems;

    trial->guard = compile(trial, text, trial->wish, &problems);
    check_problems(text, &problems);
    MUST((trial->guard == NULL) == (problems.count > 0));
    if (trial->guard == NULL) {
        return;
    }
    check_nodes(trial->guard);
    MUST(trial->wish.any || trial->guard->type == trial->wish.type);

    struct value value = guard_evaluate(trial->guard, &trial->reading, trial->values);

    MUST(value.type == trial->guard->type);
    MUST(value_equal(&value, &trial->values[trial->guard->node_count - 1]));
    check_joins(trial);
    check_leaves(trial, rng);
    check_missing(trial);
    check_growth(trial, rng);
}

/* The first byte says what is wished for and draws the world's values, the others are the guard. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static _Alignas(max_align_t) uint8_t calendar_memory[1 << 20];
    static _Alignas(max_align_t) uint8_t memory[MEMORY_BYTES];
    static const struct calendar *calendar;
    struct arena arena;
    struct problem_list problems;
    struct world world;
    struct trial trial;

    if (size == 0) {
        return 0;
    }
    if (calendar == NULL) {
        arena_init_over(&arena, calendar_memory, sizeof(calendar_memory));
        calendar = calendar_build(&arena, TEXT("weekends"), TEXT("1"), NULL, NULL, 0);
        MUST(calendar != NULL);
    }

    struct rng rng = rng_seeded((uint64_t)bytes[0] * 131 + size);
    struct guard_wish condition = {.type = VALUE_FLAG};

    arena_init_over(&arena, memory, sizeof(memory));
    world_init(&world);
    world.actors[0] = TEXT("wang");
    world.actor_count = (uint32_t)rng_between(&rng, 0, 1);
    fill(&world, &rng, false);
    trial = (struct trial){.wish = some_wish(bytes[0]),
                           .world = &world,
                           .reading = world_reading(&world, calendar),
                           .arena = &arena};
    world.exempt =
        compile(&trial, TEXT("minor && has(served_on) && !harm"), condition, &problems);
    world.heavy = compile(&trial, TEXT("fine > 1000.00 || exempt"), condition, &problems);
    try_guard(&trial, (struct text){.bytes = (const char *)bytes + 1, .size = size - 1}, &rng);
    MUST(!arena.spent);
    return 0;
}
