#!/usr/bin/python3
"""What dies on the way: the daemon by kill -9, workers before and after Begin; a store that goes on from
a backup, where old tokens are void; and all of it at random, with a provider that keeps its own ledger.
DUBAN_SEED repeats a run, DUBAN_JOBS says how many."""

import os
import random
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
import bells  # noqa: E402
from bells import duban, until  # noqa: E402
from house import check  # noqa: E402

SEED = int(os.environ.get("DUBAN_SEED", time.time_ns() % 1000000))
JOBS = int(os.environ.get("DUBAN_JOBS", "250"))


def come_back(worker, jobs=(), credit=1):
    """Say hello to the next daemon; what is its own no more is the answer."""
    over = worker.hello(jobs)
    worker.credit(credit)
    return over


def leased(house, worker, case="K-1"):
    house.ring(case, "party")
    worker.credit(1)
    return house.job(worker)


def steps(house, case="K-1"):
    """What was recorded of jobs, in order: (step, state after it)."""
    follower = duban.Follower(f"ipc://{house.run}/control.sock", credit=4096)
    last = house.control().ask(status=duban.pb.StatusQuery())["seq"]
    told = []
    while follower.from_seq <= last:
        record = follower.next(30).json
        if record["kind"] == "job":
            told.append(record)
    follower.close()
    return told


def the_daemon_dies_on_the_way(house):
    worker = house.worker("one", credit=0)
    house.open("K-1")
    job = leased(house, worker)
    house.later(stop=False)
    check(come_back(worker, [job]) == [], "a lease outlives the daemon")
    check(worker.begin(job), "and begins under the next")
    house.later(stop=False)
    check(come_back(worker, [job]) == [], "also one that has begun")
    check(worker.begin(job), "whose Go may have been lost")
    number = worker.say(done=duban.pb.Done(token=job.token, key=job.key))  # and nobody waits for the answer
    house.later(stop=False)
    come_back(worker, [job])
    worker.done(job)
    check(not worker.done(job), "known by now")
    check(number > 0 and [one["step"] for one in steps(house)] == ["lease", "begin", "done"], "recorded once")
    worker.close()


def workers_die(house):
    worker = house.worker("one", credit=0)
    house.open("K-1")
    job = leased(house, worker)
    worker.connect()  # dead, and started again, with nothing in mind
    worker.hello()
    worker.credit(1)
    again = house.job(worker)
    check((again.key, again.attempt) == (job.key, 2), "what had not begun is leased anew")
    check(worker.begin(again), "it begins")
    worker.connect()
    worker.hello()
    worker.credit(5)
    house.no_job(worker, "an SMS that may have been sent is not sent again")
    check(steps(house)[-1]["state"] == "unknown", "but shown to be in doubt")
    # Nobody comes back at all: the lease runs out.
    house.ring("K-1", "party")
    job = house.job(worker)
    worker.close()
    until("the lease is lost", 60, lambda: not house.workers())
    other = house.worker("other")
    check(house.job(other).key == job.key, "and another carries it")
    other.close()


def a_restore_makes_old_tokens_void(house):
    worker = house.worker("one", credit=0)
    house.open("K-1")
    held = leased(house, worker)
    begun = leased(house, worker)
    check(worker.begin(begun), "one has begun")
    copy, data = house.data + ".backup", house.data + ".2"
    check(house.duban("backup", copy, "--reason", "test").returncode == 0, "a backup")
    after = leased(house, worker)
    check(worker.begin(after) and worker.done(after), "done after the backup")
    house.process.terminate()
    house.process.wait()
    restored = subprocess.run(
        [os.environ["DUBAN"], "restore", copy, "--store", data, "--reason", "test"], capture_output=True, text=True
    )
    check(restored.returncode == 0, restored.stderr)
    house.data = data
    house.now_ms = int(time.time() * 1000) + 1000  # it was restored by the machine's own time
    house.start()
    over = come_back(worker, [held, begun, after], credit=9)
    check(worker.welcome.generation == 2, "another generation")
    check(sorted(over) == sorted(one.token for one in (held, begun, after)), "no token is anybody's")
    before = len(steps(house))
    for job in (held, begun, after):
        check(not worker.begin(job) and not worker.done(job), "nor changes anything")
        check(not worker.fail(job, worker.PERMANENT) and not worker.unknown(job), "nor fails")
    worker.touch([held, begun, after])
    worker.hear(10)
    check(len(steps(house)) == before, "nothing was recorded")
    house.no_job(worker, "what may have left is on hold")
    check(house.duban("release", "--restored", "--all", "--reason", "test").returncode == 0, "released")
    fresh = leased(house, worker)
    check(fresh.token > 2 << 44 and worker.begin(fresh), "new tokens are another generation's")
    check(worker.done(fresh), "and good")
    worker.close()


