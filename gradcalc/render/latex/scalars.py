"""Scalar expressions in LaTeX: fractions, powers, functions, and a dot only where a product needs one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gradcalc.arrays.shape import SCALAR, Shape
from gradcalc.base.limits import current
from gradcalc.render.latex import names as latex_names
from gradcalc.syntax.decimals import decimal
from gradcalc.syntax.latex.tables import UNDEFINED
from gradcalc.syntax.tree import Call, Name, Node, Number, postorder

SUM, MARKED, PRODUCT, SIGN, FRACTION, POWER, ATOM = 10, 15, 20, 25, 28, 30, 100  # MARKED: products with a sign, x ⊙ y
MATRIX_PRODUCTS = ("matmul", "dot", "outer", "solve")
RELATIONS = {"eq": "=", "ne": r"\neq", "lt": "<", "le": r"\leq", "gt": ">", "ge": r"\geq"}
WORD = re.compile(r"\\mathrm\{(?!\\#)")  # but for what stands for a derivative until it is written
WORD_LAST = re.compile(r"\\mathrm\{(?!\\#)(?:\\.|[^{}])*\}(?:_\{(?:[^{}]|\\mathrm\{[^{}]*\})*\})?(?:\^\{[^{}]*\})?$")
RAISED = frozenset(
    ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "log", "det")
)  # σ²(x) may be a variance


@dataclass(frozen=True, slots=True)
class Written:
    """A text, and how tightly it hangs together."""

    text: str
    strength: int = ATOM


class Scalars:
    """Writes a tree, scalar functions of it; `shapes` holds the shapes of its nodes, or of none of them."""

    def __init__(self, root: Node, shapes: Mapping[int, Shape]) -> None:
        self.shapes = shapes
        self.written: dict[int, Written] = {}
        self.variables = {node.name for node in postorder(root) if isinstance(node, Name)}
        limits = current()
        for node in postorder(root):
            made = self.rule(node) if isinstance(node, Call) else self._leaf(node)
            limits.require("written_characters", len(made.text), "the formula is too long to write out")
            self.written[id(node)] = made

    def rule(self, node: Call) -> Written:
        """A call, its arguments being written."""
        return RULES.get(node.function, Scalars.call)(self, node)

    # -- parts

    def _leaf(self, node: Node) -> Written:
        if not isinstance(node, Number):
            assert not isinstance(node, Call)
            return Written(latex_names.variable(node.name))
        mantissa, _, exponent = decimal(node.value).partition("e")
        if not exponent:
            return Written(mantissa)
        power = f"10^{{{int(exponent)}}}"
        return Written(power, POWER) if mantissa == "1" else Written(rf"{mantissa} \cdot {power}", PRODUCT)

    def part(self, node: Node, least: int = 0, *, signed: bool = True) -> str:
        """An argument, in parentheses where it hangs together less tightly, or begins with a sign that may not."""
        written = self.written[id(node)]
        loose = written.strength < least or (not signed and written.text.startswith("-"))
        return parenthesised(written.text) if loose else written.text

    def listed(self, nodes: tuple[Node, ...]) -> str:
        """Arguments, with commas between them."""
        return ", ".join(self.part(node) for node in nodes)

    def rank(self, node: Node) -> int:
        """How many dimensions a node has; a scalar's, where no shapes are known."""
        return len(self.shapes.get(id(node), SCALAR))

    # -- rules

    def call(self, node: Call) -> Written:
        """`f(x, y)`, or what encloses its argument."""
        name, arguments = latex_names.function(node.function, self.variables), self.listed(node.arguments)
        return Written(name % arguments if "%s" in name else name + parenthesised(arguments))

    def relation(self, node: Call) -> Written:
        """`x < y`."""
        x, y = (self.part(one, SUM) for one in node.arguments)
        return Written(f"{x} {RELATIONS[node.function]} {y}", 0)

    def sum(self, node: Call) -> Written:
        """`x + y`, `x - y`."""
        x, y = node.arguments
        sign = "+" if node.function == "add" else "-"
        return Written(f"{self.part(x, SUM)} {sign} {self.part(y, SUM + 1, signed=False)}", SUM)

    def negative(self, node: Call) -> Written:
        """`-x`."""
        return Written("-" + self.part(node.arguments[0], MARKED, signed=False), SIGN)

    def product(self, node: Call) -> Written:
        """`2 x`, with a dot where two numbers meet, and between a name and a parenthesis; `x ⊙ y` for arrays."""
        x, y = node.arguments
        if self.rank(x) and self.rank(y):
            matrices = isinstance(x, Call) and x.function in MATRIX_PRODUCTS
            before = self.part(x, FRACTION if matrices else MARKED)
            return Written(rf"{before} \odot {self.part(y, FRACTION, signed=False)}", MARKED)
        left, right = self.part(x, PRODUCT), self.part(y, SIGN, signed=False)
        last = x.arguments[-1] if isinstance(x, Call) and x.function in ("mul", "neg") else x
        called = right.startswith(r"\left(") and _may_be_called(last, y)
        numbers = right[0].isdigit() or (is_number(x) and is_number(y))
        return Written(rf"{left} \cdot {right}" if called or numbers else beside(left, right), PRODUCT)

    def quotient(self, node: Call) -> Written:
        """A fraction."""
        above, below = node.arguments
        x, y = self.part(above), self.part(below)
        if isinstance(above, Call) and above.function == "neg":
            return Written(rf"-\frac{{{self.part(above.arguments[0], signed=False)}}}{{{y}}}", SIGN)
        if x.startswith("-") and self.written[id(above)].strength >= PRODUCT:
            return Written(rf"-\frac{{{x[1:]}}}{{{y}}}", SIGN)
        return Written(rf"\frac{{{x}}}{{{y}}}", FRACTION)

    def power(self, node: Call) -> Written:
        """`x^{2}`, `\\sin^{2}(x)`; of the elements of an array `x^{\\circ 2}`."""
        base, exponent = node.arguments
        raised = self.part(exponent)
        if isinstance(base, Call) and base.function in RAISED and is_whole(exponent) and not self.rank(base):
            name = latex_names.function(base.function)
            return Written(f"{name}^{{{raised}}}{parenthesised(self.listed(base.arguments))}")
        circle = r"\circ " if self.rank(base) else ""
        return Written(f"{self.part(base, POWER + 1)}^{{{circle}{raised}}}", POWER)

    def exponential(self, node: Call) -> Written:
        """`e^{x}`."""
        return Written(f"e^{{{self.part(node.arguments[0])}}}", POWER)

    def factorial(self, node: Call) -> Written:
        """`x!`."""
        return Written(self.part(node.arguments[0], ATOM) + "!", POWER)

    def choice(self, node: Call) -> Written:
        """`where` as two cases."""
        condition, yes, no = (self.part(one) for one in node.arguments)
        cases = rf"{yes} & \text{{if }} {condition} \\ {no} & \text{{otherwise}}"
        return Written(rf"\begin{{cases}} {cases} \end{{cases}}")

    def polygamma(self, node: Call) -> Written:
        """`\\psi^{(n)}(x)`."""
        order, x = (self.part(one) for one in node.arguments)
        return Written(rf"\psi^{{({order})}}{parenthesised(x)}")


