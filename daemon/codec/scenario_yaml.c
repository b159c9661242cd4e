#include "codec/scenario_parts.h"

static const char *const top_keys[] = {
    "scenario", "config", "procedure", "case", "cases", "people", "steps", "note", NULL,
};
static const char *const case_keys[] = {"id", "agency", "unit", "procedure", NULL};
static const char *const by_keys[] = {"person", "role", NULL};
static const char *const step_keys[] = {
    "at",   "event",  "by",       "with",     "set",    "documents", "until",
    "id",   "source", "occurred", "wait_for", "agency", "note",      "install",
    "down", "case",   "expect",   "migrate",  NULL,
};
/* Of an event's step alone. */
static const char *const event_keys[] = {
    "by", "with", "set", "documents", "id", "source", "occurred", "wait_for", "agency", NULL,
};

static void read_case(struct script *script, const struct node *node, struct text key,
                      struct scenario_case *out)
{
    if (!script_is_map(script, node)) {
        return;
    }
    script_keys(script, node, case_keys);
    *out = (struct scenario_case){
        .key = key,
        .id = node_get_text(node, TEXT("id")),
        .agency = node_get_text(node, TEXT("agency")),
        .procedure = node_get_text(node, TEXT("procedure")),
        .unit = node_get_text(node, TEXT("unit")),
        .mark = node->mark,
    };
    if (text_empty(out->id)) {
        script_wrong(script, &scenario_missing, node->mark, TEXT("id"));
    }
    if (text_empty(out->agency)) {
        script_wrong(script, &scenario_missing, node->mark, TEXT("agency"));
    }
}

static void read_cases(struct script *script, const struct node *root,
                       struct scenario *scenario)
{
    const struct node *one = node_get(root, TEXT("case"));
    const struct node *several = node_get(root, TEXT("cases"));
    uint32_t count = several == NULL ? 1 : several->size;
    struct scenario_case *cases = arena_take_zeroed(script->arena, count, sizeof(*cases));

    if ((one == NULL) == (several == NULL) || cases == NULL) {
        script_wrong(script, &scenario_missing, root->mark, TEXT("case"));
        return;
    }
    scenario->cases = cases;
    if (one != NULL) {
        read_case(script, one, (struct text){0}, &cases[0]);
        scenario->case_count = 1;
        return;
    }
    if (!script_is_map(script, several)) {
        return;
    }
    if (count == 0 || count > SCENARIO_CASES_MAX) {
        script_wrong(script, &scenario_many, several->mark, TEXT("64"));
        return;
    }
    for (const struct node *entry = several->first; entry != NULL; entry = entry->next) {
        read_case(script, entry, entry->key, &cases[scenario->case_count++]);
    }
}

static void read_people(struct script *script, const struct node *map,
                        struct scenario *scenario)
{
    if (map == NULL || !script_is_map(script, map)) {
        return;
    }

    struct scenario_role *people = arena_take_zeroed(script->arena, map->size, sizeof(*people));

    scenario->people_given = true;
    for (const struct node *entry = map->first; people != NULL && entry != NULL;
         entry = entry->next) {
        struct scenario_role *role = &people[scenario->people_count++];

        role->role = entry->key;
        role->mark = entry->key_mark;
        role->persons = script_texts(script, entry, &role->person_count);
    }
    scenario->people = people;
}

static void read_by(struct script *script, const struct node *node, struct scenario_step *step)
{
    step->by_mark = node->mark;
    if (node->kind != NODE_MAP) {
        step->role = script_text(script, node);
        return;
    }
    script_keys(script, node, by_keys);
    step->role = node_get_text(node, TEXT("role"));
    step->person = node_get_text(node, TEXT("person"));
    if (text_empty(step->role)) {
        script_wrong(script, &scenario_missing, node->mark, TEXT("role"));
    }
}

static void read_facts(struct script *script, const struct node *map,
                       struct scenario_step *step)
{
    if (!script_is_map(script, map)) {
        return;
    }

    struct carried *facts = arena_take_zeroed(script->arena, map->size, sizeof(*facts));

