#include "cli/graph.h"

#include "cli/spoken.h"
#include "cli/width.h"
#include "cli/words.h"

#include <stdlib.h>
#include <string.h>

enum {
    WRAP_COLUMNS = 34,
    WHEN_COLUMNS = 60, /* a longer condition is told by its branch's name */
    FROM_MAX = 3,      /* an `anytime` rule for more stages than these is drawn once */
    BOTH_MAX = 6,      /* on the main road from the first and the last of so many */
    EVENTS_MAX_A_WAY = 3
};

struct drawing {
    const struct procedure *procedure;
    struct arena *arena;
    struct graph *graph;
    char *line; /* what `out` has written; owned */
    size_t line_size;
    FILE *out;
    bool brief;
    bool main;
    bool spent;
};

static bool is_break(const char *at, size_t left)
{
    return at[0] == ' ' ||
           (left >= 3 &&
            (memcmp(at, "、", 3) == 0 || memcmp(at, "，", 3) == 0 || memcmp(at, "；", 3) == 0));
}

/* How many columns the next word takes, its separator not counted. */
static uint32_t next_width(struct text text)
{
    size_t size = 0;

    while (size < text.size && !is_break(text.bytes + size, text.size - size)) {
        size++;
    }
    return width_of(text_part(text, 0, size));
}

/* A copy with breaks after separators (a space becomes the break), where the next word would
 * stand too far to the right. What has no separator is left whole. */
static struct text wrap(struct arena *arena, struct text text)
{
    char *bytes = arena_take(arena, text.size * 2 + 1); /* at most a break for each byte */
    size_t size = 0;
    size_t line = 0; /* where the line in hand begins */
    struct text rest = text;

    if (bytes == NULL) {
        return (struct text){0};
    }
    while (rest.size > 0) {
        bool can_break = is_break(rest.bytes, rest.size);
        size_t taken = can_break && rest.bytes[0] != ' ' ? 3 : 1;

        memcpy(bytes + size, rest.bytes, taken);
        size += taken;
        rest = text_part(rest, taken, rest.size);

        struct text so_far = {.bytes = bytes + line, .size = size - line};

        if (can_break && rest.size > 0 && width_of(so_far) + next_width(rest) > WRAP_COLUMNS) {
            size -= taken == 1;
            bytes[size++] = '\n';
            line = size;
        }
    }
    return (struct text){.bytes = bytes, .size = size};
}

/* What `out` has written since the last time, broken into lines. */
static struct text take(struct drawing *drawing)
{
    (void)fflush(drawing->out);

    struct text text =
        wrap(drawing->arena, (struct text){.bytes = drawing->line, .size = drawing->line_size});

    drawing->spent = drawing->spent || (text.bytes == NULL && drawing->line_size > 0);
    (void)fseeko(drawing->out, 0, SEEK_SET);
    return text;
}

/* Add what was written as a line of the box. */
static void add_note(struct drawing *drawing, struct node *node, enum note_kind kind)
{
    struct text text = take(drawing);

    for (const struct node_note *n = node->first; n != NULL; n = n->next) {
        if (n->kind == kind && text_equal(n->text, text)) {
            return; /* two rules lead here and start the same clock */
        }
    }

    struct node_note *note = arena_take_zeroed(drawing->arena, 1, sizeof(*note));

    if (note == NULL) {
        drawing->spent = true;
        return;
    }
    *note = (struct node_note){.kind = kind, .text = text};
    if (node->last == NULL) {
        node->first = note;
    } else {
        node->last->next = note;
    }
    node->last = note;
}

static struct link *link_between(struct drawing *drawing, enum link_kind kind, uint16_t from,
                                 uint16_t to)
{
    struct graph *graph = drawing->graph;

    for (struct link *link = graph->first; link != NULL; link = link->next) {
        if (link->kind == kind && link->from == from && link->to == to) {
            return link;
        }
    }

    struct link *link = arena_take_zeroed(drawing->arena, 1, sizeof(*link));

    if (link == NULL) {
        drawing->spent = true;
        return NULL;
    }
    *link = (struct link){.kind = kind, .from = from, .to = to};
    if (graph->last == NULL) {
        graph->first = link;
    } else {
        graph->last->next = link;
    }
    graph->last = link;
    return link;
}

