#include "codec/language_parts.h"

static const struct map_key case_keys[] = {
    {"id", &shape_text, KEY_MUST, "the publisher's number", "发布方的案号"},
    {"agency", &shape_id, KEY_MUST, "whose case it is", "所属机关"},
    {"unit", &shape_id, KEY_MAY, "in which unit", "所属内设机构"},
    {"procedure", &shape_id, KEY_MAY, "of which procedure; absent: the scenario's",
     "适用的程序；不写则为场景的程序"},
};
static const struct map_kind case_kind = {.name = "case", KEYS(case_keys)};
static const struct shape one_case = {
    .name = "case",
    .map = &case_kind,
    WANTED("a map {id: …, agency: …}", "映射 {id: …, agency: …}"),
};
static const struct shape cases = {
    .name = "cases",
    .named = &one_case,
    .names = SCALAR_ID,
    WANTED("named cases, as in {a: {id: …, agency: …}}",
           "具名案件，如 {a: {id: …, agency: …}}"),
};
static const struct shape people = {
    .name = "people",
    .named = &shape_ids,
    .names = SCALAR_NAME,
    WANTED("roles with their persons, as in {officer: [wang, zhao]}",
           "角色及人员，如 {officer: [wang, zhao]}"),
};

static const struct map_key by_keys[] = {
    {"role", &shape_name, KEY_MUST, "the role acted in", "以何角色"},
    {"person", &shape_id, KEY_MAY, "the person; absent: the role's first",
     "人员；不写则该角色第一人"},
};
static const struct map_kind by_kind = {.name = "by", KEYS(by_keys)};
static const struct shape by = {
    .name = "by",
    .scalar = SCALAR_NAME,
    .map = &by_kind,
    WANTED("a role, or {person: …, role: …}", "角色，或 {person: …, role: …}"),
};
static const struct shape values = {
    .name = "values",
    .named = &shape_value,
    .names = SCALAR_NAME,
    WANTED("facts with their values, as in {minor: true}", "事实及其值，如 {minor: true}"),
};

static const struct shape verdict = {
    .name = "verdict",
    .scalar = SCALAR_WORD,
    .words = {"applied", "rejected", "waiting", "duplicate"},
    WANTED("a verdict", "结论"),
};
static const struct shape state = {
    .name = "clock_state",
    .scalar = SCALAR_WORD,
    .words = {"running", "paused", "overdue", "met", "met_late", "used", "elapsed", "capped",
              "cancelled", "none"},
    WANTED("a clock's state", "期限的状态"),
};
static const struct map_key clock_keys[] = {
    {"state", &state, KEY_MAY, "its state; `none`: it never started",
     "状态；none 表示未曾起算"},
    {"last_day", &shape_value, KEY_MAY, "its last day", "最后一日"},
    {"safe_day", &shape_value, KEY_MAY, "the last working day on or before it",
     "不晚于最后一日的最后工作日"},
    {"due", &shape_value, KEY_MAY, "the instant it is due", "届满时刻"},
    {"remaining", &shape_value, KEY_MAY, "what is left while it is paused", "中止时的剩余"},
    {"provisional", &shape_flag, KEY_MAY, "it asked about an unpublished year",
     "涉及尚未公布的年份"},
    {"amount", &shape_value, KEY_MAY, "what accrued", "累计金额"},
    {"reported_late", &shape_flag, KEY_MAY, "done in time, reported late", "按时履行而迟报"},
    {"instance", &shape_value, KEY_MAY, "which run of it", "第几次"},
};
static const struct map_kind clock_kind = {.name = "expected_clock", KEYS(clock_keys)};
static const struct shape clock = {
    .name = "expected_clock",
    .map = &clock_kind,
    WANTED("a map {state: …, last_day: …}", "映射 {state: …, last_day: …}"),
};
static const struct shape clocks = {
    .name = "expected_clocks",
    .named = &clock,
    .names = SCALAR_TEXT,
    WANTED("clocks with what is expected of them", "期限及预期"),
};

static const struct map_key sent_keys[] = {
    {"at", &shape_instant, KEY_MAY, "when", "时刻"},
    {"clock", &shape_text, KEY_MAY, "of which clock", "哪个期限"},
    {"entry", &shape_name, KEY_MAY, "which entry of it", "哪个条目"},
    {"notice", &shape_name, KEY_MAY, "which notice", "哪种通知"},
    {"to", &shape_name, KEY_MAY, "to which role", "通知的角色"},
    {"person", &shape_id, KEY_MAY, "to whom", "通知的人员"},
    {"in_stead_of", &shape_id, KEY_MAY,
     "in whose stead: a person, or the role that nobody holds", "代何人：人员，或空缺的角色"},
    {"instance", &shape_value, KEY_MAY, "which run of the clock", "期限的第几次"},
    {"number", &shape_value, KEY_MAY, "which repeat", "第几次重复"},
    {"case", &shape_id, KEY_MAY, "of which case", "哪个案件"},
};
static const struct map_kind sent_kind = {.name = "sent", KEYS(sent_keys)};
static const struct shape sent = {
    .name = "sent",
    .map = &sent_kind,
    WANTED("a map {at: …, clock: …, entry: …, to: …}",
           "映射 {at: …, clock: …, entry: …, to: …}"),
};
static const struct shape sents = {
    .name = "sents",
    .items = &sent,
    WANTED("a list of {at: …, clock: …, entry: …, to: …}",
           "{at: …, clock: …, entry: …, to: …} 的列表"),
};

