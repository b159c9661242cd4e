#ifndef DUBAN_CORE_TURN_H
#define DUBAN_CORE_TURN_H

/*
 * One step in the making, shared by the files that make it: judge.c (may it?), act.c, start.c
 * and verbs.c (what it does), standing.c, correct.c, fire.c (moments). Nobody else includes
 * this.
 */
#include "core/step.h"
#include "core/track.h"

struct turn {
    const struct step *step;
    const struct procedure *procedure;
    const struct event *event; /* NULL while a moment fires */
    struct arena *arena;
    struct outcome *outcome;
    struct case_state *state;      /* &outcome->after: moved in place, given up as a whole */
    const struct case_state *seen; /* what guards read: the state; the one before, of needs */
    struct track track;

    enum event_family family;
    uint16_t event_index; /* NO_INDEX: a standing event the procedure does not name */
    int64_t received_ms;  /* when the event came: now, but for one that waited */
    int64_t occurred_ms;  /* the daemon's own event: so that its date is the clock's last day */
    int64_t start_ms;     /* what clocks start from: the event's instant, or the due instant */
    int32_t day0;  /* … and their day 0: the event's date, or the ended clock's last day */
    bool own;      /* the daemon's own event: never refused */
    bool entering; /* acting on a stage's `enter`: never refused either */

    struct fact_mask carried_mask; /* what the event carries, typed */
    struct value *carried;         /* by fact */

    int64_t at_ms; /* a moment: its instant; else now */

    uint64_t ended;      /* clocks of which a run ended */
    bool overflowed;     /* more came of it than there is room to tell */
    struct reason *told; /* the refusal just told; NULL where it was not kept */
};

/* derive.c: derive one live instance anew, and arm it as it then is; whether anything moved. */
bool turn_derive(struct turn *turn, struct instance *instance);

/* step.c: copy the case and make room. False: the arena is spent. */
bool turn_begin(struct turn *turn, const struct step *step, struct arena *arena,
                struct outcome *outcome);

/* turn.c: what every part of a step needs. */
void turn_refuse(struct turn *turn, const struct message *message, const struct label *label,
                 struct text argument);
/* The same about a clock. */
void turn_refuse_clock(struct turn *turn, const struct message *message, uint16_t clock);
/* Add an argument to the refusal just told. */
void turn_argument(struct turn *turn, uint32_t index, struct text argument);
/* A refusal with a code of the procedure's (a need's name). */
void turn_refuse_need(struct turn *turn, const struct need *need);
struct effect *turn_effect(struct turn *turn, enum effect_kind kind);
struct effect *turn_clock_effect(struct turn *turn, enum effect_kind kind,
                                 const struct instance *instance);
void turn_nothing(struct turn *turn, const struct message *message, uint16_t clock);
bool turn_refused(const struct turn *turn);
void turn_defect(struct turn *turn, const struct need *need);
/* Tell the roles of a notify. */
void turn_notify(struct turn *turn, const struct notify *notify);
/* Whether an outside receiver has an address and has consented; inside ones always. */
bool turn_reaches(const struct turn *turn, uint16_t role);
/* The value an event carries for a fact, or the case's; not known where neither has one. */
const struct value *turn_value(const struct turn *turn, uint16_t fact);
/* What the event carries under a name, as text; empty where it carries nothing. */
struct text turn_carried(const struct turn *turn, struct text name);
bool turn_carries(const struct turn *turn, struct text name);
/* Refuse an event that does not carry something under a name. */
void turn_want(struct turn *turn, struct text name);
/* The value that tells a clock's instances apart in this event; not known without `per`. */
struct value turn_per(const struct turn *turn, uint16_t clock);
/* The same as the event itself carries it; else not known. */
struct value turn_event_per(const struct turn *turn, uint16_t clock);
/* The instance that a rule means: that of the event's value, else the newest; NULL: none. */
struct instance *turn_instance(const struct turn *turn, uint16_t clock);
/* Whether a list "wang,zhao" names a person. */
bool turn_names(struct text persons, struct text person);
/* Several names as one argument of a reason, in the step's arena. */
struct text turn_list(const struct turn *turn, const struct text *names, uint32_t count);
/* A length as it is written, in the step's arena. */
struct text turn_length(struct turn *turn, struct length length);
/* Split a list of persons "wang,zhao": the next one, cut off the front of *rest. */
struct text turn_next_person(struct text *rest);

