"""The left sides that people write before a derivative: `y' =`, `dy/dx =`, `∂f/∂x =`, `f_x =`, `∇f =`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.inputs.assignment import Assignment, parse_point
from gradcalc.inputs.opened import blank, opened
from gradcalc.syntax.grammar import Vocabulary
from gradcalc.syntax.letters import canonical
from gradcalc.syntax.tree import Call, Node

D, NAME, OF = r"(?:d|∂|\\partial)\s*", r"\\?[^\W\d_]\w*", r"(?:\([^()=]*\))?"
LEFT = re.compile(
    rf"""(?:
    {D}(?:{NAME}{OF})?\s*/\s*{D}(?P<quotient>{NAME}){OF}(?:\s+[^=;\n]*?)?  # dy/dx, ∂f/∂x, d/dx of something
    |\\frac\s*\{{{D}(?:{NAME}{OF})?\s*\}}\s*\{{{D}(?P<fraction>{NAME})\s*\}}
    |(?P<whole>grad(?:ient)?|∇|\\nabla)\s*(?:{NAME})?{OF}
    |{NAME}(?:'|′|\^\{{?\\prime\}}?){OF}  # y', f'(x)
    |D_\{{?(?P<operator>{NAME})\}}?\s*(?:{NAME})?{OF}  # D_x f
    |{NAME}_\{{?(?P<below>{NAME})\}}?{OF}  # f_x
    )\s*=(?!=)""",
    re.VERBOSE,
)


def read(source: str, names: Collection[str], vocabulary: Vocabulary, limits: Limits) -> list[Assignment]:
    """The partial derivatives that a text states, each with the variable that its left side names, if any.

    `names` are those of the expression, which mean themselves. `(2x, 3y)` is two without a name.
    """
    text, by = source, []
    for found in LEFT.finditer(source):
        groups = [one for key, one in found.groupdict().items() if key != "whole" and one]
        if (found["below"] or found["operator"]) and found[0].rstrip("= \t") in names:
            continue
        text = blank(text, *found.span())
        by.append((found.end(), _name(groups[0]) if groups else None, Span(*found.span())))
    parts = parse_point(opened(text), vocabulary, limits)
    return [replace(part, source=source) for part in _named(parts, by)]


def elements(source: str, names: Collection[str], vocabulary: Vocabulary, limits: Limits) -> list[Assignment]:
    """The same, a vector without a name being as many partials as it has elements."""
    return [one for part in read(source, names, vocabulary, limits) for one in _elements(part)]


def _name(text: str) -> str:
    """A variable, a Greek letter by its name."""
    return canonical(text.removeprefix("\\")) or text


def _named(parts: Sequence[Assignment], by: Sequence[tuple[int, str | None, Span]]) -> Iterator[Assignment]:
    """The parts, those behind a left side with the variable that it names."""
    before = 0
    for part in parts:
        side = next(((name, span) for end, name, span in by if before <= end <= part.span.start), None)
        before = part.span.end
        yield part if side is None or part.name is not None else replace(part, name=side[0], name_span=side[1])


def _elements(part: Assignment) -> Iterator[Assignment]:
    """The elements of a vector that has no name, which may be a row or a column."""
    values = None if part.name is not None else _vector(part.value)
    if values is None:
        yield part
    else:
        yield from (replace(part, value=one, span=one.span or part.span) for one in values)


def _vector(value: object) -> tuple[Node, ...] | None:
    """The elements of an array with one dimension, or with one row or column."""
    if isinstance(value, Call) and value.function == "transpose":
        return _vector(value.arguments[0])
    if not isinstance(value, Call) or value.function != "array":
        return None
    rows = [one.arguments if isinstance(one, Call) and one.function == "array" else (one,) for one in value.arguments]
    return tuple(one for row in rows for one in row) if len(rows) == 1 or all(len(row) == 1 for row in rows) else None
