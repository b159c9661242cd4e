#!/bin/sh
# duban audit: a store that is whole, and what is said of every kind of damage; a store in use, one
# that a crash left behind its journal, one that was rolled back. Every byte of a journal is flipped by
# tests/unit/store_disk/test_chain.c; here the command itself meets some of them.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
today=$(TZ=Asia/Shanghai date +%Y-%m-%d)
DUBAN_BY=wang/officer
export DUBAN_BY
data=$work/data
copy=$work/copy
segment=00000000000000000001.journal

# case_opened NUMBER: one more record.
case_opened()
{
    "$DUBAN" send "gulou/K-$1" case.filed --procedure minor --unit squad1 --at "${today}T00:01" \
        >/dev/null || { echo "K-$1 was refused"; fails=$((fails + 1)); }
}

# says WHAT CODE PATTERN ARGUMENT…: duban audit with its exit code and words.
says()
{
    what=$1
    code=$2
    pattern=$3
    shift 3
    said=$("$DUBAN" audit "$@" 2>&1)
    same "$what: exit" "$code" $?
    like "$what" "$said" "$pattern"
}

# copied: a fresh copy of the stopped store, to be damaged.
copied()
{
    rm -rf "$copy"
    cp -r "$data" "$copy"
}

# put FILE BYTE: another byte in that place.
put()
{
    python3 - "$copy/$1" "$2" <<'PY'
import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(int(sys.argv[2]))
    byte = file.read(1)[0] ^ 0x10
    file.seek(int(sys.argv[2]))
    file.write(bytes([byte]))
PY
}

says 'no store' 4 'no store in' verify --store "$work/none"
daemon_start
case_opened 1
says 'beside the daemon' 0 '^verified ' verify --store "$data"
says 'beside the daemon' 0 'a daemon holds it' verify --store "$data"
copy=$data
put $segment 4200
says 'damage beside the daemon' 1 'record 1, byte 4096: .*\[chain_sum\]' verify --store "$data"
put $segment 4200
copy=$work/copy
says 'its root' 0 '^[0-9]*:[0-9a-f]* ' root --store "$data"
says 'no replay beside it' 4 'a daemon holds' replay --store "$data"

# A crash: the state may be behind its journal, which is whole and replays all the same.
case_opened 2
daemon_kill
audited
daemon_start
case_opened 3
daemon_stop

records=$("$DUBAN" audit root --store "$data" | cut -d : -f 1)
says 'verified' 0 '^verified ' verify --store "$data"
says 'verified' 0 "^state up to  $records\$" verify --store "$data"
says '查验' 0 '^查验通过' verify --store "$data" --lang zh
says 'replayed' 0 '^replayed ' replay --store "$data"
says 'stepped by this law' 0 "today's code decides every record" replay --restep --store "$data"
"$DUBAN" audit verify --store "$data" -o json | python3 -c '
import json, sys
told = json.load(sys.stdin)
ok = told["verified"] and told["fault"] is None and told["head"]["seq"] == told["state_seq"]
sys.exit(0 if ok else f"not so: {told}")' || fails=$((fails + 1))

# The root, kept elsewhere: the store continues from it, and does not when it was rolled back.
"$DUBAN" audit root --store "$data" >"$work/root"
cp -r "$data" "$work/old"
daemon_start
case_opened 4
daemon_stop
says 'continues' 0 '^verified ' verify --store "$data" --root "$work/root"
"$DUBAN" audit root --store "$data" >"$work/root"
says 'rolled back' 1 'it was rolled back \[verify_rolled_back\]' verify --store "$work/old" --root "$work/root"
says 'another history' 1 '\[verify_root\]' verify --store "$data" \
    --root "1:$(printf '0%.0s' $(seq 64))"
says 'no root' 2 'is no root' verify --store "$data" --root "$work/log"

# Damage: named by segment, record and byte, with what to do.
copied
put $segment 4200
says 'a byte' 1 "^duban: $segment: record 1, byte 4096: .*\[chain_sum\]" verify --store "$copy"
says 'a byte' 1 'What to do: keep the folder' verify --store "$copy"
says '一个字节' 1 '记录 1，第 4096 字节' verify --store "$copy" --lang zh
says 'no replay of damage' 1 '\[chain_sum\]' replay --store "$copy"
before=$(cksum "$copy"/*.journal)
timeout 60 "${DUBAN}d" --data "$copy" --run "$DUBAN_RUN" 2>"$work/refused"
same 'the daemon refuses it' 1 $?
like 'the daemon refuses it' "$(cat "$work/refused")" 'journal.damaged .*do="duban audit verify'
same 'and cuts nothing' "$before" "$(cksum "$copy"/*.journal)"
copied
put $segment 3000
says 'the head' 1 '\[chain_head\]' verify --store "$copy"
copied
rm "$copy/$segment"
says 'no journal' 1 '\[chain_none\]' verify --store "$copy"
copied
cp "$work/old/$segment" "$copy/$segment"
says 'an old journal' 1 '\[chain_ends\]' verify --store "$copy"
copied
cp "$work/old/state.mdb" "$copy/state.mdb"
says 'an old state is behind' 0 '^verified ' verify --store "$copy"
says 'an old state is behind' 0 '^replayed ' replay --store "$copy"
copied
size=$(python3 -c "
import sys
data = open('$copy/$segment', 'rb').read().rstrip(b'\0')
print((len(data) + 7) // 8 * 8)")
printf torn | dd of="$copy/$segment" bs=1 seek="$size" conv=notrunc 2>/dev/null
says 'a torn write' 0 'a write that a crash tore' verify --store "$copy"
says 'a torn write' 0 '^verified ' verify --store "$copy"
copied
truncate -s $((size - 20)) "$copy/$segment"
says 'cut short' 1 '\[chain_short\]' verify --store "$copy"

# A state that is not what the journal says: the row that differs, in words.
copied
python3 - "$copy/state.mdb" <<'PY'
import sys
with open(sys.argv[1], "r+b") as file:
    data = file.read()
    assert b"K-2\0" in data
    file.seek(0)
    file.write(data.replace(b"K-2\0", b"K-7\0"))  # in pages that are no longer used too
PY
says 'another state' 1 '^duban: table [a-z]*, .*\(only\|stands in the state\|differ\|missing\|follows\)' \
    replay --store "$copy"
copied
rm "$copy/state.mdb"
says 'no state' 0 '^state        none' verify --store "$copy"
says 'no state' 0 '^replayed ' replay --store "$copy"
copied
dd if=/dev/urandom of="$copy/state.mdb" bs=4096 count=4 conv=notrunc 2>/dev/null
if "$DUBAN" audit verify --store "$copy" >"$work/said" 2>&1; then
    echo 'a state of noise was taken'
    fails=$((fails + 1))
fi

exit $((fails > 0))
