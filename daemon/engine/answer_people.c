#include "engine/answer.h"

#include "core/reach.h"
#include "engine/parts.h"

#include <stdio.h>

/* Who holds what, how he is reached, when he is away, and who acts for him now. */

enum { GAPS_TOLD = 200 };

static const struct message no_person = {
    "no_person", "nobody is called {0} in people.yaml; duban people lists all",
    "people.yaml 中没有“{0}”；duban people 列出全部"};

/* A person being told. */
struct portrait {
    const struct installed *installed;
    uint16_t index;
    int32_t today;
    struct json *json;
};

static void put_days(struct json *json, int32_t from, int32_t to)
{
    if (from != DATE_NONE) {
        account_put_date(json, "from", from);
    }
    if (to != DATE_NONE) {
        account_put_date(json, "to", to);
    }
}

static bool is_now(int32_t from, int32_t to, int32_t today)
{
    return (from == DATE_NONE || from <= today) && (to == DATE_NONE || today <= to);
}

static void tell_roles(const struct portrait *portrait)
{
    struct json *json = portrait->json;

    json_open_list(json, "roles");
    for (uint32_t i = 0; i < portrait->installed->holding_count; i++) {
        const struct holding *holding = &portrait->installed->holdings[i];

        if (holding->person == portrait->index) {
            json_open(json, NULL);
            json_put(json, "role", holding->role);
            json_put(json, "agency",
                     holding->agency == NO_AGENCY
                         ? TEXT("")
                         : portrait->installed->agencies[holding->agency].id);
            json_put_some(json, "unit", holding->unit);
            put_days(json, holding->from, holding->to);
            json_put_flag(json, "now", is_now(holding->from, holding->to, portrait->today));
            json_close(json);
        }
    }
    json_close(json);
}

/* Enough to know it again by, and no more: the file has the rest. */
static struct text masked(struct text address, char room[64])
{
    enum { KEPT_DIGITS = 4 };
    struct text host;
    struct text name = text_cut(address, '@', &host);
    int size;

    if (text_empty(host)) {
        size_t from = address.size > KEPT_DIGITS ? address.size - KEPT_DIGITS : 0;
        struct text tail = text_part(address, from, address.size);

        size = snprintf(room, 64, "***%.*s", TEXT_ARGS(tail));
    } else {
        size = snprintf(room, 64, "%.*s***@%.*s", TEXT_ARGS(text_part(name, 0, 1)),
                        TEXT_ARGS(text_part(host, 0, 48)));
    }
    return (struct text){.bytes = room, .size = size < 0 ? 0 : size < 64 ? (size_t)size : 63};
}

static void put_hours(struct json *json, const char *name, const struct hours *hours)
{
    char words[16];
    int64_t from = hours->from_ms / 60000;
    int64_t to = hours->to_ms / 60000;

    if (from < to) {
        int size = snprintf(words, sizeof(words), "%02d:%02d-%02d:%02d", (int)(from / 60),
                            (int)(from % 60), (int)(to / 60), (int)(to % 60));

        json_put(json, name, (struct text){words, (size_t)size});
    }
}

static void tell_reach(const struct portrait *portrait, const struct person *person)
{
    struct json *json = portrait->json;

    json_open_list(json, "channels");
    for (uint32_t i = 0; i < person->channel_count; i++) {
        const struct channel *channel = &portrait->installed->channels[person->channels[i]];
        char room[64];

        if (text_empty(person_address(person, channel))) {
            continue;
        }
        json_open(json, NULL);
        json_put(json, "channel", channel->name);
        json_put(json, "address", masked(person_address(person, channel), room));
        put_hours(json, "hours", &person->hours_over[person->channels[i]]);
        json_close(json);
    }
    json_close(json);
    put_hours(json, "hours", &person->hours);
    json_put_flag(json, "workdays", person->hours.workdays);
    json_put(json, "language", person->english ? TEXT("en") : TEXT("zh"));
}

static void tell_leaves(const struct portrait *portrait)
{
    json_open_list(portrait->json, "leave");
    for (uint32_t i = 0; i < portrait->installed->leave_count; i++) {
        const struct leave *leave = &portrait->installed->leaves[i];

        if (leave->person == portrait->index && leave->to >= portrait->today) {
            json_open(portrait->json, NULL);
            put_days(portrait->json, leave->from, leave->to);
            json_put_flag(portrait->json, "now",
                          is_now(leave->from, leave->to, portrait->today));
            json_close(portrait->json);
        }
    }
    json_close(portrait->json);
}

