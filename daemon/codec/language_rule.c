#include "codec/language_parts.h"

/* Rules and stages. */

static const struct map_key branch_keys[] = {
    {"when", &shape_guard, KEY_MAY, "taken if this is true", "条件成立时进入"},
    {"stage", &shape_name, KEY_WHOLE, "the stage it leads to", "进入的阶段"},
};
static const struct map_kind branch_kind = {
    .name = "branch", KEYS(branch_keys), .labelled = true};
static const struct shape branch = {
    .name = "branch",
    .map = &branch_kind,
    WANTED("a map {when: condition, stage: …}", "映射 {when: 条件, stage: …}"),
};
static const struct shape to = {
    .name = "to",
    .scalar = SCALAR_NAME,
    .named = &branch,
    .names = SCALAR_NAME,
    WANTED("a stage, or named branches as in {good: {when: …, stage: …}, rest: {stage: …}}",
           "阶段，或具名分支，如 {good: {when: …, stage: …}, rest: {stage: …}}"),
};
static const struct shape sets = {
    .name = "sets",
    .named = &shape_guard,
    .names = SCALAR_ANY,
    WANTED("facts with their new values, as in {rounds: facts.rounds + 1}",
           "事实及其新值，如 {rounds: facts.rounds + 1}"),
};
static const struct shape grounds = {
    .name = "grounds",
    .named = &shape_name,
    .names = SCALAR_ANY,
    WANTED("clocks with a ground, as in {decide: appraisal}",
           "期限及理由，如 {decide: appraisal}"),
};
static const struct shape lengths = {
    .name = "lengths",
    .named = &shape_guard,
    .names = SCALAR_ANY,
    WANTED("clocks with a length, as in {decide: event.by_days}",
           "期限及长度，如 {decide: event.by_days}"),
};
static const struct shape meets = {
    .name = "meets",
    .scalar = SCALAR_NAME,
    .items = &shape_name,
    .named = &shape_guard,
    .names = SCALAR_ANY,
    WANTED(
        "clocks, as in [correct], or clocks with a time, as in {correct: event.corrected_on}",
        "期限列表，如 [correct]，或期限及时间，如 {correct: event.corrected_on}"),
};
static const struct shape handed = {
    .name = "handed",
    .named = &shape_guard,
    .names = SCALAR_NAME,
    WANTED("the other case's facts with their values, as in {matter: facts.matter}",
           "对方案件的事实及其值，如 {matter: facts.matter}"),
};
static const struct shape expression = {
    .name = "expression",
    .scalar = SCALAR_GUARD,
    WANTED("an expression of a text, as in facts.lead_case", "文字表达式，如 facts.lead_case"),
};
static const struct map_key opening_keys[] = {
    {"procedure", &shape_id, KEY_WHOLE, "of which procedure the new case is",
     "新案件适用的程序"},
    {"event", &shape_event, KEY_WHOLE, "the event that opens it", "立案的事件"},
    {"as", &shape_name, KEY_WHOLE, "in which of its roles this case acts",
     "以其中哪个角色办理"},
    {"when", &shape_guard, KEY_MAY, "only if this is true once the rule has acted",
     "仅当规则执行之后条件成立"},
    {"agency", &expression, KEY_MAY, "whose case it is; absent: this case's agency",
     "所属机关；不写则为本案机关"},
    {"case", &shape_fact, KEY_MAY, "the text fact that keeps its address",
     "存放其案件地址的文字事实"},
    {"set", &handed, KEY_MAY, "what is handed over", "移交的事实"},
};
static const struct map_kind opening_kind = {
    .name = "opening", KEYS(opening_keys), .labelled = true};
static const struct shape opening = {
    .name = "opening",
    .map = &opening_kind,
    WANTED("a map {procedure: …, event: …, as: …}", "映射 {procedure: …, event: …, as: …}"),
};
static const struct shape openings = {
    .name = "openings",
    .named = &opening,
    .names = SCALAR_NAME,
    WANTED("named openings, as in {guidance: {procedure: …, event: …, as: …}}",
           "具名立案，如 {guidance: {procedure: …, event: …, as: …}}"),
};
static const struct map_key telling_keys[] = {
    {"case", &expression, KEY_WHOLE, "which case is told: its address, a text",
     "告知哪个案件：其地址（文字）"},
    {"procedure", &shape_ids, KEY_WHOLE, "of which procedure it may be",
     "该案件可能适用的程序"},
    {"event", &shape_event, KEY_WHOLE, "what it is told", "告知的事件"},
    {"as", &shape_name, KEY_WHOLE, "in which of its roles this case acts",
     "以其中哪个角色办理"},
    {"when", &shape_guard, KEY_MAY, "only if this is true once the rule has acted",
     "仅当规则执行之后条件成立"},
    {"set", &handed, KEY_MAY, "what is handed over", "移交的事实"},
    {"wait_for", &shape_length, KEY_MAY, "how long it may wait there (30d)",
     "在对方可等待多久（30d）"},
};
static const struct map_kind telling_kind = {
    .name = "telling", KEYS(telling_keys), .labelled = true};
