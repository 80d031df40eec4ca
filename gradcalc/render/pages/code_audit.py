"""The audit of PyTorch code: the value, the components that do not agree, and the lines to blame with their cure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.records import CodeAudit, CodeBlame, Finding, Judged, Part, severity
from gradcalc.arrays.array import nested
from gradcalc.base.words import brief
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Source, Table
from gradcalc.render.json import picked, plain

MOST_ROWS = 12
JUDGED, ALONG = "value=symbolic exact autograd verdict reason", "autograd symbolic verdict reason"  # keys of the record
BLAMED = "file line span source operation value exact reason sentence cure guard"
SENTENCES = {
    Finding.UNDECIDED: "too many components lie at a corner to look at each of them: --wrt looks at some",
    Finding.FLAT: "every way from there to the result leads through a step: the gradient is 0, no training moves it",
    Finding.KINK: "the slopes on the left and on the right differ: there is no derivative, only autograd's convention",
    Finding.INFINITE: "the derivative is infinite there",
}


def document(result: CodeAudit) -> Document:
    """What autograd says, what is true, and which lines are to blame."""
    names = dict(_components(result))
    ordered = sorted(names.items(), key=lambda item: severity(item[1]), reverse=True)
    shown = ordered[:MOST_ROWS]
    blocks: list[Block] = [
        Facts((("audited", result.target), ("dtype", result.dtype), *_order(result))),
        Table(("", "true", "torch", "verdict"), tuple(_rows(result, shown)), tuple(_tones(result, shown))),
    ]
    for blame in result.blame:
        blocks += blamed(blame)
    met = {one.verdict for one in names.values()}
    blocks += [Note(sentence, BAD) for finding, sentence in SENTENCES.items() if finding in met]
    agreeing = result.counts.get(Finding.AGREE.value, 0)
    if result.total:
        blocks.append(Note(f"{agreeing} of {result.total} components agree{_shown(result)}"))
    if result.contracted:
        blocks.append(Note("the result is an array: a sum of its elements with fixed weights was derived"))
    blocks += [Note(note) for note in result.notes]
    return Document(tuple(blocks))


def blamed(blame: CodeBlame) -> Iterator[Block]:
    """A line to blame: its picture, why, and what to write."""
    yield _line(blame)
    yield Note(blame.sentence, BAD)
    if blame.cure:
        yield Note(f"write: {blame.cure}   # checked: value and gradient are right with it here", GOOD)
    if blame.guard:
        yield Note(f"perhaps: {blame.guard}   # has value and gradient here; another function", GOOD)


def _order(result: CodeAudit) -> Iterator[tuple[str, str]]:
    if result.order > 1:
        yield "order", f"{result.order}: the derivative of the gradient along a fixed direction"


def _components(result: CodeAudit) -> Iterator[tuple[str, Judged]]:
    for name, part in result.gradient.items():
        for place, one in enumerate(part.components):
            yield component(name, part, place), one


def component(name: str, part: Part, place: int) -> str:
    """`x`, `x[2]`, `lin.weight[1,3]`; from 1, as in expressions."""
    places = []
    for size in reversed(part.shape):
        place, one = divmod(place, int(size))
        places.append(str(one + 1))
    return f"{name}[{','.join(reversed(places))}]" if places else name


def _rows(result: CodeAudit, shown: Sequence[tuple[str, Judged]]) -> Iterator[tuple[str, ...]]:
    ways = ((f"direction {number}", one) for number, one in enumerate(result.directions, 1))
    for name, one in (("value", result.forward), *ways, *shown):
        yield name, true(one), number(one.autograd), verdict(one)


def _tones(result: CodeAudit, shown: Sequence[tuple[str, Judged]]) -> Iterator[str]:
    for one in (result.forward, *result.directions, *(one for _, one in shown)):
        yield GOOD if one.verdict is Finding.AGREE else BAD


def true(one: Judged) -> str:
    """The true number as it stands in the table, also where it is beyond the format's range."""
    if one.symbolic is not None and math.isinf(one.symbolic) and one.exact is not None:
        mantissa, mark, power = one.exact.partition("e")
        return f"{float(mantissa):.10g}{mark}{power}"
    return number(one.symbolic)


def number(value: float | None) -> str:
    """A number as it stands in the table."""
    return "" if value is None else f"{value + 0.0:.10g}"


def verdict(one: Judged) -> str:
    """A verdict as it stands in the table."""
    sides = "" if one.left is None and one.right is None else f": {brief(one.left)} left, {brief(one.right)} right"
    return f"{one.verdict}: {one.reason}" if one.reason else f"{one.verdict}{sides}"


def _shown(result: CodeAudit) -> str:
    more = result.total - MOST_ROWS
    return f"; {MOST_ROWS} are shown, {more:,} more are in --json" if more > 0 else ""


def _line(blame: CodeBlame) -> Source:
    """The user's line; a tab is one column, as in its span."""
    begin, end = blame.span
    return Source(f"{Path(blame.file).name}, line {blame.line}", blame.source.expandtabs(1), begin, end)


def record(result: CodeAudit) -> Mapping[str, Any]:
    """The object that --json prints."""
    return {
        "schema": 2,
        "target": result.target,
        "dtype": result.dtype,
        "order": result.order,
        "forward": plain(picked(result.forward, JUDGED)),
        "gradient": {name: _part(part) for name, part in result.gradient.items()},
        "directions": [plain(picked(one, ALONG)) for one in result.directions],
        "blame": [_blame(one) for one in result.blame],
        "traced": result.traced,
        "notes": list(result.notes),
        "counts": dict(result.counts),
        "verdict": result.verdict.value,
    }


def _part(part: Part) -> Mapping[str, Any]:
    def shaped(key: str) -> Any:
        values = [_field(one, key) for one in part.components]
        return plain(nested(values, part.shape))

    sides = {
        key: shaped(key) for key in ("left", "right") if any(_field(one, key) is not None for one in part.components)
    }
    return {
        "shape": list(part.shape),
        **{key: shaped(key) for key in ("autograd", "symbolic")},
        "verdicts": shaped("verdict"),
        "reasons": shaped("reason"),
        **sides,
        "verdict": part.verdict.value,
    }


FIELDS = {
    "autograd": lambda one: one.autograd,
    "symbolic": lambda one: one.symbolic,
    "verdict": lambda one: one.verdict.value,
    "reason": lambda one: one.reason,
    "left": lambda one: one.left,
    "right": lambda one: one.right,
}  # fmt: skip


def _field(one: Judged, key: str) -> Any:
    return FIELDS[key](one)


def _blame(one: CodeBlame) -> Mapping[str, Any]:
    return dict(plain(picked(one, BLAMED)))


def quiet(result: CodeAudit) -> str:
    """The verdict for each component, a line each."""
    return "".join(f"{name} {one.verdict}\n" for name, one in _components(result))
