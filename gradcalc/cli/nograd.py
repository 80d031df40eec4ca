"""`gradcalc nograd`: the ways of disabling gradient tracking."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer

from gradcalc.base.errors import UsageError
from gradcalc.base.limits import DEFAULT_TIMEOUT
from gradcalc.cli import options
from gradcalc.cli.output import Output
from gradcalc.cli.source import expression_text
from gradcalc.lessons.tracking import lesson
from gradcalc.lessons.tracking.records import Tracking
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.render.document import Document
from gradcalc.render.lessons import tracking

Situation = Annotated[
    bool | None,
    typer.Option("--training/--inference", help="Print what to do with each way in training, or in inference."),
]
Code = Annotated[bool, typer.Option("--code", help="Print a Python program that does all this with EXPR in torch.")]


def nograd(
    expression: options.Expression,
    at: options.At = None,
    wrt: options.Wrt = None,
    training: Situation = None,
    code: Code = False,
    dtype: options.Dtype = DEFAULT_DTYPE,
    rtol: options.Rtol = None,
    atol: options.Atol = 0.0,
    timeout: options.Timeout = DEFAULT_TIMEOUT,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    output: options.OutputFile = None,
    force: options.Force = False,
) -> int:
    """Show the three ways of disabling gradient tracking side by side: requires_grad_(False), detach(), no_grad().

    Also: what people meet next, such as inference_mode, results, changes in place and a branch that is cut. Every
    line is run in torch; the gradient as it is with tracking is compared with the true one. --wrt names the
    variables to disable tracking for, every one unless given.

    gradcalc nograd "x**2" --at 2
    """
    out = Output(as_json, quiet, output, force)
    if code and (as_json or quiet or training is not None):
        raise UsageError("--code stands alone: no --json, --quiet, --training or --inference with it")
    text = expression_text(expression, timeout, output)
    found = lesson.disable(text, at=at, wrt=wrt, dtype=dtype, rtol=rtol, atol=atol, timeout=timeout)
    program = lesson.program(found) if code else None
    if program is not None:
        out.emit(program)
    else:
        out.write(partial(tracking.record, found), partial(tracking.quiet, found), _document(found, training))
    return 0 if found.tracked.agrees else 1


def _document(found: Tracking, training: bool | None) -> Callable[[], Document]:
    """The whole lesson, or the advice for one situation."""
    if training is None:
        return partial(tracking.document, found)
    return partial(tracking.advice, found, "training" if training else "inference")
