#!/usr/bin/python3
"""From a missed limit to a telephone: the real daemon with the shipped procedures, the real duban-sms, the
real Kannel with fakesmsc. A case of minor breach runs overdue in fast time; its reminders and rungs
arrive in Chinese, each once; delivery reports come back into its record. Kannel stopped and started,
hanging, full: nothing is lost, nothing doubled, and what may have been sent waits for a person."""

import hmac
import json
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import kannel as kannels
from bells import Belfry, until
from house import SOURCE, check
from ports import free_port
from sms_worker import Sms

CASE = "鼓楼改〔2026〕7号"
WANG, ZHAO, SUN, LI = "13800000001", "13800000002", "13800000004", "13800000006"


class Stage:
    def __init__(self, folder):
        self.house = Belfry(folder)
        self.house.config = os.path.join(SOURCE, "config")
        self.kannel = kannels.Kannel(folder)
        settings = f"provider: kannel\nurl: {self.kannel.url}\nuser: duban\nsender: '10690000'\ntimeout: 2s\n"
        self.sms = Sms(self.house, folder, settings, kannels.PASSWORD, free_port())
        self.seen = 0
        self.order = os.path.join(folder, "order.pdf")
        with open(self.order, "w", encoding="utf-8") as file:
            file.write("责令改正")

    def happen(self, kind, *words):
        done = self.house.duban("send", f"gulou/{CASE}", kind, *words)
        check(done.returncode == 0, f"{kind}: {done.stdout}{done.stderr}")

    def until_day(self, day, hour=9, minute=5):
        """Set the daemon's clock forward to a time of day in March 2026."""
        wanted = 1772323200000 + ((day - 1) * 24 + hour - 8) * 3600000 + minute * 60000
        self.house.later(wanted - self.house.clock_ms())

    def new(self, count):
        """The next messages on phones, as one wants them compared: by number and words."""
        got = self.kannel.wait_for_messages(self.seen + count)[self.seen :]
        self.seen += len(got)
        return sorted(got)

    def nothing_new(self):
        check(len(self.kannel.messages()) == self.seen, f"nothing more: {self.kannel.messages()[self.seen:]}")

    def lines(self):
        done = self.house.duban("--lang", "zh", "log", f"gulou/{CASE}")
        check(done.returncode == 0, done.stderr)
        return done.stdout

    def records(self):
        done = self.house.duban("log", f"gulou/{CASE}", "-o", "json")
        check(done.returncode == 0, done.stderr)
        return json.loads(done.stdout)

    def count(self, step):
        """How often a step of a job stands in the case's file."""
        return json.dumps(self.records()).count(f'"step": "{step}"')


def opens(stage):
    stage.happen("case.filed", "--by", "wang/officer", "--procedure", "minor", "--unit", "squad1", "--at", "2026-03-02T08:30")
    stage.happen("case.assigned", "--by", "sun/unit_head", "--set", "officer=wang,zhao", "--at", "2026-03-02T08:40")
    stage.happen(
        "order.served", "--by", "wang/officer", "--with", "zhao", "--set", "minor=true", "--set", "give=10d",
        "--document", f"责令改正通知书={stage.order}", "--at", "2026-03-02T08:50",
    )


def reminders_arrive(stage):
    stage.until_day(9)
    words = f"【督办】{CASE}：改正期限将于2026-03-12届满，还剩3天。"
    check(stage.new(2) == [(WANG, words), (ZHAO, words)], stage.kannel.messages())
    until("each was sent, and each is reported", 30, lambda: stage.count("done") == stage.count("delivered") == 2)


