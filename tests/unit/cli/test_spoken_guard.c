#include "cli/spoken.h"
#include "cli/words.h"
#include "lib/check.h"

#include <stdlib.h>

static const struct fact facts[] = {
    {.name = TEXT_INIT("fine"), .label = {.zh = TEXT_INIT("罚款"), .en = TEXT_INIT("fine")}},
    {.name = TEXT_INIT("paid"), .label = {.zh = TEXT_INIT("缴款"), .en = TEXT_INIT("paid")}},
    {.name = TEXT_INIT("result"),
     .label = {.zh = TEXT_INIT("结果"), .en = TEXT_INIT("result")}},
    {.name = TEXT_INIT("kinds")},
};
static const struct word words[] = {
    {.name = TEXT_INIT("upheld"),
     .label = {.zh = TEXT_INIT("维持"), .en = TEXT_INIT("upheld")}},
};
static const struct define defines[] = {
    {.name = TEXT_INIT("pending"),
     .label = {.zh = TEXT_INIT("复议未结"), .en = TEXT_INIT("a remedy is pending")}},
};
static const struct clock clocks[] = {
    {.name = TEXT_INIT("decide"),
     .label = {.zh = TEXT_INIT("办案期限"), .en = TEXT_INIT("time to decide")}},
};
static const struct procedure procedure = {
    .facts = facts,
    .fact_count = 4,
    .words = words,
    .word_count = 1,
    .defines = defines,
    .define_count = 1,
    .clocks = clocks,
    .clock_count = 1,
};

static void says(const char *language, const char *guard, const char *sentence)
{
    const struct guard judged = {.text = text_of(guard)};
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);

    CHECK_INTEGER(words_choose(language), true);
    spoken_guard(out, &procedure, &judged);
    (void)fclose(out);
    CHECK_TEXT(text_of(bytes), text_of(sentence));
    free(bytes);
}

static void names_become_words(void)
{
    says("zh", "pending", "复议未结");
    says("zh", "event.fine <= facts.paid", "罚款不超过缴款");
    says("en", "event.fine <= facts.paid", "fine is at most paid");
    says("zh", "event.result == 'upheld'", "结果为维持");
    says("zh", "clock.decide.overdue", "办案期限已逾期");
    says("en", "clock.decide.last_day", "time to decide's last day");
    says("zh", "date(event.occurred) > clock.decide.last_day",
         "（行为时间）大于办案期限最后一日");
}

static void operators_become_a_sentence(void)
{
    says("zh", "!pending && fine > 0.00", "并非：复议未结，且罚款大于0元");
    says("en", "!pending || fine > 10.50",
         "not: a remedy is pending or fine is above 10.50 yuan");
    says("zh", "result in ['upheld']", "结果属于维持");
    says("zh", "size(actors) >= 2", "人数：（行为人）不少于2");
}

static void what_only_asks_for_a_value_is_left_out(void)
{
    says("zh", "has(fine) && fine > 0.00", "罚款大于0元");
    says("zh", "has(result) && result == 'upheld' && pending", "结果为维持，且复议未结");
    says("zh", "!has(result) || pending", "并非：已有（结果），或者复议未结");
    says("zh", "has(fine)", "已有（罚款）");
}

static void what_nobody_named_stays_as_it_is(void)
{
    says("zh", "kinds == ['odd']", "kinds为odd");
    says("zh", "fine <= paid - 7wd", "罚款不超过缴款减7个工作日");
    says("zh", "", "");
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(names_become_words),
        TEST(operators_become_a_sentence),
        TEST(what_only_asks_for_a_value_is_left_out),
        TEST(what_nobody_named_stays_as_it_is),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
