#include "cli/outline.h"

#include "cli/outline_draft.h"
#include "cli/spoken.h"
#include "cli/words.h"

#include <string.h>

/* What a need asks, whether it leaves a defect, whom it tells. */
static void draft_need(struct draft *draft, const struct need *need, bool warns)
{
    static const struct noun that = {"that", "that", "即"};
    static const struct noun defect = {"defect", "leaves a defect", "记瑕疵"};

    (void)draft_open_named(draft, need->name, &need->label);
    draft_guard(draft, &that, need->that);
    draft_flag(draft, &defect, need->defect && !warns); /* a warn always leaves one */
    if (need->notify != NULL) {
        draft_notifies(draft, need->notify, 1);
    }
    draft_close(draft);
}

void draft_needs(struct draft *draft, const struct noun *noun, const struct need *needs,
                 uint32_t count)
{
    if (count == 0) {
        return;
    }
    (void)draft_open(draft, noun);
    for (uint32_t i = 0; i < count; i++) {
        draft_need(draft, &needs[i], strcmp(noun->key, "warns") == 0);
    }
    draft_close(draft);
}

/* Several are one list: a notice, and to whom. */
void draft_notifies(struct draft *draft, const struct notify *notifies, uint32_t count)
{
    static const struct noun notify = {"notify", "tells", "通知"};
    const struct procedure *procedure = draft->procedure;

    if (count == 0 || draft->spent) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct notify *one = &notifies[i];

        draft_next(draft, i == 0);
        (void)fprintf(draft->value_out,
                      "%.*s:", TEXT_ARGS(procedure->notices[one->notice].name));
        for (uint32_t j = 0; j < one->to_count; j++) {
            (void)fprintf(draft->value_out, " %.*s",
                          TEXT_ARGS(procedure->roles[one->to[j]].name));
        }
        spoken_receivers(draft->words_out, procedure, one->to, one->to_count);
        (void)fprintf(draft->words_out, "%s%.*s%s", words_pick(" (", "（"),
                      TEXT_ARGS(procedure->notices[one->notice].name), words_pick(")", "）"));
    }
    (void)draft_row(draft, OUTLINE_LIST, &notify);
}

static void draft_head(struct draft *draft)
{
    static const struct noun name = {"procedure", "procedure", "程序"};
    static const struct noun version = {"version", "version", "版本"};
    static const struct noun zh = {"zh", "in Chinese", "中文名"};
    static const struct noun en = {"en", "in English", "英文名"};
    static const struct noun law = {"law", "law", "法律依据"};
    static const struct noun from = {"from", "cases opened from", "适用起始"};
    static const struct noun backdate = {"backdate", "report at most", "补报不晚于"};
    static const struct noun layer = {"layer", "a layer, opens no case", "仅作为层"};
    const struct procedure *procedure = draft->procedure;

    draft->mark = procedure->label.mark;
    draft_text(draft, &name, procedure->name);
    draft_number(draft, &version, procedure->version);
    draft_text(draft, &zh, procedure->label.zh);
    draft_text(draft, &en, procedure->label.en);
    draft_text(draft, &law, procedure->label.law);
    if (procedure->from != DATE_NONE) {
        char day[DATE_TEXT_SIZE];

        (void)date_print(procedure->from, day);
        draft_text(draft, &from, text_of(day));
    }
    draft_length(draft, &backdate, procedure->backdate);
    draft_flag(draft, &layer, procedure->layer);
}

static void draft_reach(struct draft *draft, const struct role *role)
{
    static const struct noun reach = {"reach", "reached", "联系方式"};
    static const struct noun sms = {"sms", "by SMS", "短信"};
    static const struct noun mail = {"mail", "by mail", "邮箱"};

    if (role->reach_sms != NO_INDEX || role->reach_mail != NO_INDEX) {
        (void)draft_open(draft, &reach);
        draft_fact(draft, &sms, role->reach_sms);
        draft_fact(draft, &mail, role->reach_mail);
        draft_close(draft);
    }
}

