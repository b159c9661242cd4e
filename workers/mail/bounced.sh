#!/bin/sh
# duban-mail-bounced: takes a delivery report (RFC 3464) as the mail system hands it over, and tells
# duban which notice came back, and why. docs/guide/send-mail.md says how to call it.
#
# The mail system is told what to do by the exit status, as sysexits.h has it: 0, or 75 to come again.
set -u
report=$(mktemp) || exit 75
trap 'rm -f "$report"' EXIT
tr -d '\r' >"$report" || exit 75

# A report of a delay, or of success, is no bounce.
grep -qi '^action: *failed' "$report" || exit 0

# The part of a Message-ID that duban-mail made before its domain is the key of the notice's job. The
# report has an identifier of its own, and that of the mail it is about.
key=$(grep -Eio '^message-id: *<[^@<> ]+-[0-9a-f]+-[a-z_]+-[0-9]+@' "$report" |
    sed 's/^[^<]*<//; s/@$//' | tail -n 1)
[ -n "$key" ] || exit 0

# When the report was written is when it is known. Whoever the mail was for is nobody's business here.
when=$(sed -n 's/^date: *//Ip' "$report" | head -n 1 | sed 's/ *([^)]*)//')
at=$(date -d "${when:-now}" +%Y-%m-%dT%H:%M:%S%:z) || at=$(date +%Y-%m-%dT%H:%M:%S%:z)
why=$(sed -n 's/^diagnostic-code: *[a-z]*; *//Ip' "$report" | head -n 1 | sed 's/<[^>]*@[^>]*>/<…>/g' | cut -c 1-200)
[ -n "$why" ] || why=$(sed -n 's/^status: *\([245]\.[0-9.]*\).*/\1/Ip' "$report" | head -n 1)

said=$(duban --lang en send notice.bounced --set "notice=$key" --set "result=${why:-it came back}" --at "$at" 2>&1)
status=$?
[ $status -ne 0 ] || exit 0
echo "duban-mail-bounced: $said" >&2
case $said in
    *no_notice*) exit 0 ;; # of another store: there is nothing to come again for
    *) exit 75 ;;
esac
