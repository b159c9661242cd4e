#include "codec/load.h"

void load_head(struct loader *loader)
{
    static const struct binding bindings[] = {
        {"procedure", offsetof(struct procedure, name), load_text},
        {"from", offsetof(struct procedure, from), load_date},
        {"layer", offsetof(struct procedure, layer), load_flag},
        {"backdate", offsetof(struct procedure, backdate), load_length},
    };
    const struct node *version = node_get(loader->root, TEXT("version"));
    struct procedure *made = loader->made;
    int64_t number = 1;

    made->backdate = (struct length){.count = 7, .unit = LENGTH_DAYS};
    made->from = DATE_NONE;
    LOAD_FIELDS(loader, loader->root, bindings, made);
    made->label = load_label(loader, loader->root, made->name);
    if (version != NULL && !version->bad && text_to_integer(version->text, &number)) {
        made->version = (uint32_t)number;
    }
    if (number < 1) {
        tell(loader, WRONG_VERSION, version->mark, (struct text){0}, (struct text){0});
    }
}

/* A name that is read as something else. */
static void refuse_reserved(struct loader *loader, const struct node *node,
                            const char *const *reserved)
{
    for (uint32_t i = 0; reserved[i] != NULL; i++) {
        if (text_is(node->key, reserved[i])) {
            tell(loader, WRONG_RESERVED, node->key_mark, node->key, (struct text){0});
        }
    }
}

static void load_role_names(struct loader *loader)
{
    static const char *const reserved[] = {"owner", NULL};
    static const struct binding bindings[] = {
        {"assigned", offsetof(struct role, assigned), load_flag},
        {"outside", offsetof(struct role, outside), load_flag},
        {"above", offsetof(struct role, above), load_flag},
    };
    const struct node *map = node_get(loader->root, TEXT("roles"));
    uint32_t i = 0;

    loader->roles =
        take_entries(loader, map, ROLES_MAX, sizeof(struct role), &loader->made->role_count);
    for (const struct node *at = entry_first(map); i < loader->made->role_count;
         at = at->next) {
        struct role *role = &loader->roles[i++];

        *role = (struct role){.name = at->key,
                              .label = load_label(loader, at, at->key),
                              .reach_sms = NO_INDEX,
                              .reach_mail = NO_INDEX,
                              .consent = NO_INDEX};
        LOAD_FIELDS(loader, at, bindings, role);
        refuse_reserved(loader, at, reserved);
    }
    loader->made->roles = loader->roles;
}

/* Facts are known by now. */
static void load_reach(struct loader *loader)
{
    static const struct binding addresses[] = {
        {"sms", offsetof(struct role, reach_sms), load_text_fact},
        {"mail", offsetof(struct role, reach_mail), load_text_fact},
    };
    static const struct binding consent[] = {
        {"consent", offsetof(struct role, consent), load_flag_fact},
    };
    static const char *const outside_keys[] = {"reach", "consent"};
    const struct node *map = node_get(loader->root, TEXT("roles"));
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < loader->made->role_count;
         at = at->next) {
        struct role *role = &loader->roles[i++];

        for (uint32_t j = 0; j < 2 && !role->outside; j++) {
            const struct node *node = node_get(at, text_of(outside_keys[j]));

            if (node != NULL) {
                tell(loader, WRONG_REACH, node->key_mark, node->key, (struct text){0});
            }
        }
        LOAD_FIELDS(loader, node_get(at, TEXT("reach")), addresses, role);
        LOAD_FIELDS(loader, at, consent, role);
    }
}

static void load_choices(struct loader *loader, const struct node *list,
                         struct choices *choices)
{
    struct text *names =
        take_items(loader, list, CHOICES_MAX, sizeof(struct text), &choices->count);
    uint32_t i = 0;

    for (const struct node *at = item_first(list); i < choices->count;
         at = item_next(list, at)) {
        for (uint32_t j = 0; j < i; j++) {
            if (text_equal(names[j], at->text)) {
                tell(loader, WRONG_CHOICE_TWICE, at->mark, at->text, (struct text){0});
            }
        }
        names[i++] = at->text;
    }
    choices->names = names;
}

