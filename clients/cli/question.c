#include "cli/question.h"

#include <string.h>

static const struct message bad_instant = {
    "date_instant",
    "`{0}` is no time: write 2026-03-02T10:00, with seconds, Z or +08:00 if need be, or a date "
    "alone, between 1970 and 2199",
    "“{0}”不是有效时间：应写成 2026-03-02T10:00，可带秒和 Z、+08:00，也可只写日期，限 "
    "1970–2199 年"};
static const struct message bad_date = {
    "date_date", "`{0}` is no date: write 2026-03-20, between 1970 and 2199",
    "“{0}”不是有效日期：应写成 2026-03-20，限 1970–2199 年"};
static const struct message bad_length = {
    "date_length",
    "`{0}` is no length: write 30min, 8h, 90d (days), 7wd (working days), 2mo or 1y",
    "“{0}”不是有效期限：应写成 30min、8h、90d（自然日）、7wd（工作日）、2mo（月）或 1y（年）"};
static const struct message bad_offset = {
    "date_offset",
    "`{0}` is no offset: write -3wd (before), +2wd (after) or 0d (the day itself)",
    "“{0}”不是有效偏移：应写成 -3wd（之前）、+2wd（之后）或 0d（当日）"};
static const struct message bad_pause = {
    "date_pause",
    "`{0}` is no pause: write FROM..TO, as 2026-03-10T10:00..2026-04-08T10:00, or "
    "FROM.. while it lasts",
    "“{0}”不是有效中止期间：应写成 起..止，如 2026-03-10T10:00..2026-04-08T10:00；尚未恢复的写 "
    "起.."};
static const struct message bad_roll = {
    "date_roll", "roll is `{0}`: write forward (a last day that rests moves on) or none",
    "roll 不能是“{0}”：应为 forward（末日休息则顺延）或 none（不顺延）"};
static const struct message bad_anchor = {
    "date_anchor", "anchor is `{0}`: write safe (the safe day) or last (the last day)",
    "anchor 不能是“{0}”：应为 safe（稳妥日）或 last（届满日）"};
static const struct message bad_workdays = {"date_workdays",
                                            "workdays is `{0}`: write yes or no",
                                            "workdays 不能是“{0}”：应为 yes 或 no"};
static const struct message too_many = {
    "date_too_many", "too many `{0}`: at most 16 extensions, 128 pauses and 64 offsets",
    "“{0}”太多：最多 16 次延长、128 段中止、64 个偏移"};
static const struct message no_start = {
    "date_no_start",
    "when does it start? Give from (2026-03-02T10:00), or before (2026-03-20) for an act owed "
    "before a date",
    "缺少起算点：请给出 from（如 2026-03-02T10:00）；倒算期限则给 before（如 2026-03-20）"};
static const struct message two_starts = {
    "date_two_starts",
    "give either from or before: a limit counts on from one, or back from the "
    "other",
    "from 与 before 只能给一个：期限或自起算点顺算，或自某日倒算"};
static const struct message no_length = {"date_no_length",
                                         "how long is it? Give a length: 5wd, 90d, 2mo, 8h",
                                         "缺少期限长度：请给出 length，如 5wd、90d、2mo、8h"};
static const struct message mixed = {
    "date_mixed",
    "`{0}` does not go with `{1}`: minutes and hours run from the instant, all others count "
    "days",
    "“{0}”不能与“{1}”并用：分钟、小时按时刻计算，其余按日计算"};
static const struct message lead_unit = {
    "date_lead_unit",
    "before a date, only days (7d) and working days (7wd) are counted, not `{0}`",
    "倒算期限只能用自然日（7d）或工作日（7wd），不能用“{0}”"};
static const struct message out_of_years = {
    "date_out_of_years",
    "the answer lies outside the years 1970 to 2199, for which dates are reckoned; check {0}",
    "结果超出可推算的 1970–2199 年；请检查 {0}"};

const struct message question_ignored = {
    "date_ignored",
    "counted back from a date there is no roll, no pause and no extension; they were "
    "left "
    "out",
    "倒算期限不顺延、不中止、不延长，相应内容未计入"};

