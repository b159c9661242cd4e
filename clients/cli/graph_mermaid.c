#include "cli/graph.h"
#include "cli/spoken.h"
#include "cli/words.h"

/* Inside quotes Mermaid knows entities of its own, written with a `#`. */
static void print_escaped(FILE *out, struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.bytes[i]) {
        case '\n':
            (void)fputs("<br/>", out);
            break;
        case '"':
            (void)fputs("#quot;", out);
            break;
        case '#':
            (void)fputs("#35;", out);
            break;
        case '&':
            (void)fputs("#amp;", out);
            break;
        case '<':
            (void)fputs("#lt;", out);
            break;
        case '>':
            (void)fputs("#gt;", out);
            break;
        default:
            (void)fputc(text.bytes[i], out);
        }
    }
}

/* A prefix, for `end` is a word of Mermaid's. */
static void print_place(FILE *out, const struct graph *graph, uint16_t place)
{
    if (place == GRAPH_OPENING) {
        (void)fputs("opening", out);
    } else if (place == GRAPH_ANYTIME) {
        (void)fputs("anytime", out);
    } else {
        (void)fprintf(out, "s_%.*s", TEXT_ARGS(graph->procedure->stages[place].name));
    }
}

static void print_notes(FILE *out, const struct node *node)
{
    static const char *const signs[] = {
        [NOTE_CLOCK] = "⏱ ", [NOTE_STAY] = "· ", [NOTE_END] = "⚠ ", [NOTE_REASON] = ""};

    for (enum note_kind kind = 0; kind < NOTE_KINDS; kind++) {
        for (const struct node_note *note = node->first; note != NULL; note = note->next) {
            if (note->kind == kind) {
                (void)fprintf(out, "<br/>%s", signs[kind]);
                print_escaped(out, note->text);
            }
        }
    }
}

static void print_stage(FILE *out, const struct graph *graph, uint16_t i)
{
    const struct stage *stage = &graph->procedure->stages[i];

    if (graph->stands_in[i] != i) {
        return;
    }
    (void)fprintf(out, "%s", stage->final && !graph->main ? "        " : "    ");
    print_place(out, graph, i);
    (void)fputs(stage->final ? "[[\"" : "(\"", out);
    print_escaped(out, spoken_stage(graph->procedure, i));
    for (uint16_t j = 0; j < graph->procedure->stage_count; j++) {
        if (j != i && graph->stands_in[j] == i) {
            (void)fputs("<br/>", out);
            print_escaped(out, spoken_stage(graph->procedure, j));
        }
    }
    print_notes(out, &graph->stages[i]);
    (void)fputs(stage->final ? "\"]]:::final\n" : "\"):::stage\n", out);
}

static void print_stages(FILE *out, const struct graph *graph)
{
    bool any_final = false;

    if (graph->has_opening) {
        (void)fprintf(out, "    opening((\"%s\")):::opening\n", words_pick("open", "开始"));
    }
    for (uint16_t i = 0; i < graph->procedure->stage_count; i++) {
        any_final = any_final || graph->procedure->stages[i].final;
        if (!graph->procedure->stages[i].final) {
            print_stage(out, graph, i);
        }
    }
    if (any_final && !graph->main) {
        (void)fprintf(out, "    subgraph finals [\"%s\"]\n", words_pick("ends", "办结"));
        for (uint16_t i = 0; i < graph->procedure->stage_count; i++) {
            if (graph->procedure->stages[i].final) {
                print_stage(out, graph, i);
            }
        }
        (void)fputs("    end\n", out);
    }
    for (uint16_t i = 0; graph->main && i < graph->procedure->stage_count; i++) {
        if (graph->procedure->stages[i].final) {
            print_stage(out, graph, i);
        }
    }
    if (graph->has_anytime) {
        (void)fprintf(out, "    anytime(\"%s", words_pick("at any time", "任何阶段"));
        print_notes(out, &graph->anytime);
        (void)fputs("\"):::anytime\n", out);
    }
}

static void print_link(FILE *out, const struct graph *graph, const struct link *link)
{
    (void)fputs("    ", out);
    print_place(out, graph, link->from);
    (void)fputs(link->kind == LINK_EVENT && !link->back ? " -->|\"" : " -.->|\"", out);
    for (const struct reason_line *line = link->first; line != NULL; line = line->next) {
        (void)fputs(line == link->first ? "" : "<br/>", out);
        print_escaped(out, line->event);
        if (!text_empty(line->who)) {
            (void)fputs(" · ", out);
            print_escaped(out, line->who);
        }
        if (!text_empty(line->when)) {
            (void)fputs("<br/>[", out);
            print_escaped(out, line->when);
            (void)fputs("]", out);
        }
    }
    (void)fputs("\"| ", out);
    print_place(out, graph, link->to);
    (void)fputc('\n', out);
}

static void print_styles(FILE *out, const struct graph *graph)
{
    static const char *const colours[] = {
        [LINK_OVERDUE] = "#c0392b", [LINK_ELAPSED] = "#2471a3", [LINK_CAPPED] = "#b9770e"};
    uint32_t number = 0;

    for (const struct link *link = graph->first; link != NULL; link = link->next, number++) {
        if (link->kind != LINK_EVENT) {
            (void)fprintf(out, "    linkStyle %u stroke:%s,color:%s\n", number,
                          colours[link->kind], colours[link->kind]);
        }
    }
    (void)fputs("    classDef stage fill:#eef4fb,stroke:#34618f,color:#1b2a3a\n"
                "    classDef final fill:#eaf5ea,stroke:#3c7a46,color:#1b2a3a\n"
                "    classDef opening fill:#1b2a3a,stroke:#1b2a3a,color:#ffffff\n"
                "    classDef anytime fill:#f6f6f6,stroke:#999999,color:#555555\n",
                out);
}

void graph_print_mermaid(FILE *out, const struct graph *graph)
{
    (void)fputs("flowchart TB\n", out);
    print_stages(out, graph);
    for (const struct link *link = graph->first; link != NULL; link = link->next) {
        print_link(out, graph, link);
    }
    print_styles(out, graph);
}
