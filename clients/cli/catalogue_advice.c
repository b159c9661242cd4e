#include "cli/catalogue.h"

const struct advice catalogue_advice[] = {
    {"no_rule",
     "The case is in a stage where nobody waits for this event. See where it stands (duban why "
     "CASE) and what its stage takes (duban procedure graph FILE). If the event is only early, "
     "send it with a time to wait.",
     "案件当前所处的阶段不受理此事件。请看案件现状（duban why 案号）和该阶段受理什么（duban "
     "procedure graph 文件）。若只是到得早，发送时可指定等待时间。"},
    {"not_opening",
     "Open the case with an event that does (duban procedure show FILE), or leave --procedure "
     "out where the case is open already.",
     "请以立案事件立案（见 duban procedure show 文件）；案件已立的，不写 --procedure。"},
    {"closed",
     "Of a closed case only notes, corrections and evidence of delivery are taken. What "
     "follows "
     "is a new case that supersedes it.",
     "办结后的案件只接受记录、更正和送达回证；后续事项应另立新案并注明取代本案。"},
    {"unknown",
     "A condition asks for facts that nobody has recorded yet, and unknown is never taken for "
     "no. Record the facts named, then send the event again.",
     "条件所问的事实尚未记录，而“未知”不等于“否”。请先记录所列事实，再重新发送。"},
    {"by", "Another role has to do this; duban procedure show FILE says who may.",
     "此事应由其他角色办理；duban procedure show 文件 可查由谁办理。"},
    {"no_actor", "Say who does it and in which role: duban send … --by PERSON/ROLE.",
     "请写明由谁、以何角色办理：duban send … --by 人员/角色。"},
    {"daemons_own",
     "The end of a limit happens by itself when its day has passed; send what people did "
     "instead.",
     "期限届满由系统到期自行产生；请报送人员实际办理的事项。"},
    {"no_unit",
     "A case is opened for a unit that somebody serves in. The units stand with the roles in "
     "people.yaml: duban send … --unit UNIT.",
     "立案的承办机构须有人任职；承办机构见 people.yaml 中各人的任职：duban send … --unit "
     "承办机构。"},
    {"no_case",
     "Look for it by what you know of it (duban find). To open it, say by which procedure: "
     "duban send AGENCY/CASE EVENT --procedure NAME --unit UNIT. If its opening event is only "
     "late, let this one wait: --wait 2d.",
     "请按已知情况查找（duban find）。要立案，请写明程序：duban send 机构/案号 事件 "
     "--procedure "
     "名称 --unit 承办机构。立案事件只是晚到的，可让本事件等待：--wait 2d。"},
    {"exists",
     "The case is open already: send its next event without --procedure, or open another case "
     "under a number of its own.",
     "案件已存在：后续事件不写 --procedure；另一案件请另用案号。"},
    {"no_agency", "The agencies stand in agencies.yaml: duban send … --agency AGENCY.",
     "机构见 agencies.yaml：duban send … --agency 机构。"},
    {"not_opened", "What an agency may open stands in agencies.yaml (opens).",
     "机构可立哪些程序的案件，见 agencies.yaml 的 opens。"},
    {"order",
     "What is said to have happened lies before what the file has. See the clock's life (duban "
     "why CASE); if the file is wrong, put it right first: duban correct.",
     "所报时间早于案卷已记载的事项。请查看期限经过（duban why "
     "案号）；案卷有误的，先更正：duban "
     "correct。"},
    {"not_live", "The clock has ended, or never began: duban why CASE tells when and why.",
     "该期限已结束或从未起算：duban why 案号 可查时间和原因。"},
    {"needs", "The law wants something first; duban why CASE names what is missing.",
     "依法须先具备条件；duban why 案号 列出所缺事项。"},
    {"no_approver",
     "Whoever approves must hold an office in the case's agency, or one above it, on that day: "
     "see people.yaml, and name the person's id (--approver li).",
     "批准人当日须在本机构或上级机构任职：见 people.yaml，并写其编号（--approver li）。"},
    {"own_approval", "Let somebody else approve it, as a superior would on paper.",
     "请由他人批准，如同纸面审批。"},
    {"no_change", "See what stands on the file: duban why CASE, duban log CASE.",
     "请先核对案卷：duban why 案号，duban log 案号。"},
    {"full",
     "Nothing is lost: what the store has left is kept for deadlines. Make room, then send it "
     "again.",
     "没有丢失任何内容：余量留给到期事项。腾出空间后重新发送。"},
    {"not_holder",
     "The person must hold the role on the day the event occurred: assigned to the case, or in "
     "its unit or agency, or as a deputy. Who holds what stands in people.yaml: mend it there "
     "(role, unit, days, deputies) and duban install, or bind with case.assigned.",
     "该人员在事件发生当日须担任此角色：被指定承办本案，或在其承办机构、机关任此职，或为代理人"
     "。"
     "任职见 people.yaml：在其中更正（角色、承办机构、起止日期、代理人）后 duban install，"
     "或用 case.assigned 指定。"},
    {"apart",
     "The law wants two different persons in these roles of one case. Let somebody else act; a "
     "deputy counts as himself.",
     "法律要求本案中这些角色由不同的人担任。请改由他人办理；代理人按其本人计。"},
    {"takes", "Send the event again with the facts named.", "请补齐所列事实后重新发送。"},
    {"not_taken",
     "An event may carry only what its rule takes or may take. Leave the fact out, or change "
     "the "
     "procedure.",
     "事件只能载有规则所列的事实。请去掉该项，或修改程序。"},
    {"bad_value",
     "Dates are 2026-05-31, money has two decimals (1000.00) or none, lengths are 10d or 5wd, "
     "choices are one of their words.",
     "日期写作 2026-05-31；金额带两位小数（1000.00）或不带；期间写作 "
     "10d、5wd；单选须为所列之一。"},
    {"not_in_register",
     "The key must stand in the register and be in force on that day. Install the newer "
     "register, or mend the key.",
     "该值须在名录中，且当日有效。请安装新名录，或更正该值。"},
    {"documents", "Attach the document named (duban send … --document KIND=FILE).",
     "请附上所列文书（duban send … --document 种类=文件）。"},
    {"backdate",
     "What occurred longer ago than the procedure allows to report is put right by an approved "
     "correction: duban correct. A case that began long before duban did is imported with its "
     "history: duban import.",
     "超过程序允许的补报期限，须经批准更正：duban correct。启用本系统前已开始的案件，连同经过一"
     "并导入：duban import。"},
    {"future",
     "Nothing can have occurred more than two minutes from now. Is the sender's clock right?",
     "发生时间不得晚于当前两分钟以上。请检查发送方的时钟。"},
    {"clock_live",
     "The clock runs already. To begin anew a rule must cancel it first; where several run "
     "side "
     "by side it needs `per`.",
     "该期限已在计算。要重新起算，规则须先撤销它；须分别计算的，应写 per。"},
    {"after_due",
     "The limit has passed; what is late is late. If the act itself was in time, send it with "
     "the time it occurred.",
     "期限已过。若行为本身在期限内发生，请按其发生时间报送。"},
    {"too_long", "Extend by less, or use the next extension the clock knows.",
     "请缩短延长时间，或使用该期限的下一次延长。"},
    {"no_branch",
     "The procedure has a gap: none of the rule's ways out holds for these facts. duban "
     "procedure check finds such gaps.",
     "程序有漏洞：按现有事实，规则的各去向均不成立。duban procedure check 可以找出。"},
    {"limit", "The case has grown beyond what one case may hold; nothing was done.",
     "本案已超出单个案件的容量；此事件未生效。"},
    {"stranded",
     "The event would leave the case without any clock, in a stage that has to have one. A "
     "rule "
     "should start a clock, or the stage should say no_limit and why.",
     "此事件会使案件停在没有期限的阶段。规则应起算一个期限，或在阶段写明 no_limit 及理由。"},
    {"id_reused",
     "Each event of a source has an id of its own, for ever; the same id with the same content "
     "is taken as sent again.",
     "同一来源的每个事件须有各自的编号；编号和内容都相同的，视为重复发送。"},
    {"no_procedure",
     "No version was in force on that day: see `from` with duban procedure list, and install "
     "one.",
     "当日没有生效的版本：用 duban procedure list 查看适用起始，并安装相应版本。"},
    {"asleep",
     "Every case must have a next moment, so that nobody can forget it. Start a clock on the "
     "way "
     "into the stage, or in its `enter`; or say `no_limit` with the reason why none runs.",
     "每个案件都须有下一时点，才不会被遗忘。请在进入该阶段的规则或其 enter 中起算期限；或写明 "
     "no_limit 及理由。"},
    {"duty_unmet",
     "A duty that nobody can fulfil always ends overdue. Name it in the `meet` of the event "
     "that "
     "fulfils it.",
     "无人能够完成的义务必然逾期。请在完成它的事件中写 meet。"},
    {"branch_gap", "Let the last branch stand without `when`; then some way out always holds.",
     "最后一个去向不写 when，就总有去向成立。"},
    {"not_total",
     "Nobody can be asked at a moment of the daemon's own, so the condition must be "
     "answerable: "
     "`has(x) && x`.",
     "到期由系统自行处理，无人可问，条件必须总能判断：has(x) && x。"},
};

const uint32_t catalogue_advice_count = sizeof(catalogue_advice) / sizeof(catalogue_advice[0]);
