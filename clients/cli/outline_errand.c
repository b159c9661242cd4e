#include "cli/outline_draft.h"
#include "cli/spoken.h"
#include "cli/words.h"

static void draft_handed(struct draft *draft, const struct errand *errand)
{
    static const struct noun set = {"set", "hands over", "移交"};

    if (errand->fact_count == 0) {
        return;
    }
    (void)draft_open(draft, &set);
    for (uint32_t i = 0; i < errand->fact_count; i++) {
        const struct handed *handed = &errand->facts[i];

        draft->mark = handed->mark.line > 0 ? handed->mark : draft->mark;
        draft_write(draft, handed->value->text);
        (void)draft_row_named(draft, OUTLINE_TEXT, handed->name);
    }
    draft_close(draft);
}

static void draft_errand(struct draft *draft, const struct errand *errand)
{
    static const struct noun procedure = {"procedure", "of procedure", "程序"};
    static const struct noun event = {"event", "by", "事件"};
    static const struct noun role = {"as", "as", "角色"};
    static const struct noun when = {"when", "when", "条件"};
    static const struct noun agency = {"agency", "in agency", "机关"};
    static const struct noun kept = {"case", "its address is kept in", "地址记入"};
    static const struct noun told = {"case", "case", "案件"};
    static const struct noun wait = {"wait_for", "may wait", "可等待"};
    int32_t minutes = (int32_t)(errand->wait_ms / 60000);
    bool days = minutes % 1440 == 0;

    (void)draft_open_named(draft, errand->name, &errand->label);
    draft_guard(draft, &told, errand->to);
    for (uint32_t i = 0; i < errand->procedure_count; i++) {
        draft_next(draft, i == 0);
        draft_write(draft, errand->procedures[i]);
    }
    (void)draft_row(draft, OUTLINE_LIST, &procedure);
    draft_text(draft, &event, errand->event);
    draft_text(draft, &role, errand->role);
    draft_guard(draft, &when, errand->when);
    draft_guard(draft, &agency, errand->agency);
    draft_fact(draft, &kept, errand->kept);
    draft_handed(draft, errand);
    if (!errand->opens) {
        draft_length(draft, &wait,
                     (struct length){.count = days ? minutes / 1440 : minutes,
                                     .unit = days ? LENGTH_DAYS : LENGTH_MINUTES});
    }
    draft_close(draft);
}

void draft_errands(struct draft *draft, const struct rule *rule)
{
    static const struct noun open = {"open", "opens other cases", "另立案件"};
    static const struct noun told = {"tell", "tells other cases", "告知案件"};

    for (uint32_t i = 0; i < rule->errand_count; i++) {
        bool opens = rule->errands[i].opens;

        if (i == 0 || rule->errands[i - 1].opens != opens) {
            (void)draft_open(draft, opens ? &open : &told);
        }
        draft_errand(draft, &rule->errands[i]);
        if (i + 1 == rule->errand_count || rule->errands[i + 1].opens != opens) {
            draft_close(draft);
        }
    }
}
