#include "cli/graph.h"
#include "cli/procedure.h"
#include "cli/words.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO_PROGRAM = 127 };

static const struct message bad_output = {
    "graph_output", "a graph cannot be `{0}`: -o dot, -o mermaid or -o svg",
    "图的格式不能是“{0}”：请用 -o dot、-o mermaid 或 -o svg"};
static const struct message no_room = {"graph_memory", "no memory left to draw `{0}`",
                                       "内存不足，无法绘制“{0}”"};
static const struct message no_dot = {
    "graph_no_dot",
    "for -o svg the program `dot` is wanted, which is not installed: apt install graphviz; or "
    "take -o mermaid",
    "-o svg 需要 dot 程序，此机未安装：apt install graphviz；或改用 -o mermaid"};
static const struct message dot_failed = {
    "graph_dot_failed", "`dot` did not draw it; `-o dot` shows what it was given",
    "dot 未能绘出；用 -o dot 可查看交给它的内容"};

static const char *const formats[] = {"dot", "mermaid", "svg", NULL};

/* The child: its input is the pipe, its output ours. */
static void become_dot(const int ends[2])
{
    char name[] = "dot";
    char format[] = "-Tsvg";
    char *const words[] = {name, format, NULL};

    (void)close(ends[1]);
    if (dup2(ends[0], STDIN_FILENO) >= 0) {
        (void)close(ends[0]);
        (void)execvp(words[0], words);
    }
    _exit(errno == ENOENT ? NO_PROGRAM : 1);
}

/* Hand the graph to `dot`, and wait until it has drawn. */
static enum exit_code print_svg(const struct graph *graph)
{
    int ends[2];
    int how = 0;

    (void)fflush(stdout);
    if (pipe(ends) != 0) {
        complain(&dot_failed, NULL);
        return EXIT_REFUSED;
    }

    pid_t child = fork();

    if (child == 0) {
        become_dot(ends);
    }
    (void)close(ends[0]);

    /* A `dot` that is not there closes the pipe; that is told by its exit code. */
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    FILE *out = child > 0 ? fdopen(ends[1], "w") : NULL;

    if (out != NULL) {
        graph_print_dot(out, graph);
        (void)fclose(out);
    } else {
        (void)close(ends[1]);
    }
    (void)signal(SIGPIPE, before);
    if (child < 0 || waitpid(child, &how, 0) != child || !WIFEXITED(how) ||
        WEXITSTATUS(how) != 0) {
        bool missing = child > 0 && WIFEXITED(how) && WEXITSTATUS(how) == NO_PROGRAM;

        complain(missing ? &no_dot : &dot_failed, NULL);
        return EXIT_REFUSED;
    }
    return EXIT_DONE;
}

enum exit_code procedure_graph(const struct arguments *arguments, struct arena *arena)
{
    struct loaded loaded;
    const char *output = argument_value(arguments, "output");
    struct graph *graph = arena_take_zeroed(arena, 1, sizeof(*graph));
    uint32_t format = 0;

    if (arguments->word_count != 2) {
        return command_misused(arguments, &procedure_one_file, (const char *[]){"graph"});
    }
    while (output != NULL && formats[format] != NULL && strcmp(formats[format], output) != 0) {
        format++;
    }
    if (formats[format] == NULL) {
        return command_misused(arguments, &bad_output, (const char *[]){output});
    }
    if (!procedure_load_or_complain(arguments, arguments->words[1], arena, &loaded)) {
        return EXIT_REFUSED;
    }
    if (graph == NULL || !graph_make(loaded.procedure,
                                     argument_given(arguments, "main")    ? GRAPH_MAIN
                                     : argument_given(arguments, "brief") ? GRAPH_BRIEF
                                                                          : GRAPH_WHOLE,
                                     arena, graph)) {
        complain_of(&no_room, arguments->words[1]);
        return EXIT_REFUSED;
    }
    if (format == 2) {
        return print_svg(graph);
    }
    if (format == 1) {
        graph_print_mermaid(stdout, graph);
    } else {
        graph_print_dot(stdout, graph);
    }
    return EXIT_DONE;
}
