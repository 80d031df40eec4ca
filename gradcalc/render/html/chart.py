"""The ground that curves are drawn on, in SVG: a scale, lines of a grid with their numbers, signs for points."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from gradcalc.answers.plot.records import Ends
from gradcalc.render.html.elements import wide
from gradcalc.render.numbers import signed

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 720, 66, 14, 12, 28
ACROSS, UP = 8, 5  # about how many numbers stand at an axis
FAR = 20_000.0  # pixels: what runs out of the picture need not be drawn further
POINT = 4.5


@dataclass(frozen=True, slots=True)
class Scale:
    """Where numbers lie in a picture of a height."""

    x: Ends
    y: Ends
    height: int = 240

    def across(self, x: float) -> float:
        """Pixels from the left."""
        share = (x - self.x[0]) / (self.x[1] - self.x[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def down(self, y: float) -> float:
        """Pixels from the top."""
        share = (self.y[1] - y) / (self.y[1] - self.y[0])
        return max(-FAR, min(FAR, TOP + share * (self.height - TOP - BOTTOM)))

    def sees(self, y: float) -> bool:
        """Is it in the picture?"""
        return self.y[0] <= y <= self.y[1]


def ticks(ends: Ends, most: int) -> list[float]:
    """Round numbers between two, as many as `most` at the utmost."""
    low, high = ends
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(power * one for one in (1, 2, 5, 10) if (high - low) / (power * one) <= most)
    return [step * place for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def grid(scale: Scale, names: tuple[str, str] = ("", "")) -> str:
    """The lines of a grid, with numbers at the left and below; zero is a stronger line."""
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, scale.height - BOTTOM
    parts = []
    for x in ticks(scale.x, ACROSS):
        at = scale.across(x)
        parts.append(f'<line class="grid" x1="{at:.1f}" y1="{top}" x2="{at:.1f}" y2="{bottom}"/>')
        parts.append(f'<text x="{at:.1f}" y="{bottom + 18}" text-anchor="middle">{signed(x)}</text>')
    for y in ticks(scale.y, UP):
        at = scale.down(y)
        kind = "zero" if y == 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{left}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{left - 7}" y="{at + 4:.1f}" text-anchor="end">{signed(y)}</text>')
    return "".join(parts)


def inside(scale: Scale, body: Iterable[str]) -> str:
    """What is cut off at the edges of the picture."""
    width, height = WIDTH - LEFT - RIGHT, scale.height - TOP - BOTTOM
    view = f'x="{LEFT}" y="{TOP}" width="{width}" height="{height}" viewBox="{LEFT} {TOP} {width} {height}"'
    return f'<svg {view} aria-hidden="true">{"".join(body)}</svg>'


def figure(scale: Scale, label: str, body: Iterable[str], legend: str) -> str:
    """The picture, with words for who does not see it, and below it what its signs mean."""
    svg = (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {scale.height}" width="{WIDTH}" role="img" '
        f'aria-label="{escape(label)}">\n{chr(10).join(body)}\n</svg>'
    )
    return f"<figure>\n{wide(svg, 'plot')}\n<figcaption>{escape(legend)}</figcaption>\n</figure>"


def line(scale: Scale, xs: Sequence[float], ys: Sequence[float], kind: str) -> str:
    """A line through points; those that fall on one pixel are one."""
    points = dict.fromkeys(f"{scale.across(x):.1f},{scale.down(y):.1f}" for x, y in zip(xs, ys, strict=True))
    return f'<polyline class="{kind}" points="{" ".join(points)}"/>'


def dot(scale: Scale, x: float, y: float, kind: str) -> str:
    """A point; a ring is one that does not belong to the curve."""
    return f'<circle class="{kind}" cx="{scale.across(x):.1f}" cy="{scale.down(y):.1f}" r="{POINT}"/>'


def diamond(scale: Scale, x: float, y: float, kind: str) -> str:
    """The sign of a kink."""
    across, down, size = scale.across(x), scale.down(y), POINT + 1
    corners = ((across, down - size), (across + size, down), (across, down + size), (across - size, down))
    return f'<polygon class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}"/>'


def upright(scale: Scale, x: float) -> str:
    """A line from the top to the bottom."""
    at = f"{scale.across(x):.1f}"
    return f'<line class="pole" x1="{at}" y1="{TOP}" x2="{at}" y2="{scale.height - BOTTOM}"/>'


def band(scale: Scale, ends: Ends, kind: str) -> str:
    """A piece of the range, hatched."""
    low, high = map(scale.across, ends)
    top, bottom = TOP, scale.height - BOTTOM
    tall = bottom - top
    lines = " ".join(f"M{at},{bottom}l{tall},{-tall}" for at in range(int(low) - tall, int(high), 9))
    wide = f"{max(high - low, 1):.1f}"
    place = f'x="{low:.1f}" y="{top}" width="{wide}" height="{tall}" viewBox="{low:.1f} {top} {wide} {tall}"'
    return f'<svg {place} aria-hidden="true"><path class="{kind}" d="{lines}"/></svg>'