static void draft_people(struct draft *draft)
{
    static const struct noun roles = {"roles", "Roles", "角色"};
    static const struct noun chain = {"chain", "Chain", "层级"};
    static const struct noun assigned = {"assigned", "assigned per case", "按案指定"};
    static const struct noun outside = {"outside", "outside the agency", "机关以外"};
    static const struct noun above = {"above", "also in the parent agency", "含上级机关"};
    static const struct noun consent = {"consent", "consent", "同意"};
    const struct procedure *procedure = draft->procedure;

    if (procedure->role_count > 0) {
        (void)draft_open(draft, &roles);
        for (uint32_t i = 0; i < procedure->role_count; i++) {
            const struct role *role = &procedure->roles[i];

            (void)draft_open_named(draft, role->name, &role->label);
            draft_flag(draft, &assigned, role->assigned);
            draft_flag(draft, &outside, role->outside);
            draft_flag(draft, &above, role->above);
            draft_reach(draft, role);
            draft_fact(draft, &consent, role->consent);
            draft_close(draft);
        }
        draft_close(draft);
    }
    for (uint32_t i = 0; i < procedure->chain_count; i++) {
        draft_next(draft, i == 0);
        draft_write_both(draft, procedure->roles[procedure->chain[i]].name,
                         spoken_role(procedure, procedure->chain[i]));
    }
    if (procedure->chain_count > 0) {
        (void)draft_row(draft, OUTLINE_LIST, &chain);
    }
}

static void draft_aparts(struct draft *draft)
{
    static const struct noun aparts = {"apart", "Never the same person", "不得为同一人"};
    static const struct noun roles = {"roles", "roles", "角色"};

    if (draft->procedure->apart_count == 0) {
        return;
    }
    (void)draft_open(draft, &aparts);
    for (uint32_t i = 0; i < draft->procedure->apart_count; i++) {
        const struct apart *apart = &draft->procedure->aparts[i];

        (void)draft_open_named(draft, apart->name, &apart->label);

        struct outline_row *row = draft_roles(draft, &roles, apart->roles);

        if (row != NULL) {
            row->inline_value = true;
        }
        draft_close(draft);
    }
    draft_close(draft);
}

static void draft_fact_entry(struct draft *draft, const struct fact *fact)
{
    static const struct noun type = {"type", "type", "类型"};
    static const struct noun choice = {"choice", "one of", "可选值"};
    static const struct noun private = {"private", "private", "隐私"};
    static const struct noun registry = {"register", "a key of the register", "名录"};
    static const struct message types[] = {
        [VALUE_FLAG] = {"flag", "yes or no", "是否"},
        [VALUE_INTEGER] = {"integer", "whole number", "整数"},
        [VALUE_MONEY] = {"money", "money", "金额"},
        [VALUE_TEXT] = {"text", "text", "文字"},
        [VALUE_DATE] = {"date", "date", "日期"},
        [VALUE_INSTANT] = {"instant", "instant", "时刻"},
        [VALUE_LENGTH] = {"length", "length of time", "期间"},
        [VALUE_CHOICE] = {"choice", "one of several", "单选"},
        [VALUE_SET] = {"set", "some of several", "多选"},
    };

    (void)draft_open_named(draft, fact->name, &fact->label);
    draft_write_both(draft, value_type_word(fact->type), text_of(words_in(&types[fact->type])));
    draft_row(draft, OUTLINE_TEXT, &type)->inline_value = true;
    for (uint32_t i = 0; i < fact->choices.count; i++) {
        draft_next(draft, i == 0);
        draft_write(draft, fact->choices.names[i]);
    }
    if (fact->choices.count > 0) {
        (void)draft_row(draft, OUTLINE_LIST, &choice);
    }
    draft_flag(draft, &private, fact->private);
    draft_text(draft, &registry, fact->registry);
    draft_close(draft);
}

static void draft_names(struct draft *draft)
{
    static const struct noun facts = {"facts", "Facts", "事实"};
    static const struct noun defines = {"define", "Named conditions", "定义"};
    static const struct noun that = {"that", "that", "即"};
    const struct procedure *procedure = draft->procedure;

    if (procedure->fact_count > 0) {
        (void)draft_open(draft, &facts);
        for (uint32_t i = 0; i < procedure->fact_count; i++) {
            draft_fact_entry(draft, &procedure->facts[i]);
        }
        draft_close(draft);
    }
    if (procedure->define_count > 0) {
        (void)draft_open(draft, &defines);
        for (uint32_t i = 0; i < procedure->define_count; i++) {
            const struct define *define = &procedure->defines[i];

            (void)draft_open_named(draft, define->name, &define->label);
            draft_guard(draft, &that, define->guard);
            draft_close(draft);
        }
        draft_close(draft);
    }
}

