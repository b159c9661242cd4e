#include "engine/parts.h"

#include "base/log.h"
#include "base/must.h"
#include "codec/pack.h"
#include "codec/state.h"

#include <stdlib.h>
#include <string.h>

#define ENGINE_MESSAGE(word, en_words, zh_words) \
    const struct message engine_##word = {.code = #word, .en = en_words, .zh = zh_words};
ENGINE_MESSAGES(ENGINE_MESSAGE)
#undef ENGINE_MESSAGE

const struct message *const *engine_messages(uint32_t *count)
{
#define ENGINE_MESSAGE(word, en_words, zh_words) &engine_##word,
    static const struct message *const messages[] = {ENGINE_MESSAGES(ENGINE_MESSAGE)};
#undef ENGINE_MESSAGE

    *count = sizeof(messages) / sizeof(messages[0]);
    return messages;
}

static bool take_memory(struct engine *engine)
{
    engine->step_bytes = malloc(STEP_BYTES);
    engine->answer_bytes = malloc(ANSWER_BYTES);
    engine->read_bytes = malloc(READ_BYTES);
    engine->record_room = malloc(RECORD_BYTES_MAX);
    engine->reread_room = malloc(RECORD_BYTES_MAX);
    engine->before_room = malloc(STATE_ROOM_BYTES);
    engine->after_room = malloc(STATE_ROOM_BYTES);
    engine->delta_room = malloc(2 * STATE_ROOM_BYTES);
    engine->job_bytes = malloc(JOB_ARENA_BYTES);
    engine->job_before_bytes = malloc(JOB_ARENA_BYTES);
    engine->job_known_bytes = malloc(JOB_ARENA_BYTES);
    engine->offer_bytes = malloc(ANSWER_BYTES);
    engine->postbox = postbox_open();
    return engine->postbox != NULL && engine->step_bytes != NULL &&
           engine->answer_bytes != NULL && engine->read_bytes != NULL &&
           engine->record_room != NULL && engine->reread_room != NULL &&
           engine->before_room != NULL && engine->after_room != NULL &&
           engine->delta_room != NULL && engine->job_bytes != NULL &&
           engine->job_before_bytes != NULL && engine->job_known_bytes != NULL &&
           engine->offer_bytes != NULL;
}

/* The state follows from this journal, and from no more than it has. */
static enum status check_head(struct engine *engine, const struct reached *reached)
{
    uint8_t hash[JOURNAL_HASH_BYTES];
    enum status status = journal_hash(engine->journal, reached->seq, hash);

    if (status == STATUS_OK && memcmp(hash, reached->hash, sizeof(hash)) == 0) {
        return STATUS_OK;
    }
    log_error("store.refused reached=%llu journal=%llu reason=\"the state follows from another "
              "journal than this one\" do=\"duban audit verify; then restore the last backup\"",
              (unsigned long long)reached->seq,
              (unsigned long long)journal_next(engine->journal) - 1);
    return STATUS_MALFORMED;
}

static enum status start(struct engine *engine)
{
    struct reached head;
    enum status status = meta_read(engine, &head);
    uint64_t reached = head.seq;

    if (status == STATUS_OK) {
        status = check_head(engine, &head);
    }

    if (status == STATUS_OK) {
        status = engine_load_law(engine);
    }
    if (status == STATUS_OK && reached + 1 < journal_next(engine->journal)) {
        engine->replayed = reached + 1;
        status = engine_replay(engine);
        engine->replayed = 0;
    }
    return status;
}

enum status engine_open(struct engine **out, struct store *store, struct journal *journal,
                        struct keyring *keyring, const struct watch *watch)
{
    struct engine *engine = calloc(1, sizeof(*engine));
    enum status status = STATUS_NO_MEMORY;

    *out = NULL;
    if (engine == NULL) {
        return status;
    }
    engine->store = store;
    engine->journal = journal;
    engine->keyring = keyring;
    engine->watch = watch == NULL ? (struct watch){0} : *watch;
    if (seal_ready() && take_memory(engine)) {
        status = start(engine);
    }
    if (status != STATUS_OK) {
        engine_close(engine);
        return status;
    }
    *out = engine;
    return STATUS_OK;
}

void engine_close(struct engine *engine)
{
    if (engine == NULL) {
        return;
    }
    law_release(engine->held);
    arena_fini(&engine->refused_arena);
    free(engine->step_bytes);
    free(engine->answer_bytes);
    free(engine->read_bytes);
    free(engine->record_room);
    free(engine->reread_room);
    free(engine->before_room);
    free(engine->after_room);
    free(engine->delta_room);
    free(engine->job_bytes);
    free(engine->job_before_bytes);
    free(engine->job_known_bytes);
    free(engine->offer_bytes);
    postbox_close(engine->postbox);
    free(engine);
}

