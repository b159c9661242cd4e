/* duban-sms: notices by SMS, over Kannel, 云MAS, Aliyun or Tencent Cloud. */
#include "options.h"

static bool begin(const struct worker_settings *settings, void **mine)
{
    struct sms_options options;

    if (!sms_options_read(settings, &options)) {
        return false;
    }
    if (worker_checking(settings)) {
        options.reports.listen = ""; /* the worker itself may be listening */
    }
    *mine = sms_open(&options);
    return *mine != NULL;
}

int main(int argc, char **argv)
{
    static const struct worker_program sms = {
        "sms", "sends notices by SMS", sms_settings, begin, sms_send, sms_close};

    return worker_main(&sms, argc, argv);
}
