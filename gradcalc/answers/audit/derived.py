"""The formula that code computes, and its gradient in closed form: read off one recorded run, and held against it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from gradcalc.answers.audit.code import played
from gradcalc.answers.audit.how import How, Options
from gradcalc.answers.audit.paper import Paper, paper
from gradcalc.answers.gradient import derive
from gradcalc.answers.records import Comparison
from gradcalc.base.effort import Clock, Exhausted
from gradcalc.base.errors import InternalError, LimitError, UsageError
from gradcalc.base.floating import FORMATS, Format
from gradcalc.base.limits import DEFAULT_TIMEOUT, current, time_limit
from gradcalc.base.loading import loading
from gradcalc.engines import ask
from gradcalc.engines.records import Slope, Slopes
from gradcalc.inputs.pose import pose
from gradcalc.inputs.question import asked
from gradcalc.problem.problem import plain
from gradcalc.tracing.truth import Truth

SIZES = ("m", "n", "k", "p", "q", "r", "s", "d")  # letters for the sizes of arrays
NEAR = 1e-9  # relative: how well the formula's numbers are the run's
MOST = 10_000  # numbers of a variable at which the formula is tried
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
        from gradcalc.answers.audit.isolation_torch import isolated
        from gradcalc.answers.audit.run_torch import record
        from gradcalc.tracing.truth import truth
    with time_limit(timeout):
        try:
            with Clock(timeout).grant(PART), isolated():
                subject, seen = played(target, at, how)
                if seen.contracted:
                    raise UsageError("the code gives an array, expected a number", hint="derive the loss")
                recorded = record(subject)
                found = truth(recorded.recorder.tape, recorded.result)
        except Exhausted:
            raise LimitError(
                "this code takes more exact work than the limit", hint="raise it with --timeout SECONDS"
            ) from None
        shapes = {name: tuple(one.shape) for name, one in recorded.leaves.items()}
        written = paper(found.tape, found.result, shapes)
        _require_right(written, found, shapes)
        wanted = None if wrt is None else [written.names.get(one, one) for one in _listed(wrt)]
        variables = wanted or list(written.names.values())
        letters = _shapes(written, shapes)
        text = plain(pose(written.text, current(), shape=letters))
        return derive(asked(text, shape=letters, wrt=variables))


def _listed(wrt: Sequence[str] | str) -> list[str]:
    return [one.strip() for text in ([wrt] if isinstance(wrt, str) else wrt) for one in text.split(",")]


def _shapes(written: Paper, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int | str, ...]]:
    """The shapes of the variables, each size a letter: the same letter for the same size."""
    own = {formula: shapes[name] for name, formula in written.names.items()}
    own |= {name: (len(rows), len(rows[0])) for name, rows in written.classes.items()}
    sizes = [size for shape in own.values() for size in shape if size > 1]
    letters = dict(zip(dict.fromkeys(sizes), (one for one in SIZES if one not in own), strict=False))
    return {name: tuple(letters.get(size, size) for size in shape) for name, shape in own.items() if shape}


def _require_right(written: Paper, found: Truth, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raises InternalError where the formula, at the point, has another value or gradient than the run."""
    point: dict[str, Any] = {}
    for name, formula in written.names.items():
        numbers = [float(one) for one in found.run.values[found.tape.leaves[name]]]
        if len(numbers) > MOST:
            raise LimitError(
                "the formula is tried at the point, which has too many numbers",
                hint="no option raises this limit: give a smaller point",
            )
        point[formula] = _nested(numbers, shapes[name])
    point |= {name: [list(map(float, row)) for row in rows] for name, rows in written.classes.items()}
    problem = asked(written.text, at=point, wrt=list(written.names.values())).problem
    form = FORMATS["float64"]
    arrays = ask.array_truth(problem) if any(shapes[name] for name in written.names) else None
    tried = arrays or ask.truth(problem)
    slopes = {name: _nearest(one, form) for name, one in tried.slopes.items()}
    right = tried.value is not None and _near([tried.value.nearest(form)], [float(found.value)])
    for name, formula in written.names.items():
        true = [0.0 if one is None else float(one) for one in found.slopes(name)]
        right = right and _near(slopes[formula], true)
    if not right:
        raise InternalError(f"the formula `{written.text}` is not what the code computes")


def _nearest(slopes: Slope | Slopes, form: Format) -> Sequence[float]:
    """The true derivatives by a variable in plain numbers; nan where there is none."""
    if isinstance(slopes, Slopes):
        return slopes.nearest(form)
    return [math.nan if slopes.value is None else slopes.value.nearest(form)]


def _near(found: Sequence[float], true: Sequence[float]) -> bool:
    """Are numbers those of the run, beside the largest of them? What has no derivative is passed over."""
    size = max(map(abs, true), default=0.0)
    return all(one != one or abs(one - other) <= NEAR * size for one, other in zip(found, true, strict=True))


def _nested(numbers: list[float], shape: Sequence[int]) -> Any:
    if not shape:
        return numbers[0]
    if len(shape) == 1:
        return numbers
    each = len(numbers) // shape[0]
    return [_nested(numbers[one * each : (one + 1) * each], shape[1:]) for one in range(shape[0])]
