"""`gradcalc nograd`: the ways of disabling gradient tracking."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from gradcalc.base.errors import UsageError
from gradcalc.cli.options import Expression, Point, Precision, given
from gradcalc.cli.output import Output, exit_code
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text
from gradcalc.lessons.tracking import lesson

Situation = Annotated[
    bool | None,
    typer.Option("--training/--inference", help="Print what to do with each way in training, or in inference."),
]
More = Annotated[
    bool, typer.Option("--more", help="Show what each way does to the tensors, and what people meet next.")
]
Code = Annotated[bool, typer.Option("--code", help="Print a Python program that does all this with EXPR in torch.")]


@command(latex=None)
def nograd(
    expression: Expression,
    point: Point,
    *,
    training: Situation = None,
    more: More = False,
    code: Code = False,
    precision: Precision,
    out: Output,
) -> int:
    """Show the three ways of disabling gradient tracking side by side: requires_grad_(False), detach(), no_grad().

    With --more, what people meet next: inference_mode, results, changes in place, a branch that is cut. Every line is
    run in torch; the gradient as it is with tracking is compared with the true one. --wrt names the variables to
    disable tracking for, every one unless given.

    gradcalc nograd "x**2" --at 2
    """
    if code and (out.form or out.html or more or training is not None):
        raise UsageError("--code stands alone: no --json, --quiet, --html, --more, --training or --inference with it")
    text = expression_text(expression, out)
    found = lesson.disable(text, **given(point, precision), timeout=out.timeout)
    if code:
        out.emit(lesson.program(found))
        return exit_code(found)
    situation = None if training is None else "training" if training else "inference"
    return out.write(replace(found, situation=situation, more=more))
