"""One tree for what a textbook writes in one way: -x/y, e^x, x^T y of vectors, 10^-9."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.syntax.letters import in_latex
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, postorder

E = Constant("e")


def normal(root: Node, shapes: Mapping[str, Shape]) -> Node:
    """The tree in that form."""
    sizes = infer(root, shapes)
    made: dict[int, Node] = {}
    for node in postorder(root):
        if isinstance(node, Call):
            vector = len(sizes[id(node)]) == 1
            made[id(node)] = _call(node.function, tuple(made[id(one)] for one in node.arguments), vector)
        else:
            made[id(node)] = Name(in_latex(node.name)) if isinstance(node, Name) else node
    return made[id(root)]


def _call(function: str, arguments: tuple[Node, ...], vector: bool) -> Node:
    """A call whose arguments are in that form."""
    if function == "transpose" and vector:
        return arguments[0]
    if function == "solve":
        return Call("matmul", (Call("inv", arguments[:1]), arguments[1]))
    if function == "pow" and arguments[0] == E:
        return Call("exp", arguments[1:])
    if function == "pow" and all(map(_is_integer, arguments)) and _value(arguments[0]) == 10:
        return Number(Fraction(10) ** int(_value(arguments[1])))
    if (
        function in ("div", "mul", "matmul", "dot")
        and isinstance(arguments[0], Call)
        and arguments[0].function == "neg"
    ):
        return Call("neg", (_call(function, (*arguments[0].arguments, *arguments[1:]), vector),))
    return Call("matmul" if function == "dot" else function, arguments)


def _is_integer(node: Node) -> bool:
    inner = node.arguments[0] if isinstance(node, Call) and node.function == "neg" else node
    return isinstance(inner, Number) and inner.value.denominator == 1


def _value(node: Node) -> Fraction:
    if isinstance(node, Call):
        return -_value(node.arguments[0])
    assert isinstance(node, Number)
    return node.value
