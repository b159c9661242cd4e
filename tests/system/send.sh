#!/bin/sh
# duban send: one event or a file of them to the real daemon; what is said of each verdict, in both
# languages and to programs; and what is said where there is no daemon.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
today=$(TZ=Asia/Shanghai date +%Y-%m-%d)
at=${today}T00:01
printf 'an order' >"$work/order.pdf"

# No daemon: which socket, and what to type.
said=$("$DUBAN" send gulou/K-0 case.filed --by wang/officer --procedure minor --id one --at "$at" 2>&1)
same 'no daemon' 4 $?
like 'no daemon' "$said" "ipc://$DUBAN_RUN/events.sock"

daemon_start
DUBAN_BY=wang/officer
export DUBAN_BY

# Without its agency nothing is sent; the option to add is named.
said=$("$DUBAN" send K-1 case.filed --procedure minor --at "$at" 2>&1)
same 'no agency' 2 $?
like 'no agency' "$said" 'write --agency'

# Opened; said again; refused with its reasons and their article; put right.
said=$("$DUBAN" send gulou/K-1 case.filed --procedure minor --unit squad1 --at "$at" 2>&1)
same 'filed' 0 $?
like 'filed' "$said" '^applied  record [0-9]*$'
like 'filed' "$said" '^stage      filed$'
like 'filed' "$said" '^id         say-[0-9a-f]*$'
said=$("$DUBAN" send gulou/K-1 case.filed --procedure minor --unit squad1 --at "$at" 2>&1)
same 'again' 0 $?
like 'again' "$said" '^taken before (applied)  record [0-9]*$'
said=$("$DUBAN" send gulou/K-1 order.served --set minor=true --set give=10d --at "$at" 2>&1)
same 'refused' 1 $?
like 'refused' "$said" '^REFUSED  record [0-9]*$'
like 'refused' "$said" '^  two_officers: two certified officers must take part (行政处罚法 第四十二条)$'
like 'refused' "$said" '^  documents: .*责令改正通知书'
said=$("$DUBAN" --lang zh send gulou/K-1 order.served --set minor=true --set give=10d --at "$at" 2>&1)
like '拒绝' "$said" '^  two_officers: 执法人员不得少于两人且须持证（行政处罚法 第四十二条）$'
said=$("$DUBAN" send gulou/K-1 order.served --with zhao --set minor=true --set give=10d \
    --document "责令改正通知书=$work/order.pdf" --reason 'served by hand' --at "$at" -o json 2>&1)
same 'served' 0 $?
printf '%s' "$said" | python3 -c '
import json, sys
answer = json.loads(sys.stdin.read())
wanted = {"verdict": "applied", "first": "applied", "stage": "correcting", "revision": 2, "reasons": []}
wrong = {key: answer[key] for key in wanted if answer[key] != wanted[key]}
sys.exit(wrong or not answer["next_due"].endswith("+08:00"))' || {
    echo "served: $said"
    fails=$((fails + 1))
}

# It waits for its stage; it comes too early without being allowed to wait; a verb without effect.
said=$("$DUBAN" send gulou/K-9 order.served --with zhao --wait 3d --at "$at" 2>&1)
same 'waiting' 0 $?
like 'waiting' "$said" '^waiting for its stage  record'
said=$("$DUBAN" send gulou/K-8 order.served --at "$at" 2>&1)
same 'no case' 1 $?
like 'no case' "$said" 'no_case: agency gulou has no case K-8'

# What became of a message: no case, no actor; and of one that this store never sent.
said=$("$DUBAN" send notice.bounced --set notice=00ff-1001-mail-0 --set result='550 no user' 2>&1)
same 'a bounce' 1 $?
like 'a bounce' "$said" 'no_notice: no message of this store has the key 00ff-1001-mail-0'

# What cannot be read is refused before anything is sent.
for words in 'gulou/K-1' 'gulou/K-1 x --set minor' 'gulou/K-1 x --by wang' 'gulou/K-1 x --at noon' \
    'gulou/K-1 x --wait 3wd' 'K-1 x' "gulou/K-1 x --document a=$work/none.pdf" 'K-1 --batch x'; do
    # shellcheck disable=SC2086 # words are wanted
    "$DUBAN" send $words >"$work/said" 2>&1
    same "$words" 2 $?
done

# A file: many under way, one refused, told with its line; sent again nothing happens twice.
{
    echo '# events of the day'
    for i in $(seq 300); do
        echo "{\"case\": \"B-$i\", \"event\": \"case.filed\", \"procedure\": \"minor\", \"unit\": \"squad1\", \"at\": \"$at\"}"
        echo "{\"case\": \"B-$i\", \"event\": \"order.served\", \"with\": [\"zhao\"], \"at\": \"$at\", \"set\": {\"minor\": true, \"give\": \"10d\"}, \"documents\": [\"责令改正通知书\"]}"
    done
    echo "{\"case\": \"B-1\", \"event\": \"order.lost\", \"at\": \"$at\"}"
} >"$work/events.jsonl"
said=$("$DUBAN" send --batch "$work/events.jsonl" --agency gulou 2>&1)
same 'a file' 3 $?
like 'a file' "$said" 'events.jsonl:602: REFUSED  say-'
like 'a file' "$said" '^  no_rule: '
like 'a file' "$said" '^sent 601: applied 600, taken before 0, waiting 0, refused 1$'
said=$("$DUBAN" send --batch - --agency gulou <"$work/events.jsonl" 2>&1)
same 'a file again' 3 $?
like 'a file again' "$said" '^sent 601: applied 0, taken before 600, waiting 0, refused 1$'
said=$(head -n 3 "$work/events.jsonl" | "$DUBAN" send --batch - --agency gulou -o json 2>&1)
same 'for programs' 0 $?
like 'for programs' "$said" '"line":2}'
like 'for programs' "$said" '^{"sent":2,"applied":0,"duplicate":2,"waiting":0,"refused":0,"unanswered":0}$'
printf '{"case": "C-1", "event": "x", "at": "%s"}\n{"case": 1}\nnonsense\n{"cas": "C"}\n' "$at" >"$work/wrong.jsonl"
said=$("$DUBAN" send --batch "$work/wrong.jsonl" --agency gulou 2>&1)
same 'a wrong file' 2 $?
like 'a wrong file' "$said" 'wrong.jsonl:2: .case. cannot be read: write "K-1"'
like 'a wrong file' "$said" 'wrong.jsonl:3: this is no JSON'
like 'a wrong file' "$said" 'wrong.jsonl:4: an event has no .cas.; did you mean .case.?'
like 'a wrong file' "$said" '3 lines are wrong, so nothing was sent'

# A daemon that has stopped answering: what to add so that nothing happens twice.
kill -STOP "$daemon"
said=$("$DUBAN" send gulou/K-2 case.filed --procedure minor --unit squad1 --id one --at "$at" 2>&1)
same 'no answer' 4 $?
like 'no answer' "$said" "add --id one --at ${today}T00:01:00+08:00"
kill -CONT "$daemon"
daemon_stop
exit $((fails > 0))
