"""The steps of a recorded run where digits or a number went, as in `diff`: forward first, then on the way back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from gradcalc.answers.audit.judge import Judge
from gradcalc.base.floating import FORMATS, Format
from gradcalc.engines.exact.ball import Ball, as_real, from_fraction
from gradcalc.tracing.evaluate import Run, flows, rounded
from gradcalc.tracing.rules import Given, Numbers
from gradcalc.tracing.tape import Output, Read, Step, Tape
from gradcalc.tracing.truth import seed

PART = 4  # of the tolerance is what a single number may be off before it counts as wrong
MOST_SUSPECTS = 12
MOST_CHECKED = 40  # components that a replay has to bring right
MASKING = {"masked_fill", "where", "fill", "copy", "index_put", "scatter", "index_fill"}
SUMS = {"add", "sub", "rsub", "sum", "mean", "var", "std", "addmm", "native_layer_norm", "addcmul"}


Wrong: TypeAlias = Sequence[tuple[str, int]]  # components that are wrong, by variable and place; "" is the value


@dataclass(frozen=True, slots=True, eq=False)
class Suspect:
    """A step that made a wrong number of right ones: torch's, the true one, and what it was made of.

    `back` where it is the gradient that it passes on.
    """

    step: Step
    output: Output
    place: int
    found: float
    true: Ball
    back: bool = False
    kind: str = "precision"

    @property
    def operation(self) -> str:
        """Its name without the library's."""
        return self.step.operation.removeprefix("aten.").rstrip("_")

    @property
    def form(self) -> Format:
        """The format of its result."""
        return FORMATS[self.output.form]

    @property
    def reason(self) -> str:
        """What became of the number."""
        form = self.form
        size = abs(self.true)
        if self.true.is_finite() and size > from_fraction(Fraction(form.largest)):
            return "overflow"
        if self.true.is_finite() and not self.true.contains(0) and size < from_fraction(Fraction(form.smallest_normal)):
            return "underflow"
        if not math.isfinite(self.found):
            return "overflow" if math.isinf(self.found) and not self.back else "nan"
        return "cancellation" if self.operation in SUMS else self.kind


def forward(tape: Tape, values: Run, form: Format) -> list[Suspect]:
    """The steps whose results are the first to be wrong; `values` is the exact run."""
    wrong: dict[int, set[int]] = {}
    found = []
    for step in tape.steps:
        bad_input = any(_meets(read, wrong) for read in step.inputs)
        for output in step.outputs:
            if not output.numbers.is_floating_point() or isinstance(tape.nodes[output.read.node].rule, Given):
                continue
            numbers = output.numbers.detach().double().reshape(-1).tolist()
            bad = list(wrong_ones(numbers, values.at(output.read), _own(output, form)))
            if not bad:
                continue
            wrong.setdefault(output.read.node, set()).update(
                bad if output.read.index is None else [output.read.index[place] for place in bad]
            )
            if not bad_input:
                place = max(bad, key=lambda one: (not math.isfinite(numbers[one]), -one))
                found.append(Suspect(step, output, place, numbers[place], values.at(output.read)[place]))
    return found


def _own(output: Output, form: Format) -> Format:
    """The format of a result, where it has one of its own that is coarser: it is asked for no more than that."""
    own = FORMATS.get(output.form, form)
    return own if own.precision < form.precision else form


def _meets(read: Read, wrong: Mapping[int, set[int]]) -> bool:
    bad = wrong.get(read.node, set())
    return bool(bad) and (read.index is None or not bad.isdisjoint(read.index))


def wrong_ones(numbers: Sequence[float], true: Sequence[Ball | None], form: Format) -> Iterator[int]:
    """The elements that are off by more than rounding."""
    share = Ball(max(form.rtol / PART, 2 * form.epsilon))
    least = from_fraction(form.ulp(0.0))
    size = max((abs(one).mid() for one in true if one is not None and one.is_finite()), default=Ball(0))
    for place, (number, one) in enumerate(zip(numbers, true, strict=True)):
        if one is None:  # nothing flows here, and only what is no number spreads
            if not math.isfinite(number):
                yield place
        elif not math.isfinite(number) or not one.is_finite():
            if one.is_finite() or (not math.isnan(number) and one.is_nan()):
                yield place
        elif abs(Ball(number) - one) > abs(one) * share + (least if number else 0):  # 0 for a number is all of it lost
            known_zero = one.contains(0)
            if not known_zero or abs(Ball(number)) > size * share:
                yield place


