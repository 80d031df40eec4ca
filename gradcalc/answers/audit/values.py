"""Arguments as they are written for an audit, each by its name: `x=[1, 2], y=@labels.npy, reduction='sum'`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.value import Plain, Stored
from gradcalc.answers.audit.written import TABLES, structure, written
from gradcalc.base.errors import PointError, shortened

NAMED = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)\s*(.*)", re.DOTALL)
WORD = re.compile(r"[^\W\d]\w*")  # of letters, that may be given without quotes
OPENING, CLOSING = "([{", ")]}"


@dataclass(slots=True)
class Arguments:
    """What was given: what is written in ways of its own here, by name, and the rest, as `--at` has it everywhere."""

    own: dict[str | None, Any] = field(default_factory=dict)
    rest: Any = None


def read_arguments(at: Any, words: Collection[str] = ()) -> Arguments:
    """The arguments that were given; those that `words` names take a text as it stands. Raises PointError."""
    if isinstance(at, Mapping):
        found = {name: _python(one) for name, one in at.items()}
        own: dict[str | None, Any] = {name: one for name, one in found.items() if one is not None}
        rest = {name: one for name, one in at.items() if name not in own}
        return Arguments(own, rest or None)
    if not isinstance(at, str) and not (isinstance(at, Sequence) and all(isinstance(one, str) for one in at)):
        own = {None: at} if _is_tensor(at) else {}
        return Arguments(own, None if own else at)
    arguments, rest_of_it = Arguments(), []
    for text in [at] if isinstance(at, str) else at:
        others = []
        for piece in _pieces(text):
            name, value = _named(piece)
            one = _special(name, value, words)
            if one is None:
                others.append(piece)
            elif name in arguments.own:
                raise PointError(f"`{shortened(name or piece)}` is given twice")
            else:
                arguments.own[name] = one
        if others or not text.strip():
            rest_of_it += others if any("@" in one for one in others) else [",".join(others)]
    arguments.rest = rest_of_it or None
    return arguments


def _special(name: str | None, value: str, words: Collection[str]) -> Any:
    """A value that is written in a way of its own here; a point in parentheses, without a name, is none."""
    if name in words and WORD.fullmatch(value):
        return Plain(value)
    if name is None and value.startswith("@") and Path(value).suffix.lower() in TABLES:
        return Stored(Path(value[1:].strip()))
    return None if name is None and value.startswith("(") else written(value)


def _is_tensor(value: object) -> bool:
    return hasattr(value, "detach") and hasattr(value, "requires_grad")


def _python(value: Any) -> Any:
    """A value from Python, where it is one of those that are special here."""
    if value is None or isinstance(value, bool):
        return Plain(value)
    if _is_tensor(value):
        return value
    if isinstance(value, str):
        return written(value)
    return structure(value) if isinstance(value, dict | tuple | list) else None


def _pieces(text: str) -> Iterator[str]:
    """The assignments of one text: parted by commas, outside of brackets and quotes, that a name and `=` follow."""
    depth, begin, quote = 0, 0, ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in OPENING or letter in CLOSING:
            depth += 1 if letter in OPENING else -1
        elif letter == "," and depth == 0 and NAMED.fullmatch(text[place + 1 :]):
            yield text[begin:place]
            begin = place + 1
    yield text[begin:]


def _named(piece: str) -> tuple[str | None, str]:
    found = NAMED.fullmatch(piece)
    return (found[1], found[2].strip()) if found else (None, piece.strip())
