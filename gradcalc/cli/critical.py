"""`gradcalc critical`: where the gradient is zero."""

from __future__ import annotations

from typing import Annotated

import typer

from gradcalc import api
from gradcalc.cli.options import Expression, Texts
from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text

Range = Annotated[
    Texts, typer.Option("--range", metavar="RANGE", help="The box: x=-3:3. May be given for several variables.")
]
At = Annotated[Texts, typer.Option("--at", metavar="POINT", help="Values of the variables without a range.")]


@command()
def critical(expression: Expression, ranges: Range = None, at: At = None, *, out: Output) -> int:
    """Find the critical points of EXPR in a box: all of them, proven, and what each is.

    A minimum, a maximum and a saddle are told by the signs of the second derivatives' eigenvalues; of one variable, by
    the sign of the derivative on both sides. Where something is left open, it is named, and the exit code is 3. Of a
    Lagrangian, f - lam*(g - c), it is told what each is where g is c. --at takes data in arrays too.

    gradcalc critical "x**3 - 3*x + y**2" --range x=-2:2,y=-2:2
    """
    text = expression_text(expression, out)
    return out.write(api.critical(text, ranges or (), at=at, timeout=out.timeout))