void question_begin(struct question *question)
{
    *question = (struct question){0};
    question->derivation = (struct derivation){
        .kind = DUE_LENGTH,
        .floor = DATE_NONE,
        .date = DATE_NONE,
        .pauses = question->pauses,
        .extensions = question->extensions,
    };
}

static bool refuse(struct misreading *misreading, const struct message *message,
                   struct text first, struct text second)
{
    *misreading = (struct misreading){.message = message, .texts = {first, second}};
    return false;
}

static bool take_from(struct question *question, struct text word, const struct office *office)
{
    struct derivation *derivation = &question->derivation;

    question->from_given = true;
    if (!instant_parse(word, office->zone_ms, &derivation->started_ms)) {
        return false;
    }
    derivation->day0 = date_of_instant(derivation->started_ms, office->zone_ms);
    return true;
}

/* FROM..TO or FROM.. */
static bool take_pause(struct question *question, struct text word, const struct office *office)
{
    struct interval pause = {.to_ms = INSTANT_NEVER};
    size_t dots = 0;

    while (dots + 1 < word.size && memcmp(word.bytes + dots, "..", 2) != 0) {
        dots++;
    }
    if (dots + 1 >= word.size) {
        return false;
    }

    struct text from = text_part(word, 0, dots);
    struct text to = text_part(word, dots + 2, word.size);

    if (!instant_parse(from, office->zone_ms, &pause.from_ms) ||
        (!text_empty(to) && !instant_parse(to, office->zone_ms, &pause.to_ms))) {
        return false;
    }
    question->pauses[question->derivation.pause_count++] = pause;
    return true;
}

/* One of two words; *chosen tells whether it was the first. */
static bool either(struct text word, const char *first, const char *second, bool *chosen)
{
    *chosen = text_is(word, first);
    return *chosen || text_is(word, second);
}

static bool has_room(const struct question *question, enum question_part part)
{
    return (part != PART_EXTEND || question->derivation.extension_count < EXTENSIONS_MAX) &&
           (part != PART_PAUSE || question->derivation.pause_count < PAUSES_MAX) &&
           (part != PART_OFFSET || question->offset_count < OFFSETS_MAX);
}

static bool read_part(struct question *question, enum question_part part, struct text word,
                      const struct office *office)
{
    struct derivation *derivation = &question->derivation;

    switch (part) {
    case PART_FROM:
        return take_from(question, word, office);
    case PART_BEFORE:
        question->before_given = true;
        return date_parse(word, &derivation->date);
    case PART_LENGTH:
        question->length_given = true;
        return length_parse(word, &derivation->length);
    case PART_EXTEND:
        return length_parse(word, &question->extensions[derivation->extension_count++]);
    case PART_ROLL:
        return either(word, "forward", "none", &derivation->roll_forward);
    case PART_PAUSE:
        return take_pause(question, word, office);
    case PART_ANCHOR:
        return either(word, "safe", "last", &question->anchor_safe);
    case PART_WORKDAYS:
        return either(word, "yes", "no", &question->workdays);
    case PART_OFFSET:
        return offset_parse(word, &question->offsets[question->offset_count++]);
    }
    return false;
}

bool question_take(struct question *question, enum question_part part, struct text word,
                   const struct office *office, struct misreading *misreading)
{
    static const struct message *const complaints[] = {
        [PART_FROM] = &bad_instant,  [PART_BEFORE] = &bad_date,
        [PART_LENGTH] = &bad_length, [PART_EXTEND] = &bad_length,
        [PART_ROLL] = &bad_roll,     [PART_PAUSE] = &bad_pause,
        [PART_ANCHOR] = &bad_anchor, [PART_WORKDAYS] = &bad_workdays,
        [PART_OFFSET] = &bad_offset,
    };
    struct text none = {0};

    if (!has_room(question, part)) {
        return refuse(misreading, &too_many, word, none);
    }
    return read_part(question, part, word, office) ||
           refuse(misreading, complaints[part], word, none);
}

static struct text length_words(struct length length, char room[LENGTH_TEXT_SIZE])
{
    return (struct text){.bytes = room, .size = length_print(length, room)};
}

