#ifndef DUBAN_MAIL_LETTER_H
#define DUBAN_MAIL_LETTER_H

/*
 * One notice as a mail: its headers, its words as plain text and as plain HTML. The same job
 * gives the same Message-ID, so that a mail that goes out twice is taken for one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts end with NUL and are UTF-8; none is NULL, a name may be empty. */
struct letter {
    const char *from; /* an address; so is `to` */
    const char *from_name;
    const char *to;
    const char *to_name;
    const char *domain;   /* of the Message-ID */
    const char *key;      /* of the job: visible ASCII */
    const char *language; /* zh or en */
    const char *subject;
    const char *body;
    int64_t now_s; /* since 1970 */
};

/* Write it, with CRLF, into memory that the caller frees; false: there is not enough of it. */
bool letter_write(const struct letter *letter, char **bytes, size_t *size);

#endif
