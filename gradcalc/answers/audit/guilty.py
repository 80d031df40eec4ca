"""Which turn of a line that runs often goes wrong: the steps whose own numbers are the first to be wrong."""

from __future__ import annotations

from gradcalc.answers.audit.blame import forward
from gradcalc.base.floating import Format
from gradcalc.tracing.rules import Step as StepRule
from gradcalc.tracing.tape import Step
from gradcalc.tracing.truth import Truth


def guilty(found: Truth, form: Format) -> frozenset[int]:
    """The numbers of the steps, from 1, that make a wrong number or none of right ones, or whose branch changes."""
    tape, run = found.tape, found.run
    first = {id(one.step) for one in forward(tape, run, form)}
    wrong = {number for number, step in enumerate(tape.steps, 1) if id(step) in first or _has_no_value(found, step)}
    turning = {
        node.step
        for number, node in enumerate(tape.nodes)
        if node.leaves and (number in run.ties or isinstance(node.rule, StepRule))
    }
    return frozenset(wrong | turning)


def _has_no_value(found: Truth, step: Step) -> bool:
    """Is a true result no number, where all that is read is one?"""
    tape, run = found.tape, found.run
    outputs = [one for one in step.outputs if one.numbers.is_floating_point() and tape.varies(one.read)]
    return any(not number.is_finite() for one in outputs for number in run.at(one.read)) and all(
        number.is_finite() for read in step.inputs for number in run.at(read)
    )
