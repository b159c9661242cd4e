#include "engine/depute.h"

#include "engine/parts.h"

#include <stdio.h>
#include <string.h>

/*
 * Who acts for whom by an operator's word: a file that the daemon writes itself and installs
 * like any other, so that it is recorded, replayed and read as all that is installed.
 */

#define FILE_BYTES ((size_t)256 * 1024)

/* A file in the making. */
struct draft {
    char *room;
    size_t size;
    uint32_t rows;
    bool full;
};

static void put(struct draft *draft, const char *before, struct text text, const char *after)
{
    int size = snprintf(draft->room + draft->size, FILE_BYTES - draft->size, "%s%.*s%s", before,
                        TEXT_ARGS(text), after);

    draft->full = draft->full || size < 0 || (size_t)size >= FILE_BYTES - draft->size;
    draft->size += draft->full ? 0 : (size_t)size;
}

static void put_date(struct draft *draft, const char *before, int32_t date)
{
    char words[DATE_TEXT_SIZE];

    put(draft, before, (struct text){.bytes = words, .size = date_print(date, words)}, "");
}

/* In double quotes, where YAML reads any text that has neither quote nor backslash. */
static void put_reason(struct draft *draft, struct text reason)
{
    put(draft, ", reason: \"", (struct text){0}, "");
    for (size_t i = 0; i < reason.size; i++) {
        char c = reason.bytes[i];

        put(draft, "",
            c == '"' || c == '\\' || c == '\n' || c == '\t' ? TEXT(" ")
                                                            : text_part(reason, i, 1),
            "");
    }
    put(draft, "\"", (struct text){0}, "");
}

static void put_deputy(struct draft *draft, const struct deputing *deputing)
{
    put(draft, draft->rows++ == 0 ? "\n  - {for: " : "  - {for: ", deputing->person, "");
    put(draft, ", to: ", deputing->deputy, "");
    if (!text_empty(deputing->role)) {
        put(draft, ", role: ", deputing->role, "");
    }
    put_date(draft, ", from: ", deputing->from);
    put_date(draft, ", until: ", deputing->to);
    if (!text_empty(deputing->reason)) {
        put_reason(draft, deputing->reason);
    }
    put(draft, "}\n", (struct text){0}, "");
}

static struct deputing deputing_of(const struct installed *installed, const struct deputy *row)
{
    return (struct deputing){.person = installed->people[row->person].id,
                             .deputy = installed->people[row->deputy].id,
                             .role = row->role,
                             .from = row->from,
                             .to = row->to,
                             .reason = row->reason};
}

/* Whether a row is meant by an end: the names that are given are its own. */
static bool is_meant(const struct deputing *row, const struct deputing *end, int32_t today)
{
    return row->to >= today && text_equal(row->person, end->person) &&
           (text_empty(end->deputy) || text_equal(row->deputy, end->deputy)) &&
           (text_empty(end->role) || text_equal(row->role, end->role));
}

static bool is_same(const struct deputing *one, const struct deputing *two)
{
    return text_equal(one->person, two->person) && text_equal(one->deputy, two->deputy) &&
           text_equal(one->role, two->role) && one->from == two->from && one->to == two->to;
}

/* Those there are, but for those long over, as the act leaves them; how many it ended. */
static uint32_t put_others(struct draft *draft, const struct installed *installed,
                           const struct deputing *act, int32_t today)
{
    enum { KEPT_DAYS = 31 }; /* over, and still shown */
    uint32_t ended = 0;

    for (uint32_t i = 0; i < installed->deputy_count; i++) {
        struct deputing row = deputing_of(installed, &installed->deputies[i]);

        if (!installed->deputies[i].by_act || row.to < today - KEPT_DAYS) {
            continue;
        }
        if (act->ends && is_meant(&row, act, today)) {
            ended++;
            row.to = today - 1;
        }
        if (row.to >= row.from && (act->ends || !is_same(&row, act))) {
            put_deputy(draft, &row);
        }
    }
    return ended;
}

static bool refuse(struct problem_list *problems, const struct message *message,
                   struct text about)
{
    problem_error(problems, message, (struct mark){0}, about);
    return false;
}

/* Both are people, and the time lies ahead. */
static bool makes_sense(const struct installed *installed, const struct deputing *deputing,
                        int32_t today, struct problem_list *problems)
{
    const struct text names[] = {deputing->person, deputing->deputy};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if ((i == 0 || !text_empty(names[i]) || !deputing->ends) &&
            installed_person(installed, names[i]) == NULL) {
            return refuse(problems, &engine_no_person, names[i]);
        }
    }
    if (deputing->ends) {
        return true;
    }
    if (text_equal(deputing->person, deputing->deputy)) {
        return refuse(problems, &engine_own_deputy, deputing->person);
    }
    if (deputing->from == DATE_NONE || deputing->to == DATE_NONE ||
        deputing->to < deputing->from || deputing->to < today) {
        return refuse(problems, &engine_deputy_span, (struct text){0});
    }
    return true;
}

bool engine_depute(struct engine *engine, const struct deputing *deputing,
                   const struct act *act, int64_t wall_ms, struct problem_list *problems)
{
    const struct installed *installed = engine->law->installed;
    /* A person stands in no agency, so his days are those of the legal zone. */
    int32_t today = date_of_instant(engine_now(engine, wall_ms), LEGAL_ZONE_MS);
    struct deputing row = *deputing;
    struct arena arena;
    struct draft draft = {0};
    bool done = false;

    row.reason = act->reason;
    if (engine_stopped(engine) || !makes_sense(installed, &row, today, problems)) {
        return false;
    }
    arena_init_growing(&arena, 2 * FILE_BYTES);
    draft.room = arena_take(&arena, FILE_BYTES);
    if (draft.room != NULL) {
        put(&draft, "deputies:", (struct text){0}, "");

        uint32_t ended = put_others(&draft, installed, &row, today);

        if (!row.ends) {
            put_deputy(&draft, &row);
        } else if (draft.rows == 0) {
            put(&draft, " []\n", (struct text){0}, "");
        }
        if (row.ends && ended == 0) {
            (void)refuse(problems, &engine_no_deputy, row.person);
        } else if (draft.full) {
            (void)refuse(problems, &engine_many_deputies, (struct text){0});
        } else {
            struct install_file file = {.path = TEXT("deputies.yaml"),
                                        .bytes = {.bytes = draft.room, .size = draft.size}};

            done = engine_install(engine, &file, 1, act, wall_ms, problems);
        }
    }
    arena_fini(&arena);
    return done;
}
