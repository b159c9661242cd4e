#include "net/endpoint.h"

#include "base/log.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char scheme[] = "ipc://";

static const struct message endpoint_tcp = {
    "endpoint_tcp",
    "TCP is not opened without keys, for it would be open to everybody: use ipc://",
    "没有密钥不开放 TCP，否则任何人都可连接：请用 ipc://"};
static const struct message endpoint_scheme = {
    "endpoint_scheme",
    "an endpoint is ipc:// and an absolute path, as in ipc:///run/duban/events.sock",
    "端点应为 ipc:// 加绝对路径，如 ipc:///run/duban/events.sock"};
static const struct message endpoint_long = {
    "endpoint_long", "the path is too long for a socket: at most 107 bytes",
    "套接字路径过长：最多 107 字节"};

const struct message *const *endpoint_messages(uint32_t *count)
{
    static const struct message *const messages[] = {&endpoint_tcp, &endpoint_scheme,
                                                     &endpoint_long};

    *count = sizeof(messages) / sizeof(messages[0]);
    return messages;
}

static const char *path_of(const char *endpoint)
{
    return endpoint + sizeof(scheme) - 1;
}

enum status endpoint_check(const char *endpoint, const struct message **why)
{
    const struct sockaddr_un address = {0};

    *why = NULL;
    if (strncmp(endpoint, "tcp://", 6) == 0) {
        *why = &endpoint_tcp;
    } else if (strncmp(endpoint, scheme, sizeof(scheme) - 1) != 0 ||
               *path_of(endpoint) != '/') {
        *why = &endpoint_scheme;
    } else if (strlen(path_of(endpoint)) >= sizeof(address.sun_path) ||
               strlen(endpoint) >= ENDPOINT_BYTES) {
        *why = &endpoint_long;
    }
    return *why == NULL ? STATUS_OK : STATUS_REFUSED;
}

static enum status failed(const char *path, const char *doing)
{
    log_error("door.failed path=\"%s\" doing=%s reason=\"%s\"", path, doing, strerror(errno));
    return STATUS_NETWORK;
}

/* Whether somebody listens there; *rc: why not. */
static bool is_answered(const char *path, int *why)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered = false;

    memcpy(address.sun_path, path, strlen(path) + 1);
    *why = 0;
    if (fd >= 0) {
        answered = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
    }
    if (!answered) {
        *why = errno;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return answered;
}

enum status endpoint_clear(const char *endpoint)
{
    const char *path = path_of(endpoint);
    struct stat about;
    int why;

    if (lstat(path, &about) != 0) {
        return errno == ENOENT ? STATUS_OK : failed(path, "look");
    }
    if (!S_ISSOCK(about.st_mode)) {
        log_error(
            "door.refused path=\"%s\" do=\"remove it: a file that is no socket is there\"",
            path);
        return STATUS_REFUSED;
    }
    if (is_answered(path, &why)) {
        log_error("door.refused path=\"%s\" do=\"stop the daemon that answers there, or give "
                  "this one a folder of its own: --run\"",
                  path);
        return STATUS_REFUSED;
    }
    if (why != ECONNREFUSED) {
        errno = why;
        return failed(path, "connect");
    }
    log_info("door.stale path=\"%s\"", path);
    return unlink(path) == 0 ? STATUS_OK : failed(path, "remove");
}

void endpoint_remove(const char *endpoint)
{
    (void)unlink(path_of(endpoint));
}

enum status endpoint_set_mode(const char *endpoint, mode_t mode)
{
    const char *path = path_of(endpoint);

    return chmod(path, mode) == 0 ? STATUS_OK : failed(path, "chmod");
}
