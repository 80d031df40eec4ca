"""What a form costs its reader: its nodes, numbers that are ugly, depth, and functions that the user did not write."""

from __future__ import annotations

from gradcalc.syntax.decimals import decimal
from gradcalc.syntax.tree import Call, Node, Number

SHORT, DIGIT = 3, 0.4  # characters of a number that cost nothing, and what each further one costs
LARGE = 10**SHORT
DEEP = 0.2  # of a level, where one kind of node stands in another
FRACTIONS = 0.4  # of a second fraction in a sum
COMPOUND = 1.5  # of a fraction in a fraction
FOREIGN = 1.2  # of a function that the user did not write
KNOWN = frozenset(
    {"add", "sub", "mul", "div", "neg", "pow", "sqrt", "exp", "log", "sin", "cos", "sinh", "cosh", "tanh"}
)

LEVELS = {"add": 1, "sub": 1, "mul": 2, "div": 2, "neg": 2}  # sums of sums are no deeper than sums


Counted = tuple[float, int, bool]  # of a tree: its nodes, its depth, whether it is or has a fraction
LEAF: Counted = (1, 0, False)


class Cost:
    """Costs, with the functions that the user wrote."""

    def __init__(self, functions: frozenset[str]) -> None:
        self._known = KNOWN | functions
        self._found: dict[int, tuple[Node, Counted]] = {}

    def of(self, node: Node) -> float:
        """The cost of a tree."""
        nodes, depth, _ = self._counted(node)
        return nodes + DEEP * depth

    def _counted(self, node: Node) -> Counted:
        if not isinstance(node, Call):
            return _leaf(node)
        found = self._found.get(id(node))
        if found is None:
            found = self._found[id(node)] = (node, self._count(node))
        return found[1]

    def _count(self, node: Call) -> Counted:
        function = node.function
        level = LEVELS.get(function, 0)
        nodes, depth, fractions = 1.0 if function in self._known else 1.0 + FOREIGN, 0, 0
        for child in node.arguments:
            own, below, fraction = self._counted(child)
            nodes += own
            fractions += fraction
            if isinstance(child, Call) and LEVELS.get(child.function, 0) != level:
                below += 1
            if below > depth:
                depth = below
        if level == 1 and fractions > 1:
            nodes += FRACTIONS
        inside = level > 0 and fractions > 0
        if inside and function == "div":
            nodes += COMPOUND
        return nodes, depth, inside or (function == "div" and not isinstance(node.arguments[1], Number))


def _leaf(node: Node) -> Counted:
    if not isinstance(node, Number):
        return LEAF
    value = node.value
    if value.denominator == 1:
        if value.numerator < LARGE:
            return LEAF
        digits = len(str(value.numerator))
    else:
        digits = len(decimal(value))
    return 1 + DIGIT * max(0, digits - SHORT), 0, False
