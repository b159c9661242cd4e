#include "engine/law.h"

#include "base/must.h"
#include "codec/calendar_csv.h"
#include "codec/procedure_yaml.h"

#include <string.h>

const struct procedure *law_procedure(const struct law *law, uint32_t number)
{
    for (uint32_t i = 0; i < law->procedure_count; i++) {
        if (law->procedures[i].number == number) {
            return law->procedures[i].procedure;
        }
    }
    return NULL;
}

const struct law_procedure *law_in_force(const struct law *law, struct text name, int32_t date)
{
    const struct law_procedure *best = NULL;

    for (uint32_t i = 0; i < law->procedure_count; i++) {
        const struct procedure *procedure = law->procedures[i].procedure;

        if (procedure->layer || procedure->from > date || !text_equal(procedure->name, name)) {
            continue;
        }
        if (best == NULL || procedure->from > best->procedure->from ||
            (procedure->from == best->procedure->from &&
             procedure->version > best->procedure->version)) {
            best = &law->procedures[i];
        }
    }
    return best;
}
