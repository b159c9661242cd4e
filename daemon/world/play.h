#ifndef DUBAN_WORLD_PLAY_H
#define DUBAN_WORLD_PLAY_H

/*
 * Plays a scenario in a world and says which expectations did not hold. It touches no files:
 * what the scenario names was read before.
 */
#include "codec/scenario_yaml.h"
#include "engine/delivery.h"
#include "world/world.h"

/* A file that a step installs: as the step writes it, and as it is installed. */
struct play_install {
    struct text written;
    struct text shown; /* its path as the user knows it */
    struct install_file file;
};

/* An expectation that did not hold. */
struct finding {
    struct mark mark;
    struct text what; /* "clocks.correct.last_day" */
    struct text expected;
    struct text actual;
    struct finding *next;
};

/* Who wants to see it happen. Any function may be NULL. */
struct play_watch {
    void *context;
    void (*on_step)(void *context, const struct scenario_step *step);
    void (*on_record)(void *context, const struct happening *happening);
    void (*on_receipt)(void *context, const struct scenario_step *step, int64_t now_ms,
                       const struct receipt *receipt);
};

struct play_script {
    const struct scenario *scenario;
    struct text procedure;            /* its name */
    const struct install_file *files; /* the configuration, and the procedure's own */
    const struct text *shown;         /* their paths as the user knows them, for problems */
    uint32_t file_count;
    const struct play_install *installs;
    uint32_t install_count;
    bool replay; /* see at the end that the journal leads to the same again */
};

struct play_result {
    const struct finding *first;
    uint32_t finding_count;
    uint32_t step_count;
    uint64_t record_count;
};

/*
 * Play it. Findings live in the arena. False: the scenario cannot be played, which is among the
 * problems (what it installs is wrong, or it names what is not there).
 */
NODISCARD bool play_scenario(const struct play_script *script, const struct play_watch *watch,
                             struct arena *arena, struct problem_list *problems,
                             struct play_result *result);

#endif