/* view.c: guards read the case through the turn. */
struct reading turn_reading(const struct turn *turn);
struct value turn_evaluate(const struct turn *turn, const struct guard *guard);
enum truth turn_judge(const struct turn *turn, const struct guard *guard);
/* Name the facts (and other names) that made a guard unknown, in a refusal `unknown`. */
void turn_refuse_unknown(struct turn *turn, const struct guard *guard);

/* named.c: what a standing event speaks of, by its fixed names. */
bool named_takes(const struct turn *turn, struct text name);
/* Evidence of what left may come from anybody the wire lets in; of an errand it comes from the
 * daemon. */
bool named_needs_actor(const struct turn *turn);
/* The clock, or NO_INDEX; its instance, or NULL; the fact that `facts.x` names, or NO_INDEX. */
uint16_t named_clock(const struct turn *turn);
struct instance *named_instance(const struct turn *turn);
uint16_t named_fact(const struct turn *turn, struct text name);

/* judge.c */
/* Type what the event carries; refuses what cannot be read. */
void judge_carried(struct turn *turn);
/* The value of a carried fact, sealed or not; false where it is none of the fact's. */
bool turn_read(const struct turn *turn, const struct fact *fact, const struct carried *carried,
               struct value *value);
/* Choose the rule: outcome->rule, or VERDICT_NO_RULE, or a refusal `unknown`. */
void judge_choose(struct turn *turn, const struct offer *stage, const struct offer *anytime);
/* All that may stand against it but for who acts: time, takes, documents, needs; every failure
 * a reason. */
void judge_rule(struct turn *turn, const struct rule *rule);
/* Who acts: the role must be in `by` (0: any inside role), and every person hold it. */
void judge_actors(struct turn *turn, uint64_t by, const struct label *label);
void judge_time(struct turn *turn, struct length backdate);
/* What an extension needs, of the case before the event like all needs. */
bool judge_extension(struct turn *turn, const struct extend *extend);
/* What the extensions need that the event, or its rule, would use. */
void judge_extensions(struct turn *turn, const struct rule *rule);
/* Every need that does not hold is told; true: all do. */
bool judge_needs(struct turn *turn, const struct need *needs, uint32_t count);
/* Whether these persons ("wang,zhao") may be bound to a role, also beside those who act or are
 * bound by the same event. */
void judge_assigned(struct turn *turn, uint16_t role, struct text persons);
/* Where the case looks for a role. */
uint16_t turn_agency(const struct turn *turn);
struct post turn_post(const struct turn *turn, uint16_t role);

/* act.c */
/* Leave a defect for each warning that does not hold. */
void act_warnings(struct turn *turn, const struct rule *rule);
/* Do what a rule says, in the order of the language. */
void act_rule(struct turn *turn, const struct rule *rule);
void act_enter(struct turn *turn, uint16_t stage);
/* errand.c: make the events that a rule has for other cases. */
void act_errands(struct turn *turn, const struct rule *rule);
/* One of them came to nothing: a defect stays on the case. */
void act_untold(struct turn *turn);
/* Cancel every live clock but those that outlive the stage. */
void act_leave_behind(struct turn *turn, uint64_t outlives);
/* Remember who acted in which role. */
void act_participants(struct turn *turn);
void act_assign(struct turn *turn, uint16_t role, struct text persons);
/* After everything: until and lead clocks whose date moved, the next moment, the phase. */
void act_settle(struct turn *turn);
/* Whether it waits for nothing where it may not. */
bool act_is_asleep(const struct turn *turn);

