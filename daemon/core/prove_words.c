#include "core/prove_words.h"

#include "core/prove.h"

const struct message proof_unreachable_stage = {
    .code = "unreachable_stage",
    .en = "no case can reach stage {0}; lead a rule to it, or take it out",
    .zh = "没有案件能够进入阶段“{0}”；应有规则通向它，否则删去",
};

const struct message proof_no_way_out = {
    .code = "no_way_out",
    .en = "no final stage can be reached from stage {0}; lead a rule on",
    .zh = "阶段“{0}”无法到达任何终局阶段；应有规则通向后续阶段",
};

const struct message proof_opens_nowhere = {
    .code = "opens_nowhere",
    .en = "{0} opens a case, but leads to no stage; its rule needs `to`",
    .zh = "立案事件“{0}”未指明进入哪个阶段；规则须有 `to`",
};

const struct message proof_asleep = {
    .code = "asleep",
    .en = "nothing wakes a case in stage {0} that came by {1}: no clock is surely live; "
          "start one, or give the stage `no_limit` with its reason",
    .zh = "经由 {1} 进入阶段“{0}”的案件无人督办：没有必然在计的期限；应起算期限，或以"
          " `no_limit` 写明理由",
};

const struct message proof_window_asleep = {
    .code = "window_asleep",
    .en = "when window {1} ends in stage {0}, it may be the last thing alive, and no "
          "rule takes its end ({2}); add a rule for clock.{1}.elapsed, or start another "
          "clock",
    .zh = "期间“{1}”在阶段“{0}”届满时可能已无其他期限在计，且没有规则受理其届满（{2}"
          "）；应为 clock.{1}.elapsed 设规则，或另行起算期限",
};

const struct message proof_taken_together = {
    .code = "taken_together",
    .en = "stage {0} can be reached in so many ways that they were taken together; what "
          "is told of it may be too strict",
    .zh = "进入阶段“{0}”的情形过多，已合并判断；对它的提示可能偏严",
};

const struct message proof_duty_unmet = {
    .code = "duty_unmet",
    .en = "duty {0} is started, but no rule meets or cancels it where it is live; add "
          "`meet`",
    .zh = "期限“{0}”会起算，但在其存续的阶段没有规则能使其履行或取消；应有规则 `meet`",
};

const struct message proof_never_closes = {
    .code = "never_closes",
    .en = "duty {0} outlives stage {1}, and no rule can meet it there: such a case never "
          "closes; add an event to the stage, or take it out of `outlives`",
    .zh = "期限“{0}”在终局阶段“{1}”仍存续，但没有规则能使其履行，案件将无法办结；应在"
          "该阶段增设事件，或从 `outlives` 中删去",
};

const struct message proof_window_untaken = {
    .code = "window_untaken",
    .en = "no rule takes the end of window {0}, and no condition asks for it; add a rule "
          "for clock.{0}.elapsed",
    .zh = "没有规则受理期间“{0}”的届满，也没有条件用到它；应为 clock.{0}.elapsed 设规则",
};

const struct message proof_no_receiver = {
    .code = "no_receiver",
    .en = "{0} is told to nobody; name a role in `to`",
    .zh = "“{0}”没有接收人；应在 `to` 中指明角色",
};

const struct message proof_no_hand = {
    .code = "no_hand",
    .en = "{0} goes to {1}, who is outside and may have no address, and nobody inside "
          "can hand it over; give the procedure an inside role",
    .zh = "“{0}”发给机构外的“{1}”，对方可能无地址，而机构内无人可转交；程序须有机构内"
          "角色",
};

const struct message proof_no_value = {
    .code = "no_value",
    .en =
        "the words of notice {0} use {1}, which is no value of every notice; declare it under "
        "`notices`, and as a fact",
    .zh = "通知“{0}”的文本用到“{1}”，它不是通用的值；应在 `notices` 中声明，并且是事实",
};

const struct message proof_private_brief = {
    .code = "private_brief",
    .en = "the brief words of notice {0} use {1}, which is private; nobody's SMS may carry it",
    .zh = "通知“{0}”的短文本用到不公开的“{1}”；任何短信都不得载有",
};

const struct message proof_left_out = {
    .code = "left_out",
    .en = "the brief words of notice {0} use {1}, which {2} is not told: a gap is left there; "
          "write a notice of its own",
    .zh = "通知“{0}”的短文本用到“{1}”，而“{2}”不得被告知：该处将留空；应另写通知",
};

const struct message proof_not_for = {
    .code = "not_for",
    .en =
        "the words of notice {0} use {1}, which {2} may not be told; write a notice of its own",
    .zh = "通知“{0}”的文本用到“{1}”，不得告知“{2}”；应另写通知",
};

