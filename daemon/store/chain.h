#ifndef DUBAN_STORE_CHAIN_H
#define DUBAN_STORE_CHAIN_H

/*
 * The journal in a folder, read from its first byte to its last and changed nowhere: do its
 * segments and records join? For audits, offline; a daemon that serves reads only its last
 * segment at a start.
 *
 * The last segment may end in a write that a crash tore: what was never flushed was never
 * acknowledged. Whoever knows how far the state has come says so, and behind that a torn write
 * is no break; up to there it is.
 */
#include "core/problem.h"
#include "store/segment.h"

/* What may break it. */
#define CHAIN_FAULTS(X)                                                                   \
    X(chain_none, "there is no journal here", "此处没有日志")                             \
    X(chain_gap, "the segment that begins with this record is missing",                   \
      "缺少以此记录开始的日志段")                                                         \
    X(chain_twice, "the segment begins with a record that the one before it has already", \
      "该日志段起始的记录已在前一段中")                                                   \
    X(chain_head, "the segment's head is damaged", "日志段的段首已损坏")                  \
    X(chain_named, "the segment's head says another record than the file's name",         \
      "段首所载记录号与文件名不符")                                                       \
    X(chain_store, "the segment belongs to another store", "该日志段属于另一个存储")      \
    X(chain_head_joins, "the segment's head does not join the record before it",          \
      "段首与前一条记录不衔接")                                                           \
    X(chain_length, "the record's length is impossible", "记录的长度不可能")              \
    X(chain_short, "the file ends within the record", "文件在该记录中间结束")             \
    X(chain_sum, "the record's checksum does not agree with its bytes",                   \
      "记录的校验和与其内容不符")                                                         \
    X(chain_number, "the record bears another number", "记录的编号不符")                  \
    X(chain_joins, "the record does not join the one before it: one of them was changed", \
      "该记录与前一条不衔接：其中之一被改动")                                             \
    X(chain_stray, "there are bytes behind the segment's last record",                    \
      "日志段最后一条记录之后还有内容")                                                   \
    X(chain_ends, "the journal ends here, and the state has seen more",                   \
      "日志至此为止，而状态已到更后的记录")

/* A whole record, in its place. */
struct chain_record {
    uint64_t seq;
    uint32_t law;
    struct bytes payload; /* borrowed for the call */
    uint8_t hash[SEGMENT_HASH_BYTES];
};

/* Told of every record in order. NULL: go on; else what is wrong with this one. */
struct chain_watch {
    void *context;
    const struct message *(*on_record)(void *context, const struct chain_record *record);
};

/* A place in the journal. */
struct chain_place {
    uint64_t segment; /* number of its first record, which names its file */
    uint64_t seq;     /* the record that is, or should be, there; 0: the segment's head */
    uint64_t at;      /* byte in the file */
};

struct chain_report {
    const struct message *fault; /* the first break; NULL: there is none */
    struct chain_place place;    /* of the break */
    uint64_t segment_count;
    uint64_t byte_count;              /* of records with their frames */
    uint64_t last;                    /* the last whole record; 0: there is none */
    uint8_t hash[SEGMENT_HASH_BYTES]; /* its hash: the head of the chain */
    uint8_t store_id[16];
    uint64_t torn_bytes;     /* behind the last record, of a write that was never flushed */
    struct chain_place torn; /* where they begin */
};

/*
 * Walk all of it, up to the first break. `reached` is the last record that must be there.
 * Whatever is wrong with the journal is told in the report; STATUS_DISK and STATUS_NO_MEMORY:
 * it could not be read, which is logged.
 */
NODISCARD enum status chain_walk(int folder_fd, uint64_t reached,
                                 const struct chain_watch *watch, struct chain_report *report);

/* The first records of the segments in a folder, ascending; *firsts is to be freed. */
NODISCARD enum status chain_segments(int folder_fd, uint64_t **firsts, size_t *count);

#endif
