#include "core/guard_parse.h"

/* A sign as it is typed. `instead` is what should have been typed, where that is another. */
struct sign {
    struct text word;
    enum token_kind kind;
    enum guard_operation operation;
    struct text instead;
};

#define SIGN(word, kind, operation)       \
    {                                     \
        TEXT_INIT(word), kind, operation, \
        {                                 \
            0                             \
        }                                 \
    }
#define WRONG(word, operation, instead)                              \
    {                                                                \
        TEXT_INIT(word), TOKEN_BINARY, operation, TEXT_INIT(instead) \
    }

/* The longer before those that they begin with. */
static const struct sign signs[] = {
    WRONG("===", GUARD_EQUAL, "=="),
    WRONG("!==", GUARD_UNEQUAL, "!="),
    SIGN("&&", TOKEN_BINARY, GUARD_AND),
    SIGN("||", TOKEN_BINARY, GUARD_OR),
    SIGN("==", TOKEN_BINARY, GUARD_EQUAL),
    SIGN("!=", TOKEN_BINARY, GUARD_UNEQUAL),
    SIGN("<=", TOKEN_BINARY, GUARD_LESS_EQUAL),
    SIGN(">=", TOKEN_BINARY, GUARD_MORE_EQUAL),
    WRONG("=<", GUARD_LESS_EQUAL, "<="),
    WRONG("=>", GUARD_MORE_EQUAL, ">="),
    WRONG("<>", GUARD_UNEQUAL, "!="),
    WRONG("=", GUARD_EQUAL, "=="),
    WRONG("&", GUARD_AND, "&&"),
    WRONG("|", GUARD_OR, "||"),
    SIGN("<", TOKEN_BINARY, GUARD_LESS),
    SIGN(">", TOKEN_BINARY, GUARD_MORE),
    SIGN("+", TOKEN_BINARY, GUARD_ADD),
    SIGN("-", TOKEN_BINARY, GUARD_SUBTRACT),
    SIGN("!", TOKEN_NOT, GUARD_NOT),
    SIGN("(", TOKEN_OPEN, GUARD_LITERAL),
    SIGN(")", TOKEN_CLOSE, GUARD_LITERAL),
    SIGN("[", TOKEN_OPEN_LIST, GUARD_LITERAL),
    SIGN("]", TOKEN_CLOSE_LIST, GUARD_LITERAL),
    SIGN("{", TOKEN_BRACE, GUARD_LITERAL),
    SIGN("}", TOKEN_BRACE, GUARD_LITERAL),
    SIGN(",", TOKEN_COMMA, GUARD_LITERAL),
    SIGN(".", TOKEN_DOT, GUARD_LITERAL),
    SIGN("*", TOKEN_FOREIGN, GUARD_LITERAL),
    SIGN("/", TOKEN_FOREIGN, GUARD_LITERAL),
    SIGN("%", TOKEN_FOREIGN, GUARD_LITERAL),
    SIGN("?", TOKEN_FOREIGN, GUARD_LITERAL),
    SIGN(":", TOKEN_FOREIGN, GUARD_LITERAL),
};

enum { SIGN_COUNT = sizeof(signs) / sizeof(signs[0]), SIGN_MAX = 3 };

/* What a Chinese keyboard types when nobody switched it; each is WIDE_BYTES long. */
static const struct {
    const char *wide;
    char sign;
} wide_signs[] = {
    {"（", '('}, {"）", ')'}, {"［", '['}, {"］", ']'}, {"【", '['}, {"】", ']'},
    {"，", ','}, {"、", ','}, {"．", '.'}, {"！", '!'}, {"＝", '='}, {"＜", '<'},
    {"＞", '>'}, {"＋", '+'}, {"－", '-'}, {"＆", '&'}, {"｜", '|'}, {"？", '?'},
    {"：", ':'}, {"　", ' '}, {"“", '\''}, {"”", '\''}, {"‘", '\''}, {"’", '\''},
};

enum { WIDE_COUNT = sizeof(wide_signs) / sizeof(wide_signs[0]), WIDE_BYTES = 3 };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static char byte_at(const struct lexer *lexer, uint32_t at)
{
    return at < lexer->text.size ? lexer->text.bytes[at] : '\0';
}

/* The sign that a wide one stands for, or NUL. */
static char wide_at(const struct lexer *lexer, uint32_t at)
{
    struct text piece = text_part(lexer->text, at, WIDE_BYTES);

    if (piece.size < WIDE_BYTES || (uint8_t)piece.bytes[0] < 0xe2) {
        return '\0';
    }
    for (uint32_t i = 0; i < WIDE_COUNT; i++) {
        if (text_is(piece, wide_signs[i].wide)) {
            return wide_signs[i].sign;
        }
    }
    return '\0';
}

