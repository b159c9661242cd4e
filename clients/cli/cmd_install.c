#include "cli/commands.h"
#include "cli/config.h"
#include "cli/control.h"
#include "cli/out.h"
#include "cli/unreached.h"

#include <stdio.h>

enum { FILES_MAX = 1024, PATH_BYTES = 256 };
#define ARENA_BYTES ((size_t)64 << 20)

static const struct option options[] = {
    CONTROL_ACT_OPTIONS,
    CONTROL_RUN_OPTION,
};

/* What a folder holds, as the request's files. */
struct parcel {
    Duban__V1__File files[FILES_MAX];
    Duban__V1__File *places[FILES_MAX];
    char paths[FILES_MAX][PATH_BYTES];
};

static uint32_t fill(struct parcel *parcel, const struct config *config)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < config->file_count && count < FILES_MAX; i++) {
        const struct config_file *file = &config->files[i];
        union {
            const char *ours;
            uint8_t *theirs; /* protobuf-c only reads it */
        } bytes = {.ours = file->source->bytes.bytes};
        Duban__V1__File *out = &parcel->files[count];

        duban__v1__file__init(out);
        (void)snprintf(parcel->paths[count], PATH_BYTES, "%.*s", TEXT_ARGS(file->path));
        out->path = parcel->paths[count];
        out->content.data = bytes.theirs;
        out->content.len = file->source->bytes.size;
        parcel->places[count++] = out;
    }
    return count;
}

static void print_changed(const json_t *answer, size_t sent)
{
    const json_t *changed = json_object_get(answer, "changed");
    size_t count = json_array_size(changed);

    printf("%s%zu\n", words_pick("files looked at    ", "检查文件数  "), sent);
    printf("%s%zu\n", words_pick("of these changed   ", "其中有变更  "), count);
    for (size_t i = 0; i < count; i++) {
        printf("  %s\n", json_string_value(json_array_get(changed, i)));
    }
    if (count > 0) {
        printf("%s%" JSON_INTEGER_FORMAT "\n",
               words_pick("record             ", "记录        "),
               json_integer_value(json_object_get(answer, "seq")));
    }
}

static enum exit_code send_folder(const struct arguments *arguments,
                                  const struct config *config, struct parcel *parcel)
{
    Duban__V1__Act act = DUBAN__V1__ACT__INIT;
    Duban__V1__Install install = DUBAN__V1__INSTALL__INIT;
    json_t *answer;

    install.n_files = fill(parcel, config);
    install.files = parcel->places;
    act.what_case = DUBAN__V1__ACT__WHAT_INSTALL;
    act.install = &install;

    enum exit_code code = control_act(arguments, &act, &answer);

    if (code != EXIT_DONE) {
        return code;
    }
    if (out_format() == OUT_JSON) {
        out_json(answer);
    } else {
        print_changed(answer, install.n_files);
        unreached_note(answer);
        json_decref(answer);
    }
    return EXIT_DONE;
}

static enum exit_code run(const struct arguments *arguments)
{
    static struct parcel parcel;
    struct arena arena;
    struct config config;
    enum exit_code code = EXIT_REFUSED;

    arena_init_growing(&arena, ARENA_BYTES);
    if (config_read(arguments->word_count > 0 ? arguments->words[0] : NULL, &arena, &config)) {
        code = send_folder(arguments, &config, &parcel);
    }
    arena_fini(&arena);
    return code;
}

static const char *const usages[] = {"install [CONFIG-DIR] [--run DIR] [--reason WORDS]", NULL};
static const struct message examples = {
    "install_examples", "  duban install /etc/duban --reason \"2027 calendar\"\n",
    "  duban install /etc/duban --reason \"2027 年日历\"\n"};

const struct command command_install = {
    .name = "install",
    .en = "give a running daemon procedures, calendars, registers, people: all or nothing",
    .zh = "向运行中的守护进程安装程序、日历、名录、人员：要么全部，要么全不",
    .usages = usages,
    .examples = &examples,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
