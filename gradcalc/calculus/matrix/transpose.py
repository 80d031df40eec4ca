"""Transposes and diagonals, pushed in as far as they go."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.arrays.shape import Dimension
from gradcalc.calculus.matrix.form import Apply, Chain, Form, Leaf, Product, Sum, apply, is_call, raw_chain
from gradcalc.calculus.matrix.ones import arguments, ones
from gradcalc.calculus.matrix.product import multiply, outer, raise_to
from gradcalc.calculus.matrix.sums import add, scaled
from gradcalc.functions import ARRAY_FUNCTIONS

SYMMETRIC = ("eye", "diag")


def transposed(form: Form, rows: Dimension | None = None) -> Form:
    """The transpose of a matrix; a vector stays as it is, unless it stands for a matrix of so many equal `rows`."""
    if len(form.shape) < 2:
        return form if rows is None or not form.shape else outer(form, ones((rows,)))
    rows = form.shape[0] if rows is None else rows
    if isinstance(form, Sum):
        return add(*(scaled(c, transposed(term, rows)) for c, term in form.terms))
    if isinstance(form, Product):
        return multiply(*(_power(base, power, rows) for base, power in form.factors))
    if isinstance(form, Chain):
        return raw_chain(tuple((transposed(base), power) for base, power in reversed(form.factors)), form.shape[::-1])
    return _leaf(form)


def _power(base: Form, power: Fraction, rows: Dimension) -> Form:
    if len(base.shape) < 2:
        return transposed(raise_to(base, power), rows)
    return raise_to(transposed(base), power)


def _leaf(form: Leaf | Apply) -> Form:
    if is_call(form, "transpose"):
        return arguments(form)[0]
    if (isinstance(form, Leaf) and form.symmetric) or (isinstance(form, Apply) and _is_symmetric(form)):
        return form
    if is_call(form, "outer"):
        a, b = arguments(form)
        return apply("outer", (b, a), form.shape[::-1])
    if is_call(form, "kron"):
        return apply("kron", tuple(map(transposed, arguments(form))), form.shape[::-1])
    if is_call(form, "expm"):
        return apply("expm", (transposed(arguments(form)[0]),), form.shape)
    return apply("transpose", (form,), form.shape[::-1])


def _is_symmetric(form: Apply) -> bool:
    if form.function in SYMMETRIC:
        return True
    matrices = [argument for argument in form.arguments if argument.shape]
    elementwise = form.function not in ARRAY_FUNCTIONS
    return elementwise and all(len(one.shape) == 2 and transposed(one) is one for one in matrices)


def diagonal(matrix: Form) -> Form:
    """The diagonal of a square matrix."""
    if len(matrix.shape) < 2:
        return matrix  # what broadcasts to the matrix broadcasts to its diagonal
    if isinstance(matrix, Sum):
        return add(*(scaled(c, diagonal(term)) for c, term in matrix.terms))
    if isinstance(matrix, Product):
        return multiply(*(raise_to(diagonal(base), power) for base, power in matrix.factors))
    if is_call(matrix, "eye"):
        return ones(matrix.shape[:1])
    if is_call(matrix, "outer"):
        return multiply(*arguments(matrix))
    if isinstance(matrix, Apply) and matrix.function in ("diag", "transpose"):
        inner = matrix.arguments[0]
        return inner if matrix.function == "diag" else diagonal(inner)
    return apply("diag", (matrix,), matrix.shape[:1])
