"""`gradcalc plot`: a function and its derivative, in the terminal or as a picture."""

from __future__ import annotations

from typing import Annotated

import typer

from gradcalc.base.errors import UsageError
from gradcalc.base.loading import loading
from gradcalc.cli.options import Expression, Texts
from gradcalc.cli.output import Output, exit_code
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text
from gradcalc.render.plot.suffixes import SUFFIXES, UNDRAWN

Range = Annotated[
    Texts, typer.Option("--range", metavar="RANGE", help="What is drawn: x=-3:3; of two variables, their contours.")
]
At = Annotated[Texts, typer.Option("--at", metavar="POINT", help="Values of the variables without a range.")]
Order = Annotated[int, typer.Option("--order", metavar="N", help="The derivatives up to the N-th too; 0 for none.")]
Tangent = Annotated[str | None, typer.Option("--tangent", metavar="POINT", help="The tangent too, at x=2 or 2.")]
Critical = Annotated[bool, typer.Option("--critical", help="The critical points too: all of them, proven.")]
Dark = Annotated[bool, typer.Option("--dark", help="A picture for a dark slide.")]


@command(output="Write to a file: .png, .svg or .pdf drawn by matplotlib, or text.", places=None, latex=None)
def plot(
    expression: Expression,
    ranges: Range = None,
    at: At = None,
    order: Order = 1,
    tangent: Tangent = None,
    critical: Critical = False,
    dark: Dark = False,
    *,
    out: Output,
) -> int:
    """Draw EXPR and its derivative over a range, in the terminal, or with --output as PNG, SVG or PDF.

    Kinks, poles, jumps and gaps of the domain are proven, and drawn as what they are: no line goes across. Two ranges
    give contours, and arrows along the gradient. --quiet prints the points as gnuplot reads them.

    gradcalc plot "x**3 - 3*x" --range x=-3:3 --critical
    """
    suffix = "" if out.output is None else out.output.suffix.lower()
    if suffix in UNDRAWN:
        raise UsageError(f"no {suffix} picture can be drawn", hint="write a .svg, .png or .pdf file")
    picture = suffix in SUFFIXES and out.form is None
    if dark and not picture:
        raise UsageError("--dark is for a picture in a file", hint="add --output FILE.png")
    text = expression_text(expression, out)
    with loading():
        from gradcalc.answers.plot.asking import plot as find  # once the input is known to be good
    found = find(text, ranges or (), at=at, order=order, tangent=tangent, critical=critical, timeout=out.timeout)
    if not picture:
        return out.write(found)
    from gradcalc.render.plot.matplotlib import draw  # here, as most pictures are seen in a terminal

    out.share(found)
    out.save(draw(found, suffix, dark=dark))
    return exit_code(found)
