/* duban-exec: a program is run for each message. See docs/reference/duban-exec.md. */
#include "exec.h"

int main(int argc, char **argv)
{
    static const struct worker_program exec = {"exec",        "runs a program for each message",
                                               exec_settings, exec_open,
                                               exec_send,     exec_close};

    return worker_main(&exec, argc, argv);
}
