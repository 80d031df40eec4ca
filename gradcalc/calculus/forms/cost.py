"""What a form costs its reader: its nodes, numbers that are ugly, depth, and functions that the user did not write."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import chain
from operator import or_

from gradcalc.syntax.decimals import decimal
from gradcalc.syntax.tree import Call, Node, Number

SHORT, DIGIT = 3, 0.4  # characters of a number that cost nothing, and what each further one costs
LARGE = 10**SHORT
DEEP = 0.2  # of a level, where one kind of node stands in another
FRACTIONS = 0.6  # of each further fraction in a sum
COMPOUND = 3  # of a fraction in a fraction
HALVES = 2.8  # of one by a number, as in (x + cos(x)/2)/y
FOREIGN = 1.2  # of a function that the user did not write
KNOWN = frozenset(
    {"add", "sub", "mul", "div", "neg", "pow", "sqrt", "exp", "log", "sin", "cos", "sinh", "cosh", "tanh"}
)

MIXED = 1.2  # of sines beside secants, where the user wrote one of the two kinds only
ANOTHER = 1  # of an angle that the user did not write
KIN = {
    "cos": ("tan", "sec"),
    "sin": ("cot", "csc"),
    "cosh": ("tanh", "sech"),
    "sinh": ("coth", "csch"),
}  # derive to one
# another, and are written together unless the user wrote what stands below in both
WAVES = (("sin", "cos", "tan", "cot", "sec", "csc"), ("sinh", "cosh", "tanh", "coth", "sech", "csch"))

ANGLED = frozenset(chain(*WAVES))
SINES = frozenset(one for pair in WAVES for one in pair[:2])
FAMILIES = {one: 1 if one in SINES else 2 for one in ANGLED}
BOTH = 3
ADDED, FUNCTION = 4, 8  # beside the families: has a tree a sum in it, a function that is no power?
POWERS = frozenset({"add", "sub", "mul", "div", "neg", "pow", "sqrt", "cbrt"})
KINDS = {one: family | FUNCTION for one, family in FAMILIES.items()} | {"add": ADDED, "sub": ADDED}
LEVELS = {"add": 1, "sub": 1, "mul": 2, "div": 2, "neg": 2}  # sums of sums are no deeper than sums


# of a tree: its nodes, depth, whether it is or has a fraction, its families, and whether a sum in it has x/2
Counted = tuple[float, int, bool, int, bool]
LEAF: Counted = (1, 0, False, 0, False)


def waves_of(written: frozenset[str]) -> frozenset[str]:
    """The functions of an angle that a reader expects where the user wrote these: no sine where there are secants."""
    kin = {one for below, pair in KIN.items() if below not in written and written & {*pair} for one in pair}
    foreign = {one for sine, cosine, *others in WAVES if written & {*others} for one in (sine, cosine)}
    return (KNOWN - foreign) | written | kin


class Cost:
    """Costs, with the functions that the user wrote, and the angles."""

    def __init__(self, written: Iterable[Node], own: Iterable[Node] = ()) -> None:
        calls = [node for node in written if isinstance(node, Call)]
        angles: dict[Node, set[str]] = {}
        for node in calls:
            if node.function in ANGLED:
                angles.setdefault(node.arguments[0], set()).add(node.function)
        functions = frozenset(node.function for node in calls)
        self._known = waves_of(functions)
        self._angles = {angle: waves_of(frozenset(found)) for angle, found in angles.items()}
        self._families = reduce(or_, (FAMILIES.get(one, 0) for one in functions), 0)
        self.reciprocals = bool(self._families & 2)  # are they to be written by their names?
        self._found: dict[int, tuple[Node, Counted]] = {}
        self._own: dict[float, list[Node]] = {}  # the user's fractions by what they cost: none is a fault of a form
        for one in own:
            if isinstance(one, Call) and one.function == "div":
                self._own.setdefault(self._counted(one)[0], []).append(one)
                del self._found[id(one)]  # it was counted as any other

    def of(self, node: Node) -> float:
        """The cost of a tree."""
        nodes, depth, _, families, _ = self._counted(node)
        return nodes + DEEP * depth + (MIXED if families & BOTH == BOTH and self._families != BOTH else 0)

    def is_polynomial(self, node: Node) -> bool:
        """Is a tree made of sums, products, powers and roots alone?"""
        return not self._counted(node)[3] & FUNCTION

    def is_monomial(self, node: Node) -> bool:
        """Is it made without sums too?"""
        return not self._counted(node)[3] & (FUNCTION | ADDED)

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
        nodes, depth, fractions, numeric = 1.0, 0, 0, 0
        families, halves = KINDS.get(function, 0 if function in POWERS else FUNCTION), False
        known = self._known
        if self._angles and function in ANGLED:
            own_angle = self._angles.get(node.arguments[0])
            known, nodes = (self._known | SINES, nodes + ANOTHER) if own_angle is None else (own_angle, nodes)
        if function not in known:
            nodes += FOREIGN
        for child in node.arguments:
            own, below, fraction, of_child, half = self._counted(child)
            families |= of_child
            halves |= half
            nodes += own
            fractions += fraction
            if isinstance(child, Call) and LEVELS.get(child.function, 0) != level:
                below += 1
                numeric += child.function == "div" and not fraction
            if below > depth:
                depth = below
        if level == 1 and fractions:
            nodes += FRACTIONS * (fractions + numeric - 1)
        inside = level > 0 and fractions > 0
        divides = function == "div" and not isinstance(node.arguments[1], Number)
        if function == "div" and inside:
            nodes += COMPOUND
        if divides and halves:
            nodes += HALVES
        halves = level > 0 and not divides and (halves or function == "div")
        if divides and node in self._own.get(nodes, ()):
            inside = divides = False
        return nodes, depth, inside or divides, families, halves


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
    return 1 + DIGIT * max(0, digits - SHORT), 0, False, 0, False
