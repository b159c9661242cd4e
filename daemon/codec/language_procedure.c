#include "codec/language_parts.h"

/* Conditions. */

const struct shape shape_guard = {
    .name = "guard",
    .scalar = SCALAR_GUARD,
    WANTED("a condition, as in has(fine) && fine <= 200.00",
           "条件，如 has(fine) && fine <= 200.00"),
};
const struct shape shape_fact = {
    .name = "fact",
    .scalar = SCALAR_FACT,
    WANTED("a fact, written facts.x", "事实，写作 facts.x"),
};
static const struct shape fact_or_facts = {
    .name = "fact_or_facts",
    .scalar = SCALAR_FACT,
    .items = &shape_fact,
    WANTED("a fact, written facts.x, or a list of facts", "事实，写作 facts.x，或事实列表"),
};
static const struct shape length_or_fact = {
    .name = "length_or_fact",
    .scalar = SCALAR_LENGTH_OR_FACT,
    WANTED("a length, as in 15d, or facts.x", "期限，如 15d，或 facts.x"),
};
static const struct shape name_list = {
    .name = "name_list",
    .items = &shape_name,
    WANTED("a list of names, as in [officer, leader]", "名称列表，如 [officer, leader]"),
};

static const struct map_key notify_keys[] = {
    {"to", &shape_names, KEY_WHOLE, "the roles that are told", "通知哪些角色"},
    {"notice", &shape_name, KEY_WHOLE, "which notice they get", "发送哪种通知"},
};
static const struct map_kind notify_kind = {.name = "notify", KEYS(notify_keys)};
static const struct shape notify = {
    .name = "notify",
    .map = &notify_kind,
    WANTED("a map {to: …, notice: …}", "映射 {to: …, notice: …}"),
};
const struct shape shape_notifies = {
    .name = "notifies",
    .map = &notify_kind,
    .items = &notify,
    WANTED("a map {to: …, notice: …} or a list of such maps",
           "映射 {to: …, notice: …} 或此类映射的列表"),
};

static const struct map_key need_keys[] = {
    {"that", &shape_guard, KEY_WHOLE, "what must be true", "必须成立的条件"},
    {"defect", &shape_flag, KEY_MAY, "refusing leaves a defect on the case",
     "拒绝时在案件上留下瑕疵记录"},
};
static const struct map_kind need_kind = {.name = "need", KEYS(need_keys), .labelled = true};
static const struct shape need = {
    .name = "need",
    .map = &need_kind,
    WANTED("a map {that: condition, zh: …, en: …, law: …}; {} means the top one of its name",
           "映射 {that: 条件, zh: …, en: …, law: …}；{} 指顶层同名的一条"),
};
const struct shape shape_needs = {
    .name = "needs",
    .named = &need,
    .names = SCALAR_NAME,
    WANTED("named needs, as in {two_officers: {that: …}}",
           "具名要求，如 {two_officers: {that: …}}"),
};

static const struct map_key warn_keys[] = {
    {"that", &shape_guard, KEY_WHOLE, "what should be true", "应当成立的条件"},
    {"defect", &shape_flag, KEY_MAY, "false: no defect is left on the case, only words",
     "false：不留瑕疵记录，只通知"},
    {"notify", &notify, KEY_MAY, "who is told when it is not", "不成立时通知谁"},
};
static const struct map_kind warn_kind = {.name = "warn", KEYS(warn_keys), .labelled = true};
static const struct shape warn = {
    .name = "warn",
    .map = &warn_kind,
    WANTED("a map {that: condition, zh: …, en: …}", "映射 {that: 条件, zh: …, en: …}"),
};
const struct shape shape_warns = {
    .name = "warns",
    .named = &warn,
    .names = SCALAR_NAME,
    WANTED("named conditions, as in {late: {that: …}}", "具名条件，如 {late: {that: …}}"),
};

/* Roles, facts, words. */

