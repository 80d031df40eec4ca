"""A comparison for people: the function, its value, each partial's closed form and numbers, the verdict in words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.records import ArrayRow, Comparison, Link, Row, Verdict, rows_of
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.json import plain
from gradcalc.render.pages.arrays import MOST_ROWS, first_of, listed, not_listed, short, summary

record = plain
DEFINITION = re.compile(r"\w+ ?=(?!=)")
WORDS = {
    Verdict.AGREE: "agree",
    Verdict.DISAGREE: "disagree",
    Verdict.KINK: "kink: no derivative",
    Verdict.INFINITE: "infinite",
    Verdict.UNDEFINED: "undefined",
}


def document(result: Comparison) -> Document:
    """The whole answer."""
    blocks: list[Block] = [_head(result)]
    if result.chain:
        blocks.append(_chain(result))
    blocks.extend(array_forms(result))
    if result.rows or not result.gradient:
        blocks.append(gradient(result))
    blocks.extend(notes(result))
    return Document(tuple(block for block in (*blocks, *directional(result)) if block != Facts(())))


def quiet(result: Comparison) -> str:
    """The numbers alone, one a line: the true derivative; without a point, the closed forms.

    Where a direction was asked for, the derivative along it alone.
    """
    if result.direction is not None:
        result = _along(result, "v")
    if result.at is None:
        return "".join(f"{row.formula or ''}\n" for row in result.gradient.values())
    return "".join(f"{number}\n" for row in result.gradient.values() for number in _numbers(row))


def _numbers(row: Row | ArrayRow) -> list[str]:
    """The true derivative, an array's component by component; autograd's where the truth was not worked out."""
    if isinstance(row, ArrayRow) and not row.rows:
        numbers = [repr(value) for value in (row.autograd.values if row.autograd else ())]
        for place, part in row.sample.items():
            numbers[place] = _repr(part.symbolic, "nan")
        return numbers
    parts = row.rows if isinstance(row, ArrayRow) else (row,)
    return [_repr(part.symbolic, "nan") for part in parts]


def derivative_name(function: str, variable: str, order: int, partial: bool) -> str:
    """`df/dx`, `∂f/∂x`, `d²f/dx²`: as it is written on paper."""
    sign = "∂" if partial else "d"
    power = "" if order == 1 else str(order).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{sign}{power}{function}/{sign}{variable}{power}"


def heading(expression: str, name: str) -> tuple[str, str]:
    """What was asked, in a line: a program, or a function by its name."""
    text = " ".join(expression.split())
    several = ";" in text or "\n" in expression.strip()
    return "program" if several or DEFINITION.match(text) else name, text


def _head(result: Comparison) -> Facts:
    pairs = [heading(result.expression, function_name(result))]
    if result.reading is not None:
        pairs.append(("read as", result.reading))
    if result.written is not None:
        pairs.append(("written out", result.written))
    if result.at is not None:
        pairs.extend((name, short(value)) for name, value in result.at.items())
        pairs.append(("value", "undefined" if result.value is None else repr(result.value)))
    return Facts(tuple(pairs))


def function_name(result: Comparison) -> str:
    """What a program calls its result; else a name that is none of its variables'."""
    if result.chain or result.function:
        return result.function or result.chain[-1].of
    taken = {*result.gradient, *(result.at or {})}
    return next(name for name in ("f", "g", "h", "F", "result") if name not in taken or name == "result")


def _names(result: Comparison, function: str | None = None) -> dict[str, str]:
    function = function or function_name(result)
    names = [*result.gradient, *(row.name for row in result.rows)]
    partial = len(result.rows) > 1 or len(result.gradient) > 1
    return {name: derivative_name(function, name, result.order, partial) for name in names}


def array_forms(result: Comparison, function: str | None = None) -> list[Block]:
    """The closed forms in array terms, of `function` by name, and how the components fared."""
    rows = [row for row in result.gradient.values() if isinstance(row, ArrayRow)]
    names = _names(result, function)
    pairs = tuple((names[row.name], row.formula) for row in rows if row.formula is not None)
    counts = [(row.name, text) for row in rows if (text := summary(row)) is not None]
    numbers = tuple((names[row.name], short(row.autograd)) for row in rows if row.autograd is not None and not row.rows)
    blocks: list[Block] = [Facts(group) for group in (pairs, numbers) if group]
    rest = [] if result.at is None else not_listed(result.rows)
    return [*blocks, *(Note(text) for text in (*(f"{name}: {text}" for name, text in counts), *rest))]


def gradient(result: Comparison, function: str | None = None) -> Block:
    """Each partial derivative, of `function` by name: its closed form, and at a point the numbers and the verdict."""
    names = _names(result, function)
    if not result.gradient:
        return Note("there is no variable to derive by")
    if result.at is None:
        few = len(result.rows) <= MOST_ROWS
        formulas = ((names[row.name], row.formula or f"({row.note})") for row in result.rows if few or row.formula)
        return Facts(tuple(formulas))
    shown = listed(result.rows)
    columns = ("", "closed form", "true value", f"autograd ({result.dtype})", "distance", "verdict")
    rows = tuple(
        (
            names[row.name],
            row.formula or "-",
            true_text(row),
            _repr(row.autograd, "-"),
            "-" if row.ulps is None or math.isinf(row.ulps) else f"{row.ulps:g} ulp",
            in_words(row),
        )
        for row in shown
    )
    tones = tuple(GOOD if row.verdict in (Verdict.AGREE, None) else BAD for row in shown)
    return Table(columns, rows, tones, spill=1)


