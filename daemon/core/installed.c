#include "core/installed.h"

#include <stddef.h>

const struct agency *installed_agency(const struct installed *installed, struct text id)
{
    for (uint32_t i = 0; i < installed->agency_count; i++) {
        if (text_equal(installed->agencies[i].id, id)) {
            return &installed->agencies[i];
        }
    }
    return NULL;
}

const struct person *installed_person(const struct installed *installed, struct text id)
{
    for (uint32_t i = 0; i < installed->person_count; i++) {
        if (text_equal(installed->people[i].id, id)) {
            return &installed->people[i];
        }
    }
    return NULL;
}

const struct registry *installed_registry(const struct installed *installed, struct text name)
{
    for (uint32_t i = 0; i < installed->registry_count; i++) {
        if (text_equal(installed->registries[i].name, name)) {
            return &installed->registries[i];
        }
    }
    return NULL;
}

uint16_t registry_column(const struct registry *registry, struct text name)
{
    for (uint32_t i = 0; i < registry->column_count; i++) {
        if (text_equal(registry->columns[i].name, name)) {
            return (uint16_t)i;
        }
    }
    return UINT16_MAX;
}

/* Whether a date lies in from..to, both included; DATE_NONE leaves an end open. */
static bool in_force(int32_t from, int32_t to, int32_t date)
{
    return (from == DATE_NONE || from <= date) && (to == DATE_NONE || date <= to);
}

const struct registry_row *registry_find(const struct registry *registry, struct text key,
                                         int32_t date)
{
    for (uint32_t i = 0; i < registry->row_count; i++) {
        const struct registry_row *row = &registry->rows[i];

        if (text_equal(row->cells[0].text, key) && in_force(row->from, row->to, date)) {
            return row;
        }
    }
    return NULL;
}

bool person_certified(const struct person *person, int32_t date)
{
    return person->certified && in_force(person->certified_from, person->certified_to, date);
}

/* The places where a post's role is looked for, nearest first. */
enum place { PLACE_UNIT, PLACE_AGENCY, PLACE_PARENT, PLACE_COUNT };

static bool holds_at(const struct installed *installed, const struct post *post,
                     const struct holding *holding, enum place place, int32_t date)
{
    if (!text_equal(holding->role, post->role) || !in_force(holding->from, holding->to, date)) {
        return false;
    }
    switch (place) {
    case PLACE_UNIT:
        return holding->agency == post->agency && !text_empty(holding->unit) &&
               text_equal(holding->unit, post->unit);
    case PLACE_AGENCY:
        return holding->agency == post->agency && text_empty(holding->unit);
    case PLACE_PARENT:
        return post->above && post->agency < installed->agency_count &&
               holding->agency == installed->agencies[post->agency].parent;
    case PLACE_COUNT:
        break;
    }
    return false;
}

bool is_deputy(const struct installed *installed, struct text person, struct text deputy,
               struct text role, int32_t date)
{
    for (uint32_t i = 0; i < installed->deputy_count; i++) {
        const struct deputy *row = &installed->deputies[i];

        if ((text_empty(row->role) || text_equal(row->role, role)) &&
            in_force(row->from, row->to, date) &&
            text_equal(installed->people[row->person].id, person) &&
            text_equal(installed->people[row->deputy].id, deputy)) {
            return true;
        }
    }
    return false;
}

static bool holds_or_deputises(const struct installed *installed, const struct holding *holding,
                               struct text person, int32_t date)
{
    struct text holder = installed->people[holding->person].id;

    return text_equal(holder, person) ||
           is_deputy(installed, holder, person, holding->role, date);
}

bool post_held_by(const struct installed *installed, const struct post *post,
                  struct text person, int32_t date)
{
    for (uint32_t i = 0; i < installed->holding_count; i++) {
        const struct holding *holding = &installed->holdings[i];

        for (enum place place = PLACE_UNIT; place < PLACE_COUNT; place++) {
            if (holds_at(installed, post, holding, place, date) &&
                holds_or_deputises(installed, holding, person, date)) {
                return true;
            }
        }
    }
    return false;
}