static const struct map_key reach_keys[] = {
    {"sms", &shape_fact, KEY_MAY, "the fact that holds the number", "存放手机号的事实"},
    {"mail", &shape_fact, KEY_MAY, "the fact that holds the address", "存放邮箱的事实"},
};
static const struct map_kind reach_kind = {.name = "reach", KEYS(reach_keys)};
static const struct shape reach = {
    .name = "reach",
    .map = &reach_kind,
    WANTED("a map {sms: facts.x, mail: facts.y}", "映射 {sms: facts.x, mail: facts.y}"),
};

static const struct map_key role_keys[] = {
    {"assigned", &shape_flag, KEY_MAY, "bound per case by case.assigned",
     "由 case.assigned 逐案指定"},
    {"outside", &shape_flag, KEY_MAY, "not of the agency; acts only where `by` names it",
     "机关以外；仅在 by 列出时可为"},
    {"reach", &reach, KEY_MAY, "outside: the facts that hold its addresses",
     "外部角色：存放联系方式的事实"},
    {"consent", &shape_fact, KEY_MAY, "outside: the flag that says it may be told so",
     "外部角色：表示同意接收的事实"},
    {"above", &shape_flag, KEY_MAY, "looked for in the parent agency too",
     "也在上级机关中查找"},
};
static const struct map_kind role_kind = {.name = "role", KEYS(role_keys), .labelled = true};
static const struct shape role = {
    .name = "role",
    .map = &role_kind,
    WANTED("a map, as in {zh: 执法人员, en: officer}", "映射，如 {zh: 执法人员, en: officer}"),
};
static const struct shape roles = {
    .name = "roles",
    .named = &role,
    .names = SCALAR_NAME,
    WANTED("named roles", "具名角色"),
};

static const struct map_key apart_keys[] = {
    {"roles", &name_list, KEY_WHOLE, "the roles one person never has together",
     "不得由同一人兼任的角色"},
};
static const struct map_kind apart_kind = {.name = "apart", KEYS(apart_keys), .labelled = true};
static const struct shape apart = {
    .name = "apart",
    .items = &shape_name,
    .map = &apart_kind,
    WANTED("a list of roles, or {roles: […], zh: …}", "角色列表，或 {roles: […], zh: …}"),
};
static const struct shape aparts = {
    .name = "aparts",
    .named = &apart,
    .names = SCALAR_NAME,
    WANTED("named lists of roles, as in {review: [officer, leader]}",
           "具名角色列表，如 {review: [officer, leader]}"),
};

static const struct shape fact_type = {
    .name = "fact_type",
    .scalar = SCALAR_WORD,
    .words = {"flag", "integer", "money", "text", "date", "instant", "length", "choice", "set"},
    WANTED("a type", "类型"),
};
static const struct map_key fact_keys[] = {
    {"type", &fact_type, KEY_MAY, "what it is; `choice` alone means a choice",
     "类型；只写 choice 即为选项"},
    {"choice", &name_list, KEY_MAY, "the values of a choice, or the members of a set",
     "选项的取值，或集合的成员"},
    {"private", &shape_flag, KEY_MAY,
     "sealed; guards may ask only has() of it, and no clock, register or `set` may use it",
     "保密；条件中只能用 has()，时限、登记表和 set 均不得使用"},
    {"register", &shape_name, KEY_MAY, "its value must be a key of this register",
     "取值必须是该登记表的键"},
};
static const struct map_kind fact_kind = {.name = "fact", KEYS(fact_keys), .labelled = true};
static const struct shape fact_entry = {
    .name = "fact_entry",
    .scalar = SCALAR_WORD,
    .words = {"flag", "integer", "money", "text", "date", "instant", "length"},
    .map = &fact_kind,
    WANTED("a type, or a map as in {choice: [person, organisation]}",
           "类型，或映射，如 {choice: [person, organisation]}"),
};
static const struct shape facts = {
    .name = "facts",
    .named = &fact_entry,
    .names = SCALAR_NAME,
    WANTED("named facts, as in {fine: money}", "具名事实，如 {fine: money}"),
};

