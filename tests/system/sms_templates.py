#!/usr/bin/python3
"""Notices of a shipped procedure by approved templates: the real daemon, the real duban-sms, and a stand-in
for Aliyun that reckons each signature anew. Each notice comes as the code that stands for it, with its
values; several as one of their own; a notice without a template stops duban-sms before it begins."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import town  # noqa: E402
from sms_standin import KEYS, Standin, certificate  # noqa: E402
from town import check, until  # noqa: E402

CASE = "鼓楼改〔2026〕7号"
WANG, SUN = "13800000001", "13800000004"


def settings(gulou, server, ca):
    """Each notice has a code of its own; all its values go along."""
    secret = gulou.folder / "aliyun.key"
    secret.write_text(KEYS["AK-duban"] + "\n")
    secret.chmod(0o400)
    notices = gulou.config / "notices"
    names = sorted(path.name.removesuffix(".zh.txt") for path in notices.glob("*.zh.txt"))
    templates = {name: f"SMS_{100 + i} no=case" for i, name in enumerate(names)}
    templates |= {"clock_near": "SMS_1 no=case clock day=last_day left", "digest": "SMS_2 count no=case clock"}
    return {
        "provider": "aliyun",
        "url": f"https://localhost:{server.port}",
        "ca": ca,
        "user": "AK-duban",
        "secret": str(secret),
        "sign": "鼓楼城管",
        "notices": str(notices),
        "templates": templates,
        "timeout": "2s",
    }


def taken(server, count):
    until(lambda: f"{count} SMS, not {server.taken}", lambda: len(server.taken) >= count)
    return sorted((sms["number"], sms["code"], dict(sms["params"])) for sms in server.taken)


def by_code_with_values(gulou, server):
    gulou.at("2026-03-02T09:30")
    gulou.order_served(CASE)
    gulou.at("2026-03-09T09:01")
    values = {"no": CASE, "clock": "改正期限", "day": "2026-03-12", "left": "3天"}
    check(taken(server, 1) == [(WANG, "SMS_1", values)], server.taken)
    check(server.taken[0]["sign"] == "鼓楼城管", server.taken)
    until("it is done", lambda: gulou.steps(step="done"))
    done = gulou.steps(step="done")[0]
    check(done["key"] == server.taken[0]["key"], "our key went along")
    check(done["provider"] == "900619746936498440^0", f"their name came back: {done}")


def several_are_one(gulou, server):
    server.taken.clear()
    gulou.at("2026-03-16T09:01")
    (wang, digest, values), (sun, _, one) = taken(server, 2)
    check((wang, digest, values) == (WANG, "SMS_2", {"count": "3", "no": CASE, "clock": "改正期限"}), values)
    check((sun, one) == (SUN, {"no": CASE}), one)
    until("both are done", lambda: len(gulou.steps(step="done")) == 3)


def an_answer_that_is_lost_leaves_a_doubt(gulou, server):
    server.taken.clear()
    before = len(server.requests)
    server.fault = "close"
    gulou.at("2026-03-17T09:01")
    until("it is in doubt", lambda: gulou.steps(step="doubt"))
    gulou.later(60)
    check(len(server.requests) == before + 1, "one request, and no other")


def each_needs_a_template(gulou, worker, good):
    lacking = {**good, "templates": {name: line for name, line in good["templates"].items() if name != "stranded"}}
    worker.set(lacking)
    done = subprocess.run([worker.program, "--config", worker.config, "--check"], capture_output=True, text=True)
    check(done.returncode == 2 and "no template stands for stranded; add" in done.stderr, done.stderr)


def main():
    with town.Town("sms") as gulou:
        context, ca = certificate(str(gulou.folder))
        with Standin(context) as server:
            good = settings(gulou, server, ca)
            worker = gulou.worker("sms", good)
            gulou.at("2026-02-01T08:00")
            worker.start()
            for act in (by_code_with_values, several_are_one, an_answer_that_is_lost_leaves_a_doubt):
                act(gulou, server)
                print(f"{act.__name__}: as it should be")
            worker.stop()
            each_needs_a_template(gulou, worker, good)


main()
