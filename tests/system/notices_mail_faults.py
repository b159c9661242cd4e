#!/usr/bin/python3
"""What may go wrong on a notice's way into a mailbox, with real parts: the daemon, duban-mail, a mail server.

The server refuses for now or for good, hangs, breaks the line in the middle or before its answer, is not there;
the worker is killed while it sends, the daemon while it waits. Nothing is lost; nothing comes twice but what the
journal calls doubtful, and that under the same Message-ID; nobody is unreached without somebody above hearing of
it.
"""

import collections
import datetime
import email.utils
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import mail_server  # noqa: E402
import town  # noqa: E402
from town import check, duban, until  # noqa: E402

DAY_MS = 86400000
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
BUSY = "450 4.2.0 <{}>: mailbox is busy"
UNKNOWN = "550 5.1.1 <{}>: no such user"


def job_of(message_id):
    """The job that a mail carries."""
    return int(message_id.split("@")[0].split("-")[1], 16)


class Post:
    """A town whose people are reached by mail, and a week for each thing that goes wrong."""

    def __init__(self, gulou, server):
        self.gulou = gulou
        self.server = server
        self.worker = gulou.mail_worker(server)
        self.worker.start()
        self.case = None
        self.week = town.instant_ms("2026-03-02T10:00")

    def reminder(self, case, fault=None, victim="", assigned=None):
        """A case in which an order is served on a Monday; then the morning on which its officer is reminded,
        and the server has a fault. Answers how many mails there were."""
        self.gulou.at(self.week)
        if self.case is not None:
            self.gulou.corrected(self.case)  # nothing of it is to be told any more
        self.case = case
        due = self.gulou.order_served(case, assigned)
        self.server.fault = fault
        self.server.victim = victim
        self.before = len(self.server.mails)
        self.began = self.gulou.journal()[-1]["seq"]
        self.gulou.at(due)
        self.week += 7 * DAY_MS

    def since(self, **like):
        """Such steps of jobs since the morning began."""
        return [job for job in self.gulou.steps(**like) if job["seq"] > self.began]

    def step(self, what, **like):
        """Wait until the journal has such a step since the morning began; the first of them."""
        return until(
            lambda: f"{what}: {like} among {self.gulou.steps()[-6:]}\n{self.worker.logged()[-2000:]}",
            lambda: self.since(**like),
        )[0]

    def well_again(self):
        self.server.fault = None

    def some_minutes_later(self):
        self.gulou.later(4)

    def arrives(self, count=1):
        check(self.server.wait_for(self.before + count), f"{count} more mails:\n{self.worker.logged()[-3000:]}")
        new = self.server.mails[self.before :]
        check(len(new) == count, f"{count} mails, not {[mail['Subject'] for mail in new]}")
        self.step("it is known to be sent", step="done", job=job_of(new[-1]["Message-ID"]))
        return new


def not_now(post):
    post.reminder("K-busy", fault=BUSY)
    said = post.step("it fails for now", step="fail", state="waiting")["words"]
    check(said == "450 4.2.0 <…>: mailbox is busy", said)
    post.well_again()
    post.some_minutes_later()
    post.arrives()


def never_and_there_is_nobody_else(post):
    """No channel is left: an incident, and the head of the unit is told at once."""
    post.reminder("K-unknown", fault=UNKNOWN, victim="wang@")
    post.step("the head of the unit is told instead", step="done", receiver="sun")
    (told,) = post.server.mails[post.before :]
    check(told["To"].addresses[0].username == "sun", told["To"])
    check(told["Subject"] == "〔未能通知王执法〕K-unknown 的期限即将届满", told["Subject"])
    (incident,) = post.gulou.steps(state="incident")
    check(incident["receiver"] == "wang" and incident["words"].startswith("550 5.1.1"), incident)
    shown = post.gulou.duban("incidents").stdout
    check("王执法" in shown and "550 5.1.1" in shown, f"an operator sees it: {shown}")
    filed = [record for record in post.gulou.records("K-unknown") if record["kind"] == "job"]
    check("fail" in [record["step"] for record in filed], f"the case's file says so: {filed}")
    post.well_again()


