#!/usr/bin/python3
"""libduban-worker against a door that loses answers, cuts connections and forgets, and a provider that
counts: what is sent, how often, and what is told of it."""

import contextlib
import hashlib
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "lib"))
import provider
import rig
import standin
from rig import pb


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


class Stage:
    """A door, a provider and a worker, in a folder that goes with them."""

    def __init__(self, *flags, pause_s=0, **door):
        self.flags = list(flags)
        self.pause_s = pause_s
        self.options = door

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="duban-kit-"))
        self.folder = pathlib.Path(folder)
        endpoint = f"ipc://{folder}/work.sock"
        self.door = self.stack.enter_context(standin.Door(endpoint, **self.options))
        self.provider = self.stack.enter_context(provider.Provider(self.folder / "provider.sock"))
        self.provider.pause_s = self.pause_s
        (self.folder / "test.yaml").write_text(f"provider: {folder}/provider.sock\n")
        self.worker = None
        self.start()
        return self

    def __exit__(self, kind, *rest):
        if self.worker.poll() is None:
            self.worker.kill()
            self.worker.wait()
        if kind is not None:
            print(self.log())
        return self.stack.__exit__(kind, *rest)

    def start(self, *under):
        command = [rig.BIN / "kit_worker", "--config", self.folder / "test.yaml", "--name", "w-1"]
        command += ["--door", f"ipc://{self.folder}/work.sock", "--ledger", self.folder / "ledger"]
        self.worker = subprocess.Popen(
            [*under, *command, *self.flags], stdout=subprocess.DEVNULL, stderr=open(self.folder / "log", "ab")
        )

    def kill(self):
        self.worker.kill()
        self.worker.wait()

    def stop(self):
        self.worker.terminate()
        check(self.worker.wait(timeout=30) == 0, f"it ends well:\n{self.log()}")

    def log(self):
        return (self.folder / "log").read_text()

    def told(self, key):
        return self.provider.told[key]

    def results(self, key):
        return [what for what, _ in self.door.results.get(key, [])]


def each_is_sent_once():
    with Stage("--credit", "8", "--threads", "4") as stage:
        for i in range(200):
            stage.door.offer(f"k-{i}", brief="短", subject="题", body="文\n字", address=f"1380000{i:04}")
        stage.door.wait(lambda: stage.door.count("done") == 200)
        stage.stop()
        check(all(stage.told(f"k-{i}") == 1 for i in range(200)), "each is told to the provider once")
        done = stage.door.done("k-7")[0]
        check(done.provider_id == "id-k-7", "the provider's name for it comes back")
        words = "短\0题\0文\n字\0".encode()
        check(done.sent_sha256 == hashlib.sha256(words).digest(), "so does what was sent")
        check(abs(done.sent_at_ms - time.time() * 1000) < 60000, "and when")
        check(stage.provider.most_at_once <= 4, "no more at once than threads")
        hello = stage.door.hellos[0]
        check((hello.worker, list(hello.channels)) == ("w-1", ["test"]), "it says who it is")
        check(hello.version.startswith("duban-test "), "and what")
        check(stage.door.count("bye") == 1, "and goodbye")
        credit = sum(m.records for what, m in stage.door.heard if what == "credit")
        check(200 <= credit <= 208, f"credit is given for what is settled: {credit}")


def outcomes_are_told():
    with Stage() as stage:
        stage.provider.answers = {"no": "never", "not-now": "later", "slow": "throttled", "gone": None}
        for key in stage.provider.answers:
            stage.door.offer(key)
        stage.door.wait(lambda: len(stage.door.results) == 4)
        kinds = {key: stage.door.results[key][0] for key in stage.provider.answers}
        check(kinds["no"][1].kind == pb.Fail.PERMANENT, "never is permanent")
        check(kinds["no"][1].words == "refused by the 服务商", "words are one line")
        check(kinds["not-now"][1].kind == pb.Fail.TEMPORARY, "later is temporary")
        check(kinds["slow"][1].kind == pb.Fail.THROTTLED, "throttled is throttled")
        check(kinds["gone"][0] == "unknown", "who hangs up leaves it in doubt")
        stage.door.offer_again("not-now")
        stage.door.wait(lambda: len(stage.results("not-now")) == 2)
        check(stage.told("not-now") == 2, "what was not sent is tried again")
        stage.stop()


