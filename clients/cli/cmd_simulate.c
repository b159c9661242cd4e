#include "cli/commands.h"
#include "cli/files.h"
#include "cli/simulate.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ARENA_BYTES ((size_t)2 << 30)

enum { PATH_BYTES = 4096 };

static const struct message no_file = {"simulate_no_file",
                                       "name a scenario: duban simulate FILE…",
                                       "请给出场景文件：duban simulate 文件…"};
static const struct message none_there = {"simulate_none", "no scenario (*.yaml) stands in {0}",
                                          "“{0}”中没有场景文件（*.yaml）"};

/* All the scenarios of one call. */
struct session {
    const struct arguments *arguments;
    struct arena arena; /* of the coverage */
    struct coverage coverage;
    bool covering;
    uint32_t held;
    uint32_t failed;
    uint32_t wrong;
};

/* Play one that could be read. */
static bool play(struct session *session, struct simulate_print *print, struct arena *arena,
                 struct problem_list *problems)
{
    struct play_script script;
    struct play_result result;
    struct play_watch watch = simulate_watch(print);

    if (!simulate_gather(print->file, argument_value(session->arguments, "config"),
                         print->scenario, arena, problems, &script)) {
        return false;
    }
    if (session->covering) {
        coverage_world(&session->coverage, simulate_shown_file, &script);
    }
    script.replay = argument_given(session->arguments, "replay");
    if (!play_scenario(&script, &watch, arena, problems, &result)) {
        return false;
    }
    simulate_print_result(print, &result);
    session->held += result.finding_count == 0;
    session->failed += result.finding_count > 0;
    return true;
}

static void take_file(struct session *session, const char *path)
{
    struct arena arena;
    struct problem_list problems;
    struct source source;
    struct simulate_print print = {
        .file = &source,
        .trace = argument_given(session->arguments, "trace"),
        .coverage = session->covering ? &session->coverage : NULL,
    };

    arena_init_growing(&arena, ARENA_BYTES);
    problem_list_init(&problems, &arena);

    bool good = file_read(path, &arena, &source);

    print.scenario = good ? scenario_read(&source, &arena, &problems) : NULL;
    if (print.scenario == NULL || !play(session, &print, &arena, &problems)) {
        session->wrong++;
    }
    words_print_problems(stderr, &problems);
    arena_fini(&arena);
}

static int is_scenario(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);

    return entry->d_name[0] != '.' && size > 5 &&
           strcmp(entry->d_name + size - 5, ".yaml") == 0;
}

/* All the scenarios of a folder, in the order of their names. */
static void take_folder(struct session *session, const char *folder)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_scenario, alphasort);

    if (count <= 0) {
        complain_of(&none_there, folder);
        session->wrong++;
    }
    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES];

        (void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
        take_file(session, path);
        free(names[i]);
    }
    free(names);
}

static enum exit_code run(const struct arguments *arguments)
{
    struct session session = {.arguments = arguments,
                              .covering = argument_given(arguments, "coverage")};

    if (arguments->word_count == 0) {
        return command_misused(arguments, &no_file, NULL);
    }
    arena_init_growing(&session.arena, ARENA_BYTES);
    coverage_begin(&session.coverage, &session.arena);
    for (uint32_t i = 0; i < arguments->word_count; i++) {
        struct stat found;

        if (stat(arguments->words[i], &found) == 0 && S_ISDIR(found.st_mode)) {
            take_folder(&session, arguments->words[i]);
        } else {
            take_file(&session, arguments->words[i]);
        }
    }
    if (session.held + session.failed > 1) {
        simulate_print_sum(session.held, session.failed);
    }
    if (session.covering) {
        simulate_print_coverage(&session.coverage);
    }
    arena_fini(&session.arena);
    if (session.wrong > 0) {
        return EXIT_USAGE;
    }
    return session.failed > 0 ? EXIT_REFUSED : EXIT_DONE;
}

static const struct option options[] = {
    {.name = "config",
     .value = "DIR",
     .en = "the configuration, where a scenario names none (default: the one inside)",
     .zh = "配置目录，场景未指定时使用（默认用内置配置）"},
    {.name = "trace", .en = "print every effect", .zh = "打印每一项效果"},
    {.name = "coverage",
     .en = "say which rules, needs, clocks, entries, grounds and extensions were exercised",
     .zh = "列出已覆盖和未覆盖的规则、要求、期限、提醒、中止事由和延长"},
    {.name = "replay",
     .en = "see that the journal alone leads to the same state again",
     .zh = "核对仅凭日志可重演出相同状态"},
};

static const char *const usages[] = {
    "simulate FILE|FOLDER… [--config DIR] [--trace] [--coverage] [--replay]",
    NULL,
};

static const struct message examples = {
    "simulate_examples",
    "  duban simulate config/scenarios/corrected.yaml\n"
    "  duban simulate config/scenarios --coverage\n"
    "  duban simulate story.yaml --config my-config --trace\n",
    "  duban simulate config/scenarios/corrected.yaml\n"
    "  duban simulate config/scenarios --coverage\n"
    "  duban simulate story.yaml --config my-config --trace\n"};

static const struct message notes = {
    "simulate_notes",
    "Exit code: 0 every expectation held, 1 some did not, 2 a file itself is wrong.\n",
    "退出码：0 全部符合预期，1 有不符之处，2 文件本身有误。\n"};

const struct command command_simulate = {
    .name = "simulate",
    .en = "play scenarios: a procedure tested by stories, in virtual time",
    .zh = "演练场景：在虚拟时间中用故事检验程序",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = WORDS_MAX,
    .run = run,
};
