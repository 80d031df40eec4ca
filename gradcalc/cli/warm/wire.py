"""What passes between a call and the warm process: a greeting, the request with open files, then single words."""

import _socket  # of which `socket` is a layer that takes as long to load as Python itself
import os
import sys

WORD = 4  # bytes of a whole number
FILES = 8  # that a request may bring, at most
HELLO, COLD, READY, GO = b"H", b"C", b"W", b"G"
TIMED, ENDS = b"T", b"="  # a time limit begins, with its seconds and a line's end; the exit code follows
LOADS, LOADED, DRAWS, SPEAKS, STARVED, GRANTED = b"+", b"-", b"%", b"!", b"0", b"."


def peer(connection: _socket.socket) -> int:
    """The user at the other end. Raises OSError where the system does not tell."""
    if hasattr(_socket, "SO_PEERCRED"):
        found = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 3 * WORD)  # process, user, group
        return number(found[WORD : 2 * WORD])
    if sys.platform == "darwin":
        found = connection.getsockopt(0, 1, 76)  # SOL_LOCAL, LOCAL_PEERCRED: struct xucred, version and user first
        return number(found[WORD : 2 * WORD])
    raise OSError("no way to tell who is at the other end")


def number(text: bytes) -> int:
    """A whole number of a few bytes."""
    return int.from_bytes(text, sys.byteorder)


def spelled(value: int) -> bytes:
    """The bytes of a whole number."""
    return value.to_bytes(WORD, sys.byteorder)


def send(connection: _socket.socket, data: bytes, files: list[int]) -> None:
    """Send bytes, and open files with them."""
    rights = b"".join(map(spelled, files))
    connection.sendmsg([spelled(len(data))], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
    connection.sendall(data)


def receive(connection: _socket.socket) -> tuple[bytes, list[int]]:
    """What `send` sent. Raises OSError where it breaks off."""
    flags = getattr(_socket, "MSG_CMSG_CLOEXEC", 0)
    head, ancillary, _, _ = connection.recvmsg(WORD, _socket.CMSG_SPACE(FILES * WORD), flags)
    files = [
        number(data[place : place + WORD])
        for level, kind, data in ancillary
        if (level, kind) == (_socket.SOL_SOCKET, _socket.SCM_RIGHTS)
        for place in range(0, len(data) - WORD + 1, WORD)
    ]
    try:
        return exactly(connection, number(head)), files
    except OSError:
        for file in files:
            os.close(file)
        raise


def exactly(connection: _socket.socket, count: int) -> bytes:
    """So many bytes. Raises OSError where fewer come."""
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 16))
        if not part:
            raise OSError("the other end is gone")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
