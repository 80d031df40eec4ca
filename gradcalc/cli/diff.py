"""`gradcalc diff`: the main job."""

from __future__ import annotations

from gradcalc import api
from gradcalc.cli import options
from gradcalc.cli.output import Output, form
from gradcalc.cli.process import supervise
from gradcalc.cli.source import expression_text
from gradcalc.limits import DEFAULT_TIMEOUT
from gradcalc.problem import DEFAULT_DTYPE


def diff(
    expression: options.Expression,
    at: options.At = None,
    wrt: options.Wrt = None,
    order: options.Order = 1,
    dtype: options.Dtype = DEFAULT_DTYPE,
    rtol: options.Rtol = None,
    atol: options.Atol = 0.0,
    shape: options.Shape = None,
    timeout: options.Timeout = DEFAULT_TIMEOUT,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    output: options.OutputFile = None,
    force: options.Force = False,
) -> int:
    """Derive EXPR in closed form; with --at, compare torch autograd's value with the true one.

    gradcalc diff "sin(x**2)" --at 3
    """
    out = Output(as_json, quiet, output, force)
    text = expression_text(expression)
    supervise(timeout)
    result = api.diff(
        text, at=at, wrt=wrt, order=order, dtype=dtype, rtol=rtol, atol=atol, timeout=timeout, shape=shape
    )
    out.write(
        form("gradcalc.render.json:comparison", result),
        form("gradcalc.render.comparison:quiet", result),
        form("gradcalc.render.comparison:document", result),
    )
    return 0 if result.agrees else 1
