#ifndef DUBAN_CODEC_WIRE_PARTS_H
#define DUBAN_CODEC_WIRE_PARTS_H

/* What wire.c and wire_work.c share. Nobody else includes this. */
#include "codec/wire.h"

#include <duban/v1/duban.pb-c.h>

/* The wire wants texts that end in a NUL; NULL when the arena is spent. */
char *wire_terminated(struct text text, struct arena *arena);
/* A frame in the arena; empty when it is spent. */
struct bytes wire_pack_reply(const Duban__V1__Reply *reply, struct arena *arena);
/* Hexadecimal digits of bytes; NULL when the arena is spent. */
const char *wire_hex(const ProtobufCBinaryData *data, struct arena *arena);

/* Whether it is one of a worker's verbs, which is then taken: *status, and *why it was not. */
bool wire_take_work(const Duban__V1__Request *wire, struct arena *arena,
                    struct wire_request *request, enum status *status,
                    const struct message **why);

/* What is asked and done about notices and people; false: this is another act, or question. */
bool wire_take_notices_act(const Duban__V1__Act *act, struct wire_request *request);
bool wire_take_notices_query(const Duban__V1__Query *asked, struct wire_query *query);

/* The words of what workers say wrong, beside those of wire.c. */
extern const struct message wire_hello;
extern const struct message wire_tokens;
extern const struct message wire_result;

#endif
