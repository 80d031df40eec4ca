"""What a form costs its reader: its nodes, numbers that are ugly, depth, and functions that the user did not write."""

from __future__ import annotations

from dataclasses import dataclass

from gradcalc.syntax.decimals import decimal
from gradcalc.syntax.tree import Call, Node, Number

SHORT, DIGIT = 3, 0.4  # characters of a number that cost nothing, and what each further one costs
DEEP = 0.2  # of a level, where one kind of node stands in another
FRACTIONS = 0.4  # of a second fraction in a sum
COMPOUND = 1.5  # of a fraction in a fraction
FOREIGN = 1.2  # of a function that the user did not write
KNOWN = frozenset(
    {"add", "sub", "mul", "div", "neg", "pow", "sqrt", "exp", "log", "sin", "cos", "sinh", "cosh", "tanh"}
)

LEVELS = {"add": 1, "sub": 1, "mul": 2, "div": 2, "neg": 2}  # sums of sums are no deeper than sums


@dataclass(frozen=True, slots=True)
class Counted:
    """The cost of a tree's nodes, its depth, and whether it is a fraction or a sum or product with one."""

    nodes: float
    depth: int = 0
    fraction: bool = False


class Cost:
    """Costs, with the functions that the user wrote."""

    def __init__(self, functions: frozenset[str]) -> None:
        self._known = KNOWN | functions
        self._found: dict[int, tuple[Node, Counted]] = {}

    def of(self, node: Node) -> float:
        """The cost of a tree."""
        counted = self._counted(node)
        return counted.nodes + DEEP * counted.depth

    def _counted(self, node: Node) -> Counted:
        found = self._found.get(id(node))
        if found is None:
            found = self._found[id(node)] = (node, self._count(node))
        return found[1]

    def _count(self, node: Node) -> Counted:
        if isinstance(node, Number):
            digits = len(str(node.value.numerator)) if node.value.denominator == 1 else len(decimal(node.value))
            return Counted(1 + DIGIT * max(0, digits - SHORT))
        if not isinstance(node, Call):
            return Counted(1)
        parts = [self._counted(one) for one in node.arguments]
        level = LEVELS.get(node.function, 0)
        depth = max(
            one.depth + (isinstance(child, Call) and LEVELS.get(child.function, 0) != level)
            for one, child in zip(parts, node.arguments, strict=True)
        )
        nodes = 1 + sum(one.nodes for one in parts)
        if node.function not in self._known:
            nodes += FOREIGN
        if level == 1 and sum(one.fraction for one in parts) > 1:
            nodes += FRACTIONS
        inside = level > 0 and any(one.fraction for one in parts)
        if inside and node.function == "div":
            nodes += COMPOUND
        return Counted(nodes, depth, inside or (node.function == "div" and not isinstance(node.arguments[1], Number)))
