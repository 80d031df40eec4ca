"""The order of variables in a product: as the user wrote them, m*g*l and h*nu/(k*T)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcalc.syntax.tree import Call, Name, Node, children

POWERS = ("pow", "sqrt", "cbrt")


def places(root: Node) -> dict[str, int]:
    """The place of each variable: what the user wrote side by side first, others by first appearance."""
    found: list[str] = []
    names: list[str] = []
    left = [root]
    while left:  # outer products before those inside them
        node = left.pop()
        left += reversed(children(node))
        if isinstance(node, Name):
            names.append(node.name)
        elif isinstance(node, Call) and node.function == "mul":
            _insert(found, list(factors(node)))
    _insert(found, list(dict.fromkeys(names)))
    return {name: place for place, name in enumerate(found)}


def factors(node: Node) -> Iterator[str]:
    """The variables that a product has for factors, and powers of which it has."""
    if isinstance(node, Name):
        yield node.name
    elif isinstance(node, Call) and node.function in ("mul", "neg"):
        for one in node.arguments:
            yield from factors(one)
    elif isinstance(node, Call) and (node.function == "div" or node.function in POWERS):
        yield from factors(node.arguments[0])


def _insert(found: list[str], names: Sequence[str]) -> None:
    """Put names that are new before one that follows them, or at the end."""
    for index, name in enumerate(names):
        if name not in found:
            place = next((found.index(one) for one in names[index + 1 :] if one in found), len(found))
            found.insert(place, name)
