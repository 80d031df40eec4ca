"""The warm process: it loads the libraries, and keeps processes waiting that were forked from it.

It never computes, reads no file of a caller's and has no thread: whatever a call does, it does in a process of its
own, which ends with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import os
import pkgutil
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import gradcalc
from gradcalc.base.errors import FileError, InternalError, LimitError
from gradcalc.base.lifeline import Lifeline
from gradcalc.base.loading import loading
from gradcalc.cli import child
from gradcalc.cli.warm import place, session
from gradcalc.cli.warm.rehearsal import EVERY, USUAL, rehearse
from gradcalc.cli.warm.sources import Sources
from gradcalc.files.streams import telling

WAITING = 3  # processes: while one works, and another gets ready, a call finds the third
BACKLOG = 64  # calls that may wait for one
SHORTEST_LIFE = 1.0  # seconds; when processes end sooner than that without a call, something is wrong
MOST_DEATHS = 5  # of them in a row
THREADED = ("dask", "duckdb", "polars", "pyarrow")  # libraries for files, which start threads
BEGUN = time.time()
READ, WRITE = 0o600, 0o700


class Taken(Exception):
    """Another process of this installation serves already."""


def serve(ready: Callable[[], None], idle: float) -> None:
    """Answer calls until none has come for so many seconds, or a signal says to end. `ready` is called at the start.

    Raises Taken where there is one already, FileError where there is no private place for the socket.
    """
    child.forbid()
    with _locked() as lock:
        snapshot = Sources.now()
        _load()
        with _listening() as listener:
            server = Server(listener, lock, snapshot, idle)
            with server.signals():
                ready()
                server.run()


@contextlib.contextmanager
def _locked() -> Iterator[int]:
    """The lock that one process has at a time; in its file stands who. Raises Taken, or FileError."""
    path = Path(place.socket_path()).with_suffix(".lock")
    with telling(f"cannot make `{path.parent}`"), contextlib.suppress(FileExistsError):
        path.parent.mkdir(mode=WRITE)
    if not place.is_private(str(path.parent)):
        raise FileError(f"`{path.parent}` is no folder of your own that nobody else may look into")
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, READ)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Taken from None
        os.truncate(lock, 0)
        _note(lock, 0)
        yield lock
    finally:
        os.close(lock)


def _note(lock: int, calls: int) -> None:
    """Write down who holds the lock, since when, and how many calls it has answered."""
    os.pwrite(lock, f"{os.getpid()} {BEGUN:.0f} {calls}\n".encode(), 0)


@contextlib.contextmanager
def _listening() -> Iterator[socket.socket]:
    """The socket that calls come in at; gone afterwards."""
    path = Path(place.socket_path())
    path.unlink(missing_ok=True)  # of one that was killed
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        listener.listen(BACKLOG)
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)


def _load() -> None:
    """Load every module of gradcalc, and with them the libraries. Raises InternalError where one starts a thread."""
    if not sys.flags.safe_path:
        sys.path[0] = str(Path(sys.executable).parent)  # not the folder that somebody happened to stand in
    with loading(), _without(THREADED):
        for module in pkgutil.walk_packages(gradcalc.__path__, "gradcalc."):
            if not module.name.endswith("__main__"):
                with contextlib.suppress(ModuleNotFoundError):  # a library that is not installed
                    importlib.import_module(module.name)
    rehearse(EVERY)
    gc.collect()
    gc.freeze()
    tasks = Path("/proc/self/task")
    if tasks.is_dir() and len(list(tasks.iterdir())) > 1:
        raise InternalError("a library has started a thread: no process can be forked from here")


@contextlib.contextmanager
def _without(libraries: Sequence[str]) -> Iterator[None]:
    """Libraries that cannot be imported in the body: whoever needs them imports them itself, later."""
    hidden = [name for name in libraries if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is how Python is told so
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a process that waits: where it tells what it does, what keeps it alive, and when it began."""

    hearing: int
    lifeline: Lifeline
    begun: float

    def part(self) -> None:
        """Close it."""
        os.close(self.hearing)
        self.lifeline.let_go()


@dataclass(slots=True)
class Server:
    """The loop that keeps processes waiting."""

    listener: socket.socket
    lock: int
    sources: Sources
    idle: float
    clock: Callable[[], float] = time.monotonic
    waiting: dict[int, Way] = field(default_factory=dict)  # by where they are heard
    deaths: int = 0
    calls: int = 0
    ends: bool = False
    woken: tuple[int, int] = (-1, -1)

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """SIGTERM and the like end it, and whoever waits with it; the end of a child wakes it."""
        self.woken = os.pipe()
        for end in self.woken:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self.woken[1], warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        try:
            yield
        finally:
            for way in self.waiting.values():
                way.part()
            signal.set_wakeup_fd(-1)

    def _end(self, number: int, frame: object) -> None:
        self.ends = True

    def run(self) -> None:
        """Keep processes waiting until it is time to end."""
        until = self.clock() + self.idle
        while not self.ends:
            while len(self.waiting) < WAITING:
                self._fork()
            ready, _, _ = select.select([*self.waiting, self.woken[0]], [], [], max(0.0, until - self.clock()))
            if not ready:
                return
            for hearing in ready:
                if hearing == self.woken[0]:
                    self._reap()
                elif self._heard(self.waiting.pop(hearing)):
                    until = self.clock() + self.idle
                    self.calls += 1
                    _note(self.lock, self.calls)

    def _heard(self, way: Way) -> bool:
        """Is one that waited about to answer a call? It waits no longer. Raises LimitError."""
        word = os.read(way.hearing, 1)
        way.part()
        self.ends = self.ends or word == session.OLD
        self.deaths = self.deaths + 1 if not word and self.clock() - way.begun < SHORTEST_LIFE else 0
        if self.deaths > MOST_DEATHS:
            raise LimitError(
                "no process that waits for calls stays alive",
                hint="no option raises this limit: calls run without it, as always",
            )
        return word == session.TAKEN

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self.woken[0], 64):
                pass
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass

    def _fork(self) -> None:
        """One more process that waits."""
        hearing, report = os.pipe()
        way = Way(hearing, Lifeline(), self.clock())
        if not os.fork():
            self._wait(way, report)
        os.close(report)
        way.lifeline.hold()
        self.waiting[hearing] = way

    def _wait(self, way: Way, report: int) -> NoReturn:
        """In the process that waits: let go of what is the server's."""
        try:
            signal.set_wakeup_fd(-1)
            for other in self.waiting.values():
                other.part()
            for descriptor in (way.hearing, self.lock, *self.woken):
                os.close(descriptor)
            way.lifeline.follow()
            lifeline = way.lifeline.watched
            rehearse(
                USUAL
            )  # memory that a command writes to becomes this process's own, page by page, before it counts
            session.wait(session.Waiting(self.listener, report, lifeline, place.identity(), self.sources.changed))
        finally:
            os._exit(1)