static const struct shape telling = {
    .name = "telling",
    .map = &telling_kind,
    WANTED("a map {case: …, procedure: …, event: …, as: …}",
           "映射 {case: …, procedure: …, event: …, as: …}"),
};
static const struct shape tellings = {
    .name = "tellings",
    .named = &telling,
    .names = SCALAR_NAME,
    WANTED("named tellings, as in {lead: {case: …, procedure: …, event: …, as: …}}",
           "具名告知，如 {lead: {case: …, procedure: …, event: …, as: …}}"),
};
static const struct map_key rule_keys[] = {
    {"when", &shape_guard, KEY_MAY, "which of several rules is taken", "采用哪条规则的条件"},
    {"in", &shape_names, KEY_MAY, "under `anytime`: only in these stages",
     "anytime 中：限于这些阶段"},
    {"by", &shape_names, KEY_MAY, "who may; absent: any role of the agency",
     "谁可以；不写则机关内任何角色"},
    {"takes", &shape_names, KEY_MAY, "facts the event must carry", "事件必须携带的事实"},
    {"may_take", &shape_names, KEY_MAY, "facts it may carry", "事件可以携带的事实"},
    {"keep", &shape_flag, KEY_MAY, "false: what it carries is recorded, not set",
     "false：携带的事实只记录，不改变事实"},
    {"assigns", &shape_names, KEY_MAY, "roles whose persons it carries and binds",
     "携带并指定这些角色的人员"},
    {"documents", &shape_texts, KEY_MAY, "documents it must carry", "必须附具的文书"},
    {"needs", &shape_needs, KEY_MAY, "what must be true, or it is refused",
     "不成立即拒绝的要求"},
    {"warns", &shape_warns, KEY_MAY, "what should be true, or a defect is left",
     "不成立则留下瑕疵的条件"},
    {"set", &sets, KEY_MAY, "facts with their new values", "设定的事实"},
    {"unset", &shape_names, KEY_MAY, "facts that are not known any more", "不再已知的事实"},
    {"cancel", &shape_names, KEY_MAY, "clocks that end without an act", "取消的期限"},
    {"start", &shape_names, KEY_MAY, "clocks that begin", "起算的期限"},
    {"resume", &grounds, KEY_MAY, "clocks that run on, with the ground that ended",
     "恢复的期限及消失的理由"},
    {"pause", &grounds, KEY_MAY, "clocks that stop, with the ground", "中止的期限及理由"},
    {"extend", &lengths, KEY_MAY, "clocks that become longer, with the length",
     "延长的期限及长度"},
    {"meet", &meets, KEY_MAY, "clocks whose act was done", "已履行的期限"},
    {"to", &to, KEY_MAY, "the stage it leads to; absent: it stays", "进入的阶段；不写则不变"},
    {"open", &openings, KEY_MAY, "other cases that are opened", "另立的案件"},
    {"tell", &tellings, KEY_MAY, "other cases that are told", "告知的案件"},
    {"notify", &shape_notifies, KEY_MAY, "who is told", "通知谁"},
    {"backdate", &shape_length, KEY_MAY, "how far back it may lie", "可补报多久以前的"},
};
const struct map_kind rule_kind = {.name = "rule", KEYS(rule_keys), .labelled = true};
static const struct shape rule = {
    .name = "rule",
    .map = &rule_kind,
    WANTED("a rule, as in {by: officer, to: filed}", "规则，如 {by: officer, to: filed}"),
};
static const struct shape rule_or_rules = {
    .name = "rule_or_rules",
    .map = &rule_kind,
    .named = &rule,
    .names = SCALAR_NAME,
    WANTED("a rule, or named rules as in {first: {when: …}, rest: {…}}",
           "规则，或具名规则，如 {first: {when: …}, rest: {…}}"),
};
const struct shape shape_events = {
    .name = "events",
    .named = &rule_or_rules,
    .names = SCALAR_EVENT,
    WANTED("events with their rules", "事件及其规则"),
};

static const struct map_key enter_keys[] = {
    {"start", &shape_names, KEY_MAY, "clocks that begin", "起算的期限"},
    {"cancel", &shape_names, KEY_MAY, "clocks that end without an act", "取消的期限"},
    {"notify", &shape_notifies, KEY_MAY, "who is told", "通知谁"},
};
static const struct map_kind enter_kind = {.name = "enter", KEYS(enter_keys)};
static const struct shape enter = {
    .name = "enter",
    .map = &enter_kind,
    WANTED("a map {start: …, cancel: …, notify: …}", "映射 {start: …, cancel: …, notify: …}"),
};
static const struct map_key stage_keys[] = {
    {"no_limit", &shape_word, KEY_MAY, "why nothing need be running here", "此处为何不设期限"},
    {"enter", &enter, KEY_MAY, "what happens on entering", "进入时做什么"},
    {"events", &shape_events, KEY_MAY, "what may happen here", "此处可发生的事件"},
    {"final", &shape_name, KEY_MAY, "the case ends here, with this outcome",
     "案件在此终结，结果为"},
    {"outlives", &shape_names, KEY_MAY, "clocks that go on after a final stage",
     "终结后继续的期限"},
};
static const struct map_kind stage_kind = {.name = "stage", KEYS(stage_keys), .labelled = true};
static const struct shape stage = {
    .name = "stage",
    .map = &stage_kind,
    WANTED("a map {events: …} or {final: outcome}", "映射 {events: …} 或 {final: 结果}"),
};
const struct shape shape_stages = {
    .name = "stages",
    .named = &stage,
    .names = SCALAR_NAME,
    WANTED("named stages", "具名阶段"),
};
