#ifndef DUBAN_CODEC_JOB_PACK_H
#define DUBAN_CODEC_JOB_PACK_H

/* What records say of jobs. Only record.c and its tests include this. */
#include "codec/job.h"
#include "codec/pack.h"

void job_report_pack(struct packer *packer, const struct job_report *report);
void job_report_unpack(struct unpacker *unpacker, struct job_report *report);

void job_changes_pack(struct packer *packer, const struct job_change *changes, uint32_t count);
/* The answer is how many. */
uint32_t job_changes_unpack(struct unpacker *unpacker, struct arena *arena,
                            const struct job_change **changes);

#endif
