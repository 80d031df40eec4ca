"""The first coefficients of a Taylor series in closed form: rational numbers, times powers of the root of pi."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from gradcalc.base.errors import LimitError
from gradcalc.calculus.simplify import build
from gradcalc.engines.exact import jets
from gradcalc.engines.exact.ball import Ball, Undecided, as_fraction, rational, working
from gradcalc.engines.exact.evaluation import PROVING
from gradcalc.engines.exact.rules import NoValue
from gradcalc.engines.exact.series import Series, on_series
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Constant, Node, number, substitute

BITS = 600
NOTHING, NEAR = Ball((1, -300)), Fraction(1, 2**300)  # what counts as 0, and how near a simple number is
LARGEST = 10**40  # denominator of a coefficient
POWERS = tuple(Fraction(power, 2) for power in (0, 2, -2, 4, -1, 1, -3, 3, 6, 8))  # of pi, in the order of trials
LEADING = 6  # terms that may vanish above and below a line


class NoSeries(Exception):
    """There is no series of a part, not even one that begins with a negative power."""


def expansion(root: Node, name: str, place: Fraction, count: int) -> list[Node] | None:
    """Coefficients about a place, of a quotient also where it is 0/0; as many as have a closed form, at most `count`.

    None where there is no series.
    """
    try:
        with working(BITS):
            found: list[Node] = []
            for term in _regular(_series(root, name, place, count + LEADING))[:count]:
                closed = _closed(term)
                if closed is None:
                    break
                found.append(closed)
            return found
    except (NoSeries, NoValue, Undecided, LimitError):
        return None


class Laurent(NamedTuple):
    """The first terms of a series that begins with a power of the variable, perhaps a negative one."""

    first: int
    terms: Sequence[Ball]


def _series(root: Node, name: str, place: Fraction, count: int) -> Laurent:
    """The series of a tree: by its derivatives, or where these have a pole from those of its parts.

    Raises NoSeries.
    """
    found = jets.along(root, {name: place}, {name: PROVING.one}, count - 1, PROVING)
    if found is not None:
        return Laurent(0, [*found, *[PROVING.zero] * (count - len(found))])
    if not isinstance(root, Call):
        raise NoSeries
    if root.function == "where" and isinstance(root.arguments[0], Call) and root.arguments[0].function == "eq":
        return _series(root.arguments[2], name, place, count)  # a hole that is filled
    row = CATALOGUE[root.function]
    if root.function not in ARITHMETIC and row.definition is not None:
        bound = dict(zip(row.parameters, root.arguments, strict=True))
        return _series(substitute(rule(row.definition), bound), name, place, count)
    parts = [_series(part, name, place, count) for part in root.arguments]
    return ARITHMETIC[root.function](*parts) if root.function in ARITHMETIC else _applied(root.function, parts)


def _applied(function: str, parts: Sequence[Laurent]) -> Laurent:
    """A function of what has no pole."""
    plain = [_regular(part) for part in parts]
    found = on_series(PROVING).operation(function)(*(Series(one, list(map(abs, one))) for one in plain))
    if not found.whole:
        raise NoSeries
    return Laurent(0, found.terms)


def _regular(series: Laurent) -> list[Ball]:
    """The terms of a series from the constant one on. Raises NoSeries where there are others."""
    if not all(map(_is_nothing, series.terms[: max(-series.first, 0)])):
        raise NoSeries
    return [*[PROVING.zero] * series.first, *series.terms[max(-series.first, 0) :]]


def _sum(a: Laurent, b: Laurent) -> Laurent:
    first = min(a.first, b.first)
    count = min(one.first + len(one.terms) for one in (a, b)) - first
    padded = [[*[PROVING.zero] * (one.first - first), *one.terms][:count] for one in (a, b)]
    return Laurent(first, list(map(ADD, *padded)))


def _neg(a: Laurent) -> Laurent:
    return Laurent(a.first, list(map(OPERATIONS["neg"], a.terms)))


def _product(a: Laurent, b: Laurent) -> Laurent:
    count = min(len(a.terms), len(b.terms))
    terms = [reduce(ADD, map(MUL, a.terms[: k + 1], b.terms[k::-1])) for k in range(count)]
    return Laurent(a.first + b.first, terms)


def _quotient(a: Laurent, b: Laurent) -> Laurent:
    """The quotient, term by term from b · (a/b) = a."""
    shift = next((power for power, term in enumerate(b.terms) if not _is_nothing(term)), None)
    if shift is None:
        raise NoSeries
    below = b.terms[shift:]
    found: list[Ball] = []
    for power in range(min(len(a.terms), len(below))):
        known = reduce(ADD, map(MUL, below[1 : power + 1], found[::-1]), PROVING.zero)
        found.append(OPERATIONS["div"](OPERATIONS["sub"](a.terms[power], known), below[0]))
    return Laurent(a.first - b.first - shift, found)


OPERATIONS = PROVING.arithmetic.operations
ADD, MUL = OPERATIONS["add"], OPERATIONS["mul"]
ARITHMETIC: dict[str, Callable[..., Laurent]] = {
    "add": _sum, "neg": _neg, "mul": _product, "div": _quotient, "sub": lambda a, b: _sum(a, _neg(b)),
}  # fmt: skip


def _is_nothing(term: Ball) -> bool:
    return bool(abs(term) < NOTHING)


def _closed(term: Ball) -> Node | None:
    """The simple number that a coefficient is; None where none is known."""
    if _is_nothing(term):
        return number(0)
    pi = Ball.pi()
    for power in POWERS:
        value = as_fraction(term / pi ** rational(power))
        simple = None if value is None else value.limit_denominator(LARGEST)
        if value is not None and simple is not None and abs(value - simple) < NEAR * abs(value):
            return _times_power_of_pi(simple, power)
    return None


def _times_power_of_pi(value: Fraction, power: Fraction) -> Node:
    """A fraction, the power above or below its line; a negative one with its sign outside."""
    base = Constant("pi") if power.denominator == 1 else Call("sqrt", (Constant("pi"),))
    size = build("pow", base, number(abs(power) if power.denominator == 1 else abs(power) * 2))
    above, below = number(abs(value).numerator), number(value.denominator)
    if power > 0:
        above = build("mul", above, size)
    elif power < 0:
        below = build("mul", below, size)
    quotient = above if below == number(1) else Call("div", (above, below))
    return Call("neg", (quotient,)) if value < 0 else quotient