/* How the keyring stands. */
static enum status keys_status(const struct engine *engine)
{
    return engine->keyring == NULL ? STATUS_OK : keyring_status(engine->keyring);
}

bool engine_stopped(const struct engine *engine)
{
    return engine->strayed || store_status(engine->store) != STATUS_OK ||
           journal_status(engine->journal) != STATUS_OK || keys_status(engine) != STATUS_OK;
}

/* While a replay runs the journal has the record already: it must be the same. */
static uint64_t meet_again(struct engine *engine, const struct record *record,
                           struct bytes bytes)
{
    uint64_t seq = engine->replayed++;
    struct bytes known;

    if (engine->as_recorded) {
        return seq;
    }
    if (journal_read(engine->journal, seq, &known) != STATUS_OK || !bytes_equal(known, bytes)) {
        engine->strayed = true;
        replay_tell_otherwise(engine, seq, record);
    }
    return seq;
}

bool engine_replays(const struct engine *engine)
{
    return engine->replayed != 0 && engine->replayed < journal_next(engine->journal);
}

uint64_t engine_append(struct engine *engine, const struct happening *happening)
{
    struct happening told = *happening;
    struct bytes bytes = {0};

    MUST(record_encode(told.record, engine->record_room, RECORD_BYTES_MAX, &bytes) ==
         STATUS_OK);
    engine->now_ms = told.record->now_ms;
    if (engine_replays(engine)) {
        return meet_again(engine, told.record, bytes);
    }
    told.seq = journal_append(engine->journal, bytes);
    if (engine->replayed != 0) { /* what a torn write took with it is done now */
        engine->replayed = journal_next(engine->journal);
    }
    if (engine->watch.on_record != NULL && !engine_stopped(engine)) {
        engine->watch.on_record(engine->watch.context, &told);
    }
    return told.seq;
}

enum status engine_flush(struct engine *engine)
{
    if (engine->strayed) {
        return STATUS_MALFORMED;
    }

    enum status status = keys_status(engine);

    if (status == STATUS_OK) { /* else something was not sealed, and is not to be kept */
        status = journal_flush(engine->journal);
    }
    return status == STATUS_OK ? store_status(engine->store) : status;
}

uint64_t engine_unsaved(const struct engine *engine)
{
    return store_unsaved(engine->store);
}

enum status engine_checkpoint(struct engine *engine)
{
    enum status status = engine_flush(engine);

    if (status != STATUS_OK) {
        return status;
    }
    return engine_save(engine);
}

struct store_use engine_use(const struct engine *engine)
{
    return store_use(engine->store);
}

void engine_look(struct engine *engine)
{
    store_look(engine->store);
}

const struct law *engine_law(const struct engine *engine)
{
    return engine->law;
}

struct held_law *engine_hold_law(struct engine *engine)
{
    return law_hold(engine->held);
}

uint64_t engine_seq(const struct engine *engine)
{
    return (engine->replayed != 0 ? engine->replayed : journal_next(engine->journal)) - 1;
}

int64_t engine_now(const struct engine *engine, int64_t wall_ms)
{
    return wall_ms > engine->now_ms ? wall_ms : engine->now_ms;
}

enum status engine_record(struct engine *engine, uint64_t seq, struct arena *arena,
                          struct record *record)
{
    struct bytes bytes;
    enum status status = journal_read(engine->journal, seq, &bytes);

    if (status != STATUS_OK) {
        return status;
    }
    if (arena == &engine->read) { /* the journal's bytes go with the next append */
        memcpy(engine->reread_room, bytes.at, bytes.size);
        bytes.at = engine->reread_room;
        arena_init_over(&engine->read, engine->read_bytes, READ_BYTES);
    } else {
        bytes.at = arena_copy(arena, bytes.at, bytes.size);
    }
    return bytes.at == NULL ? STATUS_LIMIT : record_decode(bytes, arena, record);
}

bool engine_case(struct engine *engine, struct text agency, struct text case_id,
                 struct arena *arena, struct case_state *state,
                 const struct procedure **procedure)
{
    struct key key = key_name(agency, case_id);
    uint8_t *room = arena_take(arena, STATE_ROOM_BYTES);
    struct case_file file;
    struct unpacker unpacker;
    struct bytes value;

    if (room == NULL || !store_get(engine->store, TABLE_NAMES, &key, &value)) {
        return false;
    }
    unpack_init(&unpacker, value);
    if (!casefile_load(engine->store, unpack_u64(&unpacker), room, &file)) {
        return false;
    }
    *procedure = law_procedure(engine->law, file.procedure);
    return *procedure != NULL &&
           state_decode(file.state, *procedure, arena, state) == STATUS_OK;
}