const struct message proof_rule_impossible = {
    .code = "rule_impossible",
    .en = "this rule of {0} is never taken: its `when` cannot be true",
    .zh = "“{0}”的这条规则永远不会适用：其 `when` 不可能成立",
};

const struct message proof_rule_shadowed = {
    .code = "rule_shadowed",
    .en = "this rule of {0} is never taken: those before it take every case; put it "
          "before them, or narrow their `when`",
    .zh = "“{0}”的这条规则永远不会适用：前面的规则已涵盖所有情形；应移到前面，或收窄前"
          "面的 `when`",
};

const struct message proof_rule_never = {
    .code = "rule_never",
    .en = "this rule of {0} is never taken: no case in {1} has its clocks so",
    .zh = "“{0}”的这条规则永远不会适用：{1}中没有案件的期限处于该状态",
};

const struct message proof_rule_gap = {
    .code = "rule_gap",
    .en = "no rule of {0} takes it in stage {1} when {2}; the answer is then no_rule",
    .zh = "当 {2} 时，阶段“{1}”没有受理“{0}”的规则，将答复 no_rule",
};

const struct message proof_branch_impossible = {
    .code = "branch_impossible",
    .en = "branch {0} is never taken: its `when` cannot be true here",
    .zh = "去向“{0}”永远不会适用：其 `when` 在此不可能成立",
};

const struct message proof_branch_shadowed = {
    .code = "branch_shadowed",
    .en = "branch {0} is never taken: those before it take every case; put it before "
          "them, or narrow their `when`",
    .zh = "去向“{0}”永远不会适用：前面的去向已涵盖所有情形；应移到前面，或收窄前面的"
          " `when`",
};

const struct message proof_branch_never = {
    .code = "branch_never",
    .en = "branch {0} is never taken: no case in {1} has its clocks so",
    .zh = "去向“{0}”永远不会适用：{1}中没有案件的期限处于该状态",
};

const struct message proof_branch_gap = {
    .code = "branch_gap",
    .en = "no branch of {0} holds in stage {1} when {2}; let the last branch stand "
          "without `when`",
    .zh = "当 {2} 时，阶段“{1}”中“{0}”的各去向均不成立；最后一个去向不应带 `when`",
};

const struct message proof_not_total = {
    .code = "not_total",
    .en = "this `when` may be unknown at {0}, which nobody can answer: {1}; ask has() "
          "first",
    .zh = "在“{0}”时此 `when` 可能无法判断，而届时无人可补正：{1}；应先以 has() 判断",
};

const struct message proof_start_unset = {
    .code = "start_unset",
    .en = "clock {0} cannot start at {1} where {2} is unset, and it may be; set it "
          "before, or start the clock by an event that takes it",
    .zh = "在“{1}”时事实“{2}”可能未定，期限“{0}”将无法起算；应事先确定，或由载明该"
          "事实的事件起算",
};

const struct message proof_late_report = {
    .code = "late_report",
    .en = "once clock {0} is overdue and the case is in {1}, {2} that came in time is "
          "refused there; take it there too, or give the clock `grace`",
    .zh = "期限“{0}”逾期、案件转入阶段“{1}”后，按时发生而晚报的“{2}”将被拒绝；应在"
          "该阶段也受理，或为该期限设 `grace`",
};

const struct message proof_chain_outside = {
    .code = "chain_outside",
    .en = "{0} is outside the agency; `chain` names roles inside it",
    .zh = "“{0}”在机构之外；`chain` 只列机构内的角色",
};

const struct message proof_not_outliving = {
    .code = "not_outliving",
    .en = "clock {0} starts in the final stage {1}, but is not in its `outlives`; add it "
          "there",
    .zh = "期限“{0}”在终局阶段“{1}”起算，却不在其 `outlives` 之列；应列入",
};

const struct message proof_final_leads_back = {
    .code = "final_leads_back",
    .en = "this rule leads from the final stage {0} to {1}; from a final stage only "
          "another final one is reached",
    .zh = "此规则从终局阶段“{0}”通向“{1}”；终局阶段只能通向另一终局阶段",
};

const struct message proof_closed_at_once = {
    .code = "closed_at_once",
    .en = "stage {0} closes the case at once, so {1} is never taken; name in `outlives` "
          "what still runs, or take it out",
    .zh = "阶段“{0}”进入即办结，“{1}”永远不会被受理；应在 `outlives` 中列明仍在计的期"
          "限，否则删去",
};

const struct message proof_never_runs = {
    .code = "never_runs",
    .en = "clock {0} never runs: no rule starts it, or only where the case ends at once",
    .zh = "期限“{0}”从不计算：没有规则起算，或起算时案件随即终结",
};

const struct message proof_strict_law = {
    .code = "strict_law",
    .en = "{0} has no `law`; name its article",
    .zh = "“{0}”没有 `law`；应写明法条",
};

