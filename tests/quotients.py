"""What is asked of the functions of the catalogue, and the referee of what is shown: quotients in mpmath."""

from __future__ import annotations

import ast
import dataclasses
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

import mpmath

from gradcalc.base.limits import Limits
from gradcalc.functions import CATALOGUE
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.function import Absent, rule
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read
from gradcalc.problem.written_out import component_names
from gradcalc.syntax.tree import Call, Name, Node
from tests import array_reference as reference

DIGITS, STEP, CLOSE = 40, mpmath.mpf(10) ** -13, 1e-12
SIZES = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}  # a name for each size that samples have
WINDOWS = {"unfold", "unfold2d", "fold", "fold2d", "max_pool1d", "max_pool2d"}
NUMBERED = {"slice", "reshape", "concat", "diff", "cross", "svdvals", *WINDOWS}
STRETCH = 0.0625  # from one element of a vector to the next
Sample = tuple[Any, ...]


# -- what the functions are asked


@dataclass(frozen=True)
class Case:
    """A function of the row to be derived, and a point; `value` is the call alone, of any shape."""

    value: str
    scalar: str
    point: Mapping[str, Any] = field(hash=False)
    graph: str | None = None  # the same with a name for every part
    numbered: bool = False  # does it ask for sizes that are numbers?

    @property
    def arrays(self) -> dict[str, Any]:
        """The variables that are arrays."""
        return {name: one for name, one in self.point.items() if isinstance(one, list)}

    def shape(self, *, named: bool) -> dict[str, tuple[str | int, ...]]:
        """The shapes of the variables, in names or in numbers."""
        return {
            name: tuple(SIZES[size] if named and not self.numbered else size for size in reference.shape(one))
            for name, one in self.arrays.items()
        }


CHOICE = Case(
    "where(x < y, x**2, x*y)", "where(x < y, x**2, x*y)", {"x": 0.5, "y": 1.5}, "u = x**2; v = x*y; where(x < y, u, v)"
)
OTHER_CHOICE = dataclasses.replace(CHOICE, point={"x": 1.5, "y": 0.5})


@cache
def cases(name: str) -> tuple[Case, ...]:
    """The samples of a row as cases, small ones first; a function of numbers also of vectors."""
    row = CATALOGUE[name]
    if name == "where":
        return (CHOICE, OTHER_CHOICE, of_vectors(CHOICE))
    found = [_case(name, sample) for sample in row.samples]
    if not isinstance(row, ArrayFunction):
        found += list(map(of_vectors, found))
    return tuple(sorted(found, key=lambda case: len(parts_of(case.point))))


def of_vectors(case: Case) -> Case:
    """The case for a function of each element."""
    return Case(case.value, f"sum({case.value})", {name: [one, one + STRETCH] for name, one in case.point.items()})


def _case(name: str, sample: Sample) -> Case:
    row = CATALOGUE[name]
    folded = [f"{row.parameters[0]}{place + 1}" for place in range(len(sample))]
    point: dict[str, Any] = {}
    arguments: list[Node] = []
    for place, given in enumerate(sample):
        if row.vjp[min(place, len(row.vjp) - 1)] in (Absent.NO_GRADIENT, Absent.UNKNOWN):
            arguments.append(rule(repr(given)))
            continue
        parameter = folded[place] if name == "array" else row.parameters[place]
        arguments.append(Name(parameter))
        point[parameter] = _nested(given)
    call = Call(name, tuple(arguments))
    value = to_text(call)
    if not isinstance(row, ArrayFunction):
        return Case(value, value, point)
    is_scalar = not reference.shape(reference.evaluate(call, _numbers(point)))
    power = f"({value})**{3 if name == 'normalize' else 2}"  # the square of what is normalised is 1
    return Case(value, power if is_scalar else f"sum({power})", point, numbered=name in NUMBERED)


def _nested(given: Any) -> Any:
    return [_nested(one) for one in given] if isinstance(given, tuple) else float(given)


def _numbers(value: Any) -> Any:
    """A point, or an array, in mpmath's numbers."""
    if isinstance(value, Mapping):
        return {name: _numbers(one) for name, one in value.items()}
    return [_numbers(one) for one in value] if isinstance(value, list) else mpmath.mpf(value)


