#ifndef DUBAN_CONTRACT_KEYRING_CONTRACT_H
#define DUBAN_CONTRACT_KEYRING_CONTRACT_H

/* What every maker of keyring.h must do. A crash closes and opens again what the maker keeps. */
#include "store/keyring.h"

struct keyring_makers {
    struct keyring *(*open)(void); /* an empty one */
    struct keyring *(*crash)(struct keyring *keyring);
};

void contract_a_key_stays_what_it_was(const struct keyring_makers *makers);
void contract_a_destroyed_key_never_comes_back(const struct keyring_makers *makers);
void contract_keys_of_days_go_with_their_time(const struct keyring_makers *makers);

#endif
