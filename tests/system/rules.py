#!/usr/bin/python3
"""The time limits of the law, tests/golden/rules.csv, against the procedures that are shipped: length, roll,
grounds of pause and extension of every row. What differs stands in tests/golden/rules_differ.csv with its
reason; a difference that is not there fails, and so does a line there that nothing needs any more."""

import csv
import json
import os
import re
import subprocess
import sys

SOURCE = os.environ.get("SOURCE", ".")
GOLDEN = os.path.join(SOURCE, "tests", "golden")
DUBAN = os.environ.get("DUBAN", "build/dev/bin/duban")

MARKET, CITY, ECOLOGY = "ordinary-market", "ordinary-city", "ordinary-ecology"
EVERY = [MARKET, CITY, ECOLOGY, "ordinary-market-kaifeng", "ordinary-market-xinzhou"]

# A row's profile, and in which procedures it must hold.
PROFILES = {
    "market-2022": [MARKET],
    "market to 2026-04-14": [MARKET],
    "ecology-2023": [ECOLOGY],
    "city-mgmt": [CITY],
    "market-2022, ecology-2023, city-mgmt": [MARKET, ECOLOGY, CITY],
    "other profiles": [CITY, ECOLOGY],
    "shanxi (seed 003)": ["ordinary-market-xinzhou"],
    "seed 000": ["ordinary-market-kaifeng"],
}
# A row whose clock has another name here, or stands in other procedures than its profile says.
CLOCKS = {
    "urgent_measure_report": "urgent_approval",
    "recheck_daily_fine": "recheck_daily",
    "criminal_transfer_decide": "transfer_decide",
    "criminal_transfer_send": "transfer_send",
    "criminal_dispute": "transfer_dispute",
    "criminal_handover": "transfer_handover",
    "announce_service": "announce",
    "publicity_decision": "publicity",
    "demand_letter": "demand",
    "visit_form_return": "visit_form",
    "onsite_fine_handover": "cash_hand_in",
    "onsite_fine_bank": "cash_bank",
    "listing_date": "due",
    "task_2019": "due",
    "task_2022": "due",
}
ELSEWHERE = {
    ("complaint_accept", "market to 2026-04-14"): ["complaint"],
    ("mediation_end", "market to 2026-04-14"): ["mediation"],
    ("jurisdiction_dispute", "market-2022"): ["jurisdiction"],
    ("jurisdiction_designate", "market-2022"): ["jurisdiction"],
    ("assist", "market-2022"): ["assist"],
    ("freeze", "law only"): ["freeze"],
    ("freeze_deliver", "law only"): ["freeze"],
    ("substitute", "all"): ["enforce"],
    ("decide", "all"): ["law-2021"],         # what sectors may add to, before they add to it
    ("onsite_fine_handover", "all"): ["simple"],
    ("onsite_fine_bank", "all"): ["simple"],
    ("simple_archive", "market-2022"): ["simple"],
    ("listing_date", "seed 000"): ["task"],
    ("task_2019", "seed 002"): ["task"],
    ("task_2022", "seed 003"): ["task"],
}
ALSO_SIMPLE = {"fine_pay", "late_fee", "demand_letter", "review_apply", "review_decide", "sue_after_review"}
# Rows that are an extension of a clock, not a clock.
EXTENSIONS = {
    "decide_ext1": ("decide", "first"),
    "decide_ext2": ("decide", "second"),
    "decide_ext2_mee": ("decide", "second"),
    "decide_ext2_city": ("decide", "second"),
}
GROUNDS = {
    "权利人辨认或鉴别": "identification", "责令退还多收价款": "refund_order", "技术鉴定": "appraisal",
    "中止": "suspend", "听证": "hearing", "公告": "announce", "检测": "testing", "检验": "inspection",
    "检疫": "quarantine", "鉴定": "appraisal", "监测": "monitoring", "评估": "assessment", "认定": "assessment",
    "不可抗力": "force_majeure", "reconsideration or suit pending": "remedy", "approved deferral": "deferral",
}
UNITS = {"wd": "wd", "cd": "d", "mo": "mo", "yr": "y", "h": "h", "wd-before-clear": "wd"}


def shown(name):
    path = os.path.join(SOURCE, "config", "procedures", name + ".yaml")
    return json.loads(subprocess.run([DUBAN, "procedure", "show", path, "-o", "json"], check=True,
                                     capture_output=True, text=True).stdout)


def law_length(row):
    longer = re.fullmatch(r"(\d+) \(\+(\d+)\)", row["length"])      # `60 (+30)`: and its extension
    if longer:
        row = dict(row, length=longer[1])
    if row["length"].isdigit() and row["unit"] in UNITS:
        return row["length"] + UNITS[row["unit"]] + (" before" if "before" in row["unit"] else "")
    return f"{row['length']} {row['unit']}"


def our_length(clock):
    if "accrues" in clock:
        rate = re.match(r"(\d+)% of .*, cap (\d+)%", clock["accrues"])
        return f"{rate[1]} % a day, cap {rate[2]} % cd"
    if "length" not in clock:
        return "until " + str(clock.get("until"))
    return clock["length"] + (" before" if "before" in clock else "")


