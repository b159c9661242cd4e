#!/usr/bin/python3
"""docs/reference/protocol.md is what the daemon really says: every exchange is made anew with a real
daemon, and the page must come out the same, byte for byte. DUBAN_WRITE=1 writes the page."""

import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ["SOURCE"])
DUBAN = os.environ["DUBAN"]
PAGE = SOURCE / "docs" / "reference" / "protocol.md"
NOW_MS = 1772416800000  # 2026-03-02T10:00+08:00
NINE_MS = NOW_MS - 3600000

sys.path.insert(0, str(SOURCE / "clients" / "python"))
import duban
import zmq
from google.protobuf import text_format

pb = duban.pb

HEAD = """# The protocol, byte for byte

For whoever writes a client: [duban.proto](../../proto/duban/v1/duban.proto) says what each field means,
this page shows what goes over the wire. It is made by `tests/system/protocol.py` from exchanges with a
real daemon, and the test fails when the daemon says anything else.

A client is a ZeroMQ DEALER socket, connected to a door: `ipc:///run/duban/events.sock` for events,
`control.sock` for questions, acts and following, `work.sock` for workers. One message is one frame: a
`Request` there, a `Reply` (or, to followers and workers, a `Push`) back. A REQ socket does as well; its empty frame is given back.

Below, each message stands in protobuf's text form and as its bytes. `number` is the client's own; the
reply bears it, and replies to one connection may come in another order than the requests.

Three rules make a client right:

1. *Send again.* Without a reply within a few seconds, or after a lost connection, send the same event
   with the same `id`: it acts once. Send again in the order first sent, for order matters to a case.
2. *Obey `BUSY`.* It was not taken; wait a little, then send it and all after it again, in order.
3. *Ignore what you do not know.* Fields will be added; none changes its meaning or its number.
"""


def event(name, kind, **more):
    """An event of the page's case, at nine in the morning of the day."""
    fields = {
        "id": name,
        "source": "intake",
        "agency": "gulou",
        "case_id": "K-1",
        "type": kind,
        "occurred_at_ms": NINE_MS,
        "actor": duban.Actor(person="wang", role="officer"),
    }
    return duban.Event(**{**fields, **more})


def served(name, **more):
    return event(
        name,
        "order.served",
        facts=duban.facts(minor="true", give="10d"),
        documents=[duban.Document(kind="责令改正通知书")],
        **more,
    )


OPENED = event("m-1", "case.filed", procedure="minor", unit="squad1")
WORK_HEAD = """## The door of work

What a worker and the daemon say to each other, in this order. Stores have random names, and instants pass;
here they are made up, all else is as it came. A worker is written in an afternoon with
[the kit](../guide/write-a-worker.md), which does all of this.
"""
EXCHANGES = [
    ("events", "A case is opened", "The first event of a case names its procedure and its unit.",
     pb.Request(number=1, publish=OPENED)),
    ("events", "The same again", "Nothing happens twice: `first` says what became of it.",
     pb.Request(number=2, publish=OPENED)),
    ("events", "The same id with other content", "Refused; an id is used once for the life of its case.",
     pb.Request(number=3, publish=event("m-1", "case.filed", procedure="minor", unit="squad2"))),
    ("events", "Refused, with every reason", "`law` is the article. A refusal is recorded too, for it is evidence.",
     pb.Request(number=4, publish=event("m-2", "order.served", facts=duban.facts(minor="true", give="10d")))),
    ("events", "Put right", "`next_at_ms` is when the case's first limit ends.",
     pb.Request(number=5, publish=served("m-3", **{"with": ["zhao"]}))),
    ("events", "A batch", "Taken together, judged one by one; here one waits for a case that is not there yet.",
     pb.Request(number=6, batch=pb.Batch(events=[
         event("m-4", "case.noted", note="电话询问"),
         served("m-5", case_id="K-2", wait_for_ms=3600000, **{"with": ["zhao"]})]))),
    ("events", "The wrong door", "Questions go to the control door.",
     pb.Request(number=7, query=pb.Query(status=pb.StatusQuery()))),
    ("events", "Bytes that are no message", "Answered where the number can be read, else with 0.",
     b"\x08\x08\x12\xff"),
    ("control", "Files are installed", "An act says who does it, and why. These are installed already: no record is made.",
     pb.Request(number=1, act=pb.Act(reason="a second try", actor=duban.Actor(person="li"), install=pb.Install(
         files=[pb.File(path="registers/violations.csv",
                        content=(SOURCE / "config" / "registers" / "violations.csv").read_bytes())])))),
    ("control", "The wall clock is accepted", "Refused while the daemon believes it.",
     pb.Request(number=2, act=pb.Act(reason="checked", actor=duban.Actor(person="li"), accept_time=pb.Accept()))),
    ("control", "A case is imported", "Only tried (`dry_run`); the answer is the same but for `seq`.",
     pb.Request(number=3, act=pb.Act(reason="从旧系统迁移", actor=duban.Actor(person="li")))),
    ("control", "A case that is not there", "A question that finds nothing.",
     pb.Request(number=4, query=pb.Query(log=pb.CaseQuery(agency="gulou", case_id="K-9")))),
]
# `import` is a word of Python's own.
getattr(EXCHANGES[10][3].act, "import").CopyFrom(
    pb.Import(dry_run=True, events=[event("o-1", "case.filed", case_id="OLD-1", procedure="minor", unit="squad1"),
                                    served("o-2", case_id="OLD-1", **{"with": ["zhao"]})]))


