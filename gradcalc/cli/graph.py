"""`gradcalc graph`: the computational graph, forward and backward."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gradcalc.base.errors import UsageError
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.base.loading import load
from gradcalc.cli import options
from gradcalc.cli.output import Output, form
from gradcalc.cli.source import expression_text
from gradcalc.lessons.graph import graph as lesson
from gradcalc.lessons.graph.records import Graph
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.render.graph import picture


class Format(StrEnum):
    """What the graph is shown as."""

    TREE = "tree"
    DOT = "dot"
    MERMAID = "mermaid"


TEXTS = {Format.DOT: "gradcalc.render.graph.dot:render", Format.MERMAID: "gradcalc.render.graph.mermaid:render"}
SUFFIXES = {".dot": Format.DOT, ".gv": Format.DOT, ".mmd": Format.MERMAID, ".mermaid": Format.MERMAID}
UNDRAWN = frozenset({".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".eps", ".ps"})
RetainGrad = Annotated[
    bool, typer.Option("--retain-grad", help="Call retain_grad() on intermediate nodes, so that they keep .grad.")
]
ChosenFormat = Annotated[
    Format | None,
    typer.Option("--format", help="A tree to read, or the graph in the language of Graphviz or of Mermaid."),
]
OutputFile = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE",
        help="Write to a file: .svg, .png or .pdf drawn by Graphviz, .dot or .mmd for it or for Mermaid, or text.",
    ),
]  # fmt: skip


def graph(
    expression: options.Expression,
    at: options.At = None,
    wrt: options.Wrt = None,
    retain_grad: RetainGrad = False,
    chosen: ChosenFormat = None,
    dtype: options.Dtype = DEFAULT_DTYPE,
    rtol: options.Rtol = None,
    atol: options.Atol = 0.0,
    timeout: options.Timeout = DEFAULT_TIMEOUT,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    output: OutputFile = None,
    force: options.Force = False,
) -> int:
    """Draw the computational graph: values forward, gradients backward, the local derivative on each edge.

    Every number is torch's, and is compared with the exact one.

    gradcalc graph "y = x^2; z = sin(y); u = e^z" --at 3
    """
    out = Output(as_json, quiet, output, force)
    shape = _format(out, chosen)
    text = expression_text(expression, timeout, output)
    with time_limit(timeout):
        found = lesson.graph(text, at=at, wrt=wrt, dtype=dtype, rtol=rtol, atol=atol, retain_grad=retain_grad)
        _write(out, shape, found)
    return 0 if found.agrees else 1


def _format(out: Output, chosen: Format | None) -> Format:
    """The format asked for, or the one of the file. Raises UsageError where the options contradict each other."""
    bare = "--json" if out.json else "--quiet" if out.quiet else None
    if chosen is not None and bare is not None:
        raise UsageError(f"--format and {bare} exclude each other")
    suffix = "" if out.path is None else out.path.suffix.lower()
    if suffix in UNDRAWN:
        raise UsageError(f"no {suffix} picture can be drawn", hint="write a .svg, .png or .pdf file")
    if suffix not in picture.FORMATS:
        return chosen or SUFFIXES.get(suffix, Format.TREE)
    if bare is not None or chosen not in (None, Format.DOT):
        other = bare or f"--format {chosen}"
        raise UsageError(f"`{out.path}` would be a picture, and {other} writes text", hint="leave one of them out")
    picture.require_program()
    return Format.DOT


def _write(out: Output, shape: Format, found: Graph) -> None:
    """The graph as text, or as a picture where the file is one."""
    if shape is Format.TREE:
        names = ("json:record", "graph:quiet", "graph:document")
        out.write(*(form(f"gradcalc.render.graph.{name}", found) for name in names))
        return
    source = load(TEXTS[shape])(found)
    if out.path is not None and (suffix := out.path.suffix.lower()) in picture.FORMATS:
        out.save(picture.draw(source, suffix))
    else:
        out.emit(source)
