"""Numbers in closed form, to prove which of them are 0: quotients of sums of products of powers that are kept apart.

What a sum is made of, primes, roots of unity, powers of e, roots and values of functions, are its kernels. They keep
the laws that hold for such numbers, whatever else may hold between them: a form that is 0 by these laws is 0, of one
that is not nothing is said. Where a square root R is in it, P + Q*R is 0 if P**2 - Q**2*R**2 is, and P - Q*R is not.
Source: Moses, Algebraic simplification, a guide for the perplexed, Comm. ACM 1971.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from hashlib import blake2b

from flint import acb, fmpq

from gradcalc.base.effort import spend

MOST_TERMS = 3_000  # of a product, before those that are alike are put together
TERM = 5  # steps of work for one
WRITTEN = 20_000  # bits of a rational number
NONE, UNIT, HALF_ORDER = fmpq(0), fmpq(1), fmpq(1, 2)


class Unwieldy(Exception):  # no error: a form that is too long to be worth its terms
    """A form has too many terms."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """What powers are taken of, known by its `key`.

    `log` is the logarithm that its powers are exp(e*log) of, for any rational e; one without has whole powers of its
    `value` alone. `base` is what its first power is, where that is a form. `positive` says that it is a number above 0.
    `exp` and `turn` are what e to it and e to i times it are; `power_of` says of a power of e what e is raised to.
    """

    key: str
    value: acb | None = field(default=None, compare=False)
    log: acb | None = field(default=None, compare=False)
    base: Form | None = field(default=None, compare=False)
    positive: bool = field(default=False, compare=False)
    exp: Form | None = field(default=None, compare=False)
    turn: Form | None = field(default=None, compare=False)
    power_of: Form | None = field(default=None, compare=False)


Powers = tuple[tuple[Kernel, fmpq], ...]  # of kernels, in the order of their keys
Sum = dict[Powers, fmpq]  # products of powers, with their coefficients
UNITY = Kernel("unity", log=acb(0, 2) * acb.pi())  # e**(2*pi*i), of which the powers are the roots of unity


@dataclass(frozen=True, slots=True)
class Form:
    """A sum over a product of powers of sums, which are kept by their text."""

    above: Sum
    below: Mapping[str, tuple[Sum, int]] = field(default_factory=dict)

    @property
    def rational(self) -> fmpq | None:
        """The rational number that it is; None for another."""
        if not self.above:
            return NONE
        return self.above.get(()) if len(self.above) == 1 and not self.below else None

    @property
    def key(self) -> str:
        """A text that only this form has."""
        below = ",".join(f"{text}^{power}" for text, (_, power) in sorted(self.below.items()))
        return f"{text_of(self.above)}/{below}"


def text_of(terms: Sum) -> str:
    """A short text that only this sum has."""
    parts = sorted(f"{c}*{'*'.join(f'{kernel.key}^{e}' for kernel, e in powers)}" for powers, c in terms.items())
    return blake2b("+".join(parts).encode(), digest_size=16).hexdigest()


def rational(value: fmpq) -> Form:
    """A rational number. Raises Unwieldy."""
    if value.height_bits() > WRITTEN:
        raise Unwieldy
    return Form({(): value} if value else {})


def of(kernel: Kernel, exponent: fmpq = UNIT, coefficient: fmpq = UNIT) -> Form:
    """A power of a kernel."""
    return _reduced({kernel: exponent}, coefficient)


ZERO, ONE, HALF = Form({}), rational(UNIT), rational(HALF_ORDER)
IMAGINARY = Form({((UNITY, fmpq(1, 4)),): UNIT})


# -- arithmetic


def _reduced(powers: Mapping[Kernel, fmpq], coefficient: fmpq) -> Form:
    """A product of powers, whose kernels with a base have exponents from 0 to 1."""
    left: dict[Kernel, fmpq] = {}
    factors: list[Form] = []
    for kernel, exponent in powers.items():
        whole = fmpq(exponent.floor()) if kernel.base is not None or kernel is UNITY else NONE
        exponent -= whole
        if kernel is UNITY and exponent >= HALF_ORDER:
            coefficient, exponent = -coefficient, exponent - HALF_ORDER
        elif kernel.base is not None and whole:
            factors.append(whole_power(kernel.base, int(whole.p)))
        if exponent:
            left[kernel] = exponent
    form = Form({tuple(sorted(left.items(), key=_by_key)): coefficient} if coefficient else {})
    return reduce(mul, factors, form)


def _by_key(power: tuple[Kernel, fmpq]) -> str:
    return power[0].key


def times(a: Sum, b: Sum) -> Form:
    """The product of two sums. Raises Unwieldy."""
    if len(a) * len(b) > MOST_TERMS:
        raise Unwieldy
    spend(TERM * len(a) * len(b))
    total: Sum = {}
    rest: list[Form] = []
    for one, c in a.items():
        for other, d in b.items():
            powers = dict(one)
            for kernel, exponent in other:
                powers[kernel] = powers.get(kernel, NONE) + exponent
            product = _reduced(powers, c * d)
            if product.below:
                rest.append(product)
            else:
                gather(total, product.above)
    return reduce(add, rest, Form(total))


def gather(total: Sum, more: Sum) -> None:
    """Add the terms of a sum to those of another."""
    for powers, coefficient in more.items():
        found = total.get(powers, NONE) + coefficient
        if found:
            total[powers] = found
        else:
            total.pop(powers, None)


def add(a: Form, b: Form) -> Form:
    """a + b."""
    if not a.above or not b.above:
        return a if a.above else b
    below = dict(a.below)
    for text, (factor, power) in b.below.items():
        below[text] = (factor, max(power, below.get(text, (factor, 0))[1]))
    one, other = (_over(form, below) for form in (a, b))
    total = dict(one.above)
    gather(total, other.above)
    return _cancelled(total, below)


def _over(form: Form, below: Mapping[str, tuple[Sum, int]]) -> Form:
    """What stands above, where `below` is to stand under it."""
    found = Form(form.above)
    for text, (factor, power) in below.items():
        more = power - form.below.get(text, (factor, 0))[1]
        found = mul(found, whole_power(Form(factor), more)) if more else found
    return found


def _cancelled(above: Sum, below: Mapping[str, tuple[Sum, int]]) -> Form:
    """The quotient, without a factor below that is a multiple of what is above."""
    if not above or not below:
        return Form(above)
    scale, text = content(above)
    if text not in below:
        return Form(above, below)
    left = {key: (factor, power - (key == text)) for key, (factor, power) in below.items() if power > (key == text)}
    return Form({(): scale}, left)


def content(terms: Sum) -> tuple[fmpq, str]:
    """The coefficient of a sum's first term, and the text of the sum without it."""
    first = min(terms, key=lambda powers: [(kernel.key, str(exponent)) for kernel, exponent in powers])
    scale = terms[first]
    return scale, text_of({powers: coefficient / scale for powers, coefficient in terms.items()})


