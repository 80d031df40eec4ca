"""What an evaluation finds: the value of each node, what has none and why, and what flows back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import Ball, Undecided
from gradcalc.engines.exact.plan import Step
from gradcalc.engines.exact.rules import NoValue
from gradcalc.syntax.tree import Call, Node, children


@dataclass(frozen=True, slots=True)
class Undefined:
    """No real value: `node` is the call whose domain the point is outside of, `condition` what it asks for."""

    node: Node
    condition: str


class Flow(NamedTuple):
    """What flows back to a node: the derivative of the result by it, and the `size` of the terms it is the sum of.

    The size is the sum of the absolute values over every path.
    """

    value: Ball
    size: Ball


Value: TypeAlias = Ball | bool | Undefined


class Values(dict[int, Value]):
    """The values of nodes, by id. `lost` are those that have none, and why: what is undecided or too large may be."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: dict[int, Undefined | Undecided | LimitError] = {}

    def value_of(self, root: Node) -> Value:
        """The value of a tree. Raises Undecided and LimitError where they kept it from being found."""
        missing = self.lost.get(id(root))
        if isinstance(missing, Exception):
            raise missing
        return self[id(root)]


UNDECIDED = "it is not decided"


def work_out(step: Step, operation: Callable[..., Value], values: Values) -> None:
    """Add the value of a step; where it has none, note why."""
    try:
        values[step.key] = operation(*[values[key] for key in step.arguments])
    except NoValue as error:
        values[step.key] = values.lost[step.key] = Undefined(step.node, error.condition)
    except LimitError as error:
        values.lost[step.key] = error
    except Undecided as error:
        error.node = error.node or step.node
        values.lost[step.key] = error


def branch(step: Step, values: Values) -> int | None:
    """The place of the argument that a choice takes, 1 or 2; None where its condition is not decided."""
    choice = values.get(step.arguments[0])
    return (1 if choice else 2) if isinstance(choice, bool) else None


def taken(step: Step, values: Values) -> tuple[int, ...]:
    """The keys of the arguments that a step's value comes from: of a choice, the condition's and then one branch's."""
    if step.operation is not None:
        return step.arguments
    place = branch(step, values)
    return step.arguments[:1] if place is None else (step.arguments[0], step.arguments[place])


def came_from(node: Node, values: Values) -> tuple[Node, ...]:
    """The arguments that a node's value came from."""
    if not isinstance(node, Call) or node.function != "where":
        return children(node)
    condition, yes, no = node.arguments
    choice = values.get(id(condition))
    return (condition, yes if choice else no) if isinstance(choice, bool) else (condition,)


def bound_to(step: Step, values: Values) -> list[Value]:
    """The values of a row's parameters, and of the call itself."""
    return [*[values[key] for key in step.arguments], values[step.key]]
