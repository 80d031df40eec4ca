"""A comparison for people: the function, its value, each partial's closed form and numbers, the verdict in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from gradcalc.answers.records import ArrayRow, Comparison, Directional, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.arrays.shape import size
from gradcalc.base.words import brief, joined
from gradcalc.codegen.identifiers import free
from gradcalc.problem.problem import nameless
from gradcalc.render import rows as shown
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, form
from gradcalc.render.json import plain
from gradcalc.render.numbers import either, short
from gradcalc.render.pages.ways import factor, link_names, products
from gradcalc.render.rows import MOST_ROWS, worst
from gradcalc.render.words import by_torch, called, derivative_name, head, value_or_why

DIRECTIONS = ("v", "u", "w", "d", "direction")
record = plain


def document(result: Comparison) -> Document:
    """The whole answer."""
    result = result.shortened
    chain = [_chain(result)] if result.chain else [*_equation(result), *where(result)]
    extras = (*directional(result), *_tangent(result), *map(Note, result.remarks))
    blocks = (_head(result), *chain, *gradients(result), *notes(result), *extras)
    return Document(tuple(block for block in blocks if block != Facts(())))


def where(result: Comparison) -> list[Block]:
    """What the names in formulas stand for."""
    if result.where is None:
        return []
    return [Facts(tuple((name, form(text)) for name, text in result.where.definitions.items()), "where")]


def quiet(result: Comparison) -> str:
    """The numbers alone, one a line: the true derivative; without a point, the closed forms.

    Where a direction was asked for, the derivative along it alone; where a tangent was, that.
    """
    if result.tangent is not None:
        return f"{result.tangent.equation or 'none'}\n"
    if result.direction is not None:
        result = _along(result, "v")
    if result.at is None:
        return "".join(f"{row.formula or ''}\n" for row in result.gradient.values())
    return "".join(f"{number}\n" for row in result.gradient.values() for number in _numbers(row))


def _numbers(row: Row | ArrayRow) -> list[str]:
    """The true derivative, an array's component by component; autograd's where the truth was not worked out."""
    if isinstance(row, ArrayRow) and not row.rows:
        shown = row.symbolic or row.autograd
        return [] if shown is None else [repr(value) for value in shown.values]
    parts = row.rows if isinstance(row, ArrayRow) else (row,)
    return [either(part.symbolic, "nan") for part in parts]


def _head(result: Comparison) -> Facts:
    written = [] if result.written is None else [("written out", result.written)]
    there = result.at is not None and result.implicit is None  # the value of what an equation defines is a coordinate
    value = value_or_why(result.value, result.verdict) if there else None
    torch = by_torch(result.forward)
    name = called(result.expression, name_of(result), equation=result.implicit is not None)
    return head(name, result, value, *written, torch=torch)


def name_of(result: Comparison) -> str:
    """What a program calls its result; else a name that is none of its variables'."""
    if result.chain or result.function:
        return result.function or result.chain[-1].of
    return nameless({*result.gradient, *(result.at or ())})


def _names(result: Comparison, function: str | None = None) -> dict[str, str]:
    function = function or name_of(result)
    names = [*result.gradient, *(row.name for row in result.rows)]
    partial = len(result.rows) > 1 or len(result.gradient) > 1
    return {name: derivative_name(function, name, result.order, partial) for name in names}


def gradients(result: Comparison) -> list[Block]:
    """The closed forms in array terms, and the partial derivatives below, or among them where there is no point."""
    apart = (result.rows and not _all_together(result)) or not result.gradient
    return [*array_forms(result), *([gradient(result)] if apart else [])]


def array_forms(result: Comparison, function: str | None = None) -> list[Block]:
    """The closed forms in array terms, of `function` by name, and how the components fared."""
    rows = [row for row in result.gradient.values() if isinstance(row, ArrayRow)]
    names = _names(result, function)
    forms = [*result.gradient.values()] if _all_together(result) else rows
    pairs = tuple((names[row.name], form(row.formula, f"({row.note})")) for row in forms if _has_form(row))
    numbers = tuple((names[row.name], short(row.autograd)) for row in rows if row.autograd is not None and not row.rows)
    told = {row.name: text for row in rows if (text := summary(row)) is not None}
    texts = [f"{', '.join(n for n in told if told[n] == text)}: {text}" for text in dict.fromkeys(told.values())]
    count = sum(size(row.shape) if isinstance(row, ArrayRow) and row.known else 1 for row in result.gradient.values())
    if result.at is not None and count > MOST_ROWS and result.rows:
        few = f"{min(MOST_ROWS, len(result.rows))} of {count:,} components are listed, those that do not agree first"
        texts.append(f"{few}; --json has all")
    return [*(Facts(group) for group in (pairs, numbers) if group), *map(Note, texts)]


def _has_form(row: Row | ArrayRow) -> bool:
    return row.formula is not None or isinstance(row, Row)


def _all_together(result: Comparison) -> bool:
    """Do closed forms stand alone, those by numbers among those by arrays?"""
    arrays = [isinstance(row, ArrayRow) for row in result.gradient.values()]
    return result.at is None and any(arrays) and not all(arrays)


def summary(row: ArrayRow) -> str | None:
    """How many components agree, and which is the worst; None where there is nothing to count."""
    if row.note is not None and not row.known:
        return row.note
    if not row.compared:
        return None
    counted = f"{row.agreeing:,} of {row.compared:,} components agree"
    if row.unknown:
        verified = size(row.shape) - len(row.unknown)
        counted = f"verified exactly: {verified:,} of {size(row.shape):,} components, {row.agreeing:,} of these agree"
    return counted + worst([(part.name, part) for part in row.known])


