#!/usr/bin/python3
"""kill -9 of a worker under load, again and again, with the real daemon and a provider that keeps a ledger
of its own. Over a channel that takes a key twice nothing is sent twice, and whatever the provider may not
have is in doubt by the daemon's record; over an idempotent one all of it arrives, and no key is sent again
but for an attempt that a kill cut short. The same, less often, with a worker in Python. Then one that sleeps
longer than its lease.

DUBAN_KILLS says how often (50, half of them over each channel); DUBAN_SEED repeats a run.
"""

import collections
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import bells  # noqa: E402
from bells import duban, until  # noqa: E402
from house import BIN, SOURCE, check  # noqa: E402

KILLS = int(os.environ.get("DUBAN_KILLS", "50")) // 2
SEED = int(os.environ.get("DUBAN_SEED", time.time_ns() % 1000000))
RINGS = 12  # for each kill
LEASE_S = 4


# A worker in Python, and the provider's socket.
SCRIPT = """
import socket, sys, worker

def send(job):
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(sys.argv[1])
        except OSError as why:
            raise worker.Later("away", str(why))
        line.sendall(f"{job.key}\\n".encode())
        answer = line.recv(1024).decode()
    return answer.removeprefix("ok ").strip() if answer else 1 / 0

worker.run(sys.argv[2], ["sms"], send, ledger=sys.argv[3])
"""


class Stage:
    """A provider that is a process of its own, and workers."""

    def __init__(self, house, python=False, pause_s=0.01):
        self.house = house
        self.python = python
        self.folder = pathlib.Path(house.data).parent
        self.ledger = self.folder / "provided"
        self.ledger.touch()
        command = [sys.executable, pathlib.Path(SOURCE) / "tests" / "lib" / "provider.py"]
        self.provider = subprocess.Popen([*command, self.folder / "provider.sock", self.ledger, str(pause_s)])
        (self.folder / "test.yaml").write_text(f"provider: {self.folder}/provider.sock\n")
        until("the provider listens", 30, (self.folder / "provider.sock").exists)
        self.workers = {}

    def start(self, name):
        command = [os.path.join(BIN, "kit_worker"), "--config", self.folder / "test.yaml", "--name", name]
        command += ["--channel", "sms", "--threads", "4", "--credit", "32", "--ledger", self.folder / name]
        if self.python:
            command = [sys.executable, "-c", SCRIPT, self.folder / "provider.sock", name, self.folder / name]
        log = open(self.folder / "workers", "ab")
        path = os.path.join(SOURCE, "clients", "python")
        env = {**os.environ, "DUBAN_RUN": self.house.run, "PYTHONPATH": path}
        self.workers[name] = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, env=env)

    def kill(self, name):
        self.workers[name].kill()
        self.workers[name].wait()

    def close(self):
        for process in [*self.workers.values(), self.provider]:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()

    def log(self):
        return (self.folder / "workers").read_text()

    def told(self):
        """How often the provider was told of each job."""
        keys = self.ledger.read_text().split()
        return collections.Counter(int(key.rsplit("-", 3)[1], 16) for key in keys)


class Journal:
    """What the daemon's record says of each job."""

    def __init__(self, house):
        self.follower = duban.Follower(f"ipc://{house.run}/control.sock")
        self.states = {}  # as it stands
        self.begun = collections.Counter()
        self.doubts = collections.Counter()  # begun, and lost or reported so
        self.steps = collections.Counter()

    def read(self, seconds=0.3):
        try:
            while True:
                record = self.follower.next(seconds).json
                if record is not None and record["kind"] == "job":
                    self.take(record)
        except duban.Timeout:
            pass

    def take(self, record):
        job = record["job"]
        step = record["step"]
        self.steps[step] += 1
        self.begun[job] += step == "begin"
        self.doubts[job] += step in ("lose", "doubt") and self.states.get(job) == "begun"
        self.states[job] = record.get("state", "done" if step == "done" else "gone")

    def count(self, state):
        return sum(1 for one in self.states.values() if one == state)


def ring(house, count, done):
    for i in range(count):
        house.open(f"K-{i}")
        house.ring(f"K-{i}", "party")
    done.set()


