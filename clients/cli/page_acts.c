#include "cli/page.h"

#include "cli/spoken.h"
#include "cli/words.h"

/* What may be done in each stage, and by whom; what is wanted of it; who may do what. */

static bool is_labelled(const struct label *label)
{
    return !text_empty(label->zh) || !text_empty(label->en);
}

static bool is_own(const struct procedure *procedure, uint16_t event)
{
    return procedure->events[event].family == EVENT_CLOCK_END;
}

/* A condition by the words of its place, else as a sentence. */
static void write_when(struct page *page, const struct guard *when, const struct label *label,
                       struct text name)
{
    if (is_labelled(label)) {
        (void)fprintf(page->cell, "%.*s", TEXT_ARGS(spoken_words(label, name)));
    } else if (when == NULL) {
        (void)fputs(words_pick("otherwise", "其余情形"), page->cell);
    } else {
        spoken_guard(page->cell, page->procedure, when);
    }
}

static void write_event(struct page *page, const struct offer *offer, const struct rule *rule)
{
    (void)fputs("**", page->cell);
    spoken_event(page->cell, page->procedure, offer->event);
    (void)fputs("**", page->cell);
    if (offer->rule_count > 1) {
        page_break(page);
        write_when(page, rule->when, &rule->label, rule->name);
    }
}

static void write_who(struct page *page, const struct procedure *procedure, uint16_t event,
                      const struct rule *rule)
{
    if (is_own(procedure, event)) {
        (void)fputs(words_pick("by itself", "系统"), page->cell);
    } else if (rule->by == 0) {
        (void)fputs(words_pick("anyone inside", "机关内任何人"), page->cell);
    } else {
        spoken_roles(page->cell, procedure, rule->by);
    }
}

static void write_documents(struct page *page, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->document_count; i++) {
        (void)fprintf(page->cell, "%s%.*s", i == 0 ? "" : spoken_comma(),
                      TEXT_ARGS(rule->documents[i]));
    }
}

static void write_needs(struct page *page, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->need_count; i++) {
        page_break(page);
        (void)fprintf(page->cell, "%.*s",
                      TEXT_ARGS(spoken_words(&rule->needs[i].label, rule->needs[i].name)));
    }
    for (uint32_t i = 0; i < rule->warn_count; i++) {
        page_break(page);
        (void)fprintf(page->cell, "%s%.*s", words_pick("defect: ", "记瑕疵："),
                      TEXT_ARGS(spoken_words(&rule->warns[i].label, rule->warns[i].name)));
    }
}

static void write_verb(struct page *page, const char *verb, const struct clock_act *acts,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0) {
            page_break(page);
        }
        (void)fprintf(page->cell, "%s%.*s", i == 0 ? verb : spoken_comma(),
                      TEXT_ARGS(spoken_clock(page->procedure, acts[i].clock)));
    }
}

static void write_clocks(struct page *page, const struct rule *rule)
{
    write_verb(page, words_pick("begins: ", "起算："), rule->starts, rule->start_count);
    write_verb(page, words_pick("meets: ", "办结："), rule->meets, rule->meet_count);
    write_verb(page, words_pick("cancels: ", "撤销："), rule->cancels, rule->cancel_count);
    write_verb(page, words_pick("pauses: ", "中止："), rule->pauses, rule->pause_count);
    write_verb(page, words_pick("resumes: ", "恢复："), rule->resumes, rule->resume_count);
    write_verb(page, words_pick("extends: ", "延长："), rule->extends, rule->extend_count);
    for (uint32_t i = 0; i < rule->errand_count; i++) {
        const struct errand *errand = &rule->errands[i];

        page_break(page);
        (void)fprintf(page->cell, "%s%.*s",
                      errand->opens ? words_pick("opens: ", "另立：")
                                    : words_pick("tells: ", "告知："),
                      TEXT_ARGS(spoken_words(&errand->label, errand->name)));
    }
}

static void write_to(struct page *page, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->to_count; i++) {
        const struct branch *branch = &rule->to[i];

        page_break(page);
        if (rule->to_count > 1) {
            write_when(page, branch->when, &branch->label, branch->name);
            (void)fputs(words_pick(": ", "："), page->cell);
        }
        (void)fprintf(page->cell, "%.*s",
                      TEXT_ARGS(spoken_stage(page->procedure, branch->stage)));
    }
}

