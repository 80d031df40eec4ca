"""Arrays of exact rational numbers with their slopes by a few parameters, for sums and products alone.

The numbers are whole multiples of one scale: Python's whole numbers multiply a hundred times faster than the exact
engine's, and no digit is ever lost.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from operator import add, mul

from gradcalc.arrays.shape import Shape
from gradcalc.base.effort import spend
from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.packed import Packed

DOUBLE = 53  # bits of a float64
WIDEST = 4_000  # bits of a number
LARGEST_SHIFT = 960  # powers of two that a float64 is moved by; further ones would overflow
Slope = tuple[int, int]  # a derivative, and the sum of the absolute values of the terms that it is the sum of
Slopes = Mapping[str, Mapping[int, Slope]]  # by each parameter, of the elements that it moves


@dataclass(frozen=True, slots=True)
class Dual:
    """The numbers `base[k]*scale`, row-major, with the slopes of element k by each parameter, in the same scale.

    An element without a slope by a parameter does not depend on it, one with the slope 0 may. `bent` are the parameters
    whose square was dropped somewhere: along these a dual is only tangent to the function. `lost` is how many leading
    bits cancelled in a sum of two arrays, at the worst of the elements.
    """

    shape: Shape
    scale: Fraction
    base: Sequence[int]
    slopes: Slopes = field(default_factory=dict)
    bent: frozenset[str] = frozenset()
    lost: int = 0

    @property
    def constant(self) -> Fraction | None:
        """The number, where this is a single one that no parameter moves."""
        return None if self.shape or any(self.slopes.values()) else self.base[0] * self.scale


def number(value: Fraction) -> Dual:
    """A constant."""
    return Dual((), Fraction(1, value.denominator), [value.numerator])


def measured(shape: Shape, values: Sequence[float], parameters: Mapping[str, int]) -> Dual:
    """Floats, of which the element at each parameter's place is moved by it."""
    bits = 0
    if not all(map(float.is_integer, values)):
        least = min(map(abs, filter(None, values)))
        bits = max(0, DOUBLE - math.frexp(least)[1])
    if math.frexp(max(map(abs, values)))[1] + bits > LARGEST_SHIFT:
        raise LimitError("the numbers of an array differ too much in size")
    unit = 1 << bits
    slopes = {parameter: {place: (unit, unit)} for parameter, place in parameters.items()}
    return Dual(shape, Fraction(1, unit), Packed(values, bits), slopes)


def moving(shape: Shape, components: Sequence[Fraction], parameter: str) -> Dual:
    """Zeros, which the parameter moves by these components."""
    unit = math.lcm(*(one.denominator for one in components))
    slopes = {place: int(one * unit) for place, one in enumerate(components) if one}
    return Dual(
        shape,
        Fraction(1, unit),
        [0] * len(components),
        {parameter: {place: (slope, abs(slope)) for place, slope in slopes.items()}},
    )


# -- element by element, of one shape


def scaled(a: Dual, factor: Fraction) -> Dual:
    """A multiple, by a factor that is not 0."""
    found = replace(a, scale=a.scale * abs(factor))
    _require_width(found)
    return found if factor > 0 else _times(found, -1)


def total(a: Dual, b: Dual) -> Dual:
    """a + b."""
    scale = _common(a.scale, b.scale)
    factors = [int(x.scale / scale) for x in (a, b)]
    _require_width(a, b, more=max(factors).bit_length())
    one, other = (_times(x, factor) for x, factor in zip((a, b), factors, strict=True))
    base = list(map(add, one.base, other.base))
    lost = max(a.lost, b.lost, max(map(_lost, one.base, other.base, base)))
    return Dual(a.shape, scale, base, _joined([one.slopes, other.slopes]), a.bent | b.bent, lost)


def _lost(one: int, other: int, result: int) -> int:
    """The bits between the larger term and a sum that is not 0."""
    return max(one.bit_length(), other.bit_length()) - result.bit_length() if result else 0


def _common(one: Fraction, other: Fraction) -> Fraction:
    """The largest scale that both are whole multiples of."""
    p, q = one.denominator, other.denominator
    return Fraction(math.gcd(one.numerator * q, other.numerator * p), p * q)


def _times(a: Dual, factor: int) -> Dual:
    """Every whole number times another."""
    if factor == 1:
        return a
    slopes = {
        parameter: {place: (slope * factor, size * abs(factor)) for place, (slope, size) in own.items()}
        for parameter, own in a.slopes.items()
    }
    return replace(a, base=[value * factor for value in a.base], slopes=slopes)


def product(a: Dual, b: Dual) -> Dual:
    """a * b."""
    _require_width(a, b)
    both = _both(a, b)
    slopes = _joined([_factored(a.slopes, b.base, both), _factored(b.slopes, a.base, both)])
    return Dual(
        a.shape, a.scale * b.scale, list(map(mul, a.base, b.base)), slopes, a.bent | b.bent | both, max(a.lost, b.lost)
    )


