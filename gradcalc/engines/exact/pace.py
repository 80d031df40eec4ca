"""How the steps of one-sided difference quotients go to zero, and how many digits they take."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

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