def dump(data):
    """Sixteen bytes a line: where, in hexadecimal, and as text where it is ASCII."""
    lines = []
    for at in range(0, len(data), 16):
        part = data[at : at + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"{at:04x}  {part.hex(' '):47}  {text}")
    return "\n".join(lines)


def show(title, message, data):
    if message is None:
        return f"{title}, {len(data)} bytes:\n\n```text\n{dump(data)}\n```\n"
    words = text_format.MessageToString(message, as_utf8=True).rstrip("\n")
    return f"{title}, {len(data)} bytes:\n\n```text\n{words}\n```\n\n```text\n{dump(data)}\n```\n"


STORE = "0123456789abcdeffedcba9876543210"


def made_up(message):
    """A store's name is random, and its instants pass: on the page they stand still."""
    what = message.WhichOneof("what")
    if what == "welcome":
        message.welcome.store = STORE
        message.welcome.now_ms = NOW_MS
    if what == "job":
        message.job.key = STORE + message.job.key[len(STORE):]
        message.job.useful_until_ms = NOW_MS + 7 * 86400000
    return message


def worker_says(socket, title, words, request, answers):
    """What a worker says, and what comes of it: (kind, reader) each. The words, and the last answer."""
    parts = [f"### {title}\n\n{words}\n"]
    if request is not None:
        data = request.SerializeToString(deterministic=True)
        socket.send(data)
        parts.append(show("Request", request, data))
    last = None
    for kind, reader in answers:
        if not socket.poll(20000):
            sys.exit(f"no {kind} to: {title}")
        last = made_up(reader.FromString(socket.recv()))
        parts.append(show(kind, last, last.SerializeToString(deterministic=True)))
    return "\n".join(parts), last


def ring(folder):
    """A case is opened whose party is told something."""
    facts = duban.facts(mobile="13900000001", consent="true")
    client = duban.Client(f"ipc://{folder}/run/events.sock")
    for name, kind, more in (("m-1", "opened", {"procedure": "ring", "facts": facts}), ("m-2", "party.rung", {})):
        receipt = client.send(event(name, kind, **more))
        if receipt.verdict != duban.APPLIED:
            sys.exit(str(receipt))
    client.close()


