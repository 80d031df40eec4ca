"""Powers, roots, exponentials and logarithms of what was read, by the rules that hold wherever they have a value."""

from __future__ import annotations

from flint import fmpq

from gradcalc.calculus.forms.field import Field
from gradcalc.calculus.forms.products import (
    ONE,
    ZERO,
    Base,
    Kernel,
    Product,
    TooLarge,
    folded,
    multiply,
    number,
    raised,
    times,
)
from gradcalc.syntax.tree import Constant

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)
POSITIVE = ("exp", "cosh", "sigmoid")
CONSTANTS = (Constant("pi"), Constant("e"))


class Powers:
    """The rules for powers in one field."""

    def __init__(self, size: int) -> None:
        self.field = Field(size)

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
            elif _is_positive(one) and not self._beside_sine(one, base):
                parts.append(Product(fmpq(1), {self._root(Product(fmpq(1), {one: 1}), degree): power}))
            else:
                rest[one] = power
        odd = [one for one, power in rest.items() if power % 2] if len(rest) == 1 and base.coefficient > 0 else []
        for one in odd:  # sqrt(x**3) has a value where sqrt(x) has one
            parts.append(Product(fmpq(1), {self._root(Product(fmpq(1), {one: 1}), degree): rest.pop(one)}))
        if rest or base.coefficient < 0:
            parts.append(self._power_of(self._root(Product(base.coefficient / size, rest), degree)))
        return folded(multiply(*parts))

    def _beside_sine(self, cosine: Base, product: Product) -> bool:
        """Is it the cosine of a tangent that stands under a root?"""
        return any(pair.cosine is cosine and pair.sine in product.powers for pair in self.field.pairs)

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

    def cube_root(self, base: Product) -> Product | None:
        """The real cube root, of whatever sign: its cube is what it is of."""
        return None if base.is_number else self._power_of(self.field.kernel("cbrt", (base,), degree=3, whole=base))

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
            inverse = raised(argument, -1)
            return times(self.log(inverse) or self._power_of(self.field.kernel("log", (inverse,))), -1)
        return None

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


def _is_positive(base: Base) -> bool:
    return base.kernel is not None and (base.kernel.function in POSITIVE or base.kernel.node in CONSTANTS)


def only(product: Product) -> Kernel | None:
    """The kernel whose power a product is; None where it is anything else."""
    bases = [*product.powers]
    return bases[0].kernel if len(bases) == 1 and product.coefficient == 1 else None
