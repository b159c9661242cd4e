#include "cli/procedure_reach.h"

#include "base/clock.h"
#include "engine/law.h"

/* Whom the reminders and ladders of a folder reach, by the people and channels it has. */

#define LEGAL_ZONE_MS ((int64_t)8 * 3600000)

/* A folder as the daemon would have it; NULL, with the problems: it would not. */
static const struct law *law_of(const struct config *config, struct arena *arena,
                                struct problem_list *problems)
{
    struct law_file *files = arena_take_zeroed(arena, config->file_count, sizeof(*files));
    uint32_t count = 0;

    for (uint32_t i = 0; files != NULL && i < config->file_count; i++) {
        struct source *source = arena_take(arena, sizeof(*source));

        if (source == NULL) {
            return NULL;
        }
        source->name = config->files[i].path;
        source->bytes = config->files[i].source->bytes;
        files[count] = (struct law_file){
            .name = law_name(source, arena), .source = *source, .number = i + 1};
        count += text_empty(files[count].name) ? 0 : 1;
    }
    return files == NULL ? NULL : law_make(files, count, arena, problems);
}

bool procedure_reach(const struct config *config, struct arena *arena, void *context,
                     void (*on_gap)(void *context, const struct gap *gap),
                     struct problem_list *problems)
{
    const struct law *law = law_of(config, arena, problems);

    return law != NULL &&
           law_gaps(law, date_of_instant(clock_wall_ms(), LEGAL_ZONE_MS), context, on_gap);
}
