#!/usr/bin/python3
"""kill -9 under load, again and again: whatever was acknowledged is there, nothing acted twice, and
what stayed unanswered settles when it is sent again.

The ledger is the client's own. DUBAN_KILLS says how often (100); DUBAN_SEED repeats a run.
"""

import atexit
import os
import random
import subprocess
import sys
import tempfile
import time

BIN = os.path.dirname(os.environ["DUBAN"])
SOURCE = os.environ["SOURCE"]
KILLS = int(os.environ.get("DUBAN_KILLS", "100"))
SEED = int(os.environ.get("DUBAN_SEED", time.time_ns() % 1000000))
WINDOW = 64

try:
    sys.path.insert(0, os.path.join(SOURCE, "clients", "python"))
    os.environ.setdefault("DUBAN_PB2", os.path.join(os.path.dirname(BIN), "python"))
    sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
    import duban
    from audited import audited
except (ImportError, FileNotFoundError) as missing:
    print(f"skipped: {missing}: python3-zmq, python3-protobuf or protobuf-compiler is missing")
    sys.exit(77)

STEPS = [
    ("case.opened", "officer", {"remark": "开案"}),
    ("case.filed", "officer", {}),
    ("evidence.taken", "officer", {"minor": "true"}),
    ("notice.given", "officer", {}),
    ("statement.heard", "officer", {"remark": "陈述"}),
    ("review.asked", "officer", {}),
    ("review.passed", "leader", {}),
    ("hearing.offered", "officer", {}),
    ("decision.made", "leader", {"fine": "2000.00"}),
    ("service.done", "officer", {}),
]


class Daemon:
    """The real one, in a folder of its own."""

    def __init__(self, folder):
        self.data = os.path.join(folder, "data")
        self.run = os.path.join(folder, "run")
        os.mkdir(self.run, 0o700)
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [os.path.join(BIN, "duband"), "--data", self.data, "--run", self.run, "--empty"],
            stderr=open(os.path.join(self.run, "log"), "ab"),
        )

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=20)

    def command(self, *words):
        return subprocess.run(
            [os.path.join(BIN, "duban"), *words, "--run", self.run], capture_output=True, text=True
        )


class Publisher:
    """Cases that live ten events each, and the ledger of what was acknowledged."""

    def __init__(self, endpoint):
        self.client = duban.Client(endpoint, resend_s=0.3)
        self.ledger = {}  # event id -> (seq, revision)
        self.open = {}  # request number -> (case, step)
        self.ready = []  # (case, step) that may be sent
        self.cases = 0

    def event(self, case, step):
        kind, role, facts = STEPS[step]
        return duban.Event(
            id=f"{case}-{step}",
            source="kill",
            agency="bench",
            case_id=f"K-{case}",
            type=kind,
            occurred_at_ms=self.occurred(case, step),
            actor=duban.Actor(person=role, role=role),
            facts=duban.facts(**facts),
            procedure="case10" if step == 0 else "",
        )

    def occurred(self, case, step):
        """The same for every sending of an event: it is part of its content."""
        return self.began_ms + case * 10 + step

    began_ms = int(time.time() * 1000) - 3600000

    def fill(self):
        while len(self.open) < WINDOW:
            if not self.ready:
                self.ready.append((self.cases, 0))
                self.cases += 1
            case, step = self.ready.pop()
            self.open[self.client.publish(self.event(case, step))] = (case, step)

    def take(self, timeout_s):
        try:
            number, receipt = self.client.next(timeout_s)
        except duban.Timeout:
            return False
        case, step = self.open.pop(number)
        name = f"{case}-{step}"
        if receipt.verdict not in (duban.APPLIED, duban.DUPLICATE):
            reasons = [reason.en for reason in receipt.reasons]
            sys.exit(f"{name} was answered {receipt.verdict}: {reasons}")
        if name in self.ledger and self.ledger[name][0] != receipt.seq:
            sys.exit(f"{name} acted twice: records {self.ledger[name][0]} and {receipt.seq}")
        self.ledger[name] = (receipt.seq, receipt.revision)
        if step + 1 < len(STEPS):
            self.ready.append((case, step + 1))
        return True

    def run(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.fill()
            self.take(0.005)

    def settle(self):
        until = time.monotonic() + 30
        while self.open:
            self.take(0.5)
            if time.monotonic() > until:
                sys.exit(f"{len(self.open)} events stay unanswered")

    def check(self):
        """Every acknowledged event, sent again: the first receipt again, never a second act."""
        seqs = [seq for seq, _ in self.ledger.values()]
        if len(set(seqs)) != len(seqs):
            sys.exit("two events share a record")
        for name in random.sample(sorted(self.ledger), min(500, len(self.ledger))):
            case, step = map(int, name.split("-"))
            receipt = self.client.send(self.event(case, step))
            if receipt.verdict != duban.DUPLICATE or receipt.seq != self.ledger[name][0]:
                sys.exit(f"{name} was acknowledged in record {self.ledger[name][0]} and is lost")


def main():
    print(f"seed {SEED}")
    random.seed(SEED)
    with tempfile.TemporaryDirectory(prefix="duban-kill-") as folder:
        daemon = Daemon(folder)
        atexit.register(daemon.kill)  # however this ends, nobody waits for a daemon left behind
        daemon.start()
        installed = daemon.command("install", os.path.join(SOURCE, "tests", "bench", "config"))
        if installed.returncode != 0:
            sys.exit(installed.stderr + open(os.path.join(daemon.run, "log")).read())
        publisher = Publisher(f"ipc://{daemon.run}/events.sock")
        for kill in range(KILLS):
            publisher.run(random.uniform(0.01, 0.15))
            daemon.kill()
            if kill % 20 == 0:
                audited(daemon.data)  # as the crash left it, the state behind the journal
            daemon.start()
        publisher.settle()
        publisher.check()
        publisher.client.close()
        if daemon.stop() != 0:
            sys.exit("the daemon did not end well:\n" + open(os.path.join(daemon.run, "log")).read())
        audited(daemon.data)
        print(f"{KILLS} kills, {len(publisher.ledger)} acknowledged, 0 lost, 0 twice")


main()
