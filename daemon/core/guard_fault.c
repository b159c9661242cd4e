#include "core/guard_fault.h"

#include "base/must.h"
#include "core/guard.h"

#include <string.h>

/* Code, English, Chinese: what is wrong; what would be right. */
static const struct message messages[] = {
    [FAULT_EMPTY] = {"guard_empty", "nothing stands here; write a condition, such as has(x)",
                     "这里是空的；请写条件，例如 has(x)"},
    [FAULT_CHARACTER] = {"guard_character", "`{0}` means nothing in a guard; take it out",
                         "条件中不能用“{0}”；请删去"},
    [FAULT_WIDE] = {"guard_wide", "`{0}` is a full-width sign; write `{1}`",
                    "“{0}”是全角符号；请写半角的 {1}"},
    [FAULT_QUOTE] = {"guard_quote", "this text is never closed; put `{0}` behind it",
                     "这段文字没有结束的引号；请在末尾加上 {0}"},
    [FAULT_ESCAPE] = {"guard_escape",
                      "a text has no escapes with `\\`; use the other kind of quotes around it",
                      "文字中不能用“\\”转义；请改用另一种引号"},
    [FAULT_NUMBER] =
        {"guard_number",
         "`{0}` is no number, amount or length; write 12, 1000.00 or 10d (min h d wd mo y)",
         "“{0}”不是数、金额或期限；请写 12、1000.00 或 10d（min h d wd mo y）"},
    [FAULT_LARGE] = {"guard_large", "`{0}` is too large; 64 bits must hold it",
                     "“{0}”太大；须在 64 位整数之内"},
    [FAULT_MONEY_FORM] = {"guard_money_form",
                          "`{0}` is no amount; money has exactly two decimals, as in 1000.00",
                          "“{0}”不是金额；金额必须写两位小数，例如 1000.00"},
    [FAULT_DATE_FORM] = {"guard_date_form", "`{0}` is no date by itself; write date('{0}')",
                         "“{0}”不是日期的写法；请写 date('{0}')"},
    [FAULT_DATE_LITERAL] = {"guard_date_literal",
                            "`{0}` is no date that exists; write it as date('2021-07-15')",
                            "“{0}”不是存在的日期；请按 date('2021-07-15') 的样子写"},
    [FAULT_SIGN] = {"guard_sign", "`{0}` is not the operator; write `{1}`",
                    "“{0}”不是这里的运算符；请写 {1}"},
    [FAULT_ARITHMETIC] = {"guard_subset",
                          "`{0}` is not in this subset of CEL; guards only add and subtract",
                          "条件语言（CEL 的子集）没有“{0}”；只能加减"},
    [FAULT_TERNARY] =
        {"guard_subset",
         "`? :` is not in this subset of CEL; write two named entries, each with its `when`",
         "条件语言（CEL 的子集）没有“? :”；请分写两条，各有自己的 when"},
    [FAULT_BRACE] = {"guard_subset",
                     "`{0}` is not in this subset of CEL; there are no maps and no messages",
                     "条件语言（CEL 的子集）没有“{0}”；不能写映射和消息"},
    [FAULT_NULL] = {"guard_subset",
                    "`null` is not in this subset of CEL; write has(x) or !has(x)",
                    "条件语言（CEL 的子集）没有 null；请写 has(x) 或 !has(x)"},
    [FAULT_METHOD] = {"guard_subset",
                      "`.{0}()` is not in this subset of CEL; there are size() has() date() "
                      "after() before() "
                      "workday() hour() and `in`",
                      "条件语言（CEL 的子集）没有“.{0}()”；有 size() has() date() after() "
                      "before() workday() hour() "
                      "和 in"},
    [FAULT_CEL_FUNCTION] =
        {"guard_subset",
         "`{0}()` is not in this subset of CEL; there are size() has() date() after() before() "
         "workday() hour() and `in`",
         "条件语言（CEL 的子集）没有“{0}()”；有 size() has() date() after() before() workday() "
         "hour() 和 in"},
    [FAULT_FUNCTION] =
        {"guard_function",
         "there is no function `{0}`; there are size() has() date() after() before() workday() "
         "hour()",
         "没有函数“{0}”；有 size() has() date() after() before() workday() hour()"},
    [FAULT_FUNCTION_NEAR] = {"guard_function", "there is no function `{0}`; perhaps `{1}`",
                             "没有函数“{0}”；是否指 {1}"},
    [FAULT_ARGUMENTS] = {"guard_arguments", "`{0}()` takes {1}; here are {2}",
                         "{0}() 要 {1} 个参数；这里有 {2} 个"},
    [FAULT_ARGUMENT] = {"guard_argument", "`{0}()` takes {1}; `{2}` is {3}",
                        "{0}() 要的是 {1}；“{2}”是 {3}"},
    [FAULT_OPERAND] = {"guard_operand",
                       "something is missing before `{0}`; write a name or value",
                       "“{0}”之前缺少名称或值；请补上"},
    [FAULT_OPERAND_END] = {"guard_operand", "the guard breaks off; write a name or value here",
                           "条件没有写完；请在此补上名称或值"},
    [FAULT_OPERATOR] = {"guard_operator",
                        "an operator is missing before `{0}`; write && or ||, or a comparison",
                        "“{0}”之前缺少运算符；请写 &&、|| 或比较符"},
    [FAULT_DOT] = {"guard_dot", "a name is missing after `.`; write it without a space",
                   "“.”之后缺少名称；请补上"},
    [FAULT_OPEN] = {"guard_open", "this `{0}` is never closed; put `{1}` where it ends",
                    "这个“{0}”没有对应的“{1}”；请补上"},
    [FAULT_CLOSE] = {"guard_close", "this `{0}` closes nothing; take it out, or open it before",
                     "这个“{0}”没有对应的开头；请删去或在前面补上"},
    [FAULT_COMMA] =
        {"guard_comma",
         "a comma stands only between arguments and in lists; join conditions with && or ||",
         "逗号只用于参数和列表；条件之间请写 && 或 ||"},
    [FAULT_CHAIN] = {"guard_chain", "comparisons do not chain; write a < b && b < c",
                     "比较不能连写；请写 a < b && b < c"},
    [FAULT_NAME] = {"guard_name", "nothing is called `{0}` here; declare it, or correct it",
                    "这里没有“{0}”；请先声明或改正"},
    [FAULT_NAME_NEAR] = {"guard_name", "nothing is called `{0}` here; perhaps `{1}`",
                         "这里没有“{0}”；是否指 {1}"},
    [FAULT_UNQUOTED] = {"guard_unquoted", "`{0}` is a value of `{1}`; write '{0}'",
                        "“{0}”是 {1} 的取值；请写 '{0}'"},
    [FAULT_CHOICE] = {"guard_choice", "'{0}' is no value of `{1}`; see its declaration",
                      "'{0}' 不是 {1} 的取值；请看它的声明"},
    [FAULT_CHOICE_NEAR] = {"guard_choice", "'{0}' is no value of `{1}`; perhaps '{2}'",
                           "'{0}' 不是 {1} 的取值；是否指 '{2}'"},
    [FAULT_VALUE] = {"guard_value", "`{0}` is none of the values wanted here; see the fact",
                     "“{0}”不是这里要的取值；请看该事实的声明"},
    [FAULT_VALUE_NEAR] = {"guard_value",
                          "`{0}` is none of the values wanted here; perhaps `{1}`",
                          "“{0}”不是这里要的取值；是否指 {1}"},
    [FAULT_CHOICES] =
        {"guard_choices",
         "`{0}` has other values than `{1}`; both must be declared with the same list",
         "“{0}”与“{1}”的取值不同；二者须用同一列取值声明"},
    [FAULT_WISH_CHOICES] =
        {"guard_choices",
         "`{0}` has other values than are wanted here; declare both with the same list",
         "“{0}”的取值与这里要的不同；二者须用同一列取值声明"},
    [FAULT_CONDITION] =
        {"guard_condition",
         "`{0}` is {1}, and `{2}` takes conditions; compare it, or ask has({0})",
         "“{0}”是 {1}，而“{2}”要的是条件；请加比较，或写 has({0})"},
    [FAULT_COMPARE] = {"guard_compare",
                       "`{0}` is {1} and `{2}` is {3}; only like compares with like",
                       "“{0}”是 {1}，“{2}”是 {3}；同类才能比较"},
    [FAULT_ORDER] = {"guard_order", "`{0}` is {1}, which has no order; use ==, != or in",
                     "“{0}”是 {1}，没有大小；请用 ==、!= 或 in"},
    [FAULT_WHOLE_MONEY] = {"guard_whole_money",
                           "`{0}` is an integer, and money is wanted; write {0}.00",
                           "“{0}”是整数，这里要的是金额；请写 {0}.00"},
    [FAULT_TEXT_NUMBER] = {"guard_text_number",
                           "`{0}` stands without quotes, and text is wanted; write '{0}'",
                           "“{0}”没有引号，这里要的是文字；请写 '{0}'"},
    [FAULT_TEXT_DATE] = {"guard_text_date",
                         "{0} is text, and a date is wanted; write date({0})",
                         "{0} 是文字，这里要的是日期；请写 date({0})"},
    [FAULT_INSTANT_DATE] = {"guard_instant_date",
                            "`{0}` is an instant, and a date is wanted; write date({0})",
                            "“{0}”是时刻，这里要的是日期；请写 date({0})"},
    [FAULT_DATE_DATE] = {"guard_date_date", "`{0}` is a date already; leave date() away",
                         "“{0}”已经是日期；请去掉 date()"},
    [FAULT_EXACT] = {"guard_exact",
                     "`{0}` counts hours, and `{1}()` counts days; write 2d or 2wd",
                     "“{0}”按小时计，而 {1}() 按日计；请写 2d 或 2wd"},
    [FAULT_LENGTH_UNIT] = {"guard_length_unit",
                           "`{0}` has no unit; write {0}d for days or {0}wd for working days",
                           "“{0}”没有单位；自然日写 {0}d，工作日写 {0}wd"},
    [FAULT_SUM] =
        {"guard_sum",
         "`{0}` is {1} and `{2}` is {3}; only integers, money, and dates by `-` go together",
         "“{0}”是 {1}，“{2}”是 {3}；只有整数、金额能加减，日期能相减"},
    [FAULT_SUM_DATE] =
        {"guard_sum_date",
         "a date is not moved by `{0}`; write after(date, 3d) or before(date, 3d)",
         "日期不能用“{0}”推算；请写 after(日期, 3d) 或 before(日期, 3d)"},
    [FAULT_SUM_SET] = {"guard_sum_set",
                       "sets and lists are joined only where a set is set; ask with `in`",
                       "集合和列表只在给集合赋值时才能加减；请用 in 判断"},
    [FAULT_NEGATE] = {"guard_negate", "`{0}` is {1}; `-` takes an integer or money",
                      "“{0}”是 {1}；“-”只用于整数或金额"},
    [FAULT_IN] =
        {"guard_in",
         "`{0}` is {1}; right of `in` stands a list, a set or people: write == to compare",
         "“{0}”是 {1}；in 的右边要列表、集合或人员：比较请写 =="},
    [FAULT_IN_ITEM] = {"guard_in_item", "`{0}` is {1}, and `{2}` holds {3}; it is never in it",
                       "“{0}”是 {1}，而“{2}”中是 {3}；不可能在其中"},
    [FAULT_LIST_ITEM] = {"guard_list_item", "`{0}` is no literal; a list holds only literals",
                         "“{0}”不是字面值；列表中只能写字面值"},
    [FAULT_LIST_WORD] = {"guard_list_item", "`{0}` is no literal; write '{0}'",
                         "“{0}”不是字面值；请写 '{0}'"},
    [FAULT_LIST_COMMA] = {"guard_list_comma", "a comma is missing before `{0}`; write one",
                          "“{0}”之前缺少逗号；请补上"},
    [FAULT_LIST_TYPE] = {"guard_list_type",
                         "`{0}` is {1}, and the list began with {2}; a list holds one type",
                         "“{0}”是 {1}，而列表的第一项是 {2}；列表只能有一种类型"},
    [FAULT_LIST_LONG] = {"guard_list_long", "this list is longer than {0}; use a register",
                         "列表超过 {0} 项；请用登记表"},
    [FAULT_LIST_PLACE] =
        {"guard_list_place",
         "a list stands only right of `in`, in size(), or as a set; write x in {0}",
         "列表只能写在 in 的右边、size() 中或作为集合；请写 x in {0}"},
    [FAULT_PEOPLE] = {"guard_people", "`{0}` are people; write size({0}) or 'name' in {0}",
                      "“{0}”是人员；请写 size({0}) 或 '姓名' in {0}"},
    [FAULT_HAS] = {"guard_has", "has() takes a name, as in has(facts.x); `{0}` is none",
                   "has() 要一个名称，例如 has(facts.x)；“{0}”不是"},
    [FAULT_HAS_CONDITION] =
        {"guard_has",
         "`{0}` is a named condition, and has() asks of facts; ask of those it is made of",
         "“{0}”是命名条件，has() 只问事实；请对其中的事实提问"},
    [FAULT_SEALED] = {"guard_sealed", "`{0}` is private; a guard may only ask has({0})",
                      "“{0}”是隐私；条件中只能写 has({0})"},
    [FAULT_KEYED] = {"guard_keyed", "`{0}` is of a register; write registers.R[key].column",
                     "“{0}”属于登记表；请写 registers.R[key].column"},
    [FAULT_UNKEYED] = {"guard_unkeyed",
                       "`{0}` takes no `[ ]`; only registers.R[key].column does",
                       "“{0}”不能用 [ ]；只有 registers.R[key].column 可以"},
    [FAULT_KEY] = {"guard_key", "`{0}` is {1}; the keys of this register are {2}",
                   "“{0}”是 {1}；这个登记表的键是 {2}"},
    [FAULT_WISH] = {"guard_wish", "`{0}` is {1}; {2} is wanted here",
                    "“{0}”是 {1}；这里要的是 {2}"},
    [FAULT_WISH_CONDITION] = {"guard_wish",
                              "`{0}` is {1}; compare it: a condition is wanted here",
                              "“{0}”是 {1}；这里要的是条件，请加比较"},
    [FAULT_DEEP] = {"guard_deep", "this stands more than {0} levels deep; use `define`",
                    "嵌套超过 {0} 层；请用 define 拆开"},
    [FAULT_LONG] = {"guard_long",
                    "this guard has more than {0} parts, named conditions included; use a fact "
                    "or register",
                    "条件（含命名条件）超过 {0} 个部分；请改用事实或登记表"},
};

