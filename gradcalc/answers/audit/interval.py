"""A function over a range: where it is not smooth, where autograd loses its digits, and which point is the worst.

Autograd is compared at sample points. Of a function of one variable it is proven what happens between them; of several,
a place is found where something changes its sign, and that is said.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from gradcalc.answers.audit.box import MOST_DIMENSIONS, Box, points_of
from gradcalc.answers.audit.breaks import Break, breaks
from gradcalc.answers.audit.formats import lost_digits
from gradcalc.answers.audit.proof import Between, Piece, proven
from gradcalc.answers.diagnosis.diagnose import spared
from gradcalc.answers.gradient.scalar import compared, judged_at
from gradcalc.answers.records import Diagnosis, Forward, Row
from gradcalc.answers.verdicts import SEVERITY, Reason, Verdict, worst
from gradcalc.base.effort import Allowance, Exhausted
from gradcalc.base.errors import LimitError, UsageError
from gradcalc.engines import ask
from gradcalc.engines.records import Autograd, ClosedForm
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem

BREAKS_SHARE = 0.6  # of the time, to look for breaks between the samples
CAUSES_SHARE = 0.4  # for the causes of what disagrees
MOST_BREAKS = 40  # between samples of several variables
AT_ONCE = 64  # samples whose backward passes are one
BISECTIONS = 60  # halvings of the gap between two samples that differ: enough for any float
VALUE = "value"
WRONG_VALUE = "the derivatives agree, but torch's value of the function is wrong"
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sample:
    """What came out at one point, the worst of the variables' rows."""

    point: Mapping[str, float]
    variable: str
    verdict: Verdict | None
    reason: Reason | None
    lost_digits: float | None
    explanation: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring samples with one verdict. `first` and `last` are points; `count` says how many samples.

    Where they disagree, the reason and the `diagnosis` are those of the worst of them.
    """

    first: Mapping[str, float]
    last: Mapping[str, float]
    count: int
    verdict: Verdict | None
    reason: Reason | None
    explanation: str | None
    worst: Mapping[str, float] | None = None  # the point that `diagnosis` is of
    diagnosis: Diagnosis | None = None


@dataclass(frozen=True, slots=True)
class RangeAudit:
    """The audit in one dtype: `stretches` that do not agree, `half_lost` where more than half of the digits go.

    `breaks` are the places between samples where the function is not smooth, `gaps` the pieces between them without a
    value. `followed` says that every place was looked into; `proven` that there are no others, but in the pieces
    that are `undecided`.
    """

    expression: str
    box: Box
    dtype: str
    samples: int
    stretches: tuple[Stretch, ...]
    half_lost: tuple[Stretch, ...]
    breaks: tuple[Break, ...]
    followed: bool
    worst: Sample | None
    verdict: Verdict
    proven: bool = False
    gaps: tuple[Piece, ...] = ()
    undecided: tuple[Piece, ...] = ()


def audit_range(question: Question, box: Box, samples: int, report: Report | None = None) -> RangeAudit:
    """Audit a scalar problem over a box, at about so many points. Raises UsageError where the box does not fit."""
    problem = question.problem
    require_box(problem, box)
    for name in box:
        if name not in problem.variables:
            raise UsageError(f"`{name}` has a range but is no variable of the expression")
    points = list(points_of(box, samples, problem.format, problem.point or {}))
    found: list[Sample] = []
    for start in range(0, len(points), AT_ONCE):
        some = points[start : start + AT_ONCE]
        for point, autograd in zip(some, ask.autograds(problem, some), strict=True):
            found.append(_sample(question, point, autograd))
            if report is not None:
                report(len(found), len(points))
    if len(box) == 1:
        found = _refined(found, question, next(iter(box)))
    return _summary(question, box, found, _between_samples(question, found, box))


def _summary(question: Question, box: Box, found: list[Sample], between: Between) -> RangeAudit:
    """What the samples, and the places between them, come to."""
    problem, ordered = question.problem, len(box) == 1

    def loses_half(one: Sample) -> bool:
        return (one.lost_digits or 0.0) > problem.format.digits / 2

    losing = [one for one in found if one.lost_digits is not None]
    verdicts = [*(one.verdict for one in found if one.verdict is not None), *(one.verdict for one in between.breaks)]
    wrong = [
        run
        for run in _runs(found, lambda one: (one.verdict, one.reason), ordered)
        if run[0].verdict is not Verdict.AGREE
    ]
    allowance = Allowance(question.clock.steps(CAUSES_SHARE))
    return RangeAudit(
        expression=problem.source,
        box=box,
        dtype=problem.dtype,
        samples=len(found),
        stretches=tuple(_caused(_stretch(run), run, question, allowance) for run in wrong),
        half_lost=tuple(_stretch(run) for run in _runs(found, loses_half, ordered) if loses_half(run[0])),
        breaks=between.breaks,
        followed=between.followed,
        worst=max(losing, key=lambda one: one.lost_digits or 0.0, default=None),
        verdict=worst([*verdicts, *([Verdict.UNDEFINED] if between.gaps else []), *_open(between)]),
        proven=ordered,
        gaps=between.gaps,
        undecided=between.undecided,
    )


def _open(between: Between) -> list[Verdict]:
    return [Verdict.UNDECIDED] if between.undecided else []


def _between_samples(question: Question, found: Sequence[Sample], box: Box) -> Between:
    """What there is between the samples, but for what a sample told of."""
    told = [one.point for one in found if one.verdict is not Verdict.AGREE]
    if len(box) == 1:
        return proven(question, *next(iter(box.items()))).beside(told)
    places: list[Break] = []
    try:
        with question.clock.grant(BREAKS_SHARE):
            for one in breaks(question.problem, [sample.point for sample in found], list(box)):
                if len(places) == MOST_BREAKS:
                    return Between(tuple(places), followed=False)
                if one.at not in told:
                    places.append(one)
    except Exhausted:
        return Between(tuple(places), followed=False)
    return Between(tuple(places))


def require_box(problem: Problem, box: Box) -> None:
    """Raises where a box of so many dimensions, or so large, is too much."""
    if problem.arrays:
        raise UsageError("a range is audited for numbers, not for arrays")
    if len(box) > MOST_DIMENSIONS:
        raise UsageError(f"at most {MOST_DIMENSIONS} variables can have a range")
    for name in box:
        if not all(math.isfinite(problem.format.rounded(end)) for end in box[name]):
            raise UsageError(
                f"the range of `{name}` goes beyond the largest {problem.dtype}, {problem.format.largest:.3g}"
            )


def _sample(question: Question, point: Mapping[str, float], autograd: Autograd | None = None) -> Sample:
    """The worst row at one point; a point that is too hard to compute counts as undecided."""
    problem = question.problem
    there = replace(problem, point=point)
    forms = dict.fromkeys(problem.wrt, ClosedForm(None))
    try:
        rows, forward = judged_at(question.about(there), forms, autograd or ask.autograd(there), ask.truth(there))
    except LimitError as error:
        return Sample(point, problem.wrt[0], None, None, None, error.message)
    row = max(rows.values(), key=lambda one: _badness(one, problem.dtype))
    if forward.counts and row.verdict in (None, Verdict.AGREE):
        return Sample(point, VALUE, forward.verdict, forward.reason, forward.lost_digits, WRONG_VALUE)
    return Sample(point, row.name, row.verdict, row.reason, lost_digits(row, problem.dtype), row.explanation)


def _badness(row: Row, dtype: str) -> tuple[int, float]:
    verdict = row.verdict or Verdict.AGREE
    return SEVERITY.index(verdict), lost_digits(row, dtype) or 0.0


def _refined(found: list[Sample], question: Question, name: str) -> list[Sample]:
    """The samples of a line, and where two neighbours differ the points between which the verdict changes."""
    result = [found[0]]
    for before, after in itertools.pairwise(found):
        if before.verdict != after.verdict:
            result.extend(_boundary(before, after, question, name))
        result.append(after)
    return list({one.point[name]: one for one in result}.values())


def _boundary(low: Sample, high: Sample, question: Question, name: str) -> list[Sample]:
    """The pair of points, as close as a few dozen halvings make them, between which the verdict changes."""
    for _ in range(BISECTIONS):
        middle = question.problem.format.nearest((Fraction(low.point[name]) + Fraction(high.point[name])) / 2)
        if middle in (low.point[name], high.point[name]):
            break
        sample = _sample(question, {**low.point, name: middle})
        if sample.verdict == low.verdict:
            low = sample
        else:
            high = sample
    return [low, high]


def _runs(found: Sequence[Sample], key: Callable[[Sample], object], ordered: bool) -> Iterator[list[Sample]]:
    """Neighbours that agree in `key`; a cloud of points has no neighbours, there all that agree are one run."""
    samples = list(found) if ordered else sorted(found, key=lambda one: str(key(one)))
    for _, group in itertools.groupby(samples, key=key):
        yield list(group)


def _caused(stretch: Stretch, run: list[Sample], question: Question, allowance: Allowance) -> Stretch:
    """A stretch that disagrees with the cause and the cure at the worst of its points."""
    if stretch.verdict is not Verdict.DISAGREE:
        return stretch
    point = max(run, key=lambda one: one.lost_digits or 0.0).point
    there = replace(question.problem, point=point)
    forms = dict.fromkeys(there.wrt, ClosedForm(None))
    found = spared(allowance, partial(compared, question.about(there), forms))
    judged: list[Row | Forward] = [] if found is None else [*found.rows, found.forward]
    wrong = [one for one in judged if one.verdict is Verdict.DISAGREE]
    if not wrong or wrong[0].diagnosis is None:
        return stretch
    return replace(stretch, reason=wrong[0].reason, worst=point, diagnosis=wrong[0].diagnosis)


def _stretch(run: list[Sample]) -> Stretch:
    first, last = run[0], run[-1]
    return Stretch(first.point, last.point, len(run), first.verdict, first.reason, first.explanation)
