#include "net/supervisor.h"

#include "base/text.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { LINES_BYTES = 256 };

void supervisor_tell(const char *lines)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = path == NULL ? 0 : strlen(path);

    if (size < 2 || size >= sizeof(address.sun_path) || (*path != '/' && *path != '@')) {
        return;
    }
    memcpy(address.sun_path, path, size);
    if (*path == '@') { /* an abstract name begins with a NUL, and ends where it ends */
        address.sun_path[0] = '\0';
    }

    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd >= 0) {
        (void)sendto(fd, lines, strlen(lines), MSG_NOSIGNAL, (const struct sockaddr *)&address,
                     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size));
        (void)close(fd);
    }
}

/* A record takes some ten microseconds; a slow machine may take a hundred times that. */
void supervisor_recovers(uint64_t record_count)
{
    const uint64_t usec = 30000000 + record_count * 1000;
    char lines[LINES_BYTES];

    (void)snprintf(lines, sizeof(lines),
                   "EXTEND_TIMEOUT_USEC=%llu\nSTATUS=recovering %llu records",
                   (unsigned long long)usec, (unsigned long long)record_count);
    supervisor_tell(lines);
}

void supervisor_reloads(void)
{
    struct timespec now;
    char lines[LINES_BYTES];

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    (void)snprintf(lines, sizeof(lines), "RELOADING=1\nMONOTONIC_USEC=%lld",
                   (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    supervisor_tell(lines);
}

int64_t supervisor_watchdog_ms(void)
{
    int64_t usec = 0;
    int64_t pid = 0;
    const char *whose = getenv("WATCHDOG_PID");

    if (!text_to_integer(text_of(getenv("WATCHDOG_USEC")), &usec) || usec < 1000) {
        return 0;
    }
    if (whose != NULL && (!text_to_integer(text_of(whose), &pid) || pid != getpid())) {
        return 0; /* it was meant for another process */
    }
    return usec / 1000;
}
