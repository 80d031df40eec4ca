"""What the lesson comes to: vertices, edges, and the ways between them; and what torch said once it was run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from gradcalc.answers.records import ArrayRow, Forward, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.arrays.array import Value as Number
from gradcalc.base.printing import Printed
from gradcalc.lessons.graph.structure import Place
from gradcalc.lessons.lesson import Held

if TYPE_CHECKING:
    from gradcalc.lessons.graph.scalar_truth import Truth

Value: TypeAlias = Held | bool  # the truth, for a comparison


class Kind(StrEnum):
    """What a vertex is to torch; one without a gradient is `untracked`, whatever computed it."""

    LEAF = "leaf"
    INTERMEDIATE = "intermediate"
    UNTRACKED = "untracked"


@dataclass(frozen=True, slots=True)
class Vertex:
    """One value on the way from the variables to the result.

    `names` are those that the program gives it; `label` is how formulas speak of it: its name, else its text, else a
    letter. `text` is what it computes from its arguments, in the language, `written` the same as on a blackboard; both
    are None for a variable. `grad` is torch's attribute `.grad`, `gradient` what flowed back to the vertex, kept or
    not. `check` compares the gradient with the exact engine's; None where the vertex has none. `forward` compares the
    value, component by component, of what is computed with numbers and the result comes from. `steps` are the
    operations that torch builds it from, in the order of the backward pass, each by its grad_fn.
    """

    id: int
    names: tuple[str, ...]
    label: str
    text: str | None
    written: str | None
    operation: str | None
    kind: Kind
    value: Value
    grad_fn: str | None
    steps: tuple[str, ...]
    is_leaf: bool
    requires_grad: bool
    grad: Value | None
    gradient: Value | None
    check: Row | ArrayRow | None
    forward: tuple[Forward, ...] = ()

    @property
    def name(self) -> str | None:
        """The first of its names."""
        return self.names[0] if self.names else None


@dataclass(frozen=True, slots=True)
class Edge:
    """From an argument (`source`) to what is computed with it (`target`); `argument` counts from 0.

    `formula` is the local derivative in the language, `written` the same as on a blackboard and `filled` with numbers
    put in; `local` is its value by torch, `flow` the gradient that went back along the edge. All are None where no
    gradient can flow. An array operation that is not elementwise has no formula, and `local` only where its result is
    a number. Among arrays `check` is of the flow. An edge is `taken` unless it belongs to the branch that `where` did
    not choose.
    """

    source: int
    target: int
    argument: int
    formula: str | None = None
    written: str | None = None
    filled: str | None = None
    local: Value | None = None
    flow: Value | None = None
    check: Row | ArrayRow | None = None
    taken: bool = True


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain rule for one variable: `ways` from the result to it, each a sequence of edges, first of all `count`.

    The derivative is the sum over the ways of the products of their local derivatives.
    """

    variable: int
    ways: tuple[tuple[Edge, ...], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Graph(Printed):
    """The computational graph of an expression at a point, in the order of the forward pass; the last is the result.

    `value` is the exact value, rounded once. `warning` is what torch said when the `.grad` of an intermediate vertex
    was read, `refusal` what it said to `backward()` where there is nothing to go back through. `left_out` are
    definitions that the result does not use. The verdict is None where nothing could be compared. Where torch lacks a
    function, `absent` says which, and the numbers are the true ones.
    """

    expression: str
    reading: str | None
    at: Mapping[str, Number]
    dtype: str
    retain_grad: bool
    value: float | None
    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    chains: tuple[Chain, ...]
    warning: str | None
    refusal: str | None
    left_out: tuple[str, ...]
    verdict: Verdict | None
    absent: str | None = None

    @property
    def result(self) -> Vertex:
        """The vertex of the result."""
        return self.vertices[-1]

    @property
    def straight(self) -> bool:
        """Is the graph one chain, so that every derivative is an ordinary one?"""
        sources, targets = ({edge.source for edge in self.edges}, {edge.target for edge in self.edges})
        return len(sources) == len(targets) == len(self.edges) == len(self.vertices) - 1

    @property
    def agrees(self) -> bool:
        """Is there nothing that a script should stop for?"""
        return self.verdict in (None, Verdict.AGREE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What torch says about a vertex; `gradient` is what flowed to it, also where `.grad` does not keep it.

    `steps` names torch's own operations in a vertex that is computed, in the order of the backward pass.
    """

    value: Held | bool
    grad_fn: str | None
    is_leaf: bool
    requires_grad: bool
    grad: Held | None
    gradient: Held | None
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What torch says about an edge.

    `local` is the derivative of the step: elementwise for an elementwise one, by each element for one that gives a
    number, None for others. `flow` is what flowed back, None where backward did not come.
    """

    local: Held | None
    flow: Held | None


@dataclass(frozen=True, slots=True)
class Run:
    """Vertices by id, the edges that gradients can flow along, and torch's words.

    Where torch lacks a function, `absent` says which, nothing was run, and all numbers are the true ones, those of
    `truth`.
    """

    vertices: Mapping[int, Seen]
    edges: Mapping[Place, Passage]
    warning: str | None
    refusal: str | None
    absent: str | None = None
    truth: Truth | None = None
