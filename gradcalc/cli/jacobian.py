"""`gradcalc jacobian`: first derivatives of arrays."""

from __future__ import annotations

from gradcalc import api
from gradcalc.base.limits import DEFAULT_TIMEOUT
from gradcalc.cli import options
from gradcalc.cli.output import Output, form
from gradcalc.cli.source import expression_text
from gradcalc.problem.problem import DEFAULT_DTYPE


def jacobian(
    expression: options.Expression,
    at: options.At = None,
    wrt: options.Wrt = None,
    dtype: options.Dtype = DEFAULT_DTYPE,
    rtol: options.Rtol = None,
    atol: options.Atol = 0.0,
    shape: options.Shape = None,
    symmetric: options.Symmetric = None,
    timeout: options.Timeout = DEFAULT_TIMEOUT,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    output: options.OutputFile = None,
    force: options.Force = False,
) -> int:
    """Derive every component of EXPR, a vector or any other array, by every component of its variables.

    With --at, each entry of autograd's matrix is compared with the true one. --quiet prints a row on each line.

    gradcalc jacobian "[r*cos(t), r*sin(t)]" --at r=2,t=pi/6
    """
    out = Output(as_json, quiet, output, force)
    text = expression_text(expression, timeout, output)
    result = api.jacobian(
        text, at=at, wrt=wrt, dtype=dtype, rtol=rtol, atol=atol, timeout=timeout, shape=shape, symmetric=symmetric
    )
    out.write(
        form("gradcalc.render.pages.matrices_json:jacobian", result),
        form("gradcalc.render.pages.matrices:quiet", result),
        form("gradcalc.render.pages.jacobian:document", result),
    )
    return 0 if result.agrees else 1
