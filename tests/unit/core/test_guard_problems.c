#include "lib/check.h"
#include "lib/guard_play.h"

static const struct guard_wish condition = {.type = VALUE_FLAG};

/* A guard, and what is told of it: columns and codes. */
struct row {
    const char *guard;
    const char *told;
};

static void check_rows(const struct row *rows, size_t count, struct guard_wish wish)
{
    struct play play;

    play_init(&play);
    for (size_t i = 0; i < count; i++) {
        if (!CHECK_TEXT(play_told(&play, rows[i].guard, wish), rows[i].told)) {
            (void)fprintf(stderr, "    of: %s\n", rows[i].guard);
        }
    }
    play_fini(&play);
}

#define CHECK_ROWS(rows, wish) check_rows(rows, sizeof(rows) / sizeof((rows)[0]), wish)

static void what_is_right_is_told_nothing_of(void)
{
    static const struct row rows[] = {
        {"minor", ""},
        {" !minor && ( harm || !closed ) ", ""},
        {"has(served_on) && !has(facts.mobile)", ""},
        {"facts.rounds + 1 >= 2 - attempts", ""},
        {"fine + event.fine > 1000.00 - clock.late_fee.amount", ""},
        {"-fine < -10.00 && --rounds == 2", ""},
        {"kind == 'person' || \"adopt\" != result", ""},
        {"kind == result && name != kind", ""},
        {"case.stage in ['filed', 'investigate']", ""},
        {"rounds in [1, 2, -3] && fine in [1.00, -2.50]", ""},
        {"served_on in [date('2026-01-02'), date('2026-01-05')]", ""},
        {"minor in [true] && rounds in []", ""},
        {"'first' in marks && kind in marks && name in marks && traits == marks", ""},
        {"marks == ['first', 'minor'] && [] != traits", ""},
        {"'wang' in actors && event.person in actors && size(actors) >= 2", ""},
        {"size(name) + size(marks) + size([1, 2]) > 4", ""},
        {"date(event.occurred) <= after(clock.correct.last_day, 2wd)", ""},
        {"before(served_on, give) < date('2021-07-15') && workday(decided_on)", ""},
        {"decided_on - served_on > 3 && seen < event.occurred", ""},
        {"give <= 2mo && give == 1y", ""},
        {"registers.fines[name].max >= fine", ""},
        {"registers.fines['a'].max >= registers.fines[kind].max", ""},
        {"registers.fines[registers.grades[rounds + 1].name].max > 0.00", ""},
        {"has(registers.fines[name].max) && exempt && !heavy", ""},
        {"name < 'b' && minor == harm", ""},
        {"actors.certified &&\n  minor", ""},
    };

    CHECK_ROWS(rows, condition);
}

static void signs_of_other_languages_are_corrected(void)
{
    static const struct row rows[] = {
        {"rounds = 1", "8 guard_sign"},
        {"rounds === 1 || rounds !== 2", "8 guard_sign, 24 guard_sign"},
        {"rounds <> 1 and minor", "8 guard_sign, 13 guard_sign"},
        {"rounds =< 1 or rounds => 2", "8 guard_sign, 13 guard_sign, 23 guard_sign"},
        {"minor & harm | closed", "7 guard_sign, 14 guard_sign"},
        {"not minor", "1 guard_sign"},
        {"not (minor && harm)", "1 guard_sign"},
        {"rounds == 1; minor", "12 guard_character, 14 guard_operator"},
        {"@minor", "1 guard_character"},
        {"\xef\xbc\x88minor\xef\xbc\x89", "1 guard_wide, 7 guard_wide"},
        {"rounds\xef\xbc\x9d\xef\xbc\x9d"
         "1",
         "7 guard_wide"},
        {"rounds \xef\xbc\x9e= 1", "8 guard_wide"},
        {"kind == \xe2\x80\x9cperson\xe2\x80\x9d", "9 guard_wide"},
        {"kind == \xe2\x80\x98person", "9 guard_wide, 9 guard_quote"},
        {"minor\xe3\x80\x80&& harm", "6 guard_character"},
    };

    CHECK_ROWS(rows, condition);
}

