"""The audit of one step of a training run: value and gradients at its weights, and where a number is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcalc.answers.audit.around_torch import Around
from gradcalc.answers.audit.call import name_of
from gradcalc.answers.audit.called_torch import Call
from gradcalc.answers.audit.calls_torch import subject_of
from gradcalc.answers.audit.code import concluded
from gradcalc.answers.audit.examine_torch import examine
from gradcalc.answers.audit.records import CodeAudit, CodeBlame, Finding, Judged, at
from gradcalc.answers.audit.run_torch import Played, Subject, contracted, play
from gradcalc.answers.audit.undisturbed_torch import put_back, undisturbed
from gradcalc.answers.watch.computed_torch import Computed
from gradcalc.answers.watch.mended_torch import mended
from gradcalc.answers.watch.taken_torch import Taken
from gradcalc.answers.watch.why import why
from gradcalc.base.effort import Clock
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import time_limit
from gradcalc.tracing.losing_torch import Lost, origin
from gradcalc.tracing.places import bounded

Tensor = Any
MOST = 50_000  # parameters: of more, no exact work is begun
ROUNDING = {"precision", "cancellation"}  # reasons that make no number infinite


def audit_step(computed: Computed, taken: Taken, buffers: Sequence[Tensor], timeout: float) -> tuple[CodeAudit, str]:
    """The audit, and what of the step is not finite. The weights are those of the step."""
    function, first = computed.call
    around = Around(Call(function, (*first, *taken.batch), taken.named))
    around.randomness = taken.randomness
    name = f"{name_of(computed.loss_fn)}, step {taken.number}"
    with undisturbed(around), bounded(audit_step.__code__, taken.called):
        put_back(buffers, taken.buffers)
        options = {} if taken.autocast is None else {"autocast": taken.autocast}
        subject = subject_of(around, options, inputs=False)
        played = play(subject)
        what, spoilt = _told(played), list(_spoilt(subject, around.calling.tensors))
        if spoilt:
            value = Judged(played.value, None, None, Finding.UNDEFINED)
            return CodeAudit(name, subject.how.dtype, value, {}, traced=False, notes=tuple(spoilt)), what
        lost = origin(lambda: contracted(subject.called(subject.fresh())))
        audit = _examined(name, subject, played, timeout)
        return _blamed(audit, lost, subject, Clock(timeout)), what


def _examined(name: str, subject: Subject, played: Played, timeout: float) -> CodeAudit:
    """The exact audit; where there is none, why."""
    count = sum(one.numel() for one in subject.target.parameters.values())
    refused = f"no exact audit: {count:,} parameters are more than {MOST:,}" if count > MOST else None
    try:
        if refused is None:
            with time_limit(timeout):
                return concluded(name, subject.how, examine(subject, played, Clock(timeout)), None)
    except GradcalcError as error:
        refused = f"no exact audit: {error.message}"
    value = Judged(played.value, None, None, Finding.UNDECIDED)
    return CodeAudit(name, subject.how.dtype, value, {}, traced=False, notes=(str(refused),))


def _told(played: Played) -> str:
    """What is not finite."""
    if not abs(played.value) < float("inf"):
        return f"the loss is {played.value:.6g}"
    for name, one in (played.gradients or {}).items():
        bad = one.detach()[~one.isfinite()].double()
        if len(bad):
            return f"the loss is {played.value:.6g}, the gradient by `{name}` is {float(bad[0]):.6g}"
    return "the gradients are not finite, but those of the step by itself are: what was added to its loss, or to .grad?"


def _spoilt(subject: Subject, batch: Mapping[str, Tensor]) -> Iterator[str]:
    """What is not finite of what goes in."""
    for kind, tensors in (("of the batch", batch), ("before this step", subject.state)):
        for name, one in tensors.items():
            if one.is_floating_point() and not bool(one.isfinite().all()):
                place = (~one.isfinite()).nonzero()[0].tolist()
                where = f"{name}[{','.join(str(index + 1) for index in place)}]" if place else name
                count = int((~one.isfinite()).sum())
                yield f"`{where}` {kind} is {float(one[tuple(place)]):.6g}, {count} of {one.numel()} are not finite"


def _blamed(audit: CodeAudit, lost: Lost | None, subject: Subject, clock: Clock) -> CodeAudit:
    """The audit with the line where a number is lost before all others; what only rounds is told if it has a cure."""
    if lost is None or lost.ran.place is None:
        return audit
    rest = [one for one in audit.blame if one.reason not in ROUNDING or one.cure]
    same = next((one for one in rest if _same(lost, one) and (one.cure or one.guard or one.reason == "overflow")), None)
    if same is None:
        form = str(lost.ran.outputs[0].dtype).removeprefix("torch.")
        reason, sentence = why(lost.ran.name, lost.found, lost.given, lost.count, form, lost.back)
        small = sum(one.numel() for one in subject.target.parameters.values()) <= MOST
        cure, guard = mended(lost, subject, clock) if small else (None, None)
        same = at(lost.ran.place, f"aten.{lost.ran.name}", reason, sentence, cure, guard, value=lost.found)
    return replace(audit, blame=(same, *(one for one in rest if not _same(lost, one))))


def _same(lost: Lost, one: CodeBlame) -> bool:
    """Is it the same piece of a line?"""
    place = lost.ran.place
    return place is not None and (one.file, one.line, one.span) == (place.file, place.line, place.span)
