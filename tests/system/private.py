#!/usr/bin/python3
"""What is private stands in the clear in no file of a daemon: journal, state, keys or log; nor in a
receipt that is about something else. Across kills; and what came again is known all the same."""

import os
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
from house import SOURCE, House, check, duban  # noqa: E402

NOW_MS = int(time.time() * 1000) - 3600000
PUBLIC = "found-because-it-is-not-private"
PRIVATE = ["张三丰-canary-one", "李四-canary-two", "13800138000-canary-three", "canary-four", "canary-five"]


def send(house, case, event, kind, **more):
    facts = more.pop("facts", {})
    return house.events().send(
        duban.Event(
            id=event,
            source="test",
            agency="gulou",
            case_id=case,
            type=kind,
            occurred_at_ms=NOW_MS,
            actor=duban.Actor(person="wang", role="officer"),
            facts=[duban.Fact(name=name, value=value) for name, value in facts.items()],
            **more,
        )
    )


def files_with(folder, word):
    found = []
    for below, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(below, name)
            if os.path.isfile(path) and word.encode() in open(path, "rb").read():
                found.append(name)
    return found


def live(house):
    one, two, three, four, five = PRIVATE
    opening = dict(procedure="secret", facts={"party_name": one, "remark": PUBLIC})
    check(send(house, "K-1", "1", "case.opened", **opening).verdict == duban.APPLIED, "opened")
    misspelt = send(house, "K-1", "2", "told", facts={"party_nmae": two})
    check(misspelt.verdict == duban.REJECTED and two not in str(misspelt), "misspelt, and not told")
    wrong = send(house, "K-1", "3", "told", facts={"party_born": three})
    check(wrong.verdict == duban.REJECTED and three not in str(wrong), "no date, and not told")
    check(send(house, "K-9", "4", "told", facts={"party_name": four}).verdict == duban.REJECTED, "no case")
    early = dict(facts={"party_name": five, "remark": PUBLIC}, wait_for_ms=86400000)
    check(send(house, "K-2", "5", "told", **early).verdict == duban.WAITING, "before its case")
    house.again()
    check(send(house, "K-1", "1", "case.opened", **opening).verdict == duban.DUPLICATE, "known")
    check(send(house, "K-2", "5", "told", **early).verdict == duban.DUPLICATE, "known while it waits")
    opening["facts"] = {"party_name": two, "remark": PUBLIC}
    reused = send(house, "K-1", "1", "case.opened", **opening)
    check([r.code for r in reused.reasons] == ["id_reused"] and two not in str(reused), "id_reused")
    check(send(house, "K-2", "6", "case.opened", procedure="secret").verdict == duban.APPLIED, "its case")
    check(send(house, "K-2", "7", "case.ended").verdict == duban.APPLIED, "it was applied: has(party_name)")
    house.again()
    again = send(house, "K-2", "5", "told", **early)
    check(again.verdict == duban.DUPLICATE and again.first == duban.APPLIED, "known when it rests")
    check(send(house, "K-1", "8", "case.ended").verdict == duban.APPLIED, "ended")


def asked(house):
    """What is told of a case masks it, whoever asks and however."""
    for case in ("K-1", "K-2"):
        for words in (("log",), ("log", "-o", "json"), ("log", "-o", "csv"), ("why",), ("why", "-o", "json")):
            said = house.duban(*words, case)
            check(said.returncode == 0, said.stderr)
            for word in PRIVATE:
                check(word not in said.stdout, f"{word} is told by duban {' '.join(words)} {case}")
    log = house.duban("log", "-o", "json", "K-1").stdout
    check("•••" in log and PUBLIC in log, "what is masked is shown as masked, what is public as it is")


def erased(house):
    """What a destroyed key leaves: the record of it, and everything but the words."""
    erase = lambda *words: house.duban("erase", *words, "--by", "wang")
    check(erase("gulou/K-1").returncode == 2, "not without a reason")
    check(erase("gulou/K-7", "--reason", "none").returncode == 1, "there is no such case")
    check(send(house, "K-3", "9", "case.opened", procedure="secret").verdict == duban.APPLIED, "opened")
    check(erase("gulou/K-3", "--reason", "too early").returncode == 1, "an open one keeps its words")
    with open(os.path.join(house.data, "private.keys"), "rb") as keys:
        salt = keys.read()[8192 + 16 : 8192 + 48]
    done = erase("gulou/K-1", "--reason", "kept for ten years")
    check(done.returncode == 0, done.stdout + done.stderr)
    check(salt != bytes(32), "there was a key")
    with open(os.path.join(house.data, "private.keys"), "rb") as keys:
        check(salt not in keys.read(), "it is gone from the file")
    house.again()
    opening = dict(procedure="secret", facts={"party_name": PRIVATE[0], "remark": PUBLIC})
    check(send(house, "K-1", "1", "case.opened", **opening).verdict == duban.DUPLICATE, "still known")


def main():
    with tempfile.TemporaryDirectory(prefix="duban-private-") as folder:
        house = House(folder, "--debug")
        config = os.path.join(folder, "config")
        shutil.copytree(os.path.join(SOURCE, "tests/system/private"), config)
        shutil.copytree(os.path.join(SOURCE, "config/calendars"), os.path.join(config, "calendars"))
        house.start()
        house.install(config)
        live(house)
        asked(house)
        erased(house)
        house.events().close()
        house.stop()
        check(files_with(folder, PUBLIC), "the search finds what is there")
        for word in PRIVATE:
            check(not files_with(folder, word), f"{word} stands in {files_with(folder, word)}")
        print(f"{len(PRIVATE)} private words, in no file of the daemon")


main()
