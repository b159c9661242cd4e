"""Tell duband what happened in a case, from Python: python3-zmq and python3-protobuf, no more.

    client = Client("ipc:///run/duban/events.sock")
    receipt = client.send(Event(id="m-1", source="intake", agency="gulou", case_id="K-1", ...))
    print(receipt.verdict, receipt.stage)

An event that stays unanswered is sent again with the same id: nothing happens twice. `duban_pb2` is
made from proto/duban/v1/duban.proto by protoc; `load` finds or makes it.
"""

import importlib
import os
import pathlib
import subprocess
import sys
import time

import zmq


def load(folder=None):
    """Import duban_pb2, compiling the .proto into `folder` first where it is not there yet."""
    here = pathlib.Path(__file__).resolve().parent
    proto = here.parent.parent / "proto" / "duban" / "v1" / "duban.proto"
    folder = pathlib.Path(folder or os.environ.get("DUBAN_PB2", here / "generated"))
    if not (folder / "duban_pb2.py").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["protoc", f"--proto_path={proto.parent}", f"--python_out={folder}", str(proto)],
            check=True,
        )
    sys.path.insert(0, str(folder))
    return importlib.import_module("duban_pb2")


pb = load()
Event, Actor, Fact, Document = pb.Event, pb.Actor, pb.Fact, pb.Document
APPLIED, DUPLICATE, WAITING, REJECTED, BUSY = 1, 2, 3, 4, 5


class Timeout(Exception):
    """No answer came in time. What was sent may have been taken all the same: send it again."""


class Refused(Exception):
    """The daemon says that the request itself is wrong."""


def facts(**values):
    """Facts of an event in their text form: facts(minor="true", give="10d")."""
    return [Fact(name=name, value=value) for name, value in values.items()]


class Client:
    """One connection to the events door. Not for several threads."""

    def __init__(self, endpoint, resend_s=1.0):
        self.context = zmq.Context()
        self.endpoint = endpoint
        self.resend_s = resend_s
        self.number = 0
        self.waiting = {}  # number -> (frame, when it was last sent)
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
        self.socket.connect(self.endpoint)

    def publish(self, event):
        """Send an event and go on; the answer is its number, which its receipt will bear."""
        self.number += 1
        request = pb.Request(number=self.number)
        request.publish.CopyFrom(event)
        frame = request.SerializeToString()
        self.waiting[self.number] = (frame, time.monotonic())
        self.socket.send(frame)
        return self.number

    def next(self, timeout_s):
        """The next (number, receipt), of whichever event."""
        until = time.monotonic() + timeout_s
        while True:
            left = until - time.monotonic()
            if self.socket.poll(max(0, min(left, 0.1)) * 1000):
                reply = pb.Reply.FromString(self.socket.recv())
                if self.waiting.pop(reply.number, None) is None:
                    continue
                if reply.WhichOneof("what") == "error":
                    raise Refused(reply.error.en)
                return reply.number, reply.receipt
            if left <= 0:
                raise Timeout()
            self.resend()

    def resend(self):
        """Send again, in order, what has waited too long."""
        now = time.monotonic()
        for number, (frame, sent) in sorted(self.waiting.items()):
            if now - sent >= self.resend_s:
                self.socket.send(frame)
                self.waiting[number] = (frame, now)

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
