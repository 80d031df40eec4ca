"""How steps go to zero where the limit of a difference quotient is looked for, and with how many digits."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gradcalc.engines.exact.precision import precisions
from gradcalc.syntax.tree import Node

STEPS = 4
NEGLIGIBLE = Fraction(1, 2**100)


@dataclass(frozen=True, slots=True)
class Pace:
    """How steps go to zero: step k is 2**(-bits * k). The last of the `precisions` holds the last step squared."""

    bits: int
    precisions: tuple[int, ...]

    @property
    def finest(self) -> int:
        """The power of two that the last step and a negligible part of it make, without its sign."""
        return self.bits * STEPS + NEGLIGIBLE.denominator.bit_length()


PACES = (  # the first step is far below the spacing of any format near an ordinary number
    Pace(300, (2560, 4608, 12288)),  # derivatives of sin(x)/x lose twice the bits of the step at each order
    Pace(300, (2560, 4608)),
    Pace(150, (1024, 1536)),  # for functions that take seconds at more
)


def pace_of(root: Node) -> Pace:
    """The pace at which differences of a tree are taken in time."""
    most = precisions(root)[-1]
    return next(pace for pace in PACES if pace.precisions[-1] <= most)
