#include "engine/parts.h"

#include "base/must.h"
#include "codec/pack.h"

#include <string.h>

enum { ROW_BYTES = 16 };

static const struct message other_content = {
    .code = "other_content",
    .en = "{0} is installed already with other content; give the change a new version",
    .zh = "“{0}”已安装而内容不同；修改后须使用新的版本号",
};
static const struct message not_known = {
    .code = "not_known",
    .en = "{0} is no file of a configuration: agencies.yaml, channels.yaml, people.yaml, "
          "calendars/NAME.csv, registers/NAME.csv, procedures/NAME.yaml or "
          "notices/NAME.LANGUAGE.txt",
    .zh = "“{0}”不是配置文件：应为 agencies.yaml、channels.yaml、people.yaml、"
          "calendars/名称.csv、registers/名称.csv、procedures/名称.yaml 或 "
          "notices/名称.语言.txt",
};
static const struct message too_large = {
    .code = "too_large",
    .en = "one install takes 1 MB at most; install the files in several steps",
    .zh = "一次安装最多 1 MB；请分次安装",
};
static const struct message agency_gone = {
    .code = "agency_gone",
    .en = "agency {0} is missing: since the first case was opened every agency stays; put it "
          "back "
          "(`opens: []` keeps it from new cases)",
    .zh = "缺少机构“{0}”：首件立案之后机构不得删除；请将其补回（opens: [] 可使其不再立案）",
};

/* An install in the making: what is to stand there, old and new. */
struct install {
    struct arena arena;     /* of the law to be */
    struct held_law *held;  /* in the arena */
    struct law_file *files; /* ordered by name */
    uint32_t count;
    bool *changed; /* by file */
    uint32_t changed_count;
};

static bool read_row(struct bytes value, uint64_t *seq, uint32_t *index, uint32_t *number)
{
    struct unpacker unpacker;

    unpack_init(&unpacker, value);
    *seq = unpack_u64(&unpacker);
    *index = unpack_u32(&unpacker);
    *number = unpack_u32(&unpacker);
    return unpack_end(&unpacker) == STATUS_OK;
}

static struct text keep(struct arena *arena, struct text text)
{
    const char *copy = arena_copy(arena, text.bytes, text.size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : text.size};
}

/* The files that stand there now, copied into the install's arena. */
static enum status take_installed(struct engine *engine, struct install *install)
{
    struct key key = key_first();
    struct bytes value;
    struct record record;
    uint64_t read_seq = 0; /* files of one install stand in one record */

    while (store_next(engine->store, TABLE_INSTALLED, &key, &value)) {
        struct law_file *file = &install->files[install->count];
        uint64_t seq;
        uint32_t index;

        if (install->count == INSTALL_FILES_MAX ||
            !read_row(value, &seq, &index, &file->number)) {
            return STATUS_MALFORMED;
        }
        if ((seq != read_seq &&
             engine_record(engine, seq, &engine->read, &record) != STATUS_OK) ||
            index >= record.file_count) {
            return STATUS_MALFORMED;
        }
        read_seq = seq;
        file->name = keep(&install->arena,
                          (struct text){.bytes = (const char *)key.bytes, .size = key.size});
        file->source.name = keep(&install->arena, record.files[index].path);
        file->source.bytes = keep(&install->arena, record.files[index].bytes);
        install->count++;
        key.bytes[key.size++] = 0;
    }
    return STATUS_OK;
}

/* Make room for at most `more` files beside those installed. */
static bool begin(struct install *install)
{
    *install = (struct install){0};
    arena_init_growing(&install->arena, LAW_BYTES_MAX);
    install->held = arena_take(&install->arena, sizeof(*install->held));
    install->files = arena_take(&install->arena, INSTALL_FILES_MAX * sizeof(*install->files));
    install->changed = arena_take_zeroed(&install->arena, INSTALL_FILES_MAX, sizeof(bool));
    return !install->arena.spent;
}

static uint32_t find_place(const struct install *install, struct text name, bool *there)
{
    uint32_t at = 0;

    while (at < install->count && text_compare(install->files[at].name, name) < 0) {
        at++;
    }
    *there = at < install->count && text_equal(install->files[at].name, name);
    return at;
}

static bool insert(struct install *install, uint32_t at)
{
    if (install->count == INSTALL_FILES_MAX) {
        return false;
    }
    memmove(&install->files[at + 1], &install->files[at],
            (install->count - at) * sizeof(install->files[0]));
    memmove(&install->changed[at + 1], &install->changed[at],
            (install->count - at) * sizeof(install->changed[0]));
    install->count++;
    install->changed[at] = false;
    return true;
}

/* Add one file, or put it in the place of its elder. */
static void merge(struct engine *engine, struct install *install,
                  const struct install_file *added, struct problem_list *problems)
{
    struct source source = {.name = keep(&install->arena, added->path),
                            .bytes = keep(&install->arena, added->bytes)};
    struct mark mark = {0};
    struct text name = law_name(&source, &install->arena);
    bool there;

    if (text_empty(name)) {
        problem_error(problems, &not_known, mark, added->path);
        return;
    }

    uint32_t at = find_place(install, name, &there);

    if (there && text_equal(install->files[at].source.bytes, source.bytes)) {
        return;
    }
    if (there && law_is_procedure(name)) {
        problem_error(problems, &other_content, mark, name);
        return;
    }
    if (!there && !insert(install, at)) {
        problem_error(problems, &too_large, mark, added->path);
        return;
    }

    uint32_t number = law_is_procedure(name) ? ++engine->procedures : 0;

    install->files[at] = (struct law_file){.name = name, .source = source, .number = number};
    install->changed_count += install->changed[at] ? 0 : 1;
    install->changed[at] = true;
}

