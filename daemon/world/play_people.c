#include "world/play_parts.h"

#include <string.h>

/*
 * A story needs people: those it names, and for every other role inside the agency one of the
 * role's own name. They are written as the files of a configuration and installed like those,
 * so that nothing here goes a way of its own.
 */

#define FILE_BYTES ((size_t)256 * 1024)

/* A file in the making; what does not fit is cut, and loading it will say so. */
struct draft {
    char *room;
    size_t size;
};

static void put(struct draft *draft, struct text text)
{
    if (draft->room == NULL || draft->size + text.size > FILE_BYTES) {
        return;
    }
    if (text.size > 0) {
        memcpy(draft->room + draft->size, text.bytes, text.size);
    }
    draft->size += text.size;
}

static void put_line(struct draft *draft, const char *before, struct text text,
                     const char *after)
{
    put(draft, text_of(before));
    put(draft, text);
    put(draft, text_of(after));
}

struct text play_procedure_name(const struct play *play, uint32_t which)
{
    struct text own = play->scenario->cases[which].procedure;

    return text_empty(own) ? play->script->procedure : own;
}

const struct procedure *play_procedure(const struct play *play, uint32_t which)
{
    const struct law *law = engine_law(play->world.engine);
    const struct procedure *newest = NULL;
    struct text name = play_procedure_name(play, which);

    for (uint32_t i = 0; i < law->procedure_count; i++) {
        const struct procedure *procedure = law->procedures[i].procedure;

        if (text_equal(procedure->name, name) &&
            (newest == NULL || procedure->version > newest->version)) {
            newest = procedure;
        }
    }
    return newest;
}

static const struct scenario_role *named_role(const struct play *play, struct text role)
{
    for (uint32_t i = 0; i < play->scenario->people_count; i++) {
        if (text_equal(play->scenario->people[i].role, role)) {
            return &play->scenario->people[i];
        }
    }
    return NULL;
}

struct text play_person(const struct play *play, struct text role)
{
    const struct procedure *procedure = play_procedure(play, play->step->which);
    uint16_t index = procedure == NULL ? NO_INDEX : procedure_role(procedure, role);
    const struct scenario_role *named = named_role(play, role);

    if (index == NO_INDEX || procedure->roles[index].outside) {
        return (struct text){0};
    }
    return named != NULL && named->person_count > 0 ? named->persons[0] : role;
}

/* The agencies of the story's cases, each once. */
static bool is_first_of_agency(const struct scenario *scenario, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++) {
        if (text_equal(scenario->cases[i].agency, scenario->cases[index].agency)) {
            return false;
        }
    }
    return true;
}

/* Where the configuration has no agency of that name, one is made, below a parent. */
static bool lacks_agencies(const struct play *play)
{
    const struct installed *installed = engine_law(play->world.engine)->installed;

    for (uint32_t i = 0; i < play->scenario->case_count; i++) {
        if (installed_agency(installed, play->scenario->cases[i].agency) == NULL) {
            return true;
        }
    }
    return false;
}

/* The file of the configuration that has its agencies, or nothing. */
static struct text configured_agencies(const struct play *play)
{
    for (uint32_t i = 0; i < play->script->file_count; i++) {
        if (text_equal(play->script->files[i].path, TEXT("agencies.yaml"))) {
            return play->script->files[i].bytes;
        }
    }
    return (struct text){0};
}

/* Those of the configuration stay as they are; what it lacks stands below them. */
static void write_agencies(const struct play *play, struct draft *draft)
{
    const struct installed *installed = engine_law(play->world.engine)->installed;
    struct text configured = configured_agencies(play);

    put(draft, text_empty(configured) ? TEXT("agencies:\n") : configured);
    if (installed_agency(installed, TEXT("above")) == NULL) {
        put(draft, TEXT("\n  above: {zh: 上级, en: above, calendar: cn}\n"));
    }
    for (uint32_t i = 0; i < play->scenario->case_count; i++) {
        struct text id = play->scenario->cases[i].agency;

        if (is_first_of_agency(play->scenario, i) && installed_agency(installed, id) == NULL) {
            put_line(draft, "\n  ", id, ": {zh: ");
            put_line(draft, "", id, ", en: ");
            put_line(draft, "", id, ", parent: above, calendar: cn}\n");
        }
    }
}

/* The agency in which a role is held: the parent, where the role stands above. */
static struct text post_agency(const struct play *play, uint32_t which, bool above)
{
    const struct installed *installed = engine_law(play->world.engine)->installed;
    struct text id = play->scenario->cases[which].agency;
    const struct agency *agency = installed_agency(installed, id);

    if (!above || agency == NULL || agency->parent == NO_AGENCY) {
        return id;
    }
    return installed->agencies[agency->parent].id;
}

