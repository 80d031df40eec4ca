"""An expression as a fraction of polynomials in its kernels, the variables and the functions in it."""

from __future__ import annotations

from collections.abc import Callable

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from gradcalc.calculus.simplify import rational
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Node, postorder

MOST_DEGREE, MOST_TERMS, MOST_KERNELS = 40, 80, 12
ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg", "pow"})
Quotient = tuple[fmpq_mpoly, fmpq_mpoly]


def _whole_exponent(node: Node) -> int | None:
    """The exponent of a power that is a whole number and not large."""
    if not isinstance(node, Call) or node.function != "pow":
        return None
    exponent = rational(node.arguments[1])
    return exponent.numerator if exponent and exponent.denominator == 1 and abs(exponent) <= MOST_DEGREE else None


def _parts(node: Node) -> tuple[Node, ...]:
    """What arithmetic is done on; nothing of a kernel or a number."""
    if not isinstance(node, Call) or node.function not in ARITHMETIC or rational(node) is not None:
        return ()
    if node.function == "pow":
        return node.arguments[:1] if _whole_exponent(node) else ()
    return node.arguments


def kernels_of(root: Node) -> dict[str, Node]:
    """What is no arithmetic on others, by its text."""
    leaves = (node for node in postorder(root, into=_parts) if not _parts(node) and rational(node) is None)
    return {to_text(node): node for node in leaves}


def quotient(root: Node, kernels: dict[str, Node]) -> Quotient | None:
    """The numerator and the denominator of a tree, polynomials in its kernels; None where they are too large."""
    if len(kernels) > MOST_KERNELS:
        return None
    context = fmpq_mpoly_ctx.get(tuple(f"k{place}" for place in range(len(kernels))), Ordering.lex)
    leaves = dict(zip(kernels, context.gens(), strict=True))
    found: dict[int, Quotient] = {}
    for node in postorder(root, into=_parts):
        value = rational(node)
        if value is not None:
            made = (context.constant(fmpq(value.numerator, value.denominator)), context.constant(1))
        elif not _parts(node):
            made = (leaves[to_text(node)], context.constant(1))
        else:
            assert isinstance(node, Call)
            power = _whole_exponent(node)
            parts = [found[id(part)] for part in _parts(node)]
            if power and max(map(len, parts[0])) > 1 and abs(power) > MOST_TERMS // max(map(len, parts[0])):
                return None
            made = _raised(parts[0], power) if power else FRACTIONS[node.function](*parts)
        if any(len(one) > MOST_TERMS or one.total_degree() > MOST_DEGREE for one in made) or made[1].is_zero():
            return None
        found[id(node)] = made
    return found[id(root)]


def _raised(a: Quotient, power: int) -> Quotient:
    above, below = a if power > 0 else a[::-1]
    return above ** abs(power), below ** abs(power)


def _summed(a: Quotient, b: Quotient) -> Quotient:
    if a[1] == b[1]:
        return a[0] + b[0], a[1]
    shared = a[1].gcd(b[1])
    left, right = a[1] / shared, b[1] / shared
    return a[0] * right + b[0] * left, left * b[1]


FRACTIONS: dict[str, Callable[..., Quotient]] = {
    "add": _summed,
    "sub": lambda a, b: _summed(a, (-b[0], b[1])),
    "mul": lambda a, b: (a[0] * b[0], a[1] * b[1]),
    "div": lambda a, b: (a[0] * b[1], a[1] * b[0]),
    "neg": lambda a: (-a[0], a[1]),
}
