#include "report.h"

#include "sign.h"

#include <stdio.h>
#include <string.h>

#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"

void report_mark(const char *secret, const char *key, char mark[REPORT_MARK_SIZE])
{
    char text[256];
    char digest[SIGN_HEX_SIZE];

    /* Said of what it is, so that the secret's other uses can never yield the same. */
    (void)snprintf(text, sizeof(text), "duban delivery report %s", key);
    sign_hmac_hex(secret, strlen(secret), text, digest);
    memcpy(mark, digest, REPORT_MARK_SIZE - 1);
    mark[REPORT_MARK_SIZE - 1] = '\0';
}

bool report_marked(const char *secret, const char *key, const char *mark)
{
    char own[REPORT_MARK_SIZE];
    unsigned char differs = 0;

    if (strlen(mark) != sizeof(own) - 1) {
        return false;
    }
    report_mark(secret, key, own);
    for (size_t i = 0; i < sizeof(own) - 1; i++) {
        differs |= (unsigned char)(own[i] ^ mark[i]); /* no early end that could be timed */
    }
    return differs == 0;
}

bool report_query(const char *secret, const char *key, char query[REPORT_QUERY_SIZE])
{
    char mark[REPORT_MARK_SIZE];

    if (key[strspn(key, KEY_CHARACTERS)] != '\0') {
        return false;
    }
    report_mark(secret, key, mark);

    int size = snprintf(query, REPORT_QUERY_SIZE, "?key=%s&mark=%s&status=%%d", key, mark);

    return size > 0 && size < REPORT_QUERY_SIZE;
}

enum report_status report_kannel(const char *status)
{
    return strcmp(status, "1") == 0                                ? REPORT_DELIVERED
           : strcmp(status, "2") == 0 || strcmp(status, "16") == 0 ? REPORT_BOUNCED
                                                                   : REPORT_NOTHING;
}
