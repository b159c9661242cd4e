#include "engine/job_parts.h"

#include "base/must.h"
#include "engine/tell.h"

#include <stdio.h>
#include <string.h>

/* What is said: the words of a notice in its receiver's language, filled from the record that
 * made it and from the case. Several notices become a list, the most urgent first. */

#define VALUES_MAX 96

/* A notice being put into words. */
struct saying {
    struct engine *engine;
    struct arena *arena;
    const struct job *job;
    int64_t now_ms; /* when it is said */
    bool english;
    struct text receiver; /* by name */
    const struct job_notice *place;
    const struct record *record;
    const struct procedure *procedure; /* as it was then: the case may have gone over since */
    const struct effect *effect;
    struct hand hand; /* as it is now */
    uint64_t in_hand; /* which case that is; 0: none */
    struct filling values[VALUES_MAX];
    uint32_t count;
    bool private; /* a private fact was told */
};

/* The words of one notice. */
struct said {
    const struct job_notice *place;
    const struct wording *wording;
    struct text brief;
    struct text subject;
    struct text body;
    int32_t last_day;
};

static struct text keep(struct arena *arena, const char *bytes, size_t size)
{
    const char *copy = arena_copy(arena, bytes, size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : size};
}

static void give(struct saying *saying, struct text name, struct text value)
{
    if (saying->count < VALUES_MAX && !text_empty(value)) {
        saying->values[saying->count++] = (struct filling){.name = name, .value = value};
    }
}

static void give_date(struct saying *saying, struct text name, int32_t date)
{
    char room[DATE_TEXT_SIZE];

    if (date != DATE_NONE) {
        give(saying, name, keep(saying->arena, room, date_print(date, room)));
    }
}

/* Whether the instance spoken of is counted in working days. */
static bool counts_workdays(const struct saying *saying)
{
    const struct instance *instance = state_instance_numbered(
        &saying->hand.state, saying->place->clock, saying->place->instance);

    return instance != NULL && instance->length.unit == LENGTH_WORKDAYS;
}

/* What is left of a limit, in the days it is counted in: when it is said, which may be days
 * after it was to be. */
static void give_left(struct saying *saying)
{
    const struct office *office = &saying->hand.agency->office;
    int32_t last_day = saying->effect->last_day;
    int32_t today = date_of_instant(saying->now_ms, office->zone_ms);
    int32_t days = last_day > today ? last_day - today : 0;
    bool workdays = counts_workdays(saying);
    char room[64];

    if (last_day == DATE_NONE ||
        last_day < date_of_instant(saying->effect->at_ms, office->zone_ms)) {
        return;
    }
    if (workdays) {
        days = calendar_count(office->calendar, today + 1, last_day);
    }

    int size = snprintf(room, sizeof(room),
                        saying->english ? (workdays ? "%d working days" : "%d days")
                                        : (workdays ? "%d个工作日" : "%d天"),
                        days);

    give(saying, TEXT("left"), keep(saying->arena, room, (size_t)size));
}

static void give_clock(struct saying *saying)
{
    const struct procedure *procedure = saying->procedure;
    const struct effect *effect = saying->effect;
    bool zh = !saying->english;
    char room[256];

    if (effect->clock == NO_INDEX) {
        return;
    }

    const struct clock *clock = &procedure->clocks[effect->clock];
    const struct role *owner = &procedure->roles[clock->owner];
    size_t size =
        tell_instance(procedure, effect->clock, effect->number, zh, room, sizeof(room));

    give(saying, TEXT("clock"), keep(saying->arena, room, size));
    give(saying, TEXT("law"), clock->label.law);
    give(saying, TEXT("owner"), label_words(&owner->label, owner->name, zh));
    give_date(saying, TEXT("last_day"), effect->last_day);
    give_date(saying, TEXT("old_day"), effect->old_day);
    give_left(saying);
}

/* A pause that lasts: since when, and why. */
static void give_pause(struct saying *saying)
{
    const struct procedure *procedure = saying->hand.procedure;
    const struct effect *effect = saying->effect;
    int64_t zone_ms = saying->hand.agency->office.zone_ms;

    for (uint32_t i = 0; i < saying->hand.state.stop_count; i++) {
        const struct stop *stop = &saying->hand.state.stops[i];

        if (effect->kind == EFFECT_REVIEW && stop->clock == saying->place->clock &&
            stop->number == saying->place->instance && stop->kind == STOP_PAUSE &&
            stop->interval.to_ms == INSTANT_NEVER) {
            const struct ground *ground = &procedure->grounds[stop->ground];

            give_date(saying, TEXT("since"), date_of_instant(stop->interval.from_ms, zone_ms));
            give(saying, TEXT("ground"),
                 procedure_words(procedure, ground->name, !saying->english));
            return;
        }
    }
}

