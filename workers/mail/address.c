#include "address.h"

#include <stddef.h>
#include <string.h>

enum { LOCAL_BYTES_MAX = 64, LABEL_BYTES_MAX = 63 };

/* Beyond ASCII a server judges; what comes as text is UTF-8 already. */
static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c >= 0x80;
}

static bool is_local(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool dot = bytes[i] == '.';

        if (bytes[i] == '\0' || (!dot && !is_letter((unsigned char)bytes[i]) &&
                                 strchr("!#$%&'*+-/=?^_`{|}~", bytes[i]) == NULL)) {
            return false;
        }
        if (dot && (i == 0 || i + 1 == size || bytes[i - 1] == '.')) {
            return false;
        }
    }
    return size > 0 && size <= LOCAL_BYTES_MAX;
}

static bool is_domain(const char *domain)
{
    size_t label = 0;

    for (const char *at = domain; *at != '\0'; at++) {
        if (*at == '.') {
            if (label == 0 || at[-1] == '-') {
                return false;
            }
            label = 0;
            continue;
        }
        if (!is_letter((unsigned char)*at) && (*at != '-' || label == 0)) {
            return false;
        }
        if (++label > LABEL_BYTES_MAX) {
            return false;
        }
    }
    return label > 0 && domain[strlen(domain) - 1] != '-';
}

bool address_is_sound(const char *address)
{
    const char *at = strrchr(address, '@');

    return at != NULL && strlen(address) <= ADDRESS_BYTES_MAX &&
           is_local(address, (size_t)(at - address)) && is_domain(at + 1);
}

bool address_is_host(const char *host)
{
    size_t size = strlen(host);

    if (strchr(host, ':') != NULL) {
        return strspn(host, "0123456789abcdefABCDEF:.") == size;
    }
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)host[i] >= 0x80) {
            return false;
        }
    }
    return size <= ADDRESS_BYTES_MAX && is_domain(host);
}
