"""Curves in a terminal, by the dots of braille: two by four of them in every character."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from gradcalc.answers.plot.records import Curve, Ends, Kind, LinePlot, SurfacePlot
from gradcalc.base.words import brief

WIDTH, HEIGHT = 60, 14  # characters of a picture with one curve; of several, each is lower
LOWER = {1: 14, 2: 10, 3: 8, 4: 7}
BLANK = 0x2800
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # by row and column of a character
OPEN, CLOSED, CORNER, UPRIGHT, NOTHING, UNKNOWN = "○", "●", "◆", "┊", "░", "?"
AXIS = "╌"
SHADES = " ·░▒▓█"


class Canvas:
    """Dots, and characters over them."""

    def __init__(self, x: Ends, y: Ends, height: int) -> None:
        self.x, self.y, self.height = x, y, height
        self.dots = [[0] * WIDTH for _ in range(height)]
        self.over: dict[tuple[int, int], str] = {}

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies, in dots from the upper left corner."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0]) * (WIDTH * 2 - 1)
        down = (self.y[1] - y) / (self.y[1] - self.y[0]) * (self.height * 4 - 1)
        return across, down

    def line(self, one: Ends, other: Ends) -> None:
        """The dots of a straight line between two points, as far as it is seen."""
        (x0, y0), (x1, y1) = self.place(*one), self.place(*other)
        clipped = _clipped(y0, y1, self.height * 4 - 1)
        if clipped is None:
            return
        start, stop = clipped
        steps = max(1, math.ceil(max(abs(x1 - x0), abs(y1 - y0) * (stop - start))))
        for index in range(steps + 1):
            part = start + (stop - start) * index / steps
            self.dot(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part)

    def dot(self, across: float, down: float) -> None:
        """One dot."""
        column, row = round(across), round(down)
        if 0 <= column < WIDTH * 2 and 0 <= row < self.height * 4:
            self.dots[row // 4][column // 2] |= DOTS[row % 4][column % 2]

    def mark(self, x: float, y: float, sign: str) -> None:
        """A character at a point, where that is seen."""
        across, down = self.place(x, y)
        if -0.5 <= down <= self.height * 4 - 0.5 and -0.5 <= across <= WIDTH * 2 - 0.5:
            self.over[min(int(down // 4), self.height - 1), min(int(across // 2), WIDTH - 1)] = sign

    def column(self, x: float, sign: str) -> None:
        """A line from the top to the bottom, behind the dots."""
        place = min(int(self.place(x, self.y[0])[0] // 2), WIDTH - 1)
        for row in range(self.height):
            if not self.dots[row][place]:
                self.over.setdefault((row, place), sign)

    def band(self, ends: Ends, sign: str) -> None:
        """Columns from one place to another, behind everything."""
        first, last = (self.place(one, self.y[0])[0] / 2 for one in ends)
        for place in range(max(0, round(first)), min(WIDTH, max(round(first) + 1, round(last)))):
            for row in range(self.height):
                if not self.dots[row][place]:
                    self.over.setdefault((row, place), sign)

    def lines(self) -> list[str]:
        """The rows of characters."""
        return ["".join(self._character(row, place) for place in range(WIDTH)) for row in range(self.height)]

    def _character(self, row: int, place: int) -> str:
        dots = self.dots[row][place]
        return self.over.get((row, place)) or (chr(BLANK + dots) if dots else " ")


def _clipped(start: float, stop: float, most: float) -> Ends | None:
    """The part of a way from one height to another that is between 0 and `most`; None where nothing is."""
    if start == stop:
        return (0.0, 1.0) if 0 <= start <= most else None
    first, last = sorted(((0 - start) / (stop - start), (most - start) / (stop - start)))
    first, last = max(first, 0.0), min(last, 1.0)
    return (first, last) if first <= last else None


def drawing(plot: LinePlot, curve: Curve, of: int) -> str:
    """One curve of a picture of so many, with its numbers at the sides."""
    canvas = Canvas(plot.ends, curve.limits, LOWER.get(of, HEIGHT))
    for stroke in curve.strokes:
        for one, other in itertools.pairwise(zip(stroke.x, stroke.y, strict=True)):
            canvas.line(one, other)
        for x, y, belongs in stroke.ends:
            canvas.mark(x, y, CLOSED if belongs else OPEN)
    if (tangent := plot.tangent) is not None and not curve.order:
        start, stop = zip(plot.ends, tangent.over(plot.ends), strict=True)
        canvas.line(start, stop)
        canvas.mark(tangent.at, tangent.value, CLOSED)
    _marks(plot, curve, canvas)
    return _framed(canvas.lines(), plot.ends, curve.limits)


def _marks(plot: LinePlot, curve: Curve, canvas: Canvas) -> None:
    """What is proven of places and of pieces."""
    for one in plot.marks:
        if one.kind.cuts(curve.order):
            canvas.column(one.at, UPRIGHT)
        elif not curve.order and one.value is not None:
            canvas.mark(one.at, one.value, CLOSED if one.kind is Kind.JUMP else CORNER)
    for special in plot.critical:
        canvas.mark(special.at[0], special.value if not curve.order else 0.0, CLOSED)
    for gap in plot.gaps:
        canvas.band(gap, NOTHING)
    for gap in plot.undecided:
        canvas.band(gap, UNKNOWN)
    low, high = curve.limits
    if low < 0 < high:
        row = min(int(canvas.place(plot.ends[0], 0.0)[1] // 4), canvas.height - 1)
        for place in range(WIDTH):
            if not canvas.dots[row][place]:
                canvas.over.setdefault((row, place), AXIS)


def _framed(rows: Sequence[str], x: Ends, y: Ends) -> str:
    """The rows between an axis and its numbers."""
    labels = {0: brief(y[1]), len(rows) - 1: brief(y[0])}
    labels = {row: _short(text) for row, text in labels.items()}
    margin = max(map(len, labels.values()))
    lines = [f"{labels.get(row, ''):>{margin}} ┤{text}".rstrip() for row, text in enumerate(rows)]
    first, last = brief(x[0]), brief(x[1])
    return "\n".join([*lines, f"{'':>{margin}} └{'─' * WIDTH}", f"{'':>{margin}}  {first}{last:>{WIDTH - len(first)}}"])


def _short(text: str) -> str:
    """A number in three digits."""
    return f"{float(text):.3g}"


def shaded(plot: SurfacePlot) -> str:
    """A function of two variables: the darker, the larger; where it has no value, a question mark."""
    low, high = plot.limits
    rows = []
    for index in range(HEIGHT):
        line = plot.values[round((len(plot.values) - 1) * (1 - index / (HEIGHT - 1)))]
        cells = (line[round((len(line) - 1) * place / (WIDTH - 1))] for place in range(WIDTH))
        rows.append("".join(_shade(one, low, high) for one in cells))
    found = [list(row) for row in rows]
    for sign, places in ((CLOSED, [one.at for one in plot.critical]), ("o", list(plot.path))):
        for x, y in places:
            _put(found, plot, x, y, sign)
    first, second = plot.box.values()
    return _framed(["".join(row) for row in found], first, second)


def _put(rows: list[list[str]], plot: SurfacePlot, x: float, y: float, sign: str) -> None:
    (x0, x1), (y0, y1) = plot.box.values()
    column = round((x - x0) / (x1 - x0) * (WIDTH - 1))
    row = round((y1 - y) / (y1 - y0) * (HEIGHT - 1))
    if 0 <= row < HEIGHT and 0 <= column < WIDTH:
        rows[row][column] = sign


def _shade(value: float | None, low: float, high: float) -> str:
    if value is None:
        return UNKNOWN
    share = min(1.0, max(0.0, (value - low) / (high - low)))
    return SHADES[min(int(share * len(SHADES)), len(SHADES) - 1)]
