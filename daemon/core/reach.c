#include "core/reach.h"

#include "base/must.h"
#include "core/problem.h"

/* A look at one agency's cases of one procedure. */
struct look {
    const struct installed *installed;
    const struct agency *agency;
    const struct procedure *procedure;
    int32_t date;
    void *context;
    void (*on_gap)(void *context, const struct gap *gap);
};

struct text gap_word(enum gap_kind kind)
{
    static const struct text words[] = {
        [GAP_NOBODY] = TEXT_INIT("nobody"),
        [GAP_NOWHERE] = TEXT_INIT("nowhere"),
        [GAP_NEVER] = TEXT_INIT("never"),
        [GAP_AWAY] = TEXT_INIT("away"),
    };

    return words[kind];
}

static const struct message nobody = {
    "reach_nobody",
    "{0}, {1}: nobody holds the role {2}, so {4} comes to nobody, nor to anybody above; give "
    "it "
    "to somebody in people.yaml",
    "{0}，{1}：无人担任“{2}”，{4} 无人可通知，上级亦无人；请在 people.yaml 中指定"};
static const struct message vacant = {
    "reach_vacant",
    "{0}, {1}: nobody holds the role {2}, so {4} comes to whoever stands above; give it to "
    "somebody in people.yaml",
    "{0}，{1}：无人担任“{2}”，{4} 将通知其上级；请在 people.yaml 中指定"};
static const struct message nowhere = {
    "reach_nowhere",
    "{0}, {1}: {3}, who is told as {2} ({4}), has no address that a channel goes to; add phone "
    "or mail in people.yaml",
    "{0}，{1}：{3}（以“{2}”接收 {4}）没有任何渠道可达的地址；请在 people.yaml 中补充 phone 或 "
    "mail"};
static const struct message never = {
    "reach_never",
    "{0}, {1}: the hours of {3}, who is told as {2} ({4}), leave no time in common with the "
    "agency's and any channel's; widen hours in people.yaml",
    "{0}，{1}：{3}（以“{2}”接收 {4}）的可通知时段与机关及各渠道的时段没有交集；请在 "
    "people.yaml 中放宽 hours"};
static const struct message away = {
    "reach_away",
    "{0}, {1}: {3}, who is told as {2} ({4}), is on leave without a deputy; name one: duban "
    "deputy set",
    "{0}，{1}：{3}（以“{2}”接收 {4}）休假且未指定代理人；请指定：duban deputy set"};

static const struct message *const messages[] = {&nobody, &vacant, &nowhere, &never, &away};

const struct message *const *gap_messages(uint32_t *count)
{
    *count = sizeof(messages) / sizeof(messages[0]);
    return messages;
}

const struct message *gap_message(const struct gap *gap)
{
    switch (gap->kind) {
    case GAP_NOBODY:
        break;
    case GAP_NOWHERE:
        return &nowhere;
    case GAP_NEVER:
        return &never;
    case GAP_AWAY:
        return &away;
    }
    return gap->above ? &vacant : &nobody;
}

/* Over some channel, at some hour. */
static bool check_person(const struct look *look, const struct person *person,
                         enum gap_kind *kind)
{
    *kind = GAP_NOWHERE;
    for (uint32_t i = 0; i < person->channel_count; i++) {
        const struct channel *channel = &look->installed->channels[person->channels[i]];

        if (!text_empty(person_address(person, channel))) {
            *kind = GAP_NEVER;
            if (hours_meet(look->installed, look->agency, person, channel)) {
                return true;
            }
        }
    }
    return false;
}

/* Whoever is told for a holder. */
static const struct person *stand_in(const struct look *look, const struct person *holder,
                                     struct text role)
{
    struct text deputy = person_deputy(look->installed, holder->id, role, look->date);

    return text_empty(deputy) ? holder : installed_person(look->installed, deputy);
}

static bool is_there(const struct look *look, const struct person *holder, struct text role)
{
    return !person_away(look->installed, holder->id, look->date) ||
           !text_empty(person_deputy(look->installed, holder->id, role, look->date));
}

static struct post post_of(const struct look *look, struct text unit, uint16_t role)
{
    return (struct post){
        .role = look->procedure->roles[role].name,
        .unit = unit,
        .agency = (uint16_t)(look->agency - look->installed->agencies),
        .above = look->procedure->roles[role].above,
    };
}

/* The holders of a post: all who may be assigned, else the one who is told. False: a gap. */
static bool check_post(const struct look *look, struct text unit, uint16_t role,
                       struct gap *gap)
{
    const struct post post = post_of(look, unit, role);
    const struct person *holder;
    const struct person *first = post_holder(look->installed, &post, look->date, 0);
    bool present = false;

