#!/bin/sh
# duban import: open cases of an older system with their history. They stand as cases that were lived
# day by day; nobody is told of the past; the same file twice is the same as once.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
DUBAN_AGENCY=gulou
export DUBAN_AGENCY
file=$SOURCE/docs/reference/example/open.jsonl
second=$(($(date +%s) * 1000))
later=1773968200000 # 2026-03-20T09:00

# clocks CASE: its clocks, as `why` tells them.
clocks()
{
    "$DUBAN" why "$1" -o json | python3 -c '
import json, sys
answer = json.load(sys.stdin)
names = ("clock", "instance", "state", "started", "last_day", "due")
case = answer["case"]
print(case["stage"], case["revision"])
for clock in case["clocks"]:
    print(*[clock.get(name) for name in names])'
}

# Lived: at two and a third days a second. The clock begins when the daemon has had time to start.
begin=1767571200000 # 2026-01-05T08:00
since=$((second + 8000))
daemon_start --clock "$begin,$since,200000"
"$SOURCE/tests/system/import/live.py" "$file" "$begin" "$since" 200000 || fails=$((fails + 1))
daemon_stop
daemon_start --clock "$later,$second,1"
for name in OLD-1 OLD-2; do
    clocks "$name" >"$work/lived.$name"
done
daemon_stop
rm -rf "$work/data"

# Imported: a dry run keeps nothing; then the real one; then again.
daemon_start --clock "$later,$second,1"
said=$("$DUBAN" import "$file" --dry-run 2>&1)
same 'a dry run' 0 $?
like 'a dry run' "$said" '^nothing was kept; cases 3: imported 3 with events 7, imported before 0, refused 0$'
"$DUBAN" why OLD-1 >/dev/null 2>&1
same 'it was only a try' 1 $?
"$DUBAN" import "$file" >/dev/null 2>&1
same 'without a reason' 2 $?
said=$("$DUBAN" import "$file" --by li --reason 从旧系统迁移 2>&1)
same 'imported' 0 $?
like 'imported' "$said" '^cases 3: imported 3 with events 7, imported before 0, refused 0$'
for name in OLD-1 OLD-2; do
    clocks "$name" >"$work/imported.$name"
    diff -u "$work/lived.$name" "$work/imported.$name" || fails=$((fails + 1))
    like "the clocks of $name" "$(cat "$work/imported.$name")" '^correct 1 '
done
said=$("$DUBAN" import "$file" --reason 从旧系统迁移 -o json 2>&1)
same 'again' 0 $?
like 'again' "$said" '^{"cases":3,"imported":0,"known":3,"refused":0,"events":0,"dry_run":false}$'
said=$("$DUBAN" send OLD-2 order.served --at 2026-02-26T10:00 --by wang/officer --with zhao --source import \
    --id OLD-2/2 --set minor=true --set give=30d --document 责令改正通知书 2>&1)
like 'one of its events by itself' "$said" '^taken before (applied)'

# The file of the case shows where it came from; the closed one is closed; it goes on like any other.
said=$("$DUBAN" log OLD-3 2>&1)
like 'the log' "$said" 'imported with its history by li: 从旧系统迁移'
like 'the log' "$said" '2025-11-14.*复查\|2025-11-14.*recheck'
like 'closed' "$said" 'no_penalty\|not punished'
same 'one record' 1 "$("$DUBAN" log OLD-3 -o json | grep -o '"kind":"import"' | wc -l)"
said=$("$DUBAN" send OLD-2 recheck.done --at 2026-03-20T08:30 --by wang/officer --with zhao --set harm=false \
    --set corrected_on=2026-03-19 2>&1)
same 'it goes on' 0 $?
like 'it goes on' "$said" '^stage      no_penalty$'

# All or nothing for each case: one of two is refused, with the line that is.
sed -n 's/OLD-1/NEW-1/g; /NEW-1/p' "$file" >"$work/some.jsonl"
sed -n 's/OLD-2/NEW-2/g; s/"with": \["zhao"\], //; /NEW-2/p' "$file" >>"$work/some.jsonl"
said=$("$DUBAN" import "$work/some.jsonl" --reason x 2>&1)
same 'one of two' 3 $?
like 'one of two' "$said" 'some.jsonl:4: gulou/NEW-2: REFUSED at  *order.served'
like 'one of two' "$said" '^  two_officers: two certified officers must take part (行政处罚法 第四十二条)$'
like 'one of two' "$said" '^cases 2: imported 1 with events 2, imported before 0, refused 1$'
"$DUBAN" why NEW-2 >/dev/null 2>&1
same 'nothing of it' 1 $?

# A line that cannot be read: nothing at all.
printf '{"case": "NEW-3"}\n' >>"$work/some.jsonl"
said=$("$DUBAN" import "$work/some.jsonl" --reason x 2>&1)
same 'a wrong line' 2 $?
like 'a wrong line' "$said" 'some.jsonl:5: .event. is missing'

# And everything is done again from the journal alone.
daemon_kill
rm -rf "$work/data/state"
daemon_start --clock "$later,$second,1"
clocks OLD-1 >"$work/again.OLD-1"
diff -u "$work/lived.OLD-1" "$work/again.OLD-1" || fails=$((fails + 1))
daemon_stop
exit $((fails > 0))
