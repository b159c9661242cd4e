#include "engine/law.h"

#include "base/must.h"
#include "codec/calendar_csv.h"
#include "codec/installed_yaml.h"
#include "codec/procedure_yaml.h"

#include <stdatomic.h>
#include <string.h>

/* A proof takes some four megabytes while it works. */
#define PROVE_BYTES_MAX ((size_t)64 << 20)

static const struct message extends_nothing = {
    .code = "extends_nothing",
    .en = "calendar {0} extends one that is not there, or that extends it in turn",
    .zh = "日历“{0}”所扩展的日历不存在，或二者互相扩展",
};

/* A law in the making. */
struct making {
    const struct law_file *files;
    uint32_t count;
    struct arena *arena;
    struct problem_list *problems;
    const struct calendar **calendars;
    uint32_t calendar_count;
    struct law *law;
};

static bool is_below(struct text name, struct text folder)
{
    return text_starts(name, folder);
}

bool law_is_procedure(struct text name)
{
    return is_below(name, TEXT("procedures/"));
}

bool law_moves_dates(struct text name)
{
    return is_below(name, TEXT("calendars/")) || text_is(name, "agencies.yaml");
}

static bool ends(struct text text, struct text tail)
{
    return text.size > tail.size &&
           text_equal(text_part(text, text.size - tail.size, tail.size), tail);
}

/* "procedures/minor@1", from what the file says of itself. */
static struct text name_procedure(const struct source *source, struct arena *arena)
{
    struct text name;
    uint32_t version;
    char *room = arena_take(arena, LAW_NAME_BYTES_MAX);
    struct text folder = TEXT("procedures/");
    uint32_t divisor = 1000000000;
    size_t at = folder.size;

    if (room == NULL) {
        return (struct text){0};
    }
    /* One that cannot be read keeps its path, so that loading it tells why. */
    if (!procedure_head(source, arena, &name, &version) ||
        name.size + folder.size + 12 > LAW_NAME_BYTES_MAX) {
        return source->name;
    }
    memcpy(room, folder.bytes, folder.size);
    memcpy(room + at, name.bytes, name.size);
    at += name.size;
    room[at++] = '@';
    while (divisor > version && divisor > 1) {
        divisor /= 10;
    }
    for (; divisor > 0; divisor /= 10) {
        room[at++] = (char)('0' + version / divisor % 10);
    }
    return (struct text){.bytes = room, .size = at};
}

struct text law_name(const struct source *source, struct arena *arena)
{
    struct text path = source->name;
    bool table = is_below(path, TEXT("calendars/")) || is_below(path, TEXT("registers/"));
    bool known = text_is(path, "agencies.yaml") || text_is(path, "people.yaml") ||
                 text_is(path, "channels.yaml") || text_is(path, "deputies.yaml") ||
                 (table && ends(path, TEXT(".csv"))) ||
                 (is_below(path, TEXT("notices/")) && ends(path, TEXT(".txt")));

    if (law_is_procedure(path) && ends(path, TEXT(".yaml"))) {
        path = name_procedure(source, arena);
        known = true;
    }
    return known && path.size <= LAW_NAME_BYTES_MAX ? path : (struct text){0};
}

static const struct source *find_file(const struct making *making, const char *name)
{
    for (uint32_t i = 0; i < making->count; i++) {
        if (text_is(making->files[i].name, name)) {
            return &making->files[i].source;
        }
    }
    return NULL;
}

static const struct calendar *find_calendar(const struct making *making, struct text name)
{
    for (uint32_t i = 0; i < making->calendar_count; i++) {
        if (text_equal(calendar_name(making->calendars[i]), name)) {
            return making->calendars[i];
        }
    }
    return NULL;
}

/* A calendar whose file was read, still to be built. */
struct draft {
    const struct source *source;
    struct calendar_file file;
    bool built;
};

