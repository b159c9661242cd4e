"""What every test that ran a daemon says at its end: the journal is whole, and replays to the same
state, byte for byte."""

import os
import subprocess
import sys


def audited(data):
    duban = os.environ["DUBAN"]
    if "TSAN_OPTIONS" in os.environ:
        return  # a replay maps more than that sanitizer has room for; the same test's other run audits
    for verb in ("verify", "replay"):
        done = subprocess.run([duban, "audit", verb, "--store", data], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"audit {verb} of {data}:\n{done.stdout}{done.stderr}")
