"""A mail server of our own: aiosmtpd, with a mailbox in memory and any fault one asks it for.

    with mail_server.MailServer() as server:
        server.fault = "450 4.2.0 mailbox is busy"   # the answer to RCPT; or one of FAULTS
        ...
        server.mails     # what was taken, parsed by Python's email package, oldest first

The test is skipped, loudly, where aiosmtpd is missing.
"""

import asyncio
import email
import email.policy
import logging
import os
import ssl
import subprocess
import sys
import threading

from ports import free_port

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult
except ImportError as missing:
    print(f"skipped: {missing}: python3-aiosmtpd is missing")
    sys.exit(77)

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # handshakes that fail are wanted here

FAULTS = {
    "hang": "no answer to the dot, and the mail is not kept",
    "slow": "no answer to the dot before the fault is over; then the mail is taken",
    "hang once": "the same, but the next mail meets no fault; the answer to the first comes late",
    "cut words": "the line breaks in the middle of the mail",
    "cut answer": "the mail is kept, and the line breaks before the answer",
    "refuse words": "the mail is refused after the dot",
    "refuse sender": "whoever sends is refused",
    "shut": "421, and good-bye",
    "forget": "the line is closed after each mail",
    "one each": "421 to a second mail over the same line",
}


class Session(SMTP):
    """What is said on one connection, with the faults."""

    async def smtp_DATA(self, arg):
        if self.event_handler.fault == "cut words":
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)
        if self.event_handler.fault == "forget":
            self.transport.close()


class MailServer:
    """It listens until stop(), and again on the same port after start()."""

    def __init__(self, **options):
        self.port = free_port()
        self.options = options
        self.fault = None
        self.victim = ""  # an answer to RCPT is for whoever has this in the address
        self.mails = []
        self.envelopes = []
        self.connections = 0
        self.waiting = False  # somebody waits for an answer
        self.served = set()  # sessions that have brought a mail
        self.controller = None
        self.lock = threading.Condition()

    def start(self):
        handler = self

        class Listener(Controller):
            def factory(self):
                handler.connections += 1
                return Session(handler, **self.SMTP_kwargs)

        # A server whose first word to itself is a fault would not start.
        fault, self.fault = self.fault, None
        self.controller = Listener(self, hostname="127.0.0.1", port=self.port, **self.options)
        self.controller.start()
        self.fault = fault
        self.connections = 0
        return self

    def stop(self):
        if self.controller is not None:
            self.controller.stop(no_assert=True)
            self.controller = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    # What aiosmtpd calls.

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.fault == "shut" or (self.fault == "one each" and session in self.served):
            server.transport.write(b"421 4.3.2 shutting down\r\n")
            server.transport.close()
            return "421 4.3.2 shutting down"
        if self.fault == "refuse sender":
            return "550 5.7.1 sender is not allowed"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.fault and self.fault[:1].isdigit() and self.victim in address:
            return self.fault.replace("{}", address)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        if self.fault == "refuse words":
            return "554 5.6.0 content is refused"
        if self.fault == "hang once":
            self.fault = None
            await asyncio.sleep(1.2)
            return "250 2.0.0 too late"
        while self.fault == "hang":
            self.waiting = True
            await asyncio.sleep(0.02)
            if self.fault != "hang":
                self.waiting = False
                return "451 4.4.2 too late"
        while self.fault == "slow":
            self.waiting = True
            await asyncio.sleep(0.02)
        self.waiting = False
        self.served.add(session)
        with self.lock:
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
            self.envelopes.append(envelope)
            self.lock.notify_all()
        if self.fault == "cut answer":
            server.transport.abort()
        return f"250 2.0.0 taken as {len(self.mails)}"

    def wait_for(self, count, seconds=60):
        """Until so many mails are there."""
        with self.lock:
            return self.lock.wait_for(lambda: len(self.mails) >= count, seconds)


def words(mail):
    """The plain words of a mail."""
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def page(mail):
    """Its HTML."""
    return mail.get_body(("html",)).get_content()


def knows(user, secret):
    """An authenticator that lets one user in."""

    def check(server, session, envelope, mechanism, data):
        known = (data.login, data.password) == (user.encode(), secret.encode())
        return AuthResult(success=known, handled=known)

    return check


def certificate(folder):
    """One for localhost that nobody vouches for: the server's context, and the file of whom to trust."""
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
        capture_output=True,
    )
    if made.returncode != 0:
        sys.exit(f"no certificate: {made.stderr.decode()}")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert
