#ifndef DUBAN_ENGINE_PARTS_H
#define DUBAN_ENGINE_PARTS_H

/* The engine's inside, shared by the files that make it. Nobody else includes this. */
#include "engine/casefile.h"
#include "engine/engine.h"
#include "engine/index.h"
#include "engine/keys.h"
#include "engine/moments.h"

/* A step's outcome, its copies of the case and what is told of it. */
#define STEP_BYTES ((size_t)4 << 20)
/* What a receipt says. */
#define ANSWER_BYTES ((size_t)1 << 20)
/* A record read again. */
#define READ_BYTES ((size_t)4 << 20)
/* A job taken apart; its notices are the most of it. */
#define JOB_ARENA_BYTES ((size_t)64 << 10)

struct engine {
    struct store *store;     /* borrowed */
    struct journal *journal; /* borrowed */
    struct keyring *keyring; /* borrowed; NULL: nothing is sealed, for replays alone */
    struct watch watch;

    /* kept: also in the store, the same after a restart */
    uint64_t case_count;       /* the last case's number */
    uint64_t closed_count;     /* of them are closed */
    uint64_t swept;            /* cases up to here were derived under this generation */
    uint32_t generation;       /* installs that moved dates */
    uint32_t procedures;       /* procedures ever installed */
    int64_t now_ms;            /* of the last record */
    uint32_t store_generation; /* 1; every restore from a backup raises it */
    int64_t hold_ms;           /* what is due up to here is on hold; 0: there is no hold */
    uint64_t held_count;       /* rows that are */

    /* held: made from it */
    uint64_t replayed;     /* while a replay runs: the record that comes next; else 0 */
    uint64_t replaying;    /* the record that is done again */
    bool as_recorded;      /* … and it is applied as it stands, for it is of another law */
    bool releasing;        /* some that are held may have been released */
    bool strayed;          /* the replay came to another record than the journal has */
    struct held_law *held; /* held once */
    const struct law *law; /* the same */
    struct arena refused_arena; /* of the last refused install: what its problems point at */
    struct arena step;          /* emptied before each step */
    struct arena answer;        /* emptied before each event */
    struct arena read;          /* emptied before each record read again */
    struct arena offer;         /* emptied before each step of a job */

    struct postbox *postbox; /* owned; empty between two calls of the engine */

    uint64_t readied;                /* engine_readied */
    struct key passed[CHANNELS_MAX]; /* of a channel's queue, by its place: all before is held
                                      * back by a restore; empty: nothing is known of it */
    void *leases_context;            /* engine_watch_leases */
    void (*on_lease_over)(void *context, uint64_t token);

    uint8_t *step_bytes; /* owned: the arenas' memory, and room for bytes */
    uint8_t *answer_bytes;
    uint8_t *read_bytes;
    uint8_t *record_room; /* RECORD_BYTES_MAX, to write a record */
    uint8_t *reread_room; /* RECORD_BYTES_MAX, to hold one read again */
    uint8_t *before_room; /* STATE_ROOM_BYTES each */
    uint8_t *after_room;
    uint8_t *delta_room; /* twice that */
    uint8_t *job_bytes;  /* JOB_ARENA_BYTES each: a job taken apart, and one before it */
    uint8_t *job_before_bytes;
    uint8_t *job_known_bytes; /* … and the one that a record of its own is about */
    uint8_t *offer_bytes;     /* ANSWER_BYTES */
};

/* A case in hand. */
struct hand {
    struct case_file file;
    const struct procedure *procedure;
    const struct agency *agency;
    struct case_state state;
    size_t old_bytes; /* of the state in the store; 0: not there yet */
    uint32_t was; /* the number of its procedure when it was taken: a migration changes that */
    const struct submission *cause; /* the event it is taken for; NULL: a moment */
    const struct digest *others;    /* digests to be remembered beside the one settled with */
    uint32_t other_count;
};

/* The legal zone: of what belongs to no agency. */
#define LEGAL_ZONE_MS ((int64_t)8 * 3600000)

/* hand.c */
/* Empty the step's arena and take a case from the store. False: there is no such number. */
bool hand_take(struct engine *engine, uint64_t number, struct hand *hand);
/* A new case, not yet stored. */
void hand_begin(struct engine *engine, const struct law_procedure *procedure,
                const struct agency *agency, struct text case_id, struct hand *hand);
struct step hand_step(const struct engine *engine, const struct hand *hand, int64_t now_ms);
/*
 * Record an outcome and store the case as it is after it. `digest` is that of its event, where
 * it is to be remembered. False: the state would not fit, and nothing was done.
 */
