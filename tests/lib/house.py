"""The real daemon in a folder of its own, for tests in Python. It ends with the test, however that ends;
where python3-zmq or the like is missing the test is skipped, and says so."""

import atexit
import os
import subprocess
import sys
import time

BIN = os.path.dirname(os.environ["DUBAN"])
SOURCE = os.environ["SOURCE"]


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


try:
    sys.path.insert(0, os.path.join(SOURCE, "clients", "python"))
    os.environ.setdefault("DUBAN_PB2", os.path.join(os.path.dirname(BIN), "python"))
    import duban
    from audited import audited
except (ImportError, FileNotFoundError) as missing:
    skip(f"{missing}: python3-zmq, python3-protobuf or protobuf-compiler is missing")


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


class House:
    """Its store is in `data` (below `folder`, where nothing else was said), its log in `log`."""

    def __init__(self, folder, *options, data=None, env=None):
        self.data = data or os.path.join(folder, "data")
        self.run = os.path.join(folder, "run")
        self.log = os.path.join(folder, "log")
        self.options = list(options)
        self.env = env
        self.process = None
        self.client = None
        os.mkdir(self.run, 0o700)
        atexit.register(self.kill)

    def start(self, *options):
        self.process = subprocess.Popen(
            [os.path.join(BIN, "duband"), "--data", self.data, "--run", self.run, "--empty", *self.options, *options],
            stderr=open(self.log, "ab"),
            env=self.env,
        )

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        """End it well."""
        self.process.terminate()
        check(self.process.wait(timeout=60) == 0, "the daemon ends well:\n" + self.logged())
        audited(self.data)

    def again(self, *options):
        self.kill()
        self.start(*options)

    def logged(self):
        return open(self.log, encoding="utf-8", errors="replace").read()

    def wait_for(self, word, seconds=30):
        """Until the log has it."""
        until = time.monotonic() + seconds
        while word not in self.logged():
            check(time.monotonic() < until, f"{word} in:\n{self.logged()}")
            time.sleep(0.05)

    def duban(self, *words):
        return subprocess.run(
            [os.path.join(BIN, "duban"), *words, "--run", self.run], capture_output=True, text=True, env=self.env
        )

    def install(self, config):
        done = self.duban("install", config)
        check(done.returncode == 0, done.stderr + self.logged())

    def events(self):
        if self.client is None:
            self.client = duban.Client(f"ipc://{self.run}/events.sock", resend_s=0.3)
        return self.client
