#ifndef DUBAN_CODEC_SCENARIO_YAML_H
#define DUBAN_CODEC_SCENARIO_YAML_H

/*
 * Scenario files: a procedure tested by a story. Read here from bytes into data; who plays it
 * is world/play.h. What a name means (a role, a clock, a code) is found out there, for it
 * depends on the procedure.
 */
#include "core/problem.h"
#include "core/step.h"

#define SCENARIO_STEPS_MAX 2000
#define SCENARIO_CASES_MAX 64

/* What every time without a zone means. */
#define SCENARIO_ZONE_MS ((int64_t)8 * 3600000)

struct scenario_case {
    struct text key; /* of `cases`; empty for the only one */
    struct text id;
    struct text agency;
    struct text unit;
    struct text procedure; /* by name; empty: the scenario's */
    struct mark mark;
};

struct scenario_role {
    struct text role;
    const struct text *persons;
    uint32_t person_count;
    struct mark mark;
};

/* `key: value` of something expected. */
struct expected_field {
    struct text key;
    struct text value;
    struct mark mark;
};

/* A clock, a person's role, a fact, a notice: a name and what is said of it. */
struct expected_row {
    struct text name;
    const struct expected_field *fields;
    uint32_t field_count;
    struct mark mark;
};

#define EXPECT_KEYS(X)                     \
    X(EXPECT_VERDICT, "verdict", SCALAR)   \
    X(EXPECT_CODES, "codes", LIST)         \
    X(EXPECT_LAW, "law", SCALAR)           \
    X(EXPECT_TEXT, "text", SCALAR)         \
    X(EXPECT_STAGE, "stage", SCALAR)       \
    X(EXPECT_ENDING, "ending", SCALAR)     \
    X(EXPECT_CLOSED, "closed", SCALAR)     \
    X(EXPECT_FACTS, "facts", VALUES)       \
    X(EXPECT_CLOCKS, "clocks", ROWS)       \
    X(EXPECT_SENT, "sent", NOTICES)        \
    X(EXPECT_LEAVES, "leaves", DEPARTURES) \
    X(EXPECT_NEXT, "next", SCALAR)         \
    X(EXPECT_WAITING, "waiting", SCALAR)   \
    X(EXPECT_DEFECTS, "defects", LIST)     \
    X(EXPECT_PEOPLE, "people", LISTS)      \
    X(EXPECT_NOTHING, "nothing", LIST)

#define EXPECT_ENUM(name, word, form) name,
enum expect_key { EXPECT_KEYS(EXPECT_ENUM) };
#undef EXPECT_ENUM

/* One thing expected. */
struct expected {
    enum expect_key key;
    struct text value;               /* SCALAR */
    const struct expected_row *rows; /* all other forms; a LIST has names alone */
    uint32_t row_count;
    struct mark mark;
};

struct scenario_step {
    struct mark mark;
    int64_t at_ms;    /* INSTANT_NONE: not given */
    int64_t until_ms; /* INSTANT_NONE: not given */
    int64_t down_ms;  /* 0: the daemon stays on */
    uint32_t which;   /* case */
    struct text event;
    struct mark event_mark;
    struct text role;
    struct text person; /* empty: the role's first */
    struct mark by_mark;
    const struct text *with;
    uint32_t with_count;
    const struct carried *facts;
    uint32_t fact_count;
    const struct text *documents;
    uint32_t document_count;
    struct text id;      /* empty: one of its own */
    struct text source;  /* empty: the simulator's */
    int64_t occurred_ms; /* INSTANT_NONE: at `at` */
    int64_t wait_ms;
    struct text agency; /* empty: the case's */
    struct text note;
    struct text migrate;         /* NAME@VERSION; empty: none */
    const struct text *installs; /* files, as written */
    uint32_t install_count;
    struct mark install_mark;
    const struct expected *expects;
    uint32_t expect_count;
    bool judged; /* it says what became of the event */
};

struct scenario {
    struct text name;
    struct text config; /* empty: not given */
    struct text procedure;
    struct mark procedure_mark;
    const struct scenario_case *cases;
    uint32_t case_count;
    const struct scenario_role *people;
    uint32_t people_count;
    bool people_given;
    const struct scenario_step *steps;
    uint32_t step_count;
    struct mark mark;
};

struct text expect_word(enum expect_key key);

/* Read; NULL when there was an error, which is told, or the arena is spent. */
const struct scenario *scenario_read(const struct source *source, struct arena *arena,
                                     struct problem_list *problems);

#endif