bool hand_settle(struct engine *engine, struct hand *hand, struct record *record,
                 const struct outcome *outcome, const struct digest *digest, uint64_t *seq);
/* From here on it is of another procedure; its state is still the old one's. False: there is
 * none of that number. */
bool hand_turn(struct engine *engine, struct hand *hand, uint32_t procedure);
/* Whether its clocks were derived under calendars that have changed since. */
bool hand_is_stale(const struct engine *engine, const struct hand *hand);
/* The earliest due instant of a clock that runs. */
int64_t hand_next_due(const struct case_state *state);
/* Derive a case anew, recorded if anything moved. */
void hand_derive(struct engine *engine, uint64_t number, int64_t wall_ms);

/* Append a record; while a replay runs, see that it is the one the journal has. */
uint64_t engine_append(struct engine *engine, const struct happening *happening);
/* Whether the journal has the record already that comes next. */
bool engine_replays(const struct engine *engine);
/* Nothing more is done once store or journal failed, or a replay went astray. */
bool engine_stopped(const struct engine *engine);

/* sealing.c: of an event's facts, in a copy within the step's arena */
/* Seal, under the key of the case in hand, what its procedure calls private or does not
 * know. */
void sealing_by_case(struct engine *engine, const struct hand *hand, struct event *event);
/* Seal all, for an event that waits for a case not yet there. */
void sealing_to_wait(struct engine *engine, struct event *event, int64_t now_ms);
/* … and undo that. False: its day's key is gone. */
bool sealing_after_wait(struct engine *engine, struct event *event, int64_t came_ms);
/* Leave out the values that would be sealed: no case is opened, so no key is theirs. */
void sealing_withhold(struct engine *engine, const struct hand *hand, struct event *event);
/* Seal in an event that came again what is sealed in the first, so that they can be compared.
 * What has no key any more is left out of both. */
void sealing_alike(struct engine *engine, enum key_kind kind, uint64_t number,
                   struct event *first, struct event *again);

/* The words of a message that tell private facts, sealed under the key of that case; what has
 * no key any more is not kept. */
void sealing_words(struct engine *engine, uint64_t number, struct job_said *said);
/* … and read again, into the arena; false: that key was destroyed. */
bool sealing_read_words(struct engine *engine, uint64_t number, struct job_said *said,
                        struct arena *arena);
/* A private fact of the case in hand, read; empty: it is not set, or its key is gone. */
struct text sealing_read_fact(struct engine *engine, const struct hand *hand, uint16_t fact,
                              struct arena *arena);

/* queues.c: forget what was remembered of the queues. */
void queues_rewind(struct engine *engine);

/* jobs.c, job_steps.c, job_reports.c */
/* Before a record of a case is appended: the jobs that it makes and calls back. */
void jobs_follow(struct engine *engine, const struct happening *happening,
                 struct record *record);
/* After it: the rows of the jobs that it changed. `known`: one of them as it was before, if
 * somebody has it; else NULL. */
void jobs_apply(struct engine *engine, const struct record *record, const struct job *known);
/* The same for a record of a job's own. */
void jobs_settle(struct engine *engine, const struct record *record, uint64_t seq);
/* Whose a job is. */
struct text job_agency(struct engine *engine, uint64_t number);
void job_lease_again(struct engine *engine, const struct record *record);
/* Do a record of a job's again. */
void jobs_again(struct engine *engine, const struct record *record);
/* job_evidence.c: an event that says of a message whether it arrived, by its key. */
bool evidence_is(const struct submission *submission);
void evidence_take(struct engine *engine, const struct submission *submission, int64_t wall_ms,
                   struct receipt *receipt);
/* The same again, as its record says. */
void evidence_again(struct engine *engine, const struct record *record);
/* A job as the record of a lease has it; false: that is no lease of this job. */
bool job_as_leased(struct engine *engine, uint64_t token, uint64_t number, struct arena *arena,
                   struct job *job);
/* A job's moment has come. */
void job_fire(struct engine *engine, uint64_t number, int64_t wall_ms);

/* waiting.c */
/* Whether one more may wait for this case. */
bool waiting_has_room(struct engine *engine, struct text agency, struct text case_id);
/* The facts of an event as its rest has them, kept in the step's arena. */
struct event waiting_stepped(struct engine *engine, const struct record *rest);
void waiting_add(struct engine *engine, const struct submission *submission, uint64_t seq,
                 int64_t end_ms, const struct digest *digest);
/* The waiting event with this digest; its record. */
bool waiting_find(struct engine *engine, const struct submission *submission,
                  const struct digest *digest, uint64_t *seq);
/* Try all again that wait for a case, until none of them is applied any more. Its names may lie
 * in the hand that it was taken into last. */
