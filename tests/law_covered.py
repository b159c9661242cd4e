#!/usr/bin/python3
"""Every part of the procedures that are shipped is exercised by a story: each rule taken, each need refusing, each
clock met and missed up its whole ladder, each ground and extension used. Write the story, or mend the law where
nothing can reach it. The tests of the stories leave what each exercised in the folder named: NAME.jsonl."""

import glob
import json
import os
import sys

SOURCE = os.path.abspath(os.environ.get("SOURCE", "."))
(EXERCISED,) = sys.argv[1:]

parts = {}
stories = sorted(glob.glob(f"{SOURCE}/tests/stories/*.yaml") + glob.glob(f"{SOURCE}/config/scenarios/*.yaml"))
for story in stories:
    name = os.path.splitext(os.path.basename(story))[0]
    with open(f"{EXERCISED}/{name}.jsonl", encoding="utf-8") as lines:
        for part in map(json.loads, lines):
            if "exercised" in part:
                place = os.path.relpath(part["file"], SOURCE)
                key = place, part["kind"], part["path"]
                known = parts.setdefault(key, {"line": part["line"], "exercised": False})
                known["exercised"] = known["exercised"] or part["exercised"]

shipped = {key: part for key, part in parts.items() if key[0].startswith("config/procedures/")}
missing = {key: part for key, part in shipped.items() if not part["exercised"]}
told = {place for place, _, _ in shipped}
failures = [f"{place}:{part['line']}: no story exercises the {kind} {path}"
            for (place, kind, path), part in sorted(missing.items())]

# A file that no story plays at all has no part to be missing. One that only names its layers has none of its own.
for path in sorted(glob.glob(os.path.join(SOURCE, "config/procedures/*.yaml"))):
    name = os.path.relpath(path, SOURCE)
    with open(path, encoding="utf-8") as file:
        own = {line.split(":")[0] for line in file if line[0].isalpha()}
    if name not in told and own & {"stages", "clocks", "opens", "anytime"}:
        failures.append(f"{name}: no story plays it")

print("\n".join(failures) if failures else f"{len(shipped) - len(missing)} of {len(shipped)} exercised")
sys.exit(1 if failures else 0)
