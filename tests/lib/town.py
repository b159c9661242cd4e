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
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import house  # noqa: E402
from house import check, duban  # noqa: E402, F401

ZONE_S = 8 * 3600


def instant_ms(when):
    """2026-03-02T09:30 in Shanghai."""
    return (calendar.timegm(time.strptime(when, "%Y-%m-%dT%H:%M")) - ZONE_S) * 1000


def until(what, condition, seconds=60):
    """Wait for it; the test fails when it does not come true in time. Answers what was true."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        check(time.monotonic() < end, f"within {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.15)
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
        self.settings = settings
        if settings is not None:
            self.set(settings)

    def set(self, settings):
        """For the next start. JSON is YAML."""
        self.config.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
        self.config.chmod(0o600)

    def start(self, *options):
        door = f"ipc://{self.town.run}/work.sock"
        command = [self.program, "--config", self.config, "--door", door, "--ledger", self.ledger, *options]
        self.process = subprocess.Popen(command, stderr=open(self.log, "ab"))
        return self

    def stop(self):
        """End it well; one that had hardly begun may just end."""
        self.process.terminate()
        check(self.process.wait(timeout=60) in (0, -signal.SIGTERM), f"the worker ends well:\n{self.logged()}")
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

    def at(self, when, workers_too=True):
        """The daemon runs, and it is then: a time, or an instant. The first time everything is installed. Workers
        that run are started again too, for one that lost its daemon so often would wait longer each time."""
        self.now_ms = instant_ms(when) if isinstance(when, str) else when
        running = [worker for worker in self.workers if worker.process is not None and workers_too]
        for worker in running:
            worker.stop()
        fresh = self.process is None
        if not fresh and self.process.poll() is None:
            self.process.terminate()
            check(self.process.wait(timeout=60) == 0, "the daemon ends well:\n" + self.logged())
        self.start("--clock", f"{self.now_ms},{int(time.time() * 1000)},1")
        until(lambda: self.logged(), lambda: self.duban("status").returncode < 2)
        if fresh:
            self.install_all()
        for worker in running:
            worker.start()

    def install_all(self):
        """The shipped configuration. A busy machine may take longer to prove it than the command waits (exit 4);
        the same again changes nothing."""
        for _ in range(6):
            done = self.duban("install", str(self.config))
            if done.returncode != 4:
                break
        check(done.returncode == 0, done.stderr + self.logged())

    def later(self, minutes, workers_too=True):
        """Started again, so many minutes on."""
        self.at(self.now_ms + minutes * 60000, workers_too)

    def worker(self, name, settings):
        self.workers.append(Worker(self, name, settings))
        return self.workers[-1]

    def now(self):
        """When it was started, as its clock has it."""
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.now_ms / 1000 + ZONE_S))

    def happens(self, case, event, by, *more):
        """Now, as its clock has it."""
        done = self.duban("send", f"gulou/{case}", event, "--by", by, "--at", self.now(), *more)
        check(done.returncode == 0, f"{event} of {case}: {done.stdout}{done.stderr}")

    def records(self, case):
        """What stands in the file of a case."""
        done = self.duban("log", f"gulou/{case}", "-o", "json")
        check(done.returncode == 0, done.stderr)
        return json.loads(done.stdout)["records"]

    def mail_worker(self, server):
        """duban-mail, and the mail server that it sends to."""
        name = {"address": "duban@gulou.example.cn", "name": "鼓楼区综合行政执法局督办"}
        where = {"server": "127.0.0.1", "port": server.port, "tls": "off"}
        return self.worker("mail", {**where, "timeout": "30s", "debug": True, "from": name})

    def order_served(self, case, assigned=None):
        """A case whose ten days to correct begin now. The instant when its officer is reminded of them: Wang, who
        is the first of the squad, or those who are assigned."""
        paper = self.folder / "order.pdf"
        paper.write_bytes(b"an order")
        self.happens(case, "case.filed", "wang/officer", "--procedure", "minor", "--unit", "squad1")
        if assigned is not None:
            self.happens(case, "case.assigned", "sun/unit_head", "--set", f"officer={assigned}")
        self.happens(case, "order.served", "wang/officer", "--with", "zhao", "--set", "minor=true", "--set", "give=10d",
                     "--document", f"责令改正通知书={paper}")
        return self.next_moment(case)

    def orders_served(self, cases):
        """The same for many, one second after the other: all are Wang's and Zhao's."""
        lines = []
        for number, case in enumerate(cases):
            now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.now_ms / 1000 + ZONE_S - 600 + number))
            one = {"agency": "gulou", "case": case, "source": "intake", "at": now, "by": "wang/officer"}
            lines.append({**one, "event": "case.filed", "procedure": "minor", "unit": "squad1"})
            assigned = {"by": "sun/unit_head", "set": {"officer": "wang,zhao"}}
            lines.append({**one, "event": "case.assigned", **assigned})
            served = {"with": ["zhao"], "set": {"minor": True, "give": "10d"}, "documents": ["责令改正通知书"]}
            lines.append({**one, "event": "order.served", **served})
        batch = self.folder / "orders.jsonl"
        batch.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
        done = self.duban("send", "--batch", str(batch))
        check(done.returncode == 0, done.stdout[-2000:] + done.stderr)
        return self.next_moment(cases[0])

    def corrected(self, case):
        """And it was, today: the case is closed."""
        self.happens(case, "recheck.done", "wang/officer", "--with", "zhao", "--set", "harm=false", "--set",
                     f"corrected_on={self.now()[:10]}")

    def next_moment(self, case):
        """The instant when something of a case happens by itself."""
        done = self.duban("why", f"gulou/{case}", "-o", "json")
        check(done.returncode == 0, done.stderr)
        moment = json.loads(done.stdout)["case"]["next_moment"]
        return int(datetime.datetime.fromisoformat(moment).timestamp() * 1000)

    def journal(self):
        """All records there are."""
        done = self.duban("tail", "--from", "1", "--once", "-o", "json")
        check(done.returncode == 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def steps(self, **like):
        """What became of jobs, as records tell it: those that are like this, as in step="fail"."""
        jobs = [record for record in self.journal() if record["kind"] == "job"]
        return [job for job in jobs if like.items() <= job.items()]
