"""Numbers as a tangent shows them: exact where that is proven, else in as many digits as tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gradcalc.base.errors import LimitError
from gradcalc.base.floating import FORMATS
from gradcalc.base.real import Real
from gradcalc.calculus.simplify import ZERO, build
from gradcalc.engines import ask
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.syntax.tree import Call, Name, Node, Number, is_decimal, number

LARGEST = 10**6  # denominator of the number that one may be
SAME = Fraction(1, 2**80)


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it is written: as a decimal, or as a fraction."""

    value: Fraction
    decimal: bool


def decimal(value: float) -> Fraction:
    """The shortest decimal that stands for a float."""
    return Fraction(repr(value))


def written(value: float) -> Node:
    """A float as such a decimal."""
    return number(decimal(value))


def value_of(tree: Node) -> Real | None:
    """The value of a tree without variables; None where it has none that is found."""
    try:
        return ask.value(tree, {})
    except LimitError:
        return None


def _fraction(tree: Node, value: Real) -> Fraction | None:
    """The fraction of few digits that a value is, where that is proven."""
    exact = value.fraction()
    if exact is None:
        return None
    near = exact.limit_denominator(LARGEST)
    if abs(near - exact) > SAME * max(Fraction(1), abs(exact)):
        return None
    left = value_of(build("sub", tree, number(near)))
    return near if left is not None and left.mantissa == 0 else None


def shown(tree: Node, *, decimals: bool) -> Shown:
    """The number that a tree without variables is: a fraction where that is proven, with `decimals` as one if it can.

    The tree has a value.
    """
    found = value_of(tree)
    assert found is not None, "what has a tangent has a value"
    exact = _fraction(tree, found)
    if exact is None:
        return Shown(decimal(found.nearest(FORMATS[DEFAULT_DTYPE])), decimal=True)
    return Shown(exact, decimal=decimals and is_decimal(exact))


def term(one: Shown, name: str | None = None) -> Node:
    """A number, or its product with a variable: 6*x, -2*x/3."""
    above = one.value if one.decimal else Fraction(one.value.numerator)
    found = number(above)
    if name is not None:
        units: dict[Fraction, Node] = {Fraction(1): Name(name), Fraction(-1): Call("neg", (Name(name),))}
        found = units.get(above) or Call("mul", (found, Name(name)))
    below = Fraction(1) if one.decimal else Fraction(one.value.denominator)
    return found if below == 1 else Call("div", (found, Number(below)))


def total(terms: Sequence[tuple[Shown, str | None]]) -> Node:
    """The sum of terms, those that are 0 left out."""
    found: Node = ZERO
    for one, name in terms:
        if one.value < 0 and found != ZERO:
            found = build("sub", found, term(replace(one, value=-one.value), name))
        elif one.value:
            found = build("add", found, term(one, name))
    return found
