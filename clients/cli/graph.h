#ifndef DUBAN_CLI_GRAPH_H
#define DUBAN_CLI_GRAPH_H

/*
 * A procedure as a picture: stages, and what leads from one to another, with words in the
 * language chosen. Made once, drawn in the language of Graphviz or of Mermaid.
 */
#include "core/procedure.h"

#include <stdbool.h>
#include <stdio.h>

/* Where a link may begin besides the stages. */
#define GRAPH_OPENING 0xfff0
#define GRAPH_ANYTIME 0xfff1

enum link_kind {
    LINK_EVENT,   /* somebody acts */
    LINK_OVERDUE, /* a duty's clock */
    LINK_ELAPSED, /* a window */
    LINK_CAPPED   /* an accrual */
};

/* One reason to go this way. Texts have `\n` where a long one is broken. */
struct reason_line {
    struct text event;
    struct text who;  /* empty for the daemon's own events */
    struct text when; /* empty: always */
    struct reason_line *next;
};

/* All reasons of one kind to go from one stage to another. */
struct link {
    enum link_kind kind;
    uint16_t from; /* a stage, GRAPH_OPENING or GRAPH_ANYTIME */
    uint16_t to;
    uint64_t in; /* of GRAPH_ANYTIME: the stages it is taken in; 0: all that are not final */
    bool back;   /* of the main road: to a stage that stands before */
    struct reason_line *first;
    struct reason_line *last;
    struct link *next;
};

enum note_kind {
    NOTE_REASON, /* why no limit runs here */
    NOTE_CLOCK,  /* runs from the entry into this stage */
    NOTE_END,    /* a clock's end that leads nowhere else */
    NOTE_STAY,   /* an event that is taken here and leads nowhere else */
    NOTE_KINDS
};

/* A line in a stage's box. */
struct node_note {
    enum note_kind kind;
    struct text text;
    struct node_note *next;
};

struct node {
    struct node_note *first;
    struct node_note *last;
};

struct graph {
    const struct procedure *procedure;
    struct node stages[STAGES_MAX];
    struct node anytime;
    bool has_opening;
    bool has_anytime;
    bool main;
    uint16_t stands_in[STAGES_MAX]; /* of the main road: whose box an end shares; else itself */
    struct link *first;             /* in the order of the procedure */
    struct link *last;
};

enum graph_detail {
    GRAPH_WHOLE,
    GRAPH_BRIEF, /* the boxes hold the stages' names and clocks alone */
    GRAPH_MAIN   /* the main road: stages, and what leads from one to another, by event alone;
                    ends that the same stages lead to share a box */
};

/* False: the arena is spent. */
bool graph_make(const struct procedure *procedure, enum graph_detail detail,
                struct arena *arena, struct graph *graph);

void graph_print_dot(FILE *out, const struct graph *graph);
void graph_print_mermaid(FILE *out, const struct graph *graph);

#endif