/* Letters of any script make words, so that a complaint names the whole of one. */
static bool letter_at(const struct lexer *lexer, uint32_t at)
{
    char c = byte_at(lexer, at);

    if ((uint8_t)c >= 0x80) {
        return wide_at(lexer, at) == '\0';
    }
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static uint32_t word_end(const struct lexer *lexer, uint32_t at)
{
    while (letter_at(lexer, at) || digit(byte_at(lexer, at))) {
        at++;
    }
    return at;
}

static uint32_t digits_end(const struct lexer *lexer, uint32_t at)
{
    while (digit(byte_at(lexer, at))) {
        at++;
    }
    return at;
}

static struct token token_of(struct lexer *lexer, enum token_kind kind, uint32_t end)
{
    struct token token = {.kind = kind, .from = lexer->at, .size = end - lexer->at};

    lexer->at = end;
    return token;
}

static struct token complain(struct lexer *lexer, enum guard_fault fault, uint32_t end)
{
    struct text word = text_part(lexer->text, lexer->at, end - lexer->at);

    fault_add(lexer->faults, fault, lexer->at, (struct text[PROBLEM_ARGUMENTS]){word});
    return token_of(lexer, TOKEN_BROKEN, end);
}

/* `2021-07-15` would be a subtraction; nobody means that. */
static bool date_stands_here(const struct lexer *lexer)
{
    int32_t date;

    return date_parse(text_part(lexer->text, lexer->at, DATE_TEXT_SIZE - 1), &date) &&
           !digit(byte_at(lexer, lexer->at + DATE_TEXT_SIZE - 1));
}

static struct token number_token(struct lexer *lexer)
{
    uint32_t whole = digits_end(lexer, lexer->at);
    bool pointed = byte_at(lexer, whole) == '.' && digit(byte_at(lexer, whole + 1));
    uint32_t decimals = pointed ? digits_end(lexer, whole + 1) : whole;
    uint32_t end = word_end(lexer, decimals);
    struct text text = text_part(lexer->text, lexer->at, end - lexer->at);
    enum value_type type = VALUE_INTEGER;
    enum guard_fault fault = FAULT_LARGE;
    struct value value;

    if (date_stands_here(lexer)) {
        return complain(lexer, FAULT_DATE_FORM, lexer->at + DATE_TEXT_SIZE - 1);
    }
    if (end > decimals) {
        type = VALUE_LENGTH;
        fault = FAULT_NUMBER;
    } else if (pointed) {
        type = VALUE_MONEY;
        fault = decimals - whole == 3 ? FAULT_LARGE : FAULT_MONEY_FORM;
    }
    if (!value_parse(text, type, NULL, 0, &value)) {
        return complain(lexer, fault, end);
    }

    struct token token = token_of(lexer, TOKEN_LITERAL, end);

    token.literal = value;
    return token;
}

/* Where the text that begins at `at` has its closing quote (`wide`: any of the curly ones), or
 * the end of its line. *escape is its first backslash, 0 if there is none. */
static uint32_t closing_quote(const struct lexer *lexer, uint32_t at, char quote, bool wide,
                              uint32_t *escape)
{
    for (; at < lexer->text.size && byte_at(lexer, at) != '\n'; at++) {
        if ((wide ? wide_at(lexer, at) : byte_at(lexer, at)) == quote) {
            break;
        }
        if (byte_at(lexer, at) == '\\') {
            *escape = *escape == 0 ? at : *escape;
            at++;
        }
    }
    return at;
}

/* A text between quotes; CEL's escapes are not in the subset, two kinds of quotes will do. */
static struct token text_token(struct lexer *lexer, bool wide)
{
    uint32_t open = wide ? WIDE_BYTES : 1;
    char quote = wide ? '\'' : byte_at(lexer, lexer->at);
    uint32_t begin = lexer->at + open;
    uint32_t escape = 0;
    uint32_t end = closing_quote(lexer, begin, quote, wide, &escape);

    if (end >= lexer->text.size || byte_at(lexer, end) == '\n') {
        struct text mark = quote == '"' ? TEXT("\"") : TEXT("'");

        fault_add(lexer->faults, FAULT_QUOTE, lexer->at,
                  (struct text[PROBLEM_ARGUMENTS]){mark});
        return token_of(lexer, TOKEN_BROKEN, (uint32_t)lexer->text.size);
    }
    if (escape != 0) {
        fault_add(lexer->faults, FAULT_ESCAPE, escape, NULL);
        return token_of(lexer, TOKEN_BROKEN, end + open);
    }

    struct token token = token_of(lexer, TOKEN_LITERAL, end + open);

    token.literal = value_text(text_part(lexer->text, begin, end - begin));
    return token;
}

static struct token word_token(struct lexer *lexer)
{
    struct token token = token_of(lexer, TOKEN_WORD, word_end(lexer, lexer->at));

    if (text_is(text_part(lexer->text, token.from, token.size), "in")) {
        token.kind = TOKEN_BINARY;
        token.operation = GUARD_IN;
    }
    return token;
}

/* The next signs in plain form, wide ones too; ends[i] is where the i-th stops. */
static uint32_t plain_signs(const struct lexer *lexer, char plain[SIGN_MAX],
                            uint32_t ends[SIGN_MAX], bool *wide)
{
    uint32_t at = lexer->at;
    uint32_t count = 0;

    while (count < SIGN_MAX && at < lexer->text.size) {
        char c = wide_at(lexer, at);

        wide[count] = c != '\0';
        plain[count] = wide[count] ? c : byte_at(lexer, at);
        at += wide[count] ? WIDE_BYTES : 1;
        ends[count] = at;
        count++;
    }
    return count;
}

static const struct sign *sign_of(struct text plain)
{
    for (uint32_t i = 0; i < SIGN_COUNT; i++) {
        if (text_starts(plain, signs[i].word)) {
            return &signs[i];
        }
    }
    return NULL;
}

static struct token sign_token(struct lexer *lexer)
{
    char plain[SIGN_MAX];
    uint32_t ends[SIGN_MAX];
    bool wide[SIGN_MAX] = {false};
    uint32_t count = plain_signs(lexer, plain, ends, wide);
    const struct sign *sign = sign_of((struct text){.bytes = plain, .size = count});

    if (sign == NULL) {
        return complain(lexer, FAULT_CHARACTER, ends[0]);
    }

    uint32_t end = ends[sign->word.size - 1];
    struct text typed = text_part(lexer->text, lexer->at, end - lexer->at);
    bool wrong = !text_empty(sign->instead);
    struct text right = wrong ? sign->instead : sign->word;

    if (wide[0] || (sign->word.size > 1 && wide[1]) || (sign->word.size > 2 && wide[2])) {
        fault_add(lexer->faults, FAULT_WIDE, lexer->at,
                  (struct text[PROBLEM_ARGUMENTS]){typed, right});
    } else if (wrong) {
        fault_add(lexer->faults, FAULT_SIGN, lexer->at,
                  (struct text[PROBLEM_ARGUMENTS]){typed, right});
    }

    struct token token = token_of(lexer, sign->kind, end);

    token.operation = sign->operation;
    return token;
}

static struct token wide_quote_token(struct lexer *lexer)
{
    fault_add(lexer->faults, FAULT_WIDE, lexer->at,
              (struct text[PROBLEM_ARGUMENTS]){text_part(lexer->text, lexer->at, WIDE_BYTES),
                                               TEXT("'")});
    return text_token(lexer, true);
}

static void skip_blanks(struct lexer *lexer)
{
    for (;; lexer->at++) {
        char c = byte_at(lexer, lexer->at);
        bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';

        if (wide_at(lexer, lexer->at) == ' ') {
            (void)complain(lexer, FAULT_CHARACTER, lexer->at + WIDE_BYTES);
            lexer->at--; /* the loop's step */
        } else if (!blank || lexer->at >= lexer->text.size) {
            return;
        }
    }
}

struct token lexer_next(struct lexer *lexer)
{
    struct token token;

    /* A character without a meaning is complained of and passed over. */
    do {
        skip_blanks(lexer);

        char c = byte_at(lexer, lexer->at);

        if (lexer->at >= lexer->text.size) {
            return token_of(lexer, TOKEN_END, lexer->at);
        }
        if (digit(c)) {
            return number_token(lexer);
        }
        if (c == '\'' || c == '"') {
            return text_token(lexer, false);
        }
        if (wide_at(lexer, lexer->at) == '\'') {
            return wide_quote_token(lexer);
        }
        if (letter_at(lexer, lexer->at)) {
            return word_token(lexer);
        }
        token = sign_token(lexer);
    } while (token.kind == TOKEN_BROKEN);
    return token;
}