def neg(a: Form) -> Form:
    """-a."""
    return Form({powers: -coefficient for powers, coefficient in a.above.items()}, a.below)


def sub(a: Form, b: Form) -> Form:
    """a - b."""
    return add(a, neg(b))


def mul(a: Form, b: Form) -> Form:
    """a · b. Raises Unwieldy."""
    found = times(a.above, b.above)
    below = dict(found.below)
    for own in (a.below, b.below):
        for text, (factor, power) in own.items():
            below[text] = (factor, power + below.get(text, (factor, 0))[1])
    return _cancelled(found.above, below)


def inverse(a: Form) -> Form:
    """1/a, of what is not 0."""
    if not a.above:
        raise ZeroDivisionError
    over = reduce(mul, (whole_power(Form(factor), power) for factor, power in a.below.values()), ONE)
    if len(a.above) == 1:
        ((powers, coefficient),) = a.above.items()
        return mul(over, _reduced({kernel: -exponent for kernel, exponent in powers}, 1 / coefficient))
    scale, text = content(a.above)
    monic = {powers: coefficient / scale for powers, coefficient in a.above.items()}
    return mul(mul(over, rational(1 / scale)), Form({(): UNIT}, {text: (monic, 1)}))


def div(a: Form, b: Form) -> Form:
    """a / b."""
    return mul(a, inverse(b))


def whole_power(a: Form, count: int) -> Form:
    """a**count. Raises Unwieldy."""
    if a.rational is not None:
        if a.rational.height_bits() * abs(count) > WRITTEN:
            raise Unwieldy
        return rational(a.rational**count)
    if len(a.above) == 1 and not a.below:
        ((powers, coefficient),) = a.above.items()
        return _reduced({kernel: exponent * count for kernel, exponent in powers}, coefficient**count)
    if abs(count) > MOST_TERMS:
        raise Unwieldy
    found = reduce(mul, [a] * abs(count), ONE)
    return found if count >= 0 else inverse(found)
