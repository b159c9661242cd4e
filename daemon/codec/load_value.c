#include "codec/load.h"

#include "base/must.h"

#include <stdio.h>

/* Past the bad ones. */
static const struct node *good(const struct node *node)
{
    while (node != NULL && node->bad) {
        node = node->next;
    }
    return node;
}

const struct node *item_first(const struct node *node)
{
    if (node == NULL || node->bad) {
        return NULL;
    }
    return node->kind == NODE_SCALAR ? node : good(node->first);
}

const struct node *item_next(const struct node *node, const struct node *item)
{
    return node->kind == NODE_SCALAR ? NULL : good(item->next);
}

uint32_t item_count(const struct node *node)
{
    uint32_t count = 0;

    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        count++;
    }
    return count;
}

void tell(struct loader *loader, enum wrong wrong, struct mark mark, struct text first,
          struct text second)
{
    wrong_tell(loader->problems, wrong, mark, first, second);
}

static void *take(struct loader *loader, const struct node *node, uint32_t there, uint32_t max,
                  size_t size)
{
    if (there > max) {
        char digits[16];
        int length = snprintf(digits, sizeof(digits), "%u", max);

        tell(loader, WRONG_MANY, node->key_mark, node->key,
             (struct text){digits, (size_t)length});
        there = max;
    }
    return there == 0 ? NULL : arena_take_zeroed(loader->arena, there, size);
}

void *take_items(struct loader *loader, const struct node *node, uint32_t max, size_t size,
                 uint32_t *count)
{
    uint32_t there = item_count(node);
    void *items = take(loader, node, there, max, size);

    *count = items == NULL ? 0 : there < max ? there : max;
    return items;
}

const struct node *entry_first(const struct node *map)
{
    return map == NULL || map->bad || map->kind != NODE_MAP ? NULL : map->first;
}

void *take_entries(struct loader *loader, const struct node *map, uint32_t max, size_t size,
                   uint32_t *count)
{
    uint32_t there = entry_first(map) == NULL ? 0 : map->size;
    void *entries = take(loader, map, there, max, size);

    *count = entries == NULL ? 0 : there < max ? there : max;
    return entries;
}

void load_fields(struct loader *loader, const struct node *map, const struct binding *bindings,
                 uint32_t count, void *thing)
{
    for (uint32_t i = 0; i < count && map != NULL && !map->bad; i++) {
        const struct node *node = node_get(map, text_of(bindings[i].key));

        if (node != NULL && !node->bad) {
            bindings[i].load(loader, node, (uint8_t *)thing + bindings[i].offset);
        }
    }
}

void load_flag(struct loader *loader, const struct node *node, void *field)
{
    (void)loader;
    *(bool *)field = text_is(node->text, "true");
}

void load_text(struct loader *loader, const struct node *node, void *field)
{
    (void)loader;
    *(struct text *)field = node->text;
}

void load_date(struct loader *loader, const struct node *node, void *field)
{
    (void)loader;
    MUST(date_parse(node->text, field));
}

void load_length(struct loader *loader, const struct node *node, void *field)
{
    (void)loader;
    MUST(length_parse(node->text, field));
}

void load_some_length(struct loader *loader, const struct node *node, void *field)
{
    load_length(loader, node, field);
    if (((struct length *)field)->count == 0) {
        tell(loader, WRONG_ZERO, node->mark, node->key, (struct text){0});
    }
}

struct label load_label(struct loader *loader, const struct node *node, struct text name)
{
    static const struct binding bindings[] = {
        {"zh", offsetof(struct label, zh), load_text},
        {"en", offsetof(struct label, en), load_text},
        {"law", offsetof(struct label, law), load_text},
    };
    struct label label = {.mark = node->key_mark};

    for (uint32_t i = 0; i < loader->made->word_count; i++) {
        if (text_equal(loader->made->words[i].name, name)) {
            label = loader->made->words[i].label;
            label.mark = node->key_mark;
        }
    }
    LOAD_FIELDS(loader, node, bindings, &label);
    return label;
}

