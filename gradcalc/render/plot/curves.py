"""A picture of a function of one variable and its derivatives, below each other."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.plot.records import Curve, Kind, LinePlot, Special
from gradcalc.render.numbers import signed
from gradcalc.render.pages.plot import title
from gradcalc.render.plot.paper import MARKER, WIDTH, Colours, equation, in_type, point

HEIGHTS = {1: 4.5, 2: 6.2, 3: 8.0, 4: 9.6}  # inches, by the number of pictures below each other
MOST_LABELS = 6  # of critical points; of more, only the points are drawn
DASHES = {
    Kind.POLE: (2, 3),
    Kind.OTHER: (1, 1.5),
    Kind.INFINITE: (6, 2, 1, 2),
}  # points on and off, of the line at a place


def lines(plot: LinePlot, colours: Colours) -> Any:
    """A picture for each order, below each other."""
    from matplotlib.figure import Figure

    count = len(plot.curves)
    figure = Figure(figsize=(WIDTH, HEIGHTS[count]), layout="constrained")
    grid: Any = figure.subplots(count, 1, sharex=True, squeeze=False)
    entries: dict[str, Any] = {}
    for (axes,), curve in zip(grid, plot.curves, strict=True):
        _curve(axes, plot, curve, colours)
        entries |= _marks(axes, plot, curve, colours)
        axes.set_xlim(*plot.ends)
        axes.set_ylim(*curve.limits)
        axes.set_title(_title(plot, curve))
        axes.margins(x=0)
    grid[-1][0].set_xlabel(in_type(plot.variable))
    if entries:
        figure.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=min(4, len(entries)))
    return figure


def _curve(axes: Any, plot: LinePlot, curve: Curve, colours: Colours) -> None:
    """The strokes of a curve, with rings and dots at ends that the function has or has not."""
    colour = colours.curves[curve.order % len(colours.curves)]
    for stroke in curve.strokes:
        axes.plot(stroke.x, stroke.y, color=colour, linewidth=2.2, solid_capstyle="round", zorder=3)
    low, high = curve.limits
    for stroke in curve.strokes:
        for x, y, belongs in stroke.ends:
            if low <= y <= high:
                point(axes, x, y, colour, colour if belongs else colours.paper)
    if plot.tangent is not None and not curve.order:
        one = plot.tangent
        axes.plot(plot.ends, one.over(plot.ends), color=colours.tangent, linewidth=1.6, dashes=(5, 2.5), zorder=2.5)
        point(axes, one.at, one.value, colours.tangent, colours.tangent)


def _marks(axes: Any, plot: LinePlot, curve: Curve, colours: Colours) -> dict[str, Any]:
    """What is proven of places and pieces, drawn; and what a legend says of it."""
    from matplotlib.lines import Line2D

    found: dict[str, Any] = {}
    colour = colours.curves[curve.order % len(colours.curves)]
    for one in plot.marks:
        if one.kind.cuts(curve.order):
            axes.axvline(one.at, color=colours.ink, linewidth=1.0, dashes=DASHES[one.kind], alpha=0.7, zorder=2)
            key = "derivative without bound" if one.kind is Kind.INFINITE else str(one.kind)
            found[key] = Line2D([], [], color=colours.ink, linewidth=1.0, dashes=DASHES[one.kind])
        elif not curve.order and one.value is not None and one.kind is not Kind.HOLE:
            closed = one.kind is Kind.JUMP
            drawn = point(axes, one.at, one.value, colour, colour if closed else colours.paper, "o" if closed else "D")
            found |= {} if closed else {str(one.kind): drawn}
        if one.kind in (Kind.JUMP, Kind.HOLE) and not curve.order:
            found[str(one.kind)] = _ring(colour, colours.paper)
    for pieces, hatch, key in ((plot.gaps, "////", "no value"), (plot.undecided, "....", "not proven")):
        for low, high in pieces:
            band = axes.axvspan(
                low, high, facecolor="none", edgecolor=colours.faint, hatch=hatch, linewidth=0, zorder=1
            )
            found[key] = band
    if plot.tangent is not None and not curve.order:
        key = f"tangent at {signed(plot.tangent.at)}, slope {signed(plot.tangent.slope)}"
        found[key] = Line2D([], [], color=colours.tangent, linewidth=1.6, dashes=(5, 2.5))
    if curve.limits[0] < 0 < curve.limits[1]:
        axes.axhline(0, color=colours.ink, linewidth=0.8, alpha=0.5, zorder=1.5)
    return found | _critical(axes, plot, curve, colours)


def _ring(edge: str, face: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], marker="o", linestyle="none", markersize=MARKER, markeredgecolor=edge, markerfacecolor=face)


def _critical(axes: Any, plot: LinePlot, curve: Curve, colours: Colours) -> dict[str, Any]:
    """The critical points: on the curve with what they are, and where the derivative is 0."""
    found: dict[str, Any] = {}
    for one in plot.critical:
        if curve.order > 1:
            break
        y = 0.0 if curve.order else one.value
        drawn = point(axes, one.at[0], y, colours.point, colours.point)
        if not curve.order:
            found["critical point"] = drawn
            if len(plot.critical) <= MOST_LABELS:
                _label(axes, one, curve, colours)
    return found


def _label(axes: Any, one: Special, curve: Curve, colours: Colours) -> None:
    """What a point is: above a maximum, below a minimum, and never out of the picture."""
    low, high = curve.limits
    below = one.kind == "minimum"
    room = (one.value - low if below else high - one.value) > 0.16 * (high - low)
    down = below if room else not below
    first, last = axes.get_xlim()
    share = (one.at[0] - first) / (last - first)
    side = "left" if share < 0.15 else "right" if share > 0.85 else "center"
    axes.annotate(
        f"{one.kind} ({signed(one.at[0])}, {signed(one.value)})", (one.at[0], one.value), (0, -9 if down else 9),
        textcoords="offset points", ha=side, va="top" if down else "bottom", fontsize=10, color=colours.ink, zorder=6,
        bbox={"facecolor": colours.paper, "edgecolor": "none", "alpha": 0.75, "pad": 1.0},
    )  # fmt: skip


def _title(plot: LinePlot, curve: Curve) -> str:
    """`f = sin(x²)`, as on paper where matplotlib can set it."""
    text = title(plot, curve)
    if not curve.order:
        return equation(plot.name, plot.expression, plot.variable, f"{plot.name} = {plot.expression}")
    left = "".join(("d", f"^{{{curve.order}}}" if curve.order > 1 else "", plot.name))
    below = "".join(("d", plot.variable, f"^{{{curve.order}}}" if curve.order > 1 else ""))
    return equation(rf"\frac{{{left}}}{{{below}}}", curve.formula, plot.variable, text)
