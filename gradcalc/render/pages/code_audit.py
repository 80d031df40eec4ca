"""The audit of a PyTorch function: for people, and as bare words."""

from __future__ import annotations

import math

from gradcalc.answers.audit.code import CodeAudit, Component, Finding
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.json import plain

record = plain
MOST_ROWS = 12
STRAIGHT = "where the values do not change at all, a slope is right only as a straight-through estimator"
NAN = "autograd has no number: often a where() whose branch that is not taken has none"
SENTENCES = {
    Finding.UNDECIDED: "the values near this point do not settle on a slope: the domain may end here",
    Finding.FLAT: "the function moves in steps: its gradient is 0 wherever it has one, and no training will move it",
    Finding.KINK: "the slopes on the left and on the right differ: there is no derivative, only autograd's convention",
    Finding.JUMP: "the value itself jumps here",
    Finding.DISAGREE: "the values say otherwise: backward() is wrong, or a part is cut off from the graph",
}


def document(result: CodeAudit) -> Document:
    """What autograd says, what the values say, and the worst component."""
    ordered = sorted(result.components, key=lambda one: one is not result.worst and one.finding is Finding.AGREE)
    shown = ordered[:MOST_ROWS]
    columns = ("component", f"autograd ({result.dtype})", "from values", "uncertain by", "finding")
    tones = tuple(GOOD if one.finding is Finding.AGREE else BAD for one in shown)
    agreeing = sum(one.finding is Finding.AGREE for one in result.components)
    blocks: list[Block] = [
        Facts((("audited", result.target), ("worst", f"{_name(result.worst)}, {result.worst.finding}"))),
        Table(columns, tuple(map(_line, shown)), tones),
    ]
    met = {one.finding for one in shown}
    blocks.extend(Note(sentence, BAD) for kind, sentence in SENTENCES.items() if kind in met)
    if any(one.finding is Finding.DISAGREE and one.numeric == 0 and math.isfinite(one.autograd) for one in shown):
        blocks.append(Note(STRAIGHT, BAD))
    if any(math.isnan(one.autograd) for one in shown):
        blocks.append(Note(NAN, BAD))
    blocks.append(Note(f"{agreeing} of {len(result.components)} components agree{_sampled(result)}{_shown(result)}"))
    if result.contracted:
        blocks.append(Note("the result is an array: a sum of its elements with fixed weights was derived"))
    return Document(tuple(blocks))


def _sampled(result: CodeAudit) -> str:
    looked, total = len(result.components), result.total
    return "" if looked == total else f"; a sample, of {total:,} components in all"


def _shown(result: CodeAudit) -> str:
    more = len(result.components) - MOST_ROWS
    return f"; {MOST_ROWS} are shown, {more} more are in --json" if more > 0 else ""


def _line(one: Component) -> tuple[str, ...]:
    sides = "" if one.left is None or one.right is None else f": {one.left:.6g} left, {one.right:.6g} right"
    return _name(one), f"{one.autograd:.10g}", f"{one.numeric:.10g}", f"{one.uncertainty:.0e}", one.finding + sides


def _name(one: Component) -> str:
    """`x`, `x[2]`, `lin.weight[1,3]`; from 1, as in expressions."""
    return f"{one.variable}[{','.join(map(str, one.index))}]" if one.index else one.variable


def quiet(result: CodeAudit) -> str:
    """The finding for each component, a line each."""
    return "".join(f"{_name(one)} {one.finding}\n" for one in result.components)
