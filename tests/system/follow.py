#!/usr/bin/python3
"""Following the journal: every record in order, the past and then live, with a chain that joins; what a
filter hides is there by its hash; who gives no credit or does not read gets a Gap and slows nobody; who
vanishes leaves the place.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import rig  # noqa: E402
import zmq  # noqa: E402
from rig import duban, pb  # noqa: E402

BEHIND = 10000  # records that may be flushed while a follower stands still


class Publisher:
    """Cases that live ten events each."""

    def __init__(self, daemon):
        self.client = daemon.client(resend_s=5)
        self.count = 0
        self.last = 0

    def publish(self, count):
        for number in range(self.count, self.count + count):
            self.client.publish(rig.event("follow", number // 10, number % 10))
        self.count += count
        while self.client.waiting:
            receipt = self.client.next(60)[1]
            if receipt.verdict not in (duban.APPLIED, duban.DUPLICATE):
                sys.exit(f"an event was answered {receipt}")
            self.last = max(self.last, receipt.seq)


def read_until(follower, seq, want=lambda record: True):
    """All records up to one; each must be as it is wanted."""
    records = []
    while not records or records[-1].seq < seq:
        record = follower.next(30)
        if not want(record):
            sys.exit(f"record {record.seq} is not as wanted: {record.json}")
        records.append(record)
    return records


def check_past_and_live(daemon, door, publisher):
    follower = duban.Follower(door, credit=16)
    past = read_until(follower, publisher.last, lambda record: record.json["seq"] == record.seq)
    if [record.seq for record in past] != list(range(1, publisher.last + 1)):
        sys.exit("records are missing")
    kinds = {record.json["kind"] for record in past}
    if not {"install", "event"} <= kinds:
        sys.exit(f"kinds of records: {kinds}")
    publisher.publish(20)
    live = read_until(follower, publisher.last)
    applied = [record for record in live if record.json.get("verdict") == "applied"]
    if len(applied) < 20 or live[0].json["agency"] != "bench" or "event" not in live[0].json:
        sys.exit(f"live records: {[record.json for record in live[:2]]}")
    # Whoever keeps number and hash goes on later, and sees that nothing was changed.
    later = duban.Follower(door, from_seq=past[9].seq + 1, after=past[9].hash)
    if read_until(later, publisher.last)[-1].hash != live[-1].hash:
        sys.exit("two followers see two chains")
    wrong = duban.Follower(door, from_seq=past[9].seq + 1, after=past[8].hash)
    try:
        wrong.next(30)
        sys.exit("a chain that does not join was taken")
    except duban.Broken:
        pass
    early = duban.Follower(door, from_seq=publisher.last + 1000)
    try:
        early.next(30)
        sys.exit("one may follow from a record that is not there")
    except duban.Refused:
        pass
    # Only from now on.
    fresh = duban.Follower(door, from_seq=0)
    rig.until("the daemon has taken the Follow", 30, lambda: daemon.command("status").returncode == 0)
    before = publisher.last
    publisher.publish(1)
    if fresh.next(30).seq <= before:
        sys.exit("who follows from now on gets the past")
    for one in (follower, later, wrong, early, fresh):
        one.close()


def check_hidden(door, publisher):
    nobody = duban.Follower(door, agency="gulou")
    read_until(nobody, publisher.last, lambda record: record.json is None)
    one = duban.Follower(door, agency="bench", case_id="follow-3")
    records = read_until(one, publisher.last)
    shown = [record.json for record in records if record.json is not None]
    if len(shown) < 10 or any(words["case"] != "follow-3" for words in shown):
        sys.exit(f"of one case: {shown}")
    nobody.close()
    one.close()


def check_standing_still(daemon, door, publisher, context):
    poor = duban.Follower(door, from_seq=1, credit=5)
    poor.pay = lambda: None
    first = read_until(poor, 5)
    deaf = context.socket(zmq.DEALER)
    deaf.setsockopt(zmq.RCVHWM, 1)
    deaf.connect(door)
    request = pb.Request(number=1)
    request.follow.from_seq = 1
    request.follow.credit = 65536
    deaf.send(request.SerializeToString())
    before = daemon.rss_kib()
    publisher.publish(2 * BEHIND)
    grown = daemon.rss_kib() - before
    record = poor.next(60)
    if poor.gaps != 1 or record.seq != first[-1].seq + 1:
        sys.exit(f"without credit: {poor.gaps} gaps, then record {record.seq}")
    expected = 1
    while deaf.poll(60000):
        push = pb.Push.FromString(deaf.recv())
        if push.WhichOneof("what") == "gap":
            if push.gap.resume_seq != expected:
                sys.exit(f"a gap to {push.gap.resume_seq} after record {expected - 1}")
            break
        if push.record.seq != expected:
            sys.exit(f"record {push.record.seq} after {expected - 1}")
        expected += 1
    else:
        sys.exit("who never reads gets no gap")
    if grown > 64 * 1024:
        sys.exit(f"followers that stand still cost {grown} KiB")
    deaf.close(linger=0)
    poor.close()
    return expected - 1, grown


def check_vanishing(door, publisher):
    for number in range(100):
        duban.Follower(door, from_seq=1 + number).close()
    last = duban.Follower(door, from_seq=publisher.last)
    last.next(60)
    last.close()


def main():
    with rig.Daemon(environment={"ASAN_OPTIONS": "quarantine_size_mb=1"}) as daemon:
        door = f"ipc://{daemon.run}/control.sock"
        context = duban.context()
        publisher = Publisher(daemon)
        publisher.publish(200)
        check_past_and_live(daemon, door, publisher)
        check_hidden(door, publisher)
        sent, grown = check_standing_still(daemon, door, publisher, context)
        check_vanishing(door, publisher)
        whole = duban.Follower(door, credit=4096)
        read_until(whole, publisher.last)
        print(
            f"{publisher.last} records followed, the chain joins; one that never read was sent "
            f"{sent} and then a gap, memory grew by {grown} KiB"
        )
        daemon.stop()
        daemon.start()
        whole.follow()
        publisher.publish(10)
        read_until(whole, publisher.last)
        whole.close()
        publisher.client.close()
        context.term()
        daemon.stop()


main()
