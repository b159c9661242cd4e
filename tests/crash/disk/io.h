#ifndef DUBAN_CRASH_IO_H
#define DUBAN_CRASH_IO_H

/*
 * Stands between this program (with LMDB in it) and the files of one folder: counts what is
 * written, flushed, cut, created, renamed and removed there, makes one of these fail, or keeps
 * them all for a cut of the power. Nothing is really flushed, for nobody cuts the real power.
 *
 * The counters and what is kept are shared with children.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IO_NAME_BYTES 48

enum io_kind {
    IO_CREATE,
    IO_WRITE,
    IO_WRITE_THROUGH, /* durable at once: the file was opened so */
    IO_TRUNCATE,      /* to `at` */
    IO_FLUSH,
    IO_FLUSH_FOLDER,
    IO_RENAME, /* from `name` to `other` */
    IO_REMOVE
};

struct io_act {
    enum io_kind kind;
    char name[IO_NAME_BYTES]; /* below the folder */
    char other[IO_NAME_BYTES];
    uint64_t at;
    uint64_t size;
    const uint8_t *bytes; /* of a write, where acts are kept */
};

enum io_fault { IO_WELL, IO_BROKEN, IO_FULL, IO_SHORT, IO_FAULTS };

/* Watch this folder from now on, in this process and its children, from act 1 on. */
void io_watch(const char *folder);
/* The act that fails, and how: `sticks` says whether all after it do. A short write does half,
 * and then (if it sticks) there is no room. 0: none. */
void io_fail(uint64_t at, enum io_fault fault, bool sticks);
/* Acts so far. */
uint64_t io_count(void);

/* Keep acts from now on; *count of them so far. */
void io_keep(void);
const struct io_act *io_kept(uint64_t *count);

#endif
