#include "cli/width.h"

#include <utf8proc.h>

/* The first character's columns; *size is how many bytes it takes. */
static uint32_t first_width(struct text text, size_t *size)
{
    utf8proc_int32_t character = 0;
    utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)text.bytes,
                                              (utf8proc_ssize_t)text.size, &character);

    if (taken <= 0 || character < 0x20 || character == 0x7f) {
        *size = 1;
        return 1;
    }
    *size = (size_t)taken;
    return (uint32_t)utf8proc_charwidth(character);
}

uint32_t width_of(struct text text)
{
    uint32_t width = 0;

    while (text.size > 0) {
        size_t size;

        width += first_width(text, &size);
        text = text_part(text, size, text.size);
    }
    return width;
}

void width_print(FILE *out, struct text text, uint32_t width)
{
    uint32_t taken = width_of(text);

    (void)fprintf(out, "%.*s", TEXT_ARGS(text));
    (void)fprintf(out, "%*s", taken < width ? (int)(width - taken) : 1, "");
}

void width_print_blank(FILE *out, struct text text, uint32_t characters)
{
    for (uint32_t i = 0; i < characters && text.size > 0; i++) {
        size_t size;
        uint32_t width = first_width(text, &size);

        (void)fprintf(out, "%*s", (int)width, "");
        text = text_part(text, size, text.size);
    }
}