    for (const struct node *entry = map->first; facts != NULL && entry != NULL;
         entry = entry->next) {
        facts[step->fact_count++] =
            (struct carried){.name = entry->key, .value = script_value(script, entry)};
    }
    step->facts = facts;
}

static void read_which(struct script *script, const struct node *map,
                       const struct scenario *scenario, struct scenario_step *step)
{
    const struct node *node = node_get(map, TEXT("case"));

    if (node == NULL) {
        if (scenario->case_count > 1 &&
            (!text_empty(step->event) || node_get(map, TEXT("expect")) != NULL)) {
            script_wrong(script, &scenario_which, map->mark, scenario->cases[0].key);
        }
        return;
    }
    for (uint32_t i = 0; i < scenario->case_count; i++) {
        if (text_equal(scenario->cases[i].key, script_text(script, node))) {
            step->which = i;
            return;
        }
    }
    script_wrong(script, &scenario_no_case, node->mark, script_text(script, node));
}

static void read_event(struct script *script, const struct node *entry,
                       struct scenario_step *step)
{
    if (text_is(entry->key, "event")) {
        step->event = script_text(script, entry);
        step->event_mark = entry->mark;
    } else if (text_is(entry->key, "by")) {
        read_by(script, entry, step);
    } else if (text_is(entry->key, "with")) {
        step->with = script_texts(script, entry, &step->with_count);
    } else if (text_is(entry->key, "set")) {
        read_facts(script, entry, step);
    } else if (text_is(entry->key, "documents")) {
        step->documents = script_texts(script, entry, &step->document_count);
    } else if (text_is(entry->key, "id")) {
        step->id = script_text(script, entry);
    } else if (text_is(entry->key, "source")) {
        step->source = script_text(script, entry);
    } else if (text_is(entry->key, "occurred")) {
        step->occurred_ms = script_instant(script, entry);
    } else if (text_is(entry->key, "wait_for")) {
        step->wait_ms = script_span(script, entry);
    } else if (text_is(entry->key, "agency")) {
        step->agency = script_text(script, entry);
    } else if (text_is(entry->key, "note")) {
        step->note = script_text(script, entry);
    }
}

static void read_entry(struct script *script, const struct node *entry,
                       struct scenario_step *step)
{
    if (text_is(entry->key, "at")) {
        step->at_ms = script_instant(script, entry);
    } else if (text_is(entry->key, "until")) {
        step->until_ms = script_instant(script, entry);
    } else if (text_is(entry->key, "down")) {
        step->down_ms = script_span(script, entry);
    } else if (text_is(entry->key, "migrate")) {
        step->migrate = script_text(script, entry);
        step->event_mark = entry->mark;
    } else if (text_is(entry->key, "install")) {
        step->installs = script_texts(script, entry, &step->install_count);
        step->install_mark = entry->mark;
    } else if (text_is(entry->key, "expect")) {
        script_expect(script, entry, step);
    } else {
        read_event(script, entry, step);
    }
}

/* A step does one thing; what belongs to an event stands beside one. */
static void check_step(struct script *script, const struct node *map,
                       const struct scenario_step *step)
{
    bool told = !text_empty(step->event) || !text_empty(step->migrate);
    uint32_t acts = (uint32_t)told + (uint32_t)(step->until_ms != INSTANT_NONE) +
                    (uint32_t)(step->install_count > 0) + (uint32_t)(step->down_ms > 0);

    if (acts > 1 || (acts == 0 && step->expect_count == 0)) {
        script_wrong(script, &scenario_act, step->mark, (struct text){0});
    }
    for (uint32_t i = 0; text_empty(step->event) && event_keys[i] != NULL; i++) {
        const struct node *entry = node_get(map, text_of(event_keys[i]));

        if (entry != NULL) {
            script_wrong(script, &scenario_no_event, entry->key_mark, entry->key);
        }
    }
    if (!text_empty(step->event) && text_empty(step->role)) {
        script_wrong(script, &scenario_missing, step->mark, TEXT("by"));
    }
    for (uint32_t i = 0; !told && i < step->expect_count; i++) {
        enum expect_key key = step->expects[i].key;

        if (key == EXPECT_VERDICT || key == EXPECT_CODES || key == EXPECT_LAW ||
            key == EXPECT_TEXT || key == EXPECT_NOTHING) {
            script_wrong(script, &scenario_no_event, step->expects[i].mark, expect_word(key));
        }
    }
}

