#include "codec/schema_scalar.h"

#include "base/must.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void add_shape(struct schema_parts *parts, const struct shape *shape)
{
    if (shape == NULL) {
        return;
    }
    for (uint32_t i = 0; i < parts->shape_count; i++) {
        if (parts->shapes[i] == shape) {
            return;
        }
    }
    MUST(parts->shape_count < SCHEMA_SHAPES_MAX);
    parts->shapes[parts->shape_count++] = shape;
}

static void add_kind(struct schema_parts *parts, const struct map_kind *kind)
{
    for (uint32_t i = 0; i < parts->kind_count; i++) {
        if (parts->kinds[i] == kind) {
            return;
        }
    }
    MUST(parts->kind_count < SCHEMA_KINDS_MAX);
    parts->kinds[parts->kind_count++] = kind;
    for (uint32_t i = 0; i < kind->key_count; i++) {
        add_shape(parts, kind->keys[i].shape);
    }
    for (uint32_t i = 0; kind->labelled && i < label_key_count; i++) {
        add_shape(parts, label_keys[i].shape);
    }
}

void schema_parts(const struct language *language, struct schema_parts *parts)
{
    *parts = (struct schema_parts){.shape_count = 0};
    add_shape(parts, language->root);
    for (uint32_t i = 0; i < parts->shape_count; i++) { /* it grows as we go */
        const struct shape *shape = parts->shapes[i];

        add_shape(parts, shape->items);
        add_shape(parts, shape->named);
        if (shape->map != NULL) {
            add_kind(parts, shape->map);
        }
    }
}

/* Every node made is handed on at once, and jansson's failures (no memory) make NULLs that it
 * refuses in turn; so only the whole is looked at. */
static json_t *reference(const char *what, const char *name)
{
    return json_pack("{s: o}", "$ref", json_sprintf("#/$defs/%s.%s", what, name));
}

static json_t *types_of(const char *json)
{
    json_t *types = json_array();
    struct text rest = text_of(json);

    while (!text_empty(rest)) {
        struct text type = text_cut(rest, ' ', &rest);

        json_array_append_new(types, json_stringn(type.bytes, type.size));
    }
    return types;
}

static json_t *scalar_schema(const struct shape *shape)
{
    const struct scalar_look *look = scalar_look(shape->scalar);
    json_t *schema = json_pack("{s: o}", "type", types_of(look->json));

    if (look->pattern != NULL) {
        json_object_set_new(schema, "pattern", json_string(look->pattern));
    }
    if (shape->scalar == SCALAR_WORD) {
        json_t *words = json_array();

        for (uint32_t i = 0; i < SHAPE_WORDS_MAX && shape->words[i] != NULL; i++) {
            json_array_append_new(words, json_string(shape->words[i]));
        }
        json_object_set_new(schema, "enum", words);
    }
    return schema;
}

static json_t *shape_schema(const struct shape *shape)
{
    json_t *either = json_array();

    if (shape->scalar != SCALAR_NONE) {
        json_array_append_new(either, scalar_schema(shape));
    }
    if (shape->items != NULL) {
        json_array_append_new(either, json_pack("{s: s, s: o}", "type", "array", "items",
                                                reference("shape", shape->items->name)));
    }
    if (shape->map != NULL) {
        json_array_append_new(either, reference("map", shape->map->name));
    }
    if (shape->named != NULL) {
        const char *pattern = scalar_look(shape->names)->pattern;

        json_array_append_new(
            either, json_pack("{s: s, s: {s: s}, s: o}", "type", "object", "propertyNames",
                              "pattern", pattern == NULL ? "." : pattern,
                              "additionalProperties", reference("shape", shape->named->name)));
    }
    return json_pack("{s: o}", "anyOf", either);
}

static void add_property(json_t *properties, const struct map_key *key)
{
    json_object_set_new(properties, key->name,
                        json_pack("{s: o, s: s}", "$ref",
                                  json_sprintf("#/$defs/shape.%s", key->shape->name),
                                  "description", key->en));
    json_object_set_new(json_object_get(properties, key->name), "x-zh", json_string(key->zh));
}

static json_t *kind_schema(const struct map_kind *kind)
{
    json_t *properties = json_object();
    json_t *required = json_array();

    for (uint32_t i = 0; i < kind->key_count; i++) {
        add_property(properties, &kind->keys[i]);
        if (kind->keys[i].presence == KEY_MUST) {
            json_array_append_new(required, json_string(kind->keys[i].name));
        }
    }
    for (uint32_t i = 0; kind->labelled && i < label_key_count; i++) {
        add_property(properties, &label_keys[i]);
    }
    return json_pack("{s: s, s: b, s: o, s: o}", "type", "object", "additionalProperties", 0,
                     "properties", properties, "required", required);
}

static void define(json_t *defs, const char *what, const char *name, json_t *schema)
{
    char key[128];

    snprintf(key, sizeof(key), "%s.%s", what, name);
    MUST(json_object_get(defs, key) == NULL); /* two of one name would hide each other */
    json_object_set_new(defs, key, schema);
}

char *schema_json(const struct language *language)
{
    struct schema_parts parts;
    json_t *defs = json_object();

    schema_parts(language, &parts);
    for (uint32_t i = 0; i < parts.shape_count; i++) {
        define(defs, "shape", parts.shapes[i]->name, shape_schema(parts.shapes[i]));
    }
    for (uint32_t i = 0; i < parts.kind_count; i++) {
        define(defs, "map", parts.kinds[i]->name, kind_schema(parts.kinds[i]));
    }

    json_t *whole =
        json_pack("{s: s, s: o, s: s, s: s, s: o, s: o}", "$schema",
                  "https://json-schema.org/draft/2020-12/schema", "$id",
                  json_sprintf("https://duban.invalid/schema/%s.json", language->name), "title",
                  language->title_en, "x-zh", language->title_zh, "$ref",
                  json_sprintf("#/$defs/shape.%s", language->root->name), "$defs", defs);
    char *text = whole == NULL ? NULL : json_dumps(whole, JSON_INDENT(2));

    json_decref(whole);
    return text;
}
