#ifndef DUBAN_CODEC_PROCEDURE_YAML_H
#define DUBAN_CODEC_PROCEDURE_YAML_H

/*
 * Procedures from YAML: read, merged from their layers, every name resolved, every guard
 * compiled. Files are read by the caller; here they are bytes. What must be proved of a
 * procedure as a whole (prove.h) comes after.
 */
#include "core/installed.h"
#include "core/procedure.h"
#include "core/prove.h"

/* What a procedure may refer to. Everything borrowed. */
struct library {
    const struct source *const *procedures; /* files that may be layers, in any order */
    uint32_t procedure_count;
    const struct installed *installed; /* registers; NULL: none are known, no name is checked */
    const struct notice_words *words; /* NULL: not known, no notice is checked */
    uint32_t word_count;
};

/* Loading takes this much at most, besides what libfyaml takes of a file for the moment. */
#define PROCEDURE_BYTES_MAX ((size_t)64 * 1024 * 1024)

/*
 * Load. NULL when there was an error, which is in the list as all others that could be found;
 * or when the arena is spent, which it says itself. What is answered lives in the arena, and
 * borrows the file's and the library's sources (marks) and the installed.
 */
const struct procedure *procedure_load(const struct source *file, const struct library *library,
                                       struct arena *arena, struct problem_list *problems);

/* Name and version alone, to know a file without loading it; false where it does not say. */
bool procedure_head(const struct source *file, struct arena *arena, struct text *name,
                    uint32_t *version);

#endif
