"""Trees as rational functions of kernels; what the user wrote is remembered by what it amounts to."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from fractions import Fraction

from flint import fmpq

from gradcalc.calculus.forms.powers import Powers
from gradcalc.calculus.forms.products import (
    ONE,
    Pair,
    Product,
    folded,
    multiply,
    number,
    raised,
    times,
)
from gradcalc.syntax.tree import Call, Node, Number

SUMS = {"add": 1, "sub": -1}
ODD = frozenset({"asin", "atan", "asinh", "atanh", "acot", "acsc", "acoth", "acsch", "erf", "erfinv", "softsign"})


class Reader(Powers):
    """Reads trees into one field."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.written: dict[int, tuple[Node, Product]] = {}

    def fork(self) -> Reader:
        """A reader that goes on from here by itself."""
        other = copy(self)
        other.field, other.written = self.field.fork(), dict(self.written)
        return other

    def read(self, node: Node) -> Product:
        """What a tree amounts to. Raises TooLarge, and ZeroDivisionError."""
        found = self.written.get(id(node))
        if found is None:
            found = self.written[id(node)] = (node, self._read(node))
        return found[1]

    def terms(self, node: Node) -> list[Product]:
        """The terms of a sum, in their order; of anything else, the whole."""
        found: list[Product] = []
        stack = [(node, 1)]
        while stack:
            one, sign = stack.pop()
            if isinstance(one, Call) and one.function in SUMS:
                stack += [(one.arguments[1], sign * SUMS[one.function]), (one.arguments[0], sign)]
            elif isinstance(one, Call) and one.function == "neg":
                stack.append((one.arguments[0], -sign))
            else:
                found.append(times(self.read(one), sign))
        return found

    def _read(self, node: Node) -> Product:
        if isinstance(node, Number):
            return number(fmpq(node.value.numerator, node.value.denominator))
        if not isinstance(node, Call):
            return self._power_of(self.field.kernel(type(node).__name__, node=node))
        if node.function in SUMS or node.function == "neg":
            return self.field.add(self.terms(node))
        return self.call(node.function, [self.read(one) for one in node.arguments])

    def call(self, function: str, arguments: list[Product]) -> Product:
        """A call of any function but sums."""
        known = CALLS.get(function)
        found = known(self, *arguments) if known is not None else None
        return self.opaque(function, *arguments) if found is None else found

    def opaque(self, function: str, *arguments: Product) -> Product:
        """A call that nothing is known of; that of an odd function by the one of the opposite, where that was met."""
        if function in ODD:
            opposite = self.field.known(function, (times(arguments[0], -1),))
            if opposite is not None:
                return Product(fmpq(-1), {opposite: 1})
        return self._power_of(self.field.kernel(function, arguments))

    def product(self, *factors: Product) -> Product:
        """The product of what was read."""
        return folded(multiply(*factors))

    def quotient(self, above: Product, below: Product) -> Product:
        """The quotient of what was read. Raises ZeroDivisionError."""
        if below.coefficient == 0:
            raise ZeroDivisionError
        return folded(multiply(above, raised(below, -1)))

    # -- angles

    def angle(self, function: str, argument: Product) -> Pair:
        """Sine and cosine of an angle."""
        for pair in self.field.pairs:
            if pair.angle.key == argument.key and pair.sign == (-1 if function == "sinh" else 1):
                return pair
        other = "cosh" if function == "sinh" else "cos"
        sine, cosine = (self.field.kernel(one, (argument,)) for one in (function, other))
        pair = Pair(sine, cosine, -1 if function == "sinh" else 1, argument)
        self.field.pairs.append(pair)
        return pair

    def _upright(self, argument: Product, function: str) -> tuple[Product, int]:
        """The angle, or its opposite where that was met before, and the sign."""
        turned = times(argument, -1)
        known = any(one.angle.key == turned.key for one in self.field.pairs)
        return (turned, -1) if known else (argument, 1)

    def wave(self, function: str, argument: Product, sine: int, cosine: int) -> Product | None:
        """Powers of the sine and the cosine of an angle: the tangent is sine/cosine."""
        if argument.is_number:
            return None
        argument, side = self._upright(argument, function)
        pair = self.angle(function, argument)
        powers = {base: power for base, power in ((pair.sine, sine), (pair.cosine, cosine)) if power}
        return Product(fmpq(side if sine % 2 else 1), powers)

    # -- what the field of machine learning has

    def sigmoid(self, argument: Product) -> Product | None:
        """sigmoid(-x) is 1 - sigmoid(x)."""
        for kernel in self.field.kernels:
            if kernel.function == "sigmoid" and kernel.arguments[0].key == times(argument, -1).key:
                return self.field.add([ONE, Product(fmpq(-1), {kernel.base: 1})])
        return None


def fraction(value: fmpq) -> Fraction:
    """A number of FLINT's as one of Python's."""
    return Fraction(int(value.p), int(value.q))


CALLS: dict[str, Callable[..., Product | None]] = {
    "mul": Reader.product, "div": Reader.quotient, "pow": Reader.power,
    "sqrt": lambda reader, x: reader.power(x, number(fmpq(1, 2))),
    "exp": Reader.exp, "log": Reader.log,
    "sin": lambda reader, x: reader.wave("sin", x, 1, 0), "cos": lambda reader, x: reader.wave("sin", x, 0, 1),
    "tan": lambda reader, x: reader.wave("sin", x, 1, -1), "cot": lambda reader, x: reader.wave("sin", x, -1, 1),
    "sec": lambda reader, x: reader.wave("sin", x, 0, -1), "csc": lambda reader, x: reader.wave("sin", x, -1, 0),
    "sinh": lambda reader, x: reader.wave("sinh", x, 1, 0), "cosh": lambda reader, x: reader.wave("sinh", x, 0, 1),
    "tanh": lambda reader, x: reader.wave("sinh", x, 1, -1), "coth": lambda reader, x: reader.wave("sinh", x, -1, 1),
    "sech": lambda reader, x: reader.wave("sinh", x, 0, -1), "csch": lambda reader, x: reader.wave("sinh", x, -1, 0),
    "factorial": lambda reader, x: reader.opaque("gamma", reader.field.add([x, ONE])),
    "cbrt": Reader.cube_root, "sign": Reader.sign, "abs": Reader.absolute, "sigmoid": Reader.sigmoid,
}  # fmt: skip
