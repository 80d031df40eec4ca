"""Products, determinants and inverses of balls, by Arb's matrices where these prove no less."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any, Protocol, TypeAlias

from flint import fmpq, fmpq_mat, fmpz_mat

from gradcalc.arrays.literals import integer
from gradcalc.arrays.shape import Shape, size
from gradcalc.base.effort import spend
from gradcalc.engines.exact.arrays.tensor import Item, Tensor, first_missing, made_of, transposed
from gradcalc.engines.exact.ball import Ball, Undecided
from gradcalc.engines.exact.rules import NoValue
from gradcalc.functions import CATALOGUE
from gradcalc.syntax.tree import Call

SINGULAR = CATALOGUE["div"].domain or ""  # an inverse is the adjugate divided by the determinant
MATRIX_STEP, MATRIX_BITS, GROWTH = 0.02, 192, 1.3  # steps of a product in a matrix, the bits that it takes them for
ITEM_STEP = 0.2  # to move an element
FARTHEST = 20_000  # powers of two between the numbers of a matrix that are worth writing out


class Engine(Protocol):
    """What evaluates: its numbers, and what it does with them element by element."""

    bits: int
    plain: bool  # are numbers without proofs of what is 0 enough?
    signless: bool  # is it the size of terms that is worked out?
    zero: Ball
    one: Ball

    def function(self, name: str) -> Callable[..., Any]:
        """A function of elements."""

    def number(self, value: int | fmpq) -> Ball:
        """A rational number."""

    def each(self, node: Call, function: Callable[..., Any], arguments: Sequence[Tensor]) -> Tensor:
        """A function of every element."""


Operation: TypeAlias = Callable[[Engine, Call, Sequence[Tensor]], Tensor]


def multiplied(engine: Engine, a: Tensor, b: Tensor) -> Tensor:
    """The matrix product; vectors as rows on the left, columns on the right."""
    shape = (*a.shape[:-1], *b.shape[1:])
    inner = int(a.shape[-1])
    if engine.plain and not (a.missing or b.missing):
        _spend(engine, size(shape) * inner, size(a.shape) + size(b.shape))
        if len(a.shape) == 1:
            return Tensor(shape, matrix=(a.turned * b.matrix).transpose())
        return Tensor(shape, matrix=a.matrix * b.matrix)
    columns = size(b.shape[1:])
    right = [b.items[column::columns] for column in range(columns)]
    rows = (a.items[start : start + inner] for start in range(0, len(a.items), inner))
    mul = engine.function("mul")
    spend(size(shape) * inner)
    return made_of(
        shape,
        [
            first_missing(row, column) or summed(engine, map(mul, row, column))
            for row in rows
            for column in right
        ],
    )  # fmt: skip


def summed(engine: Engine, items: Iterable[Item]) -> Ball:
    """The sum of balls."""
    found: Ball = reduce(engine.function("add"), items)
    return found


def _spend(engine: Engine, products: float, moved: float) -> None:
    spend(products * MATRIX_STEP * (engine.bits / MATRIX_BITS) ** GROWTH + moved * ITEM_STEP)


def whole_numbers(a: Tensor) -> tuple[fmpz_mat, int] | None:
    """A matrix as whole multiples of a power of two; None where an element is not exact, or they differ too much."""
    parts = [one.man_exp() for one in a.items if one.is_exact()]
    if len(parts) < len(a.items):
        return None
    least = min((int(exponent) for mantissa, exponent in parts if mantissa), default=0)
    if any(mantissa and exponent - least > FARTHEST for mantissa, exponent in parts):
        return None
    rows, columns = map(int, a.shape)
    return fmpz_mat(
        rows, columns, [mantissa << int(exponent - least) if mantissa else 0 for mantissa, exponent in parts]
    ), least


def determinant(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    """det A; of numbers without error it is known whether it is 0."""
    a = arguments[0]
    n = int(a.shape[0])
    _spend(engine, 4 * n**3, n * n)
    found: Ball = a.matrix.det()
    exact = None if engine.plain and not found.contains(0) else whole_numbers(a)
    if exact is None:
        return Tensor((), [found])
    spend(n**3)
    whole, exponent = exact
    return Tensor((), [engine.number(fmpq(whole.det()) * fmpq(2) ** (n * exponent))])


def divided(engine: Engine, a: Tensor, b: Tensor | None = None) -> Tensor:
    """The inverse of A, or the x of A @ x = b. Raises NoValue where A is singular."""
    n = int(a.shape[0])
    _spend(engine, 6 * n**3, n * n)
    if not engine.plain and b is None and (exact := whole_numbers(a)) is not None:
        spend(n**4)
        return _exact_inverse(engine, a.shape, *exact)
    try:
        found = a.matrix.inv() if b is None else a.matrix.solve(b.matrix)
    except ZeroDivisionError:
        exact = whole_numbers(a)
        if exact is None or exact[0].rank() == n:
            raise Undecided from None
        raise NoValue(SINGULAR) from None
    return Tensor(a.shape if b is None else b.shape, matrix=found)


def _exact_inverse(engine: Engine, shape: Shape, whole: fmpz_mat, exponent: int) -> Tensor:
    """The inverse as fractions."""
    try:
        inverse = fmpq_mat(whole).inv()
    except ZeroDivisionError:
        raise NoValue(SINGULAR) from None
    scale = fmpq(2) ** -exponent
    return Tensor(shape, [engine.number(one * scale) for one in inverse.entries()])


def _inverse(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    return divided(engine, arguments[0])


def _solution(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    return divided(engine, *arguments)


def factored(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    """The lower triangle L for which L @ L.T is the symmetric part. Raises NoValue where that is not positive."""
    a = arguments[0].items
    n = int(arguments[0].shape[0])
    spend(n**3)
    mul, sub, div, root = (engine.function(name) for name in ("mul", "sub", "div", "sqrt"))
    found = [engine.zero] * (n * n)
    two, add = engine.number(2), engine.function("add")
    for i in range(n):
        for j in range(i + 1):
            half = a[i * n + i] if i == j else div(add(a[i * n + j], a[j * n + i]), two)
            rest = reduce(sub, map(mul, found[i * n : i * n + j], found[j * n : j * n + j]), half)
            found[i * n + j] = root(rest) if i == j else div(rest, found[j * n + j])
    return Tensor((n, n), found)


def pseudoinverse(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    """The inverse of the smaller product of a matrix and its transpose, times the transpose. Raises NoValue."""
    (a,) = arguments
    m, n = map(int, a.shape)
    turned = transposed(a)
    if m >= n:
        return multiplied(engine, divided(engine, multiplied(engine, turned, a)), turned)
    return multiplied(engine, turned, divided(engine, multiplied(engine, a, turned)))


def power(engine: Engine, a: Tensor, exponent: int) -> Tensor:
    """A whole power of a matrix."""
    base = divided(engine, a) if exponent < 0 else a
    if exponent == 0:
        return identity(engine, int(a.shape[0]))
    return reduce(lambda one, other: multiplied(engine, one, other), [base] * abs(exponent))


def identity(engine: Engine, n: int) -> Tensor:
    """The unit matrix."""
    return Tensor((n, n), [engine.one if place % (n + 1) == 0 else engine.zero for place in range(n * n)])


def _outer(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    a, b = arguments
    return multiplied(engine, a.reshaped((*a.shape, 1)), b.reshaped((1, *b.shape)))


def _kron(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    (m, n), (p, q) = (map(int, one.shape) for one in arguments)
    a, b = arguments
    found = engine.each(node, engine.function("mul"), [a.reshaped((m, 1, n, 1)), b.reshaped((1, p, 1, q))])
    return found.reshaped((m * p, n * q))


# -- places


MATRICES: dict[str, Operation] = {
    "matmul": lambda engine, node, arguments: multiplied(engine, *arguments),
    "outer": _outer, "kron": _kron, "det": determinant, "inv": _inverse, "solve": _solution,
    "cholesky": factored, "pinv": pseudoinverse,
    "matrix_power": lambda engine, node, arguments: power(engine, arguments[0], integer(node.arguments[1])),
    "eye": lambda engine, node, arguments: identity(engine, integer(node.arguments[0])),
}  # fmt: skip
