#include "engine/job_tell.h"

#include "codec/state.h"
#include "engine/account.h"
#include "engine/casefile.h"

enum { CASES_TOLD = 3 };

struct text job_receiver_name(const struct installed *installed, const struct job *job)
{
    const struct person *person =
        job->outside ? NULL : installed_person(installed, job->receiver);
    struct text role;

    if (person != NULL) {
        return person->name;
    }
    (void)text_cut(job->receiver, '.', &role);
    return job->outside ? role : job->receiver;
}

/* The publisher's name of a case; empty where it cannot be read. */
static struct text case_id_of(const struct job_telling *telling, uint64_t number)
{
    uint8_t *room = arena_take(telling->arena, STATE_ROOM_BYTES);
    struct case_state state = {0};
    struct case_file file;

    if (room == NULL || !casefile_load(telling->store, number, room, &file)) {
        return (struct text){0};
    }

    const struct procedure *procedure = law_procedure(telling->law, file.procedure);

    return procedure != NULL &&
                   state_decode(file.state, procedure, telling->arena, &state) == STATUS_OK
               ? state.id
               : (struct text){0};
}

static void tell_cases(const struct job_telling *telling, const struct job *job,
                       struct json *json)
{
    uint64_t last = 0;
    uint32_t told = 0;

    json_open_list(json, "cases");
    for (uint32_t i = 0; i < job->notice_count && told < CASES_TOLD; i++) {
        if (job->notices[i].number != last) {
            last = job->notices[i].number;
            json_put(json, NULL, case_id_of(telling, last));
            told++;
        }
    }
    json_close(json);
}

void job_tell(const struct job_telling *telling, const struct job *job, struct json *json)
{
    const struct installed *installed = telling->law->installed;
    const struct agency *agency = installed_agency(installed, job->agency);
    int64_t zone_ms = agency == NULL ? 0 : agency->office.zone_ms;

    json_open(json, NULL);
    json_put_number(json, "job", (int64_t)job->number);
    json_put(json, "state", job_state_word(job->state));
    json_put(json, "channel", job->channel);
    json_put(json, "receiver", job->receiver);
    json_put(json, "name", job_receiver_name(installed, job));
    json_put(json, "agency", job->agency);
    tell_cases(telling, job, json);
    json_put_number(json, "notices", job->notice_count);
    json_put_flag(json, "urgent", job->urgent);
    json_put_number(json, "attempt", job->attempt);
    json_put_number(json, "failures", job->failures);
    json_put_number(json, "resends", job->resends);
    account_put_instant(json, "made", job->made_ms, zone_ms);
    account_put_instant(json, "since", job->since_ms, zone_ms);
    account_put_instant(json, "until", job->until_ms, zone_ms);
    account_put_instant(json, "useful_until", job->useful_ms, zone_ms);
    json_put_some(json, "worker", job->worker);
    json_put_some(json, "last", job->last);
    json_close(json);
}
