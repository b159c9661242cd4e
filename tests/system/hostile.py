#!/usr/bin/python3
"""Frames that nobody should send, at all doors, beside a good client whose events are all answered:
the daemon lives, its memory does not grow by more than 64 MiB, and afterwards it is as well as before.
DUBAN_FRAMES says how many, DUBAN_SEED repeats a run.
"""

import os
import random
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import rig  # noqa: E402
import zmq  # noqa: E402
from rig import duban, pb  # noqa: E402

FRAMES = int(os.environ.get("DUBAN_FRAMES", "20000"))
SEED = int(os.environ.get("DUBAN_SEED", time.time_ns() % 1000000))
POOL = 2000  # made once; then they are mixed
CONNECTIONS = 200
MEMORY_KIB = 64 * 1024
FRAME_MAX = 256 * 1024


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def good_request(chance):
    request = pb.Request(number=chance.randrange(1 << 32))
    request.publish.CopyFrom(rig.event("hostile", chance.randrange(1000), 0))
    return request


def noise(chance):
    return [chance.randbytes(chance.choice([0, 1, 7, 60, 1000, 20000]))]


def truncated(chance):
    frame = good_request(chance).SerializeToString()
    return [frame[: chance.randrange(len(frame))]]


def flipped(chance):
    frame = bytearray(good_request(chance).SerializeToString())
    for _ in range(chance.randrange(1, 9)):
        frame[chance.randrange(len(frame))] = chance.randrange(256)
    return [bytes(frame)]


def deep(chance):
    frame = b""
    for _ in range(chance.choice([5, 7, 100, 3000])):
        frame = field(chance.choice([2, 3, 4, 5]), frame)[: FRAME_MAX - 10]
    return [frame]


def oversize(chance):
    return [bytes(FRAME_MAX + 1 + chance.randrange(100000))]


