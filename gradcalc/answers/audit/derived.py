"""The formula that code computes, and its gradient in closed form: read off one recorded run, and held against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from gradcalc.answers.audit.code import played
from gradcalc.answers.audit.formulas import formula_of
from gradcalc.answers.audit.how import How, Options
from gradcalc.answers.records import Comparison
from gradcalc.base.effort import Clock, Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.base.loading import loading

PART = 0.5  # of the time, for the run


def derive_code(
    target: str,
    *,
    at: Any = None,
    wrt: Sequence[str] | str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    **options: Unpack[Options],
) -> Comparison:
    """The function that `FILE.py:name` computes, derived in closed form. The file is run.

    Its value and its gradient are those of the recorded run, at the point. Raises as `audit_code` does, and UsageError
    where an operation has no formula.
    """
    how = How(**options)
    with loading():
        from gradcalc.answers.audit.examine_torch import require_one
        from gradcalc.answers.audit.isolation_torch import isolated
        from gradcalc.answers.audit.run_torch import record
        from gradcalc.tracing.truth import truth
    with time_limit(timeout):
        try:
            with Clock(timeout).grant(PART), isolated():
                subject, seen = played(target, at, how)
                recorded = record(subject)
                require_one(seen, recorded)
                found = truth(recorded.recorder.tape, recorded.result)
        except Exhausted:
            raise LimitError(
                "this code takes more exact work than the limit", hint="raise it with --timeout SECONDS"
            ) from None
        made = formula_of(subject, recorded, found, wrt, contracted=seen.contracted)
        assert made.shown is not None  # or it had been an error
        return made.shown
