#include "lib/check.h"
#include "lib/guard_play.h"

static const struct guard_wish condition = {.type = VALUE_FLAG};

/* Names set to values ("a=1 b=2"), a guard, and what it says. */
struct row {
    const char *set;
    const char *guard;
    const char *said;
};

static void set_names(struct world *world, const char *names)
{
    struct text rest = text_of(names);

    while (!text_empty(rest)) {
        struct text value;
        struct text name = text_cut(text_cut(rest, ' ', &rest), '=', &value);
        uint32_t i = world_find(name);

        MUST(i < WORLD_NAMES);
        MUST(value_parse(value, world_names[i].type, world_names[i].choices,
                         (int64_t)8 * 3600 * 1000, &world->values[i]));
    }
}

static void check_rows(const struct row *rows, size_t count, struct guard_wish wish)
{
    for (size_t i = 0; i < count; i++) {
        struct play play;

        play_init(&play);
        play.world.actors[0] = TEXT("wang");
        play.world.actors[1] = TEXT("zhao");
        play.world.actor_count = 2;
        set_names(&play.world, rows[i].set);
        if (!CHECK_TEXT(play_said(&play, rows[i].guard, wish), rows[i].said)) {
            (void)fprintf(stderr, "    of: %s with %s\n", rows[i].guard, rows[i].set);
        }
        play_fini(&play);
    }
}

#define CHECK_ROWS(rows, wish) check_rows(rows, sizeof(rows) / sizeof((rows)[0]), wish)

static const struct value *truth_value(struct world *world, const char *name, enum truth truth)
{
    struct value *value = &world->values[world_find(text_of(name))];

    *value = value_flag(truth == TRUTH_TRUE);
    value->known = truth != TRUTH_UNKNOWN;
    return value;
}

/* As CEL absorbs errors, written out. */
static void and_or_not_know_three_values(void)
{
    const enum truth f = TRUTH_FALSE;
    const enum truth t = TRUTH_TRUE;
    const enum truth u = TRUTH_UNKNOWN;
    const enum truth tables[][4] = {
        /* minor, harm: &&, || */
        {f, f, f, f}, {f, t, f, t}, {f, u, f, u}, {t, f, f, t}, {t, t, t, t},
        {t, u, u, t}, {u, f, f, u}, {u, t, u, t}, {u, u, u, u},
    };
    const enum truth nots[] = {[TRUTH_FALSE] = t, [TRUTH_TRUE] = f, [TRUTH_UNKNOWN] = u};
    struct play play;

    play_init(&play);

    const struct guard *and = play_compile(&play, "minor && harm", condition);
    const struct guard * or = play_compile(&play, "minor || harm", condition);
    const struct guard *not_minor = play_compile(&play, "!minor", condition);
    const struct guard *equal = play_compile(&play, "minor == harm", condition);
    struct reading reading = world_reading(&play.world, play.calendar);

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        enum truth a = tables[i][0];
        enum truth b = tables[i][1];

        (void)truth_value(&play.world, "minor", a);
        (void)truth_value(&play.world, "harm", b);
        CHECK_INTEGER(guard_judge(and, &reading), tables[i][2]);
        CHECK_INTEGER(guard_judge(or, &reading), tables[i][3]);
        CHECK_INTEGER(guard_judge(not_minor, &reading), nots[a]);
        CHECK_INTEGER(guard_judge(equal, &reading), a == u || b == u ? u : a == b ? t : f);
    }
    play_fini(&play);
}

