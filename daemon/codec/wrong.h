#ifndef DUBAN_CODEC_WRONG_H
#define DUBAN_CODEC_WRONG_H

/*
 * What can be wrong with a file that somebody wrote, in both languages: what is wrong; what
 * would be right. What is wrong with a guard says core/guard_fault.h.
 */
#include "core/problem.h"

/* A row is one thing that is wrong. */
/* clang-format off */
/* Of any YAML file. */
#define WRONGS_OF_YAML(X) \
    X(WRONG_SIZE, "file_size", \
      "the file is larger than {0} bytes; divide it", \
      "文件超过 {0} 字节；请拆分") \
    X(WRONG_UTF8, "file_utf8", \
      "these bytes are not UTF-8; save the file as UTF-8", \
      "此处不是 UTF-8 编码；请将文件存为 UTF-8") \
    X(WRONG_CONTROL, "file_control", \
      "there is a control character here; take it out", \
      "此处有控制字符；请删去") \
    X(WRONG_SYNTAX, "yaml_syntax", \
      "this is no YAML: {0}", \
      "不是正确的 YAML：{0}") \
    X(WRONG_DEPTH, "yaml_depth", \
      "more than {0} levels stand in each other; write it flatter", \
      "嵌套超过 {0} 层；请减少层次") \
    X(WRONG_NODES, "yaml_nodes", \
      "the file has more than {0} entries; divide it", \
      "文件超过 {0} 个条目；请拆分") \
    X(WRONG_WIDTH, "yaml_width", \
      "this map has more than {0} entries; divide it", \
      "此映射超过 {0} 个条目；请拆分") \
    X(WRONG_EMPTY_FILE, "yaml_empty", \
      "nothing stands in this file; write a map", \
      "文件是空的；应为映射") \
    X(WRONG_DOCUMENTS, "yaml_documents", \
      "a second document begins here; one file is one document, so take `---` out", \
      "此处开始了第二个文档；一个文件只能有一个文档，请删去“---”") \
    X(WRONG_ALIAS, "yaml_alias", \
      "`*{0}` is an alias of YAML, which is refused; write it out, or use `plans`, `needs` " \
      "or `define`", \
      "不接受 YAML 的别名“*{0}”；请写全，或用 plans、needs、define") \
    X(WRONG_ANCHOR, "yaml_anchor", \
      "`&{0}` is an anchor of YAML, which is refused; take it out; `plans`, `needs` and " \
      "`define` serve", \
      "不接受 YAML 的锚点“&{0}”；请删去，可用 plans、needs、define") \
    X(WRONG_MERGE, "yaml_merge", \
      "the merge key `<<` is refused; write it out, or use `plans`, `needs` or `define`", \
      "不接受合并键“<<”；请写全，或用 plans、needs、define") \
    X(WRONG_TAG, "yaml_tag", \
      "tags of YAML are refused; take `{0}` out", \
      "不接受 YAML 的标签；请删去“{0}”") \
    X(WRONG_DIRECTIVE, "yaml_directive", \
      "directives of YAML (`%`) are refused; take it out", \
      "不接受 YAML 的指令（“%”）；请删去") \
    X(WRONG_KEY, "yaml_key", \
      "a key is one word, no list, map or long text", \
      "键只能是一个词，不能是列表、映射或长文字") \
    X(WRONG_TWICE, "yaml_twice", \
      "`{0}` stands here twice; it is already in line {1}", \
      "“{0}”重复；第 {1} 行已经写过")

/* Of keys and shapes; what a value may be is said by its shape and its kind of scalar. */
#define WRONGS_OF_SCHEMA(X) \
    X(WRONG_NO_KEY, "schema_key", \
      "there is no key `{0}` here; there are {1}", \
      "此处没有“{0}”这个键；可用 {1}") \
    X(WRONG_NO_KEY_NEAR, "schema_key", \
      "there is no key `{0}` here; did you mean `{1}`?", \
      "此处没有“{0}”这个键；是否应为 {1}？") \
    X(WRONG_MISSING, "schema_missing", \
      "`{1}` is missing in `{0}`; write it", \
      "“{0}”缺少 {1}；请补上")

