#include "engine/parts.h"

#include "base/must.h"

/*
 * What is private is sealed before an event is stepped or kept; step, record and state have the
 * sealed form only. A replay is given that form by the record and needs no key.
 *
 * An event of a case goes under the case's key. One that waits for a case not yet there goes
 * under the key of its day with all it carries, for nobody knows yet what of it is private; the
 * record of its rest has its facts as the case's procedure then made of them. What opens no
 * case and waits for none keeps no such value at all: there is no case with which it could ever
 * be erased.
 */

/* The fact's own name, by whichever an event carries it, is bound into its sealed form. */
static struct text bound_name(struct text name)
{
    static const struct text corrected = TEXT_INIT("facts.");

    return text_starts(name, corrected) ? text_part(name, corrected.size, name.size) : name;
}

/* A copy of the facts, to be changed in place. */
static struct carried *copy_facts(struct engine *engine, struct event *event)
{
    struct carried *facts =
        arena_copy(&engine->step, event->facts, event->fact_count * sizeof(*event->facts));

    MUST(facts != NULL);
    event->facts = facts;
    return facts;
}

/* Without a key (it was destroyed, or the keyring failed) the value is not kept. */
static void seal(struct engine *engine, struct carried *fact, const struct seal_key *key)
{
    struct text words = fact->value;

    fact->sealed = true;
    fact->value = (struct text){0};
    if (key != NULL) {
        fact->value = seal_words(key, bound_name(fact->name), words, &engine->step);
        MUST(!text_empty(fact->value));
    }
}

static bool make_key(struct engine *engine, enum key_kind kind, uint64_t number,
                     struct seal_key *key)
{
    return engine->keyring != NULL &&
           keyring_make(engine->keyring, kind, number, key) == STATUS_OK;
}

/* Whether a fact of the event that is still open has to be sealed. */
static bool is_open(const struct hand *hand, const struct event *event,
                    const struct carried *fact, bool *fit)
{
    return !fact->sealed &&
           event_seals(hand->procedure, event, fact, hand->agency->office.zone_ms, fit);
}

static bool any_open(const struct hand *hand, const struct event *event)
{
    bool fit;

    for (uint32_t i = 0; i < event->fact_count; i++) {
        if (is_open(hand, event, &event->facts[i], &fit)) {
            return true;
        }
    }
    return false;
}

static void seal_open(struct engine *engine, const struct hand *hand, struct event *event,
                      const struct seal_key *key)
{
    struct carried *facts = copy_facts(engine, event);
    bool fit;

    for (uint32_t i = 0; i < event->fact_count; i++) {
        if (is_open(hand, event, &facts[i], &fit)) {
            facts[i].unfit = !fit;
            seal(engine, &facts[i], key);
        }
    }
}

void sealing_by_case(struct engine *engine, const struct hand *hand, struct event *event)
{
    struct seal_key key;

    if (any_open(hand, event)) {
        bool made = make_key(engine, KEY_OF_CASE, hand->state.number, &key);

        seal_open(engine, hand, event, made ? &key : NULL);
    }
}

/* The first of a new day: keys of days from which nothing waits any more go. */
static void forget_days(struct engine *engine, int64_t now_ms)
{
    int64_t next_ms = engine_next_ms(engine);
    int64_t past_ms = (next_ms < now_ms ? next_ms : now_ms) - WAIT_MS_MAX;

    if (past_ms > 0) {
        /* A failure sticks to the keyring. */
        (void)!keyring_destroy_days(engine->keyring, (uint64_t)(past_ms / DAY_MS));
    }
}

void sealing_to_wait(struct engine *engine, struct event *event, int64_t now_ms)
{
    uint64_t day = (uint64_t)(now_ms / DAY_MS);
    struct seal_key key;
    bool made = false;

    if (event->fact_count == 0 || event->facts[0].sealed) { /* a replay's are */
        return;
    }
    if (engine->keyring != NULL &&
        keyring_find(engine->keyring, KEY_OF_DAY, day, &key) != STATUS_OK) {
        forget_days(engine, now_ms);
    }
    made = make_key(engine, KEY_OF_DAY, day, &key);

    struct carried *facts = copy_facts(engine, event);

    for (uint32_t i = 0; i < event->fact_count; i++) {
        seal(engine, &facts[i], made ? &key : NULL);
    }
}

