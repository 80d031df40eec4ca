"""The cause of a wrong derivative or value: what torch has wrong, and what has to be exact for it to come out right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from gradcalc.answers.compare import within
from gradcalc.answers.diagnosis.absorption import absorbed
from gradcalc.answers.diagnosis.cause import Cause, Numbers, Stage, bad_bits, lost_bits, rounding_of
from gradcalc.answers.diagnosis.counterfactual import Right, spoiling
from gradcalc.answers.diagnosis.decisions import decided_by
from gradcalc.answers.diagnosis.seen import Seen
from gradcalc.answers.verdicts import Reason
from gradcalc.base.real import Real, fraction
from gradcalc.engines import ask
from gradcalc.engines.records import Kind, Part, Slope
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.syntax.tree import Call, number

if TYPE_CHECKING:
    from gradcalc.engines.exact.replay import Replay

MOST_OTHERS = 2  # causes that are told beside the first
ROUNDED = (Reason.CANCELLATION, Reason.PRECISION)


def found(problem: Problem, slope: Slope, tolerance: Tolerance) -> Cause | None:
    """The cause of torch's wrong first derivative by the problem's one name, or without a name of its wrong value.

    Where all comes out right once no exponent is out of bounds, the first wrong number is to blame: it was. Where it
    does not, it is the part that must be exact. None where torch's own steps do not show what is wrong.
    """
    form = problem.format

    def right(result: Real | None) -> bool:
        if result is None or slope.value is None:
            return False
        same = result.equals(slope.value, Fraction(tolerance.rtol))
        return same or within(slope, result.nearest(form), tolerance, form)

    numbers = ask.traced(problem)
    replay = ask.replay(problem, ask.own_functions())
    seen = Seen(problem.root, problem.wrt, replay.truth(), numbers, form)
    outcome = seen.outcome()
    if math.isfinite(outcome) and within(slope, outcome, tolerance, form):
        return None
    regular = slope.magnitude is not None
    first = seen.first_wrong()
    if regular and right(replay.run()):
        return _joined(first, numbers, problem)
    parts = _parts(replay, seen, lambda exact: right(replay.run(exact))) if regular else []
    if not math.isfinite(outcome) and (beyond := [one for one in first if one.kind not in ROUNDED or not parts]):
        parts = [*beyond, *parts]
    return _joined(parts, numbers, problem)


def _parts(replay: Replay, seen: Seen, right: Right) -> list[Cause]:
    """The parts that have to be exact, as causes."""
    parts = replay.parts()
    likely = [part for part in parts if _shows(part, replay, seen)]
    causes = [_cause(part, replay, seen) for part in spoiling(parts, likely, right)]
    if len(causes) == 1 and causes[0].kind is Reason.UNDERFLOW:  # without bounds on the exponent it is wrong as well
        return [replace(causes[0], kind=rounding_of(causes[0].node))]
    return causes


def _shows(part: Part, replay: Replay, seen: Seen) -> bool:
    """Is this where torch's own numbers begin to be wrong?"""
    if part.kind is Kind.FLOW:
        condition = seen.meeting(replay.nodes(part), *replay.meeting(part)).condition
        return condition is not None and math.log2(condition) > seen.bad
    nodes = {id(node) for node in replay.nodes(part)}
    if part.kind is Kind.VALUE:
        return any(id(node) in nodes for node in seen.first_values())
    healthy = nodes - seen.wrong
    return any(id(node) in healthy and node.arguments[part.place] is child for node, child in seen.passages())


def _cause(part: Part, replay: Replay, seen: Seen) -> Cause:
    nodes = replay.nodes(part)
    if part.kind is Kind.VALUE:
        value = max(map(seen.value, nodes), key=lambda cause: cause.lost_digits)
        return value if _shows(part, replay, seen) else seen.rounded(value.node)
    if part.kind is Kind.FLOW:
        return seen.meeting(nodes, *replay.meeting(part))
    passages = [seen.passage(node, node.arguments[part.place]) for node in nodes if isinstance(node, Call)]
    return max(passages, key=lambda cause: (cause.lost_digits, _magnitude(cause)))


def _magnitude(cause: Cause) -> Fraction:
    """The size of the true number."""
    return abs(fraction(cause.true) or Fraction(0))


def _joined(causes: Sequence[Cause], numbers: Numbers, problem: Problem) -> Cause | None:
    """The first of the causes, with the next few."""
    told: list[Cause] = []
    for cause in causes:
        if not any(cause.node == other.node and cause.stage is other.stage for other in told):
            told.append(_explained(cause, numbers, problem))
    if not told:
        return None
    return replace(told[0], others=tuple(told[1 : 1 + MOST_OTHERS]))


def _explained(cause: Cause, numbers: Numbers, problem: Problem) -> Cause:
    """A wrong value with what made it wrong."""
    if decided := decided_by(cause, numbers, problem):
        return replace(cause, decided=decided)
    if cause.stage is not Stage.FORWARD or cause.kind not in ROUNDED or not isinstance(cause.node, Call):
        return cause
    if cause.lost_digits <= 1:  # right but for rounding
        return cause
    magnified = cause.kind is Reason.PRECISION and _magnified(cause.node, cause.autograd, numbers, problem)
    return replace(cause, magnified=magnified, absorbed=absorbed(cause, numbers, problem))


def _magnified(node: Call, found: float, numbers: Numbers, problem: Problem) -> bool:
    """Does the operation itself do well, given the rounded numbers that it got, or has it no value there?"""
    given = [numbers[id(argument)][0] for argument in node.arguments]
    if not all(map(math.isfinite, given)):
        return False
    rounded = Call(node.function, tuple(number(Fraction(value)) for value in given))
    true = ask.value(rounded, {})
    return true is None or lost_bits(true, found, problem.format) <= bad_bits(problem.format)
