#include "address.h"
#include "answer.h"
#include "base/must.h"
#include "base/text.h"
#include "letter.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { FIELDS = 7, LINE_MAX_BYTES = 998 };

/* Any bytes, parted by NUL: what a job says, and what a server answers. */
struct input {
    char *bytes;
    const char *fields[FIELDS];
};

static void part(struct input *input, const uint8_t *bytes, size_t size)
{
    input->bytes = calloc(1, size + FIELDS);
    MUST(input->bytes != NULL);
    memcpy(input->bytes, bytes, size);
    input->fields[0] = input->bytes;
    for (int i = 1; i < FIELDS; i++) {
        input->fields[i] = input->fields[i - 1] + strlen(input->fields[i - 1]) + 1;
        if (input->fields[i] > input->bytes + size) {
            input->fields[i] = input->bytes + size;
        }
    }
}

/* ASCII in lines that end in CRLF and that every server takes. */
static void check_lines(const char *mail, size_t size)
{
    size_t line = 0;

    for (size_t i = 0; i < size; i++) {
        bool end = mail[i] == '\n';

        MUST(end || mail[i] == '\r' || (mail[i] >= ' ' && mail[i] < 0x7f));
        MUST(!end || (i > 0 && mail[i - 1] == '\r'));
        MUST(mail[i] != '\r' || (i + 1 < size && mail[i + 1] == '\n'));
        line = end ? 0 : line + 1;
        MUST(line <= LINE_MAX_BYTES);
    }
}

/* No value has become a header: those that are there are ours, in our order. */
static void check_headers(const char *mail)
{
    static const char *const names[] = {"Date: ",
                                        "From: ",
                                        "To: ",
                                        "Subject: ",
                                        "Message-ID: <",
                                        "Auto-Submitted: auto-generated\r\n",
                                        "Content-Language",
                                        "MIME-Version: 1.0\r\n",
                                        "Content-Type: ",
                                        "\r\n--=_duban\r\n"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        MUST(strncmp(mail, names[i], strlen(names[i])) == 0);
        do { /* over its line, and those that it is folded over */
            mail = strstr(mail, "\r\n") + 2;
        } while (*mail == ' ');
    }
}

/* A mail has two parts, whatever their words are. */
static void check_parts(const char *mail)
{
    uint32_t count = 0;

    for (const char *at = strstr(mail, "\r\n--=_duban"); at != NULL;
         at = strstr(at + 2, "\r\n--=_duban")) {
        count++;
    }
    MUST(count == 3);
}

static void check_letter(const char *const fields[FIELDS])
{
    const char *to = address_is_sound(fields[0]) ? fields[0] : "a@b.cn";
    const struct letter letter = {.from = "duban@b.cn",
                                  .from_name = fields[1],
                                  .to = to,
                                  .to_name = fields[2],
                                  .domain = "b.cn",
                                  .key = strlen(fields[3]) <= 95 ? fields[3] : "k",
                                  .language = "zh",
                                  .subject = fields[4],
                                  .body = fields[5]};
    char *mail;
    size_t size;

    for (const char *c = to; *c != '\0'; c++) {
        if ((unsigned char)*c >= 0x80) {
            return; /* such a one goes to servers that take more than ASCII */
        }
    }
    MUST(letter_write(&letter, &mail, &size));
    check_lines(mail, size);
    check_headers(mail);
    check_parts(mail);
    free(mail);
}

static void check_answer(const char *lines, const char *receiver)
{
    struct answer answer;
    struct smtp_result result;

    answer_init(&answer);
    while (*lines != '\0') {
        size_t size = strcspn(lines, "\n");

        size += lines[size] == '\n' ? 1 : 0;
        answer_take(&answer, lines, size);
        lines += size;
    }
    answer_tell(&answer, receiver, &result);
    MUST(text_is_utf8(text_of(result.words)));
    MUST(text_is_utf8(text_of(result.code)));
    MUST(strpbrk(result.words, "\r\n\t\x1b\x7f") == NULL);
    MUST(strchr(receiver, '@') == NULL || strstr(result.words, receiver) == NULL ||
         strstr("…?", receiver) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct input input;

    part(&input, bytes, size);
    check_letter(input.fields);
    check_answer(input.fields[6], input.fields[0]);
    free(input.bytes);
    return 0;
}
