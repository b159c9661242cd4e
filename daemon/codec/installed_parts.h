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
};

/* Read a file and check it; NULL where it is not there, or wrong beyond use. */
const struct node *installing_read(struct installing *installing, const struct source *source,
                                   const struct language *language, const char *key);

/* installed_channels.c */
void load_channels(struct installing *installing);
/* How a person is reached: addresses, channels in order, language. */
void load_reach(struct installing *installing, const struct node *node, struct person *person);

#endif
