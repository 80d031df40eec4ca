"""Points of a Lagrangian, `f - lam*g`: what each is where the constraint holds, by the bordered Hessian.

Its eigenvalues are those of the Hessian along the constraints, and for each multiplier one of either sign. Source:
Magnus and Neudecker, Matrix Differential Calculus, 2019, section 7.13.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcalc.answers.matrices.records import Critical
from gradcalc.base.words import listed
from gradcalc.calculus.simplify import rational
from gradcalc.syntax.tree import Node

MULTIPLIER = re.compile(r"(?:lam|lambda|λ|mu|μ|nu|ν)(?:_?\d+)?")
ONE = "`{}` is taken for a Lagrange multiplier"
MORE = "{} are taken for Lagrange multipliers"
SADDLES = ": of the Lagrangian itself these points are saddles"


def multipliers(names: Sequence[str], second: Sequence[Sequence[Node]]) -> list[str]:
    """The variables that are called as multipliers are, where the function is linear in all of them together."""
    places = [place for place, name in enumerate(names) if MULTIPLIER.fullmatch(name)]
    linear = all(rational(second[i][j]) == 0 for i in places for j in places)
    return [names[place] for place in places] if linear and len(places) < len(names) / 2 else []


def along(signs: tuple[int, int], count: int) -> Critical | None:
    """What a point is along the constraints, by the numbers of negative and positive eigenvalues."""
    negative, positive = (one - count for one in signs)
    if not negative and not positive:
        return None
    return Critical.SADDLE if negative and positive else Critical.MAXIMUM if negative else Critical.MINIMUM


def told(names: Sequence[str]) -> str:
    """What is said of multipliers."""
    return (ONE.format(*names) if len(names) == 1 else MORE.format(listed(names))) + SADDLES
