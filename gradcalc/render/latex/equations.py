"""What every page in LaTeX is made of: equations, aligned where there are several, and formulas set in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.answers.records import ArrayRow, Row
from gradcalc.arrays.array import Array
from gradcalc.arrays.shape import Shape
from gradcalc.base.errors import ShapeError
from gradcalc.base.limits import current
from gradcalc.problem.resolve import read
from gradcalc.render.latex.breaking import broken
from gradcalc.render.latex.scalars import parenthesised
from gradcalc.render.latex.trees import to_latex
from gradcalc.syntax.tree import Name

LINE = 100  # characters of LaTeX that stand in a line
PIECE = re.compile(r"\\left|\\right|\\\\|\\[{}]|.", re.DOTALL)
OPENING, CLOSING = frozenset(("{", r"\left")), frozenset(("}", r"\right"))
SPECIAL = {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\text{nan}"}
NEXT = r",\quad "
COMMENTED = str.maketrans("\n\r", "  ")


@dataclass(frozen=True, slots=True)
class Equation:
    """One left side, and what it is equal to, one after the other; a `remark` in words at the end of the line."""

    left: str
    rights: tuple[str, ...]
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What there is no equation for, and why: a comment."""

    left: str
    why: str


def aligned(lines: Iterable[Equation | Missing]) -> str:
    """LaTeX for notes: comments, and one equation as it is or several in `aligned`, at their equals signs."""
    found = list(lines)
    comments = [f"% {one.left}: {one.why.translate(COMMENTED)}\n" for one in found if isinstance(one, Missing)]
    equations = [one for one in found if isinstance(one, Equation)]
    if len(equations) == 1 and len(equations[0].rights) == 1 and equations[0].remark is None:
        (only,) = equations
        if len(broken(only.rights[0])) == 1:
            return "".join([*comments, f"{only.left} = {only.rights[0]}\n"])
    rows = [row for one in equations for row in _rows(one)]
    body = " \\\\\n".join(rows)
    return "".join([*comments, *([f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n"] if rows else [])])


def _rows(equation: Equation) -> list[str]:
    """The lines of an equation: as many right sides on each as it holds, the left one before the first."""
    first, *more = dict.fromkeys(equation.rights)
    rows = [f"{equation.left} &= {first}"]
    for right in more:
        together = f"{rows[-1]} = {right}"
        rows[-1:] = [together] if len(together) <= LINE else [rows[-1], f"&= {right}"]
    rows = [rf"&\quad {line}" if place else line for row in rows for place, line in enumerate(_fitting(row))]
    if equation.remark is not None:
        rows[-1] += rf" && \text{{{equation.remark}}}"
    return rows


def _fitting(row: str) -> list[str]:
    """A line of an equation, in as many as it takes."""
    left, sign, right = row.partition("&= ")
    first, *more = broken(right)
    return [f"{left}{sign}{first}", *more]


def formula(text: str, names: Iterable[str] = (), shapes: Mapping[str, Shape] | None = None) -> str:
    """A formula of the language in LaTeX; `names` are variables whatever else they may mean."""
    root = read(text, current(), tuple(names)).root
    try:
        return to_latex(root, shapes)
    except ShapeError:  # a variable whose shape nobody told
        return to_latex(root)


def statements(program: str, names: Iterable[str] = ()) -> str:
    """The statements of a program side by side: `y = x^{2},\\quad z = \\sin\\left(y\\right)`."""
    sides = [part.rpartition("=") for part in program.split(";")]
    return NEXT.join(rf"{name(left.strip() or 'f')} = {formula(right.strip(), names)}" for left, _, right in sides)


def name(text: str) -> str:
    """A name of the language in LaTeX."""
    return to_latex(Name(text))


def quotient(function: str, variable: str, order: int = 1, *, partial: bool) -> str:
    """`\\frac{\\partial f}{\\partial x}`, of what is LaTeX already."""
    sign, power = r"\partial" if partial else "d", f"^{{{order}}}" if order > 1 else ""
    return rf"\frac{{{sign}{power} {function}}}{{{sign} {variable}{power}}}"


def number(value: Any) -> str | None:
    """A number to six digits, `1.5 \\cdot 10^{-7}`; None for what is none."""
    if not isinstance(value, float | int) or isinstance(value, bool):
        return None
    text = f"{value + 0.0:.6g}"
    mantissa, power, exponent = text.partition("e")
    if text in SPECIAL or not power:
        return SPECIAL.get(text, text)
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def factor(text: str) -> str:
    """LaTeX as a factor of a product: what has a sign or is a sum in parentheses."""
    outside = _outside(text)
    return parenthesised(text) if text.startswith("-") or " + " in outside or " - " in outside else text


def differential(text: str) -> str:
    """LaTeX after a d: what is more than a name, or one function of something, in parentheses."""
    return parenthesised(text) if " " in _outside(text) or text.startswith("-") else text


def _outside(text: str) -> str:
    """What stands outside of all braces and parentheses."""
    depth, found = 0, []
    for piece in PIECE.findall(text):
        depth -= piece in CLOSING
        found.append(piece if depth == 0 else "")
        depth += piece in OPENING
    return "".join(found)


def matrix(rows: Sequence[Sequence[str]]) -> str:
    """`\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}`."""
    return r"\begin{pmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{pmatrix}"


def shapes_of(at: Mapping[str, Any] | None, gradient: Mapping[str, Row | ArrayRow]) -> dict[str, Shape]:
    """The shapes of the variables, as far as a point or a gradient tells them; empty where there are only numbers."""
    found = {key: row.shape if isinstance(row, ArrayRow) else () for key, row in gradient.items()}
    found |= {key: value.shape if isinstance(value, Array) else () for key, value in (at or {}).items()}
    return found if any(found.values()) else {}
