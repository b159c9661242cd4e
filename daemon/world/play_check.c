#include "world/play_parts.h"

#include "codec/pack.h"
#include "core/track.h"

#include <string.h>

/* A step's case as it stands when the step is over. */
struct scene {
    struct arena arena;
    bool there;
    struct case_state state;
    const struct procedure *procedure;
    const struct agency *agency;
};

#define SCENE_BYTES ((size_t)8 << 20)

static struct text keep(struct play *play, struct text text)
{
    const char *copy = arena_copy(play->arena, text.bytes, text.size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : text.size};
}

void play_find(struct play *play, struct mark mark, struct text what, struct text expected,
               struct text actual)
{
    struct finding *finding = arena_take(play->arena, sizeof(*finding));

    if (finding == NULL) {
        return;
    }
    *finding = (struct finding){
        .mark = mark,
        .what = keep(play, what),
        .expected = keep(play, expected),
        .actual = keep(play, actual),
    };
    if (play->last == NULL) {
        play->result->first = finding;
    } else {
        play->last->next = finding;
    }
    play->last = finding;
    play->result->finding_count++;
}

static void same(struct play *play, struct mark mark, struct text what, struct text expected,
                 struct text actual)
{
    if (!text_equal(expected, actual)) {
        play_find(play, mark, what, expected, actual);
    }
}

static struct text path(struct play *play, struct text a, struct text b, struct text c)
{
    struct text parts[] = {a, b, c};

    return play_join(play, ".", parts, text_empty(c) ? 2 : 3);
}

/* Reasons in one line: what a verdict that surprises has to say for itself. */
static struct text verdict_words(struct play *play)
{
    const struct receipt *receipt = &play->receipt;
    struct text parts[2 * REASONS_MAX + 1];
    uint32_t count = 0;

    parts[count++] = receipt_word(receipt->verdict);
    for (uint32_t i = 0; i < receipt->reason_count && i < REASONS_MAX; i++) {
        struct text reason[] = {receipt->reasons[i].code, receipt->reasons[i].en};

        parts[count++] = play_join(play, ": ", reason, 2);
    }
    return play_join(play, "; ", parts, count);
}

static void check_verdict(struct play *play, struct mark mark, struct text expected)
{
    if (!text_equal(expected, receipt_word(play->receipt.verdict))) {
        play_find(play, mark, TEXT("verdict"), expected, verdict_words(play));
    }
}

/* Two lists of names hold the same ones, each as often. */
static bool same_names(const struct expected *expected, const struct text *names,
                       uint32_t count, bool as_set)
{
    if (!as_set && expected->row_count != count) {
        return false;
    }
    for (uint32_t i = 0; i < expected->row_count; i++) {
        bool there = false;

        for (uint32_t j = 0; j < count && !there; j++) {
            there = text_equal(expected->rows[i].name, names[j]);
        }
        if (!there) {
            return false;
        }
    }
    for (uint32_t j = 0; j < count; j++) {
        bool there = false;

        for (uint32_t i = 0; i < expected->row_count && !there; i++) {
            there = text_equal(expected->rows[i].name, names[j]);
        }
        if (!there) {
            return false;
        }
    }
    return true;
}

static struct text bracket(struct play *play, const struct text *names, uint32_t count)
{
    struct text whole[] = {TEXT("["), play_join(play, ", ", names, count), TEXT("]")};

    return play_join(play, "", whole, 3);
}

static void check_names(struct play *play, const struct expected *expected,
                        const struct text *names, uint32_t count, bool as_set)
{
    if (same_names(expected, names, count, as_set)) {
        return;
    }

    struct text *wanted = arena_take(play->arena, expected->row_count * sizeof(*wanted));

    for (uint32_t i = 0; wanted != NULL && i < expected->row_count; i++) {
        wanted[i] = expected->rows[i].name;
    }
    play_find(play, expected->mark, expect_word(expected->key),
              wanted == NULL ? (struct text){0} : bracket(play, wanted, expected->row_count),
              bracket(play, names, count));
}

static void check_told(struct play *play, const struct expected *expected,
                       const struct told *told, uint32_t count)
{
    struct text *codes = arena_take(play->arena, count * sizeof(*codes));

    for (uint32_t i = 0; codes != NULL && i < count; i++) {
        codes[i] = told[i].code;
    }
    if (codes != NULL) {
        check_names(play, expected, codes, count, true);
    }
}