class Provider:
    """Takes messages, and keeps a ledger. One that is idempotent knows a key again."""

    def __init__(self, idempotent):
        self.idempotent = idempotent
        self.sent = {}  # key -> how often it reached somebody
        self.asked = 0

    def send(self, key):
        self.asked += 1
        self.sent[key] = 1 if self.idempotent else self.sent.get(key, 0) + 1


class Carrier:
    """A worker of little faith: it dies before and after Begin, before and after it has sent, reports
    twice, under old tokens, or not at all."""

    def __init__(self, house, name, provider, chance):
        self.worker = duban.Worker(f"ipc://{house.run}/work.sock", name, ["sms"])
        self.provider = provider
        self.chance = chance
        self.old = []  # jobs of former lives
        self.faults = True
        self.ambiguous = 0  # it died when the daemon could not know whether a message had left
        self.hello()

    def hello(self):
        while True:
            try:
                self.worker.hello()
                break
            except duban.Timeout:
                continue
        self.worker.credit(4)

    def dies(self, share):
        return self.faults and self.chance.random() < share

    def die(self, job=None):
        if job is not None:
            self.old.append(job)
        self.worker.connect()
        raise duban.Stopped(False)

    def carry(self):
        job = self.worker.job(0.02)
        if job is None:
            self.worker.touch()
            return False
        if self.dies(0.05):
            self.die(job)
        if not self.worker.begin(job):
            self.worker.credit(1)
            return True
        if self.dies(0.03):
            self.ambiguous += 1
            self.die(job)
        self.provider.send(job.key)
        if self.dies(0.05):
            self.ambiguous += 1
            self.die(job)
        if self.dies(0.03):
            self.ambiguous += 1
            self.worker.unknown(job, "cannot tell")
        elif self.dies(0.05):
            self.worker.fail(job, self.worker.TEMPORARY, "450")  # a liar: it was sent
            self.ambiguous += 1
        else:
            self.worker.done(job)
            if self.dies(0.1):
                self.worker.done(job)
        if self.old and self.dies(0.3):
            stale = self.chance.choice(self.old)
            self.worker.begin(stale)
            self.worker.fail(stale, self.worker.PERMANENT)
        self.worker.credit(1)
        return True

    def turn(self):
        """False: there was nothing to carry."""
        try:
            return self.carry()
        except (duban.Stopped, duban.Timeout):
            self.hello()
            return True


def play(house, chance, idempotent):
    provider = Provider(idempotent)
    for number in range(JOBS):
        house.open(f"K-{number}")
        house.ring(f"K-{number}", "party")
    carriers = [Carrier(house, name, provider, chance) for name in ("ann", "ben", "cat")]
    kills = 0
    while len(provider.sent) < JOBS * 0.9:
        chance.choice(carriers).turn()
        if kills < 8 and provider.asked > JOBS * (kills + 1) / 10:
            kills += 1
            house.later(stop=False)
    for carrier in carriers:
        carrier.faults = False
    quiet = time.monotonic()
    while time.monotonic() - quiet < 6:  # longer than a lease, and than any retry
        if any([carrier.turn() for carrier in carriers]):
            quiet = time.monotonic()
    return provider, carriers, kills


def report(house, provider, carriers, kills):
    told = steps(house)
    last = {}
    for one in told:
        last[one["job"]] = one
    ambiguous = sum(carrier.ambiguous for carrier in carriers)
    done = {number for number, one in last.items() if one["step"] == "done"}
    unknown = {number for number, one in last.items() if one.get("state") == "unknown"}
    double = sum(count - 1 for count in provider.sent.values())
    settled = len(done) + len(unknown)
    words = (
        f"{JOBS} jobs, {kills} kills of the daemon, {ambiguous} ambiguous attempts, {len(done)} done, "
        f"{len(unknown)} in doubt, {double} sent twice"
    )
    check(len(last) == JOBS and settled == JOBS, f"every job comes to rest: {words}")
    twice = [one["job"] for one in told if one["step"] == "done"]
    check(len(twice) == len(set(twice)), f"none is done twice: {words}")
    check(double <= ambiguous, f"twice only what was ambiguous: {words}")
    if provider.idempotent:
        check(len(provider.sent) == JOBS and double == 0 and not unknown, f"each reached somebody once: {words}")
    else:
        check(len(provider.sent) + len(unknown) >= JOBS, f"each reached somebody or is in doubt: {words}")
    for carrier in carriers:
        carrier.worker.close()
    print(words)


def all_of_it_at_random_over_sms(house):
    print(f"seed {SEED}")
    report(house, *play(house, random.Random(SEED), False))


def all_of_it_at_random_where_a_key_counts_once(house):
    channels = os.path.join(house.config, "channels.yaml")
    words = open(channels).read().replace("{address: phone,", "{address: phone, idempotent: true,")
    open(channels, "w").write(words)
    house.install(house.config)
    report(house, *play(house, random.Random(SEED + 1), True))


bells.main(
    the_daemon_dies_on_the_way,
    workers_die,
    a_restore_makes_old_tokens_void,
    all_of_it_at_random_over_sms,
    all_of_it_at_random_where_a_key_counts_once,
)
