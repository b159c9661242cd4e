/* The threads that call send. */
#include "parts.h"

#include "base/clock.h"
#include "base/sha256.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* What a worker sees of a job: texts of the message that is in hand, and its two lists. */
static bool fill_job(const struct hand *hand, struct worker_job *job)
{
    const Duban__V1__Job *from = hand->job;
    int64_t left_ms = hand->useful_until_ms - steady_ms();

    *job = (struct worker_job){
        .key = from->key,
        .channel = from->channel,
        .address = from->address,
        .receiver = from->receiver,
        .language = from->language,
        .template = from->template_,
        .version = from->version,
        .brief = from->brief,
        .subject = from->subject,
        .body = from->body,
        .names = calloc(from->n_values + 1, sizeof(char *)),
        .values = calloc(from->n_values + 1, sizeof(char *)),
        .value_count = (uint32_t)from->n_values,
        .attempt = from->attempt,
        .notices = from->notices,
        .useful_until_ms =
            hand->useful_until_ms == INT64_MAX ? INT64_MAX : clock_wall_ms() + left_ms,
        .resent = from->resent,
    };
    for (size_t i = 0; job->names != NULL && job->values != NULL && i < from->n_values; i++) {
        job->names[i] = from->values[i]->name;
        job->values[i] = from->values[i]->value;
    }
    return job->names != NULL && job->values != NULL;
}

static void add(struct sha256 *sha, const char *words)
{
    sha256_add(sha, text_of(words));
    sha256_add(sha, (struct text){.bytes = "", .size = 1});
}

/* Of what was sent, where the worker did not say: the words, each with a zero byte behind. */
static void digest(const struct worker_job *job, struct worker_result *result)
{
    struct sha256 sha;

    for (size_t i = 0; i < sizeof(result->sha256); i++) {
        if (result->sha256[i] != 0) {
            return;
        }
    }
    sha256_init(&sha);
    add(&sha, job->brief);
    add(&sha, job->subject);
    add(&sha, job->body);
    sha256_end(&sha, result->sha256);
}

/*
 * The last look before the provider is called. A process that was stopped, or waited too long
 * for a sender, may have lost its lease meanwhile, and another has the job.
 */
static void call(struct senders *senders, struct hand *hand)
{
    struct worker_job job;
    int64_t now_ms = steady_ms();

    if (atomic_load(&hand->over) || now_ms >= hand->lease_until_ms) {
        worker_later(&hand->result, "kit.lease", "the lease was over before it was sent", 0);
        return;
    }
    if (now_ms >= hand->useful_until_ms) {
        worker_later(&hand->result, "kit.late", "it had lost its use before it was sent", 0);
        return;
    }
    if (fill_job(hand, &job)) {
        senders->send(senders->mine, &job, &hand->result);
        digest(&job, &hand->result);
    } else {
        worker_later(&hand->result, "kit.memory", "out of memory", 0);
    }
    free(job.names);
    free(job.values);
}

/* The next to send; NULL: it is all over. */
static struct hand *wait_for_hand(struct senders *senders)
{
    struct hand *hand;

    (void)pthread_mutex_lock(&senders->mutex);
    while (senders->first == NULL && !senders->ending) {
        (void)pthread_cond_wait(&senders->wanted, &senders->mutex);
    }
    hand = senders->first;
    if (hand != NULL) {
        senders->first = hand->queued;
    }
    (void)pthread_mutex_unlock(&senders->mutex);
    return hand;
}

static void give_back(struct senders *senders, struct hand *hand)
{
    uint64_t one = 1;
    ssize_t rc;

    (void)pthread_mutex_lock(&senders->mutex);
    hand->queued = senders->back;
    senders->back = hand;
    (void)pthread_mutex_unlock(&senders->mutex);
    rc = write(senders->event_fd, &one, sizeof(one));
    (void)rc; /* full means that it is readable, which is all that matters */
}

static void *work(void *context)
{
    struct senders *senders = context;
    struct hand *hand;

    while ((hand = wait_for_hand(senders)) != NULL) {
        call(senders, hand);
        hand->sent_ms = steady_ms();
        give_back(senders, hand);
    }
    return NULL;
}

bool senders_open(struct senders *senders, const struct worker *worker, uint32_t count)
{
    senders->send = worker->send;
    senders->mine = worker->mine;
    senders->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    while (senders->event_fd >= 0 && senders->count < count &&
           pthread_create(&senders->threads[senders->count], NULL, work, senders) == 0) {
        senders->count++;
    }
    return senders->count == count;
}

void senders_end(struct senders *senders)
{
    (void)pthread_mutex_lock(&senders->mutex);
    senders->ending = true;
    (void)pthread_cond_broadcast(&senders->wanted);
    (void)pthread_mutex_unlock(&senders->mutex);
    for (uint32_t i = 0; i < senders->count; i++) {
        (void)pthread_join(senders->threads[i], NULL);
    }
}

void senders_close(struct senders *senders)
{
    if (senders->event_fd >= 0) {
        (void)close(senders->event_fd);
    }
    (void)pthread_cond_destroy(&senders->wanted);
    (void)pthread_mutex_destroy(&senders->mutex);
}

void senders_give(struct senders *senders, struct hand *hand)
{
    hand->queued = NULL;
    (void)pthread_mutex_lock(&senders->mutex);
    if (senders->first == NULL) {
        senders->first = hand;
    } else {
        senders->last->queued = hand;
    }
    senders->last = hand;
    (void)pthread_cond_signal(&senders->wanted);
    (void)pthread_mutex_unlock(&senders->mutex);
}

struct hand *senders_take(struct senders *senders)
{
    uint64_t count;
    ssize_t rc = read(senders->event_fd, &count, sizeof(count));
    struct hand *back;

    (void)rc; /* nothing to read is no failure */
    (void)pthread_mutex_lock(&senders->mutex);
    back = senders->back;
    senders->back = NULL;
    (void)pthread_mutex_unlock(&senders->mutex);
    return back;
}