void waiting_try(struct engine *engine, uint64_t number, struct text agency,
                 struct text case_id, int64_t wall_ms);
/* The end of one's time, whose row in `moments` is gone already. */
void waiting_end(struct engine *engine, uint64_t seq, int64_t wall_ms);
/* One that waited has come to rest: its rows go. `over`: its end's row is gone already. */
void waiting_stop(struct engine *engine, const struct submission *submission, uint64_t seq,
                  bool over);

/* event.c */
struct digest submission_digest(const struct submission *submission);
/* Names that keys are made of, and those that every event must have. */
bool event_is_well_formed(const struct submission *submission, bool made,
                          struct reason *reason);
/* The number of its case; 0: there is none. */
uint64_t event_case(struct engine *engine, const struct submission *submission);
/* The procedure that it opens a case under; NULL: none, for a reason. */
const struct law_procedure *event_procedure(struct engine *engine,
                                            const struct submission *submission,
                                            const struct agency *agency, struct reason *reason);
enum event_known {
    EVENT_NOT_KNOWN,
    EVENT_KNOWN,
    EVENT_KNOWN_OTHERWISE /* by another content */
};
/* Whether the record at this place is of the same event. Another identity with the same digest
 * is none. */
enum event_known event_compare(struct engine *engine, const struct submission *submission,
                               uint64_t number, uint64_t seq);
/* Whether it was taken into its case before, and by which record. */
enum event_known event_known(struct engine *engine, const struct submission *submission,
                             const struct case_file *file, uint64_t *seq);
/* Count one more of today's recorded refusals of that source and case; false: enough. */
bool event_count_refusal(struct engine *engine, const struct record *record);

/* Store a case as a record says, whatever would be decided today. */
NODISCARD enum status hand_store_recorded(struct engine *engine, const struct record *record,
                                          const struct submission *opening,
                                          const struct digest *digest, uint64_t seq);
/* The same of an import, whose events are all remembered. */
NODISCARD enum status hand_store_imported(struct engine *engine, const struct record *record,
                                          uint64_t seq);

/* import.c */
/* The digests of events, in the step's arena. */
const struct digest *import_digests(struct engine *engine, const struct submission *submissions,
                                    uint32_t count);

/* meta.c */
NODISCARD enum status meta_read(struct engine *engine, struct reached *head);
/* Commit the state, which has come as far as the engine. */
NODISCARD enum status engine_save(struct engine *engine);

/* An event of the daemon's own, and all that it lets rest. */
void event_take_made(struct engine *engine, const struct submission *submission,
                     int64_t wall_ms);

/* errand.c */
struct postbox *postbox_open(void); /* NULL: out of memory */
void postbox_close(struct postbox *box);
/* Keep what an outcome has for other cases, to be judged once its record stands. */
void errand_post(struct engine *engine, const struct hand *hand, const struct outcome *outcome,
                 uint64_t seq);
/* One came to nothing; of what the daemon did not make nothing is told. */
void errand_refused(struct engine *engine, const struct submission *submission,
                    struct text code);
/* Judge all that is kept, and what follows from it. */
void errand_run(struct engine *engine, int64_t wall_ms);

/* migrate.c: one case again, as its record says. */
void migrate_again(struct engine *engine, const struct record *record);

/* replay.c */
NODISCARD enum status engine_replay(struct engine *engine);
/* Whoever wants to know is told that a record would come out otherwise today. */
void replay_tell_otherwise(struct engine *engine, uint64_t seq, const struct record *today);
/* Do an act again as its record says; false: it would be refused. */
NODISCARD bool replay_act(struct engine *engine, const struct record *record);
/* recorded.c */
NODISCARD enum status recorded_apply(struct engine *engine, uint64_t seq,
                                     const struct record *record);
/* install.c */
NODISCARD enum status engine_load_law(struct engine *engine);

