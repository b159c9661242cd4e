#!/usr/bin/python3
"""The door of hints: who comes is told how far it is, news come by themselves, a burst comes as few
hints, and who never listens harms nobody.
"""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import rig  # noqa: E402
import zmq  # noqa: E402

EVENTS = 1000


class Listener:
    def __init__(self, daemon, context):
        self.socket = context.socket(zmq.SUB)
        self.socket.setsockopt(zmq.SUBSCRIBE, b"")
        self.socket.connect(f"ipc://{daemon.run}/hints.sock")
        self.hints = []

    def hear(self, seconds):
        if not self.socket.poll(seconds * 1000):
            return False
        self.hints.append(rig.pb.Hint.FromString(self.socket.recv()).flushed_seq)
        return True

    def until(self, seq):
        end = time.monotonic() + 30
        while not self.hints or self.hints[-1] < seq:
            if not self.hear(1) and time.monotonic() > end:
                sys.exit(f"no hint of record {seq}; heard {self.hints[-5:]}")


def main():
    with rig.Daemon() as daemon:
        context = rig.duban.context()
        client = daemon.client()
        first = client.send(rig.event("hint", 0, 0)).seq
        listener = Listener(daemon, context)
        listener.until(first)
        deaf = Listener(daemon, context)
        for number in range(EVENTS):
            client.publish(rig.event("hint", 1 + number // 10, number % 10))
        last = 0
        while client.waiting:
            last = max(last, client.next(60)[1].seq)
        listener.until(last)
        later = Listener(daemon, context)
        later.until(last)
        if listener.hints != sorted(listener.hints):
            sys.exit("hints go back")
        if len(listener.hints) > EVENTS / 2:
            sys.exit(f"{len(listener.hints)} hints of {EVENTS} events: they are not put together")
        print(f"{EVENTS} events, {len(listener.hints)} hints")
        for one in (listener, later, deaf):
            one.socket.close(linger=0)
        client.close()
        context.term()
        daemon.stop()


main()
