"""A plot as figures of a page: a picture for each curve; what is proven to break is drawn as what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcalc.answers.plot.records import Curve, Kind, LinePlot, Mark
from gradcalc.base.words import brief
from gradcalc.render.html.chart import Scale, band, diamond, dot, figure, grid, inside, line, upright
from gradcalc.render.latex.equations import formula, name, quotient
from gradcalc.render.numbers import signed

SIGNS = {
    Kind.POLE: "dotted line: pole", Kind.OTHER: "dotted line: no limit", Kind.INFINITE: "diamond: infinite slope",
    Kind.KINK: "diamond: kink", Kind.JUMP: "dot and ring: jump", Kind.HOLE: "ring: hole",
}  # fmt: skip
OF_SLOPES = {**{kind: SIGNS[kind] for kind in SIGNS if kind.cuts(0)}, Kind.INFINITE: "dotted line: infinite slope"}
NO_VALUE, UNPROVEN = "hatched: no value", "broadly hatched: not proven"
TANGENT, CRITICAL = "dashed: tangent", "dot: critical point"
WAYS = ("solid", "dashed", "dotted", "dashed and dotted")


def heading(plot: LinePlot, *curves: Curve) -> str | None:
    """What a picture shows, as an equation in LaTeX; None where it has none."""
    one = curves[0]
    if len(curves) > 1 or not one.order or one.formula is None:
        return None
    left = quotient(name(plot.name), name(plot.variable), one.order, partial=False)
    return f"{left} = {formula(one.formula, (plot.variable, *plot.fixed))}"


def panel(plot: LinePlot, *curves: Curve) -> str:
    """The picture of curves over one range, with a line that says what its signs mean."""
    scale = Scale(plot.ends, _limits(curves))
    under = [*(band(scale, one, "gap") for one in plot.gaps), *(band(scale, one, "open") for one in plot.undecided)]
    drawn = [part for way, curve in zip(WAYS, curves, strict=False) for part in _strokes(scale, curve, way)]
    signs = [part for curve in curves for part in _points(scale, plot, curve)]
    tangent = [] if curves[0].order else list(_tangent(scale, plot))
    body = [grid(scale), *under, inside(scale, [*drawn, *tangent]), *signs]
    return figure(scale, _described(plot, curves), body, "; ".join(_legend(plot, curves)))


def _limits(curves: Sequence[Curve]) -> tuple[float, float]:
    return min(one.limits[0] for one in curves), max(one.limits[1] for one in curves)


def _strokes(scale: Scale, curve: Curve, way: str) -> Iterator[str]:
    """The lines of a curve."""
    return (line(scale, one.x, one.y, f"curve {way} c{curve.order}") for one in curve.strokes)


def _points(scale: Scale, plot: LinePlot, curve: Curve) -> Iterator[str]:
    """The ends of strokes that belong to them or not, and the signs of what breaks; what is critical."""
    for stroke in curve.strokes:
        for x, y, belongs in stroke.ends:
            if scale.sees(y):
                yield dot(scale, x, y, f"{'full' if belongs else 'ring'} c{curve.order}")
    for mark in plot.marks:
        yield from _mark(scale, mark, curve)
    for one in plot.critical if curve.order < 2 else ():
        y = 0.0 if curve.order else one.value
        if scale.sees(y):
            yield dot(scale, one.at[0], y, "critical")


def _mark(scale: Scale, mark: Mark, curve: Curve) -> Iterator[str]:
    """The sign of a break."""
    if mark.kind.cuts(curve.order):
        yield upright(scale, mark.at)
    elif not curve.order and mark.value is not None and mark.kind is not Kind.HOLE and scale.sees(mark.value):
        sign, kind = (dot, "full") if mark.kind is Kind.JUMP else (diamond, "ring")
        yield sign(scale, mark.at, mark.value, f"{kind} c0")


def _tangent(scale: Scale, plot: LinePlot) -> Iterator[str]:
    one = plot.tangent
    if one is not None:
        yield line(scale, plot.ends, one.over(plot.ends), "tangent")
        yield dot(scale, one.at, one.value, "full touching")


def _legend(plot: LinePlot, curves: Sequence[Curve]) -> Iterator[str]:
    """What the signs mean."""
    yield f"{plot.variable} from {signed(plot.ends[0])} to {signed(plot.ends[1])}"
    if len(curves) > 1:
        yield from (f"{way}: {one.formula}" for way, one in zip(WAYS, curves, strict=False))
    signs = OF_SLOPES if curves[0].order else SIGNS
    yield from dict.fromkeys(signs[mark.kind] for mark in plot.marks if mark.kind in signs)
    yield from (text for pieces, text in ((plot.gaps, NO_VALUE), (plot.undecided, UNPROVEN)) if pieces)
    if plot.tangent is not None and not curves[0].order:
        yield TANGENT
    if plot.critical and curves[0].order < 2:
        yield CRITICAL


def _described(plot: LinePlot, curves: Sequence[Curve]) -> str:
    """The picture in words."""
    (first, last), (low, high) = (map(brief, ends) for ends in (plot.ends, _limits(curves)))
    breaks = (f"{one.kind} at {plot.variable} = {brief(one.at)}" for one in plot.marks)
    gaps = (f"no value from {brief(one)} to {brief(other)}" for one, other in plot.gaps)
    what = f"curve over {plot.variable} from {first} to {last}, seen between {low} and {high}"
    return "; ".join((what, *breaks, *gaps))
