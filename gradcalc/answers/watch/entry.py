"""How a program comes to its `gradcalc.watch`: the script, or the function without arguments, that leads there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from gradcalc.tracing.places import LIBRARIES

if TYPE_CHECKING:
    from gradcalc.answers.watch.computed_torch import Computed

INSTALLED = {"site-packages", "dist-packages"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A target that leads to a watched block, the arguments of the script, and where the block stands."""

    target: str
    arguments: tuple[str, ...]
    block: tuple[str, int]


class Reached(BaseException):
    """The block that was looked for is about to begin. Not an Exception, so that no `except Exception` keeps it."""

    def __init__(self, computed: Computed) -> None:
        super().__init__()
        self.computed = computed


_sought: list[tuple[str, int]] = []


@contextmanager
def seeking(block: tuple[str, int]) -> Iterator[None]:
    """Raises Reached where the body comes to the watched block that stands there."""
    _sought.append(block)
    try:
        yield
    finally:
        _sought.pop()


def is_sought(frame: FrameType) -> bool:
    """Is the block that begins in this frame the one that is looked for?"""
    return _block(frame) in _sought


def _block(frame: FrameType) -> tuple[str, int]:
    return Path(frame.f_code.co_filename).name, frame.f_lineno


def entry_of(frame: FrameType) -> Entry | None:
    """The entry that leads to the block that begins in this frame; None where there is none that could be run again.

    It is the file whose top level leads there, or else the outermost function that needs no arguments.
    """
    callers = [one for one in _callers(frame) if not _is_library(one.f_code.co_filename)]
    for one in callers:
        if one.f_code.co_name == "<module>":
            return Entry(_name(one), tuple(sys.argv[1:]), _block(frame))
    for one in reversed(callers):
        code = one.f_code
        needs = code.co_argcount + code.co_kwonlyargcount
        if code.co_qualname == code.co_name and code.co_name.isidentifier() and not needs:
            return Entry(f"{_name(one)}:{code.co_name}", tuple(sys.argv[1:]), _block(frame))
    return None


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_library(file: str) -> bool:
    path = Path(file)
    return file.startswith(LIBRARIES) or bool(INSTALLED & set(path.parts)) or path.suffix != ".py" or not path.is_file()


def _name(frame: FrameType) -> str:
    """The file of a frame as seen from the working folder, or its module where that lies in a package."""
    names = frame.f_globals
    spec = names.get("__spec__")
    if names.get("__package__") and spec is not None:
        return str(spec.name).removesuffix(".__main__")
    path = Path(frame.f_code.co_filename).resolve()
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
