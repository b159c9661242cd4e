#ifndef DUBAN_SMS_SMS_H
#define DUBAN_SMS_SMS_H

/* duban-sms without its command line: a job in, an SMS out, what became of it back. */
#include "driver.h"
#include "http.h"
#include "listener.h"
#include "templates.h"
#include "worker.h"

struct sms_options {
    const struct sms_driver *driver;
    struct sms_account account;
    uint32_t parts_max; /* of free words */
    uint32_t reserved;  /* units of the first part that the provider fills: its signature */
    struct templates templates; /* taken by sms_open */
    struct http_options http;
    struct listener_options reports; /* `listen` empty: none are taken */
};

struct sms_sender;

/* NULL: it cannot, which was logged. Texts are borrowed until it is closed. */
struct sms_sender *sms_open(const struct sms_options *options);
/* A job of the kit's; `mine` is what sms_open gave. */
void sms_send(void *mine, const struct worker_job *job, struct worker_result *result);
void sms_close(void *mine);

#endif
