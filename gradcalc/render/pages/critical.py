"""The critical points of a function in a box, for people and as numbers."""

from __future__ import annotations

from gradcalc.answers.audit.proof import Piece
from gradcalc.answers.critical.records import Break, CriticalPoints, Point
from gradcalc.answers.matrices.records import Critical
from gradcalc.arrays.array import nested_of
from gradcalc.base.words import listed, place
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.json import plain
from gradcalc.render.words import called, one_line

record = plain
KINDS = {Critical.UNDECIDED: "not decided by the second derivatives"}
NO_VALUE = "undefined"
CONSTRAINED = "{} under the constraint"
MOST = 40  # rows of a table
ALL, NONE = "these are all: that is proven", "the gradient is 0 nowhere in the box: that is proven"
SOME = "there may be more where nothing is proven"
NOT_ALONE = "another one may be right beside it"


def document(result: CriticalPoints) -> Document:
    """The function, its critical points, where it has no derivative, and what is left open."""
    ends = [(name, f"{low!r} to {high!r}") for name, (low, high) in result.box.items()]
    read = [] if result.reading is None else [("read as", result.reading)]
    name = called(result.expression, result.function)
    fixed = [(name, repr(nested_of(value))) for name, value in result.fixed.items()]
    blocks: list[Block] = [Facts(((name, one_line(result.expression)), *read, *ends, *fixed))]
    blocks += [_points(result.points, result.function)] if result.points else []
    blocks += [_table("every point is critical", result.flat)] if result.flat else []
    blocks += [_breaks(result.breaks)] if result.breaks else []
    blocks += [_table("nothing is proven", result.undecided)] if result.undecided else []
    blocks += [Note(text) for text in result.remarks]
    if result.undecided:
        return Document((*blocks, Note(SOME, BAD)))
    return Document((*blocks, Note(ALL if result.points or result.flat or result.remarks else NONE, GOOD)))


def _points(points: tuple[Point, ...], function: str) -> Table:
    """A row for each point; its closed form where that says more than the number."""
    names = tuple(points[0].at)
    forms = [_form(point) for point in points]
    columns = (*names, function, "", *(["exactly"] if any(forms) else []))
    rows = tuple(
        (
            *map(repr, point.at.values()),
            NO_VALUE if point.value is None else repr(point.value),
            _kind(point),
            form or "",
        )
        for point, form in zip(points, forms, strict=True)
    )
    return Table(columns, tuple(row[: len(columns)] for row in rows[:MOST]), title=_title("critical points", rows))


def _title(text: str, rows: tuple[tuple[str, ...], ...]) -> str:
    """A title that says how many rows are left out."""
    return text if len(rows) <= MOST else f"{text}, the first {MOST} of {len(rows):,} (--json has all)"


def _kind(point: Point) -> str:
    if point.constrained is not None:
        return CONSTRAINED.format(point.constrained)
    return KINDS.get(point.kind, str(point.kind)) + ("" if point.alone else f"; {NOT_ALONE}")


def _form(point: Point) -> str:
    """The coordinates that are no short decimal numbers."""
    shown = {name: text for name, text in point.exact.items() if text is not None and not _is_decimal(text)}
    return ", ".join(f"{name} = {text}" for name, text in shown.items())


def _is_decimal(text: str) -> bool:
    return not set(text) - set("-0123456789.e")


def _breaks(breaks: tuple[Break, ...]) -> Table:
    rows = tuple((place(one.at), f"`{one.quantity}` is 0", _extremum(one)) for one in breaks)
    return Table(("where", "why", "what"), rows[:MOST], title=_title("no derivative", rows))


def _extremum(one: Break) -> str:
    return one.what if one.kind is None else f"{one.what}: a {one.kind}"


def _table(title: str, pieces: tuple[Piece, ...]) -> Table:
    """Pieces of the box, and what may be 0 there."""
    why = tuple("" if not one.quantities else f"{listed(one.quantities, 'or')} may be 0" for one in pieces)
    rows = tuple((f"{place(one.first)} to {place(one.last)}", text) for one, text in zip(pieces, why, strict=True))
    columns = ("where", "why") if any(why) else ("where",)
    return Table(columns, tuple(row[: len(columns)] for row in rows[:MOST]), title=_title(title, rows))


def quiet(result: CriticalPoints) -> str:
    """The points alone, one a line: what each is, and its coordinates."""
    return "".join(f"{one.kind} {' '.join(map(repr, one.at.values()))}\n" for one in result.points)
