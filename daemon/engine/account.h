#ifndef DUBAN_ENGINE_ACCOUNT_H
#define DUBAN_ENGINE_ACCOUNT_H

/*
 * One record told to people and programs: what came in, what became of it and why, as a JSON
 * object with words in both languages. Private facts are masked, and so are all facts of an
 * event whose procedure is not known. docs/reference/answers.md describes the object.
 */
#include "codec/json.h"
#include "engine/law.h"

struct account {
    uint64_t seq;
    const struct record *record;
    const struct submission *submission; /* its event; of one that waited, that of its record */
    const struct law *law;
    struct text agency;  /* of its case; empty: not known */
    struct text case_id; /* the same */
};

/* What stands for a private value. */
#define ACCOUNT_MASK TEXT("•••")
/* Effects told of one record; what is more is only counted, as `effects_more`. */
#define ACCOUNT_EFFECTS_MAX 64

/* Tell it as the next item of the list that is open. The arena holds what is read from it. */
void account_tell(const struct account *account, struct arena *arena, struct json *json);

/* An instant as answers write it, `2026-03-02T09:30:00+08:00`; null for none and never. */
void account_put_instant(struct json *json, const char *name, int64_t at_ms, int64_t zone_ms);
/* The same of a date. */
void account_put_date(struct json *json, const char *name, int32_t date);
/* `name`, `name_zh` and `name_en`: a name of the procedure and people's words for it. */
void account_put_words(struct json *json, const char *name, struct text text,
                       const struct label *label, const struct procedure *procedure);
/* The reasons of a refusal, or what had no effect. */
void account_put_told(struct json *json, const char *name, const struct told *told,
                      uint32_t count);

#endif