static void what_is_unset_makes_its_operation_unknown(void)
{
    static const struct row rows[] = {
        {"", "minor", "unknown"},
        {"", "rounds == rounds", "unknown"},
        {"", "rounds != 1", "unknown"},
        {"rounds=1", "rounds + attempts > 0", "unknown"},
        {"", "kind in ['person']", "unknown"},
        {"", "kind in []", "unknown"},
        {"", "'first' in marks", "unknown"},
        {"", "event.person in actors", "unknown"},
        {"", "size(name) > 0", "unknown"},
        {"", "after(served_on, 3d) > decided_on", "unknown"},
        {"served_on=2026-03-02", "after(served_on, give) > served_on", "unknown"},
        {"", "workday(served_on)", "unknown"},
        {"", "date(seen) == date(seen)", "unknown"},
        {"", "has(minor)", "false"},
        {"minor=false", "has(minor)", "true"},
        {"", "has(minor) && minor", "false"},
        {"", "!has(minor) || minor", "true"},
        {"", "has(mobile)", "false"},
        {"mobile=138", "has(mobile)", "true"},
    };

    CHECK_ROWS(rows, condition);
}

static void precedence_is_that_of_cel(void)
{
    static const struct row rows[] = {
        {"minor=true harm=false closed=false", "minor || harm && closed", "true"},
        {"minor=true harm=false closed=false", "(minor || harm) && closed", "false"},
        {"minor=true harm=false", "!minor == harm", "true"},
        {"minor=true harm=false", "!(minor == harm)", "true"},
        {"rounds=5 attempts=2", "rounds - attempts - 1 == 2", "true"},
        {"rounds=5 attempts=2", "rounds - (attempts - 1) == 4", "true"},
        {"rounds=5", "-rounds + 7 == 2", "true"},
        {"rounds=5", "rounds - -1 == 6", "true"},
        {"rounds=5", "!!(rounds > 4) && rounds in [4 , 5]", "true"},
        {"minor=false harm=true closed=true", "minor && harm || closed", "true"},
    };

    CHECK_ROWS(rows, condition);
}

static void numbers_and_money_are_exact(void)
{
    static const struct row rows[] = {
        {"fine=1000.00", "fine >= 1000.00", "true"},
        {"fine=1000.00", "fine < 1000.01 && fine > 999.99", "true"},
        {"fine=0.10 event.fine=0.20", "fine + event.fine == 0.30", "true"},
        {"fine=1.00", "-fine == 0.00 - 1.00", "true"},
        {"rounds=9223372036854775807", "rounds + 1 > rounds", "unknown"},
        {"rounds=-9223372036854775807", "rounds - 2 < 0", "unknown"},
        {"rounds=9223372036854775807", "rounds + 1 > rounds || rounds > 0", "true"},
        {"rounds=-9223372036854775807", "-rounds == 9223372036854775807", "true"},
        {"rounds=-9223372036854775807", "-(rounds - 1) > 0", "unknown"},
        {"rounds=3", "rounds in [1, 2, 3] && !(rounds in [-3])", "true"},
        {"fine=2.50", "fine in [1.00, 2.50]", "true"},
    };

    CHECK_ROWS(rows, condition);
}

static void texts_choices_and_sets_meet_by_name(void)
{
    static const struct row rows[] = {
        {"kind=person", "kind == 'person'", "true"},
        {"kind=person", "kind != 'organisation'", "true"},
        {"kind=person result=person", "kind == result", "true"},
        {"kind=person result=adopt", "kind != result", "true"},
        {"kind=person name=person", "kind == name && name == kind", "true"},
        {"kind=organisation", "kind in ['person']", "false"},
        {"marks=first,mended", "'first' in marks && !('minor' in marks)", "true"},
        {"marks=first name=first", "name in marks", "true"},
        {"marks=first name=other", "name in marks", "false"},
        {"marks=first kind=person", "kind in marks", "false"},
        {"marks=first traits=first", "marks == traits", "true"},
        {"marks=first copies=first", "marks == copies", "true"},
        {"marks=first,minor", "marks == ['minor', 'first']", "true"},
        {"marks=", "marks == [] && size(marks) == 0", "true"},
        {"marks=first,mended", "size(marks) == 2", "true"},
        {"name=\xe5\xbc\xa0\xe4\xb8\x89\xf0\x9f\x90\xb4", "size(name) == 3", "true"},
        {"name=abc label=abd", "name < label && label >= name", "true"},
        {"name=\xef\xbf\xbd label=\xf0\x9f\x90\xb4", "name < label", "true"},
        {"case.stage=filed", "case.stage in ['filed', 'investigate']", "true"},
        {"name=it's", "name == \"it's\"", "true"},
    };

    CHECK_ROWS(rows, condition);
}

