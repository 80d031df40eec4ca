"""Arithmetic on balls: Arb's own, and one that carries the image of each number too, to prove which of them are 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq
from flint.utils.flint_exceptions import DomainError

from gradcalc.engines.exact import signature as mark
from gradcalc.engines.exact import signature_functions as mark_functions
from gradcalc.engines.exact.ball import Ball, Undecided, integer, rational
from gradcalc.engines.exact.primitives import ARB, CONSTANTS, sign
from gradcalc.engines.exact.signature import HALF, ONE, PI, ZERO, Mark

Operation = Callable[..., Ball]
NARROW = arb((1, -64))  # the radius within which a number whose image is that of an integer is taken for it
EVEN = arb((1, -1))  # a half
SHORT = arb((1, 64))  # an integer that is looked for is less than this
RECOGNIZED = 300  # bits of an exact number that is taken for what it is


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What numbers of a kind, balls or others, are made of; what is done with them, and which sign they have.

    `proves` says that more is worked out beside each number: what proves that it is 0.
    """

    number: Callable[[Fraction], Any]
    constants: Mapping[str, Callable[[], Any]]
    operations: Mapping[str, Callable[..., Any]]
    sign: Callable[[Any], int]
    proves: bool = True


class Marked(Ball):
    """A ball with the image of its number; None where there is none."""

    __slots__ = ("mark",)
    mark: Mark | None


def _marked(ball: Ball, image: Mark | None) -> Marked:
    found = Marked(ball)
    found.mark = image
    return found


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


# -- images of what the functions of primitives.py make

Images = Callable[..., Mark]


def _log1p(u: Mark) -> Mark:
    return mark.log(mark.add(ONE, u))


def _halved(u: Mark) -> Mark:
    return mark.mul(HALF, u)


def _sinh(u: Mark) -> Mark:
    return _halved(mark.sub(mark.exp(u), mark.exp(mark.neg(u))))


def _cosh(u: Mark) -> Mark:
    return _halved(mark.add(mark.exp(u), mark.exp(mark.neg(u))))


def _area(constant: Mark) -> Images:
    """The image of the inverse of a hyperbolic sine or cosine."""
    return lambda u: mark.log(mark.add(u, mark.root(mark.add(mark.mul(u, u), constant), 2)))


def _softplus(u: Mark) -> Mark:
    return _log1p(mark.exp(u))


def _asin(u: Mark) -> Mark:
    return mark_functions.angle(mark.root(mark.sub(ONE, mark.mul(u, u)), 2), u, ONE)


def _lambertw(u: Mark, k: Mark) -> Mark:
    """Of -1/e, where the branches meet, it is -1."""
    meeting = mark.add(u, mark.exp(mark.neg(ONE)))
    return mark.neg(ONE) if mark.equals(meeting, 0) else mark.opaque("lambertw", u, k)


def _odd(image: Images) -> Callable[[int, Mark], Mark]:
    """By the sign of its argument, the image of a function f for which f(-x) is -f(x)."""
    return lambda side, u: image(u) if side >= 0 else mark.neg(image(mark.neg(u)))


def _acos(side: int, u: Mark) -> Mark:
    return mark.sub(mark.mul(HALF, PI), SIGNED["asin"](side, u))


SIGNED: dict[str, Callable[[int, Mark], Mark]] = {
    "abs": lambda side, u: u if side >= 0 else mark.neg(u),
    "asin": _odd(_asin),
    "acos": _acos,
    "atan": _odd(lambda u: mark_functions.angle(ONE, u)),
    "erf": _odd(lambda u: mark.opaque("erf", u)),
    "erfc": lambda side, u: mark.sub(ONE, SIGNED["erf"](side, u)),
    "cbrt": _odd(lambda u: mark.root(u, 3)),
    "lgamma": lambda side, u: mark.log(mark_functions.gamma(u)) if side > 0 else mark.opaque("lgamma", u),
}
ROOTS = frozenset({"sqrt", "hypot", "pow", "atan2"})  # of whose images one stands for the root, if that is not 0
IMAGES: dict[str, Images] = {
    "add": mark.add, "sub": mark.sub, "mul": mark.mul, "div": mark.div, "neg": mark.neg, "pow": mark.power,
    "exp": mark.exp,
    "expm1": lambda u: mark.sub(mark.exp(u), ONE),
    "log": mark.log,
    "log1p": _log1p,
    "sqrt": lambda u: mark.root(u, 2),
    "hypot": lambda u, v: mark.root(mark.add(mark.mul(u, u), mark.mul(v, v)), 2),
    "sin": mark_functions.sin,
    "cos": mark_functions.cos,
    "atan2": lambda y, x: mark_functions.angle(x, y),
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": lambda u: mark.div(_sinh(u), _cosh(u)),
    "asinh": _area(ONE),
    "acosh": _area(mark.neg(ONE)),
    "atanh": lambda u: _halved(mark.log(mark.div(mark.add(ONE, u), mark.sub(ONE, u)))),
    "gamma": mark_functions.gamma,
    "digamma": mark_functions.digamma,
    "softplus": _softplus,
    "logsigmoid": lambda u: mark.neg(_softplus(mark.neg(u))),
    "logaddexp": lambda u, v: mark.log(mark.add(mark.exp(u), mark.exp(v))),
    "logit": lambda u: mark.log(mark.div(u, mark.sub(ONE, u))),
    "erfcx": lambda u: mark.mul(mark.exp(mark.mul(u, u)), mark.sub(ONE, mark.opaque("erf", u))),
    "gammaincc": lambda a, u: mark.sub(ONE, mark.opaque("gammainc", a, u)),
    "lambertw": _lambertw,
}  # fmt: skip


