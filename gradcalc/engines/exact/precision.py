"""How many digits it takes: precision rises until a result is known, or no more is affordable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from flint import ctx

from gradcalc.base.digits import needed_bits
from gradcalc.base.errors import LimitError, shortened
from gradcalc.engines.exact.ball import Undecided, too_large, working
from gradcalc.engines.exact.evaluation import AT_ONCE, PROVING, Evaluator
from gradcalc.engines.exact.primitives import COST
from gradcalc.engines.exact.rules import Rules
from gradcalc.functions import NAMED
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Node, Number, postorder

Result = TypeVar("Result")
LADDER = {  # bits, and how many functions take no more than a second or two there
    192: 10**9, 512: 10**9, 2048: 10**9, 8192: 3000, 32768: 200, 131072: 40, 524288: 6, 1048576: 1,
}  # fmt: skip


FIRST = next(iter(LADDER))


class Unproven(LimitError):
    """A number in `node` that the last precision does not tell from 0, and that is not proven to be 0."""

    why = "with {:,} bits a number in it cannot be told from 0, nor proven to be 0"
    cure = "no option raises this limit: write it so that it does not cancel, or choose another point"

    def __init__(self, node: Node, bits: int) -> None:
        text, why = shortened(to_text(node)), self.why.format(bits)
        super().__init__(f"`{text}` is not decided: {why}", hint=self.cure)
        self.node = node


def precisions(*roots: Node) -> list[int]:
    """The precisions to try on trees: fewer where each evaluation takes long, but as many as digits were asked for."""
    cost = sum(COST.get(node.function, 1) for node in postorder(*roots) if isinstance(node, Call) and _takes_long(node))
    enough = next(bits for bits in LADDER if bits > needed_bits())
    return [bits for bits, most in LADDER.items() if cost <= most or bits <= enough]


def _takes_long(node: Call) -> bool:
    """Is this more than arithmetic?"""
    if node.function != "pow":
        return node.function in NAMED
    exponent = node.arguments[1]
    return not isinstance(exponent, Number) or exponent.value.denominator != 1


def _tries(root: Node) -> Iterator[tuple[int, Rules]]:
    """The precisions, of which the first one is enough for most, and that without proofs of what is 0."""
    yield FIRST, AT_ONCE
    yield from ((bits, PROVING) for bits in precisions(root)[1:])


def refined(
    root: Node, attempt: Callable[[Evaluator], Result], enough: Callable[[Result], bool], *, or_last: bool = False
) -> Result:
    """`attempt` on `root` at rising precision, until its result is known well `enough`, or it is the last.

    Raises Unproven where no precision is enough, and LimitError where a number is too large.
    """

    def is_enough(found: Result) -> bool:
        return enough(found) or (or_last and ctx.prec == precisions(root)[-1])

    return climbed(root, lambda rules: attempt(Evaluator(rules)), is_enough, _tries(root))


def climbed(
    root: Node,
    attempt: Callable[[Rules], Result],
    is_enough: Callable[[Result], bool],
    ladder: Iterable[tuple[int, Rules]],
) -> Result:
    """`attempt` with more and more bits, until its result is known well enough. Raises Unproven and LimitError."""
    place, large, bits = root, False, 0
    for bits, rules in ladder:
        try:
            with working(bits):
                found = attempt(rules)
                if is_enough(found):
                    return found
                place, large = root, False
        except Undecided as error:
            place, large = error.node or root, error.large
    raise too_large() if large else Unproven(place, bits)
