#include "codec/procedure_yaml.h"

#include "codec/language.h"
#include "codec/layers.h"
#include "codec/load.h"

/* An entry of a plan is read for each clock that uses it, a need for each rule: what is wrong
 * with it is told once. */
static void forget_repeats(struct problem_list *problems, struct problem *from)
{
    for (struct problem *one = from; one != NULL; one = one->next) {
        struct problem *before = one;

        while (before->next != NULL) {
            struct problem *other = before->next;

            if (other->message != one->message || other->mark.source != one->mark.source ||
                other->mark.line != one->mark.line || other->mark.column != one->mark.column ||
                !text_equal(other->arguments[0], one->arguments[0])) {
                before = other;
                continue;
            }
            before->next = other->next;
            problems->count--;
            problems->error_count -= other->severity == PROBLEM_ERROR;
        }
        problems->last = before;
    }
}

static void load_all(struct loader *loader)
{
    load_head(loader);
    load_base(loader);
    load_clock_names(loader);
    load_stage_names(loader);
    load_defines(loader);
    load_top_needs(loader);
    load_events(loader);
    load_clocks(loader);
    load_stages(loader);
    load_migrates(loader);
}

const struct procedure *procedure_load(const struct source *file, const struct library *library,
                                       struct arena *arena, struct problem_list *problems)
{
    struct problem *last = problems->last;
    uint32_t errors = problems->error_count;
    struct node *root = layers_read(file, library, arena, problems);
    struct loader loader = {
        .library = library, .arena = arena, .problems = problems, .root = root};
    struct procedure *made = arena_take_zeroed(arena, 1, sizeof(*made));

    if (root == NULL || made == NULL) {
        return NULL;
    }
    loader.made = made;
    loader.place = (struct guard_place){
        .procedure = made, .installed = library->installed, .in_event = true};
    made->digest = layers_digest(root);
    expand(&loader, root);
    schema_check(root, language_procedure.root, SCHEMA_WHOLE, problems);
    if (!arena->spent) {
        load_all(&loader);
    }
    forget_repeats(problems, last == NULL ? problems->first : last->next);
    return arena->spent || problems->error_count > errors ? NULL : made;
}

/* The lines before the first that opens a map or a list: name and version mostly stand there,
 * and nobody need read a whole law to know what it is called. */
static struct text leading_lines(struct text bytes)
{
    struct text rest = bytes;

    while (!text_empty(rest)) {
        size_t begins = bytes.size - rest.size;
        struct text line = text_cut(rest, '\n', &rest);
        struct text value;

        if (text_empty(line) || line.bytes[0] == ' ' || line.bytes[0] == '#') {
            continue;
        }
        (void)text_cut(line, ':', &value);
        value = text_trim(value);
        if (text_empty(value) || value.bytes[0] == '#') {
            return text_part(bytes, 0, begins);
        }
    }
    return bytes;
}

static bool read_head(const struct source *file, struct arena *arena, struct text *name,
                      uint32_t *version)
{
    struct problem_list unheard;
    int64_t number;

    problem_list_init(&unheard, arena);

    const struct node *root = tree_read(file, arena, &unheard);
    struct text found = node_get_text(root, TEXT("procedure"));

    if (text_empty(found) || !text_to_integer(node_get_text(root, TEXT("version")), &number) ||
        number < 1 || number > INT32_MAX) {
        return false;
    }
    *name = found;
    *version = (uint32_t)number;
    return true;
}

bool procedure_head(const struct source *file, struct arena *arena, struct text *name,
                    uint32_t *version)
{
    struct source front = *file;

    front.bytes = leading_lines(file->bytes);
    return read_head(&front, arena, name, version) || read_head(file, arena, name, version);
}