def reports_are_ours_and_count_once(stage):
    key = re.search('"key": "([^"]*-sms-0)"', json.dumps(stage.records()))[1]
    mark = hmac.new(kannels.PASSWORD.encode(), f"duban delivery report {key}".encode(), "sha256").hexdigest()[:32]
    check(stage.sms.knock(f"key={key}&mark={mark}&status=1") == 200, "the same report again is fine")
    check(stage.sms.knock(f"key={key}&mark={mark}&status=8") == 200, "so is one that says nothing final")
    check(stage.sms.knock(f"key={key}&mark={'0' * 32}&status=2") == 403, "a stranger's is not")
    check(stage.sms.knock(f"key={key}&status=2") == 403, "nor one without a mark")
    check(stage.count("delivered") == 2 and stage.count("bounced") == 0, f"the record has it once: {stage.lines()}")


def kannel_is_away(stage):
    """All is overdue, and nobody takes an SMS. When Kannel is back, each comes once, in one message."""
    stage.kannel.stop("fakesmsc", "smsbox", "bearerbox")
    stage.until_day(16)
    until("it was tried", 60, lambda: 'code="NET.7"' in stage.sms.log())
    stage.kannel.start()
    got = stage.new(3)
    check([number for number, _ in got] == [WANG, ZHAO, SUN], got)
    day = "2026-03-16"
    check(got[0][1] == f"3项通知，最急：【督办】{CASE}：改正期限已于2026-03-12届满，尚未办结。", got)
    check(got[2][1] == f"【督办】{CASE}：今天是复查的最后一日。", f"{day}: {got}")
    until("each is reported", 30, lambda: stage.count("delivered") == 5)


def what_may_have_been_sent_waits(stage):
    """bearerbox hangs with the request: in doubt. It wakes, sends, reports: no doubt any more."""
    stage.kannel.hang("bearerbox")
    stage.until_day(17)
    until("it is in doubt", 60, lambda: "worker.unknown" in stage.sms.log())
    stage.kannel.go_on("bearerbox")
    check(stage.new(1) == [(SUN, f"【督办】{CASE}：复查已于2026-03-16届满，尚未办结。")], stage.kannel.messages())
    until("its report settles it", 30, lambda: stage.count("delivered") == 6)
    stage.nothing_new()


def duban_sms_dies(stage):
    """kill -9 between the request and its answer: what was under way is in doubt, and never sent again."""
    asked = stage.kannel.asked()
    stage.kannel.hang("bearerbox")
    stage.until_day(19)
    until("smsbox has the request", 60, lambda: stage.kannel.asked() > asked)
    stage.sms.kill()
    stage.sms.start()
    until("its lease is over", 60, lambda: stage.house.workers().get("sms-1", {}).get("leases") == 0)
    stage.kannel.go_on("bearerbox")
    check(stage.new(1) == [(LI, f"【督办】{CASE}：复查已于2026-03-16届满，尚未办结。")], stage.kannel.messages())
    until("its report settles it", 30, lambda: stage.count("delivered") == 7)
    stage.house.later(0)
    until("it knocks again", 30, lambda: "sms-1" in stage.house.workers())
    stage.nothing_new()


def no_secret_is_written(stage):
    for words in (stage.sms.log(), stage.house.logged(), json.dumps(stage.records(), ensure_ascii=False)):
        for secret in (kannels.PASSWORD, WANG, ZHAO, SUN, LI):
            check(secret not in words, f"{secret} in {words}")


def main():
    with tempfile.TemporaryDirectory(prefix="duban-sms-") as folder:
        stage = Stage(folder)
        try:
            stage.house.begin()
            stage.kannel.start()
            stage.sms.start()
            for act in (
                opens,
                reminders_arrive,
                reports_are_ours_and_count_once,
                kannel_is_away,
                what_may_have_been_sent_waits,
                duban_sms_dies,
                no_secret_is_written,
            ):
                act(stage)
                print(f"{act.__name__}: as it should be")
            stage.sms.stop()
            stage.house.stop()
        except SystemExit:
            print(stage.lines(), stage.sms.log())
            raise
        finally:
            stage.sms.kill()
            stage.kannel.kill()


main()
