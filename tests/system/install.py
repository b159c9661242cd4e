#!/usr/bin/python3
"""A whole configuration is installed at once, also where it is larger than a frame of events may be; one that is
too large is refused in words, at once, and the daemon serves on."""

import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import house  # noqa: E402
from house import check  # noqa: E402

KIB = 1024


def padded(folder, name, bytes_wanted):
    """The shipped configuration, and comments in one procedure until it is so large."""
    config = os.path.join(folder, name)
    shutil.copytree(os.path.join(house.SOURCE, "config"), config)
    sent = sum(os.path.getsize(os.path.join(place, file)) for place, _, files in os.walk(config)
               if os.path.basename(place) != "scenarios" for file in files)
    with open(os.path.join(config, "procedures", "minor.yaml"), "a", encoding="utf-8") as file:
        file.write("# a word more\n" * (max(bytes_wanted - sent, 0) // 14))
    return config


def main():
    folder = tempfile.mkdtemp(prefix="duban-install-")
    daemon = house.House(folder)
    daemon.start()
    daemon.wait_for("hub.serving")
    done = daemon.duban("install", padded(folder, "large", 700 * KIB), "-o", "json")
    check(done.returncode == 0, "700 KiB are installed: " + done.stderr)
    done = daemon.duban("--lang", "en", "install", padded(folder, "larger", 1200 * KIB))
    check(done.returncode == 1 and "more than the daemon takes" in done.stderr, "1200 KiB are not: " + done.stderr)
    check(daemon.duban("status").returncode == 0, "and it serves on")
    daemon.stop()
    shutil.rmtree(folder)


main()
