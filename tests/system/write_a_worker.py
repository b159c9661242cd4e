#!/usr/bin/python3
"""docs/guide/write-a-worker.md is followed to the letter: its C worker is built as a stranger builds it, from
what is installed, its Python worker runs, and both carry the real daemon's notices, each once, while they
and the daemon are killed."""

import os
import re
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import bells  # noqa: E402
from bells import until  # noqa: E402
from house import BIN, SOURCE, check  # noqa: E402

PAGE = open(os.path.join(SOURCE, "docs", "guide", "write-a-worker.md"), encoding="utf-8").read()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)


def blocks(kind):
    return [text for name, text in BLOCKS if name == kind]


def lines(path):
    if not os.path.exists(path):
        return []
    return open(path, encoding="utf-8").read().splitlines()


class Place:
    """A folder with what the page says is in it, and where its commands are run."""

    def __init__(self, house):
        self.house = house
        self.folder = os.path.join(os.path.dirname(house.data), "guide")
        self.notices = os.path.join(self.folder, "notices")
        os.mkdir(self.folder)
        self.write("duban-file.c", blocks("c")[0])
        self.write("file.yaml", blocks("yaml")[0].replace("/var/log/notices", self.notices))
        self.write("file2.py", blocks("python")[0])
        self.commands = [line for block in blocks("sh") for line in block.splitlines()]
        self.env = {**os.environ, "DUBAN_RUN": house.run, "PYTHONPATH": os.path.join(SOURCE, "clients", "python")}
        self.env["PATH"] = "/usr/bin:" + os.environ["PATH"]  # Debian's own python3, which has Debian's modules
        self.running = []

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def command(self, part):
        line = next(line for line in self.commands if part in line)
        return line.replace("/var/log/notices", self.notices)

    def run(self, part):
        done = subprocess.run(["sh", "-c", self.command(part)], cwd=self.folder, env=self.env,
                              capture_output=True, text=True)
        check(done.returncode == 0, f"{part}:\n{done.stdout}{done.stderr}")

    def start(self, part):
        log = open(os.path.join(self.folder, "log"), "ab")
        process = subprocess.Popen(shlex.split(self.command(part)), cwd=self.folder, env=self.env, stderr=log)
        self.running.append(process)
        return process

    def logged(self):
        return "\n".join(lines(os.path.join(self.folder, "log")))

    def end(self, process):
        process.terminate()
        check(process.wait(timeout=60) == 0, f"it ends well:\n{self.logged()}")

    def wait(self, count):
        def there():
            return len(lines(self.notices)) >= count

        try:
            until(f"{count} notices", 60, there)
        except SystemExit as why:
            sys.exit(f"{why}\n{self.logged()}\n{self.house.logged()}")

    def close(self):
        for process in self.running:
            process.kill()
            process.wait()


def install(place):
    """As a packager does; and the flags of this build's sanitizers, which a library of it asks for."""
    prefix = os.path.join(place.folder, "installed")
    done = subprocess.run(["cmake", "--install", os.path.dirname(BIN), "--prefix", prefix], capture_output=True, text=True)
    check(done.returncode == 0, done.stdout + done.stderr)
    found = {}
    for folder, _, names in os.walk(prefix):
        for name in names:
            found[name] = os.path.join(folder, name)
    for name in ("duban-exec", "worker.h", "program.h", "duban-worker.pc", "duban-worker@.service"):
        check(name in found, f"{name} is installed")
    library = found["libduban-worker.so"]
    symbols = subprocess.run(["nm", "-D", library], capture_output=True, text=True).stdout
    ours = [line.split()[-1] for line in symbols.splitlines() if " T " in line]
    check(ours and all(re.fullmatch(r"worker_[a-z_]+@@DUBAN_WORKER_1", name) for name in ours), f"only worker_*: {ours}")
    place.env["PKG_CONFIG_PATH"] = os.path.dirname(found["duban-worker.pc"])
    place.env["LD_LIBRARY_PATH"] = os.path.dirname(library)
    if "__asan_init" in symbols:
        real = subprocess.run(["sh", "-c", "command -v cc"], capture_output=True, text=True).stdout.strip()
        place.write("cc", f'#!/bin/sh\nexec {real} -fsanitize=address,undefined "$@"\n')
        os.chmod(os.path.join(place.folder, "cc"), 0o755)
        place.env["PATH"] = place.folder + ":" + place.env["PATH"]


def rang(house, whom, count, first):
    for i in range(first, first + count):
        house.open(f"K-{i}")
        house.ring(f"K-{i}", whom)


def all_once(place, count):
    there = lines(place.notices)
    keys = [line.split(" ")[0] for line in there]
    check(len(keys) == count and len(set(keys)) == count, f"{count} lines, each once: {len(keys)}\n{place.logged()}")


def in_c(house):
    place = Place(house)
    try:
        install(place)
        check(blocks("c")[0] == open(os.path.join(SOURCE, "workers", "kit", "example.c"), encoding="utf-8").read(),
              "the page has the example of the tree")
        place.run("cc duban-file.c")
        place.run("--check")
        worker = place.start("--ledger ledger")
        rang(house, "party", 5, 0)
        place.wait(5)
        check(house.workers()["file-1"]["version"].startswith("duban-file "), "it says what it is")
        worker.kill()
        worker.wait()
        rang(house, "party", 5, 5)
        worker = place.start("--ledger ledger")
        place.wait(6)
        house.later(0, stop=False)
        rang(house, "party", 5, 10)
        place.wait(15)
        place.end(worker)
        all_once(place, 15)
        check("13900000001 " in lines(place.notices)[0], "where to, and the words")
    finally:
        place.close()


def in_python(house):
    place = Place(house)
    try:
        worker = place.start("file2.py")
        # The head is reached by mail alone.
        house.open("K-0")
        house.later(15 * bells.DAY_MS)
        place.wait(1)
        worker.kill()
        worker.wait()
        worker = place.start("file2.py")
        house.later(bells.DAY_MS, stop=False)
        place.wait(2)
        place.end(worker)
        keys = [line.split(" ")[0] for line in lines(place.notices)]
        check(len(keys) == len(set(keys)), f"each once: {keys}")
        check("li@example.cn" in lines(place.notices)[0], "where to")
    finally:
        place.close()


bells.main(in_c, in_python)