def never_and_there_is_a_telephone(post):
    """Officer Zhao has another channel: his notice goes over it, short; Wang's is a mail as ever."""
    post.reminder("K-other", fault=UNKNOWN, victim="zhao@", assigned="wang,zhao")
    post.step("mail is given up", step="fail", receiver="zhao")
    phone = duban.Worker(f"ipc://{post.gulou.run}/work.sock", "phone-1", ["sms"])
    phone.hello()
    phone.credit(1)
    job = phone.job(30)
    check(job is not None and job.address == "13800000002", f"the telephone is asked: {job}")
    check(job.brief.startswith("【督办】K-other：改正期限将于"), job.brief)
    check(phone.begin(job), "it may be sent")
    phone.done(job, provider_id="1")
    phone.bye()
    (mail,) = post.arrives()
    check(mail["To"].addresses[0].username == "wang", "and no mail to him")
    post.well_again()


def no_answer(post):
    """It hangs before the answer: in doubt, and sent again under the same name."""
    post.worker.set({**post.worker.settings, "timeout": "1s"})
    post.reminder("K-hang", fault="hang")
    post.step("nobody knows", step="doubt")
    post.well_again()
    post.worker.set(post.worker.settings)
    post.some_minutes_later()
    post.arrives()


def cut_in_the_middle(post):
    post.reminder("K-cut", fault="cut words")
    until("the line broke", lambda: post.since(step="doubt") or post.since(step="fail"))
    post.well_again()
    post.some_minutes_later()
    post.arrives()


def cut_before_the_answer(post):
    """The one thing that may come twice: the server has it, and could not say so."""
    post.reminder("K-twice", fault="cut answer")
    post.step("nobody knows", step="doubt")
    post.well_again()
    post.some_minutes_later()
    one, other = post.arrives(2)
    check(one["Message-ID"] == other["Message-ID"], "the same mail, which many mail systems show once")
    check(mail_server.words(one) == mail_server.words(other), "in the same words")


def nobody_there(post):
    post.server.stop()
    post.reminder("K-down")
    said = post.step("it fails for now", step="fail")["words"]
    check("connect" in said, said)
    post.server.start()
    post.some_minutes_later()
    post.arrives()


def the_worker_is_killed(post):
    """It had begun, so its lease is lost, and nobody knows."""
    post.reminder("K-worker", fault="hang")
    until("it is at it", lambda: post.server.waiting)
    post.worker.kill()
    post.well_again()
    post.worker.start()
    post.step("the lease is lost", step="lose", state="waiting")
    post.some_minutes_later()
    post.arrives()


def the_daemon_is_killed(post):
    """The mail goes out meanwhile: the worker tells the next daemon, and it is not sent again."""
    post.reminder("K-daemon", fault="slow")
    until("it is at it", lambda: post.server.waiting)
    post.gulou.kill()
    post.well_again()
    check(post.server.wait_for(post.before + 1), "the mail arrives")
    post.gulou.later(1, workers_too=False)
    post.arrives()


REPORT = """\
Date: {date} (CST)
From: MAILER-DAEMON@mx.example.gov.cn (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: duban-bounces@gulou.example.cn
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="0A1B2C.1774227600/mx.example.gov.cn"
Message-Id: <20260323010000.0A1B2C@mx.example.gov.cn>

--0A1B2C.1774227600/mx.example.gov.cn
Content-Description: Notification

<wang@example.gov.cn>: mailbox is full

--0A1B2C.1774227600/mx.example.gov.cn
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.gov.cn

Final-Recipient: rfc822; wang@example.gov.cn
Action: {action}
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 <wang@example.gov.cn>: mailbox is full

--0A1B2C.1774227600/mx.example.gov.cn
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

{headers}
--0A1B2C.1774227600/mx.example.gov.cn--
"""


