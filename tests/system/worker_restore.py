#!/usr/bin/python3
"""A backup is restored while a worker lives: what left after the backup was taken is in the worker's ledger,
and does not leave again when the restored daemon hands it out anew."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import bells  # noqa: E402
import provider  # noqa: E402
from bells import duban, until  # noqa: E402
from house import BIN, check  # noqa: E402


def results(house):
    """What became of each job, by the record: its provider's name for it."""
    follower = duban.Follower(f"ipc://{house.run}/control.sock")
    found = {}
    try:
        while True:
            record = follower.next(0.3).json
            if record["kind"] == "job" and record["step"] == "done":
                found[record["job"]] = record["provider"]
    except duban.Timeout:
        return found
    finally:
        follower.close()


def what_left_does_not_leave_again(house):
    folder = pathlib.Path(house.data).parent
    copy, data = house.data + ".backup", house.data + ".2"
    flags = ["--name", "w-1", "--channel", "sms", "--ledger", folder / "ledger", "--config", folder / "test.yaml"]
    (folder / "test.yaml").write_text(f"provider: {folder}/provider.sock\ndoor: ipc://{house.run}/work.sock\n")
    house.open("K-1")
    house.ring("K-1", "party")  # nobody carries it yet
    check(house.duban("backup", copy, "--reason", "test").returncode == 0, "a backup")
    with provider.Provider(folder / "provider.sock") as told, open(folder / "workers", "ab") as log:
        worker = subprocess.Popen([BIN + "/kit_worker", *flags], stdout=subprocess.DEVNULL, stderr=log)
        try:
            until("it has left", 30, lambda: len(results(house)) == 1)
            before = results(house)
            house.process.terminate()
            house.process.wait()
            restored = subprocess.run(
                [os.environ["DUBAN"], "restore", copy, "--store", data, "--reason", "test"], capture_output=True, text=True
            )
            check(restored.returncode == 0, restored.stderr)
            house.data = data
            house.now_ms = int(time.time() * 1000) + 1000  # it was restored by the machine's own time
            house.start()
            until("the worker is back", 30, lambda: "w-1" in house.workers())
            check(results(house) == {}, "the restored record knows nothing of it, and it is on hold")
            check(house.duban("release", "--restored", "--all", "--reason", "test").returncode == 0, "released")
            until("it is settled", 30, lambda: len(results(house)) == 1)
            check(results(house) == before, f"under the receipt of then: {results(house)}")
            house.ring("K-1", "party")
            until("others leave as ever", 30, lambda: len(results(house)) == 2)
            worker.terminate()
            check(worker.wait(timeout=30) == 0, "it ends well")
        finally:
            worker.kill()
            worker.wait()
        words = (folder / "workers").read_text()
        check(sorted(told.told.values()) == [1, 1], f"each left once: {told.told}\n{words}")
        check("worker.sent_before" in words and "generation=2" in words, words)


with tempfile.TemporaryDirectory(prefix="duban-restore-") as name:
    belfry = bells.Belfry(name)
    belfry.now_ms = int(time.time() * 1000) - bells.HOUR_MS  # a restore goes by the machine's time
    what_left_does_not_leave_again(belfry.begin())
    belfry.stop()
