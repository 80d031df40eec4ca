"""The values of arrays, with as many digits as it takes for each element to be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.unfold import unfolded
from gradcalc.base.digits import needed_bits
from gradcalc.base.real import Real
from gradcalc.engines.exact.arrays.evaluation import OWN, Evaluator
from gradcalc.engines.exact.arrays.tensor import Item
from gradcalc.engines.exact.ball import as_real, known
from gradcalc.engines.exact.precision import climbed
from gradcalc.engines.exact.rules import AT_ONCE, PROVING, Rules
from gradcalc.engines.exact.values import Undefined
from gradcalc.syntax.tree import Node

LADDER: tuple[tuple[int, Rules], ...] = (
    (192, AT_ONCE), (512, AT_ONCE), (512, PROVING), (2048, AT_ONCE), (2048, PROVING), (8192, PROVING),
)  # fmt: skip


def values(root: Node, point: Mapping[str, Value]) -> list[Real | None]:
    """The value of every element of a tree at a point, row-major; None where one has none. Raises LimitError."""
    root = unfolded(root, {name: one.shape for name, one in point.items() if isinstance(one, Array)}, OWN)

    def attempt(rules: Rules) -> Sequence[Item]:
        engine = Evaluator(rules)
        return engine.evaluate(root, engine.point(point))[id(root)].items

    found = climbed(root, attempt, lambda items: all(map(enough, items)), LADDER)
    return [None if isinstance(one, Undefined) else as_real(one) for one in found]


def enough(item: Item) -> bool:
    """Is an element known well? Raises what keeps it from being known."""
    return isinstance(valued(item), Undefined) or known(item, needed_bits())


def valued(item: Item) -> Item:
    """An element, or what has no real value. Raises what keeps it from being known."""
    if isinstance(item, Exception):
        raise item
    return item
