"""Sums over an index of all elements at once: `Σ x_i²` is `sum(x**2)`, `Σ_j A_ij x_j` an element of `A @ x`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

from gradcalc.arrays.shape import Dimension, Shape
from gradcalc.base.limits import Limits
from gradcalc.functions import COMPARISONS, ELEMENTWISE
from gradcalc.syntax.tree import (
    Call,
    Name,
    Node,
    Number,
    free_names,
    number,
    postorder,
    rebuilt,
    replaced,
    with_arguments,
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
FACTORS = frozenset({"mul", "beside", "dotted"})
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

    def folded(self, node: Call, body: Node, index: str, places: list[Call]) -> Node | None:
        """`sum(x**2)`; None where there is no such form."""
        others = {name for one in postorder(body) for name in _counting(one)} - {index}
        fold = FOLDS[node.function][0]
        if not _is_by_element(body, index) or self.has_arrays(body):
            return None
        if not others:
            return Call(fold, (self.vector(body, index, places),), node.span)
        if len(others) > 1 or fold != "sum":
            return None
        return self.row_sums(node, body, index, next(iter(others)))

    def has_arrays(self, body: Node) -> bool:
        """Are there arrays in a body besides those whose elements it speaks of: `w^T x_i`?"""
        bases: set[int] = set()
        counted = {*self.arrays}
        for node in postorder(body):
            if isinstance(node, Call) and node.function == "index":
                bases |= {id(one) for one in postorder(node.arguments[0])}
                counted |= {one.name for one in node.arguments[:1] if isinstance(one, Name)}
            elif isinstance(node, Call) and node.function in REDUCED and not any(map(_counting, postorder(node))):
                bases |= {id(one) for one in postorder(node)}  # a number, whatever it is made of
        order = [node for node in postorder(body) if id(node) not in bases]
        raised = [one for one in order if isinstance(one, Call) and one.function in POWERS]
        turned = any(one.arguments[1] in (T, Call("neg", (T,))) for one in raised) and "T" not in self.given
        whole = any(isinstance(one, Call) and one.function in WHOLE for one in order)
        named = any(isinstance(one, Name) and (one.name in counted or self.shapes.get(one.name)) for one in order)
        return turned or whole or named

    def vector(self, body: Node, index: str, places: list[Call]) -> Node:
        """The body with arrays in place of their elements, everything element by element."""
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
        return _by_element(replaced(body, arrays))

    def row_sums(self, node: Call, body: Node, index: str, outer: str) -> Node | None:
        """`Σ_j A_ij x_j`, counted by i: an element of `A @ x`."""
        factors = _factors(body)
        outside = [one for one in factors if not has(one, index)]
        inner = [one for one in factors if has(one, index)]
        matrices = [one for one in inner if isinstance(one, Call) and {index, outer} <= set(_counting(one))]
        rest = [one for one in inner if not any(one is other for other in matrices)]
        if len(matrices) == 1 and rest and not any(has(one, outer) for one in rest):
            vector = _product(rest, node)
            matrix = self.oriented(matrices[0], index)
            summed = Call("matmul", (matrix, self.vector(vector, index, self.elements(vector, index))), node.span)
        else:
            whole = _product(inner, node)
            both = [one for one in self.elements(whole, index) if outer in _counting(one)]
            alone = rebuilt(
                whole,
                lambda one, inside: Number(Fraction(1)) if any(one is a for a in both) else with_arguments(one, inside),
            )
            if has(alone, outer):
                return None
            arrays = {id(one): self.oriented(one, index) for one in both}
            vectors = self.vector(replaced(whole, arrays), index, self.elements(replaced(whole, arrays), index))
            if not both:
                return _product([*outside, Call("sum", (vectors,), node.span)], node)
            summed = Call("sum", (vectors, number(1, node.span)), node.span)
        return _product([*outside, Call("index", (summed, Name(outer)), node.span)], node)

    def oriented(self, element: Call, index: str) -> Node:
        """The matrix of an element, turned so that the index counts along its rows."""
        array, *counted = element.arguments
        self.state(array, [one.name if isinstance(one, Name) else "" for one in counted])
        return Call("transpose", (array,), element.span) if counted[0] == Name(index) else array

    def state(self, array: Node, counted: list[str]) -> None:
        """Keep in mind the shape that a sum says an array has; letters that stand for the same size become one."""
        if not isinstance(array, Name):
            return
        shape = tuple(self.size(index) for index in counted)
        before = self.stated.setdefault(array.name, shape)
        for one, other in zip(before, shape, strict=False):
            kept, gone = (other, one) if isinstance(other, int) else (one, other)
            if kept != gone:
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


def _counting(node: Node) -> list[str]:
    """The letters that an element is counted by."""
    if not isinstance(node, Call) or node.function != "index":
        return []
    return [one.name for one in node.arguments[1:] if isinstance(one, Name)]


def _is_by_element(body: Node, index: str) -> bool:
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


def _by_element(body: Node) -> Node:
    """The tree with products and powers of elements."""
    return rebuilt(
        body,
        lambda node, arguments: (
            Call(PLAIN.get(node.function, node.function), arguments, node.span) if isinstance(node, Call) else node
        ),
    )


def _factors(node: Node) -> list[Node]:
    """The factors of a product."""
    factors = []
    while isinstance(node, Call) and node.function in FACTORS:
        factors.append(node.arguments[1])
        node = node.arguments[0]
    return [node, *reversed(factors)]


def _product(factors: list[Node], node: Call) -> Node:
    return reduce(lambda one, other: Call("mul", (one, other), node.span), factors)
