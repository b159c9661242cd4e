#!/usr/bin/env python3
"""`duban date --batch` against a second opinion that walks from date to date.

Rows are drawn of every kind that the golden table has: all lengths and rolls, pauses that overlap
or stay open, extensions, lead clocks, offsets from either anchor, and dates far outside the
calendar's years; under the shipped calendar and under one that extends it and has rows of month
and day. The walk follows docs/reference and nothing of daemon/core.
"""
import csv
import datetime
import os
import random
import re
import subprocess
import sys
import tempfile

ROWS = int(os.environ.get("DUBAN_DATE_ROWS", "2500"))
SEED = int(os.environ.get("DUBAN_DATE_SEED", "1"))
DUBAN = os.environ.get("DUBAN", "build/dev/bin/duban")
DAY = datetime.timedelta(days=1)
COLUMNS = "id from before length extend roll pauses anchor workdays offsets".split()
REGION = """# source: a region of the test's own
# version: 1
# extends: cn
date,kind,name
--03-03,holiday,local
--10-07,workday,local
--02-29,holiday,local
2025-03-05,holiday,local
2025-02-04,workday,local
2028-01-01,holiday,local
2028-01-03,holiday,local
2028-01-08,workday,local
"""


class Calendar:
    """Which dates work; `asked` tells whether a year was asked about that is not covered."""

    def __init__(self, path):
        self.dates, self.yearly, self.asked = {}, {}, False
        while path:
            path = self.read(path)

    def read(self, path):
        """Rows of a file; those read before come first. The answer is the calendar it extends."""
        below = None
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                extends = re.match(r"# extends: (\w+)", line)
                below = os.path.join(os.path.dirname(path), extends[1] + ".csv") if extends else below
                row = re.match(r"(--|\d{4}-)(\d\d-\d\d),(\w+)", line)
                if row and row[1] == "--":
                    self.yearly.setdefault(row[2], row[3])
                elif row:
                    self.dates.setdefault(row[1] + row[2], row[3])
        return below

    def works(self, date):
        if f"{date.year:04d}-01-01" in self.dates:
            kind = self.dates.get(date.isoformat())
        else:
            self.asked = True
            kind = self.yearly.get(date.strftime("%m-%d"))
        return kind == "workday" if kind else date.weekday() < 5


def length_of(text):
    sign, count, unit = re.fullmatch(r"([+-]?)(\d+)(min|h|d|wd|mo|y)", text).groups()
    return sign, int(count), unit


def add_months(date, months):
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    first = datetime.date(year, month + 1, 1)
    last = (first + 31 * DAY).replace(day=1) - DAY
    return min(first + (date.day - 1) * DAY, last)


def midnight(date):
    return datetime.datetime(date.year, date.month, date.day)


def stands(pauses, at):
    return any(begins <= at and (ends is None or at < ends) for begins, ends in pauses)


def count_days(calendar, date, lengths, pauses):
    """The unrolled last day, each date asked on its own; None while it stands still for good."""
    for _, left, unit in lengths:
        if unit in ("mo", "y"):
            left = (add_months(date, left * (12 if unit == "y" else 1)) - date).days
        while left > 0:
            begins = midnight(date + DAY)
            if any(ends is None and since <= begins for since, ends in pauses):
                return None
            date += DAY
            if not stands(pauses, begins) and (unit != "wd" or calendar.works(date)):
                left -= 1
    return date


def count_minutes(at, lengths, pauses):
    """From border to border of the pauses it runs or stands still."""
    left = datetime.timedelta(minutes=sum(n * (60 if unit == "h" else 1) for _, n, unit in lengths))
    while left:
        border = min((x for pause in pauses for x in pause if x and x > at), default=None)
        if stands(pauses, at):
            if border is None:
                return None
        elif border is None or border - at >= left:
            return at + left
        else:
            left -= border - at
        at = border
    return at


def end_of(calendar, row, lengths, exact):
    """The unrolled last day, or an exact length's instant; of pauses those that came in time."""
    start = datetime.datetime.fromisoformat(row["from"])
    pauses = []
    for pause in filter(None, row["pauses"].split(";")):
        begins, ends = (datetime.datetime.fromisoformat(x) if x else None for x in pause.split(".."))
        if ends is None or ends > begins:
            pauses.append((begins, ends))

    def reckon(acting):
        calendar.asked = False
        if exact:
            return count_minutes(start, lengths, acting)
        return count_days(calendar, start.date(), lengths, acting)

    acting, end = [], reckon([])
    for begins in sorted({begins for begins, _ in pauses}):
        if end is None or begins < (end if exact else midnight(end)):
            acting += [pause for pause in pauses if pause[0] == begins]
            end = reckon(acting)
    calendar.asked = False
    return reckon(acting)


def moment(calendar, row, last, safe, offset):
    sign, left, unit = length_of(offset)
    date = last if sign == "+" or row["anchor"] == "last" else safe
    step = -1 if sign == "-" else 1
    if unit == "mo":
        date = add_months(date, step * left)
    elif unit == "d":
        date += step * left * DAY
    while unit == "wd" and left > 0:
        date += step * DAY
        left -= calendar.works(date)
    while row["workdays"] == "yes" and not calendar.works(date):
        date += DAY if sign == "+" else -DAY
    return f"{date.isoformat()}T09:00"


def minute(at):
    return at.strftime("%Y-%m-%dT%H:%M")