def large(chance):
    """As large as is allowed, and full of what costs most to unpack."""
    kind = chance.choice([field(2, b""), field(1, b""), field(9, b""), b"\x0a\x00", b"\x78\x01"])
    return [field(chance.choice([2, 3]), kind * (FRAME_MAX // len(kind) - 10))[:FRAME_MAX]]


def many_facts(chance):
    request = good_request(chance)
    for number in range(chance.choice([129, 1000, 5000])):
        request.publish.facts.add(name=f"f{number}", value="x")
    return [request.SerializeToString()]


def many_events(chance):
    request = pb.Request(number=7)
    for number in range(chance.choice([257, 600])):
        request.batch.events.add().CopyFrom(rig.event("hostile", number, 0))
    return [request.SerializeToString()]


def wrong_verb(chance):
    request = pb.Request(number=chance.randrange(100))
    chance.choice(
        [
            lambda: request.query.status.SetInParent(),
            lambda: request.query.find.SetInParent(),
            lambda: request.act.backup.SetInParent(),
            lambda: request.act.install.files.add(path="../../etc/passwd", content=b"x"),
            lambda: request.credit.SetInParent(),
            lambda: request.act.SetInParent(),
            lambda: request.begin.SetInParent(),
            lambda: request.bye.SetInParent(),
            lambda: request.fail.SetInParent(),
            lambda: request.touch.tokens.extend(range(chance.choice([1, 256, 5000]))),
            lambda: hello(request, chance),
            lambda: done(request, chance),
            lambda: None,
        ]
    )()
    return [request.SerializeToString()]


def hello(request, chance):
    request.hello.worker = chance.choice(["", "w", f"w{chance.randrange(100)}", "x" * 5000, "a b", "%s%n"])
    request.hello.channels.extend(["sms"] * chance.choice([0, 1, 8, 9, 3000]))
    request.hello.tokens.extend(chance.randrange(1 << 64) for _ in range(chance.choice([0, 1, 1025])))


def done(request, chance):
    request.done.token = chance.choice([0, 1, 7, 1 << 44 | 7, 1 << 44 | 3, (1 << 64) - 1, chance.randrange(1 << 64)])
    request.done.key = chance.choice(["", "k", "k" * 97])
    request.done.sent_sha256 = bytes(chance.choice([0, 31, 32, 5000]))


def unknown_fields(chance):
    frame = good_request(chance).SerializeToString()
    strange = field(chance.randrange(100, 1 << 28), b"?" * chance.randrange(4))
    return [(frame + strange * chance.choice([1, 100, 10000]))[:FRAME_MAX]]


def dirty_words(chance):
    request = good_request(chance)
    request.publish.note = chance.choice(["a\x00b", "\x1b[2J", "\x7f", "x" * 100000, "\u202e"])
    request.publish.id = chance.choice(["", "i" * 65, "i" * 60000, "\n", "../../x", "%s%n"])
    request.publish.agency = chance.choice(["bench", "", "nobody", "'; drop table cases"])
    return [request.SerializeToString()]


def many_parts(chance):
    return [chance.randbytes(chance.randrange(40)) for _ in range(chance.choice([2, 3, 50]))]


KINDS = [noise, truncated, flipped, deep, wrong_verb, unknown_fields, dirty_words, many_parts]
COSTLY = [oversize, large, many_facts, many_events]


class Enemy:
    """A connection that sends and never reads; after an oversize frame it is thrown out."""

    def __init__(self, context, endpoint):
        self.context = context
        self.endpoint = endpoint
        self.socket = None
        self.connect()

    def connect(self):
        if self.socket is not None:
            self.socket.close(linger=0)
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.SNDTIMEO, 20000)
        self.socket.connect(self.endpoint)

    def send(self, frames):
        try:
            self.socket.send_multipart(frames)
        except zmq.Again:
            sys.exit("the daemon takes no more frames")


def knock_with_nonsense(path, chance):
    """No ZeroMQ at all: bytes at the socket, and gone again."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as raw:
        raw.connect(str(path))
        raw.sendall(chance.choice([b"GET / HTTP/1.0\r\n\r\n", chance.randbytes(200), b"\xff", b""]))


def main():
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    # The sanitizer keeps what was freed; not the daemon's doing.
    options = {"ASAN_OPTIONS": "quarantine_size_mb=1:malloc_context_size=0"}
    with rig.Daemon(environment=options) as daemon:
        context = duban.context()
        good = daemon.client()
        answered = 0
        good.send(rig.event("good", 0, 0), 60)
        enemies = [
            Enemy(context, f"ipc://{daemon.run}/{door}.sock")
            for door in ("events", "work", "control")
            for _ in range(3)
        ]
        for number in range(500):  # what the first of everything costs is not growth
            chance.choice(enemies).send(chance.choice(KINDS)(chance))
        good.send(rig.event("good", 0, 1), 60)
        before = daemon.rss_kib()
        cheap = [chance.choice(KINDS)(chance) for _ in range(min(FRAMES, POOL))]
        for number in range(FRAMES):
            enemy = chance.choice(enemies)
            if number % 50 == 0:
                kind = chance.choice(COSTLY)
                enemy.send(kind(chance))
                if kind is oversize:
                    enemy.connect()
            else:
                enemy.send(chance.choice(cheap))
            if number % 100 == 0:
                step = 2 + answered
                receipt = good.send(rig.event("good", step // 10, step % 10), 60)
                if receipt.verdict != duban.APPLIED:
                    sys.exit(f"the good client got {receipt}")
                answered += 1
        for number in range(CONNECTIONS):
            knock_with_nonsense(daemon.run / chance.choice(["events.sock", "work.sock", "control.sock"]), chance)
            visitor = Enemy(context, f"ipc://{daemon.run}/events.sock")
            visitor.send([good_request(chance).SerializeToString()])
            visitor.socket.close(linger=100)
        grown = daemon.rss_kib() - before
        if daemon.process.poll() is not None:
            daemon.fail("the daemon died")
        receipt = good.send(rig.event("after", 0, 0), 60)
        status = daemon.command("status", "-o", "json")
        if receipt.verdict != duban.APPLIED or status.returncode != 0:
            daemon.fail(f"afterwards: {receipt} {status.stdout} {status.stderr}")
        if any(len(line) > 2048 for line in daemon.log().splitlines()):
            sys.exit("a line of the log is longer than a line")
        print(
            f"{FRAMES} frames, {CONNECTIONS} connections come and gone, {answered} good events "
            f"answered, memory grew by {grown} KiB"
        )
        if grown > MEMORY_KIB:
            sys.exit("memory is not bounded")
        good.close()
        for enemy in enemies:
            enemy.socket.close(linger=0)
        context.term()
        daemon.stop()


main()
