"""One derivative in several number formats, side by side: what half precision costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Unpack

from gradcalc.answers.compare import digits_lost
from gradcalc.answers.gradient import derive
from gradcalc.answers.records import Comparison, Row
from gradcalc.answers.verdicts import Verdict, overall
from gradcalc.base.digits import writing
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.base.printing import Printed
from gradcalc.inputs.point import Given
from gradcalc.inputs.pose import require_dtype
from gradcalc.inputs.question import Options, asked


@dataclass(frozen=True, slots=True)
class Formats(Printed):
    """The comparisons by dtype, in the order that was asked for, each at its own nearest point."""

    expression: str
    comparisons: Mapping[str, Comparison]

    @property
    def verdict(self) -> Verdict | None:
        """The worst of the verdicts; None where torch has no gradient to compare."""
        return overall(one.verdict for one in self.comparisons.values())


def formats(
    expression: str,
    dtypes: Sequence[str],
    *,
    at: Given | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    digits: int | None = None,
    **options: Unpack[Options],
) -> Formats:
    """The answer of `api.diff` for each dtype. Raises as it does, and UsageError without a point."""
    if at is None:
        raise UsageError("several dtypes are compared at a point", hint="add --at")
    names = list(dict.fromkeys(dtypes))
    for name in names:
        require_dtype(name)
    with time_limit(timeout), writing(digits):
        questions = {name: asked(expression, at=at, dtype=name, **options) for name in names}
        return Formats(expression, {name: derive(question) for name, question in questions.items()})


def lost_digits(row: Row, dtype: str) -> float | None:
    """How many of the format's digits autograd's value lacks; infinite where none is right, None where unknown."""
    if row.verdict not in (Verdict.AGREE, Verdict.DISAGREE):
        return None
    return digits_lost(row.ulps, FORMATS[dtype])
