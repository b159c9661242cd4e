#include "codec/installed_parts.h"

const struct node *installing_read(struct installing *installing, const struct source *source,
                                   const struct language *language, const char *key)
{
    struct node *root = source == NULL ? NULL
                                       : tree_read(source, installing->leaves.arena,
                                                   installing->leaves.problems);

    if (root == NULL) {
        return NULL;
    }
    schema_check(root, language->root, SCHEMA_WHOLE, installing->leaves.problems);
    return node_get(root, text_of(key));
}

/* Both ends may be open; the second lies not before the first. */
static void check_span(struct installing *installing, const struct node *node, int32_t from,
                       int32_t to)
{
    char first[DATE_TEXT_SIZE];
    char last[DATE_TEXT_SIZE];

    if (from != DATE_NONE && to != DATE_NONE && to < from) {
        struct text texts[] = {{first, date_print(from, first)}, {last, date_print(to, last)}};

        tell(&installing->leaves, WRONG_SPAN, node->mark, texts[0], texts[1]);
    }
}

static void load_calendar(struct installing *installing, const struct node *node,
                          struct agency *agency)
{
    const struct node *wish = node_get(node, TEXT("calendar"));
    struct text name = wish == NULL ? TEXT("cn") : wish->text;

    if (wish != NULL && wish->bad) {
        return;
    }
    for (uint32_t i = 0; i < installing->files->calendar_count; i++) {
        if (text_equal(calendar_name(installing->files->calendars[i]), name)) {
            agency->office.calendar = installing->files->calendars[i];
            return;
        }
    }
    tell(&installing->leaves, WRONG_NO_CALENDAR, wish == NULL ? node->key_mark : wish->mark,
         name, (struct text){0});
}

static void load_time(struct loader *loader, const struct node *node, void *field)
{
    (void)loader;
    (void)time_parse(node->text, field);
}

static void load_hours(struct loader *loader, const struct node *node, void *field)
{
    struct agency *agency = field;

    (void)loader;
    (void)hours_parse(node->text, &agency->hours_from_ms, &agency->hours_to_ms);
}

static void load_zone(struct loader *loader, const struct node *node, void *field)
{
    if (!zone_parse(node->text, field)) {
        tell(loader, WRONG_ZONE, node->mark, node->text, (struct text){0});
    }
}

static void load_agency(struct installing *installing, const struct node *node,
                        struct agency *agency)
{
    static const struct binding bindings[] = {
        {"zh", offsetof(struct agency, zh), load_text},
        {"en", offsetof(struct agency, en), load_text},
        {"zone", offsetof(struct agency, office.zone_ms), load_zone},
        {"moments", offsetof(struct agency, office.moment_ms), load_time},
        {"hours", 0, load_hours},
    };
    static const struct binding opens[] = {{"opens", 0, load_texts}};
    struct text_list list = {.count = 0};

    *agency = (struct agency){
        .id = node->key,
        .parent = NO_AGENCY,
        .office = {.moment_ms = OFFICE_MOMENT_MS},
        .hours_from_ms = (int64_t)8 * 3600000,
        .hours_to_ms = (int64_t)20 * 3600000,
    };
    (void)zone_parse(TEXT("Asia/Shanghai"), &agency->office.zone_ms);
    LOAD_FIELDS(&installing->leaves, node, bindings, agency);
    LOAD_FIELDS(&installing->leaves, node, opens, &list);
    agency->opens = list.texts;
    agency->open_count = list.count;
    if (!node->bad) {
        load_calendar(installing, node, agency);
    }
}

static uint16_t find_agency(struct installing *installing, const struct node *node)
{
    const struct agency *agency =
        node == NULL || node->bad ? NULL : installed_agency(installing->made, node->text);

    if (agency != NULL) {
        return (uint16_t)(agency - installing->made->agencies);
    }
    if (node != NULL && !node->bad) {
        tell_no_name(&installing->leaves, WRONG_NO_AGENCY, node->text, node->mark,
                     (struct named){installing->made->agencies, installing->made->agency_count,
                                    sizeof(struct agency)});
    }
    return NO_AGENCY;
}

