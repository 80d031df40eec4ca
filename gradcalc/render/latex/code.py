"""A function and its gradient as LaTeX: a program that a person runs."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.code.records import Typeset
from gradcalc.render.document import Document, Verbatim
from gradcalc.render.latex.comparison import derivatives
from gradcalc.render.latex.equations import Equation, aligned, formula, name, shapes_of
from gradcalc.render.pages.comparison import name_of


def document(result: Typeset) -> Document:
    """The equations alone, to be copied."""
    return Document((Verbatim(quiet(result)),))


def record(result: Typeset) -> dict[str, Any]:
    """The same as JSON, with the keys of a program."""
    return {"expression": result.comparison.expression, "language": "latex", "source": quiet(result)}


def quiet(result: Typeset) -> str:
    """The equation of the function, and one for each derivative."""
    found = result.comparison
    own = formula(result.formula, found.gradient, shapes_of(found.at, found.gradient))
    return aligned([Equation(name(name_of(found)), (own,)), *derivatives(found)])
