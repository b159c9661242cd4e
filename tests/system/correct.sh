#!/bin/sh
# duban correct: a wrong fact, a wrong start, a wrong stage are put right by an act with ground and
# approver; what follows from them is derived anew, and old and new stand side by side.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
DUBAN_BY=wang/officer
DUBAN_AGENCY=gulou
export DUBAN_BY DUBAN_AGENCY
printf 'approved' >"$work/approval.pdf"
daemon_start --clock "1782000000000,$(($(date +%s) * 1000)),1" # 2026-06-21T08:00, a Sunday

"$DUBAN" send K-1 case.filed --procedure minor --unit squad1 --at 2026-06-20T09:00 >/dev/null
said=$("$DUBAN" send K-1 order.served --with zhao --set minor=true --set give=10d \
    --document 责令改正通知书 --at 2026-06-20T10:00 2>&1)
like 'served' "$said" '^next due   2026-06-30 Tue workday$'

# Without ground, without anything, with half of it: nothing is sent.
for words in '--fact give=20d' '--ground 笔误 --approver sun' '--started 2026-06-19 --ground x --approver sun' \
    '--clock correct --ground x --approver sun' '--fact give --ground x --approver sun'; do
    # shellcheck disable=SC2086 # words are wanted
    "$DUBAN" correct K-1 $words >"$work/said" 2>&1
    same "$words" 2 $?
done

# The clock that ran by a wrong fact runs by the right one: 20 days end on a Friday.
said=$("$DUBAN" correct K-1 --fact give=20d --fact fine=1000.00 --ground 笔误 --approver sun \
    --approval "$work/approval.pdf" --at 2026-06-21T08:00 2>&1)
same 'a fact' 0 $?
like 'a fact' "$said" '^next due   2026-07-10 Fri workday$'
said=$("$DUBAN" correct K-1 --clock correct --started 2026-06-10T10:00 --ground 误记 --approver sun \
    --at 2026-06-21T08:00 2>&1)
same 'a start' 0 $?
like 'a start' "$said" '^next due   2026-06-30 Tue workday$'
said=$("$DUBAN" correct K-1 --clock correct --pauses '2026-06-12T09:00..2026-06-14T09:00' --ground 漏记中止 \
    --approver sun --at 2026-06-21T08:00 2>&1)
same 'a pause' 0 $?
like 'a pause' "$said" '^next due   2026-07-0[1-3] '

# Refused, with its reasons.
said=$("$DUBAN" correct K-1 --clock recheck --ended none --ground x --approver sun --at 2026-06-21T08:00 2>&1)
same 'no such clock' 1 $?
like 'no such clock' "$said" '^  no_clock: '
said=$("$DUBAN" correct K-1 --fact give=soon --stage nowhere --ground x --approver sun --at 2026-06-21T08:00 2>&1)
same 'bad values' 1 $?
like 'bad values' "$said" '^  bad_value: '
like 'bad values' "$said" '^  no_stage: '

# A case may not be left waiting for nothing; the clock's end and the stage go together.
said=$("$DUBAN" correct K-1 --clock correct --ended 2026-06-20T15:00 --ground 漏记 --approver sun \
    --at 2026-06-21T08:00 2>&1)
same 'an end' 1 $?
like 'an end' "$said" '^  stranded: '
said=$("$DUBAN" correct K-1 --clock correct --ended 2026-06-20T15:00 --stage filed --ground 误办 \
    --approver sun --at 2026-06-21T08:00 2>&1)
same 'a stage' 0 $?
like 'a stage' "$said" '^stage      filed$'
case $said in *'next due'*) echo "an ended clock has a limit: $said"; fails=$((fails + 1)) ;; esac
said=$("$DUBAN" correct K-1 --clock correct --ended 2026-06-20T15:00 --stage filed --ground 误办 \
    --approver sun --at 2026-06-21T08:00 2>&1)
like 'said again' "$said" '^taken before (applied)'

# Old and new in the record, with ground and approver.
for words in '10d → 20d' '- → 1000.00' 'correcting → filed' \
    'running 2026-06-20T10:00:00+08:00.. until 2026-07-10 → running 2026-06-10T10:00:00+08:00.. until 2026-06-30' \
    '→ met 2026-06-10T10:00:00+08:00..2026-06-20T15:00:00+08:00' 误记; do
    grep -raqe "$words" "$work/data" || { echo "not in the journal: $words"; fails=$((fails + 1)); }
done
said=$("$DUBAN" --lang en log K-1 2>&1)
like 'the log' "$said" 'ground: 误记'
like 'the log' "$said" 'approved by: sun'
daemon_stop
exit $((fails > 0))
