#include "codec/wording.h"

/* Names that words use, each once; at most as many as fit a notice's language twice. */
struct names {
    struct arena *arena;
    struct text *items;
    uint32_t count;
    uint32_t room;
};

enum { NAMES_MAX = 64 };

static void gather(struct names *names, struct text words)
{
    struct text name;
    size_t at = 0;

    while (wording_next_name(words, &at, &name)) {
        uint32_t i = 0;

        while (i < names->count && !text_equal(names->items[i], name)) {
            i++;
        }
        if (i == names->count && i < NAMES_MAX) {
            names->items[names->count++] = name;
        }
    }
}

/* What the checker wants to know of one notice, from its languages. */
static bool describe(const struct wordings *wordings, struct text name, struct arena *arena,
                     struct notice_words *words)
{
    struct names all = {.items = arena_take(arena, NAMES_MAX * sizeof(struct text))};
    struct names brief = {.items = arena_take(arena, NAMES_MAX * sizeof(struct text))};

    if (all.items == NULL || brief.items == NULL) {
        return false;
    }
    *words = (struct notice_words){.name = name};
    for (uint32_t i = 0; i < wordings->count; i++) {
        const struct wording *one = &wordings->items[i];

        if (text_equal(one->name, name)) {
            words->en = words->en || one->english;
            words->zh = words->zh || !one->english;
            gather(&brief, one->brief);
            gather(&all, one->brief);
            gather(&all, one->subject);
            gather(&all, one->body);
        }
    }
    words->values = all.items;
    words->value_count = all.count;
    words->brief_values = brief.items;
    words->brief_value_count = brief.count;
    return true;
}

static bool is_described(const struct wordings *wordings, struct text name)
{
    for (uint32_t i = 0; i < wordings->word_count; i++) {
        if (text_equal(wordings->words[i].name, name)) {
            return true;
        }
    }
    return false;
}

bool wordings_read(const struct source *const *sources, uint32_t count, struct arena *arena,
                   struct problem_list *problems, struct wordings *wordings)
{
    struct wording *items = arena_take_zeroed(arena, count + 1, sizeof(*items));
    struct notice_words *words = arena_take_zeroed(arena, count + 1, sizeof(*words));
    bool good = items != NULL && words != NULL;

    *wordings = (struct wordings){.items = items, .words = words};
    for (uint32_t i = 0; items != NULL && i < count; i++) {
        bool read = wording_read(sources[i], problems, &items[wordings->count]);

        wordings->count += read ? 1 : 0;
        good = good && read;
    }
    for (uint32_t i = 0; words != NULL && i < wordings->count; i++) {
        struct notice_words *one = &words[wordings->word_count];

        if (!is_described(wordings, items[i].name)) {
            good = describe(wordings, items[i].name, arena, one) && good;
            wordings->word_count++;
        }
    }
    if (wordings->word_count == 0) {
        wordings->words = NULL;
    }
    return good;
}

const struct wording *wordings_find(const struct wordings *wordings, struct text name,
                                    bool english)
{
    for (uint32_t i = 0; i < wordings->count; i++) {
        const struct wording *wording = &wordings->items[i];

        if (wording->english == english && text_equal(wording->name, name)) {
            return wording;
        }
    }
    return NULL;
}
