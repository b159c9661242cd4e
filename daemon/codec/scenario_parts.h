#ifndef DUBAN_CODEC_SCENARIO_PARTS_H
#define DUBAN_CODEC_SCENARIO_PARTS_H

/* Reading scenarios, shared by the files that do it. */
#include "codec/scenario_yaml.h"
#include "codec/tree.h"

struct script {
    struct arena *arena;
    struct problem_list *problems;
};

#define SCENARIO_MESSAGES(X)                                                            \
    X(key, "no key is called {0} here; there are {1}", "此处没有键“{0}”；可用的有 {1}") \
    X(near_key, "no key is called {0} here; did you mean {1}?",                         \
      "此处没有键“{0}”；是否指“{1}”？")                                                 \
    X(map, "here stands a map: `key: value`", "此处应为映射：“键: 值”")                 \
    X(list, "here stands a list: `[a, b]`", "此处应为列表：“[a, b]”")                   \
    X(scalar, "here stands one value", "此处应为单个值")                                \
    X(instant, "{0} is no time; write 2026-03-02T09:30",                                \
      "“{0}”不是时间；应写作 2026-03-02T09:30")                                         \
    X(span, "{0} is no length of time; write 30min, 2h or 3d",                          \
      "“{0}”不是时长；应写作 30min、2h 或 3d")                                          \
    X(missing, "{0} is missing here", "此处缺少“{0}”")                                  \
    X(act, "a step has one of event, until, install, down or expect",                   \
      "每一步应有 event、until、install、down 或 expect 之一")                          \
    X(no_event, "{0} belongs to a step with an event", "“{0}”只能用于有 event 的步骤")  \
    X(many, "more than {0} of them", "数量超过 {0}")                                    \
    X(which, "the scenario has several cases: say which, `case: {0}`",                  \
      "本场景有多个案件：请注明“case: {0}”")                                            \
    X(no_case, "no case is called {0} above", "上文没有案件“{0}”")                      \
    X(order, "time goes back here: it is {0} already", "时间倒退：此时已是 {0}")        \
    X(first_at, "the first step says when it is: `at`", "第一步必须注明时间“at”")       \
    X(verdict, "{0} is no verdict: applied, rejected, waiting or duplicate",            \
      "“{0}”不是结论：应为 applied、rejected、waiting 或 duplicate")

#define SCENARIO_MESSAGE(code, en, zh) extern const struct message scenario_##code;
SCENARIO_MESSAGES(SCENARIO_MESSAGE)
#undef SCENARIO_MESSAGE

void script_wrong(struct script *script, const struct message *message, struct mark mark,
                  struct text argument);

/* Whether a node is of that kind; else told. */
bool script_is_map(struct script *script, const struct node *node);
bool script_is_list(struct script *script, const struct node *node);
/* The text of a scalar; empty, and told, where it is none. */
struct text script_text(struct script *script, const struct node *node);
/* Every key of a map must be among these (ended by NULL). */
void script_keys(struct script *script, const struct node *map, const char *const *keys);
/* A list of texts; a scalar is a list of one. */
const struct text *script_texts(struct script *script, const struct node *node,
                                uint32_t *count);
/* A value as facts carry it: a list's texts joined by commas. */
struct text script_value(struct script *script, const struct node *node);
int64_t script_instant(struct script *script, const struct node *node);
int64_t script_span(struct script *script, const struct node *node);

/* scenario_expect.c */
void script_expect(struct script *script, const struct node *map, struct scenario_step *step);

#endif
