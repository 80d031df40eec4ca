"""Where polynomials in several variables are all 0: case by case, as people do it.

A product is 0 where a factor is; an equation that is linear in a variable gives it by the others, where what it is
multiplied by is not 0; what is left gives each variable by itself, by resultants. So every zero is in one of the boxes,
or on one of the curves that are told; which boxes hold one is for others to prove. Source: Cox, Little and O'Shea,
Ideals, Varieties, and Algorithms, 4th ed., 2015, chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import product

from flint import acb, fmpq, fmpq_mpoly, fmpq_poly

from gradcalc.base.effort import spend
from gradcalc.engines.exact.ball import Ball
from gradcalc.engines.exact.kernels import kernels_of, quotient, written
from gradcalc.syntax.tree import Name, Node

MOST_CASES, MOST_DEGREE, MOST_TERMS, MOST_PLACES = 600, 24, 200, 4000
CASE = 2_000  # steps
Values = list[Ball | None]  # of the variables; None where a value is not known


class Unsettled(Exception):
    """The zeros are not found so."""


@dataclass(frozen=True, slots=True)
class Given:
    """A variable as a quotient of polynomials in those that are given later."""

    place: int
    above: fmpq_mpoly
    below: fmpq_mpoly


@dataclass(slots=True)
class Zeros:
    """What is known of where polynomials are all 0: places, and what is 0 on curves of them."""

    places: list[Values] = field(default_factory=list)
    curves: list[list[Node]] = field(default_factory=list)


def zeros_of(parts: Sequence[Node], names: Sequence[str]) -> Zeros | None:
    """All zeros that quantities have in common; None where they are no polynomials, or are not solved case by case."""
    kernels: dict[str, Node] = {name: Name(name) for name in names}
    if any(not kernels_of(part).keys() <= kernels.keys() for part in parts):
        return None
    found = [quotient(part, kernels) for part in parts]
    system = [one[0] for one in found if one is not None]
    try:
        return None if len(system) < len(parts) else _Cases(len(names), list(kernels.values())).zeros(system)
    except Unsettled:
        return None


class _Cases:
    """The cases of a system in so many variables."""

    def __init__(self, count: int, leaves: list[Node]) -> None:
        self.count, self.leaves = count, leaves
        self.found, self.looked_at = Zeros(), 0
        self.seen: list[set[str]] = []

    def zeros(self, system: Sequence[fmpq_mpoly]) -> Zeros:
        """The zeros in all cases. Raises Unsettled."""
        self.look(list(system), [])
        return self.found

    def look(self, system: list[fmpq_mpoly], given: list[Given], other: frozenset[str] = frozenset()) -> None:
        """One case, or those that it falls into; the polynomials that are written as `other` are not 0 in it."""
        self.looked_at += 1
        spend(CASE)
        if self.looked_at > MOST_CASES or any(
            len(one) > MOST_TERMS or one.total_degree() > MOST_DEGREE for one in system
        ):
            raise Unsettled
        factored = [[part for part in _factors(one) if str(part) not in other] for one in system if not one.is_zero()]
        if any(not factors for factors in factored):  # nothing that could be 0
            return
        several = next((factors for factors in factored if len(factors) > 1), None)
        if several is not None:
            rest = [reduce(fmpq_mpoly.__mul__, factors) for factors in factored if factors is not several]
            for factor in several:
                self.look([factor, *rest], given, other)
            return
        single = list({str(factors[0]): factors[0] for factors in factored}.values())
        linear = min(_linear(single), key=_trouble, default=None)
        if linear is None:
            self.settle(single, given)
        else:
            self.eliminate(single, given, other, *linear)

    def eliminate(
        self, system: list[fmpq_mpoly], given: list[Given], other: frozenset[str], place: int, of: fmpq_mpoly
    ) -> None:
        """The cases of an equation that is linear in a variable: that it gives it, or not."""
        below = of.derivative(place)
        above = below * of.context().gens()[place] - of
        rest = [one for one in system if one is not of]
        parts = [part for part in _factors(below) if str(part) not in other]
        more = other | set(map(str, parts))
        self.look([_put_in(one, place, above, below) for one in rest], [*given, Given(place, above, below)], more)
        for part in parts:
            self.look([*rest, part, above], given, other)

    def settle(self, system: list[fmpq_mpoly], given: list[Given]) -> None:
        """A system without linear equations: the values of its variables, or a curve."""
        free = set(range(self.count)) - {one.place for one in given}
        values: dict[int, list[Ball]] = {}
        for place in sorted(free):
            only = _only(system, place, free)
            if only is None:
                self.curve([*system, *_equations(given)])
                return
            values[place] = _real_roots(only)
        for chosen in product(*values.values()):
            place_of = dict(zip(values, chosen, strict=True))
            known: Values = [place_of.get(place) for place in range(self.count)]
            for one in reversed(given):
                known[one.place] = _quotient(one, known)
            self.found.places.append(known)
            if len(self.found.places) > MOST_PLACES:
                raise Unsettled

    def curve(self, equations: Sequence[fmpq_mpoly]) -> None:
        """A curve, told once; there is none where what stands below a line would be 0."""
        if set(map(str, equations)) not in self.seen and not any(one.is_constant() for one in equations):
            self.seen.append(set(map(str, equations)))
            self.found.curves.append([written(one, self.leaves) for one in equations])


def _equations(given: Sequence[Given]) -> list[fmpq_mpoly]:
    """What is 0 where variables are what is given, each in those that are given by nothing."""
    found = [one.below * one.above.context().gens()[one.place] - one.above for one in given]
    for later, one in enumerate(given):
        found[:later] = [_put_in(earlier, one.place, one.above, one.below) for earlier in found[:later]]
    return [reduce(fmpq_mpoly.__mul__, _factors(one), one.context().constant(1)) for one in found]


def _factors(polynomial: fmpq_mpoly) -> list[fmpq_mpoly]:
    return [] if polynomial.is_constant() else [one for one, _ in polynomial.factor()[1]]


def _linear(system: Sequence[fmpq_mpoly]) -> Iterator[tuple[int, fmpq_mpoly]]:
    """The variables that equations are linear in: which, and in which."""
    for one in system:
        for place, degree in enumerate(one.degrees()):
            if degree == 1:
                yield place, one


def _trouble(linear: tuple[int, fmpq_mpoly]) -> tuple[bool, int]:
    """How much there is to do after a variable is given by an equation."""
    below = linear[1].derivative(linear[0])
    return not below.is_constant(), len(below) + len(linear[1])


def _put_in(one: fmpq_mpoly, place: int, above: fmpq_mpoly, below: fmpq_mpoly) -> fmpq_mpoly:
    """A polynomial with a quotient for a variable, times a power of what is below its line."""
    degree, context = int(one.degrees()[place]), one.context()
    powers: dict[int, dict[tuple[int, ...], fmpq]] = {}
    for exponents, value in one.terms():
        rest = tuple(0 if other == place else int(power) for other, power in enumerate(exponents))
        powers.setdefault(int(exponents[place]), {})[rest] = value
    total = context.constant(0)
    for power, terms in powers.items():
        total += context.from_dict(terms) * above**power * below ** (degree - power)
    return total


def _only(system: Sequence[fmpq_mpoly], place: int, free: set[int]) -> fmpq_mpoly | None:
    """A polynomial in one variable that is 0 where all of a system are; None where that variable is not bound."""
    left = list(system)
    for other in sorted(free - {place}):
        having = sorted((one for one in left if one.degrees()[other]), key=lambda one: (one.degrees()[other], len(one)))
        left = [one for one in left if not one.degrees()[other]]
        for one in having[1:]:
            spend(CASE)
            found = having[0].resultant(one, other)
            if found.is_zero() or len(found) > MOST_TERMS:
                raise Unsettled
            left.append(found)
    bound = [one for one in left if not one.is_zero()]
    return reduce(lambda one, two: one.gcd(two), bound) if bound else None


def _real_roots(polynomial: fmpq_mpoly) -> list[Ball]:
    """The real zeros of a polynomial in one variable; perhaps some more that are hardly to be told from real ones."""
    place = next((place for place, degree in enumerate(polynomial.degrees()) if degree), None)
    if place is None:
        return []
    terms = {int(exponents[place]): value for exponents, value in polynomial.terms()}
    whole = fmpq_poly([terms.get(power, fmpq(0)) for power in range(max(terms) + 1)]).numer()
    roots: list[tuple[acb, int]] = whole.complex_roots()  # type: ignore[assignment]  # flint's types are wrong
    return [root.real for root, _ in roots if root.imag.contains(0)]


def _quotient(one: Given, known: Values) -> Ball | None:
    """The value of a variable; None where it is not known."""
    above, below = (_value(part, known) for part in (one.above, one.below))
    if above is None or below is None or below.contains(0):
        return None
    return above / below


def _value(polynomial: fmpq_mpoly, known: Values) -> Ball | None:
    total = Ball(0)
    for exponents, value in polynomial.terms():
        term = Ball(value)
        for place, power in enumerate(exponents):
            if power:
                factor = known[place]
                if factor is None:
                    return None
                term *= factor ** int(power)
        total += term
    return total
