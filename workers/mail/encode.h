#ifndef DUBAN_MAIL_ENCODE_H
#define DUBAN_MAIL_ENCODE_H

/*
 * How Chinese travels in mail: encoded words in a header's line, base64 or quoted-printable in
 * a body, references in HTML. All texts are UTF-8. Whatever they hold, what is written is
 * visible ASCII in lines that we end: no value can become a header, a part or a mark-up.
 */
#include <stddef.h>
#include <stdio.h>

#define ENCODE_LINE_MAX 76 /* columns of a line of a header or of an encoded body */

/* The text of a header whose line is already `column` wide, which is little: as it is, or in
 * encoded words that are folded over several lines. The last line's end is the caller's. */
void encode_header(FILE *out, const char *text, size_t column);

/* A part's encoding header, an empty line, and its text in the shorter one of both encodings.
 * Line ends become CRLF. */
void encode_body(FILE *out, const char *text);

/* Text in HTML; its line ends become <br>. */
void encode_html(FILE *out, const char *text, size_t size);

#endif
