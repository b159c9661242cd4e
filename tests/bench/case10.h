#ifndef DUBAN_BENCH_CASE10_H
#define DUBAN_BENCH_CASE10_H

/* The life of a case of the workload CASE-10 (config/procedures/case10.yaml), event by event. */
#include <stdbool.h>
#include <stddef.h>

enum { CASE10_STEPS = 10, CASE10_EVIDENCE = 2, CASE10_NOTICE = 3 };

static const struct {
    const char *type;
    const char *role;
    bool late; /* reported an hour after it occurred */
    const char *fact;
    const char *value;
} case10[CASE10_STEPS] = {
    {"case.opened", "officer", true, "remark", "一份材料，二百字以内的说明"},
    {"case.filed", "officer", true, NULL, NULL},
    {"evidence.taken", "officer", true, "minor", "true"},
    {"notice.given", "officer", true, NULL, NULL},
    {"statement.heard", "officer", false, "remark", "当事人陈述"},
    {"review.asked", "officer", false, NULL, NULL},
    {"review.passed", "leader", false, NULL, NULL},
    {"hearing.offered", "officer", true, NULL, NULL},
    {"decision.made", "leader", false, "fine", "2000.00"},
    {"service.done", "officer", false, NULL, NULL},
};

#endif
