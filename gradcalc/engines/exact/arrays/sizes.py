"""The size of the terms that a gradient is the sum of: the same pass back, in which nothing cancels."""

from __future__ import annotations

from collections.abc import Sequence

from gradcalc.engines.exact.arrays.evaluation import Point, Values
from gradcalc.engines.exact.arrays.gradient import Reverse
from gradcalc.engines.exact.arrays.tensor import Item, Tensor, number
from gradcalc.engines.exact.rules import Rules
from gradcalc.syntax.tree import Call, Name, Node, dependents, postorder

FLOW = "g"
WITHOUT_SIGN = {"sub": "add", "neg": "abs"}


class Sizes(Reverse):
    """Goes back with absolute values."""

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules)
        self.signless = True

    def rule_values(self, root: Node, point: Point) -> Values:
        """In a rule, the size of what is made of the flow."""
        order = postorder(root)
        flowing, values = dependents(order, [FLOW]), Values()
        for node in order:
            if isinstance(node, Name):
                values[id(node)] = point[node.name]
            elif not isinstance(node, Call):
                values[id(node)] = number(self.rules.compiled(node, ())(()))
            elif id(node) in flowing:
                sizes = [self.absolute(values[id(one)]) for one in node.arguments]
                same = Call(WITHOUT_SIGN.get(node.function, node.function), node.arguments, node.span)
                values[id(node)] = self.call(same, sizes)
            else:
                values[id(node)] = self.call(node, [values[id(one)] for one in node.arguments])
        return values

    def absolute(self, a: Tensor) -> Tensor:
        """The sizes of the elements; answers yes and no stay."""
        return (
            a
            if a.missing or isinstance(a.items[0], bool)
            else Tensor(a.shape, list(map(self.function("abs"), a.items)))
        )

    def before(self, arrays: Sequence[Tensor]) -> Sequence[Tensor]:
        """What a flow goes back by."""
        return [self.absolute(one) for one in arrays]

    def times(self, flow: Tensor, slopes: Sequence[Item]) -> Tensor:
        """A flow times local derivatives."""
        return super().times(flow, list(map(self.function("abs"), slopes)))
