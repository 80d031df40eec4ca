"""SymPy: closed forms of the derivatives of a function that an equation defines."""

from __future__ import annotations

from functools import partial
from typing import Any

from gradcalc.calculus.forms.shortest import Forms
from gradcalc.engines.records import ClosedForm
from gradcalc.engines.sympy.closed_form import lowered, own_pieces, reason, shortest, symbol, written
from gradcalc.engines.sympy.derivative import derivative
from gradcalc.engines.sympy.text import to_tree
from gradcalc.problem.problem import Problem


def differentiate(problem: Problem) -> dict[str, tuple[ClosedForm, ...]]:
    """Closed forms of each derivative, or why there is none.

    Where the equation itself makes one shorter, that is the first, and one that does without it the second.
    """
    try:
        function, forms = lowered(problem.root), Forms(problem.root)
        return {name: _forms(function, name, problem, forms) for name in problem.wrt}
    except Exception as error:  # SymPy stumbles over some expressions with errors of every kind
        return dict.fromkeys(problem.wrt, (ClosedForm(None, reason(error)),))


def _forms(function: Any, name: str, problem: Problem, forms: Forms) -> tuple[ClosedForm, ...]:
    """The forms of the derivative by one name: where F stays 0, dy/dx is -F_x/F_y, and so on from order to order."""
    assert problem.of is not None
    by, of = symbol(name), symbol(problem.of)
    across, upward = derivative(function, by), derivative(function, of)
    slope = current = own_pieces(-across / upward)
    for order in range(2, problem.order + 1):
        if order == 2:  # over one denominator, which derives to shorter forms
            changes = (derivative(across, by) * upward**2, -2 * derivative(across, of) * across * upward)
            current = -(sum(changes) + derivative(upward, of) * across**2) / upward**3
        else:
            current = derivative(current, by) + derivative(current, of) * slope
        current = own_pieces(current)
    anywhere = written(lambda: shortest(to_tree(current), forms.shortest))
    if anywhere.root is None or problem.order == 1:  # of the slope, people want the form that the rule gives
        return (anywhere,)
    here = written(partial(shortest, anywhere.root, partial(forms.on_curve, equation=problem.root)))
    return (anywhere,) if here.text in (None, anywhere.text) else (here, anywhere)
