"""The parts of a quantity whose zeros are its own: each is simple where a power or a product would only touch 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import reduce

from flint import fmpq, fmpq_poly

from gradcalc.calculus.simplify import build, rational
from gradcalc.syntax.tree import Call, Name, Node, Number, free_names, number, postorder

MOST_DEGREE = 40
THROUGH_ZERO = frozenset(  # functions that are 0 where their argument is, and there alone
    {"neg", "abs", "sign", "sqrt", "cbrt", "sinh", "tanh", "asinh", "asin", "atan", "atanh", "erf", "expm1", "log1p"}
)
NEVER_ZERO = frozenset({"exp", "cosh", "sec", "csc", "sech", "sigmoid", "softplus"})


def factors(quantity: Node, name: str) -> Iterator[Node]:
    """Parts that together have the zeros of a quantity of one variable, where it has a value."""
    if not isinstance(quantity, Call):
        if isinstance(quantity, Name):
            yield quantity
        return
    if quantity.function in NEVER_ZERO or not free_names(postorder(quantity)):
        return
    if (found := polynomial(quantity, name)) is not None and found.degree() != 1:
        yield from _of_polynomial(quantity, found, name)
        return
    split = SPLIT.get(quantity.function, (lambda node: node.arguments) if quantity.function in THROUGH_ZERO else None)
    parts = None if split is None else split(quantity)
    if parts is None:
        yield quantity
        return
    for part in parts:
        yield from factors(part, name)


def _of_polynomial(quantity: Node, found: fmpq_poly, name: str) -> Iterator[Node]:
    """The factors over the rational numbers; the quantity as it is written where it is the only one.

    A constant has none: what is 0 for every number tells no number from its neighbours.
    """
    if found.degree() < 1:
        return
    _, pairs = found.factor()
    if len(pairs) == 1 and pairs[0][1] == 1:
        yield quantity
        return
    for factor, _ in pairs:
        yield _horner(list(factor), name)


def _horner(coefficients: list[fmpq], name: str) -> Node:
    nodes = [number(Fraction(int(one.p), int(one.q))) for one in map(fmpq, reversed(coefficients))]
    return reduce(lambda above, one: build("add", build("mul", above, Name(name)), one), nodes)


def _base(node: Call) -> tuple[Node, ...] | None:
    """Of a power: it is 0 where its base is, if the exponent is positive."""
    base, exponent = node.arguments
    value = rational(exponent)
    return (base,) if value is not None and value > 0 else None


def _square(node: Node) -> Node:
    return Call("pow", (node, Number(Fraction(2))))


SPLIT: dict[str, Callable[[Call], tuple[Node, ...] | None]] = {
    "mul": lambda node: node.arguments,
    "div": lambda node: node.arguments[:1],
    "pow": _base,
    "hypot": lambda node: (Call("add", (_square(node.arguments[0]), _square(node.arguments[1]))),),
    "log": lambda node: (build("sub", node.arguments[0], Number(Fraction(1))),),
}


# -- polynomials


def polynomial(root: Node, name: str) -> fmpq_poly | None:
    """The polynomial in one name that a tree is; None where it is none, or of a high degree."""
    found: dict[int, fmpq_poly | None] = {}
    for node in postorder(root):
        found[id(node)] = _step(node, found, name)
    return found[id(root)]


def _step(node: Node, found: dict[int, fmpq_poly | None], name: str) -> fmpq_poly | None:
    if isinstance(node, Number):
        return fmpq_poly([fmpq(node.value.numerator, node.value.denominator)])
    if isinstance(node, Name) and node.name == name:
        return fmpq_poly([0, 1])
    if not isinstance(node, Call) or node.function not in POLYNOMIAL:
        return None
    parts = [found[id(argument)] for argument in node.arguments]
    if any(part is None for part in parts):
        return None
    result = POLYNOMIAL[node.function](*parts)
    return result if result is not None and result.degree() <= MOST_DEGREE else None


def _quotient(a: fmpq_poly, b: fmpq_poly) -> fmpq_poly | None:
    return a / b[0] if b.degree() == 0 else None


def _power(a: fmpq_poly, b: fmpq_poly) -> fmpq_poly | None:
    count = b[0]
    if b.degree() > 0 or count.q != 1 or not 0 <= count.p * max(a.degree(), 1) <= MOST_DEGREE:
        return None
    return a ** int(count.p)


POLYNOMIAL: dict[str, Callable[..., fmpq_poly | None]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "neg": lambda a: -a,
    "div": _quotient, "pow": _power,
}  # fmt: skip
