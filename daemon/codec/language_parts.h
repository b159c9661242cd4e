#ifndef DUBAN_CODEC_LANGUAGE_PARTS_H
#define DUBAN_CODEC_LANGUAGE_PARTS_H

/* Shapes that several languages share. Only language*.c include this. */
#include "codec/language.h"

/* What is wanted, said in both languages. */
#define WANTED(en, zh) .wanted = {"schema_shape", "`{0}` must be " en, "“{0}”应为" zh}

#define KEYS(array) .keys = (array), .key_count = sizeof(array) / sizeof((array)[0])

extern const struct shape shape_text;  /* words for people */
extern const struct shape shape_texts; /* one, or a list */
extern const struct shape shape_name;
extern const struct shape shape_names; /* one, or a list */
extern const struct shape shape_id;
extern const struct shape shape_ids; /* one, or a list */
extern const struct shape shape_flag;
extern const struct shape shape_number;
extern const struct shape shape_date;
extern const struct shape shape_instant;
extern const struct shape shape_length;
extern const struct shape shape_event;
extern const struct shape shape_value; /* of a fact: any scalar */

/* Of procedures: what rules and the rest of the file share. */
extern const struct shape shape_guard;
extern const struct shape shape_fact;
extern const struct shape shape_needs;
extern const struct shape shape_warns;
extern const struct shape shape_notifies;
extern const struct shape shape_word;
extern const struct shape shape_events;
extern const struct shape shape_stages;

#endif