def what_was_sent_is_not_sent_again():
    with Stage() as stage:
        stage.door.offer("k")
        stage.door.wait(lambda: stage.door.done("k"))
        stage.door.offer_again("k")
        stage.door.wait(lambda: len(stage.door.done("k")) == 2)
        stage.kill()
        stage.start()
        stage.door.offer_again("k")
        stage.door.wait(lambda: len(stage.door.done("k")) == 3)
        first, *others = stage.door.done("k")
        check(all(d.provider_id == first.provider_id for d in others), "the same receipt again")
        check(all(d.sent_sha256 == first.sent_sha256 for d in others), "of the same words")
        check(all(d.sent_at_ms == first.sent_at_ms for d in others), "at the same time")
        check(stage.told("k") == 1, "sent once")
        stage.stop()


def lost_answers_are_asked_for_again():
    with Stage() as stage:
        stage.door.swallow["go"] = 1
        stage.door.offer("a")
        stage.door.wait(lambda: stage.door.count("begin") == 1)
        stage.door.cut()
        stage.door.wait(lambda: stage.door.done("a"))
        check(stage.told("a") == 1, "a Go that was lost comes again")
        stage.door.swallow["settled"] = 1
        stage.door.offer("b")
        stage.door.wait(lambda: stage.door.done("b"))
        stage.door.cut()
        stage.door.wait(lambda: len(stage.door.done("b")) == 2)
        check(stage.told("b") == 1, "a result whose answer was lost is told again, not sent")
        check(stage.door.hellos[-1].tokens, "and its lease is named")
        stage.stop()


def a_connection_is_cut_while_it_sends():
    with Stage(pause_s=0.5) as stage:
        stage.door.offer("k")
        stage.door.wait(lambda: stage.told("k") == 1)
        stage.door.cut()
        stage.door.wait(lambda: stage.door.done("k"))
        check(list(stage.door.hellos[-1].tokens) == [101], "it still holds the lease")
        check(stage.told("k") == 1, "and has sent it once")
        stage.stop()


def a_worker_dies():
    with Stage() as stage:
        stage.door.swallow["settled"] = 1
        stage.door.offer("told")
        stage.door.wait(lambda: stage.door.done("told"))
        stage.kill()
        stage.start()
        stage.door.wait(lambda: len(stage.door.done("told")) == 2)
        check(stage.told("told") == 1, "what the ledger has is told in the next life")
        check(list(stage.door.hellos[-1].tokens) == [101], "under its lease")
        check((stage.door.hellos[-1].store, stage.door.hellos[-1].generation) == ("standin", 1), "of its store")

        stage.provider.pause_s = 0.5
        stage.door.offer("cut")
        stage.door.wait(lambda: stage.told("cut") == 1)
        stage.kill()
        stage.start()
        stage.door.wait(lambda: len(stage.door.hellos) == 3)
        check(not stage.door.hellos[-1].tokens, "what was being sent is in nobody's hands: the daemon decides")
        check(not stage.results("cut"), "and nothing is said of it")
        stage.stop()


def a_lease_that_is_over_is_not_used():
    with Stage() as stage:
        stage.door.swallow["go"] = 1
        stage.door.offer("a")
        stage.door.wait(lambda: stage.door.count("begin") == 1)
        stage.door.over = [101]
        stage.door.stale = {101}
        stage.door.cut()
        stage.door.offer("b")
        stage.door.wait(lambda: stage.door.done("b"))
        check(stage.told("a") == 0 and not stage.results("a"), "a, whose lease is over, is forgotten")
        stage.door.stale.add(103)
        stage.door.offer("c")
        stage.door.offer("d")
        stage.door.wait(lambda: stage.door.done("d"))
        check(stage.told("c") == 0, "nor is c begun, whose lease was lost before")
        stage.stop()


