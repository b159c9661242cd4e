#include "codec/job.h"

#include "base/must.h"
#include "codec/job_pack.h"

#include <stdio.h>
#include <string.h>

/* Twelve bits for the place within a record: no record tells more people. */
enum { PLACE_BITS = 12 };

enum { BIT_OUTSIDE = 1, BIT_URGENT = 2 };

struct text job_state_word(enum job_state state)
{
#define JOB_WORD(name, word) TEXT_INIT(word),
    static const struct text words[] = {JOB_STATES(JOB_WORD)};
#undef JOB_WORD

    return words[state];
}

struct text job_step_word(enum job_step step)
{
#define JOB_WORD(name, word) TEXT_INIT(word),
    static const struct text words[] = {JOB_STEPS(JOB_WORD)};
#undef JOB_WORD

    return words[step];
}

uint64_t job_number(uint64_t seq, uint32_t index)
{
    return seq << PLACE_BITS | index;
}

uint64_t job_record(uint64_t number)
{
    return number >> PLACE_BITS;
}

size_t job_key(const struct job *job, struct text store, char out[JOB_KEY_SIZE])
{
    char generation[16] = "";

    if (job->generation > 1) {
        (void)snprintf(generation, sizeof(generation), ".%u", job->generation);
    }

    int size = snprintf(out, JOB_KEY_SIZE, "%.*s%s-%llx-%.*s-%u", TEXT_ARGS(store), generation,
                        (unsigned long long)job->number, TEXT_ARGS(job->channel), job->resends);

    return size < 0 ? 0 : (size_t)size;
}

/* Cut behind the last `separator`; false: there is none. */
static bool cut_last(struct text *text, char separator, struct text *behind)
{
    for (size_t i = text->size; i > 0; i--) {
        if (text->bytes[i - 1] == separator) {
            *behind = text_part(*text, i, text->size);
            text->size = i - 1;
            return true;
        }
    }
    return false;
}

static bool read_number(struct text text, unsigned base, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.bytes[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                                : base;

        if (digit >= base || *number > (UINT64_MAX - digit) / base) {
            return false;
        }
        *number = *number * base + digit;
    }
    return text.size > 0;
}

bool job_key_read(struct text key, struct job_name *name)
{
    struct text part;
    uint64_t number;

    *name = (struct job_name){.store = key, .generation = 1};
    if (!cut_last(&name->store, '-', &part) || !read_number(part, 10, &number) ||
        number > UINT32_MAX) {
        return false;
    }
    name->resends = (uint32_t)number;
    if (!cut_last(&name->store, '-', &name->channel) || !cut_last(&name->store, '-', &part) ||
        !read_number(part, 16, &name->number)) {
        return false;
    }
    if (cut_last(&name->store, '.', &part)) {
        if (!read_number(part, 10, &number) || number > UINT32_MAX) {
            return false;
        }
        name->generation = (uint32_t)number;
    }
    return !text_empty(name->store) && !text_empty(name->channel);
}

bool job_has_name(const struct job *job, const struct job_name *name)
{
    return job->number == name->number && job->generation == name->generation &&
           job->resends == name->resends && text_equal(job->channel, name->channel);
}

static bool has_word(struct text list, struct text word)
{
    while (!text_empty(list)) {
        if (text_equal(text_trim(text_cut(list, ',', &list)), word)) {
            return true;
        }
    }
    return false;
}

bool job_states_known(struct text states)
{
    while (!text_empty(states)) {
        struct text word = text_trim(text_cut(states, ',', &states));
        bool known = false;

        for (unsigned state = JOB_WAITING; state <= JOB_INCIDENT && !known; state++) {
            known = text_equal(job_state_word((enum job_state)state), word);
        }
        if (!known) {
            return false;
        }
    }
    return true;
}

static bool is_of_case(const struct job *job, uint64_t case_number)
{
    for (uint32_t i = 0; i < job->notice_count; i++) {
        if (job->notices[i].number == case_number) {
            return true;
        }
    }
    return false;
}

