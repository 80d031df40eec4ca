"""From arguments to an audit over a range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Unpack

from gradcalc.answers.audit.box import Box, GivenBox, parse_box, texts_of
from gradcalc.answers.audit.interval import RangeAudit, Report, audit_range
from gradcalc.answers.verdicts import Verdict, worst
from gradcalc.base.errors import GradcalcError, PointError, UsageError, shortened
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import DEFAULT_TIMEOUT, Limits, current, time_limit
from gradcalc.base.printing import Printed
from gradcalc.base.span import Span
from gradcalc.inputs.point import Given, Point, read_point
from gradcalc.inputs.pose import require_dtype
from gradcalc.inputs.question import Options, asked
from gradcalc.problem.problem import DEFAULT_DTYPE

SAMPLES = 257
END = "end"
MOST_SAMPLES = 100_000


@dataclass(frozen=True, slots=True)
class Ranges(Printed):
    """The audits of one expression over one box, by dtype, in the order that was asked for.

    `others` gives the variables without a range their values, as `--at` does.
    """

    expression: str
    box: Box
    audits: Mapping[str, RangeAudit]
    others: Given | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst of the verdicts."""
        return worst([one.verdict for one in self.audits.values()])


def audited(
    expression: str,
    ranges: GivenBox,
    *,
    at: Given | None = None,
    dtypes: Sequence[str] = (DEFAULT_DTYPE,),
    samples: int = SAMPLES,
    timeout: float = DEFAULT_TIMEOUT,
    report: Report | None = None,
    **options: Unpack[Options],
) -> Ranges:
    """The audits of `expression` over ranges such as `x=-1:1`; variables without a range have a value in `at`.

    Raises as `diff` does, and UsageError where a range makes no sense.
    """
    with time_limit(timeout):
        limits = current()
        if not 2 <= samples <= MOST_SAMPLES:
            raise UsageError(f"--samples is {samples}, expected a whole number from 2 to {MOST_SAMPLES:,}")
        for dtype in dtypes:
            require_dtype(dtype)
        box = read_box(ranges, at, limits)
        audits = {}
        for dtype in dict.fromkeys(dtypes):
            question = asked(expression, at=at_corner(at, box), dtype=dtype, **options)
            if not question.problem.wrt:
                raise UsageError("the expression has no variable to derive by")
            audits[dtype] = audit_range(question, box, samples, report)
        return Ranges(expression, box, audits, at)


def read_box(ranges: GivenBox, at: Given | None, limits: Limits) -> dict[str, tuple[float, float]]:
    """The box of ranges such as `x=-1:1`; `at` gives the other variables values. Raises GradcalcError."""
    box = parse_box(texts_of(ranges), lambda text, span: _number(text, span, limits))
    _require_apart(read_point(() if at is None else at, limits), box)
    return box


def at_corner(at: Given | None, box: Box) -> Given:
    """A corner of a box that was read, with the values that `at` gives the other variables."""
    if isinstance(at, Mapping):
        return {**at, **{name: low for name, (low, _) in box.items()}}
    texts = [at] if isinstance(at, str) else () if at is None else at
    assert isinstance(texts, Sequence)  # as only a value without a name is no text
    return [*texts, *(f"{name}={low!r}" for name, (low, _) in box.items())]


def _require_apart(point: Point, box: Box) -> None:
    """Raises UsageError where a variable has a value and a range, or a value does not say whose it is."""
    if any(one.name is None for one in point.assignments):
        raise UsageError("beside --range, a value has a name", hint="write --at y=…")
    if twice := point.names & box.keys():
        raise UsageError(f"`{shortened(min(twice))}` has a value and a range", hint="leave one of them out")


def _number(source: str, span: Span, limits: Limits) -> float:
    """The end of a range, a constant expression that is a part of `source`. Raises GradcalcError with the place."""
    text = source[span.start : span.end]
    try:
        value = read_point(text, limits, "--range").values([END], (), FORMATS[DEFAULT_DTYPE])[END]
    except GradcalcError as error:
        error.source = source
        error.span, error.also = (
            None if place is None else Span(place.start + span.start, place.end + span.start)
            for place in (error.span, error.also)
        )
        raise
    if not isinstance(value, float):
        raise PointError(f"`{shortened(text)}` is no number", span=span, source=source)
    return value
