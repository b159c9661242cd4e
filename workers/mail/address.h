#ifndef DUBAN_MAIL_ADDRESS_H
#define DUBAN_MAIL_ADDRESS_H

/*
 * A mail address as it may stand in a command to a server and in a header, without quotes:
 * visible characters around one @. Letters beyond ASCII are well where the server knows
 * SMTPUTF8.
 */
#include <stdbool.h>

#define ADDRESS_BYTES_MAX 254

/* Whether it is one. Then nothing in it ends a line, a word or an angle bracket. */
bool address_is_sound(const char *address);

/* Whether it names a machine in ASCII: labels with dots between, as in mail.gulou.example.cn,
 * or the numbers of an IPv4 or IPv6 address. */
bool address_is_host(const char *host);

#endif
