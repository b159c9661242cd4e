#ifndef DUBAN_WORLD_PLAY_PARTS_H
#define DUBAN_WORLD_PLAY_PARTS_H

/* A scenario at play, shared by the files that play it. Nobody else includes this. */
#include "world/play.h"

/* Words that went out, or were to: names are copied, for an install gives the law anew. */
struct spoken {
    int64_t at_ms;
    uint32_t which; /* case */
    struct text clock;
    uint16_t clock_index;
    uint16_t number;
    struct text per; /* the value of its instance */
    struct text entry;
    struct text notice;
    struct text to;     /* role */
    struct text person; /* of what leaves */
    struct text in_stead_of;
    bool rung;
    bool reminder;
    bool waits; /* the case is on hold */
    struct spoken *next;
};

struct spoken_list {
    struct spoken *first;
    struct spoken *last;
};

struct play {
    const struct play_script *script;
    const struct scenario *scenario;
    const struct play_watch *watch;
    struct arena *arena; /* findings, and all that is spoken */
    struct problem_list *problems;
    struct play_result *result;
    struct finding *last;
    struct world world;
    const struct scenario_step *step;
    uint32_t step_index;
    struct receipt receipt;   /* of the step's event */
    struct spoken_list sent;  /* since the last step */
    struct spoken_list ready; /* has not left yet */
    struct spoken_list left;  /* since the last step */
};

void spoken_append(struct spoken_list *list, struct spoken *spoken);
/* The index of a case; NO_INDEX: not one of the scenario's. */
uint32_t play_case_of(const struct play *play, struct text agency, struct text id);
const struct scenario_case *play_case(const struct play *play);

/* A copy that outlives the engine's next act. */
const struct told *play_keep_reasons(struct play *play, const struct told *reasons,
                                     uint32_t count);

/* Install; what is wrong is told in the scenario's problems. */
NODISCARD bool play_install(struct play *play, const struct install_file *files,
                            uint32_t count);

/* play_people.c: whom the story needs and the configuration does not have. */
NODISCARD bool play_install_people(struct play *play);
/* The person who acts in a role where the step names none; empty for an outside role. */
struct text play_person(const struct play *play, struct text role);
/* What a case is of; any version of it, NULL: there is none. */
struct text play_procedure_name(const struct play *play, uint32_t which);
const struct procedure *play_procedure(const struct play *play, uint32_t which);

/* play_speech.c: keep what a record says to people. */
void play_on_record(void *context, const struct happening *happening);
/* What was ready and might leave by then has left. */
void play_let_leave(struct play *play, int64_t now_ms);

/* play_check.c */
void play_check(struct play *play);
void play_find(struct play *play, struct mark mark, struct text what, struct text expected,
               struct text actual);
/* play_words.c: lists as people write them, in the arena. */
struct text play_spoken_words(struct play *play, const struct spoken *spoken, bool departs);
struct text play_row_words(struct play *play, const struct expected_row *row);
struct text play_instant_words(struct play *play, int64_t at_ms);
struct text play_join(struct play *play, const char *separator, const struct text *texts,
                      uint32_t count);
/* play_check_notices.c */
void play_check_spoken(struct play *play, const struct expected *expected,
                       const struct spoken_list *list, bool departs);

#define PLAY_MESSAGES(X)                                                            \
    X(no_procedure, "there is no procedure {0} here", "没有程序“{0}”")              \
    X(no_role, "procedure {0} has no role {1}", "程序“{0}”没有角色“{1}”")           \
    X(no_clock, "procedure {0} has no clock {1}", "程序“{0}”没有期限“{1}”")         \
    X(no_fact, "procedure {0} has no fact {1}", "程序“{0}”没有事实“{1}”")           \
    X(bad_value, "{0} cannot be read as {1}", "“{0}”不是有效的{1}")                 \
    X(no_file, "file {0} was not read", "未读到文件“{0}”")                          \
    X(stuck, "something fires for ever at this instant: a bug of duban",            \
      "此时刻有事项无休止地触发：这是 duban 的缺陷")                                \
    X(strayed, "the journal does not lead to the same state again: a bug of duban", \
      "依日志重演未得相同状态：这是 duban 的缺陷")                                  \
    X(failed, "the world cannot be opened: out of memory", "无法建立模拟环境：内存不足")

#define PLAY_MESSAGE(code, en, zh) extern const struct message play_##code;
PLAY_MESSAGES(PLAY_MESSAGE)
#undef PLAY_MESSAGE

void play_wrong(struct play *play, const struct message *message, struct mark mark,
                struct text first, struct text second);

#endif
