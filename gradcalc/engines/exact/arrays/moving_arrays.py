"""What functions of arrays make of rates: products by Arb's matrices, the rest line by line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from flint import arb_mat

from gradcalc.arrays.definitions import settled
from gradcalc.arrays.places import lines
from gradcalc.arrays.shape import size
from gradcalc.base.effort import spend
from gradcalc.engines.exact.arrays.matrices import MATRIX_STEP
from gradcalc.engines.exact.arrays.moving import Forward, Mover, Moving, Rates, Unmoved, still
from gradcalc.engines.exact.arrays.operations import axis_of, ordering
from gradcalc.engines.exact.arrays.tensor import Tensor, number
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.syntax.tree import Call


def _matmul(mover: Mover, node: Call, arguments: Sequence[Moving], value: Tensor) -> Sequence[Rates]:
    """d(A @ B) = A @ dB + dA @ B."""
    a, b = arguments
    found: Sequence[Rates] = [None] * size(value.shape)
    if b.rows is not None:
        left = a.value.turned if len(a.shape) == 1 else a.value.matrix
        found = from_left(mover, left, b.rows, size(b.shape[1:]))
    if a.rows is None:
        return found
    return [mover.total(pair) for pair in zip(found, from_right(mover, a.rows, b.value.matrix), strict=True)]


def from_left(mover: Mover, matrix: arb_mat, rows: Sequence[Rates], columns: int) -> list[Rates]:
    """The rates of A @ B, of which A stands still."""
    inner, width = matrix.ncols(), mover.width
    if all(row is None for row in rows):
        return [None] * (matrix.nrows() * columns)
    spend(matrix.nrows() * inner * columns * width * MATRIX_STEP)
    product = (_sized(mover, matrix) * stacked(rows, inner, columns * width)).entries()
    return [arb_mat(1, width, product[start : start + width]) for start in range(0, len(product), width)]


def from_right(mover: Mover, rows: Sequence[Rates], matrix: arb_mat) -> list[Rates]:
    """The rates of A @ B, of which B stands still."""
    inner, turned = matrix.nrows(), matrix.transpose()
    found: list[Rates] = []
    for start in range(0, len(rows), inner):
        found += from_left(mover, turned, rows[start : start + inner], 1)
    return found


def stacked(rows: Sequence[Rates], height: int, width: int) -> arb_mat:
    """Rates side by side and below each other, as one matrix."""
    nothing = [0] * (height * width // len(rows))
    return arb_mat(height, width, [item for row in rows for item in (nothing if row is None else row.entries())])


def _sized(mover: Mover, matrix: arb_mat) -> arb_mat:
    if not mover.signless:
        return matrix
    return arb_mat(matrix.nrows(), matrix.ncols(), list(map(abs, matrix.entries())))


def _inverse(mover: Mover, node: Call, arguments: Sequence[Moving], value: Tensor) -> Sequence[Rates]:
    """d(inv(A)) = -inv(A) @ dA @ inv(A)."""
    own = value.matrix
    return from_right(mover, from_left(mover, -own, still(arguments[0]), own.nrows()), own)


def _outer(mover: Mover, node: Call, arguments: Sequence[Moving], value: Tensor) -> Sequence[Rates]:
    a, b = arguments
    return [
        mover.total((mover.scaled(one, y), mover.scaled(other, x)))
        for x, one in zip(a.value.items, still(a), strict=True)
        for y, other in zip(b.value.items, still(b), strict=True)
    ]


def _sum(mover: Mover, node: Call, arguments: Sequence[Moving], value: Tensor) -> Sequence[Rates]:
    rows = still(arguments[0])
    along = lines(arguments[0].shape, axis_of(node, arguments[0].shape))
    return [mover.total(rows[place] for place in line) for line in along]


def _cumsum(mover: Mover, node: Call, arguments: Sequence[Moving], value: Tensor) -> Sequence[Rates]:
    rows = list(still(arguments[0]))
    for line in lines(value.shape, axis_of(node, value.shape)):
        own = accumulate((rows[place] for place in line), lambda one, other: mover.total((one, other)))
        for place, row in zip(line, own, strict=True):
            rows[place] = row
    return rows


def _by_gradient(mover: Mover, node: Call, arguments: Sequence[Moving], value: Tensor) -> Sequence[Rates]:
    """The rates of a single number, from its gradient."""
    if value.shape:
        raise Unmoved
    row, a = ARRAY_FUNCTIONS[node.function], arguments[0]
    rule = settled(row.rule_to(0) or "", a.shape[:1], {})
    given = {"a": Moving(a.value), "out": Moving(value), "g": Moving(number(mover.engine.one))}
    partials = mover.result(rule, given).value
    return [mover.total(map(mover.scaled, still(a), partials.items))]


def chosen(mover: Mover, node: Call, a: Tensor) -> list[int]:
    """The element that comes to each place of an ordered array, or is the extreme of a line. Raises Unmoved at ties."""
    found = []
    same = mover.engine.function("eq")
    for line in lines(a.shape, axis_of(node, a.shape)):
        order = ordering(mover.engine, [a.items[place] for place in line])
        ends = {"amax": order[-2:], "amin": order[:2]}.get(node.function, order)
        if any(same(a.items[line[one]], a.items[line[other]]) for one, other in pairwise(ends)):
            raise Unmoved
        found.append([line[one] for one in {"amax": order[-1:], "amin": order[:1]}.get(node.function, order)])
    if node.function != "sort":
        return [place for (place,) in found]
    ordered = [0] * len(a.items)
    for line, places in zip(lines(a.shape, axis_of(node, a.shape)), found, strict=True):
        for end, place in zip(line, places, strict=True):
            ordered[end] = place
    return ordered


def _ordered(mover: Mover, node: Call, arguments: Sequence[Moving], value: Tensor) -> Sequence[Rates]:
    rows = still(arguments[0])
    return [rows[place] for place in chosen(mover, node, arguments[0].value)]


ORDERED = frozenset({"amax", "amin", "sort"})
FORWARD: dict[str, Forward] = {
    "matmul": _matmul, "outer": _outer, "inv": _inverse, "sum": _sum, "cumsum": _cumsum,
    "det": _by_gradient, "prod": _by_gradient, **dict.fromkeys(ORDERED, _ordered),
}  # fmt: skip
