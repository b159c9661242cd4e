#include "number.h"

#include <string.h>

/* The digits without the signs that people put between; -1: something else stands there. */
static int digits_of(const char *written, char digits[24])
{
    int count = 0;
    bool inside = false; /* a plus comes first or not at all */

    for (const char *at = written; *at != '\0'; at++) {
        if (*at >= '0' && *at <= '9') {
            if (count == 23) {
                return -1;
            }
            digits[count++] = *at;
        } else if (*at == '+' ? inside : *at != ' ' && *at != '-') {
            return -1;
        }
        inside = inside || *at != ' ';
    }
    digits[count] = '\0';
    return count;
}

bool number_read(const char *written, char number[NUMBER_SIZE])
{
    char digits[24] = "";
    int count = digits_of(written, digits);
    const char *at = digits;

    if (count < 0) {
        return false;
    }
    if (strncmp(at, "0086", 4) == 0) {
        at += 4;
    } else if (strncmp(at, "86", 2) == 0) {
        at += 2;
    } else if (strchr(written, '+') != NULL) {
        return false; /* of another country */
    }
    if (strlen(at) != NUMBER_SIZE - 1 || at[0] != '1' || at[1] < '3') {
        return false;
    }
    memcpy(number, at, NUMBER_SIZE);
    return true;
}
