#ifndef DUBAN_SMS_DRIVER_H
#define DUBAN_SMS_DRIVER_H

/*
 * A provider of SMS as two pure functions: what it is asked, and what its answer means. Neither
 * knows the network nor the clock, so each can be held against the provider's own SDK. Adding a
 * provider is a file with these two, and a row in drivers.c.
 */
#include "request.h"
#include "worker.h"

#include <stdbool.h>
#include <stdint.h>

#define SMS_TEXT_SIZE  2048 /* of UNITS_PARTS_MAX parts */
#define SMS_PARAMS_MAX 16
#define SMS_NONCE_SIZE 33

/* How one of our templates is known to a provider that sends approved words only. */
struct sms_template {
    const char *name;                       /* ours; with `.en` of the English words */
    const char *code;                       /* the provider's */
    const char *theirs[SMS_PARAMS_MAX + 1]; /* the names of its parameters; NULL ends them */
    const char *ours[SMS_PARAMS_MAX + 1];   /* … which of our values fills each */
};

/* What we are to a provider. Texts are "" where they were not given. */
struct sms_account {
    const char *url;
    const char *user;    /* user name, apId, AccessKey id, SecretId */
    const char *secret;  /* its password or key: never in a log, a URL, or words */
    const char *sender;  /* the number it comes from; 云MAS: the extension */
    const char *sign;    /* the signature's name; 云MAS: its code */
    const char *app;     /* 云MAS: the enterprise's name; Tencent: SmsSdkAppId */
    const char *region;  /* Tencent */
    const char *reports; /* Kannel: where reports are to come, up to the `?`; "": nowhere */
};

/* One SMS to one number. */
struct sms {
    const char *key;                     /* ours: the same for every attempt */
    const char *number;                  /* 13800000001 */
    const char *text;                    /* cut to what the account allows */
    const struct sms_template *template; /* of providers that have templates; else NULL */
    const char *values[SMS_PARAMS_MAX];  /* of its parameters */
    int64_t now_ms;
    const char *nonce; /* a word that no other request has */
};

struct sms_driver {
    const char *name;
    bool templated;  /* it sends approved templates, no words of ours */
    bool secured;    /* https only, but for this machine */
    const char *url; /* usual; NULL: it must be given */
    void (*ask)(const struct sms_account *account, const struct sms *sms,
                struct request *request);
    void (*judge)(const struct answer *answer, struct worker_result *result);
};

extern const struct sms_driver sms_kannel;
extern const struct sms_driver sms_mas;
extern const struct sms_driver sms_aliyun;
extern const struct sms_driver sms_tencent;

/* By name; NULL: there is none. */
const struct sms_driver *sms_driver(const char *name);

/*
 * What a provider's code means. The first row that matches wins; one that ends on `*` matches
 * all that begins so. The words are for the operator, who may read either language.
 */
struct sms_code {
    const char *code;
    enum sms_outcome {
        SMS_NEVER,     /* this message to this number will never be sent */
        SMS_LATER,     /* the fault is ours or theirs, not the message's */
        SMS_THROTTLED, /* too much at once */
        SMS_DOUBT      /* it may have been sent */
    } outcome;
    const char *words;
};

void sms_judge_as(const struct sms_code *meaning, const char *code,
                  struct worker_result *result);
/* Fill the result by the table. An unknown code was at least a refusal: later. */
void sms_judge_code(const struct sms_code *codes, const char *code,
                    struct worker_result *result);
/* Whatever was answered, no provider's code was in it. */
void sms_judge_status(const struct answer *answer, struct worker_result *result);

#endif
