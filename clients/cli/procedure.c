#include "cli/procedure.h"

#include "cli/files.h"
#include "cli/words.h"
#include "codec/installed_yaml.h"
#include "codec/wording.h"

#include <stdio.h>
#include <string.h>

const struct message procedure_one_file = {"procedure_one_file",
                                           "name one procedure: duban procedure {0} FILE",
                                           "请给出一个程序文件：duban procedure {0} 文件"};
static const struct message no_memory = {"procedure_no_memory", "no memory left to load `{0}`",
                                         "内存不足，无法加载“{0}”"};

static bool mentions(struct text bytes, struct text word)
{
    for (size_t i = 0; i + word.size <= bytes.size; i++) {
        if (memcmp(bytes.bytes + i, word.bytes, word.size) == 0) {
            return true;
        }
    }
    return false;
}

/* The folder that was named, else the one the file stands in, else the one inside. */
static bool read_config(const struct arguments *arguments, const char *path,
                        struct arena *arena, struct loaded *loaded)
{
    const char *folder = argument_value(arguments, "config");

    if (folder == NULL) {
        folder = config_folder_of(path, arena);
    }
    if (!config_read(folder, arena, &loaded->config)) {
        return false;
    }
    /* A folder may hold thousands of files that are nobody's layers. */
    if (folder == NULL && strcmp(path, "-") != 0 &&
        (mentions(loaded->source->bytes, TEXT("layers:")) ||
         mentions(loaded->source->bytes, TEXT("open:")) ||
         mentions(loaded->source->bytes, TEXT("tell:")))) {
        return config_add_beside(&loaded->config, path, arena);
    }
    return true;
}

/* The registers of the folder; what is wrong with them is told with the rest. */
static const struct installed *load_registers(const struct config *config, struct arena *arena,
                                              struct problem_list *problems)
{
    const struct source **registers =
        arena_take_zeroed(arena, config->file_count + 1, sizeof(const struct source *));
    struct installed_files files = {.registers = registers};

    if (registers == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < config->file_count; i++) {
        if (text_starts(config->files[i].path, TEXT("registers/"))) {
            registers[files.register_count++] = config->files[i].source;
        }
    }
    return installed_load(&files, arena, problems);
}

bool procedure_library(const struct config *config, bool alone, struct arena *arena,
                       struct problem_list *problems, struct library *library)
{
    *library = (struct library){.procedures = config->procedures,
                                .procedure_count = config->procedure_count};
    if (!alone) { /* else nobody said where its registers and notices are */
        library->installed = load_registers(config, arena, problems);
        struct wordings wordings;

        (void)wordings_read(config->notices, config->notice_count, arena, problems, &wordings);
        library->words = wordings.words;
        library->word_count = wordings.word_count;
    }
    return !arena->spent;
}

/* The file is no layer of its own, so it is left out of them. */
static void leave_out(struct config *config, const struct source *source)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < config->procedure_count; i++) {
        if (!text_equal(config->procedures[i]->bytes, source->bytes)) {
            config->procedures[count++] = config->procedures[i];
        }
    }
    config->procedure_count = count;
}

bool procedure_load_file(const struct arguments *arguments, const char *path,
                         struct arena *arena, struct loaded *loaded)
{
    struct source *source = arena_take_zeroed(arena, 1, sizeof(*source));

    *loaded = (struct loaded){.source = source};
    problem_list_init(&loaded->problems, arena);
    if (source == NULL || !file_read(path, arena, source) ||
        !read_config(arguments, path, arena, loaded)) {
        return false;
    }

    leave_out(&loaded->config, source);
    if (!procedure_library(&loaded->config, loaded->config.folder == NULL, arena,
                           &loaded->problems, &loaded->library)) {
        complain_of(&no_memory, path);
        return false;
    }
    loaded->procedure = procedure_load(source, &loaded->library, arena, &loaded->problems);
    if (arena->spent) {
        complain_of(&no_memory, path);
        return false;
    }
    return true;
}

bool procedure_load_or_complain(const struct arguments *arguments, const char *path,
                                struct arena *arena, struct loaded *loaded)
{
    if (!procedure_load_file(arguments, path, arena, loaded)) {
        return false;
    }
    if (loaded->procedure == NULL) {
        words_print_problems(stderr, &loaded->problems);
    }
    return loaded->procedure != NULL;
}
