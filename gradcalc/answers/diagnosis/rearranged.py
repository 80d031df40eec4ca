"""Sums in another order, and polynomials in factors: equal expressions in which near-equal terms meet before rounding.

Terms are added so that each partial sum is as small as can be: near-equal numbers have an exact difference.
Source: Sterbenz, Floating-Point Computation, 1974, theorem 4.3.1; Kahan, Miscalculating Area and Angles of a
Needle-like Triangle, 2014.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from gradcalc.base.real import fraction
from gradcalc.calculus.simplify import build, rational
from gradcalc.engines import ask
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, free_names, number, postorder, rebuilt, with_arguments

FEW, MOST_TERMS = 3, 12
SUMS = frozenset({"add", "sub", "neg"})


def rearrangements(problem: Problem) -> Iterator[Node]:
    """The problem's function with every sum in the order in which least is lost at its point."""
    order = rebuilt(problem.root, lambda node, arguments: _ordered(with_arguments(node, arguments), problem.numbers))
    if order != problem.root:
        yield order
    for found in (ask.factored(problem.root), ask.factored(order)):
        if found is None:
            continue
        yield found
        yield rebuilt(found, lambda node, arguments: _ordered(with_arguments(node, arguments), problem.numbers))


def _ordered(node: Node, point: Mapping[str, float]) -> Node:
    """A sum, of which a larger one is no part, with its terms in order."""
    if not isinstance(node, Call) or node.function not in SUMS or not free_names(postorder(node)):
        return node
    parts = list(_parts(node, Fraction(1)))
    left = {one: share for one, share in _gathered(parts).items() if share}
    if len(left) > MOST_TERMS or (len(parts) < FEW and len(left) == len(parts)):
        return node
    values = {one: share * (fraction(ask.value(one, point)) or 0) for one, share in left.items()}
    total, reached = number(0), Fraction(0)
    while left:
        one = (min if reached else max)(left, key=lambda term: abs(reached + values[term]))
        total, reached = _plus(total, one, left.pop(one)), reached + values[one]
    return total


def _gathered(parts: list[tuple[Node, Fraction]]) -> dict[Node, Fraction]:
    """The terms of a sum, each with what it is multiplied by; equal ones as one."""
    found: dict[Node, Fraction] = {}
    for one, share in parts:
        found[one] = found.get(one, Fraction(0)) + share
    return found


def _parts(node: Node, share: Fraction) -> Iterator[tuple[Node, Fraction]]:
    if (value := rational(node)) is not None:
        yield number(1), share * value
        return
    if not isinstance(node, Call):
        yield node, share
        return
    if node.function in SUMS:
        for place, part in enumerate(node.arguments):
            yield from _parts(part, -share if node.function == "neg" or (node.function == "sub" and place) else share)
        return
    factors = [rational(part) for part in node.arguments]
    if node.function == "mul" and factors[0] is not None:
        yield from _parts(node.arguments[1], share * factors[0])
    elif node.function in ("mul", "div") and factors[1]:
        yield from _parts(node.arguments[0], share * factors[1] if node.function == "mul" else share / factors[1])
    else:
        yield node, share


def _plus(total: Node, one: Node, share: Fraction) -> Node:
    """A sum with one more term."""
    term = build("mul", number(abs(share)), one)
    if abs(share).numerator == 1 and abs(share) != 1:
        term = build("div", one, number(abs(share).denominator))
    if total == number(0):
        return term if share > 0 else build("neg", term)
    return Call("add" if share > 0 else "sub", (total, term))