def report_of(post, message_id, action):
    """What a mail system writes to the address for bounces (RFC 3464): as Postfix does."""
    date = email.utils.format_datetime(datetime.datetime.fromtimestamp(post.gulou.now_ms / 1000, SHANGHAI))
    headers = f"Return-Path: <duban@gulou.example.cn>\nMessage-ID: {message_id}\nMIME-Version: 1.0\n"
    return REPORT.format(action=action, date=date, headers=headers).replace("\n", "\r\n").encode()


def hand_over(report, run):
    """As the alias `|duban-mail-bounced` does; `run` is where the daemon's doors are."""
    path = f"{os.path.dirname(os.environ['DUBAN'])}:{os.environ['PATH']}"
    program = os.path.join(os.environ["SOURCE"], "workers", "mail", "bounced.sh")
    done = subprocess.run(
        [program], input=report, capture_output=True, env={**os.environ, "PATH": path, "DUBAN_RUN": str(run)}
    )
    return done.returncode, done.stderr.decode()


def back_it_comes(post):
    """The server took it, and could not deliver it after all."""
    post.reminder("K-back")
    (mail,) = post.arrives()
    code, said = hand_over(report_of(post, mail["Message-ID"], "delayed"), post.gulou.run)
    check(code == 0 and not post.since(step="bounced"), f"a delay is no bounce: {code} {said}")
    code, said = hand_over(report_of(post, mail["Message-ID"], "failed"), post.gulou.run)
    check(code == 0, f"it is told: {code} {said}")
    back = post.step("it came back", step="bounced")
    check(back["state"] == "incident" and "mailbox is full" in back["words"], back)
    check("wang@" not in back["words"], back)
    told = post.step("the head of the unit is told instead", step="done", receiver="sun")
    instead = next(mail["Message-ID"] for mail in post.server.mails if job_of(mail["Message-ID"]) == told["job"])
    terse = report_of(post, instead, "failed").replace(b"Diagnostic-Code", b"X-Nothing")  # as OpenSMTPD does
    check(hand_over(terse, post.gulou.run)[0] == 0, "that one comes back too")
    until("the leader is told", lambda: post.since(step="done", receiver="li"))
    check([back["words"] for back in post.since(step="bounced")][1:] == ["5.2.2"], post.since(step="bounced"))
    stranger = "<0123456789abcdef0123456789abcdef-1000-mail-0@elsewhere.example.cn>"
    code, said = hand_over(report_of(post, stranger, "failed"), post.gulou.run)
    check(code == 0 and said, f"a mail of nobody knows whom is told, and not again: {code} {said}")
    code, said = hand_over(report_of(post, mail["Message-ID"], "failed"), post.gulou.folder / "elsewhere")
    check(code == 75, f"without a daemon it is to come again: {code} {said}")


def nothing_is_doubled_but_what_is_in_doubt(post):
    names = collections.Counter(mail["Message-ID"] for mail in post.server.mails)
    for name, count in names.items():
        job = job_of(name)
        doubts = len(post.gulou.steps(step="doubt", job=job) + post.gulou.steps(step="lose", job=job))
        check(count <= 1 + doubts, f"{name} came {count} times, in doubt {doubts} times")
    check(sorted(names.values())[-2:] == [1, 2], f"one mail came twice: {names}")


def no_log_says_who_was_written_to(post):
    for log in (post.worker.logged(), post.gulou.logged()):
        check("example.gov.cn" not in log and "执法" not in log, "addresses and names are in no log")


def main():
    with mail_server.MailServer() as server, town.Town("mail", zhao=("mail", "sms")) as gulou:
        gulou.at("2026-02-20T08:00")
        post = Post(gulou, server)
        for part in (
            not_now,
            never_and_there_is_nobody_else,
            never_and_there_is_a_telephone,
            no_answer,
            cut_in_the_middle,
            cut_before_the_answer,
            nobody_there,
            the_worker_is_killed,
            the_daemon_is_killed,
            back_it_comes,
        ):
            part(post)
        nothing_is_doubled_but_what_is_in_doubt(post)
        no_log_says_who_was_written_to(post)


main()
