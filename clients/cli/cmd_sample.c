#include "base/arena.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/out.h"
#include "core/sample.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define ARENA_BYTES_MAX ((size_t)512 << 20)
enum { LOTS_MAX = 1000000, SEED_BYTES = 16 };

static const struct message one_list = {
    "sample_one_list", "name one list, and how many: duban sample LIST --count N",
    "请给出一份清单和抽取数量：duban sample 清单 --count N"};
static const struct message bad_count = {
    "sample_bad_count", "`{0}` is no number to draw: 1 to {1}, as many as the list has",
    "“{0}”不能作为抽取数量：应在 1 至 {1}（清单总数）之间"};
static const struct message twice = {
    "sample_twice", "`{0}` stands in the list twice; each has one lot: take one out",
    "清单中“{0}”重复；一件只有一签：请删去其一"};
static const struct message too_many = {"sample_too_many",
                                        "the list has more than {0} lines; divide it",
                                        "清单超过 {0} 行；请拆分"};
static const struct message no_seed = {
    "sample_no_seed", "a draw is verified by its seed: --seed SEED, as it was recorded",
    "核验抽样须有种子：--seed 种子（以记录为准）"};
static const struct message other_list = {
    "sample_other_list", "this is another list: its digest is {0}, {1} was recorded",
    "清单不符：摘要为 {0}，记录为 {1}"};
static const struct message other_draw = {
    "sample_other_draw", "seed and list draw otherwise: {0} was drawn only in one of the two",
    "抽样结果不符：仅一方抽中“{0}”"};
static const struct message agrees = {"sample_agrees",
                                      "the draw is right: {0} of {1}, list {2}",
                                      "抽样无误：{1} 件中抽取 {0} 件，清单摘要 {2}"};

static const struct option options[] = {
    {.name = "count", .letter = 'n', .value = "N", .en = "how many", .zh = "抽取数量"},
    {.name = "seed",
     .value = "SEED",
     .en = "the seed (one is made)",
     .zh = "种子（不写则当场生成）"},
    {.name = "drawn",
     .value = "FILE",
     .en = "verify that just these were drawn, one a line",
     .zh = "核验：抽中的清单，每行一件"},
    {.name = "digest",
     .value = "HEX",
     .en = "verify that the list is the one of this digest",
     .zh = "核验：清单的摘要"},
};

/* A list of lots, each once. */
struct list {
    struct lot *lots;
    uint32_t count;
};

/* The first column of a CSV below its head; else whole lines. Empty ones are none. */
static bool read_list(const char *path, struct arena *arena, struct list *list)
{
    struct source source = {0};
    size_t name = strlen(path);
    bool table = name > 4 && strcmp(path + name - 4, ".csv") == 0;
    uint32_t line = 0;

    if (!file_read(path, arena, &source)) {
        return false;
    }
    list->lots = arena_take_zeroed(arena, LOTS_MAX, sizeof(*list->lots));
    for (struct text rest = source.bytes; !text_empty(rest) && list->lots != NULL; line++) {
        struct text item = text_trim(text_cut(rest, '\n', &rest));
        struct text ignored;

        if (table) {
            item = text_trim(text_cut(item, ',', &ignored));
        }
        if (text_empty(item) || item.bytes[0] == '#' || (table && line == 0)) {
            continue;
        }
        if (list->count == LOTS_MAX) {
            complain(&too_many, (const char *[]){"1000000"});
            return false;
        }
        list->lots[list->count++].item = item;
    }
    return list->lots != NULL;
}

static void complain_of_text(const struct message *message, struct text text)
{
    char words[256];

    (void)snprintf(words, sizeof(words), "%.*s", TEXT_ARGS(text));
    complain(message, (const char *[]){words});
}

/* The list's digest; false where an item stands there twice. */
static bool digest_list(struct list *list, char out[SHA256_TEXT_BYTES + 1])
{
    uint8_t digest[SHA256_BYTES];

    sample_digest(list->lots, list->count, digest);
    sha256_print(digest, out);
    out[SHA256_TEXT_BYTES] = '\0';
    for (uint32_t i = 1; i < list->count; i++) {
        if (text_equal(list->lots[i - 1].item, list->lots[i].item)) {
            complain_of_text(&twice, list->lots[i].item);
            return false;
        }
    }
    return true;
}

/* A seed nobody has chosen. */
static void make_seed(char out[2 * SEED_BYTES + 1])
{
    unsigned char bytes[SEED_BYTES];

    randombytes_buf(bytes, sizeof(bytes));
    (void)sodium_bin2hex(out, 2 * SEED_BYTES + 1, bytes, sizeof(bytes));
}

static bool is_among(const struct lot *lots, uint32_t count, struct text item)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(lots[i].item, item)) {
            return true;
        }
    }
    return false;
}

/* Whether those that were drawn are those that seed and list draw. */
static bool verify(const struct list *list, uint32_t count, const struct list *drawn)
{
    for (uint32_t i = 0; i < drawn->count; i++) {
        if (!is_among(list->lots, count, drawn->lots[i].item)) {
            complain_of_text(&other_draw, drawn->lots[i].item);
            return false;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!is_among(drawn->lots, drawn->count, list->lots[i].item)) {
            complain_of_text(&other_draw, list->lots[i].item);
            return false;
        }
    }
    return true;
}

