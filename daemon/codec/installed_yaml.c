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
void check_span(struct installing *installing, const struct node *node, int32_t from,
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

void load_hours(struct loader *loader, const struct node *node, void *field)
{
    struct hours *hours = field;

    (void)loader;
    (void)hours_parse(node->text, &hours->from_ms, &hours->to_ms);
}

static void load_zone(struct loader *loader, const struct node *node, void *field)
{
    if (!zone_parse(node->text, field)) {
        tell(loader, WRONG_ZONE, node->mark, node->text, (struct text){0});
    }
}

static void load_units(struct installing *installing, const struct node *map,
                       struct agency *agency)
{
    static const struct binding bindings[] = {
        {"zh", offsetof(struct unit, zh), load_text},
        {"en", offsetof(struct unit, en), load_text},
    };
    struct unit *units = take_entries(&installing->leaves, map, ENTRIES_MAX, sizeof(*units),
                                      &agency->unit_count);
    uint32_t i = 0;

    agency->units = units;
    for (const struct node *at = entry_first(map); i < agency->unit_count; at = at->next, i++) {
        units[i].id = at->key;
        LOAD_FIELDS(&installing->leaves, at, bindings, &units[i]);
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
        {"hours", offsetof(struct agency, hours), load_hours},
    };
    static const struct binding opens[] = {{"opens", 0, load_texts}};
    struct text_list list = {.count = 0};

    *agency = (struct agency){
        .id = node->key,
        .parent = NO_AGENCY,
        .office = {.moment_ms = OFFICE_MOMENT_MS},
        .hours = {.from_ms = (int64_t)8 * 3600000, .to_ms = (int64_t)20 * 3600000},
    };
    (void)zone_parse(TEXT("Asia/Shanghai"), &agency->office.zone_ms);
    LOAD_FIELDS(&installing->leaves, node, bindings, agency);
    LOAD_FIELDS(&installing->leaves, node, opens, &list);
    agency->opens_all = node_get(node, TEXT("opens")) == NULL;
    agency->opens = list.texts;
    agency->open_count = list.count;
    if (!node->bad) {
        load_calendar(installing, node, agency);
        load_units(installing, node_get(node, TEXT("units")), agency);
    }
}

uint16_t find_agency(struct installing *installing, const struct node *node)
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