static const struct map_kind word_kind = {.name = "word", .labelled = true};
const struct shape shape_word = {
    .name = "word",
    .map = &word_kind,
    WANTED("a map {zh: …, en: …}", "映射 {zh: …, en: …}"),
};
static const struct shape words = {
    .name = "words",
    .named = &shape_word,
    .names = SCALAR_TEXT,
    WANTED("words for names, as in {corrected_on: {zh: 改正日期}}",
           "各名称的说法，如 {corrected_on: {zh: 改正日期}}"),
};

static const struct map_key define_keys[] = {
    {"that", &shape_guard, KEY_WHOLE, "the condition", "条件"},
};
static const struct map_kind define_kind = {
    .name = "define", KEYS(define_keys), .labelled = true};
static const struct shape define_entry = {
    .name = "define_entry",
    .scalar = SCALAR_GUARD,
    .map = &define_kind,
    WANTED("a condition, or {that: condition, zh: …}", "条件，或 {that: 条件, zh: …}"),
};
static const struct shape defines = {
    .name = "defines",
    .named = &define_entry,
    .names = SCALAR_NAME,
    WANTED("named conditions", "具名条件"),
};

static const struct map_key notice_keys[] = {
    {"values", &name_list, KEY_MAY, "the values its template may use", "模板可用的值"},
};
static const struct map_kind notice_kind = {
    .name = "notice", KEYS(notice_keys), .labelled = true};
static const struct shape notice = {
    .name = "notice",
    .items = &shape_name,
    .map = &notice_kind,
    WANTED("a list of values, or {values: […], zh: …}", "值的列表，或 {values: […], zh: …}"),
};
static const struct shape notices = {
    .name = "notices",
    .named = &notice,
    .names = SCALAR_NAME,
    WANTED("named notices, as in {clock_near: [last_day]}",
           "具名通知，如 {clock_near: [last_day]}"),
};

/* Clocks. */

static const struct shape offset = {
    .name = "offset",
    .scalar = SCALAR_OFFSET,
    WANTED("an offset, as in -3wd, 0d, +2wd, or due", "时点，如 -3wd、0d、+2wd 或 due"),
};
static const struct map_key entry_keys[] = {
    {"at", &offset, KEY_WHOLE,
     "when: before (-3wd), on (0d), after (+2wd) the last day, or `due`",
     "时点：期限届满前（-3wd）、当日（0d）、之后（+2wd），或 due"},
    {"to", &shape_names, KEY_WHOLE, "the roles that are told; `owner` is the clock's",
     "通知哪些角色；owner 指该期限的责任角色"},
    {"notice", &shape_name, KEY_WHOLE, "which notice they get", "发送哪种通知"},
    {"when", &shape_guard, KEY_MAY, "only if this is not false at that moment",
     "仅当届时条件不为假"},
    {"every", &shape_length, KEY_MAY, "repeats until the clock ends", "重复间隔，直至期限终止"},
    {"any_day", &shape_flag, KEY_MAY, "an inside receiver's may fall on a rest day",
     "内部人员也可在休息日收到"},
    {"urgent", &shape_flag, KEY_MAY, "does not wait for the permitted hours",
     "不受通知时段限制"},
};
static const struct map_kind entry_kind = {.name = "entry", KEYS(entry_keys), .labelled = true};
static const struct shape entry = {
    .name = "entry",
    .map = &entry_kind,
    WANTED("a map {at: -3wd, to: owner, notice: …}", "映射 {at: -3wd, to: owner, notice: …}"),
};
static const struct shape entries = {
    .name = "entries",
    .named = &entry,
    .names = SCALAR_NAME,
    WANTED("named entries, as in {near: {at: -3wd, …}}", "具名条目，如 {near: {at: -3wd, …}}"),
};

