"""A command's signature: its records of options taken apart for typer, and put together again when it is called.

Every command with an expression gets `--reading` besides, for which no other option is required.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import MISSING, fields, is_dataclass
from functools import cache, wraps
from inspect import Parameter
from typing import Annotated, Any, TypeAlias, get_args, get_type_hints

from typer.models import OptionInfo

from gradcalc.base.errors import UsageError
from gradcalc.cli.command import instance
from gradcalc.cli.options import Expression, Reading, written
from gradcalc.cli.output import Output

CommandFunction: TypeAlias = Callable[..., int]
READING, OUT = "reading", "out"
SETTLING = ("at", "wrt", "shape")  # options that a reading may depend on


def command(**says: str | None) -> Callable[[CommandFunction], CommandFunction]:
    """Makes a function of options, and of records of options, a command, which is a function of options alone.

    `says` holds the help of shared options that mean something of their own here; None for fields that the command does
    without: what stands in a record has a default.
    """

    def opened(function: CommandFunction) -> CommandFunction:
        taken = list(inspect.signature(function, eval_str=True).parameters.values())
        options = [option for one in taken for option in _options(one, says)]
        if any(one.annotation == Expression for one in taken):
            options.append(_option(READING, Reading, False))
        required = [one for one in options if one.default is Parameter.empty and _is_option(one)]

        @wraps(function)
        def called(**values: Any) -> int:
            if values.pop(READING, False):
                return _reading(values, next(one for one in taken if is_dataclass(one.annotation) and one.name == OUT))
            for one in required:
                if not values[one.name]:
                    raise UsageError(f"{written(one.name)} is missing", hint=instance(function.__doc__))
            return function(**{one.name: _put_together(one, values) for one in taken})

        described = [_changed(one, help=text) if (text := says.get(one.name)) else one for one in options]
        described = [one.replace(default=None) if one in required else one for one in described]
        called.__signature__ = inspect.Signature(described)  # type: ignore[attr-defined]  # which inspect reads
        return called

    return opened


def _reading(values: Mapping[str, Any], out: Parameter) -> int:
    """Write how the expression of a command is read, alone; what else was asked for has no part in it."""
    where: Output = _put_together(out, values)
    settling = {name: values[name] for name in SETTLING if name in values}
    if any(
        ":" in text and "@" not in text for text in settling.get("at") or ()
    ):  # many points, on which no reading depends
        settling.pop("at")
    return where.write_reading(values["expression"], settling)


def _options(parameter: Parameter, says: Mapping[str, str | None]) -> Iterator[Parameter]:
    """The options that a parameter stands for."""
    if not _is_record(parameter.annotation):
        yield parameter.replace(kind=Parameter.KEYWORD_ONLY)
        return
    hints = _hints(parameter.annotation)
    for field in fields(parameter.annotation):
        hint = hints[field.name]
        if _is_record(hint):
            yield from _options(_option(field.name, hint, Parameter.empty), says)
            continue
        panel = parameter.annotation.panel  # which every record of options has
        if says.get(field.name, "") is None:
            continue
        if flags := _flags(hint):
            wanted = {name: flag for name, flag in flags.items() if says.get(name, "") is not None}
            found = [_option(name, Annotated[bool, flag], False) for name, flag in wanted.items()]
        else:
            found = [_option(field.name, hint, Parameter.empty if field.default is MISSING else field.default)]
        yield from (_changed(one, rich_help_panel=panel) for one in found)


def _is_record(annotation: Any) -> bool:
    return is_dataclass(annotation)


@cache
def _hints(record: type) -> Mapping[str, Any]:
    """The annotations of a record's fields, with all that is said of options."""
    return get_type_hints(record, include_extras=True)


def _option(name: str, hint: Any, default: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _is_option(parameter: Parameter) -> bool:
    """Is it no argument?"""
    return any(isinstance(one, OptionInfo) for one in get_args(parameter.annotation))


def _flags(hint: Any) -> Mapping[str, Any] | None:
    """The options of a field that holds the name of the one that is given."""
    return next((one for one in get_args(hint) if isinstance(one, Mapping)), None)


def _changed(option: Parameter, **facts: str) -> Parameter:
    """An option with facts of its own in its declaration, which others share."""
    kind, shared = get_args(option.annotation)
    own = copy(shared)
    for name, text in facts.items():
        setattr(own, name, text)
    return option.replace(annotation=Annotated[kind, own])


def _put_together(parameter: Parameter, values: Mapping[str, Any]) -> Any:
    """What the command gets for a parameter: a value, or a record of values."""
    kind = parameter.annotation
    if not _is_record(kind):
        return values[parameter.name]
    hints = _hints(kind)
    found = {}
    for field in fields(kind):
        if _is_record(hints[field.name]):
            found[field.name] = _put_together(_option(field.name, hints[field.name], Parameter.empty), values)
        elif flags := _flags(hints[field.name]):
            found[field.name] = _only(flags, values)
        elif field.name in values:
            found[field.name] = values[field.name]
    return kind(**found)


def _only(flags: Mapping[str, Any], values: Mapping[str, Any]) -> str | None:
    """The flag that is given, if any. Raises UsageError where several are."""
    chosen = [name for name in flags if values.get(name)]
    if len(chosen) > 1:
        raise UsageError(f"--{chosen[0]} and --{chosen[1]} exclude each other")
    return chosen[0] if chosen else None
