"""A provider of messages, for tests: it remembers every key it was told, what left and how often.

It listens at a socket; is told a key in a line, and answers in a line: `ok ID`, or what `answers` has for
the key (a text, or a function of how often it was told; None: it hangs up). As a program, provider.py
SOCKET LEDGER SECONDS, it writes each key into a file, and answers after a moment of at most so long.
"""

import collections
import os
import random
import signal
import socket
import sys
import threading
import time


class Provider:
    def __init__(self, path, ledger=None):
        self.path = str(path)
        self.ledger = ledger
        self.told = collections.Counter()
        self.answers = {}
        self.pause_s = 0
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        self.ending = False

    def __enter__(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(self.path)
        self.socket.listen(128)
        self.socket.settimeout(0.1)
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending = True
        self.thread.join()
        self.socket.close()
        os.unlink(self.path)

    def run(self):
        while not self.ending:
            try:
                connection, _ = self.socket.accept()
            except TimeoutError:
                continue
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            line = connection.recv(1024).decode()
            if "\n" not in line:
                return
            key = line.split(" ")[0]
            with self.lock:
                if self.ledger is not None:
                    self.ledger.write(f"{key}\n")
                    self.ledger.flush()
                self.told[key] += 1
                count = self.told[key]
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
            time.sleep(self.pause_s() if callable(self.pause_s) else self.pause_s)
            with self.lock:
                self.at_once -= 1
            answer = self.answers.get(key, f"ok id-{key}")
            answer = answer(count) if callable(answer) else answer
            if answer is not None:
                try:
                    connection.sendall(f"{answer}\n".encode())
                except OSError:
                    pass


if __name__ == "__main__":
    with open(sys.argv[2], "a", encoding="utf-8") as ledger, Provider(sys.argv[1], ledger) as provider:
        provider.pause_s = lambda: random.uniform(0, float(sys.argv[3]))
        signal.sigwait([signal.SIGTERM])
