#include "codec/load.h"

/* `open` and `tell`. Names of the other procedure are words here: whether they are there is
 * proved once all procedures are known (core/prove_errand.c). */

enum { WAIT_DAYS = 30 };

/* A bare word that is no name here: a value of a choice there. */
static bool is_word(const struct loader *loader, struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.bytes[i];

        if (!((c >= 'a' && c <= 'z') || (i > 0 && ((c >= '0' && c <= '9') || c == '_')))) {
            return false;
        }
    }
    for (uint32_t i = 0; i < loader->made->define_count; i++) {
        if (text_equal(loader->defines[i].name, text)) {
            return false;
        }
    }
    return text.size > 0 && !text_is(text, "true") && !text_is(text, "false") &&
           procedure_fact(loader->made, text) == NO_INDEX;
}

/* The word as a literal of the language. */
static struct text quoted(struct loader *loader, struct text word)
{
    char *room = arena_take(loader->arena, word.size + 2);

    if (room == NULL) {
        return (struct text){0};
    }
    room[0] = '\'';
    for (size_t i = 0; i < word.size; i++) {
        room[1 + i] = word.bytes[i];
    }
    room[1 + word.size] = '\'';
    return (struct text){.bytes = room, .size = word.size + 2};
}

static void load_handed(struct loader *loader, const struct node *map, struct errand *errand)
{
    struct handed *made =
        take_entries(loader, map, FACTS_MAX, sizeof(*made), &errand->fact_count);
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < errand->fact_count; at = at->next) {
        struct handed *handed = &made[i++];
        struct node word = *at;

        *handed = (struct handed){.name = at->key, .mark = at->key_mark};
        if (at->bad) {
            continue;
        }
        handed->word = is_word(loader, at->text);
        if (handed->word) {
            word.text = quoted(loader, at->text);
        }
        handed->value =
            load_guard(loader, &word, (struct guard_wish){.any = true, .hands = true});
    }
    errand->facts = made;
}

static void load_text_guard(struct loader *loader, const struct node *node, void *field)
{
    *(const struct guard **)field =
        load_guard(loader, node, (struct guard_wish){.type = VALUE_TEXT});
}

static void load_wait(struct loader *loader, const struct node *node, struct errand *errand)
{
    struct length length = {.count = WAIT_DAYS, .unit = LENGTH_DAYS};
    bool exact;

    if (node != NULL && !node->bad) {
        load_length(loader, node, &length);
    }
    exact = length_is_exact(length);
    errand->wait_ms = exact ? length_ms(length) : (int64_t)length.count * DAY_MS;
    if ((!exact && length.unit != LENGTH_DAYS) ||
        errand->wait_ms > (int64_t)WAIT_DAYS * DAY_MS) {
        tell(loader, WRONG_WAIT, node->mark, node->text, (struct text){0});
    }
}

static void load_errand(struct loader *loader, const struct node *node, bool opens,
                        struct errand *errand)
{
    static const struct binding bindings[] = {
        {"event", offsetof(struct errand, event), load_text},
        {"as", offsetof(struct errand, role), load_text},
        {"when", offsetof(struct errand, when), load_condition},
        {"agency", offsetof(struct errand, agency), load_text_guard},
    };
    static const struct binding kept[] = {
        {"case", offsetof(struct errand, kept), load_text_fact},
    };
    static const struct binding told[] = {
        {"case", offsetof(struct errand, to), load_text_guard},
    };
    const struct node *procedure = node_get(node, TEXT("procedure"));
    struct text_list list = {.count = 0};

    errand->name = node->key;
    errand->label = load_label(loader, node, node->key);
    errand->opens = opens;
    errand->kept = NO_INDEX;
    if (node->bad) {
        return;
    }
    LOAD_FIELDS(loader, node, bindings, errand);
    if (opens) {
        LOAD_FIELDS(loader, node, kept, errand);
    } else {
        LOAD_FIELDS(loader, node, told, errand);
        load_wait(loader, node_get(node, TEXT("wait_for")), errand);
    }
    if (procedure != NULL && !procedure->bad) {
        load_texts(loader, procedure, &list);
    }
    errand->procedures = list.texts;
    errand->procedure_count = list.count;
    load_handed(loader, node_get(node, TEXT("set")), errand);
}

void load_errands(struct loader *loader, const struct node *node, struct rule *rule)
{
    const struct node *open = node_get(node, TEXT("open"));
    const struct node *told = node_get(node, TEXT("tell"));
    uint32_t opens;
    uint32_t tells;
    struct errand *made;
    uint32_t i = 0;

    if (open == NULL && told == NULL) {
        return;
    }
    made = arena_take_zeroed(loader->arena, ERRANDS_MAX, sizeof(*made));
    (void)take_entries(loader, open, ERRANDS_MAX / 2, 1, &opens);
    (void)take_entries(loader, told, ERRANDS_MAX / 2, 1, &tells);
    if (made == NULL) {
        return;
    }
    for (const struct node *at = entry_first(open); i < opens; at = at->next) {
        load_errand(loader, at, true, &made[i++]);
    }
    for (const struct node *at = entry_first(told); i < opens + tells; at = at->next) {
        load_errand(loader, at, false, &made[i++]);
    }
    rule->errands = made;
    rule->errand_count = i;
}