/* The type of a fact: by itself, under `type`, or by its choices. False where it is wrong. */
static bool load_type(struct loader *loader, const struct node *node, struct fact *fact)
{
    const struct node *type = node->kind == NODE_SCALAR ? node : node_get(node, TEXT("type"));
    const struct node *choice = node_get(node, TEXT("choice"));
    bool given = type != NULL && !type->bad && value_type_parse(type->text, &fact->type);

    if ((type != NULL && !given) || (choice != NULL && choice->bad)) {
        return false; /* told by the schema */
    }
    if (type == NULL && choice == NULL) {
        tell(loader, WRONG_NO_TYPE, node->key_mark, node->key, (struct text){0});
        return false;
    }
    if (type == NULL) {
        fact->type = VALUE_CHOICE;
    }

    bool chosen = fact->type == VALUE_CHOICE || fact->type == VALUE_SET;

    if (chosen != (item_count(choice) > 0)) {
        tell(loader, chosen ? WRONG_NO_CHOICE : WRONG_CHOICE,
             choice == NULL ? node->key_mark : choice->key_mark, node->key,
             value_type_word(fact->type));
        return false;
    }
    load_choices(loader, choice, &fact->choices);
    return true;
}

static void check_register(struct loader *loader, const struct fact *fact,
                           const struct node *node)
{
    const struct installed *installed = loader->library->installed;

    if (node == NULL || node->bad) {
        return;
    }
    if (fact->private) {
        tell(loader, WRONG_PRIVATE, node->mark, fact->name, (struct text){0});
    } else if (fact->type != VALUE_TEXT && fact->type != VALUE_CHOICE) {
        tell(loader, WRONG_REGISTERED, node->mark, fact->name, value_type_word(fact->type));
    } else if (installed != NULL && installed_registry(installed, node->text) == NULL) {
        tell_no_name(loader, WRONG_NO_REGISTER, node->text, node->mark,
                     (struct named){installed->registries, installed->registry_count,
                                    sizeof(struct registry)});
    }
}

_Static_assert(offsetof(struct registry, name) == 0, "tell_no_name reads the name first");

static void load_fact_entries(struct loader *loader)
{
    static const char *const reserved[] = {"actors", "true", "false", "null", "in", NULL};
    static const struct binding bindings[] = {
        {"private", offsetof(struct fact, private), load_flag},
        {"register", offsetof(struct fact, registry), load_text},
    };
    const struct node *map = node_get(loader->root, TEXT("facts"));
    uint32_t i = 0;

    loader->facts =
        take_entries(loader, map, FACTS_MAX, sizeof(struct fact), &loader->made->fact_count);
    loader->made->facts = loader->facts;
    for (const struct node *at = entry_first(map); i < loader->made->fact_count;
         at = at->next, i++) {
        struct fact *fact = &loader->facts[i];

        fact->name = at->key;
        fact->label = load_label(loader, at, at->key);
        if (at->bad || !load_type(loader, at, fact)) {
            fact_mask_add(&loader->untyped, (uint16_t)i);
            continue;
        }
        LOAD_FIELDS(loader, at, bindings, fact);
        check_register(loader, fact, node_get(at, TEXT("register")));
        refuse_reserved(loader, at, reserved);
    }
}

static void load_chain(struct loader *loader)
{
    const struct node *node = node_get(loader->root, TEXT("chain"));
    struct role_list list = {.count = 0};

    if (node != NULL && !node->bad) {
        load_role_list(loader, node, &list);
    }
    loader->made->chain = list.roles;
    loader->made->chain_count = list.count;
}

static void load_aparts(struct loader *loader)
{
    const struct node *map = node_get(loader->root, TEXT("apart"));
    uint32_t count;
    struct apart *aparts = take_entries(loader, map, APARTS_MAX, sizeof(*aparts), &count);
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < count; at = at->next) {
        const struct node *roles = at->kind == NODE_MAP ? node_get(at, TEXT("roles")) : at;
        struct apart *apart = &aparts[i++];

        apart->name = at->key;
        apart->label = load_label(loader, at, at->key);
        if (roles == NULL || roles->bad || at->bad) {
            continue;
        }
        load_roles(loader, roles, &apart->roles);
        if (item_count(roles) < 2) {
            tell(loader, WRONG_APART, roles->mark, (struct text){0}, (struct text){0});
        }
    }
    loader->made->aparts = aparts;
    loader->made->apart_count = count;
}

