#ifndef DUBAN_CODEC_INSTALLED_PARTS_H
#define DUBAN_CODEC_INSTALLED_PARTS_H

/* What the readers of installed files share. Only installed_*.c include this. */
#include "codec/installed_yaml.h"
#include "codec/language.h"
#include "codec/load.h"

/* What is being made, writable. */
struct installing {
    struct loader leaves; /* for load_value.c: arena, problems */
    const struct installed_files *files;
    struct installed *made;
    struct agency *agencies;
    struct person *people;
    struct holding *holdings;
    struct deputy *deputies;
    struct leave *leaves_of;
};

/* Read a file and check it; NULL where it is not there, or wrong beyond use. */
const struct node *installing_read(struct installing *installing, const struct source *source,
                                   const struct language *language, const char *key);

/* The agency that a node names; NO_AGENCY, told: there is none. */
uint16_t find_agency(struct installing *installing, const struct node *node);
/* Both ends may be open; the second lies not before the first. */
void check_span(struct installing *installing, const struct node *node, int32_t from,
                int32_t to);
/* Into a struct hours. */
void load_hours(struct loader *loader, const struct node *node, void *field);

/* installed_people.c: people.yaml, and the deputies that operators named */
void load_people(struct installing *installing);

/* installed_channels.c */
void load_channels(struct installing *installing);
/* How a person is reached: addresses, channels in order, language. */
void load_reach(struct installing *installing, const struct node *node, struct person *person);

#endif
