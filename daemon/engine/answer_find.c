#include "engine/answer.h"

#include "base/must.h"
#include "codec/pack.h"
#include "engine/filter.h"
#include "engine/index.h"
#include "engine/keys.h"

#include <stdio.h>
#include <string.h>

/* Rows a slice looks at before it lets others in. */
enum { ROWS_LOOKED = 2000 };

static const struct message bad_filter = {"bad_filter", "{0} (column {1})", "{0}（第 {1} 列）"};
static const struct message bad_after = {
    "bad_after", "`after` is not what an answer ended with; begin anew without it",
    "after 不是先前应答给出的位置；请去掉它重新查询"};
static const struct message no_such = {"no_such", "{0} {1} is not known; did you mean {2}?",
                                       "没有 {0} {1}；是否指 {2}？"};
static const struct message none_such = {"none_such", "{0} {1} is not known", "没有 {0} {1}"};

struct finding {
    struct slice *slice;
    struct filter filter;
    uint32_t limit;
    uint32_t looked; /* in this slice */
    bool over;       /* nothing is left */
    bool beyond;     /* there is one more, past the limit */
};

/* ---- what was asked */

static enum status refuse_filter(struct slice *slice, const struct problem *problem)
{
    char en[256];
    char zh[256];
    struct text column = answer_number(slice->arena, problem->mark.column);
    struct text arguments[2] = {{.bytes = en}, column};
    enum status status;

    arguments[0].size = message_print(problem->message->en, problem->arguments, en, sizeof(en));
    status = answer_fail(slice, STATUS_REFUSED, &bad_filter, arguments, 2);
    if (status != STATUS_REFUSED) {
        return status;
    }

    const char *words = slice->why.en;

    arguments[0].bytes = zh;
    arguments[0].size = message_print(problem->message->zh, problem->arguments, zh, sizeof(zh));
    status = answer_fail(slice, STATUS_REFUSED, &bad_filter, arguments, 2);
    slice->why.en = words;
    return status;
}

static enum status check_name(struct slice *slice, const char *what, struct text name,
                              const struct text *known, uint32_t count)
{
    struct text arguments[3] = {text_of(what), name};

    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(known[i], name)) {
            return STATUS_OK;
        }
    }
    arguments[2] = nearest_word(name, known, count);
    return answer_fail(slice, STATUS_REFUSED, text_empty(arguments[2]) ? &none_such : &no_such,
                       arguments, 3);
}

static enum status check_agency(struct slice *slice, struct text name, struct text *names)
{
    const struct installed *installed = slice->sources->law->installed;
    uint32_t count = 0;

    for (uint32_t i = 0; i < installed->agency_count; i++) {
        names[count++] = installed->agencies[i].id;
    }
    return check_name(slice, "agency", name, names, count);
}

static enum status check_procedure(struct slice *slice, struct text name, struct text *names)
{
    const struct law *law = slice->sources->law;
    uint32_t count = 0;

    for (uint32_t i = 0; i < law->procedure_count; i++) {
        names[count++] = law->procedures[i].procedure->name;
    }
    return check_name(slice, "procedure", name, names, count);
}

static enum status check_stage(struct slice *slice, struct text name, struct text *names)
{
    const struct law *law = slice->sources->law;
    uint32_t count = 0;

    for (uint32_t i = 0; i < law->procedure_count; i++) {
        for (uint32_t j = 0; j < law->procedures[i].procedure->stage_count; j++) {
            names[count++] = law->procedures[i].procedure->stages[j].name;
        }
    }
    return check_name(slice, "stage", name, names, count);
}

/* A name nobody knows would find nothing, and look as if there were no such cases. */
static enum status check_names(struct finding *finding)
{
    struct slice *slice = finding->slice;
    const struct law *law = slice->sources->law;
    const struct filter *filter = &finding->filter;
    uint32_t room = law->installed->agency_count + law->procedure_count * (STAGES_MAX + 1);
    struct text *names = arena_take(slice->arena, room * sizeof(*names));
    enum status status = names == NULL ? STATUS_NO_MEMORY : STATUS_OK;