def make_work(folder):
    """The door of work, at a daemon of its own with the bells of tests/system/work."""
    config = f"{folder}/config"
    shutil.copytree(SOURCE / "tests" / "system" / "work", config)
    shutil.copytree(SOURCE / "config" / "calendars", f"{config}/calendars")
    subprocess.run([DUBAN, "install", config, "--run", f"{folder}/run"], check=True, stdout=subprocess.DEVNULL)
    context = zmq.Context()
    socket = context.socket(zmq.DEALER)
    socket.connect(f"ipc://{folder}/run/work.sock")
    reply, push = ("Reply", pb.Reply), ("Push", pb.Push)
    parts = [WORK_HEAD]

    def says(title, words, request, *answers):
        part, last = worker_says(socket, title, words, request, answers)
        parts.append(part)
        return last

    says("Nobody known", "Whoever was not welcomed is told `Stop`, whatever it says: say Hello.",
         pb.Request(number=1, begin=pb.Begin(token=1)), push)
    says("Hello", "A term is as the worker's clock has it; the daemon's own time is told too.",
         pb.Request(number=2, hello=pb.Hello(worker="pager-1", channels=["sms"], version="pager 1.0")), reply)
    ring(folder)
    job = says("A job", "Credit is not answered. As soon as a job may leave it is pushed.",
               pb.Request(number=3, credit=pb.Credit(records=1)), push).job
    says("Begin", "Right before the provider is called. `Go` is durable: now nobody else sends it.",
         pb.Request(number=4, begin=pb.Begin(token=job.token)), reply)
    done = pb.Done(token=job.token, key=job.key, provider_id="P-1", sent_at_ms=NOW_MS, sent_sha256=bytes(32))
    says("Done", "Answered when it is durable.", pb.Request(number=5, done=done), reply)
    says("Done again", "The token is an old one now: it changes nothing.", pb.Request(number=6, done=done), reply)
    says("A touch", "Not answered; but of a token that is its own no more it is told so.",
         pb.Request(number=7, touch=pb.Touch(tokens=[job.token])), push)
    socket.close(linger=0)
    context.term()
    return "\n".join(parts)


def exchange(socket, request):
    data = request if isinstance(request, bytes) else request.SerializeToString(deterministic=True)
    socket.send(data)
    if not socket.poll(20000):
        sys.exit("no reply")
    reply = socket.recv()
    return data, reply


def make(folder, work):
    context = zmq.Context()
    sockets = {}
    for door in ("events", "control"):
        sockets[door] = context.socket(zmq.DEALER)
        sockets[door].connect(f"ipc://{folder}/run/{door}.sock")
    parts = [HEAD]
    shown = None
    for door, title, words, request in EXCHANGES:
        data, reply = exchange(sockets[door], request)
        if door != shown:
            parts.append(f"## The door of {'events' if door == 'events' else 'control'}\n")
            shown = door
        message = None if isinstance(request, bytes) else request
        parts.append(f"### {title}\n\n{words}\n\n" + show("Request", message, data) + "\n"
                     + show("Reply", pb.Reply.FromString(reply), reply))
    for socket in sockets.values():
        socket.close(linger=0)
    context.term()
    parts.append(work)
    parts.append("""## What changes from time to time

Answers that tell the hour (`StatusQuery`, `TimeQuery`) or a case's whole life (`log`, `why`) are JSON in
an `Answer`, described in [answers.md](answers.md); records that are followed are described in
[follow.md](follow.md).
""")
    return "\n".join(parts)


def with_daemon(options, make_part):
    """Make a part of the page with a daemon that serves in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="duban-protocol-") as folder:
        os.mkdir(f"{folder}/run", 0o700)
        clock = f"{NOW_MS},{int(time.time() * 1000)},1"
        with open(f"{folder}/log", "wb") as log:
            daemon = subprocess.Popen([f"{DUBAN}d", "--data", f"{folder}/data", "--run", f"{folder}/run",
                                       "--clock", clock, *options], stderr=log)
        try:
            return make_part(folder)
        finally:
            daemon.terminate()
            daemon.wait()


def main():
    work = with_daemon(["--empty"], make_work)
    page = with_daemon([], lambda folder: make(folder, work))
    if os.environ.get("DUBAN_WRITE"):
        PAGE.write_text(page)
    old = PAGE.read_text() if PAGE.exists() else ""
    if page != old:
        sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), page.splitlines(True),
                                                   "docs/reference/protocol.md", "what the daemon says"))
        sys.exit("the page differs from what the daemon says; DUBAN_WRITE=1 writes it anew")
    print(f"{len(EXCHANGES)} exchanges, and those of a worker, are as the page shows them")


main()
