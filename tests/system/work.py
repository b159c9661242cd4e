#!/usr/bin/python3
"""The work door, with workers in Python and the real daemon: what is leased, begun and settled; what
fails, is in doubt, comes late, is made up, or is wanted no more; who falls silent, who comes back."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import bells  # noqa: E402
import zmq  # noqa: E402
from bells import DAY_MS, HOUR_MS, duban, until  # noqa: E402
from house import check  # noqa: E402

pb = duban.pb
PERMANENT, TEMPORARY, THROTTLED = duban.Worker.PERMANENT, duban.Worker.TEMPORARY, duban.Worker.THROTTLED


def refused(what, say):
    try:
        say()
    except duban.Refused as refusal:
        return str(refusal)
    sys.exit(f"not refused: {what}")


def stopped(what, say):
    try:
        say()
    except duban.Stopped as stop:
        return stop
    sys.exit(f"no Stop: {what}")


def a_job_is_leased_begun_and_done(house):
    worker = house.worker("one", credit=2)
    check(worker.welcome.generation == 1 and len(worker.welcome.store) == 32, "Welcome names the store")
    check(worker.welcome.lease_ms == 4000 and worker.welcome.rate == 60, "… and its time")
    house.open("K-1")
    house.no_job(worker, "nobody was told anything yet")
    house.ring("K-1")
    job = house.job(worker)
    check((job.address, job.receiver, job.language, job.attempt) == ("13800000001", "王", "zh", 1), str(job))
    check(job.brief.startswith("【督办】案件K-1") and job.template == "ring", str(job))
    check(job.key.startswith(worker.welcome.store + "-"), "the key is the store's")
    check(house.workers()["one"]["leases"] == 1, "it is known to hold one")
    check(worker.begin(job), "it may begin")
    check(worker.begin(job), "… and is told so again when it asks again")
    check(house.workers()["one"]["begun"] == 1, "it is known to have begun")
    check(worker.done(job, "P-1"), "it is done")
    check(not worker.done(job, "P-1"), "done twice is done once")
    check(not worker.fail(job, PERMANENT), "… and cannot fail any more")
    seen = house.workers()["one"]
    check((seen["leases"], seen["credit"], seen["done"]) == (0, 1, 1), str(seen))
    house.no_job(worker, "that was all")
    worker.close()


def what_failed_is_tried_again_or_goes_another_way(house):
    worker = house.worker("one", ["sms", "mail"], credit=20)
    house.open("K-1")
    house.ring("K-1", "party")
    first = house.job(worker)
    check(worker.begin(first) and worker.fail(first, TEMPORARY, "450", "later"), "not now")
    again = house.job(worker)
    check((again.key, again.attempt) == (first.key, 2) and again.token != first.token, "the same, again")
    check(not worker.begin(first), "an old token begins nothing")
    check(worker.begin(again) and worker.fail(again, THROTTLED), "too much at once")
    third = house.job(worker)
    check(worker.done(third), "done at last, and without Begin it is believed too: it did happen")
    house.ring("K-1")
    sms = house.job(worker)
    check(sms.channel == "sms" and worker.fail(sms, PERMANENT, "no such number"), "never")
    mail = house.job(worker)
    check(mail.channel == "mail" and mail.address == "wang@example.cn" and mail.key != sms.key, str(mail))
    check(worker.begin(mail) and worker.fail(mail, PERMANENT), "nor by mail")
    above = house.job(worker)
    check(above.receiver == "李" and "未能通知王" in above.brief, str(above))
    check(worker.begin(above) and worker.done(above), "the head knows it now")
    worker.close()


def a_doubtful_sms_waits_and_a_doubtful_mail_goes_again(house):
    worker = house.worker("one", ["sms", "mail"], credit=20)
    house.open("K-1")
    house.ring("K-1", "party")
    job = house.job(worker)
    check(worker.begin(job) and worker.unknown(job, "the line broke"), "in doubt")
    worker.hello()
    worker.channels = ["mail"]
    worker.hello()
    worker.credit(20)
    house.no_job(worker, "an SMS in doubt waits for a person")
    check(worker.done(job), "but a late success is believed")
    house.later(15 * DAY_MS)  # the limit is over by far: the head's rung
    rehello(worker)
    first = house.job(worker)
    check(first.address == "li@example.cn" and worker.begin(first) and worker.unknown(first), "in doubt")
    again = house.job(worker)
    check(again.key == first.key and worker.begin(again) and worker.done(again), "mail goes again by its key")
    worker.close()


def rehello(worker, jobs=(), credit=20):
    """The daemon was started anew: a Touch is answered Stop."""
    stopped("the next daemon", lambda: [worker.touch(jobs), worker.hear(30)])
    over = worker.hello(jobs)
    worker.credit(credit)
    return over


def who_is_silent_loses_it_and_is_still_believed(house):
    silent = house.worker("silent")
    house.open("K-1")
    house.ring("K-1", "party")
    job = house.job(silent)
    check(silent.begin(job), "it begins, and falls silent")
    until("its lease is lost", 60, lambda: "silent" not in house.workers())
    house.ring("K-1", "party")
    other = house.worker("other")
    second = house.job(other)
    check(second.key != job.key, "the doubtful one is not sent again")
    stopped("who was silent is known no more", lambda: silent.done(job))
    over = silent.hello([job])
    check(over == [job.token], "its lease is over")
    check(silent.done(job), "a late success is believed")
    check(not silent.done(job), "… once")
    # One that did not begin goes to another, and its late success withdraws that.
    silent.credit(1)
    check(other.begin(second) and other.done(second), "done")
    house.ring("K-1", "party")
    job = house.job(silent)
    until("its lease is lost", 60, lambda: "silent" not in house.workers())
    other.hello()
    other.credit(1)
    second = house.job(other)
    check((second.key, second.attempt) == (job.key, 2), "leased anew")
    silent.hello([job])
    check(not silent.begin(job), "under the old token nothing begins")
    check(not silent.fail(job, PERMANENT), "… nor fails")
    check(silent.done(job), "but a success is believed")
    other.hear(10)
    check(other.withdrawn == [second.token], "and withdraws the newer attempt")
    check(not other.begin(second), "which may not begin")
    silent.close()
    other.close()


def who_touches_keeps_it(house):
    worker = house.worker("one")
    house.open("K-1")
    house.ring("K-1", "party")
    job = house.job(worker)
    end = time.monotonic() + 1.5 * worker.welcome.lease_ms / 1000
    while time.monotonic() < end:
        worker.touch([job])
        time.sleep(0.1)
    check(worker.begin(job) and worker.done(job), "kept for longer than a term")
    check(worker.withdrawn == [], "nothing was withdrawn")
    worker.touch([job])
    worker.hear(10)
    check(worker.withdrawn == [job.token], "a touch of what is its own no more is told so")
    worker.close()


def who_lies_changes_nothing(house):
    honest = house.worker("honest")
    liar = house.worker("liar", credit=0)
    house.open("K-1")
    house.ring("K-1", "party")
    job = house.job(honest)
    check(not liar.begin(job), "another's token begins nothing")
    check(not liar.done(job), "… is not done")
    check(not liar.fail(job, PERMANENT) and not liar.unknown(job), "… nor fails")
    for token in (0, 1, 7, job.token + 1, 2**63, 2**64 - 1):
        forged = pb.Job(token=token, key=job.key)
        check(not liar.begin(forged) and not liar.done(forged), f"nor by token {token}")
        check(not honest.begin(forged), f"nor by token {token} of one's own")
    liar.touch([job])
    liar.hear(10)
    check(liar.withdrawn == [job.token], "a touch of another's is none")
    check(liar.hello([job]) == [job.token], "nor does a Hello take it over")
    check(honest.begin(job), "the lease is as it was")
    check(honest.done(pb.Job(token=job.token, key="another")), "a live lease needs no key")
    house.ring("K-1", "party")
    honest.credit(1)
    late = house.job(honest)
    honest.hello()  # it forgot all it held
    check(not honest.done(pb.Job(token=late.token, key=job.key)), "a late success under another key is none")
    check(not liar.done(late), "nor one by who never held it")
    check(honest.done(late), "but its own is")
    honest.close()
    liar.close()


def what_was_met_is_withdrawn(house):
    house.open("K-1")
    house.later(9 * DAY_MS + 2 * HOUR_MS)
    worker = house.worker("one")
    job = house.job(worker)
    check("2026-03-12" in job.brief, job.brief)
    house.send("K-1", "ended")
    until("it is withdrawn", 30, lambda: [worker.touch([job]), worker.hear(0.05), worker.withdrawn][2])
    check(worker.withdrawn[0] == job.token, "withdrawn")
    check(not worker.begin(job), "and may not begin")
    worker.close()


def who_goes_well_leaves_nothing_behind(house):
    worker = house.worker("one", credit=2)
    house.open("K-1")
    house.ring("K-1", "party")
    job = house.job(worker)
    worker.bye()
    other = house.worker("other")
    again = house.job(other)
    check(again.key == job.key and again.attempt == 2, "free at once")
    stopped("who said Bye is known no more", lambda: worker.begin(job))
    other.close()  # without a word: the connection is gone
    house.ring("K-1", "party")
    third = house.worker("third", credit=2)
    check(house.job(third) is not None, "what could not be sent to it goes to another")
    worker.close()
    third.close()


def two_under_one_name(house):
    first = house.worker("one")
    house.open("K-1")
    house.ring("K-1", "party")
    job = house.job(first)
    second = house.worker("one")
    check(stopped("the first is told", lambda: first.hear(30)).replaced, "… that another came")
    again = house.job(second)
    check(again.key == job.key and again.attempt == 2, "what the newer one does not name is free")
    check(stopped("the first is known no more", lambda: first.begin(job)).replaced is False, "as any stranger")
    first.close()
    second.close()


def what_is_wrong_is_told(house):
    worker = duban.Worker(f"ipc://{house.run}/work.sock", "one", ["sms"])
    stopped("without Hello", lambda: worker.begin(pb.Job(token=1)))
    for name, channels, tokens in (
        ("", ["sms"], []),
        ("x" * 65, ["sms"], []),
        ("a b", ["sms"], []),
        ("a\nb", ["sms"], []),
        ("one", [], []),
        ("one", ["sms"] * 9, []),
        ("one", ["x" * 17], []),
        ("one", ["sms"], range(1025)),
    ):
        hello = pb.Hello(worker=name, channels=channels, tokens=tokens)
        words = refused(hello, lambda said=hello: worker.ask(hello=said))
        check("1 to 64" in words, words)
    words = refused("a channel", lambda: worker.ask(hello=pb.Hello(worker="one", channels=["fax"])))
    check("fax" in words and "channels.yaml" in words, words)
    worker.hello()
    for result in (
        pb.Done(token=1, key="k" * 97),
        pb.Done(token=1, provider_id="p" * 129),
        pb.Done(token=1, sent_sha256=b"x" * 31),
    ):
        refused(result, lambda said=result: worker.ask(done=said))
    for result in (pb.Fail(token=1), pb.Fail(token=1, kind=1, code="c" * 65), pb.Fail(token=1, kind=9)):
        refused(result, lambda said=result: worker.ask(fail=said))
    refused("long words", lambda: worker.ask(unknown=pb.Unknown(token=1, words="w" * 257)))
    refused("many tokens", lambda: worker.ask(touch=pb.Touch(tokens=range(257))))
    refused("an event", lambda: worker.ask(publish=pb.Event(id="1")))
    refused("a question", lambda: worker.ask(query=pb.Query(status=pb.StatusQuery())))
    elsewhere = duban.Worker(f"ipc://{house.run}/events.sock", "one", ["sms"])
    refused("another door", elsewhere.hello)
    elsewhere.close()
    request = worker.context.socket(zmq.REQ)  # also a REQ socket is answered in its shape
    request.connect(f"ipc://{house.run}/work.sock")
    request.send(pb.Request(number=9, hello=pb.Hello(worker="req", channels=["sms"])).SerializeToString())
    check(request.poll(20000), "a REQ socket is answered")
    check(pb.Reply.FromString(request.recv()).welcome.generation == 1, "… with Welcome")
    request.close(linger=0)
    many = [duban.Worker(f"ipc://{house.run}/work.sock", f"w{number}", ["sms"]) for number in range(62)]
    for one in many:
        one.hello()
    over = duban.Worker(f"ipc://{house.run}/work.sock", "one-more", ["sms"])
    check("64" in refused("the 65th", over.hello), "there are only so many places")
    for one in (worker, over, *many):
        one.close()


def a_clean_end_is_told(house):
    worker = house.worker("one")
    house.open("K-1")
    house.ring("K-1", "party")
    job = house.job(worker)
    check(worker.begin(job), "it begins")
    house.later()
    check(not stopped("the daemon ends", lambda: worker.hear(30)).replaced, "and says so")
    check(worker.hello([job]) == [], "the next one knows the lease")
    check(worker.done(job), "and takes the result")
    worker.close()


def nothing_is_handed_out_while_time_is_guarded(house):
    worker = house.worker("one", credit=0)
    house.open("K-1")
    house.ring("K-1", "party")
    worker.credit(1)
    job = house.job(worker)
    house.ring("K-1", "party")
    real_ms = house.clock_ms()
    house.later(-2 * DAY_MS)  # the clock has jumped back
    check(rehello(worker, [job], credit=1) == [], "its lease is known")
    check(house.control().ask(time=pb.TimeQuery())["guarded"], "time is guarded")
    house.no_job(worker, "while time is guarded nothing is handed out")
    check(worker.begin(job) and worker.done(job), "but what is in hand goes on")
    house.later(real_ms - house.clock_ms())
    rehello(worker, credit=1)
    check(house.job(worker).attempt == 1, "time is right again: the next one")
    worker.close()


def results_come_in_while_publishers_flood(house):
    worker = house.worker("one", credit=0)
    jobs = 60
    for number in range(jobs):
        house.open(f"K-{number}")
        house.ring(f"K-{number}", "party")
    context = duban.context()
    floods = [context.socket(zmq.DEALER) for _ in range(4)]
    frames = []
    for number in range(4000):
        request = pb.Request(number=number + 1)
        request.publish.CopyFrom(
            duban.Event(id=f"f{number}", source="flood", agency="gulou", case_id=f"F-{number}", type="opened",
                        occurred_at_ms=house.clock_ms() - 1000, actor=duban.Actor(person="wang", role="officer"),
                        procedure="ring")
        )
        frames.append(request.SerializeToString())
    for flood in floods:
        flood.setsockopt(zmq.SNDHWM, 0)
        flood.connect(f"ipc://{house.run}/events.sock")
        for frame in frames:
            flood.send(frame)  # and nobody reads what is answered
    worker.hello()
    worker.credit(8)
    for _ in range(jobs):
        job = house.job(worker)
        check(worker.begin(job) and worker.done(job), "a result is refused last")
        worker.credit(1)
    for flood in floods:
        flood.close(linger=0)
    context.term()
    worker.close()


def an_instant_that_no_calendar_has_is_none(house):
    """It used to end the daemon whenever somebody asked for the notices of the case."""
    worker = house.worker("one", credit=8)
    for number, sent_at_ms in enumerate((2**63 - 2, -(2**63) + 1, 10**17)):
        case = f"K-{number}"
        house.open(case)
        house.ring(case)
        job = house.job(worker)
        check(worker.begin(job) and worker.done(job, sent_at_ms=sent_at_ms), "it was sent, whenever that was")
        shown = house.duban("notices", f"gulou/{case}")
        check(shown.returncode == 0 and "ring" in shown.stdout, shown.stdout + shown.stderr)
        worker.credit(1)
    worker.close()


bells.main(
    a_job_is_leased_begun_and_done,
    what_failed_is_tried_again_or_goes_another_way,
    a_doubtful_sms_waits_and_a_doubtful_mail_goes_again,
    who_is_silent_loses_it_and_is_still_believed,
    who_touches_keeps_it,
    who_lies_changes_nothing,
    what_was_met_is_withdrawn,
    who_goes_well_leaves_nothing_behind,
    two_under_one_name,
    what_is_wrong_is_told,
    a_clean_end_is_told,
    nothing_is_handed_out_while_time_is_guarded,
    results_come_in_while_publishers_flood,
    an_instant_that_no_calendar_has_is_none,
)
