#ifndef DUBAN_CODEC_WIRE_CHECK_H
#define DUBAN_CODEC_WIRE_CHECK_H

/*
 * What protobuf-c does not look at, found on the raw bytes and along the message's descriptor:
 * nesting, counts, texts that are no clean UTF-8 (an embedded NUL would cut them silently).
 */
#include "base/bytes.h"
#include "core/problem.h"

#include <protobuf-c/protobuf-c.h>

#define WIRE_DEPTH_MAX  6
#define WIRE_FIELDS_MAX 40000 /* of one frame */

/* NULL: nothing is wrong. */
const struct message *wire_check(struct bytes frame, const ProtobufCMessageDescriptor *message);

/* The words, beside those of wire.c. */
extern const struct message wire_broken;
extern const struct message wire_deep;
extern const struct message wire_many;
extern const struct message wire_text;

#endif
