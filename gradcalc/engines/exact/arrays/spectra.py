"""Eigenvalues, singular values and exponentials of matrices, and what flows back through them.

Eigenvalues are isolated in acb; where several are one, they are the roots of the characteristic polynomial of a
matrix whose numbers have no error. Source of the derivatives: Magnus, On differentiating eigenvalues and eigenvectors,
Econometric Theory, 1985; Higham, Functions of Matrices, 2008, chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import groupby
from typing import TypeAlias

from flint import acb, acb_mat, arb_mat, fmpz_mat

from gradcalc.base.effort import spend
from gradcalc.engines.exact.arrays.matrices import MATRIX_BITS, Engine, Operation, whole_numbers
from gradcalc.engines.exact.arrays.tensor import Tensor
from gradcalc.engines.exact.ball import Ball, Undecided
from gradcalc.engines.exact.rules import NoValue
from gradcalc.syntax.tree import Call

ISOLATING, EXPONENTIAL = 8, 4  # steps for each n**3, at MATRIX_BITS
REPEATED = "eigenvalues that are one have no slopes of their own"
Backward: TypeAlias = Callable[[Engine, Call, int, Tensor, Sequence[Tensor]], Tensor]


def symmetric_part(a: arb_mat) -> arb_mat:
    """(A + A.T)/2."""
    return (a + a.transpose()) * Ball((1, -1))


def eigenvalues(engine: Engine, a: arb_mat) -> list[Ball]:
    """The eigenvalues of a symmetric matrix, ascending; those that are one are the same ball. Raises Undecided."""
    n = a.nrows()
    spend(ISOLATING * n**3 * engine.bits / MATRIX_BITS)
    try:
        return sorted((one.real for one in acb_mat(a).eig()), key=_middle)
    except ValueError:
        exact = whole_numbers(Tensor((n, n), matrix=a))
    if exact is None:
        raise Undecided
    whole, exponent = exact
    return _roots(whole, exponent)


def _roots(matrix: fmpz_mat, exponent: int) -> list[Ball]:
    """The eigenvalues of a matrix times a power of two, ascending, each as often as it is a root."""
    spend(matrix.nrows() ** 4)
    found: list[tuple[acb, int]] = matrix.charpoly().complex_roots()  # type: ignore[assignment]  # python-flint's own types are wrong
    roots = [(root.real * Ball((1, exponent)), count) for root, count in found]
    return [root for root, count in sorted(roots, key=lambda one: _middle(one[0])) for _ in range(count)]


def _middle(ball: Ball) -> Ball:
    return ball.mid()


def weighted(
    engine: Engine, a: arb_mat, values: Sequence[Ball], flows: Sequence[Ball], over: Sequence[Ball]
) -> arb_mat:
    """The sum of flows, each over a number, times the projections on the spaces of eigenvectors.

    Eigenvalues that are one have one space, so that their flows have to be one. Raises NoValue and Undecided.
    """
    weights = [flow / one for flow, one in zip(flows, over, strict=True)]
    groups = [list(group) for _, group in groupby(range(len(values)), key=lambda place: id(values[place]))]
    for group in groups:
        first = flows[group[0]]
        if any(flows[one] is not first and not (flows[one] - first).is_zero() for one in group):
            raise NoValue(REPEATED)
    n = a.nrows()
    if all(one is over[0] for one in over) and all(one is flows[0] for one in flows):  # the projections add up to 1
        return arb_mat(n, n, [weights[0] if place % (n + 1) == 0 else 0 for place in range(n * n)])
    if len(groups) == n:
        spend(ISOLATING * n**3 * engine.bits / MATRIX_BITS)
        return _by_vectors(a, values, weights)
    spend(len(groups) ** 2 * n**3)
    return sum(
        (
            _projection(a, [values[own[0]] for own in groups], place) * weights[group[0]]
            for place, group in enumerate(groups)
        ),
        arb_mat(n, n),
    )


def _by_vectors(a: arb_mat, values: Sequence[Ball], weights: Sequence[Ball]) -> arb_mat:
    """The same from eigenvectors, each divided by its length."""
    n = a.nrows()
    try:
        found, vectors = acb_mat(a).eig(right=True)
    except ValueError:
        raise Undecided from None
    order = sorted(range(n), key=lambda place: _middle(found[place].real))
    total = acb_mat(n, n)
    for place, own in enumerate(order):
        column = acb_mat(n, 1, [vectors[row, own] for row in range(n)])
        square = (column.transpose() * column)[0, 0]
        total += column * column.transpose() * (weights[place] / square)
    return arb_mat(n, n, [one.real for one in total.entries()])


def _projection(a: arb_mat, values: Sequence[Ball], own: int) -> arb_mat:
    """The projection on the space of one of the different eigenvalues, a polynomial in A: Sylvester's formula."""
    unit = arb_mat(a.nrows(), a.nrows(), [int(i == j) for i in range(a.nrows()) for j in range(a.nrows())])
    others = [other for place, other in enumerate(values) if place != own]
    factors = [(a - unit * other) * (1 / (values[own] - other)) for other in others]
    return reduce(lambda one, other: one * other, factors, unit)