/* What the record itself says: the defect it left, what moved a date. */
static void give_cause(struct saying *saying)
{
    const struct record *record = saying->record;
    const struct procedure *procedure = saying->procedure;
    bool zh = !saying->english;

    for (uint32_t i = 0; i < record->effect_count; i++) {
        if (record->effects[i].kind == EFFECT_DEFECT) {
            give(saying, TEXT("what"), procedure_words(procedure, record->effects[i].text, zh));
            break;
        }
    }
    give(saying, TEXT("why"),
         record->kind == RECORD_EVENT
             ? procedure_words(procedure, record->submission.event.type, zh)
         : zh ? TEXT("日历或规则有更新")
              : TEXT("a calendar or a rule has changed"));
}

/* The facts that the procedure lets this notice say. A private one goes to somebody outside. */
static void give_facts(struct saying *saying, const struct notice *notice)
{
    const struct procedure *procedure = saying->hand.procedure;
    int64_t zone_ms = saying->hand.agency->office.zone_ms;

    for (uint32_t i = 0; notice != NULL && i < notice->value_count; i++) {
        uint16_t fact = procedure_fact(procedure, notice->values[i]);
        char room[TEXT_MAX];

        if (fact == NO_INDEX || !saying->hand.state.facts[fact].value.known) {
            continue;
        }
        if (procedure->facts[fact].private) {
            if (saying->job->outside) {
                give(saying, notice->values[i],
                     sealing_read_fact(saying->engine, &saying->hand, fact, saying->arena));
                saying->private = true;
            }
            continue;
        }

        size_t size = value_print(&saying->hand.state.facts[fact].value,
                                  &procedure->facts[fact].choices, zone_ms, room, sizeof(room));

        give(saying, notice->values[i], keep(saying->arena, room, size));
    }
}

static void give_values(struct saying *saying, const struct notice *notice)
{
    const struct procedure *procedure = saying->procedure;
    const struct agency *agency = saying->hand.agency;
    bool zh = !saying->english;

    give(saying, TEXT("agency"), zh ? agency->zh : agency->en);
    give(saying, TEXT("case"), saying->hand.state.id);
    give_clock(saying);
    give_facts(saying, notice);
    if (saying->job->outside) {
        return; /* the rest is nobody's business outside */
    }
    if (saying->record->stage < procedure->stage_count) {
        const struct stage *stage = &procedure->stages[saying->record->stage];

        give(saying, TEXT("stage"), label_words(&stage->label, stage->name, zh));
    }
    give(saying, TEXT("receiver"), saying->receiver);
    give_pause(saying);
    give_cause(saying);
}

/* By which words an effect speaks, where its entry does not name any. */
static struct text standing_words(enum effect_kind kind)
{
    return kind == EFFECT_REVIEW      ? TEXT("review")
           : kind == EFFECT_MOVED     ? TEXT("moved")
           : kind == EFFECT_WITHDRAWN ? TEXT("withdrawn")
           : kind == EFFECT_STRANDED  ? TEXT("stranded")
                                      : TEXT("clock_overdue");
}

/* Read the record of a notice and its case again. */
static bool recall(struct saying *saying, const struct job_notice *place, struct record *record)
{
    struct engine *engine = saying->engine;

    saying->in_hand = 0;
    if (engine_record(engine, place->seq, &engine->read, record) != STATUS_OK ||
        place->effect >= record->effect_count ||
        !hand_take(engine, place->number, &saying->hand)) {
        return false;
    }
    saying->in_hand = place->number;
    saying->procedure = law_procedure(engine->law, record->procedure);
    if (saying->procedure == NULL) {
        return false;
    }
    saying->place = place;
    saying->record = record;
    saying->effect = &record->effects[place->effect];
    return true;
}

/* Put several texts behind each other. */
static struct text join(struct arena *arena, const struct text *parts, uint32_t count)
{
    size_t size = 0;
    size_t at = 0;

    for (uint32_t i = 0; i < count; i++) {
        size += parts[i].size;
    }

    char *room = arena_take(arena, size + 1);

    for (uint32_t i = 0; room != NULL && i < count; i++) {
        if (parts[i].size > 0) {
            memcpy(room + at, parts[i].bytes, parts[i].size);
        }
        at += parts[i].size;
    }
    return (struct text){.bytes = room, .size = room == NULL ? 0 : size};
}

/* Somebody by name; of somebody outside, and of a post, the role. */
static struct text name_of(const struct saying *saying, struct text whom)
{
    const struct person *person = installed_person(saying->engine->law->installed, whom);
    const struct procedure *procedure = saying->hand.procedure;
    struct text role;

    if (person != NULL) {
        return person->name;
    }
    (void)text_cut(whom, '.', &role);
    role = text_empty(role) ? whom : role;

    uint16_t index = procedure_role(procedure, role);

    return index == NO_INDEX
               ? role
               : label_words(&procedure->roles[index].label, role, !saying->english);
}

