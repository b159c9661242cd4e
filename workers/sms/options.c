#include "options.h"

#include "report.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { URL_BYTES = 512, WHY_BYTES = 1024 };

const struct worker_setting sms_settings[] = {
    {.name = "provider",
     .kind = WORKER_CHOICE,
     .choices = "kannel|mas|aliyun|tencent",
     .help = "who carries the SMS"},
    {.name = "url",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "where it listens; Aliyun and Tencent have their usual ones"},
    {.name = "user",
     .kind = WORKER_TEXT,
     .help = "user name; apId of 云MAS; AccessKey ID of Aliyun; SecretId of Tencent"},
    {.name = "secret", .kind = WORKER_SECRET, .help = "its password or key"},
    {.name = "sender",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "the number it comes from; the extension (addSerial) of 云MAS"},
    {.name = "sign",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "the approved signature; its code for 云MAS"},
    {.name = "app",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "ecName of 云MAS; SmsSdkAppId of Tencent"},
    {.name = "region", .kind = WORKER_TEXT, .usual = "ap-guangzhou", .help = "of Tencent"},
    {.name = "templates",
     .kind = WORKER_MAP,
     .usual = "",
     .help =
         "Aliyun, Tencent: by notice, its template's code and THEIRS=OURS for each parameter"},
    {.name = "notices",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "Aliyun, Tencent: the folder of notices that `templates` must cover"},
    {.name = "parts",
     .kind = WORKER_NUMBER,
     .usual = "3",
     .min = 1,
     .max = UNITS_PARTS_MAX,
     .help = "Kannel, 云MAS: longer words are cut to so many parts of 67 characters"},
    {.name = "reserved",
     .kind = WORKER_NUMBER,
     .usual = "0",
     .min = 0,
     .max = 40,
     .help = "Kannel, 云MAS: characters that the provider adds, for its signature"},
    {.name = "timeout",
     .kind = WORKER_SPAN,
     .usual = "15s",
     .min = 1000,
     .max = 120000,
     .help = "how long an answer may take; after it the SMS is in doubt"},
    {.name = "connect-timeout",
     .kind = WORKER_SPAN,
     .usual = "5s",
     .min = 100,
     .max = 60000,
     .help = "how long the connection may take"},
    {.name = "in-the-clear",
     .kind = WORKER_FLAG,
     .usual = "false",
     .help = "http:// also beyond this machine, where the network itself is trusted"},
    {.name = "ca",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "file of certificates to trust instead of the system's"},
    {.name = "proxy", .kind = WORKER_TEXT, .usual = "", .help = "HTTP proxy, as a URL"},
    {.name = "reports.listen",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "Kannel: take delivery reports at HOST:PORT, as in 127.0.0.1:13080"},
    {.name = "reports.url",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "how Kannel reaches that (http://HOST:PORT/report)"},
    {.name = "reports.events",
     .kind = WORKER_TEXT,
     .usual = "ipc:///run/duban/events.sock",
     .help = "the daemon's events door, where reports are told"},
    {0}};

/* What a provider cannot do without. */
static const struct {
    const char *driver;
    const char *setting;
    const char *why;
} needs[] = {
    {"kannel", "url", "needed, as in http://127.0.0.1:13013/cgi-bin/sendsms"},
    {"mas", "url", "needed, as the platform gave it, …/sms/norsubmit"},
    {"mas", "sign", "needed: the signature's code"},
    {"mas", "app", "needed: ecName, the enterprise's name at the platform"},
    {"aliyun", "sign", "needed: the approved sign name"},
    {"tencent", "sign", "needed: the approved sign name"},
    {"tencent", "app", "needed: SmsSdkAppId"},
    {"aliyun", "notices", "needed: the folder of notices, to see that none lacks a template"},
    {"tencent", "notices", "needed: the folder of notices, to see that none lacks a template"},
};

static bool has_what_it_needs(const struct worker_settings *settings, const char *driver)
{
    bool good = true;

    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        if (strcmp(needs[i].driver, driver) == 0 &&
            *worker_text(settings, needs[i].setting) == '\0') {
            worker_wrong(settings, needs[i].setting, needs[i].why);
            good = false;
        }
    }
    return good;
}

