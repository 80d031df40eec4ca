"""Small pieces of writing: sums of nodes, the order of terms and factors, names of waves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import gcd, isqrt, lcm
from typing import NamedTuple

from flint import fmpq

from gradcalc.calculus.forms.products import ONE, Kernel, Product, multiply, raised
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number

UNIT = Number(Fraction(1))


class Factor(NamedTuple):
    """A part of a written product: `rank` is its place among the others, a negative power goes below."""

    rank: int
    node: Node
    power: Fraction | int = 1
    place: int = 0  # among those of its rank


VARIABLE, SUM_OF_POWERS, ROOT, SUM = 2, 3, 7, 8  # ranks
BEHIND = 1_000_000  # the place of a root of variables among them


WAVES = {"sine": "sin", "cosine": "cos", "tangent": "tan", "cotangent": "cot", "secant": "sec", "cosecant": "csc"}
HYPERBOLIC = {
    "sine": "sinh",
    "cosine": "cosh",
    "tangent": "tanh",
    "cotangent": "coth",
    "secant": "sech",
    "cosecant": "csch",
}


BELOW = ("sin", "cos", "sinh", "cosh")


def named_waves(sine: int, cosine: int, *, short: bool) -> list[tuple[str, int]]:
    """Powers of sine and cosine by name: with `short` names, none of a sine or a cosine is negative."""
    found = [("sine", sine), ("cosine", cosine)]
    if short:
        tangent = min(max(sine, 0), max(-cosine, 0))
        cotangent = min(max(-sine, 0), max(cosine, 0))
        sine, cosine = sine - tangent + cotangent, cosine + tangent - cotangent
        found = [("tangent", tangent), ("cotangent", cotangent)]
        found += [
            ("sine", sine) if sine > 0 else ("cosecant", -sine),
            ("cosine", cosine) if cosine > 0 else ("secant", -cosine),
        ]
    return [(name, power) for name, power in found if power]


def added(terms: Iterable[Node]) -> Node:
    """The sum of nodes, one with a minus sign subtracted; the first with none is put in front."""
    signed = [unsigned(one) for one in terms]
    if signed[0][0]:
        signed.sort(key=lambda one: one[0])
    (negative, written), *rest = signed
    if negative:
        written = negated(written)
    for negative, term in rest:
        written = Call("sub" if negative else "add", (written, term))
    return written


def unsigned(node: Node) -> tuple[bool, Node]:
    """Does a node begin with a minus sign? And the node without it."""
    if isinstance(node, Call):
        if node.function == "neg":
            return True, node.arguments[0]
        if node.function in ("mul", "div"):
            negative, first = unsigned(node.arguments[0])
            if negative:
                written = Call(node.function, (first, *node.arguments[1:]))
                return True, node.arguments[1] if node.function == "mul" and first == UNIT else written
    return False, node


def negated(node: Node) -> Node:
    """The negative, its sign in front of the first factor."""
    if isinstance(node, Call) and node.function in ("mul", "div"):
        first, *rest = node.arguments
        return Call(node.function, (negated(first), *rest))
    return Call("neg", (node,))


def divided(others: Product, *, reciprocals: bool = False) -> Iterator[tuple[Product, Product]]:
    """What the terms of a numerator may be multiplied by, and what then stands outside: everything inside first.

    With `reciprocals`, one of those that stand below alone may stay outside: (tan(x) + 1)*sec(x).
    """
    yield others, ONE
    below = {base: power for base, power in others.powers.items() if power < 0}
    rest = Product(others.coefficient, {base: power for base, power in others.powers.items() if power > 0})
    if below and rest != ONE:
        yield Product(fmpq(1), below), rest
    for base, power in below.items() if len(below) > 1 else ():
        part = Product(fmpq(1), {base: power})
        yield part, multiply(others, raised(part, -1))
    for base, power in below.items() if reciprocals else ():
        if power < -1 and base.kernel is not None and base.kernel.function in BELOW:
            part = Product(fmpq(1), {base: power + 1})
            yield part, multiply(others, raised(part, -1))


def shifts(product: Product) -> Iterator[int]:
    """The powers of a radicand of several factors that may go to its root: sqrt(g*h)/h is g/sqrt(g*h)."""
    for base in product.powers:
        if base.kernel is not None and base.kernel.function in ("root", "power"):
            inside = base.kernel.arguments[0].powers
            powers = [product.powers.get(one, 0) * side for one, side in inside.items()]
            if len(inside) > 1 and any(powers):
                yield -1 if min(powers) < 0 else 1


def numerator(product: Product) -> tuple[Product, Product]:
    """The sums above the line, and everything else."""
    above = {base: power for base, power in product.powers.items() if power > 0 and len(base.poly) > 1}
    others = {base: power for base, power in product.powers.items() if base not in above}
    return Product(fmpq(1), above), Product(product.coefficient, others)


def product_of(x: Node, y: Node) -> Node:
    return Call("mul", (x, y))


def ordered(terms: Sequence[Product]) -> list[Product]:
    """The terms by falling degree; by rising degree, or another in front, where the first would be negative."""
    found = list(terms)
    if found[0].coefficient > 0:
        return found
    degrees = [sum(one.powers.values()) for one in found]
    if found[-1].coefficient > 0 and len(set(degrees)) == len(found):
        return found[::-1]
    return sorted(found, key=lambda one: one.coefficient < 0)


def square_root(value: fmpq) -> fmpq | None:
    """The root of a positive number, where that is rational."""
    above, below = isqrt(int(value.p)), isqrt(int(value.q))
    return fmpq(above, below) if (above**2, below**2) == (int(value.p), int(value.q)) else None


def content_of(values: Sequence[fmpq]) -> fmpq:
    """The greatest number that all are whole multiples of."""
    return fmpq(gcd(*(int(one.p) for one in values)), lcm(*(int(one.q) for one in values)))


def rank(kernel: Kernel) -> int:
    """The place of a kernel in a product: constants, variables, functions."""
    if isinstance(kernel.node, Constant):
        return 1
    return 2 if isinstance(kernel.node, Name) else 6