static bool contains(struct text whole, struct text part)
{
    for (size_t at = 0; at + part.size <= whole.size; at++) {
        if (text_equal(text_part(whole, at, part.size), part)) {
            return true;
        }
    }
    return false;
}

/* Some reason says that, in its words (either language) or as its law. */
static void check_words(struct play *play, const struct expected *expected)
{
    const struct receipt *receipt = &play->receipt;
    bool law = expected->key == EXPECT_LAW;
    struct text said[REASONS_MAX];
    uint32_t count = 0;

    for (uint32_t i = 0; i < receipt->reason_count && i < REASONS_MAX; i++) {
        const struct told *told = &receipt->reasons[i];

        said[count++] = law ? told->law : told->en;
        if (law ? contains(told->law, expected->value)
                : contains(told->zh, expected->value) || contains(told->en, expected->value)) {
            return;
        }
    }
    play_find(play, expected->mark, expect_word(expected->key), expected->value,
              count == 0 ? TEXT("nothing") : play_join(play, "; ", said, count));
}

/* What the receipt says. */
static bool check_receipt(struct play *play, const struct expected *expected)
{
    const struct receipt *receipt = &play->receipt;

    if (expected->key == EXPECT_VERDICT) {
        check_verdict(play, expected->mark, expected->value);
    } else if (expected->key == EXPECT_CODES) {
        check_told(play, expected, receipt->reasons, receipt->reason_count);
    } else if (expected->key == EXPECT_NOTHING) {
        check_told(play, expected, receipt->nothings, receipt->nothing_count);
    } else if (expected->key == EXPECT_LAW || expected->key == EXPECT_TEXT) {
        check_words(play, expected);
    } else {
        return false;
    }
    return true;
}

static void check_stage(struct play *play, const struct scene *scene,
                        const struct expected *expected)
{
    struct text actual = TEXT("none");

    if (scene->there) {
        const struct stage *stage = &scene->procedure->stages[scene->state.stage];
        bool ending = scene->state.phase == CASE_ENDING;
        bool closed = scene->state.phase == CASE_CLOSED;

        if (expected->key == EXPECT_STAGE) {
            actual = stage->name;
        } else if (expected->key == EXPECT_ENDING ? ending : closed) {
            actual = stage->outcome;
        }
    }
    same(play, expected->mark, expect_word(expected->key), expected->value, actual);
}

static struct text print_value(struct play *play, const struct scene *scene,
                               const struct fact *fact, const struct value *value)
{
    char room[TEXT_MAX];

    if (!value->known) {
        return TEXT("unset");
    }

    size_t size =
        value_print(value, &fact->choices, scene->agency->office.zone_ms, room, sizeof(room));

    return keep(play, (struct text){room, size});
}

static void check_fact(struct play *play, const struct scene *scene,
                       const struct expected_row *row)
{
    uint16_t index = procedure_fact(scene->procedure, row->name);
    struct text expected = row->fields[0].value;
    struct value wanted;

    if (index == NO_INDEX) {
        play_wrong(play, &play_no_fact, row->mark, scene->procedure->name, row->name);
        return;
    }

    const struct fact *fact = &scene->procedure->facts[index];
    const struct value *actual = &scene->state.facts[index].value;

    wanted = value_unknown(fact->type);
    if (!text_empty(expected) && !text_is(expected, "~") && !text_is(expected, "unset") &&
        !value_parse(expected, fact->type, &fact->choices, SCENARIO_ZONE_MS, &wanted)) {
        play_wrong(play, &play_bad_value, row->fields[0].mark, expected,
                   value_type_word(fact->type));
        return;
    }
    if (!value_equal(&wanted, actual)) {
        play_find(
            play, row->fields[0].mark, path(play, TEXT("facts"), row->name, (struct text){0}),
            wanted.known ? expected : TEXT("unset"), print_value(play, scene, fact, actual));
    }
}

static void check_role(struct play *play, const struct scene *scene,
                       const struct expected_row *row)
{
    uint16_t role = procedure_role(scene->procedure, row->name);
    struct text persons[PARTICIPANTS_MAX];
    uint32_t count = 0;

    if (role == NO_INDEX) {
        play_wrong(play, &play_no_role, row->mark, scene->procedure->name, row->name);
        return;
    }
    for (uint32_t i = 0; i < scene->state.participant_count; i++) {
        const struct participant *participant = &scene->state.participants[i];

        if (participant->role == role && participant->assigned) {
            persons[count++] = participant->person;
        }
    }
    same(play, row->fields[0].mark, path(play, TEXT("people"), row->name, (struct text){0}),
         row->fields[0].value, play_join(play, ",", persons, count));
}

