"""The kinds of node that take matrices whole: products, determinants, inverses, Cholesky factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb_mat

from gradcalc.base.effort import spend
from gradcalc.engines.exact.ball import ONE, ZERO, Ball
from gradcalc.tracing.rules import NAN, Flow, Numbers, Rule

LARGEST_ADJUGATE = 6  # of a singular matrix, whose determinant is derived minor by minor


def matrix(rows: int, columns: int, numbers: Sequence[Ball | None]) -> arb_mat:
    """A matrix of numbers in row-major order; what is missing is 0."""
    return arb_mat(rows, columns, [ZERO if one is None else one for one in numbers])


@dataclass(frozen=True)
class MatMul(Rule):
    """Products of matrices, `batch` times (rows, inner) by (inner, columns)."""

    batch: int
    rows: int
    inner: int
    columns: int

    @property
    def products(self) -> float:
        return float(self.batch * self.rows * self.inner * self.columns)

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        found: Numbers = []
        for a, b in self._pairs(*inputs):
            found += (a * b).entries()
        return found

    def _pairs(self, left: Sequence[Ball | None], right: Sequence[Ball | None]) -> list[tuple[arb_mat, arb_mat]]:
        m, k, n = self.rows, self.inner, self.columns
        return [
            (matrix(m, k, left[i * m * k : (i + 1) * m * k]), matrix(k, n, right[i * k * n : (i + 1) * k * n]))
            for i in range(self.batch)
        ]

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        by_left: Flow = []
        by_right: Flow = []
        size = self.rows * self.columns
        for i, (a, b) in enumerate(self._pairs(*inputs)):
            part = flow[i * size : (i + 1) * size]
            g = matrix(self.rows, self.columns, part)
            rows = [part[row * self.columns : (row + 1) * self.columns] for row in range(self.rows)]
            if varies[0]:
                by_left += _by_rows((g * b.transpose()).entries(), rows)
            if varies[1]:
                columns = list(zip(*rows, strict=True))
                by_right += _transposed(_by_rows((g.transpose() * a).entries(), columns), len(columns))
        return [by_left, by_right]

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        m, k, n = self.rows, self.inner, self.columns
        left, right = [0] * (self.batch * m * k), [0] * (self.batch * k * n)
        for i in range(self.batch):
            for row in range(m):
                for column in range(n):
                    if mark := marks[(i * m + row) * n + column]:
                        for inner in range(k):
                            left[(i * m + row) * k + inner] |= mark
                            right[(i * k + inner) * n + column] |= mark
        return [left, right]


def _by_rows(numbers: Numbers, rows: Sequence[Sequence[Ball | None]]) -> Flow:
    """The rows of a product with a gradient; None where nothing flows through the gradient's own row."""
    flowing = [any(g is not None for g in row) for row in rows]
    each = len(numbers) // max(len(rows), 1)
    return [one if flowing[place // each] else None for place, one in enumerate(numbers)]


def _transposed(numbers: Flow, rows: int) -> Flow:
    each = len(numbers) // max(rows, 1)
    return [numbers[row * each + column] for column in range(each) for row in range(rows)]


@dataclass(frozen=True)
class Square(Rule):
    """A function of square matrices, `batch` of `size` by `size`."""

    batch: int
    size: int

    @property
    def products(self) -> float:
        return float(self.batch * self.size**3)

    def _matrices(self, numbers: Sequence[Ball | None]) -> list[arb_mat]:
        n = self.size
        return [matrix(n, n, numbers[i * n * n : (i + 1) * n * n]) for i in range(self.batch)]

    def _through(self, flow: Flow, place: int, numbers: Numbers) -> Flow:
        """What flows back through one of the matrices: nothing where nothing flows to it."""
        size = self.size**2
        flowing = any(g is not None for g in flow[place * size : (place + 1) * size])
        return list(numbers) if flowing else [None] * size

    def variances(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        each, size = len(flow) // self.batch, self.size**2
        found: Numbers = [ZERO] * len(inputs[0])
        for one in range(each):  # one number of every matrix at a time
            spend(self.products)
            units: Flow = [ONE if place % each == one else None for place in range(len(flow))]
            (by,) = self.flows(inputs, values, units, varies)
            for place, slope in enumerate(by):
                g = flow[place // size * each + one]
                if slope is not None and g is not None:
                    found[place] = found[place] + g * slope * slope
        return [list(found)]

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        each, size = len(marks) // self.batch, self.size**2
        found = []
        for i in range(self.batch):
            ways = 0
            for mark in marks[i * each : (i + 1) * each]:
                ways |= mark
            found += [ways] * size
        return [found]


class Inverse(Square):
    """The inverse; no numbers where it cannot be told from a singular one."""

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        return [one for a in self._matrices(inputs[0]) for one in _inverse(a)]

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        found: Flow = []
        for place, (x, g) in enumerate(zip(self._matrices(values), self._matrices(flow), strict=True)):
            found += self._through(flow, place, [-one for one in (x.transpose() * g * x.transpose()).entries()])
        return [found]


def _inverse(a: arb_mat) -> Numbers:
    try:
        return list(a.inv().entries())
    except ZeroDivisionError:
        return [NAN] * (a.nrows() * a.ncols())


class Determinant(Square):
    """The determinant."""

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        return [a.det() for a in self._matrices(inputs[0])]

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        found: Flow = []
        for a, g in zip(self._matrices(inputs[0]), flow, strict=True):
            found += [None if g is None else g * one for one in self._cofactors(a)]
        return [found]

    def _cofactors(self, a: arb_mat) -> Numbers:
        n = self.size
        inverse = _inverse(a)
        if n > LARGEST_ADJUGATE and inverse[0].is_nan():
            return inverse
        if not inverse[0].is_nan():
            whole = a.det()
            return [whole * inverse[column * n + row] for row in range(n) for column in range(n)]
        table = a.tolist()
        return [_minor(table, row, column) * (-1) ** (row + column) for row in range(n) for column in range(n)]


def _minor(table: list[Numbers], row: int, column: int) -> Ball:
    rest = [one for r, line in enumerate(table) if r != row for c, one in enumerate(line) if c != column]
    size = len(table) - 1
    return arb_mat(size, size, rest).det() if size else Ball(1)


class Cholesky(Square):
    """The lower factor L of A = L @ L.T, of the symmetric part of A, as autograd takes it."""

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        found: Numbers = []
        for a in self._matrices(inputs[0]):
            factor = _factor(((a + a.transpose()) / 2).tolist())
            found += [one for row in factor for one in row]
        return found

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        """Source: Murray, Differentiation of the Cholesky decomposition, arXiv:1602.07527, equation 10."""
        found: Flow = []
        for place, (factor, g) in enumerate(zip(self._matrices(values), self._matrices(flow), strict=True)):
            n = self.size
            inner = (factor.transpose() * g).tolist()
            half = [[inner[i][j] / 2 if i == j else inner[i][j] if i > j else ZERO for j in range(n)] for i in range(n)]
            inverse = arb_mat(n, n, _inverse(factor))
            whole = inverse.transpose() * arb_mat(half) * inverse
            found += self._through(flow, place, ((whole + whole.transpose()) / 2).entries())
        return [found]


def _factor(a: list[Numbers]) -> list[Numbers]:
    n = len(a)
    found = [[ZERO] * n for _ in range(n)]
    for j in range(n):
        for i in range(j, n):
            rest = a[i][j] - sum((found[i][k] * found[j][k] for k in range(j)), ZERO)
            found[i][j] = rest.sqrt() if i == j else rest / found[j][j]
    return found
