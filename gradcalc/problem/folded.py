"""What is known while sums over an index are settled: how far each runs, and which arrays it counts by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from gradcalc.arrays.shape import Dimension, Shape
from gradcalc.base.limits import Limits
from gradcalc.functions import COMPARISONS, ELEMENTWISE
from gradcalc.syntax.tree import (
    Call,
    Name,
    Node,
    free_names,
    postorder,
    rebuilt,
    replaced,
)

FOLDS = {
    "summation": ("sum", "add"),
    "product": ("prod", "mul"),
    "largest": ("amax", "max"),
    "smallest": ("amin", "min"),
}
PLAIN = {"beside": "mul", "dotted": "mul", "raised": "pow", "superscript": "pow", "bars": "abs", "vert": "abs"}
BY_ELEMENT = {
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "pow",
    "where",
    *PLAIN,
    *ELEMENTWISE,
    *(row.name for row in COMPARISONS),
}
WHOLE = frozenset({"transpose", "turned", "prime", "matmul", "norm", "norm1", "norm2", "norminf", "angled", "crossed"})
REDUCED = frozenset({"amax", "amin", "sum", "mean", "prod", "logsumexp", "var", "std"})
POWERS = frozenset({"pow", "raised", "superscript"})
T = Name("T")
LETTERS = ("n", "m", "k", "p", "q", "r", "s", "l")


@dataclass(slots=True)
class Folded:
    """What is known while sums are settled; `stated` are the shapes that the sums themselves speak of."""

    shapes: Mapping[str, Shape]
    given: Collection[str]
    limits: Limits
    arrays: Collection[str] = ()  # names in bold letters
    taken: Collection[str] = ()  # names in the text, which are no sizes
    sizes: dict[str, Dimension] = field(default_factory=dict)  # how far each index runs
    stated: dict[str, Shape] = field(default_factory=dict)
    merged: dict[str, Dimension] = field(default_factory=dict)  # letters that turned out to be another size

    def elements(self, body: Node, index: str) -> list[Call]:
        """The elements in a body that are counted by the index."""
        return [
            node
            for node in postorder(body)
            if isinstance(node, Call)
            and node.function == "index"
            and any(has(one, index) for one in node.arguments[1:])
        ]

    def length(self, element: Call, index: str) -> Dimension | None:
        """How long the array is that is counted, where that is known."""
        base, *places = element.arguments
        shape = self.shapes.get(base.name) if isinstance(base, Name) else None
        axis = next((axis for axis, one in enumerate(places) if one == Name(index)), None)
        return shape[axis] if shape is not None and axis is not None and axis < len(shape) else None

    def has_arrays(self, body: Node) -> bool:
        """Are there arrays in a body besides those whose elements it speaks of: `w^T x_i`?"""
        bases: set[int] = set()
        counted = {*self.arrays}
        for node in postorder(body):
            if isinstance(node, Call) and node.function == "index":
                bases |= {id(one) for one in postorder(node.arguments[0])}
                counted |= {one.name for one in node.arguments[:1] if isinstance(one, Name)}
            elif isinstance(node, Call) and node.function in REDUCED and not any(map(counting, postorder(node))):
                bases |= {id(one) for one in postorder(node)}  # a number, whatever it is made of
        order = [node for node in postorder(body) if id(node) not in bases]
        raised = [one for one in order if isinstance(one, Call) and one.function in POWERS]
        turned = any(one.arguments[1] in (T, Call("neg", (T,))) for one in raised) and "T" not in self.given
        whole = any(isinstance(one, Call) and one.function in WHOLE for one in order)
        named = any(isinstance(one, Name) and (one.name in counted or self.shapes.get(one.name)) for one in order)
        return turned or whole or named

    def vector(self, body: Node, index: str, places: list[Call]) -> Node:
        """The body with arrays in place of their elements, everything element by element; other names are numbers."""
        whole = [one for one in postorder(body) if isinstance(one, Call) and one.function in REDUCED]
        inside = {id(one) for one in postorder(*places, *whole)}
        numbers = {one.name for one in postorder(body) if isinstance(one, Name) and id(one) not in inside}
        for name in numbers - {index, *self.shapes, *self.arrays}:
            self.stated.setdefault(name, ())
        arrays: dict[int, Node] = {}
        for one in places:
            array, *counted = one.arguments
            self.state(array, [place.name if isinstance(place, Name) else "" for place in counted])
            if len(counted) > 1:
                first = counted[0] == Name(index)
                turned = Call("transpose", (array,), one.span) if first else array
                arrays[id(one)] = Call("index", (turned, counted[1] if first else counted[0]), one.span)
            else:
                arrays[id(one)] = array
        return by_element(replaced(body, arrays))

    def state(self, array: Node, counted: list[str]) -> None:
        """Keep in mind the shape that a sum says an array has; letters that stand for the same size become one."""
        if not isinstance(array, Name):
            return
        shape = tuple(self.size(index) for index in counted)
        before = self.stated.setdefault(array.name, shape)
        for one, other in zip(before, shape, strict=False):
            kept, gone = (other, one) if isinstance(other, int) else (one, other)
            if kept != gone:
                self.merged |= {name: kept for name, size in self.merged.items() if size == gone} | {str(gone): kept}
                self.sizes = {index: kept if size == gone else size for index, size in self.sizes.items()}
                self.stated = {
                    name: tuple(kept if size == gone else size for size in sizes) for name, sizes in self.stated.items()
                }

    def size(self, index: str) -> Dimension:
        """How far an index runs: a number, or a letter."""
        if index not in self.sizes:
            taken = {*self.sizes.values(), *self.given, *self.shapes, *self.taken}
            self.sizes[index] = next((letter for letter in LETTERS if letter not in taken), index)
        return self.sizes[index]


def has(node: Node, name: str) -> bool:
    return name in free_names(postorder(node))


def counting(node: Node) -> list[str]:
    """The letters that an element is counted by."""
    if not isinstance(node, Call) or node.function != "index":
        return []
    return [one.name for one in node.arguments[1:] if isinstance(one, Name)]


def is_by_element(body: Node, index: str) -> bool:
    """Does everything that depends on the index go element by element, and is it counted by it alone?"""
    counted: set[int] = set()
    places: set[int] = set()
    for node in postorder(body):
        if isinstance(node, Name) and node.name == index:
            counted.add(id(node))
        if not isinstance(node, Call) or not any(id(one) in counted for one in node.arguments):
            continue
        counted.add(id(node))
        if node.function == "index":
            places |= {id(one) for one in node.arguments[1:]}
        elif node.function not in BY_ELEMENT or any(
            isinstance(one, Name) and one.name == index for one in node.arguments
        ):
            return False
    return True


def by_element(body: Node) -> Node:
    """The tree with products and powers of elements."""
    return rebuilt(
        body,
        lambda node, arguments: (
            Call(PLAIN.get(node.function, node.function), arguments, node.span) if isinstance(node, Call) else node
        ),
    )