def smaller_product(a: Tensor) -> tuple[arb_mat, bool]:
    """A.T @ A of a tall matrix, A @ A.T of a wide one; and whether it is tall."""
    tall = int(a.shape[0]) >= int(a.shape[1])
    return (a.turned * a.matrix if tall else a.matrix * a.turned), tall


def singular_values(engine: Engine, a: Tensor) -> tuple[list[Ball], list[Ball]]:
    """The eigenvalues of the smaller product, ascending, and their roots; those that are one are the same ball."""
    squares = eigenvalues(engine, smaller_product(a)[0])
    roots: dict[int, Ball] = {}
    for square in squares:
        if square.contains(0) and not square.is_zero():
            squares = _exactly(a)
            break
    for square in squares:
        roots[id(square)] = square.sqrt()
    return squares, [roots[id(square)] for square in squares]


def _exactly(a: Tensor) -> list[Ball]:
    """The eigenvalues of the smaller product, where one of them may be 0. Raises Undecided."""
    exact = whole_numbers(a)
    if exact is None:
        raise Undecided
    whole, exponent = exact
    tall = whole.nrows() >= whole.ncols()
    return _roots(whole.transpose() * whole if tall else whole * whole.transpose(), 2 * exponent)


# -- forward and backward


def _eigenvalues(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    return Tensor(arguments[0].shape[:1], eigenvalues(engine, symmetric_part(arguments[0].matrix)))


def _singular_values(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    found = singular_values(engine, arguments[0])[1][::-1]
    return Tensor((len(found),), found)


def _exponential(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    (a,) = arguments
    spend(EXPONENTIAL * int(a.shape[0]) ** 3 * engine.bits / MATRIX_BITS)
    return Tensor(a.shape, matrix=a.matrix.exp())


def _from_eigenvalues(engine: Engine, node: Call, place: int, flow: Tensor, arrays: Sequence[Tensor]) -> Tensor:
    if engine.signless:
        return _bound(flow, arrays[0])
    a = symmetric_part(arrays[0].matrix)
    unit = [engine.one] * a.nrows()
    return Tensor(arrays[0].shape, matrix=weighted(engine, a, eigenvalues(engine, a), flow.items, unit))


def _bound(flow: Tensor, a: Tensor) -> Tensor:
    """The size of what flows by unit vectors, whose elements are 1 at most."""
    return Tensor(a.shape, [sum(map(abs, flow.items), Ball(0))] * len(a.items))


def _from_singular_values(engine: Engine, node: Call, place: int, flow: Tensor, arrays: Sequence[Tensor]) -> Tensor:
    """Each singular value s moves by u.T @ dA @ v, where A @ v = s*u. Raises NoValue at one that is 0."""
    (a,) = arrays
    if engine.signless:
        return _bound(flow, a)
    if (own := _of_positive(engine, a)) is not None:  # which are the eigenvalues: their zeros are known as zeros
        unit = [engine.one] * len(own)
        return Tensor(a.shape, matrix=weighted(engine, a.matrix, own, flow.items[::-1], unit))
    squares, roots = singular_values(engine, a)
    if any(root.is_zero() for root in roots):
        raise NoValue(REPEATED)
    product, tall = smaller_product(a)
    found = weighted(engine, product, squares, flow.items[::-1], roots)
    return Tensor(a.shape, matrix=a.matrix * found if tall else found * a.matrix)


def _of_positive(engine: Engine, a: Tensor) -> list[Ball] | None:
    """The eigenvalues of a symmetric matrix, all of them positive, ascending; None of any other matrix."""
    if not all(one.is_exact() for one in a.items) or a.turned.entries() != a.matrix.entries():
        return None
    found = eigenvalues(engine, a.matrix)
    return found if all(one > 0 for one in found) else None


def _from_exponential(engine: Engine, node: Call, place: int, flow: Tensor, arrays: Sequence[Tensor]) -> Tensor:
    """The upper right block of the exponential of [[A.T, G], [0, A.T]]."""
    turned, given = arrays[0].turned, flow.matrix
    n = turned.nrows()
    spend(8 * EXPONENTIAL * n**3 * engine.bits / MATRIX_BITS)
    above = [[*(turned[i, j] for j in range(n)), *(given[i, j] for j in range(n))] for i in range(n)]
    below = [[*[Ball(0)] * n, *(turned[i, j] for j in range(n))] for i in range(n)]
    whole = arb_mat([*above, *below]).exp()
    return Tensor(arrays[0].shape, [whole[i, n + j] for i in range(n) for j in range(n)])


SPECTRA: dict[str, Operation] = {"eigvalsh": _eigenvalues, "svdvals": _singular_values, "expm": _exponential}
FROM_SPECTRA: dict[str, Backward] = {
    "eigvalsh": _from_eigenvalues, "svdvals": _from_singular_values, "expm": _from_exponential,
}  # fmt: skip
