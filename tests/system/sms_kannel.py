#!/usr/bin/python3
"""duban-sms's driver against the real Kannel: SMS in Chinese arrive readable, each once; when Kannel
is away, full, hanging or gone, what is answered is true: what was not sent is said to be for later, and
only what may have been sent is in doubt."""

import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import kannel as kannels

CALLS = os.path.join(os.path.dirname(os.environ["DUBAN"]), "sms_calls")
NUMBER = "13800000001"


class Sender:
    """One process with one connection that is used again."""

    def __init__(self, url, **account):
        self.account = {
            "provider": "kannel",
            "url": url,
            "user": "duban",
            "secret": kannels.PASSWORD,
            "sender": "10690000",
            "number": "+86 138-0000-0001",
            "timeout_ms": 20000,
            **account,
        }
        self.count = 0
        self.process = subprocess.Popen([CALLS, "send"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, text):
        self.count += 1
        message = {**self.account, "text": text, "key": f"k-{self.count}"}
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def send(self, text):
        self.say(text)
        return self.hear()

    def close(self):
        self.process.stdin.close()
        if self.process.wait(timeout=30) != 0:
            sys.exit(f"sms_calls ended with {self.process.returncode}")


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


def becomes(answer, outcome, code=""):
    check(answer["outcome"] == outcome and answer["code"] == code, f"{outcome} {code}: {answer}")
    spoken = answer["code"] + answer["words"] + answer["provider_id"]
    check(kannels.PASSWORD not in spoken and NUMBER not in spoken, f"no secret, no number: {spoken}")


def arrives(kannel):
    """Short, long, beyond the basic plane, cut; and 50 over one connection."""
    sender = Sender(kannel.url)
    texts = [
        "【督办】鼓城管立字〔2026〕1号：办案期限将于2026-05-31届满，还剩3个工作日。",
        "50% + 1 = ? & # \\ \" <b>“引号”—— ok",
        "😀" * 40,
        "长" * 201,
        "请核对\n换行",
    ]
    for text in texts + [f"第{i}件" for i in range(50)]:
        becomes(sender.send(text), "done")
    becomes(sender.send("长" * 202), "done")
    becomes(sender.send(""), "never", "message.empty")
    sender.close()
    got = kannel.wait_for_messages(56)
    texts[4] = "请核对 换行"
    want = texts + [f"第{i}件" for i in range(50)] + ["长" * 200 + "…"]
    check(sorted(got) == sorted((NUMBER, text) for text in want), f"what phones got: {got}")


def is_refused(kannel):
    sender = Sender(kannel.url, secret="wrong")
    becomes(sender.send("你好"), "later", "kannel.forbidden")
    sender.close()
    sender = Sender(kannel.url, number="0378-12345678")
    becomes(sender.send("你好"), "never", "number.bad")
    sender.close()


def hangs(kannel):
    """No answer in time: in doubt, and truly so. What a hung bearerbox has it sends when it wakes; what a
    hung smsbox has not read is lost."""
    before = len(kannel.messages())
    sender = Sender(kannel.url, timeout_ms=2000)
    for part in ("bearerbox", "smsbox"):
        becomes(sender.send(f"{part}醒着"), "done")
        kannel.hang(part)
        becomes(sender.send(f"{part}睡着"), "unknown")
        kannel.go_on(part)
    sender.close()
    sender = Sender(kannel.url)
    becomes(sender.send("又醒"), "done")
    sender.close()
    want = ["bearerbox醒着", "bearerbox睡着", "smsbox醒着", "又醒"]
    got = [text for _, text in kannel.wait_for_messages(before + 4)[before:]]
    check(sorted(got) in (sorted(want), sorted(want + ["smsbox睡着"])), f"each at most once: {got}")


def dies_with_a_request(kannel):
    """The connection was used before and breaks after the request left: never sent twice by itself."""
    before = len(kannel.messages())
    sender = Sender(kannel.url)
    becomes(sender.send("之前"), "done")
    kannel.hang("smsbox")
    sender.say("途中")
    end = time.monotonic() + 30
    while not kannel.holds_a_request():
        check(time.monotonic() < end, "the request has left")
        time.sleep(0.01)
    kannel.stop("smsbox")
    answer = sender.hear()
    check(answer["outcome"] == "unknown", f"in doubt: {answer}")
    becomes(sender.send("关门"), "later", "NET.7")
    kannel.start_smsbox()
    becomes(sender.send("再开"), "done")
    sender.close()
    end = time.monotonic() + 30
    got = []
    while "再开" not in got:  # the one in doubt may stand before it
        check(time.monotonic() < end, f"the last arrives: {got}")
        time.sleep(0.02)
        got = [text for _, text in kannel.messages()[before:]]
    check(set(got) - {"途中"} == {"之前", "再开"} and len(got) == len(set(got)), f"each once: {got}")


def loses_its_network(kannel):
    """What Kannel took while there was no network it keeps; what is too much it refuses for now."""
    before = len(kannel.messages())
    kannel.stop("fakesmsc")
    sender = Sender(kannel.url)
    answers = [sender.send(f"断网{i}") for i in range(12)]
    taken = [i for i, answer in enumerate(answers) if answer["outcome"] == "done"]
    check(0 < len(taken) < 12, f"some are taken, some are too much: {answers}")
    for i in set(range(12)) - set(taken):
        becomes(answers[i], "later", "kannel.busy")
    sender.close()
    kannel.start_network()
    got = [text for _, text in kannel.wait_for_messages(before + len(taken))[before:]]
    check(sorted(got) == sorted(f"断网{i}" for i in taken), f"each that was taken, once: {got}")


def is_out_of_service(kannel):
    """Its operator stopped the SMSC: that says nothing of the number."""
    kannel.administer("stop-smsc", smsc="FAKE")
    sender = Sender(kannel.url)
    becomes(sender.send("停用"), "later", "kannel.unroutable")
    sender.close()


with tempfile.TemporaryDirectory() as work:
    box = kannels.Kannel(work, limits="sms-outgoing-queue-limit = 5")
    box.start()
    for test in (arrives, is_refused, hangs, dies_with_a_request, loses_its_network, is_out_of_service):
        test(box)
        print(f"{test.__name__}: as it should be")
    box.kill()
