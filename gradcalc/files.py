"""Files in and out: read with a limit, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from gradcalc.errors import FileError
from gradcalc.limits import Limits


def read_text(path: Path, limits: Limits) -> str:
    """The text of a UTF-8 file, of at most as many characters as the limits allow. Raises FileError or LimitError."""
    try:
        with path.open("rb") as file:
            return decoded(file.read(limits.characters * 4 + 1), str(path), limits)
    except OSError as error:
        raise FileError(f"cannot read `{path}`: {reason(error)}") from None


def read_stdin(limits: Limits) -> str:
    """The text on standard input. Raises FileError or LimitError."""
    return decoded(sys.stdin.buffer.read(limits.characters * 4 + 1), "standard input", limits)


def decoded(data: bytes, name: str, limits: Limits) -> str:
    """Bytes as text. Raises FileError where they are not UTF-8, LimitError where there are too many."""
    limits.require("characters", len(data) // 4, f"{name} is longer than {len(data) // 4:,} characters")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{name} is not UTF-8 text: byte 0x{data[error.start]:02x} at position {error.start:,}"
        ) from None


def write_whole(path: Path, data: bytes, *, force: bool) -> None:
    """Write a file at once: to a temporary file beside it, then renamed. Raises FileError; leaves nothing half done.

    A file that exists is replaced only with `force`. A symbolic link is never followed.
    """
    if os.path.lexists(path) and not force:
        raise FileError(f"`{path}` exists", hint="replace it with --force")
    if path.is_symlink():
        raise FileError(f"`{path}` is a symbolic link", hint="name the file itself")
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise FileError(f"cannot write `{path}`: {reason(error)}") from None


def reason(error: OSError) -> str:
    """What the system says, as a clause."""
    return (error.strerror or str(error)).lower()


def _umask() -> int:
    """The permissions that new files go without; it can be read only by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