static void people_are_counted_and_found(void)
{
    static const struct row rows[] = {
        {"", "size(actors) >= 2", "true"},
        {"", "size(actors) > 2", "false"},
        {"", "'wang' in actors && !('li' in actors)", "true"},
        {"event.person=zhao", "event.person in actors", "true"},
        {"actors.certified=true", "size(actors) >= 2 && actors.certified", "true"},
        {"", "size(actors) >= 2 && actors.certified", "unknown"},
        {"", "size([1, 2, 3]) == 3 && size([]) == 0", "true"},
    };

    CHECK_ROWS(rows, condition);
}

/* 2026-03-02 is a Monday; 1 May rests. An instant's date is that of the zone, +08:00. */
static void dates_are_counted_as_clocks_count_them(void)
{
    static const struct row rows[] = {
        {"served_on=2026-03-02", "served_on < date('2026-03-03')", "true"},
        {"served_on=2026-03-02 decided_on=2026-03-12", "decided_on - served_on == 10", "true"},
        {"served_on=2026-03-02 decided_on=2026-03-12", "served_on - decided_on == -10", "true"},
        {"served_on=2026-03-02", "after(served_on, 10d) == date('2026-03-12')", "true"},
        {"served_on=2026-03-02", "after(served_on, 5wd) == date('2026-03-09')", "true"},
        {"served_on=2026-04-30", "after(served_on, 1wd) == date('2026-05-04')", "true"},
        {"served_on=2026-01-31", "after(served_on, 1mo) == date('2026-02-28')", "true"},
        {"served_on=2026-03-02 give=1y", "after(served_on, give) == date('2027-03-02')",
         "true"},
        {"served_on=2026-03-20", "before(served_on, 7wd) == date('2026-03-10')", "true"},
        {"served_on=2026-03-10", "before(served_on, 2d) == date('2026-03-07')", "true"},
        {"served_on=2026-03-02 give=8h", "after(served_on, give) > served_on", "unknown"},
        {"served_on=2026-03-02 give=100000y", "after(served_on, give) > served_on", "unknown"},
        {"served_on=2199-12-31", "after(served_on, 1d) > served_on", "unknown"},
        {"served_on=1970-01-01", "before(served_on, 0d) < served_on", "unknown"},
        {"served_on=2026-03-02", "workday(served_on)", "true"},
        {"served_on=2026-03-01", "workday(served_on)", "false"},
        {"served_on=2026-05-01", "workday(served_on)", "false"},
        {"seen=2026-03-02T00:00", "hour(seen) == 0", "true"},
        {"seen=2026-03-01T23:59:59.999", "hour(seen) == 23", "true"},
        {"seen=2026-03-01T06:00", "hour(seen) >= 6 && hour(seen) < 22", "true"},
        {"", "hour(seen) < 22", "unknown"},
        {"seen=2026-03-02T00:30", "date(seen) == date('2026-03-02')", "true"},
        {"seen=2026-03-01T23:59:59.999", "date(seen) == date('2026-03-01')", "true"},
        {"seen=2026-03-02T10:00 event.occurred=2026-03-02T10:01", "seen < event.occurred",
         "true"},
        {"served_on=2026-03-02", "served_on in [date('2026-03-01'), date('2026-03-02')]",
         "true"},
        {"clock.correct.last_day=2026-03-12 event.occurred=2026-03-16T23:00",
         "date(event.occurred) <= after(clock.correct.last_day, 2wd)", "true"},
        {"clock.correct.last_day=2026-03-12 event.occurred=2026-03-17T00:00",
         "date(event.occurred) <= after(clock.correct.last_day, 2wd)", "false"},
    };

    CHECK_ROWS(rows, condition);
}

