"""What a warm process does for a call: the program itself, which stands above it and so equips it."""

from __future__ import annotations

TYPE_CHECKING = False  # as in gradcalc/__init__.py
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn


class Program:
    """The program's two ways in: `main` gives an exit code, `finish` leaves the process with it.

    `ended` is told the exit code when all has been written.
    """

    main: Callable[[Sequence[str]], int]
    finish: Callable[[list[str]], NoReturn]
    ended: Callable[[int], None]


def _nobody(code: int) -> None:
    """Whoever called is this process itself."""


program = Program()
program.ended = _nobody
