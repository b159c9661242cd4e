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

# Whoever it was for is nobody's business here.
why=$(sed -n 's/^diagnostic-code: *[a-z]*; *//Ip' "$report" | head -n 1 | sed 's/<[^>]*@[^>]*>/<…>/g' | cut -c 1-200)

said=$(duban send notice.bounced --set "notice=$key" --set "result=${why:-it came back}" 2>&1)
case $? in
    0) exit 0 ;;
    1) echo "$said" >&2; exit 0 ;; # no notice of this store: nothing to come again for
    *) echo "$said" >&2; exit 75 ;;
esac
