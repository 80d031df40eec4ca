"""`gradcalc diff`: the main job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from gradcalc import api
from gradcalc.base.errors import UsageError
from gradcalc.cli.code import derive_file, names_code
from gradcalc.cli.options import Exactness, Expression, Point, Precision, Reading, Shapes, given
from gradcalc.cli.output import Output, Result, progress
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text

Order = Annotated[int, typer.Option("--order", metavar="N", help="The N-th derivative by each variable.")]
Direction = Annotated[
    list[str] | None,
    typer.Option("--direction", metavar="DIRECTION", help="Derive along a direction too: x=1,y=2, not normalised."),
]
Range = Annotated[
    list[str] | None,
    typer.Option("--range", metavar="RANGE", help="Audit a whole range: x=-1:1. May be given for several variables."),
]
Samples = Annotated[
    int | None,
    typer.Option("--samples", metavar="N", help="How many points of a range are looked at; 257 unless given."),
]


@command()
def diff(
    expression: Expression,
    point: Point,
    *,
    order: Order = 1,
    direction: Direction = None,
    precision: Precision,
    exactness: Exactness,
    shapes: Shapes,
    ranges: Range = None,
    samples: Samples = None,
    reading: Reading = False,
    out: Output,
) -> int:
    """Derive EXPR in closed form; with --at, compare torch autograd's value with the true one.

    Several dtypes are compared side by side; with --range, the whole range is audited instead of a point. With
    --direction, the derivative along it comes too; --quiet then prints that alone. Of FILE.py:NAME, PyTorch code of
    yours, the formula is read off a run at the point, and derived.

    gradcalc diff "sin(x**2)" --at 3
    """
    if names_code(expression):
        others = {"--range": ranges, "--direction": direction, "--order": order != 1, "--reading": reading}
        _refuse("code in a file", others)
        return derive_file(expression, point, out)
    asked = given(point, precision) | {"timeout": out.timeout}
    dtype = asked.pop("dtype")
    dtypes = [name.strip() for name in dtype.split(",")]
    latex = {"--latex": out.form == "latex"}
    if direction and (ranges or len(dtypes) > 1):
        raise UsageError("--direction takes one point and one dtype")
    if reading:
        _refuse("--reading", {"--range": ranges, "--direction": direction})
        return out.write_reading(expression_text(expression, out), point, shapes)
    if ranges:
        arrays = {"--shape": shapes.shape, "--symmetric": shapes.symmetric}
        _refuse("--range", {"--order": order != 1, **arrays, **latex, "--digits": exactness.digits is not None})
        return out.write(_over(ranges, expression_text(expression, out), samples, dtypes=dtypes, **asked))
    if samples is not None:
        raise UsageError("--samples is for --range")
    text = expression_text(expression, out)
    asked |= given(exactness, shapes) | {"order": order}
    if len(dtypes) > 1:
        _refuse("several dtypes", latex)
        from gradcalc.answers.audit.formats import formats  # here, as most calls are about one

        return out.write(formats(text, dtypes, **asked))
    return out.write(api.diff(text, dtype=dtype, direction=direction, **asked))


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
