"""Files in and out: read with a limit, written whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gradcalc.base.errors import FileError
from gradcalc.base.limits import Limits

NO_NUL = "the name of a file has no NUL in it"


def read_text(path: Path, limits: Limits) -> str:
    """The text of a UTF-8 file, of at most as many characters as the limits allow. Raises FileError or LimitError."""
    with reading(path) as file:
        return decoded(file.read(_most_bytes(limits) + 1), f"`{path}`", limits)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """A file to read bytes from. Raises FileError where it cannot be opened, or read on."""
    if "\0" in str(path):
        raise FileError(f"cannot read `{path}`: {NO_NUL}")
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise FileError(f"cannot read `{path}`: {reason(error)}") from None


def read_stdin(limits: Limits) -> str:
    """The text on standard input. Raises FileError or LimitError."""
    if sys.stdin is None:
        raise FileError("standard input is closed")
    return decoded(sys.stdin.buffer.read(_most_bytes(limits) + 1), "standard input", limits)


def _most_bytes(limits: Limits) -> int:
    """How many bytes the longest text can have: four a character, and the byte order mark."""
    return limits.characters * 4 + len(codecs.BOM_UTF8)


def decoded(data: bytes, name: str, limits: Limits) -> str:
    """Bytes as text. Raises FileError where they are not UTF-8, LimitError where there are too many."""
    too_long = f"{name} is too long"
    if len(data) > _most_bytes(limits):  # cut there, perhaps inside a character
        limits.require("characters", len(data) // 4, too_long)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{name} is not UTF-8 text: byte 0x{data[error.start]:02x} at position {error.start:,}"
        ) from None
    limits.require("characters", len(text), too_long)
    return text


@contextlib.contextmanager
def opened(path: Path | None) -> Iterator[BinaryIO]:
    """A file to read bytes from; standard input where `path` is None or `-`. Raises FileError."""
    if path is None or str(path) == "-":
        if sys.stdin is None:
            raise FileError("standard input is closed")
        yield sys.stdin.buffer
        return
    with reading(path) as file:
        yield file


def write_whole(path: Path, data: bytes, *, force: bool) -> None:
    """Write a file at once, as `whole` does."""
    with whole(path, force=force) as file:
        file.write(data)


@contextlib.contextmanager
def whole(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file to write to: a temporary one beside `path`, which takes its place at the end and is gone after an error.

    What exists is replaced only with `force`, and only where it is a file. A symbolic link is never followed.
    Raises FileError.
    """
    require_free(path, force=force)
    temporary = path.with_name(f".{os.urandom(8).hex()}.part")
    try:
        with temporary.open("xb") as file:
            yield file
        require_free(path, force=force)
        temporary.replace(path)
    except OSError as error:
        raise FileError(f"cannot write `{path}`: {reason(error)}") from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def require_apart(output: Path | None, *inputs: Path | None) -> None:
    """Raises FileError where a file is to be written that is read too: not even `--force` means that."""
    for one in inputs:
        with contextlib.suppress(OSError):  # one of them is not there
            if output is not None and one is not None and output.samefile(one):
                raise FileError(f"`{output}` is what is read", hint="write to another file")


def require_free(path: Path, *, force: bool) -> None:
    """Raises FileError where something exists and is not to be replaced, or is no ordinary file."""
    if "\0" in str(path):
        raise FileError(f"cannot write `{path}`: {NO_NUL}")
    if str(path) == "-":
        raise FileError("`-` is no file", hint="leave the option out to write to standard output")
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise FileError(f"cannot write `{path}`: {reason(error)}") from None
    if stat.S_ISDIR(kind):
        raise FileError(f"`{path}` is a directory", hint="name a file in it")
    if not force:
        raise FileError(f"`{path}` exists", hint="replace it with --force")
    if stat.S_ISLNK(kind):
        raise FileError(f"`{path}` is a symbolic link", hint="name the file itself")
    if not stat.S_ISREG(kind):
        raise FileError(f"`{path}` is not a regular file")


def reason(error: OSError) -> str:
    """What the system says, as a clause."""
    return (error.strerror or str(error)).lower()
