#include "codec/load.h"

#include <string.h>

static void add_grounds(struct loader *loader, const struct node *grounds)
{
    struct procedure *made = loader->made;

    for (const struct node *at = item_first(grounds); at != NULL; at = item_next(grounds, at)) {
        if (procedure_ground(made, at->text) != NO_INDEX) {
            continue;
        }
        if (made->ground_count == GROUNDS_MAX) {
            tell(loader, WRONG_MANY, at->mark, TEXT("grounds"), TEXT("64"));
            return;
        }
        loader->grounds[made->ground_count++] =
            (struct ground){.name = at->text, .label = load_label(loader, at, at->text)};
    }
}

_Static_assert(GROUNDS_MAX == 64, "WRONG_MANY is told with it");

static enum clock_kind kind_of(const struct node *node)
{
    if (node_get(node, TEXT("accrues")) != NULL) {
        return CLOCK_ACCRUAL;
    }
    return text_is(node_get_text(node, TEXT("kind")), "window") ? CLOCK_WINDOW : CLOCK_DUTY;
}

/* Names, kinds and grounds first: guards and rules anywhere may speak of them. */
void load_clock_names(struct loader *loader)
{
    const struct node *map = node_get(loader->root, TEXT("clocks"));
    struct procedure *made = loader->made;
    uint32_t i = 0;

    loader->clocks =
        take_entries(loader, map, CLOCKS_MAX, sizeof(struct clock), &made->clock_count);
    loader->grounds = arena_take_zeroed(loader->arena, GROUNDS_MAX, sizeof(struct ground));
    made->clocks = loader->clocks;
    made->grounds = loader->grounds;
    for (const struct node *at = entry_first(map);
         i < made->clock_count && loader->grounds != NULL; at = at->next) {
        struct clock *clock = &loader->clocks[i++];

        clock->name = at->key;
        clock->label = load_label(loader, at, at->key);
        clock->kind = kind_of(at);
        clock->owner = NO_INDEX;
        add_grounds(loader, node_get(node_get(at, TEXT("pause")), TEXT("grounds")));
    }
}

static void refuse_key(struct loader *loader, const struct node *node, const char *key,
                       struct text where)
{
    const struct node *wrong = node_get(node, text_of(key));

    if (wrong != NULL && !wrong->bad) {
        tell(loader, WRONG_NOT_HERE, wrong->key_mark, wrong->key, where);
    }
}

/* What the algebra of such a clock does not know. */
static void refuse_keys(struct loader *loader, const struct node *node,
                        const struct clock *clock)
{
    static const char *const lead[] = {"roll", "grace", "pause", "extend"};
    static const char *const accrual[] = {"kind", "roll", "grace", "extend"};
    const char *const *keys = clock->kind == CLOCK_ACCRUAL ? accrual : lead;

    for (uint32_t i = 0; i < 4 && (clock->kind == CLOCK_ACCRUAL || clock->due == DUE_BEFORE);
         i++) {
        refuse_key(loader, node, keys[i],
                   clock->kind == CLOCK_ACCRUAL ? TEXT("accrues") : TEXT("before"));
    }
}

/* One of length, until, before (with length), accrues. */
static void check_span(struct loader *loader, const struct node *node)
{
    static const char *const ends[] = {"accrues", "until", "before", "length"};
    const struct node *found = NULL;

    for (uint32_t i = 0; i < 4; i++) {
        const struct node *end = node_get(node, text_of(ends[i]));

        if (end == NULL) {
            continue;
        }
        if (found != NULL && !(text_is(found->key, "before") && i == 3)) {
            tell(loader, WRONG_SPANS, end->key_mark, end->key, found->key);
        }
        found = end;
    }
    if (found == NULL) {
        tell(loader, WRONG_NO_SPAN, node->key_mark, node->key, (struct text){0});
    } else if (text_is(found->key, "before")) {
        tell(loader, WRONG_BEFORE_LENGTH, found->key_mark, (struct text){0}, (struct text){0});
    }
}

static void load_number(struct loader *loader, const struct node *node, void *field,
                        int32_t max, struct text max_text)
{
    int64_t number = 0;

    (void)text_to_integer(node->text, &number);
    if (number < 1 || number > max) {
        tell(loader, WRONG_PERCENT, node->mark, node->key, max_text);
        number = 1;
    }
    *(int32_t *)field = (int32_t)number;
}

static void load_percent(struct loader *loader, const struct node *node, void *field)
{
    load_number(loader, node, field, 100, TEXT("100"));
}

static void load_cap(struct loader *loader, const struct node *node, void *field)
{
    load_number(loader, node, field, 1000, TEXT("1000"));
}