/* Words of things that are shown nowhere else with them: choices, outcomes, documents. */
static void draft_words(struct draft *draft)
{
    static const struct noun words = {"words", "Words", "用语"};
    static const struct noun notices = {"notices", "Notices", "通知文稿"};
    static const struct noun values = {"values", "may use", "可用值"};
    const struct procedure *procedure = draft->procedure;

    if (procedure->word_count > 0) {
        (void)draft_open(draft, &words);
        for (uint32_t i = 0; i < procedure->word_count; i++) {
            (void)draft_open_named(draft, procedure->words[i].name, &procedure->words[i].label);
            draft_close(draft);
        }
        draft_close(draft);
    }
    if (procedure->notice_count > 0) {
        (void)draft_open(draft, &notices);
        for (uint32_t i = 0; i < procedure->notice_count; i++) {
            const struct notice *notice = &procedure->notices[i];

            (void)draft_open_named(draft, notice->name, &notice->label);
            for (uint32_t j = 0; j < notice->value_count; j++) {
                draft_next(draft, j == 0);
                draft_write(draft, notice->values[j]);
            }
            if (notice->value_count > 0) {
                draft_row(draft, OUTLINE_LIST, &values)->inline_value = true;
            }
            draft_close(draft);
        }
        draft_close(draft);
    }
}

/* What comes from earlier versions under another name, or not at all. */
static void draft_migrates(struct draft *draft)
{
    static const struct noun migrates = {"migrates", "From earlier versions", "旧版本案件转入"};
    static const struct noun kinds[RENAMED_KINDS] = {
        [RENAMED_STAGE] = {"stages", "stages", "阶段"},
        [RENAMED_CLOCK] = {"clocks", "clocks", "期限"},
        [RENAMED_FACT] = {"facts", "facts", "事实"},
        [RENAMED_ROLE] = {"roles", "roles", "角色"},
    };
    static const struct noun gone = {"gone", "may be lost", "可以失去"};
    const struct migrates *from = &draft->procedure->migrates;
    uint32_t count = from->gone_count;

    for (int kind = 0; kind < RENAMED_KINDS; kind++) {
        count += from->renamed_count[kind];
    }
    if (count == 0) {
        return;
    }
    (void)draft_open(draft, &migrates);
    for (int kind = 0; kind < RENAMED_KINDS; kind++) {
        if (from->renamed_count[kind] == 0) {
            continue;
        }
        (void)draft_open(draft, &kinds[kind]);
        for (uint32_t i = 0; i < from->renamed_count[kind]; i++) {
            draft_write(draft, from->renamed[kind][i].name);
            (void)draft_row_named(draft, OUTLINE_TEXT, from->renamed[kind][i].old);
        }
        draft_close(draft);
    }
    for (uint32_t i = 0; i < from->gone_count; i++) {
        draft_next(draft, i == 0);
        draft_write(draft, from->gone[i]);
    }
    if (from->gone_count > 0) {
        (void)draft_row(draft, OUTLINE_LIST, &gone);
    }
    draft_close(draft);
}

bool outline_make(const struct procedure *procedure, struct arena *arena,
                  struct outline *outline)
{
    static const struct noun needs = {"needs", "Named needs", "共用条件"};
    static const struct noun opens = {"opens", "Opening a case", "立案"};
    static const struct noun anytime = {"anytime", "At any time", "任何阶段"};
    struct draft draft;

    draft_begin(&draft, procedure, arena);
    draft_head(&draft);
    draft_people(&draft);
    draft_aparts(&draft);
    draft_names(&draft);
    draft_needs(&draft, &needs, procedure->needs, procedure->need_count);
    draft_clocks(&draft);
    draft_offers(&draft, &opens, procedure->opens, procedure->open_count);
    draft_stages(&draft);
    draft_offers(&draft, &anytime, procedure->anytime, procedure->anytime_count);
    draft_migrates(&draft);
    draft_words(&draft);
    return draft_end(&draft, outline);
}
