"""The catalogue's functions of arrays: a row is tested by being there, in every engine, to the second order.

Each is tried at its samples against central differences of values by mpmath, which share nothing with gradcalc's own.
"""

from __future__ import annotations

import dataclasses
from array import array
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

import mpmath
import pytest

from gradcalc.arrays import components
from gradcalc.arrays.array import Array, nested
from gradcalc.arrays.infer import IRREGULAR, infer, taken
from gradcalc.arrays.shape import Shape, size
from gradcalc.arrays.unfold import unfolded
from gradcalc.base.limits import Limits
from gradcalc.calculus.matrix import closed_form, read
from gradcalc.calculus.matrix.structure import STRUCTURAL
from gradcalc.calculus.reverse import gradient
from gradcalc.codegen import torch_arrays as code
from gradcalc.engines.exact import folds
from gradcalc.engines.exact import truth as exact
from gradcalc.engines.torch import arrays as torch_arrays
from gradcalc.engines.torch import autograd, matrices
from gradcalc.functions import ARRAY_FUNCTIONS, CATALOGUE, ArrayFunction
from gradcalc.functions.function import rule
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import expanded, written_out
from gradcalc.syntax.tree import Call, Name, Node, number, postorder
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
    return [x for form in forms.values() for x in reference.flat(reference.evaluate(form, point(asked)))]


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


ENGINES: dict[str, tuple[Callable[[Problem, int], Numbers], float]] = {  # and the error that is theirs
    "exact": (by_exact, 1e-18),
    "array terms": (by_array_terms, 1e-25),
    "torch": (by_torch, 1e-12),
}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "place"), SLOPED)
def test_the_derivative_is_the_limit_of_differences(name: str, place: int, engine: str, order: int) -> None:
    differentiate, least = ENGINES[engine]
    with mpmath.workdps(DIGITS):
        found, true = differentiate(function(name, place), order), differences(name, place, order)
        scale = max(1, *map(abs, true))
        assert len(found) == len(true)
        assert max(abs(one - other) for one, other in zip(found, true, strict=True)) < least * scale


@pytest.mark.parametrize(("name", "place"), CASES)
def test_the_value_is_that_of_mpmath(name: str, place: int) -> None:
    asked = function(name, place)
    with mpmath.workdps(DIGITS):
        value = reference.evaluate(asked.root, point(asked))
        found = mpmath.mpf(exact.differentiate(written_out(asked, LIMITS).problem).value.text)
        assert abs(found - value) < 1e-18 * (1 + abs(value))
        assert abs(autograd.differentiate(asked).value - value) < 1e-13 * (1 + abs(value))


DEFINED = [(name, place) for name, place in CASES if ARRAY_FUNCTIONS[name].definition is not None]


@pytest.mark.parametrize(("name", "place"), DEFINED)
def test_a_definition_says_the_same_as_the_function(name: str, place: int) -> None:
    asked = function(name, place)
    root = unfolded(asked.root, asked.shapes, ARRAY_FUNCTIONS.keys() - {name})
    assert not any(isinstance(node, Call) and node.function == name for node in postorder(root))
    with mpmath.workdps(DIGITS):
        value, defined = (reference.evaluate(one, point(asked)) for one in (asked.root, root))
        assert abs(value - defined) < 1e-80


RULES = [
    (row.name, text, {*row.parameters, *extra})
    for row in ARRAY_FUNCTIONS.values()
    for texts, extra in (
        (row.vjp, ("g", "out", "n")),
        *((rules, ("g", "out", "n")) for rules in row.others.values()),
        ((row.kink,), ("out",)),
        ((row.definition,), ("n",)),
    )
    for text in texts
    if isinstance(text, str)
]


@pytest.mark.parametrize(("name", "text", "names"), RULES)
def test_a_rule_speaks_of_its_parameters_and_of_known_functions(name: str, text: str, names: set[str]) -> None:
    order = postorder(rule(text))
    assert {node.name for node in order if isinstance(node, Name)} - names == set()
    assert {node.function for node in order if isinstance(node, Call)} - set(CATALOGUE) == set()


@pytest.mark.parametrize("row", ARRAY_FUNCTIONS.values(), ids=ARRAY_FUNCTIONS)
def test_every_parameter_has_a_rule(row: ArrayFunction) -> None:
    assert {len(rules) for rules in (row.vjp, *row.others.values())} == {len(row.parameters)}


SIGNED = {name: row for name, row in ARRAY_FUNCTIONS.items() if name not in IRREGULAR}


@pytest.mark.parametrize("row", SIGNED.values(), ids=SIGNED)
def test_every_signature_of_a_row_has_a_sample(row: ArrayFunction) -> None:
    shapes = [[tuple(reference.shape(listed(one))) for one in sample] for sample in row.samples]
    assert {taken(row, one) for one in shapes} == set(row.signatures)


LINES = {  # what each engine does itself
    "exact": set(components.RULES),
    "torch": set(torch_arrays.OPERATIONS),
}


@pytest.mark.parametrize("engine", LINES)
def test_every_engine_knows_every_row(engine: str) -> None:
    empty = {name for name, row in ARRAY_FUNCTIONS.items() if name not in LINES[engine] and row.definition is None}
    assert empty == set()


TABLES = LINES | {
    "folds": set(folds.FOLDS) - (CATALOGUE.keys() - ARRAY_FUNCTIONS.keys()),
    "closed form": set(read.ARRAY) | set(STRUCTURAL),
    "code": set(code.SPELLED) | set(code.HELPERS),
}


@pytest.mark.parametrize("table", TABLES)
def test_no_engine_knows_more_than_the_catalogue(table: str) -> None:
    assert TABLES[table] - set(ARRAY_FUNCTIONS) == set()
