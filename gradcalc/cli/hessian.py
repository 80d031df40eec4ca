"""`gradcalc hessian`: second derivatives."""

from __future__ import annotations

from gradcalc import api
from gradcalc.base.limits import DEFAULT_TIMEOUT
from gradcalc.cli import options
from gradcalc.cli.output import Output, form
from gradcalc.cli.source import expression_text
from gradcalc.problem.problem import DEFAULT_DTYPE


def hessian(
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
    """Derive a scalar EXPR twice, by every pair of components of its variables.

    With --at, each entry of autograd's matrix is compared with the true one, and the matrix is judged: eigenvalues,
    definiteness, and whether the point is a minimum, a maximum or a saddle. --quiet prints a row on each line.

    gradcalc hessian "(1 - x)**2 + 100*(y - x**2)**2" --at x=1,y=1
    """
    out = Output(as_json, quiet, output, force)
    text = expression_text(expression, timeout, output)
    result = api.hessian(
        text, at=at, wrt=wrt, dtype=dtype, rtol=rtol, atol=atol, timeout=timeout, shape=shape, symmetric=symmetric
    )
    out.write(
        form("gradcalc.render.pages.matrices_json:hessian", result),
        form("gradcalc.render.pages.matrices:quiet", result),
        form("gradcalc.render.pages.hessian:document", result),
    )
    return 0 if result.agrees else 1