/* A fact, or several: of them the sum. */
static void load_principal(struct loader *loader, const struct node *node, void *field)
{
    struct clock *clock = field;

    if (item_count(node) > ACCRUES_MAX) {
        tell(loader, WRONG_MANY, node->mark, node->key, TEXT("8"));
        return;
    }
    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        uint16_t *of = &clock->accrues_of[clock->accrues_count++];

        *of = NO_INDEX;
        load_money_fact(loader, at, of);
    }
}

_Static_assert(ACCRUES_MAX == 8, "WRONG_MANY is told with it");

static void load_roll(struct loader *loader, const struct node *node, void *field)
{
    (void)loader;
    *(bool *)field = text_is(node->text, "forward");
}

/* A fact, or dates of the year. */
static void load_dates(struct loader *loader, const struct node *node, void *field)
{
    struct clock *clock = field;

    if (node->kind == NODE_SCALAR && !text_starts(node->text, TEXT("--"))) {
        load_date_fact(loader, node, &clock->date_fact);
        return;
    }
    if (item_count(node) > YEARLY_MAX) {
        tell(loader, WRONG_MANY, node->mark, node->key, TEXT("24"));
        return;
    }
    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        (void)yearly_parse(at->text, &clock->yearly[clock->yearly_count++]);
    }
}

_Static_assert(YEARLY_MAX == 24, "WRONG_MANY is told with it");

/* A run follows on the last one's end, so nothing may move that, and it must be a day. */
static void check_recurs(struct loader *loader, const struct node *node,
                         const struct clock *clock)
{
    static const char *const keys[] = {"accrues", "pause", "extend", "per"};
    const struct node *recurs = node_get(node, TEXT("recurs"));
    bool fixed = clock->due == DUE_UNTIL || clock->due == DUE_BEFORE;

    if (!clock->recurs) {
        return;
    }
    for (uint32_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        refuse_key(loader, node, keys[i], TEXT("recurs"));
    }
    if ((fixed && clock->yearly_count == 0) ||
        (clock->due == DUE_LENGTH && clock->length.fact == NO_INDEX &&
         length_is_exact(clock->length.length))) {
        tell(loader, WRONG_RECURS, recurs->key_mark, (struct text){0}, (struct text){0});
    }
}

static void load_span(struct loader *loader, const struct node *node, struct clock *clock)
{
    static const struct binding bindings[] = {
        {"owner", offsetof(struct clock, owner), load_role},
        {"when", offsetof(struct clock, when), load_condition},
        {"length", offsetof(struct clock, length), load_length_source},
        {"until", 0, load_dates},
        {"before", 0, load_dates},
        {"roll", offsetof(struct clock, roll_forward), load_roll},
        {"grace", offsetof(struct clock, grace), load_some_length},
        {"per", offsetof(struct clock, per), load_any_fact},
        {"recurs", offsetof(struct clock, recurs), load_flag},
    };
    static const struct binding accrues[] = {
        {"of", 0, load_principal},
        {"percent", offsetof(struct clock, percent), load_percent},
        {"cap", offsetof(struct clock, cap), load_cap},
    };
    const struct node *length = node_get(node, TEXT("length"));

    clock->per = NO_INDEX;
    clock->date_fact = NO_INDEX;
    clock->accrues_of[0] = NO_INDEX;
    clock->length.fact = NO_INDEX;
    clock->due = clock->kind == CLOCK_ACCRUAL             ? DUE_ACCRUAL
                 : node_get(node, TEXT("until")) != NULL  ? DUE_UNTIL
                 : node_get(node, TEXT("before")) != NULL ? DUE_BEFORE
                                                          : DUE_LENGTH;
    clock->roll_given = node_get(node, TEXT("roll")) != NULL;
    LOAD_FIELDS(loader, node, bindings, clock);
    LOAD_FIELDS(loader, node_get(node, TEXT("accrues")), accrues, clock);
    check_span(loader, node);
    refuse_keys(loader, node, clock);
    check_recurs(loader, node, clock);
    if (clock->due == DUE_BEFORE && length != NULL && !length->bad &&
        clock->length.fact == NO_INDEX && clock->length.length.unit != LENGTH_DAYS &&
        clock->length.length.unit != LENGTH_WORKDAYS) {
        tell(loader, WRONG_BEFORE_LENGTH, length->mark, (struct text){0}, (struct text){0});
    }
    if (clock->grace.count > 0 && clock->grace.unit != LENGTH_DAYS &&
        clock->grace.unit != LENGTH_WORKDAYS) {
        tell(loader, WRONG_GRACE, node_get(node, TEXT("grace"))->mark, (struct text){0},
             (struct text){0});
    }
}

static void load_grounds(struct loader *loader, const struct node *node, void *field)
{
    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        uint16_t ground = procedure_ground(loader->made, at->text);

        *(uint64_t *)field |= ground == NO_INDEX ? 0 : (uint64_t)1 << ground;
    }
}

