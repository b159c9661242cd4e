#ifndef DUBAN_SMS_TEMPLATES_H
#define DUBAN_SMS_TEMPLATES_H

/*
 * Which of a provider's approved templates stands for which of our notices. A line of
 * settings is
 *
 *     clock_near: SMS_154950909 case=case clock=clock day=last_day left=left
 *
 * the provider's code, then its parameters, each with the name of our value that fills it;
 * `left` alone is `left=left`. For a provider that knows parameters by number their order
 * decides.
 */
#include "driver.h"

#include <stddef.h>

#define TEMPLATES_MAX   200
#define TEMPLATE_DIGEST "digest" /* of a message that carries several notices */

struct templates {
    struct sms_template items[TEMPLATES_MAX];
    char *lines[TEMPLATES_MAX]; /* owned: what the items point into */
    uint32_t count;
};

/* Take a line; false: it is none, and `why` says why not. */
bool templates_add(struct templates *templates, const char *name, const char *line, char *why,
                   size_t why_size);
void templates_fini(struct templates *templates);

/* The template of a notice, in English where it must be and there is one; NULL: there is
 * none. */
const struct sms_template *templates_find(const struct templates *templates, const char *name,
                                          bool english);

/* Hold them against the words of our notices, all the NAME.zh.txt of a folder: each has its
 * template, and none asks for a value that its notice does not have. */
bool templates_complete(const struct templates *templates, const char *folder, char *why,
                        size_t why_size);

/* The values of a template's parameters, from a job's. What has none is said by a dash: an
 * empty parameter is refused by providers. */
void templates_fill(const struct sms_template *template, const struct worker_job *job,
                    char count[12], const char *values[SMS_PARAMS_MAX]);

#endif
