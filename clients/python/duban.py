"""Tell duband what happened in a case, from Python: python3-zmq and python3-protobuf, no more.

    client = Client("ipc:///run/duban/events.sock")
    receipt = client.send(Event(id="m-1", source="intake", agency="gulou", case_id="K-1", ...))
    print(receipt.verdict, receipt.stage)

An event that stays unanswered is sent again with the same id: nothing happens twice. `duban_pb2` is
made from proto/duban/v1/duban.proto by protoc; `load` finds or makes it.
"""

import hashlib
import importlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import zmq


def load(folder=None):
    """Import duban_pb2, compiling the .proto into `folder` first where it is newer."""
    here = pathlib.Path(__file__).resolve().parent
    proto = here.parent.parent / "proto" / "duban" / "v1" / "duban.proto"
    folder = pathlib.Path(folder or os.environ.get("DUBAN_PB2", here / "generated"))
    made = folder / "duban_pb2.py"
    if not made.exists() or (proto.exists() and proto.stat().st_mtime > made.stat().st_mtime):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as fresh:  # others may be importing it
            subprocess.run(
                ["protoc", f"--proto_path={proto.parent}", f"--python_out={fresh}", str(proto)],
                check=True,
            )
            os.replace(pathlib.Path(fresh) / "duban_pb2.py", made)
    sys.path.insert(0, str(folder))
    return importlib.import_module("duban_pb2")


pb = load()
Event, Actor, Fact, Document = pb.Event, pb.Actor, pb.Fact, pb.Document
APPLIED, DUPLICATE, WAITING, REJECTED, BUSY = 1, 2, 3, 4, 5


class Timeout(Exception):
    """No answer came in time. What was sent may have been taken all the same: send it again."""


class Broken(Exception):
    """The journal's hashes do not join: something was left out, put in or changed."""


class Refused(Exception):
    """The daemon says that the request itself is wrong."""


def facts(**values):
    """Facts of an event in their text form: facts(minor="true", give="10d")."""
    return [Fact(name=name, value=value) for name, value in values.items()]


def context():
    """A ZeroMQ context that never waits for what could not be sent."""
    made = zmq.Context()
    made.setsockopt(zmq.LINGER, 0)
    return made