static void check_defects(struct play *play, const struct scene *scene,
                          const struct expected *expected)
{
    struct text codes[DEFECTS_MAX];
    uint32_t count = 0;

    for (uint32_t i = 0; scene->there && i < scene->state.defect_count; i++) {
        codes[count++] = scene->state.defects[i].code;
    }
    check_names(play, expected, codes, count, false);
}

static void check_waiting(struct play *play, const struct expected *expected)
{
    const struct scenario_case *one = play_case(play);
    int64_t wanted = -1;
    uint32_t count = engine_waiting(play->world.engine, one->agency, one->id);
    char words[2] = {(char)('0' + count / 10 % 10), (char)('0' + count % 10)};

    if (!text_to_integer(expected->value, &wanted) || wanted != count) {
        play_find(play, expected->mark, TEXT("waiting"), expected->value,
                  (struct text){words + (count < 10), (size_t)(count < 10 ? 1 : 2)});
    }
}

static void check_instant(struct play *play, struct mark mark, struct text what,
                          struct text expected, int64_t actual_ms)
{
    int64_t wanted_ms = INSTANT_NEVER;

    if (!text_is(expected, "none") && !instant_parse(expected, SCENARIO_ZONE_MS, &wanted_ms)) {
        play_wrong(play, &play_bad_value, mark, expected, TEXT("instant"));
        return;
    }
    if (wanted_ms != actual_ms) {
        play_find(play, mark, what, expected, play_instant_words(play, actual_ms));
    }
}

/* The instance that a row means: `review`, `review#2`, or by `instance` the one of a value. */
static const struct instance *find_instance(struct play *play, const struct scene *scene,
                                            const struct expected_row *row, bool *known)
{
    struct text number_text;
    struct text name = text_cut(row->name, '#', &number_text);
    uint16_t clock = procedure_clock(scene->procedure, name);
    int64_t number = 0;

    *known = clock != NO_INDEX;
    if (!*known) {
        play_wrong(play, &play_no_clock, row->mark, scene->procedure->name, row->name);
        return NULL;
    }
    for (uint32_t i = 0; i < row->field_count; i++) {
        uint16_t per = scene->procedure->clocks[clock].per;
        struct value value;

        if (text_is(row->fields[i].key, "instance") && per != NO_INDEX &&
            value_parse(row->fields[i].value, scene->procedure->facts[per].type,
                        &scene->procedure->facts[per].choices, SCENARIO_ZONE_MS, &value)) {
            return state_instance(&scene->state, clock, &value);
        }
    }
    if (!text_empty(number_text) && !text_to_integer(number_text, &number)) {
        number = -1;
    }
    return state_instance_numbered(&scene->state, clock, (uint16_t)number);
}

static struct text print_date(struct play *play, int32_t date)
{
    char words[DATE_TEXT_SIZE];

    if (date == DATE_NONE) {
        return TEXT("none");
    }

    size_t size = date_print(date, words);

    return keep(play, (struct text){words, size});
}

static struct text print_length(struct play *play, const struct instance *instance)
{
    char words[LENGTH_TEXT_SIZE];

    if (instance->state != INSTANCE_PAUSED) {
        return TEXT("none");
    }

    size_t size = length_print(instance->due.left, words);

    return keep(play, (struct text){words, size});
}

static struct text print_amount(struct play *play, const struct scene *scene,
                                const struct instance *instance)
{
    struct case_state state = scene->state;
    struct track track = {
        .procedure = scene->procedure, .office = &scene->agency->office, .state = &state};
    struct value value = value_number(VALUE_MONEY, 0);
    char words[40];

    if (scene->procedure->clocks[instance->clock].kind == CLOCK_ACCRUAL) {
        value.number = track_amount(&track, instance, play->world.now_ms);
    }

    size_t size = value_print(&value, NULL, 0, words, sizeof(words));

    return keep(play, (struct text){words, size});
}

static struct text flag(bool holds)
{
    return holds ? TEXT("true") : TEXT("false");
}

