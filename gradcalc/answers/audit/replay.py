"""Which suspects are the cause: with their numbers exact, the rest of torch's arithmetic comes out right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcalc.answers.audit.blame import SUMS, Suspect, Wrong, own_format, wrong_ones
from gradcalc.answers.audit.judge import Judge
from gradcalc.engines.exact.ball import Ball, working
from gradcalc.tracing.evaluate import flows, rounded, run
from gradcalc.tracing.rules import Numbers
from gradcalc.tracing.tape import Output, Step
from gradcalc.tracing.truth import seed

MOST_SUSPECTS = 12
RANGED = {"overflow", "underflow", "nan"}  # reasons of numbers that leave the range of exponents
MOST_CHECKED = 40  # components that a replay has to bring right


def confirmed(suspects: Sequence[Suspect], judge: Judge, wrong: Wrong) -> list[Suspect]:
    """The suspects that are the cause of what is wrong: with them exact, the rest comes out right.

    Where all comes out right without, but for the range of exponents, the cause is a number that left it: with what
    torch has in its place, the rest comes out wrong. None of these are it where the range is left on the way back.
    """
    groups = list(_twins(suspects))[:MOST_SUSPECTS]
    if not groups:
        return []
    ranged = [one for one in groups if one[0].reason in RANGED]
    if _right(judge, {}, wrong):
        harmful = (group for group in ranged if not _right(judge, _as_found(group), wrong))
        return next(harmful, [])[:1]
    makers = list(_makers(groups, judge))
    sums = [group for group in makers if group[0].operation in SUMS]  # what a sum rounds away, a logarithm shows
    innocent = [one for one in groups if one[0].operation not in SUMS and _innocent(one[0], judge)]
    guilty = [one for one in groups if one not in innocent]
    for group in (*(one for one in groups if one[0].operation in SUMS), *sums, *guilty, *makers, *innocent):
        if _right(judge, _exact(group, judge), wrong):
            return group[:1]
    everything = _exact([one for group in groups for one in group], judge)
    firsts = [group[0] for group in groups]
    return firsts if _right(judge, everything, wrong) else ranged[0][:1] if ranged else []


def presumed(suspects: Sequence[Suspect]) -> list[Suspect]:
    """The first suspect whose number left the range of exponents, or the first of all."""
    ranged = [one for one in suspects if one.reason in RANGED]
    return [*ranged, *suspects][:1]


def amplified(judge: Judge, wrong: Wrong) -> list[Suspect]:
    """The sum whose ordinary rounding is the cause: with it exact, and not without, the rest comes out right."""
    tape = judge.truth.tape
    sums = [
        _rounded_at(step, output, None, judge)
        for step in tape.steps
        for output in step.outputs
        if step.operation.removeprefix("aten.") in SUMS and tape.varies(output.read)
    ][-MOST_SUSPECTS:]
    if not sums or _right(judge, {}, wrong):
        return []
    return next(([one] for one in sums if _right(judge, _exact([one], judge), wrong)), [])


def _innocent(suspect: Suspect, judge: Judge) -> bool:
    """Is its result right for the numbers that it got? Then it only shows what was rounded before it."""
    tape = judge.truth.tape
    given = {}
    for read in suspect.step.inputs:
        output = next(
            (one for step in tape.steps for one in step.outputs if one.read == read and read.index is None), None
        )
        if output is not None:
            given[read.node] = [Ball(number) for number in output.numbers.double().reshape(-1).tolist()]
    if not given or suspect.back:
        return False
    with working(judge.truth.bits):
        true = run(tape, given, judge.truth.run).at(suspect.output.read)[suspect.place]
    return not list(wrong_ones([suspect.found], [true], own_format(suspect.output, judge.form)))


def _makers(groups: Sequence[Sequence[Suspect]], judge: Judge) -> Iterator[list[Suspect]]:
    """The steps that made what suspects work on: right but for rounding, which is all that matters there."""
    tape, met = judge.truth.tape, set()
    for group in groups:
        for read in group[0].step.inputs:
            if read.node in met or not tape.varies(read):
                continue
            met.add(read.node)
            for step in tape.steps:
                for output in step.outputs:
                    if output.read.node == read.node and output.numbers.is_floating_point():
                        yield [_rounded_at(step, output, group[0], judge)]


def _rounded_at(step: Step, output: Output, suspect: Suspect | None, judge: Judge) -> Suspect:
    numbers = judge.truth.run.at(output.read)
    place = suspect.place if suspect is not None and suspect.place < len(numbers) else 0
    found = output.numbers.double().reshape(-1).tolist()
    return Suspect(step, output, place, found[place], numbers[place], kind="cancellation")


def explained(found: Sequence[Suspect], judge: Judge, wrong: Wrong) -> bool:
    """Does what was found for one part explain another part too?"""
    ranged = any(one.reason in RANGED for one in found)
    return ranged or _right(judge, _exact(found, judge), wrong)


def _twins(suspects: Sequence[Suspect]) -> Iterator[list[Suspect]]:
    """The suspects, those together that do the same with the same numbers."""
    groups: dict[Any, list[Suspect]] = {}
    for one in suspects:
        key = (
            one.operation,
            tuple((read.node, None if read.index is None else tuple(read.index)) for read in one.step.inputs),
        )
        groups.setdefault(key, []).append(one)
    yield from groups.values()


def _exact(group: Sequence[Suspect], judge: Judge) -> dict[int, Numbers]:
    """The true numbers of suspects, by their nodes."""
    return {one.output.read.node: judge.truth.run.values[one.output.read.node] for one in group}


def _as_found(group: Sequence[Suspect]) -> dict[int, Numbers]:
    """What torch has in place of their numbers, where these fill a node."""
    return {
        one.output.read.node: [Ball(number) for number in one.output.numbers.double().reshape(-1).tolist()]
        for one in group
        if one.output.read.index is None
    }


def _right(judge: Judge, given: Mapping[int, Numbers], wrong: Wrong) -> bool:
    """Does what is wrong come out right in torch's arithmetic without bounds on exponents, with some numbers given?"""
    truth, bits = judge.truth, judge.form.precision
    tape = truth.tape
    finals = [False] * len(tape.nodes)
    for step in tape.steps:
        for output in step.outputs:
            finals[output.read.node] = True
    made = rounded(tape, bits, given, finals, truth.bits)
    value = made.at(truth.result)[0]
    if ("", 0) in wrong and not (value.is_finite() and judge.allowance.value(float(value), truth.value)):
        return False
    back = flows(tape, made, seed(tape, truth.result), rounding=[bits * final for final in finals])
    for name, place in wrong[:MOST_CHECKED]:
        if name:
            one, true = back[tape.leaves[name]][place], truth.slopes(name)[place]
            if one is None or true is None or not judge.allowance.component(float(one), true, name, place):
                return False
    return True
