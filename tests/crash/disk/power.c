/*
 * The power is cut after any act of a small life of a store: what was not flushed is there, or
 * not, or in parts, sector by sector and in any order. What was shown must be there. To know
 * that this would notice anything, it is tried with flushes that do nothing and with a life that
 * shows before it flushes: both must be found out.
 *
 * DUBAN_POWER_IMAGES (1000) says how many; DUBAN_SEED repeats a run.
 */
#include "crash/disk/io.h"
#include "crash/disk/place.h"
#include "lib/rng.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FILES_MAX = 32, PENDING_MAX = 4096, SECTOR = 512 };
#define FILE_BYTES_MAX ((size_t)8 << 20)

/* A file as the medium has it, and what it was told since. */
struct file {
    char name[IO_NAME_BYTES];
    bool named;     /* its name is in the folder, as far as the medium knows */
    uint8_t *bytes; /* owned: FILE_BYTES_MAX */
    uint64_t size;
    uint64_t high; /* behind it there are zeros */
    const struct io_act *pending[PENDING_MAX];
    uint32_t pending_count;
};

struct medium {
    struct file files[FILES_MAX];
    uint32_t file_count;
    const struct io_act *folder[PENDING_MAX]; /* creations, renames and removals, in order */
    uint32_t folder_count;
    bool flushes; /* false: planted, nothing is ever flushed */
};

static struct medium medium;

/* What no image needs: locks, and the reserve. */
static bool is_left_out(const char *name)
{
    return strcmp(name, "reserve") == 0 || strcmp(name, "duban.lock") == 0 ||
           strcmp(name, "state.mdb-lock") == 0;
}

static struct file *file_of(const char *name)
{
    for (uint32_t i = 0; i < medium.file_count; i++) {
        if (strcmp(medium.files[i].name, name) == 0) {
            return &medium.files[i];
        }
    }
    if (medium.file_count == FILES_MAX) {
        abort();
    }

    struct file *file = &medium.files[medium.file_count++];

    (void)snprintf(file->name, sizeof(file->name), "%s", name);
    file->named = false;
    file->size = 0;
    file->pending_count = 0;
    if (file->bytes == NULL) {
        file->bytes = calloc(1, FILE_BYTES_MAX);
    }
    memset(file->bytes, 0, file->high);
    file->high = 0;
    return file;
}

static void put(struct file *file, const struct io_act *act, uint64_t from, uint64_t to)
{
    if (to > FILE_BYTES_MAX) {
        abort();
    }
    memcpy(file->bytes + from, act->bytes + (from - act->at), to - from);
    file->size = to > file->size ? to : file->size;
    file->high = to > file->high ? to : file->high;
}

static void cut(struct file *file, uint64_t size)
{
    if (size < file->size) {
        memset(file->bytes + size, 0, file->size - size);
    }
    file->size = size;
}

static void apply(struct file *file, const struct io_act *act)
{
    if (act->kind == IO_TRUNCATE) {
        cut(file, act->at);
    } else {
        put(file, act, act->at, act->at + act->size);
    }
}

static void apply_to_folder(const struct io_act *act)
{
    if (act->kind == IO_RENAME) {
        struct file *old = file_of(act->name);
        struct file *new = file_of(act->other);

        memcpy(new->bytes, old->bytes, old->size);
        new->size = old->size;
        new->high = old->size > new->high ? old->size : new->high;
        new->named = true;
        old->named = false;
        return;
    }
    file_of(act->name)->named = act->kind == IO_CREATE;
}

static void take(const struct io_act *act)
{
    if (act->kind == IO_FLUSH_FOLDER) {
        for (uint32_t i = 0; i < medium.folder_count && medium.flushes; i++) {
            apply_to_folder(medium.folder[i]);
        }
        medium.folder_count = medium.flushes ? 0 : medium.folder_count;
        return;
    }
    if (is_left_out(act->name)) {
        return;
    }

    struct file *file = file_of(act->name);

    switch (act->kind) {
    case IO_CREATE:
    case IO_RENAME:
    case IO_REMOVE:
        medium.folder[medium.folder_count++] = act;
        break;
    case IO_WRITE_THROUGH:
        if (medium.flushes) {
            apply(file, act);
            break;
        }
        file->pending[file->pending_count++] = act;
        break;
    case IO_WRITE:
    case IO_TRUNCATE:
        file->pending[file->pending_count++] = act;
        break;
    case IO_FLUSH:
        for (uint32_t i = 0; i < file->pending_count && medium.flushes; i++) {
            apply(file, file->pending[i]);
        }
        file->pending_count = medium.flushes ? 0 : file->pending_count;
        break;
    case IO_FLUSH_FOLDER:
        break;
    }
}

/* How what was never flushed comes to the medium. */
enum loss { LOSE_ALL, LOSE_NOTHING, LOSE_ACTS, LOSE_SECTORS, LOSE_TAIL, LOSSES };

/* Sector by sector, each by chance. */
static void put_some(struct file *file, const struct io_act *act, struct rng *rng)
{
    uint64_t end = act->at + act->size;

    for (uint64_t at = act->at; at < end;) {
        uint64_t next = (at / SECTOR + 1) * SECTOR;

        next = next < end ? next : end;
        if (rng_between(rng, 0, 1) == 1) {
            put(file, act, at, next);
        }
        at = next;
    }
}

