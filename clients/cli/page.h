#ifndef DUBAN_CLI_PAGE_H
#define DUBAN_CLI_PAGE_H

/*
 * A procedure as a page for lawyers, in Markdown: the picture, the limits, who is told when,
 * what may be done in each stage and by whom, what the law wants, the words of notices. Made of
 * the loaded procedure alone, in the language chosen.
 */
#include "codec/wording.h"
#include "core/procedure.h"

#include <stdio.h>

struct page {
    const struct procedure *procedure;
    const struct wordings *wordings;
    FILE *out;
    FILE *cell;  /* what the cell in hand says */
    char *bytes; /* of it */
    size_t size;
};

/* The heads of a table, ended by NULL. */
void page_table(struct page *page, const char *const *heads);
/* A row: each cell is written to page->cell and ended. */
void page_row(struct page *page);
void page_cell(struct page *page);
void page_row_end(struct page *page);
/* A cell that holds this and no more. */
void page_cell_text(struct page *page, struct text text);
/* In the cell: a line's end, where something stands before it. */
void page_break(struct page *page);
bool page_has(struct page *page);

/* Where rules stand, one after the other: what opens, each stage, any time. */
struct page_shelf {
    const struct offer *offers;
    uint32_t count;
};

uint32_t page_shelf_count(const struct procedure *procedure);
struct page_shelf page_shelf_at(const struct procedure *procedure, uint32_t i);

/* A plan is all that clocks with the same reminders and rungs have in common; from 1. */
uint32_t page_plan_of(const struct procedure *procedure, uint32_t clock);

void page_tracks(struct page *page);
void page_limits(struct page *page);
void page_plans(struct page *page);
void page_acts(struct page *page);
void page_needs(struct page *page);
void page_people(struct page *page);
void page_notices(struct page *page);

#endif
