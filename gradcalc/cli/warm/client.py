"""A call that finds a warm process: it hands over what it is, and ends as the one that works in its place does.

It keeps the clock, as a parent does over its child: what hangs is ended from here. Where anything is not as it should
be, the call runs by itself, as if there were no warm process.
"""

import _signal  # type: ignore[import-not-found]  # typeshed knows only `signal`, a layer of names over it
import _socket
import marshal
import os
import sys
import time

from gradcalc.cli.waiting import Waiting
from gradcalc.cli.warm import place, wire

PATIENCE = 1.0  # seconds that a warm process has to answer; then it hangs
GRACE = 1.0  # seconds that the one who works has to report its own time limit, or to end after a signal
LONGEST_LOADING = 300.0  # seconds, from a cold disk
ONES_OWN = ("/dev/fd/", "/dev/tty", "/proc/self/", "/proc/thread-self/")  # files that nobody else can open
ENDING = (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT)
OVERDUE, BROKEN, HUNGRY = "overdue", "broken", "hungry"  # how it may end without an exit code
Failure = tuple[str, float]


def called(arguments: list[str]) -> Failure | None:
    """Let a warm process run the command, and end with its exit code.

    Where there is none, or it is not as this process is, None: the call is to run by itself. A failure has a name and
    the time limit in seconds.
    """
    choice = os.environ.get(place.CHOICE, place.WHERE_THERE)
    if choice not in (place.WHERE_THERE, place.AUTO) or arguments[:1] in (["serve"], ["repl"]) or _needs_own(arguments):
        return None
    path = place.socket_path()
    if not (place.is_private(os.path.dirname(path)) and os.path.exists(path)):
        return None
    try:
        connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    except OSError:
        return None
    worker = None
    try:
        connection.settimeout(PATIENCE)
        connection.connect(path)
        if wire.peer(connection) == os.getuid():
            worker = _handed_over(connection, arguments)
    except OSError:
        pass
    if worker is None:
        connection.close()
        return None
    return Call(connection, worker).followed()


def wants_server(arguments: list[str]) -> bool:
    """Is a process to be started that later calls find?"""
    return os.environ.get(place.CHOICE) == place.AUTO and arguments[:1] != ["serve"]


def _needs_own(arguments: list[str]) -> bool:
    """Does the command name a file that only this process can open?"""
    return any(own in argument for argument in arguments for own in ONES_OWN)


def _handed_over(connection: _socket.socket, arguments: list[str]) -> int | None:
    """The process that works from now on, once it has all that it needs; None where it is not as this one is."""
    if connection.recv(1) != wire.HELLO:
        return None
    worker = wire.number(wire.exactly(connection, wire.WORD))
    here = os.open(".", os.O_RDONLY)
    watched, held = os.pipe()  # held until this process ends, however that comes about
    streams = [number for number in range(3) if _is_open(number)]
    umask = os.umask(0)
    os.umask(umask)
    request = {
        "identity": place.identity(), "arguments": arguments, "environment": dict(os.environ), "path": sys.path,
        "umask": umask, "streams": streams, "ignored": [one for one in ENDING if _is_ignored(one)],
    }  # fmt: skip
    try:
        wire.send(connection, marshal.dumps(request), [here, watched, *streams])
        if connection.recv(1) == wire.READY:
            connection.sendall(wire.GO)
            return worker
    except OSError:
        pass
    finally:
        os.close(here)
        os.close(watched)
    os.close(held)
    return None


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _is_ignored(number: int) -> bool:
    return bool(_signal.getsignal(number) == _signal.SIG_IGN)


class Call:
    """A command that another process runs."""

    def __init__(self, connection: _socket.socket, worker: int) -> None:
        self.connection, self.worker = connection, worker
        self.seconds = 0.0  # of the time limit
        self.end: float | None = None  # when that is over; while libraries are loaded, what is left of it
        self.loads_until: float | None = None
        self.spoken = self.starved = False
        self.passed: list[int] = []  # signals
        self.waiting = Waiting()

    def followed(self) -> Failure | None:
        """Wait for the end, and end likewise. None where it broke off before anything was said."""
        for number in (*ENDING, _signal.SIGTSTP):
            if not _is_ignored(number):
                _signal.signal(number, self._stop if number == _signal.SIGTSTP else self._pass_on)
        while True:
            try:
                word = self._heard()
            except TimeoutError:
                self._signal(_signal.SIGKILL)
                return OVERDUE, self.seconds
            except OSError:
                word = b""
            if word == wire.ENDS:
                os._exit(wire.exactly(self.connection, 1)[0])
            if not word:
                return self._broken_off()
            self._heed(word)

    def _heard(self) -> bytes:
        """The next word; until it comes, a line on the terminal tells how long it goes on. Raises TimeoutError."""
        while (until := self.loads_until or self.end) is None or until > time.monotonic():
            rest = None if until is None else until - time.monotonic()
            self.connection.settimeout(None if rest is None else max(self.waiting.pause(rest), 0.001))
            try:
                word = self.connection.recv(1)
            except TimeoutError:
                self.waiting.draw(None if self.loads_until else (rest or 0.0) - GRACE)
                continue
            if word not in (wire.TIMED, wire.LOADS, wire.LOADED):
                self.waiting.leave()
            return word
        self.waiting.leave()
        raise TimeoutError

    def _heed(self, word: bytes) -> None:
        now = time.monotonic()
        if word == wire.TIMED:
            self.seconds = float(self._line())
            self.end = now + self.seconds + GRACE
        elif word == wire.LOADS and self.end is not None:
            self.end, self.loads_until = self.end - now, now + LONGEST_LOADING
        elif word == wire.LOADED and self.end is not None:
            self.end, self.loads_until = self.end + now, None
        elif word == wire.SPEAKS:
            self.spoken, self.end, self.loads_until = True, None, None
            self.connection.sendall(wire.GRANTED)
        elif word == wire.STARVED:
            self.starved = True

    def _line(self) -> bytes:
        text = b""
        while (letter := self.connection.recv(1)) not in (b"\n", b""):
            text += letter
        return text

    def _broken_off(self) -> Failure | None:
        for number in (*ENDING, _signal.SIGTSTP):
            if not _is_ignored(number):
                _signal.signal(number, _signal.default_int_handler if number == _signal.SIGINT else _signal.SIG_DFL)
        _signal.setitimer(_signal.ITIMER_REAL, 0)
        if self.passed:
            os._exit(128 + self.passed[0])
        if self.starved:
            return HUNGRY, self.seconds
        return (BROKEN, self.seconds) if self.spoken else None

    def _signal(self, number: int) -> None:
        """Send the one who works a signal, unless it is gone."""
        try:
            os.kill(self.worker, number)
        except OSError:
            pass

    def _pass_on(self, number: int, frame: object) -> None:
        """Hand a signal on; who does not end soon, inside C code, is ended."""
        self.passed.append(number)
        self._signal(number)
        _signal.signal(_signal.SIGALRM, lambda *_: self._signal(_signal.SIGKILL))
        _signal.setitimer(_signal.ITIMER_REAL, GRACE)

    def _stop(self, number: int, frame: object) -> None:
        """Ctrl-Z: stop, and go on, together."""
        self._signal(_signal.SIGSTOP)
        _signal.signal(number, _signal.SIG_DFL)
        os.kill(os.getpid(), number)  # here it stands still until somebody wakes it
        _signal.signal(number, self._stop)
        self._signal(_signal.SIGCONT)
