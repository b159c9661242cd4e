#ifndef DUBAN_CODEC_WORDING_H
#define DUBAN_CODEC_WORDING_H

/*
 * The words of a notice in one language, from notices/NAME.zh.txt: above a line `---` the brief
 * form (SMS), below it the long one (mail), whose first line is the subject. `{{name}}` stands
 * for a value. There is no logic in them: who wants other words writes another notice.
 */
#include "base/arena.h"
#include "core/problem.h"
#include "core/prove.h"

#define WORDING_BYTES_MAX       16384
#define WORDING_BRIEF_BYTES_MAX 1000
#define WORDING_VERSION_SIZE    17 /* hexadecimal digits, and a NUL */

struct wording {
    struct text name; /* clock_near */
    bool english;
    struct text brief;
    struct text subject;
    struct text body;
    char version[WORDING_VERSION_SIZE]; /* other words, other version */
};

/* A value that words are filled with. */
struct filling {
    struct text name;
    struct text value;
};

/* "notices/clock_near.zh.txt", or longer: the name and the language; false for other paths. */
bool wording_of_path(struct text path, struct text *name, bool *english);

/* Read a file; false when something is wrong, which is told. Texts are borrowed from it. */
bool wording_read(const struct source *source, struct problem_list *problems,
                  struct wording *wording);

/* All that were read, and what the checker wants to know of them. */
struct wordings {
    const struct wording *items;
    uint32_t count;
    const struct notice_words *words; /* one for each notice; NULL: there are none */
    uint32_t word_count;
};

/* Read files; false when something is wrong, which is told, or the arena is spent. */
bool wordings_read(const struct source *const *sources, uint32_t count, struct arena *arena,
                   struct problem_list *problems, struct wordings *wordings);
/* The words of a notice in a language, or NULL. */
const struct wording *wordings_find(const struct wordings *wordings, struct text name,
                                    bool english);

/* The next name in some words from *at on, which moves behind it; false: there is none. */
bool wording_next_name(struct text words, size_t *at, struct text *name);

/*
 * Words with their values, in the arena. A name without a value leaves nothing, and a line
 * that has such names alone is left out, if it is not all there is. Values lose
 * whatever could be taken for more than a value: control characters, line ends, marks that turn
 * the direction of writing. Empty when the arena is spent.
 */
struct text wording_fill(struct text words, const struct filling *fillings, uint32_t count,
                         struct arena *arena);

#endif
