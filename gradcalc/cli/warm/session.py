"""A process that waits, forked with all libraries loaded, until a call comes; then it works in the caller's place."""

from __future__ import annotations

import contextlib
import io
import marshal
import os
import random
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from gradcalc.base.lifeline import disobey, obey
from gradcalc.cli import child
from gradcalc.cli.warm import wire
from gradcalc.cli.warm.place import Identity
from gradcalc.cli.warm.work import program

PATIENCE = 2.0  # seconds that a call has to hand itself over
TAKEN, OLD = b"T", b"O"  # what the server is told: a call is being answered; its own code is no longer what is on disk


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a waiting process has of the server's: where calls come in, the way back, and what the server is."""

    listener: socket.socket
    report: int
    lifeline: int
    identity: Identity
    is_old: Callable[[], bool]


def wait(server: Waiting) -> NoReturn:
    """Wait for a call that is as this process is, and become it."""
    while True:
        connection, _ = server.listener.accept()
        connection.settimeout(PATIENCE)
        with contextlib.suppress(OSError, ValueError, EOFError, TypeError, KeyError):  # not a call, or given up
            request, files = _greeted(connection)
            if server.is_old():
                os.write(server.report, OLD)
            elif _suits(request, server.identity) and _agreed(connection):
                _become(request, files, connection, server)
            else:
                connection.sendall(wire.COLD)
            for file in files:
                os.close(file)
        connection.close()


def _greeted(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """The request, with open files. Raises OSError where it is not one of this user's."""
    if wire.peer(connection) != os.getuid():
        raise PermissionError("somebody else's call")
    connection.sendall(wire.HELLO + wire.spelled(os.getpid()))
    data, files = wire.receive(connection)
    return marshal.loads(data), files


def _suits(request: dict[str, Any], identity: Identity) -> bool:
    """Is the caller as this process is, in all that cannot be changed?"""
    return bool(request["identity"] == identity)


def _agreed(connection: socket.socket) -> bool:
    """Does the caller still want it?"""
    connection.sendall(wire.READY)
    return connection.recv(1) == wire.GO


def _become(request: dict[str, Any], files: list[int], connection: socket.socket, server: Waiting) -> NoReturn:
    """Take the caller's place: its folder, environment, streams, rights for new files, and what it does not hear."""
    folder, watched, *streams = files
    obey(watched)
    disobey(server.lifeline)  # before the server lets go of it, as it does at the next word
    os.write(server.report, TAKEN)
    os.close(server.report)
    server.listener.close()
    os.fchdir(folder)
    os.close(folder)
    os.umask(request["umask"])
    os.environ.clear()
    os.environ.update(request["environment"])
    _hear(request["ignored"])
    _take_streams(dict(zip(request["streams"], streams, strict=True)))
    sys.argv[1:], sys.path[:] = request["arguments"], request["path"]
    _draw_anew()
    connection.settimeout(None)
    child.attach(connection.detach())
    program.ended = child.detach
    program.finish(request["arguments"])


def _hear(ignored: list[int]) -> None:
    """Signals as the caller takes them."""
    number: int
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


def _take_streams(streams: dict[int, int]) -> None:
    """The caller's standard streams; what it has closed is closed here."""
    for number in range(3):
        if number in streams:
            os.dup2(streams[number], number)
            os.close(streams[number])
        else:
            os.close(number)
    stdin = io.FileIO(0, closefd=False) if 0 in streams else None
    sys.stdin = None if stdin is None else io.TextIOWrapper(io.BufferedReader(stdin))


def _draw_anew() -> None:
    """Random numbers of one's own: all that were forked here would draw the same."""
    from sympy.core.random import rng  # here, as everything that is heavy is loaded by now

    random.seed()
    rng.seed()
