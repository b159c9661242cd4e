"""Carry duban's notices to people, from Python: you write one function that sends one message.

    import worker

    def send(job):
        if not pager.page(job.address, job.brief, key=job.key):
            raise worker.Later("busy", "no answer within 5 s")
        return "the provider's name for it"

    worker.run("pager-1", ["pager"], send, ledger="/var/lib/pager")

The rest is done here: hello and hello again, the lease, the go before `send` is called, what became of
it, and a ledger on disk of what was sent, so that a crash or a lost answer never sends it again. One
message at a time: for more, run more of them under names of their own, or write it in C (libduban-worker).

What `send` raises says what became of it: Later, Never, Throttled. Any other exception leaves it in
doubt: it may have been sent.
"""

import concurrent.futures
import hashlib
import os
import pathlib
import signal
import sqlite3
import sys
import time

import duban
from duban import pb


class Failed(Exception):
    """It was not sent. `code` is the provider's, `words` are for the operator: no secret, no address.
    `not_before` is a time as time.time() tells it; 0: as the channel's retries say."""

    kind = None

    def __init__(self, code, words="", not_before=0):
        super().__init__(words)
        self.code = code
        self.words = words
        self.not_before = not_before


class Later(Failed):
    """Not now."""

    kind = pb.Fail.TEMPORARY


class Never(Failed):
    """It never will be: no such number, refused content."""

    kind = pb.Fail.PERMANENT


class Throttled(Failed):
    """Too much at once; this uses up no attempt."""

    kind = pb.Fail.THROTTLED


def log(words):
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), words, file=sys.stderr, flush=True)


def cut(text, size):
    """At most so many bytes, without control characters, as the wire takes a text."""
    clean = "".join(c if c.isprintable() else " " for c in str(text))
    return clean.encode()[:size].decode(errors="ignore")


class Ledger:
    """What was sent, by key, and results that the daemon has not settled: durable before it is told."""

    KEEP_S = 400 * 86400

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.db = sqlite3.connect(folder / "ledger.sqlite", isolation_level=None)
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA locking_mode = EXCLUSIVE")  # one process has it at a time
        self.db.execute("CREATE TABLE IF NOT EXISTS sent (key TEXT PRIMARY KEY, done BLOB, kept REAL)")
        self.db.execute("CREATE TABLE IF NOT EXISTS untold (token TEXT PRIMARY KEY, owner TEXT, result BLOB)")
        self.db.execute("DELETE FROM sent WHERE kept < ?", (time.time() - self.KEEP_S,))

    def done(self, key):
        """What was told of a key that was sent; None: it was not."""
        row = self.db.execute("SELECT done FROM sent WHERE key = ?", (key,)).fetchone()
        return row and pb.Done.FromString(row[0])

    def keep(self, owner, token, key, result):
        self.db.execute("BEGIN IMMEDIATE")
        if result.WhichOneof("what") == "done":
            done = result.done.SerializeToString()
            self.db.execute("INSERT OR IGNORE INTO sent VALUES (?, ?, ?)", (key, done, time.time()))
        untold = (str(token), owner, result.SerializeToString())
        self.db.execute("INSERT OR REPLACE INTO untold VALUES (?, ?, ?)", untold)
        self.db.execute("COMMIT")

    def untold(self, owner):
        """Results by token; those of another store or generation are nobody's any more."""
        self.db.execute("DELETE FROM untold WHERE owner != ?", (owner,))
        rows = self.db.execute("SELECT token, result FROM untold").fetchall()
        return {int(token): pb.Request.FromString(result) for token, result in rows}

    def owner(self):
        row = self.db.execute("SELECT owner FROM untold").fetchone()
        return row[0] if row else ""

    def settled(self, token):
        self.db.execute("DELETE FROM untold WHERE token = ?", (str(token),))

    def close(self):
        self.db.close()


