"""Ports that nobody else listens at."""

import contextlib
import socket
import time


def free_port():
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for_port(port, seconds=30):
    """Until somebody listens there; false when nobody does in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.closing(socket.socket()) as knock:
            knock.settimeout(1)
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False
