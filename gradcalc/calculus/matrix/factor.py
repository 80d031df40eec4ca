"""Common factors of the terms of a sum, pulled out as long as that makes it shorter."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import gcd, lcm

from gradcalc.calculus.matrix.chain import chain
from gradcalc.calculus.matrix.form import ZERO, Chain, Form, Sum, apply, common, is_call, raw_sum
from gradcalc.calculus.matrix.ones import arguments, is_ones, ones
from gradcalc.calculus.matrix.product import expand, multiply, outer, raise_to, stretched
from gradcalc.calculus.matrix.sums import add, factors, negative, scaled, split, split_scalars, terms, unsigned
from gradcalc.calculus.matrix.transpose import transposed

Join = Callable[[Form], Form]  # puts a common factor back before, behind or around what is left of the terms


def factored(form: Form) -> Form:
    """The sum with common factors pulled out: `(A + A.T) @ x` for `A @ x + A.T @ x`."""
    form = _choices_merged(form)
    while isinstance(form, Sum) and len(form.terms) > 1:
        best = min(_shared(form), key=lambda shared: shared.pulled(add).weight, default=None)
        if best is None or best.pulled(add).weight >= form.weight:
            break
        form = best.pulled(lambda *rests: factored(add(*rests)))
    return form


@dataclass(frozen=True, slots=True)
class Shared:
    """A factor that several terms have: how it is put back, what is left of these terms, and the other terms."""

    join: Join
    rests: tuple[Form, ...]
    others: tuple[Form, ...]

    def pulled(self, together: Callable[..., Form]) -> Form:
        """The sum with the factor pulled out of its terms, and what is left of them put `together`."""
        return add(self.join(content(together(*self.rests))), *self.others)


DECIMAL = 5  # divides what decimals are over


def content(form: Form) -> Form:
    """A sum with its common number in front: 2*(x + y) for 2*x + 2*y, -(x + y) for -x - y."""
    found = terms(form)
    if len(found) < 2:
        return form
    sign = -1 if all(c < 0 for c, _ in found) else 1
    numerator = gcd(*(c.numerator for c, _ in found))
    shared = sign * Fraction(numerator, lcm(*(c.denominator for c, _ in found)))
    if shared.denominator % DECIMAL == 0 and any(c.denominator == 1 for c, _ in found):
        return form  # x - 0.99*y, and not 0.01*(100*x - 99*y)
    return form if shared == 1 else raw_sum(((shared, raw_sum(tuple((c / shared, term) for c, term in found))),))


def _shared(form: Sum) -> Iterator[Shared]:
    """Each factor that two terms or more have."""
    groups: dict[Hashable, tuple[Join, dict[int, Form]]] = {}
    for place, (coefficient, term) in enumerate(form.terms):
        for key, join, rest in _splits(term):
            groups.setdefault(key, (join, {}))[1].setdefault(place, scaled(coefficient, rest))
    for join, rests in (*groups.values(), *_divided(form)):
        if len(rests) > 1:
            others = (scaled(c, term) for place, (c, term) in enumerate(form.terms) if place not in rests)
            yield Shared(join, tuple(rests.values()), tuple(others))


def _divided(form: Sum) -> Iterator[tuple[Join, dict[int, Form]]]:
    """What divides terms more than once, where terms then cancel: (1 + x)/(1 + x)**2 - x/(1 + x)**2."""
    powers: dict[Form, dict[int, Fraction]] = {}
    for place, (_, term) in enumerate(form.terms):
        for base, power in factors(term)[1]:
            if power < 0 and power.denominator == 1:
                powers.setdefault(base, {})[place] = power
    for base, found in powers.items():
        lowest = min(found.values())
        rests = {
            place: scaled(c, multiply(term, raise_to(base, -lowest)))
            for place, (c, term) in enumerate(form.terms)
            if place in found and lowest < -1
        }
        if set(found.values()) == {lowest} or len(terms(add(*rests.values()))) < len(rests):
            yield partial(multiply, raise_to(base, lowest)), rests


def _choices_merged(form: Form) -> Form:
    """The sum with choices by one condition put together: where(c, 1, a) for where(c, 1, 0) + a*where(c, 0, 1)."""
    groups: dict[Form, list[tuple[Form, Form]]] = {}
    others: list[Form] = []
    for coefficient, term in terms(form):
        choice = next((one for one, power in factors(term)[1] if power == 1 and is_call(one, "where")), None)
        if choice is None:
            others.append(scaled(coefficient, term))
        else:
            condition, *branches = arguments(choice)
            rest = scaled(coefficient, multiply(term, raise_to(choice, Fraction(-1))))
            yes, no = (multiply(rest, branch) for branch in branches)
            groups.setdefault(condition, []).append((yes, no))
    for condition, found in groups.items():
        yes, no = (_shorter(add(*branch)) for branch in zip(*found, strict=True))
        others.append(chosen(condition, yes, no))
    merged = add(*others)
    return merged if max(map(len, groups.values()), default=0) > 1 and merged.weight < form.weight else form


def _shorter(form: Form) -> Form:
    """A sum, multiplied out where that makes it shorter."""
    return min(form, expand(form), key=lambda one: one.weight)


def chosen(condition: Form, yes: Form, no: Form) -> Form:
    """A choice; one between equal forms is that form, one between negative forms the negative of a choice."""
    shape = common([condition, yes, no])
    if yes is no:
        return stretched(yes, shape)
    (first, one), (second, other) = (_unsigned(branch) for branch in (yes, no))
    if min(first, second) < 0 >= max(first, second):
        return negative(apply("where", (condition, one, other), shape))
    return apply("where", (condition, yes, no), shape)


def _unsigned(form: Form) -> tuple[int, Form]:
    """A sign, 0 for a form that is 0, and the form without it."""
    coefficient, rest = split(form)
    if form is ZERO:
        return 0, form
    if isinstance(rest, Sum):
        sign, rest = unsigned(rest)
        coefficient *= sign
    return (1 if coefficient > 0 else -1), scaled(abs(coefficient), rest)


def _splits(term: Form) -> Iterator[tuple[Hashable, Join, Form]]:
    """The ways to take one factor out of a term: what it is, how it is put back, and what is left."""
    found = factors(term)[1]
    on_diagonal = any(is_call(base, "eye") for base, _ in found)  # 2*X - diag(diag(X)) is clearer than X*(2 - eye(n))
    for base, power in found:
        if not (on_diagonal and base.shape):
            step = power if abs(power) < 1 else Fraction(1 if power > 0 else -1)
            yield (base, step), partial(multiply, raise_to(base, step)), multiply(term, raise_to(base, -step))
        beside = any(len(one.shape) > 1 for one, _ in found if one is not base)
        if is_call(base, "outer") and power == 1 and (beside or is_ones(arguments(base)[1])):
            yield from _of_rows(term, base)
    scalar, array = split_scalars(term)
    rank = len(array.shape)  # what broadcasts from a vector has no matrix in front
    if is_call(array, "outer"):
        a, b = arguments(array)
        yield ("first", a), partial(outer, a), multiply(scalar, b)
        yield ("second", b), partial(_outer_before, b), multiply(scalar, a)
        if isinstance(a, Chain):
            first, *inner = a.factors
            yield ("left", first, rank), partial(_behind, first), multiply(scalar, outer(chain(inner), b))
        if isinstance(b, Chain):
            (base, exponent), *inner = b.factors
            turned = transposed(base), exponent
            yield ("right", turned, rank), partial(_before, turned), multiply(scalar, outer(a, chain(inner)))
    if isinstance(array, Chain) and array.shape and len(array.factors) > 1:
        first, *middle, last = array.factors
        yield ("left", first, rank), partial(_behind, first), multiply(scalar, chain([*middle, last]))
        yield ("right", last, rank), partial(_before, last), multiply(scalar, chain([first, *middle]))


def _of_rows(term: Form, scale: Form) -> Iterator[tuple[Hashable, Join, Form]]:
    """The factors of the numbers that multiply rows."""
    numbers, width = arguments(scale)[0], ones(scale.shape[1:])
    for base, power in factors(numbers)[1]:
        step = power if abs(power) < 1 else Fraction(1 if power > 0 else -1)
        one, inverse = (outer(raise_to(base, sign * step), width) for sign in (1, -1))
        yield ("rows", base, step), partial(multiply, one), multiply(term, inverse)


def _outer_before(second: Form, first: Form) -> Form:
    return outer(first, second)


def _behind(item: tuple[Form, int], rest: Form) -> Form:
    return chain([item, (rest, 1)])


def _before(item: tuple[Form, int], rest: Form) -> Form:
    return chain([(rest, 1), item])
