#ifndef DUBAN_SMS_OPTIONS_H
#define DUBAN_SMS_OPTIONS_H

/* The settings of duban-sms: the table for the kit, and what is made of it. */
#include "program.h"
#include "sms.h"

extern const struct worker_setting sms_settings[];

/* False: something is wrong, which was told with its place. To be given to sms_open. */
bool sms_options_read(const struct worker_settings *settings, struct sms_options *options);

#endif
