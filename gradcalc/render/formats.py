"""Every form that a result has: the page of each kind of result, and the formats that show a page. A line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradcalc.base.errors import UsageError
from gradcalc.base.loading import load


@dataclass(frozen=True, slots=True)
class Format:
    """How a result becomes text: a `part` of its page, or the result itself, by the function at `address` if any.

    Where only some kinds of result have such a form, `pages` has the address for each. One that is a `sheet` is made of
    the result and its formulas too. Every command has an option for a format that has a `help` text.
    """

    part: str | None = None
    address: str | None = None
    help: str | None = None
    letter: str | None = None  # of the option
    pages: Mapping[str, str] | None = None
    sheet: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of result: what a page to share calls it, the module of its page, and its formulas in LaTeX, if any.

    The module has the functions `document`, `record` and `quiet`.
    """

    title: str
    page: str
    latex: str | None = None


KINDS = {
    "Comparison": Kind("Gradient", "gradcalc.render.pages.comparison", "gradcalc.render.latex.comparison:latex"),
    "Formats": Kind("Gradient in several number formats", "gradcalc.render.pages.formats"),
    "Ranges": Kind("Gradient over a range", "gradcalc.render.pages.ranges"),
    "Jacobian": Kind("Jacobian matrix", "gradcalc.render.pages.jacobian", "gradcalc.render.latex.matrices:jacobian"),
    "Hessian": Kind("Hessian matrix", "gradcalc.render.pages.hessian", "gradcalc.render.latex.matrices:hessian"),
    "CriticalPoints": Kind("Critical points", "gradcalc.render.pages.critical"),
    "Check": Kind("Gradient worked out by hand", "gradcalc.render.pages.check", "gradcalc.render.latex.check:latex"),
    "Code": Kind("Program", "gradcalc.render.pages.code"),
    "LinePlot": Kind("Plot", "gradcalc.render.pages.plot"),
    "SurfacePlot": Kind("Plot", "gradcalc.render.pages.plot"),
    "Typeset": Kind("Formulas", "gradcalc.render.latex.code", "gradcalc.render.latex.code:quiet"),
    "Steps": Kind("Derivation", "gradcalc.render.pages.steps", "gradcalc.render.latex.steps:latex"),
    "ArraySteps": Kind("Derivation", "gradcalc.render.pages.array_steps", "gradcalc.render.latex.array_steps:latex"),
    "Quiz": Kind("Exercises", "gradcalc.render.lessons.quiz", "gradcalc.render.lessons.quiz:latex"),
    "CodeAudit": Kind("Audit", "gradcalc.render.pages.code_audit", "gradcalc.render.latex.code_audit:latex"),
    "CodeFormats": Kind("Audit in several number formats", "gradcalc.render.pages.code_formats"),
    "Mapped": Kind("Table", "gradcalc.render.pages.map"),
    "Several": Kind("Gradient at several points", "gradcalc.render.pages.several"),
    "Catalogue": Kind("Functions", "gradcalc.render.pages.catalogue"),
    "Described": Kind("Function", "gradcalc.render.pages.described"),
    "Course": Kind("Lessons", "gradcalc.render.pages.course", "gradcalc.render.pages.course:latex"),
    "Meaning": Kind("Meaning", "gradcalc.render.lessons.meaning"),
    "Meanings": Kind("Meanings", "gradcalc.render.lessons.meaning"),
    "Graph": Kind("Computational graph", "gradcalc.render.graph.graph", "gradcalc.render.latex.graph:latex"),
    "CodeGraph": Kind("Computational graph", "gradcalc.render.pages.code_graph"),
    "Sigmoid": Kind("The sigmoid function", "gradcalc.render.lessons.sigmoid", "gradcalc.render.lessons.sigmoid:latex"),
    "Accumulation": Kind("Accumulated gradients", "gradcalc.render.lessons.accumulation"),
    "Tracking": Kind("Gradient tracking", "gradcalc.render.lessons.tracking"),
    "Fit": Kind("One neuron", "gradcalc.render.lessons.neuron", "gradcalc.render.latex.neuron:latex"),
    "Predicted": Kind("Predictions", "gradcalc.render.lessons.predicted"),
}
LATEX = {name: kind.latex for name, kind in KINDS.items() if kind.latex is not None}
DOT = {"Graph": "gradcalc.render.graph.dot:render", "CodeGraph": "gradcalc.render.pages.code_graph:dot"}
MERMAID = {"Graph": "gradcalc.render.graph.mermaid:render", "CodeGraph": "gradcalc.render.pages.code_graph:mermaid"}
SVG = {
    "Sigmoid": "gradcalc.render.lessons.sigmoid:svg",
    "Graph": "gradcalc.render.graph.svg:render",
    "CodeGraph": "gradcalc.render.graph.svg:render",
}
FORMATS = {
    "terminal": Format("document", "gradcalc.render.terminal:render"),
    "uncoloured": Format("document", "gradcalc.render.terminal:uncoloured"),
    "printed": Format("document", "gradcalc.render.terminal:printed"),
    "plain": Format("document", "gradcalc.render.plain:render"),
    "json": Format("record", "gradcalc.render.json:render", "Print one JSON object."),
    "quiet": Format("quiet", help="Print the numbers alone, one a line.", letter="-q"),
    "latex": Format(help="Print LaTeX, for your notes.", pages=LATEX),
    "html": Format("document", "gradcalc.render.html.page:page", sheet=True),
    "fragment": Format("document", "gradcalc.render.html.page:fragment", sheet=True),  # of a page, as notebooks show
    "svg": Format(pages=SVG),
    "dot": Format(pages=DOT),
    "mermaid": Format(pages=MERMAID),
}


def text(result: object, name: str, digits: int | None = None) -> str:
    """A result in the format of a name; the numbers of a page to so many significant digits."""
    from gradcalc.render.document import Document, Sheet, readable  # here, as --help only wants the table

    form, kind = FORMATS[name], type(result).__name__
    if form.pages is not None:
        if kind not in form.pages:
            raise UsageError(f"there is no --{name} of this")
        page: str = load(form.pages[kind])(result)
        return page
    part = load(f"{KINDS[kind].page}:{form.part}")(result) if form.part else result
    shown: Any = readable(part) if isinstance(part, Document) else part
    if digits is not None:
        from gradcalc.render.rounding import rounded

        shown = rounded(shown, digits, str(getattr(result, "expression", "")))
    if form.sheet:
        shown = Sheet(KINDS[kind].title, result, shown, load(LATEX[kind])(result) if kind in LATEX else None)
    written: str = load(form.address)(shown) if form.address else shown
    return written
