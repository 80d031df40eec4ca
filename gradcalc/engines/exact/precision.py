"""How many digits it takes: precision rises until a result is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gradcalc.engines.exact.ball import Undecided
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.primitives import MOST_BITS
from gradcalc.functions import NAMED
from gradcalc.syntax.tree import Call, Node, postorder

Result = TypeVar("Result")
PRECISIONS = (192, 384, 768, 1536, 4608, 12288)  # bits; what is no further from zero at the last counts as zero
MANY, MOST_OF_MANY = 20, 4608  # functions, and the bits at which so many still take no more than a second


def precisions(*roots: Node) -> list[int]:
    """The precisions to try on trees: fewer where each evaluation takes long."""
    functions = [node.function for node in postorder(*roots) if isinstance(node, Call) and node.function in NAMED]
    most = min((MOST_BITS.get(name, PRECISIONS[-1]) for name in functions), default=PRECISIONS[-1])
    if len(functions) > MANY:
        most = min(most, MOST_OF_MANY)
    return [precision for precision in PRECISIONS if precision <= most]


def refined(root: Node, attempt: Callable[[Evaluator], Result], enough: Callable[[Result], bool]) -> Result:
    """`attempt` on `root` at rising precision, until its result is known well `enough`; at the last, what it says."""
    *rising, last = precisions(root)
    for precision in rising:
        try:
            result = attempt(Evaluator(precision))
        except Undecided:
            continue
        if enough(result):
            return result
    return attempt(Evaluator(last, last=True))