static void lengths_compare_within_their_kind_of_days(void)
{
    static const struct row rows[] = {
        {"give=15d", "give <= 30d", "true"},
        {"give=12mo", "give == 1y && give <= 1y", "true"},
        {"give=90min", "give > 1h", "true"},
        {"give=30d", "give == 1mo", "false"},
        {"give=30d", "give <= 1mo", "unknown"},
        {"give=5wd", "give < 7d", "unknown"},
        {"give=5wd", "give in [5d, 5wd]", "true"},
    };

    CHECK_ROWS(rows, condition);
}

static void registers_are_looked_up_by_their_key(void)
{
    static const struct row rows[] = {
        {"name=a registers.fines.max=500.00 fine=400.00", "fine <= registers.fines[name].max",
         "true"},
        {"name=none registers.fines.max=500.00", "has(registers.fines[name].max)", "false"},
        {"registers.fines.max=500.00", "registers.fines[name].max > 1.00", "unknown"},
        {"registers.fines.max=500.00", "has(registers.fines[name].max)", "false"},
        {"registers.fines.max=500.00", "registers.fines['x'].max == 500.00", "true"},
        {"registers.fines.max=500.00 kind=person", "registers.fines[kind].max == 500.00",
         "true"},
        {"registers.grades.name=a registers.fines.max=5.00 rounds=1",
         "registers.fines[registers.grades[rounds].name].max == 5.00", "true"},
        {"registers.grades.name=a registers.fines.max=5.00 rounds=0",
         "registers.fines[registers.grades[rounds].name].max == 5.00", "unknown"},
    };

    CHECK_ROWS(rows, condition);
}

static void named_conditions_are_taken_in(void)
{
    static const struct row rows[] = {
        {"minor=true harm=false served_on=2026-03-02", "exempt", "true"},
        {"minor=true harm=false", "exempt", "false"},
        {"minor=true served_on=2026-03-02", "!exempt", "unknown"},
        {"fine=2000.00", "heavy && !exempt", "true"},
        {"fine=500.00 minor=true harm=false served_on=2026-03-02", "heavy", "true"},
        {"fine=500.00 minor=true", "heavy == exempt", "true"},
    };

    CHECK_ROWS(rows, condition);
}

static void a_set_reads_what_was_never_counted_as_nothing(void)
{
    static const struct row integers[] = {
        {"", "facts.rounds + 1", "1"},
        {"rounds=2", "facts.rounds + 1", "3"},
        {"", "rounds", "0"},
        {"", "0 - event.rounds", "0"},
        {"", "-5", "-5"},
    };
    static const struct row moneys[] = {
        {"", "fine + event.fine", "0.00"},
        {"fine=10.00", "fine + event.fine + 0.50", "10.50"},
        {"", "registers.fines['none'].max", "unknown"},
        {"", "registers.fines[name].max", "unknown"},
        {"fine=10.00", "fine + 5", "8 guard_whole_money"},
        {"", "1000", "1 guard_whole_money"},
    };
    static const struct row flags[] = {
        {"", "rounds == 0", "true"},
        {"", "has(rounds)", "false"},
        {"", "has(rounds) || rounds >= 0", "true"},
        {"", "minor", "unknown"},
        /* A named condition means the same everywhere: an unset fine is unknown in it. */
        {"harm=true", "heavy", "unknown"},
    };

    CHECK_ROWS(integers, ((struct guard_wish){.type = VALUE_INTEGER, .assignment = true}));
    CHECK_ROWS(moneys, ((struct guard_wish){.type = VALUE_MONEY, .assignment = true}));
    CHECK_ROWS(flags, ((struct guard_wish){.type = VALUE_FLAG, .assignment = true}));
}

