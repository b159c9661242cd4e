#ifndef DUBAN_CONTRACT_STORE_CONTRACT_H
#define DUBAN_CONTRACT_STORE_CONTRACT_H

/*
 * What every maker of store.h and journal.h must do. A maker's test gives the doors; a crash
 * closes and opens again whatever the maker keeps.
 */
#include "store/journal.h"
#include "store/snapshot.h"

struct makers {
    struct store *(*open_store)(void);
    struct journal *(*open_journal)(void);
    /* What a power cut does; the answer is the store as it stands afterwards. */
    struct store *(*crash_store)(struct store *store);
    struct journal *(*crash_journal)(struct journal *journal);
};

void contract_rows_come_in_the_order_of_their_keys(const struct makers *makers);
void contract_a_write_is_seen_at_once(const struct makers *makers);
void contract_tables_do_not_mix(const struct makers *makers);
void contract_a_crash_takes_back_what_was_not_committed(const struct makers *makers);
void contract_what_is_abandoned_is_forgotten(const struct makers *makers);
void contract_hashes_are_the_readers_own(const struct makers *makers);
void contract_random_writes_agree_with_a_plain_list(const struct makers *makers);
void contract_records_are_numbered_from_one(const struct makers *makers);
void contract_a_crash_takes_back_what_was_not_flushed(const struct makers *makers);
void contract_the_largest_key_value_and_record_fit(const struct makers *makers);

/* reading_contract.c: what readers beside the writer see. */
void contract_a_snapshot_stays_as_it_was_taken(const struct makers *makers);
void contract_snapshots_are_counted(const struct makers *makers);
void contract_a_reader_sees_what_was_flushed_alone(const struct makers *makers);
void contract_a_readers_hashes_tell_changed_histories(const struct makers *makers);
void contract_readers_beside_a_writer_see_whole_commits(const struct makers *makers);

#endif
