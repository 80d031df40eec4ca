"""`gradcalc check`: is a gradient worked out by hand right?"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from gradcalc import api
from gradcalc.cli.options import Exactness, Expression, Of, Point, Rows, Shapes, given
from gradcalc.cli.output import Output
from gradcalc.cli.points import at_many_points
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text

Gradient = Annotated[
    list[str],
    typer.Option(
        "--gradient",
        metavar="GRADIENT",
        help="Your gradient: '2*x', or x=…,y=… for several variables. May be given several times.",
    ),
]


@command(
    at="Check at this point alone: 3, or x=3,y=pi/4.",
    wrt="The variables whose gradient is checked; every variable unless given.",
    quiet="Print the verdicts alone, one a line.",
    symmetric=None,
)
def check(
    expression: Expression,
    gradient: Gradient,
    point: Point,
    *,
    of: Of = None,
    exactness: Exactness,
    shapes: Shapes,
    rows: Rows,
    out: Output,
) -> int:
    """Check a gradient worked out by hand: is it the gradient of EXPR?

    It is compared with the exact gradient at points all over the domain, the same ones every time; where the two
    differ, the simplest such point is shown. Then SymPy is asked for a proof. A gradient that is right but for single
    points is right. It may use the names that a program defines: 'y = x**2; sin(y)' has the gradient 2*x*cos(y).

    Exit code 0: right; 1: wrong, or without a value where the function is smooth; 3: not decided.

    gradcalc check "sin(x**2)" --gradient "cos(x**2)"
    """
    text = expression_text(expression, out)
    asked = given(point, exactness) | {"shape": shapes.shape, "of": of, "timeout": out.timeout}
    at = asked.pop("at")
    ask = partial(api.check, text, gradient, **asked)
    many = at_many_points(text, point, rows, ask, out)
    return out.write(ask(at=at)) if many is None else many
