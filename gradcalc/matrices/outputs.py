"""A function of any shape as scalar functions: a problem for each component of its result."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.limits import Limits
from gradcalc.problem import Problem
from gradcalc.syntax.tree import Node, free_names, postorder
from gradcalc.written import component_names, expanded, numbers, part_names

FUNCTION_NAMES = ("f", "g", "h", "F", "result")


@dataclass(frozen=True, slots=True)
class Outputs:
    """Scalar problems, the name of each, and of the components to derive by; `parts` has those of each variable."""

    problems: tuple[Problem, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]


def result_shape(problem: Problem) -> Shape:
    """The shape of the problem's result."""
    return infer(problem.root, problem.shapes)[id(problem.root)]


def outputs(problem: Problem, limits: Limits) -> Outputs:
    """A problem for each component of the result. Raises LimitError where the arrays are too large to write out."""
    parts = part_names(problem)
    roots = expanded(problem.root, problem, parts, limits).nodes if problem.arrays else (problem.root,)
    rows = row_names(problem, result_shape(problem))
    return Outputs(split(problem, roots, parts), rows, column_names(problem), parts)


def split(problem: Problem, roots: Sequence[Node], parts: Mapping[str, tuple[str, ...]]) -> tuple[Problem, ...]:
    """A scalar problem for each root. The variables of each are its own, and so is its point."""
    point = numbers(problem, parts)
    wrt = tuple(part for name in problem.wrt for part in parts[name])
    found = []
    for root in roots:
        own = tuple(free_names(postorder(root)))
        values = None if point is None else {name: point[name] for name in own}
        found.append(
            dataclasses.replace(
                problem, root=root, variables=own, wrt=wrt, order=1, point=values, shapes={}, arrays=False
            )
        )
    return tuple(found)


def row_names(problem: Problem, shape: Shape) -> tuple[str, ...]:
    """What the components of the result are called: `f1`, `f2`, or by the name that the last statement gives."""
    named = problem.definitions[-1].name if problem.definitions else None
    taken = {*problem.variables, *problem.wrt, *(one.name for one in problem.definitions)}
    function = named or next((name for name in FUNCTION_NAMES if name not in taken), FUNCTION_NAMES[-1])
    others = [part for parts in part_names(problem).values() for part in parts]
    return component_names(function, shape, others)


def column_names(problem: Problem) -> tuple[str, ...]:
    """What the components to derive by are called."""
    parts = part_names(problem)
    return tuple(part for name in problem.wrt for part in parts[name])
