#include "cli/said_lines.h"

#include "cli/words.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLACE_BYTES = 512, TOLD_MAX = 20 };

static const struct message bad_json = {"said_bad_json", "this is no JSON: {0} (column {1})",
                                        "不是 JSON：{0}（第 {1} 列）"};

bool said_lines_begin(struct said_lines *lines, const char *name, struct text bytes,
                      const json_t *defaults)
{
    *lines = (struct said_lines){
        .name = name, .rest = bytes, .defaults = defaults, .bytes = malloc(SAID_LINE_BYTES)};
    return lines->bytes != NULL;
}

/* The first of them; a file of another kind would fill the screen with the rest. */
static void complain_here(struct said_lines *lines, const struct said_wrong *wrong)
{
    char place[PLACE_BYTES];

    if (lines->wrong++ >= TOLD_MAX) {
        return;
    }

    (void)snprintf(place, sizeof(place), "%s:%u", lines->name, lines->line);
    said_complain(place, wrong);
}

/* The line as an object; NULL: it is none. */
static json_t *parse(struct said_lines *lines, struct text line)
{
    json_error_t error;
    json_t *object = json_loadb(line.bytes, line.size, JSON_REJECT_DUPLICATES, &error);

    if (object == NULL) {
        struct said_wrong wrong = {.message = &bad_json};

        (void)snprintf(wrong.texts[0], sizeof(wrong.texts[0]), "%.150s", error.text);
        (void)snprintf(wrong.texts[1], sizeof(wrong.texts[1]), "%d", error.column);
        complain_here(lines, &wrong);
    }
    return object;
}

bool said_lines_next(struct said_lines *lines, struct duban_event *event)
{
    while (!text_empty(lines->rest)) {
        struct text line = text_trim(text_cut(lines->rest, '\n', &lines->rest));
        struct said_wrong wrong;

        lines->line++;
        json_decref(lines->object);
        lines->object = NULL;
        if (line.size > 0 && line.bytes[line.size - 1] == '\r') {
            line.size--;
        }
        if (line.size == 0 || line.bytes[0] == '#') {
            continue;
        }
        lines->object = parse(lines, line);
        if (lines->object == NULL) {
            continue;
        }
        arena_init_over(&lines->arena, lines->bytes, SAID_LINE_BYTES);
        if (lines->kept != NULL) {
            (void)json_array_append(lines->kept, lines->object);
        }
        if (said_read(lines->object, lines->defaults,
                      lines->shared != NULL ? lines->shared : &lines->arena, event, &wrong)) {
            return true;
        }
        complain_here(lines, &wrong);
    }
    return false;
}

void said_lines_end(struct said_lines *lines)
{
    json_decref(lines->object);
    free(lines->bytes);
    *lines = (struct said_lines){0};
}
