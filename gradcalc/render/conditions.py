"""Conditions of the catalogue in words: `where(a > 0, x >= 0, 1 < 0)` is `a > 0 and x >= 0`."""

from __future__ import annotations

from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Node, Number

ALWAYS, NEVER = ("gt", 1, 0), ("lt", 1, 0)  # how rows write them


def in_words(condition: Node) -> str:
    """The condition, with its choices as `and`, `or` and `else`."""
    return _said(condition)[0]


def _said(condition: Node) -> tuple[str, str]:
    """The words, and the weakest of them: `and`, `or`, `else`, or none."""
    if not isinstance(condition, Call) or condition.function != "where":
        return to_text(condition), ""
    first, yes, no = condition.arguments
    if _is(no, NEVER):
        return f"{_part(first, 'and')} and {_part(yes, 'and')}", "and"
    if _is(yes, ALWAYS):
        return f"{_part(first, 'or')} or {_part(no, 'or')}", "or"
    return f"{_part(yes, 'else')} where {_part(first, 'else')}, else {_said(no)[0]}", "else"


def _part(condition: Node, within: str) -> str:
    """A part of a longer condition, in parentheses where that is of another kind."""
    words, weakest = _said(condition)
    return words if weakest in ("", within) else f"({words})"


def _is(condition: Node, constant: tuple[str, int, int]) -> bool:
    function, *sides = constant
    return (
        isinstance(condition, Call)
        and condition.function == function
        and [one.value for one in condition.arguments if isinstance(one, Number)] == sides
    )
