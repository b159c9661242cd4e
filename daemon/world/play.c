#include "world/play_parts.h"

#include <string.h>

enum { ID_BYTES = 24 };

#define PLAY_MESSAGE(word, en_words, zh_words) \
    const struct message play_##word = {.code = "play_" #word, .en = en_words, .zh = zh_words};
PLAY_MESSAGES(PLAY_MESSAGE)
#undef PLAY_MESSAGE

void play_wrong(struct play *play, const struct message *message, struct mark mark,
                struct text first, struct text second)
{
    struct text arguments[] = {first, second};

    problem_add(play->problems, PROBLEM_ERROR, message, mark, arguments, 2);
}

const struct scenario_case *play_case(const struct play *play)
{
    return &play->scenario->cases[play->step->which];
}

uint32_t play_case_of(const struct play *play, struct text agency, struct text id)
{
    for (uint32_t i = 0; i < play->scenario->case_count; i++) {
        if (text_equal(play->scenario->cases[i].id, id) &&
            text_equal(play->scenario->cases[i].agency, agency)) {
            return i;
        }
    }
    return NO_INDEX;
}

static bool pass(struct play *play, int64_t until_ms, bool including)
{
    if (world_pass(&play->world, until_ms, including)) {
        return true;
    }
    play_wrong(play, &play_stuck, play->step->mark, (struct text){0}, (struct text){0});
    return false;
}

/* "step-12": the event's own id where the step gives none. */
static struct text make_id(struct play *play)
{
    char *room = arena_take(play->arena, ID_BYTES);
    uint32_t number = play->step_index + 1;
    size_t at = ID_BYTES;

    if (room == NULL) {
        return (struct text){0};
    }
    for (; number > 0; number /= 10) {
        room[--at] = (char)('0' + number % 10);
    }
    at -= 5;
    memcpy(room + at, "step-", 5);
    return (struct text){.bytes = room + at, .size = ID_BYTES - at};
}

static bool opens(const struct play *play, struct text event)
{
    const struct law *law = engine_law(play->world.engine);

    for (uint32_t i = 0; i < law->procedure_count; i++) {
        const struct procedure *procedure = law->procedures[i].procedure;
        uint16_t index = procedure_event(procedure, event);

        if (text_equal(procedure->name, play_procedure_name(play, play->step->which)) &&
            index != NO_INDEX &&
            offer_find(procedure->opens, procedure->open_count, index) != NULL) {
            return true;
        }
    }
    return false;
}

static void send(struct play *play)
{
    const struct scenario_step *step = play->step;
    const struct scenario_case *one = play_case(play);
    struct document *documents =
        arena_take_zeroed(play->arena, step->document_count, sizeof(*documents));
    struct submission submission = {
        .id = text_empty(step->id) ? make_id(play) : step->id,
        .source = text_empty(step->source) ? TEXT("simulate") : step->source,
        .agency = text_empty(step->agency) ? one->agency : step->agency,
        .case_id = one->id,
        .wait_ms = step->wait_ms,
        .documents = documents,
        .document_count = step->document_count,
        .event =
            {
                .type = step->event,
                .occurred_ms =
                    step->occurred_ms != INSTANT_NONE ? step->occurred_ms : play->world.now_ms,
                .role = step->role,
                .person =
                    text_empty(step->person) ? play_person(play, step->role) : step->person,
                .with = step->with,
                .with_count = step->with_count,
                .facts = step->facts,
                .fact_count = step->fact_count,
                .documents = step->documents,
                .document_count = step->document_count,
                .note = step->note,
            },
    };

    if (documents == NULL) {
        return;
    }
    for (uint32_t i = 0; i < step->document_count; i++) {
        documents[i].kind = step->documents[i];
    }
    if (opens(play, step->event)) {
        submission.procedure = play_procedure_name(play, step->which);
        submission.event.unit = one->unit;
    }
    world_send(&play->world, &submission, &play->receipt);
    if (play->watch->on_receipt != NULL) {
        play->watch->on_receipt(play->watch->context, step, play->world.now_ms, &play->receipt);
    }
}

