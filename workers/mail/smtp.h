#ifndef DUBAN_MAIL_SMTP_H
#define DUBAN_MAIL_SMTP_H

/*
 * Mails to one server, over one connection that is kept from each to the next and made anew
 * when it is gone. One thread at a time; SIGPIPE is to be ignored by the program.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum smtp_tls {
    SMTP_TLS_REQUIRED, /* STARTTLS, or no mail */
    SMTP_TLS_WANTED,   /* STARTTLS where the server offers it */
    SMTP_TLS_OFF,
    SMTP_TLS_DIRECT /* from the first byte, as on port 465 */
};

/* Texts are borrowed for smtp_open. */
struct smtp_settings {
    const char *server; /* a host's name, or its number */
    uint16_t port;
    enum smtp_tls tls;
    const char *ca;       /* file of the certificates that are trusted; NULL: the system's */
    const char *user;     /* NULL: without a login */
    const char *secret;   /* the user's */
    const char *helo;     /* this machine's name to the server */
    const char *sender;   /* of the envelope: where bounces go */
    int64_t milliseconds; /* that one mail may take */
};

#define SMTP_CODE_SIZE  65
#define SMTP_WORDS_SIZE 257

enum smtp_outcome {
    SMTP_SENT,    /* the server has it, and said so */
    SMTP_REFUSED, /* this mail or this receiver, for good */
    SMTP_LATER,   /* not now; or our own settings are refused, which somebody will mend */
    SMTP_BUSY,    /* the server takes no mail at all for now */
    SMTP_DOUBT    /* all of it went out, and no answer came */
};

/* Of the server or of libcurl: on one line, UTF-8, and the receiver is left out. */
struct smtp_result {
    enum smtp_outcome outcome;
    char code[SMTP_CODE_SIZE]; /* as in `550 5.1.1`; or one word of ours */
    char words[SMTP_WORDS_SIZE];
};

struct smtp;

/* NULL: there is no memory, or libcurl cannot do what the settings want. */
struct smtp *smtp_open(const struct smtp_settings *settings);
/* Says good-bye to the server. NULL is fine. */
void smtp_close(struct smtp *smtp);

/* Send what letter_write wrote to an address that is sound. */
void smtp_send(struct smtp *smtp, const char *to, const char *bytes, size_t size,
               struct smtp_result *result);

#endif
