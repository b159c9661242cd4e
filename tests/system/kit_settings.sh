#!/bin/sh
# A worker's settings and secrets: what is read, and what is refused, with its place.
# shellcheck disable=SC2016 # backquotes are what is said
set -u
: "${SOURCE:?}" "${DUBAN:?}"
worker=$(dirname "$DUBAN")/kit_worker
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fails=0

# read_as STATUS PATTERN [FLAG…]: the file $work/s.yaml is read so.
read_as()
{
    status=$1
    pattern=$2
    shift 2
    said=$("$worker" --check --config "$work/s.yaml" "$@" 2>&1)
    got=$?
    if [ "$got" -ne "$status" ] || ! printf '%s\n' "$said" | grep -qe "$pattern"; then
        printf '%s: %s and\n%s\nfor\n' "$pattern" "$got" "$said"
        cat "$work/s.yaml"
        fails=$((fails + 1))
    fi
    case $said in *hunter2*)
        echo "the secret is told: $said"
        fails=$((fails + 1))
        ;;
    esac
}

umask 077
printf 'hunter2\n' >"$work/secret"
cat >"$work/s.yaml" <<END
# all of it
provider: here
credit: 32
test:
  number: -4
  span: 1500ms
  choice: b
  flag: true
  secret: $work/secret
  list: [一, two]
  map:
    near: SMS_1
    last.day: "SMS: 2"
END
read_as 0 '^provider=here number=-4 span=1500 choice=b flag=1 secret=7$'
read_as 0 '^test.list =一$'
read_as 0 '^test.map last.day=SMS: 2$'
echo 'provider: here' >"$work/s.yaml"
read_as 0 '^provider=here number=3 span=2000 choice=a flag=0 secret=0$'
echo 'provider: {a: 1}' >"$work/s.yaml"
read_as 2 's.yaml:1:1: error: `provider` wants one value'
echo 'provider: wrong' >"$work/s.yaml"
read_as 2 's.yaml:1:1: error: `provider`: nobody is called so'
printf 'provider: x\n\nprovder: y\n' >"$work/s.yaml"
read_as 2 's.yaml:3:1: error: there is no setting `provder`; there are provider, test.number'
: >"$work/s.yaml"
read_as 2 'error: `provider` is wanted: the socket it listens at'
printf 'provider: x\ncredit: 2000\n' >"$work/s.yaml"
read_as 2 's.yaml:2:1: error: `credit` wants 1 to 1024, not `2000`'
read_as 0 '^provider=x' --credit 5 # a flag wins
printf 'provider: x\ntest: {span: 5}\n' >"$work/s.yaml"
read_as 2 '`test.span` wants a span, as in 250ms, 10s, 2m or 1h, not `5`'
printf 'provider: x\ntest: {choice: c}\n' >"$work/s.yaml"
read_as 2 '`test.choice` wants one of a|b, not `c`'
printf 'provider: x\ntest: {flag: yes}\n' >"$work/s.yaml"
read_as 2 '`test.flag` wants true or false, not `yes`'
printf 'provider: x\nprovider: y\n' >"$work/s.yaml"
read_as 2 'it is no YAML'
printf 'provider: "x\\nforged"\n' >"$work/s.yaml"
read_as 2 '`provider` wants one line'
printf 'provider: x\ntest:\n  list: {a: b}\n' >"$work/s.yaml"
read_as 2 's.yaml:3:3: error: `test.list` wants a list of texts'

# Secrets.
secret()
{
    printf 'provider: x\ntest: {secret: %s}\n' "$1" >"$work/s.yaml"
}
secret hunter2
read_as 2 'there are no systemd credentials here'
secret "$work/none"
read_as 2 'its file cannot be opened'
secret "$work"
read_as 2 'its file is no regular file'
secret "$work/secret"
chmod 0640 "$work/secret"
read_as 2 'others may read its file: chmod 0400'
chmod 0400 "$work/secret"
read_as 0 'secret=7'
printf 'one\nhunter2\n' >"$work/two"
secret "$work/two"
read_as 2 'its file is not one line'
CREDENTIALS_DIRECTORY=$work
export CREDENTIALS_DIRECTORY
secret secret
read_as 0 'secret=7'
secret ../secret
read_as 2 'the path of a file, from / on'
exit $((fails > 0))
