"""Trees as rational functions of kernels; what the user wrote is remembered by what it amounts to."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from fractions import Fraction

from flint import fmpq

from gradcalc.calculus.forms.field import (
    ONE,
    ZERO,
    Base,
    Field,
    Kernel,
    Pair,
    Product,
    TooLarge,
    folded,
    multiply,
    number,
    raised,
    times,
)
from gradcalc.syntax.tree import Call, Constant, Node, Number

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)
SUMS = {"add": 1, "sub": -1}
POSITIVE = ("exp", "cosh", "sigmoid")
CONSTANTS = (Constant("pi"), Constant("e"))


class Reader:
    """Reads trees into one field."""

    def __init__(self, size: int) -> None:
        self.field = Field(size)
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
        """A call that nothing is known of."""
        return self._power_of(self.field.kernel(function, arguments))

    def _power_of(self, base: Base, power: int = 1) -> Product:
        return Product(fmpq(1), {base: power})

    # -- powers and roots

    def power(self, base: Product, exponent: Product) -> Product | None:
        """A power; its whole part apart from the rest."""
        if exponent.is_number:
            return self._rational_power(base, exponent.coefficient)
        if base.powers == self._e().powers and base.coefficient == 1:
            return self.exp(exponent)
        whole, rest = self._whole_part(exponent)
        if rest.is_number:
            return None
        found = self._proportional("power", rest, base)
        kernel, multiple = found if found else (self.field.kernel("power", (base, rest)), 1)
        return multiply(raised(base, whole), self._power_of(kernel, multiple))

    def _whole_part(self, exponent: Product) -> tuple[int, Product]:
        """The whole number that a sum has in it, and the rest."""
        parts = self.summands(exponent)
        constant = sum((one.coefficient for one in parts if one.is_number), fmpq(0))
        whole = int(constant.p // constant.q)
        return (whole, self.field.add([*parts, number(-whole)])) if whole else (0, exponent)

    def _rational_power(self, base: Product, exponent: fmpq) -> Product | None:
        degree = int(exponent.q)
        if degree == 1:
            return folded(raised(base, int(exponent.p)))
        whole, rest = divmod(int(exponent.p), degree)
        if base.coefficient == 0:
            return ZERO if whole >= 0 else None
        if base.is_number and base.coefficient < 0:
            return None
        return folded(multiply(raised(base, whole), raised(self.root(base, degree), rest)))

    def root(self, base: Product, degree: int) -> Product:
        """The root of what is not 0: those of numbers and of what is positive apart, and whole powers."""
        size = abs(base.coefficient)
        parts = [self._numeric_root(size, degree)]
        rest: dict[Base, int] = {}
        sums = any(len(one.poly) > 1 for one in base.powers)
        for one, power in base.powers.items():
            if power % degree == 0 and (power > 0 or not sums):
                part = Product(fmpq(1), {one: 1})
                parts.append(raised(part if degree % 2 or _is_positive(one) else self.absolute(part), power // degree))
            elif _is_positive(one):
                parts.append(Product(fmpq(1), {self._root(Product(fmpq(1), {one: 1}), degree): power}))
            else:
                rest[one] = power
        if rest or base.coefficient < 0:
            parts.append(self._power_of(self._root(Product(base.coefficient / size, rest), degree)))
        return folded(multiply(*parts))

    def _root(self, whole: Product, degree: int) -> Base:
        return self.field.kernel("root", (whole,), degree=degree, whole=whole)

    def _numeric_root(self, size: fmpq, degree: int) -> Product:
        """The root of a positive number."""
        result = ONE
        for part, side in ((int(size.p), 1), (int(size.q), -1)):
            for prime in PRIMES:
                count = 0
                while part > 1 and part % prime == 0:
                    part, count = part // prime, count + 1
                result = multiply(result, self._prime_root(prime, degree, side * count))
            result = multiply(result, self._prime_root(part, degree, side) if part > 1 else ONE)
        return result

    def _prime_root(self, value: int, degree: int, count: int) -> Product:
        whole, rest = divmod(count, degree)
        found = number(fmpq(value) ** whole)
        if rest:
            found = multiply(found, self._power_of(self._root(number(value), degree), rest))
        return found

    def product(self, *factors: Product) -> Product:
        """The product of what was read."""
        return folded(multiply(*factors))

    def quotient(self, above: Product, below: Product) -> Product:
        """The quotient of what was read. Raises ZeroDivisionError."""
        if below.coefficient == 0:
            raise ZeroDivisionError
        return folded(multiply(above, raised(below, -1)))

    # -- exponentials and logarithms

    def _e(self) -> Product:
        return self._power_of(self.field.kernel("Constant", node=Constant("e")))

    def exp(self, exponent: Product) -> Product:
        """An exponential: a power of one met before where the exponents are multiples, or sums of such."""
        if exponent.is_number:
            return self.power(self._e(), exponent) if exponent.coefficient != 0 else ONE  # type: ignore[return-value]  # a power of e
        if (found := self._proportional("exp", exponent)) is not None:
            return self._power_of(*found)
        if (kernel := only(exponent)) is not None and kernel.function == "log":
            return kernel.arguments[0]
        parts = [(one, self._proportional("exp", one)) for one in self.summands(exponent)]
        if len(parts) > 1 and any(found for _, found in parts):
            known = [self._power_of(*found) for _, found in parts if found]
            others = [one for one, found in parts if not found]
            return multiply(*known, self.exp(self.field.add(others)) if others else ONE)
        return self._power_of(self.field.kernel("exp", (exponent,)))

    def summands(self, product: Product) -> list[Product]:
        """The terms of a product multiplied out; the product itself where there is one."""
        try:
            above = Product(product.coefficient, {base: power for base, power in product.powers.items() if power > 0})
            below = Product(fmpq(1), {base: power for base, power in product.powers.items() if power < 0})
            return [multiply(one, below) for one in self.field.terms(self.field.expanded(above))]
        except TooLarge:
            return [product]

    def _proportional(self, function: str, argument: Product, *first: Product) -> tuple[Base, int] | None:
        """A kernel, and the power of it that a call of the function is, as exp(3*x) is of exp(x)."""
        for kernel in self.field.kernels:
            if (
                kernel.function == function
                and kernel.arguments[:-1] == first
                and kernel.arguments[-1].powers == argument.powers
            ):
                ratio = argument.coefficient / kernel.arguments[-1].coefficient
                if ratio.q == 1:
                    return kernel.base, int(ratio.p)
                if not first:
                    return self._root(self._power_of(kernel.base), int(ratio.q)), int(ratio.p)
        return None

    def log(self, argument: Product) -> Product | None:
        """A logarithm; that of an exponential, a root or a reciprocal by that of what stands in it."""
        if argument.is_number:
            return ZERO if argument.coefficient == 1 else None
        if (kernel := only(argument)) is not None and (kernel.function == "exp" or kernel.node == Constant("e")):
            return times(kernel.arguments[0] if kernel.arguments else ONE, sum(argument.powers.values()))
        if argument.powers and all(power < 0 for power in argument.powers.values()):
            return times(self.call("log", [raised(argument, -1)]), -1)
        return None

    # -- angles

    def angle(self, function: str, argument: Product) -> Pair:
        """Sine and cosine of an angle."""
        for pair in self.field.pairs:
            if pair.angle.key == argument.key and pair.sine.kernel.function == function:
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

    # -- signs

    def sign(self, argument: Product) -> Product | None:
        """The sign of a product is the product of signs; its square is 1."""
        if argument.is_number:
            return number(-1 if argument.coefficient < 0 else 1) if argument.coefficient != 0 else ZERO
        odd = [base for base, power in argument.powers.items() if power % 2 and not _is_positive(base)]
        return self._signs(argument, odd) if len(odd) == len(argument.powers) else None

    def _signs(self, argument: Product, odd: list[Base]) -> Product:
        signs = {self.field.kernel("sign", (Product(fmpq(1), {base: 1}),), degree=2): 1 for base in odd}
        return Product(fmpq(-1 if argument.coefficient < 0 else 1), signs)

    def absolute(self, argument: Product) -> Product:
        """|u| is sign(u)*u."""
        odd = [base for base, power in argument.powers.items() if power % 2 and not _is_positive(base)]
        return multiply(self._signs(argument, odd), argument)

    # -- what the field of machine learning has

    def sigmoid(self, argument: Product) -> Product | None:
        """sigmoid(-x) is 1 - sigmoid(x)."""
        for kernel in self.field.kernels:
            if kernel.function == "sigmoid" and kernel.arguments[0].key == times(argument, -1).key:
                return self.field.add([ONE, Product(fmpq(-1), {kernel.base: 1})])
        return None


def _is_positive(base: Base) -> bool:
    return base.kernel is not None and (base.kernel.function in POSITIVE or base.kernel.node in CONSTANTS)


def only(product: Product) -> Kernel | None:
    """The kernel whose power a product is; None where it is anything else."""
    bases = [*product.powers]
    return bases[0].kernel if len(bases) == 1 and product.coefficient == 1 else None


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
    "sign": Reader.sign, "abs": Reader.absolute, "sigmoid": Reader.sigmoid,
}  # fmt: skip
