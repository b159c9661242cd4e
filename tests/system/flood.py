#!/usr/bin/python3
"""Publishers who send many times what the daemon has room for, at once: nothing is lost, nothing
overtakes within a connection, memory stays bounded, and who sends one at a time is still served.
"""

import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import rig  # noqa: E402
from rig import duban, pb  # noqa: E402

FLOODERS = 3
EVENTS = int(os.environ.get("DUBAN_FLOOD", "6000"))  # of each; the waiting room has 4096 places
MEMORY_KIB = 64 * 1024


class Flooder:
    """Sends everything it has at once, and keeps the order in which it was answered."""

    def __init__(self, daemon, name):
        self.client = daemon.client(resend_s=5)
        self.name = name
        self.seqs = {}
        self.client.resume = math.inf  # until all of them are there
        for number in range(EVENTS):
            self.client.publish(rig.event(name, number // 10, number % 10))

    def begin(self):
        self.client.resume = 0.0
        self.client.send_due()

    def take(self):
        try:
            number, receipt = self.client.next(0)
        except duban.Timeout:
            return False
        if receipt.verdict not in (duban.APPLIED, duban.DUPLICATE):
            reasons = [reason.en for reason in receipt.reasons]
            sys.exit(f"{self.name}: event {number} was answered {receipt.verdict}: {reasons}")
        self.seqs[number] = receipt.seq
        return True

    def check(self):
        order = [self.seqs[number] for number in sorted(self.seqs)]
        if len(order) != EVENTS or order != sorted(set(order)):
            sys.exit(f"{self.name}: {len(order)} events, and some overtook others")


class Asker:
    """Asks one question after another, and counts what it is answered."""

    def __init__(self, daemon, **question):
        self.control = duban.Control(f"ipc://{daemon.run}/control.sock")
        self.question = question
        self.answered = self.busy = 0
        self.control.send(at_least_seq=0, **question)

    def take(self):
        try:
            reply = self.control.reply(0)
        except duban.Timeout:
            return
        if reply.WhichOneof("what") == "error":
            if reply.error.code != pb.Error.BUSY:
                sys.exit(f"a question was answered {reply.error.en}")
            self.busy += 1
        elif reply.answer.more:
            return
        else:
            self.answered += 1
        self.control.send(at_least_seq=0, **self.question)


def main():
    with rig.Daemon() as daemon:
        good = daemon.client()
        good.send(rig.event("good", 0, 0), 60)
        before = daemon.rss_kib()
        flooders = [Flooder(daemon, f"flood{i}") for i in range(FLOODERS)]
        for flooder in flooders:
            flooder.begin()
        finder = Asker(daemon, find=pb.FindQuery(filter="overdue"))
        nurse = Asker(daemon, status=pb.StatusQuery())
        served = 0
        asked = good.publish(rig.event("good", 0, 1))
        while any(flooder.client.waiting for flooder in flooders):
            for flooder in flooders:
                while flooder.take():
                    pass
            finder.take()
            nurse.take()
            try:
                number, receipt = good.next(0.001)
            except duban.Timeout:
                continue
            if number != asked or receipt.verdict != duban.APPLIED:
                sys.exit(f"who sends one at a time got {receipt}")
            served += 1
            step = served + 1
            asked = good.publish(rig.event("good", step // 10, step % 10))
        for flooder in flooders:
            flooder.check()
        busy = sum(flooder.client.busy for flooder in flooders)
        grown = daemon.rss_kib() - before
        print(
            f"{FLOODERS} times {EVENTS} events: all applied, in order; {busy} times busy; "
            f"{served} of the patient one's meanwhile; questions {finder.busy} times busy, "
            f"{finder.answered} answered; memory grew by {grown} KiB"
        )
        if busy == 0:
            sys.exit("nothing was ever busy: this was no flood")
        if nurse.busy > 0 or nurse.answered == 0:
            sys.exit("how it is was not told while it was crowded")
        if served < 3:
            sys.exit("who sends one at a time was not served")
        if grown > MEMORY_KIB:
            sys.exit("memory is not bounded")
        for client in [good, finder.control, nurse.control] + [flooder.client for flooder in flooders]:
            client.close()
        daemon.stop()


main()