/* The texts of a misreading must outlive it, and so do these: there is one at a time. */
static bool refuse_lengths(struct misreading *misreading, const struct message *message,
                           struct length first, struct length second)
{
    static char rooms[2][LENGTH_TEXT_SIZE];

    return refuse(misreading, message, length_words(first, rooms[0]),
                  length_words(second, rooms[1]));
}

static bool check_units(const struct question *question, struct misreading *misreading)
{
    const struct derivation *derivation = &question->derivation;
    struct length length = derivation->length;

    for (uint32_t i = 0; i < derivation->extension_count; i++) {
        struct length extension = derivation->extensions[i];

        if (length_is_exact(extension) != length_is_exact(length)) {
            return refuse_lengths(misreading, &mixed, extension, length);
        }
    }
    for (uint32_t i = 0; i < question->offset_count; i++) {
        if (length_is_exact(question->offsets[i]) != length_is_exact(length)) {
            return refuse_lengths(misreading, &mixed, question->offsets[i], length);
        }
    }
    return true;
}

static void order_pauses(struct question *question)
{
    for (uint32_t i = 1; i < question->derivation.pause_count; i++) {
        struct interval pause = question->pauses[i];
        uint32_t at = i;

        while (at > 0 && pause.from_ms < question->pauses[at - 1].from_ms) {
            question->pauses[at] = question->pauses[at - 1];
            at--;
        }
        question->pauses[at] = pause;
    }
}

bool question_end(struct question *question, struct misreading *misreading, bool *ignored)
{
    struct derivation *derivation = &question->derivation;
    struct text none = {0};

    *ignored = false;
    if (question->from_given == question->before_given) {
        return refuse(misreading, question->from_given ? &two_starts : &no_start, none, none);
    }
    if (!question->length_given) {
        return refuse(misreading, &no_length, none, none);
    }
    if (question->before_given) {
        if (derivation->length.unit != LENGTH_DAYS &&
            derivation->length.unit != LENGTH_WORKDAYS) {
            return refuse_lengths(misreading, &lead_unit, derivation->length,
                                  derivation->length);
        }
        *ignored = derivation->roll_forward || derivation->pause_count > 0 ||
                   derivation->extension_count > 0;
        derivation->kind = DUE_BEFORE;
        derivation->roll_forward = false;
        derivation->pause_count = 0;
        derivation->extension_count = 0;
    }
    order_pauses(question);
    return check_units(question, misreading);
}

static bool in_years(int32_t date)
{
    return date >= date_of(YEAR_FIRST, 1, 1) && date <= date_of(YEAR_LAST, 12, 31);
}

struct offset_moment question_moment(const struct question *question, const struct due *due,
                                     struct length offset, const struct office *office)
{
    struct offset_rule rule = {.offset = offset, .inside = question->workdays};

    if (length_is_exact(offset)) {
        return due_moment(due, &rule, office);
    }

    bool from_safe = question->anchor_safe && offset.count <= 0;
    struct offset_moment moment =
        due_moment_from(from_safe ? due->safe_day : due->last_day, &rule, office);

    if (from_safe &&
        calendar_first_uncovered(office->calendar, due->safe_day, due->unrolled) != DATE_NONE) {
        moment.provisional = true;
    }
    return moment;
}

bool question_answer(const struct question *question, const struct office *office,
                     struct due *due, struct misreading *misreading)
{
    struct text none = {0};
    struct due answer;

    due_derive(&question->derivation, office, &answer);
    if (answer.paused) {
        *due = answer;
        return true;
    }

    /* The due instant is 00:00 of a date that must still have a name. */
    bool good = in_years(date_of_instant(answer.due_ms, office->zone_ms)) &&
                (answer.last_day == DATE_NONE || in_years(answer.last_day));

    if (!good) {
        return refuse(misreading, &out_of_years, TEXT("length, extend"), none);
    }
    for (uint32_t i = 0; i < question->offset_count; i++) {
        struct offset_moment moment =
            question_moment(question, &answer, question->offsets[i], office);

        if (!in_years(date_of_instant(moment.at_ms, office->zone_ms))) {
            return refuse(misreading, &out_of_years, TEXT("offset"), none);
        }
    }
    *due = answer;
    return true;
}
