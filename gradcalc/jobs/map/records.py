"""What a map comes to: how many rows, what was audited, and the worst of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.base.printing import Printed


@dataclass(frozen=True, slots=True)
class Worst:
    """One number of one row that was audited: the result that it is of, the kernel's number and the true one.

    `row` counts from 1, without the header and without rows that were skipped; `variable` is None for a value.
    """

    row: int
    at: Mapping[str, float]
    function: str
    variable: str | None
    kernel: float
    autograd: float | None
    exact: str | None
    ulps: float | None
    verdict: Verdict
    reason: Reason | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """Rows looked at by autograd and the exact engine: how many came to which verdict, and the worst.

    `apart` counts rows in which the kernel's numbers are not those of autograd, within the tolerance.
    """

    rows: int
    counts: Mapping[Verdict, int] = field(default_factory=dict)
    apart: int = 0
    worst: Worst | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The worst verdict; None where no row was looked at."""
        return None if self.worst is None else self.worst.verdict


@dataclass(frozen=True, slots=True)
class Mapped(Printed):
    """A map that is done.

    `odd` counts rows with a result that is not finite, `skipped` those left out because something was wrong with them.
    """

    expression: str
    reading: str | None
    columns: Mapping[str, str]
    fixed: Mapping[str, float]
    results: tuple[str, ...]
    dtype: str
    rows: int
    skipped: int
    odd: int
    resumed: int
    seconds: float
    audit: Audit
    output: str | None

    @property
    def verdict(self) -> Verdict | None:
        """What the audit came to."""
        return self.audit.verdict
