"""`gradcalc graph`: the computational graph, forward and backward."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gradcalc.base.errors import UsageError
from gradcalc.base.limits import time_limit
from gradcalc.cli.options import Expression, Point, Precision, Run, given
from gradcalc.cli.output import Output, Result, exit_code
from gradcalc.cli.read_off import graph_file, names_code, require_code
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text
from gradcalc.lessons.graph import lesson
from gradcalc.render.formats import text
from gradcalc.render.graph import picture
from gradcalc.render.plot.suffixes import UNDRAWN


class Format(StrEnum):
    """What the graph is shown as."""

    TREE = "tree"
    DOT = "dot"
    MERMAID = "mermaid"


SUFFIXES = {".dot": Format.DOT, ".gv": Format.DOT, ".mmd": Format.MERMAID, ".mermaid": Format.MERMAID}
RetainGrad = Annotated[
    bool, typer.Option("--retain-grad", help="Call retain_grad() on intermediate nodes, so that they keep .grad.")
]
ChosenFormat = Annotated[
    Format | None,
    typer.Option("--format", help="A tree to read, or the graph in the language of Graphviz or of Mermaid."),
]


@command(output="Write to a file: .svg, .png or .pdf drawn by Graphviz, .dot or .mmd for it or for Mermaid, or text.")
def graph(
    expression: Expression,
    point: Point,
    *,
    retain_grad: RetainGrad = False,
    chosen: ChosenFormat = None,
    precision: Precision,
    run: Run,
    out: Output,
) -> int:
    """Draw the computational graph: values forward, gradients backward, the local derivative on each edge.

    Every number is torch's, and is compared with the exact one. Of FILE.py:NAME, PyTorch code, the graph is that of a
    run: each operation in your own words, what is to blame marked.

    gradcalc graph "y = x^2; z = sin(y); u = e^z" --at 3
    """
    shape = _format(out, chosen)
    is_code = names_code(expression)
    require_code(run, is_code)
    if is_code:
        found: Result = graph_file(expression, point, precision, run, out)
    else:
        text_given = expression_text(expression, out)
        with time_limit(out.timeout):
            found = lesson.graph(text_given, **given(point, precision), retain_grad=retain_grad)
    with time_limit(out.timeout):
        suffix = _picture(out)
        drawn = _drawn(found, suffix) if suffix else None
    if drawn is None:
        return out.write(found, None if shape is Format.TREE else shape)
    out.share(found)
    out.save(drawn)
    return exit_code(found)


def _drawn(found: Result, suffix: str) -> bytes:
    """The picture; an SVG has words for readers of screens too."""
    return text(found, "svg").encode() if suffix == ".svg" else picture.draw(text(found, Format.DOT), suffix)


def _picture(out: Output) -> str | None:
    """The suffix of the file, where it is a picture's."""
    suffix = "" if out.output is None else out.output.suffix.lower()
    return suffix if suffix in picture.FORMATS else None


def _format(out: Output, chosen: Format | None) -> Format:
    """The format asked for, or the one of the file. Raises UsageError where the options contradict each other."""
    if chosen is not None and out.form:
        raise UsageError(f"--format and --{out.form} exclude each other")
    suffix = "" if out.output is None else out.output.suffix.lower()
    if suffix in UNDRAWN:
        raise UsageError(f"no {suffix} picture can be drawn", hint="write a .svg, .png or .pdf file")
    if not _picture(out):
        return chosen or SUFFIXES.get(suffix, Format.TREE)
    if out.form or chosen not in (None, Format.DOT):
        other = f"--{out.form}" if out.form else f"--format {chosen}"
        raise UsageError(f"`{out.output}` would be a picture, and {other} writes text", hint="leave one of them out")
    picture.require_program()
    return Format.DOT
