#include "core/guard.h"

#include "base/must.h"
#include "core/calendar.h"
#include "core/due.h"

uint32_t guard_children(const struct guard_node *node)
{
    switch (node->operation) {
    case GUARD_LITERAL:
    case GUARD_LIST:
        return 0;
    case GUARD_NAME:
        return node->symbol.keyed ? 1 : 0;
    case GUARD_HAS:
    case GUARD_NOT:
    case GUARD_NEGATE:
    case GUARD_SIZE:
    case GUARD_DATE:
    case GUARD_WORKDAY:
    case GUARD_HOUR:
    case GUARD_DEFINE:
        return 1;
    case GUARD_AND:
    case GUARD_OR:
    case GUARD_EQUAL:
    case GUARD_UNEQUAL:
    case GUARD_LESS:
    case GUARD_LESS_EQUAL:
    case GUARD_MORE:
    case GUARD_MORE_EQUAL:
    case GUARD_IN:
    case GUARD_ADD:
    case GUARD_SUBTRACT:
    case GUARD_AFTER:
    case GUARD_BEFORE:
        return 2;
    }
    return 0;
}

/* One evaluation: `values` are those of the nodes before the one in hand. */
struct run {
    const struct guard *guard;
    const struct reading *reading;
    const struct value *values;
};

static const struct guard_node *left_node(const struct run *run, const struct guard_node *node)
{
    return &run->guard->nodes[node->left];
}

static const struct guard_node *right_node(const struct run *run, const struct guard_node *node)
{
    return &run->guard->nodes[node->right];
}

static const struct value *left_value(const struct run *run, const struct guard_node *node)
{
    return &run->values[node->left];
}

static const struct value *right_value(const struct run *run, const struct guard_node *node)
{
    return &run->values[node->right];
}

/* A choice is known by its name where it meets a text or another list of choices. */
static struct text name_of(const struct guard_node *node, const struct value *value)
{
    if (value->type == VALUE_TEXT) {
        return value->text;
    }
    MUST(value->choice < node->symbol.choices->count);
    return node->symbol.choices->names[value->choice];
}

static struct value read_name(const struct run *run, const struct guard_node *node)
{
    const struct symbol *symbol = &node->symbol;
    struct value key;

    if (symbol->people) {
        return value_unknown(symbol->type); /* only `in` and size() take them, by the node */
    }
    if (symbol->keyed) {
        key = *left_value(run, node);
        if (!key.known) {
            return value_unknown(symbol->type);
        }
        if (symbol->key_type == VALUE_TEXT) {
            key = value_text(name_of(left_node(run, node), &key));
        }
    }

    struct value value =
        run->reading->read(run->reading->context, symbol, symbol->keyed ? &key : NULL);

    if (value.known) {
        MUST(value.type == symbol->type);
        return value;
    }
    if (node->zero) {
        return (struct value){.type = symbol->type, .known = true};
    }
    return value_unknown(symbol->type);
}

/* As CEL absorbs errors: `decisive` on either side decides, whatever the other is. */
static struct value join(const struct run *run, const struct guard_node *node, bool decisive)
{
    const struct value *left = left_value(run, node);
    const struct value *right = right_value(run, node);

    if ((left->known && left->flag == decisive) || (right->known && right->flag == decisive)) {
        return value_flag(decisive);
    }
    return left->known && right->known ? value_flag(!decisive) : value_unknown(VALUE_FLAG);
}

/* Lengths are measured in minutes, days, working days or months; no law says how many of
 * the one make one of the other. */
