"""What the documents of the lessons share: their head, and numbers as torch's users see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcalc.answers.records import Comparison
from gradcalc.lessons.lesson import flattened
from gradcalc.lessons.words import Words
from gradcalc.render import words
from gradcalc.render.document import Facts
from gradcalc.render.numbers import bracketed


def head(comparison: Comparison, spoken: Words, value: Any) -> Facts:
    """The expression under the name of its result, the point, and the value that torch computed."""
    defines = len(spoken.names) > len(spoken.variables)
    return words.head("expression" if defines else spoken.y, comparison, bracketed(value))


def bare(values: Sequence[Any]) -> str:
    """Values alone, one a line; an array's components one after the other."""
    return "".join(f"{number!r}\n" for value in values for number in flattened(value))


def one_or_named(values: Mapping[str, Any]) -> Any:
    """The value itself where there is one variable, else an object by name."""
    return next(iter(values.values())) if len(values) == 1 else dict(values)
