#ifndef DUBAN_KIT_PROGRAM_H
#define DUBAN_KIT_PROGRAM_H

/*
 * The program around a worker: its command line, its file of settings, its secrets. The whole
 * main of a worker is a table of its settings and three functions:
 *
 *     static const struct worker_setting settings[] = {
 *         {.name = "url", .kind = WORKER_TEXT, .help = "where the pager listens"},
 *         {.name = "timeout", .kind = WORKER_SPAN, .usual = "10s", .min = 1000, .max = 60000,
 *          .help = "how long it may take to answer"},
 *         {.name = "login.password", .kind = WORKER_SECRET, .usual = "", .help = "if it asks"},
 *         {0}};
 *
 *     int main(int argc, char **argv)
 *     {
 *         static const struct worker_program pager = {
 *             "pager", "pages people", settings, open_pager, send_page, close_pager};
 *         return worker_main(&pager, argc, argv);
 *     }
 *
 * It is then duban-pager, serves the channel pager, and reads /etc/duban/pager.yaml:
 *
 *     credit: 32            # every worker has: channels, name, door, ledger, credit, threads,
 *     url: http://10.0.0.7  # debug; these are flags too, and a flag wins
 *     login:
 *       password: /etc/duban/pager.password
 */
#include "worker.h"

struct worker_settings;

struct worker_setting {
    const char *name; /* in the file; a dot for each level it stands below the top */
    enum {
        WORKER_TEXT,   /* one line without control characters */
        WORKER_CHOICE, /* one of `choices` */
        WORKER_NUMBER, /* whole, from min to max where these are given */
        WORKER_SPAN,   /* 250ms, 10s, 2m, 1h; read and bounded in milliseconds */
        WORKER_FLAG,   /* true or false */
        /* The path of a file whose only line it is and that nobody but its owner (this user or
         * root) may read; or one word, the name of a systemd credential. Read as the secret. */
        WORKER_SECRET,
        WORKER_LIST, /* texts, in order */
        WORKER_MAP   /* texts by name */
    } kind;
    const char *usual; /* NULL: it must be given. "": may be absent, and is then "", 0, none */
    const char *help;  /* a few words */
    const char *choices; /* "plain|starttls|tls" */
    int64_t min;
    int64_t max;
};

/* What was given, or is usual; of a name of the table only. Lives as long as the program. */
const char *worker_text(const struct worker_settings *settings, const char *name);
/* Of a number, a span in ms, a flag. */
int64_t worker_number(const struct worker_settings *settings, const char *name);
/* The next of a list or a map, whose key is empty in a list; begin with *at = 0. */
bool worker_next(const struct worker_settings *settings, const char *name, uint32_t *at,
                 const char **key, const char **value);
/* Say of a setting, with its place in the file, that it cannot be; for what only open sees. */
void worker_wrong(const struct worker_settings *settings, const char *name, const char *words);

/* Whether this is a --check, which may run beside the worker: what only one process can have, a
 * port say, is not to be taken. */
bool worker_checking(const struct worker_settings *settings);

struct worker_program {
    const char *name;
    const char *does;                      /* one line, for --help */
    const struct worker_setting *settings; /* ends with one that has no name; NULL: none */
    /* Make ready what send is given as `mine`, into *mine; false: it cannot, which was told.
     * With --check too, so nothing is sent here. NULL: nothing to do. */
    bool (*open)(const struct worker_settings *settings, void **mine);
    void (*send)(void *mine, const struct worker_job *job, struct worker_result *result);
    void (*close)(void *mine); /* may be NULL */
};

/* The program's exit status, as worker_run's; 2 when the command line or a setting is wrong. */
int worker_main(const struct worker_program *program, int argc, char **argv);

#endif
