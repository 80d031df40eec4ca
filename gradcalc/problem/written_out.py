"""A problem with arrays, written out: the same problem with a scalar variable for each component."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.arrays.array import numbers_of
from gradcalc.arrays.components import expand
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape, index_at, size, text
from gradcalc.arrays.writer import Components, Index, indices
from gradcalc.base.errors import ShapeError
from gradcalc.base.limits import Limits
from gradcalc.problem.problem import Problem, joint
from gradcalc.syntax.tree import Call, Name, Node, Number, substitute


@dataclass(frozen=True, slots=True)
class Written:
    """A problem about scalars alone, and for each variable to derive by the names of its components, row-major."""

    problem: Problem
    parts: Mapping[str, tuple[str, ...]]
    all_parts: Mapping[str, tuple[str, ...]]  # of every variable, for other expressions in them


def scalar_form(problem: Problem) -> Written:
    """The problem itself, where it has no arrays."""
    parts = {name: (name,) for name in problem.wrt}
    return Written(problem, parts, parts)


def written_out(problem: Problem, limits: Limits) -> Written:
    """The problem component by component.

    Every dimension must be a number. Raises ShapeError where the result is no scalar, LimitError where the arrays are
    too large to be written out.
    """
    require_scalar(problem)
    elements = sum(size(shape) for shape in problem.shapes.values())
    limits.require("operations", elements, f"the arrays have {elements:,} elements")
    parts = part_names(problem)
    (root,) = expanded(problem.root, problem, parts, limits).nodes
    variables = tuple(part for name in problem.variables for part in parts[name])
    wrt = tuple(part for name in problem.wrt for part in parts[name])
    scalar = problem.of_numbers(root, variables, wrt, numbers(problem, parts))
    return Written(scalar, {name: parts[name] for name in problem.wrt}, parts)


def indexed(root: Node, problem: Problem) -> Node:
    """A tree in the components of the problem's arrays as one in the arrays: `x[1]` for `x1`."""
    found: dict[str, Node] = {}
    for name, parts in part_names(problem).items():
        if shape := problem.shapes.get(name, ()):
            for part, index in zip(parts, indices(shape), strict=True):
                places = (Number(Fraction(place + 1)) for place in index)
                found[part] = Call("index", (Name(name), *places))
    return substitute(root, found)


def part_names(problem: Problem) -> dict[str, tuple[str, ...]]:
    """What the components of each variable are called, row-major."""
    return {name: component_names(name, problem.shapes.get(name, ()), problem.names) for name in problem.names}


def expanded(root: Node, problem: Problem, parts: Mapping[str, tuple[str, ...]], limits: Limits) -> Components:
    """The components of a tree in the problem's variables."""
    named = {
        name: Components(problem.shapes.get(name, ()), tuple(Name(part) for part in parts[name])) for name in parts
    }
    return expand(root, named, limits, "operations")


def component_names(
    name: str, shape: Shape, taken: Iterable[str], places: Sequence[int] | None = None
) -> tuple[str, ...]:
    """What the components are called: `x1`, `A12`, `A1_12` where an index has two digits; none is taken.

    All of them, or those at some places, row-major.
    """
    if not shape:
        return (name,)
    others = set(taken)
    joint = "" if all(int(size) < 10 for size in shape) else "_"
    separator = ""
    wanted = indices(shape) if places is None else (index_at(place, shape) for place in places)
    numbers = [_digits(index, joint) for index in wanted]
    while True:
        names = tuple(f"{name}{separator}{number}" for number in numbers)
        if others.isdisjoint(names):
            return names
        separator += "_"


def _digits(index: Index, joint: str) -> str:
    return joint.join(str(place + 1) for place in index)


SUM = "sum it, or ask for `gradcalc jacobian`"
NAMES = "`{}` is one name, for a product write `{}`"


def require_scalar(problem: Problem) -> None:
    """Raises ShapeError where the result is an array."""
    shape = infer(problem.root, problem.shapes)[id(problem.root)]
    if shape:
        raise ShapeError(
            f"the result has shape {text(shape)}, a gradient needs a scalar",
            span=problem.root.span,
            source=problem.source,
            hint=next((NAMES.format(*one) for one in joint(problem.variables)), SUM),
        )


def numbers(problem: Problem, parts: Mapping[str, tuple[str, ...]]) -> dict[str, float] | None:
    """The point, a number for each component."""
    if problem.point is None:
        return None
    found: dict[str, float] = {}
    for name, value in problem.point.items():
        found.update(zip(parts[name], numbers_of(value), strict=True))
    return found
