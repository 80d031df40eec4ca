"""One question at many points: `--at x=0:1:0.1`, or `--points FILE`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gradcalc.base.errors import PointError, UsageError
from gradcalc.base.limits import time_limit
from gradcalc.cli.options import Point, Rows
from gradcalc.cli.output import Output, progress


def pairs(texts: Sequence[str] | None) -> dict[str, str]:
    """The columns of variables. Raises UsageError where a text is no `x=NAME`."""
    found = {}
    for one in texts or ():
        name, equals, column = one.partition("=")
        if not equals or not name.strip() or not column.strip():
            raise UsageError(f"--column is `{one}`, expected x=NAME", hint="write --column x=height, for instance")
        found[name.strip()] = column.strip()
    return found


def at_many_points(expression: str, point: Point, rows: Rows, ask: Callable[..., Any], out: Output) -> int | None:
    """Write the answers where several points are asked for; the exit code. None where it is one, or none."""
    if rows.points is None and not rows.column and not any(":" in text for text in point.at or ()):
        return None
    from gradcalc.jobs.several import asked_at, points  # here, as most calls are about one point

    with time_limit(out.timeout), progress() as tell:
        given = points(expression, point.at, rows.points, pairs(rows.column), point.wrt)
        if given is None:
            return None
        if not given:
            raise PointError(f"`{rows.points}` has no rows")
        return out.write(asked_at(expression, given, ask, tell))
