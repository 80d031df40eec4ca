"""Files in and out: read with a limit, written whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gradcalc.base.errors import FileError, shortened
from gradcalc.base.limits import Limits
from gradcalc.files.streams import Source, Target, reason, telling

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
    with io.BufferedReader(Source(path, f"cannot read `{path}`")) as file:
        yield file


def exists(path: Path | str) -> bool:
    """Is there something of that name, as far as one may look?"""
    try:
        return Path(path).exists()
    except OSError:  # in a folder that may not be read, or a name that is too long: whoever opens it will tell
        return False


def read_stdin(limits: Limits) -> str:
    """The text on standard input. Raises FileError or LimitError."""
    if sys.stdin is None:
        raise FileError("standard input is closed")
    with telling("cannot read standard input"):
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

    What exists is replaced only with `force`, and only where it is a file. A symbolic link is never followed. Of two
    that write the same file one is told that it exists. Raises FileError.
    """
    require_free(path, force=force)
    temporary = path.with_name(f".{os.urandom(8).hex()}.part")
    failure = f"cannot write `{path}`"
    try:
        with Target(temporary, failure) as file:
            yield file
        with telling(failure):
            _put_in_place(temporary, path, force=force)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _put_in_place(temporary: Path, path: Path, *, force: bool) -> None:
    """Give a file that is written its name. Raises OSError, and FileError where the name has been taken meanwhile."""
    if not force:
        try:
            os.link(temporary, path)
        except FileExistsError:
            require_free(path, force=False)
        except OSError:  # a file system without links, on which two may still cross
            pass
        else:
            return
    require_free(path, force=force)
    temporary.replace(path)


def require_apart(output: Path | None, *others: Path | None) -> None:
    """Raises FileError where a file is to be written that is read or written too: not even `--force` means that."""
    for one in others:
        if output is not None and one is not None and _same(output, one):
            raise FileError(f"`{output}` is what is read", hint="write to another file")


def require_two(one: Path | None, other: Path | None) -> None:
    """Raises FileError where two results are to be written to one file."""
    if one is not None and other is not None and _same(one, other):
        raise FileError(f"two results would be written to `{one}`", hint="name two files")


def _same(one: Path, other: Path) -> bool:
    """Do two names mean one file, be it there or not?"""
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return _place(one) == _place(other)


def _place(path: Path) -> Path:
    """Where a file would be, if the last part of its name is no link."""
    try:
        return path.parent.resolve() / path.name
    except (OSError, RuntimeError):  # the working folder is gone, or links lead in a circle
        return path


def require_name(text: str, option: str) -> None:
    """Raises FileError at a text that names no file, as a shell's empty variable or a folder's name with a slash."""
    if not text:
        raise FileError(f"{option} is empty, expected the name of a file")
    if os.path.basename(text) in ("", ".", "..") and text not in (".", "..", "/"):  # noqa: PTH119  # Path drops the slash
        raise FileError(f"{option} is `{shortened(text)}`, the name of a directory", hint="name a file in it")


def require_free(path: Path, *, force: bool) -> None:
    """Raises FileError where something exists and is not to be replaced, is no ordinary file, or none can be made."""
    if "\0" in str(path):
        raise FileError(f"cannot write `{path}`: {NO_NUL}")
    if str(path) == "-":
        raise FileError("`-` is no file", hint="leave the option out to write to standard output")
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        _require_place(path)
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
    _require_place(path)


def _require_place(path: Path) -> None:
    """Raises FileError where its folder takes no file."""
    with telling(f"cannot write `{path}`"):
        path.parent.stat()
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
