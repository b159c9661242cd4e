#include "cli/graph.h"
#include "cli/spoken.h"
#include "cli/words.h"

/* The colours of a picture: dark enough on white, told apart also in grey by their strokes. */
#define INK   "#1b2a3a"
#define PALE  "#5d6d7e"
#define AMBER "#9a5b00"
#define RED   "#c0392b"
#define BLUE  "#2471a3"
#define FONT  "Noto Sans CJK SC,Microsoft YaHei,PingFang SC,WenQuanYi Micro Hei,sans-serif"

enum { FINALS_A_ROW = 5 };

/* Graphviz' labels are a small HTML. */
static void print_escaped(FILE *out, struct text text, const char *line_end)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.bytes[i]) {
        case '\n':
            (void)fputs(line_end, out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        default:
            (void)fputc(text.bytes[i], out);
        }
    }
}

static void print_place(FILE *out, const struct graph *graph, uint16_t place)
{
    if (place == GRAPH_OPENING) {
        (void)fputs("\"(opening)\"", out);
    } else if (place == GRAPH_ANYTIME) {
        (void)fputs("\"(anytime)\"", out);
    } else {
        (void)fprintf(out, "\"%.*s\"", TEXT_ARGS(graph->procedure->stages[place].name));
    }
}

static void print_notes(FILE *out, const struct node *node)
{
    static const struct {
        const char *sign;
        const char *colour;
    } looks[] = {[NOTE_CLOCK] = {"◷ ", AMBER},
                 [NOTE_STAY] = {"· ", PALE},
                 [NOTE_END] = {"! ", RED},
                 [NOTE_REASON] = {"", PALE}};

    for (enum note_kind kind = 0; kind < NOTE_KINDS; kind++) {
        bool begun = false;

        for (const struct node_note *note = node->first; note != NULL; note = note->next) {
            if (note->kind != kind) {
                continue;
            }
            (void)fprintf(out,
                          "%s<TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\"><FONT POINT-SIZE=\"9\" "
                          "COLOR=\"%s\">%s",
                          begun ? "" : "<HR/>", looks[kind].colour, looks[kind].sign);
            print_escaped(out, note->text, "<BR/>");
            (void)fputs("</FONT></TD></TR>", out);
            begun = true;
        }
    }
}

/* A box: the title, the name that programs use, and the lines. */
static void print_box(FILE *out, struct text title, struct text name, const struct node *node)
{
    (void)fputs("label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" "
                "CELLPADDING=\"2\"><TR><TD><B>",
                out);
    print_escaped(out, title, "<BR/>");
    (void)fputs("</B>", out);
    if (!text_empty(name) && !text_equal(name, title)) {
        (void)fputs("  <FONT POINT-SIZE=\"9\" COLOR=\"" PALE "\">", out);
        print_escaped(out, name, "");
        (void)fputs("</FONT>", out);
    }
    (void)fputs("</TD></TR>", out);
    print_notes(out, node);
    (void)fputs("</TABLE>>", out);
}

/* An end and those that share its box, a line for each. */
static void print_shared(FILE *out, const struct graph *graph, uint16_t stage)
{
    (void)fputs("label=<", out);
    for (uint16_t i = stage; i < graph->procedure->stage_count; i++) {
        if (graph->stands_in[i] == stage) {
            (void)fputs(i == stage ? "" : "<BR/>", out);
            print_escaped(out, spoken_stage(graph->procedure, i), "<BR/>");
        }
    }
    (void)fputs(">", out);
}

static void print_stage(FILE *out, const struct graph *graph, uint16_t i)
{
    const struct stage *stage = &graph->procedure->stages[i];

    if (graph->stands_in[i] != i) {
        return;
    }
    (void)fputs(stage->final ? "        " : "    ", out);
    print_place(out, graph, i);
    (void)fputs(" [", out);
    if (graph->main) {
        print_shared(out, graph, i);
    } else {
        print_box(out, spoken_stage(graph->procedure, i), stage->name, &graph->stages[i]);
    }
    if (stage->final) {
        (void)fputs(", peripheries=2, style=\"filled\", fillcolor=\"#eaf5ea\", "
                    "color=\"#3c7a46\"",
                    out);
    }
    (void)fputs("];\n", out);
}