static void mark_grounds(struct loader *loader, const struct node *list, struct clock *clock)
{
    struct mark *marks =
        arena_take_zeroed(loader->arena, loader->made->ground_count, sizeof(*marks));

    for (const struct node *at = item_first(list); marks != NULL && at != NULL;
         at = item_next(list, at)) {
        uint16_t ground = procedure_ground(loader->made, at->text);

        if (ground != NO_INDEX) {
            marks[ground] = at->mark;
        }
    }
    clock->ground_marks = marks;
}

/* Exact lengths go with exact ones; what a fact holds is known at run time only. */
static bool goes_with(const struct clock *clock, struct length length)
{
    if (clock->due == DUE_LENGTH && clock->length.given && clock->length.fact == NO_INDEX) {
        return length_is_exact(length) == length_is_exact(clock->length.length);
    }
    return clock->due == DUE_LENGTH || !length_is_exact(length);
}

static void load_extend(struct loader *loader, const struct node *node,
                        const struct clock *clock, struct extend *extend)
{
    static const struct binding bindings[] = {
        {"by", offsetof(struct extend, by), load_roles},
        {"upto", offsetof(struct extend, upto), load_length_source},
    };
    const struct node *upto = node_get(node, TEXT("upto"));

    extend->name = node->key;
    extend->label = load_label(loader, node, node->key);
    extend->upto.fact = NO_INDEX;
    LOAD_FIELDS(loader, node, bindings, extend);
    if (extend->upto.given && extend->upto.fact == NO_INDEX &&
        !goes_with(clock, extend->upto.length)) {
        tell(loader, WRONG_UPTO, upto->mark, upto->text, (struct text){0});
    }
    load_needs(loader, node_get(node, TEXT("needs")), &extend->needs, &extend->need_count);
}

static void load_stops(struct loader *loader, const struct node *node, struct clock *clock)
{
    static const struct binding bindings[] = {
        {"grounds", offsetof(struct clock, pause_grounds), load_grounds},
        {"by", offsetof(struct clock, pause_by), load_roles},
        {"review", offsetof(struct clock, review), load_some_length},
    };
    const struct node *map = node_get(node, TEXT("extend"));
    struct extend *extends =
        take_entries(loader, map, EXTENDS_MAX, sizeof(struct extend), &clock->extend_count);
    uint32_t i = 0;

    clock->review = (struct length){.count = 30, .unit = LENGTH_DAYS};
    LOAD_FIELDS(loader, node_get(node, TEXT("pause")), bindings, clock);
    mark_grounds(loader, node_get(node_get(node, TEXT("pause")), TEXT("grounds")), clock);
    for (const struct node *at = entry_first(map); i < clock->extend_count; at = at->next) {
        load_extend(loader, at, clock, &extends[i++]);
    }
    clock->extends = extends;
}

/* The roles of an entry, `owner` among them. A role named twice is told once. */
static void load_receivers(struct loader *loader, const struct node *node,
                           const struct clock *clock, struct entry *entry)
{
    uint8_t roles[ROLES_MAX];
    uint64_t seen = 0;

    for (const struct node *at = item_first(node); at != NULL; at = item_next(node, at)) {
        uint16_t role = text_is(at->text, "owner") ? clock->owner : find_role(loader, at);

        if (role != NO_INDEX && (seen >> role & 1) == 0) {
            seen |= (uint64_t)1 << role;
            roles[entry->to_count++] = (uint8_t)role;
        }
    }
    entry->to = arena_copy(loader->arena, roles, entry->to_count);
}

static void check_offset(struct loader *loader, const struct node *node,
                         const struct clock *clock, struct entry *entry)
{
    struct length offset = entry->offset;
    bool late = offset.count > 0;

    if (entry->rung ? !late : late) {
        tell(loader, entry->rung ? WRONG_RUNG : WRONG_REMIND, node->mark, (struct text){0},
             (struct text){0});
    } else if (!goes_with(clock, offset)) {
        tell(loader, WRONG_OFFSET, node->mark, node->text, (struct text){0});
    }
}

static const struct length repeat_default = {.count = 5, .unit = LENGTH_WORKDAYS};