static void literals_are_strict(void)
{
    static const struct row rows[] = {
        {"name == 'abc", "9 guard_quote"},
        {"name == \"abc' && minor", "9 guard_quote"},
        {"name == 'a\nb' && minor", "9 guard_quote"},
        {"name == 'it\\'s'", "12 guard_escape"},
        {"fine > 12.5", "8 guard_money_form"},
        {"fine > 12.505", "8 guard_money_form"},
        {"fine > 99999999999999999999.00", "8 guard_large"},
        {"rounds > 9223372036854775808", "10 guard_large"},
        {"rounds > 0x1F", "10 guard_number"},
        {"rounds > 1e3", "10 guard_number"},
        {"rounds > 12u", "10 guard_number"},
        {"give > 10\xe5\xa4\xa9", "8 guard_number"},
        {"give > 3w", "8 guard_number"},
        {"served_on > 2021-07-15", "13 guard_date_form"},
        {"served_on > date('2021-02-30')", "18 guard_date_literal"},
        {"served_on > date('today')", "18 guard_date_literal"},
        {"rounds > .5", "10 guard_operand, 10 guard_subset"},
    };

    CHECK_ROWS(rows, condition);
}

static void the_rest_of_cel_is_refused_by_name(void)
{
    static const struct row rows[] = {
        {"rounds * 2 > 4", "8 guard_subset"},
        {"rounds / 2 > 4 % 3", "8 guard_subset, 16 guard_subset"},
        {"minor ? harm : closed", "7 guard_subset"},
        {"served_on == null", "14 guard_subset"},
        {"marks.exists(m, m == 'first')", "7 guard_subset"},
        {"name.startsWith('a') && bogus", "6 guard_subset, 25 guard_name"},
        {"matches(name, 'a+')", "1 guard_subset"},
        {"size({'a': 1}) > 0", "6 guard_subset"},
        {"minor {", "7 guard_subset"},
        {"size(name).abs", "11 guard_subset"},
        {"int(name) > 3", "1 guard_subset"},
    };

    CHECK_ROWS(rows, condition);
}

static void what_is_missing_or_too_much_is_told_at_its_place(void)
{
    static const struct row rows[] = {
        {"", "1 guard_empty"},
        {"   ", "1 guard_empty"},
        {"minor &&", "9 guard_operand"},
        {"&& minor", "1 guard_operand"},
        {"minor && || harm", "10 guard_operand"},
        {"!", "2 guard_operand"},
        {"()", "2 guard_operand"},
        {"minor harm", "7 guard_operator"},
        {"minor 'x'", "7 guard_operator"},
        {"(minor && (harm)", "1 guard_open"},
        {"((minor", "1 guard_open, 2 guard_open"},
        {"minor)", "6 guard_close"},
        {"(minor]", "1 guard_open, 7 guard_close"},
        {"minor, harm", "6 guard_comma"},
        {"(minor, harm)", "7 guard_comma"},
        {"facts. && minor", "6 guard_dot"},
        {"has(minor", "4 guard_open"},
        {"size(", "5 guard_open, 6 guard_operand"},
        {"rounds in [1, 2", "11 guard_open"},
        {"rounds in [1 2]", "14 guard_list_comma"},
        {"rounds in [1, 2,]", "17 guard_operand"},
        {"0 < rounds < 3", "12 guard_chain"},
        {"minor == harm == closed", "15 guard_chain"},
    };

    CHECK_ROWS(rows, condition);
}