/* Whoever takes another's place hears that first. */
static void say_in_stead(struct saying *saying, struct said *said)
{
    static const struct {
        struct text before[2];
        struct text after[2];
    } words[] = {
        [STEAD_DEPUTY] = {{TEXT_INIT("〔代"), TEXT_INIT("[for ")},
                          {TEXT_INIT("〕"), TEXT_INIT("] ")}},
        [STEAD_VACANT] = {{TEXT_INIT("〔"), TEXT_INIT("[nobody is ")},
                          {TEXT_INIT("无人担任〕"), TEXT_INIT("] ")}},
        [STEAD_UNREACHED] = {{TEXT_INIT("〔未能通知"), TEXT_INIT("[could not reach ")},
                             {TEXT_INIT("〕"), TEXT_INIT("] ")}},
    };
    enum stead stead = saying->place->stead;

    if (stead == STEAD_NONE) {
        return;
    }

    struct text parts[] = {words[stead].before[saying->english],
                           name_of(saying, saying->place->in_stead_of),
                           words[stead].after[saying->english], said->brief};

    said->brief = join(saying->arena, parts, 4);
    parts[3] = said->subject;
    said->subject = join(saying->arena, parts, 4);
}

static bool say_one(struct saying *saying, const struct job_notice *place, struct said *said)
{
    struct engine *engine = saying->engine;
    struct record record;

    if (!recall(saying, place, &record)) {
        return false;
    }

    const struct procedure *procedure = saying->procedure;
    uint16_t index = saying->effect->notice;
    const struct notice *notice =
        index < procedure->notice_count ? &procedure->notices[index] : NULL;
    struct text name = notice == NULL ? standing_words(saying->effect->kind) : notice->name;

    said->wording = wordings_find(&engine->law->wordings, name, saying->english);
    if (said->wording == NULL) {
        return false;
    }
    saying->count = 0;
    give_values(saying, notice);
    said->brief =
        wording_fill(said->wording->brief, saying->values, saying->count, saying->arena);
    said->subject =
        wording_fill(said->wording->subject, saying->values, saying->count, saying->arena);
    said->body =
        wording_fill(said->wording->body, saying->values, saying->count, saying->arena);
    said->place = place;
    said->last_day = saying->effect->last_day;
    say_in_stead(saying, said);
    return true;
}

/* Several notices in one message: how many, the most urgent, and each in its brief form. */
static void say_many(struct saying *saying, const struct said *said, uint32_t count,
                     struct job_offer *offer)
{
    struct text *lines = arena_take(saying->arena, ((size_t)count * 2 + 1) * sizeof(*lines));
    char many[64];
    int size =
        snprintf(many, sizeof(many),
                 saying->english ? "%u notices; the most urgent: " : "%u项通知，最急：", count);
    struct text head = {.bytes = many, .size = (size_t)size};

    if (lines == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        lines[2 * i] = said[i].brief;
        lines[2 * i + 1] = TEXT("\n");
    }
    offer->body = join(saying->arena, lines, 2 * count);
    offer->brief = join(saying->arena, (struct text[]){head, said[0].brief}, 2);
    offer->subject = join(saying->arena, (struct text[]){head, said[0].subject}, 2);
}

/* What falls due first comes first; what has no day comes last. */
static void put_in_order(struct said *said, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct said one = said[i];
        uint32_t at = i;

        while (at > 0 && one.last_day != DATE_NONE &&
               (said[at - 1].last_day == DATE_NONE || said[at - 1].last_day > one.last_day)) {
            said[at] = said[at - 1];
            at--;
        }
        said[at] = one;
    }
}

bool job_say(struct engine *engine, struct job_offer *offer, int64_t now_ms,
             struct arena *arena)
{
    const struct job *job = &offer->job;
    const struct person *person =
        job->outside ? NULL : installed_person(engine->law->installed, job->receiver);
    struct said *said = arena_take_zeroed(arena, job->notice_count, sizeof(*said));
    struct saying saying = {
        .engine = engine,
        .arena = arena,
        .job = job,
        .now_ms = now_ms,
        .english = person != NULL && person->english,
        .receiver = person == NULL ? (struct text){0} : person->name,
    };
    uint32_t count = 0;

    for (uint32_t i = 0; said != NULL && i < job->notice_count; i++) {
        count += say_one(&saying, &job->notices[i], &said[count]) ? 1 : 0;
    }
    offer->address =
        job_address(engine, job, offer->channel,
                    saying.in_hand == job->notices[0].number ? &saying.hand : NULL, arena);
    offer->name = saying.receiver;
    offer->english = saying.english;
    if (count == 0 || arena->spent) {
        return false;
    }
    put_in_order(said, count);
    /* Of several the most urgent lends template and values: who sends templates fills one. */
    if (count > 1 && !say_one(&saying, said[0].place, &said[0])) {
        return false;
    }
    offer->template = said[0].wording->name;
    offer->version = said[0].wording->version;
    offer->values = arena_copy(arena, saying.values, saying.count * sizeof(*saying.values));
    offer->value_count = saying.count;
    offer->brief = said[0].brief;
    offer->subject = said[0].subject;
    offer->body = said[0].body;
    offer->private = saying.private;
    if (count > 1) {
        say_many(&saying, said, count, offer);
    }
    return !arena->spent;
}

void job_keep_words(struct engine *engine, const struct job_offer *offer, struct job_said *said)
{
    *said = (struct job_said){
        .template = offer->template,
        .version = text_of(offer->version),
        .brief = offer->brief,
        .subject = offer->subject,
        .body = offer->body,
        .sealed = offer->private,
    };
    if (said->sealed) {
        sealing_words(engine, offer->job.notices[0].number, said);
    }
}
