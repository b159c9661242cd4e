#!/usr/bin/python3
"""Mails of duban-mail's own making at a real SMTP server: read back by Python's email package, and what
becomes of them where the server refuses, hangs, breaks the line, wants TLS or a login.
"""

import atexit
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import mail_server  # noqa: E402
from mail_server import MailServer, page, words  # noqa: E402

SOURCE = pathlib.Path(os.environ["SOURCE"])
LETTERS = pathlib.Path(os.environ["DUBAN"]).parent / "mail_letters"
SUBJECT = "【督办】鼓楼改〔2026〕7号的期限即将届满"
BODY = """案件：鼓楼改〔2026〕7号
期限：责令改正（行政处罚法第二十八条）
最后一日：2026-03-09，还剩 3个工作日

请最迟于最后一日办结并报告。
"""
folder = pathlib.Path(tempfile.mkdtemp(prefix="duban-mail-"))
atexit.register(shutil.rmtree, folder, ignore_errors=True)
bodies = 0


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


def letter(key, to="wang@example.gov.cn", name="王执法", language="zh", subject=SUBJECT, body=BODY):
    global bodies
    bodies += 1
    path = folder / f"body-{bodies}"
    path.write_text(body, encoding="utf-8", newline="")
    return "\t".join((key, to, name, language, subject, str(path))) + "\n"


def sent(server, *letters, tls="off", seconds=20, more=()):
    """What became of each: outcome, code, words."""
    done = subprocess.run(
        [LETTERS, str(server.port), tls, str(seconds), *more], input="".join(letters), capture_output=True, text=True
    )
    check(done.returncode == 0 and not done.stderr, f"the mails went their way: {done.stderr}")
    return [line.split("\t") for line in done.stdout.splitlines()]


def is_mail(raw):
    """Whatever was said, what travels is visible ASCII in short lines."""
    check(raw.isascii() and max(len(line) for line in raw.split(b"\r\n")) <= 78, "the mail is ASCII in short lines")


def reads_as_it_was_written(server):
    check(sent(server, letter("s-1a-mail-0"))[0] == ["sent", "250 2.0.0", "taken as 1"], "it is taken")
    mail = server.mails[0]
    check(mail["Subject"] == SUBJECT, mail["Subject"])
    check(mail["From"] == "鼓楼区城市管理局督办 <duban@gulou.example.cn>", mail["From"])
    check(mail["To"] == "王执法 <wang@example.gov.cn>", mail["To"])
    check(mail["Message-ID"] == "<s-1a-mail-0@gulou.example.cn>", mail["Message-ID"])
    check(mail["Auto-Submitted"] == "auto-generated", "no machine is to answer it")
    check(mail["Date"].datetime is not None, "it has a date")
    check(mail["Content-Language"] == "zh-CN", "its language is told")
    check(words(mail) == BODY, words(mail))
    for line in BODY.splitlines():
        check(line in page(mail), f"{line} in {page(mail)}")
    check(server.envelopes[0].mail_from == "bounces@gulou.example.cn", "bounces have a way back")
    check("SMTPUTF8" not in str(server.envelopes[0].mail_options), "SMTPUTF8 is asked where it is wanted only")
    is_mail(server.envelopes[0].original_content)


def nothing_becomes_more_than_words(server):
    hostile = 'x\r\n.\r\nMAIL FROM:<a@b>\r\n--=_duban\nFrom here\n.\n..\n<script>&"=3D \t\n=_duban-- end '
    subject = '=?UTF-8?B?eA==?= "Bcc: <x@y>" \x01' + "长" * 200
    check(sent(server, letter("k 1<x>", name='"a" <b@c>,', subject=subject, body=hostile))[0][0] == "sent", "hostile")
    mail = server.mails[-1]
    check(len(mail.get_payload()) == 2 and mail["Bcc"] is None, "no part and no header was made of it")
    check(mail["Subject"] == subject, ascii(mail["Subject"]))
    check(mail["To"].addresses[0].display_name == '"a" <b@c>,', mail["To"])
    check(mail["Message-ID"] == "<k=201=3cx=3e@gulou.example.cn>", mail["Message-ID"])
    check(words(mail) == hostile.replace("\r\n", "\n"), ascii(words(mail)))
    check("<script>" not in page(mail) and "&lt;script&gt;&amp;&quot;" in page(mail), page(mail))
    is_mail(server.envelopes[-1].original_content)


