#include "codec/language_parts.h"

const struct shape shape_text = {
    .name = "text",
    .scalar = SCALAR_TEXT,
    WANTED("a text", "文字"),
};
const struct shape shape_texts = {
    .name = "texts",
    .scalar = SCALAR_TEXT,
    .items = &shape_text,
    WANTED("a text or a list of texts", "文字或文字列表"),
};
const struct shape shape_name = {
    .name = "name",
    .scalar = SCALAR_NAME,
    WANTED("a name", "一个名称"),
};
const struct shape shape_names = {
    .name = "names",
    .scalar = SCALAR_NAME,
    .items = &shape_name,
    WANTED("a name or a list of names, as in [officer, leader]",
           "名称或名称列表，如 [officer, leader]"),
};
const struct shape shape_id = {
    .name = "id",
    .scalar = SCALAR_ID,
    WANTED("an identifier", "一个编号"),
};
const struct shape shape_ids = {
    .name = "ids",
    .scalar = SCALAR_ID,
    .items = &shape_id,
    WANTED("an identifier or a list of them", "编号或编号列表"),
};
const struct shape shape_flag = {
    .name = "flag",
    .scalar = SCALAR_FLAG,
    WANTED("true or false", " true 或 false"),
};
const struct shape shape_number = {
    .name = "number",
    .scalar = SCALAR_NUMBER,
    WANTED("a whole number", "整数"),
};
const struct shape shape_date = {
    .name = "date",
    .scalar = SCALAR_DATE,
    WANTED("a date, as in 2021-07-15", "日期，如 2021-07-15"),
};
const struct shape shape_instant = {
    .name = "instant",
    .scalar = SCALAR_INSTANT,
    WANTED("a time, as in 2026-03-02T09:30", "时间，如 2026-03-02T09:30"),
};
const struct shape shape_length = {
    .name = "length",
    .scalar = SCALAR_LENGTH,
    WANTED("a length, as in 15d", "期限，如 15d"),
};
const struct shape shape_event = {
    .name = "event",
    .scalar = SCALAR_EVENT,
    WANTED("an event, as in order.served", "事件名，如 order.served"),
};
const struct shape shape_value = {
    .name = "value",
    .scalar = SCALAR_ANY,
    .items = &shape_value,
    WANTED("a value, or a list of a set's values", "一个值，或集合各值的列表"),
};

const struct map_key label_keys[] = {
    {"zh", &shape_text, KEY_MAY, "its name in Chinese", "中文名称"},
    {"en", &shape_text, KEY_MAY, "its name in English", "英文名称"},
    {"law", &shape_text, KEY_MAY, "the article it stands on", "法律依据"},
};
const uint32_t label_key_count = sizeof(label_keys) / sizeof(label_keys[0]);
