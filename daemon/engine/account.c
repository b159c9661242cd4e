#include "engine/account.h"

#include "codec/state.h"
#include "engine/job_tell.h"
#include "engine/receipt.h"
#include "engine/tell.h"

#include <stdio.h>

/* The legal zone: of what belongs to no agency. */
static const struct agency nowhere = {.office = {.zone_ms = (int64_t)8 * 3600000}};

enum { NAME_BYTES = 64, VALUE_BYTES = 2 * TEXT_MAX };

void account_put_instant(struct json *json, const char *name, int64_t at_ms, int64_t zone_ms)
{
    char words[INSTANT_TEXT_SIZE];

    if (at_ms == INSTANT_NONE || at_ms == INSTANT_NEVER) {
        json_put_null(json, name);
    } else {
        size_t size = instant_print(at_ms, zone_ms, words);

        json_put(json, name, (struct text){words, size});
    }
}

void account_put_date(struct json *json, const char *name, int32_t date)
{
    char words[DATE_TEXT_SIZE];

    if (date == DATE_NONE) {
        json_put_null(json, name);
    } else {
        size_t size = date_print(date, words);

        json_put(json, name, (struct text){words, size});
    }
}

void account_put_words(struct json *json, const char *name, struct text text,
                       const struct label *label, const struct procedure *procedure)
{
    char zh[NAME_BYTES];
    char en[NAME_BYTES];

    (void)snprintf(zh, sizeof(zh), "%s_zh", name);
    (void)snprintf(en, sizeof(en), "%s_en", name);
    json_put(json, name, text);
    json_put(json, zh, procedure_words_of(procedure, label, text, true));
    json_put(json, en, procedure_words_of(procedure, label, text, false));
}

void account_put_told(struct json *json, const char *name, const struct told *told,
                      uint32_t count)
{
    json_open_list(json, name);
    for (uint32_t i = 0; i < count; i++) {
        json_open(json, NULL);
        json_put(json, "code", told[i].code);
        json_put(json, "zh", told[i].zh);
        json_put(json, "en", told[i].en);
        json_put_some(json, "law", told[i].law);
        json_close(json);
    }
    json_close(json);
}

static void tell_facts(struct json *json, const struct event *event,
                       const struct procedure *procedure)
{
    json_open_list(json, "facts");
    for (uint32_t i = 0; i < event->fact_count; i++) {
        const struct carried *carried = &event->facts[i];
        uint16_t fact = procedure == NULL ? NO_INDEX : procedure_fact(procedure, carried->name);
        const struct fact *known = fact == NO_INDEX ? NULL : &procedure->facts[fact];
        bool masked = procedure == NULL || carried->sealed || (known != NULL && known->private);

        json_open(json, NULL);
        account_put_words(json, "name", carried->name, known == NULL ? NULL : &known->label,
                          procedure);
        json_put(json, "value", masked ? ACCOUNT_MASK : carried->value);
        json_close(json);
    }
    json_close(json);
}

static void tell_documents(struct json *json, const struct submission *submission)
{
    json_open_list(json, "documents");
    for (uint32_t i = 0; i < submission->document_count; i++) {
        const struct document *document = &submission->documents[i];

        json_open(json, NULL);
        json_put(json, "kind", document->kind);
        json_put_some(json, "title", document->title);
        json_put_some(json, "sha256", document->sha256);
        json_put_some(json, "uri", document->uri);
        json_close(json);
    }
    json_close(json);
}

/* `name` is NULL within a list. */
static void tell_event(struct json *json, const char *name, const struct submission *submission,
                       const struct procedure *procedure, int64_t zone_ms)
{
    const struct event *event = &submission->event;
    uint16_t named = procedure == NULL ? NO_INDEX : procedure_event(procedure, event->type);
    uint16_t role = procedure == NULL ? NO_INDEX : procedure_role(procedure, event->role);

    json_open(json, name);
    account_put_words(json, "type", event->type,
                      named == NO_INDEX ? NULL : &procedure->events[named].label, procedure);
    json_put(json, "id", submission->id);
    json_put(json, "source", submission->source);
    account_put_instant(json, "occurred", event->occurred_ms, zone_ms);
    json_put_some(json, "person", event->person);
    account_put_words(json, "role", event->role,
                      role == NO_INDEX ? NULL : &procedure->roles[role].label, procedure);
    json_put_some(json, "actor_agency", submission->actor_agency);
    json_put_some(json, "sender", event->sender);
    json_open_list(json, "with");
    for (uint32_t i = 0; i < event->with_count; i++) {
        json_put(json, NULL, event->with[i]);
    }
    json_close(json);
    tell_facts(json, event, procedure);
    tell_documents(json, submission);
    json_put_some(json, "note", event->note);
    json_put_some(json, "procedure", submission->procedure);
    json_put_some(json, "unit", event->unit);
    json_put_some(json, "traceparent", submission->traceparent);
    json_close(json);
}

