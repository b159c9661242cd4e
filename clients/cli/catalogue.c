#include "cli/catalogue.h"

#include "codec/wire.h"
#include "codec/wrong.h"
#include "core/guard.h"
#include "core/prove.h"
#include "core/reach.h"
#include "core/step.h"
#include "engine/engine.h"
#include "engine/filter.h"
#include "offline/parts.h"

#include <string.h>

/* What duban-store finds: its words alone are known here. */
static const struct message *audit_messages(uint32_t *count)
{
#define AUDIT_MESSAGE(word, en_words, zh_words) \
    {.code = #word, .en = (en_words), .zh = (zh_words)},
    static const struct message messages[] = {CHAIN_FAULTS(AUDIT_MESSAGE)
                                                  VERIFY_FAULTS(AUDIT_MESSAGE)};
#undef AUDIT_MESSAGE

    *count = sizeof(messages) / sizeof(messages[0]);
    return messages;
}

/* Modules lend their words as a list of addresses, or in a row, or one by one. */
static const struct {
    struct catalogue_part part;
    const struct message *const *(*listed)(uint32_t *count);
    const struct message *(*in_a_row)(uint32_t *count);
    const struct message *(*one)(enum wrong wrong);
} parts[] = {
    {.part = {"event", "an event was refused, or a part of it did nothing",
              "事件被拒绝，或其中一部分未生效"},
     .listed = step_messages},
    {.part = {"engine", "an event or an install was refused", "事件或安装被拒绝"},
     .listed = engine_messages},
    {.part = {"wire", "a message was refused before it was looked at", "报文未经审查即被拒绝"},
     .listed = wire_messages},
    {.part = {"file", "a file of procedures or configuration is wrong",
              "程序文件或配置文件有误"},
     .one = wrong_message},
    {.part = {"guard", "a condition in a procedure is wrong", "程序中的条件有误"},
     .in_a_row = guard_messages},
    {.part = {"filter", "a filter of cases was not understood", "案件筛选条件有误"},
     .listed = filter_messages},
    {.part = {"proof", "something could not be proved of a procedure", "程序未能通过证明"},
     .listed = prove_messages},
    {.part = {"reach", "a reminder or a rung reaches nobody", "提醒或督办无人可通知"},
     .listed = gap_messages},
    {.part = {"audit", "a store's journal or state is not what it should be",
              "存储的日志或状态有误"},
     .in_a_row = audit_messages},
};

/* The one at a place of a part; *count is how many the part has. */
static const struct message *message_of(size_t part, uint32_t at, uint32_t *count)
{
    *count = WRONG_COUNT;
    if (parts[part].listed != NULL) {
        const struct message *const *messages = parts[part].listed(count);

        return at < *count ? messages[at] : NULL;
    }
    if (parts[part].in_a_row != NULL) {
        const struct message *messages = parts[part].in_a_row(count);

        return at < *count ? &messages[at] : NULL;
    }
    return at < *count ? parts[part].one((enum wrong)at) : NULL;
}

const struct message *catalogue_message(uint32_t at, const struct catalogue_part **part)
{
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        uint32_t count;
        const struct message *message = message_of(i, at, &count);

        if (message != NULL) {
            *part = &parts[i].part;
            return message;
        }
        at -= count;
    }
    return NULL;
}

const struct advice *catalogue_advice_of(const char *code)
{
    for (uint32_t i = 0; i < catalogue_advice_count; i++) {
        if (strcmp(catalogue_advice[i].code, code) == 0) {
            return &catalogue_advice[i];
        }
    }
    return NULL;
}