static void add_line(struct drawing *drawing, struct link *link, const struct reason_line *line)
{
    struct reason_line *kept = arena_take_zeroed(drawing->arena, 1, sizeof(*kept));

    if (link == NULL || kept == NULL) {
        drawing->spent = true;
        return;
    }
    *kept = *line;
    kept->next = NULL;
    if (link->last == NULL) {
        link->first = kept;
    } else {
        link->last->next = kept;
    }
    link->last = kept;
}

static enum link_kind kind_of(const struct procedure *procedure, uint16_t event)
{
    const struct event_name *name = &procedure->events[event];

    if (name->family != EVENT_CLOCK_END) {
        return LINK_EVENT;
    }
    switch (procedure->clocks[name->clock].kind) {
    case CLOCK_DUTY:
        return LINK_OVERDUE;
    case CLOCK_WINDOW:
        return LINK_ELAPSED;
    case CLOCK_ACCRUAL:
        return LINK_CAPPED;
    }
    return LINK_EVENT;
}

static bool is_labelled(const struct label *label)
{
    return !text_empty(label->zh) || !text_empty(label->en);
}

/* A condition in words where it has some, else as written where that is short. */
static void write_condition(FILE *out, const struct guard *guard, const struct label *label,
                            struct text name)
{
    struct text words =
        is_labelled(label) || guard == NULL || width_of(guard->text) > WHEN_COLUMNS
            ? spoken_words(label, name)
            : guard->text;

    (void)fprintf(out, "%.*s", TEXT_ARGS(words));
}

static struct text event_words(struct drawing *drawing, uint16_t event)
{
    spoken_event(drawing->out, drawing->procedure, event);
    return take(drawing);
}

static struct text who_words(struct drawing *drawing, const struct rule *rule,
                             enum link_kind kind)
{
    if (kind == LINK_EVENT) {
        if (rule->by == 0) {
            (void)fputs(words_pick("anyone inside", "机关内任何人"), drawing->out);
        }
        spoken_roles(drawing->out, drawing->procedure, rule->by);
    }
    return take(drawing);
}

/* Where an `anytime` rule is drawn once for several stages, which ones. */
static void write_stages(struct drawing *drawing, uint64_t stages)
{
    const char *between = words_pick("in ", "仅限：");

    for (uint16_t i = 0; i < drawing->procedure->stage_count; i++) {
        if ((stages >> i & 1) != 0) {
            (void)fprintf(drawing->out, "%s%.*s", between,
                          TEXT_ARGS(spoken_stage(drawing->procedure, i)));
            between = spoken_comma();
        }
    }
}

static struct text when_words(struct drawing *drawing, const struct rule *rule,
                              const struct branch *branch, uint16_t from)
{
    bool rule_speaks = rule->when != NULL || (from == GRAPH_ANYTIME && rule->in != 0);

    if (from == GRAPH_ANYTIME && rule->in != 0) {
        write_stages(drawing, rule->in);
        (void)fputs(rule->when != NULL ? words_pick("; ", "；") : "", drawing->out);
    }
    if (rule->when != NULL) {
        write_condition(drawing->out, rule->when, &rule->label, rule->name);
    }
    if (rule->to_count > 1) {
        (void)fputs(rule_speaks ? words_pick("; ", "；") : "", drawing->out);
        if (branch->when == NULL && !is_labelled(&branch->label)) {
            (void)fputs(words_pick("otherwise", "其余情形"), drawing->out);
        } else {
            write_condition(drawing->out, branch->when, &branch->label, branch->name);
        }
    }
    return take(drawing);
}

