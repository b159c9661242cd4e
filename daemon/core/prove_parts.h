#ifndef DUBAN_CORE_PROVE_PARTS_H
#define DUBAN_CORE_PROVE_PARTS_H

/*
 * A proof in the making, shared by the files that make it: prove_shape.c (what stands there),
 * prove_meaning.c (what a condition says of clocks and facts), prove_flow.c (which cases
 * there can be), prove_solve.c (assignments), prove_wake.c and prove_choice.c (what follows).
 * Nobody else includes this.
 */
#include "core/prove.h"
#include "core/scope.h"
#include "core/state.h"

#define ARRIVALS_MAX 32 /* kinds of cases told apart in one stage */

/* What is sure of every case of a kind. Clocks in neither mask may be live or not. */
struct sure {
    uint64_t live;          /* clocks of which an instance is live */
    uint64_t dead;          /* clocks of which none is */
    struct fact_mask facts; /* set */
};

struct sure_list {
    uint32_t count;
    struct sure items[ARRIVALS_MAX];
};

/* How a case came here: the last event, and what was before. */
struct way {
    const struct way *before; /* NULL: the opening */
    uint16_t stage;           /* where it then stood */
    uint16_t event;           /* NO_INDEX: the end of a clock that no rule names */
    uint16_t ended;           /* the clock whose end it was, or NO_INDEX */
    bool taken;               /* by a rule; false: the end only changed its clock */
    bool asleep;              /* nothing was surely live then, and something should be */
};

/* One kind of case that can stand in a stage. */
struct arrival {
    struct sure sure;
    const struct way *way;
    bool fresh; /* what may follow has not been looked at yet */
};

/* What kinds of cases of one stage are told apart by, from much to little. */
enum place_level {
    PLACE_EXACT,    /* everything */
    PLACE_SHORTER,  /* what is live, and of what is not the clocks that matter there */
    PLACE_NARROWED, /* … and of windows that are live only those */
    PLACE_BLURRED,  /* … and nothing of what is not live */
    PLACE_MERGED    /* nothing: they are taken as one */
};

struct place {
    struct arrival arrivals[ARRIVALS_MAX];
    uint32_t count;
    enum place_level level;
    uint64_t matters;  /* clocks that the stage's own rules ask about or take the end of */
    uint64_t duties;   /* all there are: one stays live until a rule ends it */
    uint64_t all_live; /* … and those that are live, and dead, in every kind */
    uint64_t all_dead;
    const struct way *asleep; /* how a case came here that nothing wakes; NULL: none does */
    uint64_t to;              /* stages that rules lead to from here */
    struct fact_mask entered_with; /* facts set whenever it is entered */
    bool entered;
};

/* An event that a stage may see, with the rules it is judged by. */
struct calling {
    uint16_t stage; /* NO_INDEX: it opens a case */
    uint16_t event; /* NO_INDEX: the end of a clock that no rule names */
    uint16_t own;   /* the clock whose end it is, or NO_INDEX */
    const struct rule **rules;
    uint32_t rule_count;
    uint32_t own_count; /* the first of them are the stage's own, the others `anytime` */
};

/* Numbers an instance can stand in, as bits: enum instance_state, and two more. */
#define STANDS(state) ((uint32_t)1 << (state))
#define STANDS_NEVER  STANDS(9)
#define STANDS_OTHER \
    10 /* shift: it has ended (or never was) while another of its clock lives */
#define STANDS_LIVE \
    (STANDS(INSTANCE_RUNNING) | STANDS(INSTANCE_PAUSED) | STANDS(INSTANCE_OVERDUE))
#define STANDS_ENDED                                                            \
    (STANDS(INSTANCE_MET) | STANDS(INSTANCE_MET_LATE) | STANDS(INSTANCE_USED) | \
     STANDS(INSTANCE_ELAPSED) | STANDS(INSTANCE_CAPPED) | STANDS(INSTANCE_CANCELLED))
#define STANDS_QUIET (STANDS_ENDED | STANDS_NEVER)
#define STANDS_LIVES (STANDS_LIVE | STANDS_QUIET << STANDS_OTHER)
#define STANDS_COUNT 20

