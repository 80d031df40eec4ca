"""Proposed derivatives of a function that an equation defines, beside the true ones at points of its curve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import TypeAlias

from gradcalc.answers.check.everywhere import counterexample, without_value
from gradcalc.answers.check.proposal import Proposal
from gradcalc.answers.check.records import Finding, Judgement
from gradcalc.answers.gradient.implicit.curve import points_on, position
from gradcalc.answers.gradient.implicit.forms import OUT_OF_SIGHT
from gradcalc.answers.gradient.implicit.slopes import slopes
from gradcalc.base.errors import LimitError, PointError
from gradcalc.base.real import Real
from gradcalc.calculus.implicit import implicit
from gradcalc.calculus.simplify import build
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, Slope, Smoothness
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node, number

Point: TypeAlias = Mapping[str, Fraction] | Mapping[str, float]
PARTLY = "it is right at {held} of {all} points of the curve: on a part of it"
WANTED = 6  # points of the curve
SLIPS: dict[str, Callable[[Node], Node]] = {  # what a proposed derivative may be instead of the true one
    "the sign is wrong": lambda true: build("neg", true),
    "the quotient is upside down": lambda true: build("div", number(1), true),
    "the quotient is upside down, and its sign is wrong": lambda true: build("neg", build("div", number(1), true)),
}


def implicit_findings(
    question: Question, proposals: Mapping[str, Proposal], forms: Mapping[str, ClosedForm]
) -> dict[str, Finding]:
    """The finding about each proposed derivative; at the problem's point, where it has one.

    Raises PointError where the point is not on the curve, and where no point of the curve is found.
    """
    problem = question.problem
    if problem.point is not None:
        truth = ask.truth(replace(problem, wrt=(*problem.wrt, str(problem.of)), order=1))
        if truth.value is not None:
            position(problem, truth)
        true = slopes(problem, truth)
        return {name: _at_point(problem, true[name], one, forms[name]) for name, one in proposals.items()}
    points = list(islice(points_on(problem), WANTED))
    if not points:
        raise PointError("no point of the curve was found", hint="name one with --at")
    return {name: _on_curve(problem, points, one, forms[name]) for name, one in proposals.items()}


def _at_point(problem: Problem, slope: Slope, proposal: Proposal, form: ClosedForm) -> Finding:
    """The finding at one point."""
    finding = Finding(proposal.name, proposal.text, form.text, Judgement.RIGHT, points=1)
    if slope.smoothness is Smoothness.UNDECIDED:
        return replace(finding, verdict=Judgement.UNDECIDED, hint=slope.why)
    proposed = ask.value(proposal.root, problem.numbers)
    true = None if slope.value is None or slope.value.infinite else slope.value
    if true is not None and proposed is not None and proposed.same(true):
        return finding
    finding = replace(finding, counterexample=counterexample(problem.numbers, proposed, true))
    if true is None or proposed is None:
        why = (
            without_value(proposal, problem.numbers)
            if true is not None
            else slope.why or "the tangent is vertical there"
        )
        return replace(finding, verdict=Judgement.UNDEFINED, hint=why)
    return replace(finding, verdict=Judgement.WRONG, hint=_slip(problem, proposal, [problem.numbers]))


def _on_curve(problem: Problem, points: list[dict[str, Fraction]], proposal: Proposal, form: ClosedForm) -> Finding:
    """The finding from points of the curve."""
    tree = _true(problem, proposal.name)
    pairs = [(point, *values) for point in points if (values := _values(proposal.root, tree, point)) is not None]
    finding = Finding(proposal.name, proposal.text, form.text, Judgement.RIGHT, points=len(pairs))
    for point, proposed, true in pairs:
        if proposed is None or not _same(proposed, true):
            shown = {name: float(value) for name, value in point.items()}
            example = counterexample(shown, proposed, true)
            if proposed is None:
                return replace(finding, verdict=Judgement.UNDEFINED, counterexample=example)
            held = sum(other is not None and _same(other, own) for _, other, own in pairs)
            hint = _slip(problem, proposal, points) or (PARTLY.format(held=held, all=len(pairs)) if held else None)
            return replace(finding, verdict=Judgement.WRONG, counterexample=example, hint=hint)
    return finding


def _true(problem: Problem, name: str) -> Node:
    assert problem.of is not None
    return implicit(problem.root, problem.of, name, 1)[0]


def _values(
    proposed: Node, tree: Node, point: Mapping[str, Fraction] | Mapping[str, float]
) -> tuple[Real | None, Real] | None:
    """The proposed and the true value; None where there is no true one."""
    try:
        found, true = ask.values([proposed, tree], point)
    except LimitError:
        return None
    return None if true is None else (found, true)


def _same(one: Real, other: Real) -> bool:
    return one.same(other) or all(abs(value.fraction() or Fraction(0)) < OUT_OF_SIGHT for value in (one, other))


def _slip(
    problem: Problem, proposal: Proposal, points: list[dict[str, Fraction]] | list[Mapping[str, float]]
) -> str | None:
    """The one slip that explains the proposed derivative at every point."""
    true = _true(problem, proposal.name)
    for slip, of in SLIPS.items():
        pairs = [_values(proposal.root, of(true), point) for point in points]
        if all(pair is not None and pair[0] is not None and _same(pair[0], pair[1]) for pair in pairs):
            return slip
    return None
