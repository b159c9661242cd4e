"""The real Kannel, its bearerbox and its smsbox, with fakesmsc for a mobile network.

    kannel = Kannel(folder)
    kannel.start()
    …
    kannel.messages()    # what phones got: (number, text), oldest first

Each part is a process of its own, to be stopped, hung and started again. The test is skipped,
loudly, where a package is missing.
"""

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from ports import free_port, wait_for_port

FAKESMSC = "/usr/lib/kannel/test/fakesmsc"
PASSWORD = "kannel-secret"

for program, package in (("bearerbox", "kannel"), ("smsbox", "kannel"), (FAKESMSC, "kannel-extras")):
    if shutil.which(program) is None:
        print(f"skipped: {program} is missing (Debian's package {package})")
        sys.exit(77)

CONFIG = """
group = core
admin-port = {admin}
admin-password = admin
admin-allow-ip = 127.0.0.1
smsbox-port = {boxes}
box-allow-ip = 127.0.0.1
store-type = file
store-location = {folder}/store
log-file = {folder}/bearerbox.log
log-level = 1
{limits}

group = smsc
smsc = fake
smsc-id = FAKE
host = 127.0.0.1
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {http}
sendsms-interface = 127.0.0.1
global-sender = 10690000
http-request-retry = 100
http-queue-delay = 1
log-file = {folder}/smsbox.log
log-level = 1

group = sendsms-user
username = duban
password = {password}
user-allow-ip = 127.0.0.1
concatenation = true
max-messages = 10

group = sms-service
keyword = default
text = ""
max-messages = 0
"""


class Kannel:
    """`limits` are further lines of its core group."""

    def __init__(self, folder, limits=""):
        self.folder = os.path.join(folder, "kannel")
        self.ports = {name: free_port() for name in ("admin", "boxes", "smsc", "http")}
        self.url = f"http://127.0.0.1:{self.ports['http']}/cgi-bin/sendsms"
        self.processes = {}
        os.mkdir(self.folder)
        with open(os.path.join(self.folder, "kannel.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(folder=self.folder, password=PASSWORD, limits=limits, **self.ports))
        atexit.register(self.kill)

    def run(self, name, *command):
        with open(os.path.join(self.folder, name + ".out"), "ab") as out:
            self.processes[name] = subprocess.Popen(command, stdout=out, stderr=out, cwd=self.folder)

    def listens(self, name, port):
        if not wait_for_port(self.ports[port]):
            sys.exit(f"{name} does not listen:\n{self.said(name)}")

    def start(self):
        self.start_bearerbox()
        self.start_smsbox()
        self.start_network()

    def start_bearerbox(self):
        self.run("bearerbox", "bearerbox", "kannel.conf")
        self.listens("bearerbox", "boxes")
        self.listens("bearerbox", "smsc")

    def start_smsbox(self):
        self.run("smsbox", "smsbox", "kannel.conf")
        self.listens("smsbox", "http")
        self.until_status("smsbox:")  # before bearerbox knows it, it takes nothing

    def start_network(self):
        self.run("fakesmsc", FAKESMSC, "-H", "127.0.0.1", "-r", str(self.ports["smsc"]), "-i", "1", "-m", "0", "1 2 text x")
        self.until_status("(online ")

    def stop(self, *names, how=signal.SIGKILL):
        for name in names:
            process = self.processes.pop(name)
            process.send_signal(how)
            process.wait()

    def hang(self, name):
        """Its threads stop one by one, and the last of them could still answer."""
        self.processes[name].send_signal(signal.SIGSTOP)
        tasks = f"/proc/{self.processes[name].pid}/task"
        while any(self.state(f"{tasks}/{task}") != "T" for task in os.listdir(tasks)):
            time.sleep(0.001)

    def state(self, task):
        with open(f"{task}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0]

    def holds_a_request(self):
        """Whether something came for a smsbox that hangs, by the kernel's word: bytes that nobody has read."""
        port = f":{self.ports['http']:04X}"
        with open("/proc/net/tcp", encoding="ascii") as file:
            rows = [line.split() for line in file.readlines()[1:]]
        return any(row[1].endswith(port) and row[3] in ("01", "08") and int(row[4].partition(":")[2], 16) > 0 for row in rows)

    def go_on(self, name):
        self.processes[name].send_signal(signal.SIGCONT)

    def administer(self, verb, **more):
        """status.txt, stop-smsc, start-smsc: as its operator does."""
        query = urllib.parse.urlencode({"password": "admin", **more})
        url = f"http://127.0.0.1:{self.ports['admin']}/{verb}?{query}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read().decode()

    def until_status(self, words):
        end = time.monotonic() + 30
        while words not in self.administer("status.txt"):
            if time.monotonic() > end:
                sys.exit(f"never {words}:\n{self.administer('status.txt')}")
            time.sleep(0.02)

    def kill(self):
        for name in list(self.processes):
            self.stop(name)

    def said(self, name):
        with open(os.path.join(self.folder, name + ".out"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def asked(self):
        """How many requests its smsbox has read."""
        with open(os.path.join(self.folder, "smsbox.log"), encoding="utf-8", errors="replace") as file:
            return file.read().count("Got HTTP request")

    def messages(self):
        """What phones show: the parts of a long text are joined, as a phone does."""
        whole, parts = [], {}
        for match in re.finditer(r"Got message \d+: <(\S+) (\S+) (ucs-2|udh) (\S*)(?: data (\S*))?>", self.said("fakesmsc")):
            _, number, kind, first, data = match.groups()
            if kind == "ucs-2":
                whole.append((number, decoded(first)))
                continue
            header = urllib.parse.unquote_to_bytes(first)
            reference, count, part = header[-3], header[-2], header[-1]
            got = parts.setdefault((number, reference), {})
            got[part] = urllib.parse.unquote_to_bytes(data.replace("+", " "))
            if len(got) == count:
                text = b"".join(got[i] for i in sorted(got)).decode("utf-16-be")
                whole.append((number, text))
                del parts[number, reference]
        return whole

    def wait_for_messages(self, count, seconds=30):
        end = time.monotonic() + seconds
        while len(self.messages()) < count:
            if time.monotonic() > end:
                sys.exit(f"not {count} messages, but {self.messages()}")
            time.sleep(0.02)
        return self.messages()


def decoded(escaped):
    return urllib.parse.unquote_to_bytes(escaped.replace("+", " ")).decode("utf-16-be")
