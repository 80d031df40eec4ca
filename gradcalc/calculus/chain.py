"""The chain rule through a program: how each definition changes with each name that it uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradcalc.calculus.reverse import gradient
from gradcalc.problem import Definition
from gradcalc.resolve import inlined
from gradcalc.syntax.tree import Node, free_names, postorder

RESULT = "result"  # what the last statement is called where it has no name
MOST_PATHS = 8


@dataclass(frozen=True, slots=True)
class Local:
    """The derivative of `of` by `by`, in terms of names (`formula`) and of variables alone (`whole`)."""

    of: str
    by: str
    formula: Node
    whole: Node


def links(definitions: Sequence[Definition]) -> Iterator[Local]:
    """Every link of the chain, from the first definition to the last."""
    wholes = {definition.name: definition.whole for definition in definitions if definition.name is not None}
    for definition in definitions:
        names = free_names(postorder(definition.body))
        for name, formula in gradient(definition.body, names).items():
            yield Local(definition.name or RESULT, name, formula, inlined(formula, wholes))


def paths(edges: Mapping[str, Sequence[str]], start: str, end: str) -> list[list[str]]:
    """The ways from `start` to `end` along `edges`, each as the names that it passes; at most MOST_PATHS and one."""
    found: list[list[str]] = []
    stack = [[start]]
    while stack and len(found) <= MOST_PATHS:
        path = stack.pop()
        if path[-1] == end:
            found.append(path)
            continue
        stack.extend([*path, name] for name in reversed(edges.get(path[-1], ())))
    return found
