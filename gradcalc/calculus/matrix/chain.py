"""Matrix products: powers collected, inverses and unit matrices gone, outer products and scalars taken apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from gradcalc.arrays.shape import times
from gradcalc.calculus.matrix.form import ZERO, Chain, Form, Unreadable, apply, is_call, raw_chain
from gradcalc.calculus.matrix.ones import arguments, eye, is_ones
from gradcalc.calculus.matrix.product import diagonal_matrix, element, multiply, outer, raise_to, stretched
from gradcalc.calculus.matrix.reduce import filled, row_sums, size, total
from gradcalc.calculus.matrix.sums import split_scalars
from gradcalc.calculus.matrix.transpose import transposed
from gradcalc.calculus.matrix.units import is_unit, place_of

Items = list[tuple[Form, int]]
LONGEST_POWER = 4  # of a product that is written out


def matmul(a: Form, b: Form) -> Form:
    """The product as NumPy has it: a vector is a row on the left and a column on the right."""
    if len(a.shape) == 1 and len(b.shape) == 2:
        return matmul(transposed(b), a)
    if len(a.shape) == 1:
        return chain([*reversed([(transposed(one), power) for one, power in items(a)]), *items(b)])
    return chain([*items(a), *items(b)])


def items(form: Form) -> Items:
    """The factors of a matrix or a vector."""
    return list(form.factors) if isinstance(form, Chain) else [(form, 1)]


def power(matrix: Form, exponent: int) -> Form:
    """A square matrix to a whole power."""
    return chain([(matrix, exponent)])


def inverse(matrix: Form) -> Form:
    """The inverse of a square matrix."""
    return power(matrix, -1)


def chain(found: Sequence[tuple[Form, int]]) -> Form:
    """The product of these factors: a matrix, a vector where one ends it, a scalar where one begins and one ends it."""
    scalar, arrays = _scalars(found)
    if scalar is ZERO:
        return ZERO
    for simplify in SIMPLIFIERS:
        changed = simplify(arrays)
        if changed is not None:
            return multiply(scalar, changed)
    return multiply(scalar, _as_form(arrays))


def _scalars(found: Sequence[tuple[Form, int]]) -> tuple[Form, Items]:
    """The scalars of all factors, and what is left of each."""
    scalars, arrays = [], []
    for base, exponent in found:
        scalar, rest = split_scalars(base)
        scalars.append(raise_to(scalar, Fraction(exponent)))
        arrays.append((rest, exponent))
    return multiply(*scalars), arrays


def _as_form(found: Items) -> Form:
    """The factors as they are; a scalar is its own transpose."""
    first, last = found[0], found[-1]
    if len(found) == 1 and first[1] == 1:
        return first[0]
    shape = first[0].shape[:-1] + last[0].shape[1:]
    mirrored = _mirrored(found)
    return raw_chain(tuple(found), shape, None if shape else frozenset((tuple(found), tuple(mirrored))))


def _mirrored(found: Items) -> Items:
    return [(transposed(base), exponent) for base, exponent in reversed(found)]


def kron(a: Form, b: Form) -> Form:
    """The Kronecker product, with scalars in front."""
    (s, u), (t, v) = split_scalars(a), split_scalars(b)
    if s is ZERO or t is ZERO:
        return ZERO
    if is_call(u, "eye") and is_call(v, "eye"):
        return multiply(s, t, eye(times(u.shape[0], v.shape[0])))
    return multiply(s, t, apply("kron", (u, v), tuple(map(times, u.shape, v.shape))))


# -- what simplifies a chain; each gives the simplified form, or None


def _nested(found: Items) -> Form | None:
    """Chains inside are opened; the inverse of a product of square matrices is that of each, in reverse."""
    for place, (base, exponent) in enumerate(found):
        if isinstance(base, Chain) and 0 < abs(exponent) <= LONGEST_POWER:
            row = len(base.shape) == 1 and len(found) > 1 and place == 0
            inner = _mirrored(list(base.factors)) if row else list(base.factors)
            if exponent < 0 and any(one.shape != base.shape for one, _ in inner):
                continue
            opened = inner if exponent > 0 else [(one, -own) for one, own in reversed(inner)]
            return chain([*found[:place], *opened * abs(exponent), *found[place + 1 :]])
    return None


def _units(found: Items) -> Form | None:
    """Unit matrices go, unless nothing else is there; powers of one matrix are one power."""
    for place, (base, exponent) in enumerate(found):
        if is_call(base, "eye") and (len(found) > 1 or exponent != 1):
            return chain([*found[:place], *found[place + 1 :]] or [(base, 1)])
        if exponent == 0:
            return chain([*found[:place], (eye(base.shape[0]), 1), *found[place + 1 :]])
        following = found[place + 1] if place + 1 < len(found) else None
        if following and following[0] is base and len(base.shape) == 2 and base.shape[0] == base.shape[1]:
            return chain([*found[:place], (base, exponent + following[1]), *found[place + 2 :]])
    return None


def _diagonals(found: Items) -> Form | None:
    """Diagonal matrices side by side, or beside a vector, multiply element by element."""
    for place, (base, exponent) in enumerate(found):
        if not (is_call(base, "diag") and len(base.shape) == 2):
            continue
        own = arguments(base)[0]
        if exponent != 1:
            return chain([*found[:place], (diagonal_matrix(raise_to(own, Fraction(exponent))), 1), *found[place + 1 :]])
        for other in (place - 1, place + 1):
            if 0 <= other < len(found) and (merged := _beside(own, *found[other])) is not None:
                low, high = min(place, other), max(place, other)
                return chain([*found[:low], (merged, 1), *found[high + 1 :]])
    return None


def _beside(own: Form, neighbour: Form, exponent: int) -> Form | None:
    """The product of a diagonal matrix and its neighbour, where that is a vector or diagonal too."""
    if len(neighbour.shape) == 1:
        return stretched(multiply(own, neighbour), neighbour.shape)
    if is_call(neighbour, "diag") and exponent == 1:
        return diagonal_matrix(stretched(multiply(own, arguments(neighbour)[0]), own.shape))
    return None


def _outers(found: Items) -> Form | None:
    """What stands before an outer product goes to its first vector, what stands behind it to its second."""
    for place, (base, exponent) in enumerate(found):
        if is_call(base, "outer") and exponent == 1 and len(found) > 1:
            a, b = arguments(base)
            left = chain([*found[:place], (a, 1)])
            right = chain([*_mirrored(found[place + 1 :]), (b, 1)])
            return multiply(left, right) if not (left.shape and right.shape) else outer(left, right)
    return None


def _krons(found: Items) -> Form | None:
    """A power of a Kronecker product is that of its powers, a product of two that of the products."""
    for place, (base, exponent) in enumerate(found):
        if not is_call(base, "kron"):
            continue
        a, b = arguments(base)
        if exponent != 1 and a.shape[0] == a.shape[1]:
            return chain([*found[:place], (kron(power(a, exponent), power(b, exponent)), 1), *found[place + 1 :]])
        following = found[place + 1] if place + 1 < len(found) else (base, 0)
        if following[1] == 1 and is_call(following[0], "kron"):
            c, d = arguments(following[0])
            if a.shape[1] == c.shape[0] and b.shape[1] == d.shape[0]:
                return chain([*found[:place], (kron(matmul(a, c), matmul(b, d)), 1), *found[place + 2 :]])
    return None


def _ends(found: Items) -> Form | None:
    """A vector of ones at an end sums what is next to it; a unit vector takes one element of it, or one row."""
    for turned in (found, _mirrored(found)):
        (last, _), rest = turned[-1], turned[:-1]
        if len(last.shape) == 1 and rest and rest[-1][1] == 1 and (is_ones(last) or is_unit(last)):
            merged = _summed(rest[-1][0]) if is_ones(last) else _taken(rest[-1][0], last)
            return chain([*rest[:-1], (merged, 1)]) if merged.shape else merged
        if len(found[0][0].shape) == 2:
            break
    return None


def _summed(neighbour: Form) -> Form:
    if len(neighbour.shape) == 1:
        return total(neighbour, neighbour.shape)
    return filled(row_sums(neighbour, neighbour.shape), neighbour.shape[:1])


def _taken(neighbour: Form, unit: Form) -> Form:
    return element(transposed(neighbour), len(neighbour.shape), *place_of(unit))


SIMPLIFIERS: tuple[Callable[[Items], Form | None], ...] = (
    _nested, _units, _diagonals, _outers, _krons, _ends,
)  # fmt: skip


# -- scalars of square matrices


def trace(matrix: Form) -> Form:
    """The sum of the diagonal; factors may change places in a circle."""
    scalar, rest = split_scalars(matrix)
    return ZERO if scalar is ZERO else multiply(scalar, _trace(rest))


def _trace(matrix: Form) -> Form:
    if is_call(matrix, "eye"):
        return size(matrix.shape[0])
    if is_call(matrix, "kron"):
        return multiply(*map(trace, arguments(matrix)))
    if is_call(matrix, "outer"):
        return chain([(one, 1) for one in arguments(matrix)])
    if is_call(matrix, "diag"):
        return total(arguments(matrix)[0], matrix.shape[:1])
    return _trace_of_product(items(matrix), matrix)


def _trace_of_product(found: Items, matrix: Form) -> Form:
    if len(found) > 1 and found[0][0] is found[-1][0]:
        return trace(chain([(found[0][0], found[0][1] + found[-1][1]), *found[1:-1]]))
    turns = [found[k:] + found[:k] for k in range(len(found))]
    return apply("trace", (matrix,), (), frozenset(tuple(way) for turn in turns for way in (turn, _mirrored(turn))))


def determinant(function: str, matrix: Form) -> Form:
    """`det` or `logdet`; a matrix and its transpose have the same."""
    if matrix is ZERO or len(matrix.shape) < 2:
        raise Unreadable
    return apply(function, (matrix,), (), frozenset((matrix, transposed(matrix))))
