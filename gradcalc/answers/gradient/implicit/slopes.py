"""The true slopes of a curve: -F_x/F_y where both are smooth, and what else a point may be in words."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from gradcalc.answers.trials.claims import unconfirmed
from gradcalc.base.real import Real
from gradcalc.base.words import brief, place
from gradcalc.calculus.implicit import implicit
from gradcalc.calculus.reverse import derivative
from gradcalc.calculus.simplify import build
from gradcalc.engines import ask
from gradcalc.engines.records import Slope, Smoothness, Truth
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, Node, number, substitute

NEARLY = Fraction(1, 2**80)  # beside 1, a slope that counts as 0
CORNER = "a part of the equation has a corner or an edge here, and what that does to the curve is not worked out"
FOLD = "the curve turns back here, near this point {of} is not a function of {name}"
BEFORE = "the derivative of order {order} does not exist here"
CROSSING = "the curve crosses itself here, with the slopes {slopes}: {of} is not one function of {name}"
ISOLATED = "the point is isolated: no curve goes through it"
SINGULAR = (
    "both partial derivatives are 0 here, a singular point: a cusp, or branches that touch; the equation's first and "
    "second derivatives do not tell a slope"
)
LINE = "t"


def slopes(problem: Problem, truth: Truth) -> dict[str, Slope]:
    """The derivative of the problem's order by each variable; `truth` has the partial derivatives of its equation."""
    return {name: _slope(problem, name, truth) for name in problem.wrt}


def _slope(problem: Problem, name: str, truth: Truth) -> Slope:
    assert problem.of is not None
    by, of = truth.slopes[name], truth.slopes[problem.of]
    first = _first(problem, name, by, of)
    if problem.order == 1 or first.smoothness in (Smoothness.UNDEFINED, Smoothness.UNDECIDED):
        return first
    if first.smoothness is Smoothness.SMOOTH and first.magnitude is not None:
        return _higher(problem, name)
    if first.smoothness in (Smoothness.INFINITE, Smoothness.KINK):
        return Slope(Smoothness.UNDEFINED, why=BEFORE.format(order=1))
    return Slope(Smoothness.UNDECIDED, why=CORNER)


def _first(problem: Problem, name: str, by: Slope, of: Slope) -> Slope:
    """The first derivative, from the partial ones by the variable and by the dependent one."""
    for kind in (Smoothness.UNDEFINED, Smoothness.UNDECIDED):
        for one in (by, of):
            if one.smoothness is kind:
                return replace(one, left=None, right=None)
    if of.smoothness is Smoothness.INFINITE:
        known = by.smoothness is Smoothness.SMOOTH and _sign(by.value) != 0
        return Slope(Smoothness.SMOOTH, ask.value(number(0), {})) if known else Slope(Smoothness.UNDECIDED, why=CORNER)
    if of.smoothness is Smoothness.KINK:
        return _folded(problem, name, by, of)
    if of.smoothness is Smoothness.EDGE:
        return Slope(Smoothness.UNDECIDED, why=CORNER)
    if _sign(of.value) == 0:
        return _upright(problem, name, by)
    if by.smoothness is Smoothness.INFINITE:
        return Slope(Smoothness.INFINITE, left=_limit(by.left, of.value), right=_limit(by.right, of.value))
    if by.smoothness is Smoothness.KINK:
        return _kink(problem, name, _quotient(by.left, of.value), _quotient(by.right, of.value))
    return Slope(
        by.smoothness,
        _quotient(by.value, of.value),
        left=_quotient(by.left, of.value),
        right=_quotient(by.right, of.value),
        magnitude=None if None in (by.magnitude, of.magnitude) else _size(by.magnitude, of.value),
    )


def _higher(problem: Problem, name: str) -> Slope:
    """A derivative of higher order, where all is smooth; its size is that of the two terms that it is the sum of."""
    assert problem.of is not None
    last = implicit(problem.root, problem.of, name, problem.order)[-1]
    value = ask.value(last, problem.numbers)
    terms = last.arguments if isinstance(last, Call) and last.function in ("add", "sub") else (last,)
    sizes = [one for term in terms if (one := ask.value(build("abs", term), problem.numbers)) is not None]
    largest = max(sizes, key=lambda one: one.fraction() or Fraction(0), default=value)
    return Slope(Smoothness.SMOOTH, value, magnitude=largest)


def _sign(value: Real | None) -> int:
    return 0 if value is None or value.mantissa == 0 else 1 if value.mantissa > 0 else -1


def _quotient(above: Real | None, below: Real | None) -> Real | None:
    """-above/below; None where one is missing."""
    one, other = (None if value is None else value.fraction() for value in (above, below))
    if one is None or not other:
        return None
    return ask.value(number(-one / other), {})


