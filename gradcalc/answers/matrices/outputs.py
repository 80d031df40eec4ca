"""A function of any shape as scalar functions: a problem for each component of its result."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.base.limits import Limits
from gradcalc.problem.problem import Problem, nameless
from gradcalc.problem.written_out import component_names, expanded, numbers, part_names
from gradcalc.syntax.tree import Node, free_names, postorder


@dataclass(frozen=True, slots=True)
class Outputs:
    """Scalar problems, the name of each, and of the components to derive by; `parts` has those of each variable.

    `whole` is the scalar problem that the others are the derivatives of, where they are.
    """

    problems: tuple[Problem, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    whole: Problem | None = None


def result_shape(problem: Problem) -> Shape:
    """The shape of the problem's result."""
    return infer(problem.root, problem.shapes)[id(problem.root)]


def is_numbered(problem: Problem, shape: Shape) -> bool:
    """Is every dimension a number, those of the result and those of the variables?"""
    shapes = (shape, *problem.shapes.values())
    return all(isinstance(dimension, int) for one in shapes for dimension in one)


def require_entries(what: str, count: int, limits: Limits) -> None:
    """Raises LimitError where a matrix has too many entries."""
    limits.require("elements", count, f"the {what} has {count:,} entries")


def outputs(problem: Problem, limits: Limits) -> Outputs:
    """A problem for each component of the result. Raises LimitError where the arrays are too large to write out."""
    parts = part_names(problem)
    roots = expanded(problem.root, problem, parts, limits).nodes if problem.arrays else (problem.root,)
    return Outputs(
        split(problem, roots, parts), row_names(problem, result_shape(problem)), column_names(problem), parts
    )


def split(problem: Problem, roots: Sequence[Node], parts: Mapping[str, tuple[str, ...]]) -> tuple[Problem, ...]:
    """A scalar problem for each root; its variables are its own, and so is its point."""
    scalar = problem.of_numbers(problem.root, (), column_names(problem), numbers(problem, parts))
    return tuple(rooted(scalar, root) for root in roots)


def rooted(problem: Problem, root: Node) -> Problem:
    """The scalar problem about another function of the same variables, or of fewer."""
    own = tuple(free_names(postorder(root)))
    point = None if problem.point is None else {name: problem.point[name] for name in own}
    return dataclasses.replace(problem, root=root, variables=own, point=point)


def function_name(problem: Problem) -> str:
    """What the function is called: by the name that the last statement gives, else one that nothing else has."""
    named = problem.definitions[-1].name if problem.definitions else None
    taken = {*problem.variables, *problem.wrt, *(one.name for one in problem.definitions)}
    return named or nameless(taken)


def row_names(problem: Problem, shape: Shape) -> tuple[str, ...]:
    """What the components of the result are called: `f1`, `f2`, or `f` alone."""
    others = [part for parts in part_names(problem).values() for part in parts]
    return component_names(function_name(problem), shape, others)


def column_names(problem: Problem) -> tuple[str, ...]:
    """What the components to derive by are called."""
    parts = part_names(problem)
    return tuple(part for name in problem.wrt for part in parts[name])
