#!/usr/bin/python3
"""What is private stands in the clear in no file of a daemon: journal, state, keys or log; nor in a
receipt that is about something else. Across kills; and what came again is known all the same."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time

BIN = os.path.dirname(os.environ["DUBAN"])
SOURCE = os.environ["SOURCE"]

try:
    sys.path.insert(0, os.path.join(SOURCE, "clients", "python"))
    os.environ.setdefault("DUBAN_PB2", os.path.join(os.path.dirname(BIN), "python"))
    sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
    import duban
    from audited import audited
except (ImportError, FileNotFoundError) as missing:
    print(f"skipped: {missing}: python3-zmq, python3-protobuf or protobuf-compiler is missing")
    sys.exit(77)

NOW_MS = int(time.time() * 1000) - 3600000
PUBLIC = "found-because-it-is-not-private"
PRIVATE = ["张三丰-canary-one", "李四-canary-two", "13800138000-canary-three", "canary-four", "canary-five"]


class House:
    def __init__(self, folder):
        self.data = os.path.join(folder, "data")
        self.run = os.path.join(folder, "run")
        self.log = os.path.join(folder, "log")
        os.mkdir(self.run, 0o700)
        self.process = None
        self.client = None

    def start(self):
        self.process = subprocess.Popen(
            [os.path.join(BIN, "duband"), "--data", self.data, "--run", self.run, "--empty", "--debug"],
            stderr=open(self.log, "ab"),
        )

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def again(self):
        self.kill()
        self.start()

    def send(self, case, event, kind, **more):
        if self.client is None:
            self.client = duban.Client(f"ipc://{self.run}/events.sock", resend_s=0.3)
        facts = more.pop("facts", {})
        return self.client.send(
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


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


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
    check(house.send("K-1", "1", "case.opened", **opening).verdict == duban.APPLIED, "opened")
    misspelt = house.send("K-1", "2", "told", facts={"party_nmae": two})
    check(misspelt.verdict == duban.REJECTED and two not in str(misspelt), "misspelt, and not told")
    wrong = house.send("K-1", "3", "told", facts={"party_born": three})
    check(wrong.verdict == duban.REJECTED and three not in str(wrong), "no date, and not told")
    check(house.send("K-9", "4", "told", facts={"party_name": four}).verdict == duban.REJECTED, "no case")
    early = dict(facts={"party_name": five, "remark": PUBLIC}, wait_for_ms=86400000)
    check(house.send("K-2", "5", "told", **early).verdict == duban.WAITING, "before its case")
    house.again()
    check(house.send("K-1", "1", "case.opened", **opening).verdict == duban.DUPLICATE, "known")
    check(house.send("K-2", "5", "told", **early).verdict == duban.DUPLICATE, "known while it waits")
    opening["facts"] = {"party_name": two, "remark": PUBLIC}
    reused = house.send("K-1", "1", "case.opened", **opening)
    check([r.code for r in reused.reasons] == ["id_reused"] and two not in str(reused), "id_reused")
    check(house.send("K-2", "6", "case.opened", procedure="secret").verdict == duban.APPLIED, "its case")
    check(house.send("K-2", "7", "case.ended").verdict == duban.APPLIED, "it was applied: has(party_name)")
    house.again()
    again = house.send("K-2", "5", "told", **early)
    check(again.verdict == duban.DUPLICATE and again.first == duban.APPLIED, "known when it rests")
    check(house.send("K-1", "8", "case.ended").verdict == duban.APPLIED, "ended")


def main():
    with tempfile.TemporaryDirectory(prefix="duban-private-") as folder:
        house = House(folder)
        atexit.register(house.kill)  # however this ends, nobody waits for a daemon left behind
        house.start()
        config = os.path.join(folder, "config")
        shutil.copytree(os.path.join(SOURCE, "tests/system/private"), config)
        shutil.copytree(os.path.join(SOURCE, "config/calendars"), os.path.join(config, "calendars"))
        installed = subprocess.run(
            [os.path.join(BIN, "duban"), "install", config, "--run", house.run],
            capture_output=True,
            text=True,
        )
        check(installed.returncode == 0, installed.stderr + open(house.log).read())
        live(house)
        house.client.close()
        house.process.terminate()
        check(house.process.wait(timeout=20) == 0, "the daemon ends well")
        audited(house.data)
        check(files_with(folder, PUBLIC), "the search finds what is there")
        for word in PRIVATE:
            check(not files_with(folder, word), f"{word} stands in {files_with(folder, word)}")
        print(f"{len(PRIVATE)} private words, in no file of the daemon")


main()