static int64_t measure(struct length length, enum length_unit *unit)
{
    *unit = length.unit;
    switch (length.unit) {
    case LENGTH_HOURS:
        *unit = LENGTH_MINUTES;
        return (int64_t)length.count * 60;
    case LENGTH_YEARS:
        *unit = LENGTH_MONTHS;
        return (int64_t)length.count * 12;
    case LENGTH_MINUTES:
    case LENGTH_DAYS:
    case LENGTH_WORKDAYS:
    case LENGTH_MONTHS:
        break;
    }
    return length.count;
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* <0, 0, >0 of two known values of one type; false where they have no order. */
static bool order_of(const struct value *a, const struct value *b, int *order)
{
    enum length_unit a_unit;
    enum length_unit b_unit;

    switch (a->type) {
    case VALUE_INTEGER:
    case VALUE_MONEY:
    case VALUE_INSTANT:
        *order = compare_numbers(a->number, b->number);
        return true;
    case VALUE_DATE:
        *order = compare_numbers(a->date, b->date);
        return true;
    case VALUE_TEXT:
        *order = text_compare(a->text, b->text);
        return true;
    case VALUE_LENGTH:
        *order = compare_numbers(measure(a->length, &a_unit), measure(b->length, &b_unit));
        return a_unit == b_unit;
    case VALUE_FLAG:
    case VALUE_CHOICE:
    case VALUE_SET:
        break;
    }
    return false;
}

static struct value compare(const struct run *run, const struct guard_node *node)
{
    const struct value *left = left_value(run, node);
    const struct value *right = right_value(run, node);
    int order = 0;

    if (!left->known || !right->known || !order_of(left, right, &order)) {
        return value_unknown(VALUE_FLAG);
    }
    if (node->operation == GUARD_LESS) {
        return value_flag(order < 0);
    }
    if (node->operation == GUARD_LESS_EQUAL) {
        return value_flag(order <= 0);
    }
    return value_flag(node->operation == GUARD_MORE ? order > 0 : order >= 0);
}

static bool same(const struct guard_node *a_node, const struct value *a,
                 const struct guard_node *b_node, const struct value *b)
{
    int order = 1;

    if (a->type == VALUE_LENGTH) {
        return order_of(a, b, &order) && order == 0;
    }
    if (a->type != b->type ||
        (a->type == VALUE_CHOICE && a_node->symbol.choices != b_node->symbol.choices)) {
        return text_equal(name_of(a_node, a), name_of(b_node, b));
    }
    return value_equal(a, b);
}

static struct value equal(const struct run *run, const struct guard_node *node)
{
    const struct value *left = left_value(run, node);
    const struct value *right = right_value(run, node);

    if (!left->known || !right->known) {
        return value_unknown(VALUE_FLAG);
    }
    return value_flag(same(left_node(run, node), left, right_node(run, node), right) ==
                      (node->operation == GUARD_EQUAL));
}

static bool list_holds(const struct guard_node *list, const struct guard_node *node,
                       const struct value *value)
{
    for (uint32_t i = 0; i < list->list_count; i++) {
        if (same(node, value, list, &list->list[i])) {
            return true;
        }
    }
    return false;
}

static bool set_holds(const struct guard_node *set, const struct value *held,
                      const struct guard_node *node, const struct value *value)
{
    struct text name = name_of(node, value);

    for (uint32_t i = 0; i < set->symbol.choices->count; i++) {
        if ((held->set >> i & 1) != 0 && text_equal(set->symbol.choices->names[i], name)) {
            return true;
        }
    }
    return false;
}

static struct value in(const struct run *run, const struct guard_node *node)
{
    const struct guard_node *group = right_node(run, node);
    const struct value *held = right_value(run, node);
    const struct value *value = left_value(run, node);

    if (!value->known) {
        return value_unknown(VALUE_FLAG);
    }
    if (group->symbol.people) {
        return value_flag(
            run->reading->people_hold(run->reading->context, &group->symbol, value->text));
    }
    if (group->operation == GUARD_LIST) {
        return value_flag(list_holds(group, left_node(run, node), value));
    }
    return held->known ? value_flag(set_holds(group, held, left_node(run, node), value))
                       : value_unknown(VALUE_FLAG);
}

static struct value add(const struct run *run, const struct guard_node *node)
{
    const struct value *left = left_value(run, node);
    const struct value *right = right_value(run, node);
    bool minus = node->operation == GUARD_SUBTRACT;
    struct value result = value_unknown(node->type);

    if (!left->known || !right->known) {
        return result;
    }
    if (node->type == VALUE_SET) {
        result.known = true;
        result.set = minus ? left->set & ~right->set : left->set | right->set;
    } else if (left->type == VALUE_DATE) {
        result.known = true;
        result.number = (int64_t)left->date - right->date;
    } else if (minus) {
        result.known = !__builtin_sub_overflow(left->number, right->number, &result.number);
    } else {
        result.known = !__builtin_add_overflow(left->number, right->number, &result.number);
    }
    return result.known ? result : value_unknown(node->type);
}

static struct value negate(const struct value *value, enum value_type type)
{
    if (!value->known || value->number == INT64_MIN) {
        return value_unknown(type);
    }
    return value_number(type, -value->number);
}

/* Characters, as in CEL, not bytes. */
static int64_t count_characters(struct text text)
{
    int64_t count = 0;

    for (size_t i = 0; i < text.size; i++) {
        count += ((uint8_t)text.bytes[i] & 0xc0) != 0x80;
    }
    return count;
}

static int64_t count_choices(uint64_t set)
{
    int64_t count = 0;

    for (; set != 0; set &= set - 1) {
        count++;
    }
    return count;
}

static struct value size_of(const struct run *run, const struct guard_node *node)
{
    const struct guard_node *group = left_node(run, node);
    const struct value *value = left_value(run, node);

    if (group->symbol.people) {
        return value_number(VALUE_INTEGER,
                            run->reading->people_count(run->reading->context, &group->symbol));
    }
    if (group->operation == GUARD_LIST) {
        return value_number(VALUE_INTEGER, group->list_count);
    }
    if (!value->known) {
        return value_unknown(VALUE_INTEGER);
    }
    return value_number(VALUE_INTEGER, value->type == VALUE_SET
                                           ? count_choices(value->set)
                                           : count_characters(value->text));
}

/* What no calendar's table reaches is not known. */
static struct value within_years(int64_t date)
{
    if (date < date_of(YEAR_FIRST, 1, 1) || date > date_of(YEAR_LAST, 12, 31)) {
        return value_unknown(VALUE_DATE);
    }
    return value_date((int32_t)date);
}

static struct value date_of_value(const struct run *run, const struct value *value)
{
    int64_t zone_ms = run->reading->zone_ms;
    int64_t first = date_midnight(date_of(YEAR_FIRST, 1, 1), zone_ms);
    int64_t last = date_midnight(date_of(YEAR_LAST, 12, 31), zone_ms) + DAY_MS - 1;

    if (!value->known || value->number < first || value->number > last) {
        return value_unknown(VALUE_DATE);
    }
    return value_date(date_of_instant(value->number, zone_ms));
}

/* The hour that has begun; 23 until midnight. */
static struct value hour_of_value(const struct run *run, const struct value *value)
{
    struct value date = date_of_value(run, value);

    if (!date.known) {
        return value_unknown(VALUE_INTEGER);
    }

    int64_t into_ms = value->number - date_midnight(date.date, run->reading->zone_ms);

    return value_number(VALUE_INTEGER, into_ms / HOUR_MS);
}

/* The least number of dates that a length takes, so that one beyond the tables is not
 * counted. */
static int64_t least_days(struct length length)
{
    if (length.unit == LENGTH_MONTHS) {
        return (int64_t)length.count * 28;
    }
    return (int64_t)length.count * (length.unit == LENGTH_YEARS ? 365 : 1);
}

static struct value count_days(const struct run *run, const struct guard_node *node)
{
    const struct value *from = left_value(run, node);
    const struct value *length = right_value(run, node);
    const struct calendar *calendar = run->reading->calendar;
    bool ahead = node->operation == GUARD_AFTER;

    if (!from->known || !length->known || calendar == NULL || length->length.count < 0 ||
        length_is_exact(length->length) || !within_years(from->date).known) {
        return value_unknown(VALUE_DATE);
    }

    int64_t days = least_days(length->length);

    if (!within_years(from->date + (ahead ? days : -days)).known) {
        return value_unknown(VALUE_DATE);
    }
    return within_years(ahead ? date_after(from->date, length->length, calendar)
                              : date_before(from->date, length->length, calendar));
}

static struct value works(const struct run *run, const struct value *date)
{
    const struct calendar *calendar = run->reading->calendar;

    if (!date->known || calendar == NULL || !within_years(date->date).known) {
        return value_unknown(VALUE_FLAG);
    }
    return value_flag(calendar_works(calendar, date->date));
}

static struct value evaluate(const struct run *run, const struct guard_node *node)
{
    const struct value *left = left_value(run, node);

    switch (node->operation) {
    case GUARD_LITERAL:
        return node->literal;
    case GUARD_LIST:
        return value_unknown(node->type); /* `in` and size() take it by the node */
    case GUARD_NAME:
        return read_name(run, node);
    case GUARD_HAS:
        return value_flag(left->known);
    case GUARD_NOT:
        return left->known ? value_flag(!left->flag) : value_unknown(VALUE_FLAG);
    case GUARD_AND:
        return join(run, node, false);
    case GUARD_OR:
        return join(run, node, true);
    case GUARD_EQUAL:
    case GUARD_UNEQUAL:
        return equal(run, node);
    case GUARD_LESS:
    case GUARD_LESS_EQUAL:
    case GUARD_MORE:
    case GUARD_MORE_EQUAL:
        return compare(run, node);
    case GUARD_IN:
        return in(run, node);
    case GUARD_ADD:
    case GUARD_SUBTRACT:
        return add(run, node);
    case GUARD_NEGATE:
        return negate(left, node->type);
    case GUARD_SIZE:
        return size_of(run, node);
    case GUARD_DATE:
        return date_of_value(run, left);
    case GUARD_AFTER:
    case GUARD_BEFORE:
        return count_days(run, node);
    case GUARD_WORKDAY:
        return works(run, left);
    case GUARD_HOUR:
        return hour_of_value(run, left);
    case GUARD_DEFINE:
        return *left;
    }
    return value_unknown(node->type);
}

struct value guard_evaluate(const struct guard *guard, const struct reading *reading,
                            struct value *values)
{
    struct run run = {.guard = guard, .reading = reading, .values = values};

    MUST(guard->node_count > 0);
    MUST(guard->node_count <= GUARD_NODES_MAX);
    for (uint32_t i = 0; i < guard->node_count; i++) {
        values[i] = evaluate(&run, &guard->nodes[i]);
    }
    return values[guard->node_count - 1];
}

enum truth guard_judge(const struct guard *guard, const struct reading *reading)
{
    struct value values[GUARD_NODES_MAX];
    struct value value = guard_evaluate(guard, reading, values);

    MUST(guard->type == VALUE_FLAG);
    if (!value.known) {
        return TRUTH_UNKNOWN;
    }
    return value.flag ? TRUTH_TRUE : TRUTH_FALSE;
}