/* Build those that stand on nothing or on one that is built; how many. */
static uint32_t build_ready(struct making *making, struct draft *drafts, uint32_t count)
{
    uint32_t built = 0;

    for (uint32_t i = 0; i < count; i++) {
        struct draft *draft = &drafts[i];
        struct text name = calendar_csv_name(draft->source->name);
        const struct calendar *extends =
            text_empty(draft->file.extends) ? NULL : find_calendar(making, draft->file.extends);

        if (draft->built || (extends == NULL && !text_empty(draft->file.extends))) {
            continue;
        }

        const struct calendar *calendar = calendar_csv_build(
            draft->source, &draft->file, name, extends, making->arena, making->problems);

        draft->built = true;
        built++;
        if (calendar != NULL) {
            making->calendars[making->calendar_count++] = calendar;
        }
    }
    return built;
}

static bool make_calendars(struct making *making)
{
    struct draft *drafts = arena_take_zeroed(making->arena, making->count, sizeof(*drafts));
    uint32_t count = 0;
    uint32_t errors = making->problems->error_count;

    making->calendars = arena_take(making->arena, making->count * sizeof(struct calendar *));
    if (drafts == NULL || making->calendars == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < making->count; i++) {
        const struct law_file *file = &making->files[i];

        if (is_below(file->name, TEXT("calendars/")) &&
            calendar_csv_read(&file->source, making->arena, making->problems,
                              &drafts[count].file)) {
            drafts[count++].source = &file->source;
        }
    }
    while (build_ready(making, drafts, count) > 0) {
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!drafts[i].built) {
            problem_error(making->problems, &extends_nothing, drafts[i].file.extends_mark,
                          calendar_csv_name(drafts[i].source->name));
        }
    }
    return making->problems->error_count == errors;
}

/* The sources below a folder. */
static const struct source **list_sources(const struct making *making, struct text folder,
                                          uint32_t *count)
{
    const struct source **sources =
        arena_take(making->arena, making->count * sizeof(struct source *));

    *count = 0;
    for (uint32_t i = 0; sources != NULL && i < making->count; i++) {
        if (is_below(making->files[i].name, folder)) {
            sources[(*count)++] = &making->files[i].source;
        }
    }
    return sources;
}

static bool make_installed(struct making *making)
{
    struct installed_files files = {
        .agencies = find_file(making, "agencies.yaml"),
        .people = find_file(making, "people.yaml"),
        .channels = find_file(making, "channels.yaml"),
        .deputies = find_file(making, "deputies.yaml"),
        .calendars = making->calendars,
        .calendar_count = making->calendar_count,
    };

    files.registers = list_sources(making, TEXT("registers/"), &files.register_count);
    making->law->installed = installed_load(&files, making->arena, making->problems);
    return making->law->installed != NULL;
}

static bool read_wordings(struct making *making)
{
    uint32_t count;
    const struct source *const *sources = list_sources(making, TEXT("notices/"), &count);

    return wordings_read(sources, count, making->arena, making->problems,
                         &making->law->wordings);
}

static bool make_procedures(struct making *making)
{
    struct law_procedure *procedures =
        arena_take(making->arena, making->count * sizeof(*procedures));
    struct library library = {.installed = making->law->installed};
    bool good = procedures != NULL;

    library.procedures = list_sources(making, TEXT("procedures/"), &library.procedure_count);
    library.words = making->law->wordings.words;
    library.word_count = making->law->wordings.word_count;
    for (uint32_t i = 0; procedures != NULL && i < making->count; i++) {
        const struct law_file *file = &making->files[i];

        if (!law_is_procedure(file->name)) {
            continue;
        }

        const struct procedure *procedure =
            procedure_load(&file->source, &library, making->arena, making->problems);

        good = good && procedure != NULL;
        procedures[making->law->procedure_count++] =
            (struct law_procedure){.number = file->number, .procedure = procedure};
    }
    making->law->procedures = procedures;
    return good;
}