class Runner:
    def __init__(self, door, name, channels, send, ledger):
        self.door = duban.Worker(door, name, channels)
        self.door.version = f"{pathlib.Path(sys.argv[0]).name} (worker.py)"[:64]
        self.send = send
        self.ledger = ledger
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.stopping = False
        self.clock = (0, 0)  # the daemon's, and when it showed that

    # ---- what the daemon's clock shows

    def daemon_ms(self, at=None):
        shown_ms, seen = self.clock
        now = time.monotonic() if at is None else at
        return shown_ms + int((now - seen) * 1000) * max(1, self.door.welcome.rate)

    def owner(self):
        return f"{self.door.welcome.generation} {self.door.welcome.store}"

    # ---- a life

    def run(self):
        while not self.stopping:
            try:
                self.meet()
                self.work()
                self.door.bye()
            except duban.Stopped as stop:
                if stop.replaced:
                    raise SystemExit("another worker has this name: give each its own") from stop
            except duban.Timeout:
                log("worker.lost")
            except duban.Refused as why:
                raise SystemExit(f"the daemon refuses: {why}") from why

    def meet(self, holds=()):
        """Hello, with what is still held; and what was not settled is told again."""
        if self.door.welcome is None and self.ledger.owner():
            generation, store = self.ledger.owner().split(" ", 1)
            self.door.welcome = pb.Welcome(store=store, generation=int(generation))
        untold = self.ledger.untold(self.ledger.owner())
        over = self.door.hello(holds, untold)
        self.clock = (self.door.welcome.now_ms, time.monotonic())
        for token, result in self.ledger.untold(self.owner()).items():
            self.settle(token, result)
        log(f"worker.welcome store={self.door.welcome.store} over={len(over)}")

    def work(self):
        """One job after the other, and a sign of life well before a term is over."""
        term_s = self.door.welcome.lease_ms / 1000
        touched = time.monotonic()
        self.door.credit(1)
        while not self.stopping:
            job = self.door.job(min(1, term_s / 4))
            if job is not None:
                self.carry(job)
                self.door.credit(1)
            if time.monotonic() - touched > term_s / 4:
                self.door.touch()
                touched = time.monotonic()

    def carry(self, job):
        withdrawn, self.door.withdrawn = self.door.withdrawn, []
        if job.token in withdrawn:
            return
        known = self.ledger.done(job.key)
        if known is not None:
            result = pb.Request(done=known)
            result.done.token = job.token
        elif 0 < job.useful_until_ms <= self.daemon_ms():
            result = self.failed(job, Later("kit.late", "it had lost its use before it was sent"))
        elif self.begin(job):
            result = self.judge(job, self.wait_for(job, self.pool.submit(self.send, job)))
        else:
            return  # the lease is over
        self.ledger.keep(self.owner(), job.token, job.key, result)
        self.settle(job.token, result)

    def begin(self, job):
        """Whether it may be sent now. Where the answer was lost it is asked for again."""
        while True:
            try:
                return self.door.begin(job)
            except duban.Timeout:
                self.meet([job])
            except duban.Stopped as stop:
                if stop.replaced:
                    raise
                self.meet([job])

    def wait_for(self, job, sending):
        """Until `send` is back; the lease is kept meanwhile, whatever becomes of the daemon."""
        while not concurrent.futures.wait([sending], self.door.welcome.lease_ms / 4000).done:
            try:
                self.door.touch([job])
                self.door.hear(0)
            except duban.Stopped as stop:
                if not stop.replaced:
                    try:
                        self.meet([job])
                    except (duban.Timeout, duban.Refused) as why:
                        log(f"worker.lost reason={type(why).__name__}")
        return sending

    def failed(self, job, why):
        not_before_ms = 0
        if why.not_before:
            not_before_ms = self.daemon_ms(time.monotonic() + why.not_before - time.time())
        return pb.Request(fail=pb.Fail(token=job.token, kind=why.kind, not_before_ms=not_before_ms,
                                       code=cut(why.code, 64), words=cut(why.words, 256)))

    def judge(self, job, sending):
        try:
            name = sending.result()
        except Failed as why:
            return self.failed(job, why)
        except Exception as why:  # it may have been sent
            log(f"worker.unknown key={job.key} reason={type(why).__name__}")
            return pb.Request(unknown=pb.Unknown(token=job.token, words=cut(type(why).__name__, 256)))
        words = "".join(text + "\0" for text in (job.brief, job.subject, job.body)).encode()
        return pb.Request(done=pb.Done(token=job.token, key=job.key, provider_id=cut(name or "", 128),
                                       sent_at_ms=self.daemon_ms(), sent_sha256=hashlib.sha256(words).digest()))

    def settle(self, token, result):
        """Tell it, until it is durable there."""
        kind = result.WhichOneof("what")
        try:
            reply = self.door.ask(**{kind: getattr(result, kind)})
        except duban.Refused as why:  # it never will be taken
            log(f"worker.refused token={token} reason={why}")
        else:
            if reply.settled.stale:
                log(f"worker.stale token={token}")
        self.ledger.settled(token)


def run(name, channels, send, door=None, ledger=None):
    """Work until SIGTERM or SIGINT; what is being sent then is finished first. On the main thread."""
    door = door or f"ipc://{os.environ.get('DUBAN_RUN', '/run/duban')}/work.sock"
    home = os.environ.get("STATE_DIRECTORY") or pathlib.Path.home() / ".local" / "state" / "duban"
    kept = Ledger(ledger or pathlib.Path(home) / name)
    runner = Runner(door, name, list(channels), send, kept)

    def stop(*_):
        runner.stopping = True

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, stop)
    log(f"worker.ready name={name} door={door}")
    try:
        runner.run()
    finally:
        runner.pool.shutdown()
        runner.door.close()
        kept.close()
    log("worker.ended")
