#include "engine/tell.h"

#include "base/must.h"
#include "engine/entry_words.h"

#include <string.h>

/* {0} is the subject: a clock, fact, role, stage; the rest is said of it. */
static const struct message messages[] = {
    [EFFECT_FACT] = {"fact", "{0} is {1}", "{0}：{1}"},
    [EFFECT_ASSIGNED] = {"assigned", "{1} is assigned as {0}", "指派{1}为{0}"},
    [EFFECT_RELEASED] = {"released", "{1} is no longer assigned as {0}", "{1}不再担任{0}"},
    [EFFECT_STARTED] = {"started", "clock {0} starts; last day {1}", "期限“{0}”起算，末日{1}"},
    [EFFECT_CANCELLED] = {"cancelled", "clock {0} is cancelled", "期限“{0}”撤销"},
    [EFFECT_PAUSED] = {"paused", "clock {0} is paused: {2}", "期限“{0}”中止：{2}"},
    [EFFECT_RESUMED] = {"resumed", "clock {0}, ground {2} is over; last day {1}",
                        "期限“{0}”的中止事由“{2}”消除，末日{1}"},
    [EFFECT_EXTENDED] = {"extended", "clock {0} is extended by {2}; last day {1}",
                         "期限“{0}”延长{2}，末日{1}"},
    [EFFECT_ENDED] = {"ended", "clock {0}: {2}", "期限“{0}”{2}"},
    [EFFECT_DERIVED] = {"derived", "clock {0} is derived anew; last day {1}, was {2}",
                        "期限“{0}”重新推算，末日{1}，原为{2}"},
    [EFFECT_ACKNOWLEDGED] = {"acknowledged", "clock {0}: the delay is acknowledged",
                             "期限“{0}”的逾期已确认"},
    [EFFECT_STAGE] = {"stage", "stage: {0}", "进入阶段：{0}"},
    [EFFECT_CLOSED] = {"closed", "closed: {1}", "结案：{1}"},
    [EFFECT_HELD] = {"held", "on hold: notices wait", "案件挂起，通知暂缓"},
    [EFFECT_UNHELD] = {"unheld", "no longer on hold", "案件解除挂起"},
    [EFFECT_NOTICE] = {"notice", "to {0}: {1} {2}", "通知{0}：{1} {2}"},
    [EFFECT_REVIEW] = {"review", "to {0}: {1} is still paused", "提醒{0}：{1}仍在中止"},
    [EFFECT_MOVED] = {"moved", "to {0}: {1} has the date {2}, not {3}",
                      "告知{0}：{1}日期为{2}，而非{3}"},
    [EFFECT_WITHDRAWN] = {"withdrawn",
                          "to {0}: {1} was met in time after all; {2} is withdrawn",
                          "告知{0}：{1}并未逾期，撤回{2}"},
    [EFFECT_SKIPPED] = {"skipped", "not sent to {0}, too late: {1} {2}",
                        "已过时，不再通知{0}：{1} {2}"},
    [EFFECT_DEFECT] = {"defect", "defect: {1}", "瑕疵：{1}"},
    [EFFECT_CORRECTED] = {"corrected", "corrected: {0}: {1}", "更正：{0}：{1}"},
    [EFFECT_STRANDED] = {"stranded", "to {0}: the case waits for nothing in stage {1}",
                         "提醒{0}：案件在阶段“{1}”无所等待"},
    [EFFECT_NOTHING] = {"nothing", "no effect: {1}", "未生效：{1}"},
    [EFFECT_OPENS] = {"opens", "opens case {1}", "另立案件：{1}"},
    [EFFECT_MIGRATED] = {"migrated", "goes on under {1}", "改按 {1} 办理"},
    [EFFECT_TELLS] = {"tells", "tells case {1}", "告知案件：{1}"},
};

static const struct message told_by_officer = {
    "to_officer", " (no address or consent: the officer hands it over)",
    "（无地址或未同意，由承办人转交）"};

static const struct message state_messages[] = {
    [INSTANCE_RUNNING] = {"running", "running", "计算中"},
    [INSTANCE_PAUSED] = {"paused", "paused", "中止"},
    [INSTANCE_OVERDUE] = {"overdue", "overdue", "逾期"},
    [INSTANCE_MET] = {"met", "met", "已履行"},
    [INSTANCE_MET_LATE] = {"met_late", "met late", "逾期履行"},
    [INSTANCE_USED] = {"used", "used", "已行使"},
    [INSTANCE_ELAPSED] = {"elapsed", "elapsed", "届满"},
    [INSTANCE_CAPPED] = {"capped", "capped", "已达上限"},
    [INSTANCE_CANCELLED] = {"cancelled", "cancelled", "已撤销"},
};

