#include "offline/parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct message crashed = {
    "state_crashed",
    "reading {0} ended the program: the state is damaged so that not even LMDB can read it. "
    "Keep "
    "the folder as it is, and restore the last backup that verifies: duban restore",
    "读取“{0}”时程序崩溃：状态文件已损坏，连 LMDB 也无法读取。请原样保留该目录，并恢复最近一份"
    "查验通过的备份：duban restore"};
static const struct message no_child = {"no_child", "no process could be started: {0}",
                                        "无法启动进程：{0}"};

enum exit_code guarded(const struct arguments *arguments, const char *path,
                       enum exit_code (*run)(const struct arguments *arguments))
{
    int outcome = 0;

    (void)fflush(stdout);

    pid_t child = fork();

    if (child < 0) {
        complain_of(&no_child, strerror(errno));
        return EXIT_REFUSED;
    }
    if (child == 0) {
        return run(arguments); /* and on through main, to the child's own end */
    }
    while (waitpid(child, &outcome, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(outcome)) {
        return (enum exit_code)WEXITSTATUS(outcome);
    }
    complain_of(&crashed, path);
    return EXIT_REFUSED;
}
