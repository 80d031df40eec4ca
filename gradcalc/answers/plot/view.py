"""How high a picture is: what matters of a function that grows without bound is seen, and the rest runs out of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from gradcalc.answers.plot.records import Ends

APART = 0.04  # of the range: what is nearer to a place where the function runs away does not stretch the picture
MARGIN = 0.06  # of the height
FLAT = 1.0  # the half height of a constant's picture
STEEP = 30.0  # times the spread of the middle half: what lies further out runs out of the picture


def limits(
    points: Iterable[tuple[float, float]], away: Sequence[float], width: float, also: Sequence[float],
    steep: float = STEEP,
) -> Ends:  # fmt: skip
    """The least and the greatest y of a picture of `points`; `away` are the places where they run out of it.

    What is `also` to be seen is seen. What is `steep` times as far out as the middle half is wide, is not.
    """
    near = APART * width
    every = [(x, y) for x, y in points if math.isfinite(y)]
    kept = [y for x, y in every if all(abs(x - place) >= near for place in away)] or [y for _, y in every]
    kept = _without_extremes(sorted(kept), steep) if away else kept
    seen = [*kept, *(one for one in also if math.isfinite(one))]
    if not seen:
        return -FLAT, FLAT
    low, high = min(seen), max(seen)
    if away and low >= 0:
        low = 0.0 if low < (high - low) / 2 else low
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        half = FLAT if not low else abs(low) / 2
        return low - half, high + half
    margin = MARGIN * (high - low)
    return low - margin, high + margin


def _without_extremes(values: list[float], steep: float) -> list[float]:
    """Sorted values without those that are far beyond the middle half of them."""
    if len(values) < 8:
        return values
    quarter, half, three = (values[len(values) * k // 4] for k in (1, 2, 3))
    spread = three - quarter
    return [one for one in values if abs(one - half) <= steep * spread] if spread else values
