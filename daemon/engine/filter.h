#ifndef DUBAN_ENGINE_FILTER_H
#define DUBAN_ENGINE_FILTER_H

/*
 * Which cases are meant, as people type it: `stage=review & due<3wd & agency=gulou`. Conditions
 * are joined by &, in any order, and all must hold:
 *
 *   agency procedure stage   = or !=, a name
 *   state                    = or !=, open, ending (in a final stage, a limit outlives it) or
 *                            closed
 *   case                     =, a case's name; with * at its end, the beginning of one
 *   due                      < <= = >= >, a date, `today`, or a length counted from today
 *   overdue                  something is due that was not done
 */
#include "core/installed.h"
#include "core/problem.h"
#include "core/state.h"

#define FILTER_BYTES_MAX 1024
#define FILTER_DUES_MAX  4

/* A name that must be, or must not. Empty: any. */
struct filter_name {
    struct text name;
    struct text other; /* must not be this */
};

enum filter_bound { FILTER_FROM, FILTER_TO };

/* One end of `due`: a date, or a length from today, and so many days beside it. */
struct filter_due {
    enum filter_bound bound;
    bool counted;         /* the length holds it, else the date */
    struct length length; /* its sign too */
    int32_t date;
    int32_t beside; /* -1, 0, 1: `<`, `<=`, `>` */
};

struct filter {
    struct filter_name agency;
    struct filter_name procedure;
    struct filter_name stage;
    struct text case_id; /* empty: any */
    bool case_begins;    /* it is the beginning of one */
    uint32_t phases;     /* bit by enum case_phase */
    struct filter_due dues[FILTER_DUES_MAX];
    uint32_t due_count;
    bool overdue;
};

/* The names that conditions begin with, for completion. */
extern const char *const filter_words[];

/* Parse; texts are borrowed from the source, and so is what problems point at. */
bool filter_parse(const struct source *source, struct filter *filter,
                  struct problem_list *problems);

/* Every message of it, for documentation. */
const struct message *const *filter_messages(uint32_t *count);

bool filter_name_is(const struct filter_name *wanted, struct text name);
/* The dates between which something must be due, both included, by an agency's calendar. False
 * where no bound is given. */
bool filter_due_dates(const struct filter *filter, const struct office *office, int64_t now_ms,
                      int32_t *from, int32_t *to);

#endif
