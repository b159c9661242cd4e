#include "offline/parts.h"

#include "cli/out.h"
#include "core/date.h"
#include "store/store_lmdb.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ZONE_MS = 8 * 3600000, TEXT_BYTES = 160 };
#define RECORD_ARENA_BYTES ((size_t)64 << 20)

#define VERIFY_FAULT(word, en_words, zh_words) \
    static const struct message word = {.code = #word, .en = (en_words), .zh = (zh_words)};
VERIFY_FAULTS(VERIFY_FAULT)
#undef VERIFY_FAULT

static const struct message no_store = {
    "no_store", "there is no store in {0}. Say where it is: --store DIR",
    "“{0}”中没有存储。请用 --store 目录 指明位置"};
static const struct message in_use = {
    "store_in_use",
    "a daemon holds {0}: stop it first, or take a backup of it (duban backup DIR) and read "
    "that",
    "守护进程正在使用“{0}”：请先停止，或先备份（duban backup 目录）再查验备份"};
static const struct message unreadable = {"store_unreadable", "{0} could not be read: {1}",
                                          "“{0}”无法读取：{1}"};
static const struct message broken_at = {"audit_broken", "{0}: record {1}, byte {2}: {3} [{4}]",
                                         "{0}：记录 {1}，第 {2} 字节：{3} [{4}]"};
static const struct message what_to_do = {
    "audit_do",
    "What to do: keep the folder as it is, for it is evidence; restore the last backup that "
    "verifies (duban backup verify DIR; duban restore DIR), and let publishers send again.",
    "怎么办：原样保留该目录（它是证据）；恢复最近一份查验通过的备份（duban backup verify 目录；"
    "duban restore 目录），并由报送系统重新报送。"};
static const struct message torn = {
    "audit_torn",
    "{0}: behind record {1}, from byte {2}, stand {3} bytes of a write that a crash tore. They "
    "were never acknowledged; the next start cuts them off.",
    "{0}：记录 {1} 之后自第 {2} 字节起有 {3} 字节是崩溃时未写完的内容，从未确认过；下次启动时会"
    "截去。"};

void hex_print(const uint8_t hash[SEGMENT_HASH_BYTES], char out[HEX_BYTES])
{
    for (size_t i = 0; i < SEGMENT_HASH_BYTES; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", hash[i]);
    }
}

/* What a digit is worth; 16 of any other. */
static unsigned digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? 16 : (unsigned)(at - digits);
}

