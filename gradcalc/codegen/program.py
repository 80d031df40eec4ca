"""A function and its gradient, to be printed as a program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gradcalc.arrays.shape import Shape
from gradcalc.syntax.tree import Call, Node, free_names, postorder


@dataclass(frozen=True, slots=True)
class Program:
    """What is printed: `name` of `inputs` is `value`, and `partials` are its derivatives.

    A partial derivative is None where a library's own differentiation stands in for it. `about` and `derivatives` are
    the formulas, for people. `shapes` are those of inputs that are arrays; a program of numbers has none.
    """

    name: str
    inputs: tuple[str, ...]
    value: Node
    partials: Mapping[str, Node | None]
    about: str
    derivatives: tuple[str, ...]
    shapes: Mapping[str, Shape]
    arrays: bool = False

    def over(self, change: Callable[[Node], Node]) -> tuple[Node, dict[str, Node | None]]:
        """Value and partial derivatives, each changed; equal parts of all of them are one node."""
        known = {name: one for name, one in self.partials.items() if one is not None}
        value, *rest = map(change, (self.value, *known.values()))
        return value, {**dict.fromkeys(self.partials), **dict(zip(known, rest, strict=True))}


def read_names(roots: Iterable[Node]) -> set[str]:
    """The variables that trees read."""
    return set(free_names(postorder(*roots)))


def named_sizes(roots: Sequence[Node], shapes: Mapping[str, Shape]) -> dict[str, tuple[str, int]]:
    """Where each size that stands by name in the trees is read off: the first variable that has it, and the axis."""
    found: dict[str, tuple[str, int]] = {}
    for name, shape in shapes.items():
        for axis, size in enumerate(shape):
            if isinstance(size, str):
                found.setdefault(size, (name, axis))
    used = {getattr(node, "name", None) for node in postorder(*roots) if not isinstance(node, Call)}
    return {size: place for size, place in found.items() if size in used}


def wrapped(texts: Sequence[str], indent: str) -> list[str]:
    """A docstring of lines."""
    if len(texts) == 1 and len(texts[0]) < 100:
        return [f'{indent}"""{texts[0]}"""']
    return [f'{indent}"""{texts[0]}', *[f"{indent}{one}" for one in texts[1:]], f'{indent}"""']


def is_constant(root: Node) -> bool:
    """Does no variable stand in the tree?"""
    return not free_names(postorder(root))
