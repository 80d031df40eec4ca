"""Pictures for slides and papers, drawn by matplotlib: PNG, SVG and PDF, light and dark."""

from __future__ import annotations

import io
from typing import Any

from gradcalc.answers.plot.records import LinePlot, SurfacePlot
from gradcalc.base.errors import UsageError
from gradcalc.render.plot.curves import lines
from gradcalc.render.plot.paper import DARK, LIGHT, Colours
from gradcalc.render.plot.surface import surface

DOTS = 200  # an inch


def draw(plot: LinePlot | SurfacePlot, suffix: str, *, dark: bool) -> bytes:
    """The picture as a file of that kind. Raises UsageError where matplotlib is not installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        raise UsageError(
            "pictures are drawn by matplotlib, which is not installed",
            hint='pip install "gradcalc[plot]"; without --output a picture is drawn in the terminal',
        ) from None
    colours = DARK if dark else LIGHT
    with mpl.rc_context(_style(colours)):
        figure = surface(plot, colours) if isinstance(plot, SurfacePlot) else lines(plot, colours)
        file = io.BytesIO()
        undated = {} if suffix == ".png" else {"CreationDate" if suffix == ".pdf" else "Date": None}
        figure.savefig(file, format=suffix[1:], dpi=DOTS, facecolor=colours.paper, metadata=undated)
    return file.getvalue()


def _style(colours: Colours) -> dict[str, Any]:
    return {
        "font.size": 12, "axes.facecolor": colours.paper, "axes.edgecolor": colours.faint, "text.color": colours.ink,
        "axes.labelcolor": colours.ink, "xtick.color": colours.ink, "ytick.color": colours.ink,
        "axes.spines.top": False, "axes.spines.right": False, "axes.titlelocation": "left", "axes.titlesize": 13,
        "grid.color": colours.faint, "grid.linewidth": 0.6, "grid.alpha": 0.7, "axes.grid": True,
        "axes.axisbelow": True, "svg.hashsalt": "gradcalc", "svg.fonttype": "path", "hatch.linewidth": 0.6,
        "legend.frameon": False, "legend.fontsize": 10.5, "mathtext.fontset": "dejavusans",
    }  # fmt: skip
