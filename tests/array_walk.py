"""The catalogue's functions of arrays at their samples, derived by every engine and by central differences."""

from __future__ import annotations

import dataclasses
from array import array
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

import mpmath

from gradcalc.arrays.array import Array, nested
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape, size
from gradcalc.arrays.unfold import unfolded
from gradcalc.base.limits import Limits
from gradcalc.calculus.matrix import closed_form
from gradcalc.calculus.reverse import gradient
from gradcalc.engines.exact import truth as exact
from gradcalc.engines.exact.arrays import truth as whole
from gradcalc.engines.torch import autograd, matrices
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import expanded, written_out
from gradcalc.syntax.tree import Call, Name, Node, number
from tests import array_reference as reference

LIMITS = Limits()
DIGITS = 90  # of the differences: their error is below 1e-40, at the second order below 1e-30
STEP = Fraction(1, 10**22)
CASES = [(name, place) for name, row in ARRAY_FUNCTIONS.items() for place in range(len(row.samples))]
MADE = {"eye", "ones", "zeros"}  # of sizes alone: nothing to derive by
SLOPED = [case for case in CASES if case[0] not in MADE]
UNWEIGHTED = {"kron"}  # has a closed form where a Kronecker product flows in, or ones
Numbers: TypeAlias = list[Any]


def function(name: str, place: int) -> Problem:
    """The sum of a row's function at one of its samples, each element with a weight of its own."""
    row = ARRAY_FUNCTIONS[name]
    arrays, whole = row.parted(row.samples[place])
    names = [f"{row.parameters[0]}{k}" for k in range(len(arrays))] if row.fold else row.parted(row.parameters)[0]
    point = dict(zip(names, map(packed, arrays), strict=True)) or {"x": 1.5}
    shapes = {one: value.shape for one, value in point.items() if isinstance(value, Array)}
    call = Call(name, (*(Name(one) for one in names), *map(number, whole)))
    root = total(call, infer(call, shapes)[id(call)], weighted=name not in UNWEIGHTED)
    root = Call("mul", (Name("x"), root)) if name in MADE else root
    return Problem(name, root, (), tuple(point), tuple(point), point=point, shapes=shapes, arrays=True)


def packed(sample: Any) -> Array | float:
    """A sample as the value of a variable."""
    values = listed(sample)
    shape = tuple(reference.shape(values))
    return Array(shape, array("d", reference.flat(values))) if shape else sample


def listed(sample: Any) -> Any:
    return list(map(listed, sample)) if isinstance(sample, tuple) else sample


def total(node: Node, shape: Shape, *, weighted: bool = True) -> Node:
    """The sum of the elements of an array."""
    node = Call("mul", (weights(shape), node)) if weighted else node
    return Call("sum", (node,)) if shape else node


def weights(shape: Shape, start: int = 0) -> Node:
    """An array of numbers that are unlike each other."""
    if not shape:
        return number(weight(start))
    step = size(shape[1:])
    return Call("array", tuple(weights(shape[1:], start + k * step) for k in range(int(shape[0]))))


def weight(place: int) -> Fraction:
    return Fraction((-1) ** place * (place * 3 % 7 + 2), 4)


# -- derivatives, the second ones along one direction: those of the slope along it


def directions(asked: Problem) -> dict[str, Node]:
    """How each variable moves."""
    return {name: weights(asked.shapes.get(name, ()), start=3) for name in asked.wrt}


def by_exact(asked: Problem, order: int) -> Numbers:
    written = written_out(asked, LIMITS)
    if order == 2:
        slopes = gradient(written.problem.root, written.problem.wrt)
        along = [
            Call("mul", (one, slopes[part]))
            for name, direction in directions(asked).items()
            for part, one in zip(written.parts[name], expanded(direction, asked, {}, LIMITS).nodes, strict=True)
        ]
        root = expanded(Call("sum", (Call("array", tuple(along)),)), asked, {}, LIMITS).nodes[0]
        written = dataclasses.replace(written, problem=dataclasses.replace(written.problem, root=root))
    found = exact.differentiate(written.problem).slopes
    return [mpmath.mpf(found[part].value.text) for part in written.problem.wrt]


