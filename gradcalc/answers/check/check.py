"""A gradient worked out by hand, against the true one: at points of the domain, then by proof; or at one point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.check.at_point import at_point
from gradcalc.answers.check.everywhere import in_general, looked_at_closely
from gradcalc.answers.check.proposal import Gradient, Proposal, propose
from gradcalc.answers.check.records import Check, Finding, Judgement, Numbers
from gradcalc.answers.gradient.scalar import closed_forms, differentiated, reading
from gradcalc.answers.records import ClosedForm
from gradcalc.answers.trials.points import Sample, samples
from gradcalc.answers.trials.verify import verified_at
from gradcalc.base.errors import LimitError, PointError
from gradcalc.base.limits import Limits
from gradcalc.base.loading import load
from gradcalc.inputs.shapes import has_arrays
from gradcalc.problem.problem import Array, Problem, Value
from gradcalc.syntax.tree import Node

ARRAYS = "gradcalc.answers.check.arrays:array_findings"
PROVE = "gradcalc.engines.sympy.proof:prove"
SHARE = 0.25  # of the time, for the closed form and again for the proof
SEVERITY = list(Judgement)


def check(problem: Problem, gradient: Gradient, seconds: float, limits: Limits) -> Check:
    """Is the proposed gradient the gradient of the problem's function? At its point, where it has one.

    Raises a GradcalcError with the place in the gradient's text; PointError where no point of the domain is found.
    """
    proposals = propose(gradient, problem, limits)
    sizes: Mapping[str, int] = {}
    if problem.arrays or any(has_arrays(one.root) for one in proposals.values()):
        found, sizes = load(ARRAYS)(problem, proposals, seconds, limits)
    else:
        forms = closed_forms(problem, seconds * SHARE)
        found = findings(problem, proposals, forms, seconds * SHARE, limits)
    return Check(
        expression=problem.source,
        reading=reading(problem),
        function=problem.definitions[-1].name,
        sizes=sizes,
        at=None if problem.point is None else {name: _listed(value) for name, value in problem.point.items()},
        gradient=found,
        verdict=max((one.verdict for one in found.values()), key=SEVERITY.index),
    )


def _listed(value: Value) -> Numbers:
    """A number, or an array as nested lists."""
    return value.nested() if isinstance(value, Array) else value


def findings(
    problem: Problem,
    proposals: Mapping[str, Proposal],
    forms: Mapping[str, ClosedForm],
    seconds: float,
    limits: Limits,
    *,
    prove: bool = True,
) -> dict[str, Finding]:
    """The finding about each proposed partial derivative of a function of numbers.

    `forms` are the closed forms of the true partials. The search for points takes up to `seconds`, and so does the
    proof, where one is wanted.
    """
    trees = [proposal.root for proposal in proposals.values()]
    if problem.point is not None:
        truth = differentiated(problem)
        found = _samples_if_any(problem, trees)
        true = verified_at(found, forms, problem, limits)
        return {name: at_point(problem, truth, proposal, found, true[name]) for name, proposal in proposals.items()}
    found = samples(problem, trees, seconds)
    if not found:
        raise PointError("no point was found where the expression has a derivative", hint="name one with --at")
    true = verified_at(found, forms, problem, limits)
    general = {name: in_general(problem, proposal, found, true[name]) for name, proposal in proposals.items()}
    right = {name: proposals[name].root for name, one in general.items() if one.verdict is Judgement.RIGHT}
    proved = load(PROVE)(problem, right, seconds) if right and prove else ()
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