bool job_is_meant(const struct job *job, const struct job_filter *filter, uint64_t case_number,
                  int64_t now_ms)
{
    return (filter->job == 0 || job->number == filter->job) &&
           (text_empty(filter->states) ||
            has_word(filter->states, job_state_word(job->state))) &&
           (text_empty(filter->channel) || text_equal(job->channel, filter->channel)) &&
           (text_empty(filter->receiver) || text_equal(job->receiver, filter->receiver)) &&
           (text_empty(filter->agency) || text_equal(job->agency, filter->agency)) &&
           (filter->older_ms == 0 || now_ms - job->since_ms >= filter->older_ms) &&
           (case_number == 0 || is_of_case(job, case_number));
}

/* Digits in a row, with what people put between them, from here on; how many bytes, and how
 * many digits of them. */
static size_t run_of_digits(const char *words, size_t size, size_t *digits)
{
    size_t end = 0;

    *digits = 0;
    if (size > 0 && words[0] != '+' && (words[0] < '0' || words[0] > '9')) {
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        if (words[i] >= '0' && words[i] <= '9') {
            (*digits)++;
            end = i + 1;
        } else if (words[i] != '-' && words[i] != ' ' && !(words[i] == '+' && i == 0)) {
            break;
        }
    }
    return end;
}

static bool is_of_address(char c)
{
    return c != ' ' && c != '<' && c != '>' && c != '(' && c != ')' && c != ',' && c != ';' &&
           c != '"' && c != '\n' && c != '\t';
}

/* What holds an @, from here on; how many bytes; 0: none does. */
static size_t run_of_mail(const char *words, size_t size)
{
    bool at = false;
    size_t end = 0;

    for (; end < size && is_of_address(words[end]); end++) {
        at = at || words[end] == '@';
    }
    return at ? end : 0;
}

size_t job_words_mask(char *words, size_t size)
{
    enum { PHONE_DIGITS_MIN = 7, MASK_BYTES = 3 };
    size_t out = 0;
    bool inside = false; /* of a word that is no mail address */

    for (size_t i = 0; i < size;) {
        size_t digits;
        size_t number = run_of_digits(words + i, size - i, &digits);
        size_t run = inside ? 0 : run_of_mail(words + i, size - i);

        run = digits >= PHONE_DIGITS_MIN && number > run ? number : run;
        if (run >= MASK_BYTES) { /* so it never becomes longer */
            memcpy(words + out, "***", MASK_BYTES);
            out += MASK_BYTES;
            i += run;
            inside = false;
        } else {
            inside = is_of_address(words[i]);
            words[out++] = words[i++];
        }
    }
    return out;
}

/* Of a notice: bit 0 a rung, then whose place its receiver takes; at the top that it is a
 * reminder, and that the place is the same one's as of the notice before, for a whole morning
 * may have been another's. */
#define BITS_RUNG     1u
#define BITS_REMINDER 0x40u
#define BITS_SAME     0x80u

static bool is_of_the_same(const struct job_notice *notices, uint32_t i)
{
    return i > 0 && notices[i].stead != STEAD_NONE && notices[i - 1].stead != STEAD_NONE &&
           text_equal(notices[i].in_stead_of, notices[i - 1].in_stead_of);
}

/* Notices grow with the journal, so each is near the one before it. */
static void pack_notices(struct packer *packer, const struct job *job)
{
    uint64_t seq = 0;
    uint64_t number = 0;

    pack_number(packer, job->notice_count);
    for (uint32_t i = 0; i < job->notice_count; i++) {
        const struct job_notice *notice = &job->notices[i];

        pack_signed(packer, (int64_t)(notice->seq - seq));
        pack_number(packer, notice->effect);
        pack_signed(packer, (int64_t)(notice->number - number));
        pack_number(packer, (uint16_t)(notice->clock + 1));
        pack_number(packer, notice->instance);

        bool same = is_of_the_same(job->notices, i);
        unsigned bits = (unsigned)notice->stead << 1 | (notice->rung ? BITS_RUNG : 0) |
                        (notice->reminder ? BITS_REMINDER : 0) | (same ? BITS_SAME : 0);

        pack_byte(packer, (uint8_t)bits);
        if (notice->stead != STEAD_NONE && !same) {
            pack_text(packer, notice->in_stead_of);
        }
        seq = notice->seq;
        number = notice->number;
    }
}

