#!/usr/bin/python3
"""Every part of the procedures that are shipped is exercised by a story: each rule taken, each need refusing, each
clock met and missed up its whole ladder, each ground and extension used. Write the story, or mend the law where
nothing can reach it."""

import glob
import json
import os
import subprocess
import sys

SOURCE = os.environ.get("SOURCE", ".")
DUBAN = os.environ.get("DUBAN", "build/dev/bin/duban")

run = subprocess.run([DUBAN, "--lang", "en", "simulate", "--coverage", "-o", "json", "--config", "config", "tests/stories",
                      "config/scenarios"], cwd=SOURCE, capture_output=True, text=True)
if run.returncode != 0:
    sys.exit(run.stdout + run.stderr)
lines = [json.loads(line) for line in run.stdout.splitlines()]
shipped = [part for part in lines if part.get("file", "").startswith("config/procedures/") and "exercised" in part]
told = {part["file"] for part in shipped}
missing = [part for part in shipped if not part["exercised"]]
failures = [f"{part['file']}:{part['line']}: no story exercises the {part['kind']} {part['path']}" for part in missing]

# A file that no story plays at all has no part to be missing. One that only names its layers has none of its own.
for path in sorted(glob.glob(os.path.join(SOURCE, "config/procedures/*.yaml"))):
    name = os.path.relpath(path, SOURCE)
    with open(path, encoding="utf-8") as file:
        own = {line.split(":")[0] for line in file if line[0].isalpha()}
    if name not in told and own & {"stages", "clocks", "opens", "anytime"}:
        failures.append(f"{name}: no story plays it")

print("\n".join(failures) if failures else f"{len(shipped) - len(missing)} of {len(shipped)} exercised")
sys.exit(1 if failures else 0)