/* Time does not go back; *now_ms is where it stands after the step. */
static void check_time(struct script *script, const struct scenario_step *step, int64_t *now_ms)
{
    const int64_t times[] = {step->at_ms, step->until_ms};

    if (*now_ms == INSTANT_NONE && step->at_ms == INSTANT_NONE) {
        script_wrong(script, &scenario_first_at, step->mark, (struct text){0});
    }
    for (int i = 0; i < 2; i++) {
        if (times[i] == INSTANT_NONE) {
            continue;
        }
        if (times[i] < *now_ms) {
            char words[INSTANT_TEXT_SIZE];
            size_t size = instant_print(*now_ms, SCENARIO_ZONE_MS, words);

            script_wrong(script, &scenario_order, step->mark, (struct text){words, size});
        }
        *now_ms = times[i];
    }
    if (*now_ms != INSTANT_NONE) {
        *now_ms += step->down_ms;
    }
}

static void read_steps(struct script *script, const struct node *list,
                       struct scenario *scenario)
{
    int64_t now_ms = INSTANT_NONE;

    if (!script_is_list(script, list)) {
        return;
    }
    if (list->size > SCENARIO_STEPS_MAX) {
        script_wrong(script, &scenario_many, list->mark, TEXT("2000"));
        return;
    }

    struct scenario_step *steps = arena_take_zeroed(script->arena, list->size, sizeof(*steps));

    for (const struct node *map = list->first; steps != NULL && map != NULL; map = map->next) {
        struct scenario_step *step = &steps[scenario->step_count++];

        *step = (struct scenario_step){.mark = map->mark,
                                       .at_ms = INSTANT_NONE,
                                       .until_ms = INSTANT_NONE,
                                       .occurred_ms = INSTANT_NONE};
        if (!script_is_map(script, map)) {
            continue;
        }
        script_keys(script, map, step_keys);
        for (const struct node *entry = map->first; entry != NULL; entry = entry->next) {
            read_entry(script, entry, step);
        }
        read_which(script, map, scenario, step);
        check_step(script, map, step);
        check_time(script, step, &now_ms);
    }
    scenario->steps = steps;
}

const struct scenario *scenario_read(const struct source *source, struct arena *arena,
                                     struct problem_list *problems)
{
    struct script script = {.arena = arena, .problems = problems};
    uint32_t errors = problems->error_count;
    const struct node *root = tree_read(source, arena, problems);
    struct scenario *scenario = arena_take_zeroed(arena, 1, sizeof(*scenario));

    if (root == NULL || scenario == NULL || !script_is_map(&script, root)) {
        return NULL;
    }
    script_keys(&script, root, top_keys);

    const struct node *steps = node_get(root, TEXT("steps"));
    const struct node *procedure = node_get(root, TEXT("procedure"));

    scenario->mark = root->mark;
    scenario->name = node_get_text(root, TEXT("scenario"));
    scenario->config = node_get_text(root, TEXT("config"));
    scenario->procedure = node_get_text(root, TEXT("procedure"));
    scenario->procedure_mark = procedure == NULL ? root->mark : procedure->mark;
    if (text_empty(scenario->procedure)) {
        script_wrong(&script, &scenario_missing, root->mark, TEXT("procedure"));
    }
    read_cases(&script, root, scenario);
    read_people(&script, node_get(root, TEXT("people")), scenario);
    if (steps == NULL) {
        script_wrong(&script, &scenario_missing, root->mark, TEXT("steps"));
    } else {
        read_steps(&script, steps, scenario);
    }
    return problems->error_count == errors && !arena->spent ? scenario : NULL;
}
