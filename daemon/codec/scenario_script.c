#include "codec/scenario_parts.h"

#include <string.h>

enum { KEYS_MAX = 40, WORDS_BYTES_MAX = 400, LIST_MAX = 200 };

#define SCENARIO_MESSAGE(word, en_words, zh_words) \
    const struct message scenario_##word = {       \
        .code = "scenario_" #word, .en = en_words, .zh = zh_words};
SCENARIO_MESSAGES(SCENARIO_MESSAGE)
#undef SCENARIO_MESSAGE

void script_wrong(struct script *script, const struct message *message, struct mark mark,
                  struct text argument)
{
    problem_error(script->problems, message, mark, argument);
}

bool script_is_map(struct script *script, const struct node *node)
{
    if (node->kind != NODE_MAP) {
        script_wrong(script, &scenario_map, node->mark, (struct text){0});
        return false;
    }
    return true;
}

bool script_is_list(struct script *script, const struct node *node)
{
    if (node->kind != NODE_LIST) {
        script_wrong(script, &scenario_list, node->mark, (struct text){0});
        return false;
    }
    return true;
}

struct text script_text(struct script *script, const struct node *node)
{
    if (node->kind != NODE_SCALAR) {
        script_wrong(script, &scenario_scalar, node->mark, (struct text){0});
        return (struct text){0};
    }
    return node->text;
}

/* The keys there are, in one line. */
static struct text list_keys(struct script *script, const char *const *keys)
{
    char room[WORDS_BYTES_MAX];
    size_t at = 0;

    for (uint32_t i = 0; keys[i] != NULL; i++) {
        size_t size = strlen(keys[i]);

        if (at + size + 2 > sizeof(room)) {
            break;
        }
        if (i > 0) {
            memcpy(room + at, ", ", 2);
            at += 2;
        }
        memcpy(room + at, keys[i], size);
        at += size;
    }

    const char *copy = arena_copy(script->arena, room, at);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : at};
}

static void refuse_key(struct script *script, const struct node *entry, const char *const *keys)
{
    struct text candidates[KEYS_MAX];
    uint32_t count = 0;

    while (keys[count] != NULL && count < KEYS_MAX) {
        candidates[count] = text_of(keys[count]);
        count++;
    }

    struct text near = nearest_word(entry->key, candidates, count);
    struct text arguments[] = {entry->key, text_empty(near) ? list_keys(script, keys) : near};

    problem_add(script->problems, PROBLEM_ERROR,
                text_empty(near) ? &scenario_key : &scenario_near_key, entry->key_mark,
                arguments, 2);
}

void script_keys(struct script *script, const struct node *map, const char *const *keys)
{
    for (const struct node *entry = map->first; entry != NULL; entry = entry->next) {
        uint32_t i = 0;

        while (keys[i] != NULL && !text_is(entry->key, keys[i])) {
            i++;
        }
        if (keys[i] == NULL) {
            refuse_key(script, entry, keys);
        }
    }
}

const struct text *script_texts(struct script *script, const struct node *node, uint32_t *count)
{
    uint32_t size = node->kind == NODE_LIST ? node->size : 1;
    struct text *texts = arena_take_zeroed(script->arena, size, sizeof(*texts));
    const struct node *child = node->kind == NODE_LIST ? node->first : node;

    *count = 0;
    if (size > LIST_MAX) {
        script_wrong(script, &scenario_many, node->mark, TEXT("200"));
        return texts;
    }
    for (uint32_t i = 0; texts != NULL && i < size; i++, child = child->next) {
        texts[(*count)++] = script_text(script, child);
    }
    return texts;
}

struct text script_value(struct script *script, const struct node *node)
{
    uint32_t count;
    size_t size = 0;

    if (node->kind == NODE_SCALAR) {
        return node->text;
    }

    const struct text *texts = script_texts(script, node, &count);

    for (uint32_t i = 0; i < count; i++) {
        size += texts[i].size + 1;
    }

    char *joined = arena_take(script->arena, size + 1);
    size_t at = 0;

    for (uint32_t i = 0; joined != NULL && i < count; i++) {
        if (i > 0) {
            joined[at++] = ',';
        }
        if (texts[i].size > 0) {
            memcpy(joined + at, texts[i].bytes, texts[i].size);
        }
        at += texts[i].size;
    }
    return (struct text){.bytes = joined, .size = at};
}

int64_t script_instant(struct script *script, const struct node *node)
{
    struct text text = script_text(script, node);
    int64_t at_ms = INSTANT_NONE;

    if (!text_empty(text) && !instant_parse(text, SCENARIO_ZONE_MS, &at_ms)) {
        script_wrong(script, &scenario_instant, node->mark, text);
    }
    return at_ms;
}

int64_t script_span(struct script *script, const struct node *node)
{
    struct text text = script_text(script, node);
    struct length length = {0};

    if (!length_parse(text, &length) ||
        (!length_is_exact(length) && length.unit != LENGTH_DAYS)) {
        script_wrong(script, &scenario_span, node->mark, text);
        return 0;
    }
    return length_is_exact(length) ? length_ms(length) : (int64_t)length.count * DAY_MS;
}
