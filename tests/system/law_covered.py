#!/usr/bin/python3
"""Every part of the procedures that are shipped is exercised by a story: each rule taken, each need refusing, each
clock met and missed up its whole ladder, each ground and extension used. What is not yet stands in
tests/golden/uncovered.txt, which only ever shrinks: a part that is neither exercised nor there fails, and so does a
line there that is exercised or gone. Write the story, or mend the law where nothing can reach it."""

import glob
import json
import os
import subprocess
import sys

SOURCE = os.environ.get("SOURCE", ".")
DUBAN = os.environ.get("DUBAN", "build/dev/bin/duban")
KNOWN = "tests/golden/uncovered.txt"

run = subprocess.run([DUBAN, "--lang", "en", "simulate", "--coverage", "-o", "json", "--config", "config", "tests/stories",
                      "config/scenarios"], cwd=SOURCE, capture_output=True, text=True)
if run.returncode != 0:
    sys.exit(run.stdout + run.stderr)
lines = [json.loads(line) for line in run.stdout.splitlines()]
shipped = [part for part in lines if part.get("file", "").startswith("config/procedures/") and "exercised" in part]
told = {part["file"] for part in shipped}
missing = {f"{part['file']} {part['kind']} {part['path']}": part for part in shipped if not part["exercised"]}
with open(os.path.join(SOURCE, KNOWN), encoding="utf-8") as file:
    known = {line.strip() for line in file if line.strip() and not line.startswith("#")}

failures = []
for name in sorted(set(missing) - known):
    failures.append(f"{missing[name]['file']}:{missing[name]['line']}: no story exercises the "
                    f"{missing[name]['kind']} {missing[name]['path']}")
for name in sorted(known - set(missing)):
    failures.append(f"{KNOWN}: exercised, or gone; take the line out: {name}")

# A file that no story plays at all has no part to be missing. One that only names its layers has none of its own.
for path in sorted(glob.glob(os.path.join(SOURCE, "config/procedures/*.yaml"))):
    name = os.path.relpath(path, SOURCE)
    with open(path, encoding="utf-8") as file:
        own = {line.split(":")[0] for line in file if line[0].isalpha()}
    if name not in told and own & {"stages", "clocks", "opens", "anytime"}:
        failures.append(f"{name}: no story plays it")

print("\n".join(failures) if failures else f"{len(shipped) - len(missing)} of {len(shipped)} exercised")
sys.exit(1 if failures else 0)