bool law_prove(const struct law *law, uint32_t number, struct problem_list *problems)
{
    const struct procedure *procedure = law_procedure(law, number);
    struct prove_options options = {.words = law->wordings.words,
                                    .word_count = law->wordings.word_count};
    uint32_t errors = problems->error_count;
    struct arena arena;
    const struct procedure **others;

    if (procedure == NULL || procedure->layer) {
        return true;
    }
    arena_init_growing(&arena, PROVE_BYTES_MAX);
    others = arena_take(&arena, law->procedure_count * sizeof(*others));
    for (uint32_t i = 0; others != NULL && i < law->procedure_count; i++) {
        others[i] = law->procedures[i].procedure;
    }
    options.others = others;
    options.other_count = law->procedure_count;
    procedure_prove(procedure, &options, &arena, problems);
    arena_fini(&arena);
    return problems->error_count == errors;
}

const struct law *law_make(const struct law_file *files, uint32_t count, struct arena *arena,
                           struct problem_list *problems)
{
    struct making making = {
        .files = files, .count = count, .arena = arena, .problems = problems};

    making.law = arena_take_zeroed(arena, 1, sizeof(*making.law));
    if (making.law == NULL || !make_calendars(&making) || !make_installed(&making) ||
        !read_wordings(&making) || !make_procedures(&making)) {
        return NULL;
    }
    return arena->spent ? NULL : making.law;
}

struct held_law *law_hold(struct held_law *held)
{
    (void)atomic_fetch_add_explicit(&held->holders, 1, memory_order_relaxed);
    return held;
}

void law_release(struct held_law *held)
{
    if (held != NULL &&
        atomic_fetch_sub_explicit(&held->holders, 1, memory_order_acq_rel) == 1) {
        struct arena arena = held->arena; /* it holds itself */

        arena_fini(&arena);
    }
}

const struct procedure *law_procedure(const struct law *law, uint32_t number)
{
    for (uint32_t i = 0; i < law->procedure_count; i++) {
        if (law->procedures[i].number == number) {
            return law->procedures[i].procedure;
        }
    }
    return NULL;
}

const struct law_procedure *law_in_force(const struct law *law, struct text name, int32_t date)
{
    const struct law_procedure *best = NULL;

    for (uint32_t i = 0; i < law->procedure_count; i++) {
        const struct procedure *procedure = law->procedures[i].procedure;

        if (procedure->layer || procedure->from > date || !text_equal(procedure->name, name)) {
            continue;
        }
        if (best == NULL || procedure->from > best->procedure->from ||
            (procedure->from == best->procedure->from &&
             procedure->version > best->procedure->version)) {
            best = &law->procedures[i];
        }
    }
    return best;
}

uint32_t law_number(const struct law *law, struct text name)
{
    struct text digits;
    struct text wanted = text_cut(name, '@', &digits);
    int64_t version;

    if (!text_to_integer(digits, &version)) {
        return 0;
    }
    for (uint32_t i = 0; i < law->procedure_count; i++) {
        const struct procedure *procedure = law->procedures[i].procedure;

        if (!procedure->layer && procedure->version == version &&
            text_equal(procedure->name, wanted)) {
            return law->procedures[i].number;
        }
    }
    return 0;
}

bool law_gaps(const struct law *law, int32_t date, void *context,
              void (*on_gap)(void *context, const struct gap *gap))
{
    const struct procedure **list;
    struct arena arena;
    uint32_t count = 0;

    arena_init_growing(&arena, (law->procedure_count + 1) * sizeof(*list) + 4096);
    list = arena_take(&arena, (law->procedure_count + 1) * sizeof(*list));
    for (uint32_t i = 0; list != NULL && i < law->procedure_count; i++) {
        const struct procedure *procedure = law->procedures[i].procedure;
        const struct law_procedure *newest =
            procedure->layer ? NULL : law_in_force(law, procedure->name, date);

        if (newest == &law->procedures[i]) {
            list[count++] = procedure;
        }
    }
    if (list != NULL) {
        reach_gaps(law->installed, list, count, date, context, on_gap);
    }
    arena_fini(&arena);
    return list != NULL;
}