/* "correction: 15 days". */
static void write_clock(struct drawing *drawing, uint16_t clock)
{
    (void)fprintf(drawing->out, "%.*s%s", TEXT_ARGS(spoken_clock(drawing->procedure, clock)),
                  words_pick(": ", "："));
    spoken_limit(drawing->out, drawing->procedure, &drawing->procedure->clocks[clock]);
}

static void note_clocks(struct drawing *drawing, const struct clock_act *starts,
                        uint32_t start_count, uint16_t stage)
{
    for (uint32_t i = 0; i < start_count; i++) {
        write_clock(drawing, starts[i].clock);
        add_note(drawing, &drawing->graph->stages[stage], NOTE_CLOCK);
    }
}

static void write_acts(struct drawing *drawing, const char *verb, const struct clock_act *acts,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        (void)fprintf(drawing->out, "%s%.*s", i == 0 ? verb : spoken_comma(),
                      TEXT_ARGS(spoken_clock(drawing->procedure, acts[i].clock)));
    }
}

/* "; opens a guidance; tells the leading case". */
static void write_errands(struct drawing *drawing, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->errand_count; i++) {
        const struct errand *errand = &rule->errands[i];

        (void)fprintf(drawing->out, "%s%.*s",
                      errand->opens ? words_pick("; opens ", "；另立")
                                    : words_pick("; tells ", "；告知"),
                      TEXT_ARGS(spoken_words(&errand->label, errand->name)));
    }
}

/* What a rule that leads on does in other cases stands where it leads. */
static void note_errands(struct drawing *drawing, const struct rule *rule, uint16_t event)
{
    if (rule->errand_count > 0) {
        spoken_event(drawing->out, drawing->procedure, event);
        write_errands(drawing, rule);
        add_note(drawing, &drawing->graph->stages[rule->to[0].stage], NOTE_STAY);
    }
}

/* A rule that leads nowhere else: who, and what it does to clocks. */
static void note_stay(struct drawing *drawing, const struct rule *rule, uint16_t event,
                      struct node *node)
{
    enum link_kind kind = kind_of(drawing->procedure, event);

    spoken_event(drawing->out, drawing->procedure, event);
    if (rule->when != NULL && !text_empty(rule->name)) {
        (void)fprintf(drawing->out, "%s%.*s%s", words_pick(" (", "（"),
                      TEXT_ARGS(spoken_words(&rule->label, rule->name)), words_pick(")", "）"));
    }
    if (rule->by != 0 && kind == LINK_EVENT) {
        (void)fputs(" · ", drawing->out);
        spoken_roles(drawing->out, drawing->procedure, rule->by);
    }
    write_acts(drawing, words_pick("; starts ", "；起算"), rule->starts, rule->start_count);
    write_acts(drawing, words_pick("; meets ", "；办结"), rule->meets, rule->meet_count);
    write_acts(drawing, words_pick("; cancels ", "；撤销"), rule->cancels, rule->cancel_count);
    write_acts(drawing, words_pick("; pauses ", "；中止"), rule->pauses, rule->pause_count);
    write_acts(drawing, words_pick("; resumes ", "；恢复"), rule->resumes, rule->resume_count);
    write_acts(drawing, words_pick("; extends ", "；延长"), rule->extends, rule->extend_count);
    write_errands(drawing, rule);
    add_note(drawing, node, kind == LINK_EVENT ? NOTE_STAY : NOTE_END);
}

static struct node *node_of(struct graph *graph, uint16_t from)
{
    return from == GRAPH_ANYTIME ? &graph->anytime : &graph->stages[from];
}

/* On the main road: one way between two stages, with the events that lead there. */
static void draw_way(struct drawing *drawing, uint16_t event, uint16_t from, uint16_t to)
{
    const struct stage *stages = drawing->procedure->stages;
    uint32_t count = 0;

    if (from == to || (from != GRAPH_OPENING && stages[from].final)) {
        return;
    }

    struct link *link = link_between(drawing, LINK_EVENT, from, to);
    struct text words = event_words(drawing, event);

    for (struct reason_line *line = link == NULL ? NULL : link->first; line != NULL;
         line = line->next) {
        count++;
        if (text_equal(line->event, words) || count > EVENTS_MAX_A_WAY) {
            return;
        }
    }
    if (link != NULL) {
        link->back = from != GRAPH_OPENING && to < from && !stages[to].final;
    }
    add_line(drawing, link,
             &(struct reason_line){.event = count == EVENTS_MAX_A_WAY ? TEXT("…") : words});
}

