#ifndef DUBAN_CLI_ASKED_H
#define DUBAN_CLI_ASKED_H

/*
 * What `find`, `log` and `why` share: which case is meant, and how the parts of an answer are
 * said. docs/reference/answers.md has the objects that are read here.
 */
#include "cli/control.h"

/* Whose case: AGENCY/CASE, --agency or DUBAN_AGENCY. */
#define ASKED_AGENCY_OPTION                                                    \
    {                                                                          \
        .name = "agency", .value = "AGENCY",                                   \
        .en = "whose case it is (DUBAN_AGENCY); also AGENCY/CASE",             \
        .zh = "案件所属机构（DUBAN_AGENCY）；也可写 机构/案号" \
    }

#define ASKED_NAME_BYTES 256
#define ASKED_TIME_BYTES 40

/* The case that a command's only word means. */
struct asked_case {
    char agency[ASKED_NAME_BYTES];
    char case_id[ASKED_NAME_BYTES];
    Duban__V1__CaseQuery query; /* points into this struct: do not copy it */
};

/* AGENCY/CASE into its parts; false: there is no slash, and nothing is written. */
bool asked_split(const char *word, char agency[ASKED_NAME_BYTES],
                 char case_id[ASKED_NAME_BYTES]);
/* False: there is no word, or it is too long, which was complained of. */
bool asked_case_read(const struct arguments *arguments, struct asked_case *asked);

/* A member that is a text; "" where there is none. */
const char *asked_text(const json_t *object, const char *name);
/* Its words in the language chosen: `name_zh` or `name_en`. */
const char *asked_words(const json_t *object, const char *name);
/* Whether a case is open, ending or closed, in words. */
const char *asked_state(const json_t *object);
/* An instant to the minute, a date with its weekday; "" for null. */
const char *asked_instant(const json_t *object, const char *name, char out[ASKED_TIME_BYTES]);
const char *asked_date(const json_t *object, const char *name, char out[ASKED_TIME_BYTES]);
/* "review", or "review#2" for a later instance, in words. */
const char *asked_clock(const json_t *object, char out[ASKED_NAME_BYTES]);
/* Texts of a list, joined by commas and cut at the room. */
const char *asked_join(const json_t *list, char *out, size_t size);

#endif