/* What the user calls a file that was installed under this path. */
static struct text shown_name(struct play *play, const struct source *source)
{
    const struct play_script *script = play->script;
    const char *copy;

    for (uint32_t i = 0; script->shown != NULL && i < script->file_count; i++) {
        if (text_equal(script->files[i].path, source->name) &&
            text_equal(script->files[i].bytes, source->bytes)) {
            return script->shown[i];
        }
    }
    for (uint32_t i = 0; i < script->install_count; i++) {
        if (text_equal(script->installs[i].file.path, source->name) &&
            text_equal(script->installs[i].file.bytes, source->bytes)) {
            return script->installs[i].shown;
        }
    }
    copy = arena_copy(play->arena, source->name.bytes, source->name.size);
    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : source->name.size};
}

/* A copy of a file that problems point at: the world's own goes with the next install. */
static const struct source *keep_source(struct play *play, const struct source *source)
{
    struct source *kept = arena_take_zeroed(play->arena, 1, sizeof(*kept));

    if (kept == NULL || source == NULL) {
        return NULL;
    }
    kept->name = shown_name(play, source);
    kept->bytes.bytes = arena_copy(play->arena, source->bytes.bytes, source->bytes.size);
    kept->bytes.size = source->bytes.size;
    return play->arena->spent ? NULL : kept;
}

bool play_install(struct play *play, const struct install_file *files, uint32_t count)
{
    struct problem_list problems;
    const struct source *last = NULL;
    const struct source *kept = NULL;

    problem_list_init(&problems, play->arena);
    if (world_install(&play->world, files, count, &problems)) {
        return true; /* notes and warnings are for `duban procedure check` */
    }
    for (const struct problem *at = problems.first; at != NULL; at = at->next) {
        struct mark mark = at->mark;

        if (mark.source != last) {
            last = mark.source;
            kept = keep_source(play, last);
        }
        mark.source = kept;
        if (at->severity == PROBLEM_ERROR) {
            problem_add(play->problems, at->severity, at->message, mark, at->arguments,
                        PROBLEM_ARGUMENTS);
        }
    }
    return false;
}

static const struct install_file *find_install(const struct play *play, struct text written)
{
    for (uint32_t i = 0; i < play->script->install_count; i++) {
        if (text_equal(play->script->installs[i].written, written)) {
            return &play->script->installs[i].file;
        }
    }
    return NULL;
}

static bool install(struct play *play)
{
    const struct scenario_step *step = play->step;
    struct install_file *files = arena_take(play->arena, step->install_count * sizeof(*files));

    for (uint32_t i = 0; files != NULL && i < step->install_count; i++) {
        const struct install_file *file = find_install(play, step->installs[i]);

        if (file == NULL) {
            play_wrong(play, &play_no_file, step->install_mark, step->installs[i],
                       (struct text){0});
            return false;
        }
        files[i] = *file;
    }
    return files != NULL && play_install(play, files, step->install_count);
}

/* What became of the step's case is its receipt; an expectation of theirs tells of others. */
static void on_migrated(void *context, const struct case_state *before,
                        const struct told *reasons, uint32_t reason_count)
{
    struct play *play = context;

    if (play_case_of(play, before->agency, before->id) == play->step->which) {
        play->receipt.verdict = reason_count == 0 ? RECEIPT_APPLIED : RECEIPT_REJECTED;
        play->receipt.reasons = play_keep_reasons(play, reasons, reason_count);
        play->receipt.reason_count = reason_count;
    }
}