def _image(name: str, arguments: tuple[Marked, ...], decide: Callable[[Ball], int]) -> Mark | None:
    """The image of a function's value; None where the laws of the field do not give one."""
    marks = [argument.mark for argument in arguments if argument.mark is not None]
    if len(marks) < len(arguments):
        return None
    try:
        if name == "pow" and marks[0].rational == 0:
            return ZERO if decide(arguments[1]) > 0 else None
        if name in SIGNED or name in ROOTS:
            side = decide(arguments[0])
            return SIGNED[name](side, *marks) if name in SIGNED else IMAGES[name](*marks)
        return IMAGES[name](*marks) if name in IMAGES else mark.opaque(name, *marks)
    except (ZeroDivisionError, DomainError, Undecided):
        return None


# -- the arithmetic that knows what is 0


def _settled(ball: Ball, image: Mark | None) -> Marked:
    """The number, as narrow as its image allows where that is rational: 0 is 0 then, and 1 is 1."""
    if image is None:
        return _marked(ball, None)
    if image.rational is None and ball.rad() < NARROW and abs(ball) < SHORT:
        whole = (ball.mid() + EVEN).floor()
        if ball.contains(whole) and mark.equals(image, integer(whole)):
            image = mark.rational(fmpq(integer(whole)))
    return _marked(ball if image.rational is None else arb(image.rational), image)


def _at_a_point(ball: Ball, image: Mark | None) -> Marked:
    """The number settled; one that is exact, and not long, has the image of that."""
    found = _settled(ball, image)
    if found.is_exact() and (found.mark is None or found.mark.rational is None):
        mantissa, exponent = found.mid().man_exp()
        if mantissa.bit_length() + abs(exponent) < RECOGNIZED:
            found.mark = mark.rational(fmpq(mantissa) * fmpq(2) ** int(exponent))
    return found


def _sign_beside(ball: Ball) -> int:
    """The sign that a number has at the point and beside it. Raises Undecided where there is no such."""
    found = sign(ball)
    assert isinstance(ball, Marked)
    if found == 0 and (ball.mark is None or ball.mark.rational is None):
        raise Undecided
    return found


def _with_images(settle: Callable[[Ball, Mark | None], Marked], decide: Callable[[Ball], int]) -> Arithmetic:
    def lifted(name: str) -> Operation:
        return lambda *arguments: settle(ARB[name](*arguments), _image(name, arguments, decide))

    def constant(name: str, image: Mark) -> Callable[[], Ball]:
        return lambda: _marked(CONSTANTS[name](), image)

    return Arithmetic(
        lambda value: _marked(rational(value), mark.rational(_fmpq(value))),
        {"pi": constant("pi", PI), "e": constant("e", mark.exp(ONE))},
        {name: lifted(name) for name in ARB},
        decide,
    )


def variable(name: str, value: Ball) -> Ball:
    """A number that may be any near it."""
    return _marked(value, mark.opaque(f"variable {name}"))


def unproven(ball: Ball) -> Ball:
    """A number that no more is known of than the ball says."""
    return _at_a_point(ball, None)


def constant(ball: Ball) -> Fraction | None:
    """The rational number that a ball is, beside the point as well as at it; None where that does not show."""
    found = ball.mark.rational if isinstance(ball, Marked) and ball.mark else None
    return None if found is None else Fraction(int(found.p), int(found.q))


PLAIN = Arithmetic(rational, CONSTANTS, ARB, sign, proves=False)
AT_POINT = _with_images(_at_a_point, sign)  # the images are those of the numbers at the point
BESIDE = _with_images(_settled, _sign_beside)  # the images are those of variables: what is 0 there is 0 everywhere
