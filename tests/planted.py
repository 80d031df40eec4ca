"""Wrong signs planted in the catalogue, one rule at a time, and what is shown of derivatives while one is in place."""

from __future__ import annotations

import ast
import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

import mpmath
import pytest

import gradcalc
from gradcalc.answers.check.records import Judgement
from gradcalc.answers.gradient import scalar
from gradcalc.answers.records import ArrayRow, Row, Verdict
from gradcalc.base.errors import InternalError
from gradcalc.base.limits import Limits
from gradcalc.base.memory import Memory
from gradcalc.calculus.matrix.form import Form
from gradcalc.calculus.matrix.gradient import TEXTBOOK
from gradcalc.calculus.matrix.structure import STRUCTURAL
from gradcalc.calculus.matrix.sums import negative
from gradcalc.engines.records import ClosedForm
from gradcalc.functions import CATALOGUE
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.function import Absent, rule
from gradcalc.lessons.graph.graph import graph
from gradcalc.problem.resolve import read
from gradcalc.problem.written_out import component_names
from gradcalc.syntax.printer import to_text
from gradcalc.syntax.tree import Call, Name, Node
from tests import array_reference as reference

DIGITS, STEP, CLOSE = 40, mpmath.mpf(10) ** -13, 1e-12
SIZES = {1: "o", 2: "p", 3: "q", 5: "r"}  # a name for each size that samples have
ZERO = frozenset({"sign", "floor", "ceil"})  # minus nothing is nothing: their rules are made one too large
Sample = tuple[Any, ...]


