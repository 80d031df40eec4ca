"""The function table, to be read like a printed table of derivatives."""

from __future__ import annotations

from gradcalc.functions import Catalogue, Function
from gradcalc.functions.forms import usage
from gradcalc.render.document import Document, Note, Table
from gradcalc.render.json import plain

record = plain
LEGEND = (
    "g is the gradient that flows in from above, out the function's own value; n is how many elements are averaged, "
    "in `trace` the number of rows."
)


def document(catalogue: Catalogue) -> Document:
    """The table, and what its letters mean."""
    rows = tuple(
        (usage(row), ", ".join(row.aliases), _rules(row), row.needs or row.domain or "every real number")
        for row in catalogue.functions
    )
    return Document((Table(("function", "other names", "gradient", "domain"), rows), Note(LEGEND)))


def quiet(catalogue: Catalogue) -> str:
    """The names alone, one a line."""
    return "".join(f"{row.name}\n" for row in catalogue.functions)


def _rules(row: Function) -> str:
    if len(row.parameters) == 1:
        return row.texts[0] or "-"
    return "; ".join(
        f"{name}: {text}" for name, text in zip(row.parameters, row.texts, strict=True) if text is not None
    )