void tell_no_name(struct loader *loader, enum wrong wrong, struct text name, struct mark mark,
                  struct named named)
{
    struct text names[ENTRIES_MAX];
    uint32_t known = 0;

    /* Every named thing begins with its name, as in procedure.c. */
    for (const uint8_t *at = named.things; known < named.count && known < ENTRIES_MAX;
         at += named.size) {
        names[known++] = *(const struct text *)(const void *)at;
    }

    struct text near = loader->problems->count < PROBLEMS_MAX
                           ? nearest_word(name, names, known)
                           : (struct text){0}; /* nobody will see it, and it costs */

    tell(loader, text_empty(near) ? wrong : wrong + 1, mark, name, near);
}

_Static_assert(WRONG_NO_ROLE_NEAR == WRONG_NO_ROLE + 1, "the near one follows its own");

uint16_t find_role(struct loader *loader, const struct node *node)
{
    const struct procedure *made = loader->made;
    uint16_t role = procedure_role(made, node->text);

    if (role == NO_INDEX) {
        tell_no_name(loader, WRONG_NO_ROLE, node->text, node->mark,
                     (struct named){made->roles, made->role_count, sizeof(struct role)});
    }
    return role;
}

uint16_t find_clock(struct loader *loader, struct text name, struct mark mark)
{
    const struct procedure *made = loader->made;
    uint16_t clock = procedure_clock(made, name);

    if (clock == NO_INDEX) {
        tell_no_name(loader, WRONG_NO_CLOCK, name, mark,
                     (struct named){made->clocks, made->clock_count, sizeof(struct clock)});
    }
    return clock;
}

uint16_t find_stage(struct loader *loader, const struct node *node)
{
    const struct procedure *made = loader->made;
    uint16_t stage = procedure_stage(made, node->text);

    if (stage == NO_INDEX) {
        tell_no_name(loader, WRONG_NO_STAGE, node->text, node->mark,
                     (struct named){made->stages, made->stage_count, sizeof(struct stage)});
    }
    return stage;
}

uint16_t find_fact(struct loader *loader, struct text name, struct mark mark)
{
    const struct procedure *made = loader->made;
    uint16_t fact = procedure_fact(made, name);

    if (fact == NO_INDEX) {
        tell_no_name(loader, WRONG_NO_FACT, name, mark,
                     (struct named){made->facts, made->fact_count, sizeof(struct fact)});
    }
    return fact;
}

void load_role(struct loader *loader, const struct node *node, void *field)
{
    *(uint16_t *)field = find_role(loader, node);
}

void load_roles(struct loader *loader, const struct node *node, void *field)
{
    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        uint16_t role = find_role(loader, at);

        *(uint64_t *)field |= role == NO_INDEX ? 0 : (uint64_t)1 << role;
    }
}

void load_role_list(struct loader *loader, const struct node *node, void *field)
{
    uint8_t roles[ROLES_MAX];
    uint64_t seen = 0;
    struct role_list *list = field;

    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        uint16_t role = find_role(loader, at);

        if (role != NO_INDEX && (seen >> role & 1) == 0) {
            seen |= (uint64_t)1 << role;
            roles[list->count++] = (uint8_t)role;
        }
    }
    list->roles = arena_copy(loader->arena, roles, list->count);
}

void load_stage_mask(struct loader *loader, const struct node *node, void *field)
{
    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        uint16_t stage = find_stage(loader, at);

        *(uint64_t *)field |= stage == NO_INDEX ? 0 : (uint64_t)1 << stage;
    }
}

void load_clock_mask(struct loader *loader, const struct node *node, void *field)
{
    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        uint16_t clock = find_clock(loader, at->text, at->mark);

        *(uint64_t *)field |= clock == NO_INDEX ? 0 : (uint64_t)1 << clock;
    }
}

void load_facts(struct loader *loader, const struct node *node, void *field)
{
    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        uint16_t fact = find_fact(loader, at->text, at->mark);

        if (fact != NO_INDEX) {
            fact_mask_add(field, fact);
        }
    }
}