enum { WORD_BYTES = 200 };

/* A line in the making. */
struct line {
    const struct happening *happening;
    const struct effect *effect;
    bool zh;
    char rooms[4][WORD_BYTES];
    struct text words[PROBLEM_ARGUMENTS];
};

static const char *words_of(const struct message *message, bool zh)
{
    return zh ? message->zh : message->en;
}

struct text tell_state(enum instance_state state, bool zh)
{
    return text_of(words_of(&state_messages[state], zh));
}

size_t tell_instance(const struct procedure *procedure, uint16_t clock, uint16_t number,
                     bool zh, char *out, size_t size)
{
    struct text name = procedure->clocks[clock].name;
    struct text words = label_words(&procedure->clocks[clock].label, name, zh);
    size_t at = words.size < size - 8 ? words.size : size - 8;
    uint16_t divisor = 10000;

    memcpy(out, words.bytes, at);
    if (number > 1) {
        out[at++] = '#';
        while (divisor > number) {
            divisor /= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            out[at++] = (char)('0' + number / divisor % 10);
        }
    }
    return at;
}

static void say(struct line *line, int place, struct text words)
{
    size_t size = words.size < WORD_BYTES ? words.size : WORD_BYTES;

    while (size > 0 && size < words.size && ((unsigned char)words.bytes[size] & 0xc0) == 0x80) {
        size--; /* no half characters */
    }
    if (size > 0) {
        memcpy(line->rooms[place], words.bytes, size);
    }
    line->words[place] = (struct text){.bytes = line->rooms[place], .size = size};
}

static void say_labelled(struct line *line, int place, const struct label *label,
                         struct text name)
{
    say(line, place, procedure_words_of(line->happening->procedure, label, name, line->zh));
}

static void say_role(struct line *line, int place, uint16_t role)
{
    const struct procedure *procedure = line->happening->procedure;

    if (role != NO_INDEX) {
        say(line, place,
            label_words(&procedure->roles[role].label, procedure->roles[role].name, line->zh));
    }
}

static void say_stage(struct line *line, int place)
{
    const struct stage *stage = &line->happening->procedure->stages[line->effect->stage];

    say_labelled(line, place, &stage->label, stage->name);
}

static void say_date(struct line *line, int place, int32_t date)
{
    char words[DATE_TEXT_SIZE];

    if (date == DATE_NONE) {
        say(line, place, TEXT("-"));
        return;
    }

    size_t size = date_print(date, words);

    say(line, place, (struct text){words, size});
}

static void say_clock(struct line *line, int place)
{
    const struct effect *effect = line->effect;
    char words[WORD_BYTES];

    if (effect->clock == NO_INDEX) {
        return;
    }

    size_t size = tell_instance(line->happening->procedure, effect->clock, effect->number,
                                line->zh, words, sizeof(words));

    say(line, place, (struct text){words, size});
}

/* The entry, or the notice of a rule or stage. */
static void say_entry(struct line *line, int place)
{
    const struct procedure *procedure = line->happening->procedure;
    const struct effect *effect = line->effect;

    if (effect->clock != NO_INDEX && effect->entry != NO_INDEX) {
        const struct entry *entry = &procedure->clocks[effect->clock].entries[effect->entry];
        char words[ENTRY_WORDS_BYTES];
        size_t size = entry_words(entry, procedure, line->zh, words);

        say(line, place, (struct text){words, size});
    } else if (effect->notice != NO_INDEX) {
        const struct notice *notice = &procedure->notices[effect->notice];

        say(line, place, label_words(&notice->label, notice->name, line->zh));
    }
}

static void say_value(struct line *line, int place, uint16_t fact)
{
    const struct fact *known = &line->happening->procedure->facts[fact];
    const struct value *value = &line->happening->after->facts[fact].value;
    char words[WORD_BYTES];

    if (known->private) {
        say(line, place, TEXT("***"));
        return;
    }
    if (!value->known) {
        say(line, place, TEXT("-"));
        return;
    }

    size_t size = value_print(value, &known->choices, line->happening->agency->office.zone_ms,
                              words, sizeof(words));

    if (value->type == VALUE_CHOICE) {
        say_labelled(line, place, NULL, (struct text){words, size});
    } else {
        say(line, place, (struct text){words, size});
    }
}

static void say_length(struct line *line, int place, struct length length)
{
    char words[LENGTH_TEXT_SIZE];
    size_t size = length_print(length, words);

    say(line, place, (struct text){words, size});
}

static void say_nothing(struct line *line)
{
    const struct effect *effect = line->effect;
    struct text arguments[PROBLEM_ARGUMENTS] = {
        procedure_words(line->happening->procedure, effect->text, line->zh)};
    char words[WORD_BYTES];

    if (effect->message == NULL) {
        return;
    }

    size_t size =
        message_print(words_of(effect->message, line->zh), arguments, words, sizeof(words));

    say(line, 1, (struct text){words, size});
}

