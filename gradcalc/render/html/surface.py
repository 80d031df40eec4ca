"""A function of two variables as a figure of a page: lines of equal height, arrows along the gradient, a descent."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from gradcalc.answers.plot.records import SurfacePlot
from gradcalc.base.words import brief
from gradcalc.render.html.chart import POINT, Scale, dot, figure, grid, inside, line, ticks
from gradcalc.render.numbers import signed

HEIGHT, LEVELS, ARROW = 520, 12, 20  # pixels, about how many lines, pixels of the longest arrow
SHARE = 0.9  # of the arrows are at most as steep as the longest one that is drawn
LEAP = 0.25  # of the height: values further apart across a break are not joined
KINDS = 5  # of lines, from low to high
Cell = tuple[tuple[float, float, float], ...]  # its corners, one after the other: x, y, and the value
SIGNS = {"minimum": "▼", "maximum": "▲", "saddle": "✕"}


def surface(plot: SurfacePlot) -> str:
    """The picture, with a line that says what its signs mean."""
    scale = Scale(plot.box[plot.variables[0]], plot.box[plot.variables[1]], HEIGHT)
    heights = ticks(plot.limits, LEVELS)
    cells = [cell for cell in _cells(plot, plot.values) if not _apart(plot, cell)]
    drawn = [_level(scale, cells, height, _kind(place, len(heights))) for place, height in enumerate(heights)]
    for rows in (plot.breaks or {}).values():
        drawn.append(_level(scale, list(_cells(plot, rows)), 0.0, "pole"))
    path = [line(scale, [x for x, _ in plot.path], [y for _, y in plot.path], "curve c1")] if plot.path else []
    ends = [dot(scale, *plot.path[-1], "full c1")] if plot.path else []
    special = [_special(scale, one.at, one.kind) for one in plot.critical]
    body = [grid(scale), inside(scale, [*drawn, *_arrows(scale, plot), *path]), *ends, *special]
    legend = "; ".join(_legend(plot, heights))
    return figure(scale, legend, body, legend)


def _cells(plot: SurfacePlot, rows: Sequence[Sequence[float | None]]) -> Iterator[Cell]:
    """The cells of the grid whose four corners have values."""
    for (low, below), (high, above) in itertools.pairwise(zip(plot.y, rows, strict=True)):
        for (left, one, four), (right, two, three) in itertools.pairwise(zip(plot.x, below, above, strict=True)):
            if one is not None and two is not None and three is not None and four is not None:
                yield ((left, low, one), (right, low, two), (right, high, three), (left, high, four))


def _apart(plot: SurfacePlot, cell: Cell) -> bool:
    """Does the function leap between the corners, where a quantity that may break it changes its sign?"""
    values = [value for _, _, value in cell]
    if not plot.breaks or max(values) - min(values) <= LEAP * (plot.limits[1] - plot.limits[0]):
        return False
    places = [(plot.x.index(x), plot.y.index(y)) for x, y, _ in cell]
    found = ([rows[row][column] for column, row in places] for rows in plot.breaks.values())
    return any(len({one is not None and one > 0 for one in signs}) > 1 for signs in found)


def _level(scale: Scale, cells: Sequence[Cell], height: float, kind: str) -> str:
    """A line of equal height, cell by cell."""
    pieces = [
        f"M{scale.across(x0):.1f},{scale.down(y0):.1f}L{scale.across(x1):.1f},{scale.down(y1):.1f}"
        for cell in cells
        for (x0, y0), (x1, y1) in _pairs(_crossings(cell, height))
    ]
    return f'<path class="{kind}" d="{"".join(pieces)}"/>' if pieces else ""


def _kind(place: int, count: int) -> str:
    """The higher, the stronger."""
    return f"level l{place * KINDS // count}"


def _crossings(cell: Cell, height: float) -> list[tuple[float, float]]:
    """Where a height lies on the edges of a cell: two places or four."""
    found = []
    for (x0, y0, one), (x1, y1, other) in itertools.pairwise((*cell, cell[0])):
        if (one < height) != (other < height):
            share = (height - one) / (other - one)
            found.append((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share))
    return found


def _pairs(places: Sequence[tuple[float, float]]) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Places two by two."""
    return zip(places[::2], places[1::2], strict=True)


def _arrows(scale: Scale, plot: SurfacePlot) -> Iterator[str]:
    """Arrows along the gradient: the steeper, the longer, by the root, so that the small ones are seen."""
    lengths = sorted(math.hypot(*one.gradient) for one in plot.arrows)
    longest = lengths[int(len(lengths) * SHARE)] if lengths else 0.0
    for one in plot.arrows if longest else ():
        length = math.hypot(*one.gradient)
        size = ARROW * min(1.0, math.sqrt(length / longest)) if length else 0.0
        if size < 1:
            continue
        x, y = scale.across(one.at[0]), scale.down(one.at[1])
        angle = math.degrees(math.atan2(-one.gradient[1], one.gradient[0]))
        shape = f"M{-size / 2:.1f},0H{size / 2:.1f}m-4,-3l4,3l-4,3"
        yield f'<path class="arrow" transform="translate({x:.1f} {y:.1f}) rotate({angle:.0f})" d="{shape}"/>'


def _special(scale: Scale, at: Sequence[float], kind: str) -> str:
    """A critical point: a sign for what it is."""
    x, y = scale.across(at[0]), scale.down(at[1]) + POINT
    return f'<text class="special" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{SIGNS.get(kind, "●")}</text>'


def _legend(plot: SurfacePlot, heights: Sequence[float]) -> Iterator[str]:
    """What is drawn, in words."""
    across, up = plot.variables
    yield f"{across} to the right, {up} upwards"
    if heights:
        yield f"lines of equal {plot.name} from {signed(heights[0])} (thin) to {signed(heights[-1])} (thick)"
    if len(heights) > 1:
        yield f"{brief(heights[1] - heights[0])} apart"
    yield "arrows along the gradient"
    yield from (f"dotted: {text} = 0, may break" for text in plot.breaks or {})
    if plot.path:
        yield "strong line: the descent, to the dot"
    kinds = dict.fromkeys(one.kind for one in plot.critical)
    yield from (f"{SIGNS.get(kind, '●')} {kind}" for kind in kinds)
