#include "base/must.h"
#include "codec/layers.h"
#include "codec/procedure_yaml.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_marks(const struct problem_list *problems, const struct source *source)
{
    for (const struct problem *one = problems->first; one != NULL; one = one->next) {
        MUST(one->mark.source == source);
        MUST(one->mark.line >= 1);
        MUST(one->mark.column >= 1);
    }
}

/* What every procedure that loads must be, for the engine asks no more. */
static void check_procedure(const struct procedure *procedure)
{
    MUST(procedure->role_count <= ROLES_MAX);
    MUST(procedure->fact_count <= FACTS_MAX);
    MUST(procedure->stage_count <= STAGES_MAX);
    MUST(procedure->event_count <= EVENTS_MAX);
    MUST(procedure->stage_names.count == procedure->stage_count);
    for (uint32_t i = 0; i < procedure->clock_count; i++) {
        const struct clock *clock = &procedure->clocks[i];

        MUST(clock->owner < procedure->role_count);
        MUST(clock->slot_count <= SLOTS_MAX);
        for (uint32_t j = 0; j < clock->entry_count; j++) {
            MUST(clock->entries[j].notice < procedure->notice_count);
            MUST(!clock->entries[j].repeats || clock->entries[j].every.count > 0);
            for (uint32_t k = 0; k < clock->entries[j].to_count; k++) {
                MUST(clock->entries[j].to[k] < procedure->role_count);
            }
        }
    }
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        for (uint32_t j = 0; j < procedure->stages[i].offer_count; j++) {
            const struct offer *offer = &procedure->stages[i].offers[j];

            MUST(offer->event < procedure->event_count);
            for (uint32_t k = 0; k < offer->rule_count; k++) {
                for (uint32_t n = 0; n < offer->rules[k].to_count; n++) {
                    MUST(offer->rules[k].to[n].stage < procedure->stage_count);
                }
            }
        }
    }
}

/* Any bytes are a procedure that may stand on itself; twice read they say the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct source source = {.name = TEXT("fuzz.yaml"),
                            .bytes = {.bytes = (const char *)bytes, .size = size}};
    const struct source *sources[] = {&source};
    struct library library = {.procedures = sources, .procedure_count = 1};
    uint64_t digest = 0;

    for (uint32_t round = 0; round < 2; round++) {
        struct arena arena;
        struct problem_list problems;
        const struct procedure *procedure;

        arena_init_growing(&arena, PROCEDURE_BYTES_MAX);
        problem_list_init(&problems, &arena);
        procedure = procedure_load(&source, &library, &arena, &problems);
        MUST(!arena.spent);
        MUST((procedure == NULL) == (problems.error_count > 0));
        check_marks(&problems, &source);
        if (procedure != NULL) {
            check_procedure(procedure);
            MUST(round == 0 || digest == procedure->digest);
            digest = procedure->digest;
        }
        arena_fini(&arena);
    }
    return 0;
}