enum status job_encode(const struct job *job, uint8_t *room, size_t room_bytes,
                       struct bytes *out)
{
    struct packer packer;
    unsigned bits = (job->outside ? BIT_OUTSIDE : 0U) | (job->urgent ? BIT_URGENT : 0U);

    pack_init(&packer, room, room_bytes);
    pack_byte(&packer, JOB_VERSION);
    pack_byte(&packer, (uint8_t)job->state);
    pack_byte(&packer, (uint8_t)bits);
    pack_text(&packer, job->channel);
    pack_number(&packer, job->tried);
    pack_text(&packer, job->agency);
    pack_text(&packer, job->receiver);
    pack_number(&packer, job->role);
    pack_number(&packer, job->generation);
    pack_signed(&packer, job->made_ms);
    pack_instant(&packer, job->since_ms, job->made_ms);
    pack_instant(&packer, job->useful_ms, job->made_ms);
    pack_instant(&packer, job->until_ms, job->made_ms);
    pack_number(&packer, job->attempt);
    pack_number(&packer, job->failures);
    pack_number(&packer, job->resends);
    pack_number(&packer, job->token);
    pack_text(&packer, job->worker);
    pack_text(&packer, job->last);
    pack_notices(&packer, job);
    if (packer.full) {
        return STATUS_LIMIT;
    }
    *out = packed(&packer);
    return STATUS_OK;
}

enum job_state job_state_of(struct bytes value)
{
    struct unpacker unpacker;

    unpack_init(&unpacker, value);
    MUST(unpack_byte(&unpacker) == JOB_VERSION);
    return (enum job_state)unpack_byte(&unpacker);
}

static void unpack_notices(struct unpacker *unpacker, struct arena *arena, struct job *job)
{
    uint32_t count = unpack_below(unpacker, JOB_NOTICES_MAX);
    struct job_notice *notices = unpack_array(unpacker, arena, count, sizeof(*notices));
    uint64_t seq = 0;
    uint64_t number = 0;

    for (uint32_t i = 0; notices != NULL && i < count; i++) {
        seq += (uint64_t)unpack_signed(unpacker);
        notices[i].seq = seq;
        notices[i].effect = unpack_below(unpacker, UINT16_MAX);
        number += (uint64_t)unpack_signed(unpacker);
        notices[i].number = number;
        notices[i].clock = (uint16_t)(unpack_below(unpacker, UINT16_MAX) - 1);
        notices[i].instance = (uint16_t)unpack_below(unpacker, UINT16_MAX);

        unsigned bits = unpack_byte(unpacker);
        unsigned stead = (bits & ~(BITS_SAME | BITS_REMINDER)) >> 1;
        bool same = (bits & BITS_SAME) != 0;

        if (stead > STEAD_UNREACHED || (same && (i == 0 || stead == STEAD_NONE))) {
            unpack_break(unpacker);
            break;
        }
        notices[i].rung = (bits & BITS_RUNG) != 0;
        notices[i].reminder = (bits & BITS_REMINDER) != 0;
        notices[i].stead = (enum stead)stead;
        if (same) {
            notices[i].in_stead_of = notices[i - 1].in_stead_of;
        } else if (stead != STEAD_NONE) {
            notices[i].in_stead_of = unpack_text(unpacker);
        }
    }
    job->notices = notices;
    job->notice_count = notices == NULL ? 0 : count;
}

enum status job_decode(uint64_t number, struct bytes bytes, struct arena *arena,
                       struct job *job)
{
    struct unpacker unpacker;

    unpack_init(&unpacker, bytes);
    *job = (struct job){.number = number};
    if (unpack_byte(&unpacker) != JOB_VERSION) {
        return STATUS_MALFORMED;
    }

    uint8_t state = unpack_byte(&unpacker);
    uint8_t bits = unpack_byte(&unpacker);

