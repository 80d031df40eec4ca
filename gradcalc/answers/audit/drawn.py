"""The computational graph of real PyTorch code as it ran, beside its audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from gradcalc.answers.audit.code import concluded, played
from gradcalc.answers.audit.how import How, Options
from gradcalc.answers.audit.records import CodeGraph
from gradcalc.base.effort import Clock
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.base.loading import loading
from gradcalc.inputs.pose import separated


def graph_code(
    target: str,
    *,
    at: Any = None,
    wrt: Sequence[str] | str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    **options: Unpack[Options],
) -> CodeGraph:
    """The graph of `FILE.py:name`, each operation in the user's own words, what is to blame marked. The file is run.

    Raises as `audit_code` does.
    """
    how = How(**options)
    with loading():
        from gradcalc.answers.audit.examine_torch import examine
        from gradcalc.answers.audit.graph_torch import WEIGHTS, drawn
        from gradcalc.answers.audit.guilty import guilty
        from gradcalc.answers.audit.isolation_torch import isolated
        from gradcalc.answers.audit.run_torch import record
    with time_limit(timeout), isolated():
        subject, run = played(target, at, how)
        seen = examine(subject, run, Clock(timeout), None if wrt is None else separated(wrt))
        audit = concluded(target, how, seen, wrt)
        recorded = seen.recorded or record(subject)
        given = recorded.given(subject)
        call = recorded.recorder.tape.steps[-2].call if seen.contracted else None
        if call is not None:  # None of what has no numbers of its own, as a sparse result
            given[WEIGHTS] = call[1][1]
        wrong = frozenset() if seen.truth is None or not seen.blame else guilty(seen.truth, FORMATS[seen.form])
        return CodeGraph(*drawn(recorded, seen.blame, given, wrong), audit)
