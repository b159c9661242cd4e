#ifndef DUBAN_ENGINE_RECEIPT_H
#define DUBAN_ENGINE_RECEIPT_H

/* The answer to a publisher: what became of its event, and why. */
#include "codec/record.h"

enum receipt_verdict {
    RECEIPT_APPLIED,
    RECEIPT_DUPLICATE, /* it was taken before: the first receipt again */
    RECEIPT_WAITING,
    RECEIPT_REJECTED
};

struct receipt {
    enum receipt_verdict verdict;
    enum receipt_verdict first; /* of a duplicate: what became of it; else the same */
    uint64_t seq;               /* its record; 0: none was made */
    uint64_t number;            /* of the case; 0: none */
    uint32_t revision;
    struct text stage;
    const struct told *reasons;
    uint32_t reason_count;
    const struct told *nothings; /* what had no effect */
    uint32_t nothing_count;
    int64_t next_due_ms; /* the case's next due instant; INSTANT_NEVER without one */
};

struct text receipt_word(enum receipt_verdict verdict);

/* From a record, once made or read again; words are put into the arena. The procedure is the
 * case's, NULL where there is no case. */
void receipt_from(const struct record *record, uint64_t seq, const struct procedure *procedure,
                  struct arena *arena, struct receipt *receipt);

/* Reasons of a step in words. NULL when the arena is spent. */
const struct told *reasons_told(const struct reason *reasons, uint32_t count,
                                const struct procedure *procedure, struct arena *arena);

/* A name of the procedure in people's words; itself where it has none, or the procedure is not
 * known (NULL). */
struct text procedure_words(const struct procedure *procedure, struct text name, bool zh);
/* The same of something known, by its label; else by `words`, else the name. */
struct text procedure_words_of(const struct procedure *procedure, const struct label *label,
                               struct text name, bool zh);

#endif