/* Nothing can be reckoned with what is sealed. */
void refuse_private(struct loader *loader, uint16_t fact, struct mark mark)
{
    if (fact != NO_INDEX && loader->facts[fact].private) {
        tell(loader, WRONG_PRIVATE, mark, loader->facts[fact].name, (struct text){0});
    }
}

/* `facts.x`: the schema has seen to the form. */
static void load_named_fact(struct loader *loader, const struct node *node, void *field)
{
    struct text name;
    struct mark mark = node->mark;

    mark.column += (uint32_t)text_cut(node->text, '.', &name).size + 1;
    *(uint16_t *)field = find_fact(loader, name, mark);
}

void load_any_fact(struct loader *loader, const struct node *node, void *field)
{
    load_named_fact(loader, node, field);
    refuse_private(loader, *(uint16_t *)field, node->mark);
}

static void load_typed_fact(struct loader *loader, const struct node *node, void *field,
                            enum value_type type)
{
    load_named_fact(loader, node, field);

    uint16_t index = *(uint16_t *)field;

    if (type != VALUE_TEXT) { /* a text is an address here: opened by whoever writes to it */
        refuse_private(loader, index, node->mark);
    }
    if (index == NO_INDEX || fact_mask_has(&loader->untyped, index)) {
        return;
    }

    enum value_type actual = loader->facts[index].type;

    if (actual != type) {
        struct text arguments[] = {node->text, value_type_word(actual), value_type_word(type)};

        problem_add(loader->problems, PROBLEM_ERROR, wrong_message(WRONG_FACT_TYPE), node->mark,
                    arguments, 3);
    }
}

void load_text_fact(struct loader *loader, const struct node *node, void *field)
{
    load_typed_fact(loader, node, field, VALUE_TEXT);
}

void load_flag_fact(struct loader *loader, const struct node *node, void *field)
{
    load_typed_fact(loader, node, field, VALUE_FLAG);
}

void load_date_fact(struct loader *loader, const struct node *node, void *field)
{
    load_typed_fact(loader, node, field, VALUE_DATE);
}

void load_money_fact(struct loader *loader, const struct node *node, void *field)
{
    load_typed_fact(loader, node, field, VALUE_MONEY);
}

void load_length_source(struct loader *loader, const struct node *node, void *field)
{
    struct length_source *source = field;

    source->given = true;
    source->fact = NO_INDEX;
    if (!length_parse(node->text, &source->length)) {
        load_typed_fact(loader, node, &source->fact, VALUE_LENGTH);
    }
}

void load_texts(struct loader *loader, const struct node *node, void *field)
{
    struct text_list *list = field;
    struct text *texts = take_items(loader, node, ENTRIES_MAX, sizeof(*texts), &list->count);
    uint32_t i = 0;

    for (const struct node *at = item_first(node); i < list->count; at = item_next(node, at)) {
        texts[i++] = at->text;
    }
    list->texts = texts;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Whether a text has this name in it as a word of its own. */
static bool mentions(struct text text, struct text name)
{
    for (size_t i = 0; i + name.size <= text.size; i++) {
        size_t end = i + name.size;

        if (text_equal(text_part(text, i, name.size), name) &&
            (i == 0 || !is_word(text.bytes[i - 1])) &&
            (end == text.size || !is_word(text.bytes[end]))) {
            return true;
        }
    }
    return false;
}

const struct guard *load_guard(struct loader *loader, const struct node *node,
                               struct guard_wish wish)
{
    struct scope scope = procedure_scope(&loader->place);

    if (loader->problems->count >= PROBLEMS_MAX) {
        return NULL; /* what is wrong with it nobody would see, and finding it costs */
    }
    for (uint32_t i = 0; i < loader->made->fact_count; i++) {
        if (fact_mask_has(&loader->untyped, (uint16_t)i) &&
            mentions(node->text, loader->facts[i].name)) {
            return NULL;
        }
    }
    return guard_compile(node->text, node->mark, wish, &scope, loader->arena, loader->problems);
}

void load_condition(struct loader *loader, const struct node *node, void *field)
{
    *(const struct guard **)field =
        load_guard(loader, node, (struct guard_wish){.type = VALUE_FLAG});
}
