#!/usr/bin/python3
"""Notices of a shipped procedure on their way to people: the real daemon, duban-mail, a real mail server.

A case runs overdue: each reminder and each rung of the ladder is in the right mailbox, once, in Chinese. 200 cases
of one officer on one morning are one mail. A party is told what is his business, and no more. What may go wrong stands in notices_mail_faults.py.
"""

import collections
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import mail_server  # noqa: E402
import town  # noqa: E402
from town import check, duban, until  # noqa: E402


def reaches(server, count, gulou):
    """So many mails are there, and what each of the last ones was: to whom, about what."""
    found = server.wait_for(count)
    check(found, f"{count} mails, not {told(server.mails)}:\n{gulou.logged()}")
    return told(server.mails)


def told(mails):
    return [(mail["To"].addresses[0].username, mail["Subject"]) for mail in mails]


def once_each(mails):
    names = collections.Counter(mail["Message-ID"] for mail in mails)
    check(max(names.values()) == 1, f"each mail is there once: {names}")


def sent_by(gulou, case):
    """What the file of a case says of its notices, step by step."""
    return [record["step"] for record in gulou.records(case) if record["kind"] == "job"]


def up_the_ladder(server):
    """The limit passes, the recheck is owed and missed, and those above hear of it."""
    with town.Town("mail") as gulou:
        gulou.mail_worker(server).start()
        gulou.at("2026-02-01T08:00")
        gulou.at("2026-03-02T09:30")
        gulou.order_served("鼓楼改〔2026〕7号")
        for when, count in [
            ("2026-03-09T09:00", 1),  # three working days left to correct
            ("2026-03-14T08:00", 2),  # not corrected: a recheck is owed, within two working days
            ("2026-03-16T09:00", 4),  # its last day; and the first limit is overdue
            ("2026-03-17T09:00", 5),  # missed: to the head of the unit
            ("2026-03-19T09:00", 6),  # still: to the leader
        ]:
            gulou.at(when)
            reaches(server, count, gulou)
        case = "鼓楼改〔2026〕7号"
        expected = [
            ("wang", f"{case} 的期限即将届满"),
            ("wang", f"{case} 的期限即将届满"),
            ("sun", f"{case}：今天是最后一日"),
            ("wang", f"2项通知，最急：{case} 已逾期"),
            ("sun", f"{case} 已逾期"),
            ("li", f"{case} 已逾期"),
        ]
        check(sorted(told(server.mails)) == sorted(expected), told(server.mails))
        once_each(server.mails)
        first = mail_server.words(server.mails[0])
        for line in (f"案件：{case}", "阶段：改正中", "期限：改正期限（行政处罚法 第二十八条）", "最后一日：2026-03-12，还剩 3天"):
            check(line in first.splitlines(), first)
        last = mail_server.words(server.mails[-1])
        check("期限：复查（行政处罚法 第二十八条）" in last.splitlines(), last)
        until("the case's file says what was sent", lambda: sent_by(gulou, case) == ["done"] * 6)


def two_hundred_on_one_morning(server):
    """All cases of two officers come near their limit at once. Who is reached by mail gets one that lists them; who
    is reached by telephone one SMS that says how many, and which is the most urgent. Each case says so."""
    server.mails.clear()
    cases = [f"鼓楼改〔2026〕{number}号" for number in range(1, 201)]
    with town.Town("mail", zhao=("sms",)) as gulou:
        gulou.at("2026-02-20T08:00")
        gulou.at("2026-03-02T10:00")
        near = gulou.orders_served(cases)
        gulou.mail_worker(server).start()
        gulou.at(near - 4000)  # the postman is at the door when it happens
        phone = duban.Worker(f"ipc://{gulou.run}/work.sock", "phone-1", ["sms"])
        phone.hello()
        phone.credit(8)
        ((who, subject),) = reaches(server, 1, gulou)
        check(who == "wang" and subject == f"200项通知，最急：{cases[0]} 的期限即将届满", subject)
        lines = mail_server.words(server.mails[0]).splitlines()
        expected = [f"【督办】{case}：改正期限将于2026-03-12届满，还剩3天。" for case in cases]
        check(sorted(lines) == sorted(expected), f"200 cases, each once: {lines}")
        check(all(line in mail_server.page(server.mails[0]) for line in expected), "in HTML too")
        sms = phone.job(60)
        check(sms is not None and sms.notices == 200, f"one SMS for 200: {sms}")
        check(sms.brief == f"200项通知，最急：{expected[0]}", sms.brief)
        check(phone.begin(sms), "it may be sent")
        phone.done(sms, provider_id="1")
        for case in cases[:: len(cases) // 10]:
            until(f"the file of {case} says so", lambda: sent_by(gulou, case) == ["done", "done"])
        check(phone.job(0.1) is None and len(server.mails) == 1, "and no other")
        phone.bye()


def the_party(server):
    """Who agreed to be reminded is, by mail: that something is to be done, until when; not what he did, nor who he
    is, nor who says so."""
    server.mails.clear()
    with town.Town("mail") as gulou:
        gulou.at("2026-02-20T08:00")
        gulou.at("2026-03-04T10:00")
        for name in ("clue", "order"):
            (gulou.folder / name).write_bytes(b"a paper")
        party = ["party_kind=person", "party_name=张某某", "party_mail=zhang@example.com", "sms_consent=true"]
        facts = [word for fact in ["source=inspection", *party] for word in ("--set", fact)]
        gulou.happens("鼓楼〔2026〕9号", "clue.registered", "wang/officer", "--procedure", "ordinary-market-kaifeng",
                      "--unit", "squad1", *facts, "--document", f"案源登记表={gulou.folder}/clue")
        gulou.happens("鼓楼〔2026〕9号", "rectify.ordered", "wang/officer", "--with", "zhao", "--set", "give=7d",
                      "--document", f"责令改正通知书={gulou.folder}/order")
        gulou.mail_worker(server).start()
        gulou.at("2026-03-10T09:00")
        ((who, subject),) = reaches(server, 1, gulou)
        (mail,) = server.mails
        check(mail["To"] == "zhang@example.com" and subject == "鼓楼〔2026〕9号：请在期限内办理", told(server.mails))
        said = mail_server.words(mail)
        check("最后一日：2026-03-11，当日 24 时届满" in said and "请勿向任何人转账。" in said, said)
        for secret in ("张某某", "王执法", "赵执法", "执法一中队", "违法", "罚款"):
            check(secret not in said.replace("行政处罚法", ""), f"{secret} is nobody's business: {said}")


def main():
    with mail_server.MailServer() as server:
        up_the_ladder(server)
        two_hundred_on_one_morning(server)
        the_party(server)


main()
