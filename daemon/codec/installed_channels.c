#include "codec/installed_parts.h"

enum { CHANNEL_NAME_BYTES_MAX = 16, PHONE_DIGITS_MIN = 5, PHONE_DIGITS_MAX = 20 };

#define MINUTE_MS   ((int64_t)60000)
#define SPAN_MS_MAX (24 * 60 * MINUTE_MS)

static void load_address(struct loader *loader, const struct node *node, void *field)
{
    (void)loader;
    *(enum channel_address *)field = text_is(node->text, "mail")    ? ADDRESS_MAIL
                                     : text_is(node->text, "phone") ? ADDRESS_PHONE
                                                                    : ADDRESS_PERSON;
}

/* An exact length; machines do not wait for working days. */
static void load_span(struct loader *loader, const struct node *node, void *field)
{
    struct length length;

    if (!length_parse(node->text, &length) || !length_is_exact(length) ||
        length_ms(length) > SPAN_MS_MAX) {
        tell(loader, WRONG_SPAN_EXACT, node->mark, node->key, (struct text){0});
        return;
    }
    *(int64_t *)field = length_ms(length);
}

static void load_amount(struct loader *loader, const struct node *node, void *field)
{
    int64_t amount;

    if (!text_to_integer(node->text, &amount) || amount < 1 || amount > 1000000) {
        tell(loader, WRONG_CHANNEL_NUMBER, node->mark, node->key, (struct text){0});
        return;
    }
    *(uint32_t *)field = (uint32_t)amount;
}

static void load_channel(struct installing *installing, const struct node *node,
                         struct channel *channel)
{
    static const struct binding bindings[] = {
        {"zh", offsetof(struct channel, zh), load_text},
        {"en", offsetof(struct channel, en), load_text},
        {"address", offsetof(struct channel, address), load_address},
        {"idempotent", offsetof(struct channel, idempotent), load_flag},
        {"attempts", offsetof(struct channel, attempts), load_amount},
        {"lease", offsetof(struct channel, lease_ms), load_span},
        {"retry", offsetof(struct channel, retry_ms), load_span},
        {"retry_max", offsetof(struct channel, retry_max_ms), load_span},
        {"late", offsetof(struct channel, late_ms), load_span},
        {"digest", offsetof(struct channel, digest_ms), load_span},
        {"per_minute", offsetof(struct channel, per_minute), load_amount},
        {"per_day", offsetof(struct channel, per_day), load_amount},
        {"hours", offsetof(struct channel, hours), load_hours},
        {"workdays", offsetof(struct channel, hours.workdays), load_flag},
    };

    *channel = (struct channel){
        .name = node->key,
        .zh = node->key,
        .en = node->key,
        .attempts = 8,
        .lease_ms = 2 * MINUTE_MS,
        .retry_ms = MINUTE_MS,
        .retry_max_ms = 60 * MINUTE_MS,
        .late_ms = 240 * MINUTE_MS,
    };
    LOAD_FIELDS(&installing->leaves, node, bindings, channel);
    if (node->key.size > CHANNEL_NAME_BYTES_MAX) {
        tell(&installing->leaves, WRONG_CHANNEL_NAME, node->key_mark, node->key,
             (struct text){0});
    }
}

void load_channels(struct installing *installing)
{
    const struct node *map = installing_read(installing, installing->files->channels,
                                             &language_channels, "channels");
    struct installed *made = installing->made;
    struct channel *channels = take_entries(&installing->leaves, map, CHANNELS_MAX,
                                            sizeof(*channels), &made->channel_count);
    uint32_t i = 0;

    made->channels = channels;
    for (const struct node *at = entry_first(map); i < made->channel_count; at = at->next) {
        load_channel(installing, at, &channels[i++]);
    }
}

static bool is_phone(struct text text)
{
    size_t digits = 0;

    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] >= '0' && text.bytes[i] <= '9') {
            digits++;
        } else if (text.bytes[i] != '+' || i != 0) {
            return false;
        }
    }
    return digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX;
}

