"""A comparison for people: the function, its value, each partial's closed form and numbers, the verdict in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gradcalc.calculus.chain import MOST_PATHS, paths
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.results import Comparison, Link, Row, Verdict

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
    blocks.append(_gradient(result))
    blocks.extend(_notes(result))
    return Document(tuple(blocks))


def quiet(result: Comparison) -> str:
    """The numbers alone, one a line: the true derivative; without a point, the closed forms."""
    if result.at is None:
        return "".join(f"{row.formula or ''}\n" for row in result.gradient.values())
    return "".join(f"{_repr(row.symbolic, 'nan')}\n" for row in result.gradient.values())


def derivative_name(function: str, variable: str, order: int, partial: bool) -> str:
    """`df/dx`, `∂f/∂x`, `d²f/dx²`: as it is written on paper."""
    sign = "∂" if partial else "d"
    power = "" if order == 1 else str(order).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{sign}{power}{function}/{sign}{variable}{power}"


def _head(result: Comparison) -> Facts:
    pairs = [(_function(result), " ".join(result.expression.split()))]
    if result.reading is not None:
        pairs.append(("read as", result.reading))
    if result.at is not None:
        pairs.extend((name, repr(value)) for name, value in result.at.items())
        pairs.append(("value", "undefined" if result.value is None else repr(result.value)))
    return Facts(tuple(pairs))


def _function(result: Comparison) -> str:
    """A name for the function that is none of its variables'."""
    taken = {*result.gradient, *(result.at or {}), *(link.of for link in result.chain)}
    return next(name for name in ("f", "g", "h", "F", "result") if name not in taken or name == "result")


def _names(result: Comparison) -> dict[str, str]:
    function = result.chain[-1].of if result.chain else _function(result)
    return {name: derivative_name(function, name, result.order, len(result.gradient) > 1) for name in result.gradient}


def _gradient(result: Comparison) -> Block:
    names = _names(result)
    if not result.gradient:
        return Note("there is no variable to derive by")
    if result.at is None:
        return Facts(tuple((names[row.name], row.formula or f"({row.note})") for row in result.gradient.values()))
    columns = ("", "closed form", "true value", f"autograd ({result.dtype})", "distance", "verdict")
    rows = tuple(
        (
            names[row.name],
            row.formula or "-",
            _true(row),
            _repr(row.autograd, "-"),
            "-" if row.ulps is None else f"{row.ulps:g} ulp",
            _verdict(row),
        )
        for row in result.gradient.values()
    )
    tones = tuple(GOOD if row.verdict is Verdict.AGREE else BAD for row in result.gradient.values())
    return Table(columns, rows, tones)


def _true(row: Row) -> str:
    """The true derivative; where there is none, the two one-sided ones."""
    if row.symbolic is not None:
        return repr(row.symbolic)
    if row.left is not None and row.right is not None:
        return f"left {row.left!r}, right {row.right!r}"
    return "none"


def _verdict(row: Row) -> str:
    if row.verdict is None:
        return "-"
    return WORDS[row.verdict] + (f" ({row.reason})" if row.reason else "")


def _repr(value: float | None, missing: str) -> str:
    return missing if value is None else repr(value)


def _notes(result: Comparison) -> list[Note]:
    """A sentence for each row that needs one; the same sentence once, for all the variables that it is about."""
    about: dict[tuple[str, bool], list[str]] = {}
    for row in result.gradient.values():
        if row.explanation is not None:
            about.setdefault((row.explanation, row.verdict is Verdict.AGREE), []).append(row.name)
        if row.note is not None and result.at is not None:
            about.setdefault((row.note, True), []).append(row.name)
    several = len(result.gradient) > 1
    return [
        Note(f"{', '.join(names)}: {text}" if several else text, GOOD if fine else BAD)
        for (text, fine), names in about.items()
    ]


def _chain(result: Comparison) -> Facts:
    """The links of the chain rule, and for each variable the products that add up to its derivative."""
    links = {(link.of, link.by): link for link in result.chain}
    pairs = [(f"d{of}/d{by}", _with_number(link)) for (of, by), link in links.items()]
    uses: dict[str, list[str]] = {}
    for of, by in links:
        uses.setdefault(of, []).append(by)
    end = result.chain[-1].of
    for variable in result.gradient:
        ways = [list(pairwise(path)) for path in paths(uses, end, variable)]
        if any(len(way) > 1 for way in ways):
            pairs.append((f"d{end}/d{variable}", _products(ways, links) + _sum(result.gradient[variable])))
    return Facts(tuple(pairs), "chain rule")


def _sum(row: Row) -> str:
    """The derivative that the products come to, where it is a number."""
    return "" if row.symbolic is None else f" = {row.symbolic:.6g}"


def _with_number(link: Link) -> str:
    return link.formula if link.value is None else f"{link.formula} = {link.value:.6g}"


def _products(ways: Sequence[Sequence[tuple[str, str]]], links: dict[tuple[str, str], Link]) -> str:
    """`du/dz · dz/dy = e**z · cos(y) = 1.51 · -0.911`: names, formulas, numbers; the sum over every way."""
    shown = ways[:MOST_PATHS]
    parts = [" + ".join(" · ".join(f"d{of}/d{by}" for of, by in way) for way in shown)]
    parts.append(" + ".join(" · ".join(_factor(links[pair].formula) for pair in way) for way in shown))
    values = [[links[pair].value for pair in way] for way in shown]
    if all(value is not None for way in values for value in way):
        parts.append(" + ".join(" · ".join(f"{value:.6g}" for value in way) for way in values))
    more = " + …" if len(ways) > MOST_PATHS else ""
    return f"{more} = ".join(parts) + more


def _factor(formula: str) -> str:
    return f"({formula})" if " + " in formula or " - " in formula or formula.startswith("-") else formula
