"""Ways to call a function: by other names, with defaults, with other numbers of arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradcalc.base.errors import ExpressionSyntaxError
from gradcalc.base.span import Span
from gradcalc.functions import ALIASES, CATALOGUE
from gradcalc.functions.function import Function
from gradcalc.syntax.letters import GREEK
from gradcalc.syntax.tree import Call, Node

AXIS = "axis"  # marks an argument that was given by name


def variant(name: str, count: int, along_axis: bool) -> str:
    """The row that a name means: `max` of one array is its greatest element, of several the greater of each pair."""
    reduction, pairwise = VARIANTS.get(name, (name, name))
    return reduction if along_axis or count == 1 else pairwise


def wrong_number(node: Call, row: Function) -> ExpressionSyntaxError:
    """The error for a call with too few or too many arguments."""
    least, most = row.arity
    others = [(count, form) for (name, count), form in SPELLED.items() if name == row.name]
    if most is not None:
        most = max([most, *(count for count, _ in others)])
    ways = [usage(row, node.function), *(f"{node.function}({form.parameters})" for _, form in others)]
    if node.function in GREEK:
        ways.append(f"{node.function}*(…)")
    return ExpressionSyntaxError(
        f"`{node.function}` takes {_counted(least, most)}, found {len(node.arguments)}",
        span=node.span,
        hint=f"write {' or '.join(f'`{way}`' for way in ways)}",
    )


def folded(name: str, arguments: tuple[Node, ...], span: Span | None) -> Node:
    """`max(a, b, c)` as `max(max(a, b), c)`."""
    result = arguments[0]
    for argument in arguments[1:]:
        result = Call(name, (result, argument), span)
    return result


def _logarithm_to_base(arguments: tuple[Node, ...], span: Span | None) -> Node:
    return Call("div", tuple(Call("log", (argument,), span) for argument in arguments), span)


VARIANTS = {"max": ("amax", "max"), "min": ("amin", "min"), "logsumexp": ("logsumexp", "logaddexp")}


@dataclass(frozen=True, slots=True)
class Form:
    """Another way to call a function, with another number of arguments, and what it stands for."""

    parameters: str
    build: Callable[[tuple[Node, ...], Span | None], Node]


SPELLED: dict[tuple[str, int], Form] = {
    ("log", 2): Form("x, b", _logarithm_to_base),
}


def _counted(least: int, most: int | None) -> str:
    """`1 argument`, `1 or 2 arguments`, `1 to 3 arguments`, `at least 1 argument`."""
    if most is None:
        return f"at least {least} argument{'s' if least != 1 else ''}"
    if least == most:
        return f"{least} argument{'s' if least != 1 else ''}"
    return f"{least} {'or' if most == least + 1 else 'to'} {most} arguments"


def usage(row: Function, name: str | None = None) -> str:
    """How a function is called, by its own name or another: `leaky_relu(x, a)`, `max(x, y, …)`."""
    return f"{name or row.name}({', '.join(row.parameters)}{', …' if row.fold else ''})"


def row_of(name: str) -> Function:
    return CATALOGUE[ALIASES.get(name, name)]