static const struct map_key plan_keys[] = {
    {"remind", &entries, KEY_MAY, "reminders", "提醒"},
    {"ladder", &entries, KEY_MAY, "rungs once it is overdue", "逾期后的督办层级"},
};
static const struct map_kind plan_kind = {.name = "plan", KEYS(plan_keys), .labelled = true};
static const struct shape plan = {
    .name = "plan",
    .map = &plan_kind,
    WANTED("a map {remind: …, ladder: …}", "映射 {remind: …, ladder: …}"),
};
static const struct shape plans = {
    .name = "plans",
    .named = &plan,
    .names = SCALAR_NAME,
    WANTED("named plans", "具名方案"),
};

static const struct map_key accrues_keys[] = {
    {"of", &fact_or_facts, KEY_WHOLE, "the money it is a part of; of several the sum",
     "计算基数（金额事实；多项则合计）"},
    {"percent", &shape_number, KEY_WHOLE, "for each day, of 100", "每日百分比"},
    {"cap", &shape_number, KEY_WHOLE, "percent it never exceeds", "百分比上限"},
};
static const struct map_kind accrues_kind = {.name = "accrues", KEYS(accrues_keys)};
static const struct shape accrues = {
    .name = "accrues",
    .map = &accrues_kind,
    WANTED("a map {of: facts.fine, percent: 3, cap: 100}",
           "映射 {of: facts.fine, percent: 3, cap: 100}"),
};

static const struct map_key pause_keys[] = {
    {"grounds", &shape_names, KEY_WHOLE, "why it may be paused", "可以中止的理由"},
    {"by", &shape_names, KEY_MAY, "who may by clock.paused; absent: nobody, only rules",
     "谁可用 clock.paused 中止；不写则只能由规则中止"},
    {"review", &shape_length, KEY_MAY, "how often a long pause is told to the owner (30d)",
     "长期中止的提示间隔（30d）"},
};
static const struct map_kind pause_kind = {.name = "pause", KEYS(pause_keys), .labelled = true};
static const struct shape pause = {
    .name = "pause",
    .map = &pause_kind,
    WANTED("a map {grounds: […], by: […]}", "映射 {grounds: […], by: […]}"),
};

static const struct map_key extend_keys[] = {
    {"by", &shape_names, KEY_MAY, "who may by clock.extended; absent: nobody, only rules",
     "谁可用 clock.extended 延长；不写则只能由规则延长"},
    {"upto", &length_or_fact, KEY_MAY, "how long at most", "最长多少"},
    {"needs", &shape_needs, KEY_MAY, "what must be true", "必须成立的条件"},
};
static const struct map_kind extend_kind = {
    .name = "extend", KEYS(extend_keys), .labelled = true};
static const struct shape extend = {
    .name = "extend",
    .map = &extend_kind,
    WANTED("a map {by: […], upto: 15d}", "映射 {by: […], upto: 15d}"),
};
static const struct shape extends = {
    .name = "extends",
    .named = &extend,
    .names = SCALAR_NAME,
    WANTED("named extensions, used in order, as in {first: {by: […], upto: 15d}}",
           "具名延长，依次使用，如 {first: {by: […], upto: 15d}}"),
};