static void tell_effect_clock(struct json *json, const struct procedure *procedure,
                              const struct effect *effect)
{
    const struct clock *clock = &procedure->clocks[effect->clock];

    json_put(json, "clock", clock->name);
    json_put_number(json, "instance", effect->number);
    json_put(json, "state", instance_state_word(effect->state));
    if (effect->entry != NO_INDEX && effect->entry < clock->entry_count) {
        json_put(json, "entry", clock->entries[effect->entry].name);
    }
    if (effect->last_day != DATE_NONE) {
        account_put_date(json, "last_day", effect->last_day);
    }
}

static void tell_one_effect(struct json *json, const struct happening *happening,
                            const struct effect *effect)
{
    const struct procedure *procedure = happening->procedure;
    char words[TELL_BYTES_MAX];

    json_open(json, NULL);
    json_put(json, "effect", effect_word(effect->kind));
    account_put_instant(json, "at", effect->at_ms, happening->agency->office.zone_ms);
    if (effect->clock != NO_INDEX) {
        tell_effect_clock(json, procedure, effect);
    }
    if (effect->fact != NO_INDEX) {
        json_put(json, "fact", procedure->facts[effect->fact].name);
    }
    if (effect->role != NO_INDEX) {
        json_put(json, "role", procedure->roles[effect->role].name);
    }
    if (effect->notice != NO_INDEX) {
        json_put(json, "notice", procedure->notices[effect->notice].name);
    }
    if (effect->late_ms > 0) {
        json_put_number(json, "late_ms", effect->late_ms);
    }
    json_put(json, "zh", (struct text){words, tell_effect(happening, effect, true, words)});
    json_put(json, "en", (struct text){words, tell_effect(happening, effect, false, words)});
    json_close(json);
}

/* An effect tells the new value of a fact, which the record's delta alone holds. */
static void tell_effects(const struct account *account, const struct procedure *procedure,
                         const struct agency *agency, struct arena *arena, struct json *json)
{
    const struct record *record = account->record;
    struct case_state after;
    struct happening happening = {.seq = account->seq,
                                  .record = record,
                                  .procedure = procedure,
                                  .agency = agency,
                                  .after = &after};
    uint32_t count = record->effect_count;

    json_open_list(json, "effects");
    if (procedure == NULL ||
        state_glimpse(record->delta, procedure, arena, &after) != STATUS_OK) {
        count = 0;
    }
    for (uint32_t i = 0; i < count && i < ACCOUNT_EFFECTS_MAX; i++) {
        tell_one_effect(json, &happening, &record->effects[i]);
    }
    json_close(json);
    if (count > ACCOUNT_EFFECTS_MAX) {
        json_put_number(json, "effects_more", count - ACCOUNT_EFFECTS_MAX);
    }
}

/* Which operator, and why. */
static void tell_operator(struct json *json, const struct act *act)
{
    json_put_some(json, "person", act->person);
    json_put_some(json, "role", act->role);
    json_put_some(json, "reason", act->reason);
}

static void tell_files(struct json *json, const struct record *record)
{
    json_open_list(json, "files");
    for (uint32_t i = 0; i < record->file_count; i++) {
        json_put(json, NULL, record->files[i].path);
    }
    json_close(json);
}

/* A step of a job: the job as it is after it stands among the changes. */
static void tell_job(struct json *json, const struct record *record, int64_t zone_ms,
                     struct arena *arena)
{
    const struct job_report *report = &record->job;

    json_put(json, "step", job_step_word(report->step));
    json_put_number(json, "job", (int64_t)report->job);
    json_put(json, "receiver", report->receiver);
    json_put_some(json, "channel", report->channel);
    json_put_some(json, "worker", report->worker);
    json_put_some(json, "provider", report->provider);
    json_put_some(json, "words", report->words);
    json_put_some(json, "key", report->key);
    if (report->at_ms != 0) {
        account_put_instant(json, "said_at", report->at_ms, zone_ms);
    }
    for (uint32_t i = 0; i < record->job_count; i++) {
        struct job job;

        if (record->jobs[i].number == report->job && record->jobs[i].value.size > 0 &&
            job_decode(report->job, record->jobs[i].value, arena, &job) == STATUS_OK) {
            json_put(json, "state", job_state_word(job.state));
            json_put_number(json, "notices", job.notice_count);
        }
    }
}

/* Who takes whose place. */
static void tell_stead(struct json *json, const struct installed *installed,
                       const struct job_notice *notice)
{
    static const struct text words[] = {
        [STEAD_DEPUTY] = TEXT_INIT("deputy"),
        [STEAD_VACANT] = TEXT_INIT("vacant"),
        [STEAD_UNREACHED] = TEXT_INIT("unreached"),
    };
    const struct person *other = installed_person(installed, notice->in_stead_of);

    if (notice->stead != STEAD_NONE) {
        json_put(json, "stead", words[notice->stead]);
        json_put(json, "in_stead_of", notice->in_stead_of);
        json_put(json, "in_stead_of_name", other == NULL ? notice->in_stead_of : other->name);
    }
}