/* Before all else, which takes its words from here. */
static void load_words(struct loader *loader)
{
    const struct node *map = node_get(loader->root, TEXT("words"));
    uint32_t count;
    struct word *words = take_entries(loader, map, WORDS_MAX, sizeof(struct word), &count);
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < count; at = at->next) {
        words[i++] = (struct word){.name = at->key, .label = load_label(loader, at, at->key)};
    }
    loader->made->words = words;
    loader->made->word_count = count;
}

/* What is declared; what is only named by use is added as it is met. */
static void load_notices(struct loader *loader)
{
    const struct node *map = node_get(loader->root, TEXT("notices"));
    uint32_t count = 0;

    (void)take_entries(loader, map, NOTICES_MAX, 1, &count);
    loader->notices = arena_take_zeroed(loader->arena, NOTICES_MAX, sizeof(struct notice));
    loader->made->notices = loader->notices;
    if (loader->notices == NULL) {
        return;
    }
    for (const struct node *at = entry_first(map); loader->made->notice_count < count;
         at = at->next) {
        struct notice *notice = &loader->notices[loader->made->notice_count++];
        const struct node *values = at->kind == NODE_MAP ? node_get(at, TEXT("values")) : at;
        struct text_list list = {.count = 0};

        if (values != NULL && !values->bad && !at->bad) {
            load_texts(loader, values, &list);
        }
        *notice = (struct notice){.name = at->key,
                                  .label = load_label(loader, at, at->key),
                                  .declared = true,
                                  .values = list.texts,
                                  .value_count = list.count};
    }
}

/* Every notice leaves in the language of its receiver, so both templates must be there. */
static void check_templates(struct loader *loader, const struct node *node)
{
    const struct library *library = loader->library;
    bool zh = false;
    bool en = false;

    if (library->words == NULL) {
        return; /* nobody knows which there are */
    }
    for (uint32_t i = 0; i < library->word_count; i++) {
        if (text_equal(library->words[i].name, node->text)) {
            zh = zh || library->words[i].zh;
            en = en || library->words[i].en;
        }
    }
    if (!zh || !en) {
        tell(loader, WRONG_NO_TEMPLATE, node->mark, node->text, zh ? TEXT("en") : TEXT("zh"));
    }
}

uint16_t notice_of(struct loader *loader, const struct node *node)
{
    uint32_t *count = &loader->made->notice_count;

    check_templates(loader, node);
    if (loader->notices == NULL) {
        return NO_INDEX; /* the arena is spent */
    }
    for (uint32_t i = 0; i < *count; i++) {
        if (text_equal(loader->notices[i].name, node->text)) {
            return (uint16_t)i;
        }
    }
    if (*count == NOTICES_MAX) {
        tell(loader, WRONG_MANY, node->mark, TEXT("notices"), TEXT("256"));
        return NO_INDEX;
    }
    loader->notices[*count] =
        (struct notice){.name = node->text, .label = load_label(loader, node, node->text)};
    return (uint16_t)(*count)++;
}

_Static_assert(NOTICES_MAX == 256, "WRONG_MANY is told with it");

void load_base(struct loader *loader)
{
    load_words(loader);
    load_role_names(loader);
    load_fact_entries(loader);
    load_reach(loader);
    load_chain(loader);
    load_aparts(loader);
    load_notices(loader);
}

/* A condition sees those written before it. */
void load_defines(struct loader *loader)
{
    const struct node *map = node_get(loader->root, TEXT("define"));
    uint32_t count;
    uint32_t i = 0;

    loader->defines = take_entries(loader, map, DEFINES_MAX, sizeof(struct define), &count);
    loader->made->defines = loader->defines;
    loader->place.in_event = true;
    for (const struct node *at = entry_first(map); i < count; at = at->next) {
        const struct node *that = at->kind == NODE_MAP ? node_get(at, TEXT("that")) : at;
        struct define *define = &loader->defines[i];

        define->name = at->key;
        define->label = load_label(loader, at, at->key);
        if (procedure_fact(loader->made, at->key) != NO_INDEX) {
            tell(loader, WRONG_DEFINE_FACT, at->key_mark, at->key, (struct text){0});
        }
        if (that != NULL && !that->bad && !at->bad) {
            load_condition(loader, that, &define->guard);
        }
        loader->made->define_count = ++i;
    }
}