static const struct shape kind_word = {
    .name = "clock_kind",
    .scalar = SCALAR_WORD,
    .words = {"duty", "window"},
    WANTED("duty or window", " duty 或 window"),
};
static const struct shape roll_word = {
    .name = "roll",
    .scalar = SCALAR_WORD,
    .words = {"forward", "none"},
    WANTED("forward or none", " forward 或 none"),
};
static const struct shape yearly = {
    .name = "yearly",
    .scalar = SCALAR_YEARLY,
    WANTED("a date of the year, as in --12-31", "每年的日期，如 --12-31"),
};
static const struct shape dates = {
    .name = "dates",
    .scalar = SCALAR_FACT_OR_YEARLY,
    .items = &yearly,
    WANTED("a fact, written facts.x, or dates of the year, as in --12-31 or [--06-30, --12-31]",
           "事实，写作 facts.x，或每年的日期，如 --12-31 或 [--06-30, --12-31]"),
};
static const struct map_key clock_keys[] = {
    {"kind", &kind_word, KEY_MAY, "duty (somebody owes an act) or window (a right lapses)",
     "duty（须为一定行为）或 window（权利期间）"},
    {"owner", &shape_name, KEY_WHOLE, "the role that owes the act or holds the right",
     "责任角色或权利人"},
    {"when", &shape_guard, KEY_MAY, "starts only where this is true", "仅当条件成立时起算"},
    {"length", &length_or_fact, KEY_MAY, "how long it runs", "期限长度"},
    {"until", &dates, KEY_MAY, "the date it ends on", "届满日期"},
    {"before", &dates, KEY_MAY, "the date it is counted back from, by `length`",
     "倒计的基准日期，与 length 同用"},
    {"accrues", &accrues, KEY_MAY, "money that grows by the day instead of a length",
     "按日累计的金额，代替期限"},
    {"roll", &roll_word, KEY_MAY, "forward: a last day that rests moves on to a working day",
     "forward：末日为休息日的顺延至工作日"},
    {"grace", &shape_length, KEY_MAY, "how long its end waits for late reports",
     "为迟到的报告等待多久"},
    {"recurs", &shape_flag, KEY_MAY, "it begins anew by itself once it has ended",
     "结束后自动开始下一周期"},
    {"per", &shape_fact, KEY_MAY, "one live instance for each value of this fact",
     "该事实每个值各有一个期限"},
    {"pause", &pause, KEY_MAY, "why and by whom it may be paused", "中止的理由和权限"},
    {"extend", &extends, KEY_MAY, "extensions, used in order", "依次使用的延长"},
    {"plan", &shape_name, KEY_MAY, "a plan of reminders and rungs", "提醒方案"},
    {"remind", &entries, KEY_MAY, "reminders, on top of the plan's", "提醒，叠加于方案之上"},
    {"ladder", &entries, KEY_MAY, "rungs once it is overdue, on top of the plan's",
     "逾期督办层级，叠加于方案之上"},
};
static const struct map_kind clock_kind = {.name = "clock", KEYS(clock_keys), .labelled = true};
static const struct shape clock = {
    .name = "clock",
    .map = &clock_kind,
    WANTED("a map {owner: …, length: …}", "映射 {owner: …, length: …}"),
};
static const struct shape clocks = {
    .name = "clocks",
    .named = &clock,
    .names = SCALAR_NAME,
    WANTED("named clocks", "具名期限"),
};

static const struct shape groups = {
    .name = "groups",
    .named = &name_list,
    .names = SCALAR_NAME,
    WANTED("named lists of stages, as in {undecided: [filed, heard]}",
           "具名阶段列表，如 {undecided: [filed, heard]}"),
};

/* The whole. */

static const struct shape layer = {
    .name = "layer",
    .scalar = SCALAR_LAYER,
    WANTED("a layer, as in law-2021@1", "层，如 law-2021@1"),
};
static const struct shape layers = {
    .name = "layers",
    .items = &layer,
    WANTED("a list of layers, as in [law-2021@1]", "层的列表，如 [law-2021@1]"),
};
static const struct shape path = {
    .name = "path",
    .scalar = SCALAR_PATH,
    WANTED("a path, as in stages.filed.events.order.served",
           "路径，如 stages.filed.events.order.served"),
};
static const struct shape paths = {
    .name = "paths",
    .scalar = SCALAR_PATH,
    .items = &path,
    WANTED("a path or a list of paths, as in [clocks.correct.grace]",
           "路径或路径列表，如 [clocks.correct.grace]"),
};

