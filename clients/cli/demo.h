#ifndef DUBAN_CLI_DEMO_H
#define DUBAN_CLI_DEMO_H

/* The play that `duban demo` shows: what happens, and when, in virtual time. */
#include <stdbool.h>
#include <stdint.h>

enum demo_kind {
    DEMO_SAY,   /* words alone */
    DEMO_EVENT, /* somebody says that something happened */
    DEMO_PASS,  /* time passes until then; what fired meanwhile is shown */
    DEMO_KILL   /* kill -9, and start again */
};

struct demo_scene {
    enum demo_kind kind;
    const char *at; /* 2026-03-02T09:30 */
    const char *en;
    const char *zh;
    const char *event; /* DEMO_EVENT: as a line of `duban send --batch`, without `at` */
};

#define DEMO_AGENCY "gulou"
#define DEMO_CASE   "鼓楼改〔2026〕7号"
#define DEMO_START  "2026-03-02T08:00"

extern const struct demo_scene demo_scenes[];
extern const uint32_t demo_scene_count;

#endif