class Client:
    """One connection to the events door. Not for several threads.

    Events are taken in the order they were published: what stays unanswered for too long is sent
    again with all that was sent after it, and so is what the daemon called busy, after a pause.
    """

    PAUSE_S = (0.01, 0.5)  # after a busy: at first, and at most

    def __init__(self, endpoint, resend_s=1.0):
        self.context = context()
        self.endpoint = endpoint
        self.resend_s = resend_s
        self.number = 0
        self.waiting = {}  # number -> [frame, when it was last sent], in order
        self.unsent = 1  # this number and those after it are still to be sent
        self.resume = 0.0  # not before this
        self.echo = 0  # what was sent last before the daemon said busy: it comes back busy too
        self.pause_s = self.PAUSE_S[0]
        self.busy = 0  # how often the daemon said so
        self.socket = None
        self.connect()

    def connect(self):
        """Connect anew; needed only after a daemon's socket was replaced."""
        if self.socket is not None:
            self.socket.close(linger=0)
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        self.socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
        self.socket.setsockopt(zmq.SNDHWM, 0)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        self.socket.connect(self.endpoint)

    def publish(self, event):
        """Send an event and go on; the answer is its number, which its receipt will bear."""
        request = pb.Request(number=self.number + 1)
        request.publish.CopyFrom(event)
        return self.publish_request(request)

    def publish_batch(self, events):
        """The same for several, which are taken together or not at all; `next` gives receipts."""
        request = pb.Request(number=self.number + 1)
        request.batch.events.extend(events)
        return self.publish_request(request)

    def publish_request(self, request):
        self.number = request.number
        self.waiting[self.number] = [request.SerializeToString(), 0.0]
        self.send_due()
        return self.number

    def next(self, timeout_s):
        """The next (number, receipt), of whichever event; of a batch (number, [receipt, …])."""
        until = time.monotonic() + timeout_s
        while True:
            self.send_due()
            left = until - time.monotonic()
            if self.socket.poll(max(0, min(left, 0.1, self.until_resume())) * 1000):
                answer = self.take(pb.Reply.FromString(self.socket.recv()))
                if answer is not None:
                    return answer
            elif left <= 0:
                raise Timeout()

    def take(self, reply):
        """What a reply brings; None: it was known already, or says only that it is too soon."""
        if reply.number not in self.waiting:
            return None
        kind = reply.WhichOneof("what")
        receipts = reply.receipts.receipts if kind == "receipts" else [reply.receipt]
        if kind in ("receipt", "receipts") and receipts[0].verdict == BUSY:
            self.come_back(reply.number)
            return None
        del self.waiting[reply.number]
        self.pause_s = self.PAUSE_S[0]
        if kind == "error":
            raise Refused(reply.error.en)
        return reply.number, list(receipts) if kind == "receipts" else reply.receipt

    def come_back(self, number):
        """Busy: when all that was sent after it is back too, a pause, and then again in order."""
        if self.unsent > number:
            self.echo = max(self.echo, self.unsent - 1)
            self.unsent = number
        self.busy += 1
        self.resume = time.monotonic() + self.PAUSE_S[1]  # an echo can be lost too
        if number >= self.echo:
            self.resume = time.monotonic() + self.pause_s

    def until_resume(self):
        """How long to keep still; a tenth of a second where there is nothing to send."""
        return max(0, self.resume - time.monotonic()) if self.unsent <= self.number else 0.1

    def send_due(self):
        """Send in order what is to be sent, for the first time or again."""
        now = time.monotonic()
        if now < self.resume:
            return
        oldest = next(iter(self.waiting), None)
        if oldest is not None and oldest < self.unsent:
            if now - self.waiting[oldest][1] >= self.resend_s:
                self.unsent = oldest
        if self.resume > 0:
            self.resume = 0.0
            self.pause_s = min(2 * self.pause_s, self.PAUSE_S[1])
        for number in range(self.unsent, self.number + 1):
            if number in self.waiting:
                self.socket.send(self.waiting[number][0])
                self.waiting[number][1] = now
        self.unsent = self.number + 1

    def send(self, event, timeout_s=10.0):
        """Send one event and wait for its receipt."""
        number = self.publish(event)
        while True:
            answered, receipt = self.next(timeout_s)
            if answered == number:
                return receipt

    def close(self):
        self.socket.close(linger=0)
        self.context.term()


ALL_THERE_IS = 2**64 - 1


class Control:
    """One connection to the control door, for questions and acts. Not for several threads.

        control = Control("ipc:///run/duban/control.sock")
        control.ask(find=pb.FindQuery(filter="overdue"))["cases"]
        control.act("the 2027 calendar", "li", install=pb.Install(files=[…]))["changed"]

    An answer is what docs/reference/answers.md says of it; one that came in parts is put together.
    """

    def __init__(self, endpoint):
        self.context = context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        self.socket.connect(endpoint)
        self.number = 0
        self.parts = 0  # of the last answer
        self.seq = 0  # what its last part had seen

    def send(self, at_least_seq=ALL_THERE_IS, **question):
        """Ask, and go on; the answer is the number that its parts will bear."""
        self.number += 1
        request = pb.Request(number=self.number, query=pb.Query(at_least_seq=at_least_seq, **question))
        self.socket.send(request.SerializeToString())
        return self.number

    def reply(self, timeout_s=10.0):
        """The next reply, of whichever question."""
        if not self.socket.poll(timeout_s * 1000):
            raise Timeout()
        return pb.Reply.FromString(self.socket.recv())

    def act(self, reason, person, timeout_s=10.0, **what):
        """Do what an operator does. It is not sent again by itself: after Timeout it may be done."""
        self.number += 1
        act = pb.Act(reason=reason, actor=Actor(person=person), **what)
        self.socket.send(pb.Request(number=self.number, act=act).SerializeToString())
        return self.answer(self.number, timeout_s)

    def ask(self, timeout_s=10.0, **question):
        return self.answer(self.send(**question), timeout_s)

    def answer(self, number, timeout_s):
        """The answer with that number, put together."""
        answer = {}
        self.parts = 0
        while True:
            reply = self.reply(timeout_s)
            if reply.number != number:
                continue
            if reply.WhichOneof("what") == "error":
                raise Refused(reply.error.en)
            for name, value in json.loads(reply.answer.json).items():
                joins = isinstance(value, list) and name in answer
                answer[name] = answer[name] + value if joins else value
            self.parts += 1
            self.seq = reply.answer.seq
            if not reply.answer.more:
                return answer

    def close(self):
        self.socket.close(linger=0)
        self.context.term()


