"""`gradcalc audit`: the gradient of a real PyTorch function."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gradcalc.base.limits import DEFAULT_TIMEOUT
from gradcalc.base.loading import load
from gradcalc.cli import options
from gradcalc.cli.output import Output, form
from gradcalc.cli.process import supervise
from gradcalc.problem.problem import DEFAULT_DTYPE

VISIBLE = "gradcalc.render.error:visible"
TARGET = "gradcalc.answers.audit.code:target_of"
AUDIT = "gradcalc.answers.audit.code:audit_code"
Target = Annotated[str, typer.Argument(metavar="FILE.py:NAME", help="A function, nn.Module or autograd.Function.")]
Wrt = Annotated[
    list[str] | None,
    typer.Option("--wrt", metavar="NAMES", help="The arguments and parameters to look at; all unless given."),
]
Rtol = Annotated[float, typer.Option("--rtol", help="The relative error that counts as agreement.")]


def audit(
    target: Target,
    at: options.At = None,
    wrt: Wrt = None,
    dtype: options.Dtype = DEFAULT_DTYPE,
    rtol: Rtol = 1e-6,
    timeout: options.Timeout = DEFAULT_TIMEOUT,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    output: options.OutputFile = None,
    force: options.Force = False,
) -> int:
    """Check autograd on a PyTorch function of your own file against its values alone. This runs the file.

    gradcalc audit model.py:loss --at "x=[1, 2, 3]"
    """
    out = Output(as_json, quiet, output, force)
    path, _ = load(TARGET)(target)
    sys.stderr.write(f"running {load(VISIBLE)(str(path))}\n")
    sys.stderr.flush()
    supervise(timeout)
    result = load(AUDIT)(target, at=at, wrt=wrt, dtype=dtype, rtol=rtol, timeout=timeout)
    out.write(*(form(f"gradcalc.render.pages.code_audit:{kind}", result) for kind in ("record", "quiet", "document")))
    return 0 if result.verdict == "agree" else 1
