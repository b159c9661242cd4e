#!/usr/bin/python3
"""docs/guide/send-mail.md is followed to the letter: its settings, and every command of its `sh` blocks in their
order, with folders of the test's own and a mail server that wants TLS and a login."""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import mail_server  # noqa: E402
import town  # noqa: E402
from town import check, until  # noqa: E402

PAGE = (pathlib.Path(os.environ["SOURCE"]) / "docs/guide/send-mail.md").read_text()


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, flags=re.M | re.S)


def prepared(gulou, server, ca):
    """/etc/duban of the page, with the settings it shows."""
    (settings,) = blocks("yaml")
    there = {"smtp.gulou.example.cn": "localhost", "587": str(server.port)}
    for name, value in there.items():
        check(name in settings, f"{name} in the page's settings")
        settings = settings.replace(name, value)
    settings = settings.replace("/etc/duban", str(gulou.config))
    (gulou.config / "mail.yaml").write_text(settings + f"ca: {ca}\n")
    (gulou.folder / "order.pdf").write_bytes(b"an order")


def run(gulou, command):
    shell = "umask 022; cd {0}; {1}".format(gulou.folder, command.replace("/etc/duban", str(gulou.config)).replace("-o duban -g duban ", ""))
    if "duban send" in command:
        shell += f" --at {gulou.now()}"  # its clock is not ours
    path = f"{os.path.dirname(os.environ['DUBAN'])}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", shell], capture_output=True, text=True, env={**os.environ, "PATH": path, "DUBAN_RUN": gulou.run}
    )
    check(done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    check(len(commands) >= 7, f"only these commands were found: {commands}")
    with town.Town("mail") as gulou:
        context, ca = mail_server.certificate(gulou.folder)
        known = mail_server.knows("duban", "the password")
        with mail_server.MailServer(tls_context=context, auth_required=True, authenticator=known) as server:
            prepared(gulou, server, ca)
            gulou.at("2026-02-20T08:00")
            gulou.at("2026-03-02T10:00")
            for command in commands:
                if command.startswith("systemctl"):
                    worker = gulou.worker("mail", None)
                    worker.config = gulou.config / "mail.yaml"
                    worker.start()
                elif command == "duban workers":
                    until("it is there", lambda: re.search(r" mail +yes ", run(gulou, command)))
                elif command.startswith("duban notices"):
                    check(server.wait_for(1), worker.logged())
                    until("it says so", lambda: "王执法  mail: sent" in run(gulou, command))
                    key = server.mails[0]["Message-ID"].strip("<>").split("@")[0]
                    check(f"key       {key}\n" in run(gulou, command), run(gulou, command))
                else:
                    run(gulou, command)
            (mail,) = server.mails
            check(mail["To"] == "王执法 <wang@example.gov.cn>", mail["To"])
            check(mail["Subject"] == "T-1 的期限即将届满", mail["Subject"])


main()