static void names_are_known_or_the_nearest_is_told(void)
{
    struct play play;
    static const struct row rows[] = {
        {"mino", "1 guard_name"},
        {"facts.fine > facts.fnie", "14 guard_name"},
        {"a.b.c.d.e.f", "1 guard_name"},
        {"\xe6\x96\x87\xe4\xb9\xa6 && qqqqqqqq", "1 guard_name, 7 guard_name"},
        {"siez(name) > 1", "1 guard_function"},
        {"mobile == '1'", "1 guard_sealed"},
        {"size(mobile) > 1 && has(mobile)", "6 guard_sealed"},
        {"registers.fines.max > fine", "1 guard_keyed"},
        {"registers.fines[name] > fine", "1 guard_keyed"},
        {"fine[0] > 1.00", "5 guard_unkeyed"},
        {"registers.fines[rounds].max > 1.00", "17 guard_key"},
        {"registers.grades[name].name == 'x'", "18 guard_key"},
        {"registers.fines[nmae].max > fine", "17 guard_name"},
        {"registers.fins[name].max > fine", "1 guard_name"},
    };

    CHECK_ROWS(rows, condition);
    play_init(&play);
    CHECK(play_compile(&play, "mino", condition) == NULL);
    CHECK_TEXT(play.problems.first->arguments[0], "mino");
    CHECK_TEXT(play.problems.first->arguments[1], "minor");
    play_fini(&play);
}

static void like_goes_with_like(void)
{
    static const struct row rows[] = {
        {"fine > 200", "8 guard_whole_money"},
        {"200 < fine", "1 guard_whole_money"},
        {"fine + 1 > 2.00", "8 guard_whole_money"},
        {"name == 12", "9 guard_text_number"},
        {"kind == 1", "9 guard_text_number"},
        {"name + 1 > 2", "8 guard_text_number"},
        {"served_on > '2026-01-01'", "13 guard_text_date"},
        {"event.occurred <= served_on", "1 guard_instant_date"},
        {"rounds == minor", "11 guard_compare"},
        {"rounds > fine", "10 guard_compare"},
        {"kind > 'person'", "1 guard_order"},
        {"minor < harm", "1 guard_order"},
        {"marks < traits", "1 guard_order"},
        {"minor && fine", "10 guard_condition"},
        {"!rounds || name", "2 guard_condition, 12 guard_condition"},
        {"-minor == harm", "2 guard_negate"},
        {"fine", "1 guard_wish"},
        {"served_on + 3 > decided_on", "11 guard_sum_date"},
        {"served_on + 3d > decided_on", "11 guard_sum_date"},
        {"served_on + decided_on > 3", "11 guard_sum_date"},
        {"name + label == 'ab'", "8 guard_sum"},
        {"seen - seen > 3", "8 guard_sum"},
        {"actors + 1 > 2", "1 guard_people"},
        {"marks == badges", "10 guard_choices"},
        {"marks == copies", ""},
        {"size(marks + ['first']) > 1", "12 guard_sum_set"},
    };

    CHECK_ROWS(rows, condition);
}

static void choices_must_be_values(void)
{
    struct play play;
    static const struct row rows[] = {
        {"kind == 'persn'", "9 guard_choice"},
        {"'persn' == kind", "1 guard_choice"},
        {"kind == person", "9 guard_unquoted"},
        {"kind == persn", "9 guard_choice"},
        {"kind in ['person', 'x', 'organization']", "20 guard_choice, 25 guard_choice"},
        {"'frist' in marks", "1 guard_choice"},
        {"first in marks", "1 guard_unquoted"},
        {"marks == ['first', 'last']", "20 guard_choice"},
        {"marks == [1]", "11 guard_choice"},
        {"case.stage == 'closed'", "15 guard_choice"},
    };

    CHECK_ROWS(rows, condition);
    play_init(&play);
    CHECK(play_compile(&play, "kind == 'persn'", condition) == NULL);
    CHECK_TEXT(play.problems.first->arguments[1], "kind");
    CHECK_TEXT(play.problems.first->arguments[2], "person");
    play_fini(&play);
}

