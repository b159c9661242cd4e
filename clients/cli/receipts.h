#ifndef DUBAN_CLI_RECEIPTS_H
#define DUBAN_CLI_RECEIPTS_H

/* What became of an event, told to people and to programs. */
#include <duban.h>
#include <jansson.h>
#include <stdbool.h>

/* Whether the event was taken, now or before. */
bool receipt_is_good(const struct duban_receipt *receipt);
/* "applied", for programs. */
const char *receipt_verdict(enum duban_verdict verdict);
/* The same in the reader's language. */
const char *receipt_verdict_words(const struct duban_receipt *receipt);

/* Some lines. */
void receipt_print(const struct duban_receipt *receipt);
/* Its reasons alone, each on a line of its own after `indent`. */
void receipt_print_reasons(const struct duban_receipt *receipt, const char *indent);
/* {"id", "verdict", "first", "seq", "revision", "stage", "reasons": [{"code", "en", "zh",
 * "law"}], "no_effect": [same], "next_due", "generation"} */
json_t *receipt_json(const struct duban_receipt *receipt);

#endif
