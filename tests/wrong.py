"""Deliberately wrong engines: whatever compares must catch them."""

from __future__ import annotations

import dataclasses
import math

from gradcalc.engines.exact import truth
from gradcalc.engines.records import Autograd, ClosedForm, Slope, Smoothness, Truth
from gradcalc.engines.sympy import closed_form
from gradcalc.engines.torch import autograd
from gradcalc.problem.problem import Problem


def slightly_off(problem: Problem) -> Autograd:
    """autograd, a millionth too large."""
    right = autograd.differentiate(problem)
    return Autograd(right.value, {name: right.number(name) * (1 + 1e-6) for name in right.gradient})


def opposite(problem: Problem) -> Autograd:
    """autograd with the other sign."""
    right = autograd.differentiate(problem)
    return Autograd(right.value, {name: -right.number(name) for name in right.gradient})


def silent(problem: Problem) -> Autograd:
    """An autograd that knows of no variable."""
    return Autograd(0.0, {})


def nothing(problem: Problem) -> Autograd:
    """autograd that gives nan."""
    return Autograd(math.nan, dict.fromkeys(problem.wrt, math.nan))


def doubled(problem: Problem) -> dict[str, ClosedForm]:
    """Closed forms twice as large."""
    return {name: ClosedForm(f"2*({form.text})") for name, form in closed_form.differentiate(problem).items()}


def unreadable(problem: Problem) -> dict[str, ClosedForm]:
    """Closed forms in some other language."""
    return dict.fromkeys(problem.wrt, ClosedForm("Derivative(f(x), x)"))


def everywhere_a_kink(problem: Problem) -> Truth:
    """A truth with corners where there are none."""
    right = truth.differentiate(problem)
    slopes = {name: dataclasses.replace(slope, smoothness=Smoothness.KINK) for name, slope in right.slopes.items()}
    return Truth(right.value, slopes)


def nowhere_defined(problem: Problem) -> Truth:
    """A truth without a value."""
    return Truth(None, dict.fromkeys(problem.wrt, Slope(Smoothness.UNDEFINED, why="it is not")))