/* start.c, verbs.c */
void verb_cancel(struct turn *turn, uint16_t clock);
void verb_start(struct turn *turn, uint16_t clock);
/* Clocks that recur and have ended begin anew. */
void verb_renew(struct turn *turn);
void verb_resume(struct turn *turn, struct instance *instance, uint16_t clock, uint16_t ground);
/* `asked`: the event asks for just this, and is refused where it comes after the due. */
void verb_pause(struct turn *turn, struct instance *instance, uint16_t clock, uint16_t ground,
                bool asked);
void verb_extend(struct turn *turn, struct instance *instance, uint16_t clock,
                 const struct value *length);
void verb_meet(struct turn *turn, uint16_t clock, const struct value *at);
/* How many of the clock's extensions an instance has used; they are used in order. */
uint32_t verb_extensions_used(const struct turn *turn, const struct instance *instance);
void verb_end(struct turn *turn, struct instance *instance, enum instance_state state,
              int64_t at_ms);
/* Something that decides about it has changed: it is derived and armed anew, and is paused if
 * a pause acts on it. */
void verb_settle(struct turn *turn, struct instance *instance);
/* A receiver hears of an old and a new date. */
void verb_tell_moved(struct turn *turn, const struct instance *instance, uint16_t role,
                     int32_t old_day);
/* Whether a clock can run for a length that a fact holds. */
bool verb_length_fits(const struct clock *clock, struct length length);
/* The sum that an accrual is a part of; false: it is no amount that could be owed. */
bool verb_principal(const struct turn *turn, const struct clock *clock, int64_t *fen);
/* What an act makes of a clock: met, met late, used. */
enum instance_state verb_met(const struct clock *clock, bool in_time);
/* Those who were told of a breach are told that there was none. */
void verb_withdraw(struct turn *turn, struct instance *instance);

/* standing.c, correct.c */
/* What a standing event checks by itself, beside the rules that name it. */
void standing_judge(struct turn *turn);
/* The roles that may report it: 0, any inside one; a rule that names it may only narrow
 * them. */
uint64_t standing_by(const struct turn *turn);
void standing_act(struct turn *turn);
void correct_judge(struct turn *turn);
void correct_act(struct turn *turn);
/* correct_text.c: a value or a clock's life in words of the record; two of them side by side.
 * */
struct text correct_fact_text(struct turn *turn, uint16_t fact, const struct value *value);
struct text correct_clock_text(struct turn *turn, const struct instance *instance);
struct text correct_side_by_side(struct turn *turn, struct text old, struct text new);

