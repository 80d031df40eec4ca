"""The words that all pages share: their heads, names of derivatives, lists of names, verdicts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from gradcalc.answers.records import ArrayRow, Row, Verdict
from gradcalc.codegen.identifiers import free
from gradcalc.render.document import Facts
from gradcalc.render.numbers import short

if TYPE_CHECKING:
    from gradcalc.answers.audit.interval import Stretch

DEFINITION = re.compile(r"\w+ ?=(?!=)")
FUNCTIONS = ("f", "g", "h", "F", "result")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_NAMES = 12
WORDS = {
    Verdict.AGREE: "agree",
    Verdict.DISAGREE: "disagree",
    Verdict.KINK: "kink: no derivative",
    Verdict.INFINITE: "infinite",
    Verdict.UNDEFINED: "undefined",
}


class Asked(Protocol):
    """What every answer to a question about an expression says of the question."""

    @property
    def expression(self) -> str: ...
    @property
    def reading(self) -> str | None: ...
    @property
    def at(self) -> Mapping[str, Any] | None: ...


def head(name: str, asked: Asked, value: str | None, *more: tuple[str, str]) -> Facts:
    """What was asked, under its name, how it was read, and what `more` there is to say; the point, and the value."""
    reading = [] if asked.reading is None else [("read as", asked.reading)]
    point = [(variable, short(one)) for variable, one in (asked.at or {}).items()]
    there = [] if value is None else [("value", value)]
    return Facts(((name, one_line(asked.expression)), *reading, *more, *point, *there))


def one_line(expression: str) -> str:
    """The text of an expression, or of a program, in a line."""
    return " ".join(expression.split())


def called(expression: str, name: str) -> str:
    """What the head calls an expression: by the name of the function, or a program."""
    several = ";" in expression or "\n" in expression.strip()
    return "program" if several or DEFINITION.match(one_line(expression)) else name


def function_name(taken: Mapping[str, object]) -> str:
    """A name for a function that is none of its variables'."""
    return free(FUNCTIONS, taken)


def derivative_name(function: str, variable: str, order: int, partial: bool) -> str:
    """`df/dx`, `∂f/∂x`, `d²f/dx²`: as it is written on paper."""
    sign = "∂" if partial else "d"
    power = "" if order == 1 else str(order).translate(RAISED)
    return f"{sign}{power}{function}/{sign}{variable}{power}"


def in_words(row: Row | ArrayRow | Stretch) -> str:
    """The verdict, and the reason where there is one."""
    if row.verdict is None:
        return "-"
    reason = None if isinstance(row, ArrayRow) else row.reason
    return WORDS[row.verdict] + (f": {reason}" if reason else "")


def first_of(names: Sequence[str], most: int = MOST_NAMES, shown: int = 3) -> str:
    """Names in front of a sentence; of more than `most`, the first ones."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:shown])} and {len(names) - shown:,} more"


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