def solve(calendar, row):
    lengths = [length_of(text) for text in [row["length"]] + list(filter(None, row["extend"].split(";")))]
    offsets = list(filter(None, row["offsets"].split(";")))
    exact = lengths[0][2] in ("min", "h")
    calendar.asked = False
    if row["before"]:
        end, (_, left, unit) = datetime.date.fromisoformat(row["before"]), lengths[0]
        while left > 0:
            end -= DAY
            left -= unit == "d" or calendar.works(end)
        end -= DAY
    else:
        end = end_of(calendar, row, lengths, exact)
    if end is None:
        return ["", "", "", None, ""]
    if exact:
        shifts = [(-1 if sign == "-" else 1) * n * (60 if unit == "h" else 1)
                  for sign, n, unit in map(length_of, offsets)]
        moments = [minute(end + datetime.timedelta(minutes=shift)) for shift in shifts]
        return ["", "", minute(end), "no", ";".join(moments)]
    last = safe = end
    while row["roll"] == "forward" and not calendar.works(last):
        last += DAY
    provisional = "yes" if calendar.asked else "no"
    while not calendar.works(safe):
        safe -= DAY
    moments = [moment(calendar, row, last, safe, offset) for offset in offsets]
    return [last.isoformat(), safe.isoformat(), minute(midnight(last + DAY)), provisional,
            ";".join(moments)]


def draw_pause(draw, start, minutes):
    begins = start + datetime.timedelta(minutes=draw.randrange(minutes))
    if draw.random() < 0.3:
        begins = max(start, begins.replace(hour=0, minute=0))
    ends = begins + datetime.timedelta(minutes=draw.choice([0, 10, 1440, 1441, draw.randrange(57600)]))
    if draw.random() < 0.3:
        ends = max(begins, ends.replace(hour=0, minute=0))
    return minute(begins) + ".." + ("" if draw.random() < 0.12 else minute(ends))


def draw_row(draw, number):
    row = dict.fromkeys(COLUMNS, "")
    start = datetime.datetime(2017, 1, 1) + datetime.timedelta(minutes=draw.randrange(13 * 525600))
    row.update(id=f"W{number}", roll=draw.choice(["none", "forward"]),
               anchor=draw.choice(["last", "safe"]), workdays=draw.choice(["yes", "no"]))
    kind = draw.random()
    exact = 0.12 <= kind < 0.22
    if kind < 0.12:
        row.update(before=start.date().isoformat(), roll="none",
                   length=draw.choice("1d 7d 30d 1wd 3wd 7wd 15wd 60wd".split()))
    else:
        row["from"] = minute(start)
        row["length"] = draw.choice(("30min 90min 8h 72h" if exact else
                                     "1d 3d 15d 30d 90d 1wd 5wd 7wd 30wd 1mo 3mo 6mo 1y 2y").split())
        _, count, unit = length_of(row["length"])
        span = count * {"min": 1, "h": 60, "d": 1440, "wd": 2100, "mo": 43800, "y": 525600}[unit]
        if draw.random() < 0.4:
            row["extend"] = ";".join(draw.choices(
                ("30min 4h" if exact else "1d 30d 60d 5wd 15wd 1mo 2mo 1y").split(), k=draw.randint(1, 3)))
        if draw.random() < 0.55:
            row["pauses"] = ";".join(draw_pause(draw, start, int(span * 1.3) + 10)
                                     for _ in range(draw.randint(1, 4)))
    if draw.random() < 0.6:
        row["offsets"] = ";".join(draw.choices(
            ("-30min +2h -8h" if exact else
             "-1d -10d +1d +7d 0d -1wd -3wd -10wd +1wd +10wd -1mo +1mo").split(), k=draw.randint(1, 3)))
    return row


def compare(folder, name, options):
    """Ask about ROWS rows under a calendar of the folder; how many are answered otherwise."""
    calendar = Calendar(os.path.join(folder, name))
    draw = random.Random(f"{SEED} {name}")
    rows = [draw_row(draw, number) for number in range(ROWS)]
    path = os.path.join(folder, "rows.csv")
    with open(path, "w", encoding="utf-8") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    answer = subprocess.run([DUBAN, "date", *options, "--batch", path], check=True,
                            stdout=subprocess.PIPE, text=True).stdout.splitlines()[1:]
    wrong = abs(len(answer) - len(rows))
    for row, line in zip(rows, answer):
        said, expected = line.split(",")[1:], solve(calendar, row)
        if expected[3] is None:  # while paused there is no day to be provisional
            expected[3] = said[3]
        if said != expected:
            wrong += 1
            print(f"{name}: {row}\n  said     {said}\n  expected {expected}")
    return wrong


def main():
    with tempfile.TemporaryDirectory() as folder:
        shipped = os.path.join(os.environ.get("SOURCE", "."), "config/calendars/cn.csv")
        with open(shipped, encoding="utf-8") as rows, \
                open(os.path.join(folder, "cn.csv"), "w", encoding="utf-8") as out:
            out.write(rows.read())
        with open(os.path.join(folder, "region.csv"), "w", encoding="utf-8") as out:
            out.write(REGION)
        wrong = compare(folder, "cn.csv", [])
        wrong += compare(folder, "region.csv", ["--calendar", os.path.join(folder, "region.csv")])
    print(f"{2 * ROWS} rows, {wrong} answered otherwise")
    return 1 if wrong else 0


sys.exit(main())
