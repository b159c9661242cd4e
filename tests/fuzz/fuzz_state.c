#include "base/must.h"
#include "codec/state.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const struct text choice_names[] = {TEXT_INIT("a"), TEXT_INIT("b")};
static const struct fact facts[] = {
    {.type = VALUE_FLAG},
    {.type = VALUE_TEXT},
    {.type = VALUE_DATE},
    {.type = VALUE_LENGTH},
    {.type = VALUE_CHOICE, .choices = {.names = choice_names, .count = 2}},
    {.type = VALUE_SET, .choices = {.names = choice_names, .count = 2}},
};
static const struct clock clocks[] = {{.per = NO_INDEX}, {.per = 1}};
static const struct stage stages[3];
static const struct role roles[2];
static const struct ground grounds[1];
static const struct event_name events[2];
static const struct procedure procedure = {
    .facts = facts,
    .fact_count = 6,
    .clocks = clocks,
    .clock_count = 2,
    .stages = stages,
    .stage_count = 3,
    .roles = roles,
    .role_count = 2,
    .grounds = grounds,
    .ground_count = 1,
    .events = events,
    .event_count = 2,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Behind a true checksum any bytes are read or refused; what is read can be written, and is then
 * read as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint8_t memory[1 << 20];
    static uint8_t input[STATE_BYTES_MAX + STATE_FRONT_BYTES];
    static uint8_t once_room[2 * STATE_BYTES_MAX];
    static uint8_t twice_room[2 * STATE_BYTES_MAX];
    struct case_state state;
    struct arena arena;
    struct bytes once;
    struct bytes twice;

    if (size > STATE_BYTES_MAX) {
        return 0;
    }
    memcpy(input + STATE_FRONT_BYTES, bytes, size);
    state_seal(input, size);
    arena_init_over(&arena, memory, sizeof(memory));
    if (state_decode((struct bytes){.at = input, .size = size + STATE_FRONT_BYTES}, &procedure,
                     &arena, &state) != STATUS_OK) {
        return 0;
    }
    MUST(state_encode(&procedure, &state, once_room, sizeof(once_room), &once) == STATUS_OK);
    MUST(state_decode(once, &procedure, &arena, &state) == STATUS_OK);
    MUST(state_encode(&procedure, &state, twice_room, sizeof(twice_room), &twice) == STATUS_OK);
    MUST(bytes_equal(once, twice));
    return 0;
}
