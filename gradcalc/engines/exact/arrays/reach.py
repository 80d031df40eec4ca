"""Which elements of the arguments an element of a result depends on, whatever the numbers are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from gradcalc.arrays.places import MOVES, lines
from gradcalc.arrays.shape import Shape, size
from gradcalc.arrays.windows import NOTHING
from gradcalc.engines.exact.arrays.operations import axis_of
from gradcalc.engines.exact.arrays.tensor import Tensor, sources
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.syntax.tree import Call, Node

Flags: TypeAlias = "bool | bytearray"  # all elements, none, or those that have a 1
Reach = Callable[[Call, Flags, Sequence[Shape]], Sequence[Flags]]


def spread_back(order: Sequence[Node], starts: Mapping[int, Flags], values: Mapping[int, Tensor]) -> dict[int, Flags]:
    """The elements of every node, of a post-order, that the elements of `starts` depend on, these with them."""
    found = dict(starts)
    for node in reversed(order):
        flags = found.get(id(node), False)
        if flags is False or not isinstance(node, Call):
            continue
        for argument, own in zip(node.arguments, _reached(node, flags, values), strict=False):
            found[id(argument)] = either(found.get(id(argument), False), own)
    return found


def _reached(node: Call, flags: Flags, values: Mapping[int, Tensor]) -> Sequence[Flags]:
    """The elements of each argument that a call's elements depend on."""
    shapes = [values[id(argument)].shape for argument in node.arguments]
    if node.function == "where":
        return _chosen(node, flags, values)
    row = ARRAY_FUNCTIONS.get(node.function)
    if row is None:
        whole = values[id(node)].shape
        return [_narrowed(flags, shape, whole) for shape in shapes]
    if node.function in MOVES:
        return _moved(node, flags, shapes)
    if row.along:
        return [_along(flags, lines(shapes[0], axis_of(node, shapes[0])), values[id(node)].shape == shapes[0])]
    return REACHES.get(node.function, _all)(node, flags, shapes)


def either(one: Flags, other: Flags) -> Flags:
    """The elements that one of the two has."""
    if one is True or other is True:
        return True
    if isinstance(one, bytearray) and isinstance(other, bytearray):
        return bytearray(a | b for a, b in zip(one, other, strict=True))
    return one or other


def both(one: Flags, other: Flags) -> Flags:
    """The elements that both have."""
    if isinstance(one, bytearray) and isinstance(other, bytearray):
        return bytearray(a & b for a, b in zip(one, other, strict=True))
    if one is True:
        return other
    return one if other is True else False


def made(flags: Sequence[int]) -> Flags:
    """Flags, told in a word where they are all alike."""
    found = bytearray(flags)
    return False if not any(found) else True if all(found) else found


def _narrowed(flags: Flags, shape: Shape, whole: Shape) -> Flags:
    """The elements that were repeated to stand at some places of a wider shape."""
    if isinstance(flags, bool) or shape == whole:
        return flags
    found = bytearray(size(shape))
    for place, flag in zip(sources(shape, whole), flags, strict=True):
        found[place] |= flag
    return made(found)


def _chosen(node: Call, flags: Flags, values: Mapping[int, Tensor]) -> Sequence[Flags]:
    """Of a choice, the condition and the branch that is taken."""
    whole = values[id(node)].shape
    choices = list(values[id(node.arguments[0])].spread(whole))
    sides = (made([choice is True for choice in choices]), made([choice is False for choice in choices]))
    found = [flags, *(both(flags, side) for side in sides)]
    shapes = [values[id(argument)].shape for argument in node.arguments]
    return [_narrowed(own, shape, whole) for own, shape in zip(found, shapes, strict=True)]


def _moved(node: Call, flags: Flags, shapes: Sequence[Shape]) -> Sequence[Flags]:
    shapes = shapes[: len(ARRAY_FUNCTIONS[node.function].parted(node.arguments)[0])]
    sizes = list(map(size, shapes))
    found = bytearray(sum(sizes))
    for end, place in enumerate(MOVES[node.function](node, shapes)):
        if place != NOTHING and (flags is True or (isinstance(flags, bytearray) and flags[end])):
            found[place] = 1
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    return [made(found[start : start + length]) for start, length in zip(starts, sizes, strict=True)]


def _along(flags: Flags, every: Sequence[range], kept: bool) -> Flags:
    """All elements of the lines that an element comes from."""
    if isinstance(flags, bool):
        return flags
    found = bytearray(sum(map(len, every)))
    for place, line in enumerate(every):
        if any(flags[one] for one in line) if kept else flags[place]:
            for one in line:
                found[one] = 1
    return made(found)


def _matmul(node: Call, flags: Flags, shapes: Sequence[Shape]) -> Sequence[Flags]:
    """The rows on the left, and the columns on the right."""
    if isinstance(flags, bool):
        return flags, flags
    inner, columns = int(shapes[0][-1]), size(shapes[1][1:])
    rows = [any(flags[start : start + columns]) for start in range(0, len(flags), columns)]
    ends = [any(flags[column::columns]) for column in range(columns)]
    return made([row for row in rows for _ in range(inner)]), made(ends * inner)


def _all(node: Call, flags: Flags, shapes: Sequence[Shape]) -> Sequence[Flags]:
    """Every element on every one."""
    return [True] * len(shapes)


REACHES: dict[str, Reach] = {"matmul": _matmul}
