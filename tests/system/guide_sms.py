#!/usr/bin/python3
"""docs/guide/send-sms.md is followed to the letter: its files are written, its commands run in order, with a
real daemon and a real Kannel; folders and ports are the test's own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import kannel as kannels  # noqa: F401 (it skips where Kannel is missing)
from bells import Belfry, until
from house import BIN, SOURCE, check
from ports import free_port

PAGE = os.path.join(SOURCE, "docs", "guide", "send-sms.md")
PORTS = ("13000", "13001", "10000", "13013", "13080")


class Guide:
    def __init__(self, folder):
        self.folder = folder
        self.house = Belfry(folder)
        self.house.config = os.path.join(SOURCE, "config")
        self.changes = [(port, str(free_port())) for port in PORTS]
        self.changes += [(there, folder + there) for there in ("/etc/duban", "/etc/kannel", "/var/spool", "/var/log/kannel")]
        for _, there in self.changes[len(PORTS) :]:
            os.makedirs(there)
        os.makedirs(os.path.join(folder, "var/spool/kannel"))
        os.makedirs(os.path.join(folder, "var/spool/sms"))
        shutil.copytree(os.path.join(SOURCE, "config", "notices"), os.path.join(folder, "etc/duban/notices"))
        self.shell = None
        with open(PAGE, encoding="utf-8") as page:
            self.blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page.read(), re.M | re.S)

    def ours(self, text):
        for theirs, ours in self.changes:
            text = re.sub(rf"(?<![\w.]){re.escape(theirs)}(?!\w)", ours, text)
        return text.replace("install -o duban -g duban ", "install ")  # whom not every machine knows

    def path(self, there):
        return self.folder + there

    def write(self, there, text):
        with open(self.path(there), "w", encoding="utf-8") as file:
            file.write(self.ours(text))

    def settings(self, provider):
        """The block of settings for a provider."""
        return next(text for kind, text in self.blocks if kind == "yaml" and text.startswith(f"provider: {provider}\n"))

    def commands(self):
        return [text for kind, text in self.blocks if kind == "sh"]

    def run(self, commands):
        """In one shell; `systemctl enable` starts what it names, in the test's way, and `sleep` is until Kannel is
        there, however slow the machine."""
        here = [dict(self.changes)[port] for port in ("13001", "10000")]
        program = f"""
            set -e
            sleep() {{
                PYTHONPATH={SOURCE}/tests/lib python3 -c 'import ports; [ports.wait_for_port(port) for port in ({here[0]}, {here[1]})]'
            }}
            systemctl() {{
                duban-sms --config {self.path('/etc/duban/sms.yaml')} --ledger {self.path('/ledger')} \\
                    --door ipc://{self.house.run}/work.sock >{self.path('/sms.log')} 2>&1 &
            }}
            {commands}
            """
        env = {**os.environ, "PATH": BIN + ":" + os.environ["PATH"], "DUBAN_RUN": self.house.run}
        done = subprocess.run(["sh", "-c", program], env=env, cwd=SOURCE, capture_output=True, text=True)
        check(done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}")
        return done.stdout

    def kill_what_runs(self):
        """The commands' own background processes: their command lines name the test's folder."""
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{process}/cmdline", encoding="utf-8", errors="replace") as file:
                    words = file.read()
                if self.folder in words or f"-r\0{dict(self.changes)['10000']}\0" in words:
                    os.kill(int(process), signal.SIGKILL)
            except (FileNotFoundError, ProcessLookupError):
                pass

    def checked(self, settings, right):
        self.write("/etc/duban/try.yaml", settings)
        done = subprocess.run(
            [os.path.join(BIN, "duban-sms"), "--config", self.path("/etc/duban/try.yaml"), "--check"], capture_output=True, text=True
        )
        check((done.returncode == 0) == right, done.stderr)
        return done.stderr


def overdue(house, folder):
    """A case whose officers are to be told."""
    order = os.path.join(folder, "order.pdf")
    with open(order, "w", encoding="utf-8") as file:
        file.write("order")
    for words in (
        ["case.filed", "--procedure", "minor", "--unit", "squad1", "--at", "2026-03-02T08:30"],
        ["order.served", "--with", "zhao", "--set", "minor=true", "--set", "give=10d", "--document", f"责令改正通知书={order}", "--at", "2026-03-02T08:40"],
    ):
        done = house.duban("send", "gulou/K-1", *words, "--by", "wang/officer")
        check(done.returncode == 0, done.stdout + done.stderr)
    house.later(14 * 86400000)


def follow(guide):
    secret, start, log, reports = guide.commands()
    guide.write("/etc/kannel/kannel.conf", next(text for kind, text in guide.blocks if kind == "conf"))
    guide.write("/etc/duban/sms.yaml", guide.settings("kannel") + f"  events: ipc://{guide.house.run}/events.sock\n")
    guide.run(guide.ours(secret))
    overdue(guide.house, guide.folder)
    guide.run(guide.ours(start))

    def delivered():
        return guide.run(guide.ours(log)).count("over sms: it arrived") == 2

    until("the officer's and the unit head's SMS are sent, and reported", 60, delivered)
    with open(guide.path("/var/log/kannel/phones.out"), encoding="utf-8", errors="replace") as phones:
        check("13800000004 ucs-2" in phones.read(), "the head of the unit got it")

    # Aliyun's reports, as it pushes them, of a message that the journal knows.
    key = re.search(r'"key": ?"([^"]*-sms-0)"', guide.house.duban("log", "gulou/K-1", "-o", "json").stdout)[1]
    guide.write(
        "/var/spool/sms/report.json",
        '[{"phone_number": "13800000004", "send_time": "2026-03-16 09:10:00", "report_time": "2026-03-16 09:00:01",'
        ' "success": false, "err_code": "MOBILE_NOT_ON_SERVICE", "err_msg": "x", "sms_size": "1", "biz_id": "1^0",'
        f' "out_id": "{key}"}}]',
    )
    guide.run(guide.ours(reports))
    check("it came back" in guide.run(guide.ours(log)), "it stands in the record")


def settings_are_good(guide):
    """Kannel's and 云MAS's as they stand; Aliyun's says what is missing, and is good when it is there."""
    guide.checked(guide.settings("mas"), True)
    told = guide.checked(guide.settings("aliyun"), False)
    check("no template stands for " in told and "stranded" in told and "clock_near," not in told, told)
    names = sorted(name.removesuffix(".zh.txt") for name in os.listdir(guide.path("/etc/duban/notices")) if name.endswith(".zh.txt"))
    more = "".join(f"  {name}: SMS_1 case\n" for name in names if name != "clock_near")
    guide.checked(guide.settings("aliyun") + more, True)
    with open(os.path.join(SOURCE, "config", "sms.yaml"), encoding="utf-8") as file:
        guide.checked(file.read(), True)


def the_reference_has_all_settings():
    """What the program knows, and nothing else."""
    told = subprocess.run([os.path.join(BIN, "duban-sms"), "--help"], capture_output=True, text=True).stdout
    known = set(re.findall(r"^  ([a-z.-]+): ", told, re.M))
    with open(os.path.join(SOURCE, "docs", "reference", "duban-sms.md"), encoding="utf-8") as file:
        settings = file.read().partition("## Settings")[2].partition("## An SMS")[0]
    written = set(re.findall(r"^\| `([a-z.-]+)` \|", settings, re.M))
    check(known == written and len(known) > 10, f"{known ^ written}")


def main():
    with tempfile.TemporaryDirectory(prefix="duban-sms-") as folder:
        guide = Guide(folder)
        try:
            guide.house.begin()
            follow(guide)
            settings_are_good(guide)
            the_reference_has_all_settings()
            guide.house.stop()
        finally:
            guide.kill_what_runs()
    print("every file and command of the page does what it says")


main()
