#!/bin/sh
# The command's manners: exit codes, languages, suggestions, formats, and bad input of every kind.
set -u
cd "$(dirname "$0")/../.." || exit 1
duban=${DUBAN:-build/dev/bin/duban}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DUBAN_LANG NO_COLOR
LC_ALL=C
export LC_ALL
failed=0

# expect CODE PATTERN ARGUMENT…: the exit code, and a pattern somewhere in stdout or stderr.
expect() {
    code=$1
    pattern=$2
    shift 2
    "$duban" "$@" > "$work/out" 2>&1 < /dev/null
    got=$?
    if [ "$got" != "$code" ] || ! grep -qe "$pattern" "$work/out"; then
        echo "duban $*: exit $got, wanted $code and \"$pattern\":"
        sed 's/^/    /' "$work/out"
        failed=1
    fi
}

# The frame.
expect 2 'Commands:'
expect 0 'Commands:' --help
expect 0 'duban date' help date
expect 0 '命令:' --lang zh help
expect 0 '^duban [0-9]' --version
expect 0 '{"version":"[0-9.]*"}' version -o json
expect 2 'Did you mean .duban date.' dat --from 2026-01-01
expect 2 'no command .xyzzy.' xyzzy
expect 2 'Did you mean .--length.' date --lenght 5d
expect 2 '是否想用“--length”' --lang zh date --lenght 5d
expect 2 '是否想用“--length”' date --lenght 5d --lang=zh
expect 2 'no language .fr.' --lang fr date
expect 2 'cannot be .xml.' date --from 2026-01-01 --length 1d -o xml
expect 2 'wants a value' date --from
expect 2 'takes no value' date --explain=yes
expect 2 'given twice' date --from 2026-01-01 --from 2026-01-02
expect 2 'one word too many' date 2026-01-01
expect 0 'Examples:' date --help

# One question.
expect 0 '^2026-02-28T00:00:00+08:00$' date --from 2026-02-13T10:00 --length 5wd
expect 0 '^2026-02-28T00:00:00+08:00$' date --from=2026-02-13T02:00Z --length=5wd
expect 0 '"due":null.*"left":"82d"' date --from 2026-03-02T10:00 --length 90d --pause 2026-03-10T10:00.. -o json
expect 0 '"due":"2026-03-02T18:00:00+08:00"' date --from 2026-03-02T10:00 --length 8h -o json
expect 2 'when does it start' date --length 5d
expect 2 'either from or before' date --length 5d --from 2026-01-01 --before 2026-02-01
expect 2 'how long is it' date --from 2026-01-01
expect 2 'is no time' date --from 2026-02-30 --length 5d
expect 2 'is no date' date --before 2026-02-30 --length 5d
expect 2 'is no length' date --from 2026-01-01 --length 5days
expect 2 'is no offset' date --from 2026-01-01 --length 5d --offset 3wd
expect 2 'is no pause' date --from 2026-01-01 --length 5d --pause 2026-01-02
expect 2 'roll is' date --from 2026-01-01 --length 5d --roll back
expect 2 'does not go with' date --from 2026-01-01 --length 5d --extend 8h
expect 2 'does not go with' date --from 2026-01-01 --length 8h --offset -3d
expect 2 'only days' date --before 2026-01-01 --length 2mo
expect 2 'outside the years' date --from 2026-01-01 --length 99999d
expect 2 'outside the years' date --from 2199-12-31 --length 0d
expect 2 'outside the years' date --from 1970-01-05 --length 1d --offset -9mo
expect 0 'note: .*left out' date --before 2026-03-20 --length 7wd --roll forward
expect 0 'note: provisional' date --from 2026-12-28 --length 5wd
expect 0 'note: +5wd is provisional' date --from 2026-12-28 --length 2d --offset +5wd
expect 0 'has no effect' date --from 2026-03-02 --length 90d --pause 2026-05-31..
expect 0 '提示：暂定' date --from 2026-12-28 --length 5wd --lang zh

