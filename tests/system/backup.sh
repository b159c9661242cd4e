#!/bin/sh
# duban backup, backup verify, restore and release: a copy taken beside a daemon's work, or of a
# stopped store; every kind of damage to it; the store that is made of it, which is a generation of
# its own and does nothing by itself that may have been done already.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
now_ms=$(($(date +%s) * 1000))
day=86400000
DUBAN_BY=wang/officer
export DUBAN_BY
data=$work/data
backup=$work/backup
printf 'an order' >"$work/order.pdf"

# on DAYS: the date so many days before today.
on()
{
    TZ=Asia/Shanghai date -d "-$1 days" +%Y-%m-%d
}

# case_opened NUMBER DAYS: filed that day, and an order served: ten days to correct.
case_opened()
{
    at=$(on "$2")T00:01
    { "$DUBAN" send "gulou/K-$1" case.filed --procedure minor --unit squad1 --at "$at" --id "f$1" &&
        said=$("$DUBAN" send "gulou/K-$1" order.served --with zhao --set minor=true --set give=10d \
            --document "责令改正通知书=$work/order.pdf" --at "$at" --id "o$1" -o json); } >"$work/said" 2>&1 ||
        { echo "K-$1 was refused:"; cat "$work/said"; fails=$((fails + 1)); }
}

# says WHAT CODE PATTERN ARGUMENT…: duban with its exit code and words.
says()
{
    what=$1
    code=$2
    pattern=$3
    shift 3
    said=$("$DUBAN" "$@" 2>&1)
    same "$what: exit" "$code" $?
    like "$what" "$said" "$pattern"
}

# field JSON NAME: a number or a word of it.
field()
{
    printf '%s' "$1" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$2"
}

# The daemon lives twenty days ago.
daemon_start --clock "$((now_ms - 20 * day)),$now_ms,1"
case_opened 1 20
case_opened 2 20
says 'nowhere' 1 'no backup was made at' backup "$work/no/such/folder"
says 'a backup wants a folder' 2 'name a folder' backup
says 'one that is there' 1 'no backup was made at' backup "$work"
says 'taken' 0 '^up to  *[0-9]*:' backup "$backup" --reason nightly
mode=$(stat -c %a "$backup")
same 'for its user alone' 700 "$mode"
says 'not over another' 1 'no backup was made at' backup "$backup"
says 'status knows' 0 '"state": *"failed"' status -o json
case_opened 3 20
case_opened 4 20
said=$("$DUBAN" status -o json)
same 'one generation' 1 "$(field "$said" generation)"
daemon_stop

says 'verified' 0 '^verified ' backup verify "$backup"
says '查验' 0 '^查验通过' backup verify "$backup" --lang zh
says 'as an audit has it' 0 '^verified ' audit verify --store "$backup"
says 'no backup' 1 'it has no MANIFEST' backup verify "$data"
if "${DUBAN}d" --data "$backup" --run "$DUBAN_RUN" 2>"$work/refused"; then
    echo 'a daemon served a backup'
    fails=$((fails + 1))
fi
like 'nobody serves a backup' "$(cat "$work/refused")" 'it is a backup'

# Damage of every kind is told, and nothing is restored of it.
for file in "$backup"/*; do
    rm -rf "$work/bad"
    cp -r "$backup" "$work/bad"
    python3 - "$work/bad/${file##*/}" <<'PY'
import sys
with open(sys.argv[1], "r+b") as file:
    data = file.read()
    file.seek(len(data) // 2)
    file.write(bytes([data[len(data) // 2] ^ 1]))
PY
    says "a byte of ${file##*/}" 1 'Take another backup' backup verify "$work/bad"
    says "a byte of ${file##*/}" 1 'Take another backup' restore "$work/bad" --store "$work/none" --reason test
    rm "$work/bad/${file##*/}"
    says "without ${file##*/}" 1 '\(is missing\|no MANIFEST\)' backup verify "$work/bad"
done
rm -rf "$work/bad"
cp -r "$backup" "$work/bad"
cp "$backup"/*1.journal "$work/bad/00000000000000000099.journal"
says 'a segment too many' 1 'is not in the MANIFEST' backup verify "$work/bad"
[ ! -e "$work/none" ] || { echo 'something was restored of damage'; fails=$((fails + 1)); }

# Of a stopped store; relative paths are the user's own.
cd "$work" || exit 1
says 'of a stopped store' 0 '^up to ' backup stopped --store "$data"
says 'of a stopped store' 0 '^verified ' backup verify stopped
says 'of none' 4 'no store in' backup other --store "$work/none"
says 'verify of none' 4 'no store in' backup verify "$work/none"

# Restored today: the record, the hold, the generation.
says 'a reason is wanted' 2 'and why' restore "$backup" --store "$work/again"
says 'restored' 0 '^generation  *2$' restore "$backup" --store "$work/again" --reason 'the disk failed'
records=$(printf '%s\n' "$said" | sed -n 's/^backup up to *//p')
held=$(printf '%s\n' "$said" | sed -n 's/^on hold *//p')
same 'two cases were due' 2 "$held"
like 'what next' "$said" 'duban release --restored --all'
audited "$work/again"
says 'not over another store' 1 'is not empty' restore "$backup" --store "$work/again" --reason test
touch "$work/again/restoring"
timeout 60 "${DUBAN}d" --data "$work/again" --run "$DUBAN_RUN" 2>"$work/refused"
same 'half of a restore is nobodys store' 1 $?
like 'half of a restore' "$(cat "$work/refused")" 'a restore into it was not finished'
rm "$work/again/restoring"
says 'restored once more' 2 'no number later than 1' restore "$backup" --store "$work/third" --generation 1 --reason x
says 'restored once more' 0 '^generation  *7$' restore "$backup" --store "$work/third" --generation 7 --reason x

# It serves: nothing fires by itself, receipts bear the generation, what is sent again is taken.
rm -rf "$data"
mv "$work/again" "$data"
daemon_start
case_opened 3 0
same 'the receipt says which generation' 2 "$(field "$said" generation)"
said=$("$DUBAN" status -o json)
same 'the status too' 2 "$(field "$said" generation)"
same 'nothing fired' "$held" "$(field "$said" held)"
same 'nothing but the restore and the event' "$((records + 3))" "$(field "$said" seq)"
says 'held' 0 '^on hold  *2 ' status
says 'release what' 2 'say what goes on' release --restored --reason test
says 'release why' 2 'and why' release --restored --all
says 'nothing of that' 1 'nothing of that is on hold' release --restored gulou/K-3 --reason test
says 'one case' 0 '^on hold  *1$' release --restored gulou/K-1 --reason 'asked the gateway'
says 'no agency' 1 'nothing of that is on hold' release --restored --agency minor --reason test
says 'all of it' 0 '^released ' release --restored --all --reason 'checked'
for _ in $(seq 100); do
    said=$("$DUBAN" status -o json)
    [ "$(field "$said" held)" != 0 ] || break
done
same 'all fired' 0 "$(field "$said" held)"
[ "$(field "$said" seq)" -ge $((records + 8)) ] || { echo "too few fired: $said"; fails=$((fails + 1)); }
daemon_kill
audited
daemon_start
says 'the hold is over' 1 'nothing of that is on hold' release --restored --all --reason test
daemon_stop

exit $((fails > 0))
