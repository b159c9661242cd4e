#include "engine/answer.h"

#include "codec/pack.h"
#include "codec/state.h"
#include "engine/keys.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_BYTES = 1024, AGENCIES_TOLD = 5 };

static const struct message no_case = {
    "no_case", "no case {0} is known; look for it: duban find case={0}*",
    "没有案件“{0}”；可用 duban find case={0}* 查找"};
static const struct message no_case_of = {
    "no_case", "agency {1} has no case {0}; look for it: duban find case={0}*",
    "机构“{1}”没有案件“{0}”；可用 duban find case={0}* 查找"};
static const struct message no_agency = {"no_agency", "no agency is called {0}",
                                         "没有机构“{0}”"};
static const struct message several_cases = {
    "several_cases", "several agencies have a case {0}: {1}; say whose: --agency NAME",
    "多个机构有案件“{0}”：{1}；请用 --agency 名称 指明"};
static const struct message broken_state = {
    "no_answer", "case {0} cannot be read; the store is damaged: duban audit verify",
    "案件“{0}”无法读取，存储已损坏：请运行 duban audit verify"};

static struct text keep(struct arena *arena, const char *bytes, size_t size)
{
    const char *copy = arena_copy(arena, bytes, size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : size};
}

struct text answer_number(struct arena *arena, uint64_t number)
{
    char digits[24];
    int size = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);

    return keep(arena, digits, (size_t)size);
}

struct text answer_instant(struct arena *arena, int64_t at_ms, int64_t zone_ms)
{
    char words[INSTANT_TEXT_SIZE];
    size_t size = instant_print(at_ms, zone_ms, words);

    return keep(arena, words, size);
}

static const char *fill(struct arena *arena, const char *words, const struct text *arguments)
{
    char *room = arena_take(arena, WORDS_BYTES);

    if (room != NULL) {
        (void)message_print(words, arguments, room, WORDS_BYTES);
    }
    return room;
}

enum status answer_fail(struct slice *slice, enum status status, const struct message *message,
                        const struct text *arguments, uint32_t count)
{
    struct text texts[PROBLEM_ARGUMENTS] = {{0}};

    for (uint32_t i = 0; i < count; i++) {
        texts[i] = arguments[i];
    }
    slice->why = (struct message){
        .code = message->code,
        .en = fill(slice->arena, message->en, texts),
        .zh = fill(slice->arena, message->zh, texts),
    };
    if (slice->why.en == NULL || slice->why.zh == NULL) {
        slice->why = (struct message){0};
        return STATUS_NO_MEMORY;
    }
    return status;
}

static bool find_number(struct slice *slice, struct text agency, uint64_t *number)
{
    struct text case_id = slice->query->case_id;
    struct bytes value;
    struct unpacker unpacker;

    if (case_id.size > CASE_ID_BYTES_MAX || agency.size > AGENCY_BYTES_MAX) {
        return false;
    }

    struct key key = key_name(agency, case_id);

    if (!store_get(slice->sources->snapshot, TABLE_NAMES, &key, &value)) {
        return false;
    }
    unpack_init(&unpacker, value);
    *number = unpack_u64(&unpacker);
    return !unpacker.broken;
}

/* Ask each agency; the names of those that have it. */
static uint32_t ask_agencies(struct slice *slice, uint64_t *number, struct text *names)
{
    const struct installed *installed = slice->sources->law->installed;
    char room[AGENCIES_TOLD * (AGENCY_BYTES_MAX + 2)];
    size_t at = 0;
    uint32_t count = 0;

    for (uint32_t i = 0; i < installed->agency_count; i++) {
        struct text id = installed->agencies[i].id;

        if (!find_number(slice, id, number)) {
            continue;
        }
        if (count < AGENCIES_TOLD) {
            at += (size_t)snprintf(room + at, sizeof(room) - at, "%s%.*s",
                                   count > 0 ? ", " : "", TEXT_ARGS(id));
        }
        count++;
    }
    *names = keep(slice->arena, room, at);
    return count;
}

enum status answer_take_case(struct slice *slice, uint64_t number, struct found_case *found)
{
    const struct law *law = slice->sources->law;
    uint8_t *room = arena_take(slice->arena, STATE_ROOM_BYTES);
    struct text named = answer_number(slice->arena, number);

    if (room == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (casefile_load(slice->sources->snapshot, number, room, &found->file)) {
        found->procedure = law_procedure(law, found->file.procedure);
        if (found->procedure != NULL &&
            state_decode(found->file.state, found->procedure, slice->arena, &found->state) ==
                STATUS_OK) {
            found->agency = installed_agency(law->installed, found->state.agency);
        }
    }
    return found->agency != NULL
               ? STATUS_OK
               : answer_fail(slice, STATUS_MALFORMED, &broken_state, &named, 1);
}

enum status answer_find_case(struct slice *slice, struct found_case *found)
{
    const struct wire_query *query = slice->query;
    struct text arguments[2] = {query->case_id, query->agency};
    uint64_t number = 0;

    *found = (struct found_case){0};
    if (text_empty(query->agency)) {
        uint32_t count = ask_agencies(slice, &number, &arguments[1]);

        if (count != 1) {
            return count == 0
                       ? answer_fail(slice, STATUS_NOT_FOUND, &no_case, arguments, 1)
                       : answer_fail(slice, STATUS_REFUSED, &several_cases, arguments, 2);
        }
    } else if (installed_agency(slice->sources->law->installed, query->agency) == NULL) {
        return answer_fail(slice, STATUS_NOT_FOUND, &no_agency, &arguments[1], 1);
    } else if (!find_number(slice, query->agency, &number)) {
        return answer_fail(slice, STATUS_NOT_FOUND, &no_case_of, arguments, 2);
    }
    return answer_take_case(slice, number, found);
}

/* A record, with its bytes in the arena. */
static enum status read_record(struct slice *slice, uint64_t seq, struct record *record)
{
    struct journal_entry entry;
    enum status status = journal_reader_read(slice->sources->reader, seq, &entry);

    if (status != STATUS_OK) {
        return status;
    }

    struct bytes bytes = {.at = arena_copy(slice->arena, entry.record.at, entry.record.size),
                          .size = entry.record.size};

    return bytes.at == NULL ? STATUS_NO_MEMORY : record_decode(bytes, slice->arena, record);
}

enum status answer_read_record(struct slice *slice, uint64_t seq, struct account *account,
                               struct record *record)
{
    struct record *waited = arena_take(slice->arena, sizeof(*waited));
    enum status status = waited == NULL ? STATUS_NO_MEMORY : read_record(slice, seq, record);

    *account = (struct account){.seq = seq, .record = record, .law = slice->sources->law};
    if (status == STATUS_OK && record->kind == RECORD_EVENT) {
        account->submission = &record->submission;
    } else if (status == STATUS_OK && record->kind == RECORD_REST) {
        status = read_record(slice, record->of_seq, waited);
        account->submission = &waited->submission;
    }
    return status;
}
