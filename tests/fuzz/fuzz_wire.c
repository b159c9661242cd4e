#include "base/must.h"
#include "codec/wire.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_work(const struct wire_request *request)
{
    const struct wire_work *work = &request->work;

    if (request->verb == WIRE_HELLO) {
        MUST(work->name.size > 0 && work->name.size <= WIRE_NAME_MAX);
        MUST(work->version.size <= WIRE_NAME_MAX);
        MUST(work->channel_count > 0 && work->channel_count <= WIRE_CHANNELS_MAX);
        MUST(work->token_count <= WIRE_TOKENS_MAX);
        for (uint32_t i = 0; i < work->channel_count; i++) {
            MUST(work->channels[i].size > 0 &&
                 work->channels[i].size <= WIRE_CHANNEL_BYTES_MAX);
        }
    } else if (request->verb == WIRE_TOUCH) {
        MUST(work->token_count <= WIRE_TOUCHED_MAX);
    } else if (request->verb == WIRE_RESULT) {
        MUST(work->key.size <= WIRE_KEY_BYTES_MAX);
        MUST(work->report.sha256.size == 0 || work->report.sha256.size == 64);
        MUST(text_is_utf8(work->report.words) && text_is_utf8(work->report.provider));
    }
}

/* Any frame is read or refused, with words; what is read keeps within the wire's limits, and the
 * frame costs no more than the arena. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint8_t memory[2 << 20];
    struct wire_request request;
    const struct message *why = NULL;
    struct arena arena;

    arena_init_over(&arena, memory, sizeof(memory));

    enum status status =
        wire_decode((struct bytes){.at = bytes, .size = size}, &arena, &request, &why);

    MUST(status == STATUS_OK || status == STATUS_NO_MEMORY || why != NULL);
    if (status == STATUS_OK) {
        MUST(request.submission_count <= BATCH_MAX);
        check_work(&request);
    }
    return 0;
}
