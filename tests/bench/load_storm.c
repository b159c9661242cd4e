/*
 * Reads the journal of a store that nobody holds, and counts: each of the cases 1 to CASES has
 * fired at DUE-MS once, in the order of their numbers, and none before its time. Prints one JSON
 * line; exits with 1 where that is not so.
 *
 *   load_storm DATA DUE-MS CASES
 */
#include "codec/record.h"
#include "engine/engine.h"
#include "store/folder.h"
#include "store/journal_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BYTES = 4 << 20 };

struct count {
    int64_t due_ms;
    uint64_t cases;
    uint64_t fired;
    uint64_t last; /* number of the case that fired last */
    uint64_t wrong;
    int64_t first_ms; /* now of the first and the last firing */
    int64_t last_ms;
    uint64_t between; /* records of others from the first to the last */
    uint64_t others;  /* since the last firing */
};

static void stop(const char *why)
{
    (void)fprintf(stderr, "load_storm: %s\n", why);
    exit(1);
}

static void look(struct count *count, const struct record *record)
{
    bool of_storm = record->kind == RECORD_MOMENT && record->due_ms == count->due_ms &&
                    record->number <= count->cases;

    if (!of_storm) {
        count->others++;
        return;
    }
    if (record->number != count->last + 1 || record->now_ms < count->due_ms) {
        count->wrong++;
    }
    if (count->fired == 0) {
        count->first_ms = record->now_ms;
        count->others = 0;
    }
    count->between += count->others;
    count->others = 0;
    count->last = record->number;
    count->last_ms = record->now_ms;
    count->fired++;
}

int main(int argc, char **argv)
{
    struct count count = {0};
    struct folder folder;
    struct journal *journal;
    uint8_t *room = malloc(ARENA_BYTES);

    if (argc != 4 || room == NULL) {
        stop("load_storm DATA DUE-MS CASES");
    }
    count.due_ms = strtoll(argv[2], NULL, 10);
    count.cases = strtoull(argv[3], NULL, 10);
    if (folder_open(&folder, argv[1]) != STATUS_OK ||
        journal_files_open(&journal, &folder, LAW_NUMBER, 0) != STATUS_OK) {
        stop("the journal cannot be read");
    }
    for (uint64_t seq = 1; seq < journal_next(journal); seq++) {
        struct bytes bytes;
        struct arena arena;
        struct record record;

        arena_init_over(&arena, room, ARENA_BYTES);
        if (journal_read(journal, seq, &bytes) != STATUS_OK ||
            record_decode(bytes, &arena, &record) != STATUS_OK) {
            stop("a record cannot be read");
        }
        look(&count, &record);
    }
    journal_close(journal);
    folder_close(&folder);
    free(room);

    double took_s = (double)(count.last_ms - count.first_ms) / 1000;

    (void)printf("{\"bench\":\"storm\",\"moments\":%" PRIu64 ",\"wrong\":%" PRIu64
                 ",\"drain_s\":%.3f,\"moments_per_s\":%.0f,\"events_between\":%" PRIu64
                 ",\"last_late_ms\":%" PRId64 "}\n",
                 count.fired, count.wrong, took_s,
                 took_s > 0 ? (double)count.fired / took_s : 0, count.between,
                 count.last_ms - count.due_ms);
    return count.fired == count.cases && count.wrong == 0 ? 0 : 1;
}
