"""Sums and products of arrays of whole numbers, and what is made of these; None where a rule does not hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import accumulate
from operator import mul

from gradcalc.arrays.literals import axis, integers
from gradcalc.arrays.shape import Shape, checked_axis, size
from gradcalc.engines.exact import dual
from gradcalc.engines.exact.dual import Dual
from gradcalc.syntax.tree import Call

LARGEST_POWER = 8


@dataclass(frozen=True, slots=True)
class Folding:
    """A call to be worked out: its node, the shape of its value, and its arguments."""

    node: Call
    shape: Shape
    arguments: Sequence[Dual]


Fold = Callable[[Folding], Dual | None]

# -- other places


def _strides(shape: Shape) -> list[int]:
    """How far apart neighbours are along each axis, row-major."""
    sizes = accumulate((int(length) for length in reversed(shape)), mul, initial=1)
    return list(sizes)[-2::-1] if shape else []


def _strided(a: Dual, strides: Sequence[int], shape: Shape, offset: int = 0) -> Dual:
    """The elements from `offset` on that are these strides apart, as an array of a shape."""
    places = [offset]
    for length, stride in zip(shape, strides, strict=True):
        places = [place + stride * step for place in places for step in range(int(length))]
    return dual.gathered(a, places, shape)


def _broadcast(a: Dual, shape: Shape) -> Dual:
    """The array repeated to a shape, as NumPy does it."""
    if a.shape == shape:
        return a
    own = [0 if length == 1 else stride for length, stride in zip(a.shape, _strides(a.shape), strict=True)]
    return _strided(a, [0] * (len(shape) - len(own)) + own, shape)


def _transpose(given: Folding) -> Dual:
    (a,) = given.arguments
    return _strided(a, _strides(a.shape)[::-1], given.shape)


def _index(given: Folding) -> Dual:
    strides, a = _strides(given.arguments[0].shape), given.arguments[0]
    chosen = [place - 1 for place in integers(given.node.arguments[1:])]
    return _strided(a, strides[len(chosen) :], given.shape, sum(map(mul, chosen, strides)))


def _diag(given: Folding) -> Dual | None:
    (a,) = given.arguments
    return _strided(a, [sum(_strides(a.shape))], given.shape) if len(a.shape) == 2 else None


def _filled(value: int) -> Fold:
    return lambda given: _broadcast(dual.number(Fraction(value)), given.shape)


def _identity(given: Folding) -> Dual:
    n = int(given.shape[0])
    return Dual(given.shape, Fraction(1), [int(place % (n + 1) == 0) for place in range(n * n)])


# -- sums and products


def _both(rule: Callable[[Dual, Dual, Shape], Dual]) -> Fold:
    """The rule of a function of two arrays."""
    return lambda given: rule(given.arguments[0], given.arguments[1], given.shape)


def _sum_of(a: Dual, b: Dual, shape: Shape) -> Dual:
    return dual.total(_broadcast(a, shape), _broadcast(b, shape))


def _difference(given: Folding) -> Dual:
    a, b = given.arguments
    return _sum_of(a, dual.scaled(b, Fraction(-1)), given.shape)


def _product(given: Folding) -> Dual:
    for one, other in (given.arguments, given.arguments[::-1]):
        if one.constant:
            return _broadcast(dual.scaled(other, one.constant), given.shape)
    a, b = (_broadcast(one, given.shape) for one in given.arguments)
    return dual.product(a, b)


def _quotient(given: Folding) -> Dual | None:
    a, b = given.arguments
    return dual.scaled(a, 1 / b.constant) if b.constant else None


def _power(given: Folding) -> Dual | None:
    a, exponent = given.arguments[0], given.arguments[1].constant
    if exponent is None or exponent.denominator != 1 or not 1 <= exponent <= LARGEST_POWER:
        return None
    return reduce(dual.product, [a] * int(exponent))


def _square(a: Dual) -> Dual:
    return dual.product(a, a)


def _outer(given: Folding) -> Dual:
    a, b = given.arguments
    return dual.product(_strided(a, [1, 0], given.shape), _strided(b, [0, 1], given.shape))


# -- reductions


def _axis(given: Folding) -> int | None:
    """The axis that a reduction runs along, counted from the front; None for all elements."""
    named = axis(given.node)
    return None if named is None else checked_axis(given.arguments[0].shape, named)


def _sum(given: Folding) -> Dual:
    return dual.summed(given.arguments[0], _axis(given), given.shape)


def _mean(given: Folding) -> Dual:
    count = size(given.arguments[0].shape) // size(given.shape)
    return dual.scaled(_sum(given), Fraction(1, count))


def _variance(given: Folding) -> Dual:
    a, along = given.arguments[0], _axis(given)
    kept = () if along is None else tuple(1 if one == along else n for one, n in enumerate(a.shape))
    mean = replace(_mean(given), shape=kept)  # the axis stays, for broadcasting
    deviations = _sum_of(a, dual.scaled(mean, Fraction(-1)), a.shape)
    return _mean(replace(given, arguments=[_square(deviations), *given.arguments[1:]]))


# -- functions in pieces, where no element that varies stands between two


def _piecewise(slope: Callable[[int], int]) -> Fold:
    """The rule of a function that is a multiple of its argument on either side of 0."""

    def fold(given: Folding) -> Dual | None:
        (a,) = given.arguments
        return dual.pieces(a, list(map(slope, a.base))) if _apart(a) else None

    return fold


def _sign(value: int) -> int:
    return 1 if value > 0 else -1


def _extreme(sign: int) -> Fold:
    """The rule of the larger of two, or of the smaller for -1."""

    def fold(given: Folding) -> Dual | None:
        a, b = (_broadcast(one, given.shape) for one in given.arguments)
        ahead = _sum_of(a, dual.scaled(b, Fraction(-1)), given.shape)
        if not _apart(ahead):
            return None
        first = [int(value * sign > 0) for value in ahead.base]
        return dual.total(dual.pieces(a, first), dual.pieces(b, [1 - one for one in first]))

    return fold


def _most(sign: int) -> Fold:
    """The rule of the largest along an axis, or of the smallest for -1."""

    def fold(given: Folding) -> Dual | None:
        a = given.arguments[0]
        moving = set().union(*a.slopes.values())
        chosen = []
        for line in dual.lines(a.shape, _axis(given)):
            best = max(a.base[place] * sign for place in line)
            first, *others = [place for place in line if a.base[place] * sign == best]
            if others and not moving.isdisjoint((first, *others)):
                return None
            chosen.append(first)
        return dual.gathered(a, chosen, given.shape)

    return fold


def _apart(a: Dual) -> bool:
    """Is no element that varies 0?"""
    return all(a.base[place] for own in a.slopes.values() for place in own)


FOLDS: dict[str, Fold] = {
    "add": _both(_sum_of), "sub": _difference, "mul": _product, "div": _quotient,
    "neg": lambda given: dual.scaled(given.arguments[0], Fraction(-1)), "pow": _power,
    "mse": lambda given: _square(_difference(given)),
    "matmul": _both(dual.matmul), "outer": _outer,
    "transpose": _transpose, "index": _index, "diag": _diag, "eye": _identity, "ones": _filled(1), "zeros": _filled(0),
    "sum": _sum, "var": _variance,
    "abs": _piecewise(_sign), "relu": _piecewise(lambda value: int(value > 0)),
    "max": _extreme(1), "min": _extreme(-1), "amax": _most(1), "amin": _most(-1),
}  # fmt: skip
