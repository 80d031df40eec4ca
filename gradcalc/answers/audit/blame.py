"""The steps of a recorded run where digits or a number went, as in `diff`: forward first, then on the way back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from gradcalc.base.floating import FORMATS, Format
from gradcalc.engines.exact.ball import Ball, as_real, from_fraction
from gradcalc.tracing.evaluate import Run
from gradcalc.tracing.operations import MASKING
from gradcalc.tracing.rules import Given
from gradcalc.tracing.tape import Output, Read, Step, Tape

PART = 4  # of the tolerance is what a single number may be off before it counts as wrong
SQUARING = {"linalg_vector_norm", "norm", "_cdist_forward", "_euclidean_dist", "var", "std"}
POLES = {"log", "log1p", "log2", "log10", "div", "reciprocal", "rsqrt", "atanh", "logit", "tan"}
ADDED = "added"  # the kind of a number that is wrong as gradients of several uses add up
SLIP = "precision of the way back"  # the kind of a wrong gradient that is a number, made of a right one
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
        if self.operation in SQUARING and self.found == 0 and not self.back and not self.true.contains(0):
            return "underflow"  # of what it squares inside
        if math.isinf(self.found) and not self.back and self.true.is_finite() and self.operation in POLES:
            return "cancellation"  # of what it is given: the true number is in range
        if not math.isfinite(self.found):
            return "overflow" if math.isinf(self.found) and not self.back and self.true.is_finite() else "nan"
        return "cancellation" if self.operation in SUMS else "precision" if self.kind == SLIP else self.kind


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
            bad = list(wrong_ones(numbers, values.at(output.read), own_format(output, form)))
            if not bad:
                continue
            wrong.setdefault(output.read.node, set()).update(
                bad if output.read.index is None else [output.read.index[place] for place in bad]
            )
            if not bad_input:
                place = max(bad, key=lambda one: (not math.isfinite(numbers[one]), -one))
                found.append(Suspect(step, output, place, numbers[place], values.at(output.read)[place]))
    return found


def own_format(output: Output, form: Format) -> Format:
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


def endless(tape: Tape, values: Run) -> Suspect | None:
    """The first step on the way to the result from which on nothing is finite, where only a mask held infinities."""
    found = None
    for step in reversed(tape.steps):
        varying = [one for one in step.outputs if one.numbers.is_floating_point() and tape.varies(one.read)]
        if varying and any(one.is_finite() for one in values.at(varying[0].read)):
            return found
        if varying and step.place is not None:
            numbers, output = values.at(varying[0].read), varying[0]
            found = Suspect(step, output, 0, float(output.numbers.reshape(-1)[0]), numbers[0])
    return found


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


def operands(suspect: Suspect, values: Run) -> list[Ball]:
    """The numbers that an operation got at that place, each of its operands stretched to the shape of the result."""
    step, shape = suspect.step, suspect.output.shape
    pairs = [(read, _stretched(suspect.place, shape, own)) for read, own in zip(step.inputs, step.shapes, strict=True)]
    plain = [] if step.call is None else [one for one in step.call[1][1:2] if type(one) in (int, float)]  # x / 0.0
    return [*(values.at(read)[place] for read, place in pairs if place is not None), *map(Ball, plain)]


def made_of(suspect: Suspect, values: Run) -> int | None:
    """How many numbers one result is made of; None for an operation that takes none."""
    counts = [len(values.at(read)) for read in suspect.step.inputs[:1]]
    return counts[0] // max(math.prod(suspect.output.shape), 1) if counts else None


def _stretched(place: int, shape: tuple[int, ...], own: tuple[int, ...]) -> int | None:
    """The place in an operand that broadcasting puts at a place of the result; None where it does not."""
    if len(own) > len(shape) or any(one not in (1, other) for one, other in zip(own[::-1], shape[::-1], strict=False)):
        return None
    found, step = 0, 1
    for size, mine in zip(reversed(shape), [*reversed(own), *[1] * (len(shape) - len(own))], strict=True):
        place, index = divmod(place, size)
        if mine != 1:
            found += index * step
        step *= mine
    return found
