"""`gradcalc audit`: the gradient of a real PyTorch function."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gradcalc.answers.audit.code import audit_code, target_of
from gradcalc.cli.child import supervise
from gradcalc.cli.options import Dtype, Point, given
from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.render.error import visible

Target = Annotated[str, typer.Argument(metavar="FILE.py:NAME", help="A function, nn.Module or autograd.Function.")]
Rtol = Annotated[float | None, typer.Option("--rtol", help="The relative error that counts as agreement.")]
Cuts = Annotated[bool, typer.Option("--allow-cuts", help="Hold constant what the code hides from autograd.")]


@command(latex=None, wrt="The arguments and parameters to look at; all unless given.")
def audit(
    target: Target,
    point: Point,
    *,
    dtype: Dtype = DEFAULT_DTYPE,
    rtol: Rtol = None,
    allow_cuts: Cuts = False,
    out: Output,
) -> int:
    """Find the line of your own PyTorch code where a gradient goes wrong, why, and the cure. This runs the file.

    gradcalc audit model.py:loss --at "x=[1, 2, 3]"
    """
    path, _ = target_of(target)
    sys.stderr.write(f"running {visible(str(path))}\n")
    sys.stderr.flush()
    supervise(out.timeout, foreign=True)
    return out.write(audit_code(target, **given(point), dtype=dtype, rtol=rtol, cuts=allow_cuts, timeout=out.timeout))