static const struct map_key expect_keys[] = {
    {"verdict", &verdict, KEY_MAY, "what became of the event", "事件的结论"},
    {"codes", &shape_texts, KEY_MAY, "why it was refused: all of the codes",
     "拒绝的全部理由代码"},
    {"law", &shape_text, KEY_MAY, "an article among the reasons", "理由中的法条"},
    {"text", &shape_text, KEY_MAY, "a part of the words, in either language",
     "理由中的文字（任一语言）"},
    {"stage", &shape_name, KEY_MAY, "where the case stands", "案件所处阶段"},
    {"ending", &shape_name, KEY_MAY, "its outcome while something outlives it",
     "未了期限存续时的结果"},
    {"closed", &shape_name, KEY_MAY, "its outcome once closed", "结案的结果"},
    {"facts", &values, KEY_MAY, "facts of the case", "案件事实"},
    {"clocks", &clocks, KEY_MAY, "its clocks", "期限"},
    {"sent", &sents, KEY_MAY, "what the entries said since the last step, all in order",
     "上一步以来的全部通知，按次序"},
    {"leaves", &sents, KEY_MAY, "notices that actually leave", "实际发出的通知"},
    {"next", &shape_value, KEY_MAY, "the case's next moment", "案件的下一时刻"},
    {"waiting", &shape_value, KEY_MAY, "how many events wait", "等待中的事件数"},
    {"defects", &shape_texts, KEY_MAY, "the defects on the case", "案件上的瑕疵"},
    {"people", &people, KEY_MAY, "who is bound to the case", "案件指定的人员"},
    {"nothing", &shape_texts, KEY_MAY, "verbs that did nothing", "未起作用的动作"},
};
static const struct map_kind expect_kind = {.name = "expect", KEYS(expect_keys)};
static const struct shape expect = {
    .name = "expect",
    .map = &expect_kind,
    WANTED("a map {verdict: applied, stage: …}", "映射 {verdict: applied, stage: …}"),
};

static const struct shape version = {
    .name = "version",
    .scalar = SCALAR_LAYER,
    WANTED("a version, as in minor@2", "版本，如 minor@2"),
};
static const struct map_key step_keys[] = {
    {"at", &shape_instant, KEY_MAY, "when it is sent", "发送时刻"},
    {"event", &shape_event, KEY_MAY, "what happened", "事件"},
    {"by", &by, KEY_MAY, "who acted", "办理人"},
    {"with", &shape_ids, KEY_MAY, "who acted with him", "共同办理人"},
    {"set", &values, KEY_MAY, "the facts it carries", "携带的事实"},
    {"documents", &shape_texts, KEY_MAY, "the documents it carries", "附具的文书"},
    {"occurred", &shape_instant, KEY_MAY, "when it happened, if before `at`",
     "发生时刻（早于 at 时）"},
    {"id", &shape_text, KEY_MAY, "its own identity, to send it again", "标识，用于重发"},
    {"source", &shape_text, KEY_MAY, "which system sends it", "来源系统"},
    {"wait_for", &shape_length, KEY_MAY, "how long it may wait for its rule", "可等待多久"},
    {"agency", &shape_id, KEY_MAY, "another agency than the case's", "不同于案件的机关"},
    {"note", &shape_text, KEY_MAY, "a note", "备注"},
    {"case", &shape_id, KEY_MAY, "which of several cases", "多个案件中的哪个"},
    {"until", &shape_instant, KEY_MAY, "let time pass; what is due fires", "让时间流逝至此"},
    {"down", &shape_length, KEY_MAY, "the daemon is off for so long", "系统停机多久"},
    {"install", &shape_texts, KEY_MAY, "a file, or files, to install", "要安装的文件"},
    {"migrate", &version, KEY_MAY, "cases of the version of this case go over to that one",
     "与本案同一版本的案件转入该版本"},
    {"expect", &expect, KEY_MAY, "what must hold afterwards", "之后必须成立的"},
};
static const struct map_kind step_kind = {.name = "step", KEYS(step_keys)};
static const struct shape step = {
    .name = "step",
    .map = &step_kind,
    WANTED("a map {at: …, event: …}", "映射 {at: …, event: …}"),
};
static const struct shape steps = {
    .name = "steps",
    .items = &step,
    WANTED("a list of steps", "步骤的列表"),
};

static const struct map_key scenario_keys[] = {
    {"scenario", &shape_text, KEY_MUST, "what it tells", "场景名称"},
    {"config", &shape_text, KEY_MAY, "the folder of procedures, calendars, people, notices",
     "程序、日历、人员、通知所在的文件夹"},
    {"procedure", &shape_text, KEY_MUST, "its name, or a path", "程序名称或路径"},
    {"case", &one_case, KEY_MAY, "the case", "案件"},
    {"cases", &cases, KEY_MAY, "several cases by name", "多个具名案件"},
    {"people", &people, KEY_MAY, "who holds which role", "各角色的人员"},
    {"note", &shape_text, KEY_MAY, "a note", "备注"},
    {"steps", &steps, KEY_MUST, "what happens, in order", "依次发生的事"},
};
static const struct map_kind scenario_kind = {.name = "scenario", KEYS(scenario_keys)};
static const struct shape scenario = {
    .name = "scenario",
    .map = &scenario_kind,
    WANTED("a scenario: a map that begins with `scenario:`", "场景：以 scenario: 开头的映射"),
};
const struct language language_scenario = {
    .name = "scenario",
    .title_en = "duban scenario",
    .title_zh = "督办场景",
    .root = &scenario,
};
