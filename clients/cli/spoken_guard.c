#include "cli/spoken.h"

#include "cli/words.h"

#include <ctype.h>
#include <string.h>

/*
 * A condition as a sentence: its names become words, its operators those of the language. It is
 * a translation word by word, in the order written; where a place has words of its own they say
 * it better, and are taken instead.
 */

struct sentence {
    FILE *out;
    const struct procedure *procedure;
    struct text rest;
};

static void say(const struct sentence *sentence, struct text text)
{
    (void)fprintf(sentence->out, "%.*s", TEXT_ARGS(text));
}

static const struct label *label_of_choice(const struct procedure *procedure, struct text name)
{
    for (uint32_t i = 0; i < procedure->word_count; i++) {
        if (text_equal(procedure->words[i].name, name)) {
            return &procedure->words[i].label;
        }
    }
    return NULL;
}

/* A value of a choice, an outcome: whatever `words` has. */
static void say_word(const struct sentence *sentence, struct text name)
{
    const struct label *label = label_of_choice(sentence->procedure, name);

    say(sentence, label == NULL ? name : spoken_words(label, name));
}

/* A named condition, or a fact. */
static bool say_named(const struct sentence *sentence, struct text name)
{
    const struct procedure *procedure = sentence->procedure;
    uint16_t fact = procedure_fact(procedure, name);

    for (uint32_t i = 0; i < procedure->define_count; i++) {
        if (text_equal(procedure->defines[i].name, name)) {
            say(sentence, spoken_words(&procedure->defines[i].label, name));
            return true;
        }
    }
    if (fact != NO_INDEX) {
        say(sentence, spoken_fact(procedure, fact));
    }
    return fact != NO_INDEX;
}

struct said {
    const char *name;
    const char *en;
    const char *zh;
};

static bool say_one_of(const struct sentence *sentence, const struct said *list, struct text of)
{
    for (; list->name != NULL; list++) {
        if (text_is(of, list->name)) {
            (void)fputs(words_pick(list->en, list->zh), sentence->out);
            return true;
        }
    }
    return false;
}

/* `clock.decide.overdue`: "time to decide is overdue", “办案期限已逾期”. */
static void say_clock(const struct sentence *sentence, struct text path)
{
    static const struct said states[] = {
        {"live", " runs", "未了结"},
        {"running", " is running", "正在计算"},
        {"paused", " is paused", "已中止"},
        {"overdue", " is overdue", "已逾期"},
        {"met", " was met", "已按期办结"},
        {"met_late", " was met late", "已逾期办结"},
        {"used", " was used", "已行使"},
        {"elapsed", " is over", "已届满"},
        {"capped", " is at its cap", "已达上限"},
        {"amount", "'s amount", "数额"},
        {"started", "'s start", "起算时间"},
        {"ended", "'s end", "终止时间"},
        {"last_day", "'s last day", "最后一日"},
        {NULL, NULL, NULL},
    };
    struct text state;
    struct text name = text_cut(path, '.', &state);
    uint16_t clock = procedure_clock(sentence->procedure, name);

    say(sentence, clock == NO_INDEX ? name : spoken_clock(sentence->procedure, clock));
    if (!say_one_of(sentence, states, state)) {
        say(sentence, state);
    }
}

static void say_name(const struct sentence *sentence, struct text name)
{
    static const struct said known[] = {
        {"event.occurred", "the time of the act", "行为时间"},
        {"event.received", "the time it was received", "收到时间"},
        {"event.person", "who acts", "行为人"},
        {"event.sender", "the case that told it", "来文案件"},
        {"actors.certified", "all hold valid certificates", "行为人均持有效证件"},
        {"actors.of_unit", "somebody who acts is of the case's unit",
         "行为人有本案承办机构人员"},
        {"actors", "who acts", "行为人"},
        {"case.stage", "the stage", "所处阶段"},
        {"case.opened", "the day it was opened", "登记时间"},
        {"has", "there is ", "已有"},
        {"size", "the number of ", "人数："},
        {"date", "the date of ", ""},
        {"after", "the last day after ", "以下期间的末日："},
        {"before", "the last day before ", "倒数期间的末日："},
        {"workday", "a working day: ", "工作日："},
        {"in", " is one of ", "属于"},
        {"true", "yes", "是"},
        {"false", "no", "否"},
        {NULL, NULL, NULL},
    };
    struct text rest;
    struct text first = text_cut(name, '.', &rest);

    if (say_one_of(sentence, known, name)) {
        return;
    }
    if (text_is(first, "clock")) {
        say_clock(sentence, rest);
    } else if (text_is(first, "event") || text_is(first, "facts")) {
        if (!say_named(sentence, rest)) {
            say(sentence, rest);
        }
    } else if (!say_named(sentence, name)) {
        say_word(sentence, name);
    }
}