def a_lease_is_kept_while_it_sends():
    with Stage(pause_s=1, lease_ms=1200) as stage:
        stage.door.offer("k")
        stage.door.wait(lambda: stage.door.done("k"))
        touches = [list(message.tokens) for what, message in stage.door.heard if what == "touch"]
        check(touches.count([101]) >= 2, f"it is touched meanwhile: {touches}")
        count = len(touches)
        stage.door.wait(lambda: stage.door.count("touch") > count)
        check(not list(stage.door.heard[-1][1].tokens), "and it says that it lives though it holds nothing")
        stage.stop()


def a_worker_is_stopped_for_longer_than_its_lease():
    with Stage("--threads", "2", pause_s=0.5, lease_ms=3000) as stage:
        stage.door.offer("a")
        stage.door.wait(lambda: stage.told("a") == 1)
        stage.door.swallow["go"] = 1
        stage.door.offer("b")
        stage.door.wait(lambda: stage.door.count("begin") == 2)
        stage.worker.send_signal(signal.SIGSTOP)
        time.sleep(3.3)
        stage.door.do(lambda: stage.door.send(pb.Reply(number=102, go=pb.Go(token=102))))
        stage.door.stale = {101, 102}
        stage.worker.send_signal(signal.SIGCONT)
        stage.door.wait(lambda: stage.results("b"))
        check(stage.told("b") == 0, "b has its Go, and is not sent when it wakes")
        fail = stage.door.results["b"][0][1]
        check(fail.code == "kit.lease", f"for its lease was over: {fail}")
        stage.door.wait(lambda: stage.door.done("a"))
        stage.door.wait(lambda: "worker.stale token=101" in stage.log())
        stage.stop()


def what_is_withdrawn_is_not_sent():
    with Stage(pause_s=0.2) as stage:
        for i in range(6):
            stage.door.offer(f"k-{i}")
        stage.door.wait(lambda: len(stage.door.leases) == 6)
        stage.door.withdraw("k-5")
        stage.door.offer("after")
        stage.door.wait(lambda: stage.door.done("after"))
        check(stage.told("k-5") == 0 and not stage.results("k-5"), "it is dropped without a word")
        stage.stop()


def what_has_lost_its_use_is_not_sent():
    """On the daemon's clock, which is half a year behind and runs a thousand times as fast."""
    began_ms = 1772416800000
    with Stage(pause_s=0.5, now_ms=began_ms, rate=1000) as stage:
        stage.door.offer("stale", useful_until_ms=began_ms - 1)
        stage.door.offer("slow", useful_until_ms=began_ms + 86400000)
        stage.door.offer("waits", useful_until_ms=stage.door.clock() + 300000)
        stage.door.offer("fresh", useful_until_ms=began_ms + 86400000)
        stage.door.wait(lambda: stage.door.done("fresh") and stage.results("waits"))
        check(stage.results("stale") == ["fail"] and stage.told("stale") == 0, "too late from the first")
        check(stage.results("waits") == ["fail"] and stage.told("waits") == 0, "too late when it was its turn")
        check(stage.door.results["waits"][0][1].code == "kit.late", "which is said")
        sent_ms = stage.door.done("fresh")[0].sent_at_ms
        check(began_ms <= sent_ms <= began_ms + 86400000, "times are the daemon's")
        stage.stop()


def it_finishes_what_it_began():
    with Stage("--threads", "2", pause_s=0.4) as stage:
        for i in range(8):
            stage.door.offer(f"k-{i}")
        stage.door.wait(lambda: stage.told("k-0") == 1)
        stage.stop()
        begun = {stage.door.leases[t].key for t in stage.door.begun}
        check({key for key in begun if stage.door.done(key)} == begun, f"all that was begun is done: {begun}")
        check({key for key in stage.provider.told} == begun, "and nothing else")
        check(len(begun) <= 4, "no more is begun than senders need")
        check(stage.door.heard[-1][0] == "bye", "then it says goodbye")


