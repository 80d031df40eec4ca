"""A file that takes long to write: it appears when it is whole, and an interruption leaves what is done of it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from gradcalc.base.errors import FileError, LimitError
from gradcalc.files.access import require_free
from gradcalc.files.streams import reason

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]  # its absence is looked for


class Unfinished:
    """A file `.NAME.part` beside the one that is to be, and a note `.NAME.part.json` of how far it is."""

    def __init__(self, path: Path, asked: str, *, resume: bool) -> None:
        self.path, self.asked, self.resume = path, asked, resume
        self.part = path.with_name(f".{path.name}.part")
        self.note = path.with_name(f".{path.name}.part.json")
        self.file: BinaryIO | None = None
        self.state: dict[str, Any] | None = None  # what was noted of a run that is gone on with

    @contextlib.contextmanager
    def writing(self, *, force: bool, keep: bool) -> Iterator[BinaryIO]:
        """The file to write to, behind what is done of it. With `keep`, an interruption leaves it for a run to come.

        Raises FileError where it cannot be written, where the file exists, or where another run is at it.
        """
        require_free(self.path, force=force)
        try:
            with self._opened() as file:
                self.file = file
                yield file
                file.flush()
                require_free(self.path, force=force)
                self.part.replace(self.path)
        except OSError as error:
            self._remove()
            raise FileError(f"cannot write `{self.path}`: {reason(error)}") from None
        except Busy:
            raise
        except BaseException as error:
            if not keep or (isinstance(error, Exception) and not isinstance(error, LimitError)):
                self._remove()
            raise
        self._remove()

    def save(self, state: Mapping[str, Any]) -> None:
        """Note how far it is: all that is written up to here is right."""
        assert self.file is not None
        self.file.flush()
        text = json.dumps({"asked": self.asked, "written": self.file.tell(), "state": state})
        fresh = self.note.with_suffix(".new")
        fresh.write_text(text, "utf-8")
        fresh.replace(self.note)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        with self.part.open("r+b" if self.part.exists() else "x+b") as file:
            self._lock(file)
            noted = self._noted() if self.resume else None
            end = noted["written"] if noted else 0
            if file.seek(0, 2) < end:
                noted, end = None, 0
            self.state = noted and noted["state"]
            file.truncate(end)
            file.seek(end)
            yield file

    def _noted(self) -> dict[str, Any] | None:
        """What an interrupted run noted; None where there was none. Raises Busy where that did something else."""
        try:
            noted: dict[str, Any] = json.loads(self.note.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        if noted["asked"] != self.asked:
            raise Busy(
                "what was interrupted is another command, or its input has changed since",
                hint="begin anew without --resume",
            )
        return noted

    def _lock(self, file: BinaryIO) -> None:
        if fcntl is None:
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(f"`{self.path}` is being written by another run") from None

    def _remove(self) -> None:
        for one in (self.part, self.note, self.note.with_suffix(".new")):
            with contextlib.suppress(OSError):
                one.unlink()


class Busy(FileError):
    """What is unfinished is another run's: nothing of it is to be touched."""


def stamp(path: Path) -> str:
    """What changes when a file changes. Raises FileError."""
    try:
        found = path.stat()
    except OSError as error:
        raise FileError(f"cannot read `{path}`: {reason(error)}") from None
    return f"{found.st_size} {found.st_mtime_ns}"
