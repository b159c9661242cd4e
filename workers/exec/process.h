#ifndef DUBAN_EXEC_PROCESS_H
#define DUBAN_EXEC_PROCESS_H

/*
 * A program that is run to its end: in a process group of its own, with no descriptors but its
 * three, with the environment it is given and no other. What it leaves behind ends with it.
 */
#include <stddef.h>
#include <stdint.h>

struct process {
    char *const *argv;        /* the program's path first; ends with NULL */
    char *const *environment; /* ends with NULL */
    const char *folder;       /* it works there */
    const char *input;        /* for its standard input */
    size_t input_bytes;
    int64_t time_ms;     /* it may take; then the whole group is told to end, and made to */
    size_t output_bytes; /* it may write, to either of its outputs */
};

struct process_end {
    enum {
        PROCESS_EXITED,      /* code: its exit status */
        PROCESS_KILLED,      /* code: the signal it died of, and not of ours */
        PROCESS_OVERTIME,    /* it took too long */
        PROCESS_OVERFLOW,    /* it wrote too much */
        PROCESS_NOT_STARTED, /* code: errno */
    } how;
    int code;
    char *output; /* owned: what it wrote, with a NUL behind */
    char *errors; /* owned: … on its standard error */
};

void process_run(const struct process *process, struct process_end *end);
void process_end_free(struct process_end *end);

#endif