static void print_draw(const struct list *list, uint32_t count, const char *seed,
                       const char *digest)
{
    static const struct out_column columns[] = {
        {.name = "place", .en = "PLACE", .zh = "序号", .kind = OUT_NUMBER},
        {.name = "item", .en = "ITEM", .zh = "抽中"},
        {.name = "rank", .en = "RANK", .zh = "签值"},
        {.name = "seed", .en = "SEED", .zh = "种子"},
        {.name = "list", .en = "LIST", .zh = "清单摘要"},
        {.name = "of", .en = "OF", .zh = "总数", .kind = OUT_NUMBER},
    };
    bool for_people = out_format() == OUT_TABLE;
    struct out_table *table = out_table_open(columns, for_people ? 3 : 6);
    char total[16];

    (void)snprintf(total, sizeof(total), "%u", list->count);
    if (for_people) {
        printf("%s%s\n%s%s\n%s%s\n", words_pick("seed  ", "种子      "), seed,
               words_pick("list  ", "清单摘要  "), digest, words_pick("of    ", "总数      "),
               total);
    }
    for (uint32_t i = 0; i < count; i++) {
        char place[16];
        char item[1024];
        char rank[SHA256_TEXT_BYTES + 1];

        (void)snprintf(place, sizeof(place), "%u", i + 1);
        (void)snprintf(item, sizeof(item), "%.*s", TEXT_ARGS(list->lots[i].item));
        sha256_print(list->lots[i].rank, rank);
        rank[for_people ? 16 : SHA256_TEXT_BYTES] = '\0';
        out_table_row(table, (const char *[]){place, item, rank, seed, digest, total});
    }
    out_table_print(table);
}

static enum exit_code check(const struct arguments *arguments, struct list *list,
                            uint32_t count, const char *digest, struct arena *arena)
{
    const char *wanted = argument_value(arguments, "digest");
    const char *path = argument_value(arguments, "drawn");
    struct list drawn = {0};
    char numbers[2][16];

    if (wanted != NULL && strcmp(wanted, digest) != 0) {
        complain(&other_list, (const char *[]){digest, wanted});
        return EXIT_REFUSED;
    }
    if (path != NULL && (!read_list(path, arena, &drawn) || !verify(list, count, &drawn))) {
        return EXIT_REFUSED;
    }
    (void)snprintf(numbers[0], sizeof(numbers[0]), "%u", count);
    (void)snprintf(numbers[1], sizeof(numbers[1]), "%u", list->count);
    words_print(stdout, &agrees, (const char *[]){numbers[0], numbers[1], digest});
    return EXIT_DONE;
}

static enum exit_code draw(const struct arguments *arguments, struct arena *arena)
{
    const char *wish = argument_value(arguments, "count");
    const char *seed = argument_value(arguments, "seed");
    bool verifies = argument_given(arguments, "drawn") || argument_given(arguments, "digest");
    struct list list = {0};
    char made[2 * SEED_BYTES + 1];
    char digest[SHA256_TEXT_BYTES + 1];
    int64_t count = 0;

    if (!read_list(arguments->words[0], arena, &list) || !digest_list(&list, digest)) {
        return EXIT_REFUSED;
    }
    if (!text_to_integer(text_of(wish), &count) || count < 1 || count > list.count) {
        char most[16];

        (void)snprintf(most, sizeof(most), "%u", list.count);
        complain(&bad_count, (const char *[]){wish, most});
        return EXIT_USAGE;
    }
    if (seed == NULL) {
        make_seed(made);
        seed = made;
    }
    sample_draw(text_of(seed), list.lots, list.count);
    if (verifies) {
        return check(arguments, &list, (uint32_t)count, digest, arena);
    }
    print_draw(&list, (uint32_t)count, seed, digest);
    return EXIT_DONE;
}

static enum exit_code run(const struct arguments *arguments)
{
    struct arena arena;
    enum exit_code code;

    if (arguments->word_count != 1 || argument_value(arguments, "count") == NULL) {
        return command_misused(arguments, &one_list, NULL);
    }
    if (argument_given(arguments, "drawn") && argument_value(arguments, "seed") == NULL) {
        return command_misused(arguments, &no_seed, NULL);
    }
    if (sodium_init() < 0) {
        return EXIT_REFUSED;
    }
    arena_init_growing(&arena, ARENA_BYTES_MAX);
    code = draw(arguments, &arena);
    arena_fini(&arena);
    return code;
}

static const char *const usages[] = {"sample LIST --count N [--seed SEED]",
                                     "sample LIST --count N --seed SEED --drawn FILE", NULL};
static const struct message examples = {
    "sample_examples",
    "  duban sample cases-2025.txt --count 20                 # draw 20; record the seed\n"
    "  duban sample cases-2025.txt -n 20 --seed 5f1c… --drawn drawn.txt    # verify it later\n",
    "  duban sample 2025年案卷.txt --count 20                 # 抽取 20 件；记录种子\n"
    "  duban sample 2025年案卷.txt -n 20 --seed 5f1c… --drawn 抽中.txt     # 事后核验\n"};
static const struct message notes = {
    "sample_notes",
    "A list has an item a line; of a .csv the first column counts, below its head. The draw\n"
    "follows from list and seed alone: an item's rank is the SHA-256 of the seed, a line feed\n"
    "and the item, and the smallest are drawn. So anybody can draw again.\n",
    "清单每行一件；.csv 取表头以下的第一列。抽样仅由清单和种子决定：签值为“种子、换行、条目”\n"
    "的 SHA-256，最小者抽中。任何人都可重新抽取核验。\n"};

const struct command command_sample = {
    .name = "sample",
    .en = "draw lots from a list by a seed, or verify a draw",
    .zh = "按种子从清单中抽样，或核验抽样",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
