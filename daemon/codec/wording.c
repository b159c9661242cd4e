#include "codec/wording.h"

#include "base/bytes.h"
#include "codec/wrong.h"

#include <string.h>

static const struct text separator = TEXT_INIT("---");

static bool ends(struct text text, struct text end)
{
    return text.size >= end.size &&
           text_equal(text_part(text, text.size - end.size, end.size), end);
}

bool wording_of_path(struct text path, struct text *name, bool *english)
{
    size_t file = path.size;

    while (file > 0 && path.bytes[file - 1] != '/') {
        file--;
    }

    struct text folder = text_part(path, 0, file);
    struct text own = text_part(path, file, path.size);

    *english = ends(own, TEXT(".en.txt"));
    if ((!text_is(folder, "notices/") && !ends(folder, TEXT("/notices/"))) ||
        (!*english && !ends(own, TEXT(".zh.txt"))) || own.size <= strlen(".zh.txt")) {
        return false;
    }
    *name = text_part(own, 0, own.size - strlen(".zh.txt"));
    return true;
}

static bool is_name(struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.bytes[i];

        if (!(byte >= 'a' && byte <= 'z') && byte != '_' &&
            !(i > 0 && byte >= '0' && byte <= '9')) {
            return false;
        }
    }
    return text.size > 0;
}

/* Where `wanted` stands in the text from `from` on; its size where it does not. */
static size_t find(struct text text, size_t from, struct text wanted)
{
    for (size_t i = from; i + wanted.size <= text.size; i++) {
        if (memcmp(text.bytes + i, wanted.bytes, wanted.size) == 0) {
            return i;
        }
    }
    return text.size;
}

/* The next `{{…}}` from *at on; *open is where it begins. An unfinished one has no name. */
static bool next_braces(struct text words, size_t *at, size_t *open, struct text *name)
{
    *open = find(words, *at, TEXT("{{"));
    if (*open == words.size) {
        return false;
    }

    size_t close = find(words, *open + 2, TEXT("}}"));

    *name =
        close == words.size ? (struct text){0} : text_part(words, *open + 2, close - *open - 2);
    *at = close == words.size ? close : close + 2;
    return true;
}

bool wording_next_name(struct text words, size_t *at, struct text *name)
{
    size_t open;

    return next_braces(words, at, &open, name);
}

/* The mark of a place within the source. */
static struct mark mark_of(const struct source *source, const char *place)
{
    struct mark mark = {.source = source, .line = 1, .column = 1};

    for (const char *at = source->bytes.bytes; at < place; at++) {
        if (*at == '\n') {
            mark.line++;
            mark.column = 1;
        } else if (((unsigned char)*at & 0xc0) != 0x80) {
            mark.column++;
        }
    }
    return mark;
}

struct reading_words {
    const struct source *source;
    struct problem_list *problems;
    bool good;
};

static void tell_at(struct reading_words *reading, enum wrong wrong, const char *place,
                    struct text about)
{
    wrong_tell(reading->problems, wrong, mark_of(reading->source, place), about,
               (struct text){0});
    reading->good = false;
}

static void check_names(struct reading_words *reading, struct text words)
{
    struct text name;
    size_t at = 0;
    size_t open;

    while (next_braces(words, &at, &open, &name)) {
        if (!is_name(name)) {
            tell_at(reading, WRONG_WORDING_NAME, words.bytes + open, name);
        }
    }
}

/* Every line but the last ends in a line feed; nothing else below a space stands in it. */
static void check_bytes(struct reading_words *reading, struct text bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned char byte = (unsigned char)bytes.bytes[i];

        if ((byte < ' ' && byte != '\n') || byte == 0x7f) {
            tell_at(reading, WRONG_WORDING_CONTROL, bytes.bytes + i, (struct text){0});
            return;
        }
    }
}

static struct text without_line_ends(struct text text)
{
    while (text.size > 0 && text.bytes[text.size - 1] == '\n') {
        text.size--;
    }
    while (text.size > 0 && text.bytes[0] == '\n') {
        text = text_part(text, 1, text.size);
    }
    return text;
}

/* Split at the line of dashes, and the long form behind its first line. */
static void split(struct reading_words *reading, struct wording *wording)
{
    struct text bytes = reading->source->bytes;
    struct text rest = bytes;

    while (rest.size > 0) {
        struct text from = rest;
        struct text line = text_cut(rest, '\n', &rest);

        if (text_equal(line, separator)) {
            wording->brief =
                without_line_ends(text_part(bytes, 0, (size_t)(from.bytes - bytes.bytes)));
            wording->subject = text_cut(without_line_ends(rest), '\n', &rest);
            wording->body = without_line_ends(rest);
            return;
        }
    }
    tell_at(reading, WRONG_WORDING_SPLIT, bytes.bytes, (struct text){0});
}