static void lose(struct file *file, enum loss loss, struct rng *rng)
{
    uint32_t kept = loss == LOSE_TAIL
                        ? (uint32_t)rng_between(rng, 0, (int64_t)file->pending_count)
                        : file->pending_count;

    for (uint32_t i = 0; i < kept && loss != LOSE_ALL; i++) {
        const struct io_act *act = file->pending[i];
        bool last = loss == LOSE_TAIL && i + 1 == kept;

        if (act->kind != IO_TRUNCATE && (loss == LOSE_SECTORS || last)) {
            put_some(file, act, rng);
        } else if (loss != LOSE_ACTS || rng_between(rng, 0, 1) == 1) {
            apply(file, act);
        }
    }
}

static void write_file(const struct place *place, const struct file *file)
{
    char path[PLACE_BYTES + IO_NAME_BYTES];

    (void)snprintf(path, sizeof(path), "%s/%s", place->store, file->name);

    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    uint64_t end = file->size;

    while (end > 0 && file->bytes[end - 1] == 0) { /* most of it was written ahead */
        end--;
    }
    if (fd < 0 || pwrite(fd, file->bytes, end, 0) != (ssize_t)end ||
        ftruncate(fd, (off_t)file->size) != 0) {
        abort();
    }
    (void)close(fd);
}

/* The folder as the medium has it when the power goes after so many acts. */
static void make_image(const struct place *place, const struct io_act *acts, uint64_t count,
                       struct rng *rng)
{
    enum loss loss = (enum loss)rng_between(rng, 0, LOSSES - 1);

    medium.file_count = 0;
    medium.folder_count = 0;
    for (uint64_t i = 0; i < count; i++) {
        take(&acts[i]);
    }
    for (uint32_t i = 0; i < medium.file_count; i++) {
        lose(&medium.files[i], loss, rng);
    }

    uint32_t names = loss == LOSE_NOTHING
                         ? medium.folder_count
                         : (uint32_t)rng_between(rng, 0, (int64_t)medium.folder_count);

    for (uint32_t i = 0; i < names; i++) {
        apply_to_folder(medium.folder[i]);
    }
    place_empty(place);
    for (uint32_t i = 0; i < medium.file_count; i++) {
        if (medium.files[i].named) {
            write_file(place, &medium.files[i]);
        }
    }
}

/* Only what was shown by then must be there. */
static void forget_after(struct ledger *ledger, uint64_t acts)
{
    for (int i = 0; i < LIFE_LINES; i++) {
        ledger->lines[i].shown = ledger->lines[i].shown && ledger->lines[i].acts <= acts;
    }
}

/* How many of the images are not well; told only where none should be. */
static uint64_t cut_power(const struct place *place, struct shared_life *life, uint64_t images,
                          struct rng *rng, bool tell)
{
    struct ledger whole;
    uint64_t count;
    uint64_t bad = 0;

    place_empty(place);
    io_watch(place->store);
    io_keep();
    if (place_live(place, life) != 0) {
        printf("the life did not end well\n");
        return images;
    }

    const struct io_act *acts = io_kept(&count);

    whole = life->ledger;
    for (uint64_t i = 0; i < images; i++) {
        uint64_t at = (uint64_t)rng_between(rng, 0, (int64_t)count);

        io_watch("/nowhere"); /* what is kept stays as it is */
        make_image(place, acts, at, rng);
        life->ledger = whole;
        forget_after(&life->ledger, at);
        if (!place_judge(place, life)) {
            bad++;
            if (tell) {
                printf("cut after act %" PRIu64 " of %" PRIu64 ": not so: %s\n", at, count,
                       life->why);
            }
        }
    }
    return bad;
}

int main(void)
{
    const char *images_text = getenv("DUBAN_POWER_IMAGES");
    const char *seed_text = getenv("DUBAN_SEED");
    uint64_t images = images_text == NULL ? 1000 : strtoull(images_text, NULL, 10);
    uint64_t seed =
        seed_text == NULL ? (uint64_t)time(NULL) % 1000000 : strtoull(seed_text, NULL, 10);
    struct rng rng = rng_seeded(seed);
    struct place place = {.store = ""};
    struct shared_life *life = place_open(&place);
    uint64_t bad;
    uint64_t unflushed;
    uint64_t early;

    printf("seed %" PRIu64 "\n", seed);
    medium.flushes = true;
    bad = cut_power(&place, life, images, &rng, true);
    medium.flushes = false;
    memset(life, 0, sizeof(*life));
    unflushed = cut_power(&place, life, images / 10 + 20, &rng, false);
    medium.flushes = true;
    memset(life, 0, sizeof(*life));
    life->ledger.shows_early = true;
    early = cut_power(&place, life, images / 10 + 200, &rng, false);
    place_close(&place);
    printf("%" PRIu64 " cuts of the power, %" PRIu64 " not well; found out: flushes that do "
           "nothing %" PRIu64 " times, showing before the flush %" PRIu64 " times\n",
           images, bad, unflushed, early);
    return bad == 0 && unflushed > 0 && early > 0 ? 0 : 1;
}
