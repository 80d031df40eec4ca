"""A proposed derivative at one point, kinks and edges included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from gradcalc.answers.check.everywhere import counterexample, hint_from, pairs_at, rounded, without_value
from gradcalc.answers.check.proposal import Proposal
from gradcalc.answers.check.records import Finding, Judgement
from gradcalc.answers.compare import blamed
from gradcalc.answers.trials.points import Sample
from gradcalc.base.words import brief
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, Slope, Smoothness, Truth
from gradcalc.problem.problem import Problem


def at_point(
    problem: Problem, truth: Truth, proposal: Proposal, found: Callable[[], Sequence[Sample]], form: ClosedForm
) -> Finding:
    """The finding at the problem's point, where `truth` holds; the points of `found` serve the hint alone.

    Raises LimitError where the proposed derivative is too large to compute.
    """
    slope = truth.slopes[proposal.name]
    proposed = ask.value(proposal.root, problem.numbers)
    true = None if slope.value is None or slope.value.infinite else slope.value
    finding = Finding(proposal.name, proposal.text, form.text, Judgement.RIGHT, points=1, note=form.note)
    if slope.smoothness is Smoothness.UNDECIDED:
        return replace(finding, verdict=Judgement.UNDECIDED, hint=slope.why)
    if true is not None and proposed is not None and proposed.same(true):
        return finding
    finding = replace(finding, counterexample=counterexample(problem.numbers, proposed, true))
    if true is None:
        return replace(finding, verdict=Judgement.UNDEFINED, hint=_no_slope(slope, truth, problem))
    if proposed is None:
        return replace(finding, verdict=Judgement.UNDEFINED, hint=without_value(proposal, problem.numbers))
    sentence = hint_from(problem, proposal, list(pairs_at(found(), proposal)))
    return replace(finding, verdict=Judgement.WRONG, hint=sentence)


def _no_slope(slope: Slope, truth: Truth, problem: Problem) -> str:
    """Why there is no derivative."""
    if truth.value is None and slope.blame is not None:
        return f"`{blamed(slope.blame, problem.source).text}` has no real value there"
    if slope.smoothness is Smoothness.KINK:
        sides = f"{brief(rounded(slope.left))} on the left and {brief(rounded(slope.right))} on the right"
        return f"the graph has a corner there: its slope is {sides}"
    if slope.smoothness is Smoothness.INFINITE:
        return "the tangent is vertical there"
    return f"there is no derivative: {slope.why}"
