#!/usr/bin/python3
"""Every worker is dead for more than 72 hours of the daemon's own time, while it lives on and cases go
on falling due: when one comes back no stale reminder leaves; what is due by then does, as one message;
and nothing was lost."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import bells  # noqa: E402
from bells import DAY_MS, HOUR_MS, duban, until  # noqa: E402
from house import check  # noqa: E402

CASES = 50
FAST = 43200  # half a day a second


def live(house, rate, end_ms):
    """Let the daemon's time pass at that rate."""
    house.later(rate=rate)
    until("the time has passed", 60, lambda: house.clock_ms() >= end_ms)
    house.later()


def steps(house):
    """How many steps of jobs of each kind were recorded."""
    follower = duban.Follower(f"ipc://{house.run}/control.sock", credit=4096)
    last = house.control().ask(status=duban.pb.StatusQuery())["seq"]
    counted = {}
    while follower.from_seq <= last:
        record = follower.next(30).json
        if record["kind"] == "job":
            step = record["step"] if "state" in record else record["step"] + " dropped"
            counted[step] = counted.get(step, 0) + 1
    follower.close()
    return counted


def carry_all(house, worker):
    """What leaves, until nothing does."""
    carried = []
    quiet = time.monotonic()
    while time.monotonic() - quiet < 1.5:
        job = worker.job(0.1)
        worker.touch()
        if job is not None:
            check(worker.begin(job) and worker.done(job), "carried")
            worker.credit(1)
            carried.append(job)
            quiet = time.monotonic()
    return carried


def seventy_two_hours_of_dead_workers(house):
    for number in range(CASES):
        house.open(f"K-{number}")
    due_ms = bells.START_MS + 7 * DAY_MS  # 2026-03-09: three working days before the 12th
    house.later(due_ms - 2 * HOUR_MS - house.clock_ms())
    live(house, FAST, due_ms + HOUR_MS)
    # All are reminded now, and nobody carries it: a worker is there, takes what it is given, and dies.
    worker = house.worker("one", ["sms", "mail"], credit=1)
    first = house.job(worker)
    check(first.notices == CASES and first.receiver == "王", f"{CASES} reminders in one message: {first.notices}")
    worker.close()
    # 72 hours later the limit is over, and the head was to be told on Friday and on Monday.
    live(house, FAST, due_ms + 3 * DAY_MS + 6 * HOUR_MS)
    hours = (house.clock_ms() - due_ms) / HOUR_MS
    check(hours >= 72, f"{hours} hours")
    live(house, FAST, bells.START_MS + 14 * DAY_MS + 6 * HOUR_MS)
    worker = house.worker("two", ["sms", "mail"], credit=4)
    carried = carry_all(house, worker)
    check(all(job.receiver == "李" for job in carried), f"no stale reminder: {[job.brief for job in carried]}")
    check(sum(job.notices for job in carried) == CASES, f"each case's present rung: {len(carried)} messages")
    check(len(carried) == 1 and f"{CASES}项通知" in carried[0].brief, f"as one message: {carried[0].brief}")
    counted = steps(house)
    check(counted.get("time dropped", 0) > 0, f"and what was stale is told as dropped: {counted}")
    print(f"{CASES} cases, {hours:.0f} h and then a weekend without workers; {len(carried)} message of "
          f"{CASES} rungs left, no reminder; steps {counted}")
    worker.close()


bells.main(seventy_two_hours_of_dead_workers)
