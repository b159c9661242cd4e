#include "cli/demo.h"

#include <stddef.h>

#define CASE7 \
    "\"agency\": \"" DEMO_AGENCY "\", \"case\": \"" DEMO_CASE "\", \"source\": \"demo\""
#define CASE8 \
    "\"agency\": \"" DEMO_AGENCY "\", \"case\": \"鼓楼改〔2026〕8号\", \"source\": \"demo\""
#define SERVED                                                                        \
    "{" CASE7                                                                         \
    ", \"event\": \"order.served\", \"by\": \"wang/officer\", \"with\": [\"zhao\"], " \
    "\"set\": {\"minor\": true, \"give\": \"10d\"}, \"documents\": [\"责令改正通知书\"]}"

const struct demo_scene demo_scenes[] = {
    {DEMO_SAY, NULL,
     "A street stall, a minor breach: guided to correction. A day lasts a second here; "
     "messages stand as they left.",
     "占道经营，情节轻微：指导改正。此处一日即一秒；短信按实发文字显示。", NULL},
    {DEMO_EVENT, "2026-03-02T09:30", "officer Wang files the case", "王执法立案",
     "{" CASE7 ", \"event\": \"case.filed\", \"procedure\": \"minor\", \"unit\": \"squad1\", "
     "\"by\": \"wang/officer\"}"},
    {DEMO_EVENT, "2026-03-02T09:40", "the head of the unit assigns two officers",
     "承办机构负责人指派两名执法人员",
     "{" CASE7 ", \"event\": \"case.assigned\", \"by\": \"sun/unit_head\", \"set\": "
     "{\"officer\": \"wang,zhao\"}}"},
    {DEMO_EVENT, "2026-03-02T10:00", "Wang goes alone to serve the order: refused, and why",
     "王执法一人去送达责令改正通知书：拒绝，并说明理由",
     "{" CASE7 ", \"event\": \"order.served\", \"by\": \"wang/officer\", \"set\": {\"minor\": "
     "true, \"give\": \"10d\"}, \"documents\": [\"责令改正通知书\"]}"},
    {DEMO_EVENT, "2026-03-02T10:30", "both go, and give ten days to correct",
     "两人同去，限十日内改正", SERVED},
    {DEMO_EVENT, "2026-03-02T10:30", "the same message comes once more: nothing happens twice",
     "同一消息又来一次：不会重复发生", SERVED},
    {DEMO_EVENT, "2026-03-03T09:30", "another stall, officer Zhao", "另一摊点，赵执法办理",
     "{" CASE8 ", \"event\": \"case.filed\", \"procedure\": \"minor\", \"unit\": \"squad1\", "
     "\"by\": \"zhao/officer\"}"},
    {DEMO_EVENT, "2026-03-03T10:00", "five days are given", "限五日内改正",
     "{" CASE8 ", \"event\": \"order.served\", \"by\": \"zhao/officer\", \"with\": [\"wang\"], "
     "\"set\": {\"minor\": true, \"give\": \"5d\"}, \"documents\": [\"责令改正通知书\"]}"},
    {DEMO_EVENT, "2026-03-10T15:00",
     "corrected on the 6th, seen on the 10th: in time, and not punished",
     "六日已改正，十日复查：未逾期，不予处罚",
     "{" CASE8 ", \"event\": \"recheck.done\", \"by\": \"zhao/officer\", \"with\": [\"wang\"], "
     "\"set\": {\"harm\": false, \"corrected_on\": \"2026-03-06\"}}"},
    {DEMO_PASS, "2026-03-11T12:00", "a week has gone by in the first case, and nobody moves",
     "第一案一周过去，无人办理", NULL},
    {DEMO_KILL, "2026-03-11T12:00", "the power fails: kill -9 at noon, and started again",
     "断电：正午被 kill -9，再次启动", NULL},
    {DEMO_EVENT, "2026-03-02T10:30", "the publisher is not sure, and sends again: it is there",
     "发布方不确定，再发一次：记录仍在", SERVED},
    {DEMO_PASS, "2026-03-26T12:00",
     "the limit passes; the recheck is owed, and is missed; the ladder is climbed",
     "改正期限届满；应当复查而未复查；逐级督办", NULL},
    {DEMO_EVENT, "2026-03-26T14:00", "they go at last: the harm is done, and the delay stays",
     "终于复查：危害未除，迟延留痕",
     "{" CASE7 ", \"event\": \"recheck.done\", \"by\": \"wang/officer\", \"with\": [\"zhao\"], "
     "\"set\": {\"harm\": true}}"},
    {DEMO_PASS, "2026-03-26T18:00", "what that did to the case", "案件随之变化", NULL},
};
const uint32_t demo_scene_count = sizeof(demo_scenes) / sizeof(demo_scenes[0]);
