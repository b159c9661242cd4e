#!/usr/bin/python3
"""The operator's commands about notices, with the real daemon and workers in Python: who was told, in
whose stead, over what, in which words; what is stuck, and what is done about it; who is away."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import bells  # noqa: E402
from house import check  # noqa: E402

AT = ("--at", "2026-03-02T09:00")


def run(house, *words, code=0, lang="en"):
    """What a command says; its exit code is as it should be."""
    done = subprocess.run(
        [os.environ["DUBAN"], "--lang", lang, *words, "--run", house.run],
        capture_output=True, text=True, timeout=60,
        env=dict(os.environ, DUBAN_BY="root", LC_ALL="C.UTF-8"))
    check(done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def asked(house, *words, code=0):
    """The same, as objects."""
    return [json.loads(line) for line in run(house, *words, "-o", "json", code=code).splitlines()]


def has(said, *parts):
    for part in parts:
        check(part in said, f"`{part}` is not in:\n{said}")


def deliver(house, worker):
    job = house.job(worker)
    check(worker.begin(job) and worker.done(job, "P-1"), "it is sent")
    return job


def the_file_says_who_was_told_and_in_which_words(house):
    worker = house.worker("one", credit=9)
    house.open("K-1")
    has(run(house, "notices", "gulou/K-1"), "nobody was told anything")
    house.ring("K-1")
    job = deliver(house, worker)
    house.ring("K-1", "party")
    told = house.job(worker)
    [answer] = asked(house, "notices", "gulou/K-1", "--words")
    mine, party = answer["notices"]
    check((mine["receiver"], mine["name"], mine["state"]) == ("wang", "王", "sent"), str(mine))
    check((mine["key"], mine["provider"], mine["channel"]) == (job.key, "P-1", "sms"), str(mine))
    check(mine["words"]["brief"] == job.brief and mine["words"]["body"] == job.body, str(mine))
    check(mine["words"]["version"] == job.version, str(mine))
    check((party["name"], party["receiver"], party["state"]) == ("party", "", "leased"), str(party))
    check("13900000001" not in json.dumps(answer), "nobody's number is told")
    has(run(house, "notices", "gulou/K-1"), "SINCE", "王", "sent", "with a worker")
    has(run(house, "notices", "gulou/K-1", "--words", lang="zh"), "已发出", "模板  ring", job.brief)

    # The provider tells that it arrived; the other comes back, and there is no other way.
    has(run(house, "send", "notice.delivered", "--set", f"notice={job.key}", *AT), "applied")
    has(run(house, "send", "notice.delivered", "--set", f"notice={job.key}", *AT), "taken before")
    check(worker.begin(told) and worker.done(told), "sent too")
    has(run(house, "send", "notice.bounced", "--set", f"notice={told.key}",
            "--set", "result=UNDELIV 13900000001", *AT), "applied")
    [answer] = asked(house, "notices", "gulou/K-1")
    mine, party, above = answer["notices"][:3]
    check(mine["state"] == "delivered" and mine["delivered"], str(mine))
    check(party["state"] == "incident" and party["said"] == "UNDELIV ***", str(party))
    check(above["stead"] == "unreached" and above["receiver"] == "wang", str(above))
    has(run(house, "log", "gulou/K-1"), "it arrived", "it came back: nobody was reached")
    has(run(house, "notices", "gulou/K-1", "--words"), "arrived", "came back")
    has(run(house, "notices", "gulou/K-1", "-o", "csv"), "at,about,receiver", "delivered")
    has(run(house, "notices", "gulou/K-9", code=1), "K-9")
    worker.close()


def what_is_stuck_is_seen_and_put_right(house):
    house.open("K-1")
    house.ring("K-1")
    house.ring("K-1", "party")
    rows = asked(house, "jobs", "--state", "ready")
    check(len(rows) == 3 and rows[-1] == {"complete": True}, str(rows))
    check({row["receiver"] for row in rows[:2]} >= {"wang"}, str(rows))
    has(run(house, "jobs", "--receiver", "wang"), "ready", "王", "K-1", "1; that is all of them")
    has(run(house, "jobs", "--age", "3d"), "0; that is all of them")
    has(run(house, "jobs", "--state", "sleeping", code=1), "sleeping is no state of a job")
    has(run(house, "jobs", "--channel", "pager", code=1), "no channel is called pager")
    has(run(house, "jobs", "--age", "soon", code=2), "--age wants a length")
    has(run(house, "jobs", "--limit", "1"), "add --after")
    has(run(house, "queues"), "sms", "open", "none")
    [queues] = asked(house, "queues")
    check(queues["queues"][0]["ready"] == 2, str(queues))
    has(run(house, "incidents"), "0; that is all of them")

    # In doubt, and a person decides.
    worker = house.worker("one", credit=9)
    jobs = [house.job(worker), house.job(worker)]
    has(run(house, "workers"), "one", "sms", "yes")
    [workers] = asked(house, "workers")
    check(workers["workers"][0]["leases"] == 2, str(workers))
    for job in jobs:
        check(worker.begin(job) and worker.unknown(job, "cut off"), "nobody can tell")
    has(run(house, "incidents", code=1), "IN DOUBT", "cut off")
    has(run(house, "incidents", "--group", code=1), "cut off", "COUNT")
    has(run(house, "queues", lang="zh"), "存疑")
    number = next(str(row["job"]) for row in asked(house, "jobs") if row.get("receiver") == "wang")
    has(run(house, "retry", code=2), "say which messages")
    has(run(house, "retry", "--job", number, code=2), "say why")
    has(run(house, "retry", "--state", "unknown", "--reason", "back", code=1), "2 messages are meant, not 1")
    has(run(house, "drop", "--state", "unknown", "--dry-run"), "2 meant; nothing was done")
    has(run(house, "retry", "--job", number, "--reason", "the gateway knows nothing of it"), "1 of 1 done")
    again = house.job(worker)
    check(again.key == jobs[0].key or again.key == jobs[1].key, "under its own key")
    check(worker.begin(again) and worker.done(again), "sent")
    has(run(house, "resend", "--job", number, "--reason", "he never got it"), "1 of 1 done")
    third = house.job(worker)
    check(third.resent and third.key != again.key, str(third))
    check(worker.begin(third) and worker.done(third), "sent again")
    has(run(house, "drop", "--state", "unknown", "--expect", "1", "--reason", "by telephone"), "1 of 1 done")
    has(run(house, "drop", "--job", "4097", "--reason", "gone", code=1), "0 of 1 done")
    has(run(house, "incidents"), "0; that is all of them")
    has(run(house, "log", "gulou/K-1"), "given up, by an operator", "sent again, by an operator")
    worker.close()


def what_is_held_does_not_leave(house):
    worker = house.worker("one", credit=9)
    house.open("K-1")
    has(run(house, "hold", "sms", code=2), "say what, and why")
    has(run(house, "hold", "pager", "--reason", "x", code=1), "no channel is called so")
    has(run(house, "hold", "sms", "--reason", "it doubles"), "on hold  record")
    has(run(house, "hold", "sms", "--reason", "it doubles", code=1), "on hold already")
    house.ring("K-1")
    house.no_job(worker, "the channel is held")
    has(run(house, "queues"), "on hold")
    has(run(house, "release", "sms", "--reason", "mended"), "released  record")
    deliver(house, worker)
    has(run(house, "release", "sms", "--reason", "mended", code=1), "no operator holds that")
    has(run(house, "hold", "gulou/K-1", "--reason", "in hospital", lang="zh"), "已暂停")
    house.ring("K-1")
    house.no_job(worker, "the case is held")
    has(run(house, "notices", "gulou/K-1"), "the case is on hold", "on hold")
    has(run(house, "release", "gulou/K-1", "--reason", "well again"), "released  record")
    deliver(house, worker)
    worker.close()


def whoever_is_away_is_stood_in_for(house):
    worker = house.worker("one", ["sms", "mail"], credit=9)
    has(run(house, "people"), "wang", "王", "officer gulou", "sms, mail")
    one = run(house, "people", "wang")
    has(one, "role      officer  gulou", "***0001", "w***@example.cn")
    check("13800000001" not in one, "no address in the clear")
    has(run(house, "people", "nobody", code=1), "nobody is called nobody")
    has(run(house, "deputy", "set", "wang", "li", code=2), "say who acts for whom")
    has(run(house, "deputy", "set", "wang", "li", "--from", "2026-03-02", "--to", "2026-03-20", "--reason",
            "annual leave"), "recorded  record")
    has(run(house, "deputy", "set", "wang", "li", "--from", "2026-03-02", "--to", "2026-03-20", "--reason",
            "annual leave"), "it is so already")
    has(run(house, "deputy", "set", "wang", "li", "--from", "2026-03-20", "--to", "2026-03-02", "--reason",
            "x", code=1), "a first and a last day")
    has(run(house, "people", "wang"), "deputy    li 李", "annual leave", "now")
    has(run(house, "people", lang="zh"), "现代理人", "li")
    house.open("K-1")
    house.ring("K-1")
    job = house.job(worker)
    check(job.receiver == "李" and job.brief.startswith("〔代王〕"), str(job))
    check(worker.begin(job) and worker.done(job), "sent")
    house.install(house.config)  # which leaves the operator's deputies alone
    [answer] = asked(house, "notices", "gulou/K-1")
    [notice] = answer["notices"]
    check((notice["receiver"], notice["stead"], notice["in_stead_of"]) == ("li", "deputy", "wang"), str(notice))
    has(run(house, "notices", "gulou/K-1"), "IN STEAD OF", "李", "王")
    has(run(house, "log", "gulou/K-1"), "told: 李 for 王 over mail")
    has(run(house, "deputy", "end", "wang", "--reason", "back early"), "recorded  record")
    has(run(house, "deputy", "end", "wang", "--reason", "back early", code=1), "nobody was named")
    house.ring("K-1")
    job = house.job(worker)
    check(job.receiver == "王", str(job))
    worker.close()


def whom_nothing_reaches_is_said_when_it_is_installed(house):
    path = os.path.join(house.config, "people.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("people:\n  wang: {name: 王, certified: true, roles: [{role: officer, agency: gulou}]}\n")
    said = run(house, "install", house.config, "--reason", "li left")
    has(said, "gulou, ring: 王, who is told as officer (decide.near), has no address", "[reach_nowhere]")
    has(said, "gulou, ring: nobody holds the role head, so decide.up comes to nobody", "[reach_nobody]")
    has(run(house, "people", lang="zh"), "无人担任“负责人”", "[reach_nobody]")
    [answer] = asked(house, "people")
    check(answer["unreached_count"] == 2 and answer["unreached"][0]["gap"] == "nowhere", str(answer))
    said = subprocess.run([os.environ["DUBAN"], "--lang", "en", "explain", "reach_nobody"],
                          capture_output=True, text=True, timeout=60, check=True)
    has(said.stdout, "people.yaml")


SECRET = """procedure: secret
version: 1
zh: 私
en: secret
from: 2020-01-01
roles:
  officer: {zh: 承办人, en: officer}
  party: {zh: 当事人, en: party, outside: true, reach: {mail: facts.mail}, consent: facts.consent}
