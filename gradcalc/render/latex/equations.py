"""A comparison as LaTeX: one equation for each derivative, to put into notes."""

from __future__ import annotations

from gradcalc.answers.records import Comparison
from gradcalc.base.limits import current
from gradcalc.problem.resolve import read
from gradcalc.render.latex.trees import to_latex
from gradcalc.render.pages.comparison import name_of
from gradcalc.syntax.tree import Name


def equations(result: Comparison) -> str:
    """`\\frac{\\partial f}{\\partial x} = …` for each variable, a line each; where there is no form, a comment."""
    names = tuple(result.gradient)
    function = to_latex(Name(name_of(result)))
    sign = "\\partial" if len(names) > 1 else "d"
    power = f"^{{{result.order}}}" if result.order > 1 else ""
    lines = []
    for name, row in result.gradient.items():
        variable = to_latex(Name(name))
        derivative = f"\\frac{{{sign}{power} {function}}}{{{sign} {variable}{power}}}"
        if row.formula is None:
            lines.append(f"% {derivative}: {row.note or 'no closed form'}\n")
            continue
        lines.append(f"{derivative} = {to_latex(read(row.formula, current(), names).root)}\n")
    return "".join(lines)
