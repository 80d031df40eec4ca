"""How large the constants of an expression are, told before anything computes them: `9**9**9` is refused here."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from gradcalc.base.limits import Limits
from gradcalc.syntax.tree import Call, Node, Number

Folding = Callable[..., Fraction | None]
EASY_TO_READ = 10**15


def require_small_constants(order: list[Node], limits: Limits) -> None:
    """Raises LimitError at the first constant power, product or factorial of more digits than the limit.

    SymPy would write them out in full, whatever their length.
    """
    values: dict[int, Fraction | None] = {}
    for node in order:
        if isinstance(node, Number):
            values[id(node)] = node.value
        elif isinstance(node, Call):
            arguments = [values[id(argument)] for argument in node.arguments]
            values[id(node)] = _folded(node, arguments, limits)
        else:
            values[id(node)] = None


def _folded(node: Call, arguments: list[Fraction | None], limits: Limits) -> Fraction | None:
    """The rational value of a call, or None where it has none or a long one."""
    if node.function not in FOLDED or any(argument is None for argument in arguments):
        return None
    digits, fold = FOLDED[node.function]
    size = digits(*arguments)
    if node.function in WRITTEN_OUT:
        limits.require("digits", size, f"this constant has {_counted(size)} digits", node.span)
    return fold(*arguments) if size <= limits.digits else None


def length(value: Fraction) -> float:
    """How many digits the numerator and the denominator have, the longer of them, as a logarithm: 1000 has 3."""
    return math.log10(max(abs(value.numerator), value.denominator))


def _counted(size: float) -> str:
    return f"about {size:,.0f}" if size < EASY_TO_READ else f"over {EASY_TO_READ:,}"


def _together(x: Fraction, y: Fraction) -> float:
    return length(x) + length(y)


def _power_digits(base: Fraction, exponent: Fraction) -> float:
    if abs(base) in (0, 1):
        return 1
    return float(min(abs(exponent), Fraction(10**300))) * length(base)


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if exponent.denominator != 1 or (base == 0 and exponent < 0):
        return None
    return Fraction(base**exponent.numerator)


def _factorial_digits(x: Fraction) -> float:
    return math.lgamma(float(min(abs(x), Fraction(10**300))) + 1) / math.log(10)


def _factorial(x: Fraction) -> Fraction | None:
    return Fraction(math.factorial(x.numerator)) if x.denominator == 1 and x >= 0 else None


FOLDED: dict[str, tuple[Callable[..., float], Folding]] = {
    "add": (_together, lambda x, y: x + y),
    "sub": (_together, lambda x, y: x - y),
    "mul": (_together, lambda x, y: x * y),
    "div": (_together, lambda x, y: x / y if y else None),
    "neg": (length, lambda x: -x),
    "pow": (_power_digits, _power),
    "factorial": (_factorial_digits, _factorial),
    "gamma": (lambda x: _factorial_digits(x - 1), lambda x: _factorial(x - 1)),
}
WRITTEN_OUT = frozenset({"mul", "pow", "factorial", "gamma"})
