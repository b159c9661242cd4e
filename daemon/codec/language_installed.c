#include "codec/language_parts.h"

static const struct shape time_of_day = {
    .name = "time",
    .scalar = SCALAR_TIME,
    WANTED("a time of day, as in \"09:00\"", "时刻，如 \"09:00\""),
};
static const struct shape hours = {
    .name = "hours",
    .scalar = SCALAR_HOURS,
    WANTED("hours, as in \"08:00-20:00\"", "时段，如 \"08:00-20:00\""),
};

static const struct map_kind unit_kind = {.name = "unit", .labelled = true};
static const struct shape unit = {
    .name = "unit",
    .map = &unit_kind,
    WANTED("a map {zh: …, en: …}", "映射 {zh: …, en: …}"),
};
static const struct shape units = {
    .name = "units",
    .named = &unit,
    .names = SCALAR_ID,
    WANTED("named units", "具名内设机构"),
};

static const struct map_key agency_keys[] = {
    {"parent", &shape_id, KEY_MAY, "the agency above it", "上级机关"},
    {"zone", &shape_text, KEY_MAY, "its legal zone (Asia/Shanghai)",
     "法定时区（Asia/Shanghai）"},
    {"calendar", &shape_id, KEY_MAY, "which days work (cn)", "工作日历（cn）"},
    {"moments", &time_of_day, KEY_MAY, "time of day of reminders (\"09:00\")",
     "提醒的时刻（\"09:00\"）"},
    {"hours", &hours, KEY_MAY, "when notices may leave (\"08:00-20:00\")",
     "可发通知的时段（\"08:00-20:00\"）"},
    {"units", &units, KEY_MAY, "its units", "内设机构"},
    {"opens", &shape_ids, KEY_MAY, "procedures it may open cases of; absent: all, []: none",
     "可立案的程序；不写则全部，[] 则无"},
};
static const struct map_kind agency_kind = {
    .name = "agency", KEYS(agency_keys), .labelled = true};
static const struct shape agency = {
    .name = "agency",
    .map = &agency_kind,
    WANTED("a map, as in {zh: …, calendar: cn}", "映射，如 {zh: …, calendar: cn}"),
};
static const struct shape agencies = {
    .name = "agencies",
    .named = &agency,
    .names = SCALAR_ID,
    WANTED("agencies by their identifiers", "以编号列出的机关"),
};
static const struct map_key agencies_keys[] = {
    {"agencies", &agencies, KEY_MUST, "the agencies", "机关"},
};
static const struct map_kind agencies_kind = {.name = "agencies_file", KEYS(agencies_keys)};
static const struct shape agencies_file = {
    .name = "agencies_file",
    .map = &agencies_kind,
    WANTED("a map that begins with `agencies:`", "以 agencies: 开头的映射"),
};
const struct language language_agencies = {
    .name = "agencies",
    .title_en = "duban agencies",
    .title_zh = "督办机关",
    .root = &agencies_file,
};

static const struct map_key holding_keys[] = {
    {"role", &shape_name, KEY_MUST, "the role of procedures", "程序中的角色"},
    {"agency", &shape_id, KEY_MUST, "in which agency", "所在机关"},
    {"unit", &shape_id, KEY_MAY, "in which unit; absent: the agency as a whole",
     "所在内设机构；不写则为整个机关"},
    {"from", &shape_date, KEY_MAY, "its first day", "起始日"},
    {"to", &shape_date, KEY_MAY, "its last day", "截止日"},
};
static const struct map_kind holding_kind = {.name = "holding", KEYS(holding_keys)};
static const struct shape holding = {
    .name = "holding",
    .map = &holding_kind,
    WANTED("a map {role: …, agency: …}", "映射 {role: …, agency: …}"),
};
static const struct shape holdings = {
    .name = "holdings",
    .items = &holding,
    WANTED("a list of {role: …, agency: …}", "{role: …, agency: …} 的列表"),
};

static const struct map_key certificate_keys[] = {
    {"from", &shape_date, KEY_MAY, "its first day", "起始日"},
    {"to", &shape_date, KEY_MAY, "its last day", "截止日"},
};
static const struct map_kind certificate_kind = {.name = "certificate", KEYS(certificate_keys)};
static const struct shape certificate = {
    .name = "certificate",
    .map = &certificate_kind,
    WANTED("a map {from: date, to: date}", "映射 {from: 日期, to: 日期}"),
};

