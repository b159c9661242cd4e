#!/bin/sh
# duban simulate: what it says of a story that holds, of one that does not, and of a file that is
# wrong; and that it says the same to programs.
set -u
: "${SOURCE:?}" "${DUBAN:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fails=0

# like WHAT GOT PATTERN: what was printed has the pattern in it.
like()
{
    printf '%s\n' "$2" | grep -qe "$3" && return 0
    echo "$1: no $3 in:"
    printf '%s\n' "$2"
    fails=$((fails + 1))
}

# code WHAT WANTED GOT
code()
{
    [ "$2" -eq "$3" ] || { echo "$1: exit $3, not $2"; fails=$((fails + 1)); }
}

simulate()
{
    said=$("$DUBAN" --lang en simulate "$@" 2>&1)
    exited=$?
}

stories=$SOURCE/tests/scenarios
simulate "$stories/minor_corrected.yaml"
code 'a story that holds' 0 "$exited"
like 'a story that holds' "$said" '^held .*corrected in time (5 steps)$'

# Break one expectation of each kind: told with file, line, expected and actual.
sed -e "s|config: ../../config|config: $SOURCE/config|" -e 's/last_day: 2026-03-12/last_day: 2026-03-13/' \
    -e 's/codes: \[two_officers\]/codes: [documents]/' -e 's/entry: near, to: officer/entry: near, to: leader/' \
    -e 's/closed: not_punished/closed: transferred/' "$stories/minor_corrected.yaml" >"$work/broken.yaml"
simulate "$work/broken.yaml"
code 'a story that does not hold' 1 "$exited"
like 'a code' "$said" 'broken.yaml:16: codes: expected \[documents\], actual \[two_officers\]'
like 'a clock' "$said" 'broken.yaml:25: clocks.correct.last_day: expected 2026-03-13, actual 2026-03-12'
like 'a notice' "$said" 'broken.yaml:30: sent: expected {at: 2026-03-09T09:00, clock: correct, entry: near, to: leader}, actual {.*to: officer}'
like 'an outcome' "$said" 'broken.yaml:36: closed: expected transferred, actual not_punished'
like 'the verdict' "$said" '^FAILED .*did not hold: 4'

simulate -o json "$work/broken.yaml"
code 'the same for programs' 1 "$exited"
printf '%s\n' "$said" | python3 -c '
import json, sys
answer = json.loads(sys.stdin.read())
lines = [finding["line"] for finding in answer["findings"]]
sys.exit(0 if not answer["held"] and lines == [16, 25, 30, 36] else "wrong: %s" % answer)
' || fails=$((fails + 1))

# A refusal that nobody expects does not pass unseen.
sed -e "s|config: ../../config|config: $SOURCE/config|" -e '/expect: {verdict: rejected/d' \
    "$stories/minor_corrected.yaml" >"$work/unseen.yaml"
simulate "$work/unseen.yaml"
code 'a refusal that nobody expects' 1 "$exited"
like 'a refusal that nobody expects' "$said" 'verdict: expected applied, actual rejected; two_officers'

# Files that are wrong: every mistake at its place, exit 2.
cat >"$work/wrong.yaml" <<'END'
scenario: full of mistakes
procedure: minor
case: {id: K-1, agency: gulou, colour: red}
steps:
  - {event: case.filed, by: officer}
  - {at: 2026-03-02T09:30, event: case.filed}
  - {at: 2026-03-01T09:30, until: 2026-03-01}
  - {at: noon, expect: {verdict: perhaps}}
  - {at: 2026-03-03T09:30, with: [wang], expects: {}}
  - {at: 2026-03-03T09:30, event: x, by: officer, wait_for: 3wd, expect: {clocks: {correct: {lastday: 2026-03-04}}}}
  - {at: 2026-03-04T09:30, event: x, by: {person: wang}, expect: {sent: here}}
END
simulate "$work/wrong.yaml"
code 'a wrong file' 2 "$exited"
for mistake in 'wrong.yaml:3:.*colour' 'wrong.yaml:5:.*says when it is' 'wrong.yaml:6:.*by is missing' 'wrong.yaml:7:.*time goes back' \
    'wrong.yaml:8:.*noon is no time' 'wrong.yaml:8:.*perhaps is no verdict' 'wrong.yaml:9:.*did you mean expect' \
    'wrong.yaml:9:.*with belongs to' 'wrong.yaml:10:.*3wd is no length' 'wrong.yaml:10:.*did you mean last_day' \
    'wrong.yaml:11:.*role is missing' 'wrong.yaml:11:.*a list'; do
    like 'a wrong file' "$said" "$mistake"
done
for page in "$work/none.yaml" "$work"; do
    simulate "$page"
    code "$page" 2 "$exited"
done
printf 'scenario: x\nprocedure: nobody_knows\ncase: {id: K, agency: gulou}\nsteps: []\n' >"$work/unknown.yaml"
simulate "$work/unknown.yaml"
code 'an unknown procedure' 2 "$exited"
like 'an unknown procedure' "$said" 'has no procedure nobody_knows'
simulate
code 'nothing named' 2 "$exited"

# What was exercised, and what was not.
simulate --coverage "$stories/minor_corrected.yaml"
code 'coverage' 0 "$exited"
like 'coverage' "$said" '^in all: [0-9]* of [0-9]* exercised$'
like 'coverage' "$said" 'config/procedures/minor.yaml:[0-9]*: not exercised: rule anytime.case.noted'
simulate --coverage -o json "$stories/minor_corrected.yaml"
like 'coverage' "$said" '"kind":"rule","path":"filed.order.served","exercised":true'

# The trace tells every effect in the reader's language.
like 'a trace' "$("$DUBAN" --lang zh simulate --trace "$SOURCE/config/scenarios/1-missed.yaml")" '通知主要负责人：复查'
like 'a trace' "$("$DUBAN" --lang en simulate --trace "$stories/downtime.yaml")" 'task 5 working days before its end (73h00min late)'
exit $((fails > 0))
