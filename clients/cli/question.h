#ifndef DUBAN_CLI_QUESTION_H
#define DUBAN_CLI_QUESTION_H

/*
 * One question of `duban date`, put together from words: of the command line, or of a row of a
 * batch. The words are the same in both, so that an answer does not depend on how it was asked.
 */
#include "core/due.h"
#include "core/problem.h"

#define OFFSETS_MAX 64

struct question {
    struct derivation derivation; /* points into this struct: do not copy a question */
    struct length extensions[EXTENSIONS_MAX];
    struct interval pauses[PAUSES_MAX];
    struct length offsets[OFFSETS_MAX];
    uint32_t offset_count;
    bool from_given;
    bool before_given;
    bool length_given;
    bool anchor_safe; /* reminders count from the safe day */
    bool workdays;    /* moments fall on working days only */
};

/* Why a word was not understood: a message about these texts. */
struct misreading {
    const struct message *message;
    struct text texts[2];
};

enum question_part {
    PART_FROM,
    PART_BEFORE,
    PART_LENGTH,
    PART_EXTEND, /* one of them; so are pause and offset */
    PART_ROLL,
    PART_PAUSE,
    PART_ANCHOR,
    PART_WORKDAYS,
    PART_OFFSET
};

void question_begin(struct question *question);
/* Take one word of it; false with the reason. */
bool question_take(struct question *question, enum question_part part, struct text word,
                   const struct office *office, struct misreading *misreading);
/*
 * All is said: put it in order and see whether it goes together. What a lead clock does not
 * know (roll, pauses, extensions) is left out; *ignored tells that there was some.
 */
bool question_end(struct question *question, struct misreading *misreading, bool *ignored);
/* Derive, and see that the answer lies in the years of the calendar. */
bool question_answer(const struct question *question, const struct office *office,
                     struct due *due, struct misreading *misreading);
/* The moment of one of its offsets; the due must not be paused. */
struct offset_moment question_moment(const struct question *question, const struct due *due,
                                     struct length offset, const struct office *office);

extern const struct message question_ignored;

#endif
