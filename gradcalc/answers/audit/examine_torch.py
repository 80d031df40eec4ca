"""A subject examined: played, recorded, judged, and the lines found that are to blame."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gradcalc.answers.audit.accuse import accusations
from gradcalc.answers.audit.backward_torch import backward
from gradcalc.answers.audit.blame import Suspect
from gradcalc.answers.audit.cures_torch import cure, guard
from gradcalc.answers.audit.functions_torch import functions
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.records import CodeBlame, Finding, Judged, Part
from gradcalc.answers.audit.run_torch import Played, Recorded, Subject, record
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import FORMATS, Format
from gradcalc.tracing.tape import Step
from gradcalc.tracing.truth import Truth, truth

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


def examine(subject: Subject, played: Played, form: Format, rtol: float | None, cuts: bool) -> Examined:
    """Record what was played, and judge the one by the other."""
    recorded = record(subject)
    _require_deterministic(played, recorded)
    found = truth(recorded.recorder.tape, recorded.result)
    inner = _coarsest(recorded, form)
    judge = Judge(found, form, inner.rtol if rtol is None else rtol, cuts, inner)
    forward = judge.value(played.value)
    numbers = None if played.gradients is None else {
        name: one.detach().double().reshape(-1).tolist() for name, one in played.gradients.items()
    }  # fmt: skip
    shapes = {name: tuple(one.shape) for name, one in recorded.leaves.items()}
    gradient: Mapping[str, Part] = judge.gradient(numbers, shapes)
    blame = _blame(recorded, found, judge, forward, gradient, played.refusal)
    forward, gradient = _reasoned(forward, gradient, blame)
    traced = all(step.covered for step in recorded.recorder.tape.steps)
    return Examined(forward, gradient, tuple(blame), traced, played.contracted, _notes(recorded, found))


@dataclass(frozen=True, slots=True)
class _Cures:
    """What to write instead, tried on the recorded run."""

    truth: Truth
    form: Format

    def cure(self, suspect: Suspect) -> str | None:
        """An equal expression that is right here."""
        return cure(suspect, self.truth, self.form)

    def guard(self, step: Step) -> str | None:
        """Another one, that has value and gradient here."""
        return guard(step, self.truth)


def _coarsest(recorded: Recorded, form: Format) -> Format:
    """The format with the fewest digits that the code computes in: no more can be asked of the result."""
    tape = recorded.recorder.tape
    met = {output.form for step in tape.steps for output in step.outputs if tape.varies(output.read)}
    return min((form, *(FORMATS[name] for name in met if name in FORMATS)), key=lambda one: one.precision)


def _reasoned(
    forward: Judged, gradient: Mapping[str, Part], blame: Sequence[CodeBlame]
) -> tuple[Judged, Mapping[str, Part]]:
    """The reason of the lines to blame, for what came out wrong because of them."""
    reason = next((one.reason for one in blame if one.reason in NUMERIC or one.reason == "backward"), None)
    if reason is None:
        return forward, gradient

    def with_reason(one: Judged) -> Judged:
        mine = one.verdict is Finding.DISAGREE and one.reason in NUMERIC
        return replace(one, reason=reason) if mine else one

    parts = {
        name: replace(part, components=tuple(map(with_reason, part.components))) for name, part in gradient.items()
    }
    return with_reason(forward), parts


def _require_deterministic(played: Played, recorded: Recorded) -> None:
    """Raises UsageError where two runs at one point differ: nothing can be said of such a function."""
    first, second = played.value, float(recorded.scalar.detach().double())
    if math.isnan(first) and math.isnan(second):
        return
    if first != second and not abs(first - second) <= APART * max(abs(first), abs(second)):
        raise UsageError(
            "two calls at the same point give different values", hint="fix the seed inside, or call eval()"
        )


def _blame(
    recorded: Recorded,
    found: Truth,
    judge: Judge,
    forward: Judged,
    gradient: Mapping[str, Part],
    refusal: str | None,
) -> list[CodeBlame]:
    """The lines to blame, where there is something to blame them for."""
    verdicts = {forward.verdict, *(part.verdict for part in gradient.values())}
    if verdicts == {Finding.AGREE}:
        return []
    custom = list(functions(recorded, found, judge.form)) if Finding.DISAGREE in verdicts else []
    if custom:
        return custom
    back = lambda: backward(recorded, found, judge.form)  # noqa: E731  # asked only where the way forward is right
    return list(accusations(judge, forward, gradient, back, refusal, _Cures(found, judge.form)))


def _notes(recorded: Recorded, found: Truth) -> tuple[str, ...]:
    """What else there is to know: what was not covered, and what is not used."""
    notes = []
    for step in recorded.recorder.tape.steps:
        if not step.covered and step.place is not None:
            notes.append(f"`{step.operation}`, line {step.place.line}, is not covered")
    for name, ways in found.ways.items():
        if not any(ways):
            notes.append(f"`{name}` is never used: its gradient is 0 whatever it is")
    return tuple(dict.fromkeys(notes))
