"""What is computed of which columns: the expression read, its variables matched to columns, its results named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import SCALAR
from gradcalc.base.errors import FileError, ShapeError, UnknownNameError, UsageError, did_you_mean, shortened
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import current
from gradcalc.base.words import listed
from gradcalc.inputs.point import Given, read_point
from gradcalc.inputs.pose import names, pose
from gradcalc.problem.problem import DEFAULT_DTYPE, Problem, nameless
from gradcalc.problem.written_out import expanded, part_names
from gradcalc.syntax.tree import Node


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be mapped: an expression, the columns of variables, values of others, and which results.

    `columns` gives variables that are called otherwise in the table the names of their columns. `results` names
    statements of a program whose values are wanted, the last one alone unless given. `carried` are the columns that
    come out too, all of them where it is None.
    """

    expression: str
    columns: Mapping[str, str] = field(default_factory=dict)
    at: Given | None = None
    wrt: Sequence[str] | str | None = None
    results: Sequence[str] | str | None = None
    carried: tuple[str, ...] | None = None
    dtype: str = DEFAULT_DTYPE


@dataclass(frozen=True, slots=True)
class Plan:
    """Functions of numbers by name, the variables that have columns, and the numbers of those that have none.

    `names` are those of the columns that come out: for each function its value, then its derivatives by `wrt`.
    """

    problem: Problem
    functions: Mapping[str, Node]
    inputs: Mapping[str, str]
    fixed: Mapping[str, float]
    wrt: tuple[str, ...]
    carried: tuple[str, ...] | None
    names: tuple[str, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """All of them, those with columns first."""
        return (*self.inputs, *self.fixed)

    def at(self, function: str, numbers: Sequence[float]) -> Problem:
        """The question about one function at one row."""
        form = self.problem.format
        point = dict(zip(self.inputs, map(form.rounded, numbers), strict=True)) | dict(self.fixed)
        return self.problem.of_numbers(self.functions[function], self.variables, self.wrt, point)


def planned(asked: Asked, columns: Sequence[str], where: str) -> Plan:
    """The plan for a table with these columns; `where` is what messages call it.

    Raises as `diff` does, and FileError where a variable has no column.
    """
    limits = current()
    point = None if asked.at is None else read_point(asked.at, limits)
    given = {*asked.columns, *(point.names if point else ())}
    problem = pose(asked.expression, limits, wrt=asked.wrt, dtype=asked.dtype, named=given)
    if any(problem.shapes.get(name, SCALAR) != SCALAR for name in problem.variables):
        arrays = [name for name in problem.variables if problem.shapes.get(name, SCALAR) != SCALAR]
        raise ShapeError(
            f"{listed(arrays)} is an array, and a column holds a number for each row",
            source=problem.source,
            hint="write its components as variables: [x1, x2, x3] for x",
        )
    functions = dict(_functions(problem, asked.results))
    fixed = {} if point is None else _fixed(point.values(problem.names, problem.defined, FORMATS[asked.dtype]))
    inputs = _matched(problem, asked.columns, fixed, columns, where)
    wrt = problem.wrt if asked.wrt is not None else tuple(name for name in problem.wrt if name in inputs)
    if not inputs:
        raise UsageError("no variable of the expression has a column", hint="gradcalc diff derives it at one point")
    results = tuple(text for name in functions for text in (name, *(f"d{name}/d{one}" for one in wrt)))
    carried = None if asked.carried is None else tuple(_column(name, columns, where) for name in asked.carried)
    _require_new(results, columns if carried is None else carried, where)
    numbered = replace(problem, wrt=wrt)
    return Plan(numbered, functions, inputs, fixed, wrt, carried, results)


def _functions(problem: Problem, results: Sequence[str] | str | None) -> Iterator[tuple[str, Node]]:
    """The functions of numbers whose values come out, by name: those of an array are its components."""
    last = problem.definitions[-1]
    taken = {*problem.names, *problem.defined}
    own = last.name or nameless(taken)
    wanted = {own: last.whole} if results is None else {name: _defined(problem, name) for name in names(results)}
    for name, root in wanted.items():
        if not problem.arrays:
            yield name, root
            continue
        shape = infer(root, problem.shapes)[id(root)]
        nodes = expanded(root, problem, part_names(problem), current()).nodes
        if not shape:
            yield name, nodes[0]
        else:
            yield from ((f"{name}{place}", node) for place, node in enumerate(nodes, 1))


def _defined(problem: Problem, name: str) -> Node:
    """What a statement of the program stands for."""
    if name not in problem.defined:
        known = list(problem.defined)
        hint = did_you_mean(name, known) or (f"it defines {listed(known)}" if known else "write `y = …; z = …`")
        raise UnknownNameError(f"the expression defines no `{shortened(name)}`", hint=hint)
    return problem.defined[name]


def _fixed(values: Mapping[str, object]) -> dict[str, float]:
    for name, value in values.items():
        if not isinstance(value, float):
            raise ShapeError(f"`{name}` is an array, and map takes numbers")
    return {name: value for name, value in values.items() if isinstance(value, float)}


def _matched(
    problem: Problem, given: Mapping[str, str], fixed: Mapping[str, float], columns: Sequence[str], where: str
) -> dict[str, str]:
    """The column of each variable that has one. Raises where a variable has none, or a name belongs to no variable."""
    for name in given:
        if name not in problem.names:
            hint = did_you_mean(name, problem.names) or f"its variables are {listed(problem.names)}"
            raise UnknownNameError(f"`{shortened(name)}` is not a variable of the expression", hint=hint)
        if name in fixed:
            raise UsageError(f"`{name}` has a column and a value", hint="leave one of them out")
    found = {name: _column(given[name], columns, where) for name in problem.names if name in given}
    wanted = [name for name in problem.names if name not in found and name not in fixed]
    missing = [name for name in wanted if columns.count(name) != 1 and name in problem.variables]
    if missing:
        near = did_you_mean(missing[0], columns)
        hint = (
            near or f"its columns are {listed([shortened(one) for one in columns])}; write --column {missing[0]}=NAME"
        )
        raise FileError(f"{where} has no column for {listed(missing)}", hint=hint)
    matched = found | {name: name for name in wanted if name in columns}
    return {name: matched[name] for name in problem.names if name in matched}


def _column(name: str, columns: Sequence[str], where: str) -> str:
    """A column that there is once. Raises FileError."""
    if columns.count(name) == 1:
        return name
    if name in columns:
        raise FileError(f"{where} has two columns `{shortened(name)}`")
    hint = did_you_mean(name, columns) or f"its columns are {listed([shortened(one) for one in columns])}"
    raise FileError(f"{where} has no column `{shortened(name)}`", hint=hint)


def _require_new(results: Sequence[str], carried: Sequence[str], where: str) -> None:
    """Raises FileError where a column that is carried is called as a result is."""
    both = [name for name in results if name in carried]
    if both:
        raise FileError(
            f"{where} has a column `{shortened(both[0])}` already, which is what a result is called",
            hint="leave it out with --carry, or name the result: `g = …`",
        )
