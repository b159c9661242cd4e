"""What Python tests of the real daemon stand on: the client module, and a daemon of one's own.

    import rig
    with rig.Daemon() as daemon:
        client = daemon.client()

The test is skipped, loudly, where Python's ZeroMQ or protobuf is missing.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BIN = pathlib.Path(os.environ["DUBAN"]).parent
SOURCE = pathlib.Path(os.environ["SOURCE"])

try:
    sys.path.insert(0, str(SOURCE / "clients" / "python"))
    os.environ.setdefault("DUBAN_PB2", str(BIN.parent / "python"))
    import duban
    from audited import audited
except (ImportError, FileNotFoundError) as missing:
    print(f"skipped: {missing}: python3-zmq, python3-protobuf or protobuf-compiler is missing")
    sys.exit(77)

pb = duban.pb

# A case's life in tests/bench/config: type, role, facts.
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
BEGAN_MS = int(time.time() * 1000) - 3600000


def event(source, case, step):
    """The same for every sending of an event: all of it is part of its content."""
    kind, role, facts = STEPS[step]
    return duban.Event(
        id=f"{case}-{step}",
        source=source,
        agency="bench",
        case_id=f"{source}-{case}",
        type=kind,
        occurred_at_ms=BEGAN_MS + case * 10 + step,
        actor=duban.Actor(person=role, role=role),
        facts=duban.facts(**facts),
        procedure="case10" if step == 0 else "",
    )


def until(what, seconds, condition):
    """Wait for a condition; the test fails when it does not come true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"not within {seconds} s: {what}")
        time.sleep(0.01)


class Daemon:
    """The real one, in a folder of its own, which goes with it however the test ends."""

    def __init__(self, *options, environment=None, install=True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="duban-test-"))
        self.run = self.folder / "run"
        self.run.mkdir(mode=0o700)
        self.options = options
        self.environment = environment or {}
        self.install = install
        self.process = None

    def __enter__(self):
        # A test that is killed by its runner still takes its daemon with it.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        self.start()
        try:
            if self.install:
                done = self.command("install", str(SOURCE / "tests" / "bench" / "config"))
                if done.returncode != 0:
                    self.fail(done.stderr)
        except BaseException:  # what `with` has not entered, it does not leave
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        self.process = subprocess.Popen(
            [BIN / "duband", "--data", self.folder / "data", "--run", self.run, "--empty"]
            + list(self.options),
            stderr=open(self.folder / "log", "ab"),
            # What the sanitizer keeps of freed memory is not the daemon's growth.
            env={"ASAN_OPTIONS": "quarantine_size_mb=1", **os.environ, **self.environment},
        )

    def stop(self):
        """End it well; its journal is whole and replays to the same state, byte for byte."""
        self.process.terminate()
        if self.process.wait(timeout=60) != 0:
            self.fail(f"the daemon ended with {self.process.returncode}")
        audited(str(self.folder / "data"))

    def log(self):
        return (self.folder / "log").read_text()

    def fail(self, words):
        sys.exit(f"{words}\n{self.log()}")

    def command(self, *words):
        return subprocess.run(
            [BIN / "duban", *words, "--run", self.run], capture_output=True, text=True
        )

    def client(self, **options):
        return duban.Client(f"ipc://{self.run}/events.sock", **options)

    def status(self, name):
        """A line of /proc/PID/status as a number."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
        return 0

    def rss_kib(self):
        """Anonymous memory: pages of the state's file are the system's to take back."""
        return self.status("RssAnon")
