"""`gradcalc diff`: the main job."""

from __future__ import annotations

from gradcalc import api
from gradcalc.cli import audits, options
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
    symmetric: options.Symmetric = None,
    ranges: options.Range = None,
    samples: options.Samples = 257,
    timeout: options.Timeout = DEFAULT_TIMEOUT,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    output: options.OutputFile = None,
    force: options.Force = False,
) -> int:
    """Derive EXPR in closed form; with --at, compare torch autograd's value with the true one.

    Several dtypes are compared side by side; with --range, the whole range is audited instead of a point.

    gradcalc diff "sin(x**2)" --at 3
    """
    out = Output(as_json, quiet, output, force)
    text = expression_text(expression)
    supervise(timeout)
    if ranges:
        audit = {"at": at, "wrt": wrt, "dtype": dtype, "samples": samples, "rtol": rtol, "atol": atol}
        return audits.over_range(out, text, ranges, timeout=timeout, **audit)
    if "," in dtype:
        dtypes = [name.strip() for name in dtype.split(",")]
        arguments = {"at": at, "wrt": wrt, "order": order, "rtol": rtol, "atol": atol, "shape": shape}
        return audits.in_formats(out, text, dtypes, timeout=timeout, **arguments)
    result = api.diff(
        text,
        at=at,
        wrt=wrt,
        order=order,
        dtype=dtype,
        rtol=rtol,
        atol=atol,
        timeout=timeout,
        shape=shape,
        symmetric=symmetric,
    )
    out.write(
        form("gradcalc.render.json:comparison", result),
        form("gradcalc.render.comparison:quiet", result),
        form("gradcalc.render.comparison:document", result),
    )
    return 0 if result.agrees else 1
