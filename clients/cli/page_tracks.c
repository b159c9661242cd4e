#include "cli/page.h"

#include "cli/graph.h"
#include "cli/spoken.h"
#include "cli/words.h"

/*
 * What goes on beside the main road: each limit that begins or ends with an act that leaves the
 * case in its stage, as a row of its own: what begins it, the limit, what ends it. Where one
 * limit's end begins another, their rows are joined.
 */

static bool does(const struct rule *rule, uint16_t clock, bool meets)
{
    const struct clock_act *acts = meets ? rule->meets : rule->starts;
    uint32_t count = meets ? rule->meet_count : rule->start_count;

    for (uint32_t i = 0; i < count; i++) {
        if (acts[i].clock == clock) {
            return true;
        }
    }
    return false;
}

/* Whether an act of somebody's, that stays in its stage, begins or ends it. */
static bool is_beside(const struct procedure *procedure, uint16_t clock)
{
    for (uint32_t i = 0; i < page_shelf_count(procedure); i++) {
        struct page_shelf shelf = page_shelf_at(procedure, i);

        for (uint32_t j = 0; j < shelf.count; j++) {
            const struct offer *offer = &shelf.offers[j];
            bool acted = procedure->events[offer->event].family != EVENT_CLOCK_END;

            for (uint32_t k = 0; acted && k < offer->rule_count; k++) {
                const struct rule *rule = &offer->rules[k];

                if (rule->to_count == 0 &&
                    (does(rule, clock, true) || does(rule, clock, false))) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* What is drawn: the limits that have a row, and the events that join rows, for they end one
 * limit and begin another. */
struct tracks {
    uint64_t clocks;
    uint64_t joints[EVENTS_MAX / 64];
};

static bool is_joint(const struct tracks *tracks, uint16_t event)
{
    return (tracks->joints[event / 64] >> event % 64 & 1) != 0;
}

/* Whether an event's rules begin, or end, a limit that is drawn. */
static bool touches(const struct offer *offer, const struct tracks *tracks, bool meets)
{
    for (uint32_t i = 0; i < offer->rule_count; i++) {
        for (uint16_t clock = 0; clock < CLOCKS_MAX; clock++) {
            if ((tracks->clocks >> clock & 1) != 0 && does(&offer->rules[i], clock, meets)) {
                return true;
            }
        }
    }
    return false;
}

static void find_tracks(const struct procedure *procedure, struct tracks *tracks)
{
    uint64_t begins[EVENTS_MAX / 64] = {0};
    uint64_t ends[EVENTS_MAX / 64] = {0};

    for (uint16_t i = 0; i < procedure->clock_count; i++) {
        tracks->clocks |= (uint64_t)is_beside(procedure, i) << i;
    }
    for (uint32_t i = 0; i < page_shelf_count(procedure); i++) {
        struct page_shelf shelf = page_shelf_at(procedure, i);

        for (uint32_t j = 0; j < shelf.count; j++) {
            uint16_t event = shelf.offers[j].event;
            uint64_t bit = (uint64_t)1 << event % 64;

            begins[event / 64] |= touches(&shelf.offers[j], tracks, false) ? bit : 0;
            ends[event / 64] |= touches(&shelf.offers[j], tracks, true) ? bit : 0;
        }
    }
    for (uint32_t i = 0; i < EVENTS_MAX / 64; i++) {
        tracks->joints[i] = begins[i] & ends[i];
    }
}

/* An event that begins, or ends, a limit: a link where it joins rows or is another row's end,
 * else into the cell. */
static void draw_event(struct page *page, const struct tracks *tracks, uint16_t event,
                       uint16_t clock, bool meets)
{
    const struct event_name *name = &page->procedure->events[event];
    bool is_end = name->family == EVENT_CLOCK_END && name->clock != clock &&
                  (tracks->clocks >> name->clock & 1) != 0;

    if (is_end) {
        (void)fprintf(page->out, "    c%u -.->|\"%s\"| c%u\n", name->clock,
                      spoken_clock_end(page->procedure->clocks[name->clock].kind), clock);
    } else if (is_joint(tracks, event) && meets) {
        (void)fprintf(page->out, "    c%u --> v%u\n", clock, event);
    } else if (is_joint(tracks, event)) {
        (void)fprintf(page->out, "    v%u --> c%u\n", event, clock);
    } else {
        (void)fputs(page_has(page) ? "\n" : "", page->cell);
        spoken_event(page->cell, page->procedure, event);
    }
}

static void gather(struct page *page, const struct tracks *tracks, uint16_t clock, bool meets)
{
    const struct procedure *procedure = page->procedure;
    uint64_t seen[EVENTS_MAX / 64] = {0};

    for (uint32_t i = 0; i < page_shelf_count(procedure); i++) {
        struct page_shelf shelf = page_shelf_at(procedure, i);

        for (uint32_t j = 0; j < shelf.count; j++) {
            uint16_t event = shelf.offers[j].event;

            for (uint32_t k = 0; k < shelf.offers[j].rule_count; k++) {
                if (does(&shelf.offers[j].rules[k], clock, meets) &&
                    (seen[event / 64] >> event % 64 & 1) == 0) {
                    seen[event / 64] |= (uint64_t)1 << event % 64;
                    draw_event(page, tracks, event, clock, meets);
                }
            }
        }
    }
}

/* The cell as a box of this kind; false: it is empty, and no box. */
static bool print_box(struct page *page, char kind, uint16_t number)
{
    bool has = page_has(page);

    if (has) {
        (void)fprintf(page->out, "    %c%u%s\"", kind, number, kind == 'c' ? "(" : "[");
        for (size_t i = 0; i < page->size; i++) {
            if (page->bytes[i] == '\n') {
                (void)fputs("<br/>", page->out);
            } else if (page->bytes[i] == '"') {
                (void)fputs("#quot;", page->out);
            } else {
                (void)fputc(page->bytes[i], page->out);
            }
        }
        (void)fprintf(page->out, "\"%s%s\n", kind == 'c' ? ")" : "]",
                      kind == 'c' ? ":::limit" : ":::act");
    }
    (void)fseeko(page->cell, 0, SEEK_SET);
    return has;
}

static void print_row(struct page *page, const struct tracks *tracks, uint16_t clock)
{
    (void)fprintf(page->cell, "%.*s\n", TEXT_ARGS(spoken_clock(page->procedure, clock)));
    spoken_limit(page->cell, page->procedure, &page->procedure->clocks[clock]);
    (void)print_box(page, 'c', clock);
    gather(page, tracks, clock, false);
    if (print_box(page, 'b', clock)) {
        (void)fprintf(page->out, "    b%u --> c%u\n", clock, clock);
    }
    gather(page, tracks, clock, true);
    if (print_box(page, 'e', clock)) {
        (void)fprintf(page->out, "    c%u --> e%u\n", clock, clock);
    }
}

void page_tracks(struct page *page)
{
    const struct procedure *procedure = page->procedure;
    struct tracks tracks = {0};

    find_tracks(procedure, &tracks);
    if (tracks.clocks == 0) {
        return;
    }
    (void)fprintf(page->out, "\n%s\n\n```mermaid\nflowchart LR\n",
                  words_pick("Beside it, without a change of stage: what begins a limit, the "
                             "limit, what ends it.",
                             "同时进行、不改变阶段的事项（起算事项、期限、办结事项）："));
    for (uint16_t i = 0; i < procedure->event_count; i++) {
        if (is_joint(&tracks, i)) {
            spoken_event(page->cell, procedure, i);
            (void)print_box(page, 'v', i);
        }
    }
    for (uint16_t i = 0; i < procedure->clock_count; i++) {
        if ((tracks.clocks >> i & 1) != 0) {
            print_row(page, &tracks, i);
        }
    }
    (void)fputs("    classDef limit fill:#fdf5e6,stroke:#9a5b00,color:#1b2a3a\n"
                "    classDef act fill:#ffffff,stroke:#8a97a6,color:#1b2a3a\n```\n",
                page->out);
}