/* The longest operator that the rest begins with; 0: none. */
static size_t say_operator(const struct sentence *sentence)
{
    static const struct said operators[] = {
        {"&&", " and ", "，且"},
        {"||", " or ", "，或者"},
        {"==", " is ", "为"},
        {"!=", " is not ", "不为"},
        {"<=", " is at most ", "不超过"},
        {">=", " is at least ", "不少于"},
        {"<", " is below ", "小于"},
        {">", " is above ", "大于"},
        {"!", "not: ", "并非："},
        {"+", " plus ", "加"},
        {"-", " less ", "减"},
        {",", ", ", "、"},
        {"(", "(", "（"},
        {")", ")", "）"},
        {"[", "", ""},
        {"]", "", ""},
        {NULL, NULL, NULL},
    };

    for (const struct said *at = operators; at->name != NULL; at++) {
        if (text_starts(sentence->rest, text_of(at->name))) {
            (void)fputs(words_pick(at->en, at->zh), sentence->out);
            return strlen(at->name);
        }
    }
    return 0;
}

static size_t span(struct text text, bool quoted)
{
    size_t size = quoted ? 1 : 0;

    while (size < text.size) {
        unsigned char byte = (unsigned char)text.bytes[size];

        if (quoted ? byte == '\'' : !(isalnum(byte) || byte == '_' || byte == '.')) {
            break;
        }
        size++;
    }
    return size;
}

/* A length, an amount with its fen, or a plain number. */
static void say_number(const struct sentence *sentence, struct text number)
{
    struct length length;
    size_t size = number.size;

    if (length_parse(number, &length)) {
        spoken_length(sentence->out, length);
    } else if (size > 3 && number.bytes[size - 3] == '.') {
        bool whole = text_is(text_part(number, size - 2, 2), "00");

        (void)fprintf(sentence->out, "%.*s%s", (int)(whole ? size - 3 : size), number.bytes,
                      words_pick(" yuan", "元"));
    } else {
        say(sentence, number);
    }
}

/* `has(x) && ` only lets an unset x count as no, which a reader takes for granted. */
static bool skip_has(struct sentence *sentence)
{
    struct text rest = sentence->rest;
    struct text asked;

    if (!text_starts(rest, TEXT("has("))) {
        return false;
    }
    asked = text_cut(rest, ')', &rest);
    if (asked.size == sentence->rest.size || !text_starts(rest, TEXT(" && "))) {
        return false;
    }
    sentence->rest = text_part(rest, 4, rest.size);
    return true;
}

void spoken_guard(FILE *out, const struct procedure *procedure, const struct guard *guard)
{
    struct sentence sentence = {.out = out, .procedure = procedure, .rest = guard->text};

    while (sentence.rest.size > 0) {
        unsigned char byte = (unsigned char)sentence.rest.bytes[0];
        bool quoted = byte == '\'';
        size_t size = 1;

        if (skip_has(&sentence)) {
            continue;
        }
        if (quoted || isalnum(byte)) {
            size = span(sentence.rest, quoted);

            struct text token = text_part(sentence.rest, quoted, size - quoted);

            if (quoted) {
                size++;
                say_word(&sentence, token);
            } else if (isdigit(byte)) {
                say_number(&sentence, token);
            } else {
                say_name(&sentence, token);
            }
        } else if (byte != ' ' && byte != '\n') {
            size_t taken = say_operator(&sentence);

            size = taken > 0 ? taken : 1;
        }
        sentence.rest = text_part(sentence.rest, size, sentence.rest.size);
    }
}
