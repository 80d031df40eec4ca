"""The audit of a range: where autograd does not agree, what lies between the samples, and the worst of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcalc.answers.audit.breaks import Break
from gradcalc.answers.audit.interval import RangeAudit, Stretch
from gradcalc.answers.audit.proof import Piece
from gradcalc.answers.audit.range import Ranges
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.words import listed, place
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.json import once, whole
from gradcalc.render.rows import instead
from gradcalc.render.words import in_words, lost_text, one_line

BETWEEN = "between two of them a kink, a jump or a pole shows only where what causes it changes its sign"
MOST_NOTES = 3
MOST_PLACES = 40  # in a table
NOT_FOLLOWED = "between them there are more changes of sign than were followed"
PROVEN = "between them the function is proven to be smooth"
NAMED = f"{PROVEN} wherever no place is named here"


def document(result: Ranges) -> Document:
    """What the samples found in each dtype, the worst point, and what they cannot know."""
    ends = tuple((name, f"{low!r} to {high!r}") for name, (low, high) in result.box.items())
    pairs = (("f", one_line(result.expression)), *ends)
    dtypes = [("dtype", dtype) for dtype in result.audits]
    first, *others = result.audits.values()
    blocks = [Facts((*pairs, dtypes[0])), *_range_blocks(first)]
    for pair, one in zip(dtypes[1:], others, strict=True):
        blocks += [Facts((pair,)), *_range_blocks(one)]
    return Document(tuple(blocks))


def _range_blocks(result: RangeAudit) -> list[Block]:
    """The audit in one dtype."""
    blocks: list[Block] = []
    if result.stretches:
        rows = tuple(
            (
                _span(one),
                str(one.count),
                "too hard to compute" if one.verdict is None and one.reason is None else in_words(one),
            )
            for one in result.stretches
        )
        blocks.append(Table(("where", "samples", "verdict"), rows, (BAD,) * len(rows), "not in agreement"))
        blocks.extend(Note(text, BAD) for text in once(map(_why, result.stretches))[:MOST_NOTES])
        blocks.extend(Note(text, BAD) for text in once(map(_cure, result.stretches))[:MOST_NOTES])
    else:
        blocks.append(Note("autograd agrees at every sample", GOOD))
    blocks += _between(result)
    if result.half_lost:
        losses = tuple((_span(one), str(one.count)) for one in result.half_lost)
        blocks.append(Table(("where", "samples"), losses, (BAD,) * len(losses), "more than half of the digits lost"))
    if result.worst is not None:
        lost = f"worst: {lost_text(result.worst.lost_digits)} digits lost at {place(result.worst.point)}"
        blocks.append(Note(lost if result.worst.lost_digits else "no digits lost"))
    return [*blocks, Note(f"{result.samples} points were looked at; {_said(result)}")]


def _why(one: Stretch) -> str | None:
    """Why a stretch is not in agreement, by the cause at its worst point where there is one."""
    if one.worst is None or one.diagnosis is None or one.diagnosis.sentence is None:
        return one.explanation
    return f"at {place(one.worst)}: {one.diagnosis.sentence}"


def _cure(one: Stretch) -> str | None:
    """What to write instead."""
    if one.worst is None or one.diagnosis is None or one.diagnosis.cure is None:
        return None
    return f"{instead(one.diagnosis)}: checked at {place(one.worst)}, autograd is right with that there"


def _between(result: RangeAudit) -> list[Block]:
    """What there is between the samples, and what is not decided."""
    places = [(place(one.at), f"`{one.quantity}` is 0", _break(one)) for one in result.breaks[:MOST_PLACES]]
    places += [(_span(gap), "everywhere there", "no value") for gap in result.gaps[:MOST_PLACES]]
    blocks: list[Block] = []
    if places:
        blocks.append(Table(("near", "where", "verdict"), tuple(places), (BAD,) * len(places), "between samples"))
    if (more := len(result.breaks) + len(result.gaps) - len(places)) > 0:
        blocks.append(Note(f"and {more:,} more such places, all in --json", BAD))
    if result.undecided:
        rows = tuple((_span(one), _open(one)) for one in result.undecided)
        blocks.append(Table(("where", "why"), rows, (BAD,) * len(rows), "not decided"))
    return blocks


def _open(one: Piece) -> str:
    """Why nothing is proven on a piece."""
    if not one.quantities:
        return "its values are too hard to compute"
    return f"not decided within the effort granted whether {listed(one.quantities, 'or')} is 0"


def _said(result: RangeAudit) -> str:
    """What is known of what lies between the samples."""
    if not result.proven:
        return BETWEEN if result.followed else NOT_FOLLOWED
    return NAMED if result.breaks or result.gaps or result.undecided or result.stretches else PROVEN


def _break(one: Break) -> str:
    """What happens at a place between samples."""
    return one.what + ("" if one.left is None or one.right is None else f", left {one.left!r}, right {one.right!r}")


def _span(one: Stretch | Piece) -> str:
    """Where a stretch is: one point, or from the first to the last; the points of a box have no order."""
    first, last = place(one.first), place(one.last)
    if first == last:
        return first
    return f"{first} to {last}" if len(one.first) == 1 else f"such as {first}"


def quiet(result: Ranges) -> str:
    """The points where stretches that do not agree begin and end, a line for each; of several dtypes, with its name."""
    several = len(result.audits) > 1
    return "".join(
        f"{dtype} {line}\n" if several else f"{line}\n"
        for dtype, one in result.audits.items()
        for line in _quiet_lines(one)
    )


def _quiet_lines(result: RangeAudit) -> list[str]:
    stretches = [(one.verdict, one.first, one.last) for one in result.stretches]
    places = [(one.verdict, one.at, one.at) for one in result.breaks]
    gaps = [(Verdict.UNDEFINED, one.first, one.last) for one in result.gaps]
    return [f"{verdict} {_numbers(first)} {_numbers(last)}" for verdict, first, last in (*stretches, *places, *gaps)]


def _numbers(point: Mapping[str, float]) -> str:
    return " ".join(map(repr, point.values()))


def record(result: Ranges) -> dict[str, Any]:
    """The record of an audit over a range; of several dtypes, one for each."""
    records = {dtype: whole(one) for dtype, one in result.audits.items()}
    if len(records) == 1:
        return next(iter(records.values()))
    return {"expression": result.expression, "range": result.box, "dtypes": records, "verdict": result.verdict}
