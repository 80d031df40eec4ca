"""Jacobians and Hessians as LaTeX: the matrix of closed forms, or those in array terms."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.answers.matrices.records import Hessian, Jacobian
from gradcalc.render.latex.equations import Equation, Missing, aligned, formula, matrix, name, quotient, shapes_of

MOST_ENTRIES = 100


def jacobian(result: Jacobian) -> str:
    """`\\frac{\\partial f}{\\partial (x, y)}` as a matrix, or a form in array terms for each variable."""
    return aligned(_equations(result, 1))


def hessian(result: Hessian) -> str:
    """`\\nabla^{2} f` as a matrix, or a form in array terms for each variable."""
    return aligned(_equations(result, 2))


def _equations(result: Jacobian | Hessian, order: int) -> Iterator[Equation | Missing]:
    function, names = name(result.function), tuple(result.matrix.formulas)
    entries = result.matrix.entries
    variables = ", ".join(map(name, names))
    whole = (
        rf"\nabla^{{2}} {function}" if order == 2 else quotient(function, rf"\left({variables}\right)", partial=True)
    )
    if 0 < len(result.matrix.every) <= MOST_ENTRIES and all(one.formula for one in result.matrix.every):
        yield Equation(whole, (matrix([[formula(one.formula or "", names) for one in row] for row in entries]),))
        return
    for variable, text in result.matrix.formulas.items():
        left = quotient(function, name(variable), order, partial=len(names) > 1)
        if text is None:
            yield Missing(left, result.matrix.note or "no closed form in array terms")
        else:
            yield Equation(left, (formula(text, names, shapes_of(result.at, {})),))