def killed(house, kills, idempotent, python=False):
    chance = random.Random(SEED + idempotent)
    stage = Stage(house, python)
    journal = Journal(house)
    count = kills * RINGS
    rung = threading.Event()
    ringing = threading.Thread(target=ring, args=(house, count, rung))
    try:
        stage.start("w")
        ringing.start()
        for _ in range(kills):
            time.sleep(chance.uniform(0.03, 0.25) + (0.3 if python else 0))
            stage.kill("w")
            stage.start("w")
        ringing.join()

        def at_rest():
            journal.read()
            return len(journal.states) == count and journal.count("done") + journal.count("unknown") == count

        try:
            until("all is at rest", 120, at_rest)
        except SystemExit as why:
            states = collections.Counter(journal.states.values())
            sys.exit(f"{why}: {states}\n{stage.log()[-3000:]}\n{house.logged()[-3000:]}")
    finally:
        stage.close()
    told = stage.told()
    twice = {job: n - 1 for job, n in told.items() if n > 1}
    doubts = sum(journal.doubts.values())
    unknown = [job for job, state in journal.states.items() if state == "unknown"]
    lost = [job for job, state in journal.states.items() if state == "done" and told[job] == 0]
    again = stage.log().count("worker.sent_before")
    print(
        f"{kills} kills, {'idempotent' if idempotent else 'not idempotent'}: {count} notices, {sum(told.values())} "
        f"calls, {doubts} attempts in doubt, {len(unknown)} left for a person "
        f"(of them {sum(1 for job in unknown if told[job])} had arrived), {sum(twice.values())} sent again, "
        f"{again} answered from the ledger, {len(lost)} lost; seed {SEED}"
    )
    check(not lost, f"done, and the provider never heard of it: {lost}")
    check(all(n <= journal.doubts[job] for job, n in twice.items()), f"sent again without a doubt: {twice}")
    if idempotent:
        check(not unknown, f"nothing waits for a person: {unknown}")
        check(len(told) == count, "all of it arrived")
    else:
        check(not twice, f"nothing is sent twice: {twice}")
        check(all(told[job] == 1 for job, state in journal.states.items() if state == "done"), "done is sent once")


def over_a_channel_that_takes_a_key_twice(house):
    killed(house, KILLS, False)


def over_an_idempotent_channel(house):
    path = os.path.join(house.config, "channels.yaml")
    with open(path, encoding="utf-8") as file:
        channels = file.read()
    changed = channels.replace("sms: {address: phone, attempts: 20,", "sms: {address: phone, idempotent: true, attempts: 99,")
    check(changed != channels, "the channel is made idempotent")
    with open(path, "w", encoding="utf-8") as file:
        file.write(changed)
    house.install(house.config)
    killed(house, KILLS, True)


def in_python(house):
    killed(house, KILLS // 3, False, python=True)


def with_the_daemon(house, python=False):
    """Both die, in turns and together, while what was told before is carried."""
    chance = random.Random(SEED)
    stage = Stage(house, python, pause_s=0.1)
    count = KILLS * RINGS // (6 if python else 2)
    ring(house, count, threading.Event())
    kills = collections.Counter()
    try:
        stage.start("w")
        for _ in range(max(KILLS // 2, 3)):
            time.sleep(chance.uniform(0.1, 0.4))
            who = chance.choice(["worker", "daemon", "both"])
            kills[who] += 1
            if who != "daemon":
                stage.kill("w")
            if who != "worker":
                house.later(0, stop=False)
            if who != "daemon":
                stage.start("w")
        journal = Journal(house)

        def at_rest():
            journal.read()
            return journal.count("done") + journal.count("unknown") == count

        until("all is at rest", 120, at_rest)
    finally:
        stage.close()
    told = stage.told()
    unknown = [job for job, state in journal.states.items() if state == "unknown"]
    print(
        f"{kills['worker']} workers, {kills['daemon']} daemons, {kills['both']} times both: {count} notices, "
        f"{sum(told.values())} calls, {len(unknown)} left for a person, "
        f"{stage.log().count('worker.sent_before')} answered from the ledger; seed {SEED}"
    )
    check(max(told.values()) == 1, "nothing is sent twice")
    check(all(told[job] == 1 for job, state in journal.states.items() if state == "done"), "done is sent once")


def with_the_daemon_in_python(house):
    with_the_daemon(house, python=True)


def asleep_for_longer_than_a_lease(house):
    """One sleeps with messages at its provider and others begun; another takes over what is free."""
    stage = Stage(house)
    journal = Journal(house)
    count = 60
    try:
        stage.start("sleeper")
        until("it is here", 30, lambda: "sleeper" in house.workers())
        rung = threading.Event()
        ringing = threading.Thread(target=ring, args=(house, count, rung))
        ringing.start()
        until("it is at work", 30, lambda: len(stage.told()) >= 3)
        stage.workers["sleeper"].send_signal(signal.SIGSTOP)
        ringing.join()
        until("its leases are lost", 60, lambda: "sleeper" not in house.workers())
        stage.start("other")

        def resting():
            journal.read()
            return journal.count("done") + journal.count("unknown") == count

        until("the other has sent the rest", 60, resting)
        doubtful = journal.count("unknown")
        stage.workers["sleeper"].send_signal(signal.SIGCONT)
        until("it is back", 30, lambda: "sleeper" in house.workers())
        until("it has told what it knows", 30, lambda: [journal.read(), journal.count("unknown") <= doubtful][1])
        time.sleep(1)
        journal.read()
    finally:
        stage.close()
    told = stage.told()
    print(f"asleep: {count} notices, {sum(told.values())} calls, {doubtful} in doubt while it slept, "
          f"{journal.count('unknown')} after it woke, {stage.log().count('worker.stale')} results too late")
    check(max(told.values()) == 1, "nothing is sent twice")
    check(all(told[job] == 1 for job, state in journal.states.items() if state == "done"), "done is sent once")
    arrived = [job for job, state in journal.states.items() if state == "unknown" and told[job]]
    check(not arrived, f"what arrived is believed when it wakes: {arrived}")


bells.main(over_a_channel_that_takes_a_key_twice, over_an_idempotent_channel, in_python, with_the_daemon, with_the_daemon_in_python, asleep_for_longer_than_a_lease)
