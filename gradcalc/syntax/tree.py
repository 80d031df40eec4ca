"""The expression tree: numbers, names, constants and calls. Operators are calls: `x + y` is `add(x, y)`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias, TypeGuard

from gradcalc.base.span import Span


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, exactly as its decimal says: `0.1` is one tenth."""

    value: Fraction
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """`pi` or `e`, exact; where a size is expected, the name of a dimension."""

    name: str
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator on its arguments; one node may be the argument of several others."""

    function: str
    arguments: tuple[Node, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


Node: TypeAlias = Number | Name | Constant | Call
Change: TypeAlias = Callable[[Node, tuple[Node, ...]], Node]  # of a node and of what became of its arguments


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a program; `name` is None where it defines nothing (only the last may).

    The body of an `equation` is its left side minus its right one.
    """

    name: str | None
    body: Node
    span: Span = field(compare=False, repr=False)
    name_span: Span | None = field(default=None, compare=False, repr=False)
    equation: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """What was parsed; `rewritten` where its reading is worth showing: implicit products, unicode, LaTeX.

    `parameters` are the variables of the functions that it defines, `elements` the names that are elements of arrays
    where there are such arrays: x and 1 for `x_1`, and `arrays` those in bold letters, `starred` those that may be
    another one transposed: x for `x^*`.
    """

    source: str
    statements: tuple[Statement, ...]
    rewritten: bool = field(default=False, compare=False)
    parameters: frozenset[str] = frozenset()
    elements: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict, compare=False)
    arrays: frozenset[str] = frozenset()
    starred: Mapping[str, str] = field(default_factory=dict, compare=False)


def number(value: Fraction | int, span: Span | None = None) -> Node:
    """The tree of a rational number: a literal where it is a finite decimal, a quotient of integers elsewhere."""
    fraction = Fraction(value)
    if fraction < 0:
        return Call("neg", (number(-fraction, span),), span)
    if is_decimal(fraction):
        return Number(fraction, span)
    quotient = (Number(Fraction(fraction.numerator), span), Number(Fraction(fraction.denominator), span))
    return Call("div", quotient, span)


def is_decimal(value: Fraction) -> bool:
    """Can the number be written with finitely many decimals?"""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def spanned(node: Node) -> Span:
    """The span of a node that came from text."""
    assert node.span is not None
    return node.span


def is_element(node: Node) -> TypeGuard[Call]:
    """Is this an element of an array, `x[i]`?"""
    return isinstance(node, Call) and node.function == "index"


def children(node: Node) -> tuple[Node, ...]:
    """The arguments of a call; nothing for a leaf."""
    return node.arguments if isinstance(node, Call) else ()


def postorder(*roots: Node, into: Callable[[Node], Sequence[Node]] = children) -> list[Node]:
    """Every node below `roots`, once, arguments before calls; `into` gives those of a node that are walked into.

    A shared node (the same object) comes once. It needs no recursion: an expression may be deeper than Python's.
    """
    seen: set[int] = set()
    order: list[Node] = []
    stack: list[Node | None] = list(reversed(roots))  # None: the one below has all its arguments in order
    while stack:
        node = stack.pop()
        if node is None:
            order.append(stack.pop())  # type: ignore[arg-type]  # a node lies below each None
        elif id(node) not in seen:
            seen.add(id(node))
            if below := into(node):
                stack += (node, None, *reversed(below))
            else:
                order.append(node)
    return order


def rebuilt(root: Node, change: Change) -> Node:
    """The tree with other nodes: `change` makes one of each node and of what became of its arguments, leaves first.

    What is shared stays shared.
    """
    return rebuilt_together((root,), change)[0]


def rebuilt_together(roots: Sequence[Node], change: Change) -> list[Node]:
    """Each tree with other nodes, as `rebuilt` makes it; what several share is changed once, and stays shared."""
    built: dict[int, Node] = {}
    for node in postorder(*roots):
        built[id(node)] = change(node, tuple(built[id(child)] for child in children(node)))
    return [built[id(root)] for root in roots]


def with_arguments(node: Node, arguments: tuple[Node, ...]) -> Node:
    """A call with other arguments, at the same place in the text; the node itself where nothing changes."""
    if not isinstance(node, Call) or [*map(id, node.arguments)] == [*map(id, arguments)]:
        return node
    return Call(node.function, arguments, node.span)


def replaced(root: Node, replacements: Mapping[int, Node]) -> Node:
    """The tree with other nodes in place of some, by id."""
    return rebuilt(root, lambda node, arguments: replacements.get(id(node)) or with_arguments(node, arguments))


def shared(root: Node) -> Node:
    """The tree with equal parts as one node."""
    seen: dict[Hashable, Node] = {}

    def first(node: Node, arguments: tuple[Node, ...]) -> Node:
        key = (node.function, *map(id, arguments)) if isinstance(node, Call) else node
        return seen.setdefault(key, with_arguments(node, arguments))

    return rebuilt(root, first)


def free_names(nodes: Iterable[Node]) -> list[str]:
    """The names among `nodes`, in order of first appearance."""
    return list(dict.fromkeys(node.name for node in nodes if isinstance(node, Name)))


def dependents(order: Iterable[Node], names: Iterable[str]) -> set[int]:
    """The ids of the nodes, of a post-order, that contain one of `names`."""
    wanted = set(names)
    found: set[int] = set()
    for node in order:
        if (isinstance(node, Name) and node.name in wanted) or any(id(child) in found for child in children(node)):
            found.add(id(node))
    return found


def substitute(root: Node, replacements: Mapping[str, Node], make: Change = with_arguments) -> Node:
    """The tree with names replaced, those of sizes too; every occurrence of a name becomes the same node.

    `make` makes the other nodes anew from what became of their arguments.
    """
    return rebuilt(root, put_in(replacements, make))


def put_in(replacements: Mapping[str, Node], make: Change = with_arguments) -> Change:
    """The change that `substitute` makes, of a tree or of several together."""

    def change(node: Node, arguments: tuple[Node, ...]) -> Node:
        return replacements.get(node.name, node) if isinstance(node, Name | Constant) else make(node, arguments)

    return change


def depth(order: Iterable[Node]) -> int:
    """How many levels a post-order has below its last node, that one counted."""
    levels: dict[int, int] = {}
    last = 0
    for node in order:
        last = levels[id(node)] = 1 + max((levels[id(child)] for child in children(node)), default=0)
    return last
