#ifndef DUBAN_CLI_DEMO_COURIER_H
#define DUBAN_CLI_DEMO_COURIER_H

/*
 * Who carries the demonstration's notices: the real duban-exec, whose program takes each
 * message and throws it away. What it carried is asked of the daemon, and shown.
 */
#include "cli/control.h"

#include <sys/types.h>

struct demo_courier {
    const char *folder; /* borrowed: its own files, and `log` */
    const char *run;    /* borrowed: of the daemon's doors */
    pid_t pid;          /* 0: none runs */
    int64_t shown[64];  /* jobs whose words were */
    uint32_t shown_count;
};

/* Start duban-exec; `daemon` is the path of the program beside it. Without it nothing is
 * carried, and the demonstration shows no words. */
void courier_start(struct demo_courier *courier, const char *daemon);
void courier_end(struct demo_courier *courier, int signal_number);

/* The notices of a case, once all that is on its way has arrived; NULL: the daemon is not
 * there. The caller's to free. */
json_t *courier_notices(const struct demo_courier *courier, const struct arguments *arguments,
                        char *agency, char *case_id);
/* Whom an effect of a record told, and in which words. */
void courier_print(struct demo_courier *courier, const json_t *notices, int64_t seq,
                   const json_t *effect);

#endif
