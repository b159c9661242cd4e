#include "letter.h"

#include "encode.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* As RFC 5322 wants it: in English whatever the locale is. */
static void put_date(FILE *out, int64_t now_s)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = (time_t)now_s;
    struct tm utc;

    (void)gmtime_r(&now, &utc);
    (void)fprintf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[utc.tm_wday],
                  utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                  utc.tm_sec);
}

/* A name is folded from its address, so that neither makes the other's line too long. */
static void put_mailbox(FILE *out, const char *header, const char *name, const char *address)
{
    (void)fprintf(out, "%s: ", header);
    if (*name != '\0') {
        encode_header(out, name, strlen(header) + 2);
        (void)fputs("\r\n ", out);
    }
    (void)fprintf(out, "<%s>\r\n", address);
}

static void put_subject(FILE *out, const char *subject)
{
    (void)fputs("Subject: ", out);
    encode_header(out, subject, sizeof("Subject: ") - 1);
    (void)fputs("\r\n", out);
}

/* The key names the mail. What no Message-ID may hold is written as its number, so that
 * different keys stay different. */
static void put_message_id(FILE *out, const char *key, const char *domain)
{
    (void)fputs("Message-ID: <", out);
    for (const char *at = key; *at != '\0'; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || *at == '-' || *at == '_' ||
                     (*at == '.' && at > key && at[1] != '\0' && at[1] != '.');

        (void)fprintf(out, plain ? "%c" : "=%02x", (unsigned char)*at);
    }
    (void)fprintf(out, "@%s>\r\n", domain);
}

static const char *language_tag(const struct letter *letter)
{
    return strcmp(letter->language, "en") == 0 ? "en" : "zh-CN";
}

/* Without colours and sizes of its own: those of the reader's program are what he can read. */
static void put_page(FILE *out, const struct letter *letter)
{
    (void)fprintf(out,
                  "<!DOCTYPE html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\"><title>",
                  language_tag(letter));
    encode_html(out, letter->subject, strlen(letter->subject));
    (void)fputs("</title></head>\n<body>\n", out);

    const char *at = letter->body + strspn(letter->body, "\n");

    while (*at != '\0') { /* an empty line parts paragraphs */
        const char *end = strstr(at, "\n\n");
        size_t size = end == NULL ? strlen(at) : (size_t)(end - at);

        while (size > 0 && at[size - 1] == '\n') {
            size--;
        }
        (void)fputs("<p>", out);
        encode_html(out, at, size);
        (void)fputs("</p>\n", out);
        at += size;
        at += strspn(at, "\n");
    }
    (void)fputs("</body>\n</html>\n", out);
}

static void put_part(FILE *out, const char *boundary, const char *type, const char *text)
{
    (void)fprintf(out, "--%s\r\nContent-Type: %s; charset=utf-8\r\n", boundary, type);
    encode_body(out, text);
}

static void put_headers(FILE *out, const struct letter *letter)
{
    put_date(out, letter->now_s);
    put_mailbox(out, "From", letter->from_name, letter->from);
    put_mailbox(out, "To", letter->to_name, letter->to);
    put_subject(out, letter->subject);
    put_message_id(out, letter->key, letter->domain);
    /* No machine is to answer it: no notice of absence, no receipt. */
    (void)fprintf(out,
                  "Auto-Submitted: auto-generated\r\n"
                  "Content-Language: %s\r\n"
                  "MIME-Version: 1.0\r\n",
                  language_tag(letter));
}

/* Both encodings never write `=_`, so no text can hold the boundary. */
static void put_letter(FILE *out, const struct letter *letter, const char *page)
{
    static const char boundary[] = "=_duban";

    put_headers(out, letter);
    (void)fprintf(out, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n",
                  boundary);
    put_part(out, boundary, "text/plain", letter->body);
    put_part(out, boundary, "text/html", page);
    (void)fprintf(out, "--%s--\r\n", boundary);
}

/* Close a stream into memory; whether it took all that was written. */
static bool close_whole(FILE *out)
{
    bool whole = !ferror(out);

    return fclose(out) == 0 && whole;
}

static bool write_page(const struct letter *letter, char **page)
{
    size_t size;
    FILE *out = open_memstream(page, &size);

    if (out == NULL) {
        return false;
    }
    put_page(out, letter);
    return close_whole(out);
}

bool letter_write(const struct letter *letter, char **bytes, size_t *size)
{
    char *page = NULL;
    char *mail = NULL;
    size_t mail_size = 0;
    FILE *out = write_page(letter, &page) ? open_memstream(&mail, &mail_size) : NULL;
    bool written = false;

    if (out != NULL) {
        put_letter(out, letter, page);
        written = close_whole(out);
    }
    free(page);
    if (!written) {
        free(mail);
        return false;
    }
    *bytes = mail;
    *size = mail_size;
    return true;
}
