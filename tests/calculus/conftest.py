"""Array problems at random points, and how far a gradient in array terms is from the exact one there."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Any, TypeAlias

import pytest

from gradcalc.arrays.array import nested
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import size
from gradcalc.base.limits import Limits
from gradcalc.base.real import Real
from gradcalc.engines.exact import truth as exact
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import Written, expanded, written_out
from gradcalc.syntax.tree import Name, Node, substitute

LIMITS = Limits()
AtRandom: TypeAlias = Callable[..., Problem]
Error: TypeAlias = Callable[..., Fraction]


@pytest.fixture(scope="session")
def at_random() -> AtRandom:
    """An expression with declared shapes, `A=m,n x=n`, at a random point with random sizes."""
    return _at_random


@pytest.fixture(scope="session")
def error() -> Error:
    """The largest error of a gradient's components, against the size of the terms that the exact ones are sums of."""
    return _error


@pytest.fixture(scope="session")
def difference_error() -> Error:
    """The same for the first component, against a central difference."""
    return _difference_error


def _at_random(expression: str, shapes: str, symmetric: Collection[str] = ()) -> Problem:
    source = random.Random(expression + shapes)
    sizes = {"k": 2, "n": source.choice((2, 3)), "m": 3, "l": source.choice((2, 3))}
    declared = pose(expression, LIMITS, shape=shapes.split())
    point = {}
    for name in declared.variables:
        shape = tuple(sizes.get(str(one)) or int(one) for one in declared.shapes.get(name, ()))
        values = [source.randint(100, 1000) / 1024 for _ in range(size(shape))]
        if len(shape) == 2 and shape[0] == shape[1]:  # far from singular
            values[:: shape[0] + 1] = [value + 2 for value in values[:: shape[0] + 1]]
        if name in symmetric:
            values = [values[max(i, j) * shape[0] + min(i, j)] for i in range(shape[0]) for j in range(shape[0])]
        point[name] = nested(values, shape)
    return pose(expression, LIMITS, at=point, shape=shapes.split())


def _error(problem: Problem, variable: str, form: Node, symmetric: Collection[str] = ()) -> Fraction:
    written = written_out(problem, LIMITS)
    mirrored = {
        upper: lower for name in symmetric for upper, lower in _triangles(written.parts[name], problem.shapes[name])
    }
    root = substitute(written.problem.root, {upper: Name(lower) for upper, lower in mirrored.items()})
    slopes = exact.differentiate(dataclasses.replace(written.problem, root=root)).slopes
    return max(
        abs(number(slopes[mirrored.get(part, part)].value) - number(exact.value(node, written.problem.numbers)))
        / (number(slopes[mirrored.get(part, part)].magnitude) or 1)
        for part, node in zip(written.parts[variable], components(problem, variable, form, written), strict=True)
    )


def _triangles(parts: tuple[str, ...], shape: Any) -> list[tuple[str, str]]:
    """Each component above the diagonal of a square matrix, and the one that mirrors it."""
    n = int(shape[0])
    return [(parts[i * n + j], parts[j * n + i]) for i in range(n) for j in range(i + 1, n)]


def components(problem: Problem, variable: str, form: Node, written: Written) -> tuple[Node, ...]:
    """A gradient component by component; it has the variable's shape."""
    assert infer(form, problem.shapes)[id(form)] == problem.shapes.get(variable, ())
    return expanded(form, problem, written.parts, LIMITS).nodes


def _difference_error(problem: Problem, variable: str, form: Node, step: Fraction) -> Fraction:
    written = written_out(problem, LIMITS)
    part, point = written.parts[variable][0], written.problem.numbers
    slope = number(exact.value(components(problem, variable, form, written)[0], point))
    above, below = (
        number(exact.value(written.problem.root, {**point, part: point[part] + float(side)})) for side in (step, -step)
    )
    return abs((above - below) / (2 * step) - slope) / (1 + abs(slope))


def number(real: Real | None) -> Fraction:
    """A number that is there, as a fraction."""
    assert real is not None
    found = real.fraction()
    assert found is not None
    return found
