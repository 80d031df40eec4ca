"""Arithmetic on balls: Arb's own, and one that knows how each number was made, to prove which of them are 0."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import arb, fmpq
from flint.utils.flint_exceptions import DomainError

from gradcalc.engines.exact import form
from gradcalc.engines.exact import form_powers as mark
from gradcalc.engines.exact.ball import Ball, Undecided, as_ratio, integer, rational
from gradcalc.engines.exact.form import ONE, ZERO, Form, Unwieldy
from gradcalc.engines.exact.form_functions import equals
from gradcalc.engines.exact.form_images import IMAGES, SIGNED
from gradcalc.engines.exact.form_powers import PI
from gradcalc.engines.exact.primitives import ARB, CONSTANTS, UNCHECKED, sign

Operation = Callable[..., Ball]
NARROW = arb((1, -64))  # the radius within which a number whose image is that of an integer is taken for it
EVEN = arb((1, -1))  # a half
SHORT = arb((1, 64))  # an integer that is looked for is less than this
WRITTEN = 20_000  # bits of a rational number that is kept
RECOGNIZED = 300  # bits of an exact number that is taken for what it is


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What numbers of a kind, balls or others, are made of; what is done with them, and which sign they have.

    `proves` says that more is worked out beside each number: what proves that it is 0. The `quick` operations give a
    number that is not finite outside their domain, and where they are not known to be inside it.
    """

    number: Callable[[Fraction], Any]
    constants: Mapping[str, Callable[[], Any]]
    operations: Mapping[str, Callable[..., Any]]
    sign: Callable[[Any], int]
    proves: bool = True
    quick: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """How a number was made: by a function of the catalogue, of others."""

    name: str
    arguments: tuple[Marked, ...]
    decide: Callable[[Any], int]


class Marked(Ball):
    """A ball with the rational number that it is, where it is known to be one; else with its form, or its origin."""

    __slots__ = ("known", "origin", "rational")
    rational: fmpq | None
    known: Form | None
    origin: Origin | None

    @property
    def mark(self) -> Form:
        """The number in closed form; it is worked out when it is first asked for."""
        stack = [self]
        while stack:
            one = stack[-1]
            missing = [] if one.known or not one.origin else [part for part in one.origin.arguments if not part.known]
            stack.extend(missing)
            if not missing:
                stack.pop().known = one.known or _form(one)
        assert self.known is not None
        return self.known


def _marked(
    ball: Ball, rational: fmpq | None = None, known: Form | None = None, origin: Origin | None = None
) -> Marked:
    found = Marked(ball)
    found.rational, found.known, found.origin = rational, known, origin if rational is None else None
    return found


def _form(ball: Marked) -> Form:
    """The form of a number whose arguments' are known; where there is none of use, the number stands for itself."""
    origin = ball.origin
    if ball.rational is not None:
        return form.rational(ball.rational)
    if origin is None:
        return mark.number(f"{next(COUNT)}", ball)
    try:
        return _image(origin)
    except (ZeroDivisionError, DomainError, Undecided, Unwieldy):
        same = mark.opaque(origin.name, *(argument.mark for argument in origin.arguments))
        return mark.number(same.key, ball)


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _image(origin: Origin) -> Form:
    """The form of a function's value."""
    name, marks = origin.name, [argument.mark for argument in origin.arguments]
    if name == "pow" and not marks[0].above:
        return ZERO if origin.decide(origin.arguments[1]) > 0 else ONE
    if name in SIGNED:
        return SIGNED[name](origin.decide(origin.arguments[0]), *marks)
    return IMAGES[name](*marks) if name in IMAGES else mark.opaque(name, *marks)


# -- the arithmetic that knows what is 0

RATIONAL: dict[str, Callable[..., fmpq | None]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "neg": operator.neg, "abs": abs,
    "div": lambda a, b: a / b if b else None,
    "floor": lambda a: fmpq(a.floor()),
    "sign": lambda a: fmpq((a > 0) - (a < 0)),
}  # fmt: skip
STEPS: dict[str, Callable[[Ball], bool]] = {  # functions that stay the same beside a number, where this is true of it
    "floor": lambda x: bool(x > x.floor()),
    "sign": lambda x: bool(x > 0 or x < 0),
}
COUNT = itertools.count()


