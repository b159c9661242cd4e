#!/bin/sh
# What a newcomer does on the first day: a word that is not UTF-8 used to be told as missing, a
# file of another kind filled the screen, and without any worker `duban workers` said nothing.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
daemon_start
said=$("$DUBAN" send "gulou/$(printf '\377\376')" case.filed --by wang/officer 2>&1)
same 'a case that is not UTF-8' 2 $?
like 'a case that is not UTF-8' "$said" 'word 1 of the command line is not UTF-8'
yes 'no event' | head -n 500 >"$work/wrong"
said=$("$DUBAN" send --batch "$work/wrong" 2>&1)
same 'a file of another kind' 2 $?
same 'lines told, and what to do' 21 "$(printf '%s\n' "$said" | wc -l)"
like 'a file of another kind' "$said" '500 lines are wrong'
said=$("$DUBAN" --lang en send gulou/1 case.filed --by wang 2>&1)
like 'somebody without a role' "$said" '--by cannot be read: write --by "wang/officer"'
said=$("$DUBAN" --lang zh workers 2>&1)
same 'no worker' 0 $?
like 'no worker' "$said" '没有工作进程报到'
said=$("$DUBAN" --lang zh tail --from 1 --once 2>&1)
like 'the first record' "$said" '安装配置'
daemon_stop
exit $((fails > 0))
