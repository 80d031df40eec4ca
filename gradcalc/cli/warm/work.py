"""What a warm process does for a call: the program itself, which stands above it and so equips it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn


class Program:
    """The program's two ways in: `main` gives an exit code, `finish` leaves the process with it."""

    main: Callable[[Sequence[str]], int]
    finish: Callable[[list[str]], NoReturn]


program = Program()