static void say_defect(struct line *line)
{
    const struct effect *effect = line->effect;

    say(line, 1,
        effect->label == NULL ? effect->text
                              : label_words(effect->label, effect->text, line->zh));
}

/* What is said of a clock. */
static void fill_clock(struct line *line)
{
    const struct procedure *procedure = line->happening->procedure;
    const struct effect *effect = line->effect;

    say_clock(line, 0);
    say_date(line, 1, effect->last_day);
    if (effect->ground != NO_INDEX) {
        const struct ground *ground = &procedure->grounds[effect->ground];

        say(line, 2, label_words(&ground->label, ground->name, line->zh));
    } else if (effect->kind == EFFECT_EXTENDED) {
        say_length(line, 2, effect->length);
    } else if (effect->kind == EFFECT_ENDED) {
        say(line, 2, tell_state(effect->state, line->zh));
    } else if (effect->kind == EFFECT_DERIVED) {
        say_date(line, 2, effect->old_day);
    }
}

/* Words to somebody about a clock. */
static void fill_told(struct line *line)
{
    say_role(line, 0, line->effect->role);
    if (line->effect->clock == NO_INDEX) {
        say_entry(line, 1);
        return;
    }
    say_clock(line, 1);
    if (line->effect->kind == EFFECT_MOVED) {
        say_date(line, 2, line->effect->last_day);
        say_date(line, 3, line->effect->old_day);
    } else {
        say_entry(line, 2);
    }
}

/* What was put right, and how it was before and is now. */
static void fill_corrected(struct line *line)
{
    const struct effect *effect = line->effect;
    const struct procedure *procedure = line->happening->procedure;

    if (effect->fact != NO_INDEX) {
        say_labelled(line, 0, &procedure->facts[effect->fact].label,
                     procedure->facts[effect->fact].name);
    } else if (effect->clock != NO_INDEX) {
        say_clock(line, 0);
    } else {
        say(line, 0, line->zh ? TEXT("阶段") : TEXT("stage"));
    }
    say(line, 1, effect->text);
}

static void fill(struct line *line)
{
    const struct effect *effect = line->effect;
    const struct procedure *procedure = line->happening->procedure;

    switch (effect->kind) {
    case EFFECT_FACT:
        say_labelled(line, 0, &procedure->facts[effect->fact].label,
                     procedure->facts[effect->fact].name);
        say_value(line, 1, effect->fact);
        break;
    case EFFECT_ASSIGNED:
    case EFFECT_RELEASED:
        say_role(line, 0, effect->role);
        say(line, 1, effect->text);
        break;
    case EFFECT_STARTED:
    case EFFECT_CANCELLED:
    case EFFECT_PAUSED:
    case EFFECT_RESUMED:
    case EFFECT_EXTENDED:
    case EFFECT_ENDED:
    case EFFECT_DERIVED:
    case EFFECT_ACKNOWLEDGED:
        fill_clock(line);
        break;
    case EFFECT_STAGE:
        say_stage(line, 0);
        break;
    case EFFECT_NOTICE:
    case EFFECT_REVIEW:
    case EFFECT_MOVED:
    case EFFECT_WITHDRAWN:
    case EFFECT_SKIPPED:
        fill_told(line);
        break;
    case EFFECT_STRANDED:
        say_role(line, 0, effect->role);
        say_stage(line, 1);
        break;
    case EFFECT_DEFECT:
        say_defect(line);
        break;
    case EFFECT_NOTHING:
        say_nothing(line);
        break;
    case EFFECT_CLOSED:
        say_labelled(line, 1, NULL, effect->text);
        break;
    case EFFECT_OPENS:
    case EFFECT_TELLS:
    case EFFECT_MIGRATED:
        say(line, 1, effect->text);
        break;
    case EFFECT_CORRECTED:
        fill_corrected(line);
        break;
    case EFFECT_HELD:
    case EFFECT_UNHELD:
        break;
    }
}

size_t tell_effect(const struct happening *happening, const struct effect *effect, bool zh,
                   char out[TELL_BYTES_MAX])
{
    struct line line = {.happening = happening, .effect = effect, .zh = zh};

    MUST(happening->procedure != NULL);
    fill(&line);

    size_t size =
        message_print(words_of(&messages[effect->kind], zh), line.words, out, TELL_BYTES_MAX);

    size = text_trim((struct text){out, size}).size; /* where the last word is none */
    if (effect->to_officer) {
        size += message_print(words_of(&told_by_officer, zh), line.words, out + size,
                              TELL_BYTES_MAX - size);
    }
    return size;
}
