"""A function over a range: where it is not smooth, where autograd loses its digits, and which point is the worst.

What is found is found at sample points, and said so. The points are a grid with the ends and simple numbers in one
dimension, a Halton sequence with the corners in more. Source: Halton, Numerische Mathematik 2, 1960, 84-90.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.audit.formats import lost_digits
from gradcalc.compare import SEVERITY
from gradcalc.errors import LimitError, UsageError, shortened
from gradcalc.floating import Format
from gradcalc.gradient import compared
from gradcalc.limits import Limits
from gradcalc.problem import Problem
from gradcalc.results import ClosedForm, Reason, Row, Verdict
from gradcalc.span import Span
from gradcalc.tolerance import Tolerance

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)  # a base for each dimension
MOST_DIMENSIONS = len(PRIMES)
BISECTIONS = 60  # halvings of the gap between two samples that differ: enough for any float
Report = Callable[[int, int], None]
Box = Mapping[str, tuple[float, float]]


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
    """Neighbouring samples with one verdict. `first` and `last` are points; `count` says how many samples."""

    first: Mapping[str, float]
    last: Mapping[str, float]
    count: int
    verdict: Verdict | None
    reason: Reason | None
    explanation: str | None


@dataclass(frozen=True, slots=True)
class RangeAudit:
    """The audit in one dtype: `stretches` that do not agree, `half_lost` where more than half of the digits go."""

    expression: str
    box: Box
    dtype: str
    samples: int
    stretches: tuple[Stretch, ...]
    half_lost: tuple[Stretch, ...]
    worst: Sample | None
    verdict: Verdict


def audit_range(
    problem: Problem, box: Box, samples: int, tolerance: Tolerance, limits: Limits, report: Report | None = None
) -> RangeAudit:
    """Audit a scalar problem over a box, at about so many points. Raises UsageError where the box does not fit."""
    _require_box(problem, box)
    points = list(_points(box, samples, problem.format, problem.point or {}))
    found: list[Sample] = []
    for index, point in enumerate(points):
        found.append(_sample(problem, point, tolerance, limits))
        if report is not None:
            report(index + 1, len(points))
    if len(box) == 1:
        found = _refined(found, problem, next(iter(box)), tolerance, limits)
    ordered = len(box) == 1

    def loses_half(one: Sample) -> bool:
        return (one.lost_digits or 0.0) > problem.format.digits / 2

    losing = [one for one in found if one.lost_digits is not None]
    return RangeAudit(
        expression=problem.source,
        box=box,
        dtype=problem.dtype,
        samples=len(found),
        stretches=tuple(
            _stretch(run)
            for run in _runs(found, lambda one: (one.verdict, one.reason), ordered)
            if run[0].verdict is not Verdict.AGREE
        ),
        half_lost=tuple(_stretch(run) for run in _runs(found, loses_half, ordered) if loses_half(run[0])),
        worst=max(losing, key=lambda one: one.lost_digits or 0.0, default=None),
        verdict=max((one.verdict for one in found if one.verdict), key=SEVERITY.index, default=Verdict.AGREE),
    )


def parse_box(texts: Sequence[str], value: Callable[[str, Span], float]) -> dict[str, tuple[float, float]]:
    """The box of `x=-1:1` and its like; `value` reads an end, a part of a text. Raises UsageError."""
    box: dict[str, tuple[float, float]] = {}
    for text in texts:
        name, equals, ends = text.partition("=")
        low, _, high = ends.partition(":")
        if not (equals and name.strip() and low.strip() and high.strip()) or ":" in high:
            hint = "write --range x=-1:1, one --range for each variable"
            raise UsageError(f"`{shortened(text)}` is no range", hint=hint)
        if name.strip() in box:
            raise UsageError(f"`{shortened(name.strip())}` has two ranges")
        start = len(text) - len(ends)
        middle = start + len(low)
        pair = value(text, Span(start, middle)), value(text, Span(middle + 1, len(text)))
        if not pair[0] < pair[1]:
            raise UsageError(f"the range of `{name.strip()}` is empty", hint="the lower end comes first")
        box[name.strip()] = pair
    return box


def _require_box(problem: Problem, box: Box) -> None:
    """Raises unless every variable has a range or a value, and nothing else has."""
    if problem.arrays:
        raise UsageError("a range is audited for numbers, not for arrays")
    if len(box) > MOST_DIMENSIONS:
        raise UsageError(f"at most {MOST_DIMENSIONS} variables can have a range")
    for name in box:
        if name not in problem.variables:
            raise UsageError(f"`{name}` has a range but is no variable of the expression")
        if not all(math.isfinite(problem.format.rounded(end)) for end in box[name]):
            raise UsageError(
                f"the range of `{name}` goes beyond the largest {problem.dtype}, {problem.format.largest:.3g}"
            )


def _points(box: Box, samples: int, form: Format, fixed: Mapping[str, object]) -> Iterator[dict[str, float]]:
    """The sample points, rounded to the format."""
    base = {name: value for name, value in fixed.items() if isinstance(value, float)}
    places = _line(*next(iter(box.values())), samples) if len(box) == 1 else _cloud(box, samples)
    seen: set[tuple[float, ...]] = set()
    for place in places:
        rounded = tuple(form.rounded(coordinate) for coordinate in place)
        if rounded not in seen:
            seen.add(rounded)
            yield base | dict(zip(box, rounded, strict=True))


def _line(low: float, high: float, samples: int) -> list[tuple[float, ...]]:
    """A grid with both ends, and the whole numbers and zero inside, where kinks like to be."""
    grid = {_between(low, high, index, samples - 1) for index in range(samples)} | {low, high}
    whole = range(math.ceil(low), math.floor(high) + 1) if high - low <= samples else ()
    special = {float(number) for number in whole} | ({0.0} if low <= 0 <= high else set())
    return [(place,) for place in sorted(grid | special)]


def _between(low: float, high: float, part: float, whole: float) -> float:
    """The place at `part / whole` of the way from one end to the other."""
    place = low + (high - low) * part / whole
    if math.isfinite(place):
        return place
    return low * (1 - part / whole) + high * (part / whole)  # the way itself is beyond the range of floats


def _cloud(box: Box, samples: int) -> Iterator[tuple[float, ...]]:
    """The corners, the middle, and points that fill the box evenly."""
    yield from itertools.product(*box.values())
    yield tuple(_between(low, high, 1, 2) for low, high in box.values())
    if all(low <= 0 <= high for low, high in box.values()):
        yield (0.0,) * len(box)
    for index in range(1, samples):
        yield tuple(
            _between(low, high, _radical_inverse(index, prime), 1)
            for (low, high), prime in zip(box.values(), PRIMES, strict=False)
        )


def _radical_inverse(index: int, base: int) -> float:
    """The digits of `index` in `base`, mirrored at the point."""
    result, weight = 0.0, 1.0 / base
    while index:
        index, digit = divmod(index, base)
        result += digit * weight
        weight /= base
    return result


def _sample(problem: Problem, point: Mapping[str, float], tolerance: Tolerance, limits: Limits) -> Sample:
    """The worst row at one point; a point that is too hard to compute counts as undecided."""
    there = dataclasses.replace(problem, point=point)
    forms = dict.fromkeys(problem.wrt, ClosedForm(None))
    try:
        rows = compared(there, forms, tolerance, limits, diagnose=False).rows
    except LimitError as error:
        return Sample(point, problem.wrt[0], None, None, None, error.message)
    row = max(rows, key=lambda one: _badness(one, problem.dtype))
    return Sample(point, row.name, row.verdict, row.reason, lost_digits(row, problem.dtype), row.explanation)


def _badness(row: Row, dtype: str) -> tuple[int, float]:
    verdict = row.verdict or Verdict.AGREE
    return SEVERITY.index(verdict), lost_digits(row, dtype) or 0.0


def _refined(found: list[Sample], problem: Problem, name: str, tolerance: Tolerance, limits: Limits) -> list[Sample]:
    """The samples of a line, and where two neighbours differ the points between which the verdict changes."""
    result = [found[0]]
    for before, after in itertools.pairwise(found):
        if before.verdict != after.verdict:
            result.extend(_boundary(before, after, problem, name, tolerance, limits))
        result.append(after)
    return list({one.point[name]: one for one in result}.values())


def _boundary(
    low: Sample, high: Sample, problem: Problem, name: str, tolerance: Tolerance, limits: Limits
) -> list[Sample]:
    """The pair of points, as close as a few dozen halvings make them, between which the verdict changes."""
    for _ in range(BISECTIONS):
        middle = problem.format.nearest((Fraction(low.point[name]) + Fraction(high.point[name])) / 2)
        if middle in (low.point[name], high.point[name]):
            break
        sample = _sample(problem, {**low.point, name: middle}, tolerance, limits)
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


def _stretch(run: list[Sample]) -> Stretch:
    first, last = run[0], run[-1]
    return Stretch(first.point, last.point, len(run), first.verdict, first.reason, first.explanation)
