#!/bin/sh
# docs/guide/back-up-and-restore.md is followed to the letter: every command of its `sh` blocks, in their
# order, with folders of the test's own.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
page=$SOURCE/docs/guide/back-up-and-restore.md
now_ms=$(($(date +%s) * 1000))
day=86400000
PATH=$(dirname "$DUBAN"):$PATH
DUBAN_BY=wang/officer
TMPDIR=$work
export PATH DUBAN_BY TMPDIR
mkdir "$work/backup" "$work/elsewhere"
printf 'an order' >"$work/order.pdf"

# systemctl stop|start duband: what it does to this test's own. The page calls it.
# shellcheck disable=SC2317
systemctl()
{
    case $1 in
        stop) daemon_stop ;;
        start) daemon_start ;;
    esac
}

# served AGENCY NUMBER: a case whose limit has passed by today.
served()
{
    at=$(TZ=Asia/Shanghai date -d '-20 days' +%Y-%m-%d)T00:01
    if ! duban send "$1/K-$2" case.filed --procedure minor --unit squad1 --at "$at" >"$work/said" 2>&1 ||
        ! duban send "$1/K-$2" order.served --with zhao --set minor=true --set give=10d \
            --document "责令改正通知书=$work/order.pdf" --at "$at" >"$work/said" 2>&1; then
        echo "$1/K-$2 was refused:"
        cat "$work/said"
        exit 1
    fi
}

daemon_start --clock "$((now_ms - 20 * day)),$now_ms,1"
served gulou 7
served gulou 8
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$page" |
    sed "s|/var/lib/duban|$work/data|g; s|/var/backups/duban/|$work/backup/|g; s|/mnt/elsewhere|$work/elsewhere|g" >"$work/commands"
count=0
while read -r command <&3; do
    count=$((count + 1))
    eval "$command" >"$work/said" 2>&1 || {
        echo "exit $?: $command"
        cat "$work/said"
        fails=$((fails + 1))
    }
done 3<"$work/commands"
[ "$count" -ge 15 ] || { echo "only $count commands were found"; fails=$((fails + 1)); }
for _ in $(seq 100); do
    ! duban status | grep -q '^on hold' && break
done
like 'nothing waits any more' "$(duban status)" '^records  '
! duban status | grep -q '^on hold' || { echo 'something still waits'; fails=$((fails + 1)); }
daemon_stop

exit $((fails > 0))
