"""The function table, to be read like a printed table of derivatives."""

from __future__ import annotations

from typing import Any

from gradcalc.functions import NAMED, Function
from gradcalc.functions.forms import usage
from gradcalc.render.document import Document, Note, Table
from gradcalc.render.json import SCHEMA

LEGEND = (
    "g is the gradient that flows in from above, out the function's own value; n is how many elements are averaged, "
    "in `trace` the number of rows."
)


def document() -> Document:
    """The table, and what its letters mean."""
    rows = tuple((usage(row), ", ".join(row.aliases), _rules(row), _domain(row)) for row in NAMED.values())
    return Document((Table(("function", "other names", "gradient", "domain"), rows), Note(LEGEND)))


def quiet() -> str:
    """The names alone, one a line."""
    return "".join(f"{name}\n" for name in NAMED)


def record() -> dict[str, Any]:
    """The table as JSON."""
    return {"schema": SCHEMA, "functions": [_record(row) for row in NAMED.values()]}


def _record(row: Function) -> dict[str, Any]:
    return {
        "name": row.name,
        "parameters": row.parameters,
        "defaults": row.defaults,
        "aliases": row.aliases,
        "definition": row.definition,
        "vjp": _texts(row),
        "domain": row.domain,
        "kink": row.kink,
        "pole": row.pole,
    }


def _rules(row: Function) -> str:
    texts = _texts(row)
    if len(row.parameters) == 1:
        return texts[0] or "-"
    return "; ".join(f"{name}: {text}" for name, text in zip(row.parameters, texts, strict=True) if text is not None)


def _texts(row: Function) -> list[str | None]:
    """The rules that the row has."""
    return [one if isinstance(one, str) else None for one in row.vjp]


def _domain(row: Function) -> str:
    return row.needs or row.domain or "every real number"