/* Whoever climbs from an agency comes to an end. */
static void check_above(struct installing *installing, uint32_t index,
                        const struct node *parent)
{
    uint32_t climbed = 0;
    uint16_t at = installing->agencies[index].parent;

    while (at != NO_AGENCY && climbed++ <= installing->made->agency_count) {
        if (at == index) {
            tell(&installing->leaves, WRONG_PARENT_LOOP, parent->mark,
                 installing->agencies[index].id, (struct text){0});
            return;
        }
        at = installing->agencies[at].parent;
    }
}

static void load_agencies(struct installing *installing)
{
    const struct node *map = installing_read(installing, installing->files->agencies,
                                             &language_agencies, "agencies");
    uint32_t *count = &installing->made->agency_count;
    uint32_t i = 0;

    installing->agencies =
        take_entries(&installing->leaves, map, NO_AGENCY - 1, sizeof(struct agency), count);
    installing->made->agencies = installing->agencies;
    for (const struct node *at = entry_first(map); i < *count; at = at->next) {
        load_agency(installing, at, &installing->agencies[i++]);
    }
    i = 0;
    for (const struct node *at = entry_first(map); i < *count; at = at->next) {
        installing->agencies[i++].parent =
            find_agency(installing, at->bad ? NULL : node_get(at, TEXT("parent")));
    }
    i = 0;
    for (const struct node *at = entry_first(map); i < *count; at = at->next) {
        check_above(installing, i++, node_get(at, TEXT("parent")));
    }
}

static void load_certificate(struct installing *installing, const struct node *node,
                             struct person *person)
{
    static const struct binding certified[] = {
        {"certified", offsetof(struct person, certified), load_flag},
    };
    static const struct binding days[] = {
        {"from", offsetof(struct person, certified_from), load_date},
        {"to", offsetof(struct person, certified_to), load_date},
    };
    const struct node *certificate = node_get(node, TEXT("certificate"));

    LOAD_FIELDS(&installing->leaves, node, certified, person);
    LOAD_FIELDS(&installing->leaves, certificate, days, person);
    if (certificate != NULL) {
        person->certified = true;
        check_span(installing, certificate, person->certified_from, person->certified_to);
    }
}

static void load_holdings(struct installing *installing, const struct node *list,
                          uint16_t person)
{
    static const struct binding bindings[] = {
        {"role", offsetof(struct holding, role), load_text},
        {"unit", offsetof(struct holding, unit), load_text},
        {"from", offsetof(struct holding, from), load_date},
        {"to", offsetof(struct holding, to), load_date},
    };

    for (const struct node *at = item_first(list); at != NULL; at = item_next(list, at)) {
        struct holding *holding = &installing->holdings[installing->made->holding_count++];

        *holding = (struct holding){.person = person, .from = DATE_NONE, .to = DATE_NONE};
        LOAD_FIELDS(&installing->leaves, at, bindings, holding);
        holding->agency = find_agency(installing, node_get(at, TEXT("agency")));
        check_span(installing, at, holding->from, holding->to);
    }
}

static uint16_t find_person(struct installing *installing, const struct node *node)
{
    const struct person *person =
        node == NULL || node->bad ? NULL : installed_person(installing->made, node->text);

    if (person != NULL) {
        return (uint16_t)(person - installing->made->people);
    }
    if (node != NULL && !node->bad) {
        tell_no_name(&installing->leaves, WRONG_NO_PERSON, node->text, node->mark,
                     (struct named){installing->made->people, installing->made->person_count,
                                    sizeof(struct person)});
    }
    return UINT16_MAX;
}

