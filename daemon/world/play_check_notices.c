#include "world/play_parts.h"

/* Lists of what was said: exactly these, in order. */

static bool field_holds(const struct play *play, const struct expected_field *field,
                        const struct spoken *spoken)
{
    int64_t number;
    int64_t at_ms;

    if (text_is(field->key, "at")) {
        return instant_parse(field->value, SCENARIO_ZONE_MS, &at_ms) && at_ms == spoken->at_ms;
    }
    if (text_is(field->key, "clock")) {
        return text_equal(field->value, spoken->clock);
    }
    if (text_is(field->key, "entry")) {
        return text_equal(field->value, spoken->entry);
    }
    if (text_is(field->key, "notice")) {
        return text_equal(field->value, spoken->notice);
    }
    if (text_is(field->key, "to")) {
        return text_equal(field->value, spoken->to);
    }
    if (text_is(field->key, "instance")) {
        return text_equal(field->value, spoken->per);
    }
    if (text_is(field->key, "person")) {
        return text_equal(field->value, spoken->person);
    }
    if (text_is(field->key, "in_stead_of")) {
        return text_equal(field->value, spoken->in_stead_of);
    }
    if (text_is(field->key, "number")) {
        return text_to_integer(field->value, &number) && number == spoken->number;
    }
    return spoken->which != NO_INDEX &&
           text_equal(field->value, play->scenario->cases[spoken->which].key);
}

static bool row_holds(const struct play *play, const struct expected_row *row,
                      const struct spoken *spoken)
{
    for (uint32_t i = 0; i < row->field_count; i++) {
        if (!field_holds(play, &row->fields[i], spoken)) {
            return false;
        }
    }
    return true;
}

/* Rows that name their case speak of all cases; else only the step's own is meant. */
static bool names_cases(const struct expected *expected)
{
    for (uint32_t i = 0; i < expected->row_count; i++) {
        for (uint32_t j = 0; j < expected->rows[i].field_count; j++) {
            if (text_is(expected->rows[i].fields[j].key, "case")) {
                return true;
            }
        }
    }
    return false;
}

static const struct spoken *next_meant(const struct play *play, const struct spoken *spoken,
                                       bool all)
{
    while (spoken != NULL && !all && spoken->which != play->step->which) {
        spoken = spoken->next;
    }
    return spoken;
}

void play_check_spoken(struct play *play, const struct expected *expected,
                       const struct spoken_list *list, bool departs)
{
    bool all = names_cases(expected);
    const struct spoken *spoken = next_meant(play, list->first, all);
    struct text what = expect_word(expected->key);

    for (uint32_t i = 0; i < expected->row_count; i++) {
        const struct expected_row *row = &expected->rows[i];

        if (spoken == NULL) {
            play_find(play, row->mark, what, play_row_words(play, row), TEXT("nothing"));
            continue;
        }
        if (!row_holds(play, row, spoken)) {
            play_find(play, row->mark, what, play_row_words(play, row),
                      play_spoken_words(play, spoken, departs));
        }
        spoken = next_meant(play, spoken->next, all);
    }
    while (spoken != NULL) {
        play_find(play, expected->mark, what, TEXT("nothing more"),
                  play_spoken_words(play, spoken, departs));
        spoken = next_meant(play, spoken->next, all);
    }
}