bool sealing_after_wait(struct engine *engine, struct event *event, int64_t came_ms)
{
    struct seal_key key;

    if (event->fact_count == 0) {
        return true;
    }
    if (engine->keyring == NULL ||
        keyring_find(engine->keyring, KEY_OF_DAY, (uint64_t)(came_ms / DAY_MS), &key) !=
            STATUS_OK) {
        return false;
    }

    struct carried *facts = copy_facts(engine, event);

    for (uint32_t i = 0; i < event->fact_count; i++) {
        if (!seal_read(&key, bound_name(facts[i].name), facts[i].value, &engine->step,
                       &facts[i].value)) {
            return false;
        }
        facts[i].sealed = false;
    }
    return true;
}

void sealing_withhold(struct engine *engine, const struct hand *hand, struct event *event)
{
    struct carried *facts = copy_facts(engine, event);
    bool fit = true;

    for (uint32_t i = 0; i < event->fact_count; i++) {
        bool known = hand->procedure != NULL;

        if (facts[i].sealed) { /* for the step alone */
            facts[i].value = (struct text){0};
        } else if (!known || is_open(hand, event, &facts[i], &fit)) {
            facts[i].unfit = !fit;
            seal(engine, &facts[i], NULL);
        }
    }
}

/* The fact of that name that the other event has sealed. */
static struct carried *sealed_of(struct carried *facts, uint32_t count, struct text name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (facts[i].sealed && text_equal(facts[i].name, name)) {
            return &facts[i];
        }
    }
    return NULL;
}

void sealing_alike(struct engine *engine, enum key_kind kind, uint64_t number,
                   struct event *first, struct event *again)
{
    struct carried *theirs = copy_facts(engine, first);
    struct carried *ours = copy_facts(engine, again);
    struct seal_key key;
    bool found = engine->keyring != NULL &&
                 keyring_find(engine->keyring, kind, number, &key) == STATUS_OK;

    for (uint32_t i = 0; i < again->fact_count; i++) {
        const struct carried *twin = sealed_of(theirs, first->fact_count, ours[i].name);

        if (twin != NULL) {
            seal(engine, &ours[i], found && !text_empty(twin->value) ? &key : NULL);
        }
    }
    for (uint32_t i = 0; i < first->fact_count && !found; i++) {
        if (theirs[i].sealed) {
            theirs[i].value = (struct text){0};
        }
    }
}

bool engine_read_sealed(struct engine *engine, uint64_t number, struct text name,
                        struct text sealed, struct arena *arena, struct text *words)
{
    struct seal_key key;

    return engine->keyring != NULL &&
           keyring_find(engine->keyring, KEY_OF_CASE, number, &key) == STATUS_OK &&
           seal_read(&key, name, sealed, arena, words);
}

struct text sealing_read_fact(struct engine *engine, const struct hand *hand, uint16_t fact,
                              struct arena *arena)
{
    const struct value *value = &hand->state.facts[fact].value;
    struct text words = {0};
    struct seal_key key;

    if (!value->known || !value->sealed) {
        return value->known ? value->text : words;
    }
    if (engine->keyring == NULL ||
        keyring_find(engine->keyring, KEY_OF_CASE, hand->state.number, &key) != STATUS_OK ||
        !seal_read(&key, hand->procedure->facts[fact].name, value->text, arena, &words)) {
        return (struct text){0};
    }
    return words;
}

/* The three texts of a message, each bound to its name. */
static const struct text said_names[] = {TEXT_INIT("said.brief"), TEXT_INIT("said.subject"),
                                         TEXT_INIT("said.body")};

void sealing_words(struct engine *engine, uint64_t number, struct job_said *said)
{
    struct text *words[] = {&said->brief, &said->subject, &said->body};
    struct seal_key key;
    bool there = make_key(engine, KEY_OF_CASE, number, &key);

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        *words[i] = there && !text_empty(*words[i])
                        ? seal_words(&key, said_names[i], *words[i], &engine->offer)
                        : (struct text){0};
    }
}

bool sealing_read_words(struct engine *engine, uint64_t number, struct job_said *said,
                        struct arena *arena)
{
    struct text *words[] = {&said->brief, &said->subject, &said->body};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct text sealed = *words[i];

        if (!text_empty(sealed) &&
            !engine_read_sealed(engine, number, said_names[i], sealed, arena, words[i])) {
            return false;
        }
    }
    return true;
}
