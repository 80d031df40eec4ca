"""Forms that are linear in a vector or a matrix, taken apart into the matrix that multiplies it.

The gradient of `g @ f(x)` is linear in `g`, and what multiplies it is the transposed Jacobian of `f`: from the rules
for gradients come Jacobians, without rules of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradcalc.arrays.shape import Dimension
from gradcalc.calculus.matrix.chain import chain, kron, matmul
from gradcalc.calculus.matrix.form import (
    UNIT,
    ZERO,
    Apply,
    Chain,
    Form,
    Product,
    Sum,
    Unreadable,
    apply,
    as_form,
    common,
    is_call,
)
from gradcalc.calculus.matrix.ones import arguments, eye, ones
from gradcalc.calculus.matrix.product import diagonal_matrix, element, multiply, outer
from gradcalc.calculus.matrix.reduce import filled, total
from gradcalc.calculus.matrix.sums import add, scaled, split
from gradcalc.calculus.matrix.transpose import transposed
from gradcalc.calculus.matrix.units import as_number

Items = Sequence[tuple[Form, int]]


@dataclass(frozen=True, slots=True)
class Linear:
    """Takes forms apart that are linear in `given`, a vector or a matrix. Raises Unreadable at any other."""

    given: Form

    def depends(self, form: Form) -> bool:
        """Does the given one occur in a form?"""
        if form is self.given:
            return True
        if isinstance(form, Sum):
            return any(self.depends(term) for _, term in form.terms)
        if isinstance(form, Product | Chain):
            return any(self.depends(base) for base, _ in form.factors)
        return isinstance(form, Apply) and any(map(self.depends, form.arguments))

    def terms(self, form: Form, convert: Callable[[Form], Form]) -> Form:
        """The sum of what the terms of a sum are converted to, one factor after the other multiplied out."""
        if isinstance(form, Sum):
            return add(*(scaled(c, convert(term)) for c, term in form.terms))
        rest, inner = self.parted(form)
        assert isinstance(inner, Sum)
        products = ((c, multiply(rest, term, distribute=False)) for c, term in inner.terms)
        return add(*(scaled(c, convert(term)) for c, term in products))

    def parted(self, form: Form) -> tuple[Form, Form]:
        """A product as the factors without the given one, and the factor with it."""
        assert isinstance(form, Product)
        with_it = [(base, power) for base, power in form.factors if self.depends(base)]
        if len(with_it) != 1 or with_it[0][1] != 1:
            raise Unreadable
        inner = with_it[0][0]
        return as_form({base: power for base, power in form.factors if base is not inner}), inner

    def is_sum(self, form: Form) -> bool:
        """Is this a sum, or a product with one that has to be multiplied out?"""
        return isinstance(form, Sum) or (isinstance(form, Product) and isinstance(self.parted(form)[1], Sum))

    def chosen(self, form: Form) -> Form:
        """`where(c, u*g, v*g)` as `where(c, u, v)*g`, or as a sum where the branches differ in more."""
        condition, *branches = arguments(form)
        if self.depends(condition):
            raise Unreadable
        factors = [self._factors(branch) for branch in branches]
        inner = {part for _, part in factors if part is not ZERO}
        if len(inner) == 1:
            return multiply(_where(condition, factors[0][0], factors[1][0]), inner.pop())
        (u, one), (v, other) = factors
        return add(multiply(_where(condition, u, ZERO), one), multiply(_where(condition, ZERO, v), other))

    def _factors(self, form: Form) -> tuple[Form, Form]:
        """A branch as the factors without the given one, and the rest; (0, 0) for 0."""
        coefficient, rest = split(form)
        if not coefficient:
            return ZERO, ZERO
        free, inner = self.parted(rest) if isinstance(rest, Product) else (UNIT, rest)
        return scaled(coefficient, free), inner

    # -- linear in a vector

    def matrix(self, form: Form, rows: Dimension) -> Form:
        """M, where the form stands for the vector M @ g of so many rows."""
        if not form.shape:
            return outer(ones((rows,)), self.row(form))
        if form is self.given:
            return eye(rows)
        if self.is_sum(form):
            return self.terms(form, lambda term: self.matrix(term, rows))
        if isinstance(form, Product):
            return self._scaled_rows(*self.parted(form), rows)
        if is_call(form, "where"):
            return self.matrix(self.chosen(form), rows)
        if isinstance(form, Chain) and self.depends(form.factors[-1][0]) and len(form.shape) == 1:
            last = form.factors[-1][0]
            return chain([*form.factors[:-1], (self.matrix(last, last.shape[0]), 1)])
        raise Unreadable

    def _scaled_rows(self, rest: Form, inner: Form, rows: Dimension) -> Form:
        if not rest.shape:
            return multiply(rest, self.matrix(inner, rows))
        if not inner.shape:
            return outer(filled(rest, (rows,)), self.row(inner))
        return chain([(diagonal_matrix(filled(rest, (rows,))), 1), (self.matrix(inner, rows), 1)])

    def row(self, form: Form) -> Form:
        """r, where the form is the scalar r @ g."""
        if self.is_sum(form):
            return self.terms(form, self.row)
        if isinstance(form, Product):
            rest, inner = self.parted(form)
            return multiply(rest, self.row(inner))
        if isinstance(form, Chain):
            return self._ends(form.factors)
        if is_call(form, "sum") and len(arguments(form)) == 1:
            return self._summed(arguments(form)[0])
        if is_call(form, "where"):
            return self.row(self.chosen(form))
        if is_call(form, "index") and len(arguments(form)[0].shape) == 1:
            vector, place = arguments(form)
            return element(self.matrix(vector, vector.shape[0]), 2, as_number(place) or 0)
        raise Unreadable

    def _summed(self, array: Form) -> Form:
        """r of the sum of a vector's elements."""
        if len(array.shape) != 1:
            raise Unreadable
        if self.is_sum(array):
            return self.terms(array, self._summed)
        rest, inner = self.parted(array) if isinstance(array, Product) else (UNIT, array)
        if not inner.shape:
            return multiply(total(rest, array.shape), self.row(inner))
        return matmul(transposed(self.matrix(inner, array.shape[0])), filled(rest, array.shape))

    def _ends(self, items: Items) -> Form:
        """r of a product that begins and ends with a vector, one of which has g in it."""
        mirrored = [(transposed(base), power) for base, power in reversed(items)]
        ordered = items if self.depends(items[-1][0]) else mirrored
        last = ordered[-1][0]
        if not self.depends(last) or any(self.depends(base) for base, _ in ordered[:-1]):
            raise Unreadable
        before = chain([(transposed(base), power) for base, power in reversed(ordered[:-1])])
        return matmul(transposed(self.matrix(last, last.shape[0])), before)

    def by_matrix(self, form: Form) -> Form:
        """The Jacobian by a matrix whose gradient the form is, the matrix taken row by row."""
        if self.is_sum(form):
            return self.terms(form, self.by_matrix)
        if isinstance(form, Product):
            rest, inner = self.parted(form)
            if not rest.shape:
                return multiply(rest, self.by_matrix(inner))
        if is_call(form, "outer"):
            a, b = arguments(form)
            if self.depends(a):
                return kron(transposed(self.matrix(a, a.shape[0])), as_row(b))
            return kron(as_row(a), transposed(self.matrix(b, b.shape[0])))
        raise Unreadable

    # -- linear in a matrix

    def between(self, form: Form) -> Form:
        """The Jacobian by a matrix whose gradient is P @ G @ Q, both taken row by row: kron(P.T, Q)."""
        if self.is_sum(form):
            return self.terms(form, self.between)
        if isinstance(form, Product):
            rest, inner = self.parted(form)
            if not rest.shape:
                return multiply(rest, self.between(inner))
        before, behind = self._around(form)
        rows, columns = self.given.shape
        left = chain([*before]) if before else eye(rows)
        right = chain([*behind]) if behind else eye(columns)
        return kron(transposed(left), right)

    def _around(self, form: Form) -> tuple[Items, Items]:
        """The factors before and behind the given matrix."""
        items = form.factors if isinstance(form, Chain) else ((form, 1),)
        place = next((place for place, item in enumerate(items) if item == (self.given, 1)), None)
        if place is None or any(self.depends(base) for base, _ in (*items[:place], *items[place + 1 :])):
            raise Unreadable
        return items[:place], items[place + 1 :]

    def weights(self, form: Form) -> Form:
        """W, where the form is the scalar sum(W * G)."""
        if self.is_sum(form):
            return self.terms(form, self.weights)
        if isinstance(form, Product):
            rest, inner = self.parted(form)
            return multiply(rest, self.weights(inner))
        if is_call(form, "sum") and len(arguments(form)) == 1:
            return self._factor(arguments(form)[0])
        if is_call(form, "trace"):
            return self._traced(arguments(form)[0])
        if isinstance(form, Chain) and len(form.factors) > 2:
            before, behind = self._around(form)
            return outer(chain([(transposed(base), power) for base, power in reversed(before)]), chain([*behind]))
        raise Unreadable

    def _factor(self, form: Form) -> Form:
        """W, where the form is W * G, or has products of matrices around G in it."""
        if self.is_sum(form):
            return self.terms(form, self._factor)
        rest, inner = self.parted(form) if isinstance(form, Product) else (UNIT, form)
        rest = filled(rest, inner.shape)
        if self.is_turned(inner):
            rest, inner = transposed(rest), transposed(inner)
        before, behind = self._around(inner)
        left = [(transposed(base), power) for base, power in reversed(before)]
        right = [(transposed(base), power) for base, power in reversed(behind)]
        return chain([*left, (rest, 1), *right])

    def is_turned(self, form: Form) -> bool:
        """Is the given matrix transposed in a product of matrices?"""
        items = form.factors if isinstance(form, Chain) else ((form, 1),)
        return any(is_call(base, "transpose") and arguments(base)[0] is self.given for base, _ in items)

    def _traced(self, form: Form) -> Form:
        """W of trace(P @ G @ Q), or of the same with G transposed."""
        if isinstance(form, Sum):
            return self.terms(form, self._traced)
        before, behind = self._around(transposed(form) if self.is_turned(form) else form)
        others = (*behind, *before)
        return transposed(chain([*others])) if others else eye(self.given.shape[0])


def as_row(vector: Form) -> Form:
    """A vector as a matrix of one row."""
    return apply("array", (vector,), (1, *vector.shape))


def _where(condition: Form, x: Form, y: Form) -> Form:
    return apply("where", (condition, x, y), common([condition, x, y]))
