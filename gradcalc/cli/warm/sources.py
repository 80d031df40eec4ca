"""The files that a process was made of: when they change, it is another program's."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from gradcalc.cli.warm import place


@dataclass(frozen=True, slots=True)
class Sources:
    """The files that this process is made of, and when each was last changed."""

    files: dict[str, tuple[int, int]]

    @classmethod
    def now(cls) -> Sources:
        """As they are now: gradcalc's own files, and the folders that libraries are found in."""
        files = [str(path) for path in Path(place.PACKAGE).rglob("*.py")]
        return cls({path: _stamp(path) for path in (*files, *filter(os.path.isdir, sys.path[1:]))})

    def changed(self) -> bool:
        """Is one of them another by now?"""
        return any(_stamp(path) != stamp for path, stamp in self.files.items())


def _stamp(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)  # hundreds of them, at every call
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
