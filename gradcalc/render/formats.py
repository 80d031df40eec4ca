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


LATEX = {
    "Comparison": "gradcalc.render.latex.comparison:latex",
    "Jacobian": "gradcalc.render.latex.matrices:jacobian",
    "Hessian": "gradcalc.render.latex.matrices:hessian",
    "Check": "gradcalc.render.latex.check:latex",
    "Graph": "gradcalc.render.latex.graph:latex",
    "Steps": "gradcalc.render.latex.steps:latex",
    "ArraySteps": "gradcalc.render.latex.array_steps:latex",
    "Quiz": "gradcalc.render.lessons.quiz:latex",
    "Typeset": "gradcalc.render.latex.code:quiet",
    "Course": "gradcalc.render.pages.course:latex",
    "Sigmoid": "gradcalc.render.lessons.sigmoid:latex",
    "Fit": "gradcalc.render.latex.neuron:latex",
    "CodeAudit": "gradcalc.render.latex.code_audit:latex",
}
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
PAGES = {  # modules with the functions `document`, `record` and `quiet`
    "Comparison": "gradcalc.render.pages.comparison",
    "Formats": "gradcalc.render.pages.formats",
    "Ranges": "gradcalc.render.pages.ranges",
    "Jacobian": "gradcalc.render.pages.jacobian",
    "Hessian": "gradcalc.render.pages.hessian",
    "CriticalPoints": "gradcalc.render.pages.critical",
    "Check": "gradcalc.render.pages.check",
    "Code": "gradcalc.render.pages.code",
    "LinePlot": "gradcalc.render.pages.plot",
    "SurfacePlot": "gradcalc.render.pages.plot",
    "Typeset": "gradcalc.render.latex.code",
    "Steps": "gradcalc.render.pages.steps",
    "ArraySteps": "gradcalc.render.pages.array_steps",
    "Quiz": "gradcalc.render.lessons.quiz",
    "CodeAudit": "gradcalc.render.pages.code_audit",
    "CodeFormats": "gradcalc.render.pages.code_formats",
    "Mapped": "gradcalc.render.pages.map",
    "Several": "gradcalc.render.pages.several",
    "Catalogue": "gradcalc.render.pages.catalogue",
    "Described": "gradcalc.render.pages.described",
    "Course": "gradcalc.render.pages.course",
    "Meaning": "gradcalc.render.lessons.meaning",
    "Meanings": "gradcalc.render.lessons.meaning",
    "Graph": "gradcalc.render.graph.graph",
    "CodeGraph": "gradcalc.render.pages.code_graph",
    "Sigmoid": "gradcalc.render.lessons.sigmoid",
    "Accumulation": "gradcalc.render.lessons.accumulation",
    "Tracking": "gradcalc.render.lessons.tracking",
    "Fit": "gradcalc.render.lessons.neuron",
    "Predicted": "gradcalc.render.lessons.predicted",
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
    part = load(f"{PAGES[kind]}:{form.part}")(result) if form.part else result
    shown: Any = readable(part) if isinstance(part, Document) else part
    if digits is not None:
        from gradcalc.render.rounding import rounded

        shown = rounded(shown, digits, str(getattr(result, "expression", "")))
    if form.sheet:
        shown = Sheet(result, shown, load(LATEX[kind])(result) if kind in LATEX else None)
    written: str = load(form.address)(shown) if form.address else shown
    return written
