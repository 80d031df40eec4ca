"""A document in a terminal, by rich: tables, colour, lines that fit the width."""

from __future__ import annotations

import dataclasses
import io
import shutil
from typing import Any

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree as Guides

from gradcalc.render.colour import BLUE, GREEN, GREY, RED
from gradcalc.render.document import (
    BAD,
    GOOD,
    PLAIN,
    Block,
    Branch,
    Document,
    Facts,
    Note,
    Source,
    Table,
    Tree,
    Verbatim,
)
from gradcalc.render.document import Grid as Matrix
from gradcalc.render.grid import lines_of
from gradcalc.render.wrapped import broken

GAP = 2  # columns between the columns of a table
INDENT = 2  # of what stands below a title
DEEPER = 5  # columns that what goes on of a formula is moved to the right
GUIDE = 4  # columns that a branch is moved to the right
ROOM = 20  # columns that a text needs at least; where there are fewer, the terminal breaks its lines itself
PAGE = 80  # columns of what Python prints
WIDEST = 100  # a wider table breaks its cells; in a narrower one only the last column, of words, may be broken
STYLES = {GOOD: f"color({GREEN})", BAD: f"bold color({RED})", PLAIN: ""}


def uncoloured(document: Document) -> str:
    """The text of a document without any codes: nothing is dim or bold either."""
    return render(document, coloured=False)


def printed(document: Document) -> str:
    """The text of a document for `print`: as wide as a page, however wide the terminal is, and nothing behind it."""
    lines = render(document, coloured=False, columns=PAGE).splitlines()
    return "\n".join(line.rstrip() for line in lines)