/* Enough to keep a header's syntax out of it: one @ with something on both sides, and nothing
 * but visible ASCII that needs no quotes. The mail server knows the rest. */
static bool is_mail(struct text text)
{
    size_t ats = 0;

    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];

        if (byte <= ' ' || byte >= 0x7f || byte == '<' || byte == '>' || byte == ',' ||
            byte == ';' || byte == '"' || byte == '\\' || byte == '(' || byte == ')') {
            return false;
        }
        ats += byte == '@';
    }
    return ats == 1 && text.bytes[0] != '@' && text.bytes[text.size - 1] != '@';
}

static void load_phone(struct loader *loader, const struct node *node, void *field)
{
    if (!is_phone(node->text)) {
        tell(loader, WRONG_ADDRESS, node->mark, node->text, node->key);
        return;
    }
    load_text(loader, node, field);
}

static void load_mail(struct loader *loader, const struct node *node, void *field)
{
    if (text_empty(node->text) || !is_mail(node->text)) {
        tell(loader, WRONG_ADDRESS, node->mark, node->text, node->key);
        return;
    }
    load_text(loader, node, field);
}

static void load_tongue(struct loader *loader, const struct node *node, void *field)
{
    (void)loader;
    *(bool *)field = text_is(node->text, "en");
}

/* The channel of that name; false, told: there is none. */
static bool find_channel(struct installing *installing, struct text name, struct mark mark,
                         uint8_t *out)
{
    const struct installed *made = installing->made;

    for (uint32_t i = 0; i < made->channel_count; i++) {
        if (text_equal(made->channels[i].name, name)) {
            *out = (uint8_t)i;
            return true;
        }
    }
    tell_no_name(&installing->leaves, WRONG_NO_CHANNEL, name, mark,
                 (struct named){made->channels, made->channel_count, sizeof(struct channel)});
    return false;
}

static void add_channel(struct installing *installing, const struct node *node,
                        struct person *person)
{
    uint8_t channel;

    if (find_channel(installing, node->text, node->mark, &channel) &&
        person->channel_count < CHANNELS_MAX) {
        person->channels[person->channel_count++] = channel;
    }
}

/* A person's hours of one channel alone. */
static void load_hours_over(struct installing *installing, const struct node *map,
                            struct person *person)
{
    for (const struct node *at = entry_first(map); at != NULL; at = at->next) {
        uint8_t channel;

        if (!at->bad && find_channel(installing, at->key, at->key_mark, &channel)) {
            load_hours(&installing->leaves, at, &person->hours_over[channel]);
        }
    }
}

/* Who names no channel is reached by every one that has an address. */
static void add_all(const struct installed *made, struct person *person)
{
    for (uint32_t i = 0; i < made->channel_count; i++) {
        if (!text_empty(person_address(person, &made->channels[i]))) {
            person->channels[person->channel_count++] = (uint8_t)i;
        }
    }
}

void load_reach(struct installing *installing, const struct node *node, struct person *person)
{
    static const struct binding bindings[] = {
        {"phone", offsetof(struct person, phone), load_phone},
        {"mail", offsetof(struct person, mail), load_mail},
        {"language", offsetof(struct person, english), load_tongue},
        {"hours", offsetof(struct person, hours), load_hours},
        {"workdays", offsetof(struct person, hours.workdays), load_flag},
    };
    const struct node *list = node == NULL ? NULL : node_get(node, TEXT("channels"));

    LOAD_FIELDS(&installing->leaves, node, bindings, person);
    for (const struct node *at = item_first(list); at != NULL; at = item_next(list, at)) {
        if (!at->bad) {
            add_channel(installing, at, person);
        }
    }
    if (list == NULL) {
        add_all(installing->made, person);
    }
    load_hours_over(installing, node == NULL ? NULL : node_get(node, TEXT("hours_over")),
                    person);
}
