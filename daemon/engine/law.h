#ifndef DUBAN_ENGINE_LAW_H
#define DUBAN_ENGINE_LAW_H

/*
 * All that was installed, ready for use: procedures by number, and agencies, people, calendars
 * and registers. Made whole from its files and never changed; an install makes another one.
 */
#include "codec/record.h"
#include "codec/wording.h"
#include "core/installed.h"
#include "core/problem.h"
#include "core/procedure.h"
#include "core/prove.h"
#include "core/reach.h"

/* What an installed file is called for life: "calendars/cn.csv", "procedures/minor@1". */
#define LAW_NAME_BYTES_MAX 100

struct law_file {
    struct text name;
    struct source source; /* its path below config/, and its bytes */
    uint32_t number;      /* of a procedure, from 1; else 0 */
};

struct law_procedure {
    uint32_t number;
    const struct procedure *procedure;
};

struct law {
    const struct installed *installed;
    const struct law_procedure *procedures; /* by number; layers stand among them */
    uint32_t procedure_count;
    struct wordings wordings; /* of notices */
};

/*
 * A law with its memory, counted, so that who reads with it on another thread keeps it through
 * an install. The engine holds one; the last to release it frees it.
 */
struct held_law {
    const struct law *law;
    struct arena arena; /* owned: all of the law lies in it, and this too */
    _Atomic uint32_t holders;
};

/* Hold it once more; whoever calls has it already, or has hindered that it be released. */
struct held_law *law_hold(struct held_law *held);
/* Let go, on any thread. NULL is fine. */
void law_release(struct held_law *held);

/* Take this much from the heap at most. */
#define LAW_BYTES_MAX ((size_t)512 << 20)

/*
 * Make a law in a growing arena; files and their texts are borrowed for its life. NULL when a
 * file is wrong, which is among the problems, or the arena is spent.
 */
const struct law *law_make(const struct law_file *files, uint32_t count, struct arena *arena,
                           struct problem_list *problems);

/*
 * Prove a procedure of it (a layer opens no case, and is not). What a case of an unproved one
 * may come to, the step takes for a bug of ours; so nothing is installed that fails. False:
 * see the problems.
 */
bool law_prove(const struct law *law, uint32_t number, struct problem_list *problems);

/* Every reminder and rung that comes to nobody, on a date, of the versions that open cases then
 * (core/reach.h). False: no memory. */
bool law_gaps(const struct law *law, int32_t date, void *context,
              void (*on_gap)(void *context, const struct gap *gap));

/* The name of a file by its path and content, written into the arena; empty: none is known
 * for such a path, or it is too long. */
struct text law_name(const struct source *source, struct arena *arena);
/* Whether a name is of something that dates are reckoned with. */
bool law_moves_dates(struct text name);
bool law_is_procedure(struct text name);

/* The number of NAME@VERSION, which opens cases; 0: it is not installed. */
uint32_t law_number(const struct law *law, struct text name);
const struct procedure *law_procedure(const struct law *law, uint32_t number);
/* In force on a date: the latest `from` not after it, then the highest version; NULL: none. */
const struct law_procedure *law_in_force(const struct law *law, struct text name, int32_t date);

#endif
