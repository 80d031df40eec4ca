"""What several formulas have in common gets a name, as papers have it: `where H = tanh(x @ W), δ = …`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from gradcalc.arrays.infer import Shapes, infer
from gradcalc.arrays.shape import Shape, named_sizes
from gradcalc.calculus.matrix.stages import letters, numbered
from gradcalc.functions.printer import is_whole, to_text
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

LINE = 80  # characters of a gradient that needs no names
SPARED, PART = 15, 0.15  # characters, and part of all, by which names shorten formulas that are short as they are
SHORT, SAVED = 4, 10  # characters of a piece that has no name, and how many a name saves at least
DELTA = "δ"  # what a gradient on its way is called
PLAIN = frozenset({  # has a letter of its own on the way back too, and is never a δ
    "sigmoid", "softmax", "tanh", "exp", "log", "relu", "norm", "sqrt", "slice", "diag",
})  # fmt: skip
OPERATORS = frozenset({"add", "sub", "mul", "div", "matmul", "pow"})
UNNAMED = frozenset({"gt", "ge", "lt", "le", "eq", "ne", "index", "array"})
NAME = 2  # characters


@dataclass(frozen=True, slots=True)
class Named:
    """Formulas in terms of names, and what these stand for, each after those that it uses."""

    definitions: Mapping[str, Node]
    shapes: Mapping[str, Shape]
    formulas: tuple[Node, ...]

    @property
    def length(self) -> int:
        """How many characters all of it takes."""
        return sum(len(to_text(one)) for one in (*self.definitions.values(), *self.formulas))


def named(function: Node, others: Sequence[Node], shapes: Mapping[str, Shape], taken: Collection[str]) -> Named | None:
    """A function and the formulas that go with it, with names for what repeats; None where nothing does.

    What the function itself is made of is called after what makes it, anything else δ; no name is one of `taken`.
    Raises ShapeError where shapes do not fit.
    """
    roots = children(shared(Call("", (function, *others))))
    order = [node for node in postorder(*roots) if isinstance(node, Call)]
    inferred: Shapes = {}
    for root in roots:
        inferred |= infer(root, shapes)
    chosen = _chosen(order, roots, dependents(postorder(*roots), taken))
    if not chosen:
        return None
    words = _words([one for one in order if id(one) in chosen], roots, inferred, {*taken, *shapes})
    return _written(order, roots, words, inferred)


def is_long(formulas: Sequence[Node]) -> bool:
    """Is there one among them that takes more than a line?"""
    return any(len(to_text(one)) > LINE for one in formulas)


def is_worth(found: Named, function: Node, others: Sequence[Node]) -> bool:
    """Are names worth it: is one of the formulas long, or all of them together shorter by a good part?"""
    if is_long(others) or len(to_text(function)) > 2 * LINE:
        return True
    whole = sum(len(to_text(one)) for one in (function, *others))
    return whole - found.length >= max(SPARED, whole * PART)


def _chosen(order: Sequence[Call], roots: Sequence[Node], varying: Collection[int]) -> set[int]:
    """The ids of the nodes that get a name: by how often they stand there, and how long they are."""
    uses = Counter([*map(id, roots), *(id(one) for node in order for one in node.arguments)])
    found = {
        id(node) for node in order
        if uses[id(node)] > 1 and id(node) in varying and _may_be_named(node, uses)
    }  # fmt: skip
    while found:
        saved = _saved(order, roots, found)
        worst = min((id(node) for node in order if id(node) in found), key=saved.__getitem__)  # of equals the first
        if saved[worst] >= SAVED:
            break
        found.discard(worst)
    return found


def _may_be_named(node: Call, uses: Mapping[int, int]) -> bool:
    """Is it more than another one, which stands elsewhere too, with a sign, a number, or turned?"""
    numbers = node.function in ("mul", "div") and any(isinstance(one, Number) for one in node.arguments)
    if node.function == "transpose" and is_whole(node.arguments[0]):  # as `X[:, 1]` is read
        return False
    if numbers or node.function in ("transpose", "neg"):
        inner = [one for one in node.arguments if isinstance(one, Call)]
        return bool(inner) and all(uses[id(one)] == 1 for one in inner)
    return node.function not in UNNAMED


def _saved(order: Sequence[Call], roots: Sequence[Node], named: Collection[int]) -> dict[int, int]:
    """How many characters the name of each node saves, where all of them have one."""
    times, lengths = Counter(id(one) for one in roots), _lengths(order, named)
    for node in reversed(order):
        for one in node.arguments:
            times[id(one)] += 1 if id(node) in named else times[id(node)]
    return {one: (times[one] - 1) * lengths[one] if lengths[one] > SHORT else 0 for one in named}


def _lengths(order: Sequence[Call], named: Collection[int]) -> dict[int, int]:
    """About how many characters each call takes, where those have names."""
    found: dict[int, int] = {}
    for node in order:
        inner = sum(
            NAME if id(one) in named else found[id(one)] if isinstance(one, Call) else len(to_text(one))
            for one in node.arguments
        )
        found[id(node)] = inner + (3 if node.function in OPERATORS else 2 + len(node.function))
    return found


def _words(nodes: Sequence[Call], roots: Sequence[Node], inferred: Shapes, taken: set[str]) -> dict[int, str]:
    """A name for each of the nodes: what the first root has by what makes it, the others δ."""
    sizes = {name for root in roots for name in (*free_names(postorder(root)), *named_sizes(inferred.values()))}
    own = {id(one) for one in postorder(roots[0])} | {id(one) for one in nodes if one.function in PLAIN}
    found = letters([one for one in nodes if id(one) in own], inferred, {*taken, *sizes})
    others = [one for one in nodes if id(one) not in own]
    deltas = iter([DELTA]) if len(others) == 1 and DELTA not in taken else numbered(DELTA, taken)
    return {**found, **{id(one): next(deltas) for one in others}}


def _written(order: Sequence[Call], roots: Sequence[Node], words: Mapping[int, str], inferred: Shapes) -> Named:
    """The formulas and the definitions, each in terms of the names."""
    spelled: dict[int, Node] = {}
    definitions: dict[str, Node] = {}
    for node in order:
        body = _spelled(node, [spelled.get(id(one), one) for one in node.arguments])
        if id(node) in words:
            definitions[words[id(node)]] = body
        spelled[id(node)] = Name(words[id(node)]) if id(node) in words else body
    shapes = {words[id(node)]: inferred[id(node)] for node in order if id(node) in words}
    return Named(definitions, shapes, tuple(spelled.get(id(one), one) for one in roots))


def _spelled(node: Call, arguments: Sequence[Node]) -> Node:
    """A call of those arguments; what is transposed twice is as it was."""
    inner = arguments[0] if arguments else None
    if node.function == "transpose" and isinstance(inner, Call) and inner.function == "transpose":
        return inner.arguments[0]
    return with_arguments(node, tuple(arguments))
