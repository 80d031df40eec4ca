"""Tree to graph: which nodes are vertices, what they are called, and the local derivative on each edge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain, count
from typing import Any, TypeAlias

from gradcalc.answers.matrices.outputs import function_name
from gradcalc.base.loading import loading
from gradcalc.base.memory import REMEMBERED, Memory
from gradcalc.calculus.reverse import flow_to
from gradcalc.calculus.simplify import COMPARE, ONE, rational
from gradcalc.functions import ARRAY_FUNCTIONS, CATALOGUE, COMPARISONS
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, Node, children, postorder, replaced

LONGEST_LABEL = 24  # characters; a longer text is spoken of by a letter
LETTERS = ("u", "v", "t", "s", "r", "q", "m", "k")
ELLIPSIS = Name("…")
OUT = "#out"  # the vertex itself, in its local derivatives
Place: TypeAlias = tuple[int, int]  # an edge: the vertex that it leads to, and the position of the argument
LOCALS = Memory[Node](250)  # the same few steps come thousands of times in a large sum


@dataclass(frozen=True, slots=True)
class Part:
    """A vertex before anything is computed.

    `node` is its place in the tree. `arguments` holds for each argument the id of its vertex, or None where that is a
    constant in the text. `step` is the call in terms of `#0`, `#1`, … for those vertices: what is computed here and
    nowhere else. `label` is how formulas speak of the part, and `body` the call in terms of such labels.
    """

    id: int
    node: Node
    names: tuple[str, ...]
    arguments: tuple[int | None, ...]
    label: Node
    body: Node
    step: Call | None

    @property
    def inputs(self) -> list[tuple[int, int]]:
        """Each argument that is a vertex: its position and the vertex."""
        return [(index, source) for index, source in enumerate(self.arguments) if source is not None]

    @property
    def is_comparison(self) -> bool:
        """Is the value a truth, not a number?"""
        return isinstance(self.node, Call) and CATALOGUE[self.node.function] in COMPARISONS


def placeholder(index: int | str) -> str:
    """A name for an argument, or for a vertex, that no user's name can be."""
    return f"#{index}"


def structure(problem: Problem) -> tuple[Part, ...]:
    """The vertices of a problem in the order of the forward pass.

    They are the variables, and whatever is computed from them or has a name in the program; each is one vertex
    however often it is used. Other constants stay in the text.
    """
    order = postorder(problem.root)
    names = _names(problem)
    chosen = _chosen(order, names, problem.root)
    result = function_name(problem)
    builder = _Builder(names, problem.root, result, _letters({*problem.names, *problem.defined, result}))
    for name in problem.wrt:
        if name not in problem.variables:
            builder.add(Name(name))
    for node in order:
        if id(node) in chosen:
            builder.add(node)
    return tuple(builder.parts)


def _letters(taken: Collection[str]) -> Iterator[str]:
    """Names that nothing else has, letters first: `u`, `v`, …, `u1`, `u2`, …"""
    numbered = (f"u{index}" for index in count(1))
    return (name for name in chain(LETTERS, numbered) if name not in taken)


def local_derivative(step: Call | None, index: int, values: Mapping[str, Any]) -> Node | None:
    """The derivative of a step by its argument `index`, in terms of `#0`, `#1`, …; None where nothing flows.

    `values` are those of the arguments: the rule of a power tells exponents apart, and only the one at hand is shown.
    """
    if step is None or step.function in ARRAY_FUNCTIONS or CATALOGUE[step.function].rule_to(index) is None:
        return None
    if step.function == "pow":
        return _taken(flow_to(step, index, ONE), values)
    text = to_text(step)
    make = partial(_shortest, step, index)
    return LOCALS.recall((text, index), make) if len(text) <= REMEMBERED else make()


def _shortest(step: Call, index: int) -> Node:
    """The rule of a step, in its shortest form."""
    with loading():
        from gradcalc.calculus.forms.shortest import Forms  # here, as it loads FLINT
    return Forms(step).shortest(flow_to(step, index, ONE))


def in_terms_of_itself(local: Node, part: Part) -> Node:
    """A local derivative with OUT for the step's own value, where that comes twice and has a name: p*(1 - p)."""
    if not isinstance(part.label, Name):
        return local
    own = [node for node in _every(local) if node == part.step]
    return replaced(local, {id(node): Name(OUT) for node in own}) if len(own) > 1 else local


