"""The command line as typer reads it: the command that is called, with its options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import typer

from gradcalc.base.errors import UsageError
from gradcalc.base.loading import load
from gradcalc.cli.command import Command, Instead, require_command
from gradcalc.cli.signals import INTERRUPTED

ClickError: type[Exception] = typer.BadParameter.__mro__[2]  # of whichever click typer brings along


def run(arguments: Sequence[str], commands: Mapping[str, object]) -> int:
    """The exit code of a command. Raises a GradcalcError, or what the command raises."""
    called = next((text for text in arguments if not text.startswith("-")), None)
    try:
        require_command(arguments, commands, called)
        code = _prepared(arguments[0]).main(list(arguments), "gradcalc", standalone_mode=False)
    except Instead as other:
        return run(other.arguments, commands)
    except ClickError as error:
        raise UsageError(_clause(error), hint="see gradcalc --help") from error
    except typer.Abort:
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def function(name: str) -> Any:
    """What a command calls: the function of its name, in the file of its name."""
    return load(f"gradcalc.cli.{name}:{name}")


def opened(name: str) -> Any:
    """A command, ready to be asked for its options."""
    return _prepared(name).commands[name]


@cache
def _prepared(name: str) -> Any:
    """A command, ready to be called by its name; what is made of its signature is made once."""
    app = typer.Typer(
        name="gradcalc",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(gradcalc)
    app.command(name, cls=Command)(function(name))
    return typer.main.get_command(app)


def gradcalc() -> None:
    """Derive a gradient symbolically and by torch autograd, and see whether the two agree."""


def _clause(error: BaseException) -> str:
    """What click says, as a clause in the house's style."""
    text = str(getattr(error, "format_message", lambda: error)()).strip().rstrip(".")
    return text[:1].lower() + text[1:]
