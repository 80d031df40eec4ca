"""`gradcalc diff`: the main job."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar

from typer import Option

from gradcalc import api
from gradcalc.base.errors import UsageError
from gradcalc.cli.options import (
    MANY,
    Exactness,
    Expression,
    Of,
    Point,
    Precision,
    Rows,
    Run,
    Shapes,
    Texts,
    given,
    used,
)
from gradcalc.cli.output import Output, Result, progress
from gradcalc.cli.points import at_many_points
from gradcalc.cli.read_off import derive_file, names_code, require_code
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text

CODE, DTYPES = "code in a file", "several dtypes"  # what excludes options and is none
EXCLUDED = {  # what each leaves without a meaning, in the order in which it is told
    CODE: ("--range", "--direction", "--order", "--points", "--of", "--tangent"),
    "--points": ("--range", "--direction", "--latex"),
    "--range": ("--order", "--tangent", "--of", "--digits", "--shape", "--symmetric", "--latex"),
    DTYPES: ("--latex", "--tangent"),
}
Order = Annotated[int, Option("--order", metavar="N", help="The N-th derivative by each variable.")]
Direction = Annotated[
    Texts,
    Option("--direction", metavar="DIRECTION", help="Derive along a direction too: x=1,y=2, not normalised."),
]
Tangent = Annotated[
    bool, Option("--tangent", help="The tangent at the point too: a line, a plane, or the linear form.")
]
RANGE = "Audit a whole range: x=-1:1. For several variables too."


@dataclass(frozen=True, slots=True)
class Derivative:
    """Which derivative, and what comes with it."""

    panel: ClassVar[str | None] = None
    order: Order = 1
    direction: Direction = None
    tangent: Tangent = False
    of: Of = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A range that is audited."""

    panel: ClassVar[str] = MANY
    range: Annotated[Texts, Option("--range", metavar="RANGE", help=RANGE)] = None
    samples: Annotated[
        int | None,
        Option("--samples", metavar="N", help="How many points of a range are looked at; 257 unless given."),
    ] = None


@command()
def diff(
    expression: Expression,
    point: Point,
    derivative: Derivative,
    precision: Precision,
    *,
    exactness: Exactness,
    shapes: Shapes,
    whole: Whole,
    rows: Rows,
    run: Run,
    out: Output,
) -> int:
    """Derive EXPR in closed form; with --at, compare torch autograd's value with the true one.

    Several dtypes are compared side by side; with --range, the whole range is audited instead of a point. With
    --direction, the derivative along it comes too, and with --tangent the tangent; --quiet then prints that alone.
    An equation, 'x**2 + y**2 = 25', is derived implicitly: y as a function of x. --at x=0:1:0.1 and --points FILE ask
    at many points, with a row for each. Of FILE.py:NAME, PyTorch code, the formula is read off a run and derived.

    gradcalc diff "sin(x**2)" --at 3
    """
    dtypes = [name.strip() for name in precision.dtype.split(",")]
    kinds = {CODE: names_code(expression), DTYPES: len(dtypes) > 1, f"--{out.form}": out.form is not None}
    told = used(derivative, exactness, shapes, whole, rows) | {kind for kind, so in kinds.items() if so}
    _require_meaning(told)
    require_code(run, CODE in told)
    if CODE in told:
        return derive_file(expression, point, run, out)
    text = expression_text(expression, out)
    asked = given(point, precision) | {"timeout": out.timeout}
    if whole.range:
        return out.write(_over(whole, text, **asked | {"dtypes": dtypes}))
    asked |= given(derivative, exactness, shapes)
    if DTYPES in told:
        return out.write(_in_formats(text, **asked | {"dtypes": dtypes}))
    at = asked.pop("at")
    ask = partial(api.diff, text, **asked)
    many = at_many_points(text, point, rows, ask, out)
    return out.write(ask(at=at)) if many is None else many


def _require_meaning(told: set[str]) -> None:
    """Raises UsageError where an option was given that another one leaves without a meaning."""
    if "--direction" in told and not told.isdisjoint({"--range", DTYPES}):
        raise UsageError("--direction takes one point and one dtype")
    for what, others in EXCLUDED.items():
        for name in others:
            if {what, name} <= told:
                raise UsageError(f"{name} and {what} exclude each other")
    if "--samples" in told and "--range" not in told:
        raise UsageError("--samples is for --range")


def _in_formats(expression: str, *, dtype: str, direction: object, tangent: object, **asked: Any) -> Result:
    """The derivatives in several number formats; a direction and a tangent are not asked for."""
    from gradcalc.answers.audit.formats import formats  # here, as most calls are about one

    return formats(expression, **asked)


def _over(whole: Whole, expression: str, *, dtype: str, **asked: Any) -> Result:
    """The audit of a range, with a bar where somebody is watching."""
    from gradcalc.answers.audit.range import audited  # here, as it loads the exact engine

    fewer: dict[str, Any] = {} if whole.samples is None else {"samples": whole.samples}
    with progress() as tell:

        def report(done: int, total: int) -> None:
            tell(done, total, f"{done} of {total} points")

        return audited(expression, whole.range or (), report=report, **fewer, **asked)
