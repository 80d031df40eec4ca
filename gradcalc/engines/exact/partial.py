"""An array expression where only a few components vary: sums and products are worked out, the rest is written out.

What comes out is a scalar expression in these few components, tangent to the function at the point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.arrays.components import RULES, call, cost
from gradcalc.arrays.infer import Shapes, infer
from gradcalc.arrays.unfold import unfolded
from gradcalc.arrays.writer import Components
from gradcalc.base.effort import spend
from gradcalc.base.errors import LimitError
from gradcalc.base.span import Span
from gradcalc.engines.exact import dual
from gradcalc.engines.exact.dual import Dual
from gradcalc.engines.exact.folds import FOLDS, Folding
from gradcalc.syntax.tree import Call, Name, Node, Number, postorder

QUICK = 10  # operations on whole numbers that take a step
WRITTEN = 10  # steps of an operation that is written out


@dataclass(slots=True)
class Budget:
    """How much may still be done: operations on whole numbers, and operations that are written out."""

    worked: int
    written: int

    def spend(self, worked: int = 0, written: int = 0) -> None:
        """Raises LimitError where not so much is left."""
        self.worked -= worked
        self.written -= written
        if min(self.worked, self.written) < 0:
            raise LimitError("the arrays are too large")
        spend(worked / QUICK + written * WRITTEN)


@dataclass(frozen=True, slots=True)
class Partial:
    """A scalar expression in the components that vary, each counted from its value at the point.

    Along those that are `bent` only its value and its first derivative are the function's. `lost` is how many leading
    bits cancelled in the sums that were worked out.
    """

    root: Node
    bent: frozenset[str]
    lost: int


def partial(root: Node, variables: Mapping[str, Dual], budget: Budget) -> Partial:
    """The expression of the parameters of `variables`, which holds every free name.

    Raises LimitError where that is not in the budget.
    """
    shapes = {name: one.shape for name, one in variables.items()}
    root = unfolded(root, shapes, RULES)
    work = _Work(infer(root, shapes), budget)
    for node in postorder(root):
        work.made[id(node)] = work.value(node, variables)
    (result,) = work.written(root).nodes
    return Partial(result, work.bent, work.lost)


class _Work:
    """The values of the nodes so far."""

    def __init__(self, shapes: Shapes, budget: Budget) -> None:
        self.shapes, self.budget = shapes, budget
        self.made: dict[int, Dual | Components] = {}
        self.bent: frozenset[str] = frozenset()
        self.lost = 0

    def value(self, node: Node, variables: Mapping[str, Dual]) -> Dual | Components:
        """The value of a node, whose arguments are made."""
        if isinstance(node, Name):
            return variables[node.name]
        if isinstance(node, Number):
            return dual.number(node.value)
        if not isinstance(node, Call):
            return Components((), (node,))
        return self.folded(node) or self.expanded(node)

    def folded(self, node: Call) -> Dual | None:
        """The value of a call in whole numbers, where it is a sum or a product of such."""
        arguments = [self.made[id(argument)] for argument in node.arguments]
        duals = [one for one in arguments if isinstance(one, Dual)]
        fold = FOLDS.get(node.function)
        if fold is None or len(duals) < len(arguments):
            return None
        shape = self.shapes[id(node)]
        self.budget.spend(worked=cost(node, [one.shape for one in duals], shape))
        return fold(Folding(node, shape, duals))

    def expanded(self, node: Call) -> Components:
        """The value of a call written out."""
        arguments = [self.written(argument) for argument in node.arguments]
        self.budget.spend(written=cost(node, [one.shape for one in arguments], self.shapes[id(node)]))
        return call(node, arguments, self.shapes)

    def written(self, node: Node) -> Components:
        """The value of a node as expressions."""
        made = self.made[id(node)]
        if isinstance(made, Dual):
            made = self.made[id(node)] = self.expressions(made, node)
        return made

    def expressions(self, a: Dual, node: Node) -> Components:
        """An array of whole numbers as expressions."""
        self.budget.spend(written=len(a.base) + 2 * sum(map(len, a.slopes.values())))
        self.bent |= a.bent
        self.lost = max(self.lost, a.lost)
        return expressions(a, node.span)


def expressions(a: Dual, span: Span | None = None) -> Components:
    """The elements as expressions in the parameters, whose terms have the sizes that they are known to have."""
    nodes: list[Node] = [Number(value * a.scale, span) for value in a.base]
    for parameter, own in a.slopes.items():
        for place, (slope, size) in own.items():
            rising, falling = (size + slope) / Fraction(2), (size - slope) / Fraction(2)
            terms = [("add", rising), ("sub", falling)] if rising and falling else [("add", slope)]
            for function, factor in terms:
                term = Call("mul", (Number(a.scale * factor, span), Name(parameter, span)), span)
                nodes[place] = Call(function, (nodes[place], term), span)
    return Components(a.shape, tuple(nodes))