static const struct map_key deputy_keys[] = {
    {"to", &shape_id, KEY_MUST, "who acts instead", "代理人"},
    {"role", &shape_name, KEY_MAY, "in which role; absent: in all", "代理的角色；不写则全部"},
    {"from", &shape_date, KEY_MUST, "the first day", "起始日"},
    {"until", &shape_date, KEY_MUST, "the last day", "截止日"},
};
static const struct map_kind deputy_kind = {.name = "deputy", KEYS(deputy_keys)};
static const struct shape deputy = {
    .name = "deputy",
    .map = &deputy_kind,
    WANTED("a map {to: person, from: date, until: date}",
           "映射 {to: 人员, from: 日期, until: 日期}"),
};
static const struct shape deputies = {
    .name = "deputies",
    .items = &deputy,
    WANTED("a list of {to: person, from: date, until: date}",
           "{to: 人员, from: 日期, until: 日期} 的列表"),
};

static const struct map_key leave_keys[] = {
    {"from", &shape_date, KEY_MUST, "the first day", "起始日"},
    {"to", &shape_date, KEY_MUST, "the last day", "截止日"},
};
static const struct map_kind leave_kind = {.name = "leave", KEYS(leave_keys)};
static const struct shape leave = {
    .name = "leave",
    .map = &leave_kind,
    WANTED("a map {from: date, to: date}", "映射 {from: 日期, to: 日期}"),
};
static const struct shape leaves = {
    .name = "leaves",
    .items = &leave,
    WANTED("a list of {from: date, to: date}", "{from: 日期, to: 日期} 的列表"),
};

static const struct shape hours_over = {
    .name = "hours_over",
    .named = &hours,
    .names = SCALAR_NAME,
    WANTED("hours by channel, as in {sms: \"09:00-18:00\"}",
           "各渠道的时段，如 {sms: \"09:00-18:00\"}"),
};

static const struct map_key listed_keys[] = {
    {"for", &shape_id, KEY_MUST, "whose place it is", "被代理人"},
    {"to", &shape_id, KEY_MUST, "who acts instead", "代理人"},
    {"role", &shape_name, KEY_MAY, "in which role; absent: in all", "代理的角色；不写则全部"},
    {"from", &shape_date, KEY_MUST, "the first day", "起始日"},
    {"until", &shape_date, KEY_MUST, "the last day", "截止日"},
    {"reason", &shape_text, KEY_MAY, "why", "理由"},
};
static const struct map_kind listed_kind = {.name = "listed_deputy", KEYS(listed_keys)};
static const struct shape listed = {
    .name = "listed_deputy",
    .map = &listed_kind,
    WANTED("a map {for: person, to: person, from: date, until: date}",
           "映射 {for: 人员, to: 人员, from: 日期, until: 日期}"),
};
static const struct shape listed_all = {
    .name = "listed_deputies",
    .items = &listed,
    WANTED("a list of {for: person, to: person, from: date, until: date}",
           "{for: 人员, to: 人员, from: 日期, until: 日期} 的列表"),
};
static const struct map_key deputies_keys[] = {
    {"deputies", &listed_all, KEY_MUST, "the deputies that operators named",
     "操作员指定的代理人"},
};
static const struct map_kind deputies_kind = {.name = "deputies_file", KEYS(deputies_keys)};
static const struct shape deputies_file = {
    .name = "deputies_file",
    .map = &deputies_kind,
    WANTED("a map that begins with `deputies:`", "以 deputies: 开头的映射"),
};
const struct language language_deputies = {
    .name = "deputies",
    .title_en = "duban deputies",
    .title_zh = "督办代理人",
    .root = &deputies_file,
};