static void draw_rule(struct drawing *drawing, const struct rule *rule, uint16_t event,
                      uint16_t from)
{
    enum link_kind kind = kind_of(drawing->procedure, event);

    if (drawing->main) {
        for (uint32_t i = 0; i < rule->to_count; i++) {
            draw_way(drawing, event, from, rule->to[i].stage);
        }
        return;
    }
    if (rule->to_count == 0) {
        if (!drawing->brief) {
            note_stay(drawing, rule, event, node_of(drawing->graph, from));
        }
        return;
    }
    for (uint32_t i = 0; i < rule->to_count; i++) {
        const struct branch *branch = &rule->to[i];
        struct reason_line line = {.event = event_words(drawing, event),
                                   .who = who_words(drawing, rule, kind),
                                   .when = when_words(drawing, rule, branch, from)};

        struct link *link = link_between(drawing, kind, from, branch->stage);

        add_line(drawing, link, &line);
        if (link != NULL) {
            link->in |= rule->in;
        }
        note_clocks(drawing, rule->starts, rule->start_count, branch->stage);
    }
    if (!drawing->brief) {
        note_errands(drawing, rule, event);
    }
}

static void draw_offers(struct drawing *drawing, const struct offer *offers, uint32_t count,
                        uint16_t from)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            draw_rule(drawing, &offers[i].rules[j], offers[i].event, from);
        }
    }
}

static uint32_t bits_in(uint64_t set)
{
    uint32_t count = 0;

    for (; set != 0; set &= set - 1) {
        count++;
    }
    return count;
}

/* From each of a few stages it names, else from one box that stands for all. */
static void draw_anytime(struct drawing *drawing, const struct offer *offer)
{
    for (uint32_t i = 0; i < offer->rule_count; i++) {
        const struct rule *rule = &offer->rules[i];

        if (rule->in == 0 || bits_in(rule->in) > FROM_MAX) {
            if (drawing->main) {
                continue;
            }
            if (rule->to_count > 0 || !drawing->brief) {
                drawing->graph->has_anytime = true;
                draw_rule(drawing, rule, offer->event, GRAPH_ANYTIME);
            }
            continue;
        }
        for (uint16_t stage = 0; stage < drawing->procedure->stage_count; stage++) {
            if ((rule->in >> stage & 1) != 0) {
                draw_rule(drawing, rule, offer->event, stage);
            }
        }
    }
}

static bool is_led_to(const struct graph *graph, uint16_t stage)
{
    for (const struct link *link = graph->first; link != NULL; link = link->next) {
        if (link->to == stage) {
            return true;
        }
    }
    return false;
}

/*
 * What many stages take is drawn from the one that stands before where it leads, if nothing
 * else leads there; from the first of them too, if they are not too many; else it is told
 * elsewhere.
 */
static void draw_many(struct drawing *drawing, const struct rule *rule, uint16_t event,
                      uint64_t led)
{
    for (uint32_t i = 0; i < rule->to_count; i++) {
        uint16_t to = rule->to[i].stage;
        uint16_t first = NO_INDEX;
        uint16_t before = NO_INDEX;

        for (uint16_t stage = 0; stage < drawing->procedure->stage_count; stage++) {
            if ((rule->in >> stage & 1) != 0) {
                first = first == NO_INDEX ? stage : first;
                before = stage < to || before == NO_INDEX ? stage : before;
            }
        }
        if ((led >> to & 1) == 0) {
            draw_way(drawing, event, before, to);
        } else if (bits_in(rule->in) <= BOTH_MAX) {
            draw_way(drawing, event, first, to);
            draw_way(drawing, event, before, to);
        }
    }
}

