#!/usr/bin/python3
"""A store that runs full, by its map and by its disk: new cases are refused first, then all events; what
falls due is still done; and with room again everything goes on, without anybody's help."""

import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
from house import SOURCE, House, check, duban, skip  # noqa: E402

NOW_MS = int(time.time() * 1000) - 3600000
FAT = "x" * 1000
WINDOW = 64


def event(case, event_id, kind, facts=None, **more):
    return duban.Event(
        id=event_id,
        source="test",
        agency="gulou",
        case_id=case,
        type=kind,
        occurred_at_ms=NOW_MS,
        actor=duban.Actor(person="wang", role="officer"),
        facts=[duban.Fact(name=name, value=value) for name, value in (facts or {}).items()],
        **more,
    )


def opening(case):
    return event(case, f"open-{case}", "case.opened", {"remark": FAT}, procedure="secret")


def codes(receipt):
    return [reason.code for reason in receipt.reasons]


def open_until_refused(house, at_most, told):
    """Open cases until one is refused; the number of those that were opened."""
    client = house.events()
    opened, sent, pending = 0, 0, 0
    refused = False
    while not refused or pending:
        while not refused and pending < WINDOW:
            client.publish(opening(f"F-{sent}"))
            sent += 1
            pending += 1
        try:
            _, receipt = client.next(30)
        except duban.Timeout:
            sys.exit(f"{pending} events stay unanswered:\n{house.logged()}")
        pending -= 1
        if receipt.verdict in (duban.APPLIED, duban.DUPLICATE):
            opened += 1
            check(opened < at_most, f"{at_most} cases, and nothing is full")
        else:
            check(codes(receipt) == [told] and receipt.seq == 0, f"{told}, not {codes(receipt)}")
            refused = True
    return opened


def is_answered(house, event_, wanted, seconds=60):
    """Until it is answered so; a look at the disk may come before, or the end for want of room and a
    restart, as a supervisor would."""
    until = time.monotonic() + seconds
    while True:
        try:
            receipt = house.events().send(event_, 5)
            got = codes(receipt) or [receipt.first]  # what went unanswered comes as a duplicate
            if got == [wanted]:
                return
        except duban.Timeout:
            got = "no answer"
            if house.process.poll() is not None:
                house.start()
        check(time.monotonic() < until, f"{event_.id}: {wanted}, not {got}")
        time.sleep(0.1)


def by_the_map(folder, config):
    house = House(folder, "--map-mib", "64")
    house.start()
    house.install(config)
    client = house.events()
    check(client.send(opening("K-1")).verdict == duban.APPLIED, "opened")
    opened = open_until_refused(house, 60000, "full_new")
    early = event("K-2", "early", "told", {"remark": "x"}, wait_for_ms=1000)
    check(codes(client.send(early)) == ["full_new"], "what waits for a new case is refused too")
    wait = event("K-1", "late", "nobody.takes", wait_for_ms=1500)
    check(client.send(wait).verdict == duban.WAITING, "of a known case it may wait")
    check(client.send(event("K-1", "t", "told", {"remark": "y"})).verdict == duban.APPLIED, "open ones move")
    check(client.send(opening("K-1")).verdict == duban.DUPLICATE, "what was taken is known")
    is_answered(house, wait, "wait_over")  # it fell due, and was done
    check("NEARLY FULL" in house.duban("status").stdout, "duban status says so")
    check("store.space is=short" in house.logged() and "--map-mib" in house.logged(), "and the log, with what to do")
    house.again()
    is_answered(house, opening("K-3"), "full_new")
    house.stop()
    house.start("--map-mib", "128")
    is_answered(house, opening("K-3"), duban.APPLIED)
    house.stop()
    client.close()
    print(f"map of 64 MiB: {opened} cases, then none")


def fill(folder, leave_bytes):
    """A file of somebody else's."""
    about = os.statvfs(folder)
    size = about.f_bavail * about.f_frsize - leave_bytes
    with open(os.path.join(folder, "filler"), "ab") as filler:
        filler.write(b"\0" * max(0, size))


def starts_or_ends(house):
    """Killed and started again, until it has found out how full it is."""
    word = "store.space is=last"
    before = house.logged().count(word)
    house.again()
    until = time.monotonic() + 60
    while house.logged().count(word) == before and house.process.poll() is None:
        check(time.monotonic() < until, house.logged())
        time.sleep(0.05)


def by_the_disk(folder, config, disk):
    house = House(folder, data=os.path.join(disk, "data"))
    house.start()
    house.install(config)
    client = house.events()
    mib = 1 << 20
    check(client.send(opening("K-1")).verdict == duban.APPLIED, "opened")
    fill(disk, 5 * mib)  # of 64: less than a tenth
    house.wait_for("store.space is=short")
    is_answered(house, opening("K-2"), "full_new")
    wait = event("K-1", "late", "nobody.takes", wait_for_ms=4000)
    check(client.send(wait).verdict == duban.WAITING, "of a known case it may wait")
    fill(disk, mib // 4)  # and now the reserve has to be given up
    house.wait_for("store.reserve.given_up")
    house.wait_for("store.space is=last")
    is_answered(house, event("K-1", "t1", "told", {"remark": "y"}), "full")
    is_answered(house, wait, "wait_over")  # it fell due, and was done
    check("FULL" in house.duban("status").stdout, "duban status says so")
    fill(disk, 0)
    starts_or_ends(house)  # whether it can start or not, nothing is harmed
    os.remove(os.path.join(disk, "filler"))
    is_answered(house, opening("K-2"), duban.APPLIED)
    check(client.send(opening("K-1")).verdict == duban.DUPLICATE, "what was taken is known")
    house.stop()
    client.close()
    print("disk of 64 MiB: filled by others, and on it went when they left")


def mounted(folder):
    disk = os.path.join(folder, "disk")
    os.mkdir(disk, 0o700)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "duban-test", disk], capture_output=True, text=True
    )
    return disk if done.returncode == 0 else None


def main():
    with tempfile.TemporaryDirectory(prefix="duban-room-") as folder:
        config = os.path.join(folder, "config")
        shutil.copytree(os.path.join(SOURCE, "tests/system/private"), config)
        shutil.copytree(os.path.join(SOURCE, "config/calendars"), os.path.join(config, "calendars"))
        os.mkdir(os.path.join(folder, "map"))
        by_the_map(os.path.join(folder, "map"), config)
        disk = mounted(folder)
        if disk is None:
            skip("the full disk: only root may mount a small one")
        try:
            os.mkdir(os.path.join(folder, "small"))
            by_the_disk(os.path.join(folder, "small"), config, disk)
        finally:
            subprocess.run(["umount", "-l", disk], check=False)


main()