static void write_stages(struct page *page, const struct rule *rule)
{
    if (rule->in == 0) {
        (void)fputs(words_pick("every one that is no end", "办结前各阶段"), page->cell);
    }
    for (uint16_t i = 0; i < page->procedure->stage_count; i++) {
        if ((rule->in >> i & 1) != 0) {
            (void)fprintf(page->cell, "%s%.*s", page_has(page) ? spoken_comma() : "",
                          TEXT_ARGS(spoken_stage(page->procedure, i)));
        }
    }
}

static void print_rules(struct page *page, const struct offer *offers, uint32_t count,
                        bool anytime)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            const struct rule *rule = &offers[i].rules[j];

            page_row(page);
            write_event(page, &offers[i], rule);
            page_cell(page);
            if (anytime) {
                write_stages(page, rule);
                page_cell(page);
            }
            write_who(page, page->procedure, offers[i].event, rule);
            page_cell(page);
            write_documents(page, rule);
            page_cell(page);
            write_needs(page, rule);
            page_cell(page);
            write_clocks(page, rule);
            page_cell(page);
            write_to(page, rule);
            page_cell(page);
            page_row_end(page);
        }
    }
}

static void print_shelf(struct page *page, struct text title, const struct offer *offers,
                        uint32_t count, bool anytime)
{
    const char *const here[] = {words_pick("act", "事项"),
                                words_pick("by", "办理人"),
                                words_pick("documents", "文书"),
                                words_pick("refused unless", "把关"),
                                words_pick("limits", "期限"),
                                words_pick("leads to", "之后"),
                                NULL};
    const char *const many[] = {words_pick("act", "事项"),
                                words_pick("in", "阶段"),
                                words_pick("by", "办理人"),
                                words_pick("documents", "文书"),
                                words_pick("refused unless", "把关"),
                                words_pick("limits", "期限"),
                                words_pick("leads to", "之后"),
                                NULL};

    if (count == 0) {
        return;
    }
    (void)fprintf(page->out, "\n### %.*s\n\n", TEXT_ARGS(title));
    page_table(page, anytime ? many : here);
    print_rules(page, offers, count, anytime);
}

void page_acts(struct page *page)
{
    const struct procedure *procedure = page->procedure;

    print_shelf(page, text_of(words_pick("What opens a case", "案件的开始")), procedure->opens,
                procedure->open_count, false);
    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        print_shelf(page, spoken_stage(procedure, i), procedure->stages[i].offers,
                    procedure->stages[i].offer_count, false);
    }
    print_shelf(page, text_of(words_pick("In several stages", "多个阶段均可办理")),
                procedure->anytime, procedure->anytime_count, true);
}

/* --- each need once ----------------------------------------------------------------------- */

uint32_t page_shelf_count(const struct procedure *procedure)
{
    return procedure->stage_count + 2;
}

struct page_shelf page_shelf_at(const struct procedure *procedure, uint32_t i)
{
    if (i == 0) {
        return (struct page_shelf){procedure->opens, procedure->open_count};
    }
    if (i > procedure->stage_count) {
        return (struct page_shelf){procedure->anytime, procedure->anytime_count};
    }
    return (struct page_shelf){procedure->stages[i - 1].offers,
                               procedure->stages[i - 1].offer_count};
}

static bool same_need(const struct need *a, const struct need *b)
{
    return text_equal(a->label.zh, b->label.zh) && text_equal(a->label.en, b->label.en) &&
           text_equal(a->label.law, b->label.law);
}

static const struct need *need_in(const struct rule *rule, bool warns, const struct need *like)
{
    const struct need *needs = warns ? rule->warns : rule->needs;
    uint32_t count = warns ? rule->warn_count : rule->need_count;

    for (uint32_t i = 0; i < count; i++) {
        if (same_need(&needs[i], like)) {
            return &needs[i];
        }
    }
    return NULL;
}

/* Each event whose rules have this need; answers the first rule's own. */
static const struct need *write_users(struct page *page, const struct need *need, bool warns)
{
    const struct procedure *procedure = page->procedure;
    const struct need *first = NULL;
    uint64_t seen[EVENTS_MAX / 64] = {0};

    for (uint32_t i = 0; i < page_shelf_count(procedure); i++) {
        struct page_shelf shelf = page_shelf_at(procedure, i);

        for (uint32_t j = 0; j < shelf.count; j++) {
            uint16_t event = shelf.offers[j].event;

            for (uint32_t k = 0; k < shelf.offers[j].rule_count; k++) {
                const struct need *found = need_in(&shelf.offers[j].rules[k], warns, need);

                if (found == NULL || (seen[event / 64] >> event % 64 & 1) != 0) {
                    continue;
                }
                seen[event / 64] |= (uint64_t)1 << event % 64;
                (void)fputs(first == NULL ? "" : spoken_comma(), page->cell);
                spoken_event(page->cell, procedure, event);
                first = first == NULL ? found : first;
            }
        }
    }
    return first;
}

