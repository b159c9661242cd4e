#ifndef DUBAN_CODEC_LOAD_H
#define DUBAN_CODEC_LOAD_H

/*
 * From a checked tree to a procedure, shared by load_*.c. The shapes are right by now (what is
 * not is marked bad and passed by), so what is left is names, types and sense. On errors the
 * loading goes on with what is there, to find the others; only when it is over does a procedure
 * with errors become none.
 */
#include "codec/procedure_yaml.h"
#include "codec/tree.h"
#include "codec/wrong.h"
#include "core/scope.h"

#define DEFINES_MAX 128
#define NOTICES_MAX 256
#define WORDS_MAX   1024
#define APARTS_MAX  64
#define ENTRIES_MAX 256 /* named entries of any other map */

struct loader {
    struct procedure *made;
    const struct library *library;
    struct arena *arena;
    struct problem_list *problems;
    const struct node *root;
    struct guard_place place; /* where the guard that is read next stands */
    struct fact_mask untyped; /* facts whose own entry is wrong: no guard of theirs is judged */
    /* what is being made, writable; procedure.h's pointers show the same */
    struct role *roles;
    struct fact *facts;
    struct define *defines;
    struct ground *grounds;
    struct clock *clocks;
    struct stage *stages;
    struct event_name *events;
    struct notice *notices;
};

/* load_value.c: the leaves */

/* The entries of a map or list that are not bad; a scalar is a list of one. */
const struct node *item_first(const struct node *node);
const struct node *item_next(const struct node *node, const struct node *item);
uint32_t item_count(const struct node *node);

/* The entries of a map of names, also those that are bad: their names are known all the same.
 * */
const struct node *entry_first(const struct node *map);

/* Room for the items of a node, zeroed; more than `max` of them are told, and *count is cut.
 * NULL when there are none or the arena is spent; then *count is 0. */
void *take_items(struct loader *loader, const struct node *node, uint32_t max, size_t size,
                 uint32_t *count);

/* The same for all entries of a map. */
void *take_entries(struct loader *loader, const struct node *map, uint32_t max, size_t size,
                   uint32_t *count);

/* How one value of a map is read into a field. The node is there and not bad. */
typedef void load_value(struct loader *loader, const struct node *node, void *field);

struct binding {
    const char *key;
    size_t offset;
    load_value *load;
};

/* Read each bound key of a map that is there into its field of `thing`. */
void load_fields(struct loader *loader, const struct node *map, const struct binding *bindings,
                 uint32_t count, void *thing);
#define LOAD_FIELDS(loader, map, bindings, thing) \
    load_fields(loader, map, bindings, sizeof(bindings) / sizeof((bindings)[0]), thing)

load_value load_flag;        /* bool */
load_value load_text;        /* struct text */
load_value load_date;        /* int32_t */
load_value load_length;      /* struct length */
load_value load_some_length; /* the same, more than nothing */
load_value load_role;        /* uint16_t */
load_value load_roles;       /* uint64_t */
load_value load_role_list;   /* struct role_list */
load_value load_stage_mask;  /* uint64_t */
load_value load_clock_mask;  /* uint64_t */
load_value load_facts;       /* struct fact_mask */
load_value load_any_fact;    /* uint16_t, as the next three */
load_value load_text_fact;
load_value load_flag_fact;
load_value load_date_fact;
load_value load_money_fact;
load_value load_length_source; /* struct length_source */
load_value load_condition;     /* const struct guard * */
load_value load_texts;         /* struct text_list */

/* Roles in order, each once; `owner` is not known here. */
struct role_list {
    const uint8_t *roles;
    uint32_t count;
};

struct text_list {
    const struct text *texts;
    uint32_t count;
};

/* zh, en, law and the place; without words of its own those of `words`. */
struct label load_label(struct loader *loader, const struct node *node, struct text name);

/* Find what a node names; NO_INDEX, told, where there is none. */
uint16_t find_role(struct loader *loader, const struct node *node);
uint16_t find_clock(struct loader *loader, struct text name, struct mark mark);
uint16_t find_stage(struct loader *loader, const struct node *node);
uint16_t find_fact(struct loader *loader, struct text name, struct mark mark);
/* Tell it where a private fact stands in a place that reads it. */
void refuse_private(struct loader *loader, uint16_t fact, struct mark mark);
/* Things that begin with their names. */
struct named {
    const void *things;
    uint32_t count;
    size_t size; /* of each */
};

/* Tell that there is no such name, with the nearest there is. */
void tell_no_name(struct loader *loader, enum wrong wrong, struct text name, struct mark mark,
                  struct named named);

/* Compile what stands there; NULL where it is wrong. */
const struct guard *load_guard(struct loader *loader, const struct node *node,
                               struct guard_wish wish);

void tell(struct loader *loader, enum wrong wrong, struct mark mark, struct text first,
          struct text second);

/* load_base.c: what everything else refers to */
void load_head(struct loader *loader);
void load_base(struct loader *loader);
void load_defines(struct loader *loader);
uint16_t notice_of(struct loader *loader, const struct node *node);

/* load_need.c */
void load_needs(struct loader *loader, const struct node *map, const struct need **needs,
                uint32_t *count);
void load_top_needs(struct loader *loader);
/* One map or a list of them. */
void load_notifies(struct loader *loader, const struct node *node,
                   const struct notify **notifies, uint32_t *count);

/* load_clock.c */
void load_clock_names(struct loader *loader);
void load_clocks(struct loader *loader);

/* load_event.c */
void load_events(struct loader *loader);
uint16_t event_of(struct loader *loader, const struct node *node);

/* load_migrates.c */
void load_migrates(struct loader *loader);

/* load_errand.c */
void load_errands(struct loader *loader, const struct node *node, struct rule *rule);

/* load_rule.c, load_stage.c */
void load_rule(struct loader *loader, const struct node *node, struct rule *rule);
void load_acts(struct loader *loader, const struct node *node, const struct clock_act **acts,
               uint32_t *count);
void load_stage_names(struct loader *loader);
void load_stages(struct loader *loader);

/* expand.c: what refers to `plans` and the top `needs` holds them afterwards */
void expand(struct loader *loader, struct node *root);

#endif
