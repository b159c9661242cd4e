#include "templates.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_FILE_MAX = 16384, WHY_NAMES_SIZE = 400 };

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

/* What was found wrong, over all notices: those without a template, else the first wrong
 * value. */
struct finding {
    const struct templates *templates;
    const char *folder;
    char *why;
    size_t why_size;
    struct strip missing;
    char names[WHY_NAMES_SIZE];
    uint32_t notices;
    bool wrong;
};

static void check_words(struct finding *finding, const char *file, size_t name_size)
{
    const struct sms_template *zh = find(finding->templates, file, name_size, "");
    const struct sms_template *en = find(finding->templates, file, name_size, ".en");
    char *words = words_of(finding->folder, file);

    if (words == NULL) {
        (void)snprintf(finding->why, finding->why_size, "%s/%s cannot be read", finding->folder,
                       file);
        finding->wrong = true;
    } else if (!check_values(zh, words, finding->why, finding->why_size) ||
               (en != NULL && !check_values(en, words, finding->why, finding->why_size))) {
        finding->wrong = true;
    }
    free(words);
}

static void check_notice(struct finding *finding, const char *file, size_t name_size)
{
    finding->notices++;
    if (find(finding->templates, file, name_size, "") != NULL) {
        if (!finding->wrong) {
            check_words(finding, file, name_size);
        }
        return;
    }

    char name[WHY_NAMES_SIZE];

    (void)snprintf(name, sizeof(name), "%s%.*s", finding->names[0] == '\0' ? "" : ", ",
                   (int)name_size, file);
    strip_put(&finding->missing, name);
}

static bool conclude(struct finding *finding)
{
    if (finding->notices == 0) {
        (void)snprintf(finding->why, finding->why_size, "the folder %s has no NAME.zh.txt",
                       finding->folder);
        return false;
    }
    if (templates_find(finding->templates, TEMPLATE_DIGEST, false) == NULL) {
        strip_put(&finding->missing, finding->names[0] == '\0' ? "" : ", ");
        strip_put(&finding->missing, TEMPLATE_DIGEST " (several notices in one message)");
    }
    if (finding->names[0] != '\0') {
        (void)snprintf(finding->why, finding->why_size,
                       "no template stands for %s%s; add the code of each (notices of %s)",
                       finding->names, finding->missing.full ? ", …" : "", finding->folder);
        return false;
    }
    return !finding->wrong;
}

bool templates_complete(const struct templates *templates, const char *folder, char *why,
                        size_t why_size)
{
    static const char suffix[] = ".zh.txt";
    struct finding finding = {
        .templates = templates, .folder = folder, .why = why, .why_size = why_size};
    struct dirent **files = NULL;
    int count = scandir(folder, &files, NULL, alphasort);

    if (count < 0) {
        (void)snprintf(why, why_size, "the folder %s: %s", folder, strerror(errno));
        return false;
    }
    strip_begin(&finding.missing, finding.names, sizeof(finding.names));
    for (int i = 0; i < count; i++) {
        const char *file = files[i]->d_name;
        size_t size = strlen(file);

        if (size > sizeof(suffix) - 1 &&
            strcmp(file + size - (sizeof(suffix) - 1), suffix) == 0) {
            check_notice(&finding, file, size - (sizeof(suffix) - 1));
        }
        free(files[i]);
    }
    free(files);
    return conclude(&finding);
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
