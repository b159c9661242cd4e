#include "codec/installed_parts.h"

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

static void load_leaves(struct installing *installing, const struct node *list, uint16_t person)
{
    static const struct binding bindings[] = {
        {"from", offsetof(struct leave, from), load_date},
        {"to", offsetof(struct leave, to), load_date},
    };

    for (const struct node *at = item_first(list); at != NULL; at = item_next(list, at)) {
        struct leave *leave = &installing->leaves_of[installing->made->leave_count++];

        *leave = (struct leave){.person = person, .from = DATE_NONE, .to = DATE_NONE};
        LOAD_FIELDS(&installing->leaves, at, bindings, leave);
        check_span(installing, at, leave->from, leave->to);
    }
}

/* A person of a list that operators made. Whoever has left since is passed by: the list is not
 * a person's to mend, and his place in it is void. */
static bool find_listed(const struct installing *installing, const struct node *node,
                        uint16_t *out)
{
    const struct person *person =
        node == NULL || node->bad ? NULL : installed_person(installing->made, node->text);

    if (person != NULL) {
        *out = (uint16_t)(person - installing->made->people);
    }
    return person != NULL;
}

/* deputies.yaml: those that operators named, behind those of people.yaml. */
static void load_listed(struct installing *installing, const struct node *list)
{
    static const struct binding bindings[] = {
        {"role", offsetof(struct deputy, role), load_text},
        {"from", offsetof(struct deputy, from), load_date},
        {"until", offsetof(struct deputy, to), load_date},
        {"reason", offsetof(struct deputy, reason), load_text},
    };

    for (const struct node *at = item_first(list); at != NULL; at = item_next(list, at)) {
        struct deputy deputy = {.by_act = true, .from = DATE_NONE, .to = DATE_NONE};

        if (find_listed(installing, node_get(at, TEXT("for")), &deputy.person) &&
            find_listed(installing, node_get(at, TEXT("to")), &deputy.deputy)) {
            LOAD_FIELDS(&installing->leaves, at, bindings, &deputy);
            check_span(installing, at, deputy.from, deputy.to);
            installing->deputies[installing->made->deputy_count++] = deputy;
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

void load_people(struct installing *installing)
{
    static const struct binding bindings[] = {
        {"name", offsetof(struct person, name), load_text},
    };
    const struct node *map =
        installing_read(installing, installing->files->people, &language_people, "people");
    const struct node *listed = installing_read(installing, installing->files->deputies,
                                                &language_deputies, "deputies");
    struct installed *made = installing->made;
    struct arena *arena = installing->leaves.arena;
    uint32_t i = 0;

    installing->people = take_entries(&installing->leaves, map, UINT16_MAX - 1,
                                      sizeof(struct person), &made->person_count);
    installing->holdings =
        arena_take_zeroed(arena, count_all(map, "roles"), sizeof(struct holding));
    installing->deputies = arena_take_zeroed(
        arena, count_all(map, "deputies") + (size_t)item_count(listed), sizeof(struct deputy));
    installing->leaves_of =
        arena_take_zeroed(arena, count_all(map, "leave"), sizeof(struct leave));
    made->people = installing->people;
    made->holdings = installing->holdings;
    made->deputies = installing->deputies;
    made->leaves = installing->leaves_of;
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
            load_leaves(installing, node_get(at, TEXT("leave")), (uint16_t)i);
        }
    }
    load_listed(installing, listed);
}