def one_whom_nobody_knows_says_hello():
    with Stage() as stage:
        stage.door.wait(lambda: len(stage.door.hellos) == 1)
        stage.door.push(stop=pb.Stop())
        stage.door.wait(lambda: len(stage.door.hellos) == 2)
        stage.door.offer("k")
        stage.door.wait(lambda: stage.door.done("k"))
        stage.stop()


def another_takes_its_name():
    with Stage(pause_s=0.4) as stage:
        stage.door.offer("k")
        stage.door.wait(lambda: stage.told("k") == 1)
        stage.door.push(stop=pb.Stop(replaced=True))
        check(stage.worker.wait(timeout=30) == 3, "it ends, and not as it should")
        check(len(stage.door.hellos) == 1, "without taking the name back")
        check("give each worker a name of its own" in stage.log(), "it says why")
        stage.start()
        stage.door.wait(lambda: stage.door.done("k"))
        check(stage.told("k") == 1, "what it had sent is told by the next")
        stage.stop()


def a_restored_store_has_other_tokens():
    with Stage() as stage:
        stage.door.swallow["settled"] = 100
        stage.door.offer("a")
        stage.door.offer("b")
        stage.door.wait(lambda: stage.door.done("a") and stage.door.done("b"))
        stage.door.generation = 2
        stage.door.swallow["settled"] = 0
        before = stage.door.count("done")
        stage.door.cut()
        stage.door.wait(lambda: len(stage.door.hellos) == 2)
        check(stage.door.hellos[-1].generation == 1, "it says whose its tokens are")
        stage.door.offer_again("a")
        stage.door.wait(lambda: len(stage.door.done("a")) == 2)
        check(stage.told("a") == 1, "what left before the restore is known by its key")
        check(stage.door.count("done") == before + 1, "old tokens are not spoken of")
        stage.stop()


def a_ledger_that_cannot_be_written():
    with Stage() as stage:
        stage.door.wait(lambda: stage.door.hellos)
        stage.stop()
        size = (stage.folder / "ledger" / "ledger.mdb").stat().st_size
        stage.start("prlimit", f"--fsize={size + 8 * 4096}:unlimited")
        for i in range(200):
            stage.door.offer(f"k-{i}")
        check(stage.worker.wait(timeout=60) == 1, "it ends with 1")
        check("ledger.failed doing=commit" in stage.log(), "and says why")
        told = set(stage.provider.told)
        check(told and told == {key for key in told if stage.door.done(key)}, "what was sent is told all the same")
        check(len(told) < 200, "and nothing more is begun")
        stage.start()
        stage.door.wait(lambda: stage.door.done("k-199"))  # with room again it goes on
        check(max(stage.provider.told.values()) == 1, "nothing is sent twice")
        stage.stop()


def two_have_no_ledger_in_common():
    with Stage() as stage:
        stage.door.wait(lambda: stage.door.hellos)
        first = stage.worker
        stage.start()
        check(stage.worker.wait(timeout=30) == 1, "the second refuses")
        check("stop the worker that has it" in stage.log(), "and says what to do")
        stage.worker = first
        stage.stop()


TESTS = [
    each_is_sent_once,
    outcomes_are_told,
    what_was_sent_is_not_sent_again,
    lost_answers_are_asked_for_again,
    a_connection_is_cut_while_it_sends,
    a_worker_dies,
    a_lease_that_is_over_is_not_used,
    a_lease_is_kept_while_it_sends,
    a_worker_is_stopped_for_longer_than_its_lease,
    what_is_withdrawn_is_not_sent,
    what_has_lost_its_use_is_not_sent,
    it_finishes_what_it_began,
    one_whom_nobody_knows_says_hello,
    another_takes_its_name,
    a_restored_store_has_other_tokens,
    a_ledger_that_cannot_be_written,
    two_have_no_ledger_in_common,
]

for test in TESTS:
    if all(word in test.__name__ for word in sys.argv[1:]):
        began = time.monotonic()
        test()
        print(f"{test.__name__}: {time.monotonic() - began:.1f} s")
