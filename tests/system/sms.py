#!/usr/bin/python3
"""From a missed limit to a telephone: the real daemon with the shipped procedures, the real duban-sms, the
real Kannel with fakesmsc. A case of minor breach runs overdue; its reminders and rungs arrive in Chinese,
each once; delivery reports come back into its record. Kannel stopped and started, or hanging, duban-sms
killed: nothing is lost, nothing doubled, and what may have been sent waits for a report."""

import hmac
import os
import re
import socket
import sys
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import kannel as kannels  # noqa: E402
import town  # noqa: E402
from ports import free_port, wait_for_port  # noqa: E402
from town import check, until  # noqa: E402

CASE = "鼓楼改〔2026〕7号"
WANG, ZHAO, SUN, LI = "13800000001", "13800000002", "13800000004", "13800000006"


class Stage:
    """`sms` is duban-sms."""

    def __init__(self, gulou):
        self.gulou = gulou
        self.kannel = kannels.Kannel(str(gulou.folder))
        self.port = free_port()
        self.seen = 0
        secret = gulou.folder / "kannel.password"
        secret.write_text(kannels.PASSWORD + "\n")
        secret.chmod(0o400)
        reports = {"listen": f"127.0.0.1:{self.port}", "events": f"ipc://{gulou.run}/events.sock"}
        kannel = {"provider": "kannel", "url": self.kannel.url, "user": "duban", "secret": str(secret)}
        more = {"name": "sms-1", "threads": 2, "debug": True, "sender": "10690000", "timeout": "5s", "reports": reports}
        self.sms = gulou.worker("sms", kannel | more)

    def start_sms(self):
        self.sms.start()
        check(wait_for_port(self.port), f"duban-sms listens:\n{self.sms.logged()}")

    def new(self, count):
        """The next messages on phones, as one wants them compared: by number and words."""
        got = self.kannel.wait_for_messages(self.seen + count)[self.seen :]
        self.seen += len(got)
        return sorted(got)

    def nothing_more(self):
        """An hour later, with all who could send something there."""
        leases, welcomes = len(self.gulou.steps(step="lease")), self.sms.logged().count("worker.welcome")
        self.gulou.later(60)
        until("duban-sms is there", lambda: self.sms.logged().count("worker.welcome") > welcomes)
        check(len(self.gulou.steps(step="lease")) == leases, "nothing is tried again")
        check(len(self.kannel.messages()) == self.seen, f"nothing more: {self.kannel.messages()[self.seen:]}")

    def filed(self, step):
        """How often a step of a message stands in the case's file."""
        return sum(record.get("step") == step for record in self.gulou.records(CASE))

    def knock(self, query, path="/report", body=None):
        """What somebody who reaches the listener is answered."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}?{query}", body, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code


def marked(key):
    """What only duban-sms and Kannel know."""
    return hmac.new(kannels.PASSWORD.encode(), f"duban delivery report {key}".encode(), "sha256").hexdigest()[:32]


def reminders_arrive(stage):
    stage.gulou.at("2026-03-02T09:30")
    stage.gulou.order_served(CASE, assigned="wang,zhao")
    stage.gulou.at("2026-03-09T09:01")
    words = f"【督办】{CASE}：改正期限将于2026-03-12届满，还剩3天。"
    check(stage.new(2) == [(WANG, words), (ZHAO, words)], stage.kannel.messages())
    until("each was sent, and each is reported", lambda: stage.filed("done") == stage.filed("delivered") == 2)


def reports_are_ours_and_count_once(stage):
    key = next(record["key"] for record in stage.gulou.records(CASE) if record.get("step") == "delivered")
    mark = marked(key)
    check(stage.knock(f"key={key}&mark={mark}&status=1") == 200, "the same report again is fine")
    check(stage.knock(f"key={key}&mark={mark}&status=8") == 200, "so is one that says nothing final")
    check(stage.knock(f"key={key}&mark={'0' * 32}&status=2") == 403, "a stranger's is not")
    check(stage.knock(f"key={key}&status=2") == 403, "nor one without a mark")
    check((stage.filed("delivered"), stage.filed("bounced")) == (2, 0), "the record has it once")


def kannel_is_away(stage):
    """All is overdue, and nobody takes an SMS. When Kannel is back each comes once, and all in one message."""
    stage.kannel.stop("fakesmsc", "smsbox", "bearerbox")
    stage.gulou.at("2026-03-16T09:01")
    until("each was tried", lambda: len(stage.gulou.steps(step="fail")) == 3)
    check(all('code="NET.7"' in line for line in stage.sms.logged().splitlines() if "outcome=later" in line), "for later")
    stage.kannel.start()
    stage.gulou.later(5, workers_too=False)
    got = stage.new(3)
    many = f"3项通知，最急：【督办】{CASE}：改正期限已于2026-03-12届满，尚未办结。"
    check(got == [(WANG, many), (ZHAO, many), (SUN, f"【督办】{CASE}：今天是复查的最后一日。")], got)
    until("each is reported", lambda: stage.filed("delivered") == 5)


def what_may_have_been_sent_waits(stage):
    """bearerbox hangs with the request: in doubt. It wakes, sends, reports: no doubt any more."""
    stage.kannel.hang("bearerbox")
    stage.gulou.at("2026-03-17T09:01")
    until("it is in doubt", lambda: len(stage.gulou.steps(step="doubt")) == 1)
    stage.kannel.go_on("bearerbox")
    check(stage.new(1) == [(SUN, f"【督办】{CASE}：复查已于2026-03-16届满，尚未办结。")], stage.kannel.messages())
    until("its report settles it", lambda: stage.filed("delivered") == 6)
    stage.nothing_more()


def duban_sms_dies(stage):
    """kill -9 between the request and its answer: what was under way is in doubt, and never sent again."""
    asked = stage.kannel.asked()
    stage.kannel.hang("bearerbox")
    stage.gulou.at("2026-03-19T09:01")
    until("smsbox has the request", lambda: stage.kannel.asked() > asked)
    stage.sms.kill()
    stage.start_sms()
    until("its lease is over", lambda: len(stage.gulou.steps(step="lose")) == 1)
    stage.kannel.go_on("bearerbox")
    check(stage.new(1) == [(LI, f"【督办】{CASE}：复查已于2026-03-16届满，尚未办结。")], stage.kannel.messages())
    until("its report settles it", lambda: stage.filed("delivered") == 7)
    stage.nothing_more()


def a_report_waits_for_the_daemon(stage):
    """While it is away the gateway is asked to come again, and what it brings then is told once."""
    key = stage.gulou.steps(step="delivered")[0]["key"]
    report = f"key={key}&mark={marked(key)}&status=16"
    stage.gulou.process.terminate()
    check(stage.gulou.process.wait(timeout=60) == 0, "the daemon ends well")
    check(stage.knock(report) == 503, "come again")
    stage.gulou.later(1, workers_too=False)
    for _ in range(2):
        check(stage.knock(report) == 200 and stage.filed("bounced") == 1, "it is told once")
    stage.sms.stop()  # or it would wait longer each time that it loses its daemon
    stage.start_sms()


def a_morning_of_200_is_one_sms(stage):
    """For each of their officers; and each of the cases knows."""
    cases = [f"鼓楼改〔2026〕{number}号" for number in range(100, 300)]
    stage.gulou.corrected(CASE)
    stage.new(1)  # that it was late; and of that case nobody hears any more
    stage.gulou.at("2026-04-01T09:30")
    stage.gulou.at(stage.gulou.orders_served(cases))
    got = stage.new(2)
    words = f"200项通知，最急：【督办】{cases[0]}：改正期限将于2026-04-13届满，还剩6天。"
    check(got == [(WANG, words), (ZHAO, words)], got)
    for case in cases[:1] + cases[-1:]:
        steps = lambda: sorted(record["step"] for record in stage.gulou.records(case) if "step" in record)
        until(f"{case} has both", lambda: steps() == ["delivered", "delivered", "done", "done"])


def what_came_back_goes_up(stage):
    """A phone that is no more: whoever stands above is told, of all of them, by one SMS."""
    key = next(step["key"] for step in stage.gulou.steps(step="done")[-2:] if step["receiver"] == "wang")
    check(stage.knock(f"key={key}&mark={marked(key)}&status=2") == 200, "it came back")
    ((number, text),) = stage.new(1)
    check(number == SUN and text.startswith("200项通知") and "未能通知王执法" in text, text)


def strangers_do_no_harm(stage):
    """Whatever is sent there, the listener goes on."""
    check(stage.knock("", path="/") == 404 and stage.knock("", path="/report", body=b"x" * 100000) == 405, "not there")
    check(stage.knock("key=" + "k" * 9000 + "&mark=1&status=1") in (403, 414), "too long")
    for words in (b"\0" * 1000, b"GET /report?key=%00&mark=&status= HTTP/1.1\r\n\r\n", b"A" * 100000, b"GET / HTTP/9.9\r\n" * 5000):
        with socket.create_connection(("127.0.0.1", stage.port), timeout=30) as line:
            try:
                line.sendall(words)
            except OSError:
                pass  # it has heard enough
    check(stage.knock("key=k&mark=m&status=1") == 403, "it is there")


def no_secret_is_written(stage):
    for words in (stage.sms.logged(), stage.gulou.logged(), str(stage.gulou.journal())):
        found = re.search("|".join((kannels.PASSWORD, WANG, ZHAO, SUN, LI)), words)
        check(found is None, f"{found} in {words}")


def main():
    with town.Town("sms") as gulou:
        stage = Stage(gulou)
        gulou.at("2026-02-01T08:00")
        stage.kannel.start()
        stage.start_sms()
        try:
            for act in (
                reminders_arrive,
                reports_are_ours_and_count_once,
                kannel_is_away,
                what_may_have_been_sent_waits,
                duban_sms_dies,
                strangers_do_no_harm,
                a_report_waits_for_the_daemon,
                a_morning_of_200_is_one_sms,
                what_came_back_goes_up,
                no_secret_is_written,
            ):
                act(stage)
                print(f"{act.__name__}: as it should be")
            stage.sms.stop()
        except SystemExit:
            print(stage.sms.logged(), stage.gulou.logged()[-3000:])
            raise
        finally:
            stage.kannel.kill()


main()