def confirmed(suspects: Sequence[Suspect], judge: Judge, wrong: Wrong) -> list[Suspect]:
    """The suspects that are the cause of what is wrong: with them exact, the rest comes out right.

    Where all comes out right without, but for the range of exponents, the cause is a number that left it: with what
    torch has in its place, the rest comes out wrong.
    """
    groups = list(_twins(suspects))[:MOST_SUSPECTS]
    if not groups:
        return []
    ranged = [one for one in groups if one[0].reason in ("overflow", "underflow", "nan")]
    if _right(judge, {}, wrong):
        harmful = (group for group in ranged if not _right(judge, _as_found(group), wrong))
        return next(harmful, ranged[0] if ranged else groups[0])[:1]
    makers = list(_makers(groups, judge))
    sums = [group for group in makers if group[0].operation in SUMS]  # what a sum rounds away, a logarithm shows
    for group in (*(one for one in groups if one[0].operation in SUMS), *sums, *groups, *makers):
        if _right(judge, _exact(group, judge), wrong):
            return group[:1]
    everything = _exact([one for group in groups for one in group], judge)
    firsts = [group[0] for group in groups]
    return firsts if _right(judge, everything, wrong) else ranged[0][:1] if ranged else []


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


def _rounded_at(step: Step, output: Output, suspect: Suspect, judge: Judge) -> Suspect:
    numbers = judge.truth.run.at(output.read)
    place = suspect.place if suspect.place < len(numbers) else 0
    found = output.numbers.double().reshape(-1).tolist()
    return Suspect(step, output, place, found[place], numbers[place], kind="cancellation")


def explained(found: Sequence[Suspect], judge: Judge, wrong: Wrong) -> bool:
    """Does what was found for one part explain another part too?"""
    ranged = any(one.reason in ("overflow", "underflow", "nan") for one in found)
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
    if ("", 0) in wrong and not (value.is_finite() and judge.accepts(float(value), truth.value, "", 0)):
        return False
    back = flows(tape, made, seed(truth.result), rounding=[bits * final for final in finals])
    for name, place in wrong[:MOST_CHECKED]:
        if name:
            one, true = back[tape.leaves[name]][place], truth.slopes(name)[place]
            if one is None or true is None or not judge.accepts(float(one), true, name, place):
                return False
    return True


def undefined(tape: Tape, values: Run) -> Suspect | None:
    """The first step whose true result is no number: no infinity that a mask may hold, unless it comes of numbers."""
    for step in tape.steps:
        for output in step.outputs:
            if output.numbers.is_floating_point() and tape.varies(output.read):
                numbers = values.at(output.read)
                bad = next((place for place, one in enumerate(numbers) if not one.is_finite()), None)
                if bad is None or step.operation.removeprefix("aten.").rstrip("_") in MASKING:
                    continue
                given = [one for read in step.inputs for one in values.at(read)]
                if all(one.is_finite() for one in given) or (
                    any(one.is_nan() for one in numbers) and not any(one.is_nan() for one in given)
                ):
                    bad = next((place for place, one in enumerate(numbers) if one.is_nan()), bad)
                    return Suspect(step, output, bad, float(output.numbers.reshape(-1)[bad]), numbers[bad])
    return None


def text(true: Ball) -> str | None:
    """The first digits of a true number."""
    return as_real(true).text if true.is_finite() else None


def argument(suspect: Suspect, values: Run) -> Ball | None:
    """The number that an operation got, where it is one to one."""
    for read in suspect.step.inputs:
        numbers = values.at(read)
        if len(numbers) == math.prod(suspect.output.shape):
            return numbers[suspect.place]
    return None
