"""A picture of a function of two variables: contours, arrows along the gradient, a descent."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from gradcalc.answers.plot.records import SurfacePlot
from gradcalc.render.plot.paper import LIGHT, WIDTH, Colours, equation, in_type, point

SIGNS = {"minimum": "v", "maximum": "^", "saddle": "X"}


def surface(plot: SurfacePlot, colours: Colours) -> Any:
    """Contours, arrows along the gradient, and lines where the function may break."""
    import numpy as np
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(WIDTH, 6.0), layout="constrained")
    axes = figure.subplots()
    values = np.array([[math.nan if one is None else one for one in row] for row in plot.values])
    values = np.ma.masked_invalid(np.where(broken(plot, values), math.nan, values))
    low, high = plot.limits
    levels = MaxNLocator(14).tick_values(low, high)
    shades = axes.contourf(plot.x, plot.y, values, levels=levels, cmap="cividis" if colours is LIGHT else "viridis",
                           extend="both" if plot.breaks else "neither", alpha=0.9)  # fmt: skip
    axes.contour(plot.x, plot.y, values, levels=levels, colors=[colours.paper], linewidths=0.5, alpha=0.6,
                 linestyles="solid")  # fmt: skip
    axes.set_facecolor(colours.faint)
    _arrows(axes, plot)
    entries = dict(_edges(axes, plot, colours))
    if plot.path:
        across, up = zip(*plot.path, strict=True)
        (line,) = axes.plot(across, up, "-o", color=colours.point, markersize=4, linewidth=1.8, zorder=5)
        point(axes, across[-1], up[-1], colours.point, colours.paper, "s")
        entries["descent, to the square"] = line
    for one in plot.critical:
        entries[f"{one.kind}"] = point(axes, one.at[0], one.at[1], "#ffffff", colours.point, SIGNS.get(one.kind, "o"))
    bar = figure.colorbar(shades, ax=axes, pad=0.02)
    bar.outline.set_visible(False)
    axes.grid(visible=False)
    axes.set(xlabel=in_type(plot.variables[0]), ylabel=in_type(plot.variables[1]), xlim=plot.box[plot.variables[0]],
             ylim=plot.box[plot.variables[1]])  # fmt: skip
    whole = f"{plot.name} = {plot.expression}"
    axes.set_title(equation(plot.name, plot.expression, "x" * max(map(len, plot.variables)), whole))
    if entries:
        figure.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=min(4, len(entries)))
    return figure


def _arrows(axes: Any, plot: SurfacePlot) -> None:
    """Arrows along the gradient: the steeper, the longer, by the root, so that the small ones are seen."""
    lengths = [math.hypot(*one.gradient) for one in plot.arrows]
    longest = sorted(lengths)[int(len(lengths) * 0.9)] if lengths else 0.0
    if not longest:
        return
    scaled = [
        (*one.at, *(part / length * min(1.0, math.sqrt(length / longest)) for part in one.gradient))
        for one, length in zip(plot.arrows, lengths, strict=True)
        if length
    ]
    axes.quiver(*zip(*scaled, strict=True), color="#ffffff", pivot="mid", scale=24, width=0.0032, alpha=0.85, zorder=3)


def _edges(axes: Any, plot: SurfacePlot, colours: Colours) -> Iterator[tuple[str, Any]]:
    """The lines where quantities are 0, at which the function may break."""
    import numpy as np
    from matplotlib.lines import Line2D

    for text, rows in (plot.breaks or {}).items():
        values: Any = np.ma.masked_invalid([[math.nan if one is None else one for one in row] for row in rows])
        if values.count() and values.min() < 0 < values.max():
            axes.contour(plot.x, plot.y, values, levels=[0], colors=["#ffffff"], linewidths=1.4, linestyles="dashed")
            shown = text if len(text) <= 30 else f"{text[:29]}…"
            yield (
                f"{shown} = 0: may break".replace("$", r"\$"),
                Line2D([], [], color=colours.ink, linewidth=1.4, linestyle="dashed"),
            )


def broken(plot: SurfacePlot, values: Any) -> Any:
    """Where a contour would join what is on two sides of a break: the quantity changes its sign and the value leaps."""
    import numpy as np

    found = np.zeros(values.shape, dtype=bool)
    leap = 0.25 * (plot.limits[1] - plot.limits[0])
    for rows in (plot.breaks or {}).values():
        signs = np.array([[math.nan if one is None else math.copysign(1, one) for one in row] for row in rows])
        for axis in (0, 1):
            here = [slice(None), slice(None)]
            there = [slice(None), slice(None)]
            here[axis], there[axis] = slice(None, -1), slice(1, None)
            one, other = tuple(here), tuple(there)
            apart = (signs[one] * signs[other] < 0) & (np.abs(values[one] - values[other]) > leap)
            found[one] |= apart
            found[other] |= apart
    return found