/* What stands behind the host is part of what is signed, and always the same. */
static bool ends_with_its_host(const char *url)
{
    const char *from = strstr(url, "://");

    return from != NULL && strpbrk(from + 3, "/?#") == NULL;
}

static bool read_url(const struct worker_settings *settings, struct sms_options *options)
{
    const char *url = worker_text(settings, "url");
    bool clear = worker_number(settings, "in-the-clear") != 0;

    options->account.url = *url == '\0' ? options->driver->url : url;
    url = options->account.url;
    if (options->driver->secured && !ends_with_its_host(url)) {
        worker_wrong(settings, "url", "only https://HOST, with nothing behind it");
        return false;
    }
    if (strncmp(url, "https://", 8) == 0 ||
        (strncmp(url, "http://", 7) == 0 && http_is_local(url))) {
        return true;
    }
    if (strncmp(url, "http://", 7) != 0) {
        worker_wrong(settings, "url", "neither https:// nor http://");
        return false;
    }
    if (options->driver->secured || !clear) {
        worker_wrong(
            settings, "url",
            options->driver->secured
                ? "https:// only: this provider has it"
                : "http:// beyond this machine: the secret and the words could be read "
                  "on the way; if the network is trusted, set in-the-clear: true");
        return false;
    }
    return true;
}

static bool read_templates(const struct worker_settings *settings, struct sms_options *options)
{
    char why[WHY_BYTES];
    const char *name;
    const char *line;
    uint32_t at = 0;

    while (worker_next(settings, "templates", &at, &name, &line)) {
        if (!templates_add(&options->templates, name, line, why, sizeof(why))) {
            worker_wrong(settings, "templates", why);
            return false;
        }
    }
    if (options->driver->templated &&
        !templates_complete(&options->templates, worker_text(settings, "notices"), why,
                            sizeof(why))) {
        worker_wrong(settings, "templates", why);
        return false;
    }
    return true;
}

static bool read_reports(const struct worker_settings *settings, struct sms_options *options)
{
    static char url[URL_BYTES]; /* as long as the program */
    const char *listen = worker_text(settings, "reports.listen");
    const char *given = worker_text(settings, "reports.url");

    options->reports = (struct listener_options){
        .listen = listen,
        .secret = options->account.secret,
        .events = worker_text(settings, "reports.events"),
    };
    options->account.reports = "";
    if (*listen == '\0') {
        return true;
    }
    if (options->driver != &sms_kannel) {
        worker_wrong(settings, "reports.listen",
                     "only Kannel reports this way; see docs/guide/send-sms.md for the others");
        return false;
    }
    (void)snprintf(url, sizeof(url), "http://%s" REPORT_PATH, listen);
    options->account.reports = *given == '\0' ? url : given;
    return true;
}

bool sms_options_read(const struct worker_settings *settings, struct sms_options *options)
{
    const struct sms_driver *driver = sms_driver(worker_text(settings, "provider"));

    *options = (struct sms_options){
        .driver = driver,
        .account = {.user = worker_text(settings, "user"),
                    .secret = worker_text(settings, "secret"),
                    .sender = worker_text(settings, "sender"),
                    .sign = worker_text(settings, "sign"),
                    .app = worker_text(settings, "app"),
                    .region = worker_text(settings, "region")},
        .parts_max = (uint32_t)worker_number(settings, "parts"),
        .reserved = (uint32_t)worker_number(settings, "reserved"),
        .http = {.ca = worker_text(settings, "ca"),
                 .proxy = worker_text(settings, "proxy"),
                 .connect_ms = (long)worker_number(settings, "connect-timeout"),
                 .timeout_ms = (long)worker_number(settings, "timeout")},
    };
    if (!has_what_it_needs(settings, driver->name) || !read_url(settings, options) ||
        !read_templates(settings, options) || !read_reports(settings, options)) {
        templates_fini(&options->templates);
        return false;
    }
    return true;
}
