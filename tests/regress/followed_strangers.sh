#!/bin/sh
# Events of cases that nobody knows are told to those who follow; the daemon used to fall over them.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
daemon_start
"$DUBAN" send gulou/nobody order.served --by wang/officer --set minor=true >/dev/null
same 'an unknown case' 1 $?
"$DUBAN" send gulou/nobody case.filed --procedure nothing --by wang/officer >/dev/null
same 'an unknown procedure' 1 $?
said=$(timeout 60 "$DUBAN" tail --from 1 --once 2>&1)
same 'tail' 0 $?
like 'tail' "$said" 'no_case'
like 'tail' "$said" 'no_procedure'
daemon_stop
exit $((fails > 0))