static void lists_and_people_stand_where_they_may(void)
{
    static const struct row rows[] = {
        {"rounds in [1, 'a', 2]", "15 guard_list_type"},
        {"rounds in [attempts]", "12 guard_list_item"},
        {"rounds in [facts.attempts, 1]", "12 guard_list_item"},
        {"rounds in [1 + 2]", "14 guard_list_comma"},
        {"rounds in [-name]", "12 guard_list_item"},
        {"rounds in [(1)]", "12 guard_list_item"},
        {"rounds in [!minor]", "12 guard_list_item"},
        {"fine in [1.5, 2.00]", "10 guard_money_form"},
        {"rounds in [[1]]", "12 guard_list_item"},
        {"rounds in ['1']", "1 guard_in_item"},
        {"fine in [1, 2]", "1 guard_in_item"},
        {"rounds in marks", "1 guard_in_item"},
        {"rounds in actors", "1 guard_in_item"},
        {"kind in 'person'", "9 guard_in"},
        {"rounds in attempts", "11 guard_in"},
        {"rounds == [1, 2]", "11 guard_list_place"},
        {"[1] == [1]", "1 guard_list_place"},
        {"[1]", "1 guard_list_place"},
        {"actors == name", "1 guard_people"},
        {"actors in marks", "1 guard_people"},
        {"actors", "1 guard_people"},
        {"minor && actors", "10 guard_condition"},
        {"served_on in [date('2026-13-01')]", "20 guard_date_literal"},
        {"served_on in [date(event.occurred)]", "20 guard_list_item"},
    };

    CHECK_ROWS(rows, condition);
}

static void functions_say_what_they_take(void)
{
    static const struct row rows[] = {
        {"has()", "1 guard_arguments"},
        {"has(minor, harm)", "1 guard_arguments"},
        {"size() > 1", "1 guard_arguments"},
        {"after(served_on) > decided_on", "1 guard_arguments"},
        {"after(served_on, 2d, 3d, 4d, nmae) > decided_on", "1 guard_arguments, 30 guard_name"},
        {"has(1)", "5 guard_has"},
        {"has(minor && harm)", "5 guard_has"},
        {"has(actors)", "5 guard_has"},
        {"has(exempt)", "5 guard_has"},
        {"has(minro)", "5 guard_name"},
        {"size(fine) > 1", "6 guard_argument"},
        {"size(kind) > 1", "6 guard_argument"},
        {"date(fine) > served_on", "6 guard_argument"},
        {"date(served_on) > decided_on", "6 guard_date_date"},
        {"after(event.occurred, 2d) > served_on", "7 guard_instant_date"},
        {"after('2026-01-01', 2d) > served_on", "7 guard_text_date"},
        {"after(served_on, 2) > served_on", "18 guard_length_unit"},
        {"after(served_on, 8h) > served_on", "18 guard_exact"},
        {"after(served_on, fine) > served_on", "18 guard_argument"},
        {"after(fine, 2) > served_on", "7 guard_argument, 13 guard_length_unit"},
        {"workday(event.occurred)", "9 guard_instant_date"},
        {"workday(rounds)", "9 guard_argument"},
        {"hour(served_on) > 5", "6 guard_argument"},
        {"hour('10:00') > 5", "6 guard_argument"},
    };

    CHECK_ROWS(rows, condition);
}

static void independent_problems_are_told_in_one_run(void)
{
    static const struct row rows[] = {
        {"mino && fine > 200 && kind == 'persn' or has(1)",
         "1 guard_name, 16 guard_whole_money, 31 guard_choice, 39 guard_sign, 46 guard_has"},
        {"(bogus == 1) == (fine > 2)", "2 guard_name, 25 guard_whole_money"},
        /* Nobody complains of what follows from what was told. */
        {"(bogus) == 1 && (bogus2)", "2 guard_name, 18 guard_name"},
        {"bogus + 1 > 2 && !bogus2", "1 guard_name, 19 guard_name"},
    };

    CHECK_ROWS(rows, condition);
}