def _every(root: Node) -> Iterator[Node]:
    """Every node below a root, as often as it stands there."""
    yield root
    for child in children(root):
        yield from _every(child)


def shortened(step: Call) -> Call:
    """The step, with an ellipsis for each constant that is long; the same one where none is."""
    arguments = tuple(map(_shortened, step.arguments))
    return Call(step.function, arguments, step.span) if arguments != step.arguments else step


def without(problem: Problem, part: Part) -> Node:
    """The result's tree with a part replaced by a name of its own: the result as a function of that part."""
    return replaced(problem.root, {id(part.node): Name(placeholder(part.id))})


def _names(problem: Problem) -> dict[int | str, list[str]]:
    """The names of each definition, by its node's id; those of a variable under another name, by the variable."""
    found: dict[int | str, list[str]] = {}
    for one in problem.definitions:
        if one.name is not None:
            key = one.whole.name if isinstance(one.whole, Name) else id(one.whole)
            found.setdefault(key, []).append(one.name)
    return found


def _chosen(order: list[Node], names: Mapping[int | str, list[str]], root: Node) -> set[int]:
    """The ids of the nodes that are vertices: they have a name, or are computed from something that has one."""
    chosen = {id(root)}
    for node in order:
        if isinstance(node, Name) or id(node) in names or any(id(child) in chosen for child in children(node)):
            chosen.add(id(node))
    return chosen


def _taken(root: Node, values: Mapping[str, Any]) -> Node:
    """The branch of a choice at the top of a rule, where its condition compares labels and numbers."""
    while isinstance(root, Call) and root.function == "where" and isinstance(root.arguments[0], Call):
        condition, *branches = root.arguments
        left, right = (values.get(to_text(side), rational(side)) for side in children(condition))
        if left is None or right is None:
            break
        root = branches[0] if COMPARE[root.arguments[0].function](left, right) else branches[1]
    return root


class _Builder:
    """Numbers the vertices and finds their labels, arguments first."""

    def __init__(self, names: Mapping[int | str, list[str]], root: Node, result: str, letters: Iterator[str]) -> None:
        self.names = names
        self.root = root
        self.result = result
        self.parts: list[Part] = []
        self.letters = letters
        self.ids: dict[int | str, int] = {}  # by the node's id; for a variable, by its name

    def add(self, node: Node) -> None:
        """Append the vertex of a node, unless it is a variable that is there already."""
        key = node.name if isinstance(node, Name) else id(node)
        if key in self.ids:
            return
        arguments = tuple(self.find(child) for child in children(node))
        step = self._step(node, arguments)
        body = node if step is None else self._body(step, arguments)
        names = (*((node.name,) if isinstance(node, Name) else ()), *self.names.get(key, ()))
        part_id = self.ids[key] = len(self.parts) + 1
        label = self._label(node, body, names)
        self.parts.append(Part(part_id, node, names, arguments, label, body, step))

    def find(self, node: Node) -> int | None:
        """The vertex that a node is."""
        return self.ids.get(node.name if isinstance(node, Name) else id(node))

    def _step(self, node: Node, arguments: Iterable[int | None]) -> Call | None:
        """The call in terms of placeholders."""
        if not isinstance(node, Call):
            return None
        places = (
            child if source is None else Name(placeholder(index))
            for index, (child, source) in enumerate(zip(node.arguments, arguments, strict=True))
        )
        return Call(node.function, tuple(places), node.span)

    def _body(self, step: Call, arguments: Iterable[int | None]) -> Call:
        """The step in terms of the labels of its arguments, with an ellipsis for each constant that is long."""
        spoken = (
            _shortened(child) if source is None else self.parts[source - 1].label
            for child, source in zip(step.arguments, arguments, strict=True)
        )
        return Call(step.function, tuple(spoken), step.span)

    def _label(self, node: Node, body: Node, names: tuple[str, ...]) -> Node:
        """How formulas speak of a vertex."""
        if names:
            return Name(names[0])
        if node is self.root:
            return Name(self.result)
        return body if len(to_text(body)) <= LONGEST_LABEL else Name(next(self.letters))


def _shortened(constant: Node) -> Node:
    """A constant, or an ellipsis where it is long; a placeholder is none."""
    if isinstance(constant, Name):
        return constant
    small = len(postorder(constant)) <= LONGEST_LABEL  # the text of a large one is not even written
    return constant if small and len(to_text(constant)) <= LONGEST_LABEL else ELLIPSIS
