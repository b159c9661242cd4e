#include "cli/page.h"

#include "cli/graph.h"
#include "cli/procedure.h"
#include "cli/spoken.h"
#include "cli/words.h"

#include <stdlib.h>
#include <string.h>

enum { LAYERS_SHOWN_MAX = 16 };

static const struct message no_room = {"page_memory", "no memory left to write of `{0}`",
                                       "内存不足，无法写出“{0}”"};

/* --- tables ------------------------------------------------------------------------------- */

void page_table(struct page *page, const char *const *heads)
{
    for (uint32_t i = 0; heads[i] != NULL; i++) {
        (void)fprintf(page->out, "| %s ", heads[i]);
    }
    (void)fputs("|\n", page->out);
    for (uint32_t i = 0; heads[i] != NULL; i++) {
        (void)fputs("| --- ", page->out);
    }
    (void)fputs("|\n", page->out);
}

void page_row(struct page *page)
{
    (void)fputs("|", page->out);
}

bool page_has(struct page *page)
{
    (void)fflush(page->cell);
    return page->size > 0;
}

void page_break(struct page *page)
{
    if (page_has(page)) {
        (void)fputs("\n", page->cell);
    }
}

/* What was written, on one line of the table. */
void page_cell(struct page *page)
{
    (void)fflush(page->cell);
    (void)fputs(" ", page->out);
    for (size_t i = 0; i < page->size; i++) {
        switch (page->bytes[i]) {
        case '\n':
            (void)fputs("<br>", page->out);
            break;
        case '|':
            (void)fputs("\\|", page->out);
            break;
        case '<':
            (void)fputs("&lt;", page->out);
            break;
        default:
            (void)fputc(page->bytes[i], page->out);
        }
    }
    (void)fputs(page->size > 0 ? " |" : "|", page->out);
    (void)fseeko(page->cell, 0, SEEK_SET);
}

void page_cell_text(struct page *page, struct text text)
{
    (void)fprintf(page->cell, "%.*s", TEXT_ARGS(text));
    page_cell(page);
}

void page_row_end(struct page *page)
{
    (void)fputs("\n", page->out);
}

/* --- what stands around them -------------------------------------------------------------- */

static void print_heading(struct page *page, const char *en, const char *zh)
{
    (void)fprintf(page->out, "\n## %s\n\n", words_pick(en, zh));
}

static struct text name_of(struct text path)
{
    size_t from = path.size;

    while (from > 0 && path.bytes[from - 1] != '/') {
        from--;
    }
    return text_part(path, from, path.size);
}

/* The files it was merged of: those that its clocks and stages stand in. */
static void print_files(struct page *page)
{
    const struct procedure *procedure = page->procedure;
    const struct source *seen[LAYERS_SHOWN_MAX];
    uint32_t count = 0;

    for (uint32_t i = 0; i < procedure->clock_count + procedure->need_count; i++) {
        const struct label *label = i < procedure->clock_count
                                        ? &procedure->clocks[i].label
                                        : &procedure->needs[i - procedure->clock_count].label;
        const struct source *source = label->mark.source;
        bool known = source == NULL || count == LAYERS_SHOWN_MAX;

        for (uint32_t j = 0; j < count; j++) {
            known = known || seen[j] == source;
        }
        if (!known) {
            struct text name = name_of(source->name);

            (void)fprintf(page->out, "%s`%.*s`", count == 0 ? "" : spoken_comma(),
                          TEXT_ARGS(name));
            seen[count++] = source;
        }
    }
}

static void print_head(struct page *page)
{
    const struct procedure *procedure = page->procedure;
    char day[DATE_TEXT_SIZE];

    (void)fprintf(page->out, "# %.*s\n\n",
                  TEXT_ARGS(spoken_words(&procedure->label, procedure->name)));
    if (!text_empty(procedure->label.law)) {
        (void)fprintf(page->out, "%s%.*s%s", words_pick("By ", "依据："),
                      TEXT_ARGS(procedure->label.law), words_pick(".\n", "。\n"));
    }
    (void)fprintf(page->out, "%s`%.*s`%s%u%s", words_pick("Procedure ", "程序 "),
                  TEXT_ARGS(procedure->name), words_pick(" version ", " 第"),
                  procedure->version, words_pick("", "版"));
    if (procedure->from != DATE_NONE) {
        (void)date_print(procedure->from, day);
        (void)fprintf(page->out, "%s%s%s", words_pick(", for cases opened from ", "，适用于 "),
                      day, words_pick(" on", " 起开始的案件"));
    }
    (void)fputs(words_pick(". Files: ", "。配置文件："), page->out);
    print_files(page);
    (void)fputs(words_pick(".\n\nMade by `duban procedure page`; not to be edited.\n",
                           "。\n\n本页由 `duban procedure page` 生成，请勿手改。\n"),
                page->out);
}