@dataclass(frozen=True)
class Plant:
    """A wrong rule: of a parameter of a row, in the table that it stands in."""

    row: str
    place: int
    table: str  # `vjp`, `textbook`, `structure`, or the signature that it is for

    def __str__(self) -> str:
        return f"{self.row}-{self.place}-{self.table}"

    def put(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the wrong rule in its place, and forget what was found with the right one."""
        monkeypatch.setattr(scalar, "FORMS", Memory[dict[str, ClosedForm]](250))
        row = CATALOGUE[self.row]
        if self.table == "structure":
            rule = STRUCTURAL[self.row]
            monkeypatch.setitem(STRUCTURAL, self.row, lambda *given: self._turned(rule, *given))
        elif self.table == "textbook":
            monkeypatch.setitem(TEXTBOOK, self.row, self._wrong(TEXTBOOK[self.row]))
        elif self.table == "vjp":
            monkeypatch.setitem(CATALOGUE, self.row, dataclasses.replace(row, vjp=self._wrong(row.vjp)))
        else:
            assert isinstance(row, ArrayFunction)
            others = {**row.others, self.table: self._wrong(row.others[self.table])}
            monkeypatch.setitem(CATALOGUE, self.row, dataclasses.replace(row, others=others))

    def _turned(self, rule: Callable[..., Form], node: Call, place: int, *given: Any) -> Form:
        found = rule(node, place, *given)
        return negative(found) if place == self.place or self.row == "array" else found

    def _wrong(self, rules: Sequence[Any]) -> tuple[Any, ...]:
        rule = rules[self.place]
        wrong = f"g + ({rule})" if self.row in ZERO else f"-({rule})"
        return (*rules[: self.place], wrong, *rules[self.place + 1 :])


def plants() -> Iterator[Plant]:
    """Every rule of every table."""
    for row in CATALOGUE.values():
        tables = {"vjp": row.vjp, "textbook": TEXTBOOK.get(row.name, ())}
        tables |= dict(row.others) if isinstance(row, ArrayFunction) else {}
        for table, rules in tables.items():
            yield from (Plant(row.name, place, table) for place, text in enumerate(rules) if isinstance(text, str))
    for name in STRUCTURAL:
        operands = len(CATALOGUE[name].parameters) if name == "kron" else 1
        yield from (Plant(name, place, "structure") for place in range(operands))


# -- what the functions are asked


@dataclass(frozen=True)
class Case:
    """A function of the row to be derived, and a point; `value` is the call alone, of any shape."""

    value: str
    scalar: str
    point: Mapping[str, Any] = field(hash=False)
    graph: str | None = None  # the same with a name for every part

    @property
    def arrays(self) -> dict[str, Any]:
        """The variables that are arrays."""
        return {name: one for name, one in self.point.items() if isinstance(one, list)}

    def shape(self, *, named: bool) -> dict[str, tuple[str | int, ...]]:
        """The shapes of the variables, in names or in numbers."""
        return {
            name: tuple(SIZES[size] if named else size for size in reference.shape(one))
            for name, one in self.arrays.items()
        }


CHOICE = Case(
    "where(x < y, x**2, x*y)", "where(x < y, x**2, x*y)", {"x": 0.5, "y": 1.5}, "u = x**2; v = x*y; where(x < y, u, v)"
)
OTHER_CHOICE = dataclasses.replace(CHOICE, point={"x": 1.5, "y": 0.5})


@cache
def cases(name: str) -> tuple[Case, ...]:
    """The samples of a row as cases."""
    row = CATALOGUE[name]
    if name == "where":
        return (CHOICE, OTHER_CHOICE)
    return tuple(_case(name, sample) for sample in row.samples)


def _case(name: str, sample: Sample) -> Case:
    row = CATALOGUE[name]
    folded = [f"{row.parameters[0]}{place + 1}" for place in range(len(sample))]
    point: dict[str, Any] = {}
    arguments: list[Node] = []
    for place, given in enumerate(sample):
        if row.vjp[min(place, len(row.vjp) - 1)] is Absent.NO_GRADIENT:
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
    return Case(value, f"({value})**2" if is_scalar else f"sum(({value})**2)", point)


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
        parts = _parts(self.point)
        with mpmath.workdps(DIGITS):
            spelled = {part: _numbers(reference.flat(self.point[name])[place]) for part, (name, place) in parts.items()}
            found = reference.flat(
                reference.evaluate(_tree(self.what), spelled | _numbers(self.point) | _sizes(self.point))
            )
            whole = _derivatives(
                self.function, tuple(parts.get(one, (one, 0))[0] for one in self.by), repr(sorted(self.point.items()))
            )
            wanted = [parts[one][1] if one in parts else None for one in self.by]
            true = [
                value
                for (output, *places), value in whole.items()
                if self.output in (None, output)
                and all(one in (None, place) for one, place in zip(wanted, places, strict=True))
            ]
            return len(found) != len(true) or any(map(_differ, found, true))


def _parts(point: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
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
def _derivatives(function: str, by: tuple[str, ...], where: str) -> dict[tuple[int, ...], Any]:
    """The derivatives of every component of a function by every component of names in turn, by central differences."""
    point = _numbers(dict(ast.literal_eval(where)))
    found: dict[tuple[int, ...], Any] = {}
    for places in product(*(range(len(reference.flat(point[name]))) for name in by)):
        total: list[Any] = []
        for signs in product((1, -1), repeat=len(by)):
            there = dict(point)
            for name, place, sign in zip(by, places, signs, strict=True):
                there[name] = _moved(there[name], place, sign * STEP)
            values = reference.flat(reference.evaluate(_tree(function), there | _sizes(there)))
            total = [
                one + math.prod(signs) * value for one, value in zip(total or [0] * len(values), values, strict=True)
            ]
        found |= {(output, *places): one / (2 * STEP) ** len(by) for output, one in enumerate(total)}
    return dict(sorted(found.items()))


def _moved(value: Any, place: int, step: Any) -> Any:
    """A value with one of its components moved."""
    if not isinstance(value, list):
        return value + step
    width = len(reference.flat(value[0]))
    return [_moved(one, place - k * width, step) if k == place // width else one for k, one in enumerate(value)]


def shown(command: str, case: Case) -> list[Shown]:
    """What a command shows of derivatives; nothing where it owns up to a bug."""
    try:
        return list(COMMANDS[command](case))
    except InternalError:
        return []


def _diff(case: Case, **how: Any) -> Iterator[Shown]:
    for row in gradcalc.diff(case.scalar, **how).gradient.values():
        yield from _rows(row, case)


def _rows(row: Row | ArrayRow, case: Case, name: str | None = None) -> Iterator[Shown]:
    """The formulas of a row, and those of its numbers that are not marked as wrong."""
    if row.formula is not None:
        yield Shown(case.scalar, (row.name,), row.formula, case.point)
    for one in row.rows if isinstance(row, ArrayRow) else (row,):
        yield from (Shown(case.scalar, (one.name or name or "",), what, case.point) for what in _entry(one))


def _jacobian(case: Case, **how: Any) -> Iterator[Shown]:
    found = gradcalc.jacobian(case.value, **how).matrix
    for name, formula in found.formulas.items():
        if formula is not None:
            yield Shown(case.value, (name,), formula, case.point)
    for output, row in enumerate(found.entries):
        for entry in row:
            yield from (Shown(case.value, (entry.name,), what, case.point, output) for what in _entry(entry))


def _entry(entry: Row) -> Iterator[str]:
    if entry.formula is not None:
        yield entry.formula
    if entry.verdict is Verdict.AGREE and entry.exact is not None:
        yield entry.exact


def _hessian(case: Case, **how: Any) -> Iterator[Shown]:
    found = gradcalc.hessian(case.scalar, **how)
    for gradient in found.gradient.values():
        yield from _rows(gradient, case)
    for names, formula in found.matrix.formulas.items():
        if formula is not None:
            one, _, other = names.partition(",")
            yield Shown(case.scalar, (one, other or one), formula, case.point)
    for row, entries in zip(found.matrix.rows, found.matrix.entries, strict=False):
        for entry in entries:
            yield from (Shown(case.scalar, (row, entry.name), what, case.point) for what in _entry(entry))


def _check(case: Case, **how: Any) -> Iterator[Shown]:
    """The right gradient, and the one with the other sign, handed in."""
    right = honest(case, named="shape" in how)
    if right is None:
        return
    for sign in ("", "-"):
        handed_in = {name: f"{sign}({formula})" for name, formula in right.items()}
        for finding in gradcalc.check(case.scalar, handed_in, **how).gradient.values():
            if finding.formula is not None:
                yield Shown(case.scalar, (finding.name,), finding.formula, case.point)
            if finding.verdict is Judgement.RIGHT:
                yield Shown(case.scalar, (finding.name,), handed_in[finding.name], case.point)
            example = finding.counterexample
            if example is not None and example.true is not None:
                yield Shown(case.scalar, (finding.name,), to_text(rule(str(example.true))), dict(example.at))


@cache
def honest(case: Case, *, named: bool) -> dict[str, str] | None:
    """The closed forms, found before anything is planted; None where there are not all."""
    shape = case.shape(named=named) or None
    rows = gradcalc.diff(case.scalar, shape=shape).gradient
    found = {name: row.formula for name, row in rows.items() if row.formula is not None}
    return found if len(found) == len(rows) > 0 else None


def _graph(case: Case, **how: Any) -> Iterator[Shown]:
    found = graph(case.graph or case.scalar, **how)
    vertices = {vertex.id: vertex for vertex in found.vertices}
    values = {vertex.label: vertex.value for vertex in found.vertices if not isinstance(vertex.value, bool)}
    for edge in found.edges:
        source, target = vertices[edge.source], vertices[edge.target]
        if not source.label.isidentifier() or target.text is None:
            continue
        at = {name: value for name, value in values.items() if name.isidentifier()}
        if edge.formula is not None:
            yield Shown(target.text, (source.label,), edge.formula, at)
        if isinstance(edge.check, Row) and case.value == case.scalar:  # of arrays it is of what flows
            yield from (Shown(target.text, (source.label,), what, at) for what in _entry(edge.check))
    for vertex in found.vertices:
        if vertex.label in case.point and vertex.check is not None:
            yield from _rows(vertex.check, case, vertex.label)


def _named(case: Case) -> dict[str, Any]:
    return {"shape": case.shape(named=True)} if case.arrays else {}


COMMANDS: dict[str, Callable[[Case], Iterator[Shown]]] = {
    "diff": lambda case: _diff(case, **_named(case)),
    "diff of whole sizes": lambda case: _diff(case, shape=case.shape(named=False)) if case.arrays else iter(()),
    "diff at a point": lambda case: _diff(case, at=case.point),
    "jacobian": lambda case: _jacobian(case, **_named(case)),
    "jacobian at a point": lambda case: _jacobian(case, at=case.point),
    "hessian": lambda case: _hessian(case, **_named(case)),
    "hessian at a point": lambda case: _hessian(case, at=case.point),
    "check": lambda case: _check(case, **_named(case)),
    "check at a point": lambda case: _check(case, at=case.point),
    "graph": lambda case: _graph(case, at=case.point),
}
