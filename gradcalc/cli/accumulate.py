"""`gradcalc accumulate`: why `.grad` must be cleared."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from gradcalc.base.limits import DEFAULT_TIMEOUT
from gradcalc.cli import options
from gradcalc.cli.output import Output
from gradcalc.cli.source import expression_text
from gradcalc.lessons.accumulation import lesson
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.render.lessons import accumulation

Passes = Annotated[int, typer.Option("--passes", metavar="N", help="How many backward passes to make.")]


def accumulate(
    expression: options.Expression,
    at: options.At = None,
    wrt: options.Wrt = None,
    passes: Passes = lesson.DEFAULT_PASSES,
    dtype: options.Dtype = DEFAULT_DTYPE,
    rtol: options.Rtol = None,
    atol: options.Atol = 0.0,
    timeout: options.Timeout = DEFAULT_TIMEOUT,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    output: options.OutputFile = None,
    force: options.Force = False,
) -> int:
    """Show what .grad holds after each backward(): left alone it adds up, zeroed before each it does not.

    Also: what clears a gradient and what is left in it, and what torch says where it refuses. Every line is run in
    torch; the first pass is compared with the true derivative.

    gradcalc accumulate "x**2" --at 2 --passes 3
    """
    out = Output(as_json, quiet, output, force)
    text = expression_text(expression, timeout, output)
    found = lesson.accumulate(text, at=at, wrt=wrt, passes=passes, dtype=dtype, rtol=rtol, atol=atol, timeout=timeout)
    out.write(
        partial(accumulation.record, found), partial(accumulation.quiet, found), partial(accumulation.document, found)
    )
    return 0 if found.first.agrees else 1
