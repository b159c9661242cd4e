#ifndef DUBAN_CODEC_SUBMISSION_H
#define DUBAN_CODEC_SUBMISSION_H

/* A submission within a record. */
#include "codec/pack.h"
#include "codec/record.h"

void submission_pack(struct packer *packer, const struct submission *submission);
void submission_unpack(struct unpacker *unpacker, struct arena *arena,
                       struct submission *submission);
/* Of it, the facts alone. */
void submission_pack_facts(struct packer *packer, const struct event *event);
void submission_unpack_facts(struct unpacker *unpacker, struct arena *arena,
                             struct event *event);

#endif
