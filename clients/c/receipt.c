/* Receipts as a program keeps them: one block each, so that one free ends it. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

/* A block being filled: reasons first, then the texts. */
struct block {
    struct answer *answer;
    struct duban_reason *reasons;
    char *at;
};

static size_t bytes_of(const char *text)
{
    return strlen(text) + 1;
}

static size_t bytes_of_reasons(Duban__V1__Reason *const *reasons, size_t count)
{
    size_t bytes = count * sizeof(struct duban_reason);

    for (size_t i = 0; i < count; i++) {
        bytes += bytes_of(reasons[i]->code) + bytes_of(reasons[i]->zh) +
                 bytes_of(reasons[i]->en) + bytes_of(reasons[i]->law);
    }
    return bytes;
}

static const char *put(struct block *block, const char *text)
{
    char *copy = block->at;
    size_t size = bytes_of(text);

    memcpy(copy, text, size);
    block->at += size;
    return copy;
}

static bool begin(struct block *block, size_t reason_count, size_t bytes)
{
    block->answer = calloc(1, sizeof(struct answer) + bytes);
    if (block->answer == NULL) {
        return false;
    }
    block->reasons = (struct duban_reason *)(block->answer + 1);
    block->at = (char *)(block->reasons + reason_count);
    return true;
}

static const struct duban_reason *put_reasons(struct block *block,
                                              Duban__V1__Reason *const *from, size_t count)
{
    struct duban_reason *to = block->reasons;

    for (size_t i = 0; i < count; i++) {
        to[i].code = put(block, from[i]->code);
        to[i].zh = put(block, from[i]->zh);
        to[i].en = put(block, from[i]->en);
        to[i].law = put(block, from[i]->law);
    }
    block->reasons += count;
    return to;
}

struct answer *answer_of(const Duban__V1__Receipt *receipt, uint64_t ticket)
{
    struct block block;
    size_t bytes = bytes_of_reasons(receipt->reasons, receipt->n_reasons) +
                   bytes_of_reasons(receipt->nothing, receipt->n_nothing) +
                   bytes_of(receipt->id) + bytes_of(receipt->stage);

    if (!begin(&block, receipt->n_reasons + receipt->n_nothing, bytes)) {
        return NULL;
    }
    block.answer->receipt = (struct duban_receipt){
        .verdict = (enum duban_verdict)receipt->verdict,
        .first = (enum duban_verdict)(receipt->first != 0 ? receipt->first : receipt->verdict),
        .ticket = ticket,
        .id = put(&block, receipt->id),
        .seq = receipt->seq,
        .revision = receipt->revision,
        .stage = put(&block, receipt->stage),
        .next_due_ms = receipt->next_at_ms,
        .generation = receipt->generation,
        .reasons = put_reasons(&block, receipt->reasons, receipt->n_reasons),
        .reason_count = receipt->n_reasons,
        .nothings = put_reasons(&block, receipt->nothing, receipt->n_nothing),
        .nothing_count = receipt->n_nothing,
    };
    return block.answer;
}

struct answer *answer_of_error(const Duban__V1__Error *error, uint64_t ticket)
{
    static const char code[] = "wrong_request";
    struct block block;
    size_t bytes = sizeof(struct duban_reason) + sizeof(code) + bytes_of(error->zh) +
                   bytes_of(error->en) + bytes_of("");

    if (!begin(&block, 1, bytes)) {
        return NULL;
    }
    block.reasons[0] = (struct duban_reason){.code = put(&block, code),
                                             .zh = put(&block, error->zh),
                                             .en = put(&block, error->en),
                                             .law = put(&block, "")};
    block.answer->receipt = (struct duban_receipt){
        .verdict = DUBAN_WRONG,
        .first = DUBAN_WRONG,
        .ticket = ticket,
        .id = block.reasons[0].law,
        .stage = block.reasons[0].law,
        .reasons = block.reasons,
        .reason_count = 1,
    };
    return block.answer;
}

void duban_receipt_free(struct duban_receipt *receipt)
{
    if (receipt != NULL) {
        free((char *)receipt - offsetof(struct answer, receipt));
    }
}
