"""A gradient as a sum over directions: `df = 2x dx + 3y dy`, `2x i + 3y j`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from gradcalc.calculus.simplify import ONE, ZERO, build
from gradcalc.inputs.assignment import Assignment
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, free_names, postorder, rebuilt, with_arguments

UNITS = ("i", "j", "k")
MARKS = ("", "_hat", "_vec", "_bold")


def components(given: Sequence[Assignment], wrt: Sequence[str], taken: Collection[str]) -> list[Assignment]:
    """What stands before each direction, with the variable that it belongs to; what was given where there are none.

    `taken` are the names of the expression, which mean themselves.
    """
    if len(given) != 1 or not isinstance(given[0].value, Call | Name | Constant | Number):
        return list(given)
    (part,) = given
    tree = part.value
    assert isinstance(tree, Call | Name | Constant | Number)
    names = {*free_names(postorder(tree))}
    differential = part.name is not None and part.name.startswith("d") and part.name not in taken
    for directions in _directions(wrt):
        if names & {*directions} and not {*directions} & {*taken} and (part.name is None or differential):
            parts = [(name, _along(tree, directions, place)) for place, name in enumerate(wrt)]
            return [replace(part, name=name, name_span=None, value=one) for name, one in parts]
    return list(given)


def _directions(wrt: Sequence[str]) -> list[list[str]]:
    found = [[f"d{name}" for name in wrt]]
    if 1 < len(wrt) <= len(UNITS):
        found += [[f"{unit}{mark}" for unit in UNITS[: len(wrt)]] for mark in MARKS]
    return found


def _along(tree: Node, directions: Sequence[str], place: int) -> Node:
    """The sum with 1 for one of the directions, and 0 for the others."""
    values: dict[str, Node] = {name: ONE if index == place else ZERO for index, name in enumerate(directions)}

    def put_in(node: Node, arguments: tuple[Node, ...]) -> Node:
        if isinstance(node, Name):
            return values.get(node.name, node)
        if isinstance(node, Call) and {ONE, ZERO} & {*arguments}:
            return build("mul" if node.function == "beside" else node.function, *arguments)
        return with_arguments(node, arguments)

    return rebuilt(tree, put_in)
