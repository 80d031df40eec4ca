"""Where an expression comes from: the command line, stdin (`-`) or a file (`@FILE`)."""

from __future__ import annotations

from pathlib import Path

from gradcalc.errors import UsageError
from gradcalc.files import read_stdin, read_text
from gradcalc.limits import current


def expression_text(argument: str) -> str:
    """The text of the expression. Raises FileError where it cannot be read, UsageError where no file is named."""
    if argument == "-":
        return read_stdin(current()).strip()
    if argument.startswith("@"):
        if len(argument) == 1:
            raise UsageError("`@` stands alone, expected @FILE")
        return read_text(Path(argument[1:]), current()).strip()
    return argument
