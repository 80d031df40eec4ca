"""Rows of a map looked at again: what the kernel computed, against the exact engine and against autograd."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gradcalc.answers.gradient.scalar import compared, comparison, judged_at
from gradcalc.answers.records import Comparison, Forward, Row
from gradcalc.answers.verdicts import SEVERITY, Reason, Verdict, worst
from gradcalc.base.errors import LimitError
from gradcalc.engines import ask
from gradcalc.engines.records import Autograd, ClosedForm, Missing
from gradcalc.inputs.question import Question
from gradcalc.jobs.map.plan import Plan
from gradcalc.jobs.map.records import Audit, Worst
from gradcalc.problem.tolerance import Tolerance

UNSAID = ClosedForm(None)
TOO_LONG = "the true number takes too long to find"


@dataclass(frozen=True, slots=True)
class Looked:
    """One function at one row: its comparison, with the kernel's numbers in autograd's place, and autograd's own."""

    row: int
    function: str
    question: Question
    kernel: Autograd
    autograd: Autograd
    comparison: Comparison | None


def audited(
    plan: Plan, chosen: Mapping[int, Sequence[float]], tolerance: Tolerance, report: Callable[[int, int], None]
) -> Audit:
    """The audit of rows, each with the numbers that were given and those that were computed, by number from 0."""
    counts: Counter[Verdict] = Counter()
    apart, found = 0, None
    for done, (row, numbers) in enumerate(chosen.items(), 1):
        looks = list(_looks(plan, row, numbers, tolerance))
        candidates = [one for look in looks for one in _numbers(look)]
        counts[worst([one.verdict for one in candidates])] += 1
        apart += any(_apart(look, tolerance) for look in looks)
        found = max([*([found] if found else []), *candidates], key=_badness)
        report(done, len(chosen))
    if found is not None and found.verdict is Verdict.DISAGREE:
        found = _explained(plan, found, chosen[found.row - 1], tolerance)
    return Audit(len(chosen), {one: counts[one] for one in Verdict if counts[one]}, apart, found)


def _looks(plan: Plan, row: int, numbers: Sequence[float], tolerance: Tolerance) -> Iterator[Looked]:
    given, width = len(plan.inputs), 1 + len(plan.wrt)
    for place, function in enumerate(plan.functions):
        first = given + place * width
        value, *slopes = numbers[first : first + width]
        yield _look(
            plan, row, function, numbers[:given], Autograd(value, dict(zip(plan.wrt, slopes, strict=True))), tolerance
        )


def _look(
    plan: Plan, row: int, function: str, point: Sequence[float], kernel: Autograd, tolerance: Tolerance,
    diagnose: bool = False,
) -> Looked:  # fmt: skip
    problem = plan.at(function, point)
    question = Question.of(problem, tolerance)
    autograd = ask.autograd(problem)
    forms = dict.fromkeys(plan.wrt, UNSAID)
    try:
        truth = ask.truth(problem)
        if diagnose:
            found: Comparison | None = compared(question, forms, kernel, truth)
        else:
            rows, forward = judged_at(question, forms, kernel, truth)
            found = comparison(problem, rows, truth.value, forward)
    except LimitError:
        found = None
    return Looked(row + 1, function, question, kernel, autograd, found)


def _numbers(look: Looked) -> Iterator[Worst]:
    """Each number of a row that was looked at, with its verdict."""
    point = look.question.problem.numbers
    value = look.kernel.value
    assert value is not None
    if look.comparison is None:
        yield Worst(look.row, point, look.function, None, value, look.autograd.value, None, None, Verdict.UNDECIDED,
                    explanation=TOO_LONG)  # fmt: skip
        return
    forward: Forward = look.comparison.forward
    exact = None if look.comparison.value is None else repr(look.comparison.value)
    if forward.counted is not None or not look.comparison.gradient:
        yield Worst(look.row, point, look.function, None, value, look.autograd.value, exact, forward.ulps,
                    forward.verdict or Verdict.AGREE, forward.reason)  # fmt: skip
    for name, row in look.comparison.gradient.items():
        assert isinstance(row, Row)
        other = look.autograd.number(name)
        kernel, number = look.kernel.number(name), None if isinstance(other, Missing) else other
        assert isinstance(kernel, float)
        yield Worst(
            look.row, point, look.function, name, kernel, number, row.exact, row.ulps, row.verdict or Verdict.AGREE,
            row.reason, row.explanation,
        )  # fmt: skip


def _badness(one: Worst) -> tuple[int, float, int]:
    return SEVERITY.index(one.verdict), math.inf if one.ulps is None else one.ulps, -one.row


def _apart(look: Looked, tolerance: Tolerance) -> bool:
    """Are the kernel's numbers others than autograd's, where both have some?"""
    pairs = [(look.kernel.value, look.autograd.value)]
    slopes = [(look.kernel.number(name), look.autograd.number(name)) for name in look.kernel.gradient]
    known = [(a, b) for a, b in (*pairs, *slopes) if isinstance(a, float) and isinstance(b, float)]
    return not all(_same(a, b, tolerance) for a, b in known)


def _same(a: float, b: float, tolerance: Tolerance) -> bool:
    if a == b or (math.isnan(a) and math.isnan(b)):
        return True
    return math.isfinite(a) and math.isfinite(b) and abs(a - b) <= tolerance.atol + tolerance.rtol * max(abs(a), abs(b))


def _explained(plan: Plan, one: Worst, numbers: Sequence[float], tolerance: Tolerance) -> Worst:
    """The worst number with the cause of what is wrong with it."""
    looks = {look.function: look for look in _looks(plan, one.row - 1, numbers, tolerance)}
    look = looks[one.function]
    again = _look(plan, one.row - 1, one.function, numbers[: len(plan.inputs)], look.kernel, tolerance, diagnose=True)
    if again.comparison is None:
        return one
    part = again.comparison.forward if one.variable is None else again.comparison.gradient[one.variable]
    diagnosis = getattr(part, "diagnosis", None)  # `part` is a record of ours; an array's has none
    reason: Reason | None = part.reason if isinstance(part, Row | Forward) else None
    return replace(one, reason=reason, explanation=None if diagnosis is None else diagnosis.sentence)
