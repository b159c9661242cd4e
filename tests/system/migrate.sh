#!/bin/sh
# duban procedure migrate at the real daemon: a dry run changes nothing, the real one leaves a record
# for each case, what cannot go is listed with why, and begun anew it goes on with what is left.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
today=$(TZ=Asia/Shanghai date +%Y-%m-%d)
at=${today}T00:01

config=$work/config
mkdir -p "$config"
cp -r "$SOURCE/config/." "$config"
# The new version: a clock and a stage have other names, and a fact is no more.
sed -e 's/^version: 1/version: 2/' -e 's/^from: .*/from: 2099-01-01/' \
    -e 's/correcting/mending/g' -e 's/clock\.correct\b/clock.mend/g' -e 's/{correct: event/{mend: event/' \
    -e 's/start: \[correct\]/start: [mend]/' -e 's/^  correct:$/  mend:/' \
    -e 's/^facts:$/migrates: {stages: {correcting: mending}, clocks: {correct: mend}}\nfacts:/' \
    "$SOURCE/config/procedures/minor.yaml" >"$config/procedures/minor2.yaml"
"$DUBAN" procedure check "$config/procedures/minor2.yaml" >/dev/null || {
    "$DUBAN" procedure check "$config/procedures/minor2.yaml"
    fails=$((fails + 1))
}

daemon_start
DUBAN_BY=wang/officer
export DUBAN_BY
"$DUBAN" install "$config" --reason 'second version' >/dev/null || fails=$((fails + 1))
for case in 1 2 3; do
    "$DUBAN" send gulou/M-$case case.filed --procedure minor --unit squad1 --at "$at" >/dev/null || fails=$((fails + 1))
done
"$DUBAN" send gulou/M-1 order.served --with zhao --set minor=true --set give=10d \
    --document 责令改正通知书 --at "$at" >/dev/null || fails=$((fails + 1))

said=$("$DUBAN" procedure migrate minor@1 minor@9 2>&1)
same 'no such version' 1 $?
like 'no such version' "$said" 'not installed'
said=$("$DUBAN" procedure migrate minor@1 minor@1 2>&1)
same 'the same' 1 $?

before=$("$DUBAN" status -o json | sed 's/.*"seq": *\([0-9]*\).*/\1/')
said=$("$DUBAN" procedure migrate minor@1 minor@2 --dry-run 2>&1)
same 'dry run' 0 $?
like 'dry run' "$said" '^would go over: 3, would stay: 0$'
same 'dry run records nothing' "$before" "$("$DUBAN" status -o json | sed 's/.*"seq": *\([0-9]*\).*/\1/')"

said=$("$DUBAN" procedure migrate minor@1 minor@2 --reason '新程序施行' 2>&1)
same 'migrated' 0 $?
like 'migrated' "$said" '^gone over: 3, stayed: 0$'
said=$("$DUBAN" --lang zh procedure migrate minor@1 minor@2 2>&1)
same 'again' 0 $?
like 'again' "$said" '^已转入 0 件，保留 0 件$'

# The case goes on under the new names; its file says who took it over, and why.
said=$("$DUBAN" why gulou/M-1 -o json 2>&1)
like 'why' "$said" '"mending"'
like 'why' "$said" '"mend"'
said=$("$DUBAN" log gulou/M-1 -o json 2>&1)
like 'log' "$said" '"migrated"'
like 'log' "$said" '新程序施行'
# And before that it stood as the old version says, in its words.
then=$("$DUBAN" log gulou/M-1 -o json | python3 -c '
import json, sys
records = json.load(sys.stdin)["records"]
print(records[[record["kind"] for record in records].index("migrated") - 1]["at"])')
said=$("$DUBAN" log gulou/M-1 --at "$then" -o json 2>&1)
like 'as it stood' "$said" '"version":1,.*"stage":"correcting","stage_zh":"改正中"'
like 'as it stood' "$said" '"clock":"correct",'
"$DUBAN" send gulou/M-1 recheck.done --with zhao --set harm=false --set "corrected_on=$today" --at "$at" >/dev/null
same 'goes on' 0 $?

# Back is a version like any other; what the old one has not stays, with why.
said=$("$DUBAN" procedure migrate minor@2 minor@1 2>&1)
same 'back' 0 $?
like 'back' "$said" '^gone over: 2, stayed: 0$'
"$DUBAN" procedure migrate minor@1 minor@2 >/dev/null
"$DUBAN" send gulou/M-2 order.served --with zhao --set minor=true --set give=10d \
    --document 责令改正通知书 --at "$at" >/dev/null || fails=$((fails + 1))
said=$("$DUBAN" procedure migrate minor@2 minor@1 2>&1)
same 'one stays' 3 $?
like 'one stays' "$said" '^gulou/M-2$'
like 'one stays' "$said" '^  no_stage: there is no such stage: mending$'
like 'one stays' "$said" '^gone over: 1, stayed: 1$'

daemon_stop
exit "$fails"
