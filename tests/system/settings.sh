#!/bin/sh
# duband's settings: a file and flags of the same names, what is wrong told with its place, sockets
# that are ours and nobody else's, and what SIGHUP changes.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
duband=${DUBAN}d
config=$work/duban.yaml

# says WHAT CODE PATTERN ARGUMENT…
says()
{
    what=$1
    code=$2
    pattern=$3
    shift 3
    said=$("$duband" "$@" 2>&1)
    same "$what: exit code" "$code" $?
    like "$what" "$said" "$pattern"
}

says 'the shipped file' 0 'will be made\|^$' --config "$SOURCE/config/duban.yaml" --data "$work/data" \
    --run "$DUBAN_RUN" --check
[ ! -e "$work/data" ] || { echo '--check touched the store'; fails=1; }

printf 'data: /tmp/x\nmap-mbi: 64\n' >"$config"
says 'an unknown name' 2 'duban.yaml:2:1: error: .*map-mib' --config "$config" --check
printf 'data: /tmp/x\n  map-mib: 64\n' >"$config"
says 'no YAML' 2 'duban.yaml:1:7: error: this is no YAML' --config "$config" --check
printf 'map-mib: 8\nsocket-mode: "0777"\n' >"$config"
says 'a word' 2 'duban.yaml:2:15: error: ' --config "$config" --check
printf 'map-mib: 8\n' >"$config"
says 'a size' 2 'duban.yaml:1:10: error: .map-mib. wants a number from 64' --config "$config" --check
says 'a flag wins over what is no size' 2 'wants a number' --config "$config" --map-mib 64 --check
printf 'run: /nowhere/at/all\n' >"$config"
says 'a flag wins' 0 '' --config "$config" --data "$work/data" --run "$DUBAN_RUN" --check
says 'no file' 2 'cannot read' --config "$work/none.yaml"
says 'TCP' 2 'TCP is not opened without keys' --events tcp://127.0.0.1:5555 --check
says 'a door' 2 'an endpoint is ipc:// and an absolute path' --events ipc://events.sock --check
says 'a long path' 2 'at most 107 bytes' --run "/$(printf '%0120d' 0)" --check
says 'a wrong mode' 2 'socket-mode wants 0600' --socket-mode 777 --check
says 'a stray word' 2 'is no option' --check now

# A socket that a killed daemon left is removed; what is no socket, and what a living daemon serves,
# is not.
printf 'socket-mode: "0600"\nmap-mib: 64\n' >"$config"
daemon_start --config "$config"
same 'modes' '600 600 600 600' "$(stat -c %a "$DUBAN_RUN"/*.sock | paste -sd ' ')"
says 'a second daemon, same doors' 1 'stop the daemon that answers there' --data "$work/other" --run "$DUBAN_RUN"
says 'a second daemon, same store' 1 'stop the daemon that holds this store' --data "$work/data" --run "$work/run2"
"$DUBAN" status >/dev/null || { echo 'the first daemon was disturbed'; fails=1; }

# SIGHUP: modes at once, sizes later, nothing when it is wrong.
printf 'socket-mode: "0660"\nmap-mib: 128\ndebug: true\n' >"$config"
kill -HUP "$daemon"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    grep -q hub.reloaded "$work/log" && break
    sleep 0.2
done
same 'modes after SIGHUP' '660 660 660 660' "$(stat -c %a "$DUBAN_RUN"/*.sock | paste -sd ' ')"
like 'SIGHUP' "$(cat "$work/log")" 'settings.later name=map-mib do="restart'
like 'SIGHUP' "$(cat "$work/log")" 'settings.read debug=true socket_mode=0660'
echo 'socket-mode: "0640"' >"$config"
kill -HUP "$daemon"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    grep -q settings.refused "$work/log" && break
    sleep 0.2
done
like 'SIGHUP, wrong' "$(cat "$work/log")" 'duban.yaml:1:15: error: '
same 'modes as they were' '660 660 660 660' "$(stat -c %a "$DUBAN_RUN"/*.sock | paste -sd ' ')"
"$DUBAN" status >/dev/null || { echo 'the daemon does not live through SIGHUP'; fails=1; }

daemon_kill
[ -S "$DUBAN_RUN/events.sock" ] || { echo 'a killed daemon leaves its socket: this test needs one'; fails=1; }
daemon_start
like 'a stale socket' "$(cat "$work/log")" 'door.stale path='
daemon_stop
rm -f "$DUBAN_RUN"/*.sock
echo mine >"$DUBAN_RUN/events.sock"
says 'no socket' 1 'a file that is no socket is there' --data "$work/data" --run "$DUBAN_RUN"
same 'no socket' mine "$(cat "$DUBAN_RUN/events.sock")"

# The unit is one that systemd takes; its program is where it will be installed.
if command -v systemd-analyze >/dev/null; then
    sed "s|/usr/sbin/duband|$(command -v true)|" "$SOURCE/config/systemd/duband.service" >"$work/duband.service"
    same 'systemd-analyze verify' '' "$(systemd-analyze verify "$work/duband.service" 2>&1 | grep duband)"
    sed "s|/usr/bin/duban-%i|$(command -v true)|" "$SOURCE/config/systemd/duban-worker@.service" \
        >"$work/duban-worker@mail.service"
    same 'systemd-analyze verify' '' \
        "$(systemd-analyze verify "$work/duban-worker@mail.service" 2>&1 | grep duban-worker)"
else
    echo 'skipped: no systemd-analyze, which judges the unit'
fi
exit $((fails > 0))
