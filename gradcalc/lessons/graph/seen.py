"""What torch said about a graph, once it was run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from gradcalc.lessons.lesson import Held

Place: TypeAlias = tuple[int, int]  # an edge: the vertex that it leads to, and the position of the argument


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
    """Vertices by id, the edges that gradients can flow along, and torch's words."""

    vertices: Mapping[int, Seen]
    edges: Mapping[Place, Passage]
    warning: str | None
    refusal: str | None
