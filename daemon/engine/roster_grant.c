#include "engine/roster_parts.h"

#include "base/log.h"
#include "base/must.h"

/* Handing out jobs: workers in turn, and each worker's channels in turn, so that none starves
 * another; within a channel the queue's own order, least slack first. */

/* The largest job still finds room in the outbox. */
#define ROOM_BYTES (3 * FRAME_BYTES_MAX)

static bool has_room(const struct roster *roster)
{
    const struct outbox *outbox = roster->outbox;

    return outbox != NULL && outbox->count < OUTBOX_MAX && !outbox->arena.spent &&
           (size_t)(outbox->arena.end - outbox->arena.at) >= ROOM_BYTES &&
           roster->leases.count < LEASES_MAX;
}

/* It cannot be said, or not to anybody: a failure for good, and the receiver's next channel. */
static void give_up(struct roster *roster, const struct job_offer *offer, const char *why)
{
    struct job_report report = {
        .step = JOB_STEP_FAIL,
        .token = offer->job.token,
        .failure = JOB_FAILED_FOR_GOOD,
        .worker = TEXT("duband"),
        .words = text_of(why),
    };

    (void)!engine_report(roster->engine, &report, roster->now_ms);
    log_warn("job.unsaid token=%llu reason=\"%s\"", (unsigned long long)report.token, why);
}

static struct bytes frame_of(struct roster *roster, const struct job_offer *offer)
{
    const struct job *job = &offer->job;
    char key[JOB_KEY_SIZE];
    size_t size = engine_job_key(roster->engine, job, key);
    struct wire_job wire = {
        .id = job->number,
        .attempt = job->attempt,
        .token = roster_wire_token(roster, job->token),
        .key = {.bytes = key, .size = size},
        .channel = job->channel,
        .address = offer->address,
        .receiver = offer->name,
        .english = offer->english,
        .template = offer->template,
        .version = text_of(offer->version),
        .values = offer->values,
        .value_count = offer->value_count,
        .brief = offer->brief,
        .subject = offer->subject,
        .body = offer->body,
        .useful_ms = job->useful_ms,
        .notices = job->notice_count,
        .resent = job->resends > 0,
    };

    return wire_encode_job(&wire, &roster->outbox->arena);
}

static void hand_out(struct roster *roster, struct worker *worker,
                     const struct job_offer *offer)
{
    uint64_t token = offer->job.token;

    if (text_empty(offer->address)) {
        give_up(roster, offer, "no address");
        return;
    }

    struct bytes frame = frame_of(roster, offer);

    if (frame.size == 0 || frame.size > FRAME_BYTES_MAX) {
        give_up(roster, offer, "too long for one message");
        return;
    }

    /* Never less than it was told in its Welcome, whatever was installed since. */
    int64_t term_ms = roster_term_ms(roster, offer->job.channel);
    struct lease *lease =
        leases_add(&roster->leases, token, roster_place(roster, worker),
                   term_ms > worker->term_ms ? term_ms : worker->term_ms, roster->own_ms);

    MUST(lease != NULL);
    worker->held++;
    worker->credit--;
    roster_say(roster, &worker->caller, token, frame);
}

/* One job of a channel; false: it has none now. */
static bool grant_of(struct roster *roster, struct worker *worker, struct text name)
{
    uint64_t seq = engine_seq(roster->engine);
    struct job_offer offer;

    switch (engine_lease(roster->engine, name, worker->name, roster->now_ms, &offer)) {
    case STATUS_OK:
        hand_out(roster, worker, &offer);
        return true;
    case STATUS_LIMIT:
        give_up(roster, &offer, "no words for it");
        return true;
    case STATUS_NOT_FOUND:
    case STATUS_MALFORMED:
    case STATUS_REFUSED:
    case STATUS_NO_MEMORY:
    case STATUS_FULL:
    case STATUS_DISK:
    case STATUS_NETWORK:
        break;
    }
    return engine_seq(roster->engine) != seq; /* some were put off: go on behind them */
}

static bool is_dry(const struct roster *roster, uint32_t channel)
{
    return roster->dry[channel].readied == engine_readied(roster->engine) &&
           roster->dry[channel].until_ms > roster->own_ms;
}

/* One job for a worker, of the channel whose turn it is or the next that has one. */
static bool grant_one(struct roster *roster, struct worker *worker)
{
    const struct installed *installed = engine_law(roster->engine)->installed;

    for (uint32_t i = 0; i < worker->channel_count; i++) {
        struct text name = worker->channels[(worker->next_channel + i) % worker->channel_count];
        const struct channel *channel = installed_channel(installed, name);
        uint32_t place = channel == NULL ? 0 : (uint32_t)(channel - installed->channels);

        if (channel == NULL || is_dry(roster, place)) {
            continue;
        }
        if (grant_of(roster, worker, name)) {
            worker->next_channel = (worker->next_channel + i + 1) % worker->channel_count;
            return true;
        }
        roster->dry[place].readied = engine_readied(roster->engine);
        roster->dry[place].until_ms = roster->own_ms + ROSTER_DRY_MS / roster->rate;
    }
    return false;
}

void roster_grant(struct roster *roster)
{
    uint32_t granted = 0;

    for (uint32_t idle = 0; idle < ROSTER_WORKERS_MAX; roster->turn++) {
        struct worker *worker = &roster->workers[roster->turn % ROSTER_WORKERS_MAX];

        if (worker->credit == 0 || worker->caller.size == 0) {
            idle++;
            continue;
        }
        if (granted == ROSTER_GRANTS_MAX) {
            roster->cut = true;
            return;
        }
        if (!has_room(roster)) {
            roster->starved = true;
            return;
        }
        if (grant_one(roster, worker)) {
            granted++;
            idle = 0;
        } else {
            idle++;
        }
    }
}