static void load_deputies(struct installing *installing, const struct node *list,
                          uint16_t person)
{
    static const struct binding bindings[] = {
        {"role", offsetof(struct deputy, role), load_text},
        {"from", offsetof(struct deputy, from), load_date},
        {"until", offsetof(struct deputy, to), load_date},
    };

    for (const struct node *at = item_first(list); at != NULL; at = item_next(list, at)) {
        struct deputy *deputy = &installing->deputies[installing->made->deputy_count++];
        const struct node *to = node_get(at, TEXT("to"));

        *deputy = (struct deputy){.person = person, .from = DATE_NONE, .to = DATE_NONE};
        LOAD_FIELDS(&installing->leaves, at, bindings, deputy);
        deputy->deputy = find_person(installing, to);
        check_span(installing, at, deputy->from, deputy->to);
        if (deputy->deputy == person) {
            tell(&installing->leaves, WRONG_SELF_DEPUTY, to->mark, (struct text){0},
                 (struct text){0});
        }
    }
}

/* How many items all people have under a key. */
static uint32_t count_all(const struct node *map, const char *key)
{
    uint32_t count = 0;

    for (const struct node *at = entry_first(map); at != NULL; at = at->next) {
        count += at->bad ? 0 : item_count(node_get(at, text_of(key)));
    }
    return count;
}

static void load_people(struct installing *installing)
{
    static const struct binding bindings[] = {
        {"name", offsetof(struct person, name), load_text},
    };
    const struct node *map =
        installing_read(installing, installing->files->people, &language_people, "people");
    struct installed *made = installing->made;
    struct arena *arena = installing->leaves.arena;
    uint32_t i = 0;

    installing->people = take_entries(&installing->leaves, map, UINT16_MAX - 1,
                                      sizeof(struct person), &made->person_count);
    installing->holdings =
        arena_take_zeroed(arena, count_all(map, "roles"), sizeof(struct holding));
    installing->deputies =
        arena_take_zeroed(arena, count_all(map, "deputies"), sizeof(struct deputy));
    made->people = installing->people;
    made->holdings = installing->holdings;
    made->deputies = installing->deputies;
    if (arena->spent) {
        return;
    }
    for (const struct node *at = entry_first(map); i < made->person_count; at = at->next) {
        struct person *person = &installing->people[i++];

        *person = (struct person){.id = at->key,
                                  .name = at->key,
                                  .certified_from = DATE_NONE,
                                  .certified_to = DATE_NONE};
        LOAD_FIELDS(&installing->leaves, at, bindings, person);
        load_certificate(installing, at->bad ? NULL : at, person);
        load_reach(installing, at->bad ? NULL : at, person);
    }
    i = 0;
    for (const struct node *at = entry_first(map); i < made->person_count; at = at->next, i++) {
        if (!at->bad) {
            load_holdings(installing, node_get(at, TEXT("roles")), (uint16_t)i);
            load_deputies(installing, node_get(at, TEXT("deputies")), (uint16_t)i);
        }
    }
}

static void load_registers(struct installing *installing)
{
    uint32_t count = installing->files->register_count;
    struct registry *registries =
        arena_take_zeroed(installing->leaves.arena, count, sizeof(*registries));

    for (uint32_t i = 0; i < count && registries != NULL; i++) {
        (void)registry_load(installing->files->registers[i], installing->leaves.arena,
                            installing->leaves.problems, &registries[i]);
    }
    installing->made->registries = registries;
    installing->made->registry_count = registries == NULL ? 0 : count;
}

const struct installed *installed_load(const struct installed_files *files, struct arena *arena,
                                       struct problem_list *problems)
{
    uint32_t errors = problems->error_count;
    struct installing installing = {
        .leaves = {.arena = arena, .problems = problems},
        .files = files,
        .made = arena_take_zeroed(arena, 1, sizeof(struct installed)),
    };

    if (installing.made == NULL) {
        return NULL;
    }
    load_agencies(&installing);
    load_channels(&installing);
    load_people(&installing);
    load_registers(&installing);
    return arena->spent || problems->error_count > errors ? NULL : installing.made;
}
