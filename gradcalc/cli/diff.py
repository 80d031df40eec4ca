"""`gradcalc diff`: the main job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any

import typer

from gradcalc import api
from gradcalc.base.errors import UsageError
from gradcalc.cli.options import MANY, Exactness, Expression, Of, Point, Precision, Shapes, given
from gradcalc.cli.output import Output, Result, progress
from gradcalc.cli.points import Columns, Points, at_many_points
from gradcalc.cli.read_off import derive_file, names_code
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text

Order = Annotated[int, typer.Option("--order", metavar="N", help="The N-th derivative by each variable.")]
Direction = Annotated[
    list[str] | None,
    typer.Option("--direction", metavar="DIRECTION", help="Derive along a direction too: x=1,y=2, not normalised."),
]
Tangent = Annotated[
    bool, typer.Option("--tangent", help="The tangent at the point too: a line, a plane, or the linear form.")
]
Range = Annotated[
    list[str] | None,
    typer.Option(
        "--range", metavar="RANGE", help="Audit a whole range: x=-1:1. For several variables too.", rich_help_panel=MANY
    ),
]
Samples = Annotated[
    int | None,
    typer.Option(
        "--samples",
        metavar="N",
        help="How many points of a range are looked at; 257 unless given.",
        rich_help_panel=MANY,
    ),
]


@command()
def diff(
    expression: Expression,
    point: Point,
    *,
    order: Order = 1,
    direction: Direction = None,
    tangent: Tangent = False,
    of: Of = None,
    precision: Precision,
    exactness: Exactness,
    shapes: Shapes,
    ranges: Range = None,
    samples: Samples = None,
    points: Points = None,
    columns: Columns = None,
    out: Output,
) -> int:
    """Derive EXPR in closed form; with --at, compare torch autograd's value with the true one.

    Several dtypes are compared side by side; with --range, the whole range is audited instead of a point. With
    --direction, the derivative along it comes too, and with --tangent the tangent; --quiet then prints that alone.
    An equation, 'x**2 + y**2 = 25', is derived implicitly: y as a function of x. --at x=0:1:0.1 and --points FILE ask
    at many points, with a row for each. Of FILE.py:NAME, PyTorch code, the formula is read off a run and derived.

    gradcalc diff "sin(x**2)" --at 3
    """
    if names_code(expression):
        named = {"--range": ranges, "--direction": direction, "--order": order != 1}
        _refuse("code in a file", {**named, "--points": points, "--of": of, "--tangent": tangent})
        return derive_file(expression, point, out)
    asked = given(point, precision) | {"timeout": out.timeout}
    dtype = asked.pop("dtype")
    dtypes = [name.strip() for name in dtype.split(",")]
    latex = {"--latex": out.form == "latex"}
    if direction and (ranges or len(dtypes) > 1):
        raise UsageError("--direction takes one point and one dtype")
    if points:
        _refuse("--points", {"--range": ranges, "--direction": direction, **latex})
    if ranges:
        others = {"--order": order != 1, "--tangent": tangent, "--of": of, "--digits": exactness.digits is not None}
        _refuse("--range", {**others, "--shape": shapes.shape, "--symmetric": shapes.symmetric, **latex})
        return out.write(_over(ranges, expression_text(expression, out), samples, dtypes=dtypes, **asked))
    if samples is not None:
        raise UsageError("--samples is for --range")
    text = expression_text(expression, out)
    asked |= given(exactness, shapes) | {"order": order}
    if len(dtypes) > 1:
        _refuse("several dtypes", latex | {"--tangent": tangent})
        from gradcalc.answers.audit.formats import formats  # here, as most calls are about one

        return out.write(formats(text, dtypes, of=of, **asked))
    at = asked.pop("at")
    ask = partial(api.diff, text, dtype=dtype, direction=direction, of=of, tangent=tangent, **asked)
    many = at_many_points(text, point, points, columns, ask, out)
    return out.write(ask(at=at)) if many is None else many


def _refuse(what: str, others: Mapping[str, object]) -> None:
    """Raises UsageError where an option was given that another one leaves without a meaning."""
    for name, value in others.items():
        if value:
            raise UsageError(f"{name} and {what} exclude each other")


def _over(ranges: Sequence[str], expression: str, samples: int | None, **asked: Any) -> Result:
    """The audit of a range, with a bar where somebody is watching."""
    from gradcalc.answers.audit.range import audited  # here, as it loads mpmath

    fewer: dict[str, Any] = {} if samples is None else {"samples": samples}
    with progress() as tell:

        def report(done: int, total: int) -> None:
            tell(done, total, f"{done} of {total} points")

        return audited(expression, ranges, report=report, **fewer, **asked)
