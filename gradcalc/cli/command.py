"""A command whose expression may begin with a minus: `gradcalc diff "-x**2" --at 3`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from typer.core import TyperCommand

from gradcalc.errors import UsageError

LONG_OPTION = re.compile(r"--[a-z][a-z-]+(=.*)?", re.DOTALL)


class Command(TyperCommand):
    """Arguments first told apart from options, so that `-x**2` is an argument and `-q` an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Options, then `--`, then arguments: as click reads them without a second thought."""
        if "--help" in args:
            return super().parse_args(ctx, ["--help"])
        flags, valued = self._options()
        options, arguments = separated(args, flags, valued)
        return super().parse_args(ctx, [*options, "--", *arguments])

    def _options(self) -> tuple[set[str], set[str]]:
        """The options that stand alone, and those that take a value."""
        flags, valued = set[str](), set[str]()
        for parameter in self.params:
            names = {*parameter.opts, *parameter.secondary_opts}
            (flags if getattr(parameter, "is_flag", False) else valued).update(names)
        return flags, valued


def separated(args: Iterable[str], flags: set[str], valued: set[str]) -> tuple[list[str], list[str]]:
    """Options with their values, and the arguments.

    What begins with `--` and a word is an option, known or not; anything else is one only where it is known.
    """
    options: list[str] = []
    arguments: list[str] = []
    rest = iter(args)
    for text in rest:
        if text == "--":
            arguments.extend(rest)
        elif text in valued:
            value = next(rest, None)
            if value is None:
                raise UsageError(f"`{text}` needs a value")
            options.extend((text, value))
        elif text in flags or LONG_OPTION.fullmatch(text):
            options.append(text)
        else:
            arguments.append(text)
    return options, arguments
