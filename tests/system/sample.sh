#!/bin/sh
# A draw can be made again by anybody: here by sha256sum and sort.
set -eu
: "${DUBAN:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() { echo "sample: $1"; exit 1; }

i=0
while [ $i -lt 40 ]; do
    echo "案卷〔2025〕$i 号"
    i=$((i + 1))
done >list.txt

"$DUBAN" sample list.txt --count 5 --seed 种子一 -o csv >drawn.csv
while read -r item; do
    printf '%s  %s\n' "$(printf '种子一\n%s' "$item" | sha256sum | cut -d' ' -f1)" "$item"
done <list.txt | LC_ALL=C sort | head -n 5 | cut -d' ' -f3- >expected.txt
tail -n +2 drawn.csv | cut -d, -f2 >drawn.txt
cmp -s drawn.txt expected.txt || fail 'sha256sum draws otherwise'
digest=$(LC_ALL=C sort list.txt | sha256sum | cut -d' ' -f1)
grep -q "$digest" drawn.csv || fail 'the digest is not that of the sorted list'

# The order of the list is nothing; a table's first column is its list.
sort -R list.txt >other.txt
"$DUBAN" sample other.txt -n 5 --seed 种子一 --drawn drawn.txt --digest "$digest" >/dev/null ||
    fail 'a shuffled list draws otherwise'
{ echo 'case,note'; sed 's/$/,x/' list.txt; } >list.csv
"$DUBAN" sample list.csv -n 5 --seed 种子一 --drawn drawn.txt --digest "$digest" >/dev/null ||
    fail 'a table draws otherwise'

# What was tampered with is seen.
sed '1s/.*/案卷〔2025〕99 号/' drawn.txt >wrong.txt
! "$DUBAN" sample list.txt -n 5 --seed 种子一 --drawn wrong.txt 2>/dev/null || fail 'a wrong draw passed'
! "$DUBAN" sample list.txt -n 5 --seed 种子二 --drawn drawn.txt 2>/dev/null || fail 'a wrong seed passed'
! "$DUBAN" sample list.txt -n 4 --seed 种子一 --drawn drawn.txt 2>/dev/null || fail 'one too many passed'
echo '案卷〔2025〕40 号' >>list.txt
! "$DUBAN" sample list.txt -n 5 --seed 种子一 --digest "$digest" 2>/dev/null || fail 'another list passed'

# A seed is made where none is given, another each time; each item has one lot.
one=$("$DUBAN" sample list.txt -n 1 -o csv | tail -n 1 | cut -d, -f4)
two=$("$DUBAN" sample list.txt -n 1 -o csv | tail -n 1 | cut -d, -f4)
if [ "${#one}" != 32 ] || [ "$one" = "$two" ]; then fail "seeds: $one $two"; fi
echo '案卷〔2025〕0 号' >>list.txt
! "$DUBAN" sample list.txt -n 1 2>/dev/null || fail 'an item with two lots passed'
! "$DUBAN" sample other.txt -n 41 2>/dev/null || fail 'more than there are were drawn'
