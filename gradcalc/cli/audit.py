"""`gradcalc audit`: the gradient of a real PyTorch function."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from gradcalc.answers.audit.code import audit_code, audit_formats
from gradcalc.answers.audit.target import read_target
from gradcalc.base.loading import loading
from gradcalc.cli.options import Dtype, Point, Run, given
from gradcalc.cli.output import Output
from gradcalc.cli.read_off import announce, read_by
from gradcalc.cli.signature import command
from gradcalc.problem.problem import DEFAULT_DTYPE

Target = Annotated[
    str, typer.Argument(metavar="TARGET", help="FILE.py:NAME, package.module:NAME, or a call: FILE.py:Model(8).loss.")
]


@dataclass(frozen=True, slots=True)
class Running:
    """How the gradient is judged, and how often it is derived; or a step that was saved."""

    panel: ClassVar[str] = "The audit"
    rtol: Annotated[
        float | None, typer.Option("--rtol", metavar="NUMBER", help="The relative error that counts as agreement.")
    ] = None
    order: Annotated[
        int,
        typer.Option("--order", metavar="N", help="2: the gradient's own derivative, along three fixed directions."),
    ] = 1
    saved: Annotated[
        Path | None,
        typer.Option("--saved", metavar="FILE", help="The step that gradcalc.watch saved; TARGET is its program."),
    ] = None


@command(
    latex="Print the formula of the code and its gradient in LaTeX.",
    at="The arguments: x=[1, 2], x=randn(4, 8), y=[0, 2]:int64, x=@FILE.npy, x=@FILE.csv:COLUMN, batch={'x': ones(2)}. "
    "May be given several times.",
    wrt="The arguments and parameters to look at; all unless given.",
)
def audit(
    target: Target, point: Point, *, dtype: Dtype = DEFAULT_DTYPE, run: Run, running: Running, out: Output
) -> int:
    """Find the line of your own PyTorch code where a gradient goes wrong, why, and the cure. This runs the file.

    Where every operation has a formula, what the code computes stands there too, derived in closed form. Several dtypes
    are compared side by side.

    gradcalc audit model.py:loss --at "x=[1, 2, 3]"
    """
    if running.saved is not None:
        return _again(target, running, out)
    announce(read_target(target).where, out, read_by(run))
    options = given(point, run) | {"formula": True, "rtol": running.rtol, "order": running.order}
    dtypes = [name.strip() for name in dtype.split(",")]
    if len(dtypes) == 1:
        return out.write(audit_code(target, dtype=dtype, timeout=out.timeout, **options))
    return out.write(audit_formats(target, dtypes, timeout=out.timeout, **options))


def _again(target: str, running: Running, out: Output) -> int:
    """The step of a training run that a file holds."""
    assert running.saved is not None
    announce(target.partition(":")[0], out, running.saved, until=" as far as `gradcalc.watch`")
    with loading():
        from gradcalc.answers.watch.again_torch import audit_saved
    return out.write(audit_saved(target, running.saved, out.timeout))
