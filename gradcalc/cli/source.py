"""Where an expression comes from: the command line, stdin (`-`) or a file (`@FILE`)."""

from __future__ import annotations

import sys
from pathlib import Path

from gradcalc.base.errors import LimitError, UsageError
from gradcalc.base.limits import TimeUp, alarm, current
from gradcalc.cli.child import supervise
from gradcalc.cli.options import Common
from gradcalc.files.access import read_stdin, read_text, require_apart, require_name


def expression_text(argument: str, out: Common) -> str:
    """The text of the expression. From here on the work is supervised, and so is the wait for a file or a pipe.

    Whoever types the expression has all the time in the world. Raises FileError where it cannot be read or is to be
    overwritten by the output, UsageError where no file is named, LimitError where it does not end in time.
    """
    if argument == "-" and sys.stdin is not None and sys.stdin.isatty():
        text = _read(argument)
        supervise(out.timeout)
        return text
    supervise(out.timeout)
    return unsupervised_text(argument, out)


def unsupervised_text(argument: str, out: Common) -> str:
    """The text of the expression, for work that may take any time. Raises as `expression_text` does."""
    if argument.startswith("@") and "\0" not in argument:
        for file in out.files:
            require_apart(file, Path(argument[1:]))
    try:
        with alarm(out.timeout):
            return _read(argument)
    except TimeUp:
        name = "standard input" if argument == "-" else f"`{argument[1:]}`"
        raise LimitError(
            f"{name} has not come to its end within {out.timeout:g} s", hint="raise it with --timeout SECONDS"
        ) from None


def _read(argument: str) -> str:
    """The text that an argument is, or names."""
    if argument == "-":
        return read_stdin(current()).strip()
    if argument.startswith("@"):
        if len(argument) == 1:
            raise UsageError("`@` stands alone, expected @FILE")
        require_name(argument[1:], "@FILE")
        return read_text(Path(argument[1:]), current()).strip()
    return argument
