"""A subject examined: played, recorded, judged, and the lines found that are to blame."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from gradcalc.answers.audit.accuse import accusations
from gradcalc.answers.audit.along_torch import NOTE, along
from gradcalc.answers.audit.backward_torch import backward
from gradcalc.answers.audit.blame import Suspect
from gradcalc.answers.audit.cures_torch import cure
from gradcalc.answers.audit.escapes_torch import with_escapes
from gradcalc.answers.audit.fitted import Written
from gradcalc.answers.audit.functions_torch import functions
from gradcalc.answers.audit.gradients_torch import plain
from gradcalc.answers.audit.guards_torch import guard
from gradcalc.answers.audit.hooks_torch import hooked
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.mending_torch import with_cures
from gradcalc.answers.audit.order_torch import second_order
from gradcalc.answers.audit.records import CodeBlame, Finding, Judged, Part
from gradcalc.answers.audit.run_torch import Played, Recorded, Subject, record
from gradcalc.answers.audit.second_torch import second
from gradcalc.base.effort import Clock, Exhausted
from gradcalc.base.errors import LimitError, UsageError
from gradcalc.base.floating import FORMATS, Format
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.tracing.tape import Step
from gradcalc.tracing.truth import Truth, truth

FOR_THE_TRUTH, FOR_THE_LINES = 0.7, 0.3  # of the time
NUMERIC = {"overflow", "underflow", "nan", "cancellation", "precision"}
APART = 1e-3  # relative, of two runs of one function: more is no rounding


@dataclass(frozen=True, slots=True)
class Examined:
    """What an examination finds."""

    forward: Judged
    gradient: Mapping[str, Part]
    blame: tuple[CodeBlame, ...]
    traced: bool
    contracted: bool
    notes: tuple[str, ...]
    directions: tuple[Judged, ...] = ()
    form: str = DEFAULT_DTYPE  # the coarsest format that the code computes in
    recorded: Recorded | None = None  # the run that was looked at, where it was small enough
    truth: Truth | None = None  # of that run
    along: int = 0  # the directions that the gradient was derived along


def examine(subject: Subject, played: Played, clock: Clock, wrt: Collection[str] | None = None) -> Examined:
    """Record what was played, and judge the one by the other: exactly, or along directions if that is too much work.

    Lines are to blame for what is wrong with the value and the variables `wrt`, every one unless given.
    """
    try:
        with clock.grant(FOR_THE_TRUTH):
            seen = _seen(subject, played)
    except Exhausted:
        if subject.how.order > 1:
            raise LimitError(
                "second derivatives of this code take more exact work than the limit",
                hint="raise it with --timeout SECONDS",
            ) from None
        told = along(subject, played)
        note = NOTE.format(len(told.directions))
        return Examined(told.forward, told.gradient, (), False, played.contracted, (note,), told.directions)
    notes = _notes(seen.recorded, seen.truth)
    try:
        with clock.grant(FOR_THE_LINES):
            blame = _blame(seen.of(wrt), subject, played)
    except Exhausted:
        blame, notes = [], (*notes, "the lines to blame take more work than the limit allows: --timeout raises it")
    forward, gradient = reasoned(seen.forward, seen.gradient, blame)
    traced = all(step.covered for step in seen.recorded.recorder.tape.steps)
    inner = seen.judge.allowance.inner.name
    return Examined(
        forward,
        gradient,
        tuple(blame),
        traced,
        played.contracted,
        notes,
        (),
        inner,
        seen.recorded,
        seen.truth,
        seen.along,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A recorded run, what is true of it, and the verdicts."""

    recorded: Recorded
    truth: Truth
    judge: Judge
    forward: Judged
    gradient: Mapping[str, Part]
    along: int = 0

    def of(self, wrt: Collection[str] | None) -> _Seen:
        """With what is asked for of the gradient."""
        asked = {name: part for name, part in self.gradient.items() if wrt is None or name in wrt}
        return replace(self, gradient=asked)


def _seen(subject: Subject, played: Played) -> _Seen:
    """The run recorded, its truth, and the verdicts on what was played. Raises Exhausted."""
    form, rtol, cuts = subject.how.form, subject.how.rtol, subject.how.cuts
    recorded = record(subject)
    require_one(played, recorded)
    found = truth(recorded.recorder.tape, recorded.result)
    inner = _coarsest(recorded, form)
    judge = Judge(found, form, inner.rtol if rtol is None else rtol, cuts, inner)
    forward = judge.value(played.value)
    numbers = plain(played.gradients)
    shapes = {name: tuple(one.shape) for name, one in recorded.leaves.items()}
    gradient: Mapping[str, Part] = judge.gradient(numbers, shapes)
    count = 0
    if subject.how.order == 2:
        gradient, count = second_order(subject, recorded, judge)
    elif recorded.recorder.tape.escapes and not cuts and numbers is not None:
        gradient = with_escapes(gradient, subject)
    return _Seen(recorded, found, judge, forward, gradient, count)


