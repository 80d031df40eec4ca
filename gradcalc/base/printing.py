"""What a result looks like when Python prints it: the page that the command line shows, told by who knows pages."""

from __future__ import annotations

from collections.abc import Callable

_writers: list[Callable[[object], str]] = []


def prints_by(writer: Callable[[object], str]) -> None:
    """From here on results are printed by `writer`."""
    _writers[:] = [writer]


class Printed:
    """A result that prints itself."""

    __slots__ = ()

    def __str__(self) -> str:
        return _writers[0](self).rstrip("\n") if _writers else repr(self)