def pieces(a: Dual, factors: Sequence[int]) -> Dual:
    """Each element times a whole number of its own."""
    return replace(a, base=list(map(mul, a.base, factors)), slopes=_factored(a.slopes, factors, frozenset()))


def _both(a: Dual, b: Dual) -> frozenset[str]:
    """The parameters that move elements of both: the square of each is dropped from their product."""
    one, other = ({parameter for parameter, own in x.slopes.items() if own} for x in (a, b))
    return frozenset(one & other)


def _factored(slopes: Slopes, factors: Sequence[int], both: frozenset[str]) -> Slopes:
    """Slopes, those of each element times a number; 0 leaves none, but for parameters that move the numbers too."""
    spend(sum(map(len, slopes.values())))
    return {
        parameter: {
            place: (slope * factors[place], size * abs(factors[place]))
            for place, (slope, size) in own.items()
            if factors[place] or parameter in both
        }
        for parameter, own in slopes.items()
    }


def _joined(several: Iterable[Slopes]) -> Slopes:
    """The sum of slopes."""
    found: dict[str, dict[int, Slope]] = {}
    for slopes in several:
        for parameter, own in slopes.items():
            spend(len(own))
            sums = found.setdefault(parameter, {})
            for place, (slope, size) in own.items():
                before = sums.get(place, (0, 0))
                sums[place] = (before[0] + slope, before[1] + size)
    return found


def _require_width(*several: Dual, more: int = 0) -> None:
    """Raises LimitError where numbers made of these, and of `more` bits, would have too many digits."""
    for one in several:
        more += max(map(int.bit_length, one.base)) + max(one.scale.numerator, one.scale.denominator).bit_length()
    if more > WIDEST:
        raise LimitError("the exact numbers have too many digits")


# -- elements that move


def gathered(a: Dual, places: Sequence[int], shape: Shape) -> Dual:
    """The array of a shape whose element k is a's at `places[k]`."""
    touched = set().union(*a.slopes.values())
    ends: dict[int, list[int]] = defaultdict(list)
    for end, place in enumerate(places) if touched else ():
        if place in touched:
            ends[place].append(end)
    slopes = {
        parameter: {end: slope for place, slope in own.items() for end in ends[place]}
        for parameter, own in a.slopes.items()
    }
    return replace(a, shape=shape, base=[a.base[place] for place in places], slopes=slopes)


def lines(shape: Shape, axis: int | None) -> list[range]:
    """The places of the elements that lie along an axis, line by line; of all elements, for none."""
    sizes = [int(size) for size in shape]
    inner = 1 if axis is None else math.prod(sizes[axis + 1 :])
    block = math.prod(sizes) if axis is None else sizes[axis] * inner
    count = math.prod(sizes)
    return [
        range(start, first + block, inner) for first in range(0, count, block) for start in range(first, first + inner)
    ]


def summed(a: Dual, axis: int | None, shape: Shape) -> Dual:
    """The sums along an axis, or of all elements, as an array of a shape."""
    base = [sum(a.base[line.start : line.stop : line.step]) for line in lines(a.shape, axis)]
    inner = 1 if axis is None else math.prod(int(size) for size in a.shape[axis + 1 :])
    block = len(a.base) // len(base) * inner
    moved = [
        {parameter: {place // block * inner + place % inner: slope}}
        for parameter, own in a.slopes.items()
        for place, slope in own.items()
    ]
    slopes = _joined(moved)
    return replace(a, shape=shape, base=base, slopes=slopes)


def matmul(a: Dual, b: Dual, shape: Shape) -> Dual:
    """The matrix product; vectors as rows on the left, columns on the right."""
    _require_width(a, b)
    inner = int(a.shape[-1])
    columns = len(b.base) // inner
    left = (a.base[start : start + inner] for start in range(0, len(a.base), inner))
    right = [b.base[column::columns] for column in range(columns)]
    base = [sum(map(mul, row, column)) for row in left for column in right]
    slopes: dict[str, dict[int, Slope]] = {}
    both = _both(a, b)
    for parameter in {**a.slopes, **b.slopes}:
        sums = slopes.setdefault(parameter, {})
        for place, slope in a.slopes.get(parameter, {}).items():
            row, k = divmod(place, inner)
            ends = range(row * columns, (row + 1) * columns)
            _spread(sums, slope, ends, b.base[k * columns : (k + 1) * columns], parameter in both)
        for place, slope in b.slopes.get(parameter, {}).items():
            k, column = divmod(place, columns)
            _spread(sums, slope, range(column, len(base), columns), a.base[k::inner], parameter in both)
    return Dual(shape, a.scale * b.scale, base, slopes, a.bent | b.bent | both, max(a.lost, b.lost))


def _spread(sums: dict[int, Slope], slope: Slope, ends: range, factors: Sequence[int], all_of_them: bool) -> None:
    """Add a slope times each factor, at the ends; a factor that is 0 and stays so adds nothing."""
    for end, factor in zip(ends, factors, strict=True):
        if factor or all_of_them:
            before = sums.get(end, (0, 0))
            sums[end] = (before[0] + slope[0] * factor, before[1] + slope[1] * abs(factor))