const struct message proof_strict_words = {
    .code = "strict_words",
    .en = "{0} has no words in {1}",
    .zh = "“{0}”缺少 {1} 名称",
};

const struct message proof_errand_no_procedure = {
    .code = "errand_no_procedure",
    .en = "{0} goes to procedure {1}, which is not there; name another, or install it with "
          "this one",
    .zh = "“{0}”涉及程序“{1}”，而没有该程序；应改用其他程序，或一并安装",
};

const struct message proof_errand_no_event = {
    .code = "errand_no_event",
    .en = "{0}: procedure {1} takes no event {2} so; name one that it takes",
    .zh = "“{0}”：程序“{1}”不如此受理事件“{2}”；应写其受理的事件",
};

const struct message proof_errand_no_role = {
    .code = "errand_no_role",
    .en = "{0}: procedure {1} has no role {2}; name one of its roles in `as`",
    .zh = "“{0}”：程序“{1}”没有角色“{2}”；`as` 应写其角色",
};

const struct message proof_errand_nobody = {
    .code = "errand_nobody",
    .en = "{0}: nobody acts here, so in {1} no inside role like {2} can; give that procedure "
          "an outside role for it",
    .zh =
        "“{0}”：此处无人办理，故在“{1}”中不能以“{2}”这样的内部角色办理；应在该程序中设外部角色",
};

const struct message proof_errand_no_fact = {
    .code = "errand_no_fact",
    .en = "{0}: procedure {1} has no fact {2}; take it out of `set`, or name another",
    .zh = "“{0}”：程序“{1}”没有事实“{2}”；应从 `set` 删去或改名",
};

const struct message proof_errand_type = {
    .code = "errand_type",
    .en = "{0}: what `set` hands over as {1} is no {2} there",
    .zh = "“{0}”：`set` 移交的“{1}”在对方不是 {2}",
};

const struct message proof_errand_private = {
    .code = "errand_private",
    .en = "{0}: {2} is private here, and not in procedure {1}; make it private there",
    .zh = "“{0}”：“{2}”在此保密，而在程序“{1}”中不保密；应在该程序中设为 private",
};

const struct message proof_errand_no_rule = {
    .code = "errand_no_rule",
    .en = "{0}: no rule for {1} takes just what is brought: look at {2}",
    .zh = "“{0}”：没有规则恰好受理“{1}”所携带的内容：请核对“{2}”",
};

const struct message proof_errand_round = {
    .code = "errand_round",
    .en = "{0} may cause {1} again, or more than eight events in a row; break the circle",
    .zh = "“{0}”可能再次引起“{1}”，或连续引起八个以上事件；应断开循环",
};

const struct message proof_too_many = {
    .code = "too_many",
    .en = "{0} has too many possibilities to look at them all; {1} was not proved",
    .zh = "“{0}”的可能情形过多，未能逐一判断；{1}未经证明",
};

const struct message proof_too_large = {
    .code = "too_large",
    .en = "the procedure is too large to be proved; nothing may rest on it",
    .zh = "程序过大，无法证明；不得据以办案",
};

const struct message proof_no_room = {
    .code = "no_room",
    .en = "there was no memory left to prove the procedure",
    .zh = "内存不足，未能证明程序",
};

const struct message *const *prove_messages(uint32_t *count)
{
    static const struct message *const all[] = {
        &proof_unreachable_stage,
        &proof_no_way_out,
        &proof_opens_nowhere,
        &proof_asleep,
        &proof_window_asleep,
        &proof_taken_together,
        &proof_duty_unmet,
        &proof_never_closes,
        &proof_window_untaken,
        &proof_no_receiver,
        &proof_no_hand,
        &proof_no_value,
        &proof_private_brief,
        &proof_not_for,
        &proof_left_out,
        &proof_rule_impossible,
        &proof_rule_shadowed,
        &proof_rule_never,
        &proof_rule_gap,
        &proof_branch_impossible,
        &proof_branch_shadowed,
        &proof_branch_never,
        &proof_branch_gap,
        &proof_not_total,
        &proof_start_unset,
        &proof_late_report,
        &proof_chain_outside,
        &proof_not_outliving,
        &proof_final_leads_back,
        &proof_closed_at_once,
        &proof_never_runs,
        &proof_strict_law,
        &proof_strict_words,
        &proof_too_many,
        &proof_too_large,
        &proof_no_room,
        &proof_errand_no_procedure,
        &proof_errand_no_event,
        &proof_errand_no_role,
        &proof_errand_nobody,
        &proof_errand_no_fact,
        &proof_errand_type,
        &proof_errand_private,
        &proof_errand_no_rule,
        &proof_errand_round,
    };

    *count = sizeof(all) / sizeof(all[0]);
    return all;
}
