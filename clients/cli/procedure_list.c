#include "cli/procedure.h"
#include "cli/spoken.h"
#include "cli/words.h"

#include <stdio.h>
#include <string.h>

enum { CELL_MAX = 1024, FOLDER_MAX = 4096 };

static const struct message none = {"list_none", "there is no procedure in {0}",
                                    "{0}中没有程序"};
static const struct message broken = {"list_broken",
                                      "{0} of them do not load: duban procedure check says why",
                                      "其中 {0} 个无法加载：原因见 duban procedure check"};

static const char *cell(char out[CELL_MAX], struct text text)
{
    (void)snprintf(out, CELL_MAX, "%.*s", TEXT_ARGS(text_part(text, 0, CELL_MAX - 1)));
    return out;
}

static void add_loaded(struct out_table *table, const struct procedure *procedure,
                       struct text file)
{
    char cells[5][CELL_MAX];
    char numbers[3][16];
    char day[DATE_TEXT_SIZE] = "";

    if (procedure->from != DATE_NONE) {
        (void)date_print(procedure->from, day);
    }
    (void)snprintf(numbers[0], sizeof(numbers[0]), "%u", procedure->version);
    (void)snprintf(numbers[1], sizeof(numbers[1]), "%u", procedure->stage_count);
    (void)snprintf(numbers[2], sizeof(numbers[2]), "%u", procedure->clock_count);
    out_table_row(table, (const char *[]){
                             cell(cells[0], procedure->name),
                             numbers[0],
                             day,
                             procedure->layer ? "yes" : "no",
                             numbers[1],
                             numbers[2],
                             cell(cells[1], spoken_words(&procedure->label, (struct text){0})),
                             cell(cells[2], procedure->label.law),
                             cell(cells[3], file),
                         });
}

/* What does not load is listed with as much as it says of itself. */
static void add_broken(struct out_table *table, const struct source *source,
                       struct arena *arena)
{
    char cells[2][CELL_MAX];
    char version[16] = "";
    struct text name = {0};
    uint32_t number = 0;

    if (procedure_head(source, arena, &name, &number)) {
        (void)snprintf(version, sizeof(version), "%u", number);
    }
    out_table_row(table, (const char *[]){cell(cells[0], name), version, "", "", "", "",
                                          words_pick("does not load", "无法加载"), "",
                                          cell(cells[1], source->name)});
}

/* Load one for its row; everything it took is given back. */
static bool add_row(struct out_table *table, const struct library *library,
                    const struct source *source)
{
    struct problem_list problems;
    struct arena arena;

    arena_init_growing(&arena, PROCEDURE_BYTES_MAX);
    problem_list_init(&problems, &arena);

    const struct procedure *procedure = procedure_load(source, library, &arena, &problems);
    bool loaded = procedure != NULL;

    if (loaded) {
        add_loaded(table, procedure, source->name);
    } else {
        add_broken(table, source, &arena);
    }
    arena_fini(&arena);
    return loaded;
}

enum exit_code procedure_list(const struct arguments *arguments, struct arena *arena)
{
    static const struct out_column columns[] = {
        {.name = "procedure", .en = "PROCEDURE", .zh = "程序"},
        {.name = "version", .en = "VERSION", .zh = "版本", .kind = OUT_NUMBER},
        {.name = "from", .en = "FROM", .zh = "适用起始"},
        {.name = "layer", .en = "LAYER", .zh = "仅作为层", .kind = OUT_FLAG},
        {.name = "stages", .en = "STAGES", .zh = "阶段", .kind = OUT_NUMBER},
        {.name = "clocks", .en = "CLOCKS", .zh = "期限", .kind = OUT_NUMBER},
        {.name = "title", .en = "TITLE", .zh = "名称"},
        {.name = "law", .en = "LAW", .zh = "法律依据"},
        {.name = "file", .en = "FILE", .zh = "文件"},
    };
    const char *folder = argument_value(arguments, "config");
    struct config config;
    struct library library;
    struct problem_list problems;
    uint32_t bad = 0;

    if (folder == NULL && arguments->word_count > 1) {
        folder = arguments->words[1];
    }
    problem_list_init(&problems, arena);
    if (!config_read(folder, arena, &config) ||
        !procedure_library(&config, false, arena, &problems, &library)) {
        return EXIT_REFUSED;
    }
    words_print_problems(stderr, &problems);
    if (config.procedure_count == 0) {
        words_note(&none, (const char *[]){folder == NULL ? words_pick("the program", "本程序")
                                                          : folder});
    }

    struct out_table *table = out_table_open(columns, sizeof(columns) / sizeof(columns[0]));

    for (uint32_t i = 0; i < config.procedure_count; i++) {
        bad += !add_row(table, &library, config.procedures[i]);
    }
    out_table_print(table);
    if (bad > 0) {
        char count[16];

        (void)snprintf(count, sizeof(count), "%u", bad);
        complain_of(&broken, count);
    }
    return bad > 0 ? EXIT_REFUSED : EXIT_DONE;
}
