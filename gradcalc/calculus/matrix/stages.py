"""The forward pass of an array expression as it is written on paper: its intermediate results, each with a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from gradcalc.arrays.infer import Shapes, infer
from gradcalc.arrays.shape import Shape, named_sizes
from gradcalc.calculus.matrix.structure import STRUCTURAL
from gradcalc.functions import ARRAY_FUNCTIONS, CATALOGUE
from gradcalc.syntax.tree import (
    Call,
    Name,
    Node,
    Number,
    children,
    dependents,
    free_names,
    postorder,
    shared,
    with_arguments,
)

GLUE = frozenset({"add", "sub", "neg", "mul"})  # that, and what is linear, stands in one line with what it is part of
LIGHT = frozenset({"add", "sub", "neg", "transpose"})
LETTERS = {  # what a teacher calls the result, by the operation that makes it
    "sub": "r", "add": "z", "matmul": "z", "dot": "z", "mul": "s", "pow": "s", "sigmoid": "p", "softmax": "p",
    **dict.fromkeys(("tanh", "relu", "gelu", "silu", "elu", "selu", "leaky_relu", "softplus"), "h"),
    "norm": "d", "diag": "d", "exp": "u", "log": "v", "div": "q",
}  # fmt: skip
OTHERS = "uvtqshgk"
TWO = Number(Fraction(2))


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the forward pass: what a name stands for, in terms of the names before it."""

    name: str
    body: Node
    shape: Shape
    defined: bool  # by the user's program


def stages(
    root: Node,
    definitions: Mapping[str, Node],
    by: Collection[str],
    shapes: Mapping[str, Shape],
    result: str,
    *,
    brief: bool,
) -> tuple[Stage, ...]:
    """The lines of the forward pass, each after those that it uses; the last is the result, and called so.

    `definitions` are what the names of a program stand for. What depends on none of `by` has no line, unless it is
    defined. With `brief`, what a person would do in one line is one: `X @ w - y`; else every operation has its own.
    """
    root, *wholes = _together([root, *definitions.values()])
    order = postorder(root)
    inferred, wanted = infer(root, shapes), dependents(order, by) & _reached(root)
    named = {id(one): name for name, one in reversed([*zip(definitions, wholes, strict=True)]) if isinstance(one, Call)}
    chosen = _brief(order, wanted) if brief else {id(node) for node in order if _is_worth(node, wanted)}
    taken = {result, *free_names(order), *definitions, *shapes, *named_sizes(shapes.values())}
    found = [node for node in order if node is not root and (id(node) in chosen or id(node) in named)]
    names = {**letters([one for one in found if id(one) not in named], inferred, taken), **named}
    names |= {id(root): named.get(id(root), result)}
    return tuple(_lines(order, names, inferred, named))


def _lines(
    order: Sequence[Node], names: Mapping[int, str], inferred: Shapes, named: Collection[int]
) -> Iterator[Stage]:
    """The nodes that have a name, each in terms of those before."""
    spelled: dict[int, Node] = {}
    for node in order:
        body = with_arguments(node, tuple(spelled[id(one)] for one in children(node)))
        name = names.get(id(node))
        spelled[id(node)] = body if name is None else Name(name)
        if name is not None:
            yield Stage(name, body, inferred[id(node)], id(node) in named)


def _together(roots: Sequence[Node]) -> Sequence[Node]:
    """The trees with equal parts as one node, throughout."""
    whole = shared(Call("", tuple(roots)))
    assert isinstance(whole, Call)
    return whole.arguments


def _reached(root: Node) -> set[int]:
    """The ids of the nodes that a gradient can flow to."""
    found = {id(root)}
    for node in reversed(postorder(root)):
        if isinstance(node, Call) and id(node) in found:
            found.update(id(one) for place, one in enumerate(node.arguments) if _flows(node, place))
    return found


def _flows(node: Call, place: int) -> bool:
    """Can a gradient flow from a call to one of its arguments?"""
    if node.function in STRUCTURAL:
        return place < len(node.arguments) and not isinstance(node.arguments[place], Number)
    return CATALOGUE[node.function].rule_to(place) is not None


def _is_worth(node: Node, wanted: Collection[int]) -> bool:
    """Is this an operation on something that varies, other than to turn a variable?"""
    turned = isinstance(node, Call) and node.function == "transpose" and not isinstance(node.arguments[0], Call)
    return isinstance(node, Call) and id(node) in wanted and not turned


def _brief(order: Sequence[Node], wanted: Collection[int]) -> set[int]:
    """The ids of the nodes that a person would give a name."""
    above: dict[int, list[Call]] = {id(one): [] for one in order}
    chosen: set[int] = set()
    weighty: set[int] = set()  # with a product, or a sum over elements, in what would stand in the same line
    for node in (one for one in order if isinstance(one, Call)):
        for one in node.arguments:
            above[id(one)].append(node)
    for node in (one for one in order if isinstance(one, Call)):
        if not _is_light(node) or not weighty.isdisjoint({id(one) for one in node.arguments} - chosen):
            weighty.add(id(node))
        uses = above[id(node)]
        apart = len(uses) > 1 or not _is_glue(node, wanted) or any(not _is_glue(one, wanted) for one in uses)
        worth = _is_worth(node, wanted) and (len(uses) > 1 or id(node) in weighty)
        if worth and apart and not any(_is_square_of(one, node) for one in uses):
            chosen.add(id(node))
    return chosen


def _is_light(node: Call) -> bool:
    """Needs this no line of its own where it stands in another?"""
    number = node.function in ("mul", "div") and any(isinstance(one, Number) for one in node.arguments)
    return node.function in LIGHT or number


def _is_glue(node: Call, wanted: Collection[int]) -> bool:
    """Is this linear in what varies, or a product?"""
    if node.function == "div":
        return id(node.arguments[1]) not in wanted
    row = ARRAY_FUNCTIONS.get(node.function)
    return node.function in GLUE or (row is not None and (row.linear or node.function == "array"))


def _is_square_of(node: Call, part: Call) -> bool:
    """The square of a norm is derived at once."""
    return part.function == "norm" and node.function == "pow" and node.arguments[1] == TWO


def letters(nodes: Sequence[Node], inferred: Shapes, taken: Collection[str]) -> dict[int, str]:
    """A name for each node: a letter for what makes it, a capital one for a matrix; numbered where several have it."""
    wished = [_letter(node, inferred[id(node)]) for node in nodes]
    used = {one.lower() for one in (*taken, *wished)}
    free = (one for one in (*OTHERS, *(f"u_{index}" for index in range(len(nodes)))) if one not in used)
    instead = {one: _like(next(free), one) for one in dict.fromkeys(wished) if one in taken}
    chosen = [instead.get(one, one) for one in wished]
    numbers = {one: numbered(one, taken) for one, times in Counter(chosen).items() if times > 1}
    return {id(node): next(numbers[one]) if one in numbers else one for node, one in zip(nodes, chosen, strict=True)}


def _like(letter: str, other: str) -> str:
    """A letter, a capital one where another one is."""
    return letter.upper() if other.isupper() else letter


def numbered(letter: str, taken: Collection[str]) -> Iterator[str]:
    """A letter with 1, 2, … behind it, as far as these are free."""
    return (name for index in count(1) if (name := f"{letter}{index}") not in taken)


def _letter(node: Node, shape: Shape) -> str:
    letter = LETTERS.get(node.function, "u") if isinstance(node, Call) else "u"
    return letter.upper() if len(shape) == 2 else letter