static void check_parts(struct reading_words *reading, const struct wording *wording)
{
    const char *start = reading->source->bytes.bytes;

    if (text_empty(wording->brief) || text_empty(wording->subject) ||
        text_empty(wording->body)) {
        tell_at(reading, WRONG_WORDING_PART, start,
                text_empty(wording->brief)     ? TEXT("brief")
                : text_empty(wording->subject) ? TEXT("subject")
                                               : TEXT("body"));
    }
    if (wording->brief.size > WORDING_BRIEF_BYTES_MAX) {
        tell_at(reading, WRONG_WORDING_BRIEF, start, (struct text){0});
    }
    check_names(reading, wording->brief);
    check_names(reading, wording->subject);
    check_names(reading, wording->body);
}

static void name_version(struct text bytes, char version[WORDING_VERSION_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    struct digest digest =
        digest_of((struct bytes){.at = (const uint8_t *)bytes.bytes, .size = bytes.size});

    for (size_t i = 0; i < WORDING_VERSION_SIZE - 1; i++) {
        version[i] = digits[digest.bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
    }
    version[WORDING_VERSION_SIZE - 1] = '\0';
}

bool wording_read(const struct source *source, struct problem_list *problems,
                  struct wording *wording)
{
    struct reading_words reading = {.source = source, .problems = problems, .good = true};
    struct text bytes = source->bytes;

    *wording = (struct wording){0};
    if (!wording_of_path(source->name, &wording->name, &wording->english)) {
        tell_at(&reading, WRONG_WORDING_PATH, bytes.bytes, source->name);
        return false;
    }
    if (bytes.size > WORDING_BYTES_MAX || !text_is_utf8(bytes)) {
        tell_at(&reading, WRONG_WORDING_TEXT, bytes.bytes, (struct text){0});
        return false;
    }
    check_bytes(&reading, bytes);
    if (reading.good) {
        split(&reading, wording);
    }
    if (reading.good) {
        check_parts(&reading, wording);
    }
    name_version(bytes, wording->version);
    return reading.good;
}

/* Characters of several bytes that would end a line or turn the direction of what follows:
 * C1 controls, U+2028, U+2029, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069, U+FEFF. */
static size_t is_mischief(struct text text)
{
    const unsigned char *at = (const unsigned char *)text.bytes;

    if (text.size >= 2 && at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0) {
        return 2;
    }
    if (text.size < 3) {
        return 0;
    }
    if (at[0] == 0xe2 && at[1] == 0x80 &&
        (at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xa8 && at[2] <= 0xae))) {
        return 3;
    }
    if ((at[0] == 0xe2 && at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9) ||
        (at[0] == 0xef && at[1] == 0xbb && at[2] == 0xbf)) {
        return 3;
    }
    return 0;
}

/* Copy a value, tamed; the answer is the size, never more than the value's. */
static size_t put_value(struct text value, char *room)
{
    size_t size = 0;

    for (size_t i = 0; i < value.size;) {
        unsigned char byte = (unsigned char)value.bytes[i];
        size_t passed = is_mischief(text_part(value, i, value.size));

        if (passed > 0) {
            i += passed;
            continue;
        }
        if (byte >= ' ' && byte != 0x7f) {
            room[size++] = value.bytes[i];
        } else if (size > 0 && room[size - 1] != ' ') {
            room[size++] = ' ';
        }
        i++;
    }
    return size;
}

static struct text value_of(struct text name, const struct filling *fillings, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(fillings[i].name, name)) {
            return fillings[i].value;
        }
    }
    return (struct text){0};
}

static size_t filled_bytes(struct text words, const struct filling *fillings, uint32_t count)
{
    size_t bytes = words.size;
    struct text name;
    size_t at = 0;

    while (wording_next_name(words, &at, &name)) {
        bytes += value_of(name, fillings, count).size;
    }
    return bytes;
}

/* Whether a line names values, and none of them has anything to say. */
static bool says_nothing(struct text line, const struct filling *fillings, uint32_t count)
{
    struct text name;
    size_t at = 0;
    bool named = false;

    while (wording_next_name(line, &at, &name)) {
        named = true;
        if (!text_empty(value_of(name, fillings, count))) {
            return false;
        }
    }
    return named;
}

static size_t fill_line(struct text line, const struct filling *fillings, uint32_t count,
                        char *room)
{
    size_t size = 0;
    size_t at = 0;
    size_t open;
    struct text name;

    for (size_t from = 0;; from = at) {
        bool more = next_braces(line, &at, &open, &name);

        memcpy(room + size, line.bytes + from, open - from);
        size += open - from;
        if (!more) {
            return size;
        }
        size += put_value(value_of(name, fillings, count), room + size);
    }
}

struct text wording_fill(struct text words, const struct filling *fillings, uint32_t count,
                         struct arena *arena)
{
    char *room = arena_take(arena, filled_bytes(words, fillings, count) + 2);
    bool alone = find(words, 0, TEXT("\n")) == words.size;
    size_t size = 0;
    struct text rest = words;

    while (room != NULL && rest.size > 0) {
        struct text line = text_cut(rest, '\n', &rest);

        if (alone || !says_nothing(line, fillings, count)) {
            size += fill_line(line, fillings, count, room + size);
            room[size++] = '\n';
        }
    }
    return (struct text){.bytes = room, .size = size > 0 ? size - 1 : 0};
}