/* The words of refusals and of verbs that did nothing. */
#define TURN_MESSAGES(X)                                                                       \
    X(no_rule, "no rule of stage {0} takes {1}", "阶段“{0}”没有受理“{1}”的规则")               \
    X(not_opening, "{0} opens no case of this procedure; what does: {1}",                      \
      "“{0}”不能立本程序的案件；立案事件是：{1}")                                              \
    X(closed, "the case is closed; what follows is a new case that supersedes it",             \
      "案件已办结；后续事项应另立新案")                                                        \
    X(unknown, "it cannot be judged: {0} is not known", "无法判断：缺少{0}")                   \
    X(by, "role {0} may not do this; who may: {1}", "角色“{0}”无权办理此事；有权的是：{1}")    \
    X(no_actor, "nobody says as whom it is done; who may: {1}",                                \
      "未写明以何角色办理；有权的是：{1}")                                                     \
    X(daemons_own, "{0} is the daemon's own, and nobody else's to send",                       \
      "“{0}”只由系统自行产生")                                                                 \
    X(no_unit, "agency {1} has no unit {0}", "机构“{1}”没有承办机构“{0}”")                     \
    X(not_holder, "{0} does not hold role {1} on that day", "{0}当日不担任“{1}”")              \
    X(apart,                                                                                   \
      "{0} may not act here: the same person stands in a role that must be apart ({1})",       \
      "{0}应当回避：同一人不得兼任须分离的角色（{1}）")                                        \
    X(takes, "the event must carry {0}", "事件须载明{0}")                                      \
    X(not_taken, "the event may not carry {0}", "事件不得载有{0}")                             \
    X(bad_value, "{0} cannot be read as {1}", "{0}不是有效的{1}")                              \
    X(not_in_register, "{0} is not in register {1} on that day", "{0}当日不在名录“{1}”中")     \
    X(documents, "document missing: {0}", "缺少文书：{0}")                                     \
    X(backdate, "it occurred too long ago: at most {0} back", "发生时间过早：最多可追溯{0}")   \
    X(future, "it lies in the future", "发生时间在将来")                                       \
    X(clock_live, "clock {0} is running already", "期限“{0}”已在计算中")                       \
    X(after_due, "it came after clock {0} fell due: that stays as it is",                      \
      "期限“{0}”届满之后，不得再办理")                                                         \
    X(order, "it lies before the start or the last resume of clock {0}",                       \
      "早于期限“{0}”的起算或上次恢复")                                                         \
    X(too_long, "clock {0} may be extended by {1} at most", "期限“{0}”最多可延长{1}")          \
    X(no_extension, "clock {0} has no extension left", "期限“{0}”已无可用的延长次数")          \
    X(no_ground, "clock {0} is never paused on that ground", "该事由不能中止期限“{0}”")        \
    X(no_clock, "there is no such clock here: {0}", "本案没有此期限：{0}")                     \
    X(no_person, "nobody is named for role {0}", "未指明角色“{0}”的人员")                      \
    X(no_branch, "no way out of the rule holds", "规则的各去向均不成立")                       \
    X(limit, "over the limit of one case: {0}", "超出单个案件的限额：{0}")                     \
    X(not_needed, "clock {0} is not needed here", "无须起算期限“{0}”")                         \
    X(needs, "need {0} does not hold", "不符合条件“{0}”")                                      \
    X(not_live, "clock {0} is not running", "期限“{0}”未在计算中")                             \
    X(not_set, "clock {0} cannot start: {1} is not set", "期限“{0}”无法起算：未定{1}")         \
    X(unfit, "clock {0} cannot run by the {1} given", "期限“{0}”不能按所载“{1}”计算")          \
    X(clock_paused, "clock {0} is paused on that ground already", "期限“{0}”已因该事由中止")   \
    X(not_paused, "clock {0} is not paused on that ground", "期限“{0}”未因该事由中止")         \
    X(no_effect, "the pause came when no day of clock {0} was left to count",                  \
      "期限“{0}”已无剩余天数，中止不生效")                                                     \
    X(unset_instant, "clock {0} is not met: no instant is given",                              \
      "期限“{0}”未履行：未载明时间")                                                           \
    X(not_begun, "the next run of clock {0} has not begun yet", "期限“{0}”的下一周期尚未开始") \
    X(lapsed, "the right of clock {0} had lapsed", "期限“{0}”已过，权利已失效")                \
    X(on_hold, "the case is on hold already", "案件已处于挂起状态")                            \
    X(not_on_hold, "the case is not on hold", "案件未挂起")                                    \
    X(not_overdue, "clock {0} is not overdue", "期限“{0}”并未逾期")                            \
    X(stranded, "the case would wait for nothing in stage {0}", "案件将在阶段“{0}”无所等待")   \
    X(no_approver, "{0} holds no office here or above on that day",                            \
      "{0}当日在本机构及上级机构均无职务")                                                     \
    X(own_approval, "nobody approves his own correction: {0}", "更正不得由本人批准：{0}")      \
    X(no_change, "nothing is other than it was: {0}", "更正前后并无不同：{0}")                 \
    X(no_stage, "there is no such stage: {0}", "没有此阶段：{0}")                              \
    X(gone, "{0} is known of this case, and the new version has nothing of that name",         \
      "本案有“{0}”，而新版本没有此名称")                                                       \
    X(changed, "{0} means something else in the new version", "“{0}”在新版本中含义不同")       \
    X(final, "stage {0} is final in one of the two versions only",                             \
      "阶段“{0}”仅在其中一个版本中是终结阶段")

#define TURN_MESSAGE(code, en, zh) extern const struct message turn_##code;
TURN_MESSAGES(TURN_MESSAGE)
#undef TURN_MESSAGE

#endif