static const struct shape tongue = {
    .name = "tongue",
    .scalar = SCALAR_WORD,
    .words = {"zh", "en"},
    WANTED("zh or en", " zh 或 en"),
};
static const struct map_key person_keys[] = {
    {"name", &shape_text, KEY_MAY, "the person's name", "姓名"},
    {"roles", &holdings, KEY_MAY, "the roles held", "担任的角色"},
    {"certified", &shape_flag, KEY_MAY, "holds a certificate for enforcement", "持有执法证"},
    {"certificate", &certificate, KEY_MAY, "the same, with its days", "执法证的有效期"},
    {"deputies", &deputies, KEY_MAY, "who acts instead, and when", "代理人及期间"},
    {"leave", &leaves, KEY_MAY, "when away", "休假期间"},
    {"phone", &shape_text, KEY_MAY, "for SMS", "手机号"},
    {"mail", &shape_text, KEY_MAY, "for mail", "邮箱"},
    {"channels", &shape_names, KEY_MAY, "which channels, in order; absent: all that reach",
     "通知渠道及次序；不写则为能送达的全部"},
    {"language", &tongue, KEY_MAY, "of notices: zh or en; absent: zh",
     "通知的语言：zh 或 en；不写则为 zh"},
    {"hours", &hours, KEY_MAY, "when notices may reach this person; urgent ones always",
     "可接收通知的时段；紧急通知不受限"},
    {"workdays", &shape_flag, KEY_MAY, "on the agency's working days only",
     "仅在机关工作日"},
    {"hours_over", &hours_over, KEY_MAY, "the same of one channel alone",
     "仅就某一渠道的时段"},
};
static const struct map_kind person_kind = {.name = "person", KEYS(person_keys)};
static const struct shape person = {
    .name = "person",
    .map = &person_kind,
    WANTED("a map {name: …, roles: […]}", "映射 {name: …, roles: […]}"),
};
static const struct shape people = {
    .name = "people",
    .named = &person,
    .names = SCALAR_ID,
    WANTED("people by their identifiers", "以编号列出的人员"),
};
static const struct map_key people_keys[] = {
    {"people", &people, KEY_MUST, "the people", "人员"},
};
static const struct map_kind people_kind = {.name = "people_file", KEYS(people_keys)};
static const struct shape people_file = {
    .name = "people_file",
    .map = &people_kind,
    WANTED("a map that begins with `people:`", "以 people: 开头的映射"),
};
const struct language language_people = {
    .name = "people",
    .title_en = "duban people",
    .title_zh = "督办人员",
    .root = &people_file,
};

static const struct shape address = {
    .name = "address",
    .scalar = SCALAR_WORD,
    .words = {"mail", "phone", "person"},
    WANTED("mail, phone or person", " mail、phone 或 person"),
};
static const struct map_key channel_keys[] = {
    {"address", &address, KEY_MUST,
     "what of a person it goes to: mail, phone, or the person's identifier",
     "发往人员的何处：邮箱、手机号，或人员编号"},
    {"idempotent", &shape_flag, KEY_MAY,
     "the same key twice is one message, so a doubtful one is sent again",
     "同一键重复只算一条，存疑的可以重发"},
    {"attempts", &shape_number, KEY_MAY, "failures before the next channel is tried; 8",
     "失败几次后改用下一渠道；默认 8"},
    {"lease", &shape_length, KEY_MAY, "a worker that is silent for so long loses the job; 2min",
     "工作进程静默多久即收回任务；默认 2min"},
    {"retry", &shape_length, KEY_MAY,
     "before the second attempt, doubled for each after it; 1min",
     "第二次尝试之前的等待，其后逐次加倍；默认 1min"},
    {"retry_max", &shape_length, KEY_MAY, "the longest wait; 1h", "最长等待；默认 1h"},
    {"late", &shape_length, KEY_MAY,
     "not sent after so long: the next channel is tried too; 4h",
     "多久未发出即改用下一渠道；默认 4h"},
    {"digest", &shape_length, KEY_MAY,
     "how long a notice waits for others to the same person; none",
     "通知为合并而等待多久；默认不等"},
    {"per_minute", &shape_number, KEY_MAY, "messages a minute; absent: no limit",
     "每分钟条数；不写则不限"},
    {"per_day", &shape_number, KEY_MAY, "messages a day to one receiver; absent: no limit",
     "同一接收人每日条数；不写则不限"},
    {"hours", &hours, KEY_MAY, "when it may be used; urgent notices always",
     "可使用的时段；紧急通知不受限"},
    {"workdays", &shape_flag, KEY_MAY, "on the agency's working days only",
     "仅在机关工作日"},
};
static const struct map_kind channel_kind = {
    .name = "channel", KEYS(channel_keys), .labelled = true};
static const struct shape channel = {
    .name = "channel",
    .map = &channel_kind,
    WANTED("a map, as in {address: mail}", "映射，如 {address: mail}"),
};
static const struct shape channels = {
    .name = "channels",
    .named = &channel,
    .names = SCALAR_NAME,
    WANTED("channels by their names", "以名称列出的渠道"),
};
static const struct map_key channels_keys[] = {
    {"channels", &channels, KEY_MUST, "the channels, the preferred one first",
     "渠道，优先者在前"},
};
static const struct map_kind channels_kind = {.name = "channels_file", KEYS(channels_keys)};
static const struct shape channels_file = {
    .name = "channels_file",
    .map = &channels_kind,
    WANTED("a map that begins with `channels:`", "以 channels: 开头的映射"),
};
const struct language language_channels = {
    .name = "channels",
    .title_en = "duban channels",
    .title_zh = "督办通知渠道",
    .root = &channels_file,
};
