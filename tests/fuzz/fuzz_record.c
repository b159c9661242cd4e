#include "base/must.h"
#include "codec/pack.h"
#include "codec/record.h"

#include <stddef.h>
#include <stdint.h>

enum { FRONT_BYTES = 5, INPUT_BYTES_MAX = 64 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Behind a true checksum any bytes are read or refused; what is read is written again, and that
 * is read as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint8_t memory[8 << 20];
    static uint8_t input[INPUT_BYTES_MAX + FRONT_BYTES];
    static uint8_t once_room[1 << 20];
    static uint8_t twice_room[1 << 20];
    struct record record;
    struct arena arena;
    struct packer packer;
    struct bytes once;
    struct bytes twice;

    if (size > INPUT_BYTES_MAX) {
        return 0;
    }
    pack_init(&packer, input, sizeof(input));
    pack_byte(&packer, RECORD_VERSION);
    pack_u32(&packer, crc32c((struct bytes){.at = bytes, .size = size}));
    pack_raw(&packer, (struct bytes){.at = bytes, .size = size});
    arena_init_over(&arena, memory, sizeof(memory));
    if (record_decode(packed(&packer), &arena, &record) != STATUS_OK) {
        return 0;
    }
    MUST(record_encode(&record, once_room, sizeof(once_room), &once) == STATUS_OK);
    MUST(record_decode(once, &arena, &record) == STATUS_OK);
    MUST(record_encode(&record, twice_room, sizeof(twice_room), &twice) == STATUS_OK);
    MUST(bytes_equal(once, twice));
    return 0;
}