/* The final stages, grouped. They have little to say to each other, so many of them would stand
 * in one endless row: edges that nobody sees put them below each other. */
static void print_finals(FILE *out, const struct graph *graph)
{
    const struct procedure *procedure = graph->procedure;
    uint16_t finals[STAGES_MAX];
    uint32_t count = 0;

    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        if (procedure->stages[i].final && graph->stands_in[i] == i) {
            finals[count++] = i;
        }
    }
    if (count == 0) {
        return;
    }
    if (graph->main) {
        for (uint32_t i = 0; i < count; i++) {
            print_stage(out, graph, finals[i]);
        }
        return;
    }
    (void)fprintf(out,
                  "    subgraph cluster_finals {\n"
                  "        label=\"%s\"; labeljust=l; fontsize=10; fontcolor=\"#3c7a46\";\n"
                  "        style=\"rounded,dashed\"; color=\"#a9cfae\"; margin=14;\n",
                  words_pick("ends", "办结"));
    for (uint32_t i = 0; i < count; i++) {
        print_stage(out, graph, finals[i]);
    }
    for (uint32_t i = FINALS_A_ROW; i < count; i++) {
        (void)fputs("        ", out);
        print_place(out, graph, finals[i - FINALS_A_ROW]);
        (void)fputs(" -> ", out);
        print_place(out, graph, finals[i]);
        (void)fputs(" [style=invis];\n", out);
    }
    (void)fputs("    }\n", out);
}

static void print_stages(FILE *out, const struct graph *graph)
{
    const struct procedure *procedure = graph->procedure;

    if (graph->has_opening) {
        (void)fputs("    \"(opening)\" [shape=circle, style=filled, fillcolor=\"" INK
                    "\", label=\"\", width=0.22, fixedsize=true];\n",
                    out);
    }
    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        if (!procedure->stages[i].final) {
            print_stage(out, graph, i);
        }
    }
    print_finals(out, graph);
    if (graph->has_anytime) {
        (void)fputs("    \"(anytime)\" [", out);
        print_box(out, text_of(words_pick("at any time", "任何阶段")), (struct text){0},
                  &graph->anytime);
        (void)fputs(", style=\"rounded,filled,dashed\", fillcolor=\"#f6f6f6\", "
                    "color=\"#999999\"];\n",
                    out);
    }
}

static void print_line(FILE *out, const struct reason_line *line)
{
    (void)fputs("<TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\">", out);
    print_escaped(out, line->event, "<BR/>");
    if (!text_empty(line->who)) {
        (void)fputs("<BR/><FONT POINT-SIZE=\"9\" COLOR=\"" PALE "\">", out);
        print_escaped(out, line->who, "<BR/>");
        (void)fputs("</FONT>", out);
    }
    if (!text_empty(line->when)) {
        (void)fputs("<BR/><FONT POINT-SIZE=\"9\" COLOR=\"" AMBER "\"><I>", out);
        print_escaped(out, line->when, "<BR/>");
        (void)fputs("</I></FONT>", out);
    }
    (void)fputs("</TD></TR>", out);
}

static void print_link(FILE *out, const struct graph *graph, const struct link *link)
{
    static const struct {
        const char *style;
        const char *colour;
    } looks[] = {[LINK_EVENT] = {"solid", INK},
                 [LINK_OVERDUE] = {"dashed", RED},
                 [LINK_ELAPSED] = {"dashed", BLUE},
                 [LINK_CAPPED] = {"dotted", AMBER}};

    (void)fputs("    ", out);
    print_place(out, graph, link->from);
    (void)fputs(" -> ", out);
    print_place(out, graph, link->to);

    bool anytime = link->from == GRAPH_ANYTIME;
    const char *colour =
        (anytime || link->back) && link->kind == LINK_EVENT ? PALE : looks[link->kind].colour;

    (void)fprintf(out,
                  " [%sstyle=%s, color=\"%s\", fontcolor=\"%s\", label=<<TABLE BORDER=\"0\" "
                  "CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"1\">",
                  anytime || link->back ? "constraint=false, " : "",
                  link->back ? "dashed" : looks[link->kind].style, colour, colour);
    for (const struct reason_line *line = link->first; line != NULL; line = line->next) {
        print_line(out, line);
    }
    (void)fputs("</TABLE>>];\n", out);
}

