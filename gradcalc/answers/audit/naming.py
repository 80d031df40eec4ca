"""Long formulas of code as papers print them, in terms of names for what they share, and read back to be sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gradcalc.answers.audit.paper.paper import words
from gradcalc.answers.beside import Where
from gradcalc.arrays.shape import Shape
from gradcalc.base.limits import current
from gradcalc.calculus.matrix.naming import named
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.syntax.tree import Call, Node, rebuilt

PRODUCTS, SUMS = frozenset({"mul", "div", "matmul"}), frozenset({"add", "sub"})


def where(expression: str, gradient: Mapping[str, str], shapes: Mapping[str, Shape], names: set[str]) -> Where | None:
    """A formula and its gradient in terms of names; None where they are short, or would not read back as they are.

    `names` are those of the variables, scalars among them.
    """
    function, *others = (rooted(text, shapes) for text in (expression, *gradient.values()))
    found = named(function, others, shapes, names)
    if found is None:
        return None
    definitions = {name: to_text(body) for name, body in found.definitions.items()}
    first, *rest = map(to_text, found.formulas)
    texts = dict(zip(gradient, rest, strict=True))
    said = zip((first, *rest), (expression, *gradient.values()), strict=True)
    if not all(_reads_back(definitions, text, whole, shapes) for text, whole in said):
        return None
    return Where(definitions, first, texts, found.shapes)


def rooted(text: str, shapes: Mapping[str, Shape]) -> Node:
    """The tree of a formula, whose variables have those shapes."""
    return pose(text, current(), shape=shapes, wrt=list(shapes)).root


def _reads_back(definitions: Mapping[str, str], text: str, whole: str, shapes: Mapping[str, Shape]) -> bool:
    """Is the program of the definitions and a formula the formula that it came from?"""
    used, needed = words(text), list[str]()
    for name, body in reversed([*definitions.items()]):
        if name in used:
            needed.append(f"{name} = {body}")
            used |= words(body)
    program = "; ".join([*reversed(needed), text])
    return to_text(rooted(program, shapes)) == to_text(rooted(whole, shapes))


def neat(text: str, shapes: Mapping[str, Shape]) -> str:
    """A formula with no more signs than it takes: a minus before the first factor, none after another, sums as one."""
    used = words(text)
    own = {name: shape for name, shape in shapes.items() if shape and name in used}
    return to_text(rebuilt(pose(text, current(), shape=own).root, _signed))


def _signed(node: Node, arguments: tuple[Node, ...]) -> Node:
    if not isinstance(node, Call):
        return node
    made = replace(node, arguments=arguments)
    inner = arguments[0]
    if node.function == "add" and isinstance(arguments[1], Call) and arguments[1].function in SUMS:
        first, second = arguments[1].arguments
        return replace(arguments[1], arguments=(_signed(Call("add", (inner, first)), (inner, first)), second))
    if node.function == "sub" and isinstance(arguments[1], Call) and arguments[1].function == "neg":
        return _signed(Call("add", node.arguments), (inner, *arguments[1].arguments))
    if node.function != "neg" or not isinstance(inner, Call) or inner.function not in PRODUCTS:
        return made
    first, *rest = inner.arguments
    return replace(inner, arguments=(_signed(made, (first,)), *rest))
