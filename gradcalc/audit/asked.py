"""From arguments to an audit over a range."""

from __future__ import annotations

from collections.abc import Sequence

from gradcalc.audit.interval import RangeAudit, Report, audit_range, parse_box
from gradcalc.errors import PointError, UsageError
from gradcalc.floating import FORMATS
from gradcalc.limits import DEFAULT_TIMEOUT, Limits, current, time_limit
from gradcalc.point import read_point
from gradcalc.pose import pose
from gradcalc.problem import DEFAULT_DTYPE
from gradcalc.tolerance import tolerance_of

SAMPLES = 257
MOST_SAMPLES = 100_000


def audited(
    expression: str,
    ranges: Sequence[str],
    *,
    at: Sequence[str] | None = None,
    wrt: Sequence[str] | str | None = None,
    dtype: str = DEFAULT_DTYPE,
    samples: int = SAMPLES,
    rtol: float | None = None,
    atol: float = 0.0,
    timeout: float = DEFAULT_TIMEOUT,
    report: Report | None = None,
) -> RangeAudit:
    """The audit of `expression` over ranges such as `x=-1:1`; variables without a range have a value in `at`.

    Raises as `diff` does, and UsageError where a range makes no sense.
    """
    with time_limit(timeout):
        limits = current()
        if not 2 <= samples <= MOST_SAMPLES:
            raise UsageError(f"samples is {samples}, expected a whole number from 2 to {MOST_SAMPLES:,}")
        box = parse_box(ranges, lambda text: _number(text, limits))
        ends = [f"{name}={low!r}" for name, (low, _) in box.items()]
        problem = pose(expression, limits, at=[*(at or ()), *ends], wrt=wrt, dtype=dtype)
        if not problem.wrt:
            raise UsageError("the expression has no variable to derive by")
        return audit_range(problem, box, samples, tolerance_of(problem, rtol, atol), limits, report)


def _number(text: str, limits: Limits) -> float:
    """The end of a range: a constant expression."""
    values = read_point(f"end={text}", limits).settle(["end"], [], (), FORMATS[DEFAULT_DTYPE])
    value = values["end"]
    if not isinstance(value, float):
        raise PointError(f"`{text}` is no number")
    return value