def any_text_comes_back(server):
    """Names, subjects and bodies of all kinds, each read as it was written."""
    draw = random.Random(5)
    kinds = ["abc xyz =?_.", "督办案件期限届满", "é ß я", "🚨𠮷"]
    texts = []
    for _ in range(150):
        alphabet = "".join(draw.sample(kinds, draw.randint(1, len(kinds))))
        line = lambda most: "".join(draw.choice(alphabet) for _ in range(draw.randint(1, most))).strip() or "x"
        texts.append((" ".join(line(12).split()), line(120), "\n".join(line(draw.choice([5, 60, 200])) for _ in range(6)) + "\n"))
    before = len(server.mails)
    answers = sent(server, *(letter("k", name=n, subject=s, body=b) for n, s, b in texts))
    check(all(answer[0] == "sent" for answer in answers) and len(answers) == len(texts), "all are sent")
    for mail, envelope, (name, subject, body) in zip(server.mails[before:], server.envelopes[before:], texts):
        check(mail["To"].addresses[0].display_name == name, ascii((mail["To"], name)))
        check(mail["Subject"] == subject, ascii((mail["Subject"], subject)))
        check(words(mail) == body, ascii((words(mail), body)))
        is_mail(envelope.original_content)


def a_digest_is_whole(server):
    lines = [f"【督办】鼓楼改〔2026〕{i}号：责令改正将于2026-03-09届满，还剩3个工作日。" for i in range(1, 201)]
    subject = "200项通知，最急：鼓楼改〔2026〕1号的期限即将届满"
    check(sent(server, letter("k", subject=subject, body="\n".join(lines)))[0][0] == "sent", "the digest is sent")
    check(words(server.mails[-1]).splitlines() == lines, "200 cases, in order")
    check(all(line in page(server.mails[-1]) for line in lines), "in HTML too")


def english_stays_readable(server):
    body = "Case: G-7\nLimit: order to correct\n\nPlease finish = report.  \n"
    sent(server, letter("k", name="Wang", language="en", subject="G-7 falls due", body=body))
    mail = server.mails[-1]
    check(b"Subject: G-7 falls due\r\n" in server.envelopes[-1].original_content, "a plain subject is plain")
    check(mail.get_body(("plain",))["Content-Transfer-Encoding"] == "quoted-printable", "and the body nearly so")
    check(words(mail) == body and mail["Content-Language"] == "en", ascii(words(mail)))


def what_goes_wrong_is_told_apart(server):
    for fault, outcomes, code, kept in [
        ("450 4.2.0 <{}>: busy", ["later"], "450 4.2.0", 0),
        ("451", ["later"], "451", 0),
        ("550 5.1.1 <{}>: no such user", ["refused"], "550 5.1.1", 0),
        ("550-first line\r\n550 second line", ["refused"], "550", 0),
        ("530 5.7.0 log in first", ["later"], "530 5.7.0", 0),
        ("554 5.7.1 <{}>: Relay access denied", ["later"], "554 5.7.1", 0),
        ("refuse sender", ["later"], "550 5.7.1", 0),
        ("refuse words", ["refused"], "554 5.6.0", 0),
        ("shut", ["busy"], "421 4.3.2", 0),
        ("cut words", ["later", "doubt"], "broken", 0),  # as far as it had got when the line broke
        ("cut answer", ["doubt"], "broken", 1),
        ("hang", ["doubt"], "timeout", 0),
    ]:
        server.fault = fault
        before = len(server.mails)
        answers = sent(server, letter("k"), seconds=1 if fault == "hang" else 20)
        check(answers[0][0] in outcomes and answers[0][1] == code, f"{fault}: {outcomes} {code}, not {answers}")
        check("wang@" not in answers[0][2], f"{fault}: whoever was written to is not told: {answers}")
        check(len(server.mails) - before == kept, f"{fault}: {kept} mails are kept")
        server.fault = None


def a_hung_server_taints_no_other_mail(server):
    """The answer that comes too late is not taken for the next mail's."""
    server.fault = "hang once"
    answers = sent(server, letter("first"), letter("second"), seconds=1)
    check([answer[0] for answer in answers] == ["doubt", "sent"], answers)
    check(server.mails[-1]["Message-ID"].startswith("<second@"), "the second was taken")
    server.fault = None


def one_connection_carries_many(server):
    server.connections = 0
    sent(server, *[letter("k")] * 5)
    check(server.connections == 1, f"five mails in one connection, not {server.connections}")
    for server.fault in ("forget", "one each"):  # the server keeps none: nothing is lost by that
        server.connections = 0
        answers = sent(server, *[letter("k")] * 5)
        check([answer[0] for answer in answers] == ["sent"] * 5, answers)
        check(server.connections == 5, f"a connection for each, not {server.connections}")
    server.fault = None