    gap->kind = GAP_NOBODY;
    gap->person = NULL;
    for (uint32_t place = 0;
         (holder = post_holder(look->installed, &post, look->date, place)) != NULL; place++) {
        if (!is_there(look, holder, post.role)) {
            continue;
        }
        gap->person = stand_in(look, holder, post.role);
        if (!check_person(look, gap->person, &gap->kind)) {
            return false;
        }
        present = true;
        if (!look->procedure->roles[role].assigned) {
            return true;
        }
    }
    if (!present && first != NULL) {
        gap->kind = GAP_AWAY;
        gap->person = first;
    }
    return present;
}

static bool anybody_above(const struct look *look, struct text unit, uint16_t role)
{
    const struct procedure *procedure = look->procedure;

    for (uint32_t i = chain_above(procedure, role); i < procedure->chain_count; i++) {
        const struct post post = post_of(look, unit, procedure->chain[i]);

        if (post_holder(look->installed, &post, look->date, 0) != NULL) {
            return true;
        }
    }
    return false;
}

/* Whether an entry speaks to a role; what goes to somebody outside may come to the officer, who
 * hands it over. */
static bool speaks_to(const struct procedure *procedure, const struct entry *entry,
                      uint16_t role)
{
    for (uint32_t i = 0; i < entry->to_count; i++) {
        if (entry->to[i] == role ||
            (procedure->roles[entry->to[i]].outside && procedure_officer(procedure) == role)) {
            return true;
        }
    }
    return false;
}

/* The first entry that speaks to a role, and how many do; false: none does. */
static bool find_entry(const struct procedure *procedure, uint16_t role, struct gap *gap)
{
    gap->entries = 0;
    for (uint32_t i = 0; i < procedure->clock_count; i++) {
        const struct clock *clock = &procedure->clocks[i];

        for (uint32_t j = 0; j < clock->entry_count; j++) {
            if (speaks_to(procedure, &clock->entries[j], role) && gap->entries++ == 0) {
                gap->clock = clock;
                gap->entry = &clock->entries[j];
            }
        }
    }
    return gap->entries > 0;
}

static bool same_gap(const struct gap *a, const struct gap *b)
{
    return a->kind == b->kind && a->person == b->person && a->above == b->above;
}

/* Every unit of the agency; what is the same for all is told once. */
static void look_at_role(const struct look *look, struct gap *gap)
{
    const struct agency *agency = look->agency;
    struct gap first = *gap;
    bool same = true;

    for (uint32_t told = 0; told < 2; told++) { /* first see whether it is the same for all */
        uint32_t units = agency->unit_count == 0 ? 1 : agency->unit_count;

        for (uint32_t i = 0; i < units; i++) {
            struct text unit = agency->unit_count == 0 ? TEXT("") : agency->units[i].id;
            bool reached = check_post(look, unit, gap->role, gap);

            gap->above =
                !reached && gap->kind == GAP_NOBODY && anybody_above(look, unit, gap->role);
            if (told == 0) {
                first = i == 0 ? *gap : first;
                same = same && !reached && same_gap(gap, &first);
            } else if (!reached) {
                gap->unit = same || agency->unit_count == 0 ? NULL : &agency->units[i];
                look->on_gap(look->context, gap);
                if (same) {
                    return;
                }
            }
        }
    }
}

bool agency_opens(const struct agency *agency, struct text procedure)
{
    for (uint32_t i = 0; i < agency->open_count; i++) {
        if (text_equal(agency->opens[i], procedure)) {
            return true;
        }
    }
    return agency->opens_all;
}

/* Procedures, and to which of their roles they speak; for one agency those it may open. */
struct opened {
    const struct agency *agency;
    const struct procedure *const *procedures;
    uint32_t count;
    uint64_t spoken[REACH_PROCEDURES_MAX]; /* roles */
};

_Static_assert(ROLES_MAX <= 64, "a procedure's roles fit into a word");

static bool is_opened(const struct opened *opened, uint32_t at)
{
    return !opened->procedures[at]->layer &&
           agency_opens(opened->agency, opened->procedures[at]->name);
}

/* Which of its roles a procedure speaks to: people inside. */
static uint64_t spoken_roles(const struct procedure *procedure)
{
    uint64_t roles = 0;
    struct gap ignored;

    for (uint16_t role = 0; role < procedure->role_count; role++) {
        if (!procedure->roles[role].outside && find_entry(procedure, role, &ignored)) {
            roles |= (uint64_t)1 << role;
        }
    }
    return roles;
}

