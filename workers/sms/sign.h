#ifndef DUBAN_SMS_SIGN_H
#define DUBAN_SMS_SIGN_H

/* What requests are signed with; by OpenSSL. */
#include <stddef.h>
#include <stdint.h>

#define SIGN_BYTES     32
#define SIGN_HEX_SIZE  65 /* small digits and NUL */
#define SIGN_MD5_SIZE  33
#define SIGN_UTC_SIZE  21 /* 2026-05-31T01:02:03Z */
#define SIGN_DATE_SIZE 11

void sign_hmac(const void *key, size_t key_size, const char *text, uint8_t out[SIGN_BYTES]);
void sign_hmac_hex(const void *key, size_t key_size, const char *text, char out[SIGN_HEX_SIZE]);
void sign_sha256_hex(const char *text, char out[SIGN_HEX_SIZE]);
/* MD5 proves nothing any more; 云MAS asks for it. */
void sign_md5_hex(const char *text, char out[SIGN_MD5_SIZE]);

/* The instant in UTC, and its date. */
void sign_utc(int64_t ms, char out[SIGN_UTC_SIZE]);
void sign_utc_date(int64_t ms, char out[SIGN_DATE_SIZE]);

#endif
