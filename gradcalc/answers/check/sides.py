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

FUNCTIONS = frozenset("fghuvwzFLJ")  # what a function is called
D, NAME, OF = r"(?:d|∂|\\partial)\s*", r"\\?[^\W\d_]\w*", r"(?:\([^()=]*\))?"
PRIME = r"(?:'|′|’|\^\{?\\prime\}?)"
INSIDE = r"\((?:[^()=]|\([^()=]*\))*\)"
LEFT = re.compile(
    rf"""(?:
    {D}(?:{NAME}{OF})?\s*/\s*{D}(?P<quotient>{NAME}){OF}(?:\s+[^=;\n]*?)?  # dy/dx, ∂f/∂x, d/dx of something
    |\\frac\s*\{{{D}(?:{NAME}{OF})?\s*\}}\s*\{{{D}(?P<fraction>{NAME})\s*\}}[^=;\n]*?  # of something too
    |(?P<whole>grad(?:ient)?|∇|\\nabla)\s*(?:{NAME})?{OF}
    |(?<!\w)(?P<total>D\s*[a-zA-Z]|J_?\{{?[a-zA-Z]?\}}?|\\mathrm\{{D\}}\s*[a-zA-Z]){OF}  # Df, J_f
    |(?:{NAME}|{INSIDE}){PRIME}{OF}  # y', f'(x), (x^2)'
    |\\dot\s*\{{?{NAME}\}}?{OF}
    |(?:∂|\\partial\s*)_\{{?(?P<partial>{NAME})\}}?\s*(?:{NAME})?{OF}  # ∂_x f
    |D_\{{?(?P<operator>{NAME})\}}?\s*(?:{NAME})?{OF}  # D_x f
    |{NAME}_\{{?(?P<below>{NAME})\}}?{OF}  # f_x
    )\s*=(?!=)""",
    re.VERBOSE,
)
WHOLE = ("whole", "total")  # all partials together
TURNED = re.compile(  # a row or a column of numbers, written as the other one
    r"(?<=[)\]>⟩}])\s*(?:\^\{?\s*(?:T|\\top|\\intercal|\\mathsf\{T\}|\\mathrm\{T\}|⊤|')\s*\}?|\.T|'|ᵀ|⊤)\s*$"
)
AND = re.compile(rf"\band\b(?=\s*{LEFT.pattern})", re.VERBOSE)
DOMAIN = re.compile(rf"(?:[,;]|\b(?:for|if|when|where)\b)\s*{NAME}\s*(?:[<>≤≥≠]|[<>!]=)\s*-?[\d.]+\s*$")


def read(source: str, names: Collection[str], vocabulary: Vocabulary, limits: Limits) -> list[Assignment]:
    """The partial derivatives that a text states, each with the variable that its left side names, if any.

    `names` are those of the expression, which mean themselves. `(2x, 3y)` is two without a name.
    """
    text, by = AND.sub(" , ", source), []
    if (remark := DOMAIN.search(text)) is not None:
        text = blank(text, *remark.span())
    for found in LEFT.finditer(source):
        groups = [one for key, one in found.groupdict().items() if key not in WHOLE and one]
        if (found["below"] or found["operator"] or found["total"]) and found[0].rstrip("= \t") in names:
            continue
        text = blank(text, *found.span())
        by.append((found.end(), _name(groups[0]) if groups else None, Span(*found.span())))
    parts = [_of_letter(part, names) for part in parse_point(opened(_upright(text)), vocabulary, limits)]
    return [replace(part, source=source) for part in _named(parts, by)]


def _upright(text: str) -> str:
    """The text of a vector without a sign of transposition behind it: its elements are the same."""
    turned = TURNED.search(text)
    inner = "" if turned is None else text[: turned.start()]
    vector = inner.count("[") <= 1 and ("," in inner or "&" in inner or r"\\" in inner)
    return inner.ljust(len(text)) if vector else text


def _of_letter(part: Assignment, names: Collection[str]) -> Assignment:
    """A part named fx, where there is an x and no fx, as the one by x."""
    name = part.name or ""
    known = name in names or name[:1] not in FUNCTIONS or name[1:] not in names
    return part if known else replace(part, name=name[1:])


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