/* The role of a procedure that is held as this one is, and spoken to; NO_INDEX: none. */
static uint16_t role_like(const struct opened *opened, uint32_t at, const struct role *role)
{
    const struct procedure *procedure = opened->procedures[at];
    uint16_t found = is_opened(opened, at) ? procedure_role(procedure, role->name) : NO_INDEX;

    return found != NO_INDEX && (opened->spoken[at] >> found & 1) != 0 &&
                   procedure->roles[found].assigned == role->assigned &&
                   procedure->roles[found].above == role->above
               ? found
               : NO_INDEX;
}

/* Whether an earlier procedure speaks to such a role, which was told with it. */
static bool is_told(const struct opened *opened, uint32_t at, const struct role *role)
{
    for (uint32_t i = 0; i < at; i++) {
        if (role_like(opened, i, role) != NO_INDEX) {
            return true;
        }
    }
    return false;
}

static void count_later(const struct opened *opened, uint32_t at, const struct role *role,
                        struct gap *gap)
{
    gap->procedures = 1;
    for (uint32_t i = at + 1; i < opened->count; i++) {
        uint16_t found = role_like(opened, i, role);
        struct gap other;

        if (found != NO_INDEX && find_entry(opened->procedures[i], found, &other)) {
            gap->procedures++;
            gap->entries += other.entries;
        }
    }
}

static void look_at_procedure(const struct look *look, const struct opened *opened, uint32_t at)
{
    const struct procedure *procedure = opened->procedures[at];

    for (uint16_t i = 0; i < procedure->role_count; i++) {
        const struct role *role = &procedure->roles[i];
        struct gap gap = {.agency = look->agency, .procedure = procedure, .role = i};

        if (role_like(opened, at, role) == i && !is_told(opened, at, role) &&
            find_entry(procedure, i, &gap)) {
            count_later(opened, at, role, &gap);
            look_at_role(look, &gap);
        }
    }
}

void reach_gaps(const struct installed *installed, const struct procedure *const *procedures,
                uint32_t count, int32_t date, void *context,
                void (*on_gap)(void *context, const struct gap *gap))
{
    struct look look = {
        .installed = installed, .date = date, .context = context, .on_gap = on_gap};
    struct opened opened = {.procedures = procedures, .count = count};

    MUST(count <= REACH_PROCEDURES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        opened.spoken[i] = spoken_roles(procedures[i]);
    }
    /* Without a channel nothing is sent at all, and nothing is missed. */
    for (uint32_t i = 0; i < installed->agency_count && installed->channel_count > 0; i++) {
        opened.agency = &installed->agencies[i];
        look.agency = opened.agency;
        for (uint32_t j = 0; j < count; j++) {
            look.procedure = procedures[j];
            if (is_opened(&opened, j)) {
                look_at_procedure(&look, &opened, j);
            }
        }
    }
}

/* ---- in words */

static struct text join(char *room, size_t size, struct text one, char between, struct text two)
{
    size_t at = 0;

    for (size_t i = 0; i < one.size && at < size; i++) {
        room[at++] = one.bytes[i];
    }
    if (!text_empty(two) && at < size) {
        room[at++] = between;
    }
    for (size_t i = 0; i < two.size && at < size; i++) {
        room[at++] = two.bytes[i];
    }
    return (struct text){.bytes = room, .size = at};
}

/* `minor`, or `minor +3` where three more speak to the role. */
static struct text more_than_one(char room[GAP_NAME_BYTES], const struct gap *gap)
{
    char digits[8];
    size_t size = 0;
    uint32_t more = gap->procedures - 1;

    for (uint32_t divisor = 100000; divisor > 0; divisor /= 10) {
        if (more >= divisor) {
            digits[size++] = (char)('0' + more / divisor % 10);
        }
    }

    struct text words = join(room, GAP_NAME_BYTES, gap->procedure->name, ' ',
                             size == 0 ? (struct text){0} : TEXT("+"));

    for (size_t i = 0; i < size && words.size < GAP_NAME_BYTES; i++) {
        room[words.size++] = digits[i];
    }
    return words;
}

size_t gap_print(const struct gap *gap, bool zh, char *out, size_t size)
{
    const struct message *message = gap_message(gap);
    const struct role *role = &gap->procedure->roles[gap->role];
    char rooms[3][GAP_NAME_BYTES];
    const struct text arguments[PROBLEM_ARGUMENTS] = {
        join(rooms[0], sizeof(rooms[0]), gap->agency->id, '/',
             gap->unit == NULL ? (struct text){0} : gap->unit->id),
        more_than_one(rooms[2], gap),
        label_words(&role->label, role->name, zh),
        gap->person == NULL ? TEXT("-") : gap->person->name,
        join(rooms[1], sizeof(rooms[1]), gap->clock->name, '.', gap->entry->name),
    };

    return message_print(zh ? message->zh : message->en, arguments, out, size);
}
