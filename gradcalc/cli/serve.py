"""`gradcalc serve`: a warm process that later calls use."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from gradcalc.base.errors import FileError, GradcalcError, InternalError, UsageError
from gradcalc.cli.signature import command
from gradcalc.cli.warm import place

IDLE = 600.0  # seconds
LONGEST_ENDING = 5.0  # seconds
READY, TAKEN = "ready", "taken"
Status = Annotated[bool, typer.Option("--status", help="Tell whether there is one; exit code 1 where there is none.")]
Stop = Annotated[bool, typer.Option("--stop", help="End it. Calls that it is answering are answered.")]
Foreground = Annotated[bool, typer.Option("--foreground", help="Stay in this process instead of going on without it.")]
Idle = Annotated[
    float, typer.Option("--idle", metavar="SECONDS", help="It ends by itself when no call has come for so long.")
]


@command()
def serve(*, status: Status = False, stop: Stop = False, foreground: Foreground = False, idle: Idle = IDLE) -> int:
    """Keep a process with the libraries loaded; later calls use it by themselves, and start in milliseconds.

    The answers are the same to the letter. It ends when no call has come for ten minutes, and where gradcalc has
    changed. GRADCALC_WARM=0 keeps a call from using it; with GRADCALC_WARM=auto a call starts it where there is none.

    gradcalc serve
    """
    if status + stop + foreground > 1:
        raise UsageError("--status, --stop and --foreground exclude each other")
    if not hasattr(os, "fork"):
        raise UsageError("this system cannot fork, which a warm process does for every call")
    if not 0 < idle <= 1e6:
        raise UsageError(f"--idle is {idle:g}, expected a number of seconds")
    if status:
        return _status()
    if stop:
        return _stop()
    if (found := running()) is not None:
        return _say(f"process {found[0]} serves already")
    return _serve(idle) if foreground else _started(idle)


def _say(text: str) -> int:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
    return 0


def running() -> tuple[int, int, int] | None:
    """The process that serves, or is about to, since when in seconds of the epoch, and how many calls it has answered.

    None where there is none.
    """
    try:
        lock = os.open(Path(place.socket_path()).with_suffix(".lock"), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        process, begun, calls = map(int, os.pread(lock, 100, 0).split() or (0, 0, 0))
        return process, begun, calls
    else:
        return None
    finally:
        os.close(lock)


def _status() -> int:
    found = running()
    if found is None:
        _say("no process serves")
        return 1
    process, begun, calls = found
    return _say(f"process {process} serves, for {max(time.time() - begun, 0):.0f} s now; calls answered: {calls}")


def _stop() -> int:
    found = running()
    if found is None:
        return _say("no process serves")
    os.kill(found[0], signal.SIGTERM)
    until = time.monotonic() + LONGEST_ENDING
    while (now := running()) is not None and now[0] == found[0]:
        if time.monotonic() > until:
            os.kill(found[0], signal.SIGKILL)
        time.sleep(0.01)
    return _say(f"process {found[0]} has ended")


def _serve(idle: float) -> int:
    from gradcalc.cli.warm import server  # here, as it is for this process alone

    try:
        server.serve(lambda: None, idle)
    except server.Taken:
        return _say("another process serves already")
    return 0


def _started(idle: float) -> int:
    """A process that goes on without this one, once it is ready."""
    told, tell = os.pipe()
    detached(idle, tell)
    os.close(tell)
    with os.fdopen(told, "rb") as answer:
        words = answer.read().decode()
    found = running()
    if words == READY and found is not None:
        return _say(f"process {found[0]} serves; it ends when no call has come for {idle:g} s")
    if words == TAKEN:
        return _say("another process serves already")
    if words:
        raise FileError(words)
    raise InternalError("the process that was to serve has ended")


def detached(idle: float, tell: int | None = None) -> None:
    """A process that serves, and that nothing binds to this one. It writes into `tell` what becomes of it."""
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    os.chdir("/")
    words = _served(idle, tell)
    if tell is not None and words:
        os.write(tell, words.encode())
    os._exit(0)


def _served(idle: float, tell: int | None) -> str:
    """In the process that serves: why it did not, if so."""
    from gradcalc.cli.warm import server  # here, as it is for that process alone

    def ready() -> None:
        if tell is not None:
            os.write(tell, READY.encode())
            os.close(tell)

    try:
        server.serve(ready, idle)
    except server.Taken:
        return TAKEN
    except GradcalcError as error:
        return error.message
    os._exit(0)
