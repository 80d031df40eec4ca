"""The words that all pages share: their heads, names of derivatives, verdicts."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from gradcalc.answers.records import ArrayRow, Forward, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.render.document import Facts
from gradcalc.render.numbers import short

if TYPE_CHECKING:
    from gradcalc.answers.audit.interval import Stretch

DEFINITION = re.compile(r"\\?\w+ ?((\\left)? ?\([^()=]*\) ?)?=(?!=)")  # of a name, or of a function of names
OPENING, CLOSING = "([{", ")]}"
UNFINISHED = frozenset("+-*/^@=<>,·×÷−")  # at the end of a line: the statement goes on in the next one
VALUE = "value"  # whose name stands before what is said of it
TORCHS = "torch's value"
UNCOUNTED = "counts with --strict-forward"
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
WORDS = {
    Verdict.AGREE: "agree",
    Verdict.DISAGREE: "disagree",
    Verdict.KINK: "kink: no derivative",
    Verdict.INFINITE: "infinite",
    Verdict.UNDEFINED: "undefined",
    Verdict.UNDECIDED: "undecided",
}


Pairs: TypeAlias = tuple[tuple[str, str], ...]


class Asked(Protocol):
    """What every answer to a question about an expression says of the question."""

    @property
    def expression(self) -> str: ...
    @property
    def reading(self) -> str | None: ...
    @property
    def at(self) -> Mapping[str, Any] | None: ...


def head(name: str, asked: Asked, value: str | None, *more: tuple[str, str], torch: Pairs = ()) -> Facts:
    """What was asked, under its name, how it was read, and what `more` there is to say; the point, and the value.

    `torch` is what there is to say of torch's value.
    """
    reading = [] if asked.reading is None else [("read as", asked.reading)]
    point = [(variable, short(one)) for variable, one in (asked.at or {}).items()]
    there = [] if value is None else [("value", value)]
    return Facts(((name, one_line(asked.expression)), *reading, *more, *point, *there, *torch))


def by_torch(forward: Forward) -> Pairs:
    """torch's value of the function, where it is not the true one."""
    if forward.verdict is not Verdict.DISAGREE:
        return ()
    return ((TORCHS, f"{forward.autograd!r}, {off(forward)}"),)


def off(forward: Forward) -> str:
    """How wrong torch's value is, in words."""
    number = forward.autograd is not None and math.isfinite(forward.autograd)
    lost = f"{lost_text(forward.lost_digits)} digits lost, " if number else ""
    strict = "" if forward.counts else f" ({UNCOUNTED})"
    return f"{lost}{WORDS[Verdict.DISAGREE]}: {forward.reason}{strict}"


def lost_text(count: float | None) -> str:
    """Lost digits, as a number of them."""
    return "-" if count is None else "all" if math.isinf(count) else f"{count:g}"


def value_or_why(value: float | None, verdict: Verdict | None) -> str:
    """The function's value, or why there is none: the verdict tells one that is not decided."""
    return repr(value) if value is not None else "undecided" if verdict is Verdict.UNDECIDED else "undefined"


def one_line(expression: str) -> str:
    """The text of an expression in a line, or that of a program, its statements apart and its comments left out."""
    if "\\" in expression:  # LaTeX, whose lines are no statements
        return " ".join(expression.split())
    statements = [""]
    depth = 0
    for line in expression.splitlines():
        code = line.partition("#")[0].strip()
        statements[-1] += f" {code}"
        depth += sum((one in OPENING) - (one in CLOSING) for one in code)
        if depth <= 0 and code[-1:] not in UNFINISHED:
            statements.append("")
    texts = (" ".join(statement.split()).rstrip("; ") for statement in statements)
    return "; ".join(filter(None, texts))


def called(expression: str, name: str, *, equation: bool = False) -> str:
    """What the head calls an expression: by the name of the function, an equation, or a program."""
    several = ";" in expression or "\n" in expression.strip()
    if equation and not several:
        return "equation"
    return "program" if several or DEFINITION.match(one_line(expression)) else name


def derivative_name(function: str, variable: str, order: int, partial: bool) -> str:
    """`df/dx`, `∂f/∂x`, `d²f/dx²`: as it is written on paper."""
    sign = "∂" if partial else "d"
    power = "" if order == 1 else str(order).translate(RAISED)
    return f"{sign}{power}{function}/{sign}{variable}{power}"


def in_words(row: Row | ArrayRow | Stretch) -> str:
    """The verdict, and the reason where there is one."""
    if row.verdict is None:
        parts = row.known if isinstance(row, ArrayRow) else (row,)
        return next((str(part.reason) for part in parts if part.reason is not None), "-")
    reason = None if isinstance(row, ArrayRow) else row.reason
    return WORDS[row.verdict] + (f": {reason}" if reason else "")