def _size(above: Real | None, below: Real | None) -> Real | None:
    found = _quotient(above, below)
    exact = None if found is None else found.fraction()
    return None if exact is None else ask.value(number(abs(exact)), {})


def _limit(side: Real | None, below: Real | None) -> Real | None:
    """The infinity that an infinite partial derivative makes of the slope."""
    return None if side is None else Real.infinity(-_sign(side) * _sign(below))


# -- where there is no one slope


def _upright(problem: Problem, name: str, by: Slope) -> Slope:
    """The slope where the derivative by the dependent variable is 0."""
    if by.smoothness is Smoothness.INFINITE or (by.smoothness is Smoothness.SMOOTH and _sign(by.value) != 0):
        return Slope(Smoothness.INFINITE)
    if by.smoothness is not Smoothness.SMOOTH or by.magnitude is None:
        return Slope(Smoothness.UNDECIDED, why=CORNER)
    return _singular(problem, name)


def _singular(problem: Problem, name: str) -> Slope:
    """What a point is where both partial derivatives are 0: by the second ones."""
    of = problem.of
    assert of is not None
    across, upward = derivative(problem.root, name, 1), derivative(problem.root, of, 1)
    pairs = ((across, name), (across, of), (upward, of))
    second = [ask.value(derivative(tree, by, 1), problem.numbers) for tree, by in pairs]
    xx, xy, yy = (None if one is None else one.fraction() for one in second)
    if xx is None or xy is None or yy is None:
        return Slope(Smoothness.UNDECIDED, why=SINGULAR)
    spread = xy**2 - xx * yy
    if abs(spread) <= NEARLY * (xy**2 + abs(xx * yy)):
        return Slope(Smoothness.UNDECIDED, why=SINGULAR)
    if spread < 0:
        return Slope(Smoothness.UNDEFINED, why=ISOLATED)
    if yy == 0:
        directions = ["vertical", brief(float(-xx / (2 * xy)))]
    else:
        root = math.sqrt(spread)
        directions = [brief((-float(xy) + side * root) / float(yy)) for side in (-1, 1)]
    return Slope(Smoothness.UNDEFINED, why=CROSSING.format(slopes=" and ".join(directions), of=of, name=name))


def _folded(problem: Problem, name: str, by: Slope, of: Slope) -> Slope:
    """The slope where the equation has a corner along the dependent variable."""
    below, above = _sign(of.left), _sign(of.right)
    if by.smoothness is not Smoothness.SMOOTH or below * above == 0 or _sign(by.value) == 0:
        return Slope(Smoothness.UNDECIDED, why=CORNER)
    if below != above:
        return Slope(Smoothness.UNDEFINED, why=FOLD.format(of=problem.of, name=name))
    rising = -_sign(by.value) * above > 0
    left, right = (of.left, of.right) if rising else (of.right, of.left)
    return _kink(problem, name, _quotient(by.value, left), _quotient(by.value, right))


def _kink(problem: Problem, name: str, left: Real | None, right: Real | None) -> Slope:
    """A corner of the curve, if the equation holds along both sides of it."""
    sides = ((left, -1), (right, 1))
    if left is None or right is None or not all(_holds(problem, name, one, side) for one, side in sides):
        return Slope(Smoothness.UNDECIDED, why=CORNER)
    if left.same(right):
        return Slope(Smoothness.SMOOTH, left)
    return Slope(Smoothness.KINK, left=left, right=right)


def require_held(problem: Problem, name: str, slope: Slope) -> None:
    """Raises InternalError where the equation changes along a slope that torch is to be measured by."""
    if slope.by_rules is not None and not _holds(problem, name, slope.value, 1):
        raise unconfirmed({name: slope}, place(problem.numbers))


def _holds(problem: Problem, name: str, slope: Real | None, side: int) -> bool:
    """Does the equation change by nothing, to first order, along a slope to one side of the point?"""
    rate = None if slope is None else slope.fraction()
    assert problem.of is not None
    if rate is None:
        return False
    moved: dict[str, Node] = {one: number(Fraction(value)) for one, value in problem.numbers.items()}
    for one, factor in ((name, Fraction(1)), (problem.of, rate)):
        moved[one] = Call("add", (moved[one], Call("mul", (number(factor), Name(LINE)))))
    line = problem.of_numbers(substitute(problem.root, moved), (LINE,), (LINE,), {LINE: 0.0})
    found = ask.truth(replace(line, of=None, order=1)).slopes[LINE]
    change = found.value or (found.left if side < 0 else found.right)
    exact = None if change is None else change.fraction()
    return exact is not None and abs(exact) <= NEARLY * (1 + abs(rate))
