#!/bin/sh
# libduban against the real daemon: the example is built as a stranger builds it, from what is
# installed, and does what it says; many threads share a handle while the daemon is killed.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
build=$(dirname "$(dirname "$DUBAN")")

# What is installed, and only duban_* in it.
cmake --install "$build" --prefix "$work/installed" >"$work/install.log" 2>&1 || {
    cat "$work/install.log"
    exit 1
}
PKG_CONFIG_PATH=$(dirname "$(find "$work/installed" -name duban.pc)")
export PKG_CONFIG_PATH
library=$(find "$work/installed" -name libduban.so)
same 'symbols' '' "$(nm -D --defined-only "$library" | awk '$2 != "A" { print $3 }' |
    grep -v '^duban_[a-z_]*@@DUBAN_1$')"
sanitize=$(nm -D "$library" | sed -n 's/.*__asan_init.*/-fsanitize=address,undefined/p')

# shellcheck disable=SC2046,SC2086 # words are wanted
cc -std=c17 -Wall -Wextra -Werror $sanitize "$SOURCE/clients/c/example.c" -o "$work/example" \
    $(pkg-config --cflags --libs duban) "-Wl,-rpath,$(dirname "$library")" || exit 1
daemon_start
said=$("$work/example" "$DUBAN_RUN" gulou K-1 2>&1)
same 'the example' 0 $?
like 'the example' "$said" '^example-1: applied, stage filed$'
like 'the example' "$said" '^example-2: rejected, stage filed$'
like 'the example' "$said" '^  because two_officers: two certified officers must take part 行政处罚法 第四十二条$'
like 'the example' "$said" '^example-3: applied, stage correcting$'
like 'the example' "$said" '"seq":'
like 'the example' "$said" '^record 1: {"seq":1,.*"kind":"instal'
like 'the example' "$said" '^record 3: {"seq":3,'
like 'the example again' "$("$work/example" "$DUBAN_RUN" gulou K-1 2>&1)" '^example-1: \(duplicate\|rejected\)'
daemon_kill

# Threads on one handle, and a daemon that is killed under them.
rm -rf "$work/data"
daemon_start --empty
"$DUBAN" install "$SOURCE/tests/bench/config" >/dev/null || exit 1
"$(dirname "$DUBAN")/load_threads" "ipc://$DUBAN_RUN" bench 40 >"$work/threads" 2>&1 &
threads=$!
for _ in 1 2 3; do
    sleep 0.3
    daemon_kill
    daemon_start
done
wait "$threads"
same 'threads' 0 $?
like 'threads' "$(cat "$work/threads")" '^2800 events, 2800 applied, 0 wrong, 0 unanswered, 2800 followed$'
daemon_stop
exit $((fails > 0))