/* Of layers. */
#define WRONGS_OF_LAYERS(X) \
    X(WRONG_NO_LAYER, "layer_none", \
      "there is no procedure {0} to build upon; install it first", \
      "没有可供叠加的程序 {0}；请先安装") \
    X(WRONG_LAYER_LOOP, "layer_loop", \
      "{0} stands on itself; take it out of its layers", \
      "{0} 叠加在自身之上；请从层中删去") \
    X(WRONG_LAYERS_MANY, "layer_many", \
      "it stands on more than {0} layers; merge some", \
      "超过 {0} 层；请合并") \
    X(WRONG_NO_DROP, "drop_none", \
      "`{0}` does not stand below, so it cannot be dropped", \
      "下层没有“{0}”，无从删去") \
    X(NOTE_DROPPED, "dropped", \
      "{0} is dropped; it stood in {1}", \
      "删去了 {0}；原在 {1}")

/* Of names. */
#define WRONGS_OF_NAMES(X) \
    X(WRONG_NO_ROLE, "no_role", \
      "there is no role called `{0}`; declare it, or name another", \
      "没有名为“{0}”的角色；请先声明，或改用已有的") \
    X(WRONG_NO_ROLE_NEAR, "no_role", \
      "there is no role called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的角色；是否应为 {1}？") \
    X(WRONG_NO_FACT, "no_fact", \
      "there is no fact called `{0}`; declare it, or name another", \
      "没有名为“{0}”的事实；请先声明，或改用已有的") \
    X(WRONG_NO_FACT_NEAR, "no_fact", \
      "there is no fact called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的事实；是否应为 {1}？") \
    X(WRONG_NO_CLOCK, "no_clock", \
      "there is no clock called `{0}`; declare it, or name another", \
      "没有名为“{0}”的期限；请先声明，或改用已有的") \
    X(WRONG_NO_CLOCK_NEAR, "no_clock", \
      "there is no clock called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的期限；是否应为 {1}？") \
    X(WRONG_NO_STAGE, "no_stage", \
      "there is no stage called `{0}`; declare it, or name another", \
      "没有名为“{0}”的阶段；请先声明，或改用已有的") \
    X(WRONG_NO_STAGE_NEAR, "no_stage", \
      "there is no stage called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的阶段；是否应为 {1}？") \
    X(WRONG_NO_PLAN, "no_plan", \
      "there is no plan called `{0}`; declare it, or name another", \
      "没有名为“{0}”的方案；请先声明，或改用已有的") \
    X(WRONG_NO_PLAN_NEAR, "no_plan", \
      "there is no plan called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的方案；是否应为 {1}？") \
    X(WRONG_NO_REGISTER, "no_register", \
      "there is no register called `{0}`; declare it, or name another", \
      "没有名为“{0}”的登记表；请先声明，或改用已有的") \
    X(WRONG_NO_REGISTER_NEAR, "no_register", \
      "there is no register called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的登记表；是否应为 {1}？") \
    X(WRONG_NO_GROUND, "no_ground", \
      "there is no ground for that in the clock's `pause` called `{0}`; declare it, or " \
      "name another", \
      "没有名为“{0}”的该期限 pause 中的理由；请先声明，或改用已有的") \
    X(WRONG_NO_GROUND_NEAR, "no_ground", \
      "there is no ground for that in the clock's `pause` called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的该期限 pause 中的理由；是否应为 {1}？") \
    X(WRONG_NO_OWN_EVENT, "no_event", \
      "there is no event of the daemon called `{0}`; declare it, or name another", \
      "没有名为“{0}”的系统事件；请先声明，或改用已有的") \
    X(WRONG_NO_OWN_EVENT_NEAR, "no_event", \
      "there is no event of the daemon called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的系统事件；是否应为 {1}？") \
    X(WRONG_NO_NEED, "no_need", \
      "no need called `{0}` stands under the top `needs`; write `that`, or declare it there", \
      "顶层 needs 中没有“{0}”；请写 that，或在顶层声明") \
    X(WRONG_NO_TEMPLATE, "no_template", \
      "the notice `{0}` has no template in {1}; write config/notices/{0}.{1}.txt", \
      "通知“{0}”缺少 {1} 模板；请编写 config/notices/{0}.{1}.txt") \
    X(WRONG_RESERVED, "name_reserved", \
      "`{0}` is a word of the language; choose another name", \
      "“{0}”是语言的保留词；请另取名称") \
    X(WRONG_MANY, "limit", \
      "`{0}` holds more than {1}; divide it", \
      "“{0}”超过 {1} 项；请拆分")

