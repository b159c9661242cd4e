#!/usr/bin/python3
"""duban-exec: a program per message, with the job as JSON; what its end means."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "lib"))
import bells
import rig
import standin
from rig import pb

PROGRAM = r"""#!/bin/sh
# What it is asked to do stands in the address.
job=$(cat)
printf '%s\n' "$job" >>"$KEPT"
case $job in
    *'"address":"done"'*) echo; echo '  receipt-7'; echo more ;;
    *'"address":"silent"'*) : ;;
    *'"address":"later"'*) echo 'the line is busy' >&2; exit 75 ;;
    *'"address":"never"'*) echo 'no such pager'; exit 1 ;;
    *'"address":"slow"'*) exec sleep 60 ;;
    *'"address":"much"'*) exec yes ;;
    *'"address":"dies"'*) kill -9 $$ ;;
esac
"""


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


with tempfile.TemporaryDirectory(prefix="duban-exec-") as name:
    folder = pathlib.Path(name)
    program = folder / "program"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    (folder / "exec.yaml").write_text(
        f"run: [{program}, -q]\ntime: 1s\noutput: 4096\nthreads: 4\nchannels: [test]\n"
        f"environment:\n  KEPT: {folder}/kept\n"
    )
    flags = ["--config", folder / "exec.yaml", "--door", f"ipc://{folder}/work.sock", "--ledger", folder / "ledger"]
    with standin.Door(f"ipc://{folder}/work.sock") as door:
        worker = subprocess.Popen([rig.BIN / "duban-exec", *flags], stderr=open(folder / "log", "ab"))
        try:
            values = [pb.Value(name="case", value="K-1"), pb.Value(name="words", value='"引号" \\')]
            kinds = ["done", "silent", "later", "never", "slow", "much", "dies"]
            for kind in kinds:
                door.offer(f"k-{kind}", address=kind, receiver="王", subject="题", body="一\n二", values=values)
            door.wait(lambda: len(door.results) == len(kinds), 60)
            worker.terminate()
            check(worker.wait(timeout=30) == 0, "it ends well")
        finally:
            worker.kill()
            worker.wait()
            print((folder / "log").read_text())
    got = {kind: door.results[f"k-{kind}"][0] for kind in kinds}
    check(got["done"][0] == "done" and got["done"][1].provider_id == "receipt-7", "the first line is the receipt")
    check(got["silent"][0] == "done" and got["silent"][1].provider_id == "", "one without a word is done too")
    later, never = got["later"][1], got["never"][1]
    check(later.kind == pb.Fail.TEMPORARY and later.code == "exit 75", "75 is for later")
    check(later.words == "the line is busy", "in its own words")
    check(never.kind == pb.Fail.PERMANENT and never.words == "no such pager", "others are for good")
    for kind in ("slow", "much", "dies"):
        check(got[kind][0] == "unknown", f"{kind} is in doubt")
    check(all(len(results) == 1 for results in door.results.values()), "each is told once")

    jobs = [json.loads(line) for line in (folder / "kept").read_text().splitlines()]
    job = next(job for job in jobs if job["address"] == "done")
    check(job["values"] == {"case": "K-1", "words": '"引号" \\'}, "values by name")
    check((job["receiver"], job["subject"], job["body"]) == ("王", "题", "一\n二"), "and the words")
    page = (rig.SOURCE / "docs" / "reference" / "duban-exec.md").read_text()
    check(all(f"| `{key}` |" in page for key in job), "the page has every key")

# What is wrong is said before anything is run.
for words, wrong in [("run: [/nowhere]", "`run`: there is no program there"), ("run: page", "`run` wants a list"),
                     ("time: 5", "`time` wants a span"), ("run: [/bin/sh]\ntime: 2h", "`time` wants 100 to 3600000 ms")]:
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(words)
        file.flush()
        done = subprocess.run([rig.BIN / "duban-exec", "--config", file.name, "--check"], capture_output=True, text=True)
        check(done.returncode == 2 and wrong in done.stderr, f"{words}: {done.stderr}")
        check(os.path.basename(file.name) in done.stderr, "with its file")


def with_the_real_daemon(house):
    """Not now, then sent; the other is never sent by SMS, and goes by mail, which is this worker's too."""
    folder = pathlib.Path(house.data).parent
    program = folder / "program"
    program.write_text("""#!/bin/sh
job=$(cat)
echo "$job" >>"$KEPT"
case $job in
    *'"channel":"mail"'*) echo by-mail ;;
    *'"address":"13800000001"'*) echo 'no such number' >&2; exit 1 ;;
    *'"attempt":1,'*) exit 75 ;;
    *) echo by-sms ;;
esac
""")
    program.chmod(0o755)
    (folder / "exec.yaml").write_text(
        f"run: [{program}]\nchannels: [sms, mail]\nname: exec-1\nledger: {folder}/ledger\n"
        f"door: ipc://{house.run}/work.sock\nenvironment:\n  KEPT: {folder}/kept\n"
    )
    log = open(folder / "workers", "ab")
    worker = subprocess.Popen([rig.BIN / "duban-exec", "--config", folder / "exec.yaml"], stderr=log)
    try:
        house.open("K-1")
        house.ring("K-1", "party")
        house.ring("K-1", "officer")
        follower = bells.duban.Follower(f"ipc://{house.run}/control.sock")
        done = {}
        while len(done) < 2:
            record = follower.next(30).json
            if record["kind"] == "job" and record["step"] == "done":
                done[record["channel"]] = record["provider"]
        check(done == {"sms": "by-sms", "mail": "by-mail"}, f"the receipts are in the record: {done}")
        worker.terminate()
        check(worker.wait(timeout=30) == 0, "it ends well")
    finally:
        worker.kill()
        worker.wait()
    jobs = [json.loads(line) for line in (folder / "kept").read_text().splitlines()]
    tried = [(job["channel"], job["attempt"]) for job in jobs if job["address"] == "13900000001"]
    check(tried == [("sms", 1), ("sms", 2)], f"tried again under one key: {tried}")
    check(len({job["key"] for job in jobs if job["channel"] == "sms"}) == 2, "a key for each message")


bells.main(with_the_real_daemon)
