"""A house in which bells are rung: cases whose officer, head and party are told something, with workers
that carry it. Time is the daemon's own: it begins on a Monday morning and goes sixty times as fast, so
that a lease of four minutes is four seconds; `later` sets it forward by a new start.
"""

import os
import shutil
import sys
import time

from house import SOURCE, House, check, duban

DAY_MS = 86400000
HOUR_MS = 3600000
START_MS = 1772413200000  # 2026-03-02T09:00+08:00, a Monday
RATE = 60
OK = (duban.APPLIED, duban.DUPLICATE)


def until(what, seconds, condition):
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, f"within {seconds} s: {what}")
        time.sleep(0.02)


class Belfry(House):
    """`now_ms` is where the daemon's time stands when it starts next."""

    def __init__(self, folder, rate=RATE):
        super().__init__(folder)
        self.rate = rate
        self.now_ms = START_MS
        self.since_ms = 0
        self.starts = 0
        self.count = 0
        self.config = os.path.join(folder, "config")
        shutil.copytree(os.path.join(SOURCE, "tests", "system", "work"), self.config)
        os.mkdir(os.path.join(self.config, "calendars"))
        shutil.copy(os.path.join(SOURCE, "config", "calendars", "cn.csv"), os.path.join(self.config, "calendars"))

    def start(self, *options):
        self.since_ms = int(time.time() * 1000)
        super().start("--clock", f"{self.now_ms},{self.since_ms},{self.rate}", *options)
        self.starts += 1
        until("it serves", 60, lambda: self.logged().count("hub.serving") == self.starts)

    def begin(self):
        self.start()
        self.install(self.config)
        return self

    def clock_ms(self):
        return self.now_ms + (int(time.time() * 1000) - self.since_ms) * self.rate

    def later(self, ms=0, stop=True, rate=RATE):
        """Start anew, so much later; with `stop` it ends well before, else by kill -9."""
        self.now_ms = self.clock_ms() + ms
        self.rate = rate
        if stop:
            self.process.terminate()
            code = self.process.wait(timeout=60)
            check(code == 0, f"it ends well, not with {code}:\n" + self.logged())
        else:
            self.kill()
        self.start()

    def send(self, case, kind, facts=None, **more):
        self.count += 1
        event = duban.Event(
            id=f"e{self.count}",
            source="bells",
            agency="gulou",
            case_id=case,
            type=kind,
            occurred_at_ms=self.clock_ms() - 1000,
            actor=duban.Actor(person="wang", role="officer"),
            facts=duban.facts(**(facts or {})),
            procedure="ring" if kind == "opened" else "",
            **more,
        )
        receipt = self.events().send(event, 30)
        check(receipt.verdict in OK, f"{kind} of {case}: {receipt}\n{self.logged()}")
        return receipt

    def open(self, case):
        return self.send(case, "opened", {"mobile": "13900000001", "consent": "true"})

    def ring(self, case, whom="officer"):
        return self.send(case, f"{whom}.rung")

    def worker(self, name, channels=("sms",), credit=1):
        worker = duban.Worker(f"ipc://{self.run}/work.sock", name, list(channels))
        worker.hello()
        worker.credit(credit)
        return worker

    def control(self):
        return duban.Control(f"ipc://{self.run}/control.sock")

    def workers(self):
        """Who is known, by name."""
        control = self.control()
        answer = control.ask(workers=duban.pb.WorkersQuery())
        control.close()
        return {worker["worker"]: worker for worker in answer["workers"]}

    def job(self, worker, seconds=30):
        job = worker.job(seconds)
        check(job is not None, f"a job for {worker.name}\n{self.logged()}")
        return job

    def no_job(self, worker, what):
        """Nothing comes, and whatever could have come has had its turn."""
        self.workers()  # the writer has looked
        job = worker.job(0.05)
        check(job is None, f"{what}, not {job}")


def main(tale, *tales):
    """Each tale in a house of its own, ended well and audited."""
    import tempfile

    chosen = sys.argv[1:]
    for one in (tale, *tales):
        if chosen and one.__name__ not in chosen:
            continue
        with tempfile.TemporaryDirectory(prefix="duban-bells-") as folder:
            house = Belfry(folder).begin()
            one(house)
            house.stop()
            print(f"{one.__name__}: well")
