"""Trees as a straight line of steps, none done twice, each with the buffer that its result is written to."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass

from gradcalc.syntax.tree import Call, Name, Node, children, postorder, rebuilt, with_arguments

MOST_SCHEDULED = 2_000  # calls, as the work grows with their square
COMMUTATIVE = frozenset({"add", "mul"})


@dataclass(frozen=True, slots=True)
class Step:
    """One call: its arguments and its result by their places in the store of a straight line."""

    call: Call
    arguments: tuple[int, ...]
    result: int


@dataclass(frozen=True, slots=True)
class StraightLine:
    """Steps to be done in this order, and a store of numbers that they read and write.

    The store holds the `inputs` by name, then the `constants`, trees without names, then the result of each root, in
    their order, then `buffers`, of which True holds conditions. `copied` are pairs of places: a root that is no step of
    its own, and where its numbers are.
    """

    inputs: tuple[str, ...]
    constants: tuple[Node, ...]
    roots: int
    buffers: tuple[bool, ...]
    steps: tuple[Step, ...]
    copied: tuple[tuple[int, int], ...]


def straight_line(roots: Sequence[Node], inputs: Sequence[str], conditions: Collection[str]) -> StraightLine:
    """The straight line that computes `roots` from the `inputs`; calls of `conditions` result in conditions.

    A buffer is written to again as soon as nobody reads it any more. Source: Poletto and Sarkar, Linear scan register
    allocation, 1999; here the number of registers is not given, and nothing is ever spilt.
    """
    return _Allocation(numbered(roots), inputs, conditions).line()


def numbered(roots: Sequence[Node]) -> list[Node]:
    """The trees with equal parts as one node; a sum or a product equals the same with its operands exchanged."""
    seen: dict[Hashable, Node] = {}

    def first(node: Node, arguments: tuple[Node, ...]) -> Node:
        if not isinstance(node, Call):
            return seen.setdefault(node, node)
        ids = tuple(map(id, arguments))
        key = (node.function, *(sorted(ids) if node.function in COMMUTATIVE else ids))
        return seen.setdefault(key, with_arguments(node, arguments))

    return list(children(rebuilt(Call("roots", tuple(roots)), first)))


def scheduled(calls: Sequence[Call]) -> list[Call]:
    """Calls of a post-order in another order in which fewer results wait to be read.

    Among those whose arguments are there, the one goes first that reads most results for the last time; among equals,
    the one that came to be ready last. What is made of inputs alone waits until it is read. Source: Goodman and Hsu,
    Code scheduling and register allocation in large basic blocks, 1988.
    """
    read = {id(node): {id(child): child for child in node.arguments if isinstance(child, Call)} for node in calls}
    known = read.keys()
    readers: dict[int, list[Call]] = {}
    for node in calls:
        read[id(node)] = {key: child for key, child in read[id(node)].items() if key in known}
        for child in read[id(node)]:
            readers.setdefault(child, []).append(node)
    unread = {key: len(own) for key, own in readers.items()}
    first = {key for key, own in read.items() if not own and key in readers}
    waits = {key: len(own.keys() - first) for key, own in read.items()}
    ready = [node for node in reversed(calls) if not waits[id(node)] and id(node) not in first]
    found: list[Call] = []
    while ready:
        gains = [sum(unread[child] == 1 for child in read[id(node)].keys() - first) for node in ready]
        node = ready.pop(max(range(len(ready)), key=lambda place: (gains[place], place)))
        early = [child for key, child in read[id(node)].items() if key in first]
        first.difference_update(map(id, early))
        found += [*early, node]
        for child in read[id(node)]:
            unread[child] -= 1
        for reader in readers.get(id(node), ()):
            waits[id(reader)] -= 1
            if not waits[id(reader)]:
                ready.append(reader)
    return found


class _Allocation:
    """Gives the value of each part of some trees its place in the store."""

    def __init__(self, roots: Sequence[Node], inputs: Sequence[str], conditions: Collection[str]) -> None:
        self.roots, self.inputs, self.conditions = roots, tuple(inputs), conditions
        order = postorder(*roots)
        fixed = without_names(order)
        calls = [node for node in order if isinstance(node, Call) and id(node) not in fixed]
        self.calls = scheduled(calls) if len(calls) <= MOST_SCHEDULED else calls
        read = {id(child) for node in (*self.calls, Call("roots", tuple(roots))) for child in children(node)}
        self.constants = tuple(node for node in order if id(node) in fixed and id(node) in read)
        named = {name: place for place, name in enumerate(self.inputs)}
        self.places = {id(node): named[node.name] for node in order if isinstance(node, Name)}
        self.places |= {id(node): place for place, node in enumerate(self.constants, len(self.inputs))}
        self.last = {id(child): index for index, node in enumerate(self.calls) for child in node.arguments}
        self.first_buffer = len(self.inputs) + len(self.constants) + len(roots)
        self.buffers: list[bool] = []
        self.free: dict[bool, list[int]] = {False: [], True: []}

    def line(self) -> StraightLine:
        """The whole line."""
        copied = tuple(self._results())
        steps = tuple(self._step(index, node) for index, node in enumerate(self.calls))
        return StraightLine(self.inputs, self.constants, len(self.roots), tuple(self.buffers), steps, copied)

    def _results(self) -> Iterator[tuple[int, int]]:
        """Gives each root a place of its own; the pairs of those that are there already."""
        for place, root in enumerate(self.roots, len(self.inputs) + len(self.constants)):
            if id(root) in self.places:
                yield place, self.places[id(root)]
            else:
                self.places[id(root)] = place

    def _step(self, index: int, node: Call) -> Step:
        """A step; the buffers that nobody reads after it are free for its own result."""
        arguments = tuple(self.places[id(child)] for child in node.arguments)
        for child in {id(one): one for one in node.arguments}:
            if self.places[child] >= self.first_buffer and self.last[child] == index:
                self.free[self.buffers[self.places[child] - self.first_buffer]].append(self.places[child])
        if id(node) not in self.places:
            self.places[id(node)] = self._buffer(node.function in self.conditions)
        return Step(node, arguments, self.places[id(node)])

    def _buffer(self, condition: bool) -> int:
        if self.free[condition]:
            return self.free[condition].pop()
        self.buffers.append(condition)
        return self.first_buffer + len(self.buffers) - 1


def without_names(order: Sequence[Node]) -> set[int]:
    """The ids of the nodes of a post-order that have no names in them."""
    found: set[int] = set()
    for node in order:
        if not isinstance(node, Name) and all(id(child) in found for child in children(node)):
            found.add(id(node))
    return found