def _rational(origin: Origin) -> fmpq | None:
    """The rational number that a sum or a product of such is; 0 too if a factor is that."""
    numbers = [argument.rational for argument in origin.arguments]
    if origin.name == "mul" and any(number == 0 for number in numbers):
        return fmpq(0)
    if origin.name in STEPS and STEPS[origin.name](origin.arguments[0]):
        return fmpq(integer(ARB[origin.name](*origin.arguments)))
    if origin.name not in RATIONAL or any(number is None or number.height_bits() > WRITTEN for number in numbers):
        return None
    return RATIONAL[origin.name](*numbers)


def _settled(ball: Ball, origin: Origin) -> Marked:
    """The number, without error where it is proven to be rational: 0 is 0 then, and 1 is 1."""
    exact = _rational(origin)
    if exact is not None:
        return _marked(arb(exact), exact)
    found = _marked(ball, origin=origin)
    if ball.rad() < NARROW and abs(ball) < SHORT:
        whole = (ball.mid() + EVEN).floor()
        if ball.contains(whole) and _is_whole(found, integer(whole)):
            return _marked(whole, fmpq(integer(whole)))
    return found


def _is_whole(ball: Marked, whole: int) -> bool:
    try:
        return equals(ball.mark, whole)
    except (Unwieldy, ZeroDivisionError):
        return False


def _beside(ball: Ball, origin: Origin) -> Marked:
    """The number settled, that of a variable. Raises Undecided where it jumps: it says nothing of those beside it."""
    found = _settled(ball, origin)
    if found.rational is None and origin.name in STEPS:
        raise Undecided
    return found


def _at_a_point(ball: Ball, origin: Origin) -> Marked:
    """The number settled; one that is exact, and not long, is what it is."""
    exact = _recognized(ball)
    return _settled(ball, origin) if exact is None else _marked(ball, exact)


def _recognized(ball: Ball) -> fmpq | None:
    """The rational number that an exact ball is, if that is not long."""
    if not ball.is_exact():
        return None
    mantissa, exponent = ball.man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent) if mantissa.bit_length() + abs(exponent) < RECOGNIZED else None


def _sign_beside(ball: Ball) -> int:
    """The sign that a number has at the point and beside it. Raises Undecided where there is no such."""
    found = sign(ball)
    assert isinstance(ball, Marked)
    if found == 0 and ball.rational is None:
        raise Undecided
    return found


def _with_forms(settle: Callable[[Ball, Origin], Marked], decide: Callable[[Ball], int]) -> Arithmetic:
    def lifted(name: str) -> Operation:
        return lambda *arguments: settle(ARB[name](*arguments), Origin(name, arguments, decide))

    def constant(name: str, form: Form) -> Callable[[], Ball]:
        return lambda: _marked(CONSTANTS[name](), known=form)

    return Arithmetic(
        lambda value: _marked(rational(value), _fmpq(value)),
        {"pi": constant("pi", PI), "e": constant("e", mark.exp(ONE))},
        {name: lifted(name) for name in ARB},
        decide,
    )


def variable(name: str, value: Ball) -> Ball:
    """A number that may be any near it."""
    return _marked(value, known=mark.number(f"variable {name}", value))


def unproven(ball: Ball) -> Ball:
    """A number that no more is known of than the ball says."""
    return _marked(ball, _recognized(ball))


def constant(ball: Ball) -> Fraction | None:
    """The rational number that a ball is, beside the point as well as at it; None where that does not show."""
    return as_ratio(ball.rational) if isinstance(ball, Marked) and ball.rational is not None else None


PLAIN = Arithmetic(rational, CONSTANTS, ARB, sign, proves=False, quick=UNCHECKED)
AT_POINT = _with_forms(_at_a_point, sign)  # what is 0 there
BESIDE = _with_forms(_beside, _sign_beside)  # what is 0 there, and all around