bool hex_read(const char *text, uint8_t hash[SEGMENT_HASH_BYTES])
{
    for (size_t i = 0; i < SEGMENT_HASH_BYTES; i++) {
        unsigned high = digit(text[2 * i]);
        unsigned low = high > 15 ? 16 : digit(text[2 * i + 1]);

        if (low > 15) {
            return false;
        }
        hash[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

enum exit_code open_to_read(struct folder *folder, const char *path)
{
    enum status status = folder_open_read(folder, path);

    if (status == STATUS_OK) {
        return EXIT_DONE;
    }
    complain_of(status == STATUS_REFUSED ? &in_use : &no_store, path);
    return EXIT_NO_DAEMON;
}

/* A walk over the records of a store. */
struct scrutiny {
    struct verified *verified;
    const struct root *root;
};

static const struct message *judge_record(struct scrutiny *scrutiny,
                                          const struct chain_record *record)
{
    struct verified *verified = scrutiny->verified;
    struct arena arena;
    struct record decoded;

    arena_init_growing(&arena, RECORD_ARENA_BYTES);

    bool good = record_decode(record->payload, &arena, &decoded) == STATUS_OK;
    int64_t now_ms = decoded.now_ms;

    arena_fini(&arena);
    if (!good) {
        return &verify_record;
    }
    if (now_ms < verified->now_ms) {
        return &verify_time;
    }
    verified->now_ms = now_ms;
    return NULL;
}

static const struct message *take_record(void *context, const struct chain_record *record)
{
    struct scrutiny *scrutiny = context;
    struct verified *verified = scrutiny->verified;
    const struct message *wrong = judge_record(scrutiny, record);

    if (record->law != verified->law) {
        verified->law = record->law;
        verified->law_count++;
    }
    if (wrong == NULL && record->seq == verified->state.seq &&
        memcmp(record->hash, verified->state.hash, sizeof(record->hash)) != 0) {
        wrong = &verify_state;
    }
    if (wrong == NULL && scrutiny->root != NULL && record->seq == scrutiny->root->seq &&
        memcmp(record->hash, scrutiny->root->hash, sizeof(record->hash)) != 0) {
        wrong = &verify_root;
    }
    return wrong;
}

/* How far the state has come; one that is missing can be made again from the journal. */
static bool read_state(const char *path, const struct folder *folder, struct verified *verified)
{
    struct store *store = NULL;

    verified->has_state = faccessat(folder->fd, "state.mdb", F_OK, 0) == 0;
    if (!verified->has_state) {
        return true;
    }

    enum status status = store_lmdb_open_read(&store, path);

    if (status == STATUS_OK) {
        status = engine_reached(store, &verified->state);
    }
    store_close(store);
    if (status != STATUS_OK) {
        complain(&unreadable, (const char *[]){path, words_pick("state.mdb is damaged",
                                                                "state.mdb 已损坏")});
    }
    return status == STATUS_OK;
}

/* Walk the journal of an open folder; the faults are all together then. */
static bool walk(const char *path, const struct folder *folder, const struct root *root,
                 uint64_t reached, struct verified *verified)
{
    struct scrutiny scrutiny = {.verified = verified, .root = root};
    struct chain_watch watch = {.context = &scrutiny, .on_record = take_record};
    enum status status = chain_walk(folder->fd, reached, &watch, &verified->chain);

    if (status != STATUS_OK) {
        complain(&unreadable, (const char *[]){path, status_text(status)});
        return false;
    }
    verified->fault = verified->chain.fault;
    verified->place = verified->chain.place;
    if (verified->fault == NULL && root != NULL && verified->chain.last < root->seq) {
        verified->fault = &verify_rolled_back;
        verified->place = (struct chain_place){.seq = root->seq};
    }
    return true;
}

bool verify_folder(const char *path, const struct root *root, struct verified *verified)
{
    struct folder folder;

    *verified = (struct verified){0};
    if (open_to_read(&folder, path) != EXIT_DONE) {
        return false;
    }

    bool good = read_state(path, &folder, verified) &&
                walk(path, &folder, root, verified->state.seq, verified);

    folder_close(&folder);
    return good;
}

/*
 * What is no record at the end may be one in a moment, for the daemon is writing it. If it
 * stays, it is damage: a daemon cuts a torn write before it serves.
 */
static bool walk_living(const char *path, const struct folder *folder, const struct root *root,
                        struct verified *verified)
{
    enum { LOOKS = 5 };
    const struct timespec pause = {.tv_nsec = 200000000};
    uint64_t stuck = 0; /* the record that is not whole */

    for (int i = 0; i < LOOKS; i++) {
        *verified = (struct verified){.living = true};
        if (!walk(path, folder, root, i < LOOKS - 1 ? 0 : stuck, verified)) {
            return false;
        }
        if (verified->chain.torn_bytes == 0 || (stuck != 0 && verified->chain.last >= stuck)) {
            verified->chain.torn_bytes = 0; /* it went on meanwhile */
            return true;
        }
        stuck = verified->chain.torn.seq;
        (void)nanosleep(&pause, NULL);
    }
    return true;
}

bool verify_living(const char *path, const struct root *root, struct verified *verified)
{
    struct folder folder;

    if (folder_open_read(&folder, path) != STATUS_REFUSED) {
        folder_close(&folder);
        return verify_folder(path, root, verified);
    }
    folder =
        (struct folder){.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .lock_fd = -1};

    bool good = folder.fd >= 0 && walk_living(path, &folder, root, verified);

    folder_close(&folder);
    return good;
}

static const char *number(uint64_t value, char out[TEXT_BYTES])
{
    (void)snprintf(out, TEXT_BYTES, "%" PRIu64, value);
    return out;
}

static void name_place(const struct chain_place *place, char out[TEXT_BYTES])
{
    char name[SEGMENT_NAME_BYTES] = "";

    if (place->segment != 0) {
        segment_name(place->segment, name);
    }
    (void)snprintf(out, TEXT_BYTES, "%s", place->segment == 0 ? "journal" : name);
}

static json_t *place_json(const struct chain_place *place)
{
    char name[TEXT_BYTES];

    name_place(place, name);
    return json_pack("{s:s, s:I, s:I}", "file", name, "record", (json_int_t)place->seq, "byte",
                     (json_int_t)place->at);
}

static void print_json(const char *path, const struct verified *verified)
{
    const struct chain_report *chain = &verified->chain;
    char hash[HEX_BYTES];
    json_t *fault = json_null();
    json_t *tail = json_null();

    hex_print(chain->hash, hash);
    if (verified->fault != NULL) {
        fault = place_json(&verified->place);
        (void)json_object_set_new(fault, "code", json_string(verified->fault->code));
        (void)json_object_set_new(fault, "what", json_string(words_in(verified->fault)));
    }
    if (chain->torn_bytes > 0) {
        tail = place_json(&chain->torn);
        (void)json_object_set_new(tail, "bytes", json_integer((json_int_t)chain->torn_bytes));
    }
    out_json(json_pack("{s:s, s:b, s:I, s:I, s:{s:I, s:s, s:I}, s:I, s:I, s:o, s:o}", "store",
                       path, "verified", verified->fault == NULL, "segments",
                       (json_int_t)chain->segment_count, "bytes", (json_int_t)chain->byte_count,
                       "head", "seq", (json_int_t)chain->last, "hash", hash, "time_ms",
                       (json_int_t)verified->now_ms, "state_seq",
                       (json_int_t)verified->state.seq, "law", (json_int_t)verified->law,
                       "fault", fault, "torn", tail));
}

static void print_words(const char *path, const struct verified *verified)
{
    const struct chain_report *chain = &verified->chain;
    char hash[HEX_BYTES];
    char time[INSTANT_TEXT_SIZE] = "—";

    hex_print(chain->hash, hash);
    if (chain->last > 0) {
        (void)instant_print(verified->now_ms, ZONE_MS, time);
    }
    printf("%s%s\n", words_pick("store        ", "存储        "), path);
    printf("%s%" PRIu64 "\n", words_pick("records      ", "记录数      "), chain->last);
    printf("%s%" PRIu64 "\n", words_pick("segments     ", "日志段数    "),
           chain->segment_count);
    printf("%s%" PRIu64 ":%s\n", words_pick("head         ", "链首        "), chain->last,
           hash);
    printf("%s%s\n", words_pick("last record  ", "末条记录    "), time);
    if (verified->living) {
        printf("%s\n", words_pick("state        a daemon holds it: replay a backup of it",
                                  "状态        守护进程正在使用：请对备份作重放"));
    } else if (verified->has_state) {
        printf("%s%" PRIu64 "\n", words_pick("state up to  ", "状态至记录  "),
               verified->state.seq);
    } else {
        printf("%s\n", words_pick("state        none: the next start makes it from the journal",
                                  "状态        没有：下次启动时由日志重建"));
    }
}

static void tell_torn(const struct chain_report *chain)
{
    char name[TEXT_BYTES];
    char seq[TEXT_BYTES];
    char at[TEXT_BYTES];
    char bytes[TEXT_BYTES];

    name_place(&chain->torn, name);
    words_note(&torn,
               (const char *[]){name, number(chain->last, seq), number(chain->torn.at, at),
                                number(chain->torn_bytes, bytes)});
}

enum exit_code verify_print(const char *path, const struct verified *verified)
{
    char name[TEXT_BYTES];
    char seq[TEXT_BYTES];
    char at[TEXT_BYTES];

    if (out_format() == OUT_JSON) {
        print_json(path, verified);
    } else {
        print_words(path, verified);
    }
    if (verified->chain.torn_bytes > 0) {
        tell_torn(&verified->chain);
    }
    if (verified->fault == NULL) {
        if (out_format() != OUT_JSON) {
            printf("%s\n", words_pick("verified     every record joins the one before it",
                                      "查验通过    每条记录都与前一条衔接"));
        }
        return EXIT_DONE;
    }
    name_place(&verified->place, name);
    complain(&broken_at, (const char *[]){name, number(verified->place.seq, seq),
                                          number(verified->place.at, at),
                                          words_in(verified->fault), verified->fault->code});
    words_print(stderr, &what_to_do, NULL);
    return EXIT_REFUSED;
}