/* What a clock's field is, as scenarios write it. */
static struct text print_field(struct play *play, const struct scene *scene,
                               const struct instance *instance, struct text key)
{
    if (text_is(key, "state")) {
        return instance_state_word(instance->state);
    }
    if (text_is(key, "last_day")) {
        return print_date(play, instance->due.last_day);
    }
    if (text_is(key, "safe_day")) {
        return print_date(play, instance->due.safe_day);
    }
    if (text_is(key, "remaining")) {
        return print_length(play, instance);
    }
    if (text_is(key, "provisional")) {
        return flag(instance->due.provisional);
    }
    if (text_is(key, "reported_late")) {
        return flag(instance->reported_late);
    }
    return print_amount(play, scene, instance);
}

/* Money may be written without decimals. */
static struct text plain_amount(struct play *play, struct text amount)
{
    struct value value;
    char words[40];

    if (!value_parse(amount, VALUE_MONEY, NULL, 0, &value)) {
        return amount;
    }

    size_t size = value_print(&value, NULL, 0, words, sizeof(words));

    return keep(play, (struct text){words, size});
}

static void check_clock(struct play *play, const struct scene *scene,
                        const struct expected_row *row)
{
    bool known;
    const struct instance *instance = find_instance(play, scene, row, &known);

    for (uint32_t i = 0; known && i < row->field_count; i++) {
        const struct expected_field *field = &row->fields[i];
        struct text what = path(play, TEXT("clocks"), row->name, field->key);
        struct text wanted = field->value;

        if (text_is(field->key, "instance")) {
            continue;
        }
        if (instance == NULL) {
            same(play, field->mark, what, wanted, TEXT("none"));
        } else if (text_is(field->key, "due")) {
            check_instant(play, field->mark, what, wanted, instance->due.due_ms);
        } else {
            if (text_is(field->key, "amount")) {
                wanted = plain_amount(play, wanted);
            }
            same(play, field->mark, what, wanted,
                 print_field(play, scene, instance, field->key));
        }
    }
}

static void check_rows(struct play *play, const struct scene *scene,
                       const struct expected *expected)
{
    if (!scene->there) {
        play_find(play, expected->mark, expect_word(expected->key), TEXT("a case"),
                  TEXT("no such case"));
        return;
    }
    for (uint32_t i = 0; i < expected->row_count; i++) {
        if (expected->key == EXPECT_CLOCKS) {
            check_clock(play, scene, &expected->rows[i]);
        } else if (expected->key == EXPECT_FACTS) {
            check_fact(play, scene, &expected->rows[i]);
        } else {
            check_role(play, scene, &expected->rows[i]);
        }
    }
}

static void check_one(struct play *play, const struct scene *scene,
                      const struct expected *expected)
{
    if (check_receipt(play, expected)) {
        return;
    }
    switch (expected->key) {
    case EXPECT_STAGE:
    case EXPECT_ENDING:
    case EXPECT_CLOSED:
        check_stage(play, scene, expected);
        break;
    case EXPECT_FACTS:
    case EXPECT_CLOCKS:
    case EXPECT_PEOPLE:
        check_rows(play, scene, expected);
        break;
    case EXPECT_SENT:
        play_check_spoken(play, expected, &play->sent, false);
        break;
    case EXPECT_LEAVES:
        play_check_spoken(play, expected, &play->left, true);
        break;
    case EXPECT_NEXT:
        check_instant(play, expected->mark, TEXT("next"), expected->value,
                      scene->there ? scene->state.next_ms : INSTANT_NEVER);
        break;
    case EXPECT_WAITING:
        check_waiting(play, expected);
        break;
    case EXPECT_DEFECTS:
        check_defects(play, scene, expected);
        break;
    case EXPECT_VERDICT:
    case EXPECT_CODES:
    case EXPECT_LAW:
    case EXPECT_TEXT:
    case EXPECT_NOTHING:
        break;
    }
}

void play_check(struct play *play)
{
    const struct scenario_step *step = play->step;
    const struct scenario_case *one = play_case(play);
    struct scene scene = {0};

    if (!(text_empty(step->event) && text_empty(step->migrate)) && !step->judged) {
        /* A refusal that nobody expects must not pass unseen. */
        check_verdict(play, step->event_mark, TEXT("applied"));
    }
    arena_init_growing(&scene.arena, SCENE_BYTES);
    scene.there = engine_case(play->world.engine, one->agency, one->id, &scene.arena,
                              &scene.state, &scene.procedure);
    if (scene.there) {
        scene.agency =
            installed_agency(engine_law(play->world.engine)->installed, scene.state.agency);
    }
    for (uint32_t i = 0; i < step->expect_count; i++) {
        check_one(play, &scene, &step->expects[i]);
    }
    arena_fini(&scene.arena);
}
