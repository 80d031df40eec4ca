"""`gradcalc check`: is a gradient worked out by hand right?"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from gradcalc import api
from gradcalc.base.limits import DEFAULT_TIMEOUT
from gradcalc.cli import options
from gradcalc.cli.output import Output
from gradcalc.cli.source import expression_text
from gradcalc.render.pages import check as shown

Gradient = Annotated[
    list[str],
    typer.Option(
        "--gradient",
        metavar="GRADIENT",
        help="Your gradient: '2*x', or x=…,y=… for several variables. May be given several times.",
    ),
]
At = Annotated[
    list[str] | None,
    typer.Option("--at", metavar="POINT", help="Check at this point alone: 3, or x=3,y=pi/4."),
]
Wrt = Annotated[
    list[str] | None,
    typer.Option(
        "--wrt", metavar="NAMES", help="The variables whose gradient is checked; every variable unless given."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the verdicts alone, one a line.")]


def check(
    expression: options.Expression,
    gradient: Gradient,
    at: At = None,
    wrt: Wrt = None,
    shape: options.Shape = None,
    timeout: options.Timeout = DEFAULT_TIMEOUT,
    as_json: options.Json = False,
    quiet: Quiet = False,
    output: options.OutputFile = None,
    force: options.Force = False,
) -> int:
    """Check a gradient worked out by hand: is it the gradient of EXPR?

    It is compared with the exact gradient at points all over the domain, the same ones every time; where the two
    differ, the simplest such point is shown. Then SymPy is asked for a proof. A gradient that is right but for single
    points is right. It may use the names that a program defines: 'y = x**2; sin(y)' has the gradient 2*x*cos(y).

    Exit code 0: right; 1: wrong, or without a value where the function is smooth.

    gradcalc check "sin(x**2)" --gradient "cos(x**2)"
    """
    out = Output(as_json, quiet, output, force)
    text = expression_text(expression, timeout, output)
    result = api.check(text, gradient, at=at, wrt=wrt, timeout=timeout, shape=shape)
    out.write(partial(shown.record, result), partial(shown.quiet, result), partial(shown.document, result))
    return 0 if result.right else 1