def directional(result: Comparison) -> list[Block]:
    """The derivative along a direction, where one was asked for."""
    one = result.direction
    if one is None:
        return []
    name = next(name for name in ("v", "u", "w", "d", "direction") if name not in result.gradient)
    texts = ", ".join(f"{variable}={short(value)}" for variable, value in one.along.items())
    length = f"{one.length!r}" + ("" if one.length == 1 else " (not normalised)")
    alone = _along(result, name)
    facts = Facts(((name, texts), (f"length of {name}", length)))
    return [facts, gradient(alone, function_name(result)), *notes(alone)]


def _along(result: Comparison, name: str) -> Comparison:
    """The derivative along the direction as an answer of its own, by a variable of that name."""
    assert result.direction is not None
    row = replace(result.direction.row, name=name)
    return replace(result, gradient={name: row}, chain=(), direction=None)


def true_text(row: Row) -> str:
    """The true derivative; where there is none, the two one-sided ones."""
    if row.symbolic is not None:
        return repr(row.symbolic)
    if row.left is not None and row.right is not None:
        return f"left {row.left!r}, right {row.right!r}"
    return "none"


def in_words(row: Row | ArrayRow) -> str:
    """The verdict, and the reason where there is one."""
    if row.verdict is None:
        return next((str(part.reason) for part in rows_of(row) if part.reason is not None), "-")
    reason = row.reason if isinstance(row, Row) else None
    return WORDS[row.verdict] + (f": {reason}" if reason else "")


def _repr(value: float | None, missing: str) -> str:
    return missing if value is None else repr(value)


def notes(result: Comparison) -> list[Note]:
    """A sentence for each row that needs one; the same sentence once, for all the variables that it is about."""
    about: dict[tuple[str, bool], list[str]] = {}
    for row in result.rows:
        if row.explanation is not None and (row.diagnosis is None or row.diagnosis.sentence is None):
            about.setdefault((row.explanation, row.verdict in (Verdict.AGREE, None)), []).append(row.name)
        for text in _diagnosis(row):
            about.setdefault((text, False), []).append(row.name)
        if row.note is not None and (result.at is not None or len(result.rows) > MOST_ROWS):
            about.setdefault((row.note, True), []).append(row.name)
    several = len(result.rows) > 1
    corner = [] if result.corner is None else [Note(result.corner.explanation, BAD)]
    return [
        Note(f"{first_of(names)}: {text}" if several else text, GOOD if fine else BAD)
        for (text, fine), names in about.items()
    ] + corner


def _diagnosis(row: Row) -> list[str]:
    """The cause on the graph, and the cure."""
    if row.diagnosis is None:
        return []
    cure = row.diagnosis.cure
    written = None if cure is None else f"write it as `{cure}`: checked, autograd is right with that here"
    return [text for text in (row.diagnosis.sentence, written) if text is not None]


def _chain(result: Comparison) -> Facts:
    """The links of the chain rule, and for each variable the products that add up to its derivative."""
    names = _link_names(result.chain)
    pairs = [(names[link.of, link.by], _with_number(link)) for link in result.chain]
    for variable, ways in result.ways.items():
        if any(len(way) > 1 for way in ways):
            name = f"d{result.chain[-1].of}/d{variable}"
            total = result.gradient[variable]
            pairs.append((name, _products(ways, names) + (_sum(total) if isinstance(total, Row) else "")))
    return Facts(tuple(pairs), "chain rule")


def _sum(row: Row) -> str:
    """The derivative that the products come to, where it is a number."""
    return "" if row.symbolic is None else f" = {row.symbolic:.6g}"


def _with_number(link: Link) -> str:
    return link.formula if link.value is None else f"{link.formula} = {link.value:.6g}"


def _link_names(links: Sequence[Link]) -> dict[tuple[str, str], str]:
    """`dz/dy`, or `∂z/∂y` where z depends on other names too."""
    uses = Counter(link.of for link in links)
    return {(link.of, link.by): derivative_name(link.of, link.by, 1, uses[link.of] > 1) for link in links}


def _products(ways: Sequence[Sequence[Link]], names: Mapping[tuple[str, str], str]) -> str:
    """`du/dz · dz/dy = e**z · cos(y) = 1.51 · (-0.911)`: names, formulas, numbers; the sum over every way."""
    parts = [_sum_of_products(ways, lambda link: names[link.of, link.by])]
    parts.append(_sum_of_products(ways, lambda link: _factor(link.formula)))
    if all(link.value is not None for way in ways for link in way):
        parts.append(_sum_of_products(ways, lambda link: _factor(f"{link.value:.6g}")))
    return " = ".join(parts)


def _sum_of_products(ways: Sequence[Sequence[Link]], text: Callable[[Link], str]) -> str:
    return " + ".join(" · ".join(map(text, way)) for way in ways)


def _factor(formula: str) -> str:
    return f"({formula})" if " + " in formula or " - " in formula or formula.startswith("-") else formula
