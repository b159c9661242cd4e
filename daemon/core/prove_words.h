#ifndef DUBAN_CORE_PROVE_WORDS_H
#define DUBAN_CORE_PROVE_WORDS_H

/* What proofs say when they fail, in both languages. For the files of the prover. */
#include "core/problem.h"

extern const struct message proof_unreachable_stage;
extern const struct message proof_no_way_out;
extern const struct message proof_opens_nowhere;
extern const struct message proof_asleep;
extern const struct message proof_window_asleep;
extern const struct message proof_taken_together;
extern const struct message proof_duty_unmet;
extern const struct message proof_never_closes;
extern const struct message proof_window_untaken;
extern const struct message proof_no_receiver;
extern const struct message proof_no_hand;
extern const struct message proof_no_value;
extern const struct message proof_private_brief;
extern const struct message proof_not_for;
extern const struct message proof_left_out;
extern const struct message proof_rule_impossible;
extern const struct message proof_rule_shadowed;
extern const struct message proof_rule_never;
extern const struct message proof_rule_gap;
extern const struct message proof_branch_impossible;
extern const struct message proof_branch_shadowed;
extern const struct message proof_branch_never;
extern const struct message proof_branch_gap;
extern const struct message proof_not_total;
extern const struct message proof_start_unset;
extern const struct message proof_late_report;
extern const struct message proof_chain_outside;
extern const struct message proof_not_outliving;
extern const struct message proof_final_leads_back;
extern const struct message proof_closed_at_once;
extern const struct message proof_never_runs;
extern const struct message proof_strict_law;
extern const struct message proof_strict_words;
extern const struct message proof_errand_no_procedure;
extern const struct message proof_errand_no_event;
extern const struct message proof_errand_no_role;
extern const struct message proof_errand_nobody;
extern const struct message proof_errand_no_fact;
extern const struct message proof_errand_type;
extern const struct message proof_errand_private;
extern const struct message proof_errand_no_rule;
extern const struct message proof_errand_round;
extern const struct message proof_too_many;
extern const struct message proof_too_large;
extern const struct message proof_no_room;

#endif