chain: [officer]
facts: {mail: {type: text, private: true}, called: {type: text, private: true}, consent: flag}
notices: {secret: [called]}
clocks:
  decide: {zh: 办理, en: decision, law: 第五条, owner: officer, length: 10d,
           ladder: {up: {at: +1wd, to: officer, notice: ring}}}
opens: {opened: {by: [officer], may_take: [mail, called, consent], start: [decide],
                 notify: {to: party, notice: secret}, to: work}}
stages:
  work: {zh: 办理, en: work, events: {ended: {by: [officer], meet: [decide], to: done}}}
  done: {zh: 办结, en: done, final: done}
"""


def what_is_private_is_read_by_an_act_alone(house):
    for path, words in (("procedures/secret.yaml", SECRET),
                        ("notices/secret.zh.txt", "{{agency}}：文书\n---\n文书\n\n{{called}}：请查收\n"),
                        ("notices/secret.en.txt", "{{agency}}: a paper\n---\nPaper\n\n{{called}}: please\n")):
        with open(os.path.join(house.config, path), "w", encoding="utf-8") as file:
            file.write(words)
    house.install(house.config)
    worker = house.worker("one", ["mail"], credit=9)
    has(run(house, "send", "gulou/S-1", "opened", "--procedure", "secret", "--by", "wang/officer",
            "--set", "mail=zhang@example.cn", "--set", "called=张三", "--set", "consent=true", *AT), "applied")
    job = deliver(house, worker)
    check(job.body == "张三：请查收", str(job))
    said = run(house, "notices", "gulou/S-1", "--words")
    has(said, "template  secret", "•••")
    check("张三" not in said, "it is masked")
    has(run(house, "notices", "gulou/S-1", "--private", code=2), "says why")
    has(run(house, "notices", "gulou/S-1", "--private", "--reason", "a court asks"), "张三：请查收")
    has(run(house, "log", "gulou/S-1"), "private words of a notice read by root: a court asks")
    has(run(house, "log", "gulou/S-1", lang="zh"), "查看通知中的隐私内容：root")
    worker.close()


bells.main(
    the_file_says_who_was_told_and_in_which_words,
    what_is_stuck_is_seen_and_put_right,
    what_is_held_does_not_leave,
    whoever_is_away_is_stood_in_for,
    whom_nothing_reaches_is_said_when_it_is_installed,
    what_is_private_is_read_by_an_act_alone,
)