struct meaning_room;
struct solver;

struct prover {
    const struct procedure *procedure;
    const struct prove_options *options;
    struct arena *arena;
    struct problem_list *problems;
    uint64_t work;
    uint64_t work_max;
    uint64_t all_clocks;
    uint16_t ends[CLOCKS_MAX];               /* the event of a clock's end, or NO_INDEX */
    struct place *places;                    /* by stage */
    const struct rule **rules;               /* room for one calling */
    struct fact_mask known_with[CLOCKS_MAX]; /* facts set whenever such a clock has started */
    bool known_with_any[CLOCKS_MAX];         /* … it was seen to start */
    struct fact_mask unset_later; /* facts that some rule unsets: a clock that runs says nothing
                                     of them */
    bool known_moved; /* what is known with a clock grew less: look at all again */
    struct meaning_room *room;
    struct solver *solver;
};

/* prove.c */
/* Count work; false when there has been too much. */
bool prover_works(struct prover *prover, uint64_t units);
void prover_tell(struct prover *prover, enum severity severity, const struct message *message,
                 struct mark mark, const struct text *arguments, uint32_t count);
#define TELL(prover, severity, message, mark, ...)                                   \
    prover_tell(prover, severity, message, mark, (const struct text[]){__VA_ARGS__}, \
                sizeof((const struct text[]){__VA_ARGS__}) / sizeof(struct text))
struct text prover_stage_name(const struct prover *prover, uint16_t stage);
/* Words put together in a room of their own; cut when it is full. */
struct words {
    char bytes[512];
    size_t size;
};
void words_add(struct words *words, struct text text);
struct text words_text(const struct words *words);
/* The name of an event, or of the end of a clock that no rule names (made in `words`). */
struct text prover_event_name(const struct prover *prover, uint16_t event, uint16_t ended,
                              struct words *words);

/* prove_calling.c: walk the events a stage may see; *at begins at 0. False: there are no
 * more. */
bool calling_next(const struct prover *prover, uint16_t stage, uint32_t *at,
                  struct calling *calling);
/* Those for one event (or end) alone. */
void calling_of(const struct prover *prover, uint16_t stage, uint16_t event, uint16_t own,
                struct calling *calling);
/* The same of the opening events. */
bool calling_open(const struct prover *prover, uint32_t *at, struct calling *calling);
uint64_t clock_bit(uint16_t clock);
/* Every state an instance of such a clock can be in, with STANDS_NEVER. */
uint32_t clock_stands(const struct clock *clock);
/* Those in which a flag of it is true. */
uint32_t clock_field_stands(enum clock_field field);
/* The state that its end leaves it in. */
uint32_t clock_end_stands(enum clock_kind kind);
/* The facts without which it cannot start. */
struct fact_mask clock_needs(const struct clock *clock);
bool mask_covers(const struct fact_mask *mask, const struct fact_mask *part);
struct fact_mask mask_both(struct fact_mask a, struct fact_mask b);
struct fact_mask mask_common(struct fact_mask a, struct fact_mask b);
struct fact_mask mask_without(struct fact_mask a, struct fact_mask b);
bool mask_equal(const struct fact_mask *a, const struct fact_mask *b);

/* prove_meaning.c: what follows for clocks and facts where conditions hold or fail. */
#define MEANING_CLOCKS  8
#define MEANING_OPTIONS 8

struct option {
    uint32_t stands[MEANING_CLOCKS];
    struct fact_mask facts;
};

/* Any one of them holds. None: it cannot be. */
struct option_list {
    uint32_t count;
    struct option items[MEANING_OPTIONS];
};

struct meaning {
    struct prover *prover;
    uint16_t stage;                  /* what case.stage is; NO_INDEX: unset */
    uint16_t clocks[MEANING_CLOCKS]; /* those told apart; others say nothing */
    uint32_t clock_count;
    struct option_list options;
};

struct meaning_room *meaning_room(struct arena *arena);
void meaning_begin(struct meaning *meaning, struct prover *prover, uint16_t stage);
/* Tell the clocks of this condition apart, as long as there is room. Before any meaning_take.
 * */
