"""Series near a place where an expression loses its digits, as far as they are seen at the point: `x**2/2 - x**3/3`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.base.real import fraction
from gradcalc.calculus.simplify import build
from gradcalc.engines import ask
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, Node, Number, free_names, number, postorder, rebuilt, with_arguments

FURTHEST = Fraction(1, 10)  # from the place, of a point at which a series is of use
MOST_DEGREE, MOST_TERMS = 24, 8
SPARE = 2  # bits beyond those of the format that the terms reach
MOST = 24  # series that are tried
INNER = "#"  # no name of the language begins so
CONDITIONS = frozenset({"lt", "le", "gt", "ge", "eq", "ne"})


@dataclass(frozen=True, slots=True)
class Near:
    """An expression with a part given by its series near a place: `x = 0`."""

    root: Node
    place: str


def series_near(problem: Problem) -> Iterator[Near]:
    """The problem's function with one part by its series, the smallest parts first; there are no arrays in it."""
    tries = 0
    for part in postorder(problem.root):
        if not isinstance(part, Call) or part.function in CONDITIONS or part.function == "where":
            continue
        for inner, place, step in _inner(part, problem.numbers):
            found = _polynomial(part, inner, place, step, problem)
            if found is None or found == part:
                continue
            tries += 1
            if tries > MOST:
                return
            yield Near(_with(problem.root, part, found), f"{to_text(inner)} = {place}")


def _inner(part: Node, point: Mapping[str, float]) -> Iterator[tuple[Node, int, Fraction]]:
    """The quantities that alone a part depends on, and that are near a whole number: which, and how far from it."""
    names = set(free_names(postorder(part)))
    for inner in dict.fromkeys(postorder(part)):
        if inner is part or isinstance(inner, Number) or set(free_names(postorder(inner))) != names or not names:
            continue
        if isinstance(inner, Call) and inner.function in CONDITIONS:
            continue
        value = fraction(ask.value(inner, point))
        if value is None or not 0 < abs(value - round(value)) <= FURTHEST:
            continue
        if free_names(postorder(_in_terms_of(inner, part))) == [INNER]:
            yield inner, round(value), value - round(value)


def _in_terms_of(inner: Node, part: Node) -> Node:
    """The part with a variable in place of each quantity that is like `inner`, its functions as far as defined so."""
    return _with(part, inner, Name(INNER))


def _with(root: Node, part: Node, other: Node) -> Node:
    """The tree with another part in place of each that is like it."""
    return rebuilt(root, lambda node, arguments: other if node == part else with_arguments(node, arguments))


def _polynomial(part: Node, inner: Node, place: int, step: Fraction, problem: Problem) -> Node | None:
    """The first terms of the series of a part, as many as count; None where they are many, or not known."""
    bits = problem.format.precision + SPARE
    size = -step_bits(step)
    degree = min(MOST_DEGREE, bits // size + problem.order + 3)
    coefficients = ask.expansion(_in_terms_of(inner, part), INNER, Fraction(place), degree + 1)
    if coefficients is None:
        return None
    sizes = [fraction(ask.value(one, {})) or Fraction(0) for one in coefficients]
    terms = {power: abs(one * step**power) * power**problem.order for power, one in enumerate(sizes) if one}
    first = next((power for power in terms if power >= problem.order), None)
    if first is None:
        return None
    kept = [power for power in terms if power <= first or terms[power] > terms[first] / 2**bits]
    if len(kept) > MOST_TERMS or max(kept) == len(coefficients) - 1 < degree:
        return None
    away = inner if place == 0 else build("sub", inner, number(place))
    total: Node = number(0)
    for power in kept:
        total = _added(total, coefficients[power], build("pow", away, number(power)) if power else number(1))
    return total


def step_bits(step: Fraction) -> int:
    """About the power of two that a number is."""
    return min(-1, abs(step.numerator).bit_length() - step.denominator.bit_length())


def _added(total: Node, coefficient: Node, power: Node) -> Node:
    """A sum with one more term: `x**3/3` rather than `1/3*x**3`."""
    negative = isinstance(coefficient, Call) and coefficient.function == "neg"
    size = coefficient.arguments[0] if isinstance(coefficient, Call) and negative else coefficient
    if total == number(0):
        return _times(size, build("neg", power) if negative else power)
    return Call("sub" if negative else "add", (total, _times(size, power)))


def _times(coefficient: Node, power: Node) -> Node:
    if isinstance(coefficient, Call) and coefficient.function == "div":
        above, below = coefficient.arguments
        return Call("div", (build("mul", above, power), below))
    return build("mul", coefficient, power)