def render(document: Document, *, coloured: bool = True, columns: int | None = None) -> str:
    """The text of a document, with the terminal's codes for colour; as wide as the terminal unless told."""
    console = Console(
        file=io.StringIO(),
        force_terminal=True,
        force_jupyter=False,  # there it would show the text itself, and write none
        no_color=False,  # the caller has looked at the environment
        color_system="256" if coloured else None,
        width=columns or max(_columns(), ROOM),
        highlight=False,
    )
    blocks = [part for block in document.blocks for part in _fitting(block, console.width)]
    for index, block in enumerate(blocks):
        if index:
            console.print()
        if isinstance(block, Facts) and not _has_room(block, console.width):
            console.print(_lines(block), soft_wrap=True)
        elif isinstance(block, Source) or (isinstance(block, Verbatim) and not block.formulas):
            console.print(_untouched(block), soft_wrap=True)
        else:
            console.print(_block(block, console.width), width=_width(block, console.width), crop=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _columns() -> int:
    """How wide the terminal is, by COLUMNS or by its own word; 80 where either is nothing, or no number."""
    return shutil.get_terminal_size().columns


def _fitting(block: Block, width: int) -> list[Block]:
    """The block; a table too wide for the terminal as two, its long column as lines of its own before it.

    Where that is too wide as well, every row is a list of its own.
    """
    if not isinstance(block, Table) or natural_width(block) + (INDENT if block.title else 0) <= width:
        return [block]
    if block.narrow:
        return [Verbatim("\n".join(block.narrow))]
    parts = [block] if block.spill is None else _spilt(block, block.spill)
    fits = _least_width(parts[-1]) + (INDENT if block.title else 0) <= width
    return [*parts] if fits else _stacked(block)


def _spilt(table: Table, column: int) -> list[Any]:
    """A column of a table as facts, and the table without it."""
    narrow, *rows = [row[:column] + row[column + 1 :] for row in (table.columns, *table.rows)]
    lines = Facts(tuple((row[0], row[column]) for row in table.rows))
    return [lines, dataclasses.replace(table, columns=narrow, rows=tuple(rows), spill=None)]


def natural_width(table: Table) -> int:
    """How wide a table is when no cell is broken."""
    columns = zip(table.columns, *table.rows, strict=True)
    return sum(max(map(cell_len, column)) + GAP for column in columns) - GAP


def _least_width(table: Table) -> int:
    """How wide a table is at least: heads and the last column give way, and all columns where it is a wide one."""
    gives_way = natural_width(table) > WIDEST
    *firm, last = zip(table.columns, *table.rows, strict=True)
    words = max(cell_len(word) for text in last for word in text.split() or [""])
    widths = [max(map(cell_len, [*head.split(), *cells]), default=0) for head, *cells in firm]
    return sum(min(width, ROOM if gives_way else width) + GAP for width in widths) + min(words, ROOM)


def _stacked(table: Table) -> list[Block]:
    """Each row as a list of what stands in which column, under its own name."""
    lists: list[Block] = [Note(table.title)] if table.title else []
    first, *heads = table.columns
    for name, *cells in table.rows:
        pairs = [(head, cell) for head, cell in zip(heads, cells, strict=True) if cell.strip()]
        title = ": ".join([f"{first} = {name}" if first else name, *(cell for head, cell in pairs if not head)])
        lists.append(Facts(tuple(pair for pair in pairs if pair[0]), title))
    return lists


def _has_room(facts: Facts, width: int) -> bool:
    """Is the terminal wide enough for values beside their labels?"""
    labels = max((cell_len(label) for label, _ in facts.pairs), default=0)
    return width - labels - len(" = ") - (INDENT if facts.title else 0) >= ROOM


def _lines(facts: Facts) -> Text:
    """Facts as lines of any length."""
    indent = " " * INDENT if facts.title else ""
    lines = [Text.assemble(indent, (label, "bold"), f" = {value}") for label, value in facts.pairs]
    return Text("\n").join([Text(facts.title, "bold"), *lines] if facts.title else lines)


def _untouched(block: Source | Verbatim) -> Text:
    """Lines that are never broken: a comment of a program that went on in the next line would be no comment."""
    if isinstance(block, Source):
        return Text(block.drawn)
    indent = " " * INDENT if block.title else ""
    lines = [Text(f"{indent}{line}".rstrip()) for line in block.text.rstrip("\n").split("\n")]
    return Text("\n").join([Text(block.title, "bold"), *lines] if block.title else lines)


def _width(block: Block, width: int) -> int:
    """The columns that a block is drawn in: those of the terminal, but for a tree too deep for it."""
    return max(width, GUIDE * _depth(block.root) + ROOM) if isinstance(block, Tree) else width


def _depth(branch: Branch) -> int:
    """How many branches hang below each other, this one not counted."""
    return max((1 + _depth(one) for one in branch.branches), default=0)


def _block(block: Block, width: int) -> RenderableType:
    match block:
        case Facts(pairs, title):
            grid = Grid.grid(padding=(0, 1))
            grid.add_column()
            grid.add_column()
            grid.add_column(overflow="fold")
            for label, value in pairs:
                grid.add_row(Text(label, "bold"), Text("="), Text(value))
            return _titled(title, grid)
        case Table():
            return _titled(block.title, _grid(block, narrow=natural_width(block) > width))
        case Matrix(title=title):
            return _titled(title, Text("\n".join(lines_of(block, width - INDENT))))
        case Source() | Verbatim(formulas=False):
            return _untouched(block)
        case Verbatim(text, title):
            return _titled(title, Text(_hanging(text.rstrip("\n"), width - (INDENT if title else 0))))
        case Tree(root, title):
            return _titled(title, _grown(Guides(_label(root), guide_style=f"color({GREY})"), root))
        case Note(text, tone):
            return Text(text, STYLES[tone])


def _hanging(text: str, width: int) -> str:
    """Lines of formulas, those too wide for the terminal broken where they hang together least."""
    found = []
    for line in text.split("\n"):
        margin = " " * (len(line) - len(line.lstrip()) + DEEPER)
        found += broken(line, width, margin)
    return "\n".join(found)


def _grid(table: Table, *, narrow: bool) -> Grid:
    """The table; where the terminal is too narrow for it, heads wider than their columns have a line for each word."""
    grid = Grid(box=None, padding=(0, GAP, 0, 0), header_style=f"color({GREY})", show_edge=False, pad_edge=False)
    for index, column in enumerate(table.columns):
        words = index == len(table.columns) - 1 or natural_width(table) > WIDEST
        widest = max((cell_len(row[index]) for row in table.rows), default=0)
        head = column.replace(" ", "\n") if narrow and cell_len(column) > widest else column
        grid.add_column(Text(head), overflow="fold", no_wrap=not words)
    tones = table.tones or (PLAIN,) * len(table.rows)
    for row, tone in zip(table.rows, tones, strict=True):
        *cells, last = row
        grid.add_row(*map(Text, cells), Text(last, STYLES[tone]))
    return grid


def _label(branch: Branch) -> Text:
    line = Text(branch.text, STYLES[branch.tone] or "bold")
    return line if branch.above is None else Text.assemble((branch.above, f"color({BLUE})"), "\n", line)


def _grown(guides: Guides, branch: Branch) -> Guides:
    """The drawing with everything that hangs on a branch; trees are not deep."""
    for child in branch.branches:
        _grown(guides.add(_label(child)), child)
    return guides


def _titled(title: str | None, body: RenderableType) -> RenderableType:
    return Group(Text(title, "bold"), Padding(body, (0, 0, 0, INDENT))) if title else body