static const struct shape new_names = {
    .name = "new_names",
    .named = &shape_name,
    .names = SCALAR_NAME,
    WANTED("old names with the new ones, as in {correct: mend}",
           "旧名称与新名称，如 {correct: mend}"),
};
static const struct map_key migrates_keys[] = {
    {"stages", &new_names, KEY_MAY, "stages that are called otherwise now", "改名的阶段"},
    {"clocks", &new_names, KEY_MAY, "clocks that are called otherwise now", "改名的期限"},
    {"facts", &new_names, KEY_MAY, "facts that are called otherwise now", "改名的事实"},
    {"roles", &new_names, KEY_MAY, "roles that are called otherwise now", "改名的角色"},
    {"gone", &shape_names, KEY_MAY, "facts, clocks and roles that a case may lose",
     "案件可以失去的事实、期限和角色"},
};
static const struct map_kind migrates_kind = {.name = "migrates", KEYS(migrates_keys)};
static const struct shape migrates = {
    .name = "migrates",
    .map = &migrates_kind,
    WANTED("a map {stages: …, clocks: …, facts: …, roles: …, gone: […]}",
           "映射 {stages: …, clocks: …, facts: …, roles: …, gone: […]}"),
};

static const struct map_key procedure_keys[] = {
    {"procedure", &shape_id, KEY_MUST, "its name", "名称"},
    {"version", &shape_number, KEY_MUST, "its number, from 1; a version is never edited",
     "版本号，自 1 起；版本不得改动"},
    {"from", &shape_date, KEY_WHOLE, "in force for cases opened on or after",
     "自该日起立的案件适用"},
    {"layer", &shape_flag, KEY_MAY, "true: only to be built upon; opens no case",
     "true：只供叠加，不立案"},
    {"layers", &layers, KEY_MAY, "procedures merged below this one, left to right",
     "自左至右叠加于下的程序"},
    {"drops", &paths, KEY_MAY, "entries of the layers that are taken away", "从下层删去的条目"},
    {"backdate", &shape_length, KEY_MAY, "how far back an event may lie (7d)",
     "事件可补报多久以前的（7d）"},
    {"roles", &roles, KEY_MAY, "who may act, and who can be told", "可办理、可通知的角色"},
    {"chain", &name_list, KEY_MAY, "who stands above whom, from below", "自下而上的层级"},
    {"apart", &aparts, KEY_MAY, "roles that are never one person in a case",
     "同案不得兼任的角色"},
    {"facts", &facts, KEY_MAY, "what is known of a case", "案件事实"},
    {"words", &words, KEY_MAY, "people's words for names", "各名称的通俗说法"},
    {"define", &defines, KEY_MAY, "named conditions", "具名条件"},
    {"needs", &shape_needs, KEY_MAY, "named needs that rules refer to", "供规则引用的具名要求"},
    {"plans", &plans, KEY_MAY, "reminder plans that clocks refer to", "供期限引用的提醒方案"},
    {"clocks", &clocks, KEY_MAY, "the limits", "期限"},
    {"opens", &shape_events, KEY_MAY, "events that open a case", "立案的事件"},
    {"stages", &shape_stages, KEY_MAY, "where a case may stand", "案件所处的阶段"},
    {"groups", &groups, KEY_MAY, "named groups of stages, for `in`", "供 in 引用的阶段组"},
    {"anytime", &shape_events, KEY_MAY,
     "events taken in every stage that is not final, or `in` some",
     "在所有未终结阶段（或 in 所列阶段）均可发生的事件"},
    {"migrates", &migrates, KEY_MAY, "how cases of earlier versions come to this one",
     "旧版本案件如何转入本版本"},
    {"notices", &notices, KEY_MAY, "the values that templates may use", "通知模板可用的值"},
};
static const struct map_kind procedure_kind = {
    .name = "procedure", KEYS(procedure_keys), .labelled = true};
static const struct shape procedure = {
    .name = "procedure",
    .map = &procedure_kind,
    WANTED("a procedure: a map that begins with `procedure:`",
           "程序：以 procedure: 开头的映射"),
};

const struct language language_procedure = {
    .name = "procedure",
    .title_en = "duban procedure",
    .title_zh = "督办程序",
    .root = &procedure,
};
