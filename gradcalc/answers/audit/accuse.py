"""The lines to blame for what is wrong, with a sentence for each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from gradcalc.answers.audit.blame import SLIP, Suspect, Wrong, endless, forward, text, undefined
from gradcalc.answers.audit.corners import Cures, special
from gradcalc.answers.audit.cutting import cuts, in_place
from gradcalc.answers.audit.fitted import Written
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.records import CodeBlame, Finding, Judged, Part, at
from gradcalc.answers.audit.replay import RANGED, amplified, confirmed, explained, presumed
from gradcalc.answers.audit.sentences import no_value, sentence

MOST = 6  # lines
VALUE = ("", 0)


def accusations(
    judge: Judge,
    value: Judged,
    gradient: Mapping[str, Part],
    back: Callable[[], list[Suspect]],
    refusal: str | None,
    cures: Cures,
) -> Iterator[CodeBlame]:
    """What is to blame, for each kind of verdict that there is."""
    judged = [value, *(one for part in gradient.values() for one in part.components)]
    found = {one.verdict for one in judged}
    reasons = {one.reason for one in judged if one.verdict is Finding.DISAGREE}
    if Finding.UNDEFINED in found and not judge.truth.value.is_finite():
        tape, run = judge.truth.tape, judge.truth.run
        one = undefined(tape, run) or endless(tape, run)
        if one is not None:
            yield from _said(one, "undefined", no_value(judge, one), guard=cures.guard(one.step))
        return
    if refusal is not None:
        yield from in_place(judge, refusal)
        return
    if "cut" in reasons:
        yield from cuts(judge)
    if reasons - {"cut"}:
        causing = causes(judge, _wrong(value, gradient), back)[:MOST]
        for one in causing:
            written = cures.cure(one)
            steep = one.back and one.true.is_nan() and written is None
            guard = cures.guard(one.step) if steep else None
            yield from _said(one, one.reason, sentence(judge, one), cure=written, guard=guard)
        if not causing:
            yield from _decided(judge)
    if found & {Finding.KINK, Finding.UNDEFINED, Finding.FLAT, Finding.INFINITE}:
        yield from special(judge, gradient, cures)


def _wrong(value: Judged, gradient: Mapping[str, Part]) -> Wrong:
    """What disagrees, but for what is cut; a value that is only off comes last: the gradient is what was asked for."""
    parts = [("", 0, value), *((n, k, one) for n, part in gradient.items() for k, one in enumerate(part.components))]
    if math.isfinite(value.autograd or 0.0):
        parts = [*parts[1:], parts[0]]
    return [(name, place) for name, place, one in parts if one.verdict is Finding.DISAGREE and one.reason != "cut"]


def causes(judge: Judge, wrong: Wrong, back: Callable[[], list[Suspect]]) -> list[Suspect]:
    """The steps where digits or a number went, one of each group of twins."""
    suspects = forward(judge.truth.tape, judge.truth.run, judge.form)
    found: list[Suspect] = []
    parts = [wrong[:1], wrong[1:]] if wrong[:1] == [VALUE] else [[one for one in wrong if one != VALUE], wrong[-1:]]
    for part in parts[: 2 if VALUE in wrong else 1]:
        if part and not (found and explained(found, judge, part)):
            found += confirmed(suspects, judge, part) or (_on_the_way_back(suspects, back) if part != [VALUE] else [])
            found += [] if found else amplified(judge, part) or presumed(suspects) or _slips(part, back)
    return list(dict.fromkeys(found))


def _slips(part: Wrong, back: Callable[[], list[Suspect]]) -> list[Suspect]:
    """The step that makes a wrong gradient of a right one, where nothing else explains what is wrong."""
    return [one for one in back() if one.kind == SLIP][:1] if part != [VALUE] else []


def _on_the_way_back(suspects: Sequence[Suspect], back: Callable[[], list[Suspect]]) -> list[Suspect]:
    """The step that passes a wrong gradient on; as a suspect of the way there, where its number left the range."""
    last = [one for one in back() if one.kind != SLIP][:1]
    same = [one for one in suspects for other in last if one.step is other.step and one.reason in RANGED]
    return same[:1] or last


def _said(suspect: Suspect, reason: str, sentence: str, **cures: Written | None) -> Iterator[CodeBlame]:
    if suspect.step.place is not None:
        found, exact = suspect.found, text(suspect.true)
        yield at(suspect.step.place, suspect.step.operation, reason, sentence, value=found, exact=exact, **cures)


def _decided(judge: Judge) -> Iterator[CodeBlame]:
    """The comparisons that exact operands decide the other way."""
    for step in judge.truth.tape.steps:
        for output in step.outputs:
            if output.numbers.is_floating_point() or step.place is None:
                continue
            true = [not one.is_zero() for one in judge.truth.run.at(output.read)]
            if true != output.numbers.reshape(-1).tolist():
                yield at(step.place, step.operation, "precision", "exact operands decide this the other way")