def _may_be_called(node: Node, y: Node) -> bool:
    """May a reader take a factor for a function, whose argument the parentheses behind it have: x, f^2, x^2 of one?"""
    if not isinstance(node, Call) or node.function != "pow":
        return isinstance(node, Name)
    name = node.arguments[0]
    return isinstance(name, Name) and (name.name in UNDEFINED or latex_names.is_word(name.name) or _is_single(y))


def _is_single(node: Node) -> bool:
    """Does one thing alone stand in the parentheses that a factor begins with, as the argument of a function does?"""
    inner = node.arguments[0] if isinstance(node, Call) and node.function in ("pow", "factorial") else node
    return not (isinstance(inner, Call) and inner.function in ("add", "sub", "neg", "mul"))


def beside(left: str, right: str) -> str:
    """Two factors; a word has room beside it, or it would run into its neighbour."""
    words = WORD.match(right) is not None or WORD_LAST.search(left) is not None
    return rf"{left} \, {right}" if words else f"{left} {right}"


def parenthesised(text: str) -> str:
    """The text in parentheses that grow with it."""
    return rf"\left({text}\right)"


def is_number(node: Node) -> bool:
    """Is this a number, or a fraction of two?"""
    return isinstance(node, Number) or (
        isinstance(node, Call) and node.function == "div" and all(map(is_number, node.arguments))
    )


def is_whole(node: Node) -> bool:
    """Is this a whole number?"""
    return isinstance(node, Number) and node.value.denominator == 1


RULES: dict[str, Callable[[Scalars, Call], Written]] = {
    "add": Scalars.sum, "sub": Scalars.sum, "neg": Scalars.negative, "mul": Scalars.product, "div": Scalars.quotient,
    "pow": Scalars.power, "exp": Scalars.exponential, "factorial": Scalars.factorial, "where": Scalars.choice,
    "polygamma": Scalars.polygamma, **dict.fromkeys(RELATIONS, Scalars.relation),
}  # fmt: skip