def simple_cases(row, procedure, name):
    """`10 (simple case 5)`: the shorter length is a clock of its own."""
    both = re.fullmatch(r"(\d+) \(simple case (\d+)\)", row["length"])
    if not both:
        return row
    simple = procedure["clocks"].get(name + "_simple", {})
    return dict(row, length=both[1]) if simple.get("length") == both[2] + UNITS[row["unit"]] else row


def within(row, length):
    """`5-10` leaves a choice: whatever lies in it agrees."""
    span = re.fullmatch(r"(\d+)-(\d+)", row["length"])
    ours = re.fullmatch(r"(\d+)(wd|d)", length)
    units = {UNITS.get(unit) for unit in row["unit"].split("/")}
    return bool(span and ours and ours[2] in units and int(span[1]) <= int(ours[1]) <= int(span[2]))


def law_roll(row):
    return {"fwd": "forward", "none": "none"}.get(row["roll"])


def law_grounds(text):
    grounds = set()
    if text.startswith("none") or text == "n/a":
        return grounds
    for word in sorted(GROUNDS, key=len, reverse=True):
        if word in text:
            grounds.add(GROUNDS[word])
            text = text.replace(word, "")
    rest = "".join(re.findall("[\u4e00-\u9fff]+", text)) or ("" if grounds else text)
    if rest:
        grounds.add(rest)
    return grounds


def law_extension(row):
    text = row["extension"]
    longer = re.fullmatch(r"(\d+) \(\+(\d+)\)", row["length"])
    if longer:
        return longer[2] + UNITS[row["unit"]]
    added = re.search(r"\+\s*(\d+)\s*(wd|cd)?", text)
    if text.startswith("none"):
        return "none"
    return added[1] + UNITS[added[2] or "cd"] if added else text


def compare(row, clock):
    """Pairs of what differs and how it stands here."""
    if "length" not in clock and "until" in clock:      # a plan's own date: the case carries it
        yield "length", our_length(clock)
        return
    length = our_length(clock)
    if length != law_length(row) and not within(row, length):
        yield "length", length
    roll = law_roll(row)
    if roll and row["unit"] != "h" and "accrues" not in clock and clock.get("roll", "none") != roll:
        yield "roll", clock.get("roll", "none")
    grounds = set(clock.get("pause", {}).get("grounds", []))
    if grounds != law_grounds(row["pauses"]):
        yield "pauses", " ".join(sorted(grounds)) or "none"
    extension = next((e.get("upto", "no number") for e in clock.get("extend", {}).values()), "none")
    if row["extension"] not in ("see decide_ext*", "profile") and extension != law_extension(row):
        yield "extension", extension


def compare_extension(row, clock, name):
    extension = clock.get("extend", {}).get(name, {})
    law = re.search(r"\+(\d+)", row["length"])
    ours = extension.get("upto", "no number")
    if ours != (law[1] + "d" if law else "no number"):
        yield "length", ours
    if clock.get("roll") != law_roll(row):
        yield "roll", clock.get("roll", "none")
    if row["pauses"] != "same" and set(clock["pause"]["grounds"]) != law_grounds(row["pauses"]):
        yield "pauses", " ".join(sorted(clock["pause"]["grounds"]))
    if "集体讨论" in row["extension"] and "discussed" not in extension.get("needs", {}):
        yield "extension", "without the panel"


def differences(rows):
    known = {}
    for row in rows:
        key, profile = row["key"], row["profile"]
        places = ELSEWHERE.get((key, profile)) or PROFILES.get(profile) or EVERY
        places = places + (["simple"] if key in ALSO_SIMPLE else [])
        for place in places:
            procedure = known.get(place) or known.setdefault(place, shown(place))
            clock_name, extension = EXTENSIONS.get(key, (CLOCKS.get(key, key), None))
            clock = procedure["clocks"].get(clock_name)
            if not clock:
                found = [("clock", "none")]
            elif extension:
                found = compare_extension(row, clock, extension)
            else:
                found = compare(simple_cases(row, procedure, clock_name), clock)
            for what, ours in found:
                yield key, profile, what, ours


def main():
    with open(os.path.join(GOLDEN, "rules.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(os.path.join(GOLDEN, "rules_differ.csv"), encoding="utf-8", newline="") as file:
        explained = list(csv.DictReader(file))
    found = dict.fromkeys(differences(rows))
    known = {(line["key"], line["profile"], line["what"], line["ours"]) for line in explained}
    wrong = [f"not explained: {','.join(item)}" for item in found if item not in known]
    wrong += [f"explained, but no longer so: {','.join(item)}" for item in sorted(known - set(found))]
    wrong += [f"no reason: {line}" for line in explained if len(line["why"] or "") < 10]
    if len(known) != len(explained):
        wrong.append("a difference is explained twice")
    print("\n".join(wrong + [f"{len(rows)} rows, {len(found)} differences, {len(wrong)} wrong"]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
