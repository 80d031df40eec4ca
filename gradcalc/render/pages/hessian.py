"""A Hessian, for people and as JSON: the matrix, and what it says about the point."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.matrices.records import Critical, Definiteness, Hessian
from gradcalc.answers.records import ArrayRow, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.render.document import Block, Document, Facts, Note
from gradcalc.render.json import HEAD, picked
from gradcalc.render.numbers import bracketed, either, short
from gradcalc.render.pages import matrices
from gradcalc.render.rows import explained, of_value
from gradcalc.render.words import by_torch, derivative_name, value_or_why

ADVICE = {
    Critical.MINIMUM: "the gradient is zero and every eigenvalue is positive: a minimum",
    Critical.MAXIMUM: "the gradient is zero and every eigenvalue is negative: a maximum",
    Critical.SADDLE: "the gradient is zero and there are eigenvalues of both signs: a saddle",
    Critical.UNDECIDED: "the gradient is zero, but the second derivatives do not decide what is there",
}
JUDGEMENT = "gradient symmetric eigenvalues definiteness critical near remarks?"  # keys of the record
quiet = matrices.quiet
NOT_CRITICAL = "the gradient is not zero here: neither a minimum nor a maximum nor a saddle"


def document(result: Hessian) -> Document:
    """The function, its gradient, the matrix, and what it says about the point."""
    matrix = result.matrix
    function = result.function
    names = tuple(tuple(second_name(function, row, column) for column in matrix.columns) for row in matrix.rows)
    value = value_or_why(result.value, result.verdict)
    blocks: list[Block] = [matrices.head(result, value, by_torch(result.forward))]
    forms = {name: form for name, form in matrix.formulas.items() if form is not None}
    if forms:
        blocks.append(Facts(tuple((second_name(function, *_pair(name)), form) for name, form in forms.items())))
    said = (one for row in matrix.every for one in explained("", row))
    told = of_value(result.forward, said)
    return Document((*blocks, *matrices.body(matrix, names, result.dtype), *told, *judgement(result)))


def record(result: Hessian) -> dict[str, Any]:
    """The record of a Hessian. Keys may be added to it, never renamed."""
    return picked(result, f"{HEAD} value exact_value? forward") | matrices.record(result) | picked(result, JUDGEMENT)


def _pair(block: str) -> tuple[str, str]:
    """The variables of a block of the matrix: `x` is that by x twice, `x,A` that by x and A."""
    one, _, other = block.partition(",")
    return one, other or one


def second_name(function: str, row: str, column: str) -> str:
    """`∂²f/∂x∂y`, `∂²f/∂x²`."""
    return derivative_name(function, row, 2, True) if row == column else f"∂²{function}/∂{row}∂{column}"


def judgement(result: Hessian) -> list[Block]:
    """The gradient, symmetry, eigenvalues, definiteness, and what the point is."""
    if result.at is None or not result.matrix.columns:
        return [*map(Note, result.remarks)]
    pairs = [(f"∂{result.function}/∂{name}", text) for name, one in result.gradient.items() if (text := _slope(one))]
    if result.symmetric is not None:
        pairs.append(("symmetric", "yes" if result.symmetric else "no"))
    if result.eigenvalues is not None:
        pairs.append(("eigenvalues", bracketed(list(result.eigenvalues))))
    if result.definiteness is not None:
        zero = result.definiteness is Definiteness.ZERO
        pairs.append(("definiteness", "the zero matrix" if zero else str(result.definiteness)))
    found = [Facts(tuple(pairs))] if pairs else []
    return [*found, *map(Note, (*result.remarks, *advice(result)))]


def advice(result: Hessian) -> list[str]:
    """What the point is; nothing where the gradient is not known."""
    if result.critical is not None:
        return [ADVICE[result.critical]]
    if result.near is not None:
        kind = "critical point" if result.near is Critical.UNDECIDED else str(result.near)
        return [f"the gradient is zero within the rounding of the point: a {kind} lies next to it"]
    rows = [row for one in result.gradient.values() for row in (one.rows if isinstance(one, ArrayRow) else (one,))]
    exists = bool(rows) and all(row.verdict in (Verdict.AGREE, Verdict.DISAGREE) for row in rows)
    return [NOT_CRITICAL] if exists else []


def _slope(row: Row | ArrayRow) -> str:
    """A first derivative's true value; autograd's where it was not verified."""
    if isinstance(row, Row):
        return either(row.symbolic, "undecided" if row.verdict is Verdict.UNDECIDED else "none")
    if not row.rows:
        return "" if row.autograd is None else short(row.autograd)
    return matrices.value_text([part.symbolic for part in row.rows], row.shape)
