#include "engine/answer.h"

#include "engine/job_parts.h"
#include "engine/job_tell.h"
#include "engine/receipt.h"

#include <stdio.h>

/*
 * Who was told of a case, from its file: the records that spoke, with the jobs they made; what
 * became of those, which stands there too; and where they are now.
 */

/* One notice to one receiver. */
struct told_to {
    uint64_t seq;    /* of the record that spoke */
    uint32_t effect; /* … and which of its effects */
    const struct record *record;
    struct job job;   /* as it was made, or is now */
    uint64_t carrier; /* the job it goes with: another's, in a digest */
    struct job_notice notice;
    struct text state;
    int64_t state_ms;
    uint64_t token; /* of the last lease that is known */
    struct text channel;
    uint32_t resends;
    struct text provider;
    struct text said;     /* the last word about it */
    int64_t delivered_ms; /* 0: nobody said so */
    int64_t bounced_ms;
};

struct gathering {
    struct slice *slice;
    const struct found_case *found;
    struct told_to *list;
    uint32_t count;
    uint32_t room;
    bool full;
};

static struct told_to *add(struct gathering *gathering)
{
    if (gathering->count == gathering->room) {
        uint32_t room = gathering->room == 0 ? 64 : 2 * gathering->room;
        struct told_to *list = arena_take_zeroed(gathering->slice->arena, room, sizeof(*list));

        if (list == NULL) {
            gathering->full = true;
            return NULL;
        }
        for (uint32_t i = 0; i < gathering->count; i++) {
            list[i] = gathering->list[i];
        }
        gathering->list = list;
        gathering->room = room;
    }
    return &gathering->list[gathering->count++];
}

/* A job that a record made: one notice of it, or those it took over from another. */
static void add_made(struct gathering *gathering, const struct record *record,
                     const struct job *job)
{
    for (uint32_t i = 0; i < job->notice_count; i++) {
        struct told_to *told =
            job->notices[i].number == gathering->found->file.number ? add(gathering) : NULL;

        if (told != NULL) {
            *told = (struct told_to){
                .seq = job->notices[i].seq,
                .effect = job->notices[i].effect,
                .record = record,
                .job = *job,
                .carrier = job->number,
                .notice = job->notices[i],
                .state = job_state_word(job->state),
                .state_ms = record->now_ms,
                .channel = job->channel,
            };
        }
    }
}

static bool carries(const struct job *job, const struct told_to *told)
{
    if (!text_equal(job->receiver, told->job.receiver)) {
        return false;
    }
    for (uint32_t i = 0; i < job->notice_count; i++) {
        if (job->notices[i].seq == told->seq && job->notices[i].effect == told->effect) {
            return true;
        }
    }
    return false;
}

/* The job as the change leaves it; false: it is gone. */
static bool take_job(struct gathering *gathering, const struct job_change *change,
                     struct job *job)
{
    return change->value.size > 0 &&
           job_decode(change->number, change->value, gathering->slice->arena, job) == STATUS_OK;
}

/* A record of the case: it made jobs, and called others back. */
static void read_of_case(struct gathering *gathering, uint64_t seq, const struct record *record)
{
    for (uint32_t i = 0; i < record->job_count; i++) {
        const struct job_change *change = &record->jobs[i];
        struct job job;
        bool there = take_job(gathering, change, &job);

        if (there && job_record(change->number) == seq) {
            add_made(gathering, record, &job);
            continue;
        }
        for (uint32_t j = 0; j < gathering->count; j++) {
            struct told_to *told = &gathering->list[j];

            if (told->carrier == change->number && !(there && carries(&job, told))) {
                told->state = TEXT("called_back");
                told->state_ms = record->now_ms;
            }
        }
    }
}

static struct text ended_by(enum job_step step)
{
    return step == JOB_STEP_DONE        ? TEXT("sent")
           : step == JOB_STEP_DROP      ? TEXT("dropped")
           : step == JOB_STEP_TIME      ? TEXT("too_late")
           : step == JOB_STEP_DELIVERED ? TEXT("delivered")
                                        : TEXT("bounced");
}

/* What a record says of one notice. */
static void note(struct told_to *told, const struct record *record, const struct job *job)
{
    const struct job_report *report = &record->job;
    bool evidence = report->step == JOB_STEP_DELIVERED || report->step == JOB_STEP_BOUNCED;

    told->carrier = report->job;
    told->state = job == NULL ? ended_by(report->step) : job_state_word(job->state);
    told->state_ms = record->now_ms;
    told->token = report->token != 0 ? report->token : told->token;
    told->said = text_empty(report->words) ? told->said : report->words;
    told->channel = job == NULL ? report->channel : job->channel;
    if (report->step == JOB_STEP_DONE) {
        told->provider = report->provider;
        told->state_ms = report->at_ms != 0 ? report->at_ms : record->now_ms;
    }
    if (evidence && report->step == JOB_STEP_DELIVERED) {
        told->delivered_ms = report->at_ms;
    } else if (evidence) {
        told->bounced_ms = report->at_ms;
    }
}

