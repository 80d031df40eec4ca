"""A power below the line, as one with a negative exponent: `5/x**3` as `5*x**(-3)`, `1/sqrt(x)` as `x**(-(1/2))`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.calculus.simplify import ONE, as_fraction, build, rational
from gradcalc.syntax.tree import Call, Name, Node, Number


@dataclass(frozen=True, slots=True)
class Lowered:
    """A quotient as `front*base**negative`."""

    front: Node
    base: Node
    negative: Node

    def written(self, base: Node | None = None) -> Node:
        """The product, with another base if one is given."""
        return build("mul", self.front, build("pow", base or self.base, self.negative))


def lowered_power(node: Call, varies: Callable[[Node], bool]) -> Lowered | None:
    """A quotient of something fixed by a constant power, or a root, of something that varies; None where it is none.

    What is no name needs an exponent that was written: 1/(1 + x) is no power.
    """
    above, below = node.arguments
    if isinstance(below, Call) and below.function == "mul" and not varies(below.arguments[0]):
        factor, below = below.arguments
        above = build("div", above, factor)
    found = _power(below, varies)
    return None if found is None else Lowered(above, found[0], as_fraction(build("neg", found[1])))


def _power(node: Node, varies: Callable[[Node], bool]) -> tuple[Node, Node] | None:
    """Base and exponent of a power."""
    if isinstance(node, Name):
        return node, ONE
    if not isinstance(node, Call):
        return None
    if node.function == "sqrt":  # not cbrt, which has a value where powers have none
        return node.arguments[0], Call("div", (ONE, Number(Fraction(2))))
    if node.function != "pow" or varies(node.arguments[1]):
        return None
    value = rational(node.arguments[1])
    return None if value is not None and value < 0 else (node.arguments[0], node.arguments[1])
