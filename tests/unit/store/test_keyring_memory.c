#include "contract/keyring_contract.h"
#include "lib/check.h"
#include "store/store_memory.h"

/* It has nothing that is not durable. */
static struct keyring *crash(struct keyring *keyring)
{
    return keyring;
}

static const struct keyring_makers makers = {.open = keyring_memory_open, .crash = crash};

#define CONTRACT(name)            \
    static void name(void)        \
    {                             \
        contract_##name(&makers); \
    }

CONTRACT(a_key_stays_what_it_was)
CONTRACT(a_destroyed_key_never_comes_back)
CONTRACT(keys_of_days_go_with_their_time)

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_key_stays_what_it_was),
        TEST(a_destroyed_key_never_comes_back),
        TEST(keys_of_days_go_with_their_time),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
