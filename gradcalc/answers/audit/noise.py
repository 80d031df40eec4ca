"""How far a result may be off though the code is right: what rounding does to it, and to what went in."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from gradcalc.base.floating import Format
from gradcalc.engines.exact.ball import Ball, from_fraction, working
from gradcalc.tracing.evaluate import flows, run
from gradcalc.tracing.rules import Flow
from gradcalc.tracing.truth import Truth, perturbed, seed

SIGNS = 1  # the seed of the directions in which the leaves are moved
DRAWS = 3


@dataclass(eq=False)
class Noise:
    """Worked out where it is asked for: most results are right without an excuse."""

    truth: Truth
    form: Format

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
    def rounding(self) -> tuple[Ball, list[Flow]]:
        """Value and gradient as balls at the precision of the format: their radii bound what rounding does."""
        with working(self.form.precision):
            made = run(self.truth.tape)
            return made.at(self.truth.result)[0], flows(self.truth.tape, made, seed(self.truth.tape, self.truth.result))

    def rough(self, name: str, place: int) -> Ball:
        """A component at the precision of the format."""
        flow = self.rounding[1][self.truth.tape.leaves[name]]
        one = flow[place] if flow else None
        return Ball(0) if one is None else one

    @cached_property
    def largest(self) -> dict[str, Ball]:
        """The size of the largest component of each variable."""
        return {
            name: max(
                (abs(one).mid() for one in self.truth.slopes(name) if one is not None and one.is_finite()),
                default=Ball(0),
            )
            for name in self.truth.tape.leaves
        }


def _larger(a: Ball, b: Ball) -> Ball:
    """The larger size of two numbers."""
    size = abs(b.mid())
    return size if size > a else a
