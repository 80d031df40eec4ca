"""From arguments to the critical points of an expression in a box."""

from __future__ import annotations

from gradcalc.answers.audit.box import GivenBox
from gradcalc.answers.audit.range import at_corner, read_box
from gradcalc.answers.critical.data import in_ranges
from gradcalc.answers.critical.line import on_line
from gradcalc.answers.critical.records import CriticalPoints
from gradcalc.answers.critical.volume import in_box
from gradcalc.answers.matrices.outputs import function_name
from gradcalc.base.errors import UsageError, shortened
from gradcalc.base.limits import DEFAULT_TIMEOUT, current, time_limit
from gradcalc.inputs.point import Given
from gradcalc.inputs.pose import pose
from gradcalc.inputs.question import asked
from gradcalc.problem.problem import reading


def critical_points(
    expression: str,
    ranges: GivenBox,
    *,
    at: Given | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> CriticalPoints:
    """The points in ranges such as `x=-1:1` where the gradient of `expression` is 0; `at` has the other variables.

    Raises as `diff` does, and UsageError where a range makes no sense.
    """
    with time_limit(timeout):
        if not ranges:
            names = pose(expression, current()).variables or ("x",)
            example = shortened(",".join(f"{name}=-3:3" for name in names))
            raise UsageError("critical points are looked for in a box", hint=f"add --range {example}")
        box = read_box(ranges, at, current())
        question = asked(expression, at=at_corner(at, box), wrt=list(box))
        problem = question.problem
        asking = in_ranges(question, box)
        found = on_line(asking, *next(iter(box.items()))) if len(box) == 1 else in_box(asking, box)
        return CriticalPoints(
            expression=expression,
            reading=reading(problem),
            function=function_name(problem),
            box=box,
            fixed={name: value for name, value in (problem.point or {}).items() if name not in box},
            points=tuple(found.points),
            breaks=tuple(found.breaks),
            flat=tuple(found.flat),
            undecided=tuple(found.undecided),
            remarks=tuple(found.remarks),
        )
