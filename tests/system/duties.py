#!/usr/bin/python3
"""docs/reference/duties.md against what is shipped: every name it gives exists, every clock stands in it, the
105 duties are all there, once and in order, what is done has its story, and what is not says what is missing."""

import glob
import json
import os
import re
import subprocess
import sys

SOURCE = os.environ.get("SOURCE", ".")
DUBAN = os.environ.get("DUBAN", os.path.join("build", "dev", "bin", "duban"))
DOCUMENTS = {"S0": 19, "S1": 17, "S2": 23, "S3": 29, "S4": 17}


def output(*args):
    return subprocess.run([DUBAN, *args], check=True, capture_output=True, text=True).stdout


def keys(node, names):
    """Every name that a procedure gives: keys of maps, and the words of lists of names."""
    if isinstance(node, dict):
        for key, value in node.items():
            names.add(key)
            keys(value, names)
    elif isinstance(node, list):
        for item in node:
            keys(item, names)
    elif isinstance(node, str) and re.fullmatch(r"[a-z][a-z0-9_.]*", node):
        names.add(node)


def shipped():
    names, clocks = {"id", "source"}, set()
    for path in glob.glob(os.path.join(SOURCE, "config", "procedures", "*.yaml")):
        procedure = json.loads(output("procedure", "show", path, "-o", "json"))
        names.add(procedure["procedure"])
        keys(procedure, names)
        if procedure["procedure"] != "minor":           # the example of the guide, no law
            clocks |= set(procedure.get("clocks", {}))
    return names, clocks


def told_by(story):
    """Whether a story of that name is played: the law's own, or one beside the procedures."""
    return any(os.path.exists(os.path.join(SOURCE, folder, story + ".yaml"))
               for folder in ("tests/stories", "config/scenarios"))


def exists(token, names, commands):
    if token.startswith("duban "):
        return token.split()[1] in commands
    if "/" in token:
        return os.path.exists(os.path.join(SOURCE, token))
    if token.startswith("[") and token.endswith("]"):    # entering a stage
        token = token[1:-1]
    return token in names or told_by(token)


def judged(cells):
    """What is wrong with a duty's own row."""
    if len(cells) != 5:
        return "it has not five cells"
    stories = re.findall(r"`([^`]+)`", cells[3])
    for story in stories:
        if not told_by(story):
            return f"no story {story}"
    if not re.fullmatch(r"done|(partly|not): .{8,}", cells[4]):
        return f"its state says too little: {cells[4]}"
    if cells[4] == "done" and not (stories and cells[2]):
        return "done, but nothing does or shows it"
    if cells[4].startswith("partly") and not cells[2]:
        return "partly done, but by nothing"
    return None


def main():
    names, clocks = shipped()
    commands = set(re.findall(r"^  ([a-z]+) +\S", output("--help"), re.MULTILINE))
    with open(os.path.join(SOURCE, "docs", "reference", "duties.md"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    wrong, duties, states = [], [], {"done": 0, "partly": 0, "not": 0}
    told = set()
    for number, line in enumerate(lines, 1):
        if not line.startswith(("|", "- `")):
            continue
        told |= set(re.findall(r"`([^`]+)`", line))
        wrong += [f"{number}: no {token}" for token in re.findall(r"`([^`]+)`", line)
                  if not exists(token, names, commands)]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"S\d-\d\d", cells[0]):
            duties.append(cells[0])
            states[cells[-1].split(":")[0]] = states.get(cells[-1].split(":")[0], 0) + 1
            problem = judged(cells)
            wrong += [f"{number}: {cells[0]}: {problem}"] if problem else []
    wrong += [f"clock {clock} is not told" for clock in sorted(clocks - told)]
    if duties != [f"{d}-{n:02}" for d, count in DOCUMENTS.items() for n in range(1, count + 1)]:
        wrong.append("the duties are not all there, once and in order")
    counted = ", ".join(f"{state} {count}" for state, count in states.items())
    print("\n".join(wrong + [f"{len(duties)} duties: {counted}; {len(wrong)} wrong"]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
