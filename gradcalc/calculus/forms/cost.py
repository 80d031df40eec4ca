"""What a form costs its reader: its nodes, numbers that are ugly, depth, and functions that the user did not write."""

from __future__ import annotations

from gradcalc.syntax.decimals import decimal
from gradcalc.syntax.tree import Call, Node, Number

SHORT, DIGIT = 3, 0.4  # characters of a number that cost nothing, and what each further one costs
DEEP = 0.2  # of a level, where one kind of node stands in another
FOREIGN = 1.2  # of a function that the user did not write
KNOWN = frozenset(
    {"add", "sub", "mul", "div", "neg", "pow", "sqrt", "exp", "log", "sin", "cos", "sinh", "cosh", "tanh"}
)

LEVELS = {"add": 1, "sub": 1, "mul": 2, "div": 2, "neg": 2}  # sums of sums are no deeper than sums


class Cost:
    """Costs, with the functions that the user wrote."""

    def __init__(self, functions: frozenset[str]) -> None:
        self._known = KNOWN | functions
        self._found: dict[int, tuple[Node, float, int]] = {}

    def of(self, node: Node) -> float:
        """The cost of a tree."""
        nodes, depth = self._counted(node)
        return nodes + DEEP * depth

    def _counted(self, node: Node) -> tuple[float, int]:
        """The cost of the nodes, and the depth."""
        found = self._found.get(id(node))
        if found is None:
            found = self._found[id(node)] = (node, *self._count(node))
        return found[1:]

    def _count(self, node: Node) -> tuple[float, int]:
        if isinstance(node, Number):
            digits = len(str(node.value.numerator)) if node.value.denominator == 1 else len(decimal(node.value))
            return 1 + DIGIT * max(0, digits - SHORT), 0
        if not isinstance(node, Call):
            return 1, 0
        parts = [self._counted(one) for one in node.arguments]
        level = LEVELS.get(node.function, 0)
        depth = max(
            inner + (LEVELS.get(child.function, 0) != level) if isinstance(child, Call) else inner
            for (_, inner), child in zip(parts, node.arguments, strict=True)
        )
        foreign = 0.0 if node.function in self._known else FOREIGN
        return 1 + foreign + sum(cost for cost, _ in parts), depth
