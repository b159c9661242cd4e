#include "templates.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_FILE_MAX 16384

/* The next word of a line, cut out of it; NULL: there is none. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " ");
    size_t size = strcspn(word, " ");

    if (size == 0) {
        return NULL;
    }
    *rest = word + size + (word[size] == '\0' ? 0 : 1);
    word[size] = '\0';
    return word;
}

static bool read_line(struct sms_template *template, char *line, char *why, size_t why_size)
{
    uint32_t count = 0;
    char *word;

    template->code = next_word(&line);
    if (template->code == NULL) {
        (void)snprintf(why, why_size, "%s: the provider's template code is missing",
                       template->name);
        return false;
    }
    while ((word = next_word(&line)) != NULL) {
        char *equals = strchr(word, '=');

        if (count == SMS_PARAMS_MAX || word[0] == '=' || (equals != NULL && equals[1] == 0)) {
            (void)snprintf(why, why_size, "%s: at most %d parameters, each THEIRS=OURS",
                           template->name, SMS_PARAMS_MAX);
            return false;
        }
        if (equals != NULL) {
            *equals = '\0';
        }
        template->theirs[count] = word;
        template->ours[count] = equals == NULL ? word : equals + 1;
        count++;
    }
    return true;
}

bool templates_add(struct templates *templates, const char *name, const char *line, char *why,
                   size_t why_size)
{
    struct sms_template *template = &templates->items[templates->count];

    if (templates->count == TEMPLATES_MAX) {
        (void)snprintf(why, why_size, "more than %d templates", TEMPLATES_MAX);
        return false;
    }

    char *own = strdup(line);

    *template = (struct sms_template){.name = name};
    if (own == NULL || !read_line(template, own, why, why_size)) {
        free(own);
        return false;
    }
    templates->lines[templates->count++] = own;
    return true;
}

void templates_fini(struct templates *templates)
{
    for (uint32_t i = 0; i < templates->count; i++) {
        free(templates->lines[i]);
    }
    templates->count = 0;
}

static const struct sms_template *find(const struct templates *templates, const char *name,
                                       size_t size, const char *suffix)
{
    for (uint32_t i = 0; i < templates->count; i++) {
        const char *candidate = templates->items[i].name;

        if (strncmp(candidate, name, size) == 0 && strcmp(candidate + size, suffix) == 0) {
            return &templates->items[i];
        }
    }
    return NULL;
}

const struct sms_template *templates_find(const struct templates *templates, const char *name,
                                          bool english)
{
    const struct sms_template *template =
        english ? find(templates, name, strlen(name), ".en") : NULL;

    return template != NULL ? template : find(templates, name, strlen(name), "");
}

/* The words of a notice, or NULL. To be given to free(). */
static char *words_of(const char *folder, const char *file)
{
    char path[4096];
    int size = snprintf(path, sizeof(path), "%s/%s", folder, file);
    FILE *in = size < 0 || (size_t)size >= sizeof(path) ? NULL : fopen(path, "re");
    char *words = calloc(1, WORDS_FILE_MAX);

    if (in == NULL || words == NULL ||
        (fread(words, 1, WORDS_FILE_MAX - 1, in) == 0 && ferror(in))) {
        free(words);
        words = NULL;
    }
    if (in != NULL) {
        (void)fclose(in);
    }
    return words;
}

static bool has_value(const char *words, const char *name)
{
    char wanted[128];

    (void)snprintf(wanted, sizeof(wanted), "{{%s}}", name);
    return strcmp(name, "count") == 0 || strcmp(name, "agency") == 0 ||
           strcmp(name, "receiver") == 0 || strstr(words, wanted) != NULL;
}

static bool check_values(const struct sms_template *template, const char *words, char *why,
                         size_t why_size)
{
    for (size_t i = 0; template->ours[i] != NULL; i++) {
        if (!has_value(words, template->ours[i])) {
            (void)snprintf(why, why_size, "%s: its notice has no value {{%s}}", template->name,
                           template->ours[i]);
            return false;
        }
    }
    return true;
}

/* Both languages of a notice. */
static bool check_notice(const struct templates *templates, const char *folder,
                         const char *file, size_t name_size, char *why, size_t why_size)
{
    const struct sms_template *zh = find(templates, file, name_size, "");
    const struct sms_template *en = find(templates, file, name_size, ".en");

    if (zh == NULL) {
        (void)snprintf(why, why_size,
                       "%.*s: no template stands for this notice of %s; add its code",
                       (int)name_size, file, folder);
        return false;
    }

    char *words = words_of(folder, file);

    if (words == NULL) {
        (void)snprintf(why, why_size, "%s/%s cannot be read", folder, file);
        return false;
    }

    bool good = check_values(zh, words, why, why_size) &&
                (en == NULL || check_values(en, words, why, why_size));

    free(words);
    return good;
}

bool templates_complete(const struct templates *templates, const char *folder, char *why,
                        size_t why_size)
{
    static const char suffix[] = ".zh.txt";
    DIR *dir = opendir(folder);
    bool good = true;
    uint32_t count = 0;

    if (dir == NULL) {
        (void)snprintf(why, why_size, "the folder %s: %s", folder, strerror(errno));
        return false;
    }
    for (struct dirent *at = readdir(dir); good && at != NULL; at = readdir(dir)) {
        size_t size = strlen(at->d_name);

        if (size > sizeof(suffix) - 1 &&
            strcmp(at->d_name + size - (sizeof(suffix) - 1), suffix) == 0) {
            good = check_notice(templates, folder, at->d_name, size - (sizeof(suffix) - 1), why,
                                why_size);
            count++;
        }
    }
    (void)closedir(dir);
    if (good && count == 0) {
        (void)snprintf(why, why_size, "the folder %s has no NAME.zh.txt", folder);
        return false;
    }
    if (good && templates_find(templates, TEMPLATE_DIGEST, false) == NULL) {
        (void)snprintf(why, why_size,
                       TEMPLATE_DIGEST
                       ": no template stands for several notices in one message");
        return false;
    }
    return good;
}

static const char *value_of(const struct worker_job *job, const char *name)
{
    for (uint32_t i = 0; i < job->value_count; i++) {
        if (strcmp(job->names[i], name) == 0 && *job->values[i] != '\0') {
            return job->values[i];
        }
    }
    return "-";
}

void templates_fill(const struct sms_template *template, const struct worker_job *job,
                    char count[12], const char *values[SMS_PARAMS_MAX])
{
    (void)snprintf(count, 12, "%u", job->notices);
    for (size_t i = 0; template->ours[i] != NULL; i++) {
        values[i] =
            strcmp(template->ours[i], "count") == 0 ? count : value_of(job, template->ours[i]);
    }
}
