"""Products of powers whose logarithm is derived sooner than they are: x**2*sqrt(x + 1)/(x - 3)**4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from gradcalc.calculus.simplify import build, rational
from gradcalc.calculus.step import placeholder
from gradcalc.syntax.tree import Call, Constant, Name, Node, number

MANY, FEWER, POWERS = 4, 3, 2  # factors of a quotient, or of any product with so many powers, and no fewer
ROOTS = {"sqrt": Fraction(1, 2), "cbrt": Fraction(1, 3)}
E = Constant("e")


class Factor(NamedTuple):
    """A base, and its exponent: a number, or what depends on the variable."""

    base: Node
    exponent: Fraction | Node

    @property
    def is_power(self) -> bool:
        """Is it more than a factor above or below the line?"""
        return not isinstance(self.exponent, Fraction) or abs(self.exponent) != 1


class Rate(NamedTuple):
    """f'/f, a sum over the derivatives of `parts`."""

    pattern: Node
    parts: list[Node]


def logarithmic(node: Call, varies: Callable[[Node], bool]) -> Rate | None:
    """The derivative of the logarithm of a product of many powers; None where other rules are as short."""
    if node.function not in {"mul", "div", "pow", *ROOTS}:
        return None
    factors = [one for one in _factors(node, Fraction(1), varies) if varies(one.base) or _varying(one, varies)]
    powers = sum(one.is_power for one in factors)
    below = any(isinstance(one.exponent, Fraction) and one.exponent < 0 for one in factors)
    if not (len(factors) >= MANY and below) and not (len(factors) >= FEWER and powers >= POWERS):
        return None
    parts: list[Node] = []
    terms = [term for one in factors for term in _terms(one, parts, varies)]
    sign, pattern = terms[0]
    pattern = pattern if sign > 0 else Call("neg", (pattern,))
    for sign, term in terms[1:]:
        pattern = Call("add" if sign > 0 else "sub", (pattern, term))
    return Rate(pattern, parts)


def _varying(factor: Factor, varies: Callable[[Node], bool]) -> bool:
    return not isinstance(factor.exponent, Fraction) and varies(factor.exponent)


def _factors(node: Node, power: Fraction, varies: Callable[[Node], bool]) -> Iterator[Factor]:
    """The factors of a node raised to a power."""
    function, arguments = (node.function, node.arguments) if isinstance(node, Call) else ("", ())
    if function in ("mul", "div"):
        yield from _factors(arguments[0], power, varies)
        yield from _factors(arguments[1], power if function == "mul" else -power, varies)
    elif function in ROOTS:
        yield from _factors(arguments[0], power * ROOTS[function], varies)
    elif function == "pow" and (exponent := rational(arguments[1])) is not None:
        yield from _factors(arguments[0], power * exponent, varies)
    elif function == "exp" or (function == "pow" and varies(arguments[1])):
        scaled = build("mul", number(power), arguments[-1])
        yield Factor(E if function == "exp" else arguments[0], scaled)
    else:
        yield Factor(node, power)


def _terms(factor: Factor, parts: list[Node], varies: Callable[[Node], bool]) -> Iterator[tuple[int, Node]]:
    """What a factor adds to the sum, each term with its sign; `parts` gets what is derived."""
    base, exponent = factor
    if not isinstance(exponent, Fraction):
        yield 1, _prime(parts, exponent) if base == E else Call("mul", (_prime(parts, exponent), Call("log", (base,))))
        if varies(base):
            yield 1, Call("div", (Call("mul", (exponent, _prime(parts, base))), base))
        return
    size = abs(exponent)
    above = build("mul", number(size.numerator), _prime(parts, base))
    yield (1 if exponent > 0 else -1), Call("div", (above, build("mul", number(size.denominator), base)))


def _prime(parts: list[Node], part: Node) -> Name:
    """The derivative of a part, which is put among them."""
    parts.append(part)
    return Name(placeholder(len(parts) - 1))
