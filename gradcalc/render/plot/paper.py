"""What all pictures share: colours, points, and formulas in mathematical type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gradcalc.base.errors import GradcalcError
from gradcalc.render.latex.equations import formula

LONGEST = 70  # characters of a title
MARKER = 6.0
WIDTH = 8.0  # inches


@dataclass(frozen=True, slots=True)
class Colours:
    """Of paper, ink and what stands out; told apart by colour-blind people too (Okabe and Ito, 2008)."""

    paper: str
    ink: str
    faint: str
    curves: tuple[str, ...]
    tangent: str
    point: str


LIGHT = Colours("#ffffff", "#1f2328", "#d0d7de", ("#0072b2", "#c04f00", "#007a5a", "#a8508a"), "#8a6d00", "#b3261e")
DARK = Colours("#14171c", "#e6edf3", "#3a414b", ("#56b4e9", "#f0994a", "#2fc79a", "#dd9ac8"), "#f0e442", "#ff8a80")


def point(axes: Any, x: float, y: float, edge: str, face: str, sign: str = "o") -> Any:
    size = MARKER if sign in "oD" else 1.6 * MARKER
    (found,) = axes.plot(
        [x], [y], sign, markersize=size, markeredgecolor=edge, markerfacecolor=face, markeredgewidth=1.6,
        linestyle="none", zorder=5, clip_on=False,
    )  # fmt: skip
    return found


def equation(left: str, text: str | None, variable: str, instead: str) -> str:
    """An equation in mathematical type; else as it was typed, cut where it is long."""
    shown = instead if len(instead) <= LONGEST else f"{instead[: LONGEST - 1]}…"
    plain = shown.replace("$", r"\$")
    if text is None or ";" in text or len(text) > LONGEST or len(variable) > 1:
        return plain
    from matplotlib.mathtext import MathTextParser

    try:
        written = rf"${left} = {formula(text)}$"
        MathTextParser("path").parse(written)
    except (ValueError, GradcalcError):
        return plain
    return written


def in_type(variable: str) -> str:
    return f"${variable}$" if len(variable) == 1 else variable
