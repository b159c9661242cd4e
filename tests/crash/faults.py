#!/usr/bin/python3
"""The disk fails under the real daemon: at one act, in one way, once or from then on. Whatever was
acknowledged before it ended is there when the disk is well again; nothing acts twice; the journal
verifies and replays. DUBAN_POINTS says how many (60, drawn by DUBAN_SEED)."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
from house import BIN, SOURCE, House, check, duban  # noqa: E402

POINTS = int(os.environ.get("DUBAN_POINTS", "60"))
SEED = int(os.environ.get("DUBAN_SEED", time.time_ns() % 1000000))
PRELOAD = os.path.join(os.path.dirname(BIN), "lib", "libcrash_io.so")
FAULTS = {1: "EIO", 2: "ENOSPC", 3: "a short write"}
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
NOW_MS = int(time.time() * 1000) - 3600000


def event(number):
    """Cases of three events; every third waits for its case."""
    case, step = divmod(number, 3)
    early = step == 0 and case % 3 == 2
    kind = ["case.opened", "told", "case.ended"][[1, 0, 2][step] if case % 3 == 2 else step]
    return duban.Event(
        id=f"e{number}",
        source="faults",
        agency="gulou",
        case_id=f"K-{case}",
        type=kind,
        occurred_at_ms=NOW_MS + number,
        actor=duban.Actor(person="wang", role="officer"),
        facts=[] if kind == "case.ended" else [duban.Fact(name="party_name", value=f"private-{number}")],
        procedure="secret" if kind == "case.opened" else "",
        wait_for_ms=86400000 if early else 0,
    )


EVENTS = [event(number) for number in range(18)]


class Life:
    """A house with a disk that may fail, and the ledger of its publisher."""

    def __init__(self, folder, config):
        self.folder = folder
        self.config = config
        self.house = House(folder)
        self.ledger = {}

    def start(self, **io):
        self.house.env = dict(os.environ, DUBAN_IO_FOLDER=self.house.data, **io)
        if io:
            self.house.env["LD_PRELOAD"] = PRELOAD
        self.house.start()
        self.house.env = None  # for the daemon alone

    def ended(self):
        return self.house.process.poll() is not None

    def answer(self, number):
        """The receipt, or None when the daemon has ended without one."""
        client = self.house.events()
        until = time.monotonic() + 30
        wanted = client.publish(number)
        while True:
            try:
                got, receipt = client.next(0.05)
                if got == wanted:
                    return receipt
            except duban.Timeout:
                check(time.monotonic() < until, "neither an answer nor an end:\n" + self.house.logged())
            if self.ended():
                client.waiting.clear()
                return None

    def installed(self):
        """The daemon may end meanwhile, as it may at any time."""
        command = [os.path.join(BIN, "duban"), "install", self.config, "--run", self.house.run]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as asking:
            while asking.poll() is None:
                if self.ended():
                    asking.kill()  # it would wait for an answer
                    return False
                time.sleep(0.005)
        check(asking.returncode == 0 or self.ended(), self.house.logged())
        return asking.returncode == 0

    def live(self):
        if not self.installed():
            return
        for number, sent in enumerate(EVENTS):
            receipt = self.answer(sent)
            if receipt is None:
                return
            check(receipt.verdict in (duban.APPLIED, duban.WAITING), f"e{number}: {receipt}")
            self.ledger[number] = receipt.seq

    def end(self):
        """It ends: well, or because it saw the fault. Which of them."""
        if not self.ended():
            self.house.process.terminate()
        return self.house.process.wait(timeout=60)

    def judge(self):
        """On a disk that is well."""
        self.start()
        check(self.installed(), "it serves again")
        seqs = set()
        for number, sent in enumerate(EVENTS):
            receipt = self.answer(sent)
            check(receipt is not None, "it ended on a disk that is well:\n" + self.house.logged())
            if number in self.ledger:
                known = receipt.verdict == duban.DUPLICATE and receipt.seq >= self.ledger[number]
                check(known, f"e{number} was acknowledged and is lost: {receipt}")
            check(receipt.verdict != duban.REJECTED, f"e{number} cannot be sent again: {receipt}")
            seqs.add(receipt.seq)
        self.house.stop()
        self.house.events().close()


def count_acts(folder, config):
    """Of a life without faults."""
    life = Life(folder, config)
    path = os.path.join(folder, "count")
    life.start(DUBAN_IO_COUNT=path)
    life.live()
    check(life.end() == 0 and len(life.ledger) == len(EVENTS), "without faults all is well")
    life.judge()
    with open(path, encoding="ascii") as count:
        return int(count.read())


def main():
    print(f"seed {SEED}")
    random.seed(SEED)
    stopped = 0
    with tempfile.TemporaryDirectory(prefix="duban-faults-", dir=MEMORY) as folder:
        config = os.path.join(folder, "config")
        shutil.copytree(os.path.join(SOURCE, "tests/system/private"), config)
        shutil.copytree(os.path.join(SOURCE, "config/calendars"), os.path.join(config, "calendars"))
        os.mkdir(os.path.join(folder, "well"))
        acts = count_acts(os.path.join(folder, "well"), config)
        for point in range(POINTS):
            place = os.path.join(folder, str(point))
            os.mkdir(place)
            at, fault, sticks = random.randint(1, acts), random.choice(list(FAULTS)), random.randint(0, 1)
            life = Life(place, config)
            try:
                life.start(DUBAN_IO_AT=str(at), DUBAN_IO_FAULT=str(fault), DUBAN_IO_STICKS=str(sticks))
                life.live()
                stopped += life.end() != 0
                life.judge()
            except SystemExit:
                print(f"act {at} of {acts}: {FAULTS[fault]}{' from then on' if sticks else ''}")
                raise
            shutil.rmtree(place)
        print(f"{POINTS} faults of {acts} acts of the disk: {stopped} ended it, 0 lies, 0 lost")


main()