@dataclass(frozen=True, slots=True)
class _Cures:
    """What to write instead, tried on the recorded run."""

    truth: Truth
    form: Format

    def cure(self, suspect: Suspect) -> Written | None:
        """An equal expression that is right here."""
        return cure(suspect, self.truth, self.form)

    def guard(self, step: Step) -> Written | None:
        """Another one, that has value and gradient here."""
        return guard(step, self.truth)


def _coarsest(recorded: Recorded, form: Format) -> Format:
    """The format with the fewest digits that the code computes in: no more can be asked of the result."""
    tape = recorded.recorder.tape
    met = {output.form for step in tape.steps for output in step.outputs if tape.varies(output.read)}
    return min((form, *(FORMATS[name] for name in met if name in FORMATS)), key=lambda one: one.precision)


def reasoned(
    forward: Judged, gradient: Mapping[str, Part], blame: Sequence[CodeBlame]
) -> tuple[Judged, Mapping[str, Part]]:
    """The reason of the lines to blame, for what came out wrong because of them."""
    reason = next((one.reason for one in blame if one.reason in {*NUMERIC, "backward", "hook"}), None)
    if reason is None:
        return forward, gradient

    def with_reason(one: Judged) -> Judged:
        mine = one.verdict is Finding.DISAGREE and one.reason in NUMERIC
        return replace(one, reason=reason) if mine else one

    parts = {
        name: replace(part, components=tuple(map(with_reason, part.components))) for name, part in gradient.items()
    }
    finite = math.isfinite(forward.autograd or 0.0)  # no line that makes a gradient nan explains that it is off
    return forward if finite and reason == "nan" else with_reason(forward), parts


def require_one(played: Played, recorded: Recorded) -> None:
    """Raises UsageError where the two runs are not of one function: it has changed, or the recorder did not see it."""
    _require_deterministic(played, recorded)
    moving = any(bool(one.any()) for one in (played.gradients or {}).values())
    if moving and not recorded.recorder.tape.varies(recorded.result):
        raise UsageError(
            "the result was computed where no operation of it is seen, as in another thread",
            hint="audit the function that the thread runs",
        )


def _require_deterministic(played: Played, recorded: Recorded) -> None:
    """Raises UsageError where two runs at one point differ: nothing can be said of such a function."""
    first, second = played.value, float(recorded.scalar.detach().double())
    if math.isnan(first) and math.isnan(second):
        return
    if first != second and not abs(first - second) <= APART * max(abs(first), abs(second)):
        raise UsageError(
            "two calls at the same point give different values",
            hint="random numbers are the same in every call: what else changes, a counter, a clock or a file?",
        )


def _blame(seen: _Seen, subject: Subject, played: Played) -> list[CodeBlame]:
    """The lines to blame, where there is something to blame them for, with their cures."""
    recorded, found, judge = seen.recorded, seen.truth, seen.judge
    verdicts = {seen.forward.verdict, *(part.verdict for part in seen.gradient.values())}
    blame: list[CodeBlame] = []
    first = subject.how.order == 1
    if Finding.DISAGREE in verdicts:
        blame = [*functions(recorded, found, judge.form), *(hooked(recorded, judge, seen.gradient) if first else ())]
    if first and not blame and verdicts != {Finding.AGREE}:
        back = lambda: backward(recorded, found, judge.form)  # noqa: E731  # asked only where the way forward is right
        cures = _Cures(found, judge.form)
        blame = list(accusations(judge, seen.forward, seen.gradient, back, played.refusal, cures))
        blame = with_cures(blame, subject, judge, seen.gradient)
    if not any(one.reason == "backward" for one in blame):
        blame += second(recorded, found, judge.form)
    return blame


def _notes(recorded: Recorded, found: Truth) -> tuple[str, ...]:
    """What else there is to know: what was not covered, and what is not used."""
    notes = []
    for step in recorded.recorder.tape.steps:
        if not step.covered and step.place is not None:
            notes.append(f"`{step.operation}`, line {step.place.line}, is not covered")
    for name, ways in found.ways.items():
        if not any(ways) and found.value.is_finite():
            notes.append(f"`{name}` is never used: its gradient is 0 whatever it is")
    notes += [f"`{name}` has requires_grad=False: it is held constant" for name in recorded.frozen]
    notes += [f"`{name}` is held constant: torch derives nothing by it" for name in recorded.constant]
    return tuple(dict.fromkeys(notes))
