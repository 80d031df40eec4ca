"""Where elements stand: whole numbers, `i + 1`, and the bounds that indices run to."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.syntax.tree import Call, Name, Node, Number, number


def integer(node: Node) -> int | None:
    """A literal whole number."""
    if isinstance(node, Call) and node.function == "neg":
        inside = integer(node.arguments[0])
        return None if inside is None else -inside
    return node.value.numerator if isinstance(node, Number) and node.value.denominator == 1 else None


def shift_of(place: Node, index: str) -> int | None:
    """The 1 of `i + 1`; None where a place is no such thing."""
    if place == Name(index):
        return 0
    if isinstance(place, Call) and place.function in ("add", "sub") and place.arguments[0] == Name(index):
        shift = integer(place.arguments[1])
        return shift if shift is None or place.function == "add" else -shift
    return None


def computed(node: Node) -> Node:
    """A place such as `3 + 1` as a number, where it is one."""
    if isinstance(node, Call) and node.function in ("add", "sub"):
        one, other = (integer(computed(argument)) for argument in node.arguments)
        if one is not None and other is not None:
            return number(one + other if node.function == "add" else one - other)
    return node


def less_one(node: Node) -> str | None:
    """The n of `n - 1`."""
    one = Number(Fraction(1))
    if (
        isinstance(node, Call)
        and node.function == "sub"
        and node.arguments[1] == one
        and isinstance(node.arguments[0], Name)
    ):
        return node.arguments[0].name
    return None
