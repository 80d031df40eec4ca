"""A program, as it is to be run: with its test behind it."""

from __future__ import annotations

from gradcalc.answers.code.records import Code
from gradcalc.render.document import Document, Verbatim
from gradcalc.render.json import plain

record = plain


def document(result: Code) -> Document:
    """The program alone, which is a file."""
    return Document((Verbatim(quiet(result)),))


def quiet(result: Code) -> str:
    """The same."""
    return result.source if result.test is None else f"{result.source}\n\n{result.test}"
