"""A town to try notices in: the real daemon with the shipped procedures and people, whose clock is set at
each start, and the real workers that carry what it says. So a month is lived in as many starts as it has
mornings, and no test hangs on how fast a machine is.

    with town.Town("mail") as gulou:            # everybody is reached by mail alone
        gulou.at("2026-03-02T09:30")            # started, or started again, at that time
        gulou.happens("K-1", "case.filed", "wang/officer", "--procedure", "minor", "--unit", "squad1")
        post = gulou.worker("mail", {"server": "127.0.0.1", …})
        post.start()
"""

import calendar
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import house  # noqa: E402
from house import check  # noqa: E402

ZONE_S = 8 * 3600


def instant_ms(when):
    """2026-03-02T09:30 in Shanghai."""
    return (calendar.timegm(time.strptime(when, "%Y-%m-%dT%H:%M")) - ZONE_S) * 1000


def until(what, condition, seconds=60):
    """Wait for it; the test fails when it does not come true in time. Answers what was true."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        check(time.monotonic() < end, f"within {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.05)
    return found


class Worker:
    """One of duban's own workers, beside the daemon, with a file of settings of its own."""

    def __init__(self, town, name, settings):
        self.town = town
        self.program = os.path.join(house.BIN, f"duban-{name}")
        self.config = town.folder / f"{name}.yaml"
        self.log = town.folder / f"{name}.log"
        self.ledger = town.folder / f"{name}.ledger"
        self.process = None
        self.set(settings)

    def set(self, settings):
        self.config.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
        self.config.chmod(0o600)

    def start(self, *options):
        door = f"ipc://{self.town.run}/work.sock"
        command = [self.program, "--config", self.config, "--door", door, "--ledger", self.ledger, *options]
        self.process = subprocess.Popen(command, stderr=open(self.log, "ab"))
        return self

    def stop(self):
        """End it well."""
        self.process.terminate()
        check(self.process.wait(timeout=60) == 0, f"the worker ends well:\n{self.logged()}")
        self.process = None

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def logged(self):
        return self.log.read_text(errors="replace")


class Town(house.House):
    """`channels` reach everybody, in this order; `others` says so for some: zhao=("mail", "sms")."""

    def __init__(self, *channels, **others):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="duban-town-"))
        self.workers = []
        super().__init__(str(self.folder))
        self.config = self.folder / "config"
        shutil.copytree(os.path.join(house.SOURCE, "config"), self.config)
        people = self.config / "people.yaml"
        reach = lambda who: f"  {who[1]}:\n    channels: [{', '.join(others.get(who[1], channels))}]\n    name:"
        people.write_text(re.sub(r"^  (\w+):\n    name:", reach, people.read_text(), flags=re.M))

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        for worker in self.workers:
            worker.kill()
        if kind is None and self.process is not None:
            self.stop()
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def at(self, when):
        """The daemon runs, and it is then: a time, or an instant. The first time everything is installed."""
        self.now_ms = instant_ms(when) if isinstance(when, str) else when
        fresh = self.process is None
        if not fresh:
            self.process.terminate()
            check(self.process.wait(timeout=60) == 0, "the daemon ends well:\n" + self.logged())
        self.start("--clock", f"{int(self.now_ms)},{int(time.time() * 1000)},1")
        until(lambda: self.logged(), lambda: self.duban("status").returncode < 2)
        if fresh:
            self.install(str(self.config))

    def later(self, minutes):
        """Started again, so many minutes on."""
        self.at(self.now_ms + minutes * 60000)

    def worker(self, name, settings):
        self.workers.append(Worker(self, name, settings))
        return self.workers[-1]

    def happens(self, case, event, by, *more):
        """Now, as its clock has it."""
        now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.now_ms / 1000 + ZONE_S))
        done = self.duban("send", f"gulou/{case}", event, "--by", by, "--at", now, *more)
        check(done.returncode == 0, f"{event} of {case}: {done.stdout}{done.stderr}")

    def records(self, case):
        """What stands in the file of a case."""
        done = self.duban("log", f"gulou/{case}", "-o", "json")
        check(done.returncode == 0, done.stderr)
        return json.loads(done.stdout)["records"]

    def next_due(self, case):
        """The instant of the next moment of a case, by its last record that knows one."""
        due = [record["next_due"] for record in self.records(case) if record.get("next_due")]
        return datetime.datetime.fromisoformat(due[-1]).timestamp() * 1000

    def journal(self):
        """All records there are."""
        done = self.duban("tail", "--from", "1", "--once", "-o", "json")
        check(done.returncode == 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def steps(self, **like):
        """What became of jobs, as records tell it: those that are like this, as in step="fail"."""
        jobs = [record for record in self.journal() if record["kind"] == "job"]
        return [job for job in jobs if like.items() <= job.items()]