    if (status == STATUS_OK && !text_empty(filter->agency.name)) {
        status = check_agency(slice, filter->agency.name, names);
    }
    if (status == STATUS_OK && !text_empty(filter->procedure.name)) {
        status = check_procedure(slice, filter->procedure.name, names);
    }
    if (status == STATUS_OK && !text_empty(filter->stage.name)) {
        status = check_stage(slice, filter->stage.name, names);
    }
    if (status == STATUS_OK && filter->case_id.size > CASE_ID_BYTES_MAX) {
        status = check_name(slice, "case", filter->case_id, NULL, 0);
    }
    return status;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The key from which an earlier answer would have gone on, in hexadecimal. */
static bool read_after(struct text after, struct key *key)
{
    if (after.size % 2 != 0 || after.size / 2 > KEY_BYTES_MAX - 1) {
        return false;
    }
    key->size = 0;
    for (size_t i = 0; i < after.size; i += 2) {
        int high = digit_of(after.bytes[i]);
        int low = digit_of(after.bytes[i + 1]);

        if (high < 0 || low < 0) {
            return false;
        }
        key->bytes[key->size++] = (uint8_t)(high * 16 + low);
    }
    return true;
}

static void tell_after(struct json *json, const struct key *key)
{
    static const char digits[] = "0123456789abcdef";
    char hex[2 * KEY_BYTES_MAX];

    for (size_t i = 0; i < key->size; i++) {
        hex[2 * i] = digits[key->bytes[i] >> 4];
        hex[2 * i + 1] = digits[key->bytes[i] & 15];
    }
    json_put(json, "after", (struct text){hex, 2 * key->size});
}

/* ---- a case that may be meant */

static bool matches(const struct finding *finding, const struct found_case *found)
{
    const struct filter *filter = &finding->filter;
    struct law_procedure procedure = {found->file.procedure, found->procedure};
    int64_t due_ms = index_due_ms(&found->state, found->procedure);
    int32_t due = index_place_of(&found->state, &procedure).due;
    int32_t from;
    int32_t to;

    if (filter_due_dates(filter, &found->agency->office, finding->slice->sources->now_ms, &from,
                         &to) &&
        (due < from || due > to)) {
        return false;
    }
    return (filter->phases >> found->state.phase & 1) != 0 &&
           filter_name_is(&filter->agency, found->state.agency) &&
           filter_name_is(&filter->procedure, found->procedure->name) &&
           filter_name_is(&filter->stage, found->procedure->stages[found->state.stage].name) &&
           (!filter->overdue || due_ms <= finding->slice->sources->now_ms);
}

/* Who is answerable for it: the officer assigned, or nobody yet. */
static struct text officer_of(const struct found_case *found)
{
    uint16_t role = procedure_officer(found->procedure);

    for (uint32_t i = 0; i < found->state.participant_count; i++) {
        const struct participant *participant = &found->state.participants[i];

        if (participant->role == role && participant->assigned) {
            return participant->person;
        }
    }
    return (struct text){0};
}

static void tell(struct finding *finding, const struct found_case *found)
{
    struct json *json = finding->slice->json;
    const struct case_state *state = &found->state;
    const struct stage *stage = &found->procedure->stages[state->stage];
    struct law_procedure procedure = {found->file.procedure, found->procedure};
    struct index_place place = index_place_of(state, &procedure);
    int64_t due_ms = index_due_ms(state, found->procedure);
    int64_t zone_ms = found->agency->office.zone_ms;

    json_open(json, NULL);
    json_put(json, "case", state->id);
    json_put(json, "agency", state->agency);
    json_put_some(json, "unit", state->unit);
    account_put_words(json, "procedure", found->procedure->name, &found->procedure->label,
                      found->procedure);
    json_put_number(json, "version", found->procedure->version);
    account_put_words(json, "stage", stage->name, &stage->label, found->procedure);
    json_put(json, "state", answer_phase(state->phase));
    account_put_date(json, "last_day", place.due == INDEX_NOT_DUE ? DATE_NONE : place.due);
    account_put_instant(json, "due", due_ms, zone_ms);
    json_put_flag(json, "overdue", due_ms <= finding->slice->sources->now_ms);
    json_put_some(json, "officer", officer_of(found));
    account_put_instant(json, "opened", state->opened_ms, zone_ms);
    account_put_instant(json, "next_moment", state->next_ms, zone_ms);
    json_close(json);
}

/* Look at a case, and tell it if it is meant. *again: it is, and has to come in another part,
 * or lies past the limit. */
static enum status look_at(struct finding *finding, uint64_t number, bool *again)
{
    struct slice *slice = finding->slice;
    struct slice own = *slice; /* with an arena for this case alone */
    struct json mark = *slice->json;
    struct found_case found = {0};
    struct arena arena;