/* Of roles, facts and what is declared with them. */
#define WRONGS_OF_BASE(X) \
    X(WRONG_VERSION, "version_zero", \
      "a version is numbered from 1", \
      "版本号自 1 起") \
    X(WRONG_FACT_TYPE, "fact_type", \
      "`{0}` is of type {1}; here a fact of type {2} is wanted", \
      "“{0}”的类型是 {1}；此处应为 {2} 类型的事实") \
    X(WRONG_REACH, "reach_inside", \
      "only an outside role has `{0}`; write `outside: true`, or take it out", \
      "只有外部角色可写 {0}；请加 outside: true，或删去") \
    X(WRONG_NO_TYPE, "fact_untyped", \
      "the fact `{0}` has no type; write `type`, or `choice` with its values", \
      "事实“{0}”没有类型；请写 type，或写 choice 及其取值") \
    X(WRONG_NO_CHOICE, "fact_choice", \
      "a {1} has values; write `choice: [a, b]` for `{0}`", \
      "{1} 类型须有取值；请为“{0}”写 choice: [a, b]") \
    X(WRONG_CHOICE, "fact_choice", \
      "only a choice or a set has values; take `choice` out of `{0}`, or change its type", \
      "只有 choice 和 set 类型有取值；请删去“{0}”的 choice，或改类型") \
    X(WRONG_CHOICE_TWICE, "choice_twice", \
      "`{0}` is among the values twice; take one out", \
      "取值“{0}”重复；请删去其一") \
    X(WRONG_REGISTERED, "register_type", \
      "only a text or a choice can be a key of a register; `{0}` is of type {1}", \
      "只有 text 或 choice 可作登记表的键；“{0}”的类型是 {1}") \
    X(WRONG_PRIVATE, "fact_private", \
      "`{0}` is private, so it is sealed and nothing here can read it; use another fact, or " \
      "keep what is needed here as one that is not private", \
      "“{0}”是隐私事实，已加密封存，此处无法读取；请改用其他事实，或把此处所需另设为非隐私事实") \
    X(WRONG_DEFINE_FACT, "define_fact", \
      "`{0}` is a fact too; give the condition another name", \
      "“{0}”也是事实的名称；请给条件另取名称") \
    X(WRONG_APART, "apart_one", \
      "two roles or more can be kept apart; name another", \
      "至少两个角色才谈得上不得兼任；请再写一个")

