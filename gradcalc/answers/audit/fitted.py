"""What to write, and where: a text that means the same in the place of a piece of the source as it does by itself."""

from __future__ import annotations

import ast
import linecache
from dataclasses import dataclass

from gradcalc.tracing.places import Place


@dataclass(frozen=True, slots=True)
class Written:
    """An expression; `write`, how it is written in place of a piece of the source, where nothing tells which None."""

    text: str
    write: str
    place: Place | None = None


def written(text: str, place: Place | None, write: str | None = None) -> Written:
    """An expression in the place of a piece, as it is or as `write` has it."""
    return Written(text, _fitted(write or text, place), place)


def _fitted(text: str, place: Place | None) -> str:
    """A text in parentheses where those around it would take it apart; as the value given to the name that a statement
    such as `y += x` changes.
    """
    if place is None:
        return text
    changed = _changed(place.whole)
    if changed is not None:
        return f"{changed} = {text}"
    source, begin = "".join(linecache.getlines(place.file)), _offset(place)
    end = begin + len(place.whole)
    if source[begin:end] != place.whole:  # no file that can be read again
        return text
    plain, fenced = (_dumped(source[:begin] + one + source[end:]) for one in (text, f"({text})"))
    return text if plain == fenced else f"({text})"


def _offset(place: Place) -> int:
    """Where the piece begins among the characters of its file."""
    return sum(map(len, linecache.getlines(place.file)[: place.line - 1])) + place.span[0]


def _changed(whole: str) -> str | None:
    """The name that a piece changes, where it is a statement that does."""
    try:
        first = ast.parse(whole.strip()).body
    except SyntaxError:  # a part of a line
        return None
    target = first[0].target if len(first) == 1 and isinstance(first[0], ast.AugAssign) else None
    return None if target is None else ast.unparse(target)


def _dumped(source: str) -> str | None:
    """What the source means; None where it means nothing."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return None
