#include "codec/embedded.h"

bool embedded_find(struct text name, struct text *bytes)
{
    for (uint32_t i = 0; i < embedded_file_count; i++) {
        if (text_equal(embedded_files[i].name, name)) {
            *bytes = embedded_files[i].bytes;
            return true;
        }
    }
    return false;
}
