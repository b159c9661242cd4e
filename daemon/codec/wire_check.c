#include "codec/wire_check.h"

#include "base/text.h"

const struct message wire_broken = {"frame_broken", "the frame is no duban.v1 message",
                                    "该帧不是 duban.v1 消息"};
const struct message wire_deep = {"frame_deep", "the message nests too deep", "消息嵌套过深"};
const struct message wire_many = {"frame_many", "the message has too many fields",
                                  "消息的字段过多"};
const struct message wire_text = {"frame_text",
                                  "a text is not UTF-8, or holds control characters",
                                  "文字不是 UTF-8 编码，或含有控制字符"};

/* Where reading stands: one level for each message that is open. */
struct level {
    const ProtobufCMessageDescriptor *message;
    const uint8_t *end;
};

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

static bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
        uint8_t byte = *(*at)++;

        *number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

/* No control characters but line feed and tab, which a note may hold. */
static bool is_clean(struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = (uint8_t)text.bytes[i];

        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f) {
            return false;
        }
    }
    return text_is_utf8(text);
}

static bool skip(const uint8_t **at, const uint8_t *end, uint64_t bytes)
{
    if (bytes > (uint64_t)(end - *at)) {
        return false;
    }
    *at += bytes;
    return true;
}

/* A length-delimited field: a text is looked at, a message opens a level, the rest is
 * passed. */
static const struct message *check_bytes(const uint8_t **at, struct level *levels,
                                         uint32_t *depth, const ProtobufCFieldDescriptor *field)
{
    const uint8_t *end = levels[*depth].end;
    uint64_t size;

    if (!read_varint(at, end, &size) || size > (uint64_t)(end - *at)) {
        return &wire_broken;
    }
    if (field != NULL && field->type == PROTOBUF_C_TYPE_MESSAGE) {
        if (*depth + 1 == WIRE_DEPTH_MAX) {
            return &wire_deep;
        }
        levels[++*depth] = (struct level){.message = field->descriptor, .end = *at + size};
        return NULL;
    }
    if (field != NULL && field->type == PROTOBUF_C_TYPE_STRING &&
        !is_clean((struct text){.bytes = (const char *)*at, .size = (size_t)size})) {
        return &wire_text;
    }
    *at += size;
    return NULL;
}

static const struct message *check_field(const uint8_t **at, struct level *levels,
                                         uint32_t *depth)
{
    const uint8_t *end = levels[*depth].end;
    uint64_t tag;
    uint64_t ignored;

    if (!read_varint(at, end, &tag) || tag >> 3 == 0 || tag >> 3 > UINT32_MAX >> 3) {
        return &wire_broken;
    }
    switch (tag & 7) {
    case WIRE_VARINT:
        return read_varint(at, end, &ignored) ? NULL : &wire_broken;
    case WIRE_FIXED64:
        return skip(at, end, 8) ? NULL : &wire_broken;
    case WIRE_FIXED32:
        return skip(at, end, 4) ? NULL : &wire_broken;
    case WIRE_BYTES:
        return check_bytes(at, levels, depth,
                           protobuf_c_message_descriptor_get_field(levels[*depth].message,
                                                                   (unsigned)(tag >> 3)));
    default:
        return &wire_broken; /* groups are long gone */
    }
}

const struct message *wire_check(struct bytes frame, const ProtobufCMessageDescriptor *message)
{
    struct level levels[WIRE_DEPTH_MAX] = {{.message = message, .end = frame.at + frame.size}};
    const uint8_t *at = frame.at;
    uint32_t depth = 0;

    for (uint32_t fields = 0;; fields++) {
        while (at == levels[depth].end) {
            if (depth == 0) {
                return NULL;
            }
            depth--;
        }
        if (fields == WIRE_FIELDS_MAX) {
            return &wire_many;
        }

        const struct message *wrong = check_field(&at, levels, &depth);

        if (wrong != NULL) {
            return wrong;
        }
    }
}