static void no_more_is_told_than_would_be_read(void)
{
    struct play play;

    play_init(&play);
    CHECK(play_compile(
              &play,
              "a1+a2+a3+a4+a5+a6+a7+a8+a9+b1+b2+b3+b4+b5+b6+b7+b8+b9+c1+c2+c3+c4+c5+c6+c7",
              condition) == NULL);
    CHECK_INTEGER(play.problems.count, 24);
    play_fini(&play);
}

static void columns_are_characters_and_lines_are_lines(void)
{
    static const struct row rows[] = {
        {"name == '\xe5\xbc\xa0\xe4\xb8\x89' && bogus", "17 guard_name"},
        {"name == '\xf0\x9f\x90\xb4' &&\n  bogus", "2:3 guard_name"},
        {"minor &&\n\n", "3:1 guard_operand"},
    };
    struct play play;
    struct scope scope;
    struct mark mark = {.line = 7, .column = 20};

    CHECK_ROWS(rows, condition);
    play_init(&play);
    scope = world_scope(&play.world);
    problem_list_init(&play.problems, &play.arena);
    CHECK(guard_compile(TEXT("harm && bogus"), mark, condition, &scope, &play.arena,
                        &play.problems) == NULL);
    CHECK_INTEGER(play.problems.first->mark.line, 7);
    CHECK_INTEGER(play.problems.first->mark.column, 28);
    play_fini(&play);
}

/* `{0}` is always filled, and both languages stand there. */
static void every_message_reads_well_in_both_languages(void)
{
    static const char *const guards[] = {
        "rounds = 1 && fine > 2 && bogus && mino && kind == 'x' && kind == 'persn'",
        "name == 1",
        "(minor] && {",
        "minor ? harm : rounds * 2 > 1",
        "has(1) && size() > 1 && siez(1)",
        "rounds in [1, 'a'] && kind in 'a' && rounds in ['a'] && fine[0] > 1.00",
        "\xef\xbc\x88minor\xef\xbc\x89 && 12.5 && 1e3 && 2021-07-15 && date('x')",
        "kind > 'person' && -minor && after(served_on, 8h) == after(served_on, 2)",
        "mobile == 'a' && registers.fines.max > 1.00 && registers.fines[1].max > 1.00",
        "[1] == [1] && actors == name && served_on + 1 && name.size() && has(exempt)",
    };
    struct play play;
    char line[512];

    play_init(&play);
    for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
        CHECK(play_compile(&play, guards[i], condition) == NULL);
        for (const struct problem *p = play.problems.first; p != NULL; p = p->next) {
            size_t size = message_print(p->message->en, p->arguments, line, sizeof(line));

            CHECK(size > 10);
            CHECK(strstr(line, "``") == NULL);
            CHECK(strstr(line, "is ;") == NULL);
            (void)message_print(p->message->zh, p->arguments, line, sizeof(line));
            CHECK(strstr(line, "\xe2\x80\x9c\xe2\x80\x9d") == NULL);
            CHECK(strstr(line, "\xef\xbc\x9b") != NULL || strstr(line, "\xe8\xaf\xb7") != NULL);
        }
    }
    play_fini(&play);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_is_right_is_told_nothing_of),
        TEST(signs_of_other_languages_are_corrected),
        TEST(literals_are_strict),
        TEST(the_rest_of_cel_is_refused_by_name),
        TEST(what_is_missing_or_too_much_is_told_at_its_place),
        TEST(names_are_known_or_the_nearest_is_told),
        TEST(like_goes_with_like),
        TEST(choices_must_be_values),
        TEST(lists_and_people_stand_where_they_may),
        TEST(functions_say_what_they_take),
        TEST(independent_problems_are_told_in_one_run),
        TEST(no_more_is_told_than_would_be_read),
        TEST(columns_are_characters_and_lines_are_lines),
        TEST(every_message_reads_well_in_both_languages),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
