#include "cli/simulate.h"

#include "cli/out.h"
#include "engine/tell.h"

#include <stdio.h>
#include <string.h>

static const struct message event_line = {"simulate_event", "{0}  {1}  {2}: {3}",
                                          "{0}  {1}  {2}：{3}"};
static const struct message event_words = {"simulate_event_words", "{0} by {1}", "{0}（{1}）"};
static const struct message rest_words = {"simulate_rest", "what waited (record {0})",
                                          "等待的事件（第 {0} 号记录）"};
static const struct message install_line = {"simulate_install", "{0}  installed: {1}",
                                            "{0}  安装：{1}"};
static const struct message late_words = {"simulate_late", " ({0} late)", "（迟 {0}）"};
static const struct message verdict_words[] = {
    [RECEIPT_APPLIED] = {"applied", "applied", "受理"},
    [RECEIPT_DUPLICATE] = {"duplicate", "duplicate, nothing happens", "重复，不再办理"},
    [RECEIPT_WAITING] = {"waiting", "waiting", "等待"},
    [RECEIPT_REJECTED] = {"rejected", "REJECTED", "拒绝"},
};
static const struct message effect_line = {"simulate_effect", "{0}  {1}      {2}",
                                           "{0}  {1}      {2}"};
static const struct message reason_line = {"simulate_reason", "{0}  {1}      {2}: {3}",
                                           "{0}  {1}      {2}：{3}"};
static const struct message finding_line = {
    "simulate_finding", "{0}: {1}: expected {2}, actual {3}", "{0}：{1}：应为 {2}，实为 {3}"};
static const struct message held_line = {"simulate_held", "held    {0}: {1} ({2} steps)",
                                         "通过  {0}：{1}（{2} 步）"};
static const struct message failed_line = {"simulate_failed",
                                           "FAILED  {0}: {1} (did not hold: {2})",
                                           "未通过  {0}：{1}（{2} 处与预期不符）"};
static const struct message sum_line = {"simulate_sum", "{0} scenarios: {1} held, {2} failed",
                                        "{0} 个场景：{1} 个通过，{2} 个未通过"};

enum { LINE_BYTES = 1024, PLACE_BYTES = 512 };

static struct text words_of(const struct told *told)
{
    return words_language() == LANGUAGE_ZH ? told->zh : told->en;
}

static const char *string_of(struct text text, char *room, size_t size)
{
    (void)snprintf(room, size, "%.*s", TEXT_ARGS(text));
    return room;
}

static json_t *json_of(struct text text)
{
    return json_stringn(text.bytes == NULL ? "" : text.bytes, text.size);
}

static const char *instant_words(int64_t at_ms, char out[INSTANT_TEXT_SIZE])
{
    (void)instant_print(at_ms, SCENARIO_ZONE_MS, out);
    out[16] = '\0'; /* to the minute: the seconds and the zone are the same on every line */
    return out;
}

/* Every field of an effect that it has. */
static json_t *effect_json(const struct happening *happening, const struct effect *effect)
{
    const struct procedure *procedure = happening->procedure;
    char at[INSTANT_TEXT_SIZE];
    char zh[TELL_BYTES_MAX];
    char en[TELL_BYTES_MAX];
    json_t *object = json_object();

    (void)instant_print(effect->at_ms, SCENARIO_ZONE_MS, at);
    (void)tell_effect(happening, effect, true, zh);
    (void)tell_effect(happening, effect, false, en);
    json_object_set_new(object, "at", json_string(at));
    json_object_set_new(object, "case", json_of(happening->after->id));
    json_object_set_new(object, "seq", json_integer((json_int_t)happening->seq));
    json_object_set_new(object, "effect", json_of(effect_word(effect->kind)));
    if (effect->clock != NO_INDEX) {
        json_object_set_new(object, "clock", json_of(procedure->clocks[effect->clock].name));
        json_object_set_new(object, "instance", json_integer(effect->number));
        json_object_set_new(object, "state", json_of(instance_state_word(effect->state)));
    }
    if (effect->clock != NO_INDEX && effect->entry != NO_INDEX) {
        json_object_set_new(
            object, "entry",
            json_of(procedure->clocks[effect->clock].entries[effect->entry].name));
    }
    if (effect->role != NO_INDEX) {
        json_object_set_new(object, "role", json_of(procedure->roles[effect->role].name));
    }
    if (effect->notice != NO_INDEX) {
        json_object_set_new(object, "notice", json_of(procedure->notices[effect->notice].name));
    }
    if (effect->late_ms > 0) {
        json_object_set_new(object, "late_ms", json_integer(effect->late_ms));
    }
    json_object_set_new(object, "zh", json_string(zh));
    json_object_set_new(object, "en", json_string(en));
    return object;
}