static bool print_picture(struct page *page, struct arena *arena)
{
    struct graph *graph = arena_take_zeroed(arena, 1, sizeof(*graph));

    if (graph == NULL || !graph_make(page->procedure, GRAPH_MAIN, arena, graph)) {
        return false;
    }
    (void)fputs("```mermaid\n", page->out);
    graph_print_mermaid(page->out, graph);
    (void)fputs("```\n\n", page->out);
    (void)fputs(
        words_pick("Whole lines lead on, broken ones back; double boxes are ends. What may be "
                   "done in several stages stands in section 4.\n",
                   "实线向前，虚线退回，双框为办结。多个阶段均可办理的事项见第四节。\n"),
        page->out);
    return true;
}

static void print_ends(struct page *page)
{
    const char *const heads[] = {words_pick("end", "办结方式"),
                                 words_pick("what outlives it", "办结后仍在进行的期限"), NULL};
    const struct procedure *procedure = page->procedure;

    page_table(page, heads);
    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        if (!procedure->stages[i].final) {
            continue;
        }
        page_row(page);
        page_cell_text(page, spoken_stage(procedure, i));
        for (uint16_t j = 0; j < procedure->clock_count; j++) {
            if ((procedure->stages[i].outlives >> j & 1) != 0) {
                (void)fprintf(page->cell, "%s%.*s", page_has(page) ? spoken_comma() : "",
                              TEXT_ARGS(spoken_clock(procedure, j)));
            }
        }
        page_cell(page);
        page_row_end(page);
    }
}

static bool print_page(struct page *page, struct arena *arena)
{
    print_head(page);
    print_heading(page, "1. The main road", "一、主要阶段");
    if (!print_picture(page, arena)) {
        return false;
    }
    page_tracks(page);
    print_heading(page, "2. Limits", "二、期限");
    page_limits(page);
    print_heading(page, "3. Reminders and escalation", "三、提醒计划和逾期上报");
    (void)fputs(
        words_pick(
            "Reminders count from the last working day within the limit for staff, from "
            "its last day for others; rungs from its last day.\n",
            "对机关工作人员的提醒自期限内最后一个工作日倒数，对当事人等自期限最后一日倒数；"
            "逾期上报自期限最后一日起算。\n"),
        page->out);
    page_plans(page);
    print_heading(page, "4. What is done in each stage", "四、各阶段办理事项");
    (void)fputs(words_pick("Nothing else is taken.\n", "未列明的事项不予受理。\n"), page->out);
    page_acts(page);
    print_heading(page, "5. What the law wants", "五、法定要求");
    page_needs(page);
    print_heading(page, "6. Who may do what", "六、职责及其分离");
    page_people(page);
    print_heading(page, "7. Ends", "七、办结方式");
    print_ends(page);
    print_heading(page, "8. The words of notices", "八、通知文稿");
    page_notices(page);
    return true;
}

enum exit_code procedure_page(const struct arguments *arguments, struct arena *arena)
{
    struct loaded loaded;
    struct wordings wordings = {0};
    struct page page = {.out = stdout, .wordings = &wordings};

    if (arguments->word_count != 2) {
        return command_misused(arguments, &procedure_one_file, (const char *[]){"page"});
    }
    if (!procedure_load_or_complain(arguments, arguments->words[1], arena, &loaded)) {
        return EXIT_REFUSED;
    }
    page.procedure = loaded.procedure;
    page.cell = open_memstream(&page.bytes, &page.size);

    bool good = page.cell != NULL &&
                wordings_read(loaded.config.notices, loaded.config.notice_count, arena,
                              &loaded.problems, &wordings) &&
                print_page(&page, arena);

    if (page.cell != NULL) {
        (void)fclose(page.cell);
        free(page.bytes);
    }
    if (!good) {
        complain_of(&no_room, arguments->words[1]);
        return EXIT_REFUSED;
    }
    return EXIT_DONE;
}
