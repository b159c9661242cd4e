#include "base/must.h"
#include "codec/installed_yaml.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_installed(const struct installed *installed)
{
    for (uint32_t i = 0; i < installed->agency_count; i++) {
        MUST(installed->agencies[i].office.calendar != NULL);
        MUST(installed->agencies[i].parent == NO_AGENCY ||
             installed->agencies[i].parent < installed->agency_count);
    }
    for (uint32_t i = 0; i < installed->holding_count; i++) {
        MUST(installed->holdings[i].person < installed->person_count);
        MUST(installed->holdings[i].agency < installed->agency_count);
    }
    for (uint32_t i = 0; i < installed->deputy_count; i++) {
        MUST(installed->deputies[i].deputy < installed->person_count);
    }
    for (uint32_t i = 0; i < installed->registry_count; i++) {
        const struct registry *registry = &installed->registries[i];

        for (uint32_t j = 0; j < registry->row_count; j++) {
            const struct registry_row *row = &registry->rows[j];
            int32_t date = row->from == DATE_NONE ? row->to : row->from;

            MUST(registry_find(registry, row->cells[0].text, date) != NULL);
        }
    }
}

/* Built once: it is a table over all years. */
static const struct calendar *calendar(void)
{
    static struct arena arena;
    static const struct calendar *built;

    if (built == NULL) {
        arena_init_growing(&arena, (size_t)16 << 20);
        built = calendar_build(&arena, TEXT("cn"), TEXT("1"), NULL, NULL, 0);
    }
    return built;
}

/* The first byte says what the rest is: agencies and people in one file's bytes, or a register. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct text rest = {(const char *)bytes + 1, size - 1};
    struct source source = {.name = TEXT("registers/fuzz.csv"), .bytes = rest};
    const struct source *registers[] = {&source};
    const struct calendar *calendars[1];
    struct installed_files files = {.calendars = calendars, .calendar_count = 1};
    struct source agencies = {.name = TEXT("agencies.yaml"),
                              .bytes = TEXT("agencies: {a: {}, b: {parent: a}}\n")};
    struct problem_list problems;
    struct arena arena;

    if (size == 0) {
        return 0;
    }
    arena_init_growing(&arena, (size_t)64 << 20);
    problem_list_init(&problems, &arena);
    calendars[0] = calendar();
    files.agencies = bytes[0] % 3 == 0 ? &source : &agencies;
    files.people = bytes[0] % 3 == 1 ? &source : NULL;
    files.registers = registers;
    files.register_count = bytes[0] % 3 == 2;

    const struct installed *installed = installed_load(&files, &arena, &problems);

    MUST(!arena.spent);
    MUST((installed == NULL) == (problems.error_count > 0));
    if (installed != NULL) {
        check_installed(installed);
    }
    arena_fini(&arena);
    return 0;
}
