"""The gradient of real PyTorch code audited: autograd's numbers against the truth of one recorded run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.records import CodeAudit, Part, counted
from gradcalc.arrays.array import Array, Value
from gradcalc.base.effort import Clock
from gradcalc.base.errors import PointError, UsageError, UserCodeError, did_you_mean, shortened
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import DEFAULT_TIMEOUT, current, time_limit
from gradcalc.base.loading import loading
from gradcalc.base.words import listed
from gradcalc.inputs.point import read_point
from gradcalc.inputs.pose import require_dtype
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.problem.tolerance import require_tolerance

NAMED = "audit a function whose arguments have names and no defaults: def f(x): …"
MOST_TRIES = 12  # of which arguments are whole numbers
APART = 1e-3  # relative, of two runs of one function: more is no rounding


def audit_code(
    target: str,
    *,
    at: Any = None,
    wrt: Sequence[str] | str | None = None,
    dtype: str = DEFAULT_DTYPE,
    rtol: float | None = None,
    cuts: bool = False,
    timeout: float = DEFAULT_TIMEOUT,
) -> CodeAudit:
    """Audit `FILE.py:name`: a function, an nn.Module or an autograd.Function. The file is run.

    `at` gives its arguments, as for `diff`; `wrt` the arguments and parameters to look at, every one unless given.
    With `cuts`, what the code hides from autograd is held constant. `timeout` is in seconds.
    Raises UsageError, FileError, PointError, LimitError, and UserCodeError
    where the file or the function raises.
    """
    require_dtype(dtype)
    if rtol is not None:
        require_tolerance("rtol", rtol)
    path, name = target_of(target)
    with loading():
        from gradcalc.answers.audit.code_torch import load_target
        from gradcalc.answers.audit.examine_torch import examine
        from gradcalc.answers.audit.isolation_torch import isolated
    with time_limit(timeout), isolated():
        found = load_target(path, name)
        point = _point(at, found.names)
        seen = examine(*_played(found, point, dtype), FORMATS[dtype], rtol, cuts, Clock(timeout))
    chosen = _wanted(seen.gradient, wrt)
    return CodeAudit(
        target, dtype, seen.forward, chosen, seen.blame, seen.traced, seen.contracted, seen.notes, counted(chosen),
        sum(len(part.components) for part in chosen.values()), seen.directions,
    )  # fmt: skip


def _played(target: Any, point: Mapping[str, Value], dtype: str) -> tuple[Any, Any]:
    """The target at the point and its first run: with floats, or with whole numbers where it wants them."""
    from gradcalc.answers.audit.run_torch import play, subject

    first: UserCodeError | None = None
    for whole in _choices(point):
        one = subject(target, point, dtype, whole)
        try:
            return one, play(one)
        except UserCodeError as error:
            first = first or error
            if not error.hint:  # nothing that whole numbers would mend
                break
    assert first is not None
    raise first


def _choices(point: Mapping[str, Value]) -> Iterator[frozenset[str]]:
    """Which arguments might be whole numbers: none, the last one, …"""
    integral = [name for name, value in point.items() if all(one == int(one) for one in _numbers(value))]
    yield frozenset()
    tries = 0
    for count in range(1, len(integral) + 1):
        for names in combinations(reversed(integral), count):
            tries += 1
            if tries > MOST_TRIES:
                return
            yield frozenset(names)


def _numbers(value: Value) -> Sequence[float]:
    return value.values if isinstance(value, Array) else (value,)


def target_of(text: str) -> tuple[Path, str]:
    """The file and the name in it. Raises UsageError where the text does not give both."""
    path, colon, name = text.rpartition(":")
    if not (path and colon and name.isidentifier()):
        raise UsageError(f"`{text}` is no target", hint="write FILE.py:function")
    return Path(path), name


def _point(at: Any, names: tuple[str, ...]) -> Mapping[str, Value]:
    """The arguments' values."""
    if at is None:
        return {}
    point = read_point(at, current())
    unknown = next((one for one in point.assignments if one.name is not None and one.name not in names), None)
    if unknown is not None or (point.assignments and not names):
        what = (
            "has no argument to give a value to"
            if unknown is None
            else f"has no argument `{shortened(unknown.name or '')}`"
        )
        raise PointError(f"the function {what}", hint=f"it has {listed(names)}" if names else NAMED)
    return point.settle(names, (), (), FORMATS[DEFAULT_DTYPE])


def _wanted(gradient: Mapping[str, Part], wrt: Sequence[str] | str | None) -> Mapping[str, Part]:
    """The parts that were asked for. Raises UsageError where there is no such one."""
    if wrt is None:
        return gradient
    asked = [name.strip() for text in ([wrt] if isinstance(wrt, str) else wrt) for name in text.split(",")]
    for name in asked:
        if name not in gradient:
            hint = did_you_mean(name, gradient) or f"it has {listed(list(gradient))}"
            raise UsageError(f"the function has no `{shortened(name)}`", hint=hint)
    return {name: gradient[name] for name in gradient if name in asked}