/* Of clocks. */
#define WRONGS_OF_CLOCKS(X) \
    X(WRONG_NO_SPAN, "clock_length", \
      "the clock `{0}` has no end; write `length`, `until`, `before` with `length`, or " \
      "`accrues`", \
      "期限“{0}”没有终点；请写 length、until、before 加 length，或 accrues") \
    X(WRONG_SPANS, "clock_lengths", \
      "`{0}` and `{1}` do not go together; take one out", \
      "{0} 与 {1} 不能同时写；请删去其一") \
    X(WRONG_BEFORE_LENGTH, "clock_before", \
      "a clock that counts back has a length in d or wd; write `length: 7wd`", \
      "倒计的期限须以 d 或 wd 写明长度；请写 length: 7wd") \
    X(WRONG_NOT_HERE, "clock_key", \
      "a clock with `{1}` has no `{0}`; take it out", \
      "有 {1} 的期限不能有 {0}；请删去") \
    X(WRONG_LADDER, "clock_ladder", \
      "the end of a window or an accrual is no breach; take `ladder` out, or write " \
      "`remind` with `at: due`", \
      "window 与累计期限届满并非违期；请删去 ladder，或在 remind 中写 at: due") \
    X(WRONG_GRACE, "clock_grace", \
      "a grace is whole days; write it in d or wd", \
      "grace 以整日计；请用 d 或 wd") \
    X(WRONG_RECURS, "clock_recurs", \
      "a clock that recurs has a length in days, or dates of the year: until: --12-31", \
      "循环的期限须以日计，或写每年的日期：until: --12-31") \
    X(WRONG_ZERO, "length_zero", \
      "`{0}` must be longer than nothing", \
      "“{0}”必须大于零") \
    X(WRONG_PERCENT, "percent", \
      "`{0}` must be from 1 to {1}", \
      "“{0}”应在 1 至 {1} 之间") \
    X(WRONG_REMIND, "entry_late", \
      "a reminder lies before the end: -3wd, 0d or due; what comes after is a rung of " \
      "`ladder`", \
      "提醒应在届满之前：-3wd、0d 或 due；之后的请写入 ladder") \
    X(WRONG_RUNG, "entry_early", \
      "a rung lies after the end: +1wd or due; what comes before stands under `remind`", \
      "督办层级应在届满之后：+1wd 或 due；之前的请写入 remind") \
    X(WRONG_OFFSET, "entry_unit", \
      "`{0}` does not fit the clock's length; exact lengths have offsets in h or min, days " \
      "in d or wd", \
      "“{0}”与期限的单位不合；小时期限用 h 或 min，按日的期限用 d 或 wd") \
    X(WRONG_SLOTS, "entry_many", \
      "reminders and rungs times their receivers are more than {0}; take some out", \
      "提醒与督办的接收者合计超过 {0}；请减少") \
    X(WRONG_UPTO, "extend_unit", \
      "`{0}` cannot be added to the clock's length; exact goes with exact, days with days", \
      "“{0}”不能加到该期限上；小时与小时、日与日相加")

/* Of rules and stages. */
#define WRONGS_OF_RULES(X) \
    X(WRONG_NO_STAGES, "no_stages", \
      "a procedure has stages; write `stages`", \
      "程序必须有阶段；请写 stages") \
    X(WRONG_NO_OPENS, "no_opens", \
      "nothing opens a case; write `opens`, or `layer: true`", \
      "没有立案的事件；请写 opens，或 layer: true") \
    X(WRONG_OPENS_TO, "opens_to", \
      "an event that opens a case leads somewhere; write `to`", \
      "立案事件必须进入某阶段；请写 to") \
    X(WRONG_OPENS, "opens_event", \
      "`{0}` cannot open a case, for it is about one that is open", \
      "“{0}”不能立案，它只能发生在已立的案件上") \
    X(WRONG_IN, "rule_in", \
      "`in` stands under `anytime` only; take it out", \
      "in 只能用于 anytime；请删去") \
    X(WRONG_OWN_KEY, "own_event", \
      "nobody sends `{1}`, so it has no `{0}`; take it out", \
      "“{1}”由系统产生，不能有 {0}；请删去") \
    X(WRONG_OWN_KIND, "own_kind", \
      "the end of `{0}` is called `{1}`", \
      "期限“{0}”届满的事件是 {1}") \
    X(WRONG_TAKES, "takes_twice", \
      "`{0}` is in `takes` already; take it out of `may_take`", \
      "“{0}”已在 takes 中；请从 may_take 删去") \
    X(WRONG_UNSET, "unset_kept", \
      "`{0}` is brought or set by the same rule; take it out of `unset`", \
      "“{0}”由同一规则携带或设定；请从 unset 删去") \
    X(WRONG_WAIT, "wait_long", \
      "`{0}` is no wait; write 30d at most, in d, h or min", \
      "“{0}”不能作为等待时间；最多 30d，以 d、h 或 min 计") \
    X(WRONG_GROUP_STAGE, "group_stage", \
      "`{0}` is a stage too; give the group another name", \
      "“{0}”也是阶段的名称；请给阶段组另取名称") \
    X(WRONG_READS, "need_reads", \
      "`{0}` is what this event brings, and here the fact from before is read; write " \
      "event.{0}", \
      "“{0}”由本事件携带，此处读的是之前的事实；请写 event.{0}") \
    X(WRONG_ASSIGNS, "assigns_role", \
      "`{0}` is not bound per case; write `assigned: true` at the role", \
      "“{0}”不是逐案指定的角色；请在角色处写 assigned: true") \
    X(WRONG_NO_PAUSE, "clock_no_pause", \
      "the clock `{0}` is never paused; give it `pause` with its grounds", \
      "期限“{0}”不可中止；请为其写 pause 及理由") \
    X(WRONG_NO_EXTEND, "clock_no_extend", \
      "the clock `{0}` is never extended; give it `extend`", \
      "期限“{0}”不可延长；请为其写 extend") \
    X(WRONG_MEET, "meet_type", \
      "a clock is met at a date or an instant; this is of type {0}", \
      "履行时间应为 date 或 instant；此处类型是 {0}") \
    X(WRONG_OUTLIVES, "outlives_final", \
      "only a final stage has `outlives`; write `final`, or take it out", \
      "只有终结阶段可写 outlives；请写 final，或删去") \
    X(WRONG_FINAL_LEAVES, "final_leaves", \
      "a final stage leads to final ones only; `{0}` is not", \
      "终结阶段只能进入终结阶段；“{0}”不是")