def nobody_there(server):
    server.stop()
    check(sent(server, letter("k"))[0][:2] == ["later", "connect"], "a server that is not there")
    server.start()
    check(sent(server, letter("k"))[0][0] == "sent", "and when it is back")


def beyond_ascii():
    with MailServer(enable_SMTPUTF8=True) as server:
        check(sent(server, letter("k", to="王@example.cn"))[0][0] == "sent", "an address in Chinese")
        check("SMTPUTF8" in server.envelopes[0].mail_options, "SMTPUTF8 was asked for")
        check(server.envelopes[0].rcpt_tos == ["王@example.cn"], server.envelopes[0].rcpt_tos)
        sent(server, letter("k"))
        check("SMTPUTF8" not in server.envelopes[1].mail_options, "and is not where it is not wanted")


def only_sealed_and_to_the_right_server():
    context, ca = mail_server.certificate(folder)
    with MailServer() as plain:
        check(sent(plain, letter("k"), tls="required")[0][:2] == ["later", "tls"], "no STARTTLS, no mail")
        check(sent(plain, letter("k"), tls="wanted")[0][0] == "sent", "where it is only wanted it goes")
        check(len(plain.mails) == 1, "the first did not")
    with MailServer(tls_context=context, require_starttls=True) as sealed:
        check(sent(sealed, letter("k"), tls="required")[0][:2] == ["later", "tls"], "a certificate nobody vouches for")
        check(sent(sealed, letter("k"), tls="wanted")[0][:2] == ["later", "tls"], "nor then")
        check(sent(sealed, letter("k"), tls="off")[0][:2] == ["later", "530"], "it asks for STARTTLS")
        check(sent(sealed, letter("k"), tls="required", more=[ca])[0][0] == "sent", "a trusted one")
        check(len(sealed.mails) == 1, "one mail arrived")
    with MailServer(tls_context=context, auth_required=True, authenticator=mail_server.knows("duban", "秘密 1")) as asks:
        right = sent(asks, letter("k"), letter("k"), tls="required", more=[ca, "duban", "秘密 1"])
        check([answer[0] for answer in right] == ["sent", "sent"], right)
        wrong = sent(asks, letter("k"), tls="required", more=[ca, "duban", "secret"])
        check(wrong[0][:2] == ["later", "535 5.7.8"], wrong)
        check(sent(asks, letter("k"), tls="required", more=[ca])[0][0] == "later", "it wants a login")
        check(len(asks.mails) == 2, "two mails arrived")
    with MailServer(ssl_context=context) as direct:
        check(sent(direct, letter("k"), tls="direct", more=[ca])[0][0] == "sent", "TLS from the first byte")


def judged(settings, **credentials):
    """What duban-mail says of some settings."""
    config = folder / "mail.yaml"
    config.write_text(settings)
    for name, secret in credentials.items():
        (folder / name).write_text(secret)
        (folder / name).chmod(0o400)
    done = subprocess.run(
        [LETTERS.parent / "duban-mail", "--config", config, "--check"],
        capture_output=True,
        text=True,
        env={**os.environ, "CREDENTIALS_DIRECTORY": str(folder)},
    )
    return done.returncode, done.stdout + done.stderr


def settings_are_judged():
    shipped = (SOURCE / "config" / "mail.yaml").read_text()
    code, said = judged(shipped.replace("/etc/duban/mail.password", "password"), password="秘密")
    check((code, said) == (0, ""), f"the shipped settings are well: {said}")
    code, said = judged('server: "a b"\nfrom: {address: nobody}\nlogin: {user: x, password: word}\ntls: wanted\n', word="hush")
    check(code == 2, said)
    for wrong in ("1:1: error: `server`", "2:8: error: `from.address`", "4:1: error: `tls`"):
        check(wrong in said, f"{wrong} in {said}")
    check("hush" not in said and said.count("error") == 3, said)
    code, said = judged("server: mail.example.cn\nfrom: {address: a@例子.cn}\nbounces: b\nlogin: {user: x}\n")
    check(code == 2 and all(f"`{name}`" in said for name in ("bounces", "domain", "login.password")), said)


def main():
    settings_are_judged()
    with MailServer() as server:
        for part in (
            reads_as_it_was_written,
            nothing_becomes_more_than_words,
            any_text_comes_back,
            a_digest_is_whole,
            english_stays_readable,
            what_goes_wrong_is_told_apart,
            a_hung_server_taints_no_other_mail,
            one_connection_carries_many,
            nobody_there,
        ):
            part(server)
    beyond_ascii()
    only_sealed_and_to_the_right_server()


main()