def by_torch(asked: Problem, order: int) -> Numbers:
    if order == 1:
        return [x for value in autograd.differentiate(asked).gradient.values() for x in flat(value)]
    rows = reference.flat([reference.evaluate(one, {}) for one in directions(asked).values()])
    matrix = matrices.hessian(asked).numbers.nested()
    return [mpmath.fdot(rows, column) for column in zip(*matrix, strict=True)]


def by_array_terms(asked: Problem, order: int) -> Numbers:
    forms = {name: closed(asked.root, name, asked.shapes) for name in asked.wrt}
    if order == 2:
        along = {name: Call("mul", (direction, forms[name])) for name, direction in directions(asked).items()}
        moved = [total(one, asked.shapes.get(name, ()), weighted=False) for name, one in along.items()]
        root = Call("sum", (Call("array", tuple(moved)),))
        forms = {name: closed(root, name, asked.shapes) for name in asked.wrt}
    known = [unfolded(form, asked.shapes, reference.KNOWN) for form in forms.values()]
    return [x for form in known for x in reference.flat(reference.evaluate(form, point(asked)))]


def closed(root: Node, name: str, shapes: Mapping[str, Shape]) -> Node:
    form = closed_form(root, name, shapes)
    assert form is not None, f"no closed form by {name}"
    return form


def flat(value: Any) -> Sequence[float]:
    return value.values if isinstance(value, Array) else [value]


def point(asked: Problem) -> dict[str, Any]:
    """The point in mpmath's numbers."""
    assert asked.point is not None
    values = {name: list(map(mpmath.mpf, flat(value))) for name, value in asked.point.items()}
    return {name: nested(one, asked.shapes.get(name, ())) for name, one in values.items()}


@cache
def differences(name: str, place: int, order: int) -> Numbers:
    """The derivative by each component, from central differences."""
    asked = function(name, place)
    with mpmath.workdps(DIGITS):
        centre = [x for value in point(asked).values() for x in reference.flat(value)]
        step = mpmath.mpf(STEP.numerator) / STEP.denominator
        moved = reference.flat([reference.evaluate(one, {}) for one in directions(asked).values()])

        def value(numbers: Numbers) -> Any:
            rest = iter(numbers)
            shaped = {one: refilled(old, rest) for one, old in point(asked).items()}
            return reference.evaluate(asked.root, shaped)

        def slope(numbers: Numbers, along: Numbers) -> Any:
            ahead, behind = ([x + side * v for x, v in zip(numbers, along, strict=True)] for side in (step, -step))
            return (value(ahead) - value(behind)) / (2 * step)

        units = [[mpmath.mpf(int(k == own)) for k in range(len(centre))] for own in range(len(centre))]
        if order == 1:
            return [slope(centre, unit) for unit in units]
        return [
            (slope([x + step * u for x, u in zip(centre, unit, strict=True)], moved)
             - slope([x - step * u for x, u in zip(centre, unit, strict=True)], moved)) / (2 * step)
            for unit in units
        ]  # fmt: skip


def refilled(value: Any, numbers: Any) -> Any:
    return [refilled(one, numbers) for one in value] if isinstance(value, list) else next(numbers)


def by_whole_arrays(asked: Problem, order: int) -> Numbers:
    found = whole.differentiate(asked, plainly=True)
    assert found is not None
    return [mpmath.mpf(slope.value.text) for slopes in found.slopes.values() for slope in slopes]


ENGINES: dict[str, tuple[Callable[[Problem, int], Numbers], float]] = {  # and the error that is theirs
    "exact": (by_exact, 1e-18),
    "whole arrays": (by_whole_arrays, 1e-18),
    "array terms": (by_array_terms, 1e-25),
    "torch": (by_torch, 1e-12),
}
UNWRITTEN = {"eigvalsh", "svdvals", "nuclear_norm", "spectral_norm", "expm"}  # without components in numbers alone
FORMLESS = {"sort", "median", *UNWRITTEN}  # without a closed form in array terms
LACKING = {  # second derivatives: closed forms that are too long, and one that torch has wrong
    ("cholesky", "array terms"), ("pinv", "array terms"), ("cdist", "torch"),
}  # fmt: skip
WAYS = [(engine, order) for order in (1, 2) for engine in ENGINES if (engine, order) != ("whole arrays", 2)]
