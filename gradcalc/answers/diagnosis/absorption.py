"""Sums that come out as their larger term: the smaller one lies beyond the digits that the format keeps."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from gradcalc.answers.diagnosis.cause import SUMS, Cause, Numbers, bad_bits, lost_bits
from gradcalc.engines import ask
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, number, postorder, replaced


def absorbed(cause: Cause, numbers: Numbers, problem: Problem) -> tuple[Node, Node] | None:
    """The sum below a wrong node that absorbs a term, and the term; None where that does not explain the wrong value.

    It does where the node has torch's value once each such sum is its larger term and everything else is exact.
    """
    found = list(_absorbing(cause.node, numbers))
    if not found:
        return None
    swallowed = {id(total): number(Fraction(numbers[id(total)][0])) for total, _ in found}
    value = ask.value(replaced(cause.node, swallowed), problem.numbers)
    explained = value is not None and lost_bits(value, cause.autograd, problem.format) <= bad_bits(problem.format)
    return found[0] if explained else None


def _absorbing(root: Node, numbers: Numbers) -> Iterator[tuple[Node, Node]]:
    """The sums below `root` that equal one of their terms although the other is not 0, and that other."""
    for node in postorder(root):
        if not isinstance(node, Call) or node.function not in SUMS or node is root:
            continue
        total = numbers[id(node)][0]
        for larger, smaller in (node.arguments, node.arguments[::-1]):
            kept = abs(numbers[id(larger)][0]) == abs(total) and math.isfinite(total)
            if kept and total != 0 and numbers[id(smaller)][0] != 0:
                yield node, smaller