class Follower:
    """The journal's records from one on, then live, at the control door.

    follower = Follower("ipc:///run/duban/control.sock", from_seq=1)
    record = follower.next(10)      # record.seq, record.json, follower.hash

    Each is checked to be the next in the chain. Who keeps `seq` and `hash` and begins again with
    from_seq=seq + 1 and after=hash sees also what was changed meanwhile.
    """

    def __init__(self, endpoint, from_seq=1, after=None, agency="", case_id="", credit=256):
        self.context = context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        self.socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
        self.socket.connect(endpoint)
        self.from_seq = from_seq
        self.hash = bytes(32) if from_seq == 1 else after  # of the last record; None: not known
        self.wish = pb.Follow(agency=agency, case_id=case_id, credit=credit)
        self.number = 0
        self.unpaid = 0  # records taken for which no credit was given again
        self.gaps = 0
        self.follow()

    def follow(self):
        """Ask for what is still to come; also after a connection was lost."""
        self.number += 1
        self.unpaid = 0
        request = pb.Request(number=self.number)
        request.follow.CopyFrom(self.wish)
        request.follow.from_seq = self.from_seq
        self.socket.send(request.SerializeToString())

    def pay(self):
        self.unpaid += 1
        if self.unpaid * 2 >= self.wish.credit:
            request = pb.Request(number=self.number)
            request.credit.records = self.unpaid
            self.socket.send(request.SerializeToString())
            self.unpaid = 0

    def next(self, timeout_s):
        """The next record; `json` is a dict, or None where the filter hides it."""
        until = time.monotonic() + timeout_s
        while self.socket.poll(max(0, until - time.monotonic()) * 1000):
            frame = self.socket.recv()
            push = pb.Push.FromString(frame)
            if push.number != self.number:
                continue  # of a Follow before this one
            if push.WhichOneof("what") == "record":
                return self.take(push.record)
            if push.WhichOneof("what") == "gap":
                self.gaps += 1
                self.from_seq = push.gap.resume_seq
                self.follow()
            elif pb.Reply.FromString(frame).WhichOneof("what") == "error":
                raise Refused(pb.Reply.FromString(frame).error.en)
        raise Timeout()

    def take(self, record):
        link = record.seq.to_bytes(8, "little") + (self.hash or b"") + record.digest
        joins = hashlib.blake2b(link, digest_size=32).digest() == record.hash
        if self.from_seq not in (0, record.seq) or (self.hash is not None and not joins):
            raise Broken(f"record {record.seq} does not join the one before it")
        self.from_seq = record.seq + 1
        self.hash = record.hash
        self.pay()
        return FollowedRecord(record.seq, record.hash, json.loads(record.json or "null"))

    def close(self):
        self.socket.close(linger=0)
        self.context.term()


class FollowedRecord:
    def __init__(self, seq, hash_, words):
        self.seq = seq
        self.hash = hash_
        self.json = words


class Stopped(Exception):
    """The daemon ends or does not know this connection: say hello again; or, where `replaced`, another
    came under this worker's name, and this one is to end."""

    def __init__(self, replaced):
        super().__init__("replaced" if replaced else "say hello again")
        self.replaced = replaced


