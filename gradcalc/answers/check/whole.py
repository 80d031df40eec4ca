"""A proposed gradient by arrays of a function that no formula in numbers stands for: checked on whole arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.check.everywhere import counterexample
from gradcalc.answers.check.proposal import Proposal
from gradcalc.answers.check.records import CounterExample, Finding, Judgement
from gradcalc.answers.trials.whole import points
from gradcalc.arrays.array import Value, nested, nested_of
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape, text
from gradcalc.base.errors import LimitError, ShapeError
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.engines.records import ArrayTruth, ClosedForm, Slope, Smoothness
from gradcalc.problem.problem import Problem

NO_SLOPE = "there is no derivative here"
NO_VALUE = "what was proposed has no value here"
Compared = tuple[Slope, Real | None]


def whole_findings(
    problem: Problem, proposals: Mapping[str, Proposal], forms: Mapping[str, ClosedForm]
) -> dict[str, Finding]:
    """The finding about each partial, at the problem's point or at some of our own.

    Raises ShapeError where a partial has not the shape of its variable, LimitError where the numbers get too large.
    """
    for proposal in proposals.values():
        _require_shape(proposal, problem)
    found: dict[str, Finding] = {}
    for point in points(problem) if problem.point is None else [problem.point]:
        try:
            truth = ask.array_truth(replace(problem, point=point))
        except LimitError:
            if problem.point is not None:
                raise
            continue
        assert truth is not None
        for name, proposal in proposals.items():
            one = _finding(proposal, forms[name], problem, point, truth)
            found[name] = _worse(found.get(name), one, at_point=problem.point is not None)
    return found


def _require_shape(proposal: Proposal, problem: Problem) -> None:
    own, wanted = infer(proposal.root, problem.shapes)[id(proposal.root)], problem.shapes.get(proposal.name, ())
    if own != wanted:
        raise ShapeError(
            f"the gradient by `{proposal.name}` has shape {text(own)}, expected {text(wanted)}",
            span=proposal.span,
            source=proposal.source,
            hint="a gradient has the shape of its variable",
        )


def _finding(
    proposal: Proposal, form: ClosedForm, problem: Problem, point: Mapping[str, Value], truth: ArrayTruth
) -> Finding:
    """The finding at one point."""
    finding = Finding(proposal.name, proposal.text, form.text, Judgement.RIGHT, points=1, note=form.note)
    pairs = list(zip(truth.slopes[proposal.name], ask.elements(proposal.root, point), strict=True))
    undecided = next((slope for slope, _ in pairs if slope.smoothness is Smoothness.UNDECIDED), None)
    if undecided is not None:
        return replace(finding, verdict=Judgement.UNDECIDED, hint=undecided.why)
    if all(_same(slope, proposed) for slope, proposed in pairs):
        return finding
    example = _example(pairs, point, problem.shapes.get(proposal.name, ()))
    if any(slope.finite is None for slope, _ in pairs):
        return replace(finding, verdict=Judgement.UNDEFINED, hint=NO_SLOPE, counterexample=example)
    if any(proposed is None for _, proposed in pairs):
        return replace(finding, verdict=Judgement.UNDEFINED, hint=NO_VALUE, counterexample=example)
    return replace(finding, verdict=Judgement.WRONG, counterexample=example)


def _same(slope: Slope, proposed: Real | None) -> bool:
    return slope.finite is not None and proposed is not None and proposed.same(slope.finite)


def _example(pairs: Sequence[Compared], point: Mapping[str, Value], shape: Shape) -> CounterExample:
    """The values of all components at the point."""
    values = [counterexample({}, proposed, slope.finite) for slope, proposed in pairs]
    columns = zip(*((one.proposed, one.true, one.difference) for one in values), strict=True)
    at = {name: nested_of(value) for name, value in point.items()}
    return CounterExample(at, *(nested(column, shape) for column in columns))


def _worse(before: Finding | None, one: Finding, *, at_point: bool) -> Finding:
    """The findings at two points as one; at points of our own, one without a derivative tells nothing."""
    if before is None or (before.verdict in (Judgement.UNDEFINED, Judgement.UNDECIDED) and not at_point):
        return one
    if before.verdict is Judgement.WRONG or one.verdict in (Judgement.UNDEFINED, Judgement.UNDECIDED):
        return before
    return replace(one, points=before.points + one.points)