# -- what is shown


@dataclass(frozen=True)
class Shown:
    """A formula, or a number that nothing marks, that is shown for the derivative of a function by names in turn.

    A name is a variable's or that of one of its components; `output` is a component of the function, if one is meant.
    """

    function: str
    by: tuple[str, ...]
    what: str
    point: Mapping[str, Any]
    output: int | None = None

    @property
    def is_wrong(self) -> bool:
        """Is it not the difference quotient of the function, in mpmath?"""
        return _is_wrong(self.function, self.by, self.what, repr(sorted(self.point.items())), self.output)


@cache
def _is_wrong(function: str, by: tuple[str, ...], what: str, where: str, output: int | None) -> bool:
    """The same of what several commands show, once."""
    point = _point(where)
    parts = parts_of(point)
    wanted = [parts[one][1] if one in parts else None for one in by]
    with mpmath.workdps(DIGITS):
        spelled = {part: _numbers(reference.flat(point[name])[place]) for part, (name, place) in parts.items()}
        found = reference.flat(reference.evaluate(_tree(what), spelled | _numbers(point) | _sizes(point)))
        whole = _derivatives(function, tuple(parts.get(one, (one, 0))[0] for one in by), where)
        true = [
            value
            for (place, *places), value in whole.items()
            if output in (None, place) and all(one in (None, other) for one, other in zip(wanted, places, strict=True))
        ]
        return len(found) != len(true) or any(map(_differ, found, true))


def parts_of(point: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    """Every component of an array, by its name: the array, and the place in it."""
    return {
        part: (name, place)
        for name, one in point.items()
        if isinstance(one, list)
        for place, part in enumerate(component_names(name, tuple(reference.shape(one)), list(point)))
    }


def _differ(one: Any, other: Any) -> bool:
    return bool(one is not None and other is not None and abs(one - other) > CLOSE * max(1, abs(other)))


def _sizes(point: Mapping[str, Any]) -> dict[str, Any]:
    found = {size for one in point.values() for size in reference.shape(one)}
    return {SIZES[size]: mpmath.mpf(size) for size in found}


@cache
def _tree(text: str) -> Node:
    return read(text, Limits()).root


@cache
def _point(where: str) -> dict[str, Any]:
    return dict(ast.literal_eval(where))


@cache
def _derivatives(function: str, by: tuple[str, ...], where: str) -> dict[tuple[int, ...], Any]:
    """The derivatives of every component of a function by every component of names in turn, by central differences."""
    found: dict[tuple[int, ...], Any] = {}
    for places in product(*(range(len(reference.flat(_point(where)[name]))) for name in by)):
        total: list[Any] = []
        for signs in product((1, -1), repeat=len(by)):
            moves = Counter[tuple[str, int]]()
            for one, sign in zip(zip(by, places, strict=True), signs, strict=True):
                moves[one] += sign
            values = _values(function, where, frozenset(moves.items()))
            total = [
                one + math.prod(signs) * value for one, value in zip(total or [0] * len(values), values, strict=True)
            ]
        found |= {(output, *places): one / (2 * STEP) ** len(by) for output, one in enumerate(total)}
    return dict(sorted(found.items()))


@cache
def _values(function: str, where: str, moves: frozenset[tuple[tuple[str, int], int]]) -> list[Any]:
    """Every component of a function, some components of the point moved by so many steps."""
    there = _numbers(_point(where))
    for (name, place), steps in moves:
        there[name] = _moved(there[name], place, steps * STEP)
    return reference.flat(reference.evaluate(_tree(function), there | _sizes(there)))


def _moved(value: Any, place: int, step: Any) -> Any:
    """A value with one of its components moved."""
    if not isinstance(value, list):
        return value + step
    width = len(reference.flat(value[0]))
    return [_moved(one, place - k * width, step) if k == place // width else one for k, one in enumerate(value)]


def unit(value: Any) -> Any:
    """The direction of a value's last component."""
    if not isinstance(value, list):
        return 1.0
    return [*(_zeros(one) for one in value[:-1]), unit(value[-1])]


def _zeros(value: Any) -> Any:
    return [_zeros(one) for one in value] if isinstance(value, list) else 0.0