static uint32_t version_of_case(struct play *play)
{
    const struct scenario_case *one = play_case(play);
    struct arena arena;
    struct case_state state;
    const struct procedure *procedure = NULL;
    const struct law *law = engine_law(play->world.engine);
    uint32_t number = 0;

    arena_init_growing(&arena, STATE_BYTES_MAX * 64);
    if (engine_case(play->world.engine, one->agency, one->id, &arena, &state, &procedure)) {
        for (uint32_t i = 0; i < law->procedure_count; i++) {
            number =
                law->procedures[i].procedure == procedure ? law->procedures[i].number : number;
        }
    }
    arena_fini(&arena);
    return number;
}

/* All cases of the version that the step's case has. */
static bool migrate(struct play *play)
{
    struct migration migration = {
        .from = version_of_case(play),
        .to = law_number(engine_law(play->world.engine), play->step->migrate),
        .context = play,
        .on_case = on_migrated,
    };

    if (migration.from == 0 || migration.to == 0) {
        play_wrong(play, &play_no_procedure, play->step->event_mark, play->step->migrate,
                   (struct text){0});
        return false;
    }
    (void)engine_migrate(play->world.engine, &migration, 0, UINT32_MAX, play->world.now_ms);
    return true;
}

static bool act(struct play *play)
{
    const struct scenario_step *step = play->step;

    if (step->at_ms != INSTANT_NONE && !pass(play, step->at_ms, false)) {
        return false;
    }
    if (step->until_ms != INSTANT_NONE && !pass(play, step->until_ms, true)) {
        return false;
    }
    if (!text_empty(step->event)) {
        send(play);
    }
    if (!text_empty(step->migrate) && !migrate(play)) {
        return false;
    }
    if (step->install_count > 0 && !install(play)) {
        return false;
    }
    if (step->down_ms > 0) {
        world_sleep(&play->world, play->world.now_ms + step->down_ms);
    }
    return pass(play, play->world.now_ms, true);
}

static bool play_step(struct play *play, uint32_t index)
{
    play->step = &play->scenario->steps[index];
    play->step_index = index;
    play->sent = (struct spoken_list){0};
    play->left = (struct spoken_list){0};
    play->receipt = (struct receipt){0};
    if (play->watch->on_step != NULL) {
        play->watch->on_step(play->watch->context, play->step);
    }
    if (!act(play)) {
        return false;
    }
    play_let_leave(play, play->world.now_ms);
    play_check(play);
    play->result->step_count++;
    return true;
}

static bool play_all(struct play *play)
{
    const struct play_script *script = play->script;

    if (!play_install(play, script->files, script->file_count) || !play_install_people(play)) {
        return false;
    }
    for (uint32_t i = 0; i < play->scenario->step_count; i++) {
        if (!play_step(play, i)) {
            return false;
        }
    }
    play->result->record_count = engine_seq(play->world.engine);
    if (script->replay && !world_replays(&play->world)) {
        play_wrong(play, &play_strayed, play->scenario->mark, (struct text){0},
                   (struct text){0});
    }
    return true;
}

bool play_scenario(const struct play_script *script, const struct play_watch *watch,
                   struct arena *arena, struct problem_list *problems,
                   struct play_result *result)
{
    static const struct play_watch nobody;
    const struct scenario *scenario = script->scenario;
    struct play play = {
        .script = script,
        .scenario = scenario,
        .watch = watch == NULL ? &nobody : watch,
        .arena = arena,
        .problems = problems,
        .result = result,
    };
    struct watch records = {.context = &play, .on_record = play_on_record};
    uint32_t errors = problems->error_count;
    int64_t start_ms = scenario->step_count == 0 ? 0 : scenario->steps[0].at_ms;

    *result = (struct play_result){0};
    if (world_open(&play.world, start_ms, &records) == STATUS_OK) {
        (void)play_all(&play);
    } else {
        play_wrong(&play, &play_failed, scenario->mark, (struct text){0}, (struct text){0});
    }
    world_close(&play.world);
    return problems->error_count == errors && !arena->spent;
}
