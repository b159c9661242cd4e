#!/bin/sh
# A new store has the agencies of the demonstration; an office could never be rid of them.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
daemon_start
"$DUBAN" send gulou/late order.served --by wang/officer --wait 2d >/dev/null
mkdir "$work/own"
cat >"$work/own/agencies.yaml" <<'END'
agencies:
  ours: {zh: 我局, en: Our office, calendar: cn, units: {first: {zh: 一队, en: first squad}}}
END
cat >"$work/own/people.yaml" <<'END'
people:
  jia: {name: 甲, phone: "13800000001", roles: [{role: officer, agency: ours, unit: first}]}
END
"$DUBAN" install "$work/own" >/dev/null 2>&1
same 'own agencies' 0 $?
said=$("$DUBAN" people)
like 'own people' "$said" 'jia'
same 'made-up people' 0 "$(printf '%s\n' "$said" | grep -c wang)"
"$DUBAN" tail --from 1 --once >/dev/null
same 'what waits for an agency that is gone' 0 $?
"$DUBAN" send ours/1 case.filed --procedure minor --unit first --by jia/officer >/dev/null
same 'the first case' 0 $?
sed -i 's/ours/theirs/' "$work/own/agencies.yaml" "$work/own/people.yaml"
said=$("$DUBAN" --lang en install "$work/own" 2>&1)
same 'after the first case' 1 $?
like 'after the first case' "$said" 'agency_gone'
daemon_stop
exit $((fails > 0))