/* The persons whom the record tells something, with the messages it made for them. */
static void tell_told(struct json *json, const struct account *account, struct arena *arena)
{
    const struct installed *installed = account->law->installed;
    const struct record *record = account->record;
    uint32_t told = 0;

    json_open_list(json, "told");
    for (uint32_t i = 0; i < record->job_count && told < ACCOUNT_EFFECTS_MAX; i++) {
        struct job job;

        if (job_record(record->jobs[i].number) != account->seq ||
            record->jobs[i].value.size == 0 ||
            job_decode(record->jobs[i].number, record->jobs[i].value, arena, &job) !=
                STATUS_OK) {
            continue;
        }
        told++;
        json_open(json, NULL);
        json_put_number(json, "job", (int64_t)job.number);
        json_put(json, "receiver", job.outside ? (struct text){0} : job.receiver);
        json_put(json, "name", job_receiver_name(installed, &job));
        tell_stead(json, installed, &job.notices[0]);
        json_put_some(json, "channel", job.channel);
        json_put(json, "state", job_state_word(job.state));
        json_close(json);
    }
    json_close(json);
}

/* What its kind alone has. */
static void tell_input(struct json *json, const struct account *account,
                       const struct procedure *procedure, int64_t zone_ms, struct arena *arena)
{
    const struct record *record = account->record;

    if (account->submission != NULL) {
        tell_event(json, "event", account->submission, procedure, zone_ms);
    }
    switch (record->kind) {
    case RECORD_EVENT:
    case RECORD_DERIVED:
        break;
    case RECORD_REST:
        json_put_number(json, "of_seq", (int64_t)record->of_seq);
        json_put_flag(json, "wait_over", record->wait_over);
        break;
    case RECORD_MOMENT:
        account_put_instant(json, "due", record->due_ms, zone_ms);
        break;
    case RECORD_INSTALL:
        tell_files(json, record);
        tell_operator(json, &record->act);
        break;
    case RECORD_IMPORT:
        tell_operator(json, &record->act);
        json_open_list(json, "events");
        for (uint32_t i = 0; i < record->submission_count; i++) {
            tell_event(json, NULL, &record->submissions[i], procedure, zone_ms);
        }
        json_close(json);
        break;
    case RECORD_MIGRATED:
        tell_operator(json, &record->act);
        break;
    case RECORD_ACT:
        json_put(json, "act", act_kind_word(record->act_kind));
        json_put_some(json, "of_agency", record->of_agency);
        json_put_some(json, "of_case", record->of_case);
        json_put_some(json, "of_channel", record->of_channel);
        tell_operator(json, &record->act);
        break;
    case RECORD_JOB:
        tell_job(json, record, zone_ms, arena);
        break;
    }
}

/* A case's own, or that which an opening event named. */
static const struct procedure *procedure_of(const struct account *account)
{
    const struct procedure *procedure = law_procedure(account->law, account->record->procedure);

    if (procedure == NULL && account->submission != NULL) {
        for (uint32_t i = 0; i < account->law->procedure_count; i++) {
            const struct procedure *other = account->law->procedures[i].procedure;

            if (text_equal(other->name, account->submission->procedure)) {
                return other;
            }
        }
    }
    return procedure;
}

void account_tell(const struct account *account, struct arena *arena, struct json *json)
{
    const struct record *record = account->record;
    const struct procedure *procedure = procedure_of(account);
    const struct agency *agency = installed_agency(account->law->installed, account->agency);

    agency = agency == NULL ? &nowhere : agency;
    json_open(json, NULL);
    json_put_number(json, "seq", (int64_t)account->seq);
    account_put_instant(json, "at", record->now_ms, agency->office.zone_ms);
    json_put(json, "kind", record_kind_word(record->kind));
    json_put_some(json, "agency", account->agency);
    json_put_some(json, "case", account->case_id);
    tell_input(json, account, procedure, agency->office.zone_ms, arena);
    json_put(json, "verdict", record_verdict_word(record->verdict));
    if (record->procedure != 0 && procedure != NULL && record->stage < procedure->stage_count) {
        const struct stage *stage = &procedure->stages[record->stage];

        json_put_number(json, "revision", record->revision);
        account_put_words(json, "stage", stage->name, &stage->label, procedure);
        account_put_instant(json, "next_due", record->next_due_ms, agency->office.zone_ms);
    }
    account_put_told(json, "reasons", record->reasons, record->reason_count);
    tell_told(json, account, arena);
    tell_effects(account, record->procedure == 0 ? NULL : procedure, agency, arena, json);
    json_close(json);
}
