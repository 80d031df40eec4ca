"""The audit of PyTorch code: the value, the components that do not agree, and the lines to blame with their cure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.records import CodeAudit, CodeBlame, CodeFormula, Finding, Judged, Part, severity
from gradcalc.arrays.array import nested
from gradcalc.base.words import brief
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Formula, Note, Source, Table
from gradcalc.render.json import picked, plain
from gradcalc.render.latex.equations import Equation, aligned
from gradcalc.render.pages import comparison

MOST_ROWS = 12
LONGEST, BEGINNING = 360, 200  # characters of a formula that is shown whole, and of what is shown of a longer one
JUDGED, ALONG = "value=symbolic exact autograd verdict reason", "autograd symbolic verdict reason"  # keys of the record
BLAMED = "file line span source operation value exact reason sentence cure guard write replaces whole"
CHECKED = {
    True: "checked: value and gradient are right with it here",
    False: "checked: this piece is right with it here",
}
GUARDED = {True: "has value and gradient here; another function", False: "this piece has them here; another function"}
MEANT = "a cut that is meant, as of a target or a baseline: --allow-cuts holds it constant"
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
    blocks += [Note(MEANT)] * any(one.reason == "cut" for one in names.values())
    met = {one.verdict for one in names.values()}
    blocks += [Note(sentence, BAD) for finding, sentence in SENTENCES.items() if finding in met]
    blocks += formulas(result)
    agreeing = result.counts.get(Finding.AGREE.value, 0)
    if result.total:
        blocks.append(Note(f"{agreeing} of {result.total} components agree{_shown(result)}"))
    if result.contracted:
        blocks.append(Note("the result is an array: a sum of its elements with fixed weights was derived"))
    blocks += [Note(note) for note in result.notes]
    return Document(tuple(blocks))


def formulas(result: CodeAudit) -> Iterator[Block]:
    """The formula and its gradient, as far as they are short; or why there is none."""
    found = result.formula
    if found is None:
        return
    if found.shown is None:
        yield Note(f"no formula: {found.absent}")
        return
    shown = found.shown.shortened
    yield Facts(((comparison.name_of(shown), _short(shown.expression)),))
    yield from comparison.where(shown)
    brief_ones = {
        key: row if row.formula is None else replace(row, formula=_short(row.formula))
        for key, row in shown.gradient.items()
    }
    short = replace(shown, gradient=brief_ones, at=None)
    yield from comparison.gradients(short)
    yield from map(Note, shown.remarks)


def _short(text: str) -> str:
    """A formula, the beginning of one that is very long."""
    if len(text) <= LONGEST:
        return Formula(text)
    return f"{text[:BEGINNING]}… ({len(text):,} characters; --json has all of it)"


def blamed(blame: CodeBlame) -> Iterator[Block]:
    """A line to blame: its picture, why, and what to write."""
    yield _line(blame)
    yield Note(blame.sentence, BAD)
    if blame.written is not None:
        word, checked = ("write", CHECKED) if blame.cure else ("perhaps", GUARDED)
        yield Note(f"{word}: {blame.written}   # {checked[blame.whole]}", GOOD)


def _order(result: CodeAudit) -> Iterator[tuple[str, str]]:
    if result.order > 1:
        ways = "a fixed direction" if result.along == 1 else f"{result.along} fixed directions, the worst of them shown"
        yield "order", f"{result.order}: the derivative of the gradient along {ways}"


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
        "along": result.along,
        "forward": plain(picked(result.forward, JUDGED)),
        "gradient": {name: _part(part) for name, part in result.gradient.items()},
        "directions": [plain(picked(one, ALONG)) for one in result.directions],
        "blame": [_blame(one) for one in result.blame],
        "traced": result.traced,
        "notes": list(result.notes),
        "formula": _formula(result.formula),
        "counts": dict(result.counts),
        "verdict": result.verdict.value,
    }


def _formula(found: CodeFormula | None) -> Mapping[str, Any] | None:
    """The formula as text of the language and in LaTeX, and so its gradient by each variable of the code's."""
    if found is None or found.shown is None:
        return None if found is None else {"expression": None, "latex": None, "gradient": {}, "absent": found.absent}
    from gradcalc.render.latex.code_audit import lines  # here, as most audits are read

    shown, own = found.shown, {formula: name for name, formula in found.names.items()}
    whole = replace(found, shown=replace(shown, where=None))  # each formula by itself
    first, *equations = (one.rights[0] if isinstance(one, Equation) else None for one in lines(whole))
    gradient = {
        own.get(key, key): {"name": key, "formula": row.formula, "latex": one}
        for (key, row), one in zip(shown.gradient.items(), equations, strict=True)
    }
    return {
        "expression": shown.expression, "latex": first, "gradient": gradient, "remarks": list(shown.remarks),
        "where": _where(found, own), "absent": None,
    }  # fmt: skip


def _where(found: CodeFormula, own: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The formulas in terms of names, as texts and as one piece of LaTeX; None where they are short."""
    if found.shown is None or found.shown.where is None:
        return None
    from gradcalc.render.latex.code_audit import lines  # here, as most audits are read

    where = found.shown.where
    gradient = {own.get(key, key): text for key, text in where.gradient.items()}
    return {
        "definitions": dict(where.definitions), "expression": where.expression, "gradient": gradient,
        "latex": aligned(lines(found)),
    }  # fmt: skip


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