/* How late a moment fired, in words; nothing where it was in time. */
static void say_late(const struct effect *effect, char *out, size_t size)
{
    char span[32];
    long long minutes = (long long)(effect->late_ms / 60000);

    out[0] = '\0';
    if (minutes == 0) {
        return;
    }
    (void)snprintf(span, sizeof(span), "%lldh%02lldmin", minutes / 60, minutes % 60);
    (void)message_print(words_in(&late_words), (struct text[PROBLEM_ARGUMENTS]){text_of(span)},
                        out, size);
}

static void print_effect(const struct happening *happening, const struct effect *effect)
{
    char at[INSTANT_TEXT_SIZE];
    char id[PLACE_BYTES];
    char words[TELL_BYTES_MAX + PLACE_BYTES];
    size_t size;

    if (out_format() == OUT_JSON) {
        out_json(effect_json(happening, effect));
        return;
    }
    size = tell_effect(happening, effect, words_language() == LANGUAGE_ZH, words);
    say_late(effect, words + size, PLACE_BYTES);
    words_print(stdout, &effect_line,
                (const char *[]){instant_words(effect->at_ms, at),
                                 string_of(happening->after->id, id, sizeof(id)), words});
}

/* An event's line, and below it why it was refused. */
static void print_event(int64_t at_ms, struct text id, const char *event,
                        enum receipt_verdict verdict, const struct told *reasons,
                        uint32_t count)
{
    char at[INSTANT_TEXT_SIZE];
    char rooms[3][LINE_BYTES];

    words_print(stdout, &event_line,
                (const char *[]){instant_words(at_ms, at), string_of(id, rooms[0], LINE_BYTES),
                                 event, words_in(&verdict_words[verdict])});
    for (uint32_t i = 0; i < count; i++) {
        words_print(stdout, &reason_line,
                    (const char *[]){at, rooms[0],
                                     string_of(reasons[i].code, rooms[1], LINE_BYTES),
                                     string_of(words_of(&reasons[i]), rooms[2], LINE_BYTES)});
    }
}

/* "order served by officer", in the reader's words. */
static const char *name_event(const struct procedure *procedure, struct text type,
                              struct text role, char *out, size_t size)
{
    bool zh = words_language() == LANGUAGE_ZH;
    uint16_t event = procedure == NULL ? NO_INDEX : procedure_event(procedure, type);
    struct text arguments[PROBLEM_ARGUMENTS] = {type, procedure_words(procedure, role, zh)};

    if (event != NO_INDEX) {
        arguments[0] = procedure_words_of(procedure, &procedure->events[event].label, type, zh);
    }
    (void)message_print(words_in(&event_words), arguments, out, size);
    return out;
}

static const char *name_rest(const struct record *record, char *out, size_t size)
{
    char number[24];

    (void)snprintf(number, sizeof(number), "%llu", (unsigned long long)record->of_seq);
    (void)message_print(words_in(&rest_words),
                        (struct text[PROBLEM_ARGUMENTS]){text_of(number)}, out, size);
    return out;
}

static void print_install(const struct record *record)
{
    char at[INSTANT_TEXT_SIZE];
    char path[PLACE_BYTES];

    for (uint32_t i = 0; i < record->file_count; i++) {
        words_print(stdout, &install_line,
                    (const char *[]){instant_words(record->now_ms, at),
                                     string_of(record->files[i].path, path, sizeof(path))});
    }
}

static enum receipt_verdict verdict_of(const struct record *record)
{
    if (record->verdict == RECORD_APPLIED) {
        return RECEIPT_APPLIED;
    }
    return record->verdict == RECORD_WAITING ? RECEIPT_WAITING : RECEIPT_REJECTED;
}

/* The line that stands above a record's effects. */
static void print_head(const struct simulate_print *print, const struct happening *happening)
{
    const struct record *record = happening->record;
    const struct submission *submission = &record->submission;
    char words[LINE_BYTES];
    struct text id = happening->after == NULL ? submission->case_id : happening->after->id;

    if (record->kind == RECORD_INSTALL && print->step != NULL) {
        print_install(record);
    } else if (record->kind == RECORD_EVENT) {
        print_event(record->now_ms, id,
                    name_event(happening->procedure, submission->event.type,
                               submission->event.role, words, sizeof(words)),
                    verdict_of(record), record->reasons, record->reason_count);
    } else if (record->kind == RECORD_REST) {
        print_event(record->now_ms, id, name_rest(record, words, sizeof(words)),
                    verdict_of(record), record->reasons, record->reason_count);
    }
}

static void on_record(void *context, const struct happening *happening)
{
    struct simulate_print *print = context;

    if (print->coverage != NULL) {
        coverage_note(print->coverage, happening);
    }
    if (!print->trace) {
        return;
    }
    if (out_format() != OUT_JSON) {
        print_head(print, happening);
    }
    if (happening->procedure == NULL || happening->after == NULL) {
        return;
    }
    for (uint32_t i = 0; i < happening->record->effect_count; i++) {
        print_effect(happening, &happening->record->effects[i]);
    }
}

