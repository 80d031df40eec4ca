"""What to write, and where: a text that means the same in the place of a piece of the source as it does by itself."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gradcalc.tracing.places import Place

NAMED = re.compile(r"\b(?<!\.)(torch|F)\.")  # as cures are written


@dataclass(frozen=True, slots=True)
class Written:
    """An expression; `write`, how it is written in place of a piece of the source, where nothing tells which None."""

    text: str
    write: str
    place: Place | None = None


def written(text: str, place: Place | None, write: str | None = None) -> Written:
    """An expression in the place of a piece, as it is or as `write` has it, by the file's own names for torch."""
    own = write or text
    return Written(text, own if place is None else _fitted(_called(own, source_of(place.file)), place), place)


def _called(text: str, source: str) -> str:
    """The text with what the file calls torch and torch.nn.functional, `F` here."""
    try:
        known = dict(_imported(ast.parse(source)))
    except SyntaxError:
        known = {}
    torch = known.get("torch", "torch")
    neural = known.get("torch.nn", f"{torch}.nn")
    functional = known.get("torch.nn.functional", f"{neural}.functional")
    own = {"torch": torch, "F": functional}
    return NAMED.sub(lambda found: f"{own[found[1]]}.", text) if source else text


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Modules and what a file calls them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.name, one.asname or one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{one.name}", one.asname or one.name) for one in node.names)


def _fitted(text: str, place: Place) -> str:
    """A text in parentheses where those around it would take it apart; as the value given to the name that a statement
    such as `y += x` changes.
    """
    changed = _changed(place.whole)
    if changed is not None:
        return f"{changed} = {text}"
    source, begin = source_of(place.file), _offset(place)
    end = begin + len(place.whole)
    if source[begin:end] != place.whole:  # no file that can be read again
        return text
    plain, fenced = (_dumped(source[:begin] + one + source[end:]) for one in (text, f"({text})"))
    return text if plain == fenced else f"({text})"


def source_of(file: str) -> str:
    """A file of the user's as Python reads it, in whatever encoding; empty where it is there no more."""
    return "".join(linecache.getlines(file))


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