/* One of several that say the same is told once, for all. */
static void print_need(struct page *page, const struct need *need, bool warns)
{
    bool first = write_users(page, need, warns) == need;

    (void)fflush(page->cell);
    (void)fseeko(page->cell, 0, SEEK_SET);
    if (!first) {
        return;
    }
    page_row(page);
    page_cell_text(page, spoken_words(&need->label, need->name));
    page_cell_text(page, need->label.law);
    (void)write_users(page, need, warns);
    page_cell(page);
    page_cell_text(page, text_of(warns          ? words_pick("defect", "记瑕疵")
                                 : need->defect ? words_pick("refused, defect", "拒绝并记瑕疵")
                                                : words_pick("refused", "拒绝")));
    page_row_end(page);
}

void page_needs(struct page *page)
{
    const char *const heads[] = {
        words_pick("what is told where it does not hold", "不符合时的答复"),
        words_pick("article", "依据"), words_pick("acts", "适用事项"),
        words_pick("then", "处理"), NULL};
    const struct procedure *procedure = page->procedure;

    page_table(page, heads);
    for (uint32_t i = 0; i < page_shelf_count(procedure); i++) {
        struct page_shelf shelf = page_shelf_at(procedure, i);

        for (uint32_t j = 0; j < shelf.count; j++) {
            for (uint32_t k = 0; k < shelf.offers[j].rule_count; k++) {
                const struct rule *rule = &shelf.offers[j].rules[k];

                for (uint32_t n = 0; n < rule->need_count; n++) {
                    print_need(page, &rule->needs[n], false);
                }
                for (uint32_t n = 0; n < rule->warn_count; n++) {
                    print_need(page, &rule->warns[n], true);
                }
            }
        }
    }
}

/* --- people ------------------------------------------------------------------------------- */

static void write_deeds(struct page *page, uint16_t role)
{
    const struct procedure *procedure = page->procedure;
    uint64_t seen[EVENTS_MAX / 64] = {0};

    for (uint32_t i = 0; i < page_shelf_count(procedure); i++) {
        struct page_shelf shelf = page_shelf_at(procedure, i);

        for (uint32_t j = 0; j < shelf.count; j++) {
            uint16_t event = shelf.offers[j].event;

            for (uint32_t k = 0; k < shelf.offers[j].rule_count; k++) {
                uint64_t by = shelf.offers[j].rules[k].by;

                if ((by >> role & 1) != 0 && (seen[event / 64] >> event % 64 & 1) == 0) {
                    seen[event / 64] |= (uint64_t)1 << event % 64;
                    (void)fputs(page_has(page) ? spoken_comma() : "", page->cell);
                    spoken_event(page->cell, procedure, event);
                }
            }
        }
    }
}

static void print_apart(struct page *page, const struct apart *apart)
{
    (void)fprintf(page->out, "- %.*s%s", TEXT_ARGS(spoken_words(&apart->label, apart->name)),
                  words_pick(": ", "："));
    spoken_roles(page->out, page->procedure, apart->roles);
    (void)fputs(words_pick(" are never the same person", "不得为同一人"), page->out);
    if (!text_empty(apart->label.law)) {
        (void)fprintf(page->out, "%s%.*s%s", words_pick(" (", "（"),
                      TEXT_ARGS(apart->label.law), words_pick(")", "）"));
    }
    (void)fputs(words_pick(".\n", "。\n"), page->out);
}

void page_people(struct page *page)
{
    const char *const heads[] = {words_pick("role", "角色"), words_pick("", "说明"),
                                 words_pick("may do", "可以办理"), NULL};
    const struct procedure *procedure = page->procedure;

    for (uint32_t i = 0; i < procedure->apart_count; i++) {
        print_apart(page, &procedure->aparts[i]);
    }
    (void)fputs(procedure->apart_count > 0 ? "\n" : "", page->out);
    page_table(page, heads);
    for (uint16_t i = 0; i < procedure->role_count; i++) {
        const struct role *role = &procedure->roles[i];

        page_row(page);
        page_cell_text(page, spoken_role(procedure, i));
        (void)fputs(role->outside    ? words_pick("outside the agency", "机关以外")
                    : role->assigned ? words_pick("assigned per case", "按案指定")
                    : role->above ? words_pick("also in the parent agency", "含上级机关")
                                  : "",
                    page->cell);
        page_cell(page);
        write_deeds(page, i);
        page_cell(page);
        page_row_end(page);
    }
}
