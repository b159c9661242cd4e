"""A stand-in for the daemon's work door: it speaks the wire as duban.proto says, and does on purpose
what a real one does when it is unlucky. The kit's own tests use it; all else meets the real daemon.

    with standin.Door("ipc:///tmp/x/work.sock") as door:
        door.offer("k-1", address="138", brief="…")
        door.wait(lambda: door.done("k-1"))
"""

import collections
import threading
import time

import zmq

from rig import pb


class Door:
    def __init__(self, endpoint, store="standin", generation=1, lease_ms=10000, now_ms=None, rate=1):
        self.endpoint = endpoint
        self.store = store
        self.generation = generation
        self.lease_ms = lease_ms
        self.now_ms = now_ms
        self.rate = rate
        self.began = time.monotonic()
        self.token = 100
        self.queue = collections.deque()  # jobs to be leased
        self.leases = {}  # token → job, as it was granted
        self.begun = set()
        self.results = {}  # key → [(what, message)], in the order they came
        self.heard = []  # everything, as (what, message)
        self.hellos = []
        self.peer = None
        self.credit = 0
        self.swallow = collections.Counter()  # answers to lose: "go", "settled", "welcome"
        self.stale = set()  # tokens that are over
        self.over = []  # to be told in the next Welcome
        self.lock = threading.RLock()
        self.ending = False
        self.asked = []  # things for the thread to do

    def __enter__(self):
        self.context = zmq.Context()
        self.bind()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending = True
        self.thread.join()
        self.socket.close(linger=0)
        self.context.term()

    def bind(self):
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.bind(self.endpoint)

    # ---- what a test asks of it

    def offer(self, key, **fields):
        job = pb.Job(key=key, channel="test", attempt=1, notices=1, language="zh", **fields)
        with self.lock:
            self.queue.append(job)

    def offer_again(self, key):
        """What a daemon does with a lease that it lost before it was begun, or may send again."""
        with self.lock:
            job = next(j for j in self.leases.values() if j.key == key)
            again = pb.Job()
            again.CopyFrom(job)
            again.attempt += 1
            self.queue.append(again)

    def do(self, act):
        """Have the thread that owns the socket do it."""
        done = threading.Event()
        self.asked.append((act, done))
        done.wait(30)

    def cut(self):
        """The connection goes, and what was on it; nobody is remembered."""

        def act():
            self.socket.close(linger=0)
            self.peer = None
            self.credit = 0
            self.bind()

        self.do(act)

    def push(self, **what):
        self.do(lambda: self.send(pb.Push(**what)))

    def withdraw(self, key):
        token = next(t for t, j in self.leases.items() if j.key == key)
        self.stale.add(token)
        self.push(withdraw=pb.Withdraw(token=token))

    def done(self, key):
        return [m for what, m in self.results.get(key, []) if what == "done"]

    def count(self, what):
        return sum(1 for kind, _ in self.heard if kind == what)

    def wait(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise SystemExit(f"not within {seconds} s; heard {self.heard[-20:]}")
            time.sleep(0.005)

    # ---- its thread

    def run(self):
        while not self.ending:
            while self.asked:
                act, done = self.asked.pop(0)
                with self.lock:
                    act()
                done.set()
            if self.socket.poll(5):
                peer, frame = self.socket.recv_multipart()
                with self.lock:
                    self.hear(peer, pb.Request.FromString(frame))
            with self.lock:
                self.lease()

    def send(self, message):
        if self.peer is not None:
            self.socket.send_multipart([self.peer, message.SerializeToString()])

    def answer(self, kind, reply):
        if self.swallow[kind] > 0:
            self.swallow[kind] -= 1
        else:
            self.send(reply)

    def lease(self):
        while self.credit > 0 and self.queue:
            job = self.queue.popleft()
            self.token += 1
            job.token = self.token
            self.leases[job.token] = job
            self.credit -= 1
            self.send(pb.Push(job=job))

    def clock(self):
        began = self.now_ms if self.now_ms is not None else int(time.time() * 1000)
        gone = int((time.monotonic() - self.began) * 1000) if self.now_ms is not None else 0
        return began + gone * self.rate

    def hear(self, peer, request):
        what = request.WhichOneof("what")
        message = getattr(request, what)
        self.heard.append((what, message))
        if what == "hello":
            self.peer = peer
            self.credit = 0
            self.hellos.append(message)
            mine = message.store == self.store and message.generation == self.generation
            named = [t for t in message.tokens] if mine else []
            over = [t for t in message.tokens if t in self.over or not mine]
            for token in set(self.leases) - set(named):
                self.stale.add(token)
            welcome = pb.Welcome(lease_ms=self.lease_ms, store=self.store, generation=self.generation)
            welcome.over.extend(over)
            welcome.now_ms = self.clock()
            welcome.rate = self.rate
            self.answer("welcome", pb.Reply(number=request.number, welcome=welcome))
        elif peer != self.peer:
            self.socket.send_multipart([peer, pb.Push(stop=pb.Stop()).SerializeToString()])
        elif what == "credit":
            self.credit += message.records
        elif what == "begin":
            if message.token in self.stale:
                settled = pb.Settled(token=message.token, stale=True)
                self.answer("settled", pb.Reply(number=request.number, settled=settled))
            else:
                self.begun.add(message.token)
                self.answer("go", pb.Reply(number=request.number, go=pb.Go(token=message.token)))
        elif what in ("done", "fail", "unknown"):
            key = self.leases[message.token].key
            self.results.setdefault(key, []).append((what, message))
            settled = pb.Settled(token=message.token, stale=message.token in self.stale)
            self.answer("settled", pb.Reply(number=request.number, settled=settled))
