"""Proposed partial derivatives of a function of numbers, judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from gradcalc.answers.check.at_point import at_point
from gradcalc.answers.check.everywhere import in_general, looked_at_closely
from gradcalc.answers.check.proposal import Proposal
from gradcalc.answers.check.records import Finding, Judgement
from gradcalc.answers.trials.claims import confirm
from gradcalc.answers.trials.points import Sample, samples
from gradcalc.base.errors import LimitError, PointError
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node

SHARE = 0.25  # of the time, for each of the closed form, the search for points and the proof


def findings(
    question: Question, proposals: Mapping[str, Proposal], forms: Mapping[str, ClosedForm], *, prove: bool = True
) -> dict[str, Finding]:
    """The finding about each proposed partial derivative of a function of numbers.

    `forms` are the closed forms of the true partials. The proof is left out unless it is wanted.
    """
    problem = question.problem
    trees = [proposal.root for proposal in proposals.values()]
    if problem.point is not None:
        truth = ask.truth(problem)
        confirm(problem, truth.slopes)
        some = cache(partial(_samples_if_any, problem, trees))
        return {name: at_point(problem, truth, proposal, some, forms[name]) for name, proposal in proposals.items()}
    found = samples(problem, trees, question.clock.steps(SHARE))
    if not found:
        raise PointError("no point was found where the expression has a derivative", hint="name one with --at")
    general = {name: in_general(problem, proposal, found, forms[name]) for name, proposal in proposals.items()}
    right = {name: proposals[name].root for name, one in general.items() if one.verdict is Judgement.RIGHT}
    proved = ask.proof(problem, right, question.clock.steps(SHARE)) if right and prove else ()
    for name in right:
        one = general[name]
        general[name] = (
            replace(one, proved=True) if name in proved else looked_at_closely(one, problem, proposals[name], found)
        )
    return general


def _samples_if_any(problem: Problem, trees: Sequence[Node]) -> list[Sample]:
    """Points for a hint, which is not worth waiting for."""
    try:
        return samples(problem, trees)
    except LimitError:
        return []
