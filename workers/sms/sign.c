#include "sign.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void print_hex(const uint8_t *bytes, size_t size, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * size] = '\0';
}

/* Without its digests the library is of no use, and nothing else would be right. */
static void must(int done, const char *what)
{
    if (!done) {
        fprintf(stderr, "duban-sms: OpenSSL has no %s\n", what);
        abort();
    }
}

void sign_hmac(const void *key, size_t key_size, const char *text, uint8_t out[SIGN_BYTES])
{
    unsigned int size = SIGN_BYTES;

    must(HMAC(EVP_sha256(), key, (int)key_size, (const unsigned char *)text, strlen(text), out,
              &size) != NULL,
         "HMAC-SHA256");
}

void sign_hmac_hex(const void *key, size_t key_size, const char *text, char out[SIGN_HEX_SIZE])
{
    uint8_t digest[SIGN_BYTES];

    sign_hmac(key, key_size, text, digest);
    print_hex(digest, sizeof(digest), out);
}

void sign_sha256_hex(const char *text, char out[SIGN_HEX_SIZE])
{
    uint8_t digest[SIGN_BYTES];

    must(EVP_Digest(text, strlen(text), digest, NULL, EVP_sha256(), NULL), "SHA-256");
    print_hex(digest, sizeof(digest), out);
}

void sign_md5_hex(const char *text, char out[SIGN_MD5_SIZE])
{
    uint8_t digest[16];

    must(EVP_Digest(text, strlen(text), digest, NULL, EVP_md5(), NULL), "MD5");
    print_hex(digest, sizeof(digest), out);
}

void sign_utc(int64_t ms, char out[SIGN_UTC_SIZE])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;

    (void)gmtime_r(&seconds, &tm);
    if (strftime(out, SIGN_UTC_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
        out[0] = '\0';
    }
}

void sign_utc_date(int64_t ms, char out[SIGN_DATE_SIZE])
{
    char utc[SIGN_UTC_SIZE];

    sign_utc(ms, utc);
    memcpy(out, utc, SIGN_DATE_SIZE - 1);
    out[SIGN_DATE_SIZE - 1] = '\0';
}