    if (state > JOB_INCIDENT || bits > (BIT_OUTSIDE | BIT_URGENT)) {
        return STATUS_MALFORMED;
    }
    job->state = (enum job_state)state;
    job->outside = (bits & BIT_OUTSIDE) != 0;
    job->urgent = (bits & BIT_URGENT) != 0;
    job->channel = unpack_text(&unpacker);
    job->tried = unpack_below(&unpacker, UINT32_MAX);
    job->agency = unpack_text(&unpacker);
    job->receiver = unpack_text(&unpacker);
    job->role = (uint16_t)unpack_below(&unpacker, UINT16_MAX);
    job->generation = unpack_below(&unpacker, UINT32_MAX);
    job->made_ms = unpack_signed(&unpacker);
    job->since_ms = unpack_instant(&unpacker, job->made_ms);
    job->useful_ms = unpack_instant(&unpacker, job->made_ms);
    job->until_ms = unpack_instant(&unpacker, job->made_ms);
    job->attempt = unpack_below(&unpacker, UINT32_MAX);
    job->failures = unpack_below(&unpacker, UINT32_MAX);
    job->resends = unpack_below(&unpacker, UINT32_MAX);
    job->token = unpack_number(&unpacker);
    job->worker = unpack_text(&unpacker);
    job->last = unpack_text(&unpacker);
    unpack_notices(&unpacker, arena, job);
    return arena->spent ? STATUS_LIMIT : unpack_end(&unpacker);
}

static void pack_said(struct packer *packer, const struct job_said *said)
{
    pack_text(packer, said->template);
    pack_text(packer, said->version);
    pack_flag(packer, said->sealed);
    pack_text(packer, said->brief);
    pack_text(packer, said->subject);
    pack_text(packer, said->body);
}

static void unpack_said(struct unpacker *unpacker, struct job_said *said)
{
    struct text *words[] = {&said->brief, &said->subject, &said->body};

    said->template = unpack_text(unpacker);
    said->version = unpack_text(unpacker);
    said->sealed = unpack_flag(unpacker);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        *words[i] = said->sealed ? unpack_sealed(unpacker) : unpack_text(unpacker);
    }
}

void job_report_pack(struct packer *packer, const struct job_report *report)
{
    pack_byte(packer, (uint8_t)report->step);
    pack_number(packer, report->job);
    pack_number(packer, report->token);
    pack_text(packer, report->channel);
    pack_text(packer, report->receiver);
    pack_text(packer, report->worker);
    pack_byte(packer, (uint8_t)report->failure);
    pack_signed(packer, report->at_ms);
    pack_text(packer, report->provider);
    pack_text(packer, report->sha256);
    pack_text(packer, report->words);
    pack_text(packer, report->key);
    if (report->step == JOB_STEP_LEASE) {
        pack_said(packer, &report->said);
    }
}

void job_report_unpack(struct unpacker *unpacker, struct job_report *report)
{
    uint8_t step = unpack_byte(unpacker);

    report->job = unpack_number(unpacker);
    report->token = unpack_number(unpacker);
    report->channel = unpack_text(unpacker);
    report->receiver = unpack_text(unpacker);
    report->worker = unpack_text(unpacker);

    uint8_t failure = unpack_byte(unpacker);

    report->at_ms = unpack_signed(unpacker);
    report->provider = unpack_text(unpacker);
    report->sha256 = unpack_text(unpacker);
    report->words = unpack_text(unpacker);
    report->key = unpack_text(unpacker);
    if (step > JOB_STEP_BOUNCED || failure > JOB_THROTTLED) {
        unpack_break(unpacker);
        return;
    }
    report->step = (enum job_step)step;
    report->failure = (enum job_failure)failure;
    if (report->step == JOB_STEP_LEASE) {
        unpack_said(unpacker, &report->said);
    }
}

void job_changes_pack(struct packer *packer, const struct job_change *changes, uint32_t count)
{
    pack_number(packer, count);
    for (uint32_t i = 0; i < count; i++) {
        pack_number(packer, changes[i].number);
        pack_bytes(packer, changes[i].value);
    }
}

uint32_t job_changes_unpack(struct unpacker *unpacker, struct arena *arena,
                            const struct job_change **changes)
{
    uint32_t count = unpack_below(unpacker, JOB_CHANGES_MAX);
    struct job_change *read = unpack_array(unpacker, arena, count, sizeof(*read));

    for (uint32_t i = 0; read != NULL && i < count; i++) {
        read[i].number = unpack_number(unpacker);
        read[i].value = unpack_bytes(unpacker);
    }
    *changes = read;
    return read == NULL ? 0 : count;
}
