"""The parts of a product that are written together: exponentials, sines and cosines, roots and their radicands."""

from __future__ import annotations

from dataclasses import dataclass, field

from flint import fmpq

from gradcalc.calculus.forms.field import Field
from gradcalc.calculus.forms.products import ONE, Base, Kernel, Pair, Product, multiply, number, times
from gradcalc.syntax.tree import Constant

HALF = fmpq(1, 2)
NO_CONSTANTS = (ONE, ONE)


@dataclass(slots=True)
class Parts:
    """A product, sorted by how its factors are written."""

    coefficient: fmpq
    plain: list[tuple[Kernel, int]] = field(default_factory=list)
    sums: dict[Base, int] = field(default_factory=dict)
    waves: list[tuple[Pair, int, int]] = field(default_factory=list)
    exponents: list[Product] = field(default_factory=list)
    raised: list[tuple[Product, Product]] = field(default_factory=list)  # bases and exponents that are no whole numbers
    absolutes: list[tuple[Product, int]] = field(default_factory=list)
    constants: tuple[Product, Product] = NO_CONSTANTS  # numbers under a square root above, and below


def parted(product: Product, field: Field, shift: int = 0) -> Parts:
    """The parts of a product; with a `shift`, so many powers of a radicand more are taken to its root."""
    powers = dict(product.powers)
    found = Parts(product.coefficient)
    _absolute(found, powers)
    _cube_roots(powers)
    groups: dict[object, tuple[Product, list[Product]]] = {}
    for base in [*powers]:
        kernel = base.kernel
        if kernel is None:
            continue
        if kernel.function == "exp":
            found.exponents.append(times(kernel.arguments[0], powers.pop(base)))
        elif kernel.function == "root" or kernel.function == "power":
            power = powers.pop(base)
            whole = kernel.arguments[0]
            inner = _exponential(kernel)
            if inner is not None:
                found.exponents.append(times(inner, fmpq(power, kernel.degree)))
                continue
            exponent = number(fmpq(power, kernel.degree)) if kernel.degree else times(kernel.arguments[1], power)
            groups.setdefault(whole.key, (whole, []))[1].append(exponent)
    for whole, exponents in groups.values():
        taken = _taken(whole, powers) or (shift if len(whole.powers) > 1 else 0)
        for base, power in whole.powers.items() if taken else ():
            powers[base] = powers.get(base, 0) - taken * power
            if not powers[base]:
                del powers[base]
        found.coefficient *= whole.coefficient**-taken
        _place(found, whole, field.add([*exponents, number(taken)]))
    _sort(found, powers, field)
    return found


def _exponential(kernel: Kernel) -> Product | None:
    """The exponent of the exponential that a kernel is a root of."""
    bases = [*kernel.arguments[0].powers]
    inner = bases[0].kernel if len(bases) == 1 else None
    return inner.arguments[0] if kernel.degree and inner is not None and inner.function == "exp" else None


def _taken(whole: Product, powers: dict[Base, int]) -> int:
    """The power of what stands under a root that stands beside it too."""
    if not whole.powers:
        return 0
    shares = [powers.get(base, 0) / power for base, power in whole.powers.items()]
    if all(one >= 1 for one in shares):
        return int(min(shares))
    return int(max(shares)) if all(one <= -1 for one in shares) else 0


def _place(found: Parts, whole: Product, exponent: Product) -> None:
    if whole.is_number and exponent.coefficient == HALF and exponent.is_number:
        above, below = found.constants
        found.constants = (multiply(above, whole), below)
    elif exponent.is_number and abs(exponent.coefficient) == HALF and _is_constant(whole):
        above, below = found.constants
        found.constants = (
            (multiply(above, whole), below) if exponent.coefficient > 0 else (above, multiply(below, whole))
        )
    elif exponent.is_number and exponent.coefficient == 0:
        pass
    else:
        found.raised.append((whole, exponent))


def _is_constant(whole: Product) -> bool:
    return all(base.kernel is not None and isinstance(base.kernel.node, Constant) for base in whole.powers)


def _sort(found: Parts, powers: dict[Base, int], field: Field) -> None:
    for pair in field.pairs:
        sine, cosine = powers.pop(pair.sine, 0), powers.pop(pair.cosine, 0)
        if sine or cosine:
            found.waves.append((pair, sine, cosine))
    for base, power in powers.items():
        if base.kernel is None:
            found.sums[base] = power
        elif power:
            found.plain.append((base.kernel, power))


def _cube_roots(powers: dict[Base, int]) -> None:
    """Cube roots below where what they are of is below: cbrt(x)**2/x is 1/cbrt(x)."""
    for base in [*powers]:
        if base.kernel is None or base.kernel.function != "cbrt":
            continue
        inside = base.kernel.whole.powers
        if base.kernel.whole.coefficient == 1 and all(powers.get(one, 0) * power < 0 for one, power in inside.items()):
            powers[base] -= 3
            for one, power in inside.items():
                powers[one] = powers[one] + power
                if not powers[one]:
                    del powers[one]


def _absolute(found: Parts, powers: dict[Base, int]) -> None:
    """Signs beside what they are of as absolute values: sign(x)*x**2 is x*|x|."""
    for base in [*powers]:
        kernel = base.kernel
        if kernel is None or kernel.function != "sign":
            continue
        (of,) = kernel.arguments[0].powers
        power = powers.get(of, 0)
        if power > 0 or power % 2:
            del powers[base]
            size = power if power % 2 else 1
            found.absolutes.append((kernel.arguments[0], size))
            powers[of] = power - size
            if not powers[of]:
                del powers[of]
