#!/usr/bin/python3
"""What systemd hears: ready when it serves, the reload, the stop within bounds, and the watchdog, which
goes quiet when the writer's thread hangs although the loop still turns.
"""

import ctypes
import os
import pathlib
import signal
import socket
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import rig  # noqa: E402

WATCHDOG_S = 4  # it is fed twice as often, and the writer looks around every second
PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH = 0x4206, 0x4207, 17
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


class Supervisor:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)

    def hear(self, word, seconds):
        """The lines of the next message that has such a line; None: it did not come in time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                lines = self.socket.recv(4096).decode().split("\n")
            except socket.timeout:
                return None
            if any(line.startswith(word) for line in lines):
                return lines
        return None

    def want(self, word, seconds=30):
        return self.hear(word, seconds) or sys.exit(f"the supervisor did not hear {word}")


def ptrace(request, tid):
    if libc.ptrace(request, tid, None, None) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def writer_of(pid):
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == "duban-writer":
            return int(task.name)
    sys.exit("there is no thread duban-writer")


def hang_the_writer(supervisor, pid):
    """One more feeding may be on its way; then there is none until it runs again."""
    tid = writer_of(pid)
    try:
        ptrace(PTRACE_SEIZE, tid)
    except OSError as reason:
        print(f"skipped: the writer cannot be stopped alone: {reason}")
        return
    ptrace(PTRACE_INTERRUPT, tid)
    os.waitpid(tid, 0x40000000)  # __WALL
    supervisor.hear("WATCHDOG=1", WATCHDOG_S)
    if supervisor.hear("WATCHDOG=1", 1.5 * WATCHDOG_S):
        sys.exit("a daemon whose writer hangs feeds the watchdog")
    ptrace(PTRACE_DETACH, tid)
    supervisor.want("WATCHDOG=1")


def main():
    with tempfile.TemporaryDirectory(prefix="duban-notify-") as folder:
        for address in (os.path.join(folder, "notify"), f"\0duban-test-{os.getpid()}"):
            supervisor = Supervisor(address)
            environment = {
                "NOTIFY_SOCKET": address.replace("\0", "@"),
                "WATCHDOG_USEC": str(WATCHDOG_S * 1000000),
            }
            with rig.Daemon(environment=environment, install=False) as daemon:
                supervisor.want("EXTEND_TIMEOUT_USEC=")
                supervisor.want("READY=1")
                if daemon.command("status").returncode != 0:
                    sys.exit("it said READY and does not answer")
                daemon.process.send_signal(signal.SIGHUP)
                if "MONOTONIC_USEC" not in "".join(supervisor.want("RELOADING=1")):
                    sys.exit("a reload without its instant")
                supervisor.want("READY=1")
                supervisor.want("WATCHDOG=1")
                if address[0] == "/":
                    hang_the_writer(supervisor, daemon.process.pid)
                began = time.monotonic()
                daemon.process.terminate()
                supervisor.want("STOPPING=1")
                if daemon.process.wait(timeout=20) != 0:
                    daemon.fail(f"it ended with {daemon.process.returncode}")
                print(f"stopped within {time.monotonic() - began:.1f} s of SIGTERM")


main()