static void tell_deputy(const struct portrait *portrait, const struct deputy *deputy,
                        uint16_t other, const char *name)
{
    struct json *json = portrait->json;

    json_open(json, NULL);
    json_put(json, name, portrait->installed->people[other].id);
    json_put(json, "name", portrait->installed->people[other].name);
    json_put_some(json, "role", deputy->role);
    put_days(json, deputy->from, deputy->to);
    json_put_flag(json, "now", is_now(deputy->from, deputy->to, portrait->today));
    json_put(json, "by", deputy->by_act ? TEXT("act") : TEXT("people.yaml"));
    json_put_some(json, "reason", deputy->reason);
    json_close(json);
}

/* Those who act for him, and those he acts for; not what is over. */
static void tell_deputies(const struct portrait *portrait)
{
    const struct installed *installed = portrait->installed;

    json_open_list(portrait->json, "deputies");
    for (uint32_t i = 0; i < installed->deputy_count; i++) {
        const struct deputy *deputy = &installed->deputies[i];

        if (deputy->person == portrait->index && deputy->to >= portrait->today) {
            tell_deputy(portrait, deputy, deputy->deputy, "deputy");
        }
    }
    json_close(portrait->json);
    json_open_list(portrait->json, "acts_for");
    for (uint32_t i = 0; i < installed->deputy_count; i++) {
        const struct deputy *deputy = &installed->deputies[i];

        if (deputy->deputy == portrait->index && deputy->to >= portrait->today) {
            tell_deputy(portrait, deputy, deputy->person, "person");
        }
    }
    json_close(portrait->json);
}

static void tell_person(const struct portrait *portrait)
{
    const struct person *person = &portrait->installed->people[portrait->index];
    struct json *json = portrait->json;

    json_open(json, NULL);
    json_put(json, "person", person->id);
    json_put(json, "name", person->name);
    json_put_flag(json, "certified", person_certified(person, portrait->today));
    if (person->certified_to != DATE_NONE) {
        account_put_date(json, "certified_until", person->certified_to);
    }
    tell_roles(portrait);
    tell_reach(portrait, person);
    json_put_flag(json, "away", person_away(portrait->installed, person->id, portrait->today));
    tell_leaves(portrait);
    tell_deputies(portrait);
    json_close(json);
}

struct gaps {
    struct json *json;
    uint32_t count;
};

static void on_gap(void *context, const struct gap *gap)
{
    struct gaps *gaps = context;
    struct json *json = gaps->json;
    char words[GAP_WORDS_BYTES];

    if (gaps->count++ >= GAPS_TOLD) {
        return;
    }
    json_open(json, NULL);
    json_put(json, "gap", gap_word(gap->kind));
    json_put(json, "code", text_of(gap_message(gap)->code));
    json_put(json, "agency", gap->agency->id);
    json_put_some(json, "unit", gap->unit == NULL ? (struct text){0} : gap->unit->id);
    json_put(json, "procedure", gap->procedure->name);
    json_put(json, "role", gap->procedure->roles[gap->role].name);
    json_put_some(json, "person", gap->person == NULL ? (struct text){0} : gap->person->id);
    json_put_number(json, "entries", gap->entries);
    json_put_number(json, "procedures", gap->procedures);
    json_put(json, "zh", (struct text){words, gap_print(gap, true, words, sizeof(words))});
    json_put(json, "en", (struct text){words, gap_print(gap, false, words, sizeof(words))});
    json_close(json);
}

static void tell_gaps(struct slice *slice, int32_t today)
{
    struct gaps gaps = {.json = slice->json};

    json_open_list(slice->json, "unreached");
    (void)law_gaps(slice->sources->law, today, &gaps, on_gap);
    json_close(slice->json);
    json_put_number(slice->json, "unreached_count", gaps.count);
}

enum status answer_people(struct slice *slice)
{
    const struct installed *installed = slice->sources->law->installed;
    struct text wanted = slice->query->person;
    struct portrait portrait = {
        .installed = installed,
        .today = date_of_instant(slice->sources->now_ms, LEGAL_ZONE_MS),
        .json = slice->json,
    };

    if (!text_empty(wanted) && installed_person(installed, wanted) == NULL) {
        return answer_fail(slice, STATUS_NOT_FOUND, &no_person, &wanted, 1);
    }
    json_open(slice->json, NULL);
    json_open_list(slice->json, "people");
    for (; slice->place->entry < installed->person_count &&
           json_size(slice->json) < ANSWER_PART_BYTES;
         slice->place->entry++) {
        portrait.index = (uint16_t)slice->place->entry;
        if (text_empty(wanted) || text_equal(installed->people[portrait.index].id, wanted)) {
            tell_person(&portrait);
        }
    }
    json_close(slice->json);
    slice->more = slice->place->entry < installed->person_count;
    if (!slice->more && text_empty(wanted)) {
        tell_gaps(slice, portrait.today);
    }
    json_close(slice->json);
    return STATUS_OK;
}