class Worker:
    """One connection to the work door: carries notices to people. Not for several threads.

        worker = Worker("ipc:///run/duban/work.sock", "pager-1", ["sms"])
        worker.hello()
        worker.credit(1)
        while True:
            job = worker.job(60)
            if job is not None and worker.begin(job):     # only now is the provider called
                worker.done(job, provider_id=send(job.address, job.brief))
            worker.touch()                                # well before lease_ms is over, always
            worker.credit(1 if job is not None else 0)

    Every call may raise Stopped. A real worker keeps a ledger of the keys it has sent, by store.
    """

    PERMANENT, TEMPORARY, THROTTLED = 1, 2, 3

    def __init__(self, endpoint, name, channels):
        self.context = context()
        self.endpoint = endpoint
        self.name = name
        self.channels = channels
        self.version = ""  # of the program, for operators to see
        self.number = 0
        self.jobs = []
        self.withdrawn = []  # tokens that are wanted no more
        self.welcome = None
        self.socket = None
        self.connect()

    def connect(self):
        if self.socket is not None:
            self.socket.close(linger=0)
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        self.socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
        self.socket.connect(self.endpoint)

    def say(self, **what):
        """Say something, and go on."""
        self.number += 1
        self.socket.send(pb.Request(number=self.number, **what).SerializeToString())
        return self.number

    def hear(self, timeout_s):
        """A reply, or None: a push came, which is kept, or nothing did."""
        if not self.socket.poll(timeout_s * 1000):
            return None
        frame = self.socket.recv()
        push = pb.Push.FromString(frame)
        kind = push.WhichOneof("what")
        if push.number != 0 or kind not in ("job", "withdraw", "stop"):
            return pb.Reply.FromString(frame)
        if kind == "stop":
            raise Stopped(push.stop.replaced)
        if kind == "job":
            self.jobs.append(push.job)
        else:
            self.withdrawn.append(push.withdraw.token)
        return None

    def ask(self, timeout_s=10.0, **what):
        """Say something and wait for the reply."""
        number = self.say(**what)
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            reply = self.hear(max(0, until - time.monotonic()))
            if reply is not None and reply.number == number:
                if reply.WhichOneof("what") == "error":
                    raise Refused(reply.error.en)
                return reply
        raise Timeout()

    def hello(self, jobs=(), tokens=()):
        """Say who this is, and what it still holds. The answer: tokens that are its own no more."""
        held = [job.token for job in jobs] + list(tokens)
        store = self.welcome.store if self.welcome else ""
        generation = self.welcome.generation if self.welcome else 0
        self.jobs = []
        hello = pb.Hello(worker=self.name, channels=self.channels, tokens=held, store=store, generation=generation,
                         version=self.version)
        while True:
            try:
                self.welcome = self.ask(hello=hello).welcome
                break
            except Stopped as stop:  # said of something before
                if stop.replaced:
                    raise
        return list(self.welcome.over)

    def credit(self, jobs):
        if jobs > 0:
            self.say(credit=pb.Credit(records=jobs))

    def job(self, timeout_s):
        """The next job, or None."""
        until = time.monotonic() + timeout_s
        while not self.jobs and time.monotonic() < until:
            self.hear(max(0, until - time.monotonic()))
        return self.jobs.pop(0) if self.jobs else None

    def begin(self, job):
        """Whether the provider may be called now."""
        return self.ask(begin=pb.Begin(token=job.token)).WhichOneof("what") == "go"

    def touch(self, jobs=()):
        self.say(touch=pb.Touch(tokens=[job.token for job in jobs]))

    def settle(self, **what):
        """Whether the result was believed."""
        return not self.ask(**what).settled.stale

    def done(self, job, provider_id="", sent_at_ms=None):
        at_ms = int(time.time() * 1000) if sent_at_ms is None else sent_at_ms
        words = "\0".join((job.brief, job.subject, job.body)).encode()
        return self.settle(done=pb.Done(token=job.token, key=job.key, provider_id=provider_id, sent_at_ms=at_ms,
                                        sent_sha256=hashlib.sha256(words).digest()))

    def fail(self, job, kind, code="", words="", not_before_ms=0):
        return self.settle(fail=pb.Fail(token=job.token, kind=kind, code=code, words=words,
                                        not_before_ms=not_before_ms))

    def unknown(self, job, words=""):
        return self.settle(unknown=pb.Unknown(token=job.token, words=words))

    def bye(self):
        self.say(bye=pb.Bye())

    def close(self):
        self.socket.close(linger=100)
        self.context.term()
