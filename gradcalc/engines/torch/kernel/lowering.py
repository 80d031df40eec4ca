"""A function and its gradient as trees of what torch has: definitions put in, powers taken apart, rules as torch's."""

from __future__ import annotations

from collections.abc import Sequence

from gradcalc.base.floating import Format
from gradcalc.calculus.reverse import gradient
from gradcalc.calculus.simplify import ONE, rational
from gradcalc.engines.torch.functions import OF_ONE_ORDER, OPERATIONS, SOMETIMES, Tensor
from gradcalc.engines.torch.missing import Absent, absent, missing_names
from gradcalc.engines.torch.program import forward
from gradcalc.functions import CATALOGUE
from gradcalc.functions.autograd import TORCH_POINTS, TORCH_RULES
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Constant, Node, free_names, postorder, rebuilt, substitute

HIGHEST_PRODUCT = 16  # powers up to this one are products
LEAST_LOGARITHM = -100  # torch's losses take no logarithm for less
RULES = TORCH_RULES | TORCH_POINTS
DEFINITIONS = {  # of what torch computes as a whole or not at all, as the numbers are: what it is at each of them
    "bce": f"-(y * max(log(p), {LEAST_LOGARITHM}) + (1 - y) * max(log1p(-p), {LEAST_LOGARITHM}))",
}


def value_and_gradient(root: Node, wrt: Sequence[str], form: Format) -> list[Node]:
    """The trees of a function of numbers and of its derivatives by each name, of operations that torch has.

    What torch composes of others is taken apart first, so that the derivatives are those that autograd finds. Raises
    UsageError where torch lacks a function, or the derivative of one.
    """
    whole = _Lowering(form, frozenset(("pow", *DEFINITIONS))).of(root)
    found = gradient(whole, wrt, RULES)
    own = _Lowering(form)
    trees = [own.of(whole)]
    for name in wrt:
        try:
            trees.append(own.of(found[name]))
        except Absent:
            missing = missing_names(root).get(name)
            if missing is None:
                raise
            raise Absent(missing.why, hint="leave the variable out of --wrt") from None
    return trees


class _Lowering:
    """Makes trees of what torch has, and of the functions of `kept`; what trees share stays shared."""

    def __init__(self, form: Format, kept: frozenset[str] = frozenset()) -> None:
        self.form, self.kept = form, kept
        self.known: dict[int, tuple[Node, Node]] = {}  # by id, which is good as long as the node lives

    def of(self, root: Node) -> Node:
        """The tree in torch's operations."""

        def made(node: Node, arguments: tuple[Node, ...]) -> Node:
            if id(node) not in self.known:
                self.known[id(node)] = node, self._call(node, arguments) if isinstance(node, Call) else node
            return self.known[id(node)][1]

        return rebuilt(root, made)

    def _call(self, node: Call, arguments: tuple[Node, ...]) -> Node:
        same = Call(node.function, arguments, node.span)
        if node.function == "pow":
            return _exponential(arguments) or (same if "pow" in self.kept else _power(arguments) or same)
        if node.function in self.kept or self._is_own(node.function, arguments):
            return same
        row = CATALOGUE[node.function]
        text = DEFINITIONS.get(node.function, row.definition)
        if text is None and node.function in OF_ONE_ORDER and self._number(arguments[0]) is None:
            raise Absent(f"torch takes one order of `{row.name}` for all points", hint="write a number for it")
        if text is None:
            raise absent(row.name)
        return self.of(substitute(rule(text), dict(zip(row.parameters, arguments, strict=True))))

    def _is_own(self, function: str, arguments: tuple[Node, ...]) -> bool:
        """Does torch compute the function of these arguments as a whole, whatever numbers the variables have?"""
        sometimes = SOMETIMES.get(function)
        places = _settings(function, len(arguments))
        known = {place: self._number(arguments[place]) for place in places}
        if not known or None in known.values():
            return function in OPERATIONS and (not known or function not in OF_ONE_ORDER)
        taken = sometimes is None or sometimes.takes(*(known.get(place) for place in range(len(arguments))))
        return taken or function in OPERATIONS

    def _number(self, node: Node) -> Tensor | None:
        """The number of a tree without names, as torch has it; None for another."""
        if free_names(postorder(node)):
            return None
        return forward(node, {}, self.form)[id(node)]


def _settings(function: str, count: int) -> range:
    """The places of the arguments that torch takes as plain numbers alone."""
    sometimes = SOMETIMES.get(function)
    if sometimes is not None and sometimes.plain is not None:
        return range(sometimes.tensors, count)
    return range(function in OF_ONE_ORDER)


def _exponential(arguments: tuple[Node, ...]) -> Node | None:
    """A power of e; None for others."""
    return Call("exp", arguments[1:]) if arguments[0] == Constant("e") else None


def _power(arguments: tuple[Node, ...]) -> Node | None:
    """A power as torch computes it in fact: a product, a root, or one over such; None for others."""
    base, exponent = arguments
    found = rational(exponent)
    if found is None:
        return None
    if found.denominator == 1 and 1 < found <= HIGHEST_PRODUCT:
        return _product(base, found.numerator)
    if abs(found) * 2 == 1:
        return _inverse(Call("sqrt", (base,)), found < 0)
    return _inverse(_product(base, abs(found.numerator)), True) if found in (-1, -2) else None


def _inverse(node: Node, wanted: bool) -> Node:
    return Call("div", (ONE, node)) if wanted else node


def _product(base: Node, count: int) -> Node:
    """A whole power by squaring. Source: Knuth, The Art of Computer Programming, vol. 2, section 4.6.3."""
    if count == 1:
        return base
    half = _product(base, count // 2)
    square = Call("mul", (half, half))
    return Call("mul", (square, base)) if count % 2 else square
