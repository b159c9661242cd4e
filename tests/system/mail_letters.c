/* Sends mails to a server as duban-mail does, and says what became of each: driven by mail_server.py.
 *
 *   mail_letters PORT TLS SECONDS [CA [USER SECRET]] <MAILS
 *
 * A mail is a line: its key, address, name, language, subject and the file of its body, with tabs
 * between. What is printed: the outcome, the code, the words. */
#include "letter.h"
#include "smtp.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIELDS = 6, BODY_MAX = 262144 };

static const char *const outcomes[] = {"sent", "refused", "later", "busy", "doubt"};

static enum smtp_tls tls_of(const char *word)
{
    return strcmp(word, "off") == 0      ? SMTP_TLS_OFF
           : strcmp(word, "wanted") == 0 ? SMTP_TLS_WANTED
           : strcmp(word, "direct") == 0 ? SMTP_TLS_DIRECT
                                         : SMTP_TLS_REQUIRED;
}

static void read_body(const char *path, char *body)
{
    FILE *file = fopen(path, "re");
    size_t size = file == NULL ? 0 : fread(body, 1, BODY_MAX - 1, file);

    if (file == NULL || fclose(file) != 0) {
        perror(path);
        exit(2);
    }
    body[size] = '\0';
}

static void send_one(struct smtp *smtp, char *line)
{
    static char body[BODY_MAX];
    char *fields[FIELDS];
    struct smtp_result result;
    char *mail;
    size_t size;

    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < FIELDS; i++) {
        fields[i] = line;
        line += strcspn(line, "\t");
        line += *line == '\t' ? (*line = '\0', 1) : 0;
    }
    read_body(fields[5], body);

    const struct letter letter = {.from = "duban@gulou.example.cn",
                                  .from_name = "鼓楼区城市管理局督办",
                                  .domain = "gulou.example.cn",
                                  .key = fields[0],
                                  .to = fields[1],
                                  .to_name = fields[2],
                                  .language = fields[3],
                                  .subject = fields[4],
                                  .body = body,
                                  .now_s = (int64_t)time(NULL)};

    if (!letter_write(&letter, &mail, &size)) {
        exit(2);
    }
    smtp_send(smtp, letter.to, mail, size, &result);
    free(mail);
    (void)printf("%s\t%s\t%s\n", outcomes[result.outcome], result.code, result.words);
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    const struct smtp_settings settings = {.server = "localhost",
                                           .port = (uint16_t)strtoul(argv[1], NULL, 10),
                                           .tls = tls_of(argv[2]),
                                           .milliseconds = strtol(argv[3], NULL, 10) * 1000,
                                           .ca = argc > 4 ? argv[4] : NULL,
                                           .user = argc > 5 ? argv[5] : NULL,
                                           .secret = argc > 6 ? argv[6] : NULL,
                                           .helo = "gulou.example.cn",
                                           .sender = "bounces@gulou.example.cn"};
    char line[4096];

    (void)signal(SIGPIPE, SIG_IGN);
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);

    struct smtp *smtp = smtp_open(&settings);

    if (smtp == NULL) {
        return 2;
    }
    while (fgets(line, sizeof(line), stdin) != NULL) {
        send_one(smtp, line);
    }
    smtp_close(smtp);
    curl_global_cleanup();
    return 0;
}
