"""How a lesson begins, with an expression at a point, and how what torch shows becomes an answer to compare."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypedDict, Unpack

from gradcalc.arrays.array import Array, Value
from gradcalc.base.errors import PointError, UsageError
from gradcalc.base.words import listed
from gradcalc.engines import ask
from gradcalc.engines.records import Autograd
from gradcalc.inputs.point import Given
from gradcalc.inputs.question import Question, asked
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import require_scalar

Held: TypeAlias = float | list["Held"]  # the numbers in a tensor: one, or nested lists of its shape


class Options(TypedDict, total=False):
    """The options of every lesson on an expression; what each means is told by `api.diff`."""

    wrt: Sequence[str] | str | None
    dtype: str
    rtol: float | None
    atol: float
    strict_forward: bool


def posed(expression: str, at: Given | None, **options: Unpack[Options]) -> Question:
    """The question of a lesson: it has a point, something to derive by, and a number as its result.

    Raises PointError, UsageError or ShapeError where that is not so.
    """
    question = asked(expression, at=[] if at is None else at, **options)
    problem = question.problem
    assert problem.point is not None
    if not problem.wrt:
        raise UsageError("the expression has no variable to derive by", hint="name one with --wrt x --at x=…")
    if missing := [name for name in problem.wrt if name not in problem.point]:
        raise PointError(
            f"no value for {listed(missing)}", hint=f"add --at {','.join(f'{name}=…' for name in missing)}"
        )
    if problem.arrays:
        require_scalar(problem)
    return question


def require_backward(problem: Problem) -> None:
    """Raises UsageError where torch has no gradient of its own to show."""
    missing = ask.without_autograd(problem.root)
    for name in problem.wrt:
        if name in missing:
            others = ",".join(one for one in problem.wrt if one not in missing)
            hint = f"derive by others alone: --wrt {others}" if others else "`gradcalc diff` tells the true derivative"
            raise UsageError(f"{missing[name].why}, and `{name}` goes through it", hint=hint)


def as_autograd(problem: Problem, value: Held, gradient: Mapping[str, Held | None]) -> Autograd:
    """What torch said, as an engine says it; a `.grad` that stayed None is 0."""
    assert problem.point is not None
    assert isinstance(value, float)
    return Autograd(value, {name: _numbers(gradient[name], problem.point[name]) for name in problem.wrt})


def _numbers(held: Held | None, given: Value) -> Value:
    """A gradient of the shape of the variable."""
    if not isinstance(given, Array):
        return held if isinstance(held, float) else 0.0
    flat = [0.0] * len(given.values) if held is None else flattened(held)
    return Array(given.shape, array("d", flat))


def shape_of(held: Held) -> tuple[int, ...]:
    """The shape of nested lists; none of a number."""
    return (len(held), *shape_of(held[0])) if isinstance(held, list) else ()


def flattened(held: Held) -> list[float]:
    """The numbers of nested lists, in row-major order."""
    return [number for item in held for number in flattened(item)] if isinstance(held, list) else [held]
