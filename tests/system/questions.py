#!/usr/bin/python3
"""Questions at the control door of the real daemon: what they answer, in parts and pages, as of a record,
after a kill the same, and no more of them at once than there is room for."""

import os
import sys

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import rig  # noqa: E402
from rig import duban, pb  # noqa: E402

CASES = 300
STAGES = ["filed", "reviewed", "decided", "done"]


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


def stage_of(case):
    """Where a case is left: one in ten closed, the others in three stages."""
    return 10 if case % 10 == 0 else (4, 6, 9)[case % 3]


def live(daemon):
    client = daemon.client()
    for case in range(CASES):
        for step in range(stage_of(case)):
            receipt = client.send(rig.event("q", case, step))
            check(receipt.verdict == duban.APPLIED, receipt)
    return client, receipt


def expected(wanted):
    return sorted(f"q-{case}" for case in range(CASES) if wanted(case))


def names(answer):
    return sorted(case["case"] for case in answer["cases"])


def refused(control, word, **question):
    try:
        control.ask(**question)
    except duban.Refused as why:
        check(word in str(why), f"{word} in {why}")
        return
    sys.exit(f"not refused: {question}")


def find(control, words, **more):
    return control.ask(find=pb.FindQuery(filter=words, **more))


def finds(control, last):
    at = control.ask(at_least_seq=last.seq, find=pb.FindQuery(limit=CASES))
    check(control.seq >= last.seq, "it has seen what was asked for")
    check(names(at) == expected(lambda case: True) and at["complete"], "every case")
    check(control.parts > 1, "a long answer comes in parts")
    check(names(find(control, "state=closed", limit=CASES)) == expected(lambda case: stage_of(case) == 10), "closed")
    reviewed = find(control, "stage=reviewed & agency=bench & procedure=case10 & state=open", limit=CASES)
    check(names(reviewed) == expected(lambda case: stage_of(case) == 6), "a stage")
    check(not find(control, "stage!=filed & stage=filed")["cases"], "both must hold")
    due = find(control, "due<=4mo & state!=closed", limit=CASES)
    check(names(due) == expected(lambda case: stage_of(case) < 10), "all that is open is due within four months")
    check(find(control, "due<today")["cases"] == find(control, "overdue")["cases"] == [], "nothing is late")
    check(names(find(control, "case=q-1*", limit=CASES)) == expected(lambda case: str(case).startswith("1")), "q-1*")
    check(names(find(control, "case=q-17")) == ["q-17"], "one case by name")
    check(not find(control, "case=q-")["cases"], "a beginning is no name")


def pages(control):
    for words in ("", "state=open", "case=q-2*"):
        whole = find(control, words, limit=CASES)["cases"]
        seen, after = [], ""
        while True:
            page = find(control, words, limit=7, after=after)
            seen += page["cases"]
            check(len(page["cases"]) == 7 or page["complete"], "a full page")
            if page["complete"]:
                break
            after = page["after"]
        check(seen == whole, f"pages of `{words}` are the whole, in its order")
    exact = len(find(control, "state=closed", limit=CASES)["cases"])
    check(find(control, "state=closed", limit=exact)["complete"], "none is left behind the last")
    check(not find(control, "state=closed", limit=exact - 1)["complete"], "one is left")


def refusals(control, last):
    refused(control, "no record", at_least_seq=last.seq + 1000, find=pb.FindQuery())
    refused(control, "did you mean reviewed", find=pb.FindQuery(filter="stage=reviewd"))
    refused(control, "did you mean stage? (column 6)", find=pb.FindQuery(filter="due> & stge=x".replace("due> & ", "     ")))
    refused(control, "neither a date", find=pb.FindQuery(filter="due<3xd"))
    refused(control, "begin anew", find=pb.FindQuery(after="zz"))
    refused(control, "at most 1024", find=pb.FindQuery(filter="x" * 2000))
    refused(control, "at most 1024", log=pb.CaseQuery(case_id="x" * 100000))
    refused(control, "find case=nobody", why=pb.CaseQuery(case_id="nobody"))
    refused(control, "no agency", log=pb.CaseQuery(agency="elsewhere", case_id="q-1"))
    refused(control, "does not know")


