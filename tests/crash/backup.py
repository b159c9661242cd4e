#!/usr/bin/python3
"""Backups taken under load: each verifies, restores to a state that was once committed, and what is made
of it does nothing by itself that may have been done already; what the backup lacks is taken when it is
sent again. One daemon is killed while it makes a backup: half of one is never taken for a whole.

The ledger is the client's own. DUBAN_BACKUPS says how many (3); DUBAN_SEED repeats a run.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(os.environ["SOURCE"]) / "tests" / "lib"))
import rig  # noqa: E402

duban = rig.duban
from audited import audited  # noqa: E402

BACKUPS = int(os.environ.get("DUBAN_BACKUPS", "3"))
SEED = int(os.environ.get("DUBAN_SEED", time.time_ns() % 1000000))
WINDOW = 64
LOAD_S = 1.0


class Publisher:
    """Cases that live ten events each; the ledger has every receipt in the order it came."""

    def __init__(self, daemon):
        self.client = daemon.client(resend_s=0.3)
        self.ledger = {}  # (case, step) -> record
        self.open = {}  # request number -> (case, step)
        self.ready = []
        self.cases = 0
        self.waits = []  # how long receipts took, seconds
        self.sent = {}

    def turn(self):
        while len(self.open) < WINDOW:
            if not self.ready:
                self.ready.append((self.cases, 0))
                self.cases += 1
            case, step = self.ready.pop()
            number = self.client.publish(rig.event("load", case, step))
            self.open[number] = (case, step)
            self.sent[number] = time.monotonic()
        try:
            number, receipt = self.client.next(0.05)
        except duban.Timeout:
            return
        case, step = self.open.pop(number)
        self.waits.append(time.monotonic() - self.sent.pop(number))
        if receipt.verdict not in (duban.APPLIED, duban.DUPLICATE):
            sys.exit(f"{case}-{step}: {receipt}")
        self.ledger[case, step] = receipt.seq
        if step + 1 < len(rig.STEPS):
            self.ready.append((case, step + 1))

    def work(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.turn()

    def work_while(self, process):
        while process.poll() is None:
            self.turn()

    def p99_ms(self):
        waits, self.waits = sorted(self.waits), []
        return waits[len(waits) * 99 // 100] * 1000 if waits else 0.0


def backup(daemon, folder):
    return subprocess.Popen(
        [rig.BIN / "duban", "backup", folder, "--run", daemon.run, "--reason", "test", "-o", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def command(*words):
    done = subprocess.run([rig.BIN / "duban", *words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"duban {words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def check_restored(folder, ledger):
    """The store made of a backup: it has what the backup had, and takes the rest again."""
    seq = json.loads(command("backup", "verify", folder, "-o", "json"))["seq"]
    restored = rig.Daemon(install=False)
    command("restore", folder, "--store", str(restored.folder / "data"), "--reason", "test")
    audited(str(restored.folder / "data"))
    with restored:
        rig.until("it serves", 30, lambda: restored.command("status").returncode in (0, 1))
        time_of_calm = json.loads(restored.command("status", "-o", "json").stdout)
        if time_of_calm["seq"] != seq + 1 or time_of_calm["generation"] != 2:
            sys.exit(f"it did something by itself: {time_of_calm}, after a backup up to {seq}")
        client = restored.client(resend_s=1.0)
        had = [one for one in ledger if ledger[one] <= seq]
        lacked = sorted((one for one in ledger if ledger[one] > seq), key=ledger.get)
        for case, step in random.sample(had, min(300, len(had))):
            receipt = client.send(rig.event("load", case, step))
            if receipt.verdict != duban.DUPLICATE or receipt.seq != ledger[case, step]:
                sys.exit(f"{case}-{step} stood in record {ledger[case, step]}, and now {receipt}")
        for case, step in lacked[:500]:  # in the order they were acknowledged in
            receipt = client.send(rig.event("load", case, step))
            if receipt.verdict != duban.APPLIED or receipt.generation != 2:
                sys.exit(f"{case}-{step} is sent again, and {receipt}")
        client.close()
        restored.stop()
    return len(had), len(lacked)


def die_while_copying(daemon, publisher):
    """Killed on the way: nothing stands there by its name unless it is whole."""
    folder = daemon.folder / "cut"
    making = backup(daemon, str(folder))
    part = pathlib.Path(f"{folder}.part")
    rig.until("it begins", 30, lambda: part.exists() or folder.exists())
    daemon.process.kill()
    daemon.process.wait()
    making.kill()
    making.wait()
    if folder.exists():
        command("backup", "verify", str(folder))
    audited(str(daemon.folder / "data"))
    daemon.start()
    publisher.work(LOAD_S)


def main():
    print(f"seed {SEED}")
    random.seed(SEED)
    with rig.Daemon() as daemon:
        publisher = Publisher(daemon)
        publisher.work(LOAD_S)
        folders = []
        for i in range(BACKUPS):
            publisher.work(random.uniform(0.2, 1) * LOAD_S)
            calm_ms = publisher.p99_ms()
            folders.append(str(daemon.folder / f"backup-{i}"))
            making = backup(daemon, folders[-1])
            publisher.work_while(making)
            if making.returncode != 0:
                daemon.fail(making.stderr.read())
            busy_ms = publisher.p99_ms()
            print(f"receipts at p99: {calm_ms:.1f} ms before, {busy_ms:.1f} ms while a backup is made")
            publisher.work(random.uniform(0.1, 0.5) * LOAD_S)
        die_while_copying(daemon, publisher)
        for folder in folders:
            had, lacked = check_restored(folder, publisher.ledger)
            print(f"{had} events it had are known, {lacked} it lacked")
        publisher.client.close()
        daemon.stop()
    print(f"{BACKUPS} backups under load, {len(publisher.ledger)} acknowledged")


main()
