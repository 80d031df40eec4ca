"""What to write in the place of the operation where a number is lost: tried at the very numbers, as every cure is."""

from __future__ import annotations

from gradcalc.answers.audit.blame import Suspect
from gradcalc.answers.audit.cures_torch import cure
from gradcalc.answers.audit.fitted import Written
from gradcalc.answers.audit.guards_torch import guard
from gradcalc.answers.audit.run_torch import Subject, record
from gradcalc.base.effort import Clock, Exhausted
from gradcalc.base.errors import GradcalcError
from gradcalc.tracing.losing_torch import Lost
from gradcalc.tracing.tape import Step, Tape
from gradcalc.tracing.truth import truth

PART = 0.5  # of the time


def mended(lost: Lost, subject: Subject, clock: Clock) -> tuple[Written | None, Written | None]:
    """An equal expression that is right here, and another one that has value and gradient; None where there is none.

    None too where it takes more exact work than is granted, or the code raises under the recorder.
    """
    try:
        with clock.grant(PART):
            recorded = record(subject)
            step = _step(recorded.recorder.tape, lost)
            if step is None:
                return None, None
            found = truth(recorded.recorder.tape, recorded.result)
            output = step.outputs[0]
            place = next(iter((~output.numbers.isfinite()).reshape(-1).nonzero().reshape(-1).tolist()), 0)
            suspect = Suspect(step, output, place, lost.found, found.exact(output.read)[place], lost.back)
            written = cure(suspect, found, subject.how.form)
            return written, None if written else guard(step, found)
    except (Exhausted, GradcalcError):
        return None, None


def _step(tape: Tape, lost: Lost) -> Step | None:
    """The recorded step of an operation."""
    name = f"aten.{lost.ran.name}"
    fits = (one for one in tape.steps if one.place == lost.ran.place and one.operation.rstrip("_") == name)
    return next((one for one in fits if one.outputs), None)