static json_t *receipt_json(const struct simulate_print *print,
                            const struct scenario_step *step, const char *at,
                            const struct receipt *receipt)
{
    json_t *object = json_object();
    json_t *reasons = json_array();

    for (uint32_t i = 0; i < receipt->reason_count; i++) {
        json_t *reason = json_object();

        json_object_set_new(reason, "code", json_of(receipt->reasons[i].code));
        json_object_set_new(reason, "zh", json_of(receipt->reasons[i].zh));
        json_object_set_new(reason, "en", json_of(receipt->reasons[i].en));
        json_object_set_new(reason, "law", json_of(receipt->reasons[i].law));
        json_array_append_new(reasons, reason);
    }
    json_object_set_new(object, "at", json_string(at));
    json_object_set_new(object, "case", json_of(print->scenario->cases[step->which].id));
    json_object_set_new(object, "seq", json_integer((json_int_t)receipt->seq));
    json_object_set_new(object, "event", json_of(step->event));
    json_object_set_new(object, "by", json_of(step->role));
    json_object_set_new(object, "verdict", json_of(receipt_word(receipt->verdict)));
    json_object_set_new(object, "revision", json_integer(receipt->revision));
    json_object_set_new(object, "stage", json_of(receipt->stage));
    json_object_set_new(object, "reasons", reasons);
    return object;
}

/* Records speak for themselves; what made none is told here. */
static void on_receipt(void *context, const struct scenario_step *step, int64_t now_ms,
                       const struct receipt *receipt)
{
    const struct simulate_print *print = context;
    char at[INSTANT_TEXT_SIZE];
    char words[LINE_BYTES];

    if (!print->trace) {
        return;
    }
    if (out_format() == OUT_JSON) {
        (void)instant_print(now_ms, SCENARIO_ZONE_MS, at);
        out_json(receipt_json(print, step, at, receipt));
    } else if (receipt->seq == 0 || receipt->verdict == RECEIPT_DUPLICATE) {
        print_event(now_ms, print->scenario->cases[step->which].id,
                    name_event(NULL, step->event, step->role, words, sizeof(words)),
                    receipt->verdict, receipt->reasons, receipt->reason_count);
    }
}

static void on_step(void *context, const struct scenario_step *step)
{
    struct simulate_print *print = context;

    print->step = step;
}

struct play_watch simulate_watch(struct simulate_print *print)
{
    return (struct play_watch){
        .context = print,
        .on_step = on_step,
        .on_record = on_record,
        .on_receipt = on_receipt,
    };
}

static json_t *result_json(const struct simulate_print *print, const struct play_result *result)
{
    json_t *object = json_object();
    json_t *findings = json_array();

    for (const struct finding *at = result->first; at != NULL; at = at->next) {
        json_t *finding = json_object();

        json_object_set_new(finding, "line", json_integer(at->mark.line));
        json_object_set_new(finding, "what", json_of(at->what));
        json_object_set_new(finding, "expected", json_of(at->expected));
        json_object_set_new(finding, "actual", json_of(at->actual));
        json_array_append_new(findings, finding);
    }
    json_object_set_new(object, "file", json_of(print->file->name));
    json_object_set_new(object, "scenario", json_of(print->scenario->name));
    json_object_set_new(object, "held", json_boolean(result->finding_count == 0));
    json_object_set_new(object, "steps", json_integer(result->step_count));
    json_object_set_new(object, "records", json_integer((json_int_t)result->record_count));
    json_object_set_new(object, "findings", findings);
    return object;
}

void simulate_print_result(const struct simulate_print *print, const struct play_result *result)
{
    char name[PLACE_BYTES];
    char file[PLACE_BYTES];
    char count[24];
    bool held = result->finding_count == 0;

    if (out_format() == OUT_JSON) {
        out_json(result_json(print, result));
        return;
    }
    for (const struct finding *at = result->first; at != NULL; at = at->next) {
        char rooms[3][LINE_BYTES];

        (void)snprintf(file, sizeof(file), "%.*s:%u", TEXT_ARGS(print->file->name),
                       at->mark.line);
        words_print(stdout, &finding_line,
                    (const char *[]){file, string_of(at->what, rooms[0], LINE_BYTES),
                                     string_of(at->expected, rooms[1], LINE_BYTES),
                                     string_of(at->actual, rooms[2], LINE_BYTES)});
    }
    (void)snprintf(count, sizeof(count), "%u",
                   held ? result->step_count : result->finding_count);
    words_print(stdout, held ? &held_line : &failed_line,
                (const char *[]){string_of(print->file->name, file, sizeof(file)),
                                 string_of(print->scenario->name, name, sizeof(name)), count});
}

void simulate_print_sum(uint32_t held, uint32_t failed)
{
    char counts[3][24];

    if (out_format() == OUT_JSON) {
        return;
    }
    (void)snprintf(counts[0], sizeof(counts[0]), "%u", held + failed);
    (void)snprintf(counts[1], sizeof(counts[1]), "%u", held);
    (void)snprintf(counts[2], sizeof(counts[2]), "%u", failed);
    words_print(stdout, &sum_line, (const char *[]){counts[0], counts[1], counts[2]});
}