/* A person's line: certified, and holding the roles that the story gives. */
struct holder {
    struct text person;
    struct holder *next;
};

static bool holds(const struct play *play, const struct role *role, struct text person)
{
    const struct scenario_role *named = named_role(play, role->name);

    for (uint32_t i = 0; named != NULL && i < named->person_count; i++) {
        if (text_equal(named->persons[i], person)) {
            return true;
        }
    }
    return named == NULL && text_equal(role->name, person);
}

/* Whether an earlier case of the same agency has such a role already. */
static bool is_written(const struct play *play, uint32_t which, struct text role)
{
    for (uint32_t i = 0; i < which; i++) {
        const struct procedure *procedure = play_procedure(play, i);

        if (text_equal(play->scenario->cases[i].agency, play->scenario->cases[which].agency) &&
            procedure_role(procedure, role) != NO_INDEX) {
            return true;
        }
    }
    return false;
}

static void write_person(const struct play *play, struct text person, struct draft *draft)
{
    put_line(draft, "  ", person, ": {name: ");
    put_line(draft, "", person, ", certified: true, roles: [");
    for (uint32_t i = 0; i < play->scenario->case_count; i++) {
        const struct procedure *procedure = play_procedure(play, i);

        for (uint32_t j = 0; j < procedure->role_count; j++) {
            const struct role *role = &procedure->roles[j];

            if (!role->outside && !is_written(play, i, role->name) &&
                holds(play, role, person)) {
                put_line(draft, "{role: ", role->name, ", agency: ");
                put_line(draft, "", post_agency(play, i, role->above), "}, ");
            }
        }
    }
    put(draft, TEXT("]}\n"));
}

static void add_holder(struct play *play, struct holder **first, struct text person)
{
    struct holder **at = first;

    while (*at != NULL) {
        if (text_equal((*at)->person, person)) {
            return;
        }
        at = &(*at)->next;
    }
    *at = arena_take_zeroed(play->arena, 1, sizeof(**at));
    if (*at != NULL) {
        (*at)->person = person;
    }
}

static void add_holders(struct play *play, const struct procedure *procedure,
                        struct holder **holders)
{
    for (uint32_t i = 0; i < procedure->role_count; i++) {
        const struct role *role = &procedure->roles[i];
        const struct scenario_role *named = named_role(play, role->name);

        if (role->outside) {
            continue;
        }
        for (uint32_t j = 0; named != NULL && j < named->person_count; j++) {
            add_holder(play, holders, named->persons[j]);
        }
        if (named == NULL) {
            add_holder(play, holders, role->name);
        }
    }
}

static void write_people(struct play *play, struct draft *draft)
{
    struct holder *holders = NULL;

    for (uint32_t i = 0; i < play->scenario->case_count; i++) {
        add_holders(play, play_procedure(play, i), &holders);
    }
    put(draft, TEXT("people:\n"));
    for (const struct holder *holder = holders; holder != NULL; holder = holder->next) {
        write_person(play, holder->person, draft);
    }
}

/* Every case has a procedure, and every named role stands in one of them. */
static bool check_names(struct play *play)
{
    const struct scenario *scenario = play->scenario;
    bool good = true;

    for (uint32_t i = 0; i < scenario->case_count; i++) {
        if (play_procedure(play, i) == NULL) {
            play_wrong(play, &play_no_procedure, scenario->procedure_mark,
                       play_procedure_name(play, i), (struct text){0});
            return false;
        }
    }
    for (uint32_t i = 0; i < scenario->people_count; i++) {
        const struct scenario_role *named = &scenario->people[i];
        bool found = false;

        for (uint32_t j = 0; j < scenario->case_count; j++) {
            found = found || procedure_role(play_procedure(play, j), named->role) != NO_INDEX;
        }
        if (!found) {
            play_wrong(play, &play_no_role, named->mark, play_procedure_name(play, 0),
                       named->role);
            good = false;
        }
    }
    return good;
}

static bool install(struct play *play, const char *path, const struct draft *draft)
{
    struct install_file file = {.path = text_of(path),
                                .bytes = {.bytes = draft->room, .size = draft->size}};

    return draft->room != NULL && play_install(play, &file, 1);
}

bool play_install_people(struct play *play)
{
    bool good = check_names(play);

    if (good && lacks_agencies(play)) {
        struct draft agencies = {.room = arena_take(play->arena, FILE_BYTES)};

        write_agencies(play, &agencies);
        good = install(play, "agencies.yaml", &agencies);
    }
    if (good) {
        struct draft people = {.room = arena_take(play->arena, FILE_BYTES)};

        write_people(play, &people);
        good = install(play, "people.yaml", &people);
    }
    return good;
}
