#include "cli/send.h"

#include "cli/out.h"
#include "cli/receipts.h"
#include "cli/words.h"
#include "core/date.h"

#include <stdio.h>

static const struct message cannot_connect = {"send_cannot_connect",
                                              "the events door {0} cannot be used: {1}",
                                              "事件通道 {0} 无法使用：{1}"};
static const struct message no_receipt = {
    "send_no_receipt",
    "no daemon answers at {0}: whether the event was taken is not known. Look whether duband "
    "runs (duban status), then say the same again, which does nothing twice: add --id {1} "
    "--at {2}",
    "{0} 处没有守护进程应答：事件是否已受理尚不可知。请先确认 duband 在运行（duban status），"
    "再原样重发，不会重复办理：加上 --id {1} --at {2}"};

enum exit_code send_connect(const struct arguments *arguments,
                            char endpoint[CONTROL_ENDPOINT_BYTES], struct duban **duban)
{
    enum exit_code code = control_reach(arguments, "events", endpoint);

    if (code != EXIT_DONE) {
        return code;
    }
    if (duban_open(duban, endpoint, NULL) != DUBAN_OK) {
        complain(&cannot_connect,
                 (const char *[]){endpoint, duban_error(words_language() == LANGUAGE_ZH)});
        return EXIT_NO_DAEMON;
    }
    return EXIT_DONE;
}

static void print(const struct duban_receipt *receipt)
{
    if (out_format() == OUT_JSON) {
        out_json(receipt_json(receipt));
    } else {
        receipt_print(receipt);
    }
}

enum exit_code send_one(const struct arguments *arguments, const struct duban_event *event)
{
    char endpoint[CONTROL_ENDPOINT_BYTES];
    char at[INSTANT_TEXT_SIZE];
    struct duban *duban;
    struct duban_receipt *receipt;
    enum exit_code code = send_connect(arguments, endpoint, &duban);

    if (code != EXIT_DONE) {
        return code;
    }
    if (duban_send(duban, event, SEND_WAIT_MS, &receipt) == DUBAN_OK) {
        print(receipt);
        code = receipt_is_good(receipt) ? EXIT_DONE : EXIT_REFUSED;
    } else {
        (void)instant_print(event->occurred_at_ms, SAID_ZONE_MS, at);
        complain(&no_receipt, (const char *[]){endpoint, event->id, at});
        code = EXIT_NO_DAEMON;
    }
    duban_receipt_free(receipt);
    duban_close(duban);
    return code;
}
