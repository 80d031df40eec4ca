"""The tape of a run: nodes that depend on earlier nodes, and the steps of the user's code that they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gradcalc.tracing.places import Place
from gradcalc.tracing.rules import Numbers, Rule

PER_PRODUCT = 0.05  # of a matrix, beside a number that is handled by itself
Index = Sequence[int] | None  # which elements of a node, in order; None: all


@dataclass(frozen=True, slots=True)
class Read:
    """The elements of a node that another one takes; `cut` is the place in `Tape.cuts` where autograd loses it."""

    node: int
    index: Index = None
    cut: int | None = None


@dataclass(slots=True, eq=False)
class Node:
    """A flat list of numbers worked out by a rule from what it reads.

    `leaves` has a bit for each leaf that it depends on; `work` counts the numbers that it handles; `bypass` is what
    autograd takes for the identity: the old numbers under a write that it does not see.
    """

    rule: Rule
    reads: tuple[Read, ...]
    size: int
    leaves: int
    step: int
    work: float = 0.0
    bypass: Read | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """What a step gave: where its numbers are on the tape, torch's own, and the tensor itself."""

    read: Read
    shape: tuple[int, ...]
    numbers: Any  # a tensor that nothing changes any more
    tensor: Any
    version: int
    form: str = ""  # the name of its format


@dataclass(slots=True, eq=False)
class Step:
    """One ATen operation as it ran, and the line of the user's that it ran for."""

    operation: str
    place: Place | None
    inputs: tuple[Read, ...]
    outputs: list[Output] = field(default_factory=list)
    covered: bool = True
    floats: bool = False  # does it work on floats that depend on a leaf?
    call: Any = None  # the operation and its arguments, as they were called
    shapes: tuple[tuple[int, ...], ...] = ()  # of the inputs


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the code hides a number from autograd: `kind` is `detach`, `no_grad`, `item`, `integer` …"""

    kind: str
    place: Place | None


@dataclass(slots=True, eq=False)
class Tape:
    """Everything that a run did to its leaves."""

    nodes: list[Node] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    leaves: dict[str, int] = field(default_factory=dict)  # the node of each variable
    escapes: list[Cut] = field(default_factory=list)  # where numbers became Python's
    decisions: list[tuple[Place | None, Read, bool]] = field(default_factory=list)  # what control flow hung on

    def add(self, rule: Rule, reads: Sequence[Read], size: int) -> int:
        """A new node; its place."""
        leaves = 0
        for read in reads:
            leaves |= self.nodes[read.node].leaves
        taken_in = sum(self.nodes[one.node].size if one.index is None else len(one.index) for one in reads)
        work = size + taken_in + PER_PRODUCT * rule.products
        self.nodes.append(Node(rule, tuple(reads), size, leaves, len(self.steps), work))
        return len(self.nodes) - 1

    def leaf(self, name: str, rule: Rule, size: int) -> int:
        """The node of a variable."""
        node = self.add(rule, (), size)
        self.nodes[node].leaves = 1 << len(self.leaves)
        self.leaves[name] = node
        return node

    def varies(self, read: Read) -> bool:
        """Does it depend on a leaf?"""
        return self.nodes[read.node].leaves != 0


def taken(numbers: Numbers, index: Index) -> Numbers:
    """The elements that a read asks for."""
    return numbers if index is None else [numbers[place] for place in index]


def composed(outer: Index, inner: Index) -> Index:
    """The elements `inner` of the elements `outer`."""
    if outer is None or inner is None:
        return inner if outer is None else outer
    return [outer[place] for place in inner]
