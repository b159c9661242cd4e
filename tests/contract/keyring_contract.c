#include "contract/keyring_contract.h"

#include "lib/check.h"

#include <string.h>

static bool same_key(const struct seal_key *a, const struct seal_key *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void contract_a_key_stays_what_it_was(const struct keyring_makers *makers)
{
    static const uint64_t numbers[] = {1, 2, 3, 1024, 1025, 5000};
    enum { COUNT = sizeof(numbers) / sizeof(numbers[0]) };
    struct keyring *keyring = makers->open();
    struct seal_key keys[COUNT];
    struct seal_key again;

    CHECK(keyring_find(keyring, KEY_OF_CASE, 4000000, &again) == STATUS_NOT_FOUND);
    for (int i = 0; i < COUNT; i++) {
        CHECK(keyring_make(keyring, KEY_OF_CASE, numbers[i], &keys[i]) == STATUS_OK);
        for (int j = 0; j < i; j++) {
            CHECK(!same_key(&keys[i], &keys[j]));
        }
    }
    /* A key was durable when it was made. */
    keyring = makers->crash(keyring);
    for (int i = 0; i < COUNT; i++) {
        CHECK(keyring_find(keyring, KEY_OF_CASE, numbers[i], &again) == STATUS_OK);
        CHECK(same_key(&again, &keys[i]));
        CHECK(keyring_make(keyring, KEY_OF_CASE, numbers[i], &again) == STATUS_OK);
        CHECK(same_key(&again, &keys[i]));
    }
    CHECK(keyring_status(keyring) == STATUS_OK);
    keyring_close(keyring);
}

void contract_a_destroyed_key_never_comes_back(const struct keyring_makers *makers)
{
    struct keyring *keyring = makers->open();
    struct seal_key key;
    struct seal_key other;
    struct seal_key again;

    CHECK(keyring_make(keyring, KEY_OF_CASE, 7, &key) == STATUS_OK);
    CHECK(keyring_make(keyring, KEY_OF_CASE, 8, &other) == STATUS_OK);
    CHECK(keyring_destroy(keyring, 7) == STATUS_OK);
    CHECK(keyring_destroy(keyring, 9000) == STATUS_OK); /* there was none */
    for (int round = 0; round < 2; round++) {
        CHECK(keyring_find(keyring, KEY_OF_CASE, 7, &again) == STATUS_NOT_FOUND);
        CHECK(keyring_make(keyring, KEY_OF_CASE, 7, &again) == STATUS_REFUSED);
        CHECK(keyring_make(keyring, KEY_OF_CASE, 9000, &again) == STATUS_REFUSED);
        CHECK(keyring_make(keyring, KEY_OF_CASE, 9001, &again) == STATUS_OK);
        CHECK(keyring_find(keyring, KEY_OF_CASE, 8, &again) == STATUS_OK);
        CHECK(same_key(&again, &other));
        keyring = makers->crash(keyring);
    }
    keyring_close(keyring);
}

void contract_keys_of_days_go_with_their_time(const struct keyring_makers *makers)
{
    enum { FIRST = 20000, COUNT = 40 };
    struct keyring *keyring = makers->open();
    struct seal_key keys[COUNT];
    struct seal_key again;

    for (uint64_t i = 0; i < COUNT; i++) {
        CHECK(keyring_make(keyring, KEY_OF_DAY, FIRST + i, &keys[i]) == STATUS_OK);
    }
    CHECK(keyring_make(keyring, KEY_OF_CASE, FIRST, &again) == STATUS_OK);
    CHECK(!same_key(&again, &keys[0]));
    CHECK(keyring_destroy_days(keyring, FIRST + 10) == STATUS_OK);
    keyring = makers->crash(keyring);
    for (uint64_t i = 0; i < COUNT; i++) {
        enum status status = keyring_find(keyring, KEY_OF_DAY, FIRST + i, &again);

        CHECK(status == (i < 10 ? STATUS_NOT_FOUND : STATUS_OK));
        CHECK(i < 10 || same_key(&again, &keys[i]));
    }
    CHECK(keyring_find(keyring, KEY_OF_DAY, FIRST + KEYRING_DAYS + 20, &again) ==
          STATUS_NOT_FOUND);
    CHECK(keyring_find(keyring, KEY_OF_CASE, FIRST, &again) == STATUS_OK);
    keyring_close(keyring);
}