static void load_entry(struct loader *loader, const struct node *node,
                       const struct clock *clock, struct entry *entry)
{
    static const struct binding bindings[] = {
        {"when", offsetof(struct entry, when), load_condition},
        {"every", offsetof(struct entry, every), load_some_length},
        {"any_day", offsetof(struct entry, any_day), load_flag},
        {"urgent", offsetof(struct entry, urgent), load_flag},
    };
    const struct node *at = node_get(node, TEXT("at"));
    const struct node *notice = node_get(node, TEXT("notice"));

    entry->name = node->key;
    entry->label = load_label(loader, node, node->key);
    entry->notice = NO_INDEX;
    LOAD_FIELDS(loader, node, bindings, entry);
    entry->repeats = entry->every.count > 0;
    if (node->bad) {
        return;
    }
    load_receivers(loader, node_get(node, TEXT("to")), clock, entry);
    if (notice != NULL && !notice->bad) {
        entry->notice = notice_of(loader, notice);
    }
    if (at != NULL && !at->bad) {
        entry->at_due = !offset_parse(at->text, &entry->offset);
        if (!entry->at_due) {
            check_offset(loader, at, clock, entry);
        }
    }
}

/* A duty without a ladder: nobody is left untold. */
static void add_rung(struct loader *loader, const struct clock *clock, struct entry *entry)
{
    struct node words = {
        .kind = NODE_SCALAR, .text = TEXT("clock_overdue"), .mark = clock->label.mark};
    bool exact = clock->due == DUE_LENGTH && clock->length.given &&
                 clock->length.fact == NO_INDEX && length_is_exact(clock->length.length);
    bool outside = clock->owner != NO_INDEX && loader->roles[clock->owner].outside;
    uint16_t role = outside ? procedure_officer(loader->made) : clock->owner;
    uint8_t to = (uint8_t)role;

    *entry = (struct entry){
        .name = TEXT("overdue"),
        .label = {.mark = clock->label.mark},
        .rung = true,
        .offset = {.count = 1, .unit = exact ? LENGTH_HOURS : LENGTH_WORKDAYS},
        .to_count = role != NO_INDEX,
        .to = arena_copy(loader->arena, &to, 1),
        .notice = notice_of(loader, &words),
    };
}

static void number_slots(struct loader *loader, const struct node *node, struct clock *clock,
                         struct entry *entries)
{
    for (uint32_t i = 0; i < clock->entry_count; i++) {
        if (clock->slot_count + entries[i].to_count > SLOTS_MAX) {
            tell(loader, WRONG_SLOTS, node->key_mark, TEXT("64"), (struct text){0});
            clock->entry_count = i;
            return;
        }
        entries[i].first_slot = clock->slot_count;
        clock->slot_count += entries[i].to_count;
    }
}

_Static_assert(SLOTS_MAX == 64, "WRONG_SLOTS is told with it");

static void load_entries(struct loader *loader, const struct node *node, struct clock *clock)
{
    const struct node *remind = node_get(node, TEXT("remind"));
    const struct node *ladder = node_get(node, TEXT("ladder"));
    uint32_t reminder_count = entry_first(remind) == NULL ? 0 : remind->size;
    uint32_t rung_count = entry_first(ladder) == NULL ? 0 : ladder->size;
    bool added = clock->kind == CLOCK_DUTY && rung_count == 0;
    struct entry *entries = arena_take_zeroed(
        loader->arena, reminder_count + rung_count + added, sizeof(struct entry));
    uint32_t i = 0;

    if (entries == NULL) {
        return;
    }
    for (const struct node *at = entry_first(remind); at != NULL; at = at->next) {
        load_entry(loader, at, clock, &entries[i++]);
    }
    for (const struct node *at = entry_first(ladder); at != NULL; at = at->next) {
        entries[i].rung = true;
        load_entry(loader, at, clock, &entries[i++]);
    }
    if (added) {
        add_rung(loader, clock, &entries[i++]);
    }
    if (rung_count > 0 || added) {
        struct entry *last = &entries[i - 1];

        last->last_rung = true;
        last->every = last->repeats ? last->every : repeat_default;
        last->repeats = true;
    }
    clock->entries = entries;
    clock->entry_count = i;
    number_slots(loader, node, clock, entries);
}

static void check_ladder(struct loader *loader, const struct node *node,
                         const struct clock *clock)
{
    const struct node *ladder = node_get(node, TEXT("ladder"));

    if (clock->kind != CLOCK_DUTY && ladder != NULL && !ladder->bad) {
        tell(loader, WRONG_LADDER, ladder->key_mark, (struct text){0}, (struct text){0});
    }
}

void load_clocks(struct loader *loader)
{
    const struct node *map = node_get(loader->root, TEXT("clocks"));
    uint32_t i = 0;

    for (const struct node *at = entry_first(map); i < loader->made->clock_count;
         at = at->next) {
        struct clock *clock = &loader->clocks[i++];

        if (at->bad) {
            continue;
        }
        loader->place.in_event = true;
        load_span(loader, at, clock);
        load_stops(loader, at, clock);
        check_ladder(loader, at, clock);
        loader->place.in_event = false;
        load_entries(loader, at, clock);
    }
    loader->place.in_event = true;
}