/* What cases stand on must stay. Before the first there is nothing to stand on, so that an
 * office can put its own agencies in the place of those that a new store is given. */
static bool keeps_agencies(const struct engine *engine, const struct law *new,
                           struct problem_list *problems)
{
    const struct law *old = engine->case_count > 0 ? engine->law : NULL;
    bool all = true;

    for (uint32_t i = 0; old != NULL && i < old->installed->agency_count; i++) {
        struct text id = old->installed->agencies[i].id;

        if (installed_agency(new->installed, id) == NULL) {
            problem_error(problems, &agency_gone, (struct mark){0}, id);
            all = false;
        }
    }
    return all;
}

/* Procedures are proved before a case can meet them; once installed they are not asked
 * again. */
static bool proves(const struct engine *engine, const struct install *install,
                   const struct law *law, struct problem_list *problems)
{
    bool all = true;

    for (uint32_t i = 0; i < install->count && engine->replayed == 0; i++) {
        if (install->changed[i] && install->files[i].number != 0) {
            all = law_prove(law, install->files[i].number, problems) && all;
        }
    }
    return all;
}

/* A row for each changed file: in which record it stands. */
static void store_rows(struct engine *engine, const struct install *install, uint64_t seq)
{
    uint32_t index = 0;

    for (uint32_t i = 0; i < install->count; i++) {
        const struct law_file *file = &install->files[i];
        struct key key = key_installed(file->name);
        uint8_t room[ROW_BYTES];
        struct packer packer;

        if (!install->changed[i]) {
            continue;
        }
        pack_init(&packer, room, sizeof(room));
        pack_u64(&packer, seq);
        pack_u32(&packer, index++);
        pack_u32(&packer, file->number);
        store_put(engine->store, TABLE_INSTALLED, &key, packed(&packer));
    }
}

static void count_generation(struct engine *engine, const struct install *install)
{
    for (uint32_t i = 0; i < install->count; i++) {
        if (install->changed[i] && law_moves_dates(install->files[i].name)) {
            engine->generation++;
            engine->swept = 0;
            return;
        }
    }
}

/* The record of it, with the changed files in the order of their names. */
static bool record_install(struct engine *engine, const struct install *install,
                           const struct act *act, int64_t wall_ms,
                           struct problem_list *problems)
{
    static const struct act nobody;
    struct install_file *files;
    struct record record = {.kind = RECORD_INSTALL,
                            .act = act == NULL ? nobody : *act,
                            .now_ms = engine_now(engine, wall_ms),
                            .verdict = RECORD_APPLIED,
                            .stage = NO_INDEX,
                            .next_due_ms = INSTANT_NEVER};
    struct happening happening = {.record = &record};
    size_t bytes = 0;

    arena_init_over(&engine->step, engine->step_bytes, STEP_BYTES);
    files = arena_take(&engine->step, install->changed_count * sizeof(*files));
    MUST(files != NULL);
    for (uint32_t i = 0; i < install->count; i++) {
        if (install->changed[i]) {
            const struct source *source = &install->files[i].source;

            files[record.file_count++] =
                (struct install_file){.path = source->name, .bytes = source->bytes};
            bytes += source->name.size + source->bytes.size + 16;
        }
    }
    record.files = files;
    if (bytes > RECORD_BYTES_MAX - 1024) {
        problem_error(problems, &too_large, (struct mark){0}, (struct text){0});
        return false;
    }

    uint64_t seq = engine_append(engine, &happening);

    if (!engine_stopped(engine)) {
        store_rows(engine, install, seq);
        count_generation(engine, install);
    }
    return true;
}

static void adopt(struct engine *engine, struct install *install, const struct law *law)
{
    law_release(engine->held);
    *install->held = (struct held_law){.law = law, .arena = install->arena, .holders = 1};
    engine->held = install->held;
    engine->law = law;
    queues_rewind(engine); /* channels may have changed places */
}

bool engine_install(struct engine *engine, const struct install_file *files, uint32_t count,
                    const struct act *act, int64_t wall_ms, struct problem_list *problems)
{
    struct install install;
    uint32_t numbers = engine->procedures;
    uint32_t errors = problems->error_count;
    const struct law *law = NULL;

    arena_fini(&engine->refused_arena);
    if (engine_stopped(engine) || !begin(&install) ||
        take_installed(engine, &install) != STATUS_OK) {
        arena_fini(&install.arena);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        merge(engine, &install, &files[i], problems);
    }
    if (problems->error_count == errors && install.changed_count > 0) {
        law = law_make(install.files, install.count, &install.arena, problems);
    }
    if (law == NULL || !keeps_agencies(engine, law, problems) ||
        !proves(engine, &install, law, problems) ||
        !record_install(engine, &install, act, wall_ms, problems)) {
        engine->procedures = numbers;
        engine->refused_arena = install.arena;
        return problems->error_count == errors && install.changed_count == 0;
    }
    adopt(engine, &install, law);
    return true;
}

enum status engine_load_law(struct engine *engine)
{
    struct install install;
    struct problem_list problems;

    if (!begin(&install)) {
        arena_fini(&install.arena);
        return STATUS_NO_MEMORY;
    }

    enum status status = take_installed(engine, &install);

    if (status != STATUS_OK) {
        arena_fini(&install.arena);
        return status;
    }
    problem_list_init(&problems, &install.arena);

    const struct law *law = law_make(install.files, install.count, &install.arena, &problems);

    if (law == NULL) {
        arena_fini(&install.arena);
        return STATUS_MALFORMED;
    }
    adopt(engine, &install, law);
    return STATUS_OK;
}
