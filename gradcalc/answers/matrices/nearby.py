"""Does a point that is not critical lie as near to one as its numbers allow?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gradcalc.answers.matrices.outputs import Outputs
from gradcalc.base.real import Real, fraction
from gradcalc.engines import ask
from gradcalc.engines.records import Truth

MOST = 8  # components of the point
SMALLER = Fraction(1, 100)  # what is left of the gradient after the step


def lies_nearby(found: Outputs, truths: Sequence[Truth]) -> bool:
    """Does Newton's step to where the gradient is zero stay within the spacing of the point's numbers?

    It has to lead there: the gradient behind it is a hundredth of what it was, or less.
    """
    slopes = _fractions([truth.value for truth in truths])
    rows = [_fractions([slope.value for slope in truth.slopes.values()]) for truth in truths]
    seconds = [[second for second in row if second is not None] for row in rows]
    assert found.whole is not None
    point = found.whole.numbers
    if len(truths) > MOST or None in slopes or rows != seconds or set(found.columns) - set(point):
        return False
    step = ask.solve(seconds, [-slope for slope in slopes if slope is not None])
    if step is None:
        return False
    form = found.whole.format
    if any(abs(one) > form.ulp(point[name]) for one, name in zip(step, found.columns, strict=True)):
        return False
    moved = {name: Fraction(value) for name, value in point.items()}
    moved |= {name: moved[name] + one for name, one in zip(found.columns, step, strict=True)}
    behind = _fractions([ask.value(problem.root, moved) for problem in found.problems])
    largest = max(abs(slope) for slope in slopes if slope is not None)
    return all(slope is not None and abs(slope) <= SMALLER * largest for slope in behind)


def _fractions(reals: Sequence[Real | None]) -> list[Fraction | None]:
    return list(map(fraction, reals))