#define ENGINE_MESSAGES(X)                                                                    \
    X(no_agency, "no agency is called {0}", "没有机构“{0}”")                                  \
    X(no_case, "agency {0} has no case {1}", "机构“{0}”没有案件“{1}”")                        \
    X(exists, "case {0} exists already", "案件“{0}”已经存在")                                 \
    X(no_procedure, "no version of procedure {0} is in force on {1}",                         \
      "程序“{0}”在{1}没有生效的版本")                                                         \
    X(not_opened, "agency {0} may not open cases of procedure {1}",                           \
      "机构“{0}”不得按程序“{1}”立案")                                                         \
    X(id_reused, "event id {0} of {1} was used for something else",                           \
      "来源“{1}”的事件编号“{0}”已用于其他内容")                                               \
    X(bad_event, "the event names no {0}, or one that is too long", "事件缺少{0}，或其过长")  \
    X(limit, "over the limit of one case: {0}", "超出单个案件的限额：{0}")                    \
    X(full_new,                                                                               \
      "the store is nearly full and takes no new case; send it again when `duban "            \
      "status` says that there is room",                                                      \
      "存储空间将满，暂不受理新案件；待 duban status 显示空间恢复后请重新报送")               \
    X(full,                                                                                   \
      "the store is full: what is left is kept for what falls due; send it again when "       \
      "`duban status` says that there is room",                                               \
      "存储空间已满，余量只用于到期事项；待 duban status 显示空间恢复后请重新报送")           \
    X(import_mixed, "event {0} is of another case; an import is of one case",                 \
      "事件“{0}”属于另一案件；一次只能导入一个案件")                                          \
    X(import_opens, "the first event must open the case: it names no procedure",              \
      "首个事件须立案：未写明程序")                                                           \
    X(import_future, "event {0} lies ahead of the present", "事件“{0}”的时间晚于现在")        \
    X(erase_none, "there is no such case: name its agency and the case",                      \
      "没有该案件：请写明机构与案号")                                                         \
    X(erase_open, "the case is open, and still needs what would be erased",                   \
      "案件尚未办结，仍需使用拟销毁的内容")                                                   \
    X(facts_lost, "what {0} carried can no longer be read; send it under an id of its own",   \
      "事件“{0}”携带的内容已无法解读，请以新的编号重新报送")                                  \
    X(no_notice,                                                                              \
      "no message of this store has the key {0}; it is the Message-ID of a mail, or what a "  \
      "provider was given as its own number",                                                 \
      "本存储没有键为“{0}”的通知；键即邮件的 Message-ID，或交给服务商的流水号")               \
    X(notice_other,                                                                           \
      "the message {0} is not about case {1}; leave the case out, the key is enough",         \
      "通知“{0}”与案件“{1}”无关；可不写案件，凭键即可")                                       \
    X(notice_future, "the report about {0} lies ahead of the present",                        \
      "关于“{0}”的回执时间晚于现在")                                                          \
    X(no_person, "nobody is called {0} in people.yaml; duban people lists them",              \
      "people.yaml 中没有“{0}”；duban people 列出全部人员")                                   \
    X(own_deputy, "{0} cannot be his own deputy; name somebody else",                         \
      "“{0}”不能由本人代理；请另指一人")                                                      \
    X(deputy_span,                                                                            \
      "a deputy wants a first and a last day, in order, that are not over: --from DATE --to " \
      "DATE",                                                                                 \
      "代理须有先后有序且尚未过去的起止日：--from 日期 --to 日期")                            \
    X(no_deputy,                                                                              \
      "nobody was named by an operator to act for {0} now or later; who stands in "           \
      "people.yaml is changed there",                                                         \
      "当前及以后没有由操作员指定代理“{0}”的人；people.yaml 中写明的须在该文件中修改")        \
    X(many_deputies, "too many deputies are named; end those that are over",                  \
      "指定的代理人过多；请先结束已过期的")                                                   \
    X(no_channel, "no channel is called so; channels.yaml has them: duban queues lists them", \
      "没有这个渠道；渠道见 channels.yaml，duban queues 列出全部")                            \
    X(hold_none, "there is no such case: name its agency and the case, or a channel",         \
      "没有该案件：请写明机构与案号，或渠道")                                                 \
    X(held_already, "that is on hold already; duban release takes it back",                   \
      "已在暂停；duban release 解除")                                                         \
    X(not_held, "no operator holds that; duban queues and duban notices show what is held",   \
      "没有对其设置暂停；duban queues 与 duban notices 显示暂停情况")                         \
    X(no_words,                                                                               \
      "no message about that case told a private fact under this lease; duban notices "       \
      "--words -o json names it",                                                             \
      "该案没有以此租约发出的含隐私事实的通知；duban notices --words -o json 给出租约号")     \
    X(facts_gone, "the key of the case was destroyed: nobody reads these words again",        \
      "该案密钥已销毁：此文字无人能再读")                                                     \
    X(nothing_held, "nothing of that is on hold; duban status says how much is",              \
      "其中没有暂停的事项；duban status 显示暂停的数量")                                      \
    X(wait_over, "it waited until {0}, and no rule took it", "等待至{0}，仍无规则受理")

#define ENGINE_MESSAGE(code, en, zh) extern const struct message engine_##code;
ENGINE_MESSAGES(ENGINE_MESSAGE)
#undef ENGINE_MESSAGE

#endif
