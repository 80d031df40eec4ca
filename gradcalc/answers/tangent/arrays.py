"""The linear form of a function of arrays at a point: f(a) + gradient*(x - a)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from gradcalc.answers.beside import Tangent
from gradcalc.answers.records import ArrayRow, Comparison, Row
from gradcalc.answers.tangent.shown import written
from gradcalc.arrays.array import Array, Value, nested
from gradcalc.arrays.shape import size
from gradcalc.calculus.simplify import build
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, Node

NAMES = ("f", "g", "h", "tangent")
MOST_TERMS = 12
LONG = "the linear form is f(a) + the sum of gradient*(x - a), with {count:,} terms"


def of_arrays(found: Comparison, problem: Problem) -> Tangent:
    """f(a) + gradient*(x - a), by whole arrays."""
    assert problem.point is not None and found.value is not None
    numbers = {name: _components(row) for name, row in found.gradient.items()}
    count = sum(map(len, numbers.values()))
    if count > MOST_TERMS or any(None in one for one in numbers.values()):
        return Tangent(note=LONG.format(count=count))
    terms = [_linear(name, numbers[name], problem.point[name]) for name in problem.wrt if name in problem.point]
    name = problem.definitions[-1].name or next(one for one in NAMES if one not in problem.names)
    right = reduce(lambda total, term: build("add", total, term), [written(found.value), *terms])
    texts = {name: to_text(_nodes(numbers[name], problem.point[name])) for name in problem.wrt if name in problem.point}
    return Tangent(f"{name} = {to_text(right)}", slopes=texts)


def _components(row: Row | ArrayRow) -> list[float | None]:
    """The true derivatives, row-major."""
    if isinstance(row, Row):
        return [row.symbolic]
    if row.symbolic is not None:
        return list(row.symbolic.values)
    return [part.symbolic for part in row.rows] or [None] * size(row.shape)


def _linear(name: str, slopes: Sequence[float | None], at: Value) -> Node:
    """The term of one variable."""
    step = Call("sub", (Name(name), _nodes(_numbers(at), at)))
    if not isinstance(at, Array):
        return build("mul", _nodes(slopes, at), step)
    if len(at.shape) == 1:
        return Call("matmul", (_nodes(slopes, at), step))
    return Call("sum", (Call("mul", (_nodes(slopes, at), step)),))


def _numbers(at: Value) -> list[float]:
    """The components of a value, row-major."""
    return list(at.values) if isinstance(at, Array) else [at]


def _nodes(values: Sequence[float | None], like: Value) -> Node:
    """Numbers as a tree of the shape of a value."""
    found = [written(one) for one in values if one is not None]
    return _array(nested(found, like.shape)) if isinstance(like, Array) else found[0]


def _array(items: Any) -> Node:
    return Call("array", tuple(map(_array, items))) if isinstance(items, list) else items