    arena_init_growing(&arena, (size_t)4 << 20);
    own.arena = &arena;

    enum status status = answer_take_case(&own, number, &found);

    *again = false;
    if (status != STATUS_OK) {
        slice->why = (struct message){0};
        if (own.why.code != NULL) { /* its words go with the arena */
            status = answer_fail(slice, status, &own.why, NULL, 0);
        }
    } else if (matches(finding, &found)) {
        finding->beyond = slice->place->told == finding->limit;
        if (!finding->beyond) {
            tell(finding, &found);
        }
        *again = finding->beyond || slice->json->full;
        slice->place->told += *again ? 0 : 1;
        if (slice->json->full) {
            json_back(slice->json, &mark);
        }
    }
    arena_fini(&arena);
    return status;
}

/* ---- by where cases stand */

/* The first key behind all rows of a stage, of a procedure, of an agency. */
static struct key behind_stage(struct index_place place)
{
    place.stage++;
    place.due = INT32_MIN;
    place.number = 0;
    return index_key(&place);
}

static struct key behind_procedure(struct index_place place)
{
    place.procedure++;
    place.stage = 0;
    place.due = INT32_MIN;
    place.number = 0;
    return index_key(&place);
}

static struct key behind_agency(const struct index_place *place)
{
    struct key key = {.size = place->agency.size + 1};

    memcpy(key.bytes, place->agency.bytes, place->agency.size);
    key.bytes[place->agency.size] = 1; /* the next byte after the one that ends it */
    return key;
}

/* Whether a row may be meant; else *key leads on to the next that may. */
static bool row_may_be(const struct finding *finding, const struct index_place *place,
                       struct key *key)
{
    const struct filter *filter = &finding->filter;
    const struct law *law = finding->slice->sources->law;
    const struct agency *agency = installed_agency(law->installed, place->agency);
    const struct procedure *procedure = law_procedure(law, place->procedure);
    int32_t from;
    int32_t to;

    if (agency == NULL || !filter_name_is(&filter->agency, place->agency)) {
        *key = behind_agency(place);
        return false;
    }
    if (procedure == NULL || !filter_name_is(&filter->procedure, procedure->name)) {
        *key = behind_procedure(*place);
        return false;
    }

    const struct stage *stage = &procedure->stages[place->stage];
    bool final_only = (filter->phases & 1U << CASE_OPEN) == 0;
    bool open_only = filter->phases == 1U << CASE_OPEN;

    if (!filter_name_is(&filter->stage, stage->name) ||
        (stage->final ? open_only : final_only)) {
        *key = behind_stage(*place);
        return false;
    }
    if (filter_due_dates(filter, &agency->office, finding->slice->sources->now_ms, &from,
                         &to)) {
        if (place->due < from) {
            struct index_place first = *place;

            first.due = from;
            first.number = 0;
            *key = index_key(&first);
            return false;
        }
        if (place->due > to) {
            *key = behind_stage(*place);
            return false;
        }
    }
    return true;
}

/* Whether the slice has done its share. */
static bool has_enough(struct finding *finding)
{
    return finding->looked++ == ROWS_LOOKED ||
           json_size(finding->slice->json) > ANSWER_PART_BYTES;
}

static enum status walk_stages(struct finding *finding)
{
    struct key *key = &finding->slice->place->key;
    struct bytes value;
    enum status status = STATUS_OK;
    bool again = false;

    while (status == STATUS_OK && !again && !has_enough(finding)) {
        struct index_place place;

        if (!store_next(finding->slice->sources->snapshot, TABLE_STAGES, key, &value)) {
            finding->over = true;
            break;
        }

        struct key row = *key; /* what the place is borrowed from */

        index_read(&row, &place);
        if (!row_may_be(finding, &place, key)) {
            continue;
        }
        status = look_at(finding, place.number, &again);
        if (!again) {
            key->bytes[key->size++] = 0; /* behind it */
        }
    }
    return status;
}

/* ---- by the names of cases */

/* The agency a row of `names` is of, and whether it is a case's number. */
static bool is_case_row(const struct key *key, struct text *agency, struct text *case_id)
{
    const uint8_t *end = memchr(key->bytes, 0, key->size);

    MUST(end != NULL);

    const uint8_t *last = memchr(end + 1, 0, key->size - (size_t)(end + 1 - key->bytes));

    MUST(last != NULL);
    *agency = (struct text){(const char *)key->bytes, (size_t)(end - key->bytes)};
    *case_id = (struct text){(const char *)end + 1, (size_t)(last - end) - 1};

    struct key own = key_name(*agency, *case_id);

    return own.size == key->size && memcmp(own.bytes, key->bytes, key->size) == 0;
}

/* Where an agency's cases of this beginning begin. */
static struct key first_of(struct text agency, struct text beginning)
{
    struct key key = {.size = agency.size + 1 + beginning.size};