def one_case(control, client):
    """A case that was refused something, as it was told then and as it stood."""
    late = client.send(rig.event("q", 3, 8))
    check(late.verdict == duban.REJECTED, "too early for a decision")
    log = control.ask(at_least_seq=late.seq, log=pb.CaseQuery(agency="bench", case_id="q-3"))
    seqs = [record["seq"] for record in log["records"]]
    check(seqs == sorted(seqs) and seqs[-1] == late.seq, "records in order, the last one too")
    check([r["verdict"] for r in log["records"]][-2:] == ["applied", "rejected"], "what became of them")
    check(log["records"][-1]["reasons"][0]["code"] == late.reasons[0].code, "and why")
    check(log["case"]["stage"] == late.stage, "where it stands")
    opened = log["records"][0]
    check(opened["event"]["type"] == "case.opened" and opened["event"]["person"] == "officer", "who did it")
    check(any(effect["effect"] == "fact" and "开案" in effect["zh"] for effect in opened["effects"]), "in words")

    why = control.ask(why=pb.CaseQuery(case_id="q-3"))
    check("review.asked" in [event["event"] for event in why["events"]], "what it waits for")
    check(why["refusals"][0]["seq"] == late.seq, "what was refused lately")
    check({limit["clock"] for limit in why["limits"]} >= {"inquire"}, "what runs")
    check(why["next"]["at"] is not None and why["next"]["fires"], "what happens if nobody acts")


def back_then(control):
    whole = control.ask(log=pb.CaseQuery(case_id="q-2"))
    for record in whole["records"]:
        at_ms = instant(record["at"])
        then = control.ask(log=pb.CaseQuery(case_id="q-2", at_ms=at_ms))
        check(then["records"] == [r for r in whole["records"] if instant(r["at"]) <= at_ms], "its records up to then")
        check(then["case"]["stage"] == then["records"][-1]["stage"], "its stage then")
        check(then["case"]["revision"] == then["records"][-1]["revision"], "its revision then")
    refused(control, "was opened on", log=pb.CaseQuery(case_id="q-2", at_ms=1))


def instant(text):
    import datetime

    return round(datetime.datetime.fromisoformat(text).timestamp() * 1000)


def counted(control):
    find(control, "")
    status = control.ask(status=pb.StatusQuery())
    closed = len(expected(lambda case: stage_of(case) == 10))
    check(status["cases_closed"] == closed and status["cases_open"] == CASES - closed, status)
    check(status["well"] and not status["trouble"] and status["journal_bytes"] > 0, status)
    time = control.ask(time=pb.TimeQuery())
    check(not time["guarded"] and abs(time["now_ms"] - time["wall_ms"]) < 60000, time)


def crowd(control, client):
    """Far more questions than there is room for: each is answered or told busy, and events go on."""
    asked = {control.send(find=pb.FindQuery(limit=CASES)) for _ in range(200)}
    check(client.send(rig.event("q", 3, 4)).verdict == duban.APPLIED, "an event among questions")
    answered = busy = 0
    while asked:
        reply = control.reply()
        if reply.WhichOneof("what") == "error":
            check(reply.error.code == pb.Error.BUSY, reply.error.en)
            busy += 1
        elif reply.answer.more:
            continue
        else:
            answered += 1
        asked.discard(reply.number)
    check(answered >= 16, f"{answered} were answered")
    check(busy > 0, "nobody was told busy")
    check(len(find(control, "", limit=CASES)["cases"]) == CASES, "and then there is room again")


def told(control):
    return [
        find(control, "", limit=CASES)["cases"],
        control.ask(log=pb.CaseQuery(case_id="q-5"))["records"],
        control.ask(why=pb.CaseQuery(case_id="q-7"))["case"],
    ]


def main():
    with rig.Daemon() as daemon:
        client, last = live(daemon)
        control = duban.Control(f"ipc://{daemon.run}/control.sock")
        finds(control, last)
        pages(control)
        refusals(control, last)
        counted(control)
        one_case(control, client)
        back_then(control)
        crowd(control, client)
        before = told(control)
        control.close()
        daemon.process.kill()
        daemon.process.wait()
        daemon.start()
        control = duban.Control(f"ipc://{daemon.run}/control.sock")
        check(told(control) == before, "after a kill the same")
        control.close()
        client.close()
        daemon.stop()
    print(f"{CASES} cases, found, paged, told and told again")


main()
