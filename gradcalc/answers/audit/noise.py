"""How far a result may be off though the code is right: what rounding does to it, and to what went in."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from gradcalc.base.floating import FORMATS, Format
from gradcalc.engines.exact.ball import Ball, from_fraction, working
from gradcalc.tracing.evaluate import flows, run, variances
from gradcalc.tracing.rules import Flow
from gradcalc.tracing.tape import Tape
from gradcalc.tracing.truth import Truth, perturbed, seed

ROUGH = 64  # bits of what tells sizes only
SIGNS = 1  # the seed of the directions in which the leaves are moved
DRAWS = 3


@dataclass(eq=False)
class Noise:
    """Worked out where it is asked for: most results are right without an excuse."""

    truth: Truth
    form: Format
    held: bool = False  # is what the code hides from autograd held constant?

    @cached_property
    def moves(self) -> tuple[Ball, dict[tuple[str, int], Ball]]:
        """How far value and gradient move when every leaf moves in its last place, at the most of a few draws."""
        draw = random.Random(SIGNS)
        tape, most = self.truth.tape, Ball(0)
        moved: dict[tuple[str, int], Ball] = {}
        for _ in range(DRAWS):
            signs = {
                name: [draw.choice((-1, 1)) for _ in range(tape.nodes[node].size)] for name, node in tape.leaves.items()
            }
            value, back = perturbed(self.truth, from_fraction(Fraction(self.form.epsilon) / 2), signs)
            most = _larger(most, value - self.truth.value)
            for name, node in tape.leaves.items():
                before = self.truth.slopes(name)
                for place, (one, other) in enumerate(zip(back[node] or before, before, strict=True)):
                    if one is not None and other is not None:
                        moved[name, place] = _larger(moved.get((name, place), Ball(0)), one - other)
        return most, moved

    @cached_property
    def rounding(self) -> Ball:
        """The value as a ball at the precision of the format: its radius bounds what rounding does."""
        with working(self.form.precision):
            return run(self.truth.tape).at(self.truth.result)[0]

    @cached_property
    def _variances(self) -> list[Flow]:
        """Of the gradient by every node, where every number on the way back is rounded to the format it is held in."""
        tape, run = self.truth.tape, self.truth.run
        with working(self.truth.bits):
            back = flows(tape, run, seed(tape, self.truth.result), held=True) if self.held else self.truth.flows
        with working(ROUGH):
            return variances(tape, run, back, _shares(tape, self.form), held=self.held)

    def running(self, name: str, place: int) -> Ball:
        """The running error of a component: what rounding does, in the mean, to a sum of what all ways contribute.

        The numbers that the code works out on its way forward count as right to the last place: digits that are lost
        there are the code's own fault.
        """
        variance = self._variances[self.truth.tape.leaves[name]]
        one = variance[place] if variance else None
        return Ball(0) if one is None else one.mid().sqrt()


def _shares(tape: Tape, form: Format) -> list[Ball]:
    """What rounding leaves open of a number at each node: by the coarsest format of what its step made."""
    steps = [
        max((FORMATS[one.form].epsilon for one in step.outputs if one.form in FORMATS), default=form.epsilon)
        for step in tape.steps
    ]
    each = [form.epsilon, *steps]
    return [Ball(each[min(node.step, len(steps))]) for node in tape.nodes]


def _larger(a: Ball, b: Ball) -> Ball:
    """The larger size of two numbers."""
    size = abs(b.mid())
    return size if size > a else a