static void print_title(FILE *out, const struct procedure *procedure, bool main)
{
    (void)fputs("    label=<<B>", out);
    print_escaped(out, spoken_words(&procedure->label, procedure->name), " ");
    (void)fprintf(out, "</B>  <FONT POINT-SIZE=\"10\" COLOR=\"" PALE "\">%.*s %s%u%s",
                  TEXT_ARGS(procedure->name), words_pick("version ", "第"), procedure->version,
                  words_pick("", "版"));
    if (!text_empty(procedure->label.law)) {
        (void)fputs(" · ", out);
        print_escaped(out, procedure->label.law, " ");
    }
    if (main) {
        (void)fputs("</FONT>>;\n", out);
        return;
    }
    (void)fprintf(out,
                  "<BR/>%s   <FONT COLOR=\"" AMBER "\">◷ %s</FONT>   <FONT COLOR=\"" RED
                  "\">- - %s</FONT>   <FONT COLOR=\"" BLUE "\">- - %s</FONT></FONT>>;\n",
                  words_pick("— event, and who may", "— 事件及行为人"),
                  words_pick("limit that begins", "起算的期限"), words_pick("overdue", "逾期"),
                  words_pick("window over", "届满"));
}

/* The last stage before `to` that a link from everywhere comes from, or the one before it. */
static uint16_t stage_before(uint64_t in, uint16_t to)
{
    for (uint16_t i = to; i > 0; i--) {
        if ((in >> (i - 1) & 1) != 0) {
            return (uint16_t)(i - 1);
        }
    }
    return (uint16_t)(to - 1);
}

/*
 * The box of what may happen at any time is no place in the order of things, so its links do
 * not decide what stands below what. A stage that only such a link leads to stands below the
 * stages it can be taken in, or below the one written before it.
 */
static void print_order(FILE *out, const struct graph *graph)
{
    const struct procedure *procedure = graph->procedure;

    for (uint16_t i = 1; i < procedure->stage_count; i++) {
        bool placed = false;
        uint64_t in = 0;

        for (const struct link *link = graph->first; link != NULL; link = link->next) {
            bool leads = link->to == i && link->from != i;

            placed = placed || (leads && link->from != GRAPH_ANYTIME);
            in |= leads && link->from == GRAPH_ANYTIME ? link->in : 0;
        }
        if (!placed && graph->stands_in[i] == i) {
            (void)fputs("    ", out);
            print_place(out, graph, stage_before(in, i));
            (void)fputs(" -> ", out);
            print_place(out, graph, i);
            (void)fputs(" [style=invis];\n", out);
        }
    }
}

void graph_print_dot(FILE *out, const struct graph *graph)
{
    (void)fprintf(out, "digraph \"%.*s\" {\n", TEXT_ARGS(graph->procedure->name));
    (void)fputs("    graph [rankdir=TB, labelloc=t, fontsize=16, nodesep=0.45, ranksep=0.55,\n"
                "        pad=0.3, bgcolor=white, fontcolor=\"" INK "\", fontname=\"" FONT
                "\"];\n"
                "    node [shape=box, style=\"rounded,filled\", fillcolor=\"#eef4fb\",\n"
                "        color=\"#34618f\", fontcolor=\"" INK
                "\", fontsize=12, margin=\"0.12,0.06\",\n        fontname=\"" FONT "\"];\n"
                "    edge [fontsize=10, arrowsize=0.7, fontname=\"" FONT "\"];\n",
                out);
    print_title(out, graph->procedure, graph->main);
    print_stages(out, graph);
    for (const struct link *link = graph->first; link != NULL; link = link->next) {
        print_link(out, graph, link);
    }
    print_order(out, graph);
    (void)fputs("}\n", out);
}
