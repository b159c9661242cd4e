#!/usr/bin/python3
"""`duban simulate --coverage` counts truly: each kind of part exercised and not, what a layer says once for all the
procedures that stand on it, and at its file and line. Two stories over three files in tests/system/coverage/."""

import json
import os
import subprocess
import sys

SOURCE = os.environ.get("SOURCE", ".")
DUBAN = os.environ.get("DUBAN", "build/dev/bin/duban")
PLACE = "tests/system/coverage/"
COMMON, UPPER = PLACE + "procedures/common.yaml", PLACE + "procedures/upper.yaml"

# What both stories together leave, and what the first alone leaves.
BOTH = {
    (COMMON, "rule", "at_work.left"),
    (COMMON, "ground", "work.flood"),
    (COMMON, "extend", "work.again"),
    (UPPER, "rule", "at_work.noted"),
}
LOWER = {part for part in BOTH if part[0] == COMMON} | {
    (COMMON, "rule", "opens.born"),
    (COMMON, "errand", "at_work.done.child"),
    (COMMON, "need", "work.again.agreed"),
}
# Every part there is; `wait` has no act that could meet it.
ALL = {
    (COMMON, "rule", "opens.asked"),
    (COMMON, "need", "opens.asked.good"),
    (COMMON, "rule", "opens.born"),
    (COMMON, "rule", "at_work.done"),
    (COMMON, "warn", "at_work.done.poor"),
    (COMMON, "errand", "at_work.done.child"),
    (COMMON, "rule", "at_work.left"),
    (COMMON, "rule", "waiting.clock.wait.elapsed"),
    (COMMON, "apart", "check"),
    (COMMON, "clock", "work"),
    (COMMON, "met", "work"),
    (COMMON, "missed", "work"),
    (COMMON, "entry", "work.near"),
    (COMMON, "entry", "work.one"),
    (COMMON, "entry", "work.two"),
    (COMMON, "ground", "work.illness"),
    (COMMON, "ground", "work.flood"),
    (COMMON, "extend", "work.first"),
    (COMMON, "extend", "work.again"),
    (COMMON, "need", "work.again.agreed"),
    (COMMON, "clock", "wait"),
    (COMMON, "missed", "wait"),
    (UPPER, "rule", "at_work.noted"),
    (UPPER, "ground", "work.storm"),
}

failures = 0


def check(what, seen, wanted):
    global failures
    if seen != wanted:
        failures += 1
        print(f"{what}:\n  not wanted: {sorted(seen - wanted)}\n  missing: {sorted(wanted - seen)}")


def simulate(*words):
    run = subprocess.run([DUBAN, "--lang", "en", "simulate", "--coverage", *words], cwd=SOURCE, capture_output=True,
                         text=True)
    if run.returncode != 0:
        sys.exit(run.stdout + run.stderr)
    return run.stdout


def parts(*stories):
    lines = [json.loads(line) for line in simulate("-o", "json", *stories).splitlines()]
    return [line for line in lines if "exercised" in line]


def key(part):
    return part["file"], part["kind"], part["path"]


lower, upper = PLACE + "lower.yaml", PLACE + "upper.yaml"
both = parts(lower, upper)
check("all parts", {key(part) for part in both}, ALL)
check("each once", {len(both)}, {len(ALL)})
check("what both leave", {key(part) for part in both if not part["exercised"]}, BOTH)
check("in any order", {key(part) for part in parts(upper, lower) if not part["exercised"]}, BOTH)
check("what one leaves", {key(part) for part in parts(lower) if not part["exercised"]}, LOWER)

# Each part is told where it stands.
texts = {name: open(os.path.join(SOURCE, name), encoding="utf-8").read().splitlines() for name in (COMMON, UPPER)}
for part in both:
    line = texts[part["file"]][part["line"] - 1]
    name = part["path"].split(".", 1)[1] if part["kind"] == "rule" else part["path"].rsplit(".", 1)[-1]
    if part["kind"] != "entry" and name not in line: # what a plan brought is told at its clock
        check(part["path"], {line}, {f"a line that names {name}"})

# The same for a reader.
said = set(simulate(lower, upper).splitlines())
sums = {f"{COMMON}: 19 of 22 exercised", f"{UPPER}: 1 of 2 exercised", "in all: 20 of 24 exercised"}
check("in words", said & sums, sums)
check("what is missing, in words", {line.split(": ", 1)[1] for line in said if "not exercised" in line},
      {f"not exercised: {kind} {path}" for _, kind, path in BOTH})
sys.exit(1 if failures else 0)