static void a_set_takes_bare_words_as_choices(void)
{
    static const struct row choices[] = {
        {"", "adopt", "adopt"},
        {"", "'return'", "return"},
        {"", " to-be-heard ", "to-be-heard"},
        {"", "(person)", "person"},
        {"result=adopt", "facts.result", "adopt"},
        {"", "adpot", "1 guard_value"},
        {"", "'adpot'", "1 guard_value"},
        {"", "qqqqqqq", "1 guard_name"},
        {"kind=person", "kind", "1 guard_choices"},
        {"", "1", "1 guard_wish"},
    };
    static const struct row sets[] = {
        {"", "['first', 'minor']", "minor,first"},
        {"", "[first, mended]", "first,mended"},
        {"", "[]", ""},
        {"marks=first", "marks + ['minor']", "minor,first"},
        {"marks=first,mended", "facts.marks - ['first']", "mended"},
        {"marks=first traits=mended", "marks + traits - [first]", "mended"},
        {"", "marks + ['first']", "first"},
        {"", "marks + ['frist']", "10 guard_value"},
        {"", "marks + [1]", "10 guard_value"},
        {"", "marks + rounds", "7 guard_sum_set"},
        {"", "'first'", "1 guard_wish"},
    };

    CHECK_ROWS(choices, ((struct guard_wish){
                            .type = VALUE_CHOICE, .choices = &results, .assignment = true}));
    CHECK_ROWS(sets,
               ((struct guard_wish){.type = VALUE_SET, .choices = &marks, .assignment = true}));
}

static void a_wish_is_kept(void)
{
    static const struct row dates[] = {
        {"served_on=2026-03-02", "served_on", "2026-03-02"},
        {"", "date('2026-03-02')", "2026-03-02"},
        {"", "'2026-03-02'", "1 guard_text_date"},
        {"", "event.occurred", "1 guard_instant_date"},
        {"", "rounds", "1 guard_wish"},
    };
    static const struct row lengths[] = {
        {"", "15d", "15d"},
        {"give=2mo", "facts.give", "2mo"},
        {"", "15", "1 guard_wish"},
    };
    static const struct row words[] = {
        {"name=abc", "name", "abc"},
        {"", "'abc'", "abc"},
        {"", "12", "1 guard_text_number"},
        {"kind=person", "kind", "1 guard_wish"},
    };
    static const struct row any[] = {
        {"served_on=2026-03-02", "served_on", "2026-03-02"},
        {"seen=2026-03-02T10:00", "seen", "2026-03-02T10:00:00+08:00"},
        {"", "actors", "1 guard_people"},
        {"", "[1]", "1 guard_list_place"},
    };

    CHECK_ROWS(dates, ((struct guard_wish){.type = VALUE_DATE}));
    CHECK_ROWS(lengths, ((struct guard_wish){.type = VALUE_LENGTH}));
    CHECK_ROWS(words, ((struct guard_wish){.type = VALUE_TEXT}));
    CHECK_ROWS(any, ((struct guard_wish){.any = true}));
}

/* No calendar: what asks it is unknown, nothing else. */
static void without_a_calendar_only_what_asks_it_is_unknown(void)
{
    struct play play;

    play_init(&play);
    set_names(&play.world, "served_on=2026-03-02");

    struct reading reading = world_reading(&play.world, NULL);

    CHECK_INTEGER(guard_judge(play_compile(&play, "workday(served_on)", condition), &reading),
                  TRUTH_UNKNOWN);
    CHECK_INTEGER(
        guard_judge(play_compile(&play, "served_on > date('2026-01-01')", condition), &reading),
        TRUTH_TRUE);
    play_fini(&play);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(and_or_not_know_three_values),
        TEST(what_is_unset_makes_its_operation_unknown),
        TEST(precedence_is_that_of_cel),
        TEST(numbers_and_money_are_exact),
        TEST(texts_choices_and_sets_meet_by_name),
        TEST(people_are_counted_and_found),
        TEST(dates_are_counted_as_clocks_count_them),
        TEST(lengths_compare_within_their_kind_of_days),
        TEST(registers_are_looked_up_by_their_key),
        TEST(named_conditions_are_taken_in),
        TEST(a_set_reads_what_was_never_counted_as_nothing),
        TEST(a_set_takes_bare_words_as_choices),
        TEST(a_wish_is_kept),
        TEST(without_a_calendar_only_what_asks_it_is_unknown),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
