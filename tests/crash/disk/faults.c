/*
 * Every write, flush, cut, creation and rename of a small life of a store fails in turn, in every
 * way, once and for good: no lie is told, nothing is corrupted, and the next start serves what
 * was shown. DUBAN_FAULTS_STEP=n tries each n-th act only.
 */
#include "crash/disk/io.h"
#include "crash/disk/place.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const fault_words[IO_FAULTS] = {[IO_WELL] = "well",
                                                   [IO_BROKEN] = "EIO",
                                                   [IO_FULL] = "ENOSPC",
                                                   [IO_SHORT] = "a short write"};

struct tally {
    uint64_t points;
    uint64_t survived; /* the fault was one to live with */
    uint64_t failed;
};

static void try_fault(const struct place *place, struct shared_life *life, uint64_t at,
                      enum io_fault fault, bool sticks, struct tally *tally)
{
    place_empty(place);
    memset(life, 0, sizeof(*life));
    io_watch(place->store);
    io_fail(at, fault, sticks);

    int code = place_live(place, life);

    io_watch(place->store);

    bool well = (code == 0 || code == 1) && place_judge(place, life);

    tally->points++;
    tally->survived += code == 0;
    if (!well) {
        tally->failed++;
        printf("act %" PRIu64 ", %s%s: the life ended with %d; not so: %s\n", at,
               fault_words[fault], sticks ? " from then on" : "", code, life->why);
    }
}

int main(void)
{
    const char *text = getenv("DUBAN_FAULTS_STEP");
    uint64_t step = text == NULL ? 1 : strtoull(text, NULL, 10);
    struct tally tally = {0};
    struct place place = {.store = ""};
    struct shared_life *life = place_open(&place);

    io_watch(place.store);
    if (place_live(&place, life) != 0 || !place_judge(&place, life)) {
        printf("without any fault: %s\n", life->why);
        place_close(&place);
        return 1;
    }
    place_empty(&place);
    io_watch(place.store);
    (void)place_live(&place, life);

    uint64_t acts = io_count();

    for (uint64_t at = 1; at <= acts; at += step) {
        for (enum io_fault fault = IO_BROKEN; fault < IO_FAULTS; fault++) {
            try_fault(&place, life, at, fault, false, &tally);
            try_fault(&place, life, at, fault, true, &tally);
        }
    }
    place_close(&place);
    printf("%" PRIu64 " acts of the disk, %" PRIu64 " faults: %" PRIu64
           " to live with, %" PRIu64 " lies or losses\n",
           acts, tally.points, tally.survived, tally.failed);
    return tally.failed == 0 ? 0 : 1;
}