# Files.
expect 1 'cannot read' date --from 2026-01-01 --length 5d --calendar "$work/none.csv"
expect 1 'cannot read' date --batch "$work/none.csv"
expect 2 'does not go with --from' date --batch x --from 2026-01-01
printf 'id,length\n' > "$work/empty.csv"
expect 0 '^id,last_day' date --batch "$work/empty.csv"
: > "$work/nothing.csv"
expect 1 'has no head' date --batch "$work/nothing.csv"
printf 'id,from,length,pause\n' > "$work/missed.csv"
expect 1 'did you mean .pauses.' date --batch "$work/missed.csv"
printf 'id,from\nA,2026-01-01\n' > "$work/column.csv"
expect 1 'no column .length.' date --batch "$work/column.csv"
printf 'id,from,length\nA,2026-01-05,5d\nB,2026-01-05\nC,2026-13-05,5d\n' > "$work/partly.csv"
expect 3 '^A,2026-01-10' date --batch "$work/partly.csv"
expect 3 "partly.csv:3:1: error: the row has another number" date --batch "$work/partly.csv"
expect 3 "partly.csv:4:3: error: .2026-13-05. is no time" date --batch "$work/partly.csv"
printf 'id,from,length\nC,2026-13-05,5d\n' > "$work/none.csv"
expect 1 'is no time' date --batch "$work/none.csv"
expect 3 '^{"id":"A","last_day":"2026-01-10"' date --batch "$work/partly.csv" -o json
printf 'id,from,length\n"a,""b",2026-01-05,5d\n' > "$work/quoted.csv"
expect 0 '^"a,""b",2026-01-10' date --batch "$work/quoted.csv"

# Calendars.
expect 2 'say what to do' calendar
expect 2 'Did you mean .duban calendar check.' calendar chekc
expect 2 'is no year' calendar show --year 26
expect 2 'name the calendar' calendar check
printf '# extends: cn\n# version: 1\ndate,kind,name\n2026-04-20,holiday,三月三\n' > "$work/gx.csv"
expect 0 'well; 225 rows, covers 2021–2026' calendar check "$work/gx.csv"
expect 0 '三月三' calendar show "$work/gx.csv" --year 2026
expect 0 '^2026-04-22T' date --from 2026-04-17 --length 1wd --calendar "$work/gx.csv"
printf '# extends: gx\ndate,kind,name\n2026-04-20,workday,x\n' > "$work/city.csv"
expect 0 '^2026-04-21T' date --from 2026-04-17 --length 1wd --calendar "$work/city.csv"
printf '# extends: round\ndate,kind,name\n2026-04-20,workday,x\n' > "$work/round.csv"
expect 1 'goes round in a circle' calendar check "$work/round.csv"
printf '# extends: nowhere\ndate,kind,name\n2026-04-20,workday,x\n' > "$work/lost.csv"
expect 1 'no calendar .nowhere.' calendar check "$work/lost.csv"
printf 'date,kind,name\n2026-01-01,holiday,x\n' > "$work/thin.csv"
expect 0 'warning: the year 2026 has only 1' calendar check "$work/thin.csv"
expect 1 'error: the year 2026 has only 1' calendar check --strict "$work/thin.csv"
printf 'date,kind,name\n2026-01-02,holiday,x\n' > "$work/dead.csv"
expect 1 'dead.csv:2:1: error: 2026-01-02 decides nothing' calendar check "$work/dead.csv"

# No input writes to the terminal what it likes.
esc=$(printf '\033')
expect 2 '?\[31m' date --from "${esc}[31m" --length 5d
printf 'id,from,length\n\033[2J,2026-13-05,5d\n' > "$work/escape.csv"
expect 1 'is no time' date --batch "$work/escape.csv"
if grep -q "$esc" "$work/out"; then
    echo "an escape sequence came through"
    failed=1
fi

# A full disk is told, and Chinese columns are as wide in the plainest locale.
if "$duban" calendar show > /dev/full 2> /dev/null; then
    echo "a full disk was not noticed"
    failed=1
fi
"$duban" --lang zh date --from 2026-10-08 --length 2wd --explain > "$work/c"
LC_ALL=C.UTF-8 "$duban" --lang zh date --from 2026-10-08 --length 2wd --explain > "$work/utf8"
cmp "$work/c" "$work/utf8" || failed=1
grep -q '^2026-10-10  六    调休上班（国庆节）  第 2 日：届满日$' "$work/c" || {
    cat "$work/c"
    failed=1
}
exit "$failed"
