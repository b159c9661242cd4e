#include "core/problem.h"

#include "base/must.h"

#include <string.h>

enum { WORD_MAX = 48 };

void problem_list_init(struct problem_list *list, struct arena *arena)
{
    *list = (struct problem_list){.arena = arena};
}

static struct text keep(struct arena *arena, struct text text)
{
    const char *copy = arena_copy(arena, text.bytes, text.size);

    return copy == NULL ? (struct text){0} : (struct text){.bytes = copy, .size = text.size};
}

void problem_add(struct problem_list *list, enum severity severity,
                 const struct message *message, struct mark mark, const struct text *arguments,
                 uint32_t argument_count)
{
    MUST(argument_count <= PROBLEM_ARGUMENTS);

    list->count++;
    list->error_count += severity == PROBLEM_ERROR;
    if (list->count > PROBLEMS_MAX) {
        return;
    }

    struct problem *problem = arena_take_zeroed(list->arena, 1, sizeof(*problem));

    if (problem == NULL) {
        return;
    }
    problem->message = message;
    problem->severity = severity;
    problem->mark = mark;
    for (uint32_t i = 0; i < argument_count; i++) {
        problem->arguments[i] = keep(list->arena, arguments[i]);
    }
    if (list->last == NULL) {
        list->first = problem;
    } else {
        list->last->next = problem;
    }
    list->last = problem;
}

void problem_error(struct problem_list *list, const struct message *message, struct mark mark,
                   struct text argument)
{
    problem_add(list, PROBLEM_ERROR, message, mark, &argument, 1);
}

size_t message_print(const char *words, const struct text *arguments, char *out, size_t size)
{
    size_t at = 0;

    MUST(size > 0);
    for (const char *c = words; *c != '\0' && at + 1 < size; c++) {
        bool hole = c[0] == '{' && c[1] >= '0' && c[1] < '0' + PROBLEM_ARGUMENTS && c[2] == '}';

        if (!hole) {
            out[at++] = *c;
            continue;
        }

        struct text argument = arguments[c[1] - '0'];
        size_t room = size - 1 - at;
        size_t taken = argument.size < room ? argument.size : room;

        if (taken > 0) {
            memcpy(out + at, argument.bytes, taken);
        }
        at += taken;
        c += 2;
    }
    out[at] = '\0';
    return at;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Edits (a letter more, less or other) that make one word of the other; words are short. */
static uint32_t edits(struct text a, struct text b)
{
    uint32_t row[WORD_MAX + 1];

    for (uint32_t j = 0; j <= b.size; j++) {
        row[j] = j;
    }
    for (uint32_t i = 1; i <= a.size; i++) {
        uint32_t diagonal = row[0];

        row[0] = i;
        for (uint32_t j = 1; j <= b.size; j++) {
            uint32_t above = row[j];
            uint32_t change = diagonal + (a.bytes[i - 1] != b.bytes[j - 1]);

            row[j] = least(least(above, row[j - 1]) + 1, change);
            diagonal = above;
        }
    }
    return row[b.size];
}

struct text nearest_word(struct text word, const struct text *candidates, uint32_t count)
{
    struct text nearest = {0};
    uint32_t best = (uint32_t)least((uint32_t)word.size, WORD_MAX) / 3 + 1;

    if (word.size > WORD_MAX) {
        return nearest;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (candidates[i].size > WORD_MAX) {
            continue;
        }

        uint32_t distance = edits(word, candidates[i]);

        if (distance <= best && distance < word.size) {
            best = distance == 0 ? 0 : distance - 1;
            nearest = candidates[i];
        }
        if (distance == 0) {
            break;
        }
    }
    return nearest;
}