    memcpy(key.bytes, agency.bytes, agency.size);
    key.bytes[agency.size] = 0;
    if (beginning.size > 0) {
        memcpy(key.bytes + agency.size + 1, beginning.bytes, beginning.size);
    }
    return key;
}

/* Whether a row is of a case of that name; else *key leads on to the next that may be. */
static bool name_may_be(const struct finding *finding, struct key *key)
{
    const struct filter *filter = &finding->filter;
    struct text agency = {0};
    struct text case_id = {0};
    struct key row = *key;
    bool is_case = is_case_row(&row, &agency, &case_id);
    struct index_place place = {.agency = agency};
    int order = text_compare(text_part(case_id, 0, filter->case_id.size), filter->case_id);

    if (order > 0 || !filter_name_is(&filter->agency, agency)) {
        *key = behind_agency(&place);
        return false;
    }
    if (order < 0) {
        *key = first_of(agency, filter->case_id);
        return false;
    }
    key->bytes[key->size++] = 0;
    return is_case && (filter->case_begins || case_id.size == filter->case_id.size);
}

static enum status walk_names(struct finding *finding)
{
    struct key *key = &finding->slice->place->key;
    struct bytes value;
    enum status status = STATUS_OK;
    bool again = false;

    while (status == STATUS_OK && !again && !has_enough(finding)) {
        struct unpacker unpacker;

        if (!store_next(finding->slice->sources->snapshot, TABLE_NAMES, key, &value)) {
            finding->over = true;
            break;
        }

        struct key row = *key;

        if (!name_may_be(finding, key)) {
            continue;
        }
        unpack_init(&unpacker, value);
        status = look_at(finding, unpack_u64(&unpacker), &again);
        if (again) {
            *key = row;
        }
    }
    return status;
}

/* ---- a slice */

static enum status begin(struct finding *finding)
{
    struct slice *slice = finding->slice;
    const struct wire_query *query = slice->query;
    struct source *source = arena_take(slice->arena, sizeof(*source));
    struct problem_list problems;
    enum status status = source == NULL ? STATUS_NO_MEMORY : STATUS_OK;

    if (status != STATUS_OK) {
        return status;
    }
    *source = (struct source){.name = TEXT("filter"), .bytes = query->filter};
    problem_list_init(&problems, slice->arena);
    if (!filter_parse(source, &finding->filter, &problems)) {
        return problems.first == NULL ? STATUS_NO_MEMORY : refuse_filter(slice, problems.first);
    }
    finding->limit = query->limit == 0                 ? ANSWER_LIMIT
                     : query->limit > ANSWER_LIMIT_MAX ? ANSWER_LIMIT_MAX
                                                       : query->limit;
    if (slice->place->begun) {
        return STATUS_OK;
    }
    slice->place->begun = true;
    slice->place->key = key_first();
    if (!text_empty(query->after) && !read_after(query->after, &slice->place->key)) {
        return answer_fail(slice, STATUS_REFUSED, &bad_after, NULL, 0);
    }
    return check_names(finding);
}

enum status answer_find(struct slice *slice)
{
    struct finding finding = {.slice = slice};
    enum status status = begin(&finding);

    if (status != STATUS_OK) {
        return status;
    }

    bool by_name = !text_empty(finding.filter.case_id) || finding.filter.case_begins;

    json_open(slice->json, NULL);
    json_open_list(slice->json, "cases");
    status = by_name ? walk_names(&finding) : walk_stages(&finding);
    if (status != STATUS_OK) {
        return status;
    }
    json_close(slice->json);
    slice->more = !finding.over && !finding.beyond;
    if (!slice->more) {
        json_put_flag(slice->json, "complete", finding.over);
        if (finding.beyond) {
            tell_after(slice->json, &slice->place->key);
        }
    }
    json_close(slice->json);
    return STATUS_OK;
}