bool unit_exists(const struct installed *installed, uint16_t agency, struct text unit)
{
    for (uint32_t i = 0; i < installed->holding_count; i++) {
        if (installed->holdings[i].agency == agency &&
            text_equal(installed->holdings[i].unit, unit)) {
            return true;
        }
    }
    return false;
}

bool unit_has(const struct installed *installed, uint16_t agency, struct text unit,
              struct text person, int32_t date)
{
    for (uint32_t i = 0; i < installed->holding_count; i++) {
        const struct holding *holding = &installed->holdings[i];

        if (holding->agency == agency && text_equal(holding->unit, unit) &&
            in_force(holding->from, holding->to, date) &&
            text_equal(installed->people[holding->person].id, person)) {
            return true;
        }
    }
    return false;
}

bool office_held_by(const struct installed *installed, uint16_t agency, struct text person,
                    int32_t date)
{
    for (uint16_t at = agency; at != NO_AGENCY; at = installed->agencies[at].parent) {
        for (uint32_t i = 0; i < installed->holding_count; i++) {
            const struct holding *holding = &installed->holdings[i];

            if (holding->agency == at && in_force(holding->from, holding->to, date) &&
                holds_or_deputises(installed, holding, person, date)) {
                return true;
            }
        }
    }
    return false;
}

const struct person *post_holder(const struct installed *installed, const struct post *post,
                                 int32_t date, uint32_t place)
{
    uint32_t met = 0;

    for (enum place where = PLACE_UNIT; where < PLACE_COUNT; where++) {
        for (uint32_t i = 0; i < installed->holding_count; i++) {
            const struct holding *holding = &installed->holdings[i];

            if (holds_at(installed, post, holding, where, date) && met++ == place) {
                return &installed->people[holding->person];
            }
        }
    }
    return NULL;
}

bool person_away(const struct installed *installed, struct text person, int32_t date)
{
    for (uint32_t i = 0; i < installed->leave_count; i++) {
        const struct leave *leave = &installed->leaves[i];

        if (in_force(leave->from, leave->to, date) &&
            text_equal(installed->people[leave->person].id, person)) {
            return true;
        }
    }
    return false;
}

/* The first who was named; empty: nobody. */
static struct text first_deputy(const struct installed *installed, struct text person,
                                struct text role, int32_t date)
{
    for (uint32_t i = 0; i < installed->deputy_count; i++) {
        const struct deputy *row = &installed->deputies[i];

        if ((text_empty(row->role) || text_equal(row->role, role)) &&
            in_force(row->from, row->to, date) &&
            text_equal(installed->people[row->person].id, person)) {
            return installed->people[row->deputy].id;
        }
    }
    return (struct text){0};
}

struct text person_deputy(const struct installed *installed, struct text person,
                          struct text role, int32_t date)
{
    enum { HOPS_MAX = 8 }; /* whoever deputises may be away too */
    struct text deputy = first_deputy(installed, person, role, date);

    for (int hop = 0; hop < HOPS_MAX; hop++) {
        struct text next =
            text_empty(deputy) ? deputy : first_deputy(installed, deputy, role, date);

        if (text_empty(next)) {
            return text_equal(deputy, person) ? (struct text){0} : deputy;
        }
        deputy = next;
    }
    return (struct text){0}; /* in a circle */
}

const struct channel *installed_channel(const struct installed *installed, struct text name)
{
    for (uint32_t i = 0; i < installed->channel_count; i++) {
        if (text_equal(installed->channels[i].name, name)) {
            return &installed->channels[i];
        }
    }
    return NULL;
}

struct text person_address(const struct person *person, const struct channel *channel)
{
    switch (channel->address) {
    case ADDRESS_MAIL:
        return person->mail;
    case ADDRESS_PHONE:
        return person->phone;
    case ADDRESS_PERSON:
        break;
    }
    return person->id;
}
