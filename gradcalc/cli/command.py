"""A command whose expression may begin with a minus, `gradcalc diff "-x**2" --at 3`, and that says what is wrong."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias, get_args

import typer
from typer.core import TyperCommand

from gradcalc import __version__
from gradcalc.base.errors import UsageError, did_you_mean, one_of, shortened
from gradcalc.cli.help import HELP, VERSION, write_panels
from gradcalc.files.access import NO_NUL, require_name

LONG_OPTION = re.compile(r"--[a-z][a-z-]+")
SHORT_OPTION = re.compile(r"-[a-zA-Z]\w*")  # where no expression is expected, which may begin like this
TYPES: dict[type, tuple[Callable[[str], object], str]] = {int: (int, "a whole number"), float: (float, "a number")}
EXPRESSION = "EXPR"  # what the argument is called that is one
Options: TypeAlias = list[tuple[str, str | None]]  # with their values; None where they take none


class Instead(Exception):
    """Another command line is to be run in place of this one."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(arguments)
        self.arguments = arguments


class Command(TyperCommand):
    """Arguments first told apart from options, so that `-x**2` is an argument and `-q` an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Options, then `--`, then arguments: as click reads them without a second thought."""
        before = args[: args.index("--")] if "--" in args else args
        if not HELP.isdisjoint(before):
            return super().parse_args(ctx, ["--help"])
        if not VERSION.isdisjoint(before):
            sys.stdout.write(f"gradcalc {__version__}\n")
            raise typer.Exit
        places = [parameter for parameter in self.params if parameter.param_type_name == "argument"]
        named = {name: one for one in self.params if one not in places for name in (*one.opts, *one.secondary_opts)}
        flags = {name for name, parameter in named.items() if getattr(parameter, "is_flag", False)}
        assert self.callback is not None
        kinds = {name: kind(one.annotation) for name, one in inspect.signature(self.callback).parameters.items()}
        expression = any(place.metavar == EXPRESSION for place in places)
        options, arguments = separated(args, flags, named.keys() - flags, expression=expression)
        self._require_arguments(places, arguments, list(named), kinds)
        for name, value in options:
            if value is not None:
                require_type(name, value, kinds[str(named[name].name)])
        given = [text for option in options for text in option if text is not None]
        return super().parse_args(ctx, [*given, "--", *arguments])

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What stands behind the name, without the braces that some releases put around an argument."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The options in panels."""
        write_panels(self.get_params(ctx), ctx, formatter)

    def _require_arguments(
        self, places: Sequence[Any], arguments: Sequence[str], options: Sequence[str], kinds: Mapping[str, type]
    ) -> None:
        """Raises UsageError at an argument too many, one too few, or one of another type."""
        for place, text in zip(places, arguments, strict=False):
            require_type(place.metavar.strip("[]"), text, kinds[place.name])
        if len(arguments) > len(places):
            extra = arguments[len(places)]
            near = did_you_mean(extra.partition("=")[0].lower(), options) if extra.startswith("-") else None
            near = f"did you mean `--{extra}`?" if f"--{extra}" in options else near
            quotes = "quotes make one argument of an expression with spaces"
            hint = near or (quotes if places and places[0].metavar == EXPRESSION else instance(self.help))
            raise UsageError(f"unexpected argument `{shortened(extra)}`", hint=hint)
        for place in places[len(arguments) :]:
            if place.required:
                raise UsageError(f"{place.metavar} is missing", hint=instance(self.help))


def instance(text: str | None) -> str:
    """A command's own example, which its help closes with."""
    return f"for instance: {(text or '').strip().splitlines()[-1].strip()}"


def separated(
    args: Iterable[str], flags: set[str], valued: set[str], *, expression: bool = True
) -> tuple[Options, list[str]]:
    """Options with their values, and the arguments.

    What begins with `--` and a word is an option, and so is `-` and a word where no `expression` is expected; anything
    else is one only where it is known. Raises UsageError at
    an unknown option, and where a value is missing or too much.
    """
    options: Options = []
    arguments: list[str] = []
    rest = iter(args)
    for text in rest:
        name, equals, value = text.partition("=") if text.startswith("--") else (text, "", "")
        if text == "--":
            arguments.extend(rest)
        elif name in valued:
            options.append((name, value if equals else _next(rest, name)))
        elif name in flags and equals:
            raise UsageError(f"`{name}` takes no value")
        elif name in flags:
            options.append((name, None))
        elif LONG_OPTION.fullmatch(name) or (not expression and SHORT_OPTION.fullmatch(name)):
            hint = did_you_mean(name, [*flags, *valued]) or "--help lists the options"
            raise UsageError(f"unknown option `{shortened(name)}`", hint=hint)
        else:
            arguments.append(text)
    return options, arguments


def _next(rest: Iterable[str], name: str) -> str:
    """The value that follows an option."""
    for value in rest:
        return value
    raise UsageError(f"`{name}` needs a value")


def kind(annotation: Any) -> type:
    """What one value is, of a parameter annotated `Annotated[list[str] | None, …]`: `str`."""
    inside = get_args(annotation)
    return kind(inside[0]) if inside else annotation


def require_type(name: str, value: str, wanted: type) -> None:
    """Raises UsageError at a value that typer could not read as what is wanted."""
    if issubclass(wanted, StrEnum):
        choices = [str(choice) for choice in wanted]
        if value not in choices:
            raise UsageError(f"unknown {name} `{shortened(value)}`", hint=one_of(value, choices))
    elif wanted in TYPES:
        try:
            TYPES[wanted][0](value)
        except ValueError:
            raise UsageError(f"{name} is `{shortened(value)}`, expected {TYPES[wanted][1]}") from None
    elif wanted is Path and "\0" in value:
        raise UsageError(f"{name} is `{shortened(value)}`: {NO_NUL}")
    elif wanted is Path:
        require_name(value, name)


def require_command(arguments: Sequence[str], commands: Mapping[str, object], called: str | None) -> None:
    """Raises UsageError where the command line does not begin with a command."""
    if arguments[0] != called:
        raise UsageError(f"unexpected `{shortened(arguments[0])}` before the command", hint="options stand behind it")
    if called not in commands:
        word = (
            "gradcalc --help lists the commands" if called.isalpha() else f'write gradcalc diff "{shortened(called)}"'
        )
        hint = did_you_mean(called, commands) or word
        raise UsageError(f"unknown command `{shortened(called)}`", hint=hint)
