"""An expression as a fraction of polynomials in its kernels, the variables and the functions in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from gradcalc.calculus.simplify import build, rational
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Node, number, postorder, rebuilt, with_arguments

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


def factored(root: Node) -> Node | None:
    """The tree with its polynomials in factors, but for those that are in a larger one; None where none has any."""

    def change(node: Node, arguments: tuple[Node, ...]) -> Node:
        inner = with_arguments(node, arguments)
        return _in_factors(inner) or inner if isinstance(node, Call) and id(node) in largest else inner

    order = postorder(root)
    within = {id(part) for node in order for part in _parts(node)}
    largest = {id(node) for node in order if _parts(node) and id(node) not in within}
    found = rebuilt(root, change)
    return None if found is root else found


def _in_factors(root: Node) -> Node | None:
    """A fraction of polynomials with both in factors; None where there are none."""
    kernels = kernels_of(root)
    found = quotient(root, kernels)
    if found is None or not kernels:
        return None
    shared = found[0].gcd(found[1])
    (above, factors), (below, others) = ((one / shared).factor() for one in found)
    if sum(power for _, power in (*factors, *others)) < 2:
        return None
    leaves = list(kernels.values())
    top, bottom = (_product(one, leaves) for one in (factors, others))
    scale = above / below
    return build("div", build("mul", number(Fraction(int(scale.p), int(scale.q))), top), bottom)


def _product(factors: Sequence[tuple[fmpq_mpoly, int]], leaves: Sequence[Node]) -> Node:
    total: Node = number(1)
    for factor, power in factors:
        total = build("mul", total, build("pow", written(factor, leaves), number(power)))
    return total


def written(polynomial: fmpq_mpoly, leaves: Sequence[Node]) -> Node:
    """A polynomial as a sum of its terms."""
    total: Node = number(0)
    for powers, value in polynomial.terms():
        term: Node = number(Fraction(abs(int(value.p)), int(value.q)))
        for leaf, power in zip(leaves, powers, strict=True):
            term = build("mul", term, build("pow", leaf, number(int(power))))
        total = build("add" if value > 0 else "sub", total, term)
    return total


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