void meaning_watch(struct meaning *meaning, const struct guard *guard);
/* What holds from the outset: the clock is in one of these states. */
void meaning_stands(struct meaning *meaning, uint16_t clock, uint32_t stands);
/* … and the condition is so. NULL is a condition that is always true. */
void meaning_take(struct meaning *meaning, const struct guard *guard, bool truth);
/* As masks over all clocks. */
struct sure meaning_sure(const struct meaning *meaning, const struct option *option);

/* prove_place.c */
/* Before any kind comes: which clocks matter in each stage. */
void place_begin(struct prover *prover);
/* Whether a kind there stands for this one, and no more is sure of it. */
bool place_knows(const struct place *place, const struct sure *sure);
/* Take a kind in. Where there are too many, several are taken as one. */
void place_take(struct place *place, struct arrival *added);
void sure_list_add(struct sure_list *list, const struct sure *sure);

/* prove_flow.c */
/* Find every kind of case that can be; false when it would take too long. */
bool flow_run(struct prover *prover);
/* The kinds of cases that see this event; an ended clock has ended. None: it cannot be. */
void flow_before(const struct prover *prover, const struct calling *calling,
                 struct sure_list *before);
/* Facts set in all of them. */
struct fact_mask sure_facts(const struct sure_list *list);
/* What is sure once a rule of a calling has acted, before it leads anywhere; empty: it never
 * is. */
void flow_after(struct prover *prover, const struct calling *calling, uint32_t rule,
                struct sure_list *after);

/* prove_solve.c: assignments of values to names under which conditions are as wanted. */
enum {
    WANT_FALSE = 1 << TRUTH_FALSE,
    WANT_TRUE = 1 << TRUTH_TRUE,
    WANT_UNKNOWN = 1 << TRUTH_UNKNOWN
};
enum phase {
    BEFORE,   /* the case before the event */
    STARTING, /* while a rule starts clocks: its facts are set */
    AFTER     /* the rule has acted */
};
enum found { FOUND_NONE, FOUND_ONE, FOUND_TOO_LARGE };

/* Where the conditions of one question stand. */
struct scene {
    uint16_t stage; /* what case.stage is; NO_INDEX: unset, the case is new */
    uint16_t own;   /* the clock whose end it is, or NO_INDEX */
    bool quiet;     /* the daemon's own: nobody acts, nothing is carried */
    const struct rule
        *rule;              /* whose facts are carried and set; NULL: anything may be carried */
    struct fact_mask facts; /* set before the event */
    const struct sure *before; /* the kinds of cases there can be; NULL: any */
    uint32_t before_count;
    const struct sure *after; /* … once the rule has acted */
    uint32_t after_count;
};

struct solver *solver_room(struct arena *arena);
void solve_begin(struct prover *prover, const struct scene *scene);
/* A condition that is to be so (WANT_*), as it is judged in that phase. NULL is always true. */
void solve_want(struct prover *prover, const struct guard *guard, enum phase phase,
                uint32_t want);
enum found solve(struct prover *prover);
/* The assignment that was found: `harm unset, kind = person`. */
struct text solve_words(struct prover *prover, struct words *words);

/* prove_asked.c: the clocks that some condition or value asks about. */
uint64_t clocks_asked(const struct procedure *procedure);
/* The same of a stage's own rules alone. */
uint64_t clocks_asked_in(const struct stage *stage);

/* The proofs. What stands there (prove_shape.c): */
void prove_shape(struct prover *prover);
void prove_notices(struct prover *prover);
void prove_errands(struct prover *prover);
void prove_strict(struct prover *prover);
/* What follows from the cases there can be (prove_wake.c): */
void prove_reach(struct prover *prover);
void prove_wake(struct prover *prover);
void prove_ends(struct prover *prover);
void prove_overdue(struct prover *prover);
/* What follows from assignments (prove_start.c, prove_choice.c): */
void prove_starts(struct prover *prover);
void prove_entries(struct prover *prover);
void prove_choices(struct prover *prover);

#endif
