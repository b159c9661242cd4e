#include "cli/control.h"
#include "cli/out.h"
#include "cli/procedure.h"
#include "cli/words.h"

#include <stdio.h>
#include <string.h>

static const struct message two_versions = {
    "procedure_two_versions",
    "name both versions: duban procedure migrate minor@1 minor@2 [--dry-run]",
    "请写明两个版本：duban procedure migrate minor@1 minor@2 [--dry-run]"};

static const struct message would = {"migrate_would", "would go over: {0}, would stay: {1}",
                                     "将转入 {0} 件，将保留 {1} 件"};
static const struct message did = {"migrate_did", "gone over: {0}, stayed: {1}",
                                   "已转入 {0} 件，保留 {1} 件"};

/* What all slices came to. */
struct sum {
    json_t *refused; /* owned */
    json_int_t moved;
    json_int_t seq;
};

static enum exit_code ask(const struct arguments *arguments, uint64_t after, json_t **answer)
{
    Duban__V1__Act act = DUBAN__V1__ACT__INIT;
    Duban__V1__Migrate migrate = DUBAN__V1__MIGRATE__INIT;
    char names[2][256];

    (void)snprintf(names[0], sizeof(names[0]), "%s", arguments->words[1]);
    (void)snprintf(names[1], sizeof(names[1]), "%s", arguments->words[2]);
    migrate.from = names[0];
    migrate.to = names[1];
    migrate.dry_run = argument_given(arguments, "dry-run");
    migrate.after = after;
    act.what_case = DUBAN__V1__ACT__WHAT_MIGRATE;
    act.migrate = &migrate;
    return control_act(arguments, &act, answer);
}

/* Slice by slice, each durable before the next is asked for. */
static enum exit_code run_all(const struct arguments *arguments, struct sum *sum)
{
    uint64_t after = 0;
    bool done = false;

    while (!done) {
        json_t *answer;
        enum exit_code code = ask(arguments, after, &answer);

        if (code != EXIT_DONE) {
            return code;
        }
        (void)json_array_extend(sum->refused, json_object_get(answer, "refused"));
        sum->moved += json_integer_value(json_object_get(answer, "moved"));
        sum->seq = json_integer_value(json_object_get(answer, "seq"));
        after = (uint64_t)json_integer_value(json_object_get(answer, "after"));
        done = json_is_true(json_object_get(answer, "done"));
        json_decref(answer);
    }
    return EXIT_DONE;
}

static const char *text_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

static void print_refused(const json_t *refused)
{
    size_t i;
    size_t j;
    const json_t *row;
    const json_t *reason;

    json_array_foreach(refused, i, row)
    {
        printf("%s/%s\n", text_in(row, "agency"), text_in(row, "case"));
        json_array_foreach(json_object_get(row, "reasons"), j, reason)
        {
            printf("  %s: %s\n", text_in(reason, "code"),
                   text_in(reason, words_pick("en", "zh")));
        }
    }
}

static void print(const struct sum *sum, bool dry)
{
    size_t refused = json_array_size(sum->refused);
    char counts[2][24];

    print_refused(sum->refused);
    (void)snprintf(counts[0], sizeof(counts[0]), "%lld", (long long)sum->moved);
    (void)snprintf(counts[1], sizeof(counts[1]), "%zu", refused);
    words_print(stdout, dry ? &would : &did, (const char *[]){counts[0], counts[1]});
}

enum exit_code procedure_migrate(const struct arguments *arguments, struct arena *arena)
{
    struct sum sum = {.moved = 0};
    bool dry = argument_given(arguments, "dry-run");

    (void)arena;
    if (arguments->word_count != 3) {
        return command_misused(arguments, &two_versions, NULL);
    }
    sum.refused = json_array();

    enum exit_code code = run_all(arguments, &sum);
    bool all = json_array_size(sum.refused) == 0;

    if (code == EXIT_DONE) {
        code = all ? EXIT_DONE : sum.moved > 0 ? EXIT_PARTLY : EXIT_REFUSED;
        if (out_format() == OUT_JSON) {
            out_json(json_pack("{s:I, s:O, s:b, s:I}", "moved", sum.moved, "refused",
                               sum.refused, "dry_run", dry, "seq", sum.seq));
        } else {
            print(&sum, dry);
        }
    }
    json_decref(sum.refused);
    return code;
}