def gradient(result: Comparison, function: str | None = None) -> Block:
    """Each partial derivative, of `function` by name: its closed form, and at a point the numbers and the verdict."""
    names = _names(result, function)
    if not result.gradient:
        return Note("there is no variable to derive by")
    if result.at is None:
        shown_rows = [row for row in result.rows if row.formula or not shown.said_once(result.rows)]
        return Facts(tuple((names[row.name], form(row.formula, f"({row.note})")) for row in shown_rows))
    rows = result.rows
    if len(rows) > MOST_ROWS:  # those that do not agree come first
        rows = sorted(rows, key=lambda row: row.verdict is Verdict.AGREE)[:MOST_ROWS]
    return shown.table([(names[row.name], row) for row in rows], result.dtype)


def directional(result: Comparison) -> list[Block]:
    """The derivative along a direction, where one was asked for."""
    one = result.direction
    if one is None:
        return []
    name = free(DIRECTIONS, result.gradient)
    texts = ", ".join(f"{variable}={short(value)}" for variable, value in one.along.items())
    length = f"{one.length!r}" + ("" if one.length == 1 else f" (not normalised{_per_unit(one)})")
    alone = _along(result, name)
    facts = Facts(((name, texts), (f"length of {name}", length)))
    return [facts, gradient(alone, name_of(result)), *notes(alone)]


def _per_unit(one: Directional) -> str:
    """The slope along the unit vector, where there is a number."""
    slope = one.row.symbolic
    if not isinstance(slope, float) or not math.isfinite(slope):
        return ""
    return f"; along the unit vector the slope is {brief(slope / one.length)}"


def _along(result: Comparison, name: str) -> Comparison:
    """The derivative along the direction as an answer of its own, by a variable of that name."""
    assert result.direction is not None
    row = replace(result.direction.row, name=name)
    return replace(result, gradient={name: row}, chain=(), direction=None)


def notes(result: Comparison) -> list[Note]:
    """A sentence for each row that needs one; the same sentence once, for all the variables that it is about."""
    corner = [] if result.corner is None else [Note(result.corner.explanation, BAD)]
    corner += [] if result.rounding is None else [Note(result.rounding)]
    corner += _to_blame(result)
    with_notes = result.at is not None or shown.said_once(result.rows)
    said = [one for row in result.rows for one in _said(row, with_notes)]
    found = shown.notes(said, nameless=1 if len(result.rows) == 1 else 0)
    return found + shown.of_value(result.forward, said) + corner


def _to_blame(result: Comparison) -> list[Note]:
    """The terms that leave a sum without a number, and what has their limit."""
    if result.culprit is None:
        return []
    cure = result.culprit.cure
    told = None if cure is None else f"write it as `{cure}`, which has the limit here: checked in value and slope"
    return [Note(text, BAD) for text in (result.culprit.sentence, told) if text is not None]


def _said(row: Row, with_note: bool) -> Iterator[tuple[str, str, str]]:
    """What there is to say of a row: why it is as it is, the cause on the graph and the cure, why it has no formula."""
    yield from shown.explained(row.name, row)
    if row.note is not None and (with_note or row.formula is not None):
        yield row.name, row.note, GOOD


def _chain(result: Comparison) -> Facts:
    """The links of the chain rule, and for each variable the products that add up to its derivative."""
    names, totals = link_names(result.chain), _names(result)
    values = [_equals(link.value) if link.formula != brief(link.value) else "" for link in result.chain]
    pairs = [(names[link.of, link.by], link.formula + value) for link, value in zip(result.chain, values, strict=True)]
    for variable, ways in result.ways.items():
        if any(len(way) > 1 for way in ways):
            total = result.gradient[variable]
            number = _equals(total.symbolic) if isinstance(total, Row) else ""
            pairs.append((totals[variable], products(ways, names) + number))
    return Facts(tuple(pairs), "chain rule")


def _equation(result: Comparison) -> list[Block]:
    """What the derivatives of an equation rest on: its partial ones, and their quotients; and where the point is."""
    one = result.implicit
    if one is None:
        return []
    function = next((link.of for link in one.partials), "F")
    names = {link.by: derivative_name(function, link.by, 1, partial=True) for link in one.partials}
    pairs = [(function, one.function)]
    pairs += [(names[link.by], link.formula + _equals(link.value)) for link in one.partials]
    totals = _names(replace(result, order=1))
    values = {link.by: link.value for link in one.partials if link.value is not None}
    for name in result.gradient:
        if {name, one.of} <= names.keys():
            known = values.get(one.of) and name in values
            numbers = f" = -{factor(brief(values[name]))}/{factor(brief(values[one.of]))}" if known else ""
            pairs.append((totals[name], f"-({names[name]})/({names[one.of]}){numbers}"))
    title = f"{one.of} as a function of {joined([*result.gradient])}, where {function} stays 0"
    return [Facts(tuple(pairs), title), *([] if one.sentence is None else [Note(one.sentence)])]


def _tangent(result: Comparison) -> list[Note]:
    """The tangent, where it was asked for."""
    one = result.tangent
    if one is None:
        return []
    if one.equation is None:
        return [Note(one.note or "", BAD)]
    return [Note(f"tangent: {one.equation}" + (f" ({one.note})" if one.note else ""))]


def _equals(value: float | None) -> str:
    """What a formula comes to, where there is a point."""
    return "" if value is None else f" = {brief(value)}"
