"""`gradcalc accumulate`: why `.grad` must be cleared."""

from __future__ import annotations

from typing import Annotated

import typer

from gradcalc.cli.options import Expression, Point, Precision, given
from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text
from gradcalc.lessons.accumulation import lesson

Passes = Annotated[int, typer.Option("--passes", metavar="N", help="How many backward passes to make.")]


@command(latex=None)
def accumulate(
    expression: Expression, point: Point, *, passes: Passes = lesson.DEFAULT_PASSES, precision: Precision, out: Output
) -> int:
    """Show what .grad holds after each backward(): left alone it adds up, zeroed before each it does not.

    Also: what clears a gradient and what is left in it, and what torch says where it refuses. Every line is run in
    torch; the first pass is compared with the true derivative.

    gradcalc accumulate "x**2" --at 2 --passes 3
    """
    text = expression_text(expression, out)
    return out.write(lesson.accumulate(text, **given(point, precision), passes=passes, timeout=out.timeout))
