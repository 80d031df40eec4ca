"""A check as LaTeX: the true derivative beside the proposed one, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.answers.check.records import Check, Judgement
from gradcalc.problem.problem import nameless
from gradcalc.render.latex.equations import Equation, Missing, aligned, formula, name, quotient


def latex(result: Check) -> str:
    """For each variable the proposed derivative and what was found of it, and the true one where it was wrong."""
    return aligned(_equations(result))


def _equations(result: Check) -> Iterator[Equation | Missing]:
    function = name(result.function or nameless(result.gradient))
    for one in result.gradient.values():
        left = quotient(function, name(one.name), partial=len(result.gradient) > 1)
        remark = str(one.verdict) if one.letter is None else f"{one.verdict}, with ${_letter(one.letter)}$"
        yield Equation(left, (formula(one.proposed, result.gradient),), remark)
        if one.verdict is Judgement.RIGHT:
            continue
        if one.formula is None:
            yield Missing(left, one.note or "no closed form")
        else:
            yield Equation(left, (formula(one.formula, result.gradient),), "true")


def _letter(text: str) -> str:
    """`s = sigmoid(z)` as LaTeX."""
    letter, part = text.split(" = ", 1)
    return f"{name(letter)} = {formula(part)}"