/* Of agencies, people and registers. */
#define WRONGS_OF_INSTALLED(X) \
    X(WRONG_NO_AGENCY, "no_agency", \
      "there is no agency called `{0}`; declare it, or name another", \
      "没有名为“{0}”的机关；请先声明，或改用已有的") \
    X(WRONG_NO_AGENCY_NEAR, "no_agency", \
      "there is no agency called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的机关；是否应为 {1}？") \
    X(WRONG_NO_PERSON, "no_person", \
      "there is no person called `{0}`; declare it, or name another", \
      "没有名为“{0}”的人员；请先声明，或改用已有的") \
    X(WRONG_NO_PERSON_NEAR, "no_person", \
      "there is no person called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的人员；是否应为 {1}？") \
    X(WRONG_NO_CALENDAR, "no_calendar", \
      "there is no calendar called `{0}`; install config/calendars/{0}.csv", \
      "没有名为“{0}”的日历；请安装 config/calendars/{0}.csv") \
    X(WRONG_ZONE, "no_zone", \
      "the zone `{0}` is not known; write Asia/Shanghai", \
      "不认识时区“{0}”；请写 Asia/Shanghai") \
    X(WRONG_PARENT_LOOP, "agency_loop", \
      "`{0}` stands above itself; correct its `parent`", \
      "“{0}”成了自己的上级；请改正 parent") \
    X(WRONG_SPAN, "span_backwards", \
      "this ends on {1}, before it begins on {0}", \
      "截止日 {1} 早于起始日 {0}") \
    X(WRONG_SELF_DEPUTY, "deputy_self", \
      "nobody is his own deputy; name another person", \
      "不能由本人代理；请另写一人") \
    X(WRONG_NO_CHANNEL, "no_channel", \
      "there is no channel called `{0}`; declare it in channels.yaml, or name another", \
      "没有名为“{0}”的渠道；请在 channels.yaml 中声明，或改用已有的") \
    X(WRONG_NO_CHANNEL_NEAR, "no_channel", \
      "there is no channel called `{0}`; did you mean `{1}`?", \
      "没有名为“{0}”的渠道；是否应为 {1}？") \
    X(WRONG_SPAN_EXACT, "span_exact", \
      "`{0}` must be a length in minutes or hours, at most 24h, as in 2min", \
      "“{0}”应为以分钟或小时表示的时长，最长 24h，如 2min") \
    X(WRONG_CHANNEL_NUMBER, "channel_number", \
      "`{0}` is out of bounds; write a number from 1 to 1000000", \
      "“{0}”超出范围；请写 1 至 1000000 的数") \
    X(WRONG_CHANNEL_NAME, "channel_name", \
      "the name `{0}` is too long; 16 letters at most", \
      "名称“{0}”过长；最多 16 个字符") \
    X(WRONG_ADDRESS, "bad_address", \
      "`{0}` is no {1}: a phone number has 5 to 20 digits and may begin with +, a mail " \
      "address is name@host", \
      "“{0}”不是有效的 {1}：手机号为 5 至 20 位数字，可以 + 开头；邮箱为 名称@主机") \
    X(WRONG_COLUMN, "register_column", \
      "`{0}` is no column; write name or name:type, as in max_fine:money", \
      "“{0}”不是列；应写“名称”或“名称:类型”，如 max_fine:money") \
    X(WRONG_COLUMN_TWICE, "register_column_twice", \
      "the column `{0}` stands twice; take one out", \
      "列“{0}”重复；请删去其一") \
    X(WRONG_COLUMN_KEY, "register_key", \
      "the first column is the key, a text; take its type out", \
      "第一列是键，类型为文字；请删去其类型") \
    X(WRONG_FIELDS, "register_fields", \
      "the row has {0} fields, the head has {1}", \
      "该行有 {0} 个字段，表头有 {1} 个") \
    X(WRONG_CELL, "register_cell", \
      "`{0}` is no {1}", \
      "“{0}”不是 {1}") \
    X(WRONG_ROW_TWICE, "register_twice", \
      "`{0}` is in force twice on one day; it already stands in line {1}", \
      "“{0}”在同一日有两行有效；第 {1} 行已经写过") \
    X(WRONG_EMPTY_KEY, "register_key_empty", \
      "the row has no key; write it in the first column", \
      "该行没有键；请写在第一列") \
    X(WRONG_EMPTY_REGISTER, "register_empty", \
      "a register begins with a head, as in code,level,max_fine:money", \
      "登记表应以表头开始，如 code,level,max_fine:money")

