#!/usr/bin/python3
"""The surcharges of tests/golden/latefee.csv as the procedures reckon them: each row is played as a whole case of
the ordinary and of the simple procedure, from filing to payment, and the sum of the clock `late_fee` compared."""

import csv
import datetime
import os
import subprocess
import sys
import tempfile

SOURCE = os.environ.get("SOURCE", ".")
DUBAN = os.environ.get("DUBAN", os.path.join("build", "dev", "bin", "duban"))
GOLDEN = os.path.join(SOURCE, "tests", "golden", "latefee.csv")
CONFIG = os.path.join(SOURCE, "config")
SIMPLE_MOST = 300000            # fen: what may be fined on the spot


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02}"


def day(date, hour):
    return f"{date.isoformat()}T{hour:02}:00"


def step(at, event, by, facts="", documents="", expect=""):
    parts = [f"at: {at}", f"event: {event}", f"by: {by}"]
    parts += ["with: [o2]"] if by == "officer" else []
    parts += [f"set: {{{facts}}}"] if facts else []
    parts += [f"documents: [{documents}]"] if documents else []
    parts += [f"expect: {{{expect}}}"] if expect else []
    return "  - {" + ", ".join(parts) + "}"


def ordinary(fine, served):
    """Up to service: the term of payment begins on that day."""
    before = [served - datetime.timedelta(days=days) for days in range(6, 0, -1)]
    return [
        step(day(before[0], 10), "case.filed", "deputy_head", "item: food-unsafe, party_kind: organisation", "立案审批表"),
        step(day(before[1], 10), "investigation.concluded", "officer",
             f"party_kind: organisation, proposed: penalty, kinds: [fine], intended: {fine}, major: false, "
             "art58: false", "调查终结报告"),
        step(day(before[2], 10), "review.submitted", "unit_head", "", "审核送审表"),
        step(day(before[3], 10), "review.passed", "reviewer", "", "审核意见书"),
        step(day(before[4], 10), "prenotice.served", "officer", f"notified: {fine}, hearing_told: true",
             "行政处罚告知书, 送达回证"),
        step(day(before[4], 11), "statement.waived", "party", "", "放弃陈述申辩声明"),
        step(day(before[5], 10), "decision.made", "leader",
             f"outcome: penalty, fine: {fine}, as_notified: true, correction: in_decision, remedy_told: true, "
             "surcharge_told: true", "行政处罚决定书"),
        step(day(served, 10), "service.done", "officer", "mode: direct", "送达回证"),
    ]


def simple(fine, served):
    return [
        step(day(served, 9), "clue.registered", "officer", "source: patrol, party_kind: organisation"),
        step(day(served, 9), "simple.notice_given", "officer",
             "item: food-label, facts_clear: true, rights_told: true", "现场笔录"),
        step(day(served, 9), "decision.made", "officer",
             f"penalty: fine, fine: {fine}, decision_no: X1, defence_heard: true, review_first_told: true, "
             "surcharge_told: true", "当场处罚决定书"),
        step(day(served, 10), "service.done", "officer", "", "送达回证"),
    ]


def stops(row):
    """What stops it, by the clock's own grounds: of an ordinary fine two may overlap."""
    steps = []
    for ground, span in zip(("remedy", "deferral"), filter(None, row["suspended_inclusive"].split(";"))):
        first, last = span.split("..")
        for date, event in ((first, "clock.paused"), (last, "clock.resumed")):
            steps.append((date, step(f"{date}T12:00", event, "legal", f"clock: late_fee, ground: {ground}",
                                     "中止审批表")))
    return [text for _, text in sorted(steps)]


def story(row, procedure, way):
    end = datetime.date.fromisoformat(row["payment_term_end"])
    fen, sum_fen = int(row["principal_fen"]), int(row["surcharge_fen"])
    steps = way(yuan(fen), end - datetime.timedelta(days=15))
    steps += [f"  - {{until: {row['payment_term_end']}T14:00, expect: {{clocks: {{fine_pay: {{last_day: {end}}}}}}}}}"]
    steps += stops(row)
    late = "{state: met" + f", amount: {yuan(sum_fen)}" + "}" if sum_fen else "{state: none}"
    if int(row["days_counted"]) > 33:
        late = late.replace("met", "capped")
    steps.append(step(f"{row['paid_on']}T15:00", "payment.received", "bank", f"paid: {yuan(fen + sum_fen)}",
                      "财政票据", f"stage: closing, clocks: {{late_fee: {late}}}"))
    return "\n".join([f"scenario: {row['id']}, {procedure}", f"config: {CONFIG}", f"procedure: {procedure}",
                      f"case: {{id: {row['id']}, agency: gulou}}",
                      "people: {officer: [o1, o2]}", "steps:", *steps, ""])


def main():
    with open(GOLDEN, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            ways = [("ordinary-market", ordinary)]
            if int(row["principal_fen"]) <= SIMPLE_MOST and not row["suspended_inclusive"]:
                ways.append(("simple", simple))
            for procedure, way in ways:
                with open(os.path.join(folder, f"{row['id']}-{procedure}.yaml"), "w", encoding="utf-8") as file:
                    file.write(story(row, procedure, way))
        told = subprocess.run([DUBAN, "simulate", folder], capture_output=True, text=True)
    print(told.stdout + told.stderr)
    sys.exit(0 if told.returncode == 0 and len(rows) == 10 else 1)


if __name__ == "__main__":
    main()
