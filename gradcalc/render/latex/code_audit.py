"""The formula that code computes, and its gradient, as LaTeX."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.answers.audit.records import CodeAudit, CodeFormula
from gradcalc.render.latex.comparison import derivatives, function, where
from gradcalc.render.latex.equations import Equation, Missing, aligned, commented


def latex(result: CodeAudit) -> str:
    """The function and each derivative of it; a comment where there is no formula."""
    found = result.formula or CodeFormula(absent="second derivatives have no formula here")
    return commented(() if found.shown is None else found.shown.remarks) + aligned(lines(found))


def lines(found: CodeFormula) -> Iterator[Equation | Missing]:
    """The equations, one by one."""
    if found.shown is None:
        yield Missing("f", found.absent or "")
        return
    shown = found.shown
    yield function(shown)
    yield from where(shown)
    yield from derivatives(shown)
