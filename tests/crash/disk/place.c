#define _DEFAULT_SOURCE /* mkdtemp, MAP_ANONYMOUS */
#include "crash/disk/place.h"

#include "crash/disk/io.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(bool well, const char *what)
{
    if (!well) {
        perror(what);
        exit(1);
    }
}

struct shared_life *place_open(struct place *place)
{
    bool in_memory = access("/dev/shm", W_OK) == 0;
    struct shared_life *life =
        mmap(NULL, sizeof(*life), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    must(life != MAP_FAILED, "mmap");
    (void)snprintf(place->store, sizeof(place->store), "%s/duban-crash-XXXXXX",
                   in_memory ? "/dev/shm" : "/tmp");
    must(mkdtemp(place->store) != NULL, "mkdtemp");
    (void)snprintf(place->again, sizeof(place->again), "%s-again", place->store);
    must(mkdir(place->again, 0700) == 0, "mkdir");
    return life;
}

static void remove_files(const char *path)
{
    DIR *folder = opendir(path);

    must(folder != NULL, "opendir");
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] != '.') {
            must(unlinkat(dirfd(folder), entry->d_name, 0) == 0, "unlink");
        }
    }
    (void)closedir(folder);
}

void place_empty(const struct place *place)
{
    remove_files(place->store);
    remove_files(place->again);
}

void place_close(const struct place *place)
{
    place_empty(place);
    (void)rmdir(place->store);
    (void)rmdir(place->again);
}

/* What a child says on stderr is of no use a thousand times. */
static void be_quiet(void)
{
    int nothing = open("/dev/null", O_WRONLY);

    (void)dup2(nothing, STDERR_FILENO);
}

static int end_of(pid_t child)
{
    int status = 0;

    must(child > 0 && waitpid(child, &status, 0) == child, "child");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int place_live(const struct place *place, struct shared_life *life)
{
    pid_t child = fork();

    if (child == 0) {
        be_quiet();
        life_run(place->store, &life->ledger);
    }
    return end_of(child);
}

bool place_judge(const struct place *place, struct shared_life *life)
{
    int code;
    pid_t child;

    life->why[0] = '\0';
    child = fork();
    if (child == 0) {
        be_quiet();
        life_judge(place->store, &life->ledger, life->why, WHY_BYTES);
    }
    code = end_of(child);
    if (code != 0 && life->why[0] == '\0') {
        (void)snprintf(life->why, WHY_BYTES, "the judge ended with %d", code);
    }
    return code == 0;
}
