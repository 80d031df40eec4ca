"""The function table, to be read like a printed table of derivatives."""

from __future__ import annotations

from gradcalc.functions import Catalogue, Function
from gradcalc.functions.forms import usage
from gradcalc.functions.function import rule
from gradcalc.render.conditions import in_words
from gradcalc.render.document import Document, Note, Table
from gradcalc.render.json import plain
from gradcalc.render.wrapped import beside

record = plain
ANYWHERE = "every real number"
LEGEND = (
    "g is the gradient that flows in from above, out the function's own value; n is how many elements are averaged, "
    "in `trace` the number of rows. `gradcalc functions NAME` tells all of one."
)
NAMES = 24  # columns of the narrow form
LONGEST = 160  # characters of the rules of a function in the table


def document(catalogue: Catalogue) -> Document:
    """The table, and what its letters mean; where it is too wide, name and rules alone."""
    rows = tuple((usage(row), ", ".join(row.aliases), _together(row), domain(row)) for row in catalogue.functions)
    columns = ("function", "other names", "gradient", "domain")
    narrow = [line for row in catalogue.functions for line in beside(usage(row), rules(row) or ["-"], NAMES)]
    return Document((Table(columns, rows, narrow=tuple(narrow)), Note(LEGEND)))


def quiet(catalogue: Catalogue) -> str:
    """The names alone, one a line."""
    return "".join(f"{row.name}\n" for row in catalogue.functions)


def rules(row: Function) -> list[str]:
    """The rules that gradients flow by, each with its parameter where there are several."""
    found = [(name, text) for name, text in zip(row.parameters, row.texts, strict=True) if text is not None]
    return [text if len(row.parameters) == 1 else f"{name}: {text}" for name, text in found]


def _together(row: Function) -> str:
    """All rules of a row, where they are not too long for a table."""
    text = "; ".join(rules(row)) or "-"
    return text if len(text) <= LONGEST else f"(see gradcalc functions {row.name})"


def domain(row: Function) -> str:
    """Where the function has a value."""
    return ANYWHERE if row.domain is None else in_words(rule(row.domain))
