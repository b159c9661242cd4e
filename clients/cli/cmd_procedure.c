#include "cli/commands.h"
#include "cli/control.h"
#include "cli/procedure.h"
#include "cli/words.h"

#include <string.h>

enum { ARENA_BYTES = 512 * 1024 * 1024, FILES_MAX = 60 };

static const struct message no_verb = {
    "procedure_verb", "say what to do: check, show, graph, page, diff, list, schema or migrate",
    "请说明要做什么：check、show、graph、page、diff、list、schema 或 migrate"};
static const struct message bad_table = {
    "procedure_output", "the output of `{1}` cannot be `{0}`: -o table, -o json or -o csv",
    "“{1}”的输出格式不能是“{0}”：请用 -o table、-o json 或 -o csv"};
static const struct message bad_text = {
    "procedure_text", "the output of `{1}` cannot be `{0}`: -o text or -o json",
    "“{1}”的输出格式不能是“{0}”：请用 -o text 或 -o json"};

/* A verb of its own outputs reads --output itself. */
static const struct verb {
    const char *name;
    bool own_output;
    bool a_table;
    enum exit_code (*run)(const struct arguments *arguments, struct arena *arena);
} verbs[] = {
    {"check", false, true, procedure_check},   {"show", false, false, procedure_show},
    {"graph", true, false, procedure_graph},   {"page", false, false, procedure_page},
    {"diff", false, false, procedure_diff},    {"list", false, true, procedure_list},
    {"schema", true, false, procedure_schema}, {"migrate", false, false, procedure_migrate},
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

/* Take --output of a verb that has none of its own; false, and it was complained of. */
static bool take_output(const struct arguments *arguments, const struct verb *verb)
{
    const char *output = argument_value(arguments, "output");
    const char *texts[] = {output, verb->name};

    if (output == NULL || verb->own_output) {
        return true;
    }
    if (verb->a_table) {
        if (!out_choose(output)) {
            (void)command_misused(arguments, &bad_table, texts);
            return false;
        }
        return true;
    }
    if (strcmp(output, "text") != 0 && (strcmp(output, "json") != 0 || !out_choose(output))) {
        (void)command_misused(arguments, &bad_text, texts);
        return false;
    }
    return true;
}

static enum exit_code run(const struct arguments *arguments)
{
    const struct verb *verb = arguments->word_count > 0 ? find_verb(arguments->words[0]) : NULL;
    struct arena arena;

    if (verb == NULL) {
        return command_misused(arguments, &no_verb, NULL);
    }
    if (!take_output(arguments, verb)) {
        return EXIT_USAGE;
    }
    arena_init_growing(&arena, ARENA_BYTES);

    enum exit_code code = verb->run(arguments, &arena);

    arena_fini(&arena);
    return code;
}

static const struct option options[] = {
    {.name = "config",
     .value = "DIR",
     .en = "the configuration folder: layers, registers, notices (default: the file's own)",
     .zh = "配置目录：层、名录、通知文稿（默认取文件所在的配置目录）"},
    {.name = "strict",
     .en = "check: also wants `law` on each clock and need, and words for all",
     .zh = "check：还要求每个期限和条件写明法律依据，一切名称都有中英文"},
    {.name = "origin",
     .en = "show: which file and line each came from",
     .zh = "show：注明各行出自哪个文件哪一行"},
    {.name = "of",
     .value = "KIND",
     .en = "schema: of which files: procedure, scenario, agencies or people",
     .zh = "schema：哪种文件：procedure、scenario、agencies 或 people"},
    {.name = "dry-run",
     .en = "migrate: only look which cases would go over, and which not",
     .zh = "migrate：只查看哪些案件可以转入、哪些不可以"},
    CONTROL_ACT_OPTIONS,
    CONTROL_RUN_OPTION,
    {.name = "brief",
     .en = "graph: stages, their clocks and the ways between them, nothing else",
     .zh = "graph：只画阶段、期限和去向"},
    {.name = "main",
     .en = "graph: the main road alone, from stage to stage",
     .zh = "graph：只画主要阶段之间的去向"},
    {.name = "output",
     .letter = 'o',
     .value = "FORMAT",
     .en = "check, list: table, json, csv; show, diff, migrate: text, json; graph: dot, "
           "mermaid, svg; schema: a file to write",
     .zh = "check、list：table、json、csv；show、diff、migrate：text、json；graph：dot、mermaid"
           "、svg；"
           "schema：写入的文件"},
};

static const char *const verb_names[] = {"check", "show",   "graph",   "page", "diff",
                                         "list",  "schema", "migrate", NULL};
static const char *const usages[] = {
    "procedure check FILE… [--config DIR] [--strict] [-o json]",
    "procedure check --config DIR [--strict]",
    "procedure show FILE [--origin] [-o json]",
    "procedure graph FILE [-o dot|mermaid|svg] [--brief|--main]",
    "procedure page FILE",
    "procedure diff OLD NEW [-o json]",
    "procedure list [DIR] [-o json]",
    "procedure schema [--of KIND] [-o FILE]",
    "procedure migrate FROM TO [--dry-run] [--reason WORDS] [-o json]",
    NULL,
};

static const struct message examples = {
    "procedure_examples",
    "  duban procedure check config/procedures/minor.yaml\n"
    "  duban procedure graph config/procedures/minor.yaml -o svg > minor.svg\n"
    "  duban procedure diff old/minor.yaml config/procedures/minor.yaml\n"
    "  duban procedure show --origin config/procedures/minor.yaml | less\n",
    "  duban procedure check config/procedures/minor.yaml\n"
    "  duban procedure graph config/procedures/minor.yaml -o svg > minor.svg\n"
    "  duban procedure diff old/minor.yaml config/procedures/minor.yaml\n"
    "  duban procedure show --origin config/procedures/minor.yaml | less\n"};

const struct command command_procedure = {
    .name = "procedure",
    .en = "check, show, draw and compare procedures",
    .zh = "检查、查看、绘制和比较办案程序",
    .verbs = verb_names,
    .usages = usages,
    .examples = &examples,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = FILES_MAX,
    .run = run,
};
