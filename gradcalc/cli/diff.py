"""`gradcalc diff`: the main job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcalc import api
from gradcalc.answers.records import Comparison
from gradcalc.base.errors import UsageError
from gradcalc.base.limits import DEFAULT_TIMEOUT
from gradcalc.base.loading import load
from gradcalc.cli import audits, options
from gradcalc.cli.output import Output, form
from gradcalc.cli.source import expression_text
from gradcalc.problem.problem import DEFAULT_DTYPE

LATEX = "gradcalc.render.latex.equations:equations"


def diff(
    expression: options.Expression,
    at: options.At = None,
    wrt: options.Wrt = None,
    order: options.Order = 1,
    direction: options.Direction = None,
    dtype: options.Dtype = DEFAULT_DTYPE,
    rtol: options.Rtol = None,
    atol: options.Atol = 0.0,
    shape: options.Shape = None,
    symmetric: options.Symmetric = None,
    ranges: options.Range = None,
    samples: options.Samples = None,
    timeout: options.Timeout = DEFAULT_TIMEOUT,
    latex: options.Latex = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    output: options.OutputFile = None,
    force: options.Force = False,
) -> int:
    """Derive EXPR in closed form; with --at, compare torch autograd's value with the true one.

    Several dtypes are compared side by side; with --range, the whole range is audited instead of a point. With
    --direction, the derivative along it comes too; --quiet then prints that alone.

    gradcalc diff "sin(x**2)" --at 3
    """
    out = Output(as_json, quiet, output, force)
    if latex and (as_json or quiet):
        raise UsageError("--latex excludes --json and --quiet")
    dtypes = [name.strip() for name in dtype.split(",")]
    if direction and (ranges or len(dtypes) > 1):
        raise UsageError("--direction takes one point and one dtype")
    asked: dict[str, Any] = {"at": at, "wrt": wrt, "rtol": rtol, "atol": atol, "timeout": timeout}
    if ranges:
        _refuse("--range", {"--order": order != 1, "--shape": shape, "--symmetric": symmetric, "--latex": latex})
        asked |= {} if samples is None else {"samples": samples}
        return audits.over_range(out, expression_text(expression, timeout, output), ranges, dtypes=dtypes, **asked)
    if samples is not None:
        raise UsageError("--samples is for --range")
    asked |= {"order": order, "shape": shape, "symmetric": symmetric}
    text = expression_text(expression, timeout, output)
    if len(dtypes) > 1:
        _refuse("several dtypes", {"--latex": latex})
        return audits.in_formats(out, text, dtypes, **asked)
    return _written(out, api.diff(text, dtype=dtype, direction=direction, **asked), latex=latex)


def _written(out: Output, result: Comparison, *, latex: bool) -> int:
    """Write the comparison; the exit code."""
    if latex:
        out.emit(load(LATEX)(result))
    else:
        out.write(
            form("gradcalc.render.pages.comparison_json:comparison", result),
            form("gradcalc.render.pages.comparison:quiet", result),
            form("gradcalc.render.pages.comparison:document", result),
        )
    return 0 if result.agrees else 1


def _refuse(what: str, others: Mapping[str, object]) -> None:
    """Raises UsageError where an option was given that another one leaves without a meaning."""
    for name, given in others.items():
        if given:
            raise UsageError(f"{name} and {what} exclude each other")
