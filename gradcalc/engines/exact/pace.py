"""How steps go to zero where the limit of a difference quotient is looked for, and with how many digits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.engines.exact.precision import Unproven, precisions
from gradcalc.engines.exact.steepness import steepness
from gradcalc.syntax.tree import Node

STEPS = 4
NEGLIGIBLE = Fraction(1, 2**100)
ROOM = NEGLIGIBLE.denominator.bit_length() - 1  # bits between the first step and what it has to be below
FURTHEST = 16_000  # bits that the first step is moved nearer to 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How steps go to zero: step k is 2**-(nearer + bits*k). The last precision holds the last step squared."""

    bits: int
    precisions: tuple[int, ...]
    nearer: int = 0

    def step(self, count: int) -> Fraction:
        """The size of a step."""
        return Fraction(1, 1 << (self.nearer + self.bits * count))

    @property
    def finest(self) -> int:
        """The power of two that the last step and a negligible part of it make, without its sign."""
        return self.nearer + self.bits * STEPS + NEGLIGIBLE.denominator.bit_length()


PACES = (  # the first step is far below the spacing of any format near an ordinary number
    Pace(300, (2560, 4608, 12288)),  # derivatives of sin(x)/x lose twice the bits of the step at each order
    Pace(300, (2560, 4608)),
    Pace(150, (1024, 1536)),  # for functions that take seconds at more
)


def pace_of(root: Node, point: Mapping[str, Fraction], along: Iterable[str]) -> Pace:
    """The pace at which differences along names are taken in time, with steps far below what the tree changes within.

    Raises Unproven where it changes within less than any step that is affordable.
    """
    most = precisions(root)[-1]
    pace = next(pace for pace in PACES if pace.precisions[-1] <= most)
    nearer = steepness(root, point, along) + ROOM - pace.bits
    if nearer <= 0:
        return pace
    if nearer > FURTHEST or pace.precisions[-1] + 2 * nearer > most:
        raise TooSteep(root, min(FURTHEST, (most - pace.precisions[-1]) // 2))
    return Pace(pace.bits, tuple(bits + 2 * nearer for bits in pace.precisions), nearer)


class TooSteep(Unproven):
    """A function that changes within less than any step that is affordable."""

    why = "near the point it changes within less than a step of 2**-{:,}, the smallest that limits are taken at"
    cure = "no option raises this limit: rescale the expression, so that its numbers are nearer to 1"
