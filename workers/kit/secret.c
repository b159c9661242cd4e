/* Secrets stand in files that nobody else may read, or come as systemd credentials. What is
 * wrong with one is told without a byte of it, and without the name that was given: whoever
 * wrote the secret itself there by mistake does not find it in a log. */
#include "settings.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, SECRET_BYTES_MAX = 4096 };

/* A path as it is; a word below systemd's folder. */
static const char *find_path(const char *name, char *room, const char **why)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");

    if (name[0] == '/') {
        return name;
    }
    if (strchr(name, '/') != NULL || name[0] == '.') {
        *why = "a secret is the path of a file, from / on, or the name of a systemd credential";
        return NULL;
    }
    if (folder == NULL || snprintf(room, PATH_BYTES, "%s/%s", folder, name) >= PATH_BYTES) {
        *why = "it is no path of a file, and there are no systemd credentials here: "
               "LoadCredential= in the unit gives them";
        return NULL;
    }
    return room;
}

static bool is_guarded(int fd, const char **why)
{
    struct stat about;

    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        *why = "its file is no regular file";
    } else if ((about.st_mode & 077) != 0) {
        *why = "others may read its file: chmod 0400";
    } else if (about.st_uid != 0 && about.st_uid != geteuid()) {
        *why = "its file belongs to somebody else: chown it to the worker's user";
    }
    return *why == NULL;
}

/* One line; its end is no part of the secret. */
static char *read_line(int fd, const char **why)
{
    char *bytes = calloc(1, SECRET_BYTES_MAX + 1);
    ssize_t size = bytes == NULL ? -1 : read(fd, bytes, SECRET_BYTES_MAX);

    if (size > 0 && bytes[size - 1] == '\n') {
        bytes[--size] = '\0';
    }
    if (size <= 0 || size == SECRET_BYTES_MAX || strlen(bytes) != (size_t)size ||
        strpbrk(bytes, "\r\n") != NULL) {
        *why = "its file is not one line of 1 to 4095 bytes";
        free(bytes);
        return NULL;
    }
    return bytes;
}

char *secret_read(const char *name, const char **why)
{
    char room[PATH_BYTES];
    const char *path;
    char *secret = NULL;

    *why = NULL;
    path = find_path(name, room, why);
    if (path == NULL) {
        return NULL;
    }

    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        *why = "its file cannot be opened";
        return NULL;
    }
    if (is_guarded(fd, why)) {
        secret = read_line(fd, why);
    }
    (void)close(fd);
    return secret;
}