/* The job as a lease had it. */
static bool read_lease(struct gathering *gathering, uint64_t token, uint64_t number,
                       struct job *job)
{
    struct record *record = arena_take(gathering->slice->arena, sizeof(*record));
    struct account account;

    if (token == 0 || record == NULL ||
        answer_read_record(gathering->slice, token, &account, record) != STATUS_OK) {
        return false;
    }
    for (uint32_t i = 0; i < record->job_count; i++) {
        if (record->jobs[i].number == number) {
            return take_job(gathering, &record->jobs[i], job);
        }
    }
    return false;
}

/* What became of a job. */
static void read_of_job(struct gathering *gathering, uint64_t seq, const struct record *record)
{
    const struct job_report *report = &record->job;
    struct job now;
    struct job then;
    bool there = false;
    bool leased = read_lease(gathering, report->token, report->job, &then);

    for (uint32_t i = 0; i < record->job_count; i++) {
        struct job job;

        if (record->jobs[i].number == report->job) {
            there = take_job(gathering, &record->jobs[i], &now);
        } else if (job_record(record->jobs[i].number) == seq &&
                   take_job(gathering, &record->jobs[i], &job)) {
            add_made(gathering, record, &job); /* somebody above is told */
        }
    }
    for (uint32_t i = 0; i < gathering->count; i++) {
        struct told_to *told = &gathering->list[i];
        bool meant = leased  ? carries(&then, told)
                     : there ? carries(&now, told)
                             : told->carrier == report->job;

        if (meant && told->record != record) {
            note(told, record, there ? &now : NULL);
            told->resends = leased ? then.resends : told->resends;
        }
    }
}

/* Where those are that have not come to rest. */
static void read_live(struct gathering *gathering)
{
    struct store *store = gathering->slice->sources->snapshot;
    uint64_t number = gathering->found->file.number;
    struct key key = key_job_of_case(number, 0);
    struct bytes value;
    uint64_t job_number;

    while (store_next(store, TABLE_JOBS, &key, &value) &&
           key_is_job_of_case(&key, number, &job_number)) {
        struct key own = key_job(job_number);
        struct job job;

        key = key_job_of_case(number, job_number + 1);
        if (!store_get(store, TABLE_JOBS, &own, &value)) {
            continue;
        }
        value.at = arena_copy(gathering->slice->arena, value.at, value.size);
        if (value.at == NULL ||
            job_decode(job_number, value, gathering->slice->arena, &job) != STATUS_OK) {
            gathering->full = true;
            return;
        }
        for (uint32_t i = 0; i < gathering->count; i++) {
            struct told_to *told = &gathering->list[i];

            if (carries(&job, told)) {
                told->carrier = job_number;
                told->state = job_state_word(job.state);
                told->channel = job.channel;
                told->resends = job.resends;
                told->token = job.token != 0 ? job.token : told->token;
                told->said = text_empty(job.last) ? told->said : job.last;
            }
        }
    }
}

static enum status gather(struct gathering *gathering)
{
    struct slice *slice = gathering->slice;
    const struct case_file *file = &gathering->found->file;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < file->entries && status == STATUS_OK;
         i = casefile_after(slice->sources->snapshot, file, i)) {
        uint64_t seq = casefile_record(slice->sources->snapshot, file, i);
        struct record *record = arena_take(slice->arena, sizeof(*record));
        struct account account;

        status = record == NULL ? STATUS_NO_MEMORY
                                : answer_read_record(slice, seq, &account, record);
        if (status == STATUS_OK && record->kind == RECORD_JOB) {
            read_of_job(gathering, seq, record);
        } else if (status == STATUS_OK) {
            read_of_case(gathering, seq, record);
        }
    }
    read_live(gathering);
    return status == STATUS_OK && gathering->full ? STATUS_NO_MEMORY : status;
}

/* ---- telling it */

/* The record whose words it was: of somebody above, not the one that made his job. */
static const struct record *speaking(struct gathering *gathering, const struct told_to *told,
                                     struct record *room)
{
    struct account account;

    if (told->record->kind != RECORD_JOB) {
        return told->record;
    }
    return answer_read_record(gathering->slice, told->seq, &account, room) == STATUS_OK ? room
                                                                                        : NULL;
}

static void tell_about(struct gathering *gathering, const struct told_to *told,
                       struct json *json)
{
    struct record *room = arena_take(gathering->slice->arena, sizeof(*room));
    const struct record *record = room == NULL ? NULL : speaking(gathering, told, room);
    const struct procedure *procedure =
        record == NULL ? NULL
                       : law_procedure(gathering->slice->sources->law, record->procedure);

    if (procedure == NULL || told->effect >= record->effect_count) {
        return;
    }

    const struct effect *effect = &record->effects[told->effect];

    json_put(json, "effect", effect_word(effect->kind));
    if (effect->clock < procedure->clock_count) {
        const struct clock *clock = &procedure->clocks[effect->clock];

        account_put_words(json, "clock", clock->name, &clock->label, procedure);
        json_put_number(json, "instance", effect->number);
        if (effect->entry < clock->entry_count) {
            json_put(json, "entry", clock->entries[effect->entry].name);
        }
        account_put_date(json, "last_day", effect->last_day);
    }
    if (effect->notice < procedure->notice_count) {
        json_put(json, "notice", procedure->notices[effect->notice].name);
    }
}

