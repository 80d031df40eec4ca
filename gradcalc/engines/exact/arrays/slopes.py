"""The slopes by every component of an array, each made when it is asked for."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from gradcalc.base.floating import DOUBLE, Format
from gradcalc.engines.exact.ball import Ball, as_real, known
from gradcalc.engines.records import Slope, Slopes, Smoothness

MANY = 1_000  # components, of which the sizes matter only where they are 0


class Balls(Slopes):
    """Slopes as balls; their `sizes` are worked out when one is asked for."""

    def __init__(
        self,
        balls: Sequence[Ball],
        sizes: Callable[[], Sequence[Ball]],
        special: Mapping[int, Slope],
        unknown: frozenset[int],
        many: int = MANY,
    ) -> None:
        self.many = many
        self.balls, self.special, self.unknown, self._sizes = balls, special, unknown, sizes

    @cached_property
    def sizes(self) -> Sequence[Ball]:
        """The size of the terms that each slope is the sum of."""
        return self._sizes()

    def unsettled(self, bits: int) -> list[int]:
        """The components that are not known to so many bits."""
        return [place for place, ball in enumerate(self.balls) if not known(ball, bits) and place not in self.unknown]

    def __len__(self) -> int:
        return len(self.balls)

    def __getitem__(self, place: int) -> Slope:  # type: ignore[override]  # nobody asks for a part
        if place in self.special:
            return self.special[place]
        assert place not in self.unknown
        ball = self.balls[place]
        size = self.sizes[place] if len(self.balls) <= self.many or ball.contains(0) else abs(ball)
        return Slope(Smoothness.SMOOTH, as_real(ball), magnitude=as_real(size))

    def nearest(self, form: Format) -> array[float]:
        """The derivatives rounded to a format; nan where there is none."""
        found = array("d", map(float, self.balls))
        if form.precision < DOUBLE:
            found = array("d", (as_real(ball).nearest(form) for ball in self.balls))
        for place in (*self.special, *self.unknown):
            value = self.special[place].value if place in self.special else None
            found[place] = math.nan if value is None else value.nearest(form)
        return found


class Alike(Slopes):
    """The same slope by every component."""

    def __init__(self, slope: Slope, length: int) -> None:
        self.slope, self.length = slope, length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, place: int) -> Slope:  # type: ignore[override]  # nobody asks for a part
        return self.slope

    def nearest(self, form: Format) -> array[float]:
        """The derivatives rounded to a format; nan where there is none."""
        value = self.slope.value
        return array("d", [math.nan if value is None else value.nearest(form)]) * self.length