static void draw_all_many(struct drawing *drawing)
{
    const struct procedure *procedure = drawing->procedure;
    uint64_t led = 0;

    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        led |= (uint64_t)is_led_to(drawing->graph, i) << i;
    }
    for (uint32_t i = 0; i < procedure->anytime_count; i++) {
        const struct offer *offer = &procedure->anytime[i];

        for (uint32_t j = 0; j < offer->rule_count; j++) {
            if (bits_in(offer->rules[j].in) > FROM_MAX) {
                draw_many(drawing, &offer->rules[j], offer->event, led);
            }
        }
    }
}

/* The stages that lead to one, as a set; the opening is the highest bit. */
static uint64_t sources_of(const struct graph *graph, uint16_t stage)
{
    uint64_t sources = 0;

    for (const struct link *link = graph->first; link != NULL; link = link->next) {
        if (link->to == stage) {
            sources |= (uint64_t)1 << (link->from == GRAPH_OPENING ? 63 : link->from);
        }
    }
    return sources;
}

/* Ends that the same stages lead to share the box of the first, and its ways. */
static void join_ends(struct graph *graph)
{
    const struct procedure *procedure = graph->procedure;

    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        uint64_t sources = sources_of(graph, i);

        for (uint16_t j = 0; procedure->stages[i].final && j < i; j++) {
            if (procedure->stages[j].final && graph->stands_in[j] == j &&
                sources_of(graph, j) == sources) {
                graph->stands_in[i] = j;
                break;
            }
        }
    }
    for (struct link **at = &graph->first; *at != NULL;) {
        if (graph->stands_in[(*at)->to] != (*at)->to) {
            *at = (*at)->next;
        } else {
            graph->last = *at;
            at = &(*at)->next;
        }
    }
}

static void draw_stage(struct drawing *drawing, uint16_t i)
{
    const struct stage *stage = &drawing->procedure->stages[i];
    struct node *node = &drawing->graph->stages[i];

    if (drawing->main) {
        draw_offers(drawing, stage->offers, stage->offer_count, i);
        return;
    }
    if (stage->no_limit) {
        (void)fprintf(
            drawing->out, "%.*s",
            TEXT_ARGS(spoken_words(&stage->no_limit_label,
                                   text_of(words_pick("no limit runs here", "此处不设期限")))));
        add_note(drawing, node, NOTE_REASON);
    }
    note_clocks(drawing, stage->starts, stage->start_count, i);
    draw_offers(drawing, stage->offers, stage->offer_count, i);
}

static bool draw(struct drawing *drawing)
{
    const struct procedure *procedure = drawing->procedure;

    drawing->graph->has_opening = procedure->open_count > 0;
    draw_offers(drawing, procedure->opens, procedure->open_count, GRAPH_OPENING);
    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        draw_stage(drawing, i);
    }
    for (uint32_t i = 0; i < procedure->anytime_count; i++) {
        draw_anytime(drawing, &procedure->anytime[i]);
    }
    if (drawing->main) {
        draw_all_many(drawing);
        join_ends(drawing->graph);
    }
    return !drawing->spent;
}

bool graph_make(const struct procedure *procedure, enum graph_detail detail,
                struct arena *arena, struct graph *graph)
{
    struct drawing drawing = {.procedure = procedure,
                              .arena = arena,
                              .graph = graph,
                              .brief = detail != GRAPH_WHOLE,
                              .main = detail == GRAPH_MAIN};

    *graph = (struct graph){.procedure = procedure, .main = drawing.main};
    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        graph->stands_in[i] = i;
    }
    drawing.out = open_memstream(&drawing.line, &drawing.line_size);
    if (drawing.out == NULL) {
        return false;
    }

    bool drawn = draw(&drawing);

    (void)fclose(drawing.out);
    free(drawing.line);
    return drawn;
}