_Static_assert(sizeof(messages) / sizeof(messages[0]) == FAULT_COUNT, "the last has words");

const struct message *fault_message(enum guard_fault fault)
{
    MUST(messages[fault].en != NULL);
    return &messages[fault];
}

const struct message *guard_messages(uint32_t *count)
{
    *count = FAULT_COUNT;
    return messages;
}

void fault_add(struct fault_list *list, enum guard_fault fault, uint32_t at,
               const struct text *arguments)
{
    uint32_t place = list->count;

    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].fault == fault && list->items[i].at == at) {
            return;
        }
    }
    if (list->count == FAULTS_MAX) {
        return;
    }
    while (place > 0 && list->items[place - 1].at > at) {
        list->items[place] = list->items[place - 1];
        place--;
    }
    list->items[place] = (struct fault){.fault = fault, .at = at};
    if (arguments != NULL) {
        memcpy(list->items[place].arguments, arguments, sizeof(list->items[place].arguments));
    }
    list->count++;
}

/* Columns are characters: bytes that do not continue one. A guard of several lines has the
 * lines of its block, each from column 1. */
static struct mark mark_at(struct text text, struct mark mark, uint32_t at)
{
    for (uint32_t i = 0; i < at && i < text.size; i++) {
        if (text.bytes[i] == '\n') {
            mark.line++;
            mark.column = 1;
        } else if (((uint8_t)text.bytes[i] & 0xc0) != 0x80) {
            mark.column++;
        }
    }
    return mark;
}

void fault_tell(const struct fault_list *list, struct text text, struct mark mark,
                struct problem_list *problems)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct fault *fault = &list->items[i];

        problem_add(problems, PROBLEM_ERROR, fault_message(fault->fault),
                    mark_at(text, mark, fault->at), fault->arguments, PROBLEM_ARGUMENTS);
    }
}