static struct text stead_word(enum stead stead)
{
    static const struct text words[] = {
        [STEAD_NONE] = TEXT_INIT("none"),
        [STEAD_DEPUTY] = TEXT_INIT("deputy"),
        [STEAD_VACANT] = TEXT_INIT("vacant"),
        [STEAD_UNREACHED] = TEXT_INIT("unreached"),
    };

    return words[stead];
}

static void tell_receiver(struct gathering *gathering, const struct told_to *told,
                          struct json *json)
{
    const struct installed *installed = gathering->slice->sources->law->installed;
    const struct procedure *procedure = gathering->found->procedure;
    const struct person *other = installed_person(installed, told->notice.in_stead_of);
    uint16_t role = told->job.role;

    if (role < procedure->role_count) {
        account_put_words(json, "role", procedure->roles[role].name,
                          &procedure->roles[role].label, procedure);
    }
    json_put(json, "receiver", told->job.outside ? TEXT("") : told->job.receiver);
    json_put(json, "name", job_receiver_name(installed, &told->job));
    if (told->notice.stead != STEAD_NONE) {
        json_put(json, "stead", stead_word(told->notice.stead));
        json_put(json, "in_stead_of", told->notice.in_stead_of);
        json_put(json, "in_stead_of_name",
                 other == NULL ? told->notice.in_stead_of : other->name);
    }
}

/* What exactly was said, where it is asked and was ever handed out. */
static void tell_words(struct gathering *gathering, const struct told_to *told,
                       struct json *json)
{
    struct record *lease = arena_take(gathering->slice->arena, sizeof(*lease));
    struct account account;

    if (told->token == 0 || lease == NULL ||
        answer_read_record(gathering->slice, told->token, &account, lease) != STATUS_OK ||
        text_empty(lease->job.said.template)) {
        return;
    }

    const struct job_said *said = &lease->job.said;

    json_open(json, "words");
    json_put(json, "template", said->template);
    json_put(json, "version", said->version);
    json_put_flag(json, "sealed", said->sealed);
    json_put_number(json, "lease", (int64_t)told->token);
    json_put(json, "brief", said->sealed ? ACCOUNT_MASK : said->brief);
    json_put(json, "subject", said->sealed ? ACCOUNT_MASK : said->subject);
    json_put(json, "body", said->sealed ? ACCOUNT_MASK : said->body);
    json_close(json);
}

static void tell_key(struct gathering *gathering, const struct told_to *told, struct json *json)
{
    struct job job = told->job;
    char key[JOB_KEY_SIZE];

    job.number = told->carrier;
    job.channel = told->channel;
    job.resends = told->resends;
    json_put(json, "key",
             (struct text){key, job_key(&job, gathering->slice->sources->store, key)});
}

static void tell(struct gathering *gathering, const struct told_to *told)
{
    struct json *json = gathering->slice->json;
    int64_t zone_ms = gathering->found->agency->office.zone_ms;

    json_open(json, NULL);
    json_put_number(json, "seq", (int64_t)told->seq);
    account_put_instant(json, "at", told->job.made_ms, zone_ms);
    tell_about(gathering, told, json);
    tell_receiver(gathering, told, json);
    json_put(json, "channel", told->channel);
    json_put(json, "state", told->state);
    account_put_instant(json, "state_at", told->state_ms, zone_ms);
    json_put_number(json, "job", (int64_t)told->carrier);
    if (told->token != 0) {
        tell_key(gathering, told, json);
    }
    json_put_some(json, "provider", told->provider);
    if (told->delivered_ms != 0) {
        account_put_instant(json, "delivered", told->delivered_ms, zone_ms);
    }
    if (told->bounced_ms != 0) {
        account_put_instant(json, "bounced", told->bounced_ms, zone_ms);
    }
    json_put_some(json, "said", told->said);
    if (gathering->slice->query->words) {
        tell_words(gathering, told, json);
    }
    json_close(json);
}

enum status answer_notices(struct slice *slice)
{
    struct found_case found = {0};
    struct gathering gathering = {.slice = slice, .found = &found};
    struct answer_place *place = slice->place;
    enum status status = answer_find_case(slice, &found);

    if (status == STATUS_OK) {
        status = gather(&gathering);
    }
    if (status != STATUS_OK) {
        return status;
    }
    json_open(slice->json, NULL);
    if (!place->begun) {
        json_put(slice->json, "agency", found.state.agency);
        json_put(slice->json, "case", found.state.id);
        json_put_flag(slice->json, "on_hold",
                      found.state.on_hold ||
                          case_is_held(slice->sources->snapshot, found.file.number));
    }
    place->begun = true;
    json_open_list(slice->json, "notices");
    while (place->entry < gathering.count && json_size(slice->json) < ANSWER_PART_BYTES) {
        tell(&gathering, &gathering.list[place->entry++]);
    }
    json_close(slice->json);
    slice->more = place->entry < gathering.count;
    json_close(slice->json);
    return STATUS_OK;
}
