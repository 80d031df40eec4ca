"""A document as plain text, for pipes and files: no colour, no box lines, nothing cut by the width."""

from __future__ import annotations

from collections.abc import Sequence

from gradcalc.render.document import Block, Branch, Document, Facts, Grid, Note, Source, Table, Tree, Verbatim
from gradcalc.render.grid import WIDEST, lines_of
from gradcalc.render.width import width


def render(document: Document) -> str:
    """The text of a document; blocks are separated by empty lines."""
    return "\n\n".join(_block(block) for block in document.blocks) + "\n"


def _block(block: Block) -> str:
    match block:
        case Facts(pairs, title):
            lines = [f"{label} = {value}" for label, value in pairs]
        case Table(columns, rows, _, title):
            lines = aligned([columns, *rows])
        case Grid(title=title):
            lines = lines_of(block, WIDEST)
        case Verbatim(text, title):
            lines = text.rstrip("\n").split("\n")
        case Source():
            return block.drawn
        case Tree(root, title):
            lines = drawn(root)
        case Note(text):
            return text
    return "\n".join([title, *lines] if title else lines)


def drawn(branch: Branch) -> list[str]:
    """The lines of a tree; trees are not deep."""
    lines = [branch.text] if branch.above is None else [branch.above, branch.text]
    for index, child in enumerate(branch.branches):
        first, rest = ("└── ", "    ") if index == len(branch.branches) - 1 else ("├── ", "│   ")
        head, *tail = drawn(child)
        lines.extend([first + head, *(rest + line for line in tail)])
    return lines


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines whose columns stand below each other, two spaces apart."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    padded = (
        "  ".join(cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=True)) for row in rows
    )
    return [line.rstrip() for line in padded]
