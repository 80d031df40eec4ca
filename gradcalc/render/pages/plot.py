"""A picture in plain characters, with a table of what is marked in it; its data as JSON, and for gnuplot."""

from __future__ import annotations

from gradcalc.answers.plot.records import Curve, Kind, LinePlot, Mark, SurfacePlot
from gradcalc.arrays.array import nested_of
from gradcalc.base.words import brief
from gradcalc.render.document import BAD, Block, Document, Facts, Note, Table, Verbatim
from gradcalc.render.json import plain
from gradcalc.render.numbers import either
from gradcalc.render.plot.braille import drawing, shaded
from gradcalc.render.words import derivative_name, one_line

record = plain
MOST = 20  # rows of a table
OPEN = "nothing is proven from {} to {}: a line there may hide where the function breaks"


def document(result: LinePlot | SurfacePlot) -> Document:
    """The picture, and what is marked."""
    return _surface(result) if isinstance(result, SurfacePlot) else _line(result)


def _line(plot: LinePlot) -> Document:
    fixed = [(name, repr(nested_of(value))) for name, value in plot.fixed.items()]
    head = Facts(((plot.name, one_line(plot.expression)), (plot.variable, _range(*plot.ends)), *fixed))
    count = len(plot.curves)
    pictures = [Verbatim(drawing(plot, one, count), title(plot, one), picture=(plot, one)) for one in plot.curves]
    notes = [Note(OPEN.format(*map(brief, ends)), BAD) for ends in plot.undecided]
    return Document((head, *pictures, *_tables(plot), *notes))


def _range(low: float, high: float) -> str:
    return f"{low!r} to {high!r}"


def title(plot: LinePlot, curve: Curve) -> str:
    """What a picture shows."""
    if not curve.order:
        return plot.name
    named = derivative_name(plot.name, plot.variable, curve.order, False)
    return named if curve.formula is None else f"{named} = {curve.formula}"


def _tables(plot: LinePlot) -> list[Block]:
    """Where the function breaks, has no value, has a tangent, and is critical."""
    rows = [(f"{plot.variable} = {one.at!r}", _what(one), f"`{one.quantity}` is 0") for one in plot.marks]
    rows += [(f"{brief(low)} to {brief(high)}", "no value", "") for low, high in plot.gaps]
    found: list[Block] = [Table(("where", "what", "why"), tuple(rows[:MOST]), title="proven")] if rows else []
    if (one := plot.tangent) is not None:
        line = f"{brief(one.value)} + {brief(one.slope)}*({plot.variable} - {brief(one.at)})"
        found.append(Facts((("tangent", line.replace("+ -", "- ")),)))
    return [*found, *_critical((plot.variable,), plot)]


def _critical(names: tuple[str, ...], plot: LinePlot | SurfacePlot) -> list[Block]:
    """The critical points, with what each is."""
    points = tuple((*map(repr, one.at), repr(one.value), one.kind) for one in plot.critical)
    return [Table((*names, plot.name, ""), points[:MOST], title="critical points")] if points else []


def _what(mark: Mark) -> str:
    """A break, and what is on its two sides."""
    if mark.kind is Kind.JUMP and mark.left is not None and mark.right is not None:
        return f"jump, from {brief(mark.left)} to {brief(mark.right)}"
    if mark.kind is Kind.HOLE and mark.left is not None:
        return f"hole, beside it {brief(mark.left)}"
    return str(mark.kind)


def _surface(plot: SurfacePlot) -> Document:
    ends = [(name, _range(*plot.box[name])) for name in plot.variables]
    fixed = [(name, repr(nested_of(value))) for name, value in plot.fixed.items()]
    head = Facts(((plot.name, one_line(plot.expression)), *ends, *fixed))
    low, high = map(brief, plot.limits)
    picture = Verbatim(
        shaded(plot),
        title=f"{plot.name} from {low} (light) to {high} (dark), {plot.variables[1]} upwards",
        picture=(plot,),
    )
    return Document((head, picture, *_critical(plot.variables, plot)))


def quiet(result: LinePlot | SurfacePlot) -> str:
    """The points alone, as gnuplot reads them: an empty line between strokes, two between curves."""
    if isinstance(result, SurfacePlot):
        rows = ("".join(f"{x!r} {y!r} {either(one, 'nan')}\n" for x, one in zip(result.x, row, strict=True))
                for y, row in zip(result.y, result.values, strict=True))  # fmt: skip
        return "\n".join(rows)
    return "\n\n".join(
        "\n".join(
            "".join(f"{x!r} {y!r}\n" for x, y in zip(stroke.x, stroke.y, strict=True)) for stroke in curve.strokes
        )
        for curve in result.curves
    )