/* Of the words of notices. */
#define WRONGS_OF_WORDINGS(X) \
    X(WRONG_WORDING_PATH, "wording_path", \
      "`{0}` is no file of a notice's words; call it notices/NAME.zh.txt or NAME.en.txt", \
      "“{0}”不是通知文本文件；应命名为 notices/名称.zh.txt 或 名称.en.txt") \
    X(WRONG_WORDING_TEXT, "wording_text", \
      "the words are no UTF-8, or more than 16 kB; shorten them, or save them as UTF-8", \
      "通知文本不是 UTF-8，或超过 16 kB；请缩短，或存为 UTF-8") \
    X(WRONG_WORDING_CONTROL, "wording_control", \
      "a control character stands here; only line ends may", \
      "此处有控制字符；只能有换行") \
    X(WRONG_WORDING_SPLIT, "wording_split", \
      "no line `---` parts the brief form from the long one; write one", \
      "没有以一行 --- 分开短文本与长文本；请补上") \
    X(WRONG_WORDING_PART, "wording_part", \
      "the {0} is empty: above `---` stands the brief form, below it the subject, then the " \
      "body", \
      "缺少 {0}：--- 之上是短文本，之下第一行是标题，其后是正文") \
    X(WRONG_WORDING_BRIEF, "wording_brief", \
      "the brief form is longer than 1000 bytes; nobody reads that in an SMS", \
      "短文本超过 1000 字节；不宜作为短信") \
    X(WRONG_WORDING_NAME, "wording_name", \
      "`{0}` is no name of a value; write {{name}} in lower case letters, digits and _", \
      "“{0}”不是值的名称；请写 {{name}}，由小写字母、数字和 _ 组成")

#define WRONG_LIST(X) \
    WRONGS_OF_YAML(X) \
    WRONGS_OF_SCHEMA(X) \
    WRONGS_OF_LAYERS(X) \
    WRONGS_OF_NAMES(X) \
    WRONGS_OF_BASE(X) \
    WRONGS_OF_CLOCKS(X) \
    WRONGS_OF_RULES(X) \
    WRONGS_OF_INSTALLED(X) \
    WRONGS_OF_WORDINGS(X)
/* clang-format on */

#define WRONG_ENUM(name, code, en, zh) name,
enum wrong { WRONG_LIST(WRONG_ENUM) WRONG_COUNT };
#undef WRONG_ENUM

/* The words of it; the address is stable. */
const struct message *wrong_message(enum wrong wrong);

/* Tell it as an error about up to two things. */
void wrong_tell(struct problem_list *problems, enum wrong wrong, struct mark mark,
                struct text first, struct text second);

#endif
